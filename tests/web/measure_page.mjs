// Prints the size and the audit results of pages of any built site: `node tests/web/measure_page.mjs FOLDER [/PAGE/]…`.
// Compares themes of Tagline and others in one run. The output is one JSON object per page.

import { gzipSync } from "node:zlib";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { findings } from "./support/axe.mjs";
import { ARGUMENTS, chromiumPath, tab } from "./support/browser.mjs";
import { checked } from "./support/checker.mjs";
import { freePort, serve } from "./support/server.mjs";

const [folder, ...pages] = process.argv.slice(2);
const site = await serve(folder);
const port = await freePort();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...ARGUMENTS, `--remote-debugging-port=${port}`] });

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What a page loads without scrolling: the number of requests, and the bytes before it can be shown. */
async function weight(url) {
  const page = await tab(browser);
  const loaded = [];
  page.on("response", (response) => loaded.push(response));
  await page.goto(url, { waitUntil: "networkidle" });
  const bytes = { document: 0, stylesheet: 0, script: 0 };
  for (const response of loaded) {
    const kind = response.request().resourceType();
    if (kind in bytes && response.ok()) bytes[kind] += gzipped(await response.body());
  }
  await page.context().close();
  return { requests: loaded.length, elsewhere: page.elsewhere.length, bytes };
}

/** The four scores on a phone, and the milliseconds until the largest text or picture is painted, from the run with the median of five. */
async function scores(url) {
  const runs = [];
  for (let run = 0; run < 5; run++) {
    const { lhr } = await lighthouse(url, { port, output: "json", logLevel: "error" });
    const points = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
    runs.push({ ...Object.fromEntries(points), lcp: Math.round(lhr.audits["largest-contentful-paint"].numericValue) });
  }
  return runs.sort((one, other) => one.lcp - other.lcp)[2];
}

for (const address of pages.length ? pages : ["/"]) {
  const url = new URL(address, site.url).href;
  const page = await tab(browser);
  const inAxe = await findings(page, url);
  await page.context().close();
  const inChecker = checked(folder, [`${address.slice(1)}index.html`], "--html");
  console.log(JSON.stringify({
    page: address,
    ...(await weight(url)),
    lighthouse: await scores(url),
    axe: [...new Set(inAxe.map((finding) => finding.split(": ")[1]))],
    w3c: inChecker.length,
  }));
}

await browser.close();
await site.close();
