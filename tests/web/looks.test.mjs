// The five looks: small pages with one or two fonts, nothing for axe and the W3C's checker to find, readable with any two
// colours, and nothing moves when the fonts arrive. `TAGLINE_TEST_LOOKS=all` tests every page and 64 pairs of colours.

import assert from "node:assert/strict";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { findings, readable } from "./support/axe.mjs";
import { DESKTOP, launch, PHONE, tab } from "./support/browser.mjs";
import { assertClean } from "./support/checker.mjs";
import { serve } from "./support/server.mjs";
import { addressesOf, build, copyOfExample, copyOfGallery, edit, filesOf, isShortLink, REPOSITORY, temporaryFolder } from "./support/site.mjs";

const LOOKS = ["product", "editorial", "bold", "dark", "local"];
const IS_FULL = process.env.TAGLINE_TEST_LOOKS === "all";
const [MAX_PAGE, MAX_FONT] = [14_000, 30_000];

const SAMPLE = ["/", "/hiring-guide/", "/spring-hiring/"];

/** 64 pairs: each accent with another one as the second colour. */
const STEPS = ["00", "55", "aa", "ff"];
const COLOURS = STEPS.flatMap((red) => STEPS.flatMap((green) => STEPS.map((blue) => `#${red}${green}${blue}`)));
const PAIRS = COLOURS.map((accent, index) => [accent, COLOURS[(index * 23 + 11) % COLOURS.length]]);

/** The example in each look: its folder and its server. */
const sites = new Map();
let browser;

before(async () => {
  browser = await launch();
  for (const look of LOOKS) sites.set(look, await serve(build({ root: example(look), locked: false })));
});

after(() => Promise.all([browser, ...sites.values()].map((opened) => opened?.close())));

/** A copy of the example in a look. */
function example(look) {
  const root = copyOfExample();
  edit(path.join(root, "site.yaml"), "theme: launch\n", `theme: launch\nlook: ${look}\n`);
  return root;
}

const pagesOf = (site) => addressesOf(site.folder).filter((address) => !isShortLink(address));
const fileOf = (address) => (address.endsWith("/") ? `${address}index.html` : address).slice(1);

for (const look of LOOKS) {
  test(`every page of the look ${look} is small, with at most two fonts`, (t) => {
    const site = sites.get(look);
    const gzipped = (file) => gzipSync(readFileSync(path.join(site.folder, file)), { level: 9 }).length;
    const heavy = [];
    let most = 0;
    for (const address of pagesOf(site)) {
      const html = readFileSync(path.join(site.folder, fileOf(address)), "utf8");
      const scripts = [...html.matchAll(/<script src="?([^" >]+)/g)].map(([, src]) => src);
      const bytes = gzipped(fileOf(address)) + scripts.reduce((sum, src) => sum + gzipped(src), 0);
      most = Math.max(most, bytes);
      if (bytes > MAX_PAGE) heavy.push(`${address}: ${bytes}`);
      const fonts = [...html.matchAll(/<link rel=preload href=(\S+\.woff2)/g)].map(([, href]) => href);
      if (fonts.length < 1 || fonts.length > 2) heavy.push(`${address}: ${fonts.length} fonts`);
    }
    for (const font of filesOf(site.folder, ".woff2")) {
      const { size } = statSync(path.join(site.folder, font));
      if (size > MAX_FONT) heavy.push(`${font}: ${size}`);
    }
    t.diagnostic(`at most ${most} bytes a page`);
    assert.deepEqual(heavy, []);
  });

  test(`axe finds no problem in the look ${look}`, async (t) => {
    const site = sites.get(look);
    const problems = [];
    // A sample has each screen in one scheme.
    for (const [viewport, colorScheme] of [[PHONE, "light"], [DESKTOP, "dark"], ...(IS_FULL ? [[PHONE, "dark"], [DESKTOP, "light"]] : [])]) {
      const page = await tab(browser, { viewport, colorScheme, reducedMotion: "reduce" });
      t.after(() => page.context().close());
      for (const address of IS_FULL ? pagesOf(site) : SAMPLE) problems.push(...(await findings(page, new URL(address, site.url).href)));
    }
    assert.deepEqual(problems, []);
  });

  test(`nothing is wider than its screen and nothing moves in the look ${look}`, async (t) => {
    assert.deepEqual(await movements(t, sites.get(look)), []);
  });
}

test("nothing moves when a site's own fonts arrive", async (t) => {
  const fonts = path.join(REPOSITORY, "themes/launch/assets/fonts");
  // With and without serifs, in all weights and in one, in place of the fonts of a look that has others.
  for (const [look, font, display] of [["dark", "figtree"], ["local", "newsreader"], ["bold", "geist", "archivo-wide"], ["product", "nunito", "newsreader"]]) {
    const root = example(look);
    const options = [font, display].flatMap((name, index) => (name ? [`${["font", "display"][index]}: ${name}.woff2`] : []));
    for (const name of [font, display]) if (name) cpSync(path.join(fonts, `${name}.woff2`), path.join(root, "static", `${name}.woff2`));
    edit(path.join(root, "site.yaml"), "theme_options: {", `theme_options: { ${options.join(", ")},`);
    const site = await serve(build({ root, locked: false }));
    t.after(site.close);
    assert.deepEqual(await movements(t, site), [], `${options} in ${look}`);
  }
});

/** Loads pages with fonts that arrive late, and returns what moves or is wider than the screen. */
async function movements(t, site) {
  const page = await tab(browser, { viewport: PHONE });
  t.after(() => page.context().close());
  // Fonts arrive after the text has been painted.
  await page.route("**/*.woff2", (route) => setTimeout(() => route.continue().catch(() => {}), 400));
  await page.addInitScript(() => {
    self.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (self.shifted += value))).observe({ type: "layout-shift", buffered: true });
  });
  // The widths of Arial and Times, which the fallbacks scale.
  const isMissing = await page.evaluate(() => new FontFace("any", 'local("Arial"), local("Liberation Sans")').load().then(() => false, () => true));
  if (isMissing) throw new Error("there is neither Arial nor Liberation Sans: install Debian's package `fonts-liberation`");
  const problems = [];
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    for (const address of SAMPLE) {
      await page.goto(new URL(address, site.url).href, { waitUntil: "load" });
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(150);
      const [shifted, wide, fonts] = await page.evaluate(() => [self.shifted, document.documentElement.scrollWidth, [...document.fonts].filter(({ status }) => status === "loaded").length]);
      if (fonts < 1) problems.push(`${address}: no font was loaded`);
      // Lines that break elsewhere move what is below: 0.1 is good by the measure of browsers, and we allow a fifth of it.
      if (shifted > 0.02) problems.push(`${address} at ${width}: ${shifted.toFixed(4)} of layout shift`);
      if (wide > width) problems.push(`${address} is ${wide} px wide on a screen of ${width}`);
      t.diagnostic(`${address} ${width}: ${shifted.toFixed(4)}`);
    }
  }
  return [...problems, ...page.elsewhere, ...page.complaints];
}

test("every page is valid in each look", () => {
  // Of all looks at once, since the checker takes long to start.
  const folder = temporaryFolder();
  for (const look of LOOKS) {
    const of = sites.get(look).folder;
    for (const file of IS_FULL ? filesOf(of, ".html") : SAMPLE.map(fileOf)) cpSync(path.join(of, file), path.join(folder, look, file));
  }
  assertClean(folder, filesOf(folder, ".html"), "--html");
});

test("text is readable in each look with any two colours", async (t) => {
  const pairs = PAIRS.filter((_, index) => IS_FULL || [1, 48].includes(index));
  const site = await serve(build({ root: withPairs(pairs), locked: false }));
  t.after(site.close);
  const problems = [];
  let texts = 0;
  for (const colorScheme of ["light", "dark"]) {
    const page = await tab(browser, { viewport: DESKTOP, colorScheme, reducedMotion: "reduce" });
    for (const address of pagesOf(site).filter((address) => address.startsWith("/pair-"))) {
      const { violations, passes } = await readable(page, new URL(address, site.url).href);
      texts += passes;
      problems.push(...violations.map((problem) => `${colorScheme}: ${problem}`));
    }
    await page.context().close();
  }
  t.diagnostic(`${pairs.length} pairs in ${LOOKS.length} looks, ${texts} texts`);
  assert.ok(texts > 1000 * pairs.length, `${texts} texts`);
  assert.deepEqual(problems, []);
});

test("density changes the height of a page in each look", async (t) => {
  const site = await serve(build({ root: withDensities(), locked: false }));
  const page = await tab(browser, { viewport: DESKTOP });
  t.after(() => Promise.all([page.context().close(), site.close()]));
  const height = async (look, density) => {
    await page.goto(new URL(`/density-${look}-${density}/`, site.url).href, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready);
    return page.evaluate(() => document.querySelector("main").offsetHeight);
  };
  for (const look of LOOKS) {
    const [tight, normal, airy] = [await height(look, "tight"), await height(look, "normal"), await height(look, "airy")];
    t.diagnostic(`${look}: ${tight}, ${normal}, ${airy}`);
    assert.ok(tight < normal * 0.95 && airy > normal * 1.05, `${look}: ${tight}, ${normal}, ${airy}`);
  }
});

/** Bands on every ground. */
const GROUNDS = ["plain", "tint", "deep"].map((ground) => `
::: features ground=${ground}
## On a ground

### A heading

A text with [a link](text.md).
:::

::: steps ground=${ground}
## Steps

1. **One.** A text.
2. **Two.** A text.
:::
`).join("");

/** The gallery with a page for each look and density. */
function withDensities() {
  const root = copyOfGallery();
  const content = path.join(root, "content");
  const body = bodyOfGallery(content);
  for (const look of LOOKS) {
    for (const density of ["tight", "normal", "airy"]) {
      const name = `density-${look}-${density}`;
      writeFileSync(path.join(content, `${name}.md`), pageWith({ name, look, theme_options: { density } }, body));
    }
  }
  return root;
}

/** The text of the gallery's first page. */
function bodyOfGallery(content) {
  return readFileSync(path.join(content, "index.md"), "utf8").match(/^---\n[^]*?\n---\n(?<body>[^]*)$/).groups.body;
}

/** A landing page with the calls to action of the gallery's first page. */
function pageWith({ name, ...front }, body) {
  const ctas = {
    plan: { label: "Get your free plan", booking: { form: ["name", "email"] } },
    guide: { label: "Read the winter guide", download: { file: "winter-guide.txt" } },
  };
  const all = { title: name, summary: "A page of a test.", campaign: name, slug: name, ends: "2027-04-30", ctas, ...front };
  return `---\n${JSON.stringify(all)}\n---\n${body}`;
}

/** The gallery with a page for each pair and look. Every other hero is on a dark ground. */
function withPairs(pairs) {
  const root = copyOfGallery();
  const content = path.join(root, "content");
  const body = bodyOfGallery(content);
  for (const look of LOOKS) {
    for (const [index, [accent, second]] of pairs.entries()) {
      const name = `pair-${look}-${index}`;
      const grounded = index % 2 ? body.replace("::: hero", "::: hero ground=deep") : body;
      writeFileSync(path.join(content, `${name}.md`), pageWith({ name, look, theme_options: { accent, second } }, `${grounded}\n${GROUNDS}`));
    }
  }
  return root;
}
