// Events in a browser: the visitor's own time beside the event's, the countdown to its start, the choice of a date, and the
// end of the registration.

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

async function open(t, address, { now = Date.parse("2027-03-15T12:00:00Z"), ...options } = {}) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  // The clock begins earlier, because a busy machine takes a while to stop it.
  await page.clock.install({ time: now - 600_000 });
  await page.clock.pauseAt(now);
  await page.goto(new URL(address, site.url).href);
  return page;
}

const lines = (page, card) => page.locator(`#cta-${card} .local`).allInnerTexts();

/** Browsers write narrow and no-break spaces. */
const plain = (text) => text.replace(/\s/gu, " ");

for (const [timezoneId, expected] of [
  // 15 April, 18:00 in London is 17:00 UTC. Summer time began in New York on 14 March.
  ["America/New_York", /^Where you are: Apr 15, 1:00 . 2:00 PM$/],
  ["Asia/Kolkata", /^Where you are: Apr 15, 10:30 . 11:30 PM$/],
  // Over midnight.
  ["Australia/Sydney", /^Where you are: Apr 16, 3:00 . 4:00 AM$/],
  ["Europe/London", /^The same where you are$/],
  // Another zone whose clocks agree that day.
  ["Europe/Lisbon", /^The same where you are$/],
]) {
  test(`a visitor in ${timezoneId} reads the time of an event as their clock has it`, async (t) => {
    const page = await open(t, "/events/", { timezoneId });
    const [line] = await lines(page, "seat");
    assert.match(plain(line), expected);
    assert.deepEqual(page.complaints, []);
  });
}

test("the night in which summer time begins has the right hours in another zone", async (t) => {
  // 27 March, 22:00 to 28 March, 03:00 in London is 22:00 to 02:00 UTC: summer time begins at 01:00 UTC.
  const page = await open(t, "/events/", { timezoneId: "UTC" });
  const [night] = await lines(page, "workshop");
  assert.equal(plain(night), "The same where you are");
  const far = await open(t, "/events/", { timezoneId: "Asia/Tokyo" });
  const [morning] = await lines(far, "workshop");
  assert.match(plain(morning), /^Where you are: Mar 28, 7:00 . 11:00 AM$/);
});

test("the time is in the language of the page", async (t) => {
  const page = await tab(browser, { timezoneId: "America/New_York" });
  t.after(() => page.context().close());
  await page.route(new URL("/events/", site.url).href, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/lang="?en"?/, "lang=de") });
  });
  await page.goto(new URL("/events/", site.url).href);
  const [line] = await lines(page, "seat");
  assert.match(plain(line), /^Where you are: 15\. Apr\., 13:00.14:00 Uhr$/);
});

test("without JavaScript the page tells the event's own time and leaves no gap", async (t) => {
  const page = await tab(browser, { javaScriptEnabled: false });
  t.after(() => page.context().close());
  await page.goto(new URL("/events/", site.url).href);
  const card = page.locator("#cta-seat");
  assert.ok(await card.getByText("Thursday, 15 April 2027, 18:00–19:00").isVisible());
  assert.ok(await card.getByText("London time (UTC+1)").isVisible());
  assert.ok(!(await card.locator(".local").isVisible()));
});

test("nothing moves when the time is written, on a phone", async (t) => {
  const page = await tab(browser, { viewport: PHONE, timezoneId: "America/New_York" });
  t.after(() => page.context().close());
  const heights = [];
  for (const javaScript of ["blocked", "loaded"]) {
    if (javaScript === "blocked") await page.route(/times\.[0-9a-f]+\.js/, (route) => route.abort());
    else await page.unroute(/times\.[0-9a-f]+\.js/);
    await page.goto(new URL("/events/", site.url).href);
    const cards = await page.locator(".event").all();
    heights.push(await Promise.all(cards.map(async (card) => (await card.boundingBox()).height)));
  }
  assert.deepEqual(heights[0], heights[1]);
});

test("a countdown counts to the start of an event", async (t) => {
  const start = Date.parse("2027-04-15T17:00:00Z");
  const page = await open(t, "/events/", { now: start - 2000 });
  const figures = () => page.locator(".clock b").allInnerTexts();
  assert.deepEqual(await figures(), ["0", "00", "00", "02"]);
  await page.clock.runFor(3000);
  assert.deepEqual(await figures(), ["0", "00", "00", "00"]);
  assert.ok(await page.getByText("It has begun.").isVisible());
});

test("one of several dates has to be chosen, and is sent with its start", async (t) => {
  const page = await open(t, "/events/");
  const form = page.locator("#cta-workshop form");
  await form.getByLabel("Your name").fill("Asha");
  await form.getByRole("textbox", { name: "E-mail" }).fill("asha@example.org");
  await form.getByRole("checkbox").check();
  const isValid = () => form.evaluate((form) => form.checkValidity());
  assert.equal(await isValid(), false);
  assert.equal(await form.getByRole("radio").count(), 3, "a date that is sold out is no choice");
  await form.getByLabel(/24 April/).check();
  assert.equal(await isValid(), true);
  const sent = await form.evaluate((form) => Object.fromEntries(new FormData(form)));
  assert.deepEqual([sent.event_date, sent.lead_tag], ["2027-04-24", "every-event_workshop_direct"]);
});

test("registration ends in the minute in which the event ends", async (t) => {
  const end = Date.parse("2027-04-15T18:00:00Z");
  const page = await open(t, "/events/", { now: end - 1000 });
  const button = page.locator("#cta-seat form").getByRole("button", { name: "Save my seat" });
  assert.ok(await button.isEnabled());
  await page.clock.runFor(2000);
  assert.ok(await button.isDisabled());
});
