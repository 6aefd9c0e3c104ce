// Sends a form to HubSpot, which takes JSON at the form's `data-url`. One of the ways that `send.js` is given.
(form, _, { post, field }) => {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    // An empty value would overwrite what is known of a contact; `hs_context` is for forms without this script.
    if (value && name != "hs_context") fields.push({ objectTypeId: "0-1", name, value });
  }

  const context = {
    hutk: document.cookie.match(/(?:^|; )hubspotutk=([^;]+)/)?.[1],
    pageUri: location.href,
    pageName: document.title,
  };

  /** What a visitor has agreed to; none where the form asks for nothing. */
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
