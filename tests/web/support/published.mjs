// A small site that is published: a page with a picture, both of which say the number of their release.

import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { CREDENTIALS } from "./stores.mjs";
import { tagline, temporaryFolder } from "./site.mjs";

/** The pages that say their release. */
export const PAGES = ["index.html", "about/index.html"];

export class PublishedSite {
  /** Of each publish. */
  environment = {};

  /** `publish` is the value of that key in site.yaml. */
  constructor(publish, baseUrl = "http://127.0.0.1:4000/") {
    this.root = path.join(temporaryFolder(), "site");
    this.publishTo(publish, baseUrl);
    this.write("content/prices.md", "---\ntitle: Prices\n---\nText.\n");
    this.release(0);
  }

  publishTo(publish, baseUrl) {
    const lines = ["title: Kazi", `base_url: ${baseUrl}`, `publish: ${publish}`, "markdown: { raw_html: true }"];
    this.write("site.yaml", `${lines.join("\n")}\n`);
  }

  write(name, text) {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(name) {
    rmSync(path.join(this.root, name));
  }

  /** Writes a release: its picture, whose address has a digest, and the pages that show it. */
  release(number) {
    const label = `<text x="0" y="10">Release ${number}.</text>`;
    this.write("content/mark.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20" viewBox="0 0 90 20">${label}</svg>\n`);
    for (const name of ["index", "about"]) {
      this.write(`content/${name}.md`, `---\ntitle: Kazi\n---\nRelease ${number}.\n\n![The number of the release](mark.svg)\n`);
    }
  }

  /** Starts `tagline publish`. `done` is a promise of its status and output. */
  start(options = [], environment = {}) {
    const lease = options.includes("--lease") ? [] : ["--lease", "1"];
    const all = ["publish", "--root", this.root, ...lease, ...options];
    const child = spawn(tagline(), all, { env: { ...process.env, ...CREDENTIALS, ...this.environment, ...environment } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    const done = new Promise((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
    return { child, done };
  }

  publish(options, environment) {
    return this.start(options, environment).done;
  }

  /** Publishes as soon as the lock of a killed publish has ended. */
  async publishAfterLock(options, environment) {
    for (let attempt = 0; ; attempt++) {
      const result = await this.publish(options, environment);
      if (!result.stderr.includes("its lock ends in") || attempt === 40) return result;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Fetches a page and what it shows as a visitor does. Returns its release. Throws if a file is missing or of another release. */
export async function visit(get, page = "index.html") {
  const html = await textOf(get, page);
  const files = [...html.matchAll(/(?:src|href)="?\/([^"\s>?#]+\.[a-z0-9]+)(?=["\s>?#])/g)].map((match) => match[1]);
  const texts = [];
  for (const file of files) {
    const text = await textOf(get, file);
    if (file.endsWith(".svg") && file.includes("mark.")) texts.push([file, text]);
  }
  return consistentRelease(page, html, texts);
}

/** Returns the release of a page. Throws if its pictures, pairs of address and text, are of another one. */
export function consistentRelease(page, text, pictures) {
  const release = /Release (\d+)\./.exec(text)?.[1];
  if (release === undefined || pictures.length === 0) throw new Error(`${page} has no release or no picture: ${text}`);
  for (const [address, picture] of pictures) {
    if (!picture?.includes(`Release ${release}.`)) throw new Error(`${page} is of release ${release}, and ${address} is not: ${picture}`);
  }
  return Number(release);
}

async function textOf(get, file) {
  const response = await get(file);
  if (!response) throw new Error(`${file} is missing`);
  return response;
}
