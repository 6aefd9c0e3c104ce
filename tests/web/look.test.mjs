// Every page in a browser: nothing overflows the screen, every image loads, nothing is requested from another host, the
// console has no errors, and every internal link leads to an existing page and anchor. Where a layout once went wrong, its
// boxes are measured.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { findings } from "./support/axe.mjs";
import { launch, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { AFTER_ALL, addressesOf, build, copyOfExample, copyOfGallery, edit, isShortLink } from "./support/site.mjs";

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
  const page = await pageOf(t, "## Why\n\nText.\n\n- An item\n\n::: features\n## All\n\n### One\n\nText.\n:::\n\n::: quote by=\"Ada N.\"\nIt grows.\n:::\n\n::: media\n## Beside\n\n![A board](board.jpg)\n:::\n\n::: offer call\nCall us.\n:::\n");
  const edges = await page.evaluate(() =>
    [...document.querySelectorAll("header > a, main > h1, main > h2, main > p, main > ul, .intro h2, blockquote p, .media-text, .card")].map(
      // The edge of a text, not of its box.
      (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return Math.round((element.matches("h2, p") ? range : element).getBoundingClientRect().left);
      },
    ),
  );
  assert.equal(edges.length, 9);
  assert.equal(new Set(edges).size, 1, String(edges));
});

test("a button opens the menu of a phone, and a key or the other button closes it, without a script", async (t) => {
  const page = await pageOf(t, "Text.", { javaScriptEnabled: false });
  const menu = page.getByRole("navigation", { name: "Main" });
  const [opens, closes] = ["Menu", "Close"].map((name) => page.getByRole("button", { name, exact: true }));
  assert.equal(await menu.isVisible(), true);
  assert.equal(await opens.isVisible(), false);
  await page.setViewportSize({ width: 320, height: 700 });
  assert.equal(await menu.isVisible(), false);
  await opens.click();
  const last = await menu.getByRole("link").last().boundingBox();
  assert.ok(last.x >= 0 && last.x + last.width <= 320 && last.y + last.height <= 700 && last.height >= 44, JSON.stringify(last));
  await closes.click();
  assert.equal(await menu.isVisible(), false);
  await opens.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await closes.evaluate((button) => button === document.activeElement), true);
  await page.keyboard.press("Escape");
  assert.equal(await menu.isVisible(), false);
});

test("the form of a hero is beside the heading, and on a phone as long as a screen at most", async (t) => {
  const site = await serve(build());
  const page = await tab(browser);
  t.after(() => Promise.all([page.context().close(), site.close()]));
  await page.goto(new URL("/hiring-guide/", site.url).href, { waitUntil: "load" });
  const box = (selector) => page.locator(selector).first().boundingBox();
  const [heading, field, button] = [await box("h1"), await box("#guide_name"), await box(".panel button")];
  assert.ok(field.x > heading.x + heading.width, "beside the heading");
  assert.ok(button.y + button.height < 900, `the button ends at ${button.y + button.height}`);
  await page.setViewportSize({ width: 390, height: 844 });
  const [panel, last] = [await box(".panel"), await box(".panel button")];
  assert.ok(last.y + last.height - panel.y < 844, `${last.y + last.height - panel.y} px down to the button`);
});

test("the header can stay at the top, with the call to action", async (t) => {
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), 'theme_options: { accent: "#0b6e4f" }', 'theme_options: { accent: "#0b6e4f", header: action, sticky: header }');
  const site = await serve(build({ root, locked: false }));
  const page = await tab(browser);
  t.after(() => Promise.all([page.context().close(), site.close()]));
  await page.goto(new URL("/hiring-guide/#cta-scorecard", site.url).href, { waitUntil: "load" });
  await page.waitForFunction(() => scrollY > 900);
  const bottom = await page.locator(".site-header").evaluate((header) => header.getBoundingClientRect().bottom);
  assert.ok(bottom > 40 && bottom < 120, `the header ends at ${bottom}`);
  const top = await page.locator("#cta-scorecard").evaluate((card) => card.getBoundingClientRect().top);
  assert.ok(top >= bottom, `the card begins at ${top}, below the header's end at ${bottom}`);
  assert.equal(await page.locator(".site-header .cta").isVisible(), true);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await page.locator(".site-header .cta").isVisible(), false);
});

test("logos stay readable on a dark page, and a white ground disappears", async (t) => {
  const page = await pageOf(t, "::: logos\nKnown from\n\n- ![Ink](ink.svg)\n- ![White](white.svg)\n:::\n", { colorScheme: "dark" });
  const shot = async (index) => {
    const png = await page.locator(".logos img").nth(index).screenshot();
    return page.evaluate(async (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      canvas.drawImage(bitmap, 0, 0);
      return [...canvas.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data.slice(0, 3)];
    }, png.toString("base64"));
  };
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  const [ink, white] = [await shot(0), await shot(1)];
  assert.ok(Math.min(...ink) > 200, `a black logo is ${ink}`);
  assert.ok(white.every((part, at) => Math.abs(part - ground[at]) < 8), `a white ground is ${white} on ${ground}`);
});

test("text on a picture is readable, on a white one and on a black one", async (t) => {
  for (const picture of ["white.svg", "ink.svg"]) {
    const page = await pageOf(
      t,
      `::: hero picture=background centred\n## Behind\n\nText with [a link](text.md).\n\n![A ground](${picture})\n:::\n\n` +
        `::: features ground=picture\n![A ground](${picture})\n\n## Cards\n\n### One {icon=clock}\n\nText.\n:::\n`,
    );
    const texts = page.locator(":is(.hero, .features) :is(h2, h3, p, a)");
    const colours = await texts.evaluateAll((elements) => elements.map((element) => getComputedStyle(element).color));
    assert.equal(colours.length, 6);
    await hide(page.locator(".inner *"));
    for (const band of [".hero", ".features"]) {
      await page.locator(band).scrollIntoViewIfNeeded();
      // Without the edges, where a pixel can belong to the next band, too.
      const { x, y, width, height } = await page.locator(band).boundingBox();
      const clip = { x: x + 2, y: y + 2, width: width - 4, height: height - 4 };
      const [darkest, lightest] = await luminances(page, await page.screenshot({ clip }));
      for (const colour of colours) {
        const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
        const text = luminance([red, green, blue]);
        const ratio = (text + 0.05) / (lightest + 0.05);
        assert.ok(darkest <= lightest && ratio >= 4.5, `${colour} on ${picture} in ${band}: ${ratio}`);
      }
    }
  }
});

test("the header and the hero of a very wide screen have one ground", async (t) => {
  const site = await serve(build());
  const page = await tab(browser, { viewport: { width: 2560, height: 1300 } });
  t.after(() => Promise.all([page.context().close(), site.close()]));
  await page.goto(new URL("/", site.url).href, { waitUntil: "load" });
  const { bottom } = await page.locator(".site-header").evaluate((header) => header.getBoundingClientRect().toJSON());
  await hide(page.locator(".site-header *, .hero .inner *"));
  const png = await page.screenshot({ clip: { x: 0, y: Math.round(bottom) - 4, width: 2560, height: 8 } });
  const [darkest, lightest] = await luminances(page, png);
  assert.ok(lightest - darkest < 0.01, `from ${darkest} to ${lightest}`);
});

for (const accent of ["#ffd400", "#000", "#fff"]) {
  test(`every ground keeps its contrast with the accent ${accent}`, async (t) => {
    const root = copyOfGallery();
    edit(path.join(root, "site.yaml"), "#0d6b5c", accent);
    const site = await serve(build({ root, locked: false }));
    t.after(site.close);
    for (const colorScheme of ["light", "dark"]) {
      const page = await tab(browser, { colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await findings(page, new URL("/cards/", site.url).href), [], colorScheme);
      await page.context().close();
    }
  });
}

const quotes = (count) => `:::: quotes\n${'::: quote by="Ada N."\nIt grows.\n:::\n'.repeat(count)}::::\n`;

/** Opens a page of the gallery's site with this body below its heading. */
async function pageOf(t, body, options) {
  const root = copyOfGallery();
  const front = "title: Our gardens\nsummary: Gardens for people without time.\nctas:\n  call:\n    label: Call us\n    booking: { form: [name, email] }";
  const svg = (fill) => `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="36"><rect width="90" height="36" fill="${fill}"/></svg>`;
  writeFileSync(path.join(root, "content/ink.svg"), svg("#000"));
  writeFileSync(path.join(root, "content/white.svg"), svg("#fff"));
  writeFileSync(path.join(root, "content/gardens.md"), `---\n${front}\n---\n\n# Our gardens\n\n${body}\n`);
  const site = await serve(build({ root, locked: false }));
  const page = await tab(browser, options);
  t.after(() => Promise.all([page.context().close(), site.close()]));
  await page.goto(new URL("/gardens/", site.url).href, { waitUntil: "load" });
  return page;
}

/** Hides elements, so that only their ground is seen. The policy of a page allows no stylesheet of a test. */
const hide = (locator) => locator.evaluateAll((elements) => elements.forEach((element) => element.style.setProperty("visibility", "hidden")));

/** The relative luminance of a colour in sRGB, by WCAG 2.2. */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The luminance of the darkest and of the lightest pixel of a picture. */
async function luminances(page, png) {
  const colours = await page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return [...colours];
  }, png.toString("base64"));
  const all = colours.map((colour) => luminance([colour >> 16, (colour >> 8) & 255, colour & 255])).sort((one, other) => one - other);
  return [all[0], all.at(-1)];
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
