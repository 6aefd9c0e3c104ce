// Pages are small: HTML, styles and scripts together, compressed as servers do. The first view requests nothing but
// images.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { addressesOf, build, isShortLink } from "./support/site.mjs";

/** The limit for a page with its scripts, in gzipped bytes. */
const MOST = 14_000;

let browser;
let site;

before(async () => {
  site = await serve(build());
  browser = await launch();
});

after(() => Promise.all([browser, site].map((opened) => opened?.close())));

const gzipped = (file) => gzipSync(readFileSync(path.join(site.folder, file)), { level: 9 }).length;

test(`every page of the example, with its styles and scripts, has at most ${MOST} bytes compressed`, (t) => {
  const heavy = [];
  for (const address of addressesOf(site.folder).filter((address) => !isShortLink(address))) {
    const file = address.endsWith("/") ? `${address}index.html` : address;
    const html = readFileSync(path.join(site.folder, file), "utf8");
    const scripts = [...html.matchAll(/<script src="?([^" >]+)/g)].map(([, src]) => src);
    assert.ok(scripts.length > 0, address);
    const bytes = gzipped(file) + scripts.reduce((sum, src) => sum + gzipped(src), 0);
    t.diagnostic(`${address} ${bytes} bytes, ${scripts.length} scripts`);
    if (bytes > MOST) heavy.push(`${address}: ${bytes}`);
  }
  assert.deepEqual(heavy, []);
});

test("only images load before a page is shown, and nothing moves", async (t) => {
  const page = await tab(browser);
  t.after(() => page.context().close());
  await page.addInitScript(() => {
    self.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (self.shifted += value))).observe({
      type: "layout-shift",
      buffered: true,
    });
  });
  for (const address of ["/", "/spring-hiring/", "/hiring-guide/", "/free-trial/", "/articles/marketing-vs-sales/"]) {
    await page.goto(new URL(address, site.url).href, { waitUntil: "load" });
    const blocking = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter((entry) => entry.renderBlockingStatus === "blocking")
        .map(({ name }) => name),
    );
    assert.deepEqual(blocking, [], address);
    assert.equal(await page.locator("link[rel=stylesheet], script[src]:not([defer])").count(), 0, address);
    await page.mouse.wheel(0, 2000);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => self.shifted), 0, address);
  }
});
