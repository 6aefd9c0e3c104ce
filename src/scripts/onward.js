// Redirects from an old address or a short link, and keeps the query and the anchor.
(() => {
  const { to } = document.currentScript.dataset;
  const query = location.search.slice(1);
  location.replace(to + (query && (to.includes("?") ? "&" : "?") + query) + location.hash);
})();
