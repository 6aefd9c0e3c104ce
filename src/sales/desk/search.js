// The search of the lead desk: from a text that somebody typed to lead tags, campaigns and content. It reads the search
// data and no page, so it also runs outside of a browser.
"use strict";
window.createSearch = (data) => {
  const LEAD_TAG = /(?:^|[^\w-])([a-z0-9-]+_[a-z0-9-]+_[a-z0-9-]+(?:_[a-z0-9-]+)?)(?![\w-])/;
  const CODE_LENGTH = 10;
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const RESERVED_LABELS = { direct: "no known place", other: "an unlisted place" };
  const LIMITS = { campaigns: 6, leads: 18, content: 6, searched: 200 };

  // The search index. `data.campaigns` has a text for each page of lead cards, which is searched as it is: a search for
  // words compares some strings of a megabyte, not 600,000 short ones. A campaign is parsed when it is shown.

  /** Returns the text in lower case, with each character at its place. */
  function lowerCase(text) {
    const lower = text.toLowerCase();
    if (lower.length === text.length) return lower;
    return [...text].map((one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");
  }

  let preparedIndex;
  function searchIndex() {
    if (preparedIndex) return preparedIndex;
    const index = { pages: [], byId: new Map(), codes: new Map(), content: [] };
    let count = 0;
    for (const [number, text] of data.campaigns.entries()) {
      const page = { number, text, lower: lowerCase(text), first: count, starts: [], names: "", nameStarts: [] };
      const names = [];
      let length = 0;
      for (let start = 0; start < text.length; start = recordEnd(text, start) + 2) {
        const [id, name, state, , was, codes] = text.slice(start, text.indexOf("\n", start)).split("\t");
        for (const one of was ? [id, ...was.split(" ")] : [id]) index.byId.set(one, count);
        if (codes) for (const [at, code] of codes.split(" ").entries()) if (at % 2 === 0) index.codes.set(code, count);
        page.starts.push(start);
        page.nameStarts.push(length);
        // Removed campaigns are found by their lead tags only.
        names.push(state === "gone" ? "" : lowerCase(`${id}\t${name}\t${was}`));
        length += names.at(-1).length + 1;
        count += 1;
      }
      page.names = `${names.join("\n")}\n`;
      index.pages.push(page);
    }
    index.content = data.library.map((item) => ({
      item,
      all: [item.title, item.kind, item.campaign, item.summary, ...(item.topics ?? [])].join("\n").toLowerCase(),
    }));
    // One text, with a line for each campaign: a search compares some megabytes, not thousands of texts.
    const notes = (data.notes ?? []).map(([id, text]) => [id, text.replace(/\s+/g, " ").trim()]);
    const text = notes.map(([, one]) => one).join("\n");
    index.notes = { text, lower: lowerCase(text), ids: notes.map(([id]) => id), starts: [] };
    let start = 0;
    for (const [, one] of notes) {
      index.notes.starts.push(start);
      start += one.length + 1;
    }
    return (preparedIndex = index);
  }

  /** Returns the end of the campaign that contains a position: an empty line, or the end of the text. */
  function recordEnd(text, from) {
    const end = text.indexOf("\n\n", from);
    return end < 0 ? text.length - 1 : end;
  }

  /** Returns the index of the last of some rising numbers that is at most `limit`. */
  function lastUpTo(numbers, limit) {
    let [low, high] = [0, numbers.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (numbers[middle] <= limit) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Returns a campaign by its number on its page. */
  function campaignOn({ number, text, starts }, at) {
    const [head, ...lines] = text.slice(starts[at], recordEnd(text, starts[at])).split("\n");
    const [id, title, state, path, was, codes, ...variants] = head.split("\t");
    const words = (list) => (list ? list.split(" ") : []);
    const coded = words(codes);
    // The variant of each landing page, by its path.
    const paths = new Map([[path, undefined]]);
    for (let at = 0; at + 1 < variants.length; at += 2) paths.set(variants[at + 1], variants[at]);
    return {
      id, title, path, paths, lines,
      state: state || "live",
      was: words(was),
      codes: coded.flatMap((code, at) => (at % 2 ? [] : [[code, coded[at + 1]]])),
      href: data.one_page ? "" : `cards/${number}.html`,
      labels: Object.fromEntries(lines.map((line) => line.split("\t", 2))),
      name: lowerCase([id, title, was].join("\n")),
    };
  }

  function campaignAt(number) {
    const { pages } = searchIndex();
    const page = pages[lastUpTo(pages.map(({ first }) => first), number)];
    return campaignOn(page, number - page.first);
  }

  const channelLabel = (id) => data.channels[id]?.label ?? RESERVED_LABELS[id] ?? id;

  function findCampaign(id) {
    const number = searchIndex().byId.get(id);
    return number === undefined ? undefined : campaignAt(number);
  }

  /** Returns the campaign with this path, or with a variant that has it. */
  function findCampaignByPath(path) {
    for (const page of searchIndex().pages) {
      const at = page.text.indexOf(`\t${path}\t`);
      if (path && at >= 0) return campaignOn(page, lastUpTo(page.starts, at));
    }
    return undefined;
  }

  /** Returns the lead tags of a campaign that match, up to a limit. */
  function leadsOf(campaign, matches = () => true, limit = Infinity) {
    const leads = [];
    let last = [];
    for (const line of campaign.lines) {
      const [cta, label, ...fields] = line.split("\t");
      for (let at = 0; at < fields.length; ) {
        const isClosed = fields[at][0] === "!";
        const names = fields[at] === "=" ? last : fields[at].slice(1).split(" ");
        if (!isClosed) last = names;
        const offers = [];
        for (at += 1; at < fields.length && fields[at][0] === "~"; at += 1) offers.push(fields[at].slice(1));
        for (const name of names) {
          // A channel, with a variant after it, or a whole lead tag.
          const tag = name.split("_").length > 2 ? name : `${campaign.id}_${cta}_${name}`;
          const [, , channel, variant] = tag.split("_");
          const lead = { campaign, tag, cta, channel, variant, offers, isClosed, label };
          if (matches(lead) && leads.push(lead) === limit) return leads;
        }
      }
    }
    return leads;
  }

  /** A channel as codes have it: with the variant after it. */
  const withVariant = ({ channel, variant }) => (variant ? `${channel}_${variant}` : channel);

  const codesOn = (campaign, end) => campaign.codes.filter(([, on]) => on === end).map(([code]) => code);

  /**
   * Returns the lead tags of a campaign on one channel, or on all: the active ones, or else the closed ones. `end` is the
   * channel of a code, which is for one variant.
   */
  function leadsOnChannel(campaign, channel, end) {
    const all = leadsOf(campaign, (lead) => !channel || (end ? withVariant(lead) === end : lead.channel === channel));
    const open = all.filter((lead) => !lead.isClosed);
    return open.length ? open : all;
  }

  function findLead(tag) {
    const campaign = findCampaign(tag.split("_")[0]);
    return campaign && leadsOf(campaign, (one) => one.tag === tag, 1)[0];
  }

  // An answer is a message and the lists below it: {message, leads, campaigns, content}. `undefined` is no answer.

  function answer(written) {
    // Chats and documents add characters that nobody sees.
    const text = written.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim();
    const typed = text.toLowerCase();
    const link = parseLink(text);
    if (link) return answerLink(link);
    const tag = typed.match(LEAD_TAG)?.[1];
    const lead = tag && findLead(tag);
    if (lead) return answerLead(lead);
    return answerCode(typed) ?? answerQuotedMessage(typed) ?? answerWords(typed) ?? (tag && answerSimilarTag(tag)) ?? answerMistypedCode(typed) ?? answerUnknownCode(typed) ?? answerNothing(text);
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
    const campaign = findCampaignByPath(landing) ?? findCampaign(query("utm_campaign"));
    const channel = pageChannel ?? channelOf(query);
    if (campaign) {
      const found = answerCampaign(campaign, channel);
      const isSeen = ({ variant }) => variant === campaign.paths.get(landing);
      return campaign.paths.has(landing) ? { ...found, leads: found.leads.filter(isSeen) } : found;
    }
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
    // Some mailers add their own parameters with a second `?`.
    const [source, medium] = [query("utm_source"), query("utm_medium")].map((text) => text.split("?")[0].trim());
    const isSource = ([, one]) => one.source.toLowerCase() === source && one.medium.toLowerCase() === medium;
    return source && (Object.entries(data.channels).find(isSource)?.[0] ?? "other");
  }

  const answerCampaign = (campaign, channel, end) => ({
    message: channel ? `${campaign.title}, ${channelLabel(channel)}:` : `${campaign.title}:`,
    leads: leadsOnChannel(campaign, channel, end),
    campaigns: [campaign],
  });

  // Short codes

  /** Accepts codes as people type them: hyphens anywhere, i and l for 1, o for 0. */
  const asCode = (typed) => typed.replaceAll("-", "").replace(/[il]/g, "1").replaceAll("o", "0");

  /** Returns the campaign and the channel of a code. */
  function findCode(code) {
    const number = searchIndex().codes.get(code);
    if (number === undefined) return undefined;
    const campaign = campaignAt(number);
    const end = campaign.codes.find(([one]) => one === code)[1];
    return { campaign, end, channel: end.split("_")[0] };
  }

  function answerCode(typed) {
    const code = asCode(typed);
    const known = findCode(code);
    if (known) return answerKnownCode(known);
    if (!isCode(code)) return undefined;
    const similar = typosOf(code).filter((typo) => searchIndex().codes.has(typo));
    const leads = similar.map(findCode).flatMap(({ campaign, channel, end }) => leadsOnChannel(campaign, channel, end));
    return similar.length ? { message: `There is a typing error in ${code}. Is it ${similar.join(" or ")}?`, leads } : undefined;
  }

  function answerKnownCode({ campaign, channel, end }) {
    const message = `The code of ${campaign.title}, ${channelLabel(channel)}:`;
    const found = answerCampaign(campaign, channel, end);
    // Visitors can quote the code of any channel, even if the campaign has no lead tag for it.
    const { leads } = found.leads.length ? found : answerCampaign(campaign, "direct", end.replace(channel, "direct"));
    // A code without a link reaches only visitors who contact the company, so contacts come first.
    const asks = ({ offers }) => offers.some((offer) => /^(wa\.me\/|\+)/.test(offer));
    return { ...found, message, leads: RESERVED_LABELS[channel] ? [...leads].sort((a, b) => asks(b) - asks(a)) : leads };
  }

  /** For a whole message with a code somewhere in it. A code in groups of characters counts too. */
  function answerQuotedMessage(typed) {
    const words = typed.match(/[a-z0-9-]+/g) ?? [];
    for (let length = 1; length <= CODE_LENGTH; length += 1) {
      for (let at = 0; at + length <= words.length; at += 1) {
        const code = asCode(words.slice(at, at + length).join(""));
        const known = code.length === CODE_LENGTH && findCode(code);
        if (known) return answerKnownCode(known);
      }
    }
    return undefined;
  }

  /** For a whole message with a code that has a typing error. */
  function answerMistypedCode(typed) {
    for (const word of typed.match(/[a-z0-9-]+/g) ?? []) {
      const found = /\d/.test(word) && answerCode(word);
      if (found) return found;
    }
    return undefined;
  }

  const isCode = (code) => code.length === CODE_LENGTH && [...code].every((digit) => DIGITS.includes(digit));

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
    if (!words.length) return undefined;
    const ids = [...Object.keys(data.channels), ...Object.keys(RESERVED_LABELS)];
    const channels = new Map(words.map((word) => [word, ids.filter((id) => channelLabel(id).toLowerCase().includes(word))]));
    const { campaigns, count } = campaignsNamed(typed, words);
    const leads = [];
    const addLeads = (campaign) => leads.push(...leadsOf(campaign, leadMatcher(campaign, words, channels), LIMITS.leads - leads.length));
    for (const campaign of campaigns) if (leads.length < LIMITS.leads) addLeads(campaign);
    const named = new Set(campaigns.map(({ id }) => id));
    let searched = 0;
    let isCut = count > campaigns.length;
    eachRecord(words, channels, (page, at) => {
      if (leads.length >= LIMITS.leads || searched >= LIMITS.searched) return (isCut = true);
      searched += 1;
      const campaign = campaignOn(page, at);
      if (!named.has(campaign.id)) addLeads(campaign);
      return false;
    });
    const content = [...contentWith(words), ...campaigns.filter(isPublished).map(landingPage)];
    const noted = campaignsNoted(typed, words, named);
    const found = { leads, campaigns: [...campaigns, ...noted], content, campaignCount: count + noted.length, isCut };
    return leads.length + found.campaigns.length + content.length ? found : undefined;
  }

  /** Returns campaigns with all words in their notes, each with the place: first those with the whole text. */
  function campaignsNoted(typed, words, named) {
    const { text, lower, ids, starts } = searchIndex().notes;
    const phrase = typed.trim().replace(/\s+/g, " ");
    const needle = longest(words);
    const found = [[], []];
    for (let at = lower.indexOf(needle); at >= 0 && found[0].length < LIMITS.campaigns; ) {
      const number = lastUpTo(starts, at);
      const [id, start, end] = [ids[number], starts[number], starts[number + 1] ?? lower.length + 1];
      const own = lower.slice(start, end - 1);
      at = lower.indexOf(needle, end);
      if (named.has(id) || !words.every((word) => own.includes(word))) continue;
      const place = own.indexOf(phrase);
      const rank = found[place < 0 ? 1 : 0];
      if (rank.length < LIMITS.campaigns) rank.push({ id, quote: excerpt(text.slice(start, end - 1), place < 0 ? own.indexOf(needle) : place) });
    }
    const notes = found.flat().slice(0, LIMITS.campaigns);
    return notes.map(({ id, quote }) => ({ ...findCampaign(id), quote })).filter(({ title }) => title);
  }

  const longest = (words) => words.reduce((one, other) => (other.length > one.length ? other : one));

  /** Returns the words around a place in a text. */
  function excerpt(text, at) {
    const start = at < 40 ? 0 : text.indexOf(" ", at - 40) + 1;
    const end = text.length - at < 80 ? text.length : text.lastIndexOf(" ", at + 80);
    return `${start ? "… " : ""}${text.slice(start, Math.max(end, at))}${end < text.length ? " …" : ""}`;
  }

  const contentWith = (words) =>
    searchIndex().content.filter(({ all }) => words.every((word) => all.includes(word))).map(({ item }) => item);

  const isPublished = ({ state }) => state === "live" || state === "ended" || (data.preview && state !== "gone");

  const landingPage = ({ title, path, state }) => ({
    title, kind: "landing page", campaign: title, href: data.base_url + path.slice(1), state: state === "ended" ? state : "",
  });

  /**
   * Returns the campaigns with all words in their names, and how many there are. At most some hundred are returned: the
   * exact id first, then names that begin with the text.
   */
  function campaignsNamed(typed, words) {
    const needle = longest(words);
    const ranks = [[], [], []];
    let count = 0;
    for (const page of searchIndex().pages) {
      const { names } = page;
      for (let at = names.indexOf(needle); at >= 0; ) {
        const end = names.indexOf("\n", at);
        const start = names.lastIndexOf("\n", at) + 1;
        const name = names.slice(start, end);
        if (words.length === 1 || words.every((word) => name.includes(word))) {
          count += 1;
          const rank = ranks[nameRank(name, typed)];
          if (rank.length < LIMITS.searched) rank.push([page, lastUpTo(page.nameStarts, start)]);
        }
        at = names.indexOf(needle, end);
      }
    }
    const first = ranks.flat().slice(0, LIMITS.searched);
    return { campaigns: first.map(([page, at]) => campaignOn(page, at)), count };
  }

  /** Returns 0 for the exact id, 1 for the beginning of an id or a title, 2 for other names. */
  function nameRank(name, typed) {
    const isBeginning = name.startsWith(typed) || name.includes(`\t${typed}`);
    if (isBeginning && name.startsWith("\t", typed.length)) return 0;
    const was = name.slice(name.lastIndexOf("\t") + 1);
    if (was && was.split(" ").includes(typed)) return 0;
    return isBeginning ? 1 : 2;
  }

  /**
   * Calls `visit` for each campaign whose record may have all words, until it returns true. A part of a lead tag is not
   * in the record as a whole, so its parts are searched.
   */
  function eachRecord(words, channels, visit) {
    const tests = words.map((word) => {
      const [first, ...rest] = word.split("_");
      const parts = rest.length ? [first && `${first}\t`, ...rest].filter(Boolean) : [word];
      return { word, parts, channels: channels.get(word) };
    });
    const fits = (record) => tests.every(({ word, parts, channels }) =>
      parts.every((part) => record.includes(part)) || [word, ...channels].some((text) => record.includes(text)));
    const found = [];
    const visitFitting = (page, at) => {
      const start = page.starts[at];
      if (!fits(page.lower.slice(start, recordEnd(page.lower, start) + 1))) return false;
      found.push([page, at]);
      return visit(page, at);
    };
    // The next key stroke adds a character, so it finds campaigns among those of this one.
    const known = knownRecords(words);
    const isStopped = known ? known.some(([page, at]) => visitFitting(page, at)) : scanRecords(rarest(tests), visitFitting);
    lastSearch = isStopped ? undefined : { words, found };
  }

  let lastSearch;

  /** Returns the campaigns of the last search if it was complete and these words only add characters to its words. */
  function knownRecords(words) {
    const isLonger = lastSearch && words.length >= lastSearch.words.length;
    return isLonger && lastSearch.words.every((word, at) => words[at].startsWith(word)) ? lastSearch.found : undefined;
  }

  /** Returns the rarest of the texts that a record must contain, measured on the first page. */
  function rarest(tests) {
    const parts = tests.filter(({ channels }) => !channels.length).flatMap(({ word }) => word.split("_").filter(Boolean));
    const sample = searchIndex().pages[0]?.lower ?? "";
    const counted = parts.map((part) => [sample.split(part).length, part]);
    return counted.reduce((one, other) => (other[0] < one[0] ? other : one), [Infinity, ""])[1];
  }

  /** Calls `visit` for each campaign whose record has a text, until it returns true. */
  function scanRecords(text, visit) {
    for (const page of searchIndex().pages) {
      for (let from = page.lower.indexOf(text); from >= 0 && from < page.lower.length; ) {
        if (visit(page, lastUpTo(page.starts, from))) return true;
        from = page.lower.indexOf(text, recordEnd(page.lower, from) + 2);
      }
    }
    return false;
  }

  /** Returns a function that compares a lead tag of a campaign with the words. */
  function leadMatcher(campaign, words, channels) {
    return (lead) => {
      const { tag, channel, label, offers } = lead;
      const text = [tag, label, ...codesOn(campaign, withVariant(lead)), ...offers].join("\n").toLowerCase();
      return words.every((word) => campaign.name.includes(word) || text.includes(word) || channels.get(word).includes(channel));
    };
  }

  // Similar lead tags, compared part by part

  function answerSimilarTag(tag) {
    const [id, cta, channel] = tag.split("_");
    const limit = Math.max(2, id.length >> 2);
    const away = (one) => distance(one, id, limit);
    const ids = nearest([...searchIndex().byId.keys()], away, 3, limit);
    const numbers = new Set(ids.map((one) => searchIndex().byId.get(one)));
    const campaigns = [...numbers].map(campaignAt);
    const leads = nearest(campaigns.flatMap((one) => leadsOf(one)), (lead) => distance(lead.cta, cta) + distance(lead.channel, channel), 4);
    const isNamed = ids.length > 0 && ids[0] === id;
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

  return {
    LIMITS, answer, campaignsNamed, channelLabel, contentWith, findCampaign, findLead, isPublished, landingPage,
    prepare: searchIndex,
  };
};
