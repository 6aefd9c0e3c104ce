// What a page offers ends in the minute that its built HTML names, also between two builds: `data-until` is an instant,
// and stands on a link or around a whole card. Nothing moves: links lose their address, controls are switched off, a
// code is struck out character by character, and where the end was named in advance it is named as past.
(() => {
  // The longest delay that timers take: 2 to the power of 31 milliseconds, less one.
  const LONGEST = 2147483647;
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
      // The arrival script would write a code there again.
      part.removeAttribute("data-codes");
      if (part.matches("a[data-ended]")) part.title = part.dataset.ended;
      else if (part.dataset.ended) part.textContent = part.dataset.ended;
    }
  };
  const look = () => {
    const now = Date.now();
    let next = Infinity;
    for (const offer of document.querySelectorAll("[data-until]")) {
      const until = Date.parse(offer.dataset.until);
      if (until > now) next = Math.min(next, until);
      else if (!offer.matches(".has-ended")) end(offer);
    }
    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(look, Math.min(next - now, LONGEST));
  };
  look();
  addEventListener("pageshow", ({ persisted }) => persisted && look());
  // Timers stand still while a computer sleeps.
  document.addEventListener("visibilitychange", look);
})();
