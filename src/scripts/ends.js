// Ends offers at the minute that the HTML names, without a new build. `data-until` is an instant, on a link or on a
// whole card. The layout does not change: links lose their address, controls are disabled, the characters of a code are
// replaced, and texts and titles change to `data-ended`.
(() => {
  // The maximum delay of timers: 2^31 - 1 milliseconds.
  const MAX_DELAY = 2147483647;
  let timer;
  const end = (offer) => {
    offer.classList.add("has-ended");
    for (const part of [offer, ...offer.querySelectorAll("*")]) {
      if (part.matches("a[data-lead-tag]")) {
        part.removeAttribute("href");
        part.setAttribute("aria-disabled", "true");
      }
      if (part.matches("button, input, select, textarea")) part.disabled = true;
      if (part.matches("code")) part.textContent = part.textContent.replace(/\S/gu, "–");
      // Otherwise the arrival script would write a code again.
      part.removeAttribute("data-codes");
      if (part.matches("a[data-ended]")) part.title = part.dataset.ended;
      else if (part.dataset.ended) part.textContent = part.dataset.ended;
    }
  };
  const update = () => {
    const now = Date.now();
    let next = Infinity;
    for (const offer of document.querySelectorAll("[data-until]")) {
      const until = Date.parse(offer.dataset.until);
      if (until > now) next = Math.min(next, until);
      else if (!offer.matches(".has-ended")) end(offer);
    }
    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(update, Math.min(next - now, MAX_DELAY));
  };
  update();
  addEventListener("pageshow", ({ persisted }) => persisted && update());
  // Timers stop while a computer sleeps.
  document.addEventListener("visibilitychange", update);
})();
