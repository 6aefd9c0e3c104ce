// Hostile texts: each key of the schemas has one, and keys that name something refuse them. That they stay texts in a browser is
// tested in `hostile_chromium`, `hostile_firefox` and `hostile_webkit`, a file for each engine, so that they run side by side.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { CHECKED, changed, DOCUMENTS, hostile, hostileSite, SHAPES, textKeys } from "./support/hostile_site.mjs";
import { SPRING, tagline } from "./support/site.mjs";

/** Keys that the documents leave out: they exclude another key, or have the same reader as one that is used. */
const LEFT_OUT = /^((languages\.\*\.)?announcement\.url|analytics\.(ga4|gtm|matomo\..*)|(versions\.\*\.)?extra|winner|report\.columns\..*\.\[\]|(languages\.\*\.)?leads\.consent\..*|destinations\.\*\.hubspot\.subscription|security\.content_security_policy\.(?!script-src).*)$/;

for (const of of Object.keys(DOCUMENTS)) {
  test(`every key of the schema \`${of}\` that takes a text has a hostile one`, (t) => {
    const keys = textKeys(of);
    const tried = new Map();
    changed(DOCUMENTS[of], keys, (key, valid) => {
      const shapes = CHECKED.has(key) ? [] : Object.values(SHAPES).filter((shape) => hostile(shape, keys.get(key)[0]));
      tried.set(key, shapes.length);
      return valid;
    });
    const left = [...keys.keys()].filter((key) => !tried.has(key) && !LEFT_OUT.test(key));
    assert.deepEqual(left, [], "add these keys to support/hostile_site.mjs");
    const texts = [...tried].filter(([, shapes]) => shapes > 0);
    t.diagnostic(`${texts.length} of ${tried.size} keys take a hostile text`);
    assert.ok(texts.length >= 15);
  });
}

test("a script address is refused in each key that names something", () => {
  for (const only of CHECKED) {
    const root = hostileSite(SHAPES["a script address"], { only });
    const { status, stderr } = spawnSync(tagline(), ["check", "--root", root, "--date", SPRING], { encoding: "utf8" });
    assert.equal(status, 1, `${only}\n${stderr}`);
    assert.match(stderr, /^1 error/m, `${only}\n${stderr}`);
  }
});
