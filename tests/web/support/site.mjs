// Runs `tagline` on the example site or on a changed copy of it.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** A date on which the example shows everything: a coupon, a form, a scheduler and an ended campaign. */
export const SPRING = "2027-03-15";

/** A date after the end of every campaign of the example that has an end. */
export const AFTER_ALL = "2027-07-15";

const FOLDERS = [];
process.on("exit", () => {
  for (const folder of FOLDERS) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "tagline-web-"));
  FOLDERS.push(folder);
  return folder;
}

/** The program under test. */
export function tagline() {
  const binary = path.resolve(REPOSITORY, process.env.TAGLINE_BIN ?? "target/release/tagline");
  if (!existsSync(binary)) {
    throw new Error(`there is no ${binary}: run \`cargo build --release\`, or name the program in TAGLINE_BIN`);
  }
  return binary;
}

/**
 * Builds a site and returns the folder of its pages. The tag register does not change: the one of the example is
 * complete, and a changed copy (`locked: false`) has its own.
 */
export function build({ root = REPOSITORY, date = SPRING, preview = false, baseUrl, locked = !preview } = {}) {
  const folder = temporaryFolder();
  const output = path.join(folder, "public");
  const options = ["--root", root, "--date", date, "--output", output, "--sales", path.join(folder, "sales")];
  if (preview) options.push("--preview");
  if (locked) options.push("--locked");
  if (baseUrl) options.push("--base-url", baseUrl);
  const { status, error, stderr } = spawnSync(tagline(), ["build", ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tagline build ${options.join(" ")}\n${error ?? stderr}`);
  return output;
}

/** Creates QR codes of a site's short links. Returns their `folder` and the `links` that `tagline links` prints. */
export function qrCodes({ root = REPOSITORY, options = [] } = {}) {
  const folder = path.join(temporaryFolder(), "qr");
  const all = ["--root", root, "--date", SPRING, "--format", "json", "--qr", folder, ...options];
  const { status, error, stdout, stderr } = spawnSync(tagline(), ["links", ...all], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tagline links ${all.join(" ")}\n${error ?? stderr}`);
  return { folder, links: JSON.parse(stdout).links };
}

/** Copies the example site to a temporary folder, with the pictures that a build has resized, and returns its path. */
export function copyOfExample() {
  const root = path.join(temporaryFolder(), "site");
  // The rest of the cache may be written while it is copied: other test files build the example.
  const pictures = path.join(REPOSITORY, ".tagline/images");
  if (existsSync(pictures)) cpSync(pictures, path.join(root, ".tagline/images"), { recursive: true });
  for (const name of ["site.yaml", "content", "static", "themes", "lead-tags.csv", "lead-tags.sum"]) {
    cpSync(path.join(REPOSITORY, name), path.join(root, name), { recursive: true });
  }
  return root;
}

/** Copies the gallery, which has every block and call to action of the theme, and returns its path. */
export function copyOfGallery() {
  const root = path.join(temporaryFolder(), "gallery");
  cpSync(path.join(REPOSITORY, "tests/sites/gallery"), root, { recursive: true });
  return root;
}

/** Copies the gallery with `text.md` as its only page, for sites that bring their own, and returns its path. */
export function galleryWithText() {
  const root = copyOfGallery();
  const content = path.join(root, "content");
  for (const name of filesOf(content, ".md")) if (name !== "text.md") rmSync(path.join(content, name));
  return root;
}

/** Replaces `from`, which must occur once in the file. */
export function edit(file, from, to) {
  const text = readFileSync(file, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${file} should have \`${from}\` once`);
  writeFileSync(file, text.replace(from, () => to));
}

/** The files below a folder whose names end in `extension`, as paths within it, sorted. */
export function filesOf(folder, extension = "") {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** The paths of all pages of a built site: `/spring-hiring/`, `/404.html`. */
export function addressesOf(folder) {
  return filesOf(folder, ".html").map((file) => `/${file.replace(/(^|\/)index\.html$/, "$1")}`);
}

export const isShortLink = (address) => address.startsWith("/go/");
