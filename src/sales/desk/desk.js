// The search, the copy buttons and the keyboard shortcuts of the lead desk. Opening a card needs only desk.css.
// Not a module, so that it also runs from the file system.
"use strict";
(() => {
  const LEAD_TAG = /(?:^|[^\w-])([a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+)(?![\w-])/;
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const RESERVED_LABELS = { direct: "No known place", other: "A place that is on no channel" };
  const LIMITS = { campaigns: 6, leads: 18, content: 6, searched: 200 };

  const byId = (id) => document.getElementById(id);
  const [input, results, status, filter] = ["search", "results", "status", "filter"].map(byId);
  const data = window.deskData ?? JSON.parse(byId("desk_data")?.textContent ?? "null");
  const title = document.title;
  document.documentElement.classList.add("scripted");

  // The search index, in lower case. It has one text per campaign, so that a key stroke compares 10,000 texts and not 300,000.

  let preparedIndex;
  function searchIndex() {
    preparedIndex ??= {
      campaigns: data.campaigns.map((campaign) => {
        const own = [campaign.id, campaign.title, ...campaign.was].join("\n").toLowerCase();
        const rest = [...Object.values(campaign.labels), ...campaign.codes.map(([code]) => code), campaign.leads];
        return { campaign, own, all: [own, ...rest].join("\n").toLowerCase() };
      }),
      content: data.library.map((item) => ({
        item,
        all: [item.title, item.kind, item.campaign, item.summary, ...item.topics].join("\n").toLowerCase(),
      })),
      codes: new Map(
        data.campaigns.flatMap((campaign) =>
          campaign.codes.map(([code, channel]) => [code, { campaign, channel }]),
        ),
      ),
    };
    return preparedIndex;
  }

  const channelLabel = (id) => data.channels[id]?.label ?? RESERVED_LABELS[id] ?? id;

  const findCampaign = (id) => data.campaigns.find((one) => one.id === id || one.was.includes(id));

  /** Returns the lead tags of a campaign that match, up to a limit. */
  function leadsOf(campaign, matches = () => true, limit = Infinity) {
    const leads = [];
    for (const line of campaign.leads.split("\n").filter(Boolean)) {
      const [name, ...offers] = line.split("\t");
      const tag = name.replace(/^-/, "");
      const [, cta, channel] = tag.split("_");
      const lead = { campaign, tag, cta, channel, offers, isClosed: name !== tag, label: campaign.labels[cta] ?? cta };
      if (matches(lead) && leads.push(lead) === limit) break;
    }
    return leads;
  }

  const codesOn = (campaign, channel) => campaign.codes.filter(([, on]) => on === channel).map(([code]) => code);

  /** Returns the lead tags of a campaign on one channel, or on all: the active ones, or else the closed ones. */
  function leadsOnChannel(campaign, channel) {
    const all = leadsOf(campaign, (lead) => !channel || lead.channel === channel);
    const open = all.filter((lead) => !lead.isClosed);
    return open.length ? open : all;
  }

  function findLead(tag) {
    for (const { campaign, all } of searchIndex().campaigns) {
      const lead = all.includes(`${tag}\t`) && leadsOf(campaign, (one) => one.tag === tag, 1)[0];
      if (lead) return lead;
    }
    return undefined;
  }

  // An answer is a message and the lists below it: {message, leads, campaigns, content}. `undefined` is no answer.

  function answer(text) {
    const typed = text.toLowerCase();
    const link = parseLink(text);
    if (link) return answerLink(link);
    const tag = typed.match(LEAD_TAG)?.[1];
    const lead = tag && findLead(tag);
    if (lead) return answerLead(lead);
    return answerCode(typed) ?? answerQuotedMessage(typed) ?? answerWords(typed) ?? (tag && answerSimilarTag(tag)) ?? answerUnknownCode(typed) ?? answerNothing(text);
  }

  const answerLead = (lead) => ({
    message: lead.isClosed ? "This lead tag is closed. Its card says what came after it." : "The lead card:",
    leads: [lead],
    campaigns: [lead.campaign],
  });

  const answerNothing = (text) => ({
    message: `Nothing found for “${text}”. Try one word of it: a campaign, a channel, a coupon code or a file name.`,
  });

  // Links

  function parseLink(text) {
    const { host } = new URL(data.base_url);
    const isBare = text.startsWith("www.") || text.startsWith(`${host}/`);
    const address = isBare ? `https://${text}` : text;
    if (!/^(https?:\/)?\/\S+$/i.test(address)) return undefined;
    try {
      return new URL(address, data.base_url);
    } catch {
      return undefined;
    }
  }

  function answerLink(link) {
    const query = (name) => (link.searchParams.get(name) ?? "").toLowerCase();
    const tag = [query("utm_content"), query("via"), link.hash.slice(1).toLowerCase()].find((text) => LEAD_TAG.test(text));
    if (tag) return answer(tag);
    const path = pathOn(link);
    const code = path?.match(/^\/go\/([^/]+)\/$/)?.[1].toLowerCase();
    if (code) return answerCode(code) ?? answerUnknownCode(code) ?? answerNothing(code);
    const [, landing, pageChannel] = path?.match(/^(.*\/)via\/([^/]+)\/$/) ?? [, path];
    const campaign = data.campaigns.find((one) => one.path === landing) ?? findCampaign(query("utm_campaign"));
    const channel = pageChannel ?? channelOf(query);
    if (campaign) return answerCampaign(campaign, channel);
    const page = data.pages.find((one) => one.path === path);
    if (page) return { message: `The calls to action on ${page.title}:`, leads: page.leads.map(findLead).filter(Boolean) };
    const content = data.library.filter(({ href }) => path && href === link.origin + link.pathname);
    if (content.length) return { message: "A page without lead tags:", content };
    return { message: `That link leads to ${path ? "no campaign" : "another site"} and carries no lead tag.` };
  }

  /** Returns a link's path on this site, without the base path; undefined for other sites. */
  function pathOn(link) {
    const base = new URL(data.base_url);
    if (link.host !== base.host || !link.pathname.startsWith(base.pathname)) return undefined;
    return `/${link.pathname.slice(base.pathname.length)}`.replace(/\/?(index\.html)?$/, "/");
  }

  function channelOf(query) {
    if (data.channels[query("via")] ?? RESERVED_LABELS[query("via")]) return query("via");
    const [source, medium] = [query("utm_source"), query("utm_medium")];
    const isSource = ([, one]) => one.source.toLowerCase() === source && one.medium.toLowerCase() === medium;
    return source && (Object.entries(data.channels).find(isSource)?.[0] ?? "other");
  }

  const answerCampaign = (campaign, channel) => ({
    message: channel ? `${campaign.title}, ${channelLabel(channel)}:` : `${campaign.title}:`,
    leads: leadsOnChannel(campaign, channel),
    campaigns: [campaign],
  });

  // Short codes

  /** Accepts codes as people type them: hyphens anywhere, i and l for 1, o for 0. */
  const asCode = (typed) => typed.replaceAll("-", "").replace(/[il]/g, "1").replaceAll("o", "0");

  function answerCode(typed) {
    const code = asCode(typed);
    const known = searchIndex().codes.get(code);
    if (known) return answerKnownCode(known);
    if (!isCode(code)) return undefined;
    const similar = typosOf(code).filter((typo) => searchIndex().codes.has(typo));
    const leads = similar.map((typo) => searchIndex().codes.get(typo)).flatMap(({ campaign, channel }) => leadsOnChannel(campaign, channel));
    return similar.length ? { message: `There is a typing error in ${code}. Is it ${similar.join(" or ")}?`, leads } : undefined;
  }

  function answerKnownCode({ campaign, channel }) {
    const message = `The code of ${campaign.title}, ${channelLabel(channel)}:`;
    const found = answerCampaign(campaign, channel);
    // Visitors can quote the code of any channel, even if the campaign has no lead tag for it.
    const { leads } = found.leads.length ? found : answerCampaign(campaign, "direct");
    // A code without a link reaches only visitors who contact the company, so contacts come first.
    const asks = ({ offers }) => offers.some((offer) => /^(wa\.me\/|\+)/.test(offer));
    return { ...found, message, leads: RESERVED_LABELS[channel] ? [...leads].sort((a, b) => asks(b) - asks(a)) : leads };
  }

  /** For a visitor's whole message, which ends with the code that they quote. */
  function answerQuotedMessage(typed) {
    const last = /\s/.test(typed) && typed.match(/([a-z0-9-]+)[^a-z0-9]*$/)?.[1];
    const known = last && searchIndex().codes.get(asCode(last));
    return known ? answerKnownCode(known) : undefined;
  }

  const isCode = (code) => code.length === 10 && [...code].every((digit) => DIGITS.includes(digit));

  /** Returns every code with one other character or with two neighbours swapped. */
  function typosOf(code) {
    const places = [...code].map((_, at) => [code.slice(0, at), code.slice(at)]);
    const swapped = places.map(([head, tail]) => head + tail.slice(1, 2) + tail[0] + tail.slice(2));
    const replaced = places.flatMap(([head, tail]) => [...DIGITS].map((digit) => head + digit + tail.slice(1)));
    return [...new Set([...swapped, ...replaced])];
  }

  const answerUnknownCode = (typed) =>
    isCode(asCode(typed)) && /\d/.test(typed)
      ? { message: `There is no code ${typed}. Look at the paper again: more than one character is wrong.` }
      : undefined;

  // Words, all of which must match

  function answerWords(typed) {
    // Lead summaries in a CRM contain the word "via".
    const words = typed.split(/[\s,;“”"]+/).filter((word) => word && word !== "via");
    const ids = [...Object.keys(data.channels), ...Object.keys(RESERVED_LABELS)];
    const channels = new Map(words.map((word) => [word, ids.filter((id) => channelLabel(id).toLowerCase().includes(word))]));
    const inCampaign = (all) => words.every((word) => all.includes(word) || channels.get(word).some((id) => all.includes(`_${id}\t`)));
    const ranks = [[], [], [], []];
    for (const one of searchIndex().campaigns) if (inCampaign(one.all)) ranks[rank(one, typed, words)].push(one);
    const [leads, notSearched] = firstLeads(ranks.flat(), ({ own, text, channel }) =>
      words.every((word) => own.includes(word) || text.includes(word) || channels.get(word).includes(channel)));
    const campaigns = ranks.slice(0, 3).flat().map(({ campaign }) => campaign);
    const content = searchIndex().content.filter(({ all }) => words.every((word) => all.includes(word))).map(({ item }) => item);
    return leads.length + campaigns.length + content.length + notSearched ? { leads, campaigns, content, notSearched } : undefined;
  }

  /** Returns 0 for the exact id, 1 for the beginning of a name, 2 for words in the name, 3 for other matches and removed campaigns. */
  function rank({ campaign, own }, typed, words) {
    if (campaign.id === typed || campaign.was.includes(typed)) return 0;
    if (campaign.state === "gone") return 3;
    if (own.startsWith(typed)) return 1;
    return words.every((word) => own.includes(word)) ? 2 : 3;
  }

  /** Returns the first lead tags that match, and the number of campaigns that were not searched. */
  function firstLeads(ordered, matchesWords) {
    const leads = [];
    let searched = 0;
    for (const { campaign, own } of ordered) {
      if (leads.length >= LIMITS.leads || searched >= LIMITS.searched) break;
      const matches = ({ tag, channel, label, offers }) =>
        matchesWords({ own, channel, text: [tag, label, ...codesOn(campaign, channel), ...offers].join("\n").toLowerCase() });
      leads.push(...leadsOf(campaign, matches, LIMITS.leads - leads.length));
      searched += 1;
    }
    return [leads, ordered.length - searched];
  }

  // Similar lead tags, compared part by part

  function answerSimilarTag(tag) {
    const [id, cta, channel] = tag.split("_");
    const limit = Math.max(2, id.length >> 2);
    const away = (one) => one.was.reduce((by, name) => Math.min(by, distance(name, id, limit)), distance(one.id, id, limit));
    const campaigns = nearest(data.campaigns, away, 3, limit);
    const leads = nearest(campaigns.flatMap((one) => leadsOf(one)), (lead) => distance(lead.cta, cta) + distance(lead.channel, channel), 4);
    const isNamed = campaigns.length > 0 && away(campaigns[0]) === 0;
    const known = isNamed && answerWithoutLink(campaigns[0], cta, channel);
    if (known) return known;
    const wrong = isNamed ? wrongPart(campaigns[0], cta, channel) : `No campaign is called ${id}.`;
    return { message: `There is no lead tag ${tag}. ${wrong}${leads.length ? " Similar ones:" : ""}`, leads, campaigns: isNamed ? campaigns.slice(0, 1) : [] };
  }

  function wrongPart(campaign, cta, channel) {
    if (!campaign.labels[cta]) return `${campaign.id} has no call to action ${cta}.`;
    return `There is no channel ${channel}.`;
  }

  /** For a channel without a share link: its visitors see the page of `direct`. */
  function answerWithoutLink(campaign, cta, channel) {
    const direct = data.channels[channel] && findLead(`${campaign.id}_${cta}_direct`);
    const message = `${campaign.id} has no share link for ${channelLabel(channel)}: this lead came from there without one, and saw the page for all visitors.`;
    return direct && { message, leads: [direct], campaigns: [campaign] };
  }

  function nearest(all, away, count, limit = Infinity) {
    const measured = all.map((one) => [away(one), one]).filter(([by]) => by <= limit);
    return measured.sort(([a], [b]) => a - b).slice(0, count).map(([, one]) => one);
  }

  /** Returns the Levenshtein distance, or Infinity if it is over the limit. */
  function distance(one, other, limit = Infinity) {
    if (Math.abs(one.length - other.length) > limit) return Infinity;
    let same = 0;
    while (same < one.length && one[same] === other[same]) same += 1;
    const [a, b] = [one.slice(same), other.slice(same)];
    const row = [0];
    for (let j = 1; j <= b.length; j += 1) row[j] = j;
    for (let i = 1; i <= a.length; i += 1) {
      let corner = row[0];
      let least = (row[0] = i);
      for (let j = 1; j <= b.length; j += 1) {
        const change = corner + (a[i - 1] === b[j - 1] ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(row[j - 1] + 1, row[j] + 1, change);
        least = Math.min(least, row[j]);
      }
      if (least > limit) return Infinity;
    }
    return row[b.length];
  }

  // Rendering of answers

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children.filter(Boolean));
    return node;
  }

  const span = (className, text) => element("span", { className }, text);
  const row = (href, name, meta, mark) => element("li", {}, element("a", { href }, name, span("meta", meta), mark));

  const leadRow = ({ campaign, tag, isClosed, label, channel, offers }) =>
    row(`${campaign.href}#${tag}`, span("name lead-tag", tag), [label, channelLabel(channel), ...offers].join(" · "),
      isClosed && span("state closed", "closed"));
  const campaignRow = ({ href, id, title, state }) =>
    row(href || `#campaign_${id}`, span("name", title), id, span(`state ${state}`, state));
  const contentRow = ({ href, title, kind, campaign }) =>
    row(href, span("name", title), [kind, campaign].filter(Boolean).join(" · "));

  const formatNumber = (count) => count.toLocaleString("en");
  const countOf = (count, one) => (count ? `${formatNumber(count)} ${one}${count === 1 ? "" : "s"}` : "");

  function group(name, items = [], renderItem, limit) {
    if (!items.length) return [];
    const suffix = items.length > limit ? `: the first ${limit} of ${formatNumber(items.length)}` : "";
    return [element("h2", {}, name + suffix), element("ul", {}, ...items.slice(0, limit).map(renderItem))];
  }

  function summary({ leads, campaigns, content, notSearched }) {
    const more = notSearched ? ` More lead tags fit, in ${countOf(notSearched, "other campaign")}: another word narrows it down.` : "";
    const parts = [countOf(campaigns.length, "campaign"), countOf(leads.length, "lead tag"), content.length && `${formatNumber(content.length)} to send`];
    return `Found ${parts.filter(Boolean).join(", ") || "nothing yet"}.${more}`;
  }

  function show() {
    const text = input.value.trim();
    results.hidden = !text;
    results.parentElement.classList.toggle("searching", Boolean(text));
    if (!text) return results.replaceChildren();
    const found = answer(text);
    const leads = group("Lead tags", found.leads, leadRow, LIMITS.leads);
    const campaigns = group("Campaigns", found.campaigns, campaignRow, LIMITS.campaigns);
    const content = group("To send", found.content, contentRow, LIMITS.content);
    status.textContent = found.message ?? summary(found);
    results.replaceChildren(
      element("p", { className: "answer" }, status.textContent),
      ...(found.message || text.includes("_") ? [...leads, ...campaigns] : [...campaigns, ...leads]),
      ...content,
    );
  }

  function close() {
    input.value = "";
    show();
  }

  // The address of the page

  /** Returns the text after the #; empty if it is not valid. */
  function hash() {
    try {
      return decodeURIComponent(location.hash.slice(1)).trim();
    } catch {
      return "";
    }
  }

  /** Opens the target of the address: on this page, on the campaign's page, or as a search with suggestions. */
  function open() {
    const wanted = hash();
    const target = wanted ? byId(wanted) : undefined;
    if (wanted && !target && data) return openElsewhere(wanted);
    const isCard = target?.matches(".lead");
    document.title = isCard ? `${wanted} · ${title}` : title;
    if (data) close();
    if (isCard) {
      addButtons(target);
      target.querySelector("h4 a").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  function openElsewhere(wanted) {
    const lead = findLead(wanted.toLowerCase());
    const campaign = lead?.campaign ?? findCampaign(wanted.replace(/^campaign_/, ""));
    const address = campaign && `${campaign.href}#${lead?.tag ?? `campaign_${campaign.id}`}`;
    if (address && address !== `#${wanted}`) return location.replace(address);
    input.value = wanted;
    show();
  }

  addEventListener("hashchange", open);
  if (location.hash) open();
  if (data) {
    input.addEventListener("input", show);
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Opens the only lead tag. If there are several, the person chooses.
      const leads = results.querySelectorAll("a:has(.lead-tag)");
      const first = leads[0] ?? results.querySelector("a");
      leads.length === 1 ? first.click() : first?.focus();
    });
    results.addEventListener("click", (event) => event.target.closest("a")?.hash === location.hash && close());
    if (!input.value) input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) show();
  }

  // Keyboard shortcuts

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches?.("input, textarea");
    const stops = results && !results.hidden ? [input, ...results.querySelectorAll("a")] : [];
    const at = stops.indexOf(document.activeElement);
    const to = { ArrowDown: stops[at + 1], ArrowUp: stops[at - 1], Escape: input, "/": isTyping ? undefined : input }[event.key];
    if (!to || (event.key.startsWith("Arrow") && at < 0)) return;
    event.preventDefault();
    if (event.key === "Escape" && at === 0) close();
    to.focus();
  });

  // Copy buttons, which need a script

  /** Adds the copy buttons to an open card, and the lead tag as the subject of its mail link. */
  function addButtons(card) {
    const campaign = card.closest(".campaign");
    const { desk } = document.body.dataset;
    if (desk) button(card.querySelector("h4"), "Copy card’s address", `${desk}#${card.id}`);
    button(card.querySelector("h4"), "Copy lead tag", card.id);
    for (const message of campaign.querySelectorAll(".first blockquote")) button(message, "Copy message");
    for (const link of campaign.querySelectorAll(".send li > a[href^=http]")) button(link, "Copy link");
    for (const mail of campaign.querySelectorAll(".follow a")) mail.search = `?subject=${encodeURIComponent(`Lead ${card.id}`)}`;
  }

  /** Adds a button after an element, unless it is there. It copies `text`, or else the element's URL or text. */
  function button(before, label, text) {
    const known = before.parentElement.querySelectorAll(":scope > .copy");
    if ([...known].some((one) => one.dataset.label === label && (text || one.previousElementSibling === before))) return;
    const node = element("button", { className: "copy", type: "button" }, label);
    node.dataset.label = label;
    if (text) node.dataset.copy = text;
    before.after(node);
  }

  addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    const before = button.previousElementSibling;
    await copy(button.dataset.copy ?? before.href ?? before.textContent);
    button.textContent = status.textContent = "Copied";
    setTimeout(() => (button.textContent = button.dataset.label), 2000);
  });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Some browsers have no clipboard API for pages from the file system.
      const focused = document.activeElement;
      const area = element("textarea", { className: "unseen", value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      focused?.focus();
    }
  }

  // Printing: each lead card is complete on paper, so it gets a copy of the shared parts

  addEventListener("beforeprint", () => {
    if (document.querySelector(".lead:target")) return;
    document.documentElement.classList.add("printing");
    for (const cta of document.querySelectorAll(".cta")) {
      const shared = cta.querySelectorAll(":scope > :is(.facts, .card)");
      for (const lead of cta.querySelectorAll(".lead")) lead.append(...[...shared].map((part) => part.cloneNode(true)));
    }
  });

  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    for (const part of document.querySelectorAll(".lead > :is(.facts, .card)")) part.remove();
  });

  // The filter of the content library

  let libraryIndex;
  const libraryItems = () =>
    (libraryIndex ??= [...document.querySelectorAll(".shelves > :last-child li")].map((item) => ({
      item,
      text: `${item.closest(".group").firstElementChild.textContent} ${item.textContent}`.toLowerCase(),
    })));

  filter?.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = libraryItems().filter(({ text }) => words.every((word) => text.includes(word)));
    const found = byId("found");
    found.hidden = !words.length;
    found.parentElement.classList.toggle("filtered", words.length > 0);
    if (!words.length) return found.replaceChildren();
    status.textContent = matching.length > 30 ? `The first 30 of ${formatNumber(matching.length)}` : `${matching.length || "Nothing"} found`;
    found.replaceChildren(
      element("p", { className: "answer" }, status.textContent),
      element("ul", {}, ...matching.slice(0, 30).map(({ item }) => item.cloneNode(true))),
    );
    for (const link of found.querySelectorAll("li > a[href^=http]")) button(link, "Copy link");
  });
  filter?.form.addEventListener("submit", (event) => event.preventDefault());

  // The notice on an outdated copy of the desk

  const { until } = document.body.dataset;
  // In the time zone of this computer.
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  if (until && today >= until) {
    const notice = `This desk has been out of date since ${until}: a campaign has started or ended, or a code has expired. Ask for the next one.`;
    document.querySelector("main").prepend(element("p", { className: "outdated" }, notice));
  }

  // Prepares the search before the first key stroke.
  (window.requestIdleCallback ?? setTimeout)(() => {
    if (data) searchIndex();
    if (filter) libraryItems();
  });
})();
