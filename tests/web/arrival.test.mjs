// A lead keeps its source from the arrival to the submitted form: through pages, tabs and browser storage, in every mode.
// Real pages in Chromium send to a real endpoint.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, tab } from "./support/browser.mjs";
import { minified, names, published } from "./support/scripts.mjs";
import { endpoint, serve } from "./support/server.mjs";
import { build, copyOfExample, edit, REPOSITORY } from "./support/site.mjs";

/** The maximum length of a value, in characters. */
const LONGEST = 512;
const FIVE = {
  utm_source: "newsletter",
  utm_medium: "email",
  utm_campaign: "hiring-guide",
  utm_content: "header-2",
  utm_term: "salary tables",
};

let browser;
let crm;
const sites = {};

/** The example with a search form and a login on every page, and a page with two lead forms. */
function changedExample(attribution, more = () => {}) {
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), "https://forms.kazi.example/leads", `${crm.url}leads`);
  edit(path.join(root, "site.yaml"), "  storage: none\n  require_consent: false", `  ${attribution.join("\n  ")}`);
  mkdirSync(path.join(root, "themes/launch/parts"), { recursive: true });
  writeFileSync(
    path.join(root, "themes/launch/parts/footer.html"),
    `<form class="search" action="/search/"><label>Search <input name="q"></label>
     <input type="hidden" name="utm_source" value="own"><input type="hidden" name="channel" value="own"></form>
     <form class="login" method="post" action="/login/"><label>Name <input name="name"></label></form>\n`,
  );
  edit(
    path.join(root, "content/free-trial/index.md"),
    "\nctas:\n",
    `\nctas:\n  plan:\n    label: Get a plan\n    booking:\n      form: [name, email]\n`,
  );
  edit(path.join(root, "content/free-trial/index.md"), "[](cta:trial) [](cta:call)", "[](cta:trial) [](cta:call) [](cta:plan)");
  more(root);
  return root;
}

async function open(name, attribution, more) {
  const site = await serve();
  const root = changedExample(attribution, more);
  site.folder = build({ root, baseUrl: site.url, locked: false });
  sites[name] = site;
}

before(async () => {
  crm = await endpoint();
  browser = await launch();
  await open("none", ["storage: none"]);
  await open("session", ["storage: session"]);
  await open("local", ["storage: local"]);
  await open("asks", ["storage: local", "require_consent: true"]);
  await open("asksNone", ["storage: none", "require_consent: true"]);
});

after(() => Promise.all([browser, crm, ...Object.values(sites)].map((opened) => opened?.close())));

const query = (values) => `?${new URLSearchParams(values)}`;

/** A visitor with a new browser profile. Errors in its tabs are recorded, and none is allowed. */
async function visitor(t, site, options = {}) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  t.after(() => assert.deepEqual(page.complaints, []));
  page.site = sites[site];
  return page;
}

async function arrive(t, site, address, { referer, ...options } = {}) {
  const page = await visitor(t, site, options);
  await page.goto(new URL(address, page.site.url).href, { referer });
  return page;
}

/** The current hidden fields of the form of a call to action. */
const fields = (page, cta) =>
  page
    .locator(`#cta-${cta} form`)
    .evaluate((form) => Object.fromEntries([...new FormData(form)].filter(([name]) => form.elements[name].type === "hidden")));

/** Fills in a form as a person does, sends it, and returns what the endpoint received. */
async function send(page, cta) {
  const form = page.locator(`#cta-${cta} form`);
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("E-mail").fill("zoe@example.com");
  await form.getByLabel(/^I agree/).check();
  const before = crm.received.length;
  await Promise.all([page.waitForURL(/\/thanks\//), form.getByRole("button").click()]);
  assert.equal(crm.received.length, before + 1);
  return Object.fromEntries(new URLSearchParams(crm.received.at(-1).body));
}

const only = (values, keys) => Object.fromEntries(keys.map((key) => [key, values[key]]));
const stored = (page, storage) => page.evaluate((name) => JSON.parse(self[name].tagline ?? "null"), storage);
const follow = (page, name) => page.getByRole("navigation").getByRole("link", { name }).click();

describe("the arrival script", () => {
  test("is the minified source, and small", async () => {
    for (const name of names()) {
      assert.equal(published(name), await minified(name), `run \`npm run scripts\` for ${name}.js`);
    }
    const script = published("arrival").trimEnd().replace(/;$/, "");
    const size = gzipSync(script, { level: 9 }).length;
    console.log(`arrival script: ${script.length} bytes, ${size} gzipped, without the site's channel table`);
    assert.ok(size <= 1500, `${size} bytes`);
  });

  test("is one file on every page, and does not block rendering", async (t) => {
    const page = await visitor(t, "none");
    const files = new Set();
    for (const address of ["/", "/hiring-guide/", "/hiring-guide/via/newsletter/", "/articles/marketing-vs-sales/"]) {
      await page.goto(new URL(address, page.site.url).href);
      const script = page.locator('script[src*="/arrival."]');
      assert.equal(await script.getAttribute("defer"), "");
      files.add(await script.getAttribute("src"));
    }
    assert.equal(files.size, 1);
    assert.match([...files][0], /^\/theme\/arrival\.[0-9a-f]{10}\.js$/);
  });
});

describe("a channel", () => {
  const CASES = [
    ["its source and medium", query({ utm_source: "newsletter", utm_medium: "email" }), undefined, "newsletter"],
    ["them in other letters", query({ UTM_Source: "NewsLetter", Utm_Medium: "Email" }), undefined, "newsletter"],
    ["another source of it", query({ utm_source: "mailchimp", utm_medium: "email" }), undefined, "newsletter"],
    ["its source alone", query({ utm_source: "newsletter" }), undefined, "newsletter"],
    ["spaces around them", query({ utm_source: " newsletter ", utm_medium: "email " }), undefined, "newsletter"],
    ["its source with a foreign medium", query({ utm_source: "newsletter", utm_medium: "cpc" }), undefined, "other"],
    ["an unknown source", query({ utm_source: "tiktok", utm_medium: "social" }), undefined, "other"],
    ["a click id", "?GCLID=Ab-C", undefined, "google-ads"],
    ["a click id beside an unknown source", "?utm_source=x&gclid=1", undefined, "google-ads"],
    ["a click id of no channel", "?fbclid=1", undefined, "other"],
    ["the click id that a channel names, of two", "?fbclid=F&wbraid=W", undefined, "google-ads"],
    ["a mark of Google Ads without a click id", "?gad_source=1&gad_campaignid=22", undefined, "google-ads"],
    ["a medium with the parameters of a mailer", "?utm_source=newsletter&utm_medium=email?mc_cid=1", undefined, "newsletter"],
    ["an empty click id", "?gclid=", undefined, "direct"],
    ["a host that links here", "", "https://www.linkedin.com/feed/", "linkedin"],
    ["a host that ends like one", "", "https://notlinkedin.com/", "other"],
    ["an unknown host", "", "https://news.example.com/", "other"],
    ["a source rather than the host", query({ utm_source: "tiktok" }), "https://www.linkedin.com/", "other"],
    ["via", "?via=newsletter", undefined, "newsletter"],
    ["via before a source", "?via=newsletter&utm_source=acme&utm_medium=referral", undefined, "newsletter"],
    ["a lead tag in via", "?via=free-trial_trial_blog", undefined, "blog"],
    ["an empty via", "?via=", undefined, "direct"],
    ["via with a channel that is none", "?via=nowhere", undefined, "other"],
    ["via with a name that every object has", "?via=constructor", undefined, "other"],
    ["nothing", "", undefined, "direct"],
    ["parameters of others", "?ref=x&id=7", undefined, "direct"],
  ];
  for (const [how, address, referer, channel] of CASES) {
    test(`is recognized by ${how}: ${channel}`, async (t) => {
      // A page of a campaign that has no channel page for these channels, except for one.
      const page = await arrive(t, "none", `/hiring-guide/${address}`, { referer });
      const found = await fields(page, "guide");
      assert.equal(found.channel, channel);
      assert.equal(found.lead_tag, `hiring-guide_guide_${channel}`);
      const said = { newsletter: "via Monthly newsletter", linkedin: "via LinkedIn posts", "google-ads": "via Google Ads", blog: "via Our articles" };
      assert.equal(found.lead_summary, `Get the hiring guide, Hiring guide, ${said[channel] ?? channel}`);
    });
  }
});

describe("values", () => {
  test("are sent unescaped", async (t) => {
    const strange = ["100%off", "été 春", "Mother's Day", "R&D", "a|||b", "<script>alert(1)</script>", '"quoted"', "a=b;c", "x%zz"];
    for (const value of strange) {
      const page = await arrive(t, "session", `/hiring-guide/${query({ utm_source: "newsletter", utm_medium: "email", utm_term: value })}`);
      assert.equal((await send(page, "guide")).utm_term, value);
    }
  });

  test("with an invalid percent sequence are kept as text", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/?utm_source=newsletter&utm_term=100%off&utm_content=%E9t%E9&%=1&%zz");
    const found = await fields(page, "guide");
    assert.equal(found.utm_term, "100%off");
    assert.equal(found.channel, "newsletter");
  });

  test("of a click id are sent byte for byte", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/?gClId=CjwKCAjw-aBcD_EfG%2Bh+i~x");
    const sent = await send(page, "guide");
    assert.deepEqual(only(sent, ["click_id", "click_id_type"]), { click_id: "CjwKCAjw-aBcD_EfG+h+i~x", click_id_type: "gclid" });
  });

  test("are truncated, but never within a character", async (t) => {
    const long = { utm_term: "x".repeat(5000), utm_content: "😀".repeat(700) };
    const page = await arrive(t, "session", `/hiring-guide/${query({ utm_source: "newsletter", ...long })}`);
    const sent = await send(page, "guide");
    assert.equal(sent.utm_term, "x".repeat(LONGEST));
    assert.equal(sent.utm_content, "😀".repeat(LONGEST));
  });

  test("that occur twice count once: the first", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/?utm_source=newsletter&utm_source=acme&utm_medium=email&utm_term=a&UTM_TERM=b");
    assert.deepEqual(only(await fields(page, "guide"), ["channel", "utm_source", "utm_term"]), {
      channel: "newsletter",
      utm_source: "newsletter",
      utm_term: "a",
    });
  });

  test("of an unknown source are kept with the channel `other`", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/?utm_source=TikTok&utm_medium=Social", { referer: "https://www.tiktok.com/@kazi" });
    const sent = await send(page, "guide");
    assert.deepEqual(only(sent, ["lead_tag", "lead_summary", "utm_source", "utm_medium", "referrer"]), {
      lead_tag: "hiring-guide_guide_other",
      lead_summary: "Get the hiring guide, Hiring guide, other",
      utm_source: "TikTok",
      utm_medium: "Social",
      // Browsers send only the host to other sites.
      referrer: "https://www.tiktok.com/@kazi",
    });
  });
});

describe("forms", () => {
  test("for leads are filled, also two on one page, and other forms are not", async (t) => {
    const page = await arrive(t, "none", `/free-trial/${query(FIVE)}`);
    assert.equal((await fields(page, "call")).lead_tag, "free-trial_call_newsletter");
    assert.equal((await fields(page, "plan")).lead_tag, "free-trial_plan_newsletter");
    const search = await page.locator("form.search").evaluate((form) => [...new FormData(form)]);
    assert.deepEqual(search, [["q", ""], ["utm_source", "own"], ["channel", "own"]]);
    assert.deepEqual(await page.locator("form.login").evaluate((form) => [...new FormData(form)]), [["name", ""]]);
  });

  test("that are added later are filled when they are sent", async (t) => {
    const page = await arrive(t, "none", `/hiring-guide/${query(FIVE)}`);
    await page.evaluate(() => {
      const late = document.createElement("form");
      late.id = "late";
      late.method = "post";
      late.action = document.querySelector("#cta-guide form").action;
      late.innerHTML = `<input type="hidden" name="lead_tag" value="hiring-guide_guide_direct">
        <input type="hidden" name="utm_term"><input type="hidden" name="redirect" value="${location.href}">`;
      document.body.append(late);
    });
    await Promise.all([page.waitForURL(/hiring-guide/), page.waitForEvent("load"), page.evaluate(() => document.querySelector("#late").requestSubmit())]);
    const sent = Object.fromEntries(new URLSearchParams(crm.received.at(-1).body));
    assert.deepEqual(only(sent, ["lead_tag", "utm_term"]), { lead_tag: "hiring-guide_guide_newsletter", utm_term: FIVE.utm_term });
  });

  test("with fields that shadow DOM properties cause no error", async (t) => {
    const page = await visitor(t, "none");
    await page.addInitScript(() => {
      addEventListener("DOMContentLoaded", () => {}, { once: true });
      new MutationObserver((_, observer) => {
        if (!document.body || document.querySelector("#odd")) return;
        observer.disconnect();
        document.body.insertAdjacentHTML("afterbegin", `<form id="odd"><input name="querySelectorAll"><input name="dataset">
          <input name="built"><input type="hidden" name="lead_tag" value="x_y_direct"></form><form id="tagline"><input name="consent"></form>`);
      }).observe(document, { childList: true, subtree: true });
      history.replaceState({ tagline: 5 }, "");
    });
    await page.goto(new URL(`/hiring-guide/${query(FIVE)}`, page.site.url).href);
    assert.ok(await page.locator("#odd").count());
    assert.equal((await fields(page, "guide")).channel, "newsletter");
    assert.equal(await page.evaluate(() => typeof self.tagline.consent), "function");
  });

  test("of a channel page keep its channel, with the parameters of the visit", async (t) => {
    const address = `/hiring-guide/via/linkedin/${query({ utm_source: "Facebook", utm_medium: "paid", utm_content: "ad-7" })}`;
    const page = await arrive(t, "session", address);
    const sent = await send(page, "guide");
    assert.deepEqual(only(sent, ["lead_tag", "channel", "lead_summary", "utm_source", "utm_medium", "utm_campaign", "utm_content"]), {
      lead_tag: "hiring-guide_guide_linkedin",
      channel: "linkedin",
      lead_summary: "Get the hiring guide, Hiring guide, via LinkedIn posts",
      utm_source: "Facebook",
      utm_medium: "paid",
      // Touches are never mixed: the parameters of the visit replace all parameters of the channel.
      utm_campaign: "",
      utm_content: "ad-7",
    });
  });

  test("of a channel page have the parameters of the channel if the visit has none", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/via/linkedin/");
    const sent = await send(page, "guide");
    assert.deepEqual(only(sent, ["lead_tag", "utm_source", "utm_medium"]), {
      lead_tag: "hiring-guide_guide_linkedin",
      utm_source: "linkedin",
      utm_medium: "social",
    });
  });
});

describe("links of calls to action", () => {
  const hrefs = (page, tag) => page.locator(`a[data-lead-tag="${tag}"]`).evaluateAll((all) => all.map((link) => link.getAttribute("href")));

  test("to another host carry the channel of the visitor", async (t) => {
    const page = await arrive(t, "none", `/free-trial/${query(FIVE)}`);
    const [href] = await hrefs(page, "free-trial_trial_newsletter");
    const carried = new URL(href).searchParams;
    assert.deepEqual(
      ["utm_source", "utm_medium", "utm_campaign", "utm_content"].map((name) => carried.get(name)),
      ["newsletter", "email", "free-trial", "free-trial_trial_newsletter"],
    );
    assert.equal((await hrefs(page, "free-trial_trial_direct")).length, 0);
  });

  test("carry no source and medium for `other`", async (t) => {
    const page = await arrive(t, "none", "/free-trial/?utm_source=tiktok");
    const [href] = await hrefs(page, "free-trial_trial_other");
    assert.equal(new URL(href).searchParams.get("utm_source"), null);
    assert.equal(new URL(href).searchParams.get("utm_content"), "free-trial_trial_other");
  });

  test("on an article count as the article only for direct visitors", async (t) => {
    const direct = await arrive(t, "none", "/articles/what-a-lead-saw/");
    assert.equal((await hrefs(direct, "free-trial_trial_blog")).length, 1);
    const page = await arrive(t, "none", `/articles/what-a-lead-saw/${query(FIVE)}`);
    assert.equal((await hrefs(page, "free-trial_trial_blog")).length, 0);
    assert.match((await hrefs(page, "free-trial_trial_newsletter"))[0], /utm_source=newsletter&utm_medium=email/);
    assert.match((await hrefs(page, "hiring-guide_guide_newsletter"))[0], /\?via=hiring-guide_guide_newsletter#cta-guide$/);
    const searched = await arrive(t, "none", "/articles/what-a-lead-saw/", { referer: "https://www.google.com/" });
    assert.equal((await hrefs(searched, "free-trial_trial_blog")).length, 1, "`other` is no known channel");
  });

  test("on a channel page stay as they were built", async (t) => {
    const page = await arrive(t, "none", `/free-trial/via/linkedin/${query(FIVE)}`);
    assert.ok((await hrefs(page, "free-trial_trial_linkedin")).every((href) => href.includes("utm_source=linkedin&utm_medium=social")));
  });

  test("on an article lead to a form with the channel of the article", async (t) => {
    const page = await arrive(t, "none", "/articles/what-a-lead-saw/");
    await page.locator('a[data-lead-tag="hiring-guide_guide_blog"]').click();
    await page.waitForURL(/\/hiring-guide\//);
    assert.equal(new URL(page.url()).search, "");
    assert.equal((await send(page, "guide")).lead_tag, "hiring-guide_guide_blog");
  });
});

describe("a channel with a page of its own", () => {
  test("gets its visitors from the landing page with their query", async (t) => {
    const page = await arrive(t, "none", "/spring-hiring/?utm_source=acme&utm_medium=referral&utm_term=x#cta-save");
    await page.waitForURL(/\/via\/acme\//);
    const url = new URL(page.url());
    assert.equal(`${url.pathname}${url.search}${url.hash}`, "/spring-hiring/via/acme/?utm_source=acme&utm_medium=referral&utm_term=x#cta-save");
    assert.equal(await page.locator("#cta-save code").innerText(), "ACME20");
    assert.equal((await fields(page, "guide")).utm_term, "x");
  });

  test("gets its visitors by referrer, too", async (t) => {
    const page = await arrive(t, "session", "/spring-hiring/", { referer: "https://shop.acme.example/" });
    await page.waitForURL(/\/via\/acme\//);
    const sent = await send(page, "guide");
    assert.deepEqual(only(sent, ["channel", "referrer"]), { channel: "acme", referrer: "https://shop.acme.example/" });
  });

  test("shows its own code on pages of other campaigns, too", async (t) => {
    const site = await serve();
    t.after(site.close);
    const root = changedExample(["storage: none"], (copy) =>
      edit(path.join(copy, "content/articles/index.md"), "It is free: [](cta:hiring-guide/guide)", "[](cta:spring-hiring/save)"),
    );
    site.folder = build({ root, baseUrl: site.url, locked: false });
    const page = await visitor(t, "none");
    const href = async (address) => {
      await page.goto(new URL(address, site.url).href);
      return page.locator('a[data-lead-tag^="spring-hiring_save_"]').first().getAttribute("href");
    };
    assert.match(await href("/articles/"), /coupon=SPRING20&/);
    assert.match(await href("/articles/?utm_source=newsletter&utm_medium=email"), /coupon=SPRING20&.*_newsletter$/);
    assert.match(await href("/articles/?utm_source=acme&utm_medium=referral"), /coupon=ACME20&utm_source=acme&utm_medium=referral&.*_acme$/);
  });
});

describe("storage `none`", () => {
  const nothingKept = async (page) => {
    assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
    assert.deepEqual(await page.context().cookies(), []);
  };

  test("keeps the channel from page to page, with clean URLs and an empty storage", async (t) => {
    const page = await arrive(t, "none", `/hiring-guide/${query(FIVE)}`);
    for (const name of ["Articles", "Hiring guide", "Free trial"]) {
      await follow(page, name);
      await page.waitForLoadState();
      assert.equal(new URL(page.url()).search, "");
      await nothingKept(page);
    }
    assert.equal((await send(page, "plan")).lead_tag, "free-trial_plan_newsletter");
    await nothingKept(page);
  });

  test("adds `via` only when a link is followed", async (t) => {
    const page = await arrive(t, "none", `/hiring-guide/${query(FIVE)}`);
    const link = page.getByRole("navigation").getByRole("link", { name: "Articles" });
    assert.equal(await link.getAttribute("href"), "/articles/");
    const [other] = await Promise.all([page.context().waitForEvent("page"), link.click({ modifiers: ["ControlOrMeta"] })]);
    await other.waitForLoadState();
    assert.equal(new URL(other.url()).search, "");
    assert.ok((await other.locator('a[data-lead-tag="hiring-guide_guide_newsletter"]').count()) > 0);
    assert.equal(await link.getAttribute("href"), "/articles/");
  });

  test("keeps other parameters and the fragment of a URL", async (t) => {
    const page = await arrive(t, "none", "/hiring-guide/?a=1&via=newsletter&b=%20x#cta-guide");
    const { search, hash } = new URL(page.url());
    assert.deepEqual([new URLSearchParams(search).get("a"), new URLSearchParams(search).get("b"), hash], ["1", " x", "#cta-guide"]);
    assert.ok(!search.includes("via"));
  });

  test("keeps the channel after a jump to an anchor and a reload", async (t) => {
    const page = await arrive(t, "none", `/hiring-guide/${query(FIVE)}`);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    await page.getByRole("link", { name: "Have us call you" }).first().click();
    assert.equal(new URL(page.url()).hash, "#cta-call");
    await page.reload();
    assert.equal((await fields(page, "call")).channel, "newsletter");
  });

  test("keeps the channel after a reload and after going back", async (t) => {
    const page = await arrive(t, "none", `/hiring-guide/${query(FIVE)}`);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    await page.reload();
    assert.equal((await fields(page, "call")).channel, "newsletter");
    await page.goBack();
    assert.equal((await fields(page, "guide")).utm_term, FIVE.utm_term);
    await page.goForward();
    assert.equal((await fields(page, "call")).channel, "newsletter");
  });

  test("does not change links to the page itself, to other sites, and to people", async (t) => {
    const page = await arrive(t, "none", `/free-trial/${query(FIVE)}`);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", `<p id="more"><a href="#main">here</a> <a href="mailto:a@b.example">mail</a>
        <a href="https://other.example/">there</a> <svg width="9" height="9"><a href="/x/"><rect width="9" height="9"/></a></svg></p>`);
      addEventListener("click", (event) => event.preventDefault());
    });
    for (const link of await page.locator("#more a").all()) {
      await link.dispatchEvent("click");
      assert.ok(!(await link.getAttribute("href")).includes("via"));
    }
    await page.getByRole("link", { name: "Have us call you" }).first().click();
    assert.equal(new URL(page.url()).searchParams.get("via"), null);
  });
});

describe("storage `session`", () => {
  test("keeps all five values up to the form of the second page, with clean URLs", async (t) => {
    const page = await arrive(t, "session", `/hiring-guide/${query(FIVE)}`, { referer: "https://mail.example.com/" });
    await follow(page, "Articles");
    await page.waitForURL(/articles/);
    assert.equal(new URL(page.url()).search, "");
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.equal(new URL(page.url()).search, "");
    const sent = await send(page, "call");
    assert.deepEqual(only(sent, Object.keys(FIVE)), FIVE);
    assert.deepEqual(only(sent, ["lead_tag", "first_channel", "first_campaign", "first_page", "referrer"]), {
      lead_tag: "free-trial_call_newsletter",
      first_channel: "newsletter",
      first_campaign: "hiring-guide",
      first_page: new URL("/hiring-guide/", page.site.url).href,
      referrer: "https://mail.example.com/",
    });
  });

  test("replaces a touch as a whole: a newsletter without a term after an ad with one", async (t) => {
    const page = await arrive(t, "session", "/free-trial/?utm_source=google&utm_medium=cpc&utm_term=hiring&gclid=Xy1");
    await page.goto(new URL("/free-trial/?utm_source=newsletter&utm_medium=email", page.site.url).href);
    const sent = await send(page, "call");
    assert.deepEqual(only(sent, ["channel", "utm_source", "utm_term", "click_id", "click_id_type", "first_channel"]), {
      channel: "newsletter",
      utm_source: "newsletter",
      utm_term: "",
      click_id: "",
      click_id_type: "",
      first_channel: "google-ads",
    });
  });

  test("keeps a known touch through direct visits and internal links", async (t) => {
    const page = await arrive(t, "session", `/hiring-guide/${query(FIVE)}`);
    await page.goto(page.site.url);
    await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<a id="own" href="/free-trial/?utm_source=homepage&utm_medium=banner">x</a>'));
    await page.locator("#own").click();
    await page.waitForURL(/free-trial/);
    assert.deepEqual(only(await send(page, "call"), Object.keys(FIVE)), FIVE);
  });

  test("keeps a known touch after a visit from an unknown page, such as a checkout", async (t) => {
    const page = await arrive(t, "session", `/hiring-guide/${query(FIVE)}`);
    await page.goto(new URL("/free-trial/", page.site.url).href, { referer: "https://buy.stripe.com/" });
    assert.deepEqual(only(await fields(page, "call"), Object.keys(FIVE)), FIVE);
    // Chromium treats the address that a tab shows already as a reload.
    await page.goto("about:blank");
    await page.goto(new URL("/free-trial/", page.site.url).href, { referer: "https://www.linkedin.com/" });
    assert.deepEqual(only(await fields(page, "call"), ["channel", "utm_term"]), { channel: "linkedin", utm_term: "" });
  });

  test("does not keep the channel of a page if its link names another one", async (t) => {
    const page = await arrive(t, "session", "/hiring-guide/via/newsletter/?utm_source=newsletter&utm_medium=email&utm_term=t");
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.equal(new URL(page.url()).search, "");
    assert.deepEqual(only(await fields(page, "call"), ["channel", "utm_term"]), { channel: "newsletter", utm_term: "t" });
  });

  test("passes the channel to a tab opened by a link, and separates tabs otherwise", async (t) => {
    const page = await arrive(t, "session", `/hiring-guide/${query(FIVE)}`);
    const link = page.getByRole("navigation").getByRole("link", { name: "Free trial" });
    const ways = [
      () => link.click({ button: "middle" }),
      () => link.click({ modifiers: ["Shift"] }),
      () => link.evaluate((element) => (element.target = "_blank")).then(() => link.click()),
    ];
    for (const way of ways) {
      const [opened] = await Promise.all([page.context().waitForEvent("page"), way()]);
      await opened.waitForLoadState();
      assert.equal((await fields(opened, "call")).channel, "newsletter");
      assert.equal(new URL(opened.url()).search, "");
    }
    const apart = await page.context().newPage();
    await apart.goto(new URL("/free-trial/", page.site.url).href);
    assert.equal((await fields(apart, "call")).channel, "direct");
  });

  test("stores only the two touches", async (t) => {
    const page = await arrive(t, "session", `/hiring-guide/${query(FIVE)}`);
    const { first, last, at } = await stored(page, "sessionStorage");
    assert.deepEqual(Object.keys(first).sort(), ["first_campaign", "first_channel", "first_page"]);
    assert.deepEqual(Object.keys(last).sort(), ["channel", "click_id", "click_id_type", "referrer", ...Object.keys(FIVE)].sort());
    assert.ok(Math.abs(Date.now() - at) < 60_000);
    assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]), [1, 0, ""]);
  });
});

describe("storage `local`", () => {
  test("keeps touches for 90 days", async (t) => {
    const page = await arrive(t, "local", `/hiring-guide/${query(FIVE)}`);
    const later = await page.context().newPage();
    await later.clock.setSystemTime(Date.now() + 89 * 864e5);
    await later.goto(new URL("/free-trial/", page.site.url).href);
    assert.deepEqual(only(await fields(later, "call"), ["channel", "utm_term"]), { channel: "newsletter", utm_term: FIVE.utm_term });
    const tooLate = await page.context().newPage();
    await tooLate.clock.setSystemTime(Date.now() + 91 * 864e5);
    await tooLate.goto(new URL("/free-trial/", page.site.url).href);
    assert.deepEqual(only(await fields(tooLate, "call"), ["channel", "first_channel"]), { channel: "direct", first_channel: "direct" });
  });

  test("sends the last touch of all tabs", async (t) => {
    const page = await arrive(t, "local", `/free-trial/${query(FIVE)}`);
    const other = await page.context().newPage();
    await other.goto(new URL("/hiring-guide/?utm_source=google&utm_medium=cpc&gclid=Zz", page.site.url).href);
    const sent = await send(page, "call");
    assert.deepEqual(only(sent, ["lead_tag", "click_id", "utm_term", "first_channel"]), {
      lead_tag: "free-trial_call_google-ads",
      click_id: "Zz",
      utm_term: "",
      first_channel: "newsletter",
    });
  });
});

test("an open page does not combine the lead tag of a channel with a code that the channel lacks", async (t) => {
  const page = await arrive(t, "local", "/spring-hiring/");
  const other = await page.context().newPage();
  await other.goto(new URL("/hiring-guide/?utm_source=acme&utm_medium=referral", page.site.url).href);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  const coupon = page.locator("#cta-save a.cta");
  await coupon.evaluate((link) => link.addEventListener("click", (event) => event.preventDefault()));
  await coupon.click();
  assert.match(await coupon.getAttribute("href"), /coupon=SPRING20.*spring-hiring_save_direct$/);
  await page.reload();
  await page.waitForURL(/\/via\/acme\//);
  assert.match(await coupon.getAttribute("href"), /coupon=ACME20.*spring-hiring_save_acme$/);
});

describe("storage that fails", () => {
  const BROKEN = {
    "is blocked": () => Object.defineProperty(self, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } }),
    "is missing": () => Object.defineProperty(self, "sessionStorage", { value: undefined }),
    "is full": () => {
      sessionStorage.clear();
      sessionStorage.filler = "x".repeat(5 * 1024 * 1024 - 10);
    },
    "is text": () => location.search && (sessionStorage.tagline = "%7Bnot json"),
    "is null": () => location.search && (sessionStorage.tagline = "null"),
    "has another shape": () => location.search && (sessionStorage.tagline = JSON.stringify({ last: [], first: 7, at: "x" })),
    "has a channel that is gone": () =>
      location.search && (sessionStorage.tagline = JSON.stringify({ last: { channel: "gone" }, first: {}, at: Date.now() })),
  };
  for (const [how, init] of Object.entries(BROKEN)) {
    test("because it ${how} counts as `none` and causes no error", async (t) => {
      const page = await visitor(t, "session");
      await page.addInitScript(init);
      await page.goto(new URL(`/hiring-guide/${query(FIVE)}`, page.site.url).href);
      assert.deepEqual(only(await fields(page, "guide"), Object.keys(FIVE)), FIVE);
      await follow(page, "Free trial");
      await page.waitForURL(/free-trial/);
      assert.equal(new URL(page.url()).search, "");
      assert.equal((await send(page, "call")).channel, "newsletter");
    });
  }

  test("because its values are not texts sends them as texts", async (t) => {
    const page = await visitor(t, "session");
    await page.addInitScript(() => {
      const last = { channel: "newsletter", utm_source: 7, utm_term: ["a"], "x]y": 1 };
      sessionStorage.tagline = JSON.stringify({ last, first: { first_channel: {} }, at: Date.now() });
    });
    await page.goto(new URL("/free-trial/", page.site.url).href);
    assert.deepEqual(only(await send(page, "call"), ["channel", "utm_source", "utm_term"]), { channel: "newsletter", utm_source: "7", utm_term: "a" });
  });
});

describe("consent", () => {
  const kept = (page) => stored(page, "localStorage");
  const consent = (page, answer) => page.evaluate((given) => tagline.consent(given), answer);

  test("is required before anything is stored, and then keeps the arrival", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    assert.equal(await kept(page), null);
    assert.deepEqual(only(await fields(page, "guide"), Object.keys(FIVE)), FIVE);
    await consent(page, true);
    assert.equal((await kept(page)).last.utm_term, FIVE.utm_term);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.deepEqual(only(await send(page, "call"), Object.keys(FIVE)), FIVE);
  });

  test("on a later page keeps the channel until then", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.equal(new URL(page.url()).search, "");
    assert.equal(await kept(page), null);
    assert.equal((await fields(page, "call")).channel, "newsletter");
    await consent(page, true);
    const { first, last } = await kept(page);
    assert.equal(last.channel, "newsletter");
    // The start of the visit is unknown by now, and nothing is invented.
    assert.deepEqual(first, { first_channel: "newsletter" });
  });

  test("before the script has loaded counts", async (t) => {
    const page = await visitor(t, "asks");
    await page.addInitScript(() => (self.tagline = { consent: true }));
    await page.goto(new URL(`/hiring-guide/${query(FIVE)}`, page.site.url).href);
    assert.equal((await kept(page)).last.utm_term, FIVE.utm_term);
  });

  test("is remembered by the stored touches", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    await consent(page, true);
    await page.goto(new URL("/free-trial/?utm_source=google&utm_medium=cpc", page.site.url).href);
    const { first, last } = await kept(page);
    assert.deepEqual([first.first_channel, last.channel], ["newsletter", "google-ads"]);
  });

  test("that is withdrawn clears the storage, except for the channel in the URL of the page", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    await consent(page, true);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.equal((await fields(page, "call")).utm_term, FIVE.utm_term);
    await consent(page, false);
    assert.equal(await kept(page), null);
    const left = () => fields(page, "call");
    assert.deepEqual(only(await left(), ["channel", ...Object.keys(FIVE), "first_channel", "first_page"]), {
      channel: "newsletter",
      ...Object.fromEntries(Object.keys(FIVE).map((name) => [name, ""])),
      first_channel: "",
      first_page: "",
    });
    // By its URL, not by a link.
    await page.goto(new URL("/hiring-guide/", page.site.url).href);
    assert.equal((await fields(page, "guide")).lead_tag, "hiring-guide_guide_direct");
    assert.equal(await kept(page), null);
  });

  test("that is withdrawn restores links and summaries", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    await consent(page, true);
    await page.goto(new URL("/free-trial/", page.site.url).href);
    assert.equal((await fields(page, "call")).lead_tag, "free-trial_call_newsletter");
    await consent(page, false);
    const left = only(await fields(page, "call"), ["lead_tag", "lead_summary", "channel"]);
    assert.deepEqual(left, { lead_tag: "free-trial_call_direct", lead_summary: "Have us call you, Free trial, direct", channel: "direct" });
    const [link] = await page.locator('a[data-lead-tag^="free-trial_trial_"]').evaluateAll((all) => all.map((a) => a.href));
    assert.ok(!link.includes("newsletter"), link);
  });

  test("that is refused and then given counts", async (t) => {
    const page = await arrive(t, "asks", `/hiring-guide/${query(FIVE)}`);
    await consent(page, false);
    await consent(page, "yes");
    assert.equal(await kept(page), null);
    await consent(page, true);
    assert.equal((await kept(page)).last.channel, "newsletter");
    await consent(page, true);
    assert.equal((await kept(page)).first.first_channel, "newsletter");
  });

  test("without storage stores nothing", async (t) => {
    const page = await arrive(t, "asksNone", `/hiring-guide/${query(FIVE)}`);
    await consent(page, true);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
    await follow(page, "Free trial");
    await page.waitForURL(/free-trial/);
    assert.equal((await fields(page, "call")).channel, "newsletter");
  });
});

describe("redirect pages", () => {
  test("of an alias keep the query", async (t) => {
    const site = await serve();
    t.after(site.close);
    const root = changedExample(["storage: session"], (copy) =>
      edit(path.join(copy, "content/hiring-guide/index.md"), "owner: otieno", "aliases: [/guide-2026/]\nowner: otieno"),
    );
    site.folder = build({ root, baseUrl: site.url, locked: false });
    const page = await visitor(t, "none");
    await page.goto(new URL(`/guide-2026/${query(FIVE)}#cta-guide`, site.url).href);
    await page.waitForURL(/\/hiring-guide\//);
    assert.equal(new URL(page.url()).hash, "#cta-guide");
    assert.deepEqual(only(await fields(page, "guide"), Object.keys(FIVE)), FIVE);
    // A later visit from it counts, although a page of this site redirected to it.
    await page.goto(new URL("/guide-2026/?gclid=Abc", site.url).href);
    await page.waitForURL(/\/hiring-guide\//);
    assert.deepEqual(only(await fields(page, "guide"), ["channel", "click_id"]), { channel: "google-ads", click_id: "Abc" });
  });

  test("of a short link keep a placement", async (t) => {
    const links = readFileSync(path.join(path.dirname(sites.none.folder), "sales/links.csv"), "utf8");
    const [, code] = links.match(/^hiring-guide,linkedin,.*\/go\/([0-9a-z]{10})\//m);
    const page = await arrive(t, "none", `/go/${code}/?utm_content=poster-3`);
    await page.waitForURL(/\/via\/linkedin\//);
    assert.deepEqual(only(await fields(page, "guide"), ["lead_tag", "utm_source", "utm_content"]), {
      lead_tag: "hiring-guide_guide_linkedin",
      utm_source: "linkedin",
      utm_content: "poster-3",
    });
  });
});

test("a page from the back/forward cache uses a newer touch", async (t) => {
  const cached = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  t.after(() => cached.close());
  const page = await tab(cached);
  await page.goto(new URL(`/free-trial/${query(FIVE)}`, sites.local.url).href);
  await page.evaluate(() => addEventListener("pageshow", ({ persisted }) => (self.cameBack = persisted)));
  await page.goto(new URL("/hiring-guide/?utm_source=google&utm_medium=cpc", sites.local.url).href);
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => self.cameBack, undefined, { timeout: 10_000 });
  assert.equal((await fields(page, "call")).channel, "google-ads");
  assert.ok((await page.locator('a[data-lead-tag="free-trial_trial_google-ads"]').count()) > 0);
  assert.deepEqual(page.complaints, []);
});

describe("below a path", () => {
  test("internal links are those below it", async (t) => {
    const site = await serve(undefined, { base: "/jobs/" });
    t.after(site.close);
    site.folder = build({ root: changedExample(["storage: none"]), baseUrl: `${site.url}jobs/`, locked: false });
    const page = await visitor(t, "none");
    await page.goto(new URL(`/jobs/hiring-guide/${query(FIVE)}`, site.url).href);
    await follow(page, "Free trial");
    await page.waitForURL(/\/jobs\/free-trial\//);
    assert.equal((await fields(page, "call")).channel, "newsletter");
  });
});
