// Without JavaScript visitors lose nothing: codes, links and forms carry their lead tag, a form reaches its endpoint, and
// the thank-you page links the download.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, tab } from "./support/browser.mjs";
import { endpoint, serve } from "./support/server.mjs";
import { build, copyOfExample, edit, REPOSITORY } from "./support/site.mjs";

/** The fields that an endpoint receives before those of the visitor, in order. */
const HIDDEN = [
  "lead_tag",
  "lead_summary",
  "campaign",
  "cta",
  "channel",
  "offer",
  "page",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_content",
  "utm_term",
  "click_id",
  "click_id_type",
  "first_channel",
  "first_campaign",
  "first_page",
  "referrer",
  "consent_version",
  "redirect",
  "language",
  "version",
];

let browser;
let site;
let crm;

before(async () => {
  site = await serve();
  crm = await endpoint();
  browser = await launch();
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), "https://forms.kazi.example/leads", `${crm.url}leads`);
  site.folder = build({ root, baseUrl: site.url });
});

after(() => Promise.all([browser, site, crm].map((opened) => opened?.close())));

async function visit(t, address) {
  const page = await tab(browser, { javaScriptEnabled: false });
  t.after(() => page.context().close());
  await page.goto(new URL(address, site.url).href);
  return page;
}

const VISITS = [
  {
    where: "the landing page",
    address: "/spring-hiring/",
    code: "SPRING20",
    channel: "direct",
    summary: "Download the hiring guide, Spring hiring, direct",
    utm: ["", "", ""],
    carried: { utm_campaign: "spring-hiring" },
  },
  {
    where: "a channel page",
    address: "/spring-hiring/via/acme/",
    code: "ACME20",
    channel: "acme",
    summary: "Download the hiring guide, Spring hiring, via Partner: Acme",
    utm: ["acme", "referral", "spring-hiring"],
    carried: { utm_source: "acme", utm_medium: "referral", utm_campaign: "spring-hiring" },
  },
];

for (const { where, address, code, channel, summary, utm, carried } of VISITS) {
  test(`${where} shows its coupon code, which one click selects`, async (t) => {
    const page = await visit(t, address);
    const shown = page.locator("#cta-save code");
    assert.ok(await shown.isVisible());
    assert.equal(await shown.innerText(), code);
    assert.equal(await shown.evaluate((element) => getComputedStyle(element).userSelect), "all");
  });

  test(`every call to action of ${where} on another host carries the lead tag`, async (t) => {
    const page = await visit(t, address);
    const links = await page
      .locator("a.cta[href^=https]")
      .evaluateAll((all) => all.map((link) => [link.href, link.dataset.leadTag]));
    assert.deepEqual(
      [...new Set(links.map(([, tag]) => tag))].sort(),
      [`spring-hiring_save_${channel}`, `spring-hiring_trial_${channel}`],
    );
    for (const [href, tag] of links) {
      const query = new URL(href).searchParams;
      const utms = Object.fromEntries([...query].filter(([name]) => name.startsWith("utm_")));
      assert.deepEqual(utms, { ...carried, utm_content: tag }, href);
      if (tag.includes("_save_")) assert.equal(query.get("coupon"), code);
    }
  });

  test(`the form of ${where} reaches its endpoint and leads to the download`, async (t) => {
    const page = await visit(t, address);
    const before = crm.received.length;
    await page.getByLabel("Your name").fill("Zoë & Söhne");
    await page.getByLabel("E-mail").fill("zoe+1@example.com");
    await page.getByLabel("Company").fill("a=b & \"c\" <d>");
    await page.getByLabel("I agree that Kazi may contact me about this offer.").check();
    await page.getByRole("button", { name: "Download the hiring guide" }).click();
    const thanks = new URL("/spring-hiring/thanks/guide/", site.url).href;
    await page.waitForURL(thanks);

    assert.equal(crm.received.length, before + 1);
    const { method, path: target, type, body } = crm.received.at(-1);
    assert.deepEqual([method, target, type], ["POST", "/leads", "application/x-www-form-urlencoded"]);
    const [utm_source, utm_medium, utm_campaign] = utm;
    const hidden = {
      lead_tag: `spring-hiring_guide_${channel}`,
      lead_summary: summary,
      campaign: "spring-hiring",
      cta: "guide",
      channel,
      offer: "hiring-guide.pdf",
      page: new URL("/spring-hiring/", site.url).href,
      utm_source,
      utm_medium,
      utm_campaign,
      consent_version: "2027-01",
      redirect: thanks,
      language: "en",
      version: "a",
    };
    assert.deepEqual(
      [...new URLSearchParams(body)],
      [
        ...HIDDEN.map((name) => [name, hidden[name] ?? ""]),
        ["name", "Zoë & Söhne"],
        ["email", "zoe+1@example.com"],
        ["company", "a=b & \"c\" <d>"],
        ["consent", "yes"],
        // The honeypot field stays empty.
        ["leave_empty", ""],
      ],
    );

    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Thank you");
    const link = page.getByRole("link", { name: "Download hiring-guide.pdf" });
    assert.match(await link.getAttribute("href"), /^\/get\/[0-9a-f]{32}\/hiring-guide\.pdf(\?|$)/);
    // Chromium shows a PDF and does not save it, so the file is requested again.
    const [shown] = await Promise.all([page.waitForResponse(/hiring-guide\.pdf/), link.click()]);
    assert.equal(shown.status(), 200);
    const file = await page.context().request.get(shown.url());
    assert.equal(file.headers()["content-type"], "application/pdf");
    assert.deepEqual(await file.body(), readFileSync(path.join(REPOSITORY, "content/hiring-guide/hiring-guide.pdf")));
    assert.deepEqual(page.elsewhere, []);
  });
}

for (const [address, code] of [["/free-trial/", "sf1q4bvr11"], ["/free-trial/via/acme/", "fn0ebd5ad5"]]) {
  test(`a WhatsApp message from ${address} ends with the code of its channel`, async (t) => {
    const page = await visit(t, address);
    const link = page.getByRole("link", { name: "Ask us on WhatsApp" });
    const { href } = await link.evaluate(({ href }) => ({ href }));
    const text = `Hello Kazi, I have a question about the free trial. My code is ${code}`;
    assert.deepEqual([...new URL(href).searchParams], [["text", text]]);
    assert.ok(href.startsWith("https://wa.me/254700000000?text=") && href.endsWith(code), href);
    assert.ok((await link.getAttribute("data-codes")).split("&").some((pair) => pair.endsWith(`=${code}`)));
  });
}

test("a form without a required field or consent is not sent", async (t) => {
  const page = await visit(t, "/spring-hiring/");
  const before = crm.received.length;
  await page.getByRole("button", { name: "Download the hiring guide" }).click();
  await page.getByLabel("Your name").fill("Zoë");
  await page.getByLabel("E-mail").fill("no address");
  await page.getByLabel(/^I agree/).check();
  await page.getByRole("button", { name: "Download the hiring guide" }).click();
  await page.getByLabel("E-mail").fill("zoe@example.com");
  await page.getByLabel(/^I agree/).uncheck();
  await page.getByRole("button", { name: "Download the hiring guide" }).click();
  assert.equal(page.url(), new URL("/spring-hiring/", site.url).href);
  assert.equal(crm.received.length, before);
});

test("a preview form sends nothing and shows what it would send", async (t) => {
  const preview = await serve(build({ preview: true }));
  t.after(preview.close);
  const page = await tab(browser, { javaScriptEnabled: false });
  t.after(() => page.context().close());
  await page.goto(new URL("/spring-hiring/", preview.url).href);
  assert.ok(await page.getByRole("button", { name: "Download the hiring guide" }).isDisabled());
  await page.getByText("What this form would send").click();
  assert.deepEqual(await page.locator(".would-send dt").allInnerTexts(), HIDDEN);
  await page.getByLabel("Your name").press("Enter");
  assert.equal(page.url(), new URL("/spring-hiring/", preview.url).href);
  assert.deepEqual(page.elsewhere, []);
});
