// A decoder reads the QR codes of `tagline links --qr` from screenshots, as a phone would: in print size and smaller, in
// every colour scheme, with text that stays inside the image.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { launch, PHONE, tab } from "./support/browser.mjs";
import { copyOfExample, edit, filesOf, qrCodes } from "./support/site.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The links of a site, each with the SVG of its QR code. */
function links(options) {
  const { folder, links } = qrCodes(options);
  assert.equal(filesOf(folder, ".svg").length, links.length);
  const name = ({ campaign, channel, variant }) => [campaign, channel, variant].filter(Boolean).join("_");
  const read = (link) => readFileSync(path.join(folder, `${name(link)}.svg`), "utf8");
  return links.map((link) => ({ ...link, svg: read(link) }));
}

/** Renders an image on a coloured page at this width in CSS pixels, and returns the pixels of a screenshot. */
async function photograph(page, svg, width) {
  await page.setContent(`<body style="margin: 24px; background: #707070">${svg}</body>`);
  const picture = page.locator("svg");
  await picture.evaluate((element, width) => {
    element.setAttribute("height", (width * element.viewBox.baseVal.height) / element.viewBox.baseVal.width);
    element.setAttribute("width", width);
  }, width);
  const { width: wide, height: high } = await picture.boundingBox();
  return PNG.sync.read(await page.screenshot({ clip: { x: 0, y: 0, width: wide + 2 * 24, height: high + 2 * 24 } }));
}

const decoded = ({ data, width, height }) => jsQR(new Uint8ClampedArray(data), width, height)?.data;

const MILLIMETRE = 96 / 25.4;

for (const [size, width, options] of [
  ["on a phone", 300, { viewport: PHONE, deviceScaleFactor: 2 }],
  ["in print, at its own size", 37 * MILLIMETRE, { viewport: PHONE, deviceScaleFactor: 3 }],
  ["in print, two centimetres wide", 20 * MILLIMETRE, { viewport: PHONE, deviceScaleFactor: 3 }],
  ["in the dark", 300, { viewport: PHONE, colorScheme: "dark", forcedColors: "none" }],
]) {
  test(`every QR code of the example leads to its short link ${size}`, async (t) => {
    const page = await tab(browser, options);
    t.after(() => page.context().close());
    const all = links();
    for (const link of all) {
      assert.equal(decoded(await photograph(page, link.svg, width)), link.short_link, `${link.campaign} ${link.channel}`);
    }
    t.diagnostic(`${all.length} codes`);
  });
}

test("a QR code is black on white, with an empty border of four modules", async (t) => {
  const page = await tab(browser, { viewport: PHONE, colorScheme: "dark" });
  t.after(() => page.context().close());
  const [link] = links();
  await page.setContent(link.svg.replace("<svg ", '<svg style="position: fixed; left: 0; top: 0" '));
  const modules = await page.locator("svg").evaluate((element) => element.viewBox.baseVal.width);
  await page.locator("svg").evaluate((element) => {
    const { width, height } = element.viewBox.baseVal;
    element.setAttribute("width", width * 10);
    element.setAttribute("height", height * 10);
  });
  const { data, width } = PNG.sync.read(await page.screenshot());
  const colour = (x, y) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)].join();
  const colours = new Set();
  for (let y = 0; y < modules * 10; y += 1) {
    for (let x = 0; x < modules * 10; x += 1) {
      const quiet = [x, y].some((at) => at < 40 || at >= (modules - 4) * 10);
      if (quiet) assert.equal(colour(x, y), "255,255,255", `${x} ${y}`);
      colours.add(colour(x, y));
    }
  }
  assert.deepEqual([...colours].sort(), ["0,0,0", "255,255,255"], "no greys: edges are crisp");
});

test("the label and the URL below the code are readable text", async (t) => {
  const page = await tab(browser, { viewport: PHONE });
  t.after(() => page.context().close());
  for (const link of links()) {
    await page.setContent(link.svg);
    const texts = await page.locator("svg text").allTextContents();
    const letters = (text) => text.replaceAll(" ", "");
    assert.equal(letters(texts.join("")), letters(`${link.label}${link.short_link.replace("https://", "")}`));
    await page.getByRole("img", { name: `QR code, ${link.label}: ${link.short_link}` }).waitFor();
  }
});

const LABELS = [
  "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
  "Partner: Acme and its forty-two subsidiaries in East Africa, the spring edition, second print run",
  "合作伙伴：内罗毕招聘会二〇二七年春季传单",
  "Партнёр: ООО «Щучья Жизнь» и друзья",
  "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "illicit lilting lilies till it is still",
];

for (const label of LABELS) {
  test(`a label stays inside its image and outside the quiet zone: ${label.slice(0, 12)}`, async (t) => {
    const page = await tab(browser, { viewport: PHONE });
    t.after(() => page.context().close());
    const root = copyOfExample();
    edit(path.join(root, "site.yaml"), '"Partner: Acme"', JSON.stringify(label));
    const long = "https://a-rather-long-name-of-a-company.example.co.ke/hiring/and-more/";
    for (const base of ["https://kazi.example/", long]) {
      const link = links({ root, options: ["spring-hiring", "--base-url", base] }).find(({ channel }) => channel === "acme");
      await page.setContent(link.svg);
      const outside = await page.locator("svg").evaluate((svg) => {
        const { width, height } = svg.viewBox.baseVal;
        const code = svg.querySelector("path").getBBox();
        const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBBox()]);
        return boxes
          .filter(([, box]) => box.x < 0 || box.x + box.width > width || box.y + box.height > height || box.y < code.y + code.height)
          .map(([text, { x, width }]) => `${text}: ${x} to ${x + width}`);
      });
      assert.deepEqual(outside, []);
      assert.equal(decoded(await photograph(page, link.svg, 300)), link.short_link);
    }
  });
}
