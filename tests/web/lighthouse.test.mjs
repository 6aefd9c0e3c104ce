// Lighthouse gives pages 100 in each of its four categories, on a phone and on a wide screen, light and dark.
//
// By default it audits the largest page of each layout. `npm run lighthouse:all` audits every page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";
import { ARGUMENTS, chromiumPath } from "./support/browser.mjs";
import { freePort, serve } from "./support/server.mjs";
import { addressesOf, build, isShortLink } from "./support/site.mjs";

const EVERY_PAGE = process.env.LIGHTHOUSE_PAGES === "all";

const LAYOUTS = ["landing", "channel page", "page", "article", "ended", "thanks", "404"];

/**
 * Lighthouse calculates speed from the time that the machine took. Other programs can only lower the score, so the best
 * of several tries is the closest to the page. With one of two cores busy, every other run loses points.
 */
const TRIES = 12;

/** Pages share one renderer process, so that the start of another one does not count as work of the page. */
const ONE_PROCESS = ["--renderer-process-limit=1", "--disable-features=SpareRendererForSitePerProcess"];

const SCREENS = [
  ["phone", undefined],
  ["wide screen", desktopConfig],
];

/** The values of Chromium's setting. */
const SCHEMES = [
  ["light", 1],
  ["dark", 0],
];

let site;
let addresses;

before(async () => {
  site = await serve();
  site.folder = build({ baseUrl: site.url });
  const pages = distinctPages(site.folder);
  const largest = largestPages(site.folder, pages);
  assert.deepEqual([...largest.keys()].sort(), [...LAYOUTS].sort());
  addresses = EVERY_PAGE ? pages : [...largest.values()].map(({ address }) => address);
});

after(() => site?.close());

/** All pages, but only one channel page per campaign: they differ in nothing but titles and lead tags. */
function distinctPages(folder) {
  const campaigns = new Set();
  return addressesOf(folder).filter((address) => {
    const [campaign, channel] = address.split("via/");
    if (isShortLink(address) || (channel && campaigns.has(campaign))) return false;
    if (channel) campaigns.add(campaign);
    return true;
  });
}

/** The largest page of each layout, by layout. A channel page has links and scripts that its landing page has not. */
function largestPages(folder, pages) {
  const largest = new Map();
  for (const address of pages) {
    const html = readFileSync(path.join(folder, address.replace(/\/$/, "/index.html")), "utf8");
    const [, layout] = /<body class="?layout-(\w+)/.exec(html);
    const name = address.includes("/via/") && layout === "landing" ? "channel page" : layout;
    if (html.length > (largest.get(name)?.size ?? 0)) largest.set(name, { address, size: html.length });
  }
  return largest;
}

/** One result. If the start of Chromium's trace is missing, Lighthouse is run again. */
async function recorded(url, port, config) {
  let lhr;
  for (let runs = 0; runs < 5; runs++) {
    ({ lhr } = await lighthouse(url, { port, output: "json", logLevel: "error" }, config));
    if (lhr.runtimeError?.code !== "NO_NAVSTART") break;
  }
  assert.equal(lhr.runtimeError, undefined);
  return lhr;
}

/** The points that a page lost, by category. */
function lostPoints(address, { categories, audits }) {
  const below = Object.values(categories).filter(({ score }) => score < 1);
  return below.map(({ id, score, auditRefs }) => {
    const why = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1);
    const each = why.map(({ id }) => `${audits[id].title} ${audits[id].displayValue ?? ""}`.trim());
    return { id, text: `${address}: ${id} ${Math.round(score * 100)}: ${each.join("; ")}` };
  });
}

/** The problems of a page, and the number of runs. Only the speed differs between runs, so only it is measured again. */
async function audited(address, port, config) {
  const url = new URL(address, site.url).href;
  const isSpeed = ({ id }) => id === "performance";
  const lost = lostPoints(address, await recorded(url, port, config));
  let slow = lost.filter(isSpeed);
  let tries = 1;
  const speedOnly = { ...config, settings: { ...config.settings, onlyCategories: ["performance"] } };
  for (; slow.length > 0 && tries < TRIES; tries++) {
    slow = lostPoints(address, await recorded(url, port, speedOnly));
  }
  return { problems: [...lost.filter((points) => !isSpeed(points)), ...slow].map(({ text }) => text), tries };
}

for (const [scheme, preferred] of SCHEMES) {
  for (const [screen, config] of SCREENS) {
    test(`pages score 100 in all four categories, ${screen}, ${scheme}`, async (t) => {
      const port = await freePort();
      const browser = await chromium.launch({
        executablePath: chromiumPath(),
        args: [
          ...ARGUMENTS,
          ...ONE_PROCESS,
          `--remote-debugging-port=${port}`,
          `--blink-settings=preferredColorScheme=${preferred}`,
        ],
      });
      t.after(() => browser.close());
      const problems = [];
      let runs = 0;
      for (const address of addresses) {
        // Pages with `noindex` lose SEO points for nothing else.
        const html = await (await fetch(new URL(address, site.url))).text();
        const skipAudits = /<meta name="?robots"? content="?noindex/.test(html) ? ["is-crawlable"] : [];
        const base = config ?? { extends: "lighthouse:default" };
        const settings = { ...base.settings, skipAudits };
        const audit = await audited(address, port, { ...base, settings });
        problems.push(...audit.problems);
        runs += audit.tries;
      }
      t.diagnostic(`${addresses.length} pages in ${runs} runs`);
      assert.deepEqual(problems, []);
    });
  }
}
