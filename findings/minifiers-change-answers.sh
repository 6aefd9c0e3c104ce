#!/bin/sh
# Four minifiers change what a form sends, and four make text impossible to find in a page.
#
# Versions: htmlnano 3.5.1, html-minifier-terser 7.2.0, html-minifier-next 8.7.0, @minify-html/node 0.18.1, @swc/html 1.16.22; forms are read
# by jsdom 29.1.1. Seen on 2026-12-01.
#
# - `<input type="radio" name="offer" value="" checked>` sends an empty answer. Without its `value`, which HTML makes `on`, it sends `on`. Four
#   minifiers take the attribute away because it is empty: htmlnano with its preset `safe`, html-minifier-terser with `removeEmptyAttributes`,
#   html-minifier-next with its preset `comprehensive`, and minify-html without any option. It is the same with a checkbox.
# - `hidden` has had a second value since 2022: `hidden="until-found"` hides text that a browser shows as soon as somebody searches the page for
#   it, or follows a link into it. Four minifiers write `hidden` for it, among them html-minifier-next with its preset `conservative`.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit --ignore-scripts htmlnano@3.5.1 html-minifier-terser@7.2.0 html-minifier-next@8.7.0 \
  @minify-html/node@0.18.1 @swc/html@1.16.22 jsdom@29.1.1

cat > forms.mjs <<'JS'
import minifyHtml from "@minify-html/node";
import { minify as swc } from "@swc/html";
import { minify as next } from "html-minifier-next";
import { minify as terser } from "html-minifier-terser";
import htmlnano from "htmlnano";
import { JSDOM } from "jsdom";
const page = `<!doctype html>
<html lang="en"><head><title>Fair</title></head><body>
<form>
  <input type="radio" name="offer" value="" checked id="none"><label for="none">No offer, thanks</label>
  <input type="radio" name="offer" value="trial" id="trial"><label for="trial">A free trial</label>
  <input type="checkbox" name="letter" value="" checked>
</form>
<div hidden="until-found" id="refunds">You get your money back within 30 days.</div>
</body></html>`;
// These parts of htmlnano need more packages, and have nothing to do with attributes.
const safe = { ...htmlnano.presets.safe, minifyCss: false, minifyJs: false, minifySvg: false };
const minifiers = {
  "none": () => page,
  "htmlnano, safe": async () => (await htmlnano.process(page, { skipConfigLoading: true }, safe)).html,
  "html-minifier-terser": () => terser(page, { removeEmptyAttributes: true, collapseBooleanAttributes: true }),
  "html-minifier-next, comprehensive": () => next(page, { preset: "comprehensive" }),
  "html-minifier-next, conservative": () => next(page, { preset: "conservative" }),
  "minify-html": () => minifyHtml.minify(Buffer.from(page), {}).toString(),
  "swc": async () => (await swc(Buffer.from(page), {})).code,
};
for (const [name, minify] of Object.entries(minifiers)) {
  const { window } = new JSDOM(await minify());
  const sent = new URLSearchParams([...new window.FormData(window.document.querySelector("form"))]);
  const hidden = window.document.querySelector("#refunds").getAttribute("hidden");
  console.log(`${name.padEnd(34)}sends ${String(sent).padEnd(19)}hidden="${hidden}"`);
}
JS
node forms.mjs | tee answers.txt

cat > expected.txt <<'TEXT'
none                              sends offer=&letter=     hidden="until-found"
htmlnano, safe                    sends offer=on&letter=on hidden="until-found"
html-minifier-terser              sends offer=on&letter=on hidden=""
html-minifier-next, comprehensive sends offer=on&letter=on hidden=""
html-minifier-next, conservative  sends offer=&letter=     hidden=""
minify-html                       sends offer=on&letter=on hidden=""
swc                               sends offer=&letter=     hidden=""
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Sales reads `on` where a lead chose nothing, and a visitor who searches a page for "money back" finds nothing. Give each answer a value.'
