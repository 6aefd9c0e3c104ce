// Analytics load without blocking and, if the site asks for consent, only after it. Each lead is counted once, on the
// thank-you page. Plausible and Tag Manager are not contacted: a stand-in records what it gets.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, tab } from "./support/browser.mjs";
import { eventually } from "./support/live.mjs";
import { endpoint, serve } from "./support/server.mjs";
import { build, copyOfExample, edit } from "./support/site.mjs";

let browser;
let crm;
const sites = {};

async function open(name, analytics, consent = false, preview = false) {
  const site = await serve();
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), "https://forms.kazi.example/leads", `${crm.url}leads`);
  edit(path.join(root, "site.yaml"), "markdown: {", `${analytics}\nmarkdown: {`);
  if (consent) edit(path.join(root, "site.yaml"), "require_consent: false", "require_consent: true");
  site.folder = build({ root, baseUrl: site.url, locked: false, preview });
  sites[name] = site;
}

before(async () => {
  crm = await endpoint();
  browser = await launch();
  await open("plausible", "analytics: { plausible: kazi.example }");
  await open("gtm", "analytics: { gtm: GTM-ABC1234 }");
  await open("asks", "analytics: { gtm: GTM-ABC1234 }", true);
  await open("preview", "analytics: { gtm: GTM-ABC1234 }", false, true);
});

after(() => Promise.all([browser, crm, ...Object.values(sites)].map((opened) => opened?.close())));

/** A tab with empty scripts in place of the two vendors' ones. `page.loaded` has the requested URLs. */
async function visit(t, name, address) {
  const page = await tab(browser);
  t.after(() => page.context().close());
  page.loaded = [];
  await page.context().route(/^https:\/\/(plausible\.io|www\.googletagmanager\.com)\//, (route) => {
    page.loaded.push(route.request().url());
    return route.fulfill({ contentType: "text/javascript", body: "" });
  });
  await page.goto(new URL(address, sites[name].url).href);
  return page;
}

async function send(page) {
  const form = page.locator("#cta-guide form");
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("E-mail").fill("zoe@example.com");
  await form.getByLabel(/^I agree/).check();
  await Promise.all([page.waitForURL(/\/thanks\//), form.getByRole("button").click()]);
  await page.waitForLoadState();
}

const countedLeads = (page) => page.evaluate(() => (self.dataLayer ?? []).filter(({ event }) => event === "tagline_lead"));

test("Plausible gets the domain of the site, and each lead as a custom event", async (t) => {
  const page = await visit(t, "plausible", "/hiring-guide/?utm_source=newsletter&utm_medium=email");
  assert.deepEqual(page.loaded, ["https://plausible.io/js/script.js"]);
  const script = page.locator('script[src^="https://plausible.io"]');
  assert.equal(await script.getAttribute("data-domain"), "kazi.example");
  assert.equal(await page.evaluate(() => plausible.q), undefined);
  await send(page);
  const props = { lead_tag: "hiring-guide_guide_newsletter", campaign: "hiring-guide", cta: "guide", channel: "newsletter" };
  assert.deepEqual(await page.evaluate(() => plausible.q), [["tagline_lead", { props }]]);
  const redirect = new URLSearchParams(crm.received.at(-1).body).get("redirect");
  assert.equal(redirect, new URL("/hiring-guide/thanks/guide/#hiring-guide_guide_newsletter", sites.plausible.url).href);
});

test("Tag Manager gets its container, and each lead once", async (t) => {
  const page = await visit(t, "gtm", "/hiring-guide/via/linkedin/");
  assert.deepEqual(page.loaded, ["https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234"]);
  assert.deepEqual(await countedLeads(page), []);
  await send(page);
  const lead = { event: "tagline_lead", lead_tag: "hiring-guide_guide_linkedin", campaign: "hiring-guide", cta: "guide", channel: "linkedin" };
  assert.deepEqual(await countedLeads(page), [lead]);
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  assert.deepEqual(await countedLeads(page), []);
});

test("a thank-you page that is opened without a lead counts none", async (t) => {
  for (const hash of ["", "#hiring-guide_scorecard_linkedin", "#hiring-guide_guide_<b>", "#x", "#hiring-guide_guide_"]) {
    const page = await visit(t, "gtm", `/hiring-guide/thanks/guide/${hash}`);
    assert.deepEqual(await countedLeads(page), [], hash);
  }
  const page = await visit(t, "gtm", "/hiring-guide/#hiring-guide_guide_linkedin");
  assert.deepEqual(await countedLeads(page), []);
});

test("analytics load only after consent, and then count earlier events", async (t) => {
  const page = await visit(t, "asks", "/hiring-guide/");
  assert.deepEqual(page.loaded, []);
  assert.equal(await page.evaluate(() => self.dataLayer), undefined);
  await send(page);
  assert.deepEqual(page.loaded, []);
  await page.evaluate(() => tagline.consent(false));
  assert.deepEqual(page.loaded, []);
  await page.evaluate(() => tagline.consent(true));
  assert.equal((await countedLeads(page)).length, 1);
  await eventually("the script of the vendor", () => page.loaded.length === 1);
  await page.evaluate(() => tagline.consent(true));
  assert.equal((await countedLeads(page)).length, 1);
});

test("a preview has no analytics", async (t) => {
  const page = await visit(t, "preview", "/hiring-guide/");
  assert.deepEqual(page.loaded, []);
  assert.equal(await page.evaluate(() => typeof tagline.consent), "function");
});
