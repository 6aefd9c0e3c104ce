// `tagline serve` in a browser: pages reload after a save, errors are shown over the page, and test submissions are not
// sent.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { findings } from "./support/axe.mjs";
import { DESKTOP, launch, PHONE } from "./support/browser.mjs";
import { assertClean } from "./support/checker.mjs";
import { eventually, live } from "./support/live.mjs";
import { edit, REPOSITORY, temporaryFolder } from "./support/site.mjs";

const SPRING = "content/spring-hiring/index.md";
const SENTENCE = "Now somebody has to find the people.";
const HEADING = "Hire your next team in days";
const ARTICLE = "content/articles/marketing-vs-sales.md";
const STYLE = "themes/launch/styles/base.css";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function started(t, options) {
  const server = await live(options);
  t.after(server.close);
  return server;
}

/**
 * A tab with a page of the server. `page.loads` counts how often it loads, and `page.elsewhere` has every request to
 * another host, including blocked ones.
 */
async function open(t, server, address, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  Object.assign(page, { loads: 0, elsewhere: [], errors: [] });
  page.on("load", () => (page.loads += 1));
  page.on("pageerror", (error) => page.errors.push(String(error)));
  context.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(server.url)) page.elsewhere.push(request.url());
  });
  await context.route(
    (url) => /^https?:$/.test(url.protocol) && !url.href.startsWith(server.url),
    (route) => route.abort(),
  );
  const listening = options.javaScriptEnabled === false || page.waitForRequest(/__tagline\/events/);
  await page.goto(new URL(address, server.url).href);
  await listening;
  return page;
}

/** Asserts that each page has loaded this often, and no more. */
async function loaded(pages, times) {
  for (const page of pages) await eventually(`load ${times} of ${page.url()}`, () => page.loads >= times);
  assert.deepEqual(pages.map(({ loads }) => loads), pages.map(() => times));
}

const overlay = (page) => page.locator("tagline-live section");
const badge = (page) => page.locator("tagline-live .badge");
const scrollY = (page) => page.evaluate(() => Math.round(globalThis.scrollY));

/** Copies a stylesheet of the theme into the site, to be edited. */
function withStyle(root) {
  mkdirSync(path.join(root, path.dirname(STYLE)), { recursive: true });
  writeFileSync(path.join(root, STYLE), readFileSync(path.join(REPOSITORY, STYLE)));
}

// ---- Reloading

for (const [screen, viewport] of [["a wide screen", DESKTOP], ["a phone", PHONE]]) {
  test(`an edit appears at the scroll position of the reader, on ${screen}`, async (t) => {
    const server = await started(t);
    const page = await open(t, server, "/spring-hiring/", { viewport });
    await page.evaluate(() => scrollTo({ top: 900, behavior: "instant" }));
    const top = await scrollY(page);
    assert.ok(top > 500, `${top}`);
    for (const [from, to] of [[SENTENCE, "They are out there."], ["They are out there.", "Who finds them?"]]) {
      server.edit(SPRING, from, to);
      await page.getByText(to).waitFor({ state: "attached" });
      await eventually("the place to which the reader had scrolled", async () => Math.abs((await scrollY(page)) - top) <= 2);
    }
    await loaded([page], 3);
    assert.deepEqual([page.elsewhere, page.errors], [[], []]);
  });
}

test("only changed pages reload, in every tab and on a phone", async (t) => {
  const server = await started(t);
  const [first, second, phone, article, lost] = await Promise.all([
    open(t, server, "/spring-hiring/"),
    open(t, server, "/spring-hiring/via/linkedin/"),
    open(t, server, "/spring-hiring/", { viewport: PHONE, isMobile: true, hasTouch: true, deviceScaleFactor: 3 }),
    open(t, server, "/articles/marketing-vs-sales/"),
    open(t, server, "/nothing-here/"),
  ]);
  server.edit(SPRING, SENTENCE, "They are out there.");
  for (const page of [first, second, phone]) await page.getByText("They are out there.").waitFor({ state: "attached" });
  const text = readFileSync(path.join(server.root, ARTICLE), "utf8");
  server.write(ARTICLE, `${text}\nOne more thing.\n`);
  await article.getByText("One more thing.").waitFor({ state: "attached" });
  // The 404 page changes, and then becomes a real page.
  server.edit("site.yaml", "title: Kazi Hiring\n", "title: Kazi Works\n");
  const pages = [first, second, phone, article, lost];
  for (const page of pages) await page.waitForFunction(() => document.documentElement.innerHTML.includes("Kazi Works"));
  server.write("content/nothing-here.md", "---\ntitle: Here it is\n---\n\n# Here it is\n");
  await lost.getByRole("heading", { name: "Here it is" }).waitFor();
  await loaded([first, second, phone, article, lost], 3);
});

test("a stylesheet is replaced without a reload, and later changes are still noticed", async (t) => {
  const server = await started(t, { change: withStyle });
  const pages = await Promise.all(["/spring-hiring/via/acme/", "/nothing-here/"].map((address) => open(t, server, address)));
  const color = (page) => page.evaluate(() => getComputedStyle(document.body).outlineColor);
  const style = readFileSync(path.join(server.root, STYLE), "utf8");
  for (const [css, rgb] of [["#123456", "rgb(18, 52, 86)"], ["#654321", "rgb(101, 67, 33)"]]) {
    server.write(STYLE, `${style}\nbody { outline-color: ${css}; }\n`);
    for (const page of pages) await eventually(css, async () => (await color(page)) === rgb);
  }
  for (const page of pages) {
    assert.equal(page.loads, 1);
    const sheets = await page.evaluate(() => document.querySelectorAll("link[rel=stylesheet], head style").length);
    assert.equal(sheets, await page.evaluate(async () => {
      const text = await (await fetch(location.href)).text();
      return new DOMParser().parseFromString(text, "text/html").querySelectorAll("link[rel=stylesheet], head style").length;
    }));
  }
  server.edit(SPRING, SENTENCE, "They are out there.");
  await pages[0].getByText("They are out there.").waitFor({ state: "attached" });
  assert.equal(await color(pages[0]), "rgb(101, 67, 33)");
  assert.equal(pages[1].loads, 1);
});

// ---- Problems

test("an error is shown over its page as in the terminal, and disappears once it is fixed", async (t) => {
  const server = await started(t);
  const [page, other] = await Promise.all([open(t, server, "/spring-hiring/"), open(t, server, "/nothing-here/", { viewport: PHONE })]);
  assert.equal(await overlay(page).isVisible(), false);
  server.edit(SPRING, "[newsletter, linkedin,", "[newsleter, linkedin,");
  // Pages without errors of their own show it when the badge is clicked.
  await badge(other).waitFor();
  assert.equal(await overlay(other).isVisible(), false);
  await badge(other).click();
  for (const [tab, sentence] of [[page, /last version without errors/], [other, /up to date/]]) {
    await overlay(tab).waitFor();
    const messages = await overlay(tab).locator("pre").innerText();
    assert.match(messages, /unknown channel `newsleter`/);
    assert.ok(server.err().includes(messages.trim()), `${messages} is not in ${server.err()}`);
    assert.match(await overlay(tab).innerText(), /1 error/);
    assert.match(await overlay(tab).innerText(), sentence);
  }
  assert.equal(await page.getByRole("heading", { name: HEADING }).count(), 1);
  // A page that is opened now shows the error as well.
  const late = await open(t, server, "/spring-hiring/via/acme/");
  await overlay(late).waitFor();
  // Hide the errors, and show them again.
  await page.keyboard.press("Escape");
  assert.equal(await overlay(page).isVisible(), false);
  await badge(page).click();
  assert.equal(await overlay(page).isVisible(), true);
  server.edit(SPRING, "[newsleter, linkedin,", "[newsletter, linkedin,");
  for (const tab of [page, other, late]) {
    await overlay(tab).waitFor({ state: "hidden" });
    assert.equal(await badge(tab).isVisible(), false);
    assert.deepEqual([tab.loads, tab.errors], [1, []]);
  }
});

test("a page with errors at the start shows them, and itself once they are fixed", async (t) => {
  const broken = (root) => edit(path.join(root, SPRING), "[newsletter, linkedin,", "[newsleter, linkedin,");
  const server = await started(t, { change: broken });
  const page = await open(t, server, "/spring-hiring/");
  await page.getByRole("heading", { name: "This page has errors" }).waitFor();
  await overlay(page).waitFor();
  server.edit(SPRING, "[newsleter, linkedin,", "[newsletter, linkedin,");
  await page.getByRole("heading", { name: HEADING }).first().waitFor();
  assert.equal(await overlay(page).isVisible(), false);
});

test("warnings are shown as a badge in the corner", async (t) => {
  const server = await started(t);
  const page = await open(t, server, "/spring-hiring/");
  server.edit(SPRING, SENTENCE, "They are <b>out there</b>.");
  // The badge is updated before the page reloads, and appears on the new page once.
  await page.locator("main").getByText("They are <b>out there</b>.").waitFor();
  await badge(page).waitFor();
  assert.equal(await badge(page).innerText(), "2 warnings");
  assert.equal(await overlay(page).isVisible(), false);
  await badge(page).click();
  assert.match(await overlay(page).innerText(), /raw-html/);
  assert.match(await overlay(page).innerText(), /up to date/);
  server.edit(SPRING, "They are <b>out there</b>.", SENTENCE);
  await badge(page).waitFor({ state: "hidden" });
  await overlay(page).waitFor({ state: "hidden" });
});

// ---- Test submissions

const GUID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const KINDS = {
  endpoint: "{ endpoint: https://forms.elsewhere.example/leads }",
  netlify: "{ netlify: true }",
  hubspot: `{ hubspot: { portal: 12345678, form: ${GUID}, region: eu1, subscription: 999, fields: { campaign: offer_name } } }`,
  salesforce: "{ salesforce: { org: 00D5g000004AbCdEAK, fields: { lead_tag: 00N5g00000AbCdE, consent: 00N5g00000AbCdF } } }",
};
const TAG = "spring-hiring_guide_acme";
const TYPED = { "Your name": "Zoë & Söhne", "E-mail": "zoe+1@example.com", Company: 'a=b & "c" <d>' };

const to = (destination) => (root) => {
  edit(path.join(root, "site.yaml"), "destinations:\n", `destinations:\n  other: ${destination}\n`);
  edit(path.join(root, SPRING), "    download:\n", "    deliver_to: other\n    download:\n");
};

async function fill(page) {
  for (const [label, value] of Object.entries(TYPED)) await page.getByLabel(label).fill(value);
  await page.getByLabel("I agree that Kazi may contact me about this offer.").check();
}

const send = (page) => page.getByRole("button", { name: "Download the hiring guide" }).click();

/** Asserts that the visible lead card is the one of this channel. */
const cardSays = (desk, channel) => desk.getByText(channel).filter({ visible: true }).first().waitFor();

/** The last submission on the page of leads: its fields as pairs, or its JSON. */
async function shown(t, server) {
  const page = await open(t, server, "/__tagline/leads", { javaScriptEnabled: false });
  const lead = page.locator("section.lead").first();
  const rows = await lead.locator("dt").evaluateAll((names) => names.map((name) => [name.innerText, name.nextElementSibling.innerText]));
  const json = (await lead.locator("pre").count()) ? JSON.parse(await lead.locator("pre").innerText()) : undefined;
  return { text: await lead.innerText(), fields: new Map(rows), json, count: await page.locator("section.lead").count() };
}

/** What each kind of destination would have received. */
const EXPECTED = {
  endpoint({ text, fields }) {
    assert.match(text, /POST https:\/\/forms\.elsewhere\.example\/leads/);
    assert.equal(fields.get("lead_tag"), TAG);
    assert.equal(fields.get("lead_summary"), "Download the hiring guide, Spring hiring, via Partner: Acme");
    assert.deepEqual(["name", "email", "company", "consent"].map((name) => fields.get(name)), [...Object.values(TYPED), "yes"]);
  },
  netlify({ text, fields }, server) {
    assert.ok(text.includes(`POST ${server.url}spring-hiring/thanks/guide/`) || text.includes("POST /spring-hiring/thanks/guide/"), text);
    assert.equal(fields.get("form-name"), "spring-hiring_guide");
    assert.equal(fields.get("lead_tag"), TAG);
    assert.equal(fields.get("name"), TYPED["Your name"]);
  },
  hubspot({ text, json }, server) {
    assert.match(text, new RegExp(`POST https://api-eu1\\.hsforms\\.com/submissions/v3/integration/submit/12345678/${GUID}`));
    const value = (name) => json.fields.find((field) => field.name === name)?.value;
    assert.deepEqual(["lead_tag", "offer_name", "firstname", "company"].map(value), [TAG, "spring-hiring", TYPED["Your name"], TYPED.Company]);
    assert.equal(json.context.pageUri, `${server.url}spring-hiring/via/acme/`);
    assert.equal(json.legalConsentOptions.consent.consentToProcess, true);
  },
  salesforce({ text, fields }) {
    assert.match(text, /POST https:\/\/webto\.salesforce\.com\/servlet\/servlet\.WebToLead\?encoding=UTF-8/);
    assert.equal(fields.get("00N5g00000AbCdE"), TAG);
    assert.equal(fields.get("oid"), "00D5g000004AbCdEAK");
    assert.equal(fields.get("last_name"), TYPED["Your name"]);
  },
};

for (const [kind, destination] of Object.entries(KINDS)) {
  test(`a test submission is not sent but shown: ${kind}`, async (t) => {
    const server = await started(t, { change: to(destination) });
    const page = await open(t, server, "/spring-hiring/via/acme/");
    await fill(page);
    await send(page);
    await page.waitForURL(`${server.url}spring-hiring/thanks/guide/`);
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    const note = page.locator("tagline-live .note");
    await note.waitFor();
    assert.deepEqual([page.elsewhere, page.errors], [[], []]);
    const lead = await shown(t, server);
    assert.equal(lead.count, 1);
    assert.match(lead.text, new RegExp(TAG));
    EXPECTED[kind](lead, server);
    await note.getByRole("link").click();
    await page.waitForURL(`${server.url}__tagline/leads#lead-1`);
    await cardSays(page.frameLocator("iframe"), "Partner: Acme");
    assert.deepEqual([page.elsewhere, page.errors], [[], []]);
  });

  test(`a test submission without JavaScript is not sent either: ${kind}`, async (t) => {
    const server = await started(t, { change: to(destination) });
    const page = await open(t, server, "/spring-hiring/via/acme/", { javaScriptEnabled: false });
    await fill(page);
    if (kind === "netlify") {
      await send(page);
      await page.waitForURL(`${server.url}spring-hiring/thanks/guide/`);
      const lead = await shown(t, server);
      EXPECTED.netlify(lead, server);
    } else {
      // The policy blocks forms to other hosts, and the browser reports it.
      const refused = page.waitForEvent("console", (message) => /form-action/.test(message.text()));
      // The click waits for a page that never loads.
      send(page).catch(() => {});
      await refused;
      assert.equal(page.url(), `${server.url}spring-hiring/via/acme/`);
    }
    assert.deepEqual(page.elsewhere, []);
  });
}

test("test submissions are listed latest first, each with its own card", async (t) => {
  const server = await started(t);
  const page = await open(t, server, "/spring-hiring/via/acme/");
  for (const channel of ["acme", "linkedin"]) {
    await page.goto(`${server.url}spring-hiring/via/${channel}/`);
    await fill(page);
    await send(page);
    await page.waitForURL(`${server.url}spring-hiring/thanks/guide/`);
  }
  await page.goto(`${server.url}__tagline/leads`);
  assert.deepEqual(await page.locator("section.lead h2").allInnerTexts(), ["spring-hiring_guide_linkedin", TAG]);
  await cardSays(page.frameLocator("iframe").nth(0), "LinkedIn posts");
  await page.locator("iframe").nth(1).scrollIntoViewIfNeeded();
  await cardSays(page.frameLocator("iframe").nth(1), "Partner: Acme");
  assert.deepEqual(page.elsewhere, []);
});

// ---- The server's own pages

/** A server with content on each of its pages: problems, and one submission of each kind. */
async function withEverything(t) {
  const server = await started(t, { change: (root) => edit(path.join(root, SPRING), SENTENCE, "They are <b>out there</b>.") });
  const leads = [
    ["application/x-www-form-urlencoded", `lead_tag=${TAG}&name=Zo%C3%AB&message=${"long".repeat(80)}&redirect=`, TAG],
    ["application/json", JSON.stringify({ fields: [{ name: "lead_tag", value: TAG }], context: { pageUri: "a".repeat(200) } }), TAG],
    ["text/plain", "A lead without a lead tag", ""],
  ];
  for (const [content_type, body, lead_tag] of leads) {
    const lead = { method: "POST", url: "https://forms.elsewhere.example/leads", content_type, body, page: "/spring-hiring/", lead_tag };
    const origin = new URL(server.url).origin;
    const response = await fetch(`${server.url}__tagline/leads`, { method: "POST", headers: { origin }, body: JSON.stringify(lead) });
    assert.equal(response.status, 200);
  }
  return server;
}

for (const [screen, viewport] of [["phone", PHONE], ["wide screen", DESKTOP]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds no problem on the server's own pages, ${screen}, ${colorScheme}`, async (t) => {
      const server = await withEverything(t);
      const page = await open(t, server, "/spring-hiring/", { viewport, colorScheme, reducedMotion: "reduce" });
      await badge(page).click();
      const found = await findings(page, `${server.url}spring-hiring/`);
      for (const address of ["__tagline/", "__tagline/leads", "__tagline/desk/", "__tagline/looks?page=/spring-hiring/"]) {
        found.push(...(await findings(page, `${server.url}${address}`)));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > viewport.width) found.push(`${address} is ${wide} px wide`);
      }
      server.edit(SPRING, "[newsletter, linkedin,", "[newsleter, linkedin,");
      await eventually("the error", () => /newsleter/.test(server.err()));
      found.push(...(await findings(page, `${server.url}spring-hiring/`)), ...(await findings(page, `${server.url}__tagline/`)));
      assert.deepEqual(found, []);
    });
  }
}

test("the server's own pages and its script tag are valid HTML", async (t) => {
  const server = await withEverything(t);
  const folder = temporaryFolder();
  const keep = async (name, address) => writeFileSync(path.join(folder, name), await (await fetch(`${server.url}${address}`)).text());
  await keep("overview.html", "__tagline/");
  await keep("leads.html", "__tagline/leads");
  await keep("desk.html", "__tagline/desk/");
  await keep("looks.html", "__tagline/looks");
  await keep("page.html", "spring-hiring/");
  await keep("missing.html", "nothing-here/");
  server.edit(SPRING, "[newsletter, linkedin,", "[newsleter, linkedin,");
  await eventually("the error", () => /newsleter/.test(server.err()));
  await keep("refused.html", "__tagline/");
  const broken = await started(t, { change: (root) => writeFileSync(path.join(root, "site.yaml"), "title: a: b\n") });
  writeFileSync(path.join(folder, "nothing.html"), await (await fetch(broken.url)).text());
  assertClean(folder, ["overview.html", "leads.html", "desk.html", "looks.html", "page.html", "missing.html", "refused.html", "nothing.html"], "--html");
});
