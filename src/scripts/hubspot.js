// Sends a form to HubSpot as JSON, to the form's `data-url`. `send.js` receives this function in `others`.
(form, _, { post }) => {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    // An empty value would overwrite a contact's data. `hs_context` is for forms that are sent without a script.
    if (!value || name == "hs_context") continue;
    // HubSpot separates several answers by semicolons.
    values.set(name, values.has(name) ? values.get(name) + ";" + value : value);
  }
  const fields = Array.from(values, ([name, value]) => ({ objectTypeId: "0-1", name, value }));

  const context = {
    hutk: document.cookie.match(/(?:^|; )hubspotutk=([^;]+)/)?.[1],
    pageUri: location.href,
    pageName: document.title,
  };

  const consents = [...form.querySelectorAll("[data-consent]")];
  /** The sentence beside a checkbox. */
  const text = (consent) => {
    const label = consent.labels[0]?.cloneNode(true);
    label?.querySelector(".optional")?.remove();
    return label?.textContent.trim();
  };
  /** What a visitor has agreed to. */
  const agreed = () => {
    const required = consents.filter((consent) => consent.required);
    const toProcess = required.length ? required : consents;
    const communications = consents
      .filter((consent) => consent.dataset.subscription)
      .map((consent) => ({
        value: consent.checked,
        subscriptionTypeId: +consent.dataset.subscription,
        text: text(consent),
      }));
    const consentToProcess = toProcess.every((consent) => consent.checked);
    return { consent: { consentToProcess, text: toProcess.map(text).join(" "), communications } };
  };

  const body = JSON.stringify({ fields, context, legalConsentOptions: consents.length ? agreed() : undefined });
  return post(form, form.dataset.url, { headers: { "content-type": "application/json" }, body });
};
