// Fields of a site's own, several consents and sign-ups: what is required is required with and without JavaScript, and an
// endpoint receives every answer, from Chromium, Firefox and WebKit. A form of fifteen fields fits a phone.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, PHONE, tab } from "./support/browser.mjs";
import { ENGINES } from "./support/engines.mjs";
import { endpoint, serve } from "./support/server.mjs";
import { build, temporaryFolder } from "./support/site.mjs";

const FIELDS = {
  goal: { label: "Goal", help: "In a few words." },
  story: { label: "Story", type: "long_text" },
  seats: { label: "Seats", type: "number", required: true },
  start: { label: "Start", type: "date" },
  site_url: { label: "Website", type: "url" },
  budget: { label: "Budget", type: "choice", options: ["Small", "Large"], required: true },
  city: { label: "City", type: "choice", options: ["Accra", "Berlin", "Cairo", "Dakar", "Eldoret", "Faro"] },
  topics: { label: "Topics", type: "choices", options: ["Hiring", "Payroll", "Training"], required: true },
  customer: { label: "Customer", type: "yes_no", required: true },
  origin: { type: "hidden", value: "spring & autumn" },
};
const FORM = ["first_name", "last_name", "email", "phone", "company", "role", ...Object.keys(FIELDS)];

let browser;
let site;
let crm;

before(async () => {
  [site, crm, browser] = await Promise.all([serve(), endpoint(), launch()]);
  const root = temporaryFolder();
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const consents = [
    { id: "contact", text: "You may call me. See [privacy](/index.md).", version: "3", required: true },
    { id: "news", text: "Send me news." },
  ];
  const config = {
    title: "Fern",
    base_url: site.url,
    channels: {},
    destinations: { crm: { endpoint: `${crm.url}leads` } },
    fields: FIELDS,
    leads: { deliver_to: "crm", owner: "ada@fern.example", consents },
  };
  write("site.yaml", JSON.stringify(config));
  write("content/index.md", '---\ntitle: Home\nsummary: Home.\n---\n\n# Home\n');
  const ctas = {
    ask: { label: "Ask us", contact: { form: FORM } },
    news: { label: "Subscribe", contact: { form: ["email"] }, thanks: { title: "Nearly there", text: "Now [ask](cta:ask)." } },
  };
  const front = JSON.stringify({ title: "Offers", summary: "Offers.", channels: [], ctas });
  write("content/offers.md", `---\n${front}\n---\n\n# Offers\n\n::: offer ask\n:::\n\n::: signup news\n### Letters\n:::\n`);
  site.folder = build({ root, baseUrl: site.url, locked: false });
});

after(() => Promise.all([browser, site, crm].map((opened) => opened?.close())));

async function visit(t, options) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  await page.goto(new URL("/offers/", site.url).href);
  page.form = page.locator("#cta-ask form");
  page.send = () => page.form.getByRole("button", { name: "Ask us" }).click();
  return page;
}

async function fill({ form }) {
  for (const [label, text] of [
    ["First name", "Zoë"],
    ["Last name", "Söhne & Co"],
    ["E-mail", "zoe+1@example.com"],
    ["Goal", 'a=b & "c"'],
    ["Seats", "2.5"],
    ["Start", "2027-03-31"],
    ["Website", "https://example.com/?a=b&c"],
  ]) {
    await form.getByLabel(label).fill(text);
  }
  await form.getByLabel("Large").check();
  await form.getByLabel("City").selectOption("Dakar");
  await form.getByRole("group", { name: "Customer" }).getByLabel("No", { exact: true }).check();
  await form.getByLabel("You may call me").check();
}

/** What the endpoint received after `from` forms, without the hidden fields of every form. */
function answers(from) {
  assert.equal(crm.received.length, from + 1);
  const pairs = [...new URLSearchParams(crm.received.at(-1).body)];
  const own = [...FORM, "consent_contact", "consent_contact_version", "consent_news", "consent_news_version"];
  return pairs.filter(([name, value]) => own.includes(name) && value);
}

const ANSWERS = [
  ["origin", "spring & autumn"],
  ["consent_contact_version", "3"],
  ["first_name", "Zoë"],
  ["last_name", "Söhne & Co"],
  ["email", "zoe+1@example.com"],
  ["goal", 'a=b & "c"'],
  ["seats", "2.5"],
  ["start", "2027-03-31"],
  ["site_url", "https://example.com/?a=b&c"],
  ["budget", "Large"],
  ["city", "Dakar"],
  ["topics", "Hiring"],
  ["topics", "Training"],
  ["customer", "no"],
  ["consent_contact", "yes"],
];

/** What is typed into a form, by the names of the fields. */
const TYPED = ANSWERS.filter(([name]) => ["first_name", "last_name", "email", "goal", "seats", "site_url"].includes(name));

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    const choose = async ({ form }) => {
      if (!javaScriptEnabled) return form.getByLabel("Topics").selectOption(["Hiring", "Training"]);
      for (const topic of ["Hiring", "Training"]) await form.getByLabel(topic).check();
    };

    test("an endpoint receives every answer", async (t) => {
      const page = await visit(t, { javaScriptEnabled });
      const from = crm.received.length;
      await fill(page);
      await choose(page);
      await page.send();
      await page.waitForURL(new URL("/offers/thanks/ask/", site.url).href);
      assert.deepEqual(answers(from), ANSWERS);
    });

    test("a group of boxes of which none is ticked is not sent", async (t) => {
      const page = await visit(t, { javaScriptEnabled });
      const from = crm.received.length;
      await fill(page);
      await page.send();
      await page.waitForTimeout(300);
      assert.equal(page.url(), new URL("/offers/", site.url).href);
      assert.equal(crm.received.length, from);
      const control = page.form.locator(javaScriptEnabled ? "fieldset [name=topics]" : "select[name=topics]").first();
      assert.equal(await control.isVisible(), true);
      await choose(page);
      await page.send();
      await page.waitForURL(new URL("/offers/thanks/ask/", site.url).href);
      assert.deepEqual(answers(from), ANSWERS);
    });

    test("an empty required field, an open choice and a missing consent are not sent", async (t) => {
      const page = await visit(t, { javaScriptEnabled });
      const from = crm.received.length;
      await fill(page);
      await choose(page);
      await page.form.getByLabel("You may call me").uncheck();
      await page.send();
      await page.form.getByLabel("You may call me").check();
      await page.form.getByLabel("Seats").fill("");
      await page.send();
      await page.waitForTimeout(300);
      assert.equal(crm.received.length, from);
    });

    test("a sign-up sends one field, and its thank-you page promises what it does", async (t) => {
      const page = await visit(t, { javaScriptEnabled });
      const form = page.locator("#cta-news form");
      await form.getByLabel("E-mail").fill("zoe@example.com");
      await form.getByLabel("You may call me").check();
      await form.getByRole("button", { name: "Subscribe" }).click();
      await page.waitForURL(new URL("/offers/thanks/news/", site.url).href);
      assert.equal(await page.locator("h1").innerText(), "Nearly there");
      await page.getByRole("link", { name: "ask" }).click();
      await page.waitForURL(new URL("/offers/#cta-ask", site.url).href);
      assert.deepEqual(page.complaints, []);
    });
  });
}

for (const [name, start] of Object.entries(ENGINES)) {
  describe(name, () => {
    let engine;
    before(async () => {
      engine = await start();
    });
    after(() => engine?.close());

    for (const scripts of [true, false]) {
      test(scripts ? "sends every answer" : "sends every answer although no script arrives", async (t) => {
        site.scripts = scripts;
        const tab = await engine.open();
        t.after(async () => {
          site.scripts = true;
          await tab.close();
        });
        await tab.goto(new URL("/offers/", site.url).href);
        const from = crm.received.length;
        const send = () => tab.click("#cta-ask button[type=submit]");
        for (const [field, text] of TYPED) await tab.type(`#cta-ask [name=${field}]`, text);
        // Each driver types dates in the form of its own locale.
        await tab.run(() => (document.querySelector("#cta-ask [name=start]").value = "2027-03-31"));
        await tab.click("#cta-ask [name=budget][value=Large]");
        await tab.click("#cta-ask [name=customer][value=no]");
        await tab.run(() => (document.querySelector("#cta-ask [name=city]").value = "Dakar"));
        await tab.click("#cta-ask [name=consent_contact]");
        if (scripts) {
          // A required group without an answer.
          await send();
          await new Promise((resolve) => setTimeout(resolve, 300));
          assert.equal(crm.received.length, from);
        }
        for (const topic of ["Hiring", "Training"]) await tab.click(`#cta-ask fieldset [name=topics][value=${topic}]`);
        await send();
        await tab.until("the thank-you page", () => location.pathname === "/offers/thanks/ask/");
        assert.deepEqual(answers(from), ANSWERS);
      });
    }
  });
}

test("fifteen fields fit a phone, and each can be touched", async (t) => {
  const page = await visit(t, { viewport: PHONE, hasTouch: true });
  const { wide, small } = await page.evaluate(() => {
    const controls = [...document.querySelectorAll("#cta-ask :is(input:not([type=hidden], .leave-empty *, .consent *), select, textarea)")];
    const seen = controls.filter((control) => control.offsetParent);
    const box = (control) => control.getBoundingClientRect();
    // The label beside a box is touched instead of it.
    const target = (control) => (/radio|checkbox/.test(control.type) ? control.labels[0] : control);
    return {
      wide: document.documentElement.scrollWidth - innerWidth,
      small: seen.filter((control) => box(target(control)).height < 24).map((control) => control.id),
    };
  });
  assert.deepEqual({ wide, small }, { wide: 0, small: [] });
});

test("a sign-up is filled in by keyboard in the order in which it is seen", async (t) => {
  const page = await visit(t);
  await page.locator("#news_email").focus();
  const order = [];
  for (let step = 0; step < 4; step++) {
    order.push(await page.evaluate(() => ({ name: document.activeElement.name || document.activeElement.tagName, top: document.activeElement.getBoundingClientRect().bottom + scrollY })));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(order.map(({ name }) => name), ["email", "BUTTON", "consent_contact", "A"]);
  const [field, button, consent, link] = order.map(({ top }) => top);
  assert.ok(Math.abs(field - button) < 4 && Math.min(consent, link) > button, JSON.stringify(order));
});

test("a line for the e-mail address is one line on a wide screen", async (t) => {
  const page = await visit(t);
  const [field, button] = await Promise.all(
    ["#news_email", "#cta-news button"].map((selector) => page.locator(selector).boundingBox()),
  );
  assert.ok(button.x > field.x + field.width - 1, JSON.stringify({ field, button }));
  assert.ok(Math.abs(button.y + button.height - field.y - field.height) < 2, JSON.stringify({ field, button }));
});
