// The three browser engines, in Debian's packages: Chromium, Firefox ESR and WebKitGTK.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe } from "node:test";
import { ARGUMENTS, chromiumPath, program } from "./browser.mjs";
import { eventually } from "./live.mjs";
import { freePort } from "./server.mjs";
import { temporaryFolder } from "./site.mjs";
import { currentTab, newTab, overHttp, overMarionette, tabOpenedBy } from "./webdriver.mjs";

/**
 * By engine, a function that starts it. The browser has `open` for another tab, `first` for the one that it shows, and where the driver can do
 * it, `duplicate` and `restore` for a tab.
 */
export const ENGINES = {
  chromium: startChromium,
  firefox: () => startFirefox(),
  webkit: startWebKit,
};

/**
 * Describes tests for each engine. They get an object with `tab`, the first tab of a browser that is open while they run, and the name
 * of the engine.
 */
export function inEachEngine(tests) {
  for (const engine of Object.keys(ENGINES)) inEngine(engine, tests);
}

/** Describes tests for one engine, as `inEachEngine`. */
export function inEngine(engine, tests) {
  describe(engine, () => {
    const open = {};
    before(async () => {
      open.browser = await ENGINES[engine]();
      open.tab = await open.browser.open();
    });
    after(() => open.browser?.close());
    tests(open, engine);
  });
}

/** Settings of Firefox: a port that is free, and no questions or downloads in the background. */
const PREFERENCES = {
  "marionette.port": 0,
  "app.update.disabledForTesting": true,
  "browser.aboutConfig.showWarning": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

async function startChromium() {
  const driver = program("chromedriver", "install Debian's package `chromium-driver`");
  const options = { binary: chromiumPath(), args: [...ARGUMENTS, `--user-data-dir=${temporaryFolder()}`] };
  return startDriver(driver, [], { "goog:chromeOptions": options });
}

async function startWebKit() {
  const driver = program("WebKitWebDriver", "install Debian's package `webkit2gtk-driver`");
  const binary = miniBrowser();
  if (!binary) throw new Error("there is no WebKit `MiniBrowser`: install Debian's package `webkit2gtk-driver`");
  const screen = await startScreen();
  try {
    const environment = { DISPLAY: screen.display, HOME: temporaryFolder(), XDG_RUNTIME_DIR: temporaryFolder() };
    const options = { binary, args: ["--automation"] };
    const browser = await startDriver(driver, [], { "webkitgtk:browserOptions": options }, environment);
    return { ...browser, display: screen.display, close: () => browser.close().finally(screen.close) };
  } catch (error) {
    await screen.close();
    throw error;
  }
}

/** The browser of the package: `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`. */
function miniBrowser() {
  const below = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []);
  const folders = below("/usr/lib").filter((folder) => folder.endsWith("-linux-gnu")).flatMap(below);
  const binaries = folders.filter((folder) => /\/webkit2gtk-[^/]*$/.test(folder)).map((folder) => path.join(folder, "MiniBrowser"));
  return binaries.find((binary) => existsSync(binary));
}

/** A screen without a monitor, because GTK has no headless mode. */
/** Starts a screen that nobody sees. Returns its `display` and `close`. */
export async function startScreen() {
  const xvfb = program("Xvfb", "install Debian's package `xvfb`");
  const server = spawn(xvfb, ["-displayfd", "3", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  let number = "";
  server.stdio[3].setEncoding("utf8").on("data", (text) => (number += text));
  await eventually("a screen", () => number.includes("\n"));
  return { display: `:${number.trim()}`, close: () => ended(server) };
}

async function startDriver(driver, args, capabilities, environment = {}) {
  const port = await freePort();
  const server = spawn(driver, [...args, `--port=${port}`], { stdio: "ignore", env: { ...process.env, ...environment } });
  try {
    const session = await overHttp(`http://127.0.0.1:${port}`, capabilities);
    const first = await currentTab(session);
    return { first, open: () => newTab(session, first), close: () => session.end().finally(() => ended(server)) };
  } catch (error) {
    await ended(server);
    throw error;
  }
}

/** Starts Firefox, on a screen if its `display` is given. */
export async function startFirefox(display) {
  const firefox = program("firefox-esr", "install Debian's package `firefox-esr`");
  const profile = temporaryFolder();
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(path.join(profile, "user.js"), lines.join(""));
  const args = [...(display ? [] : ["--headless"]), "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile];
  const environment = { HOME: temporaryFolder(), MOZ_CRASHREPORTER_DISABLE: "1", ...(display && { DISPLAY: display }) };
  const server = spawn(firefox, args, { stdio: "ignore", env: { ...process.env, ...environment } });
  const file = path.join(profile, "MarionetteActivePort");
  try {
    const port = await eventually("Firefox", () => existsSync(file) && Number(readFileSync(file, "utf8")));
    const session = await overMarionette(port);
    const first = await currentTab(session);
    const inBrowser = (tab, script) => tabOpenedBy(session, first, () => tab.inBrowser(script));
    return {
      open: () => newTab(session, first),
      duplicate: (tab) => inBrowser(tab, () => void gBrowser.duplicateTab(gBrowser.selectedTab)),
      /** Closes a tab and opens it again. */
      restore: async (tab) => {
        await tab.close();
        return inBrowser(first, () => void SessionStore.undoCloseTab(window, 0));
      },
      close: () => session.end().finally(() => ended(server)),
    };
  } catch (error) {
    await ended(server);
    throw error;
  }
}

async function ended(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once("exit", resolve));
  server.kill();
  const timer = setTimeout(() => server.kill("SIGKILL"), 5_000);
  await exit;
  clearTimeout(timer);
}
