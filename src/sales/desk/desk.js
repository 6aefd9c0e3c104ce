// Search, copy buttons and keys of the lead desk. Cards open without it: see desk.css.
// A plain script, so that it also runs from the file system.
"use strict";
(() => {
  const LEAD_TAG = /(?:^|[^\w-])([a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+)(?![\w-])/;
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const UNPLACED = { direct: "No known place", other: "A place that is on no channel" };
  const AT_MOST = { campaigns: 6, leads: 18, content: 6, opened: 200 };

  const byId = (id) => document.getElementById(id);
  const [input, results, said, filter] = ["search", "results", "said", "filter"].map(byId);
  const data = window.deskData ?? JSON.parse(byId("desk_data")?.textContent ?? "null");
  const title = document.title;
  document.documentElement.classList.add("scripted");

  // What is searched, in lower case: one text a campaign, so that a key stroke looks at 10,000 and not at 300,000.

  let prepared;
  function texts() {
    prepared ??= {
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
    return prepared;
  }

  const channelLabel = (id) => data.channels[id]?.label ?? UNPLACED[id] ?? id;

  const findCampaign = (id) => data.campaigns.find((one) => one.id === id || one.was.includes(id));

  /** The lead tags of a campaign that are `wanted`, at most so many. */
  function leadsOf(campaign, wanted = () => true, limit = Infinity) {
    const leads = [];
    for (const line of campaign.leads.split("\n").filter(Boolean)) {
      const [name, ...offers] = line.split("\t");
      const tag = name.replace(/^-/, "");
      const [, cta, channel] = tag.split("_");
      const lead = { campaign, tag, cta, channel, offers, isClosed: name !== tag, label: campaign.labels[cta] ?? cta };
      if (wanted(lead) && leads.push(lead) === limit) break;
    }
    return leads;
  }

  const codesOn = (campaign, channel) => campaign.codes.filter(([, on]) => on === channel).map(([code]) => code);

  /** The lead tags of a campaign on a channel, or of all: those in the market, or else those that were. */
  function onChannel(campaign, channel) {
    const all = leadsOf(campaign, (lead) => !channel || lead.channel === channel);
    const open = all.filter((lead) => !lead.isClosed);
    return open.length ? open : all;
  }

  function findLead(tag) {
    for (const { campaign, all } of texts().campaigns) {
      const lead = all.includes(`${tag}\t`) && leadsOf(campaign, (one) => one.tag === tag, 1)[0];
      if (lead) return lead;
    }
    return undefined;
  }

  // An answer is a sentence and what to list below it: {say, leads, campaigns, content}.

  function answer(text) {
    const typed = text.toLowerCase();
    const link = asLink(text);
    if (link) return forLink(link);
    const tag = typed.match(LEAD_TAG)?.[1];
    const lead = tag && findLead(tag);
    if (lead) return forLead(lead);
    return forCode(typed) ?? forMessage(typed) ?? forWords(typed) ?? (tag && nearTag(tag)) ?? noCode(typed) ?? nothing(text);
  }

  const forLead = (lead) => ({
    say: lead.isClosed ? "This lead tag is closed. Its card says what came after it." : "The lead card:",
    leads: [lead],
    campaigns: [lead.campaign],
  });

  const nothing = (text) => ({
    say: `Nothing found for “${text}”. Try one word of it: a campaign, a channel, a coupon code or a file name.`,
  });

  // Links

  function asLink(text) {
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

  function forLink(link) {
    const query = (name) => (link.searchParams.get(name) ?? "").toLowerCase();
    const tag = [query("utm_content"), query("via"), link.hash.slice(1).toLowerCase()].find((text) => LEAD_TAG.test(text));
    if (tag) return answer(tag);
    const path = pathOn(link);
    const code = path?.match(/^\/go\/([^/]+)\/$/)?.[1].toLowerCase();
    if (code) return forCode(code) ?? noCode(code) ?? nothing(code);
    const [, landing, baked] = path?.match(/^(.*\/)via\/([^/]+)\/$/) ?? [, path];
    const campaign = data.campaigns.find((one) => one.path === landing) ?? findCampaign(query("utm_campaign"));
    const channel = baked ?? channelOf(query);
    if (campaign) return forPlace(campaign, channel);
    const page = data.pages.find((one) => one.path === path);
    if (page) return { say: `The calls to action on ${page.title}:`, leads: page.leads.map(findLead).filter(Boolean) };
    const content = data.library.filter(({ href }) => path && href === link.origin + link.pathname);
    if (content.length) return { say: "A page that makes no leads of its own:", content };
    return { say: `That link leads to ${path ? "no campaign" : "another site"} and carries no lead tag.` };
  }

  /** A link's path on our site, without the base path; nothing for other sites. */
  function pathOn(link) {
    const base = new URL(data.base_url);
    if (link.host !== base.host || !link.pathname.startsWith(base.pathname)) return undefined;
    return `/${link.pathname.slice(base.pathname.length)}`.replace(/\/?(index\.html)?$/, "/");
  }

  function channelOf(query) {
    if (data.channels[query("via")] ?? UNPLACED[query("via")]) return query("via");
    const [source, medium] = [query("utm_source"), query("utm_medium")];
    const isIt = ([, one]) => one.source.toLowerCase() === source && one.medium.toLowerCase() === medium;
    return source && (Object.entries(data.channels).find(isIt)?.[0] ?? "other");
  }

  const forPlace = (campaign, channel) => ({
    say: channel ? `${campaign.title}, ${channelLabel(channel)}:` : `${campaign.title}:`,
    leads: onChannel(campaign, channel),
    campaigns: [campaign],
  });

  // Short codes

  /** As typed from paper: hyphens anywhere, i and l for 1, o for 0. */
  const asCode = (typed) => typed.replaceAll("-", "").replace(/[il]/g, "1").replaceAll("o", "0");

  function forCode(typed) {
    const code = asCode(typed);
    const known = texts().codes.get(code);
    if (known) return forCodeOf(known);
    if (!isCode(code)) return undefined;
    const near = slips(code).filter((slip) => texts().codes.has(slip));
    const leads = near.map((slip) => texts().codes.get(slip)).flatMap(({ campaign, channel }) => onChannel(campaign, channel));
    return near.length ? { say: `There is a typing error in ${code}. Is it ${near.join(" or ")}?`, leads } : undefined;
  }

  function forCodeOf({ campaign, channel }) {
    const say = `The code of ${campaign.title}, ${channelLabel(channel)}:`;
    const found = forPlace(campaign, channel);
    // Visitors quote a code from any channel, also where the campaign has no lead tag of its own.
    const { leads } = found.leads.length ? found : forPlace(campaign, "direct");
    // Without a link, only who asks us something has the code.
    const asks = ({ offers }) => offers.some((offer) => /^(wa\.me\/|\+)/.test(offer));
    return { ...found, say, leads: UNPLACED[channel] ? [...leads].sort((a, b) => asks(b) - asks(a)) : leads };
  }

  /** A visitor's whole message, which ends with the code that they quote. */
  function forMessage(typed) {
    const last = /\s/.test(typed) && typed.match(/([a-z0-9-]+)[^a-z0-9]*$/)?.[1];
    const known = last && texts().codes.get(asCode(last));
    return known ? forCodeOf(known) : undefined;
  }

  const isCode = (code) => code.length === 10 && [...code].every((digit) => DIGITS.includes(digit));

  /** Every way to mend one wrong character or two neighbours swapped. */
  function slips(code) {
    const places = [...code].map((_, at) => [code.slice(0, at), code.slice(at)]);
    const swapped = places.map(([head, tail]) => head + tail.slice(1, 2) + tail[0] + tail.slice(2));
    const replaced = places.flatMap(([head, tail]) => [...DIGITS].map((digit) => head + digit + tail.slice(1)));
    return [...new Set([...swapped, ...replaced])];
  }

  const noCode = (typed) =>
    isCode(asCode(typed)) && /\d/.test(typed)
      ? { say: `There is no code ${typed}. Look at the paper again: more than one character is wrong.` }
      : undefined;

  // Words: all of them fit

  function forWords(typed) {
    // "via" is a word of the summaries that stand in a CRM.
    const words = typed.split(/[\s,;“”"]+/).filter((word) => word && word !== "via");
    const ids = [...Object.keys(data.channels), ...Object.keys(UNPLACED)];
    const channels = new Map(words.map((word) => [word, ids.filter((id) => channelLabel(id).toLowerCase().includes(word))]));
    const inCampaign = (all) => words.every((word) => all.includes(word) || channels.get(word).some((id) => all.includes(`_${id}\t`)));
    const ranks = [[], [], [], []];
    for (const one of texts().campaigns) if (inCampaign(one.all)) ranks[rank(one, typed, words)].push(one);
    const [leads, unopened] = leadsOfFirst(ranks.flat(), ({ own, text, channel }) =>
      words.every((word) => own.includes(word) || text.includes(word) || channels.get(word).includes(channel)));
    const campaigns = ranks.slice(0, 3).flat().map(({ campaign }) => campaign);
    const content = texts().content.filter(({ all }) => words.every((word) => all.includes(word))).map(({ item }) => item);
    return leads.length + campaigns.length + content.length + unopened ? { leads, campaigns, content, unopened } : undefined;
  }

  /** 0 is named so, 1 begins so, 2 has the words in its name, 3 has them elsewhere or is gone. */
  function rank({ campaign, own }, typed, words) {
    if (campaign.id === typed || campaign.was.includes(typed)) return 0;
    if (campaign.state === "gone") return 3;
    if (own.startsWith(typed)) return 1;
    return words.every((word) => own.includes(word)) ? 2 : 3;
  }

  /** The first lead tags that fit, and how many campaigns were not looked into. */
  function leadsOfFirst(ordered, fits) {
    const leads = [];
    let opened = 0;
    for (const { campaign, own } of ordered) {
      if (leads.length >= AT_MOST.leads || opened >= AT_MOST.opened) break;
      const wanted = ({ tag, channel, label, offers }) =>
        fits({ own, channel, text: [tag, label, ...codesOn(campaign, channel), ...offers].join("\n").toLowerCase() });
      leads.push(...leadsOf(campaign, wanted, AT_MOST.leads - leads.length));
      opened += 1;
    }
    return [leads, ordered.length - opened];
  }

  // Near misses, part by part

  function nearTag(tag) {
    const [id, cta, channel] = tag.split("_");
    const limit = Math.max(2, id.length >> 2);
    const away = (one) => one.was.reduce((by, name) => Math.min(by, distance(name, id, limit)), distance(one.id, id, limit));
    const campaigns = nearest(data.campaigns, away, 3, limit);
    const leads = nearest(campaigns.flatMap((one) => leadsOf(one)), (lead) => distance(lead.cta, cta) + distance(lead.channel, channel), 4);
    const isNamed = campaigns.length > 0 && away(campaigns[0]) === 0;
    const known = isNamed && byThemselves(campaigns[0], cta, channel);
    if (known) return known;
    const wrong = isNamed ? wrongPart(campaigns[0], cta, channel) : `No campaign is called ${id}.`;
    return { say: `There is no lead tag ${tag}. ${wrong}${leads.length ? " Near it:" : ""}`, leads, campaigns: isNamed ? campaigns.slice(0, 1) : [] };
  }

  function wrongPart(campaign, cta, channel) {
    if (!campaign.labels[cta]) return `${campaign.id} has no call to action ${cta}.`;
    return `There is no channel ${channel}.`;
  }

  /** Of a channel on which no link was handed out visitors come by themselves, and see what everyone sees. */
  function byThemselves(campaign, cta, channel) {
    const direct = data.channels[channel] && findLead(`${campaign.id}_${cta}_direct`);
    const say = `No link of ${campaign.id} is handed out on ${channelLabel(channel)}: this lead came from there without one, and saw what everyone sees.`;
    return direct && { say, leads: [direct], campaigns: [campaign] };
  }

  function nearest(all, away, count, limit = Infinity) {
    const measured = all.map((one) => [away(one), one]).filter(([by]) => by <= limit);
    return measured.sort(([a], [b]) => a - b).slice(0, count).map(([, one]) => one);
  }

  /** Levenshtein's, given up once it is over the limit. */
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

  // What is shown of an answer

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter(Boolean));
    return made;
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

  const number = (count) => count.toLocaleString("en");
  const counted = (count, one) => (count ? `${number(count)} ${one}${count === 1 ? "" : "s"}` : "");

  function group(name, items = [], draw, atMost) {
    if (!items.length) return [];
    const of = items.length > atMost ? `: the first ${atMost} of ${number(items.length)}` : "";
    return [element("h2", {}, name + of), element("ul", {}, ...items.slice(0, atMost).map(draw))];
  }

  function summary({ leads, campaigns, content, unopened }) {
    const more = unopened ? ` More lead tags fit, in ${counted(unopened, "other campaign")}: another word narrows it down.` : "";
    const parts = [counted(campaigns.length, "campaign"), counted(leads.length, "lead tag"), content.length && `${number(content.length)} to send`];
    return `Found ${parts.filter(Boolean).join(", ") || "nothing yet"}.${more}`;
  }

  function show() {
    const text = input.value.trim();
    results.hidden = !text;
    results.parentElement.classList.toggle("searching", Boolean(text));
    if (!text) return results.replaceChildren();
    const found = answer(text);
    const leads = group("Lead tags", found.leads, leadRow, AT_MOST.leads);
    const campaigns = group("Campaigns", found.campaigns, campaignRow, AT_MOST.campaigns);
    const content = group("To send", found.content, contentRow, AT_MOST.content);
    said.textContent = found.say ?? summary(found);
    results.replaceChildren(
      element("p", { className: "say" }, said.textContent),
      ...(found.say || text.includes("_") ? [...leads, ...campaigns] : [...campaigns, ...leads]),
      ...content,
    );
  }

  function close() {
    input.value = "";
    show();
  }

  // Addresses

  /** What stands after the #, and nothing where that is no text. */
  function hash() {
    try {
      return decodeURIComponent(location.hash.slice(1)).trim();
    } catch {
      return "";
    }
  }

  /** Opens what the address names: here, on the campaign's page, or as a search that says what is near. */
  function open() {
    const wanted = hash();
    const target = wanted ? byId(wanted) : undefined;
    if (wanted && !target && data) return openElsewhere(wanted);
    const isCard = target?.matches(".lead");
    document.title = isCard ? `${wanted} · ${title}` : title;
    if (data) close();
    if (isCard) {
      equip(target);
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
      // What may be one of several is for a person to choose.
      const leads = results.querySelectorAll("a:has(.lead-tag)");
      const first = leads[0] ?? results.querySelector("a");
      leads.length === 1 ? first.click() : first?.focus();
    });
    results.addEventListener("click", (event) => event.target.closest("a")?.hash === location.hash && close());
    if (!input.value) input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) show();
  }

  // Keys

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

  // Copy buttons, which only a script can serve

  /** Gives an opened card its buttons, and the lead tag to the mail that its address opens. */
  function equip(card) {
    const campaign = card.closest(".campaign");
    const { desk } = document.body.dataset;
    if (desk) button(card.querySelector("h4"), "Copy card’s address", `${desk}#${card.id}`);
    button(card.querySelector("h4"), "Copy lead tag", card.id);
    for (const message of campaign.querySelectorAll(".first blockquote")) button(message, "Copy message");
    for (const link of campaign.querySelectorAll(".send li > a[href^=http]")) button(link, "Copy link");
    for (const mail of campaign.querySelectorAll(".follow a")) mail.search = `?subject=${encodeURIComponent(`Lead ${card.id}`)}`;
  }

  /** A button behind an element that copies a text, or else the element's address or text. Once. */
  function button(before, label, text) {
    const known = before.parentElement.querySelectorAll(":scope > .copy");
    if ([...known].some((one) => one.dataset.label === label && (text || one.previousElementSibling === before))) return;
    const made = element("button", { className: "copy", type: "button" }, label);
    made.dataset.label = label;
    if (text) made.dataset.copy = text;
    before.after(made);
  }

  addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    const before = button.previousElementSibling;
    await copy(button.dataset.copy ?? before.href ?? before.textContent);
    button.textContent = said.textContent = "Copied";
    setTimeout(() => (button.textContent = button.dataset.label), 2000);
  });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages from the file system have no clipboard in some browsers.
      const focused = document.activeElement;
      const area = element("textarea", { className: "unseen", value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      focused?.focus();
    }
  }

  // On paper each lead card is whole, so what cards share is put into each of them

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

  // The library's own box

  let shelved;
  const shelf = () =>
    (shelved ??= [...document.querySelectorAll(".shelves > :last-child li")].map((item) => ({
      item,
      text: `${item.closest(".group").firstElementChild.textContent} ${item.textContent}`.toLowerCase(),
    })));

  filter?.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = shelf().filter(({ text }) => words.every((word) => text.includes(word)));
    const found = byId("found");
    found.hidden = !words.length;
    found.parentElement.classList.toggle("filtered", words.length > 0);
    if (!words.length) return found.replaceChildren();
    said.textContent = fitting.length > 30 ? `The first 30 of ${number(fitting.length)}` : `${fitting.length || "Nothing"} found`;
    found.replaceChildren(
      element("p", { className: "say" }, said.textContent),
      element("ul", {}, ...fitting.slice(0, 30).map(({ item }) => item.cloneNode(true))),
    );
    for (const link of found.querySelectorAll("li > a[href^=http]")) button(link, "Copy link");
  });
  filter?.form.addEventListener("submit", (event) => event.preventDefault());

  // A copy grows old on a day that is known

  const { until } = document.body.dataset;
  // As a day of this machine's calendar.
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  if (until && today >= until) {
    const old = `This desk is out of date since ${until}: a campaign has started or ended, or a code has expired. Ask for the next one.`;
    document.querySelector("main").prepend(element("p", { className: "old" }, old));
  }

  // What the first key stroke would wait for.
  (window.requestIdleCallback ?? setTimeout)(() => {
    if (data) texts();
    if (filter) shelf();
  });
})();
