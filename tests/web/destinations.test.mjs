// Forms are sent to each kind of destination as its documentation requires, with JavaScript and, if possible, without.
// If sending fails, the form shows an error and keeps its content.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DESKTOP, launch } from "./support/browser.mjs";
import { recorder } from "./support/recorder.mjs";
import { serve } from "./support/server.mjs";
import { published } from "./support/scripts.mjs";
import { build, copyOfExample, edit } from "./support/site.mjs";

const URLENCODED = /^application\/x-www-form-urlencoded(;charset=utf-8)?$/i;
const GUID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const CONSENT = "I agree that Kazi may contact me about this offer.";
const CONSENTS = `  consents:
    - { id: contact, text: "You may call me. See [privacy](/privacy.md).", version: 2027-01, required: true }
    - { id: news, text: Send me news. }
`;
const TYPED = { "Your name": "Zoë & Söhne", "E-mail": "zoe+1@example.com", Company: 'a=b & "c" <d>' };

/** The services for newsletters: what they receive of a visitor with the tag of Acme's channel page. */
const NEWSLETTERS = [
  {
    name: "Mailchimp",
    host: "kazi.us21.list-manage.com",
    path: "/subscribe/post?u=0a1b2c3d4e5f&id=aabbccddee",
    destination:
      '{ mailchimp: { form: "https://kazi.us21.list-manage.com/subscribe/post?u=0a1b2c3d4e5f&id=aabbccddee", ' +
      "fields: { lead_tag: LEADTAG, company: COMPANY } } }",
    received: { LEADTAG: "spring-hiring_guide_acme", EMAIL: TYPED["E-mail"], FNAME: TYPED["Your name"], "b_0a1b2c3d4e5f_aabbccddee": "" },
  },
  {
    name: "Brevo",
    host: "1a2b3c4d.sibforms.com",
    path: "/serve/MUIFAAh_x-9",
    destination:
      "{ brevo: { form: https://1a2b3c4d.sibforms.com/serve/MUIFAAh_x-9, fields: { lead_tag: LEAD_TAG, company: COMPANY } } }",
    received: { LEAD_TAG: "spring-hiring_guide_acme", EMAIL: TYPED["E-mail"], email_address_check: "", locale: "en", html_type: "simple" },
  },
  {
    name: "Mautic",
    host: "mautic.kazi.example",
    path: "/form/submit?formId=3",
    destination: "{ mautic: { url: https://mautic.kazi.example/, form: 3 } }",
    received: { "mauticform[lead_tag]": "spring-hiring_guide_acme", "mauticform[email]": TYPED["E-mail"], "mauticform[formId]": "3" },
  },
];

let browser;
let endpoint;
/** A stand-in for all hosts of HubSpot and Salesforce. */
let elsewhere;
/** The built sites by destination. */
const sites = {};

/** Responds like an endpoint: with a redirect to the page that the form names. */
const found = (location) => ({ status: 303, headers: { location } });
const leadOn = ({ method, body }) =>
  method === "HEAD" ? { status: 405 } : found(new URLSearchParams(body).get("redirect"));

/** The responses of HubSpot's two APIs and of Salesforce. */
function answers({ method, host, origin, body }) {
  const cors = { "access-control-allow-origin": origin ?? "*", "access-control-allow-headers": "content-type" };
  if (method === "OPTIONS") return { status: 200, headers: { ...cors, "access-control-allow-methods": "POST" } };
  if (method === "HEAD") return { status: 200 };
  const form = new URLSearchParams(body);
  if (host.startsWith("forms")) return { ...found(JSON.parse(form.get("hs_context")).redirectUrl), status: 302 };
  // Where these lead after a form is set at the service.
  if (NEWSLETTERS.some((newsletter) => newsletter.host === host)) return found(`${origin}/spring-hiring/thanks/guide/`);
  if (host.startsWith("webto")) return { ...found(form.get("retURL")), status: 302 };
  return { status: 200, headers: { ...cors, "content-type": "application/json" }, body: '{"inlineMessage":"Thanks"}' };
}

/** Replaces the consent of the example. Its translation goes too: a language has the consents of the site. */
function replaceConsents(file, consents) {
  const text = readFileSync(file, "utf8");
  edit(file, /  consent:\n.*\n.*\n/.exec(text)[0], consents);
  edit(file, /    leads:\n.*consent:.*\n/.exec(text)[0], "");
}

async function siteFor(destination, change = () => {}) {
  const server = await serve();
  const root = copyOfExample();
  const file = path.join(root, "site.yaml");
  edit(file, "destinations:\n", `destinations:\n  other: ${destination(server.url)}\n`);
  edit(path.join(root, "content/spring-hiring/index.md"), "    download:\n", "    deliver_to: other\n    download:\n");
  edit(file, "\n  acme:       { ", "\n  acme: { crm_source: Partner, ");
  change(file);
  server.folder = build({ root, baseUrl: server.url });
  return server;
}

before(async () => {
  endpoint = await recorder(leadOn);
  elsewhere = await recorder(answers, { tls: true });
  const hosts = ["api-eu1.hsforms.com", "forms-eu1.hubspot.com", "webto.salesforce.com", ...NEWSLETTERS.map(({ host }) => host)];
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1:${elsewhere.port}`);
  browser = await launch({ args: [`--host-resolver-rules=${rules.join(",")}`] });
  sites.endpoint = await siteFor(() => `{ endpoint: ${endpoint.url}leads }`);
  sites.own = await siteFor((url) => `{ endpoint: ${url}leads/ }`);
  sites.netlify = await siteFor(() => "{ netlify: true }");
  const hubspot = `portal: 12345678, form: ${GUID}, region: eu1`;
  sites.hubspot = await siteFor(() => `{ hubspot: { ${hubspot}, subscription: 999, fields: { campaign: offer_name } } }`);
  sites.plain = await siteFor(
    () => `{ hubspot: { ${hubspot} } }`,
    (file) => replaceConsents(file, ""),
  );
  sites.several = await siteFor(
    () => `{ hubspot: { ${hubspot}, subscription: { news: 999 }, fields: { topics: topics } } }`,
    (file) => {
      replaceConsents(file, CONSENTS);
      edit(file, "\nfields:\n", "\nfields:\n  topics: { label: Topics, type: choices, options: [Hiring, Payroll, Training] }\n");
      edit(path.join(path.dirname(file), "content/spring-hiring/index.md"), "form: [name,", "form: [topics, name,");
    },
  );
  for (const { name, destination } of NEWSLETTERS) sites[name] = await siteFor(() => destination);
  const fields = "fields: { lead_tag: 00N5g00000AbCdE, consent: 00N5g00000AbCdF }";
  sites.salesforce = await siteFor(() => `{ salesforce: { org: 00D5g000004AbCdEAK, lead_source: Website, ${fields} } }`);
});

after(() => Promise.all([browser, endpoint, elsewhere, ...Object.values(sites)].map((opened) => opened?.close())));

/** A tab on a page of a site. `page.sent()` returns what other hosts received from it since then. */
async function visit(t, site, address = "/spring-hiring/via/acme/", options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ignoreHTTPSErrors: true, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  await options.prepare?.(page);
  await page.goto(new URL(address, site.url).href);
  const lists = [endpoint.received, elsewhere.received, site.posted];
  const from = lists.map((list) => list.length);
  page.sent = () => lists.flatMap((list, index) => list.slice(from[index]));
  page.thanks = new URL("/spring-hiring/thanks/guide/", site.url).href;
  // The thank-you page may still replace its own URL, which only `goBack` takes for the way back.
  page.back = async () => {
    await page.goBack({ waitUntil: "commit" });
    await page.waitForURL(new URL(address, site.url).href);
  };
  page.button = page.getByRole("button", { name: "Download the hiring guide" });
  page.failure = page.getByRole("alert");
  return page;
}

async function fill(page, { consent = true } = {}) {
  for (const [label, value] of Object.entries(TYPED)) await page.getByLabel(label).fill(value);
  if (consent) await page.getByLabel(CONSENT).check();
}

async function kept(page) {
  const values = await Promise.all(Object.keys(TYPED).map((label) => page.getByLabel(label).inputValue()));
  assert.deepEqual(values, Object.values(TYPED));
}

/** Asserts that the message is visible and names an address, and that the button works and has the focus. */
async function fails(page) {
  await page.failure.waitFor();
  assert.match(await page.failure.innerText(), /could not be sent.*ada@kazi\.example/s);
  const mail = await page.failure.getByRole("link").getAttribute("href");
  assert.equal(mail, "mailto:ada@kazi.example?subject=Download%20the%20hiring%20guide");
  assert.equal(await page.button.isEnabled(), true);
  assert.equal(await page.locator("form[aria-busy]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.type), "submit");
  await kept(page);
  assert.deepEqual(page.errors, []);
}

/** The names and values of the only form that was received. */
function only(page) {
  const sent = page.sent();
  assert.equal(sent.length, 1, JSON.stringify(sent));
  return sent[0];
}

const pairs = ({ body }) => [...new URLSearchParams(body)];

/** The values of our own fields on the channel page of Acme. */
const ours = (site) => [
  ["lead_tag", "spring-hiring_guide_acme"],
  ["lead_summary", "Download the hiring guide, Spring hiring, via Partner: Acme"],
  ["campaign", "spring-hiring"],
  ["cta", "guide"],
  ["channel", "acme"],
  ["offer", "hiring-guide.pdf"],
  ["page", new URL("/spring-hiring/", site.url).href],
  ["utm_source", "acme"],
  ["utm_medium", "referral"],
  ["utm_campaign", "spring-hiring"],
  ...["utm_content", "utm_term", "click_id", "click_id_type", "first_channel", "first_campaign", "first_page"].map(
    (name) => [name, ""],
  ),
  ["referrer", ""],
  ["consent_version", "2027-01"],
  ["redirect", new URL("/spring-hiring/thanks/guide/", site.url).href],
  ["language", "en"],
  ["version", "a"],
];

const typed = [
  ["name", TYPED["Your name"]],
  ["email", TYPED["E-mail"]],
  ["company", TYPED.Company],
  ["consent", "yes"],
  ["leave_empty", ""],
];

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`an endpoint receives the documented form ${how}`, async (t) => {
    const page = await visit(t, sites.endpoint, undefined, { javaScriptEnabled });
    const before = endpoint.probes.length;
    await fill(page);
    await page.button.click();
    await page.waitForURL(page.thanks);
    const form = only(page);
    assert.deepEqual([form.method, form.path], ["POST", "/leads"]);
    assert.match(form.type, URLENCODED);
    assert.deepEqual(pairs(form), [...ours(sites.endpoint), ...typed]);
    const heads = javaScriptEnabled ? ["HEAD"] : [];
    assert.deepEqual(endpoint.probes.slice(before).map(({ method }) => method), heads);
  });

  test(`an endpoint on the site's own host receives the documented form ${how}`, async (t) => {
    const page = await visit(t, sites.own, undefined, { javaScriptEnabled });
    // Like an endpoint on the own host, the page of the form responds.
    await page.context().route("**/leads/", async (route) => {
      sites.own.posted.push({ path: "/leads/", type: await route.request().headerValue("content-type"), body: route.request().postData() });
      await route.fulfill({ status: 303, headers: { location: page.thanks } });
    });
    await fill(page);
    await page.button.click();
    await page.waitForURL(page.thanks);
    assert.match(only(page).type, URLENCODED);
    assert.deepEqual(pairs(only(page)), [...ours(sites.own), ...typed]);
  });

  test(`Netlify receives the form's name and every field ${how}`, async (t) => {
    const page = await visit(t, sites.netlify, undefined, { javaScriptEnabled });
    await fill(page);
    await page.button.click();
    await page.waitForURL(page.thanks);
    const form = only(page);
    assert.equal(form.path, "/spring-hiring/thanks/guide/");
    assert.match(form.type, URLENCODED);
    assert.deepEqual(pairs(form), [...ours(sites.netlify), ["form-name", "spring-hiring_guide"], ...typed]);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Thank you");
  });

  test(`Salesforce receives only its own fields ${how}`, async (t) => {
    const page = await visit(t, sites.salesforce, undefined, { javaScriptEnabled });
    await fill(page);
    await page.button.click();
    await page.waitForURL(page.thanks);
    const form = only(page);
    assert.deepEqual([form.host, form.path], ["webto.salesforce.com", "/servlet/servlet.WebToLead?encoding=UTF-8"]);
    assert.match(form.type, URLENCODED);
    assert.deepEqual(pairs(form), [
      ["00N5g00000AbCdE", "spring-hiring_guide_acme"],
      ["retURL", page.thanks],
      ["lead_source", "Partner"],
      ["oid", "00D5g000004AbCdEAK"],
      ["last_name", TYPED["Your name"]],
      ["email", TYPED["E-mail"]],
      ["company", TYPED.Company],
      ["00N5g00000AbCdF", "yes"],
    ]);
  });
}

test("HubSpot receives properties, context and consent as JSON", async (t) => {
  const page = await visit(t, sites.hubspot, "/spring-hiring/via/acme/?gclid=AbC");
  await page.context().addCookies([{ name: "hubspotutk", value: "6f453d92607b8108998dc213178ad214", url: sites.hubspot.url }]);
  const before = elsewhere.probes.length;
  const [pageUri, pageName] = [page.url(), await page.title()];
  await fill(page);
  await page.button.click();
  await page.waitForURL(page.thanks);
  const form = only(page);
  assert.deepEqual([form.method, form.host, form.type], ["POST", "api-eu1.hsforms.com", "application/json"]);
  assert.equal(form.path, `/submissions/v3/integration/submit/12345678/${GUID}`);
  assert.deepEqual(elsewhere.probes.slice(before).map(({ method }) => method), ["OPTIONS"]);
  const values = {
    lead_tag: "spring-hiring_guide_acme",
    lead_summary: "Download the hiring guide, Spring hiring, via Partner: Acme",
    offer_name: "spring-hiring",
    firstname: TYPED["Your name"],
    email: TYPED["E-mail"],
    company: TYPED.Company,
  };
  const communications = [{ value: true, subscriptionTypeId: 999, text: CONSENT }];
  assert.deepEqual(JSON.parse(form.body), {
    fields: Object.entries(values).map(([name, value]) => ({ objectTypeId: "0-1", name, value })),
    context: { hutk: "6f453d92607b8108998dc213178ad214", pageUri, pageName },
    legalConsentOptions: { consent: { consentToProcess: true, text: CONSENT, communications } },
  });
});

test("HubSpot receives several answers as one, and each consent for what it is", async (t) => {
  const page = await visit(t, sites.several);
  await fill(page, { consent: false });
  for (const name of ["Hiring", "Training", "You may call me", "Send me news"]) await page.getByRole("checkbox", { name }).check();
  await page.button.click();
  await page.waitForURL(page.thanks);
  const { fields, legalConsentOptions } = JSON.parse(only(page).body);
  assert.deepEqual(fields.filter(({ name }) => name === "topics"), [{ objectTypeId: "0-1", name: "topics", value: "Hiring;Training" }]);
  const communications = [{ value: true, subscriptionTypeId: 999, text: "Send me news." }];
  assert.deepEqual(legalConsentOptions.consent, { consentToProcess: true, text: "You may call me. See privacy.", communications });
});

for (const { name, host, path: target, received } of NEWSLETTERS) {
  for (const javaScriptEnabled of [true, false]) {
    test(`${name} receives a form ${javaScriptEnabled ? "with" : "without"} JavaScript, and leads to the thank-you page`, async (t) => {
      const page = await visit(t, sites[name], undefined, { javaScriptEnabled });
      await fill(page);
      await page.button.click();
      await page.waitForURL((url) => url.href.startsWith(page.thanks));
      const posted = page.sent().filter(({ method }) => method === "POST");
      assert.deepEqual(posted.map((form) => [form.host, form.path]), [[host, target]]);
      const form = Object.fromEntries(pairs(posted[0]));
      assert.deepEqual(Object.fromEntries(Object.keys(received).map((field) => [field, form[field]])), received);
      assert.equal("redirect" in form, false);
    });
  }
}

test("HubSpot receives no consent if the site asks for none, and no cookie if there is none", async (t) => {
  const page = await visit(t, sites.plain);
  await fill(page, { consent: false });
  await page.getByLabel("Company").fill("");
  await page.button.click();
  await page.waitForURL(page.thanks);
  const { fields, context, ...rest } = JSON.parse(only(page).body);
  assert.deepEqual(rest, {});
  assert.deepEqual(Object.keys(context), ["pageUri", "pageName"]);
  assert.deepEqual(fields.map(({ name }) => name), ["lead_tag", "lead_summary", "firstname", "email"]);
});

test("HubSpot's URL for plain forms receives them without JavaScript", async (t) => {
  const page = await visit(t, sites.hubspot, undefined, { javaScriptEnabled: false });
  await fill(page);
  await page.button.click();
  await page.waitForURL(page.thanks);
  const form = only(page);
  assert.deepEqual([form.host, form.path], ["forms-eu1.hubspot.com", `/uploads/form/v2/12345678/${GUID}`]);
  const context = { pageUrl: new URL("/spring-hiring/", sites.hubspot.url).href, redirectUrl: page.thanks };
  assert.deepEqual(pairs(form), [
    ["lead_tag", "spring-hiring_guide_acme"],
    ["lead_summary", "Download the hiring guide, Spring hiring, via Partner: Acme"],
    ["offer_name", "spring-hiring"],
    ["hs_context", JSON.stringify(context)],
    ["firstname", TYPED["Your name"]],
    ["email", TYPED["E-mail"]],
    ["company", TYPED.Company],
  ]);
});

const KINDS = ["endpoint", "netlify", "hubspot", "salesforce"];

for (const kind of KINDS) {
  test(`a double click and a double Enter send once: ${kind}`, async (t) => {
    for (const twice of [
      (page) => page.button.dblclick(),
      async (page) => {
        await page.getByLabel("E-mail").focus();
        await page.keyboard.press("Enter");
        await page.keyboard.press("Enter");
      },
    ]) {
      const page = await visit(t, sites[kind]);
      await fill(page);
      await twice(page).catch(() => {});
      await page.waitForURL(page.thanks);
      await page.waitForTimeout(200);
      only(page);
    }
  });

  test(`offline the form shows an error and keeps its content, and online it is sent: ${kind}`, async (t) => {
    const page = await visit(t, sites[kind]);
    await fill(page);
    await page.context().setOffline(true);
    await page.button.click();
    await fails(page);
    await page.button.click();
    await fails(page);
    assert.deepEqual(page.sent(), []);
    await page.context().setOffline(false);
    await page.button.click();
    await page.waitForURL(page.thanks);
    only(page);
  });

  test(`a filled honeypot field prevents sending, with a message: ${kind}`, async (t) => {
    const page = await visit(t, sites[kind]);
    await fill(page);
    await page.locator("#guide_leave_empty").evaluate((field) => (field.value = "https://spam.example/"));
    await page.button.click();
    await fails(page);
    assert.deepEqual(page.sent(), []);
  });

  test(`a form on a page from the back/forward cache can be sent again: ${kind}`, async (t) => {
    const page = await visit(t, sites[kind]);
    await fill(page);
    await page.locator("form[data-send]").evaluate((form) => form.setAttribute("aria-busy", "true"));
    await page.button.click();
    assert.deepEqual(page.sent(), []);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await page.button.click();
    await page.waitForURL(page.thanks);
    only(page);
    await page.back();
    await fill(page);
    await page.button.click();
    await page.waitForURL(page.thanks);
    assert.equal(page.sent().length, 2);
  });
}

test("a response of 500 or 400 shows an error, and the next try can succeed", async (t) => {
  for (const [kind, refuse, accept] of [
    ["netlify", () => (sites.netlify.refuses = 500), () => (sites.netlify.refuses = 0)],
    [
      "hubspot",
      () => (elsewhere.answer = (request) => ({ ...answers(request), ...(request.method === "POST" && { status: 400 }) })),
      () => (elsewhere.answer = answers),
    ],
  ]) {
    const page = await visit(t, sites[kind]);
    await fill(page);
    refuse();
    await page.button.click();
    await fails(page).finally(accept);
    await page.button.click();
    await page.waitForURL(page.thanks);
    assert.equal(page.sent().length, 2);
  }
});

test("an endpoint that refuses connections causes an error", async (t) => {
  const gone = await recorder(leadOn);
  const site = await siteFor(() => `{ endpoint: ${gone.url}leads }`);
  t.after(site.close);
  await gone.close();
  const page = await visit(t, site);
  await fill(page);
  await page.button.click();
  await fails(page);
  assert.equal(page.url(), new URL("/spring-hiring/via/acme/", site.url).href);
});

test("a host that never responds causes an error after 15 seconds", async (t) => {
  for (const [kind, server, normal] of [["endpoint", endpoint, leadOn], ["hubspot", elsewhere, answers]]) {
    const page = await visit(t, sites[kind], undefined, { prepare: (page) => page.clock.install() });
    await fill(page);
    server.answer = () => null;
    t.after(() => (server.answer = normal));
    await page.button.click();
    await page.locator("form[aria-busy]").waitFor();
    await page.clock.runFor(14_000);
    assert.equal(await page.failure.count(), 0, "it is too early to give up");
    await page.clock.runFor(2_000);
    await fails(page);
    server.answer = normal;
  }
});

test("without consent or with an empty field nothing is sent", async (t) => {
  const page = await visit(t, sites.hubspot);
  await fill(page, { consent: false });
  await page.button.click();
  await page.getByLabel(CONSENT).check();
  await page.getByLabel("E-mail").fill("");
  await page.button.click();
  await page.waitForTimeout(200);
  assert.deepEqual(page.sent(), []);
  assert.equal(await page.locator("form[aria-busy]").count(), 0);
});

test("a form that is added later is sent, and a search form is unchanged", async (t) => {
  const page = await visit(t, sites.endpoint);
  const before = endpoint.probes.length;
  await page.evaluate(() => {
    const search = document.createElement("form");
    search.innerHTML = '<input name="q" aria-label="Search"><button>Search</button>';
    document.body.prepend(search);
    const later = document.querySelector("form[data-send]").cloneNode(true);
    later.querySelector("button").textContent = "Send it later";
    document.body.append(later);
  });
  await page.getByLabel("Search").fill("guide");
  const later = page.locator("form[data-send]").last();
  for (const [name, value] of [["name", "Asha"], ["email", "asha@example.com"]]) {
    await later.locator(`[name=${name}]`).fill(value);
  }
  await later.locator("[name=consent]").check();
  await later.getByRole("button").click();
  await page.waitForURL(page.thanks);
  assert.equal(new URLSearchParams(only(page).body).get("name"), "Asha");
  await page.back();
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("afterbegin", '<form><input name="q" aria-label="Search"><button>Search</button></form>');
  });
  await page.getByLabel("Search").fill("guide");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/\?q=guide$/);
  assert.equal(page.sent().length, 1);
  assert.equal(endpoint.probes.length, before + 1);
});

test("values that are set while the form is collected are sent to every kind", async (t) => {
  for (const kind of KINDS) {
    const page = await visit(t, sites[kind]);
    await page.evaluate(() => {
      addEventListener("formdata", ({ target, formData }) => {
        const tag = target.querySelector("[data-field=lead_tag]") ?? target.elements.lead_tag;
        tag.value = "spring-hiring_guide_newsletter";
        formData.set(tag.name, tag.value);
        const redirect = target.querySelector("[data-field=redirect]") ?? target.elements.redirect;
        if (!redirect.value.includes("#")) redirect.value += "#sent";
        if (redirect.name) formData.set(redirect.name, redirect.value);
      });
    });
    await fill(page);
    await page.button.click();
    await page.waitForURL(kind === "endpoint" || kind === "salesforce" ? /thanks/ : `${page.thanks}#sent`);
    assert.match(only(page).body, /spring-hiring_guide_newsletter/);
    assert.doesNotMatch(only(page).body, /spring-hiring_guide_acme/);
  }
});

test("the honeypot field cannot be seen, focused or heard", async (t) => {
  const page = await visit(t, sites.endpoint);
  const field = page.locator("#guide_leave_empty");
  const { width, height } = await page.locator(".leave-empty").boundingBox();
  assert.ok(width <= 1 && height <= 1, `${width} × ${height}`);
  assert.equal(await page.getByRole("textbox", { name: "Leave this field empty" }).count(), 0);
  await page.getByLabel("Company").focus();
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press("Tab");
    assert.equal(await field.evaluate((element) => element === document.activeElement), false);
  }
});

test("axe finds no problem with a form that could not be sent", async (t) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const colorScheme of ["light", "dark"]) {
    const page = await visit(t, sites.netlify, undefined, { colorScheme, reducedMotion: "reduce" });
    await fill(page);
    await page.context().setOffline(true);
    await page.button.click();
    await fails(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
  }
});

test("the script is small", (t) => {
  const size = gzipSync(published("send"), { level: 9 }).length;
  t.diagnostic(`${size} bytes, compressed`);
  assert.ok(size <= 1500, String(size));
});
