// Debian's Chromium, headless, driven by playwright-core.

import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

export const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of a program, or an error with the way to install it. */
export function program(name, help) {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`there is no \`${name}\`: ${help}`);
}

export const chromiumPath = () => program("chromium", "install Debian's package `chromium`");

/**
 * Starts a browser. `options` are Playwright's; their `args` come after ours. Chromium sometimes ends before it opens a page, so
 * it is started a second time.
 */
export async function launch({ args = [], ...options } = {}) {
  const start = () => chromium.launch({ executablePath: chromiumPath(), args: [...ARGUMENTS, ...args], ...options });
  return start().catch(start);
}

/**
 * A tab that reaches only this machine. Requests to other hosts are blocked and recorded in `page.elsewhere`, and errors
 * in the console in `page.complaints`.
 */
export async function tab(browser, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  page.elsewhere = [];
  page.complaints = [];
  await context.route(
    // Chromium's PDF viewer loads its own pages with other protocols.
    (url) => /^(https?|wss?):$/.test(url.protocol) && url.hostname !== "127.0.0.1",
    (route) => {
      page.elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}
