// The page of `tagline report`: accessible, complete without its charts, on a phone, in the dark, on paper, and in three engines
// without a request to the network.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { findings } from "./support/axe.mjs";
import { DESKTOP, launch, PHONE, tab } from "./support/browser.mjs";
import { ENGINES } from "./support/engines.mjs";
import { serve } from "./support/server.mjs";
import { REPOSITORY, tagline, temporaryFolder } from "./support/site.mjs";

/** An export with leads of several campaigns and weeks. */
function exported() {
  const register = readFileSync(path.join(REPOSITORY, "lead-tags.csv"), "utf8");
  const tags = register.trim().split("\n").slice(1).map((line) => line.split(",")[0]);
  const rows = ["Email,Created,Closed,Status,Amount,Currency,Lost reason,Lead tag"];
  for (let number = 0; number < 900; number += 1) {
    const status = ["New", "Won", "Lost", "Lost", "New"][number % 5];
    const day = `2026-12-${String(1 + (number % 28)).padStart(2, "0")}`;
    const reason = status === "Lost" ? ["Price", "Timing", "Competitor"][number % 3] : "";
    const amount = status === "Won" ? 1000 + number : "";
    rows.push(`p${number}@x.example,${day},2027-01-10,${status},${amount},KES,${reason},${tags[(number * 7) % tags.length]}`);
  }
  return `${rows.join("\n")}\n`;
}

const folder = temporaryFolder();
const file = path.join(folder, "report.html");
let browser;
let site;

before(async () => {
  const leads = path.join(folder, "leads.csv");
  const costs = path.join(folder, "costs.csv");
  writeFileSync(leads, exported());
  writeFileSync(costs, "channel,month,amount,currency\nlinkedin,2026-12,5000,KES\nacme,2026-12,900,KES\n");
  const options = ["--root", REPOSITORY, "--date", "2027-02-01", "--costs", costs, "--html", file];
  const { status, stderr } = spawnSync(tagline(), ["report", leads, ...options], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  site = await serve(folder);
  browser = await launch();
});

after(() => Promise.all([browser, site].map((opened) => opened?.close())));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in ${colorScheme} mode`, async (t) => {
    const page = await tab(browser, { viewport: DESKTOP, colorScheme });
    t.after(() => page.context().close());
    assert.deepEqual(await findings(page, new URL("report.html", site.url).href), []);
  });
}

test("the page fits a phone, and its tables have what its charts show", async (t) => {
  const page = await tab(browser, { viewport: PHONE });
  t.after(() => page.context().close());
  await page.goto(pathToFileURL(file).href);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no scrolling sideways");
  const sections = await page.evaluate(() =>
    [...document.querySelectorAll("section:has(svg)")].map((section) => ({
      title: section.querySelector("h2").textContent,
      marks: section.querySelectorAll("svg rect, svg circle").length,
      rows: section.querySelectorAll("tbody tr").length,
    })),
  );
  assert.deepEqual(
    sections.map(({ title }) => title),
    ["Leads and wins by week", "Channels by conversion", "Lost reasons by campaign", "Cost per win"],
  );
  for (const { title, marks, rows } of sections) assert.ok(marks > 0 && rows > 0, title);
});

test("charts and tables that are wider than the window are scrolled by keyboard", async (t) => {
  const page = await tab(browser, { viewport: PHONE });
  t.after(() => page.context().close());
  await page.goto(pathToFileURL(file).href);
  await page.keyboard.press("Tab");
  const wide = await page.evaluate(() => document.activeElement.className);
  assert.equal(wide, "wide");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
});

test("on paper the page is light, and nothing is cut off", async (t) => {
  const page = await tab(browser, { viewport: { width: 700, height: 900 }, colorScheme: "dark" });
  t.after(() => page.context().close());
  await page.goto(pathToFileURL(file).href);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const looks = await page.evaluate(() => ({
    paper: getComputedStyle(document.body).backgroundColor,
    cut: [...document.querySelectorAll(".wide")].filter((wide) => getComputedStyle(wide).overflowX !== "visible").length,
  }));
  assert.deepEqual(looks, { paper: "rgb(255, 255, 255)", cut: 0 });
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 10_000, "a printed page");
});

describe("in each engine", { concurrency: false }, () => {
  for (const [name, start] of Object.entries(ENGINES)) {
    test(`${name} shows the charts and requests nothing else`, async (t) => {
      const engine = await start();
      t.after(() => engine.close());
      const page = await engine.open();
      await page.goto(new URL("report.html", site.url).href);
      const seen = await page.run(() => ({
        charts: [...document.querySelectorAll("svg")].filter((svg) => svg.getBoundingClientRect().height > 20).length,
        rows: document.querySelectorAll("tbody tr").length,
        requests: performance.getEntriesByType("resource").map(({ name }) => name),
      }));
      assert.equal(seen.charts, 4);
      assert.ok(seen.rows > 20);
      assert.deepEqual(seen.requests, []);
    });
  }
});
