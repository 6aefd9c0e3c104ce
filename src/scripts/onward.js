// A page that only leads on to another takes along what it was asked with: an old address, a short link.
(() => {
  const { to } = document.currentScript.dataset;
  const query = location.search.slice(1);
  location.replace(to + (query && (to.includes("?") ? "&" : "?") + query) + location.hash);
})();
