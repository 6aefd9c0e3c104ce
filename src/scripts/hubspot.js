// Sends a form to HubSpot as JSON, to the form's `data-url`. `send.js` receives this function in `others`.
(form, _, { post, field }) => {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    // An empty value would overwrite a contact's data. `hs_context` is for forms that are sent without a script.
    if (value && name != "hs_context") fields.push({ objectTypeId: "0-1", name, value });
  }

  const context = {
    hutk: document.cookie.match(/(?:^|; )hubspotutk=([^;]+)/)?.[1],
    pageUri: location.href,
    pageName: document.title,
  };

  /** What a visitor has agreed to. */
  const agreed = (consent) => {
    const text = consent.labels[0]?.textContent.trim();
    const subscriptionTypeId = +form.dataset.subscription;
    const communications = subscriptionTypeId ? [{ value: consent.checked, subscriptionTypeId, text }] : [];
    return { consent: { consentToProcess: consent.checked, text, communications } };
  };

  const consent = field(form, "consent");
  const body = JSON.stringify({ fields, context, legalConsentOptions: consent ? agreed(consent) : undefined });
  return post(form, form.dataset.url, { headers: { "content-type": "application/json" }, body });
};
