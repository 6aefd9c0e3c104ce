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
