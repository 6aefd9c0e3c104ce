// A validator of Google's requirements finds no error in the structured data of any page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";
import { build, copyOfGallery, filesOf } from "./support/site.mjs";

async function problemsOf(html) {
  const found = new WebAutoExtractor({ addLocation: true }).parse(html);
  const issues = await new Validator().validate(found);
  const errors = issues.filter(({ severity }) => severity === "ERROR");
  const messages = errors.map(({ rootType, issueMessage }) => `${rootType}: ${issueMessage}`);
  return { types: Object.keys(found.jsonld), errors: messages };
}

for (const [which, options] of [
  ["the example", {}],
  ["the gallery", { root: copyOfGallery(), locked: false }],
]) {
  test(`the validator finds no error in any page of ${which}`, async (t) => {
    const folder = build(options);
    const seen = new Set();
    const found = [];
    for (const file of filesOf(folder, ".html")) {
      const { types, errors } = await problemsOf(readFileSync(path.join(folder, file), "utf8"));
      types.forEach((type) => seen.add(type));
      found.push(...errors.map((error) => `${file}: ${error}`));
    }
    t.diagnostic([...seen].sort().join(", "));
    assert.deepEqual(found, []);
    if (which === "the example") {
      for (const type of ["Article", "BreadcrumbList", "Event", "FAQPage", "Organization", "Product", "WebPage", "WebSite"]) {
        assert.ok(seen.has(type), `no page has a ${type}`);
      }
    }
  });
}

test("the validator finds a missing property", async () => {
  const data = { "@context": "https://schema.org", "@graph": [{ "@type": "Product", name: "Team" }] };
  const { errors } = await problemsOf(`<script type="application/ld+json">${JSON.stringify(data)}</script>`);
  assert.notDeepEqual(errors, []);
});
