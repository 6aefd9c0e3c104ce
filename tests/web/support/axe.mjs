// Runs axe in a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The problems that axe finds in the page at a URL. */
export async function findings(page, url) {
  await page.goto(url);
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 5, `${url}: axe looked at nothing`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${new URL(url).pathname}: ${id}: ${help}: ${node.html.slice(0, 200)}`),
  );
}

/** What axe finds about the contrast of the page at a URL, and the number of texts that it could read. */
export async function readable(page, url) {
  await page.goto(url);
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["color-contrast"], resultTypes: ["violations", "passes"] }),
  );
  const nodes = (results) => results.flatMap((result) => result.nodes);
  return {
    violations: nodes(violations).map((node) => `${new URL(url).pathname}: ${node.html.slice(0, 100)}: ${node.failureSummary}`),
    passes: nodes(passes).length,
  };
}
