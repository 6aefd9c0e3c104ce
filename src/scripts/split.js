// Sends a share of new visitors on to another version of the page, before anything is painted. It is inline, in the head of
// pages that are split:
//
//   data-shares  the versions, each with the per cent of new visitors up to and with it: `b50 c70`
//   data-to      the address of a version, with `*` for its letter
//   data-keep    the storage in which `versions.js` keeps the visitor's version: `sessionStorage`, `localStorage` or none
//
// The address is the memory: a version has an address of its own. With storage, visitors get the same version on their next
// visit, for 90 days.
(() => {
  const { shares, to, keep } = document.currentScript.dataset;
  const [start, end] = to.split("*");
  const { search, hash } = location;
  const point = Math.random() * 100;
  let kept = "";
  // Missing and blocked storage counts as empty. 7776e6 milliseconds are 90 days.
  try {
    kept = self[keep][start] || kept;
  } catch {}
  const isKnown = Date.now() - kept.slice(1) < 7776e6 && ("a" + shares).includes(kept[0]);
  const [version] = isKnown ? kept : shares.split(" ").find((share) => share.slice(1) > point) || "a";
  if (version > "a") {
    document.documentElement.style.display = "none";
    // Tells the other scripts that this page is left.
    self.taglineMoved = 1;
    location.replace(start + version + end + (search ? search + "&" : "?") + "_referrer=" + encodeURIComponent(document.referrer) + hash);
  }
})();
