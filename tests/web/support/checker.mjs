// Runs the W3C's checker.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./browser.mjs";

const VNU = fileURLToPath(new URL("../node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

/** The messages of the checker about files of a folder. */
export function checked(folder, files, ...options) {
  const java = program("java", "install a Java of 17 or newer");
  assert.ok(existsSync(VNU), "there is no vnu-jar: run `npm ci --prefix tests/web`");
  const command = ["-jar", VNU, "--format", "json", "--stdout", "--exit-zero-always", ...options, ...files];
  const said = execFileSync(java, command, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(said).messages;
}

export function assertClean(folder, files, ...options) {
  assert.ok(files.length > 0, "there should be something to check");
  const messages = checked(folder, files, ...options).map(
    ({ type, subType, url, lastLine, lastColumn, message }) =>
      `${path.relative(folder, fileURLToPath(url))}:${lastLine}:${lastColumn}: ${subType ?? type}: ${message}`,
  );
  assert.deepEqual(messages, []);
}
