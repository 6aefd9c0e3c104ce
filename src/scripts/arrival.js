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
  const within = location.origin + base;
  const isInternal = document.referrer.startsWith(within);
  const referrer = isInternal ? "" : document.referrer;
  const host = "." + referrer.split("/")[2];
  // A channel, or the lead tag that it is the end of.
  const via = `${asked.via || history.state?.tagline || "direct"}`.split("_").pop();
  const isUtm = (name) => /^utm_/.test(name);
  const arrival = { click_id: exact[clickType] || "", click_id_type: clickType, referrer };
  for (const name in asked) if (isUtm(name)) arrival[name] = asked[name];
  const says = Object.keys(arrival).some(isUtm) || clickType || via != "direct";
  arrival.channel =
    [
      page.channel,
      via,
      sources[[asked.utm_source, asked.utm_medium].map((text = "") => text.trim().toLowerCase()).join("|")],
      clicks[clickType],
      // Whoever says where a visitor comes from is not corrected by what the visitor came through.
      !asked.utm_source && referrers[Object.keys(referrers).find((known) => host.endsWith("." + known))],
    ].find((id) => id != "direct" && id in channels) || (says || referrer ? "other" : "direct");
  arrival.crm_source = channels[arrival.channel][2];
  const first = { first_channel: arrival.channel };
  // Who was here before, when nothing could be kept, did not begin on this page.
  if (!isInternal) {
    first.first_campaign = arrival.utm_campaign || page.campaign;
    first.first_page = location.origin + location.pathname;
  }

  // Storage that is missing, full, blocked or corrupt means none. 7776e6 milliseconds are 90 days.
  const stored = () => {
    try {
      const kept = JSON.parse(self[storage].tagline);
      return kept.last.channel in channels && Date.now() - kept.at < 7776e6 && kept;
    } catch {}
  };
  const settle = (granted) => {
    const kept = granted && stored();
    try {
      // A direct visit, a link within the site and a page that nobody knows never replace a known touch.
      const isWeak = isInternal || !(says || channels[arrival.channel][1]);
      if (kept && (arrival.channel == "direct" || (isWeak && kept.last.channel != "direct"))) return;
      delete self[storage].tagline;
      if (granted) self[storage].tagline = JSON.stringify({ first: kept?.first || first, last: arrival, at: Date.now() });
    } catch {}
  };
  // Channels with a page of their own, which this page cannot speak for.
  const isElsewhere = (id) => page.own?.split(" ").includes(id);
  let now, channel;

  // How things were built stays with them, since the channel may change while the page is open. What a page counts as
  // goes before `other`, and a known channel before that.
  const tagged = (tag) => tag.replace(channels[channel][1] ? /[^_]*$/ : /(?<=_)direct$/, channel);
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
          .replace(/(utm_(source|medium)=[^&]*&)*(?=utm_campaign)/, (own) => channels[channel][1] || own);
      if (code) element.href = element.href.slice(0, -10) + code;
    } else if (!tag && code) element.textContent = code;
  };

  // Lead forms have our field `lead_tag`; no other form is touched.
  const fill = (form) => {
    const fields = {};
    form.querySelectorAll("[type=hidden]").forEach((input) => (fields[input.dataset.field || input.name] = input));
    const values = { ...stored()?.first, ...now };
    for (const name in fields.lead_tag && fields) {
      const input = fields[name];
      const built = (input.built ??= input.value);
      values.lead_tag = tagged(built);
      values.lead_summary = built.replace(/, direct$/, channels[channel][0]);
      // Of a channel page's own parameters none stays beside those that arrived. The longest value is in characters.
      const value = values[name] ?? (isUtm(name) && Object.keys(now).some(isUtm) ? "" : built);
      input.value = [...`${value}`].slice(0, form.dataset.cap || 512).join("");
    }
  };

  const show = () => {
    // What counts now: on a channel page its own channel, else that of the last touch.
    const last = stored()?.last;
    now = last && (page.channel ? last.channel == page.channel : !isElsewhere(last.channel)) ? last : arrival;
    channel = now.channel;
    document.querySelectorAll("[data-lead-tag],[data-codes]").forEach(link);
    document.querySelectorAll("form").forEach((form) => {
      // Of other people's forms nothing is certain: an input may be called `querySelectorAll`.
      try {
        fill(form);
      } catch {}
    });
    // A page that is loaded again still knows, also where a link has led down on it.
    const url = new URL(location);
    if (asked.via) url.searchParams.delete("via");
    history.replaceState({ ...history.state, tagline: !last && channel }, "", url);
  };

  // A link that is followed takes the channel along, whatever keeps it: a tab of its own has a session of its own.
  const follow = ({ target }) => {
    const followed = target.closest?.("a[href]");
    if (!followed?.origin) return;
    show();
    const before = followed.getAttribute("href");
    const isWithin = followed.href.startsWith(within) && before[0] != "#";
    if (!isWithin || channel == "direct" || /[?&]via=/.test(before)) return;
    followed.search += "&via=" + channel;
    // A link that is copied later has no channel in it.
    setTimeout(() => (followed.href = before));
  };

  const granted = !requiresConsent || self.tagline?.consent === true || !!stored();
  settle(granted);
  const last = (stored()?.last || arrival).channel;
  if (isElsewhere(last)) location.replace("via/" + last + "/" + location.search + location.hash);
  self.tagline = {
    granted,
    consent: (granted) => {
      settle(granted === true);
      show();
    },
  };
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);
  addEventListener("submit", show, true);
  addEventListener("pageshow", show);
  addEventListener("hashchange", show);
  show();
});
