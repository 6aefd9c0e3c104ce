// The arrival script: determines which of the site's channels a visitor came from, and writes it into the lead tags of
// the page's links and forms. `arrival.rs` writes the arguments:
//
//   channels         each with the end of its summary, its parameters in links, and the CRM's name for it
//   sources          channels by source and medium
//   clicks           channels by click id or mark of an ad, empty for those without a channel
//   referrers        channels by host
//   base             the base path of the site
//   storage          the storage of touches: `sessionStorage`, `localStorage` or empty
//   requiresConsent  whether touches are stored only with consent
//
// A touch is the set of values of one arrival, by the names of the forms' fields. A touch replaces another as a whole.
((channels, sources, clicks, referrers, base, storage, requiresConsent) => {
  const page = document.currentScript.dataset;

  // The parameters of the address. URLSearchParams keeps broken `%` sequences as text. The first of duplicates counts.
  const parameters = (search, result = {}) => {
    new URLSearchParams(search).forEach((value, name) => (result[name.toLowerCase()] ??= value));
    return result;
  };
  const query = parameters(location.search);
  // A `+` in a click id is not a space. Click ids are passed on unchanged.
  const raw = parameters(location.search.replaceAll("+", "%2B"));
  const ad = Object.keys(clicks).find((name) => raw[name]) || "";
  // The marks of Google Ads are no click ids.
  const clickType = /gad/.test(ad) ? "" : ad;
  const within = location.origin + base;
  const isInternal = document.referrer.startsWith(within);
  const referrer = isInternal ? "" : document.referrer;
  const host = "." + referrer.split("/")[2];
  // The channel in the history entry if the page was shown before. A reload, a restored or duplicated tab and the way back
  // are no arrivals, and no arrival counts twice.
  let counted = history.state?.tagline;
  // A channel, or a lead tag that ends with one.
  const via = `${query.via || counted || "direct"}`.split("_").pop();
  const isUtm = (name) => name.startsWith("utm_");
  const arrival = { click_id: raw[clickType] || "", click_id_type: clickType, referrer };
  for (const name in query) if (isUtm(name)) arrival[name] = query[name];
  const hasSource = Object.keys(arrival).some(isUtm) || ad || via != "direct";
  arrival.channel =
    [
      page.channel,
      via,
      // Some mailers add their own parameters with a second `?`.
      sources[[query.utm_source, query.utm_medium].map((text) => text?.split("?")[0].trim().toLowerCase()).join("|")],
      clicks[ad],
      // An explicit source has priority over the referrer.
      !query.utm_source && referrers[Object.keys(referrers).find((known) => host.endsWith("." + known))],
    ].find((id) => id != "direct" && id in channels) || (hasSource || referrer ? "other" : "direct");
  arrival.crm_source = channels[arrival.channel][2];
  const first = { first_channel: arrival.channel };
  // After a link within the site, the first page is unknown if nothing was stored.
  if (!isInternal) {
    first.first_campaign = arrival.utm_campaign || page.campaign;
    first.first_page = location.origin + location.pathname;
  }

  // Missing, full, blocked or corrupt storage counts as empty. 7776e6 milliseconds are 90 days.
  const stored = () => {
    try {
      const saved = JSON.parse(self[storage].tagline);
      if (saved.last.channel in channels && Date.now() - saved.at < 7776e6) return saved;
    } catch {}
  };
  const save = (granted) => {
    const saved = granted && stored();
    try {
      // A direct visit, a link within the site and an unknown referrer never replace a known touch.
      const isWeak = isInternal || !(hasSource || channels[arrival.channel][1]);
      if (saved && (counted || arrival.channel == "direct" || (isWeak && saved.last.channel != "direct"))) return;
      counted = granted;
      delete self[storage].tagline;
      if (granted) self[storage].tagline = JSON.stringify({ first: saved?.first || first, last: arrival, at: Date.now() });
    } catch {}
  };
  // Channels whose pages are rendered separately. This page cannot show their offers.
  const isElsewhere = (id) => page.own?.split(" ").includes(id);
  let now, channel;

  // Elements remember their original values, because the channel may change while the page is open. A known channel has
  // priority over the channel that the page counts as, and that over `other`.
  const tagged = (tag) => tag.replace(channels[channel][1] ? /[^_]*$/ : /(?<=_)direct$/, channel);
  const link = (element) => {
    const [tag, href] = (element.built ??= [element.dataset.leadTag, element.getAttribute("href")]);
    const code = parameters(element.dataset.codes)[channel];
    // The link of an ended offer has no address.
    if (tag && element.href) {
      element.dataset.leadTag = tagged(tag);
      element.href =
        element.getAttribute("data-href-" + channel) ||
        href
          .replaceAll(tag, tagged(tag))
          .replace(/(utm_(source|medium)=[^&]*&)*(?=utm_campaign)/, (own) => channels[channel][1] || own);
      if (code) element.href = element.href.slice(0, -10) + code;
    } else if (!tag && code) element.textContent = code;
  };

  // Lead forms have the field `lead_tag`. Other forms remain unchanged.
  const fill = (form) => {
    const fields = {};
    form.querySelectorAll("[type=hidden]").forEach((input) => (fields[input.dataset.field || input.name] = input));
    const values = { ...stored()?.first, ...now };
    for (const name in fields.lead_tag && fields) {
      const input = fields[name];
      const built = (input.built ??= input.value);
      values.lead_tag = tagged(built);
      values.lead_summary = built.replace(/, direct$/, channels[channel][0]);
      // If the visitor arrived with `utm_*` parameters, they replace all of the page's own. The limit counts characters.
      const value = values[name] ?? (isUtm(name) && Object.keys(now).some(isUtm) ? "" : built);
      // Firefox restores a set `value` after a reload, before this script runs. An attribute stays as it was built.
      input.setAttribute("value", [...("" + value)].slice(0, form.dataset.cap || 512).join(""));
    }
  };

  const show = () => {
    // The current touch: on a channel page only one of that channel, elsewhere the last one.
    const last = stored()?.last;
    now = last && (page.channel ? last.channel == page.channel : !isElsewhere(last.channel)) ? last : arrival;
    channel = now.channel;
    document.querySelectorAll("[data-lead-tag],[data-codes]").forEach(link);
    document.querySelectorAll("form").forEach((form) => {
      // Forms of third parties can contain anything, such as an input named `querySelectorAll`.
      try {
        fill(form);
      } catch {}
    });
    // The history entry keeps the channel for reloads and for links to an anchor of the page. If it is stored, `direct`
    // only says that the page was shown.
    const url = new URL(location);
    if (query.via) url.searchParams.delete("via");
    history.replaceState({ ...history.state, tagline: last ? "direct" : channel }, "", url);
  };

  // A clicked link within the site passes the channel on, because a new tab has its own session storage.
  const follow = (event) => {
    const followed = event.target.closest?.("a[href]");
    if (!followed?.origin) return;
    show();
    const before = followed.getAttribute("href");
    if (!followed.href.startsWith(within) || channel == "direct" || /^#|\bvia=/.test(before)) return;
    followed.search += "&via=" + channel;
    // The channel is removed again, so that a link copied later does not contain it.
    setTimeout(() => (followed.href = before));
  };

  const granted = !requiresConsent || self.tagline?.consent === true || !!stored();
  save(granted);
  const last = (stored()?.last || arrival).channel;
  if (isElsewhere(last)) location.replace("via/" + last + "/" + location.search + location.hash);
  self.tagline = {
    granted,
    consent: (granted) => (save(granted === true), show()),
  };
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);
  addEventListener("submit", show, true);
  addEventListener("pageshow", show, true);
  addEventListener("hashchange", show, true);
  show();
});
