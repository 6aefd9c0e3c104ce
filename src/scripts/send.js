// Sends lead forms. If sending fails, the form keeps its input and shows a message. Without this script, the browser
// sends the form. `data-send` names the way to send:
//
//   post     to another host: checks that the host responds, then lets the browser post the form
//   fetch    to the site's own host: the status of the response shows success or failure
//
// `others` contains ways that only some destinations need, by name. Each is a function of the form, its address, and
// the functions `post` and `field` of this file. Only sites with such a destination load them.
//
// One listener on the document also handles forms that are added later. Forms without `data-send` remain unchanged.

((others) => {
  const TIMEOUT = 15_000;

  /** A field by our own name. If the destination's name differs, ours is in `data-field`. */
  const field = (form, name) => form.querySelector(`[data-field=${name}]`) ?? form.elements[name];

  /** Fails if there is no response in time. */
  const request = async (url, options) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT);
    try {
      return await fetch(url, { ...options, signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  };

  const post = async (form, url, options) => {
    const { ok, status } = await request(url, { ...options, method: "POST" });
    if (!ok) throw status;
    // Read only now, because the analytics script changes it while the form's data are collected.
    location.assign(field(form, "redirect").value);
  };

  // The form that the browser posts. Chromium and WebKit block a redirect to a host that the policy does not list. The
  // destination has the lead by then, so the visitor is led to the thank-you page.
  let posted;
  addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    const thanks = posted && effectiveDirective == "form-action" && field(posted, "redirect")?.value;
    if (thanks) location.assign(thanks);
  });

  const ways = {
    ...others,

    post: async (form, url) => {
      // Scripts cannot read another host's response to a form. They can check beforehand whether the host responds.
      await request(url, { method: "HEAD", mode: "no-cors", cache: "no-store" });
      posted = form;
      HTMLFormElement.prototype.submit.call(form);
      // The page stays open if the host responds without a page, or if the visitor stops loading. A script can detect
      // that only by the time passed. The delay is long, because a lead sent twice is worse than a disabled button.
      setTimeout(release, 4 * TIMEOUT, form);
    },

    fetch: (form, url) => {
      const body = new URLSearchParams(new FormData(form));
      return url.origin == location.origin ? post(form, url, { body }) : ways.post(form, url);
    },
  };

  const release = (form) => form.removeAttribute("aria-busy");

  const show = (form, isFailure) => {
    const message = form.querySelector("[role=alert]");
    if (!message) return;
    // Screen readers announce an alert when it becomes visible. The focus does not move.
    message.hidden = !isFailure;
    if (isFailure) message.scrollIntoView({ block: "nearest" });
  };

  addEventListener("submit", async (event) => {
    const form = event.target;
    const send = ways[form.dataset.send];
    if (!send || event.defaultPrevented) return;
    event.preventDefault();
    // Double clicks send once.
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    show(form, false);
    try {
      // Only bots see this field. If a person fills it in after all, the message names an address to write to.
      if (field(form, "leave_empty")?.value) throw 0;
      await send(form, new URL(form.getAttribute("action"), location), { post, field });
    } catch {
      release(form);
      show(form, true);
    }
  });

  // Browsers tick a box again after a reload, in a restored tab and after going back, also if the page has another consent
  // by now. The history entry keeps the consents that the page showed.
  const before = history.state?.taglineConsents;
  const compare = (event) => {
    const shown = [];
    for (const box of document.querySelectorAll("form[data-send] [data-consent]")) {
      const text = box.dataset.consent + " " + box.labels[0]?.textContent;
      if (event?.type != "hashchange" && before && before[shown.length] != text) box.checked = false;
      shown.push(text);
    }
    if (shown.length) history.replaceState({ ...history.state, taglineConsents: shown }, "");
  };
  // Firefox restores forms before this script runs, others after it.
  compare();
  // A jump within the page adds a history entry.
  addEventListener("hashchange", compare);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return compare(event);
    // On the way back from the thank-you page, browsers restore the page as it was.
    document.querySelectorAll("form[data-send]").forEach(release);
  });
});
