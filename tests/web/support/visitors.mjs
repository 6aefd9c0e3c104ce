// Visitors who reload pages of a published site without a pause: one who only fetches files, and one with a browser.

import { tab } from "./browser.mjs";
import { PAGES, consistentRelease, visit } from "./published.mjs";

/**
 * Starts a visitor. `look()` visits once, returns the release that was shown, and throws if a file is missing or of another release.
 * `releases()` has those that may be shown at that moment. `visits` returns the number of visits so far, `stop` also what went wrong.
 */
export function reloading(look, releases) {
  let stopped = false;
  let visits = 0;
  const errors = [];
  const visiting = (async () => {
    while (!stopped) {
      // A publish may begin or end during the visit.
      const before = releases();
      try {
        const release = await look();
        const expected = new Set([...before, ...releases()]);
        if (!expected.has(release)) errors.push(`release ${release} was shown, not ${[...expected].join(" or ")}`);
        visits++;
      } catch (error) {
        errors.push(error.message);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    visits: () => visits,
    stop: async () => {
      stopped = true;
      await visiting;
      return { errors, visits };
    },
  };
}

/** A visitor who fetches a page and what it shows. */
export const fetching = (get) => () => visit(get);

/** A visitor with a tab of a browser. `url` is the address of the site with a slash at the end. */
export async function browsing(browser, url, options = {}) {
  const page = await tab(browser, options);
  // Pictures are named by their content, so the text of an address never changes, and the browser may show it from its cache.
  const pictures = new Map();
  let [missing, pending] = [[], []];
  page.on("response", (response) => {
    if (response.status() >= 400) missing.push(`${response.url()} answers ${response.status()}`);
    if (response.ok() && response.url().endsWith(".svg")) {
      const read = response.text().then((text) => pictures.set(response.url(), text));
      pending.push(read.catch(() => {}));
    }
  });
  page.on("requestfailed", (request) => {
    // A reload cancels what the page before was still loading.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") missing.push(`${request.url()}: ${why}`);
  });
  let visits = 0;
  const look = async () => {
    [missing, pending, page.complaints] = [[], [], []];
    const address = new URL(PAGES[Math.floor(visits++ / 5) % PAGES.length], url).href;
    // Four of five are reloads, for which a browser asks whether the page has changed.
    if (page.url() === address) await page.reload({ waitUntil: "load" });
    else await page.goto(address, { waitUntil: "load" });
    await Promise.all(pending);
    if (missing.length > 0) throw new Error(missing.join("; "));
    const shown = await page.evaluate(() => ({
      text: document.body.innerText,
      pictures: [...document.images].map(({ currentSrc, naturalWidth }) => ({ currentSrc, naturalWidth })),
      // A stylesheet that did not load has no rules.
      styles: [...document.styleSheets].map((sheet) => sheet.cssRules.length),
    }));
    const broken = shown.pictures.filter(({ naturalWidth }) => naturalWidth === 0);
    if (broken.length > 0 || shown.styles.includes(0)) throw new Error(`${address} shows ${JSON.stringify(shown)}`);
    if (page.complaints.length > 0) throw new Error(page.complaints.join("; "));
    const texts = shown.pictures.filter(({ currentSrc }) => /\/mark\./.test(currentSrc)).map(({ currentSrc }) => [currentSrc, pictures.get(currentSrc)]);
    return consistentRelease(address, shown.text, texts);
  };
  return { look, close: () => page.context().close() };
}
