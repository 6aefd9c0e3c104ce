// An offer ends in the visitor's browser in its minute, in the time zone of the site, without a layout shift.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESKTOP, launch, PHONE, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { build, copyOfExample, edit } from "./support/site.mjs";

/** The campaign ends with 31 March in Nairobi, three hours ahead of UTC. The coupon ends at six that evening. */
const CAMPAIGN_ENDS = Date.parse("2027-03-31T21:00:00Z");
const COUPON_ENDS = Date.parse("2027-03-31T15:00:00Z");

let browser;
let site;

before(async () => {
  browser = await launch();
  site = await serve();
  const root = copyOfExample();
  edit(path.join(root, "content/spring-hiring/index.md"), "      expires: 2027-03-31\n", "      expires: 2027-03-31 18:00\n");
  site.folder = build({ root, baseUrl: site.url, date: "2027-03-31", locked: false });
});

after(() => Promise.all([browser, site].map((opened) => opened?.close())));

/** Opens a page at a given time, with a clock that the test advances, and records layout shifts. */
async function open(t, now, { address = "/spring-hiring/", ...options } = {}) {
  const page = await tab(browser, { timezoneId: "America/Los_Angeles", ...options });
  t.after(() => page.context().close());
  await page.clock.install({ time: now });
  await page.addInitScript(() => {
    self.shifted = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) self.shifted += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(new URL(address, site.url).href);
  return page;
}

const card = (page, id) => page.locator(`#cta-${id}`);
const inText = (page, id) => page.locator(`main a.cta:text-is("${id}")`).first();

test("before its end an offer is shown with its end, also without JavaScript", async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await tab(browser, { javaScriptEnabled });
    t.after(() => page.context().close());
    if (javaScriptEnabled) await page.clock.install({ time: COUPON_ENDS - 60_000 });
    await page.goto(new URL("/spring-hiring/", site.url).href);
    assert.equal(await card(page, "save").locator("code").innerText(), "SPRING20");
    assert.ok(await card(page, "save").getByText("Valid until 31 March 2027, 18:00.").isVisible());
    assert.ok(await card(page, "guide").getByText("Available until 31 March 2027.").isVisible());
    assert.ok(await card(page, "guide").getByRole("button").isEnabled());
  }
});

test("on an open page each offer ends in its own minute", async (t) => {
  const page = await open(t, COUPON_ENDS - 600_000);
  await page.clock.runFor(540_000);
  assert.equal(await card(page, "save").locator("code").innerText(), "SPRING20");
  await page.clock.runFor(61_000);
  const save = card(page, "save");
  assert.equal(await save.locator("code").innerText(), "––––––––");
  assert.ok(await save.getByText("Ended on 31 March 2027, 18:00.").isVisible());
  assert.equal(await save.locator("a.cta").getAttribute("href"), null);
  assert.equal(await save.locator("a.cta").getAttribute("aria-disabled"), "true");
  const link = inText(page, "Get 20% off");
  assert.equal(await link.getAttribute("href"), null);
  assert.equal(await link.getAttribute("title"), "Ended on 31 March 2027, 18:00");
  // The campaign continues until midnight.
  assert.ok(await card(page, "guide").getByRole("button").isEnabled());
  await page.clock.fastForward(CAMPAIGN_ENDS - COUPON_ENDS);
  const guide = card(page, "guide");
  assert.ok(await guide.getByText("Ended on 31 March 2027.").isVisible());
  assert.ok(await guide.getByRole("button").isDisabled());
  assert.ok(await guide.getByLabel("E-mail").isDisabled());
  assert.equal(await inText(page, "Book a free trial").getAttribute("href"), null);
});

for (const [width, viewport] of [["wide", DESKTOP], ["phone", PHONE]]) {
  test(`an offer that has ended is shown as ended from the start, without a layout shift, ${width}`, async (t) => {
    const ended = await open(t, CAMPAIGN_ENDS, { viewport });
    assert.equal(await ended.locator("main a.cta[href]:not([href^='#'])").count(), 0);
    assert.equal(await ended.evaluate(() => self.shifted), 0);
    const page = await open(t, COUPON_ENDS - 60_000, { viewport });
    // The positions of all elements except the dates, whose text changes.
    const boxes = () =>
      page.locator("main *:not(time)").evaluateAll((all) =>
        all.map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [x, y, width, height].map(Math.round).join(" ");
        }),
      );
    const before = await boxes();
    await page.clock.fastForward(CAMPAIGN_ENDS - COUPON_ENDS + 120_000);
    assert.ok(await card(page, "guide").getByRole("button").isDisabled());
    assert.deepEqual(await boxes(), before);
    assert.equal(await page.evaluate(() => self.shifted), 0);
  });
}

test("a lead tag that changes after the end restores no URL", async (t) => {
  const page = await open(t, CAMPAIGN_ENDS, { address: "/spring-hiring/?utm_source=newsletter&utm_medium=email" });
  assert.equal(await page.locator("main a.cta[href^='http']").count(), 0);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  assert.equal(await page.locator("main a.cta[href^='http']").count(), 0);
});

test("a page without an end has no end attributes", async (t) => {
  const page = await open(t, CAMPAIGN_ENDS, { address: "/hiring-guide/" });
  assert.equal(await page.locator("[data-until]").count(), 0);
  assert.equal(await page.locator('script[src*="/ends."]').count(), 0);
});
