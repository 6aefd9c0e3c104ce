// The consent banner: before consent nothing loads and nothing is stored, refusing is as easy as agreeing, and the answer is
// remembered. The vendors are not contacted: a stand-in records what it gets, and sets their cookies.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { PHONE, launch, tab } from "./support/browser.mjs";
import { eventually } from "./support/live.mjs";
import { serve } from "./support/server.mjs";
import { build, copyOfExample, edit } from "./support/site.mjs";
import { findings } from "./support/axe.mjs";

const VENDORS = /^https:\/\/(plausible\.io|www\.googletagmanager\.com|stats\.kazi\.example)\//;

let browser;
const sites = {};

async function open(name, analytics, language = "en") {
  const site = await serve();
  const root = copyOfExample();
  const file = path.join(root, "site.yaml");
  edit(file, "markdown: {", `analytics: ${analytics}\nmarkdown: {`);
  edit(file, "require_consent: false", "require_consent: true");
  edit(file, "storage: none", "storage: local");
  edit(file, "language: en", `language: ${language}`);
  site.folder = build({ root, baseUrl: site.url, locked: false });
  sites[name] = site;
}

before(async () => {
  browser = await launch();
  await open("gtm", "{ gtm: GTM-ABC1234 }");
  await open("ga4", "{ ga4: G-ABC1234567 }", "de");
  await open("matomo", "{ matomo: { url: https://stats.kazi.example/, site: 3 } }", "fr");
});

after(() => Promise.all([browser, ...Object.values(sites)].map((opened) => opened?.close())));

/** A tab with the vendors' cookies in place of their scripts. `page.loaded` has the requested URLs. */
async function visit(t, name, address, options) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  page.loaded = [];
  await page.context().route(VENDORS, (route) => {
    page.loaded.push(route.request().url());
    const cookies = ["_ga", "_ga_ABC1234567", "_pk_id.3.1f", "other"].map((cookie) => `document.cookie = "${cookie}=1;path=/";`);
    return route.fulfill({ contentType: "text/javascript", body: cookies.join("") });
  });
  await page.goto(new URL(address, sites[name].url).href);
  // The arrival script may lead on to the channel page.
  await page.waitForLoadState("networkidle");
  return page;
}

/** Waits until the tab has requested this many of the vendors' scripts, and asserts which. */
async function requested(page, addresses) {
  await eventually(`${addresses.length} scripts, not ${page.loaded.length}`, () => page.loaded.length >= addresses.length);
  assert.deepEqual(page.loaded, addresses);
}

const banner = (page) => page.locator("#_consent");
const stored = (page) => page.evaluate(() => ({ cookies: document.cookie, local: Object.keys(localStorage).sort(), session: Object.keys(sessionStorage) }));
const NOTHING = { cookies: "", local: [], session: [] };

test("before an answer nothing loads, nothing is stored and nothing moves", async (t) => {
  const page = await visit(t, "gtm", "/hiring-guide/?utm_source=newsletter&utm_medium=email");
  await banner(page).waitFor();
  const shift = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let total = 0;
        new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (total += value))).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(total), 300);
      }),
  );
  assert.equal(shift, 0);
  await page.getByRole("navigation").first().getByRole("link").first().click();
  await banner(page).waitFor();
  assert.deepEqual(page.loaded, []);
  assert.deepEqual(page.elsewhere, []);
  assert.deepEqual(await stored(page), NOTHING);
  assert.deepEqual(page.complaints, []);
});

test("both answers are one click, and look the same", async (t) => {
  for (const viewport of [PHONE, undefined]) {
    const page = await visit(t, "gtm", "/", viewport && { viewport });
    const [no, yes] = await banner(page).getByRole("button").all();
    const look = (button) =>
      button.evaluate((element) => {
        const { width, height, top } = element.getBoundingClientRect();
        const { backgroundColor, color, fontSize, fontWeight } = getComputedStyle(element);
        return { width: Math.round(width), height: Math.round(height), top: Math.round(top), backgroundColor, color, fontSize, fontWeight };
      });
    assert.deepEqual(await look(no), await look(yes));
  }
});

test("a refusal is remembered, and nothing else is", async (t) => {
  const page = await visit(t, "gtm", "/hiring-guide/?utm_source=newsletter&utm_medium=email");
  await banner(page).getByRole("button", { name: "No, thanks" }).click();
  assert.equal(await banner(page).isVisible(), false);
  for (const address of ["/", "/free-trial/", "/404-nowhere/"]) {
    await page.goto(new URL(address, sites.gtm.url).href);
    assert.equal(await banner(page).isVisible(), false, address);
  }
  assert.deepEqual(page.loaded, []);
  assert.deepEqual(await stored(page), { ...NOTHING, local: ["tagline-consent"] });
});

test("after consent the container loads once per page, with Google's consent mode", async (t) => {
  const page = await visit(t, "gtm", "/hiring-guide/?utm_source=newsletter&utm_medium=email");
  await banner(page).getByRole("button", { name: "Yes, agree" }).click();
  const container = "https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234";
  await requested(page, [container]);
  const commands = await page.evaluate(() => dataLayer.filter((entry) => entry[0] === "consent").map((entry) => [...entry]));
  const all = (answer) => ({ ad_storage: answer, ad_user_data: answer, ad_personalization: answer, analytics_storage: answer });
  assert.deepEqual(commands, [
    ["consent", "default", all("denied")],
    ["consent", "update", all("granted")],
  ]);
  // Google takes commands only from an `arguments` object.
  assert.equal(await page.evaluate(() => Object.prototype.toString.call(dataLayer[0])), "[object Arguments]");
  assert.equal(await page.evaluate(() => dataLayer.findIndex((entry) => entry.event === "gtm.js")), 2);
  assert.deepEqual((await stored(page)).local, ["tagline", "tagline-consent"]);
  await page.goto(new URL("/free-trial/", sites.gtm.url).href);
  assert.equal(await banner(page).isVisible(), false);
  await requested(page, [container, container]);
  assert.deepEqual(page.complaints, []);
});

test("consent can be taken back from the footer: what was stored goes, and nothing loads", async (t) => {
  const page = await visit(t, "gtm", "/hiring-guide/");
  await banner(page).getByRole("button", { name: "Yes, agree" }).click();
  await page.waitForFunction(() => document.cookie.includes("_pk_id"));
  await page.getByRole("contentinfo").getByRole("button", { name: "Privacy settings" }).click();
  await banner(page).waitFor();
  await Promise.all([page.waitForEvent("load"), banner(page).getByRole("button", { name: "No, thanks" }).click()]);
  await page.waitForLoadState("networkidle");
  assert.equal(page.loaded.length, 1);
  assert.equal(await banner(page).isVisible(), false);
  assert.deepEqual(await stored(page), { cookies: "other=1", local: ["tagline-consent"], session: [] });
});

test("the banner works with the keyboard, and returns the focus", async (t) => {
  const page = await visit(t, "gtm", "/");
  await banner(page).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  await banner(page).focus();
  await page.keyboard.press("Escape");
  assert.equal(await banner(page).isVisible(), true, "Escape is no answer");
  await page.keyboard.press("Tab");
  if ((await focused()) === "Privacy") await page.keyboard.press("Tab");
  assert.equal(await focused(), "No, thanks");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Yes, agree");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  assert.equal(await banner(page).isVisible(), false);
  const again = page.getByRole("contentinfo").getByRole("button", { name: "Privacy settings" });
  await again.focus();
  await page.keyboard.press("Enter");
  assert.match(await focused(), /^May we count/);
  await page.keyboard.press("Escape");
  assert.equal(await banner(page).isVisible(), false);
  assert.equal(await focused(), "Privacy settings");
});

test("the banner has no accessibility violation, in light and dark", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await visit(t, "ga4", "/", { colorScheme });
    await banner(page).waitFor();
    assert.deepEqual(await findings(page, page.url()), []);
    await banner(page).waitFor();
    assert.match(await banner(page).textContent(), /Dürfen wir Ihren Besuch zählen/);
  }
});

test("visitors are requested to answer again after half a year", async (t) => {
  const page = await visit(t, "gtm", "/");
  await banner(page).getByRole("button", { name: "Yes, agree" }).click();
  await page.evaluate(() => {
    const saved = JSON.parse(localStorage["tagline-consent"]);
    localStorage["tagline-consent"] = JSON.stringify({ ...saved, at: saved.at - 181 * 864e5 });
    delete localStorage.tagline;
  });
  page.loaded.length = 0;
  await page.reload();
  assert.equal(await banner(page).isVisible(), true);
  assert.deepEqual(page.loaded, []);
});

test("GA4 gets its id, and Matomo its address and the number of the site", async (t) => {
  const google = await visit(t, "ga4", "/");
  await banner(google).getByRole("button", { name: "Ja, zustimmen" }).click();
  await requested(google, ["https://www.googletagmanager.com/gtag/js?id=G-ABC1234567"]);
  const commands = await google.evaluate(() => dataLayer.map((entry) => [entry[0], entry[1]]));
  assert.deepEqual(commands.map(([command]) => command), ["consent", "consent", "js", "config"]);
  assert.equal(commands[3][1], "G-ABC1234567");
  const matomo = await visit(t, "matomo", "/");
  await banner(matomo).getByRole("button", { name: "Oui, j’accepte" }).click();
  await requested(matomo, ["https://stats.kazi.example/matomo.js"]);
  const queue = await matomo.evaluate(() => _paq);
  assert.deepEqual(queue, [["setTrackerUrl", "https://stats.kazi.example/matomo.php"], ["setSiteId", 3], ["trackPageView"], ["enableLinkTracking"]]);
  for (const page of [google, matomo]) assert.deepEqual(page.complaints, []);
});

test("without JavaScript no banner appears", async (t) => {
  const page = await visit(t, "gtm", "/", { javaScriptEnabled: false });
  assert.equal(await banner(page).isVisible(), false);
  assert.equal(await page.getByText("Privacy settings").isVisible(), false);
});
