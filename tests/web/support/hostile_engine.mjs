// Hostile texts stay texts in an engine, also without the policy that would stop them: in every key of the schemas, in the
// attributes of blocks, in notes, in file names and in the address of a visit.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { inEngine } from "./engines.mjs";
import { FLAG, hostileSite, SHAPES } from "./hostile_site.mjs";
import { serve } from "./server.mjs";
import { addressesOf, build, temporaryFolder } from "./site.mjs";

/** What a page has that runs, apart from its own scripts: handlers, script addresses, and the flag itself. */
const danger = (flag) => {
  const found = [...document.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes]
      .filter(({ name, value }) => /^on/i.test(name) || /^\s*javascript:/i.test(value) && /^(href|src|action|formaction|data|xlink:href)$/i.test(name))
      .map(({ name, value }) => `${element.localName} ${name}=${value}`),
  );
  if (flag in self) found.push(`${flag} is set`);
  return found;
};

/** Tests that hostile texts stay texts in an engine. */
export const hostileTexts = (engine) => inEngine(engine, (open) => {
  // Painting hundreds of pages takes longer than loading them.
  before(() => open.tab.send("size", { width: 400, height: 300 }));

  async function assertInert(url, what) {
    await open.tab.goto(url);
    // A script of the page may lead on to a channel page meanwhile.
    assert.deepEqual(await open.tab.until("the page", danger, FLAG), [], `${what} at ${url}`);
  }

  test("a shape that becomes code is found", async (t) => {
    const folder = temporaryFolder();
    const site = await serve(folder, { policy: false });
    t.after(site.close);
    const pages = {
      "the end of an attribute": (shape) => `<p title="${shape}">x</p>`,
      "another attribute": (shape) => `<input value="${shape}"> <p title='x'>`,
      "the end of an element": (shape) => `<textarea>${shape}</textarea>`,
      "the end of a comment": (shape) => `<!-- ${shape} -->`,
      "the end of a string": (shape) => `<script>"${shape}"</script>`,
      "a script address": (shape) => `<a href="${shape}">x</a>`,
    };
    for (const [what, page] of Object.entries(pages)) {
      writeFileSync(path.join(folder, "index.html"), `<!doctype html><title>x</title>${page(SHAPES[what])}`);
      await open.tab.goto(site.url);
      assert.notDeepEqual(await open.tab.until("the page", danger, FLAG), [], what);
    }
  });

  for (const [what, shape] of Object.entries(SHAPES)) {
    // Engines read a page in the same way, whatever theme wrote it.
    for (const isOwn of engine === "chromium" ? [false, true] : [false]) {
      test(`${what} stays text${isOwn ? " in a theme of the site's own, with raw HTML allowed" : ""}`, async (t) => {
        const folder = build({ root: hostileSite(shape, { isOwn }), locked: false });
        const site = await serve(folder, { policy: false });
        t.after(site.close);
        const pages = addressesOf(folder);
        assert.ok(pages.length >= 10, pages.join());
        for (const address of pages) await assertInert(new URL(address, site.url), what);
        if (isOwn) return;
        await visits(site.url, shape);
        await desk(t, path.join(folder, "../sales"), shape);
      });
    }
  }

  /** The address of a visit: parameters, their names, the fragment and the path. */
  async function visits(url, shape) {
    const text = encodeURIComponent(shape);
    const parameters = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "via"];
    const query = `?${parameters.map((name) => `${name}=${text}`).join("&")}&${text}=${text}`;
    for (const address of ["", "nowhere/", "offers/via/own/"]) {
      await assertInert(`${url}${address}${query}#${text}`, "a visit");
    }
    await assertInert(`${url}offers/thanks/call/#offers_call_${text}`, "a thank-you page");
    await assertInert(`${url}${encodeURIComponent(text)}`, "a path");
  }

  /** The lead desk: all cards, and a search for the text. */
  async function desk(t, folder, shape) {
    const sales = await serve(folder, { policy: false });
    t.after(sales.close);
    for (const address of ["", "#offers_call_own", `#${encodeURIComponent(shape)}`]) {
      await assertInert(`${sales.url}${address}`, "the lead desk");
    }
    await open.tab.goto(sales.url);
    await open.tab.run((text) => {
      const search = document.querySelector("input[type=search]");
      search.value = text;
      search.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, shape);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(await open.tab.until("the desk", danger, FLAG), [], "the search of the lead desk");
  }
});
