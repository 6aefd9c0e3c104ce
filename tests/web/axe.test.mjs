// axe finds no problem on any page: on a phone and on a wide screen, light and dark. Channel pages and short links, which differ from
// others in a few words, are checked on a phone in light.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { findings } from "./support/axe.mjs";
import { DESKTOP, launch, PHONE, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { AFTER_ALL, addressesOf, build, copyOfGallery, isShortLink } from "./support/site.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Stays on the page of a short link, without following its redirect. */
async function stayOn(page, address) {
  await page.route(
    (url) => url.pathname === address,
    async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/<meta http-equiv="?refresh[^>]*>/, "");
      await route.fulfill({ response, body });
    },
  );
}

const SITES = [
  ["in spring", {}],
  ["after all campaigns", { date: AFTER_ALL }],
  ["as a preview", { preview: true }],
  ["of the gallery", { root: copyOfGallery(), locked: false }],
];
const SCREENS = [
  ["phone", PHONE],
  ["wide screen", DESKTOP],
];

/** What was checked, by screen, colour scheme and the bytes of the page: most pages of two builds are the same. */
const checked = new Set();

for (const [when, options] of SITES) {
  for (const [screen, viewport] of SCREENS) {
    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds no problem on any page ${when}, ${screen}, ${colorScheme}`, async (t) => {
        const folder = build(options);
        const server = await serve(folder);
        t.after(server.close);
        // Short links look the same in every build.
        const everywhere = when === "in spring";
        const once = screen === "phone" && colorScheme === "light";
        const isChecked = (address) => (isShortLink(address) ? everywhere && once : once || !address.includes("/via/"));
        const addresses = addressesOf(folder).filter(isChecked);
        const page = await tab(browser, { viewport, colorScheme, reducedMotion: "reduce" });
        t.after(() => page.context().close());
        const problems = [];
        let pages = 0;
        for (const address of addresses) {
          const file = address.endsWith("/") ? `${address}index.html` : address;
          const key = `${screen} ${colorScheme} ${readFileSync(join(folder, file))}`;
          if (checked.has(key)) continue;
          checked.add(key);
          pages += 1;
          if (isShortLink(address)) await stayOn(page, address);
          problems.push(...(await findings(page, new URL(address, server.url).href)));
        }
        t.diagnostic(`${pages} of ${addresses.length} pages; the others equal one that was checked`);
        assert.ok(pages > 0);
        assert.deepEqual(problems, []);
      });
    }
  }
}
