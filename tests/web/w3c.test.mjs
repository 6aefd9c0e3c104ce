// The W3C's checker finds no error and no warning in any page and SVG. A browser's XML parser reads the feed and the
// sitemap. (The checker does not support container queries and relative colours, so the theme's stylesheet is not
// checked.)

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { launch, tab } from "./support/browser.mjs";
import { assertClean, checked } from "./support/checker.mjs";
import { AFTER_ALL, addressesOf, build, copyOfExample, copyOfGallery, edit, filesOf, qrCodes, temporaryFolder } from "./support/site.mjs";

const SITES = [
  ["in spring", {}],
  ["after all campaigns", { date: AFTER_ALL }],
  ["as a preview", { preview: true }],
  ["of the gallery", { root: copyOfGallery(), locked: false }],
  ["below a path", { baseUrl: "https://example.test/base/" }],
];

for (const [when, options] of SITES) {
  test(`every page is valid ${when}`, (t) => {
    const folder = build(options);
    const pages = filesOf(folder, ".html");
    for (const needed of ["404.html", "index.html"]) assert.ok(pages.includes(needed));
    assertClean(folder, pages, "--html");
    t.diagnostic(`${pages.length} pages`);
  });
}

test("the checked pages include every kind", () => {
  const spring = addressesOf(build());
  for (const kind of [/^\/go\//, /\/via\//, /\/thanks\//, /^\/articles\/./, /^\/404\.html$/]) {
    assert.ok(spring.some((address) => kind.test(address)), `no page like ${kind}`);
  }
  const ended = readFileSync(path.join(build({ date: AFTER_ALL }), "spring-hiring/index.html"), "utf8");
  assert.match(ended, /This campaign ended/);
  const preview = readFileSync(path.join(build({ preview: true }), "summer-interns/index.html"), "utf8");
  assert.match(preview, /Preview/);
});

/** The example with a form for another destination. */
function withDestination(destination) {
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), "destinations:\n", `destinations:\n  other: ${destination}\n`);
  edit(path.join(root, "content/spring-hiring/index.md"), "    download:\n", "    deliver_to: other\n    download:\n");
  return build({ root });
}

test("a form for every kind of destination is valid, except for the attribute of Netlify", () => {
  const pages = ["spring-hiring/index.html", "spring-hiring/via/acme/index.html"];
  for (const destination of [
    "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, subscription: 2 } }",
    "{ salesforce: { org: 00D5g000004AbCdEAK, fields: { lead_tag: 00N5g00000AbCdE } } }",
  ]) {
    assertClean(withDestination(destination), pages, "--html");
  }
  const messages = checked(withDestination("{ netlify: true }"), pages, "--html");
  assert.equal(messages.length, pages.length);
  for (const { message } of messages) assert.match(message, /^Attribute .netlify-honeypot. not allowed on element .form./);
});

test("the checker reports errors and warnings", () => {
  const folder = temporaryFolder();
  const page = '<!doctype html><html lang="en"><title>A</title><h2></h2><p id="a">b<p id="a">c</html>';
  writeFileSync(path.join(folder, "bad.html"), page);
  const kinds = new Set(checked(folder, ["bad.html"], "--html").map(({ type, subType }) => subType ?? type));
  assert.deepEqual(kinds, new Set(["error", "warning"]));
});

test("every SVG is valid", () => {
  const folder = build();
  assertClean(folder, filesOf(folder, ".svg"), "--svg");
});

test("every QR code is a valid SVG", () => {
  const { folder } = qrCodes();
  assertClean(folder, filesOf(folder, ".svg"), "--svg");
});

test("feed and sitemap are well-formed and list existing pages", async (t) => {
  const folder = build();
  const browser = await launch();
  t.after(() => browser.close());
  const page = await tab(browser);
  for (const name of ["feed.xml", "sitemap.xml"]) {
    const { error, addresses } = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, "application/xml");
      return {
        error: xml.querySelector("parsererror")?.textContent,
        addresses: [...xml.querySelectorAll("url > loc, entry > id")].map((element) => element.textContent),
      };
    }, readFileSync(path.join(folder, name), "utf8"));
    assert.equal(error, undefined, name);
    assert.ok(addresses.length > 0, name);
    for (const address of addresses) {
      assert.ok(address.startsWith("https://kazi.example/"), address);
      const html = readFileSync(path.join(folder, new URL(address).pathname, "index.html"), "utf8");
      assert.match(html, new RegExp(`<link rel="?canonical"? href="?${address}[">]`));
      assert.doesNotMatch(html, /name="?robots"? content="?noindex/);
    }
  }
});
