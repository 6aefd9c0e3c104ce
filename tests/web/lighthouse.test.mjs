// Lighthouse on a phone gives the pages that visitors arrive on 100 for accessibility, best practices and SEO. Its
// figure for speed depends on the machine, and is told only.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { ARGUMENTS, chromiumPath } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { build } from "./support/site.mjs";

const PAGES = ["/spring-hiring/", "/spring-hiring/via/acme/", "/", "/articles/marketing-vs-sales/"];

/** Channel pages ask not to be indexed, which is the one thing that costs them SEO. */
const MEANT = new Map([["/spring-hiring/via/acme/", ["is-crawlable"]]]);

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("Lighthouse has nothing to add", async (t) => {
  const site = await serve();
  t.after(site.close);
  site.folder = build({ baseUrl: site.url });
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...ARGUMENTS, `--remote-debugging-port=${port}`],
  });
  t.after(() => browser.close());
  const found = [];
  for (const address of PAGES) {
    const run = await lighthouse(
      new URL(address, site.url).href,
      { port, output: "json", logLevel: "error" },
      { extends: "lighthouse:default", settings: { skipAudits: MEANT.get(address) ?? [] } },
    );
    const { categories, audits, runtimeError } = run.lhr;
    assert.equal(runtimeError, undefined);
    const scores = Object.values(categories).map(({ id, score }) => `${id} ${Math.round(score * 100)}`);
    t.diagnostic(`${address} ${scores.join(", ")}`);
    for (const { id, auditRefs, score } of Object.values(categories)) {
      if (id === "performance" || score === 1) continue;
      const lost = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1);
      found.push(`${address}: ${id} ${score}: ${lost.map(({ id }) => audits[id].title).join("; ")}`);
    }
  }
  assert.deepEqual(found, []);
});
