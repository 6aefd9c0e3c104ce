// Minifies the scripts of built sites. `npm run scripts` writes the results.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

export const SCRIPTS = fileURLToPath(new URL("../../../src/scripts/", import.meta.url));

export const names = () =>
  readdirSync(SCRIPTS)
    .filter((file) => file.endsWith(".js") && !file.endsWith(".min.js"))
    .map((file) => file.slice(0, -3));

export const published = (name) => readFileSync(path.join(SCRIPTS, `${name}.min.js`), "utf8");

/** The minified script, for browsers since 2024. Its last value is a function. */
export async function minified(name) {
  const source = readFileSync(path.join(SCRIPTS, `${name}.js`), "utf8");
  const { code } = await minify(source, {
    ecma: 2020,
    toplevel: true,
    compress: { expression: true, passes: 3, unsafe_arrows: true },
    format: { ascii_only: true },
  });
  return `${code}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of names()) writeFileSync(path.join(SCRIPTS, `${name}.min.js`), await minified(name));
}
