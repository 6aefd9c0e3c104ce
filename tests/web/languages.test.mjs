// A visitor who switches the language keeps the channel, and the lead tags and forms of a translation are those of its language, in
// every engine. Nobody is redirected.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { inEachEngine } from "./support/engines.mjs";
import { serve } from "./support/server.mjs";
import { build, galleryWithText } from "./support/site.mjs";

const SITE = `
title: Fern
base_url: https://fern.example/
languages: { de: { label: Deutsch, title: Farn } }
channels:
  acme: { label: Acme, source: acme, medium: referral }
  news: { label: Letter, source: letter, medium: email }
destinations: { crm: { endpoint: https://forms.fern.example/leads } }
leads: { deliver_to: crm, owner: ada@fern.example }
`;

const OFFER = `---
title: Offers
summary: Every offer.
channels: [acme, news]
ctas:
  save: { label: Save, coupon: { code: SPRING, url: "https://shop.example/?c={code}" } }
  call: { label: Call, contact: { form: [email] } }
---

# Offers

[](cta:save) [](cta:call)
`;

const GERMAN = `---
title: Angebote
slug: angebote
ctas: { save: { label: Sparen, coupon: { code: LENZ } } }
---

# Angebote

[](cta:save) [](cta:call)
`;

/** What a page sends: the lead tag and the address of the coupon's link, and the hidden fields of the form. */
const state = () => {
  const link = document.querySelector("a.cta-coupon");
  const fields = [...document.querySelectorAll("form [type=hidden]")].map(({ name, value }) => [name, value]);
  const { lead_tag, channel, language, version, page } = Object.fromEntries(fields);
  return [link.dataset.leadTag, link.search, lead_tag, channel, language, version, new URL(page).pathname, location.pathname].join(" ");
};

let site;

before(async () => {
  const root = galleryWithText();
  writeFileSync(path.join(root, "site.yaml"), SITE);
  writeFileSync(path.join(root, "content/offers.md"), OFFER);
  writeFileSync(path.join(root, "content/offers.de.md"), GERMAN);
  writeFileSync(path.join(root, "content/index.md"), "---\ntitle: Home\nsummary: Home.\n---\n# Home\n");
  site = await serve();
  site.folder = build({ root, baseUrl: site.url, locked: false });
});

after(() => site?.close());

inEachEngine((open) => {
  test("an arrival on a translation counts for its channel in the lead tags of the language", async () => {
    await open.tab.goto(new URL("/de/angebote/?utm_source=acme&utm_medium=referral", site.url).href);
    const query = "?c=LENZ&utm_source=acme&utm_medium=referral&utm_campaign=offers&utm_content=offers_save_acme_de";
    const expected = `offers_save_acme_de ${query} offers_call_acme_de acme de a /de/angebote/ /de/angebote/`;
    assert.equal(await open.tab.until("the page", state), expected);
  });

  test("a lead tag of a translation as `via` names its channel", async () => {
    await open.tab.goto(new URL("/offers/?via=offers_save_news_de", site.url).href);
    assert.match(await open.tab.until("the page", state), /^offers_save_news .* offers_call_news news en a \/offers\/ /);
  });

  test("a direct visitor gets the lead tags of the language", async () => {
    await open.tab.goto(new URL("/de/angebote/?via=direct", site.url).href);
    assert.match(await open.tab.until("the page", state), /^offers_save_direct_de .* offers_call_direct_de direct de a /);
  });

  test("the switcher of a channel page leads to the same channel in the other language", async () => {
    await open.tab.goto(new URL("/offers/via/acme/", site.url).href);
    const address = await open.tab.until("the page", () => document.querySelector(".languages a[lang=de]").pathname);
    assert.equal(address, "/de/angebote/via/acme/");
    await open.tab.goto(new URL(address, site.url).href);
    assert.match(await open.tab.until("the page", state), /^offers_save_acme_de .* offers_call_acme_de acme de a /);
  });
});
