// Loads the site's analytics, if required only after consent, and reports each sent lead. The destination of a form
// redirects to the thank-you page with the lead tag after a `#`. This script runs after the arrival script and uses its
// global `tagline`. `gtm` is the id of a container, `plausible` the domain of a site.
(({ gtm, plausible }) => {
  const { thanks } = document.currentScript.dataset;
  const events = [];
  const sent = location.hash.slice(1);
  if (thanks && sent.startsWith(thanks + "_") && /^[a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+$/.test(sent)) {
    const [campaign, cta, channel] = sent.split("_");
    events.push({ lead_tag: sent, campaign, cta, channel });
    // A reload is not a second lead.
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  addEventListener("formdata", ({ target, formData }) => {
    const field = (name) => Element.prototype.querySelector.call(target, `[data-field=${name}],[name=${name}]:not([data-field])`);
    const [tag, redirect] = [field("lead_tag"), field("redirect")];
    if (!tag || !redirect) return;
    // An attribute, because Firefox would restore a set `value` after a reload.
    redirect.setAttribute("value", redirect.value.split("#")[0] + "#" + tag.value);
    if (redirect.name) formData.set(redirect.name, redirect.value);
  });

  const load = (src, domain) => {
    const script = document.createElement("script");
    if (domain) script.dataset.domain = domain;
    script.defer = true;
    script.src = src;
    document.head.append(script);
  };
  let isLoaded = false;
  const measure = () => {
    if (isLoaded) return;
    isLoaded = true;
    if (gtm) {
      const layer = (self.dataLayer ||= []);
      layer.push({ "gtm.start": Date.now(), event: "gtm.js" });
      for (const lead of events) layer.push({ event: "tagline_lead", ...lead });
      load("https://www.googletagmanager.com/gtm.js?id=" + gtm);
    }
    if (plausible) {
      self.plausible ||= (...call) => (self.plausible.q ||= []).push(call);
      for (const props of events) self.plausible("tagline_lead", { props });
      load("https://plausible.io/js/script.js", plausible);
    }
  };
  const { consent, granted } = self.tagline;
  self.tagline.consent = (answer) => {
    consent(answer);
    if (answer === true) measure();
  };
  if (granted) measure();
});
