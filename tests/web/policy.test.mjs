// Built sites work under the policy that `build` writes for hosts, and injected content does not. nginx, Caddy and
// Apache send the headers in their files. The server of all other tests sends the same headers.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, PHONE, tab } from "./support/browser.mjs";
import { HOSTS, startHost } from "./support/hosts.mjs";
import { eventually } from "./support/live.mjs";
import { endpoint, headersOf, serve } from "./support/server.mjs";
import { AFTER_ALL, addressesOf, build, copyOfExample, copyOfGallery, edit } from "./support/site.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A tab that records blocked content in `page.refused`. */
async function watched(t, options) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  page.refused = [];
  await page.exposeFunction("refuse", (what) => page.refused.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, documentURI }) =>
      self.refuse(`${effectiveDirective} ${blockedURI} on ${documentURI}`),
    );
  });
  return page;
}

async function served(t, change = () => {}) {
  const site = await serve();
  t.after(site.close);
  const root = copyOfGallery();
  change(root);
  site.folder = build({ root, baseUrl: site.url, locked: false });
  return site;
}

const SITES = [
  ["the example", {}],
  ["the example after all campaigns", { date: AFTER_ALL }],
  ["the example as a preview", { preview: true }],
  ["the gallery", { root: copyOfGallery(), locked: false }],
];

for (const [which, options] of SITES) {
  test(`no page of ${which} contains anything that its policy blocks`, async (t) => {
    const site = await serve();
    t.after(site.close);
    // With https, every address of this machine would be blocked.
    site.folder = build({ ...options, baseUrl: site.url });
    assert.match(headersOf(site.folder)["Content-Security-Policy"], /^default-src 'none'; script-src 'self'(?: 'sha256-[\w+/=]+'){2,3}; style-src 'self' 'sha256-/);
    const page = await watched(t);
    const addresses = addressesOf(site.folder);
    for (const address of addresses) {
      await page.goto(new URL(address, site.url).href, { waitUntil: "load" });
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    }
    t.diagnostic(`${addresses.length} pages`);
    // Images and videos of other hosts are allowed, but do not load in a test.
    const complaints = page.complaints.filter((text) => !/net::ERR_FAILED|404 \(Not Found\)/.test(text));
    assert.deepEqual([page.refused, complaints], [[], []]);
  });
}

test("scripts of pages work under the policy: copying, a video, the clock, the questions, the bar", async (t) => {
  const site = await served(t);
  const page = await watched(t, { viewport: PHONE, permissions: ["clipboard-read", "clipboard-write"] });
  for (const address of addressesOf(site.folder).filter((address) => !address.startsWith("/go/"))) {
    await page.goto(new URL(address, site.url).href);
    for (const button of await page.locator("[data-copies]:visible").all()) await button.click();
    for (const question of await page.locator("summary").all()) await question.click();
    for (const play of await page.locator("[data-play] [role=button]").all()) {
      await play.click();
      await page.locator("[data-play] iframe").waitFor();
    }
    await page.evaluate(() => scrollTo(0, 2000));
  }
  await page.goto(`${site.url}?utm_source=nobody`);
  await page.locator("a[data-lead-tag$=_other]").first().waitFor();
  assert.ok(page.elsewhere.some((url) => url.startsWith("https://www.youtube-nocookie.com/")), page.elsewhere.join());
  assert.deepEqual(page.refused, []);
});

test("static HTML pages of a site work under the policy", async (t) => {
  const scripts = [
    "<script>document.body.dataset.first = 'ran';</script>",
    "<SCRIPT type=module>\r\ndocument.body.dataset.second = 'ran: é';\r\n</SCRIPT>",
    "<style>\r\nh1 { color: rgb(1, 2, 3) }\r\n</style>",
  ];
  const html = `\ufeff<!doctype html>\r\n<meta charset="utf-8"><title>Ours</title><body><h1>Ours</h1>${scripts.join("\r\n")}\r\n`;
  const site = await served(t, (root) => {
    mkdirSync(path.join(root, "static/ours"), { recursive: true });
    writeFileSync(path.join(root, "static/ours/index.html"), html);
  });
  const page = await watched(t);
  await page.goto(`${site.url}ours/`);
  assert.deepEqual(await page.evaluate(() => ({ ...document.body.dataset })), { first: "ran", second: "ran: é" });
  assert.equal(await page.locator("h1").evaluate((heading) => getComputedStyle(heading).color), "rgb(1, 2, 3)");
  assert.deepEqual(page.refused, []);
});

test("a form reaches another host under the policy, with and without JavaScript, and leads to the thank-you page", async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const crm = await endpoint();
    t.after(crm.close);
    const site = await serve();
    t.after(site.close);
    const root = copyOfExample();
    edit(path.join(root, "site.yaml"), "https://forms.kazi.example/leads", `${crm.url}leads`);
    site.folder = build({ root, baseUrl: site.url, locked: false });
    const page = await watched(t, { javaScriptEnabled });
    await page.goto(`${site.url}spring-hiring/`);
    const form = page.locator("form[data-send]").first();
    for (const field of await form.locator("input[required]:not([type=hidden]):visible").all()) {
      const kind = await field.getAttribute("type");
      if (kind === "checkbox") await field.check();
      else await field.fill(kind === "email" ? "ada@kazi.example" : "Ada");
    }
    await form.locator("button[type=submit]").click();
    await page.waitForURL(/\/thanks\//);
    assert.equal(crm.received.length, 1);
    assert.deepEqual(page.refused, []);
  }
});

test("injected content is blocked: a handler, a style, a script, a frame, a form to another host", async (t) => {
  const site = await served(t);
  const page = await watched(t);
  await page.goto(site.url);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", `<p id=injected onclick="self.isRun = 1" style="color: red">x</p>`);
    document.getElementById("injected").click();
    for (const [name, property, value] of [
      ["script", "textContent", "self.isRun = 1"],
      ["script", "src", "https://evil.example/a.js"],
      ["iframe", "src", "https://evil.example/"],
      ["style", "textContent", "p { color: red }"],
    ]) {
      document.body.append(Object.assign(document.createElement(name), { [property]: value }));
    }
    const form = Object.assign(document.createElement("form"), { action: "https://evil.example/", method: "post" });
    document.body.append(form);
    form.submit();
  });
  const refused = () => [...new Set(page.refused.map((what) => what.split(" ")[0]))].sort();
  const expected = ["form-action", "frame-src", "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"];
  await eventually("all refusals", () => refused().length === expected.length);
  assert.deepEqual(refused(), expected);
  assert.equal(await page.evaluate(() => self.isRun), undefined);
  assert.deepEqual(page.elsewhere, []);
});

/** The types of files that servers get wrong. Caddy reads them from the system. */
const FILE_TYPES = {
  "a.ics": /^text\/calendar(; charset=utf-8)?$/,
  "a.csv": /^text\/csv; charset=utf-8$/,
  "a.webmanifest": /^application\/manifest\+json(; charset=utf-8)?$/,
  "a.txt": /^text\/plain; charset=utf-8$/,
};

for (const name of Object.keys(HOSTS)) {
  test(`${name}, set up as documented, sends all headers and right types, keeps queries, and hides the header files`, async (t) => {
    const folder = build();
    const expected = headersOf(folder);
    for (const file of Object.keys(FILE_TYPES)) writeFileSync(path.join(folder, file), "é");
    const host = await startHost(name, folder);
    t.after(host.close);
    const ask = (address, options) => fetch(`${host.url}${address}`, options);
    const first = addressesOf(folder).find((address) => address.endsWith("/via/acme/"));
    const short = addressesOf(folder).find((address) => address.startsWith("/go/"));
    for (const [address, status] of [["/", 200], [first, 200], ["/nowhere", 404], [short, 200], ["/_headers", 404], ["/_headers.nginx", 404], ["/_headers.caddy", 404]]) {
      const answer = await ask(address);
      assert.equal(answer.status, status, address);
      for (const [header, value] of Object.entries(expected)) assert.equal(answer.headers.get(header), value, address);
      const body = await answer.text();
      assert.match(body, /<!doctype html>/i, address);
      assert.ok(!body.includes("tagline_policy"), address);
    }
    for (const [file, type] of Object.entries(FILE_TYPES)) {
      assert.match((await ask(`/${file}`)).headers.get("content-type"), type, file);
    }
    for (const [address, target] of [
      ["/spring-hiring?via=acme&utm_term=a%20b%2Bc?d", "/spring-hiring/?via=acme&utm_term=a%20b%2Bc?d"],
      ["/spring-hiring/via/acme?gclid=X", "/spring-hiring/via/acme/?gclid=X"],
      ["/spring-hiring", "/spring-hiring/"],
    ]) {
      const answer = await ask(address, { redirect: "manual" });
      const location = new URL(answer.headers.get("location"), host.url);
      assert.equal(location.href, `${host.url}${target}`, address);
    }
    const gated = readdirSync(path.join(folder, "get"), { recursive: true }).find((name) => name.endsWith(".pdf"));
    for (const [address, robots] of [[`/get/${gated}`, "noindex"], ["/", null]]) {
      assert.equal((await ask(address)).headers.get("x-robots-tag"), robots, address);
    }
    // A folder in the path must not become a host.
    const twice = await ask("//spring-hiring?via=acme", { redirect: "manual" });
    const led = new URL(twice.headers.get("location") ?? "/", host.url);
    assert.equal(led.origin, host.url);
  });
}
