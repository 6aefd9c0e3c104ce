// Chromium, Firefox and WebKit restore forms, tabs and history entries in different ways. In each of them a form sends
// what the page shows, and the last arrival counts.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { ENGINES } from "./support/engines.mjs";
import { recorder } from "./support/recorder.mjs";
import { endpoint, serve } from "./support/server.mjs";
import { build, copyOfExample, edit, temporaryFolder } from "./support/site.mjs";

const FORM = "#cta-call form";
const NEWSLETTER = "utm_source=newsletter&utm_medium=email&utm_campaign=march&utm_term=salary";
const OLD = { sentence: "I agree that Kazi may contact me about this offer.", version: "2027-01" };
const NEW = { sentence: "I agree that Kazi may call me at night.", version: "2027-02" };

// The copies of one example share its resized pictures.
const example = copyOfExample();
before(() => build({ root: example, locked: false }));

/** The example on a port of its own, so that it has its own storage. `renew` changes the consent and builds again. */
async function open(t, { storage = "local", requireConsent = false, crm, baseUrl } = {}) {
  const site = await serve();
  t.after(site.close);
  const destination = crm ?? (await endpoint());
  if (!crm) t.after(destination.close);
  const root = path.join(temporaryFolder(), "site");
  cpSync(example, root, { recursive: true });
  const settings = path.join(root, "site.yaml");
  edit(settings, "https://forms.kazi.example/leads", `${destination.url}leads`);
  edit(settings, "  storage: none\n  require_consent: false", `  storage: ${storage}\n  require_consent: ${requireConsent}`);
  const publish = () => (site.folder = build({ root, baseUrl: baseUrl ?? site.url, locked: false }));
  publish();
  const renew = () => {
    edit(settings, OLD.sentence, NEW.sentence);
    // The translation keeps its sentence and its version.
    edit(settings, `\n    version: ${OLD.version}`, `\n    version: ${NEW.version}`);
    publish();
  };
  return { url: site.url, received: destination.received, renew };
}

/** The hidden fields of the form, whether it is agreed, and the sentence beside the box. */
const look = (tab) =>
  tab.run((selector) => {
    const form = document.querySelector(selector);
    const hidden = [...form.elements].filter(({ type, name }) => type === "hidden" && name);
    const { checked, labels } = form.elements.consent;
    const values = Object.fromEntries(hidden.map(({ name, value }) => [name, value]));
    return { ...values, isAgreed: checked, sentence: labels[0].textContent.trim() };
  }, FORM);

const agree = (tab) => tab.click(`${FORM} [name=consent]`);

/** The consent that a page shows. A browser may show the old page from a cache, but only as a whole. */
async function consentOf(tab) {
  const { isAgreed, sentence, consent_version: version } = await look(tab);
  const shown = sentence === OLD.sentence ? OLD : NEW;
  assert.deepEqual({ sentence, version }, shown);
  assert.ok(shown === OLD || !isAgreed, "only the old sentence was agreed to");
  return shown;
}

/** Fills in the form, sends it, and returns what the destination received. */
async function send(tab, site) {
  await tab.type(`${FORM} [name=name]`, "Zoë");
  await tab.type(`${FORM} [name=email]`, "zoe@example.com");
  if (!(await look(tab)).isAgreed) await agree(tab);
  await tab.click(`${FORM} button[type=submit]`);
  await tab.until("the thank-you page", () => location.pathname.includes("/thanks/") && document.readyState === "complete");
  assert.equal(site.received.length, 1);
  return Object.fromEntries(new URLSearchParams(site.received[0].body));
}

const only = (values, keys) => Object.fromEntries(keys.map((key) => [key, values[key]]));

for (const [name, start] of Object.entries(ENGINES)) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await start();
    });
    after(() => browser?.close());

    async function tabAt(t, url) {
      const tab = await browser.open();
      t.after(() => tab.close());
      await tab.goto(url);
      return tab;
    }

    test("a reload after a build sends the values of the new page", async (t) => {
      const site = await open(t, { storage: "none" });
      const tab = await tabAt(t, `${site.url}free-trial/`);
      assert.deepEqual(only(await look(tab), ["consent_version", "sentence"]), { consent_version: OLD.version, sentence: OLD.sentence });
      site.renew();
      await tab.reload();
      assert.equal((await look(tab)).sentence, NEW.sentence);
      assert.equal((await send(tab, site)).consent_version, NEW.version);
    });

    test("a reload keeps no agreement to another sentence", async (t) => {
      const site = await open(t, { storage: "none" });
      const tab = await tabAt(t, `${site.url}free-trial/`);
      // A jump within the page is another history entry.
      await tab.run(() => (location.hash = "#cta-call"));
      await agree(tab);
      site.renew();
      await tab.reload();
      assert.deepEqual(only(await look(tab), ["isAgreed", "sentence"]), { isAgreed: false, sentence: NEW.sentence });
    });

    test("going back shows no agreement to another sentence", async (t) => {
      const site = await open(t, { storage: "none" });
      const tab = await tabAt(t, `${site.url}free-trial/`);
      await agree(tab);
      await tab.goto(`${site.url}articles/`);
      site.renew();
      await tab.back();
      await tab.until("the form", () => document.readyState === "complete");
      await consentOf(tab);
    });

    test("a reload after an arrival in another tab sends that arrival as a whole", async (t) => {
      const site = await open(t);
      const tab = await tabAt(t, `${site.url}articles/?${NEWSLETTER}`);
      await tab.goto(`${site.url}free-trial/`);
      await tabAt(t, `${site.url}articles/?gclid=G123`);
      await tab.reload();
      const sent = await send(tab, site);
      assert.deepEqual(only(sent, ["lead_tag", "lead_summary", "click_id", "utm_source", "utm_term"]), {
        lead_tag: "free-trial_call_google-ads",
        lead_summary: "Have us call you, Free trial, via Google Ads",
        click_id: "G123",
        utm_source: "",
        utm_term: "",
      });
    });

    test("a touch that was forgotten after a reload is not sent", async (t) => {
      const site = await open(t);
      const tab = await tabAt(t, `${site.url}articles/?${NEWSLETTER}`);
      await tab.goto(`${site.url}free-trial/`);
      await tab.reload();
      assert.equal((await look(tab)).utm_term, "salary");
      await tab.run(() => tagline.consent(false));
      const sent = await send(tab, site);
      assert.deepEqual(only(sent, ["lead_tag", "utm_source", "utm_term", "first_channel", "first_page"]), {
        lead_tag: "free-trial_call_direct",
        utm_source: "",
        utm_term: "",
        first_channel: "",
        first_page: "",
      });
    });

    test("only a visit is an arrival: neither a reload nor the way back replaces a later one", async (t) => {
      const site = await open(t);
      const tab = await tabAt(t, `${site.url}free-trial/?${NEWSLETTER}`);
      const other = await tabAt(t, `${site.url}articles/?gclid=G123`);
      await tab.reload();
      assert.equal((await look(tab)).click_id, "G123");
      await tab.goto(`${site.url}articles/`);
      await tab.back();
      await tab.until("the form", () => document.readyState === "complete");
      assert.equal((await look(tab)).click_id, "G123");
      // The same link a second time is a visit.
      await other.goto(`${site.url}free-trial/?${NEWSLETTER}`);
      assert.deepEqual(only(await look(other), ["click_id", "utm_term"]), { click_id: "", utm_term: "salary" });
    });

    test("a second visit by another channel replaces the first", async (t) => {
      const site = await open(t);
      const tab = await tabAt(t, `${site.url}free-trial/?${NEWSLETTER}`);
      await tab.type(`${FORM} [name=phone]`, "+254 700 000000");
      await tab.goto(`${site.url}free-trial/?utm_source=linkedin&utm_medium=social`);
      const sent = await send(tab, site);
      assert.deepEqual(only(sent, ["lead_tag", "utm_source", "utm_campaign", "utm_term", "first_channel"]), {
        lead_tag: "free-trial_call_linkedin",
        utm_source: "linkedin",
        utm_campaign: "",
        utm_term: "",
        first_channel: "newsletter",
      });
    });

    test("a site under a second host leads to the thank-you page, and sends once", async (t) => {
      const site = await open(t, { storage: "none" });
      const tab = await tabAt(t, `${site.url.replace("127.0.0.1", "localhost")}free-trial/`);
      await send(tab, site);
      assert.ok((await tab.run(() => location.href)).startsWith(site.url));
    });

    test("a redirect that the policy blocks leads to the thank-you page, and sends once", async (t) => {
      const elsewhere = await recorder(() => ({ status: 200, headers: { "content-type": "text/html" }, body: "<p>Thank you" }));
      t.after(elsewhere.close);
      const crm = await recorder(({ method }) => (method === "HEAD" ? { status: 204 } : { status: 303, headers: { location: elsewhere.url } }));
      t.after(crm.close);
      const site = await open(t, { storage: "none", crm });
      const tab = await tabAt(t, `${site.url}free-trial/`);
      await tab.type(`${FORM} [name=name]`, "Zoë");
      await tab.type(`${FORM} [name=email]`, "zoe@example.com");
      await agree(tab);
      await tab.click(`${FORM} button[type=submit]`);
      // Firefox does not apply the policy to redirects.
      await tab.until("a thank-you page", (own) => location.pathname.includes("/thanks/") || !location.href.startsWith(own), site.url);
      assert.equal(crm.received.length, 1);
    });

    const SAME_PAGE = { "a duplicated tab": "duplicate", "a restored tab": "restore" };
    for (const [what, way] of Object.entries(SAME_PAGE)) {
      test(`${what} sends what it shows, and is no arrival`, async (t) => {
        if (!browser[way]) return t.skip(`the driver of ${name} cannot ${way} a tab`);
        const site = await open(t);
        const tab = await browser.open();
        await tab.goto(`${site.url}free-trial/?${NEWSLETTER}`);
        await agree(tab);
        await tabAt(t, `${site.url}articles/?gclid=G123`);
        site.renew();
        const copy = await browser[way](tab);
        t.after(() => copy.close());
        await copy.until("the form", (selector) => document.readyState === "complete" && document.querySelector(selector), FORM);
        const shown = await consentOf(copy);
        assert.deepEqual(only(await send(copy, site), ["lead_tag", "consent_version", "click_id", "utm_term"]), {
          lead_tag: "free-trial_call_google-ads",
          consent_version: shown.version,
          click_id: "G123",
          utm_term: "",
        });
      });
    }
  });
}
