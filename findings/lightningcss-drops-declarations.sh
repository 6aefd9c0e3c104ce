#!/bin/sh
# Lightning CSS drops declarations that browsers use, even without minifying.
#
# Version: lightningcss 1.32.0 (npm). Seen on 2026-11-29.
#
# It parses each declaration into a value, merges the values of properties that belong together, and prints the result. In that
# step `translate` is lost before `transform`, the prefixed `backdrop-filter` replaces the other one, an older keyword replaces the
# current one, and a number without a unit, which browsers ignore, becomes a length that they use.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit lightningcss@1.32.0

cat > print.mjs <<'JAVASCRIPT'
import { transform } from "lightningcss";

const expected = {
  "backdrop-filter:blur(4px);-webkit-backdrop-filter:blur(4px)": "-webkit-backdrop-filter:blur(4px)",
  "translate:10px 0;transform:rotate(90deg)": "transform:rotate(90deg)",
  "width:fit-content;width:-moz-fit-content": "width:-moz-fit-content",
  "width:50": "width:50px",
};
let changed = false;
for (const [written, printed] of Object.entries(expected)) {
  const { code } = transform({ filename: "a.css", code: Buffer.from(`a{${written}}`), minify: true });
  const found = code.toString().replace(/^a\{|\}$/g, "");
  console.log(`written: ${written}\nprinted: ${found}\n`);
  changed ||= found !== printed;
}
if (changed) {
  console.log("the behaviour has changed");
  process.exit(1);
}
console.log("A page looks different from its stylesheet, and nothing reports it.");
JAVASCRIPT
echo "lightningcss 1.32.0"
node print.mjs
