// Sends lead forms, and says by the form itself where that failed: nothing that was typed is lost. A form without this
// script is sent by the browser; it has `data-send`, which says how:
//
//   post     to another host, by the browser itself, once it is known that something answers there
//   fetch    to the site's own host; the status says whether it arrived
//
// and others that a destination needs, which only sites with such a destination load: `others` has them by name, each a
// function of the form, its address, and `post` and `field` of this file.
//
// One listener for the whole document, so that forms which are added later are sent, too, and no other form is touched.

((others) => {
  const PATIENCE = 15_000;

  /** A field by our name for it: where the destination has another one, or none, ours is in `data-field`. */
  const field = (form, name) => form.querySelector(`[data-field=${name}]`) ?? form.elements[name];

  /** Fails where nothing answers, or not in time. */
  const ask = async (url, options) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(url, { ...options, signal: patience.signal });
    } finally {
      clearTimeout(timer);
    }
  };

  const post = async (form, url, options) => {
    const { ok, status } = await ask(url, { ...options, method: "POST" });
    if (!ok) throw status;
    // Read as late as this: where the site has analytics, its script writes to it while the form's data are collected.
    location.assign(field(form, "redirect").value);
  };

  const ways = {
    ...others,

    post: async (form, url) => {
      // What another host answers to a form cannot be read. That it answers at all can be asked before.
      await ask(url, { method: "HEAD", mode: "no-cors", cache: "no-store" });
      HTMLFormElement.prototype.submit.call(form);
      // A host that answers without a page, or a visitor who stops loading, leaves the form where it is. That can only be
      // guessed by the time that has passed, and a lead that is sent twice is worse than a button that waits.
      setTimeout(release, 4 * PATIENCE, form);
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
    // It is an alert: screen readers say it once it is no longer hidden, and the focus stays where it is.
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
      // Only machines see the field that is to stay empty. Should it be a person after all, the message says whom to ask.
      if (field(form, "leave_empty")?.value) throw 0;
      await send(form, new URL(form.getAttribute("action"), location), { post, field });
    } catch {
      release(form);
      show(form, true);
    }
  });

  // Back from the thank-you page: the browser shows the page as it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) document.querySelectorAll("form[data-send]").forEach(release);
  });
});
