// Every page in a browser: nothing overflows the screen, every image loads, nothing is requested from another host, the
// console has no errors, and every internal link leads to an existing page and anchor. Where a layout once went wrong, its
// boxes are measured.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { AFTER_ALL, addressesOf, build, copyOfGallery, isShortLink } from "./support/site.mjs";

const WIDTHS = [320, 390, 768, 1440];

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const SITES = [
  ["in spring", {}],
  ["after all campaigns", { date: AFTER_ALL }],
  ["as a preview", { preview: true }],
  ["of the gallery", { root: copyOfGallery(), locked: false }],
  ["below a path", { base: "/base/" }],
];

for (const [when, { base = "/", ...options }] of SITES) {
  test(`every page ${when} fits its screen and loads completely`, async (t) => {
    const site = await serve(undefined, { base });
    t.after(site.close);
    const root = new URL(base, site.url).href;
    site.folder = build({ ...options, baseUrl: root });
    const page = await tab(browser);
    t.after(() => page.context().close());

    const addresses = addressesOf(site.folder).filter((address) => !isShortLink(address));
    const [problems, links, ids] = [[], new Map(), new Map()];
    for (const address of addresses) {
      const url = new URL(`.${address}`, root).href;
      await page.goto(url, { waitUntil: "load" });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) problems.push(`${address} is ${wide} px wide on a screen of ${width}`);
        const hidden = await page.evaluate(unreachable);
        problems.push(...hidden.map((what) => `${address} at ${width}: can't be scrolled by keys: ${what}`));
      }
      const seen = await page.evaluate(contents);
      problems.push(...seen.broken.map((image) => `${address}: no picture at ${image}`));
      ids.set(new URL(url).pathname, new Set(seen.ids));
      for (const link of seen.links) links.set(link, address);
    }
    for (const [link, address] of links) {
      const url = new URL(link);
      const anchors = ids.get(url.pathname);
      if (url.hash && anchors && !anchors.has(decodeURIComponent(url.hash.slice(1)))) {
        problems.push(`${address}: ${link} leads to a missing anchor`);
      }
      const response = await fetch(url, { method: "HEAD", redirect: "manual" });
      if (response.status !== 200) problems.push(`${address}: ${link} gives ${response.status}`);
    }
    problems.push(...site.missing.map((address) => `${address} is missing`));
    problems.push(...page.elsewhere.map((url) => `${url} is requested from another host`));
    problems.push(...page.complaints);
    assert.deepEqual(problems, []);
    assert.ok(links.size > 10);
    t.diagnostic(`${addresses.length} pages, ${links.size} links within the site`);
  });
}

test("quotes stand side by side, and a single one in the middle", async (t) => {
  const page = await pageOf(t, [1, 2, 3, 4].map(quotes).join("\n"));
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll(".quotes")].map((band) => {
      const boxes = [...band.querySelectorAll(".quote")].map((quote) => quote.getBoundingClientRect());
      const first = boxes.filter(({ top }) => Math.abs(top - boxes[0].top) < 1);
      const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
      return [first.length, Math.abs(left + right - document.documentElement.clientWidth) < 2];
    }),
  );
  assert.deepEqual(rows, [[1, true], [2, true], [3, true], [2, true]]);
});

test("on a page without a hero, text, bands and cards begin at one edge", async (t) => {
  const page = await pageOf(t, "## Why\n\nText.\n\n- An item\n\n::: media\n## Beside\n\n![A board](board.jpg)\n:::\n\n::: offer call\nCall us.\n:::\n");
  const edges = await page.evaluate(() =>
    [...document.querySelectorAll("header > a, main > h1, main > h2, main > p, main > ul, .media-text, .card")].map(
      (element) => Math.round(element.getBoundingClientRect().left),
    ),
  );
  assert.equal(edges.length, 7);
  assert.equal(new Set(edges).size, 1, String(edges));
});

test("the menu of a phone is one line, and its last entry can be reached", async (t) => {
  const page = await pageOf(t, "Text.");
  await page.setViewportSize({ width: 320, height: 700 });
  const tops = await page.evaluate(() => [...document.querySelectorAll("nav li")].map((item) => item.offsetTop));
  assert.ok(tops.length > 3);
  assert.equal(new Set(tops).size, 1, String(tops));
  await page.locator("nav li:last-child a").focus();
  const right = await page.evaluate(() => document.activeElement.getBoundingClientRect().right);
  assert.ok(right <= 320, `the focused entry ends at ${right}`);
});

const quotes = (count) => `:::: quotes\n${'::: quote by="Ada N."\nIt grows.\n:::\n'.repeat(count)}::::\n`;

/** Opens a page of the gallery's site with this body below its heading. */
async function pageOf(t, body) {
  const root = copyOfGallery();
  const front = "title: Our gardens\nsummary: Gardens for people without time.\nctas:\n  call:\n    label: Call us\n    booking: { form: [name, email] }";
  writeFileSync(path.join(root, "content/gardens.md"), `---\n${front}\n---\n\n# Our gardens\n\n${body}\n`);
  const site = await serve(build({ root, locked: false }));
  const page = await tab(browser);
  t.after(() => Promise.all([page.context().close(), site.close()]));
  await page.goto(new URL("/gardens/", site.url).href, { waitUntil: "load" });
  return page;
}

/** Elements that overflow and cannot be scrolled by keyboard. Runs in the page. */
function unreachable() {
  return [...document.querySelectorAll("main *")]
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
    .filter((element) => element.scrollWidth > element.clientWidth && !element.matches("[tabindex], textarea"))
    .filter((element) => !element.querySelector("a, button, input, [tabindex]"))
    .map((element) => element.outerHTML.slice(0, 120));
}

/** Runs in the page. */
async function contents() {
  const images = [...document.images];
  for (const image of images) image.loading = "eager";
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  return {
    broken: images.filter((image) => !image.naturalWidth).map((image) => image.src),
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    links: [...document.querySelectorAll("a[href], link[href]")]
      .filter((link) => new URL(link.href).origin === location.origin)
      .map((link) => link.href),
  };
}
