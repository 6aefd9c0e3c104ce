// Visitors of a campaign are sent on to its versions before anything is painted, in the shares that the page says, and keep
// their version. Where they came from stays true.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";
import { PNG } from "pngjs";
import { launch, tab } from "./support/browser.mjs";
import { assertClean } from "./support/checker.mjs";
import { ENGINES, startFirefox, startScreen } from "./support/engines.mjs";
import { eventually } from "./support/live.mjs";
import { record } from "./support/screen.mjs";
import { SCRIPTS } from "./support/scripts.mjs";
import { serve } from "./support/server.mjs";
import { build, filesOf, galleryWithText } from "./support/site.mjs";

const SITE = `
title: Fern
base_url: https://fern.example/
languages: { de: { label: Deutsch } }
rules: { missing-translation: allow }
channels:
  acme: { label: Acme, source: acme, medium: referral }
  search: { label: Search, source: google, medium: cpc, click_ids: [gclid] }
destinations: { crm: { endpoint: https://forms.fern.example/leads } }
leads: { deliver_to: crm, owner: ada@fern.example }
`;

const page = (title, split) => `---
title: ${title}
summary: Every offer.
channels: [acme, search]
versions: { b: { title: Other ${title} } }
split: { b: ${split} }
ctas: { call: { label: Call, contact: { form: [email] } } }
---

# Text

[](cta:call)
`;

/** Red is the page, blue the version. The page before is green. */
const PAINT = `{% extends "parts/base.html" %}{% block after %}<style>html,body{background:{% if page.layout != "landing" %}#0f0{% elif page.version == "b" %}#00f{% else %}#f00{% endif %}!important}body *{visibility:hidden}</style>{% endblock after %}`;

/** Builds the site with a storage, and perhaps consent, and serves it. */
async function open({ storage = "none", consent = false, paint = false } = {}) {
  const root = galleryWithText();
  const attribution = `attribution: { storage: ${storage}, require_consent: ${consent} }\n`;
  writeFileSync(path.join(root, "site.yaml"), SITE + attribution);
  writeFileSync(path.join(root, "content/half.md"), page("Half", 50));
  writeFileSync(path.join(root, "content/all.md"), page("All", 100));
  writeFileSync(path.join(root, "content/none.md"), page("None", 0));
  const german = "---\ntitle: Alle\nctas: { call: { label: Anrufen } }\n---\n# Alle\n\n[](cta:call)\n";
  writeFileSync(path.join(root, "content/all.de.md"), german);
  writeFileSync(path.join(root, "content/index.md"), "---\ntitle: Home\nsummary: Home.\n---\n# Home\n\n[All](all.md)\n");
  if (paint) {
    mkdirSync(path.join(root, "themes/launch"), { recursive: true });
    for (const name of ["landing", "page"]) writeFileSync(path.join(root, `themes/launch/${name}.html`), PAINT);
  }
  const site = await serve();
  site.folder = build({ root, baseUrl: site.url, locked: false });
  return site;
}

/** Where a page is, and what its form says of the lead. */
const state = () => {
  const fields = [...document.querySelectorAll("form [type=hidden]")].map(({ name, value }) => [name, value]);
  const { lead_tag, language, version, page, referrer, click_id } = Object.fromEntries(fields);
  const { pathname, search, hash } = location;
  if (/_referrer/.test(search) || !lead_tag) return null;
  return JSON.stringify({ lead_tag, language, version, page: new URL(page).pathname, referrer, click_id, address: pathname + search + hash });
};

const sites = {};

before(async () => {
  sites.none = await open();
});

after(() => Promise.all(Object.values(sites).map((site) => site.close())));

test("every page of a site with languages and versions is valid", () => {
  const pages = filesOf(sites.none.folder, ".html");
  assert.ok(pages.includes("de/all/v/b/via/acme/index.html"), pages.join(" "));
  assertClean(sites.none.folder, pages, "--html");
});

describe("the script", () => {
  const code = readFileSync(path.join(SCRIPTS, "split.min.js"), "utf8");

  /** The addresses that this many visitors are sent to. */
  function visitors(number, dataset, keep = {}) {
    const sent = new Map();
    const script = new vm.Script(code);
    for (let at = 0; at < number; at += 1) {
      let to = "a";
      const location = { search: "", hash: "", replace: (address) => (to = address) };
      const document = { currentScript: { dataset }, referrer: "", documentElement: { style: {} } };
      script.runInNewContext({ document, location, self: { keep }, Date, encodeURIComponent, Math });
      sent.set(to, (sent.get(to) ?? 0) + 1);
    }
    return sent;
  }

  /** Asserts that a number is within four standard deviations of its share. */
  function assertShare(found, of, share) {
    const deviation = Math.sqrt(of * share * (1 - share));
    assert.ok(Math.abs(found - of * share) <= 4 * deviation, `${found} of ${of} for ${share}`);
  }

  test("10,000 visitors are split into the shares of the page", () => {
    const sent = visitors(10_000, { shares: "b20 c50", to: "/spring/v/*/via/acme/" });
    assert.equal(sent.size, 3, [...sent.keys()].join(" "));
    assertShare(sent.get("/spring/v/b/via/acme/?_referrer="), 10_000, 0.2);
    assertShare(sent.get("/spring/v/c/via/acme/?_referrer="), 10_000, 0.3);
    assertShare(sent.get("a"), 10_000, 0.5);
  });

  test("a kept version counts for 90 days, and only while visitors get it", () => {
    const sent = (kept) => [...visitors(200, { shares: "b50", to: "/s/v/*/", keep: "keep" }, { "/s/v/": kept }).keys()];
    const days = (number) => Date.now() - number * 24 * 3600 * 1000;
    assert.deepEqual(sent(`b${days(89)}`), ["/s/v/b/?_referrer="]);
    assert.deepEqual(sent(`a${days(89)}`), ["a"]);
    for (const kept of [`b${days(91)}`, `c${days(1)}`, "b", "", "null", "{}"]) assert.equal(sent(kept).length, 2, kept);
  });

  test("300 loads in a browser are split in half", async (t) => {
    const browser = await launch();
    t.after(() => browser.close());
    const visits = async () => {
      const visitor = await tab(browser);
      let versions = 0;
      for (let at = 0; at < 75; at += 1) {
        await visitor.goto(new URL("/half/", sites.none.url).href, { waitUntil: "commit" });
        await visitor.waitForFunction(() => !self.taglineMoved && document.querySelector("form"));
        versions += new URL(visitor.url()).pathname === "/half/v/b/";
      }
      return versions;
    };
    const [one, two, three, four] = await Promise.all([visits(), visits(), visits(), visits()]);
    assertShare(one + two + three + four, 300, 0.5);
  });
});

for (const [engine, start] of Object.entries(ENGINES)) {
  describe(engine, () => {
    let browser;
    let visitor;
    before(async () => {
      browser = await start();
      visitor = await browser.open();
    });
    after(() => browser?.close());

    const at = async (address) => {
      await visitor.goto(new URL(address, sites.none.url).href);
      return JSON.parse(await visitor.until("the page", state));
    };

    test("query, fragment, click id and channel survive, and the version is in the lead tag", async () => {
      const lead = await at("/all/?gclid=A+b%2Fc&utm_term=x+y#cta-call");
      assert.deepEqual(lead, {
        lead_tag: "all_call_search_b",
        language: "en",
        version: "b",
        page: "/all/",
        referrer: "",
        click_id: "A+b/c",
        address: "/all/v/b/?gclid=A+b%2Fc&utm_term=x+y#cta-call",
      });
    });

    test("a channel page leads to that of the version, and `via` counts", async () => {
      assert.equal((await at("/all/via/acme/")).lead_tag, "all_call_acme_b");
      const lead = await at("/all/?via=half_call_acme");
      assert.deepEqual([lead.lead_tag, lead.address], ["all_call_acme_b", "/all/v/b/"]);
    });

    test("the referrer is the page before, also for other scripts", async () => {
      // Another host for the browser, and the same server.
      const elsewhere = new URL("/", sites.none.url.replace("127.0.0.1", "localhost")).href;
      await visitor.goto(elsewhere);
      const link = new URL("/all/", sites.none.url).href;
      await visitor.run((href) => void Object.assign(document.querySelector("main a"), { href, rel: "opener" }), link);
      await visitor.run(() => document.querySelector("main a").click());
      const lead = JSON.parse(await visitor.until("the page", state));
      assert.deepEqual([lead.lead_tag, lead.address], ["all_call_other_b", "/all/v/b/"]);
      assert.equal(lead.referrer, elsewhere);
      assert.equal(await visitor.run(() => document.referrer), elsewhere);
    });

    test("a form in another language sends language and version", async () => {
      const lead = await at("/de/all/via/acme/");
      assert.deepEqual([lead.lead_tag, lead.language, lead.version], ["all_call_acme_de-b", "de", "b"]);
    });

    test("a reload and a link to a version are not split", async () => {
      for (let visit = 0; visit < 5; visit += 1) assert.equal((await at("/half/v/b/?via=acme")).lead_tag, "half_call_acme_b");
      await visitor.reload();
      const lead = JSON.parse(await visitor.until("the page", state));
      assert.deepEqual([lead.lead_tag, lead.address], ["half_call_acme_b", "/half/v/b/"]);
    });
  });
}

describe("what is kept", () => {
  let browser;
  before(async () => {
    browser = await launch();
    sites.session = await open({ storage: "session" });
    sites.local = await open({ storage: "local" });
    sites.asks = await open({ storage: "local", consent: true });
  });
  after(() => browser?.close());

  /** Visits the page in a tab of a visitor, and returns the version. */
  async function version(visitor, name, { inNewTab = false } = {}) {
    const page = inNewTab ? await visitor.context().newPage() : visitor;
    await page.goto(new URL("/half/", sites[name].url).href);
    await page.waitForFunction(() => !self.taglineMoved && self.tagline?.consent && document.querySelector("form"));
    const found = await page.evaluate(() => document.querySelector("[name=version]").value);
    if (inNewTab) await page.close();
    return found;
  }

  /** The versions of several visits of several visitors: a text for each visitor. */
  async function visits(name, options) {
    const seen = [];
    for (let number = 0; number < 6; number += 1) {
      const visitor = await tab(browser);
      let text = await version(visitor, name);
      for (let visit = 0; visit < 4; visit += 1) text += await version(visitor, name, options);
      seen.push(text);
      await visitor.context().close();
    }
    return seen;
  }

  const isSame = (text) => new Set(text).size === 1;

  test("nothing with storage none: each visit is another chance", async () => {
    const seen = await visits("none");
    assert.ok(!seen.every(isSame), seen.join(" "));
  });

  test("the version of a tab with storage session", async () => {
    const seen = await visits("session");
    // That visitors are split at all is shown without storage.
    assert.ok(seen.every(isSame), seen.join(" "));
  });

  test("the version of a browser with storage local", async () => {
    const seen = await visits("local", { inNewTab: true });
    // That visitors are split at all is shown without storage.
    assert.ok(seen.every(isSame), seen.join(" "));
  });

  test("only with consent, and forgotten after a refusal", async () => {
    const keys = (visitor) => visitor.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("/v/")));
    const visitor = await tab(browser);
    await version(visitor, "asks");
    assert.deepEqual(await keys(visitor), []);
    const first = await version(visitor, "asks");
    await visitor.evaluate(() => tagline.consent(true));
    assert.deepEqual(await keys(visitor), ["/half/v/"]);
    for (let visit = 0; visit < 8; visit += 1) assert.equal(await version(visitor, "asks"), first);
    await visitor.evaluate(() => tagline.consent(false));
    assert.deepEqual(await keys(visitor), []);
  });
});

test("a page that is rendered in advance is measured once it is seen", async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  const visitor = await tab(browser);
  await visitor.goto(sites.none.url);
  // The browser takes a page that is rendered in advance for another target.
  const script = readFileSync(path.join(SCRIPTS, "measure.min.js"), "utf8").trimEnd().replace(/;$/, "");
  const loaded = await visitor.evaluate(async (script) => {
    Object.defineProperty(document, "prerendering", { value: true, configurable: true });
    Object.defineProperty(document, "currentScript", { value: { dataset: {} }, configurable: true });
    self.tagline = { granted: true, consent() {} };
    (0, eval)(script)({ plausible: "fern.example" });
    const scripts = () => document.querySelectorAll("script[src*=plausible]").length;
    const before = scripts();
    document.dispatchEvent(new Event("prerenderingchange"));
    return [before, scripts()];
  }, script);
  assert.deepEqual(loaded, [0, 1]);
});

describe("what is painted", () => {
  const isRed = ([red, green, blue]) => red > 200 && green < 60 && blue < 60;
  const isBlue = ([red, green, blue]) => blue > 200 && red < 60 && green < 60;

  /** Asserts that frames show the version and never the page, and that they would show the page if it were painted. */
  function assertNoFlash(frames, control) {
    const colours = [...new Set(control.flat().map((pixel) => pixel.join(",")))].slice(0, 20).join(" ");
    assert.ok(control.some((frame) => frame.some(isRed)), `the page itself is seen: ${colours}`);
    assert.ok(frames.some((frame) => frame.some(isBlue)), "the version is seen");
    assert.ok(!frames.some((frame) => frame.some(isRed)), "the page is never seen before its version");
  }

  before(async () => {
    sites.paint = await open({ paint: true });
    // The page has time to be painted, if it were not hidden.
    sites.paint.delays["/all/v/b/"] = 250;
  });

  /** Visits the version through its page, and a page whose visitors all stay. */
  async function frames(record, visit) {
    const results = [];
    for (const address of ["/all/", "/none/"]) {
      const recording = await record();
      for (let number = 0; number < 3; number += 1) {
        await visit("/");
        await visit(address);
        await new Promise((resolve) => setTimeout(resolve, 600));
      }
      results.push(await recording.stop());
    }
    return results;
  }

  test("Chromium paints the right version first", async (t) => {
    const browser = await launch();
    t.after(() => browser.close());
    const visitor = await tab(browser, { viewport: { width: 320, height: 240 } });
    const client = await visitor.context().newCDPSession(visitor);
    const record = async () => {
      const pictures = [];
      const take = ({ data, sessionId }) => {
        pictures.push(data);
        void client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
      };
      client.on("Page.screencastFrame", take);
      await client.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
      const stop = async () => {
        await client.send("Page.stopScreencast");
        client.off("Page.screencastFrame", take);
        return pictures.map((data) => {
          const { data: pixels } = PNG.sync.read(Buffer.from(data, "base64"));
          const found = [];
          for (let at = 0; at < pixels.length; at += 4 * 97) found.push([...pixels.subarray(at, at + 3)]);
          return found;
        });
      };
      return { stop };
    };
    const visit = (address) => visitor.goto(new URL(address, sites.paint.url).href);
    assertNoFlash(...(await frames(record, visit)));
  });

  for (const engine of ["firefox", "webkit"]) {
    test(`${engine} paints the right version first`, async (t) => {
      const screen = engine === "firefox" ? await startScreen() : undefined;
      if (screen) t.after(screen.close);
      const browser = engine === "firefox" ? await startFirefox(screen.display) : await ENGINES.webkit();
      t.after(() => browser.close());
      const visitor = browser.first ?? (await browser.open());
      const visit = (address) => visitor.goto(new URL(address, sites.paint.url).href);
      const display = screen?.display ?? browser.display;
      await eventually("a window", async () => (await visit("/"), true));
      assertNoFlash(...(await frames(() => record(display), visit)));
    });
  }
});
