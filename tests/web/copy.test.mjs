// Short links, the links of a channel page, and the copy button in a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { addressesOf, build, isShortLink, REPOSITORY } from "./support/site.mjs";

let browser;
let site;

before(async () => {
  site = await serve(build());
  browser = await launch();
});

after(() => Promise.all([browser, site].map((opened) => opened?.close())));

const at = (address) => new URL(address, site.url).href;

async function open(t, options) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  return page;
}

test("the copy button copies the code and confirms it", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  for (const [address, code] of [
    ["/spring-hiring/", "SPRING20"],
    ["/spring-hiring/via/acme/", "ACME20"],
  ]) {
    await page.goto(at(address));
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
    await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  }
  assert.deepEqual(page.complaints, []);
});

test("without JavaScript the copy button is hidden", async (t) => {
  const page = await open(t, { javaScriptEnabled: false });
  await page.goto(at("/spring-hiring/"));
  assert.equal(await page.locator("button.copy").count(), 1);
  assert.ok(!(await page.locator("button.copy").isVisible()));
});

/** The code of a campaign and a channel in the tag register. */
function codeOf(tag) {
  const row = readFileSync(path.join(REPOSITORY, "lead-tags.csv"), "utf8")
    .split("\n")
    .map((line) => line.split(","))
    .find(([first, ...rest]) => first === tag && rest.at(-1) === "");
  assert.ok(row, `${tag} should be in the tag register`);
  return row[8];
}

for (const javaScriptEnabled of [true, false]) {
  test(`a short link leads to its channel page ${javaScriptEnabled ? "with" : "without"} JavaScript`, async (t) => {
    const page = await open(t, { javaScriptEnabled });
    await page.goto(at(`/go/${codeOf("spring-hiring_save_acme")}/`));
    await page.waitForURL(
      at("/spring-hiring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign=spring-hiring"),
    );
    assert.equal(await page.locator("h1").innerText(), "Acme customers save 20% on hiring");
  });
}

test("every short link leads to an existing page", async (t) => {
  const page = await open(t);
  const links = addressesOf(site.folder).filter(isShortLink);
  assert.ok(links.length > 10);
  for (const link of links) {
    await page.goto(at(link));
    await page.waitForURL((url) => !isShortLink(url.pathname));
    assert.ok(await page.locator("main").isVisible(), link);
  }
  assert.deepEqual(site.missing, []);
  t.diagnostic(`${links.length} short links`);
});

test("every internal link of a channel page carries the channel", async (t) => {
  const page = await open(t);
  const pages = addressesOf(site.folder).filter((address) => address.includes("/via/"));
  assert.ok(pages.length > 10);
  for (const address of pages) {
    const channel = address.split("/via/")[1].replace("/", "");
    await page.goto(at(address));
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) => all.filter((link) => link.origin === location.origin).map((link) => link.getAttribute("href")));
    const away = links.filter((href) => !href.startsWith("#"));
    assert.ok(away.length >= 5, address);
    for (const href of away) {
      const { pathname, searchParams } = new URL(href, site.url);
      const via = searchParams.get("via");
      // The switcher leads to the channel page in another language.
      if (pathname.endsWith(`/via/${channel}/`)) continue;
      assert.ok(via === channel || via?.endsWith(`_${channel}`), `${address}: ${href}`);
    }
  }
});

test("a link of a channel page leads to its anchor", async (t) => {
  const page = await open(t);
  await page.goto(at("/spring-hiring/via/acme/"));
  await page.getByText("Can I add the discount to another one?").click();
  await page.getByRole("link", { name: "terms" }).click();
  await page.waitForURL(at("/terms/?via=acme#coupons"));
  assert.ok(await page.locator("#coupons").isVisible());
});
