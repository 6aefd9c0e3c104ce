// A small WebDriver client (<https://www.w3.org/TR/webdriver2/>). Chromium and WebKit speak it over http, by their drivers;
// Firefox speaks it over a socket of its own, Marionette, without a driver.

import net from "node:net";
import { eventually } from "./live.mjs";

/** Each command over http, and its name in Marionette. */
const COMMANDS = {
  back: ["POST", "/back", "WebDriver:Back"],
  click: ["POST", "/element/{id}/click", "WebDriver:ElementClick"],
  close: ["DELETE", "/window", "WebDriver:CloseWindow"],
  execute: ["POST", "/execute/sync", "WebDriver:ExecuteScript"],
  find: ["POST", "/element", "WebDriver:FindElement"],
  handle: ["GET", "/window", "WebDriver:GetWindowHandle"],
  handles: ["GET", "/window/handles", "WebDriver:GetWindowHandles"],
  navigate: ["POST", "/url", "WebDriver:Navigate"],
  newWindow: ["POST", "/window/new", "WebDriver:NewWindow"],
  refresh: ["POST", "/refresh", "WebDriver:Refresh"],
  switchTo: ["POST", "/window", "WebDriver:SwitchToWindow"],
  type: ["POST", "/element/{id}/value", "WebDriver:ElementSendKeys"],
  size: ["POST", "/window/rect", "WebDriver:SetWindowRect"],
};

/** The key of an element's id in responses, by the standard. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts a session at a driver. Returns a function that sends a command, and one that ends the session. */
export async function overHttp(driver, capabilities) {
  const request = async (method, path, body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(driver + path, { method, headers, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await eventually(`the driver at ${driver}`, () => request("GET", "/status").then(() => true, () => false));
  const { sessionId } = await request("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const session = `/session/${sessionId}`;
  return {
    send: (command, parameters = {}) => {
      const [method, path] = COMMANDS[command];
      const { id, ...body } = parameters;
      return request(method, session + path.replace("{id}", id), method === "POST" ? body : undefined);
    },
    end: () => request("DELETE", session),
  };
}

/** Starts a session at a Firefox that listens at a port. A message is its length in bytes, a colon, and JSON. */
export async function overMarionette(port) {
  const socket = net.connect(port, "127.0.0.1");
  const pending = new Map();
  let received = Buffer.alloc(0);
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (let colon; (colon = received.indexOf(":")) > 0; ) {
      const end = colon + 1 + Number(received.subarray(0, colon));
      if (received.length < end) return;
      const message = JSON.parse(received.subarray(colon + 1, end));
      received = received.subarray(end);
      // The first message is a greeting.
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      const { resolve, reject } = pending.get(id);
      pending.delete(id);
      if (error) reject(new Error(`${error.error}: ${error.message}`));
      else resolve(result && Object.keys(result).length === 1 && "value" in result ? result.value : result);
    }
  });
  const failed = (error = new Error("Firefox has closed the connection")) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  socket.on("error", failed).on("close", () => failed());
  let count = 0;
  const raw = (name, parameters = {}) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      pending.set(id, { resolve, reject });
      const message = JSON.stringify([0, id, name, parameters]);
      socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  await raw("WebDriver:NewSession", {});
  return {
    send: (command, parameters) => raw(COMMANDS[command][2], parameters),
    /** Runs a function in the browser's own window, such as one that duplicates a tab. */
    inBrowser: async (script, ...args) => {
      await raw("Marionette:SetContext", { value: "chrome" });
      try {
        return await raw("WebDriver:ExecuteScript", { script: `return (${script}).apply(null, arguments)`, args });
      } finally {
        await raw("Marionette:SetContext", { value: "content" });
      }
    },
    end: async () => {
      socket.removeAllListeners("close");
      socket.destroy();
    },
  };
}

/** A tab. `goto`, `reload` and `back` return after the page has loaded. */
export class Tab {
  #session;
  #handle;

  constructor(session, handle) {
    this.#session = session;
    this.#handle = handle;
  }

  async send(command, parameters) {
    await this.#session.send("switchTo", { handle: this.#handle });
    return this.#session.send(command, parameters);
  }

  goto(url) {
    return this.send("navigate", { url });
  }

  back() {
    return this.send("back");
  }

  /** Runs a function in the page, and returns its value, which must be JSON. */
  run(script, ...args) {
    return this.send("execute", { script: `return (${script}).apply(null, arguments)`, args });
  }

  /** Waits until a function returns something truthy in the page, also while another page loads. */
  until(what, script, ...args) {
    return eventually(what, () => this.run(script, ...args).catch(() => false));
  }

  async click(selector) {
    // The pages scroll smoothly, and no driver waits for that. What scrolled away meanwhile is brought back.
    for (let tries = 3; ; tries--) {
      await this.run((found) => document.querySelector(found).scrollIntoView({ behavior: "instant", block: "center" }), selector);
      try {
        return await this.send("click", { id: await this.#find(selector) });
      } catch (error) {
        if (!/intercepted|out of bounds/.test(error.message) || tries === 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async type(selector, text) {
    await this.send("type", { id: await this.#find(selector), text });
  }

  /** Reloads the page as F5 does. WebDriver's own command does not restore forms in Firefox. */
  async reload() {
    await this.run(() => (self.isOld = true));
    if (this.#session.inBrowser) await this.inBrowser(() => document.getElementById("Browser:Reload").doCommand());
    else await this.send("refresh");
    await this.until("the reloaded page", () => !self.isOld && document.readyState === "complete");
  }

  /** Runs a function in the browser's own window, which shows this tab. */
  async inBrowser(script, ...args) {
    await this.send("handle");
    return this.#session.inBrowser(script, ...args);
  }

  close() {
    return this.send("close");
  }

  async #find(selector) {
    const found = await this.send("find", { using: "css selector", value: selector });
    return found[ELEMENT];
  }
}

/** The tab that a session is in. */
export async function currentTab(session) {
  return new Tab(session, await session.send("handle"));
}

/** Opens a tab beside one that is open. */
export async function newTab(session, beside) {
  const { handle } = await beside.send("newWindow", { type: "tab" });
  return new Tab(session, handle);
}

/** The tab that `open` adds to those beside one that is open. */
export async function tabOpenedBy(session, beside, open) {
  const before = await beside.send("handles");
  await open();
  const handle = await eventually("another tab", async () =>
    (await session.send("handles")).find((handle) => !before.includes(handle)),
  );
  return new Tab(session, handle);
}
