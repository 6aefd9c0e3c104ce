// Loads the site's analytics, if required only after consent, and reports each sent lead. The destination of a form
// redirects to the thank-you page with the lead tag after a `#`. This script runs after the arrival script and uses its
// global `tagline`. `gtm` is the id of a container, `ga4` that of a data stream, `plausible` the domain of a site,
// `matomo` the address of Matomo and `number` its number of the site. `requiresConsent` is true if
// analytics wait for consent.
(({ gtm, ga4, plausible, matomo, number, requiresConsent }) => {
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
  // Google reads commands from the object `arguments`, and skips arrays.
  function google() {
    (self.dataLayer ||= []).push(arguments);
  }
  // Google's consent mode, version 2.
  const allow = (command, answer) =>
    google("consent", command, { ad_storage: answer, ad_user_data: answer, ad_personalization: answer, analytics_storage: answer });
  let isLoaded = false;
  const measure = () => {
    if (isLoaded) return;
    isLoaded = true;
    if (requiresConsent && (gtm || ga4)) {
      allow("default", "denied");
      allow("update", "granted");
    }
    if (gtm) {
      const layer = (self.dataLayer ||= []);
      layer.push({ "gtm.start": Date.now(), event: "gtm.js" });
      for (const lead of events) layer.push({ event: "tagline_lead", ...lead });
      load("https://www.googletagmanager.com/gtm.js?id=" + gtm);
    }
    if (ga4) {
      google("js", new Date());
      google("config", ga4);
      // In GA4 `campaign` is the source of a visit, so the parameters have names of their own.
      for (const { lead_tag, campaign, cta, channel } of events)
        google("event", "generate_lead", { lead_tag, lead_campaign: campaign, lead_cta: cta, lead_channel: channel });
      load("https://www.googletagmanager.com/gtag/js?id=" + ga4);
    }
    if (plausible) {
      self.plausible ||= (...call) => (self.plausible.q ||= []).push(call);
      for (const props of events) self.plausible("tagline_lead", { props });
      load("https://plausible.io/js/script.js", plausible);
    }
    if (matomo) {
      const queue = (self._paq ||= []);
      queue.push(["setTrackerUrl", matomo + "matomo.php"], ["setSiteId", number], ["trackPageView"], ["enableLinkTracking"]);
      for (const { lead_tag, campaign, cta } of events) queue.push(["trackEvent", "tagline_lead", campaign + "/" + cta, lead_tag]);
      load(matomo + "matomo.js");
    }
  };
  // After a refusal, the cookies of Google and Matomo go: those of this host and of the domains above it.
  const forget = () => {
    for (const name of document.cookie.match(/\b(_ga|_gcl|_gid|_pk_|mtm_)[^=;]*/g) || [])
      for (let host = location.hostname; host; host = host.split(".").slice(1).join("."))
        for (const domain of ["", ";domain=" + host]) document.cookie = name + "=;max-age=0;path=/" + domain;
  };
  const { consent, granted } = self.tagline;
  self.tagline.consent = (answer) => {
    consent(answer);
    if (answer === true) return measure();
    if (isLoaded && (gtm || ga4)) allow("update", "denied");
    forget();
  };
  // A page that is rendered in advance may never be seen.
  if (granted && document.prerendering) document.addEventListener("prerenderingchange", measure);
  else if (granted) measure();
});
