// The arrival script: finds out which of the site's channels a visitor came from, and says so in the lead tags of the
// page's links and forms. What it is given is described in mod.rs, which writes it.
//
// A touch is one arrival's whole set of values, by the names of the forms' fields. It is replaced whole, never mixed.
((channels, sources, clicks, referrers, base, storage, requiresConsent) => {
  const page = document.currentScript.dataset;

  // What the address says. Broken `%` sequences are text to URLSearchParams; of duplicates the first counts.
  const parameters = (query, found = {}) => {
    new URLSearchParams(query).forEach((value, name) => (found[name.toLowerCase()] ??= value));
    return found;
  };
  const asked = parameters(location.search);
  // In a click id a `+` is no space: it arrives byte for byte.
  const exact = parameters(location.search.replaceAll("+", "%2B"));
  const clickType = Object.keys(clicks).find((name) => exact[name]) || "";
  const isInternal = document.referrer.startsWith(location.origin + "/");
  const referrer = isInternal ? "" : document.referrer;
  const host = "." + referrer.split("/")[2];
  // A channel, or the lead tag that it is the end of.
  const via = (asked.via ?? history.state?.tagline ?? "direct").split("_").pop();

  const arrival = { click_id: exact[clickType] || "", click_id_type: clickType, referrer };
  for (const name of ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"])
    arrival[name] = asked[name] || "";
  const says = via + Object.values(arrival).join("") != "direct";
  arrival.channel =
    [
      page.channel,
      via,
      sources[`${arrival.utm_source} ${arrival.utm_medium}`.toLowerCase().match(/\S+/g)?.join(" ")],
      clicks[clickType],
      // Whoever says where a visitor comes from is not corrected by what the visitor came through.
      !arrival.utm_source && referrers[Object.keys(referrers).find((known) => host.endsWith("." + known))],
    ].find((id) => id != "direct" && id in channels) || (says ? "other" : "direct");
  arrival.crm_source = channels[arrival.channel][2];
  const first = {
    first_channel: arrival.channel,
    first_campaign: arrival.utm_campaign || page.campaign,
    first_page: location.origin + location.pathname,
  };

  // Storage that is missing, full, blocked or corrupt means none. 7776e6 milliseconds are 90 days.
  const stored = () => {
    try {
      const kept = JSON.parse(self[storage].tagline);
      return kept.last.channel in channels && Date.now() - kept.at < 7776e6 && kept;
    } catch {}
  };
  // What counts now, and its channel: on a channel page its own, else that of the last touch.
  let now, channel;
  const look = () => {
    const last = stored()?.last;
    now = last && (page.channel || last.channel) == last.channel ? last : arrival;
    channel = now.channel;
  };
  const settle = (granted) => {
    const kept = granted && stored();
    try {
      // A direct visit and a link within the site never replace a known touch.
      if (kept && (arrival.channel == "direct" || (isInternal && kept.last.channel != "direct"))) return;
      delete self[storage].tagline;
      if (granted) self[storage].tagline = JSON.stringify({ first: kept?.first || first, last: arrival, at: Date.now() });
    } catch {}
  };

  // How things were built stays with them, since the channel may change while the page is open.
  const tagged = (tag) => (channel == "direct" ? tag : tag.replace(/[^_]*$/, channel));
  const link = (element) => {
    const [tag, href] = (element.built ??= [element.dataset.leadTag, element.getAttribute("href")]);
    const code = new URLSearchParams(element.dataset.codes).get(channel);
    // An offer that has ended has no address any more.
    if (tag && element.href) {
      element.dataset.leadTag = tagged(tag);
      element.href =
        element.getAttribute("data-href-" + channel) ||
        href
          .replaceAll(tag, tagged(tag))
          .replace(/(utm_(source|medium)=.*?&)*(?=utm_campaign)/, (own) => channels[channel][1] || own);
      if (code) element.href = element.href.slice(0, -10) + code;
    } else if (!tag && code) element.textContent = code;
  };

  // Lead forms have our field `lead_tag`; no other form is touched.
  const fill = (form, data) => {
    const set = (name, change) => {
      const input = form.querySelector(`[data-field=${name}],[name=${name}]:not([data-field])`);
      if (!input) return;
      input.built ??= input.value;
      // The longest value in characters.
      input.value = [...`${change(input.built) || input.built}`].slice(0, form.dataset.cap || 512).join("");
      if (input.name) data?.set(input.name, input.value);
      return input;
    };
    look();
    if (!set("lead_tag", tagged)) return;
    const values = { ...stored()?.first, ...now };
    for (const name in { ...first, ...arrival }) set(name, () => values[name]);
    set("lead_summary", (summary) => summary.replace(/, direct$/, channels[channel][0]));
  };

  const show = () => {
    look();
    document.querySelectorAll("[data-lead-tag],[data-codes]").forEach(link);
    document.querySelectorAll("form").forEach((form) => fill(form));
  };

  // A link that is followed takes the channel along where nothing else keeps it.
  const follow = ({ target, button, ctrlKey, metaKey }) => {
    const followed = target.closest?.("a[href]");
    if (!followed?.origin) return;
    look();
    link(followed);
    const before = followed.getAttribute("href");
    const url = new URL(followed);
    // A tab of its own has a session of its own.
    const isKept = stored() && !(button || ctrlKey || metaKey);
    const isWithin = followed.href.startsWith(location.origin + base) && before[0] != "#";
    if (isKept || !isWithin || channel == "direct" || url.searchParams.has("via")) return;
    url.searchParams.set("via", channel);
    followed.href = url;
    // A link that is copied later has no channel in it.
    setTimeout(() => (followed.href = before));
  };

  const granted = !requiresConsent || self.tagline?.consent || !!stored();
  settle(granted);
  look();
  if (asked.via) {
    const url = new URL(location);
    url.searchParams.delete("via");
    // A page that is loaded again still knows.
    history.replaceState({ tagline: via }, "", url);
  }
  if (page.own?.split(" ").includes(channel))
    location.replace("via/" + channel + "/" + location.search + location.hash);
  show();
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);
  addEventListener("formdata", ({ target, formData }) => fill(target, formData));
  addEventListener("pageshow", show);
  self.tagline = {
    granted,
    consent: (granted) => {
      settle(granted === true);
      show();
    },
  };
});
