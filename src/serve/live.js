// `tagline serve` adds this script to every page. It updates the page when it has changed, displays the site's errors and
// warnings, and stores submitted forms on the server instead of sending them.

(() => {
  const { page } = document.currentScript.dataset;
  const SCROLL = "tagline-scroll";

  // ---- Updates

  /** Restores the scroll position after a reload. Browsers do so too, but not on every page. */
  const restoreScroll = () => {
    try {
      const { path, top } = JSON.parse(sessionStorage.getItem(SCROLL) ?? "{}");
      sessionStorage.removeItem(SCROLL);
      if (path === location.pathname) scrollTo({ top, behavior: "instant" });
    } catch {
      // Without storage, the browser's own position has to do.
    }
  };

  const reload = () => {
    try {
      sessionStorage.setItem(SCROLL, JSON.stringify({ path: location.pathname, top: scrollY }));
    } catch {
      // The position is lost without storage.
    }
    // The browser would restore its own position later, at another text if the page has changed above it.
    history.scrollRestoration = "manual";
    location.reload();
  };

  const STYLES = "link[rel=stylesheet], style";
  const styles = (of) => [...of.querySelectorAll(STYLES)].filter((style) => !style.closest("tagline-live"));

  /** Parses a page and separates its styles. The tag of this script is removed, because it contains a hash. */
  const withoutStyles = (text) => {
    const parsed = new DOMParser().parseFromString(text, "text/html");
    const removed = styles(parsed);
    for (const element of [...removed, ...parsed.querySelectorAll("script[src='/__tagline/live.js']")]) element.remove();
    return { styles: removed, html: parsed.documentElement.outerHTML };
  };

  /** The HTML of this page as the server sent it. The document itself may have been changed by scripts. */
  let original = "";
  const fetchPage = async (path = location.pathname + location.search) =>
    (await nativeFetch(path, { cache: "no-store", headers: { accept: "text/html" } })).text();

  /** Replaces the styles and returns true, if nothing else has changed. */
  const swapStyles = (text) => {
    const [before, after] = [withoutStyles(original), withoutStyles(text)];
    const present = styles(document);
    if (before.html !== after.html || present.length !== after.styles.length) return false;
    after.styles.forEach((style, index) => {
      if (style.outerHTML === before.styles[index]?.outerHTML) return;
      const fresh = document.importNode(style, true);
      // The old style stays until the new one has loaded, to avoid flicker.
      if (fresh.localName === "link") fresh.addEventListener("load", () => present[index].remove(), { once: true });
      present[index].after(fresh);
      if (fresh.localName !== "link") present[index].remove();
    });
    original = text;
    return true;
  };

  /** The hash of the page that is displayed. */
  let displayed = page;
  const update = async () => {
    try {
      const text = await fetchPage();
      const hash = text.match(/<script src="\/__tagline\/live\.js" data-page="(\w+)"/)?.[1];
      if (hash === displayed) return;
      if (original && swapStyles(text)) {
        displayed = hash;
        listen();
        return;
      }
    } catch {
      // The server is restarting. The next event triggers another update.
      return;
    }
    reload();
  };

  let source;
  const listen = () => {
    source?.close();
    const query = new URLSearchParams({ path: location.pathname, page: displayed });
    source = new EventSource(`/__tagline/events?${query}`);
    source.addEventListener("news", ({ data }) => {
      const status = JSON.parse(data);
      show(status);
      if (status.is_changed) update();
    });
  };

  // Browsers open at most six connections per host, so hidden tabs close theirs.
  document.addEventListener("visibilitychange", () => (document.hidden ? source?.close() : listen()));
  addEventListener("pageshow", ({ persisted }) => persisted && listen());

  // ---- Problems

  const host = document.createElement("tagline-live");
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>
    :host { all: initial; color-scheme: light dark; }
    * { box-sizing: border-box; font: 15px/1.45 system-ui, sans-serif; }
    section { position: fixed; z-index: 2147483647; inset: auto 0 0; max-height: min(70vh, 44rem); overflow: auto; padding: 1rem 1.25rem 1.25rem; background: #1c1414; color: #f6eeee; border-top: .3rem solid #ff6b5e; box-shadow: 0 -1rem 3rem rgb(0 0 0 / .4); }
    section.warnings { border-color: #f0b35e; }
    .top { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
    h1 { margin: 0; font-size: 17px; font-weight: 700; }
    p { margin: .25rem 0 .75rem; color: #d9c9c9; }
    pre { margin: 0 0 .75rem; padding: .75rem 1rem; overflow-x: auto; background: #2a1f1f; border-left: .25rem solid #ff6b5e; font: 13px/1.45 ui-monospace, monospace; white-space: pre; }
    pre span { display: block; font: inherit; }
    pre .message { white-space: pre-wrap; overflow-wrap: anywhere; }
    pre.warning { border-color: #f0b35e; }
    button { padding: .3rem .8rem; border: 1px solid currentColor; border-radius: 1rem; background: #1c1414; color: #f6eeee; cursor: pointer; }
    button:focus-visible { outline: 3px solid #7cc7f2; outline-offset: 2px; }
    .badge { position: fixed; z-index: 2147483647; inset: auto auto 1rem 1rem; }
    .note { position: fixed; z-index: 2147483647; inset: 1rem 1rem auto auto; max-width: min(24rem, 100vw - 2rem); padding: .75rem 1rem; border-radius: .5rem; background: #10281d; color: #eafaf1; box-shadow: 0 .5rem 2rem rgb(0 0 0 / .35); }
    .note a { color: #8fe3b5; }
    [hidden] { display: none; }
  </style><section role="alert" hidden><div class="top"><h1></h1><button type="button">Close</button></div><p></p><div class="problems"></div></section>
  <button type="button" class="badge" hidden></button><aside class="note" role="status" hidden></aside>`;
  const [section, badge, note] = ["section", ".badge", ".note"].map((selector) => root.querySelector(selector));

  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const open = (isOpen) => {
    section.hidden = !isOpen;
    badge.hidden = isOpen || !badge.textContent;
  };
  section.querySelector("button").addEventListener("click", () => open(false));
  badge.addEventListener("click", () => open(true));
  addEventListener("keydown", ({ key }) => key === "Escape" && !section.hidden && open(false));

  /** Messages may wrap. Source lines may not, because the markers are below them. */
  const line = (text) => {
    const span = document.createElement("span");
    if (!/^ *\d* *\|/.test(text)) span.className = "message";
    span.textContent = text;
    return span;
  };

  const SENTENCES = {
    current: "This page is up to date.",
    "last-good": "You see the last version without errors.",
    errors: "The page appears when its errors are fixed.",
  };

  let lastProblems = "";
  const show = ({ problems, shown }) => {
    const texts = JSON.stringify([problems, shown]);
    if (texts === lastProblems) return;
    lastProblems = texts;
    const isError = ({ severity }) => severity === "error";
    const errors = problems.filter(isError).length;
    const concernsPage = problems.some((problem) => isError(problem) && !problem.is_elsewhere);
    const warnings = problems.length - errors;
    const counts = [errors && count(errors, "error"), warnings && count(warnings, "warning")].filter(Boolean).join(", ");
    section.classList.toggle("warnings", errors === 0);
    section.querySelector("h1").textContent = counts;
    section.querySelector("p").textContent = SENTENCES[shown];
    section.querySelector(".problems").replaceChildren(
      ...problems.map(({ severity, text }) => {
        const pre = document.createElement("pre");
        pre.className = severity;
        pre.tabIndex = 0;
        pre.append(...text.split("\n").map(line));
        return pre;
      }),
    );
    badge.textContent = counts;
    // Errors open the panel. Warnings and errors of other pages show only the badge.
    open(concernsPage || shown !== "current");
  };

  // ---- Test leads

  const nativeFetch = window.fetch.bind(window);
  /** The form that is being submitted. */
  let submittedForm;

  /** Stores a request on the server instead of sending it. */
  const store = async (request) => {
    const field = (name) =>
      submittedForm?.querySelector(`[data-field=${name}]`) ?? submittedForm?.elements[name];
    const lead = { ...request, page: location.pathname, lead_tag: field("lead_tag")?.value ?? "" };
    const body = JSON.stringify(lead);
    const headers = { "content-type": "application/json" };
    const { number } = await (await nativeFetch("/__tagline/leads", { method: "POST", headers, body })).json();
    try {
      sessionStorage.setItem("tagline-test-lead", number);
    } catch {
      // Without storage, the next page shows no note.
    }
    return number;
  };

  /** Opens the thank-you page of a form on this server, whatever host the form names. */
  const openThanks = (form) => {
    const url = (form.querySelector("[data-field=redirect]") ?? form.elements.redirect)?.value;
    if (!url) return location.assign("/__tagline/leads");
    const { pathname, search, hash } = new URL(url, location);
    location.assign(pathname + search + hash);
  };

  const storeForm = async (form) => {
    submittedForm = form;
    const body = new URLSearchParams(new FormData(form)).toString();
    const url = new URL(form.getAttribute("action") || location.href, location).href;
    await store({ method: "POST", url, content_type: "application/x-www-form-urlencoded", body });
    openThanks(form);
  };

  // The site's own scripts run unchanged, so the stored request is the one that they would send.
  window.fetch = async (target, options = {}) => {
    const request = new Request(target, options);
    const url = new URL(request.url);
    const isOwn = url.origin === location.origin;
    if (request.method === "GET" || (isOwn && url.pathname.startsWith("/__tagline/"))) return nativeFetch(target, options);
    if (request.method === "HEAD") return isOwn ? nativeFetch(target, options) : new Response();
    const content_type = request.headers.get("content-type") ?? "";
    await store({ method: request.method, url: request.url, content_type, body: await request.text() });
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };
  const isPost = (form) => form.method === "post";
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    return isPost(this) ? storeForm(this) : submit.call(this);
  };
  addEventListener("submit", ({ target }) => (submittedForm = target), { capture: true });
  addEventListener("submit", (event) => {
    if (event.defaultPrevented || !isPost(event.target)) return;
    event.preventDefault();
    storeForm(event.target);
  });

  const showNote = () => {
    let number;
    try {
      number = sessionStorage.getItem("tagline-test-lead");
      sessionStorage.removeItem("tagline-test-lead");
    } catch {
      return;
    }
    if (!number) return;
    note.innerHTML = `This lead was not sent. <a href="/__tagline/leads#lead-${Number(number)}">See what would have been sent</a>`;
    note.hidden = false;
  };

  document.documentElement.append(host);
  restoreScroll();
  showNote();
  fetchPage().then((text) => {
    // If the page has changed meanwhile, the first event triggers an update.
    if (text.includes(`data-page="${page}"`)) original = text;
  }, () => {});
  if (!document.hidden) listen();
})();
