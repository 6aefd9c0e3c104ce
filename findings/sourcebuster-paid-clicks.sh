#!/bin/sh
# sourcebuster, which fills the source of a lead into hidden fields, takes paid clicks for organic visits.
#
# Versions: sourcebuster 1.1.0, in jsdom 29.1.1. Seen on 2026-11-30.
#
# A click on an ad of Google arrives with `gclid`, which counts as `google`, `cpc`. On iPhones Google sends `gbraid` or `wbraid` in its place,
# and those visits are `google`, `organic`. A click on an ad of Microsoft (`msclkid`) is a `referral` from `bing.com`, and so is a visit from
# Bing's results without an ad, because browsers no longer tell the searched words. A `+` in `utm_source` stays a plus, which every other
# reader of addresses takes for a space.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit sourcebuster@1.1.0 jsdom@29.1.1
cat > visits.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { JSDOM } = require("jsdom");
const script = readFileSync(require.resolve("sourcebuster/dist/sourcebuster.min.js"), "utf8");
for (const [query, referrer] of [
  ["gclid=1", "https://www.google.com/"],
  ["gbraid=1", "https://www.google.com/"],
  ["gad_source=1&wbraid=1", "https://www.google.com/"],
  ["msclkid=1", "https://www.bing.com/"],
  ["", "https://www.bing.com/"],
  ["utm_source=spring+letter&utm_medium=email", undefined],
]) {
  const options = { url: `https://kazi.example/?${query}`, runScripts: "outside-only", ...(referrer && { referrer }) };
  const { window } = new JSDOM("<!doctype html>", options);
  window.eval(script);
  window.eval("sbjs.init({ domain: 'kazi.example' })");
  const { src, mdm } = JSON.parse(window.eval("JSON.stringify(sbjs.get.current)"));
  console.log(`${query.padEnd(42)} ${src}, ${mdm}`);
}
JS
node visits.cjs | tee answers.txt

cat > expected.txt <<'TEXT'
gclid=1                                    google, cpc
gbraid=1                                   google, organic
gad_source=1&wbraid=1                      google, organic
msclkid=1                                  bing.com, referral
                                           bing.com, referral
utm_source=spring+letter&utm_medium=email  spring+letter, email
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'The leads of ads on iPhones, and of all ads of Microsoft, are counted as unpaid, so the ads seem to bring fewer than they do.'
