// The search box, the copy buttons and the keyboard shortcuts of the lead desk. Opening a card needs only desk.css.
// Not a module, so that it also runs from the file system.
"use strict";
(() => {
  const LEAD = ".cards p[id]";
  // The general first messages.
  const SHARED = ".cards > .first";

  const byId = (id) => document.getElementById(id);
  const [input, results, status, filter] = ["search", "results", "status", "filter"].map(byId);
  const data = window.deskData ?? JSON.parse(byId("desk_data")?.textContent ?? "null");
  // The only page of a small desk has the notes already.
  if (data?.one_page) data.notes = [...document.querySelectorAll(".cards .notes")].map((notes) => [notes.closest("ul").id.replace("campaign_", ""), notes.textContent]);
  // Pages of lead cards have no search data.
  const search = data && window.createSearch(data);
  const { LIMITS, channelLabel } = search ?? {};
  const title = document.title;
  // The first name that was typed last. It is not stored.
  let firstName = "";
  document.documentElement.classList.add("scripted");
  // On a desk of several pages, these links have no address, which would be a tenth of all bytes.
  for (const link of document.querySelectorAll(`${LEAD} > a:not([href])`)) link.href = `#${link.textContent}`;
  for (const link of document.querySelectorAll(".cards h2 > a:not([href])")) link.href = `#${link.closest("ul").id}`;

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
  const campaignRow = ({ href, id, title, state, quote }) =>
    row(`${href}#campaign_${id}`, span("name", title), quote ? `In the notes: ${quote}` : id, span(`state ${state}`, state));
  const contentRow = ({ href, title, kind, campaign }) =>
    row(href, span("name", title), [kind, campaign].filter(Boolean).join(" · "));
  /** A row of the content library, as on the page. */
  const libraryRow = ({ href, title, kind, size, state, is_public, campaign, topics = [], summary }) => {
    const meta = span("meta", [size || kind[0].toUpperCase() + kind.slice(1), state].filter(Boolean).join(" · "));
    if (is_public === false) meta.append(" · ", element("strong", {}, "not on the web"));
    meta.append([campaign, ...topics].filter(Boolean).map((text) => ` · ${text}`).join(""));
    return element("li", {}, element("a", { href }, title), " ", meta, summary && span("summary", summary));
  };

  const formatNumber = (count) => count.toLocaleString("en");
  const countOf = (count, one) => (count ? `${formatNumber(count)} ${one}${count === 1 ? "" : "s"}` : "");

  function group(name, items = [], renderItem, limit, count = items.length) {
    if (!items.length) return [];
    const suffix = count > limit ? `: the first ${limit} of ${formatNumber(count)}` : "";
    return [element("h2", {}, name + suffix), element("ul", {}, ...items.slice(0, limit).map(renderItem))];
  }

  function summary({ leads, campaignCount, content, isCut }) {
    const more = isCut ? " More lead tags may fit: another word narrows it down." : "";
    const parts = [countOf(campaignCount, "campaign"), countOf(leads.length, "lead tag"), content.length && `${formatNumber(content.length)} to send`];
    return `Found ${parts.filter(Boolean).join(", ") || "nothing yet"}.${more}`;
  }

  function show() {
    if (!results) return undefined;
    const text = input.value.trim();
    results.hidden = !text;
    results.parentElement.classList.toggle("searching", Boolean(text));
    if (!text) return results.replaceChildren();
    const found = search.answer(text);
    const leads = group("Lead tags", found.leads, leadRow, LIMITS.leads);
    const campaigns = group("Campaigns", found.campaigns, campaignRow, LIMITS.campaigns, found.campaignCount);
    const content = group("To send", found.content, contentRow, LIMITS.content);
    // Campaigns that have the words only in their notes come after lead tags that have them.
    const isNamed = found.campaigns?.some(({ quote }) => !quote);
    status.textContent = found.message ?? summary(found);
    results.replaceChildren(
      element("p", { className: "answer" }, status.textContent),
      ...(found.message || text.includes("_") || !isNamed ? [...leads, ...campaigns] : [...campaigns, ...leads]),
      ...content,
    );
  }

  const inOneLine = (text) => text.replace(/\s+/g, " ");

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
    const isCard = target?.matches(LEAD);
    document.title = isCard ? `${wanted} · ${title}` : title;
    if (data) close();
    if (isCard) {
      addButtons(target);
      target.querySelector("a").focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  function openElsewhere(wanted) {
    const lead = search.findLead(wanted.toLowerCase());
    const campaign = lead?.campaign ?? search.findCampaign(wanted.replace(/^campaign_/, ""));
    const address = campaign && `${campaign.href}#${lead?.tag ?? `campaign_${campaign.id}`}`;
    if (address && address !== `#${wanted}`) return location.replace(address);
    input.value = inOneLine(wanted);
    show();
  }

  addEventListener("hashchange", open);
  if (location.hash) open();
  if (data && results) {
    input.addEventListener("input", show);
    // The input would join the lines of a pasted message without a space between them.
    input.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\r\n]/.test(pasted)) return;
      event.preventDefault();
      // Unlike `setRangeText`, this can be undone.
      document.execCommand("insertText", false, inOneLine(pasted));
    });
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Opens the only lead tag. If there are several, the person chooses.
      const leads = results.querySelectorAll("a:has(.lead-tag)");
      const first = leads[0] ?? results.querySelector("a");
      leads.length === 1 ? first.click() : first?.focus();
    });
    results.addEventListener("click", (event) => event.target.closest("a")?.hash === location.hash && close());
    if (!input.value) input.value = inOneLine(new URLSearchParams(location.search).get("q") ?? "");
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

  /** Adds the copy buttons to an open card, the lead tag to its mail link, and title and code to its first message. */
  function addButtons(card) {
    const { desk } = document.body.dataset;
    let copies = card.querySelector(".copies");
    if (!copies) {
      copies = span("copies", "");
      copies.append(copyButton("Copy lead tag", card.id), ...(desk ? [copyButton("Copy card’s address", `${desk}#${card.id}`)] : []));
      card.querySelector("a").after(copies);
    }
    fillMessages(card);
    for (const quote of quotesOf(card)) addMessageButtons(card, quote);
    for (const link of card.closest("ul").querySelectorAll("aside li > a[href^=http]")) button(link, "Copy link");
    for (const mail of document.querySelectorAll(".cards .follow a")) mail.search = `?subject=${encodeURIComponent(`Lead ${card.id}`)}`;
  }

  /** Returns what general messages have placeholders for: the campaign's title, and the code or the file. */
  function valuesOf(card) {
    const offer = card.nextElementSibling?.matches(".x") && card.nextElementSibling.querySelector(".did b");
    const shared = card.closest("li").querySelector(":scope > h3 + p > b");
    const [title, given] = [card.closest("ul").querySelector("h2"), offer || shared].map((node) => node?.textContent ?? "");
    return { title, code: given, file: given };
  }

  /** Returns the texts of the general first messages, and of those of the card's call to action. */
  function quotesOf(card) {
    const messages = [...document.querySelectorAll(SHARED), ...card.closest("li").querySelectorAll(".first")];
    return messages.map((message) => message.querySelector("blockquote"));
  }

  /** Fills the placeholders of the card's messages. Those of the notes have only the first name. */
  function fillMessages(card) {
    const values = valuesOf(card);
    for (const quote of quotesOf(card)) {
      quote.dataset.text ??= quote.textContent;
      const isGeneral = quote.parentElement.matches(SHARED);
      quote.textContent = quote.dataset.text.replace(/\{(title|code|file|first name)\}/g, (written, name) =>
        name === "first name" ? firstName || written : isGeneral ? values[name] : written,
      );
      setMessageLinks(quote);
    }
  }

  function setMessageLinks(quote) {
    const text = encodeURIComponent(quote.textContent);
    const [mail, chat] = quote.parentElement.querySelectorAll(".write a");
    if (!mail) return;
    mail.href = `mailto:?body=${text}`;
    chat.href = `https://wa.me/?text=${text}`;
  }

  function copyButton(label, text) {
    const node = element("button", { className: "copy", type: "button" }, label);
    node.dataset.label = label;
    if (text) node.dataset.copy = text;
    return node;
  }

  /** Adds a button after an element, unless it is there. It copies the element's URL or text. */
  function button(before, label) {
    if (!before.nextElementSibling?.matches(".copy")) before.after(copyButton(label));
  }

  /** Adds what opens a message in the mail program and in WhatsApp, and the field for the first name. */
  function addMessageButtons(card, quote) {
    button(quote, "Copy message");
    if (!quote.parentElement.querySelector(".write")) {
      const links = span("write", "");
      links.append(
        element("a", {}, "Write an e-mail"),
        element("a", { target: "_blank", rel: "noopener" }, "Write on WhatsApp"),
      );
      quote.nextElementSibling.after(links);
      if (quote.dataset.text.includes("{first name}")) quote.before(firstNameField());
    }
    const field = quote.parentElement.querySelector("input");
    if (field) Object.assign(field, { value: firstName, oninput: () => ((firstName = field.value.trim()), fillMessages(card)) });
    setMessageLinks(quote);
  }

  function firstNameField() {
    const input = element("input", { type: "text", autocomplete: "off", spellcheck: false });
    return element("label", { className: "first-name" }, "First name of the lead", input);
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
    if (document.querySelector(`${LEAD}:target`)) return;
    document.documentElement.classList.add("printing");
    for (const card of document.querySelectorAll(LEAD)) {
      fillMessages(card);
      const [cta, own] = [card.closest("li"), card.nextElementSibling?.matches(".x") ? card.nextElementSibling : undefined];
      const number = (card.matches(".own") ? card : cta).className.match(/\bm\d+/)?.[0];
      const message = own?.querySelector(".first") ?? (number ? document.querySelector(`${SHARED}.${number}`) : cta.querySelector(":scope > .first"));
      const [owner, promise] = [".follow", "p:nth-of-type(2)"].map((part) => card.closest("ul").querySelector(`:first-child > ${part}`));
      // A variant has its own words.
      const texts = `:scope > p:not([id]${own?.matches(".read") ? ", .said" : ""})`;
      const shared = [cta.querySelector("h3"), ...cta.querySelectorAll(texts), promise, owner ?? document.querySelector(".cards > .follow"), message];
      const printed = element("div", { className: "printed" }, ...shared.map((part) => part?.cloneNode(true)));
      (own ?? card).after(printed);
    }
  });

  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    for (const part of document.querySelectorAll(".printed")) part.remove();
  });

  // The filter of the content library

  filter?.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = byId("found");
    found.hidden = !words.length;
    found.parentElement.classList.toggle("filtered", words.length > 0);
    if (!words.length) return found.replaceChildren();
    const named = search.campaignsNamed(words.join(" "), words);
    const items = [...search.contentWith(words), ...named.campaigns.filter(search.isPublished).map(search.landingPage)];
    status.textContent = items.length > 30 ? `The first 30 of ${formatNumber(items.length - named.campaigns.length + named.count)}` : `${items.length || "Nothing"} found`;
    found.replaceChildren(
      element("p", { className: "answer" }, status.textContent),
      element("ul", {}, ...items.slice(0, 30).map(libraryRow)),
    );
    for (const link of found.querySelectorAll("li > a[href^=http]")) button(link, "Copy link");
  });
  filter?.form.addEventListener("submit", (event) => event.preventDefault());

  // The notice on an outdated copy of the desk

  const { until } = document.body.dataset;
  // In the time zone of this computer.
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const now = document.querySelector(`.runs time[datetime="${today}"]`);
  now?.classList.add("today");
  now?.prepend("today, ");
  if (until && today >= until) {
    const notice = `This desk has been out of date since ${until}: a campaign has started or ended, or a code has expired. Ask for the next one.`;
    document.querySelector("main").prepend(element("p", { className: "outdated" }, notice));
  }

  // Prepares the search before the first key stroke.
  (window.requestIdleCallback ?? setTimeout)(() => search?.prepare());
})();
