// The scripts of the theme and its bar for phones, tested on the gallery.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, PHONE, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { build, copyOfGallery } from "./support/site.mjs";

let browser;
let site;

before(async () => {
  site = await serve();
  site.folder = build({ root: copyOfGallery(), baseUrl: site.url, locked: false });
  browser = await launch();
});

after(() => Promise.all([browser, site].map((opened) => opened?.close())));

async function open(t, address, { now, ...options } = {}) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  if (now) {
    await page.clock.install({ time: now - 60_000 });
    // The clock must not run while a busy machine loads the page.
    await page.clock.pauseAt(now);
  }
  await page.goto(new URL(address, site.url).href);
  return page;
}

test("a video requests nothing before a click, and then plays in the place of its image", async (t) => {
  const page = await open(t, "/");
  const screen = page.locator(".screen");
  await screen.scrollIntoViewIfNeeded();
  assert.deepEqual(page.elsewhere, []);
  const before = await screen.boundingBox();
  await page.getByRole("button", { name: /^Play the video: / }).click();
  const frame = screen.locator("iframe");
  assert.match(await frame.getAttribute("src"), /^https:\/\/www\.youtube-nocookie\.com\/embed\/dQw4w9WgXcQ\?autoplay=1$/);
  assert.ok(await frame.getAttribute("title"));
  const { width, height } = await screen.boundingBox();
  assert.deepEqual([width, height], [before.width, before.height]);
  assert.ok(page.elsewhere.every((url) => url.startsWith("https://www.youtube-nocookie.com/")), page.elsewhere.join());
});

test("without JavaScript a video is a link and a countdown shows the end", async (t) => {
  const page = await open(t, "/", { javaScriptEnabled: false });
  assert.match(await page.locator(".screen a").getAttribute("href"), /^https:\/\/www\.youtube\.com\//);
  assert.ok(await page.getByText("Until 30 April 2027", { exact: true }).isVisible());
});

test("a countdown counts to the end of the campaign and then says that it is over", async (t) => {
  // The end of 30 April in London, one hour ahead of UTC.
  const end = Date.parse("2027-04-30T23:00:00Z");
  const page = await open(t, "/", { now: end - ((26 * 60 + 1) * 60 + 5) * 1000 });
  const figures = () => page.locator(".clock b").allInnerTexts();
  assert.deepEqual(await figures(), ["1", "02", "01", "05"]);
  await page.clock.runFor(5000);
  assert.deepEqual(await figures(), ["1", "02", "01", "00"]);
  await page.clock.fastForward(end);
  await page.clock.runFor(2000);
  assert.deepEqual(await figures(), ["0", "00", "00", "00"]);
  assert.ok(await page.getByText("This offer has ended.").isVisible());
});

test("an open page loses the announcement at its end", async (t) => {
  const page = await open(t, "/text/", { now: Date.parse("2027-04-30T22:59:55Z") });
  const announcement = page.getByRole("complementary", { name: "Announcement" });
  assert.equal(await announcement.isVisible(), true);
  assert.equal(new URL(await announcement.getByRole("link").getAttribute("href"), site.url).hash, "#one-price-for-each-size");
  await page.clock.runFor(6000);
  assert.equal(await announcement.isVisible(), false);
});

test("the bar on a phone appears after the first screen and covers nothing at the end", async (t) => {
  const page = await open(t, "/", { viewport: PHONE, reducedMotion: "reduce" });
  const bar = page.locator(".bar");
  const top = async () => (await bar.boundingBox()).y;
  assert.ok((await top()) >= PHONE.height, "not on the first screen");
  await page.evaluate(() => scrollTo(0, 2000));
  assert.ok((await top()) < PHONE.height);
  assert.equal(await bar.getByRole("link").getAttribute("data-lead-tag"), "spring-plan_plan_direct");
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const footer = await page.locator("footer").boundingBox();
  assert.ok(footer.y + footer.height <= (await top()) + 1, "the footer is free");
  await page.getByLabel("Your name").focus();
  assert.equal(await bar.evaluate((element) => getComputedStyle(element).visibility), "hidden", "a keyboard leaves little room");
});

test("a wide screen has no bar", async (t) => {
  const page = await open(t, "/");
  assert.ok(!(await page.locator(".bar").isVisible()));
});
