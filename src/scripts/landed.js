// After the split of a campaign's visitors, the referrer is the page that they were sent on from. The script for the split
// passes the one before as the last parameter. It becomes the referrer again, for all scripts, and leaves the address.
(() => {
  const [search, referrer] = location.search.split(/[?&]_referrer=/);
  if (referrer == null) return;
  try {
    Object.defineProperty(document, "referrer", { value: decodeURIComponent(referrer) });
  } catch {}
  history.replaceState(history.state, "", location.pathname + search + location.hash);
})();
