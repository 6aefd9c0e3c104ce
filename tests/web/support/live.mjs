// `tagline serve` on a copy of the example site, which a test can edit meanwhile.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { copyOfExample, edit, SPRING, tagline } from "./site.mjs";

const PATIENCE = 60_000;

/** Waits until `found()` is truthy, and returns its value. */
export async function eventually(what, found) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const value = await found();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`timed out: ${what}`);
}

/**
 * Starts the server. `change(root)` may edit the copy before. Returns the `url` with a slash at the end, the `root` of
 * the copy, the output so far as `out()` and `err()`, `edit` and `write` for files below the root, and `close`.
 */
export async function live({ change = () => {}, options = [] } = {}) {
  const root = copyOfExample();
  change(root);
  const all = ["serve", "--root", root, "--date", SPRING, "--port", "0", ...options];
  const server = spawn(tagline(), all, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  server.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  server.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const close = async () => {
    server.kill("SIGINT");
    await ended;
  };
  const url = await eventually("the server's address", () => {
    if (server.exitCode !== null) throw new Error(`tagline ${all.join(" ")}\n${err}`);
    return /^serving (http:\S+?);? /m.exec(out)?.[1];
  });
  return {
    url,
    root,
    out: () => out,
    err: () => err,
    edit: (file, from, to) => edit(path.join(root, file), from, to),
    write: (file, text) => writeFileSync(path.join(root, file), text),
    close,
  };
}
