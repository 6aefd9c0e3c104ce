// The lead desk as sales uses it: from a file and from a server, with and without JavaScript, by keyboard, on a phone and
// on paper.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DESKTOP, launch, PHONE, program, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { build, copyOfExample, edit, filesOf, REPOSITORY } from "./support/site.mjs";

const CARD = "spring-hiring_guide_acme";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VNU = fileURLToPath(new URL("node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

/** Builds a site and returns the folder of its lead desk. */
const buildDesk = (options) => path.join(build(options), "../sales");

let browser;
let desk;

before(async () => {
  desk = await serve(buildDesk());
  browser = await launch();
});

after(() => Promise.all([browser, desk].map((opened) => opened?.close())));

const byServer = (address = "") => new URL(address, desk.url).href;
const byFile = (address = "") => `${pathToFileURL(path.join(desk.folder, "index.html"))}${address}`;

async function open(t, url = byServer(), options = {}) {
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  await page.goto(url);
  return page;
}

async function search(page, text) {
  await page.getByRole("searchbox", { name: "Who is this lead?" }).fill(text);
  return {
    say: await page.locator(".results .answer").innerText(),
    leads: await page.locator(".results .lead-tag").allInnerTexts(),
    names: await page.locator(".results .name").allInnerTexts(),
    hrefs: await page.locator(".results a").evaluateAll((all) => all.map((link) => link.getAttribute("href"))),
  };
}

/** The paragraphs of lead tags. */
const LEAD = ".cards p[id]";
/** The part of an open card that says how to follow up. */
const FOLLOW = ".cards .follow";

/** What only one lead tag has: the element after its paragraph. */
const extraOf = (page, tag) => page.locator(`[id="${tag}"] + .x`);

/** All visible elements that match a selector. */
const visible = (page, selector) => page.locator(selector).filter({ visible: true });

// Cards

for (const [from, at] of [["a file", byFile], ["a server", byServer]]) {
  for (const javaScriptEnabled of [true, false]) {
    const how = `${from} ${javaScriptEnabled ? "with" : "without"} JavaScript`;

    test(`the URL of a lead tag opens only its card, from ${how}`, async (t) => {
      const page = await open(t, at(`#${CARD}`), { javaScriptEnabled });
      assert.deepEqual(await visible(page, LEAD).evaluateAll((all) => all.map(({ id }) => id)), [CARD]);
      assert.equal(await visible(page, ".cards h2").count(), 1);
      assert.equal(await visible(page, ".cards > ul > li > h3").count(), 1);
      assert.equal(await visible(page, ".overview, .library").count(), 0);
      const shown = await page.locator("main").innerText();
      for (const part of [
        CARD,
        "Partner: Acme",
        "Acme customers save 20% on hiring",
        "ada@kazi.example",
        "within 1 hour",
        "First message",
        "{first name}",
        "What they saw",
        "Download the hiring guide",
        "Six pages, PDF. We email you once to ask if it helped.",
        "hiring-guide.pdf",
        "name, email, company",
        "Send",
        "What each plan costs with the spring discount",
        "not on the web",
        "It’s too expensive",
      ]) {
        assert.ok(shown.includes(part), `the card should say ${part}`);
      }
      assert.equal(await visible(page, FOLLOW).count(), 1);
      const seen = extraOf(page, CARD).locator(".seen a");
      assert.equal(await seen.getAttribute("href"), "https://kazi.example/spring-hiring/via/acme/");
      assert.deepEqual(page.elsewhere, []);
      assert.deepEqual(page.complaints, []);
    });

    test(`the back link leads to the overview, and from there to each lead card, from ${how}`, async (t) => {
      const page = await open(t, at(`#${CARD}`), { javaScriptEnabled });
      await page.getByRole("link", { name: "Back to all" }).click();
      assert.equal(await visible(page, ".overview").count(), 1);
      assert.equal(await visible(page, `${LEAD}, .first, ${FOLLOW}`).count(), 0);
      await page.locator(".overview").getByRole("link", { name: "Hire your next team in days" }).click();
      await page.getByRole("link", { name: "spring-hiring_save_linkedin" }).click();
      assert.match(await page.locator("main").innerText(), /LINK20/);
      assert.equal(await visible(page, LEAD).count(), 1);
    });
  }
}

test("without JavaScript the controls that need it are hidden", async (t) => {
  const page = await open(t, byFile(`#${CARD}`), { javaScriptEnabled: false });
  assert.equal(await visible(page, "button, input").count(), 0);
});

test("the URL of a campaign shows its lead tags, notes and materials", async (t) => {
  const page = await open(t, byFile(), { javaScriptEnabled: false });
  await page.locator(".overview").getByRole("link", { name: "Hire your next team in days" }).click();
  assert.equal(await visible(page, ".cards h2").count(), 1);
  const shown = await page.locator("main").innerText();
  for (const part of ["spring-hiring_trial_direct", "Walk-away line", "price-sheet.csv"]) {
    assert.ok(shown.includes(part) || (await page.locator(`a[href$="${part}"]`).first().isVisible()), part);
  }
});

test("notes and materials that lead tags share appear once", () => {
  const html = readFileSync(path.join(desk.folder, "index.html"), "utf8");
  assert.equal(html.split("Walk-away line").length, 2);
});

test("only lead cards have ids of three parts", async (t) => {
  const page = await open(t);
  const ids = await page.locator("[id]").evaluateAll((all, lead) => all.map((one) => [one.id, one.matches(lead)]), LEAD);
  const three = ids.filter(([id]) => id.split("_").length === 3);
  assert.ok(three.length > 50);
  assert.deepEqual(three.filter(([, isLead]) => !isLead), []);
  assert.equal(new Set(ids.map(([id]) => id)).size, ids.length);
});

test("a lead tag in capitals and with spaces opens its card", async (t) => {
  const page = await open(t, byServer("#%20Spring-Hiring_GUIDE_acme"));
  await page.waitForURL(byServer(`#${CARD}`));
  assert.equal(await visible(page, FOLLOW).count(), 1);
});

test("an unknown lead tag in the URL becomes a search with suggestions", async (t) => {
  const page = await open(t, byServer("#spring-hirin_guide_acme"));
  assert.equal(await page.getByRole("searchbox", { name: "Who is this lead?" }).inputValue(), "spring-hirin_guide_acme");
  assert.match(await page.locator(".results .answer").innerText(), /no lead tag spring-hirin_guide_acme.*No campaign/);
  assert.equal(await page.locator(".results .lead-tag").first().innerText(), CARD);
});

test("a lead tag of a renamed campaign names its replacement", async (t) => {
  const root = copyOfExample();
  const file = path.join(root, "content/spring-hiring/index.md");
  edit(file, "campaign: spring-hiring\n", "campaign: spring-2027\nwas: [spring-hiring]\n");
  const folder = buildDesk({ root, locked: false });
  const page = await open(t, `${pathToFileURL(path.join(folder, "index.html"))}#${CARD}`);
  const extra = extraOf(page, CARD);
  assert.match(await extra.locator(".closed").innerText(), /Closed on/);
  await extra.getByRole("link", { name: "spring-2027_guide_acme" }).click();
  await visible(page, '[id="spring-2027_guide_acme"]').waitFor();
  assert.equal(await visible(page, LEAD).count(), 1);
});

test("the card keeps the earlier code after a change in mid-campaign", async (t) => {
  const root = copyOfExample();
  const file = path.join(root, "content/spring-hiring/index.md");
  edit(file, "codes: { acme: ACME20,", "codes: { acme: ACME25,");
  const folder = buildDesk({ root, locked: false });
  const page = await open(t, `${pathToFileURL(path.join(folder, "index.html"))}#spring-hiring_save_acme`);
  const extra = extraOf(page, "spring-hiring_save_acme");
  assert.match(await extra.locator(".did").innerText(), /ACME25/);
  assert.match(await extra.innerText(), /Until 15 March 2027: ACME20/);
  assert.deepEqual((await search(page, "acme20")).leads, ["spring-hiring_save_acme"]);
});

// Search

/** The code of a campaign and a channel in the tag register. */
function codeOf(tag) {
  const rows = readFileSync(path.join(REPOSITORY, "lead-tags.csv"), "utf8").split("\n").map((line) => line.split(","));
  return rows.find(([first]) => first === tag)[8];
}

const CODE = codeOf(CARD);
const ON_ACME = ["spring-hiring_save_acme", CARD, "spring-hiring_trial_acme"].sort();

const QUERIES = [
  ["a lead tag", CARD, [CARD]],
  ["a lead tag with spaces, in capitals", `  ${CARD.toUpperCase()} `, [CARD]],
  ["a lead tag in a sentence", `source: ${CARD}, please call`, [CARD]],
  ["a part of a lead tag", "hiring_guide_ac", [CARD]],
  ["a short code", CODE, ON_ACME],
  ["a short code as people type it", `${CODE.slice(0, 5)}-${CODE.slice(5)}`.toUpperCase(), ON_ACME],
  ["a message that ends with a short code", `Hello Kazi, I have a question. My code is ${CODE}.`, ON_ACME],
  ["a short code in the middle of a message", `My code is ${CODE} thanks`, ON_ACME],
  ["a short code before a signature", `Hello, ${CODE.toUpperCase()}! Regards, Ann, +254 700 123456 🙂`, ON_ACME],
  ["a short code in groups in a message", `the code ${CODE.slice(0, 5)} ${CODE.slice(5)} please`, ON_ACME],
  ["a short code with an invisible character", `${CODE.slice(0, 5)}\u200b${CODE.slice(5)}`, ON_ACME],
  ["a short link in a message", `I saw https://kazi.example/go/${CODE}/ today`, ON_ACME],
  ["a coupon code", "link20", ["spring-hiring_save_linkedin"]],
  ["a campaign and a channel's label", "spring-hiring partner:", ON_ACME],
  ["several words", "acme book hire", ["spring-hiring_trial_acme"]],
  ["a link with utm_content", `https://cal.com/kazi/trial?utm_source=acme&utm_content=${CARD}`, [CARD]],
  ["a link with via", `https://kazi.example/hiring-guide/hiring-guide.pdf?via=${CARD}`, [CARD]],
  ["a card's address", `https://desk.kazi.example/#${CARD}`, [CARD]],
  ["a short link", `https://kazi.example/go/${CODE}/`, ON_ACME],
  ["a short link without its scheme", `kazi.example/go/${CODE}`, ON_ACME],
  ["a channel page", "https://kazi.example/spring-hiring/via/acme/?utm_source=acme", ON_ACME],
  ["a path", "/spring-hiring/via/acme/", ON_ACME],
  ["a landing page with UTM parameters", "https://kazi.example/spring-hiring/?utm_source=acme&utm_medium=referral", ON_ACME],
  ["UTM parameters alone", "https://else.example/?utm_campaign=spring-hiring&utm_source=acme&utm_medium=referral", ON_ACME],
];

for (const [what, text, leads] of QUERIES) {
  test(`the search finds ${what}`, async (t) => {
    const page = await open(t);
    assert.deepEqual((await search(page, text)).leads.sort(), leads);
  });
}

test("a pasted message keeps a space for each line break, so that its code is found", async (t) => {
  const page = await open(t);
  const box = page.getByRole("searchbox", { name: "Who is this lead?" });
  await box.focus();
  await box.evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, `Hello Kazi,\nI have a question.\n${CODE}\nRegards, Ann`);
  assert.equal(await box.inputValue(), `Hello Kazi, I have a question. ${CODE} Regards, Ann`);
  assert.deepEqual((await page.locator(".results .lead-tag").allInnerTexts()).sort(), ON_ACME);
});

// A campaign and a channel always have the same code. These two have no link, because none was issued.
const QUOTED = { direct: "sf1q4bvr11", newsletter: "07mrmvqmmc" };

test("a quoted code without a link finds the contact first", async (t) => {
  const page = await open(t);
  for (const text of [QUOTED.direct, `My code is ${QUOTED.direct.toUpperCase()}`]) {
    const { say, leads } = await search(page, text);
    assert.equal(say, "The code of Try Kazi free for 14 days, no known place:");
    assert.deepEqual(leads, ["free-trial_chat_direct", "free-trial_trial_direct", "free-trial_call_direct"]);
  }
  // The campaign has no lead tags for this channel, so its visitors saw the default page.
  const { say, leads } = await search(page, QUOTED.newsletter);
  assert.equal(say, "The code of Try Kazi free for 14 days, Monthly newsletter:");
  assert.ok(leads.includes("free-trial_chat_direct"), leads.join());
});

test("the search finds campaigns, files and materials by name", async (t) => {
  const page = await open(t);
  assert.equal((await search(page, "hire your next")).names[0], "Hire your next team in days");
  assert.equal((await search(page, "https://kazi.example/spring-hiring/")).names.at(-1), "Hire your next team in days");
  assert.ok((await search(page, "interview-scorecard.pdf")).leads.includes("hiring-guide_scorecard_direct"));
  assert.ok((await search(page, "battlecard")).names.some((name) => name.startsWith("Battlecard")));
  assert.ok((await search(page, "monthly newsletter")).leads.every((tag) => tag.endsWith("_newsletter")));
});

test("a mistyped short code is reported with the right one", async (t) => {
  const page = await open(t);
  const wrong = CODE[3] === "7" ? "8" : "7";
  const swapped = `${CODE.slice(0, 3)}${CODE[4]}${CODE[3]}${CODE.slice(5)}`;
  for (const slip of [`${CODE.slice(0, 3)}${wrong}${CODE.slice(4)}`, swapped]) {
    const { say, leads } = await search(page, slip);
    assert.match(say, new RegExp(`typing error in ${slip}.*${CODE}`));
    assert.deepEqual(leads.sort(), ON_ACME);
  }
  assert.match((await search(page, "9999999999")).say, /There is no code 9999999999/);
});

test("unknown input gets a helpful line", async (t) => {
  const page = await open(t);
  for (const [text, says] of [
    ["spring-hiring_gide_acme", /spring-hiring has no call to action gide/],
    ["spring-hiring_guide_acmee", /There is no channel acmee/],
    ["spring-hiring_guide_expo-flyer", /spring-hiring has no share link for Expo flyer/],
    ["https://other.example/page", /another site and carries no lead tag/],
    ["https://kazi.example/nowhere/", /no campaign and carries no lead tag/],
    ["qqqq", /Nothing found for “qqqq”/],
    ["%zz <b>(*", /Nothing found/],
  ]) {
    assert.match((await search(page, text)).say, says);
  }
  assert.deepEqual(page.complaints, []);
});

test("the keyboard alone finds and opens a card, and leads back", async (t) => {
  const page = await open(t);
  await page.keyboard.press("/");
  await page.keyboard.type("acme guide");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.querySelector(".name").textContent), CARD);
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.keyboard.press("Enter");
  await page.waitForURL(byServer(`#${CARD}`));
  assert.equal(await visible(page, FOLLOW).count(), 1);
  assert.ok(!(await page.locator(".results").isVisible()));
  assert.equal(await page.evaluate(() => document.activeElement.closest("p").id), CARD);
  await page.keyboard.press("/");
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  assert.equal(await visible(page, FOLLOW).count(), 1);
});

test("screen readers get the number of results", async (t) => {
  const page = await open(t);
  const { say } = await search(page, "acme");
  assert.equal(await page.getByRole("status").innerText(), say);
});

// Copy buttons, library

for (const [from, at] of [["a file", byFile], ["a server", byServer]]) {
  test(`the copy buttons of a card copy the right text, from ${from}`, async (t) => {
    const page = await open(t, at(`#${CARD}`), { permissions: ["clipboard-read", "clipboard-write"] });
    const copied = async (name) => {
      await page.getByRole("button", { name }).first().click();
      await page.getByRole("button", { name: "Copied" }).first().waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      await page.getByRole("button", { name: "Copied" }).first().waitFor({ state: "detached" });
      return text;
    };
    assert.equal(await copied("Copy lead tag"), CARD);
    assert.equal(await copied("Copy card’s address"), `https://desk.kazi.example/#${CARD}`);
    assert.match(await copied("Copy message"), /^Hi \{first name\}/);
    assert.match(await copied("Copy link"), /^https:\/\//);
  });
}

test("the first name goes into every message of the card, into the mail and into WhatsApp, and is not stored", async (t) => {
  const page = await open(t, byServer(`#${CARD}`));
  const message = visible(page, ".first blockquote").first();
  const field = page.getByLabel("First name of the lead").first();
  const [mail, chat] = ["Write an e-mail", "Write on WhatsApp"].map((name) => page.getByRole("link", { name }).first());
  const textOf = async (link, parameter) => new URL(await link.getAttribute("href")).searchParams.get(parameter);
  const before = await message.innerText();
  assert.match(before, /^Hi \{first name\}/);
  assert.match(await textOf(mail, "body"), /^Hi \{first name\}/);
  await field.fill("Zoë & Ada");
  assert.match(await message.innerText(), /^Hi Zoë & Ada,/);
  assert.match(await textOf(mail, "body"), /^Hi Zoë & Ada,/);
  assert.match(await textOf(chat, "text"), /^Hi Zoë & Ada,/);
  await field.fill(" ");
  assert.equal(await message.innerText(), before);
  await field.fill("<b>");
  assert.equal(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, history.state])), "[{},{},null]");
  await page.reload();
  assert.equal(await visible(page, ".first blockquote").first().innerText(), before);
});

test("copying works in a browser without the clipboard API", async (t) => {
  const page = await tab(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  t.after(() => page.context().close());
  await page.addInitScript(() => (Clipboard.prototype.writeText = () => Promise.reject(new Error("not here"))));
  await page.goto(byServer(`#${CARD}`));
  await page.getByRole("button", { name: "Copy lead tag" }).filter({ visible: true }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), CARD);
});

test("the content library lists every material and page, and finds them by a word", async (t) => {
  const page = await open(t, byServer("#library"));
  assert.equal(await visible(page, ".overview, .campaign").count(), 0);
  const shown = await page.locator("#library").innerText();
  for (const title of [
    "Battlecard: Kazi and Ngazi Recruit on one page",
    "What each plan costs with the spring discount",
    "Try Kazi free for 14 days",
    "What each plan costs with the spring discount",
  ]) {
    assert.ok(shown.includes(title), title);
  }
  await page.getByRole("searchbox", { name: "Find something to send" }).fill("ngazi");
  assert.deepEqual(await visible(page, ".library li a").allInnerTexts(), ["Battlecard: Kazi and Ngazi Recruit on one page"]);
  await page.getByRole("searchbox", { name: "Find something to send" }).fill("");
  assert.ok(await page.getByRole("heading", { name: "By campaign" }).isVisible());
});

test("a general message has the title and the code of the open card, and their names without JavaScript", async (t) => {
  const root = copyOfExample();
  rmSync(path.join(root, "content/spring-hiring/sales.md"));
  const index = pathToFileURL(path.join(buildDesk({ root, locked: false }), "index.html")).href;
  for (const [javaScriptEnabled, says] of [
    [true, "you were looking at “Hire your next team in days”: your code is ACME20."],
    [false, "you were looking at “{title}”: your code is {code}."],
  ]) {
    const page = await open(t, `${index}#spring-hiring_save_acme`, { javaScriptEnabled });
    const messages = await visible(page, ".first blockquote").allInnerTexts();
    assert.equal(messages.length, 1);
    assert.ok(messages[0].includes(says), messages[0]);
  }
});

test("every file link of the desk leads to a file", async (t) => {
  const page = await open(t);
  const hrefs = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  const files = hrefs.filter((href) => !/^(https?:|mailto:|#)/.test(href));
  assert.ok(files.length > 0);
  for (const file of files) assert.ok(existsSync(path.join(desk.folder, decodeURIComponent(file))), file);
  const ids = new Set(await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id)));
  assert.deepEqual(hrefs.filter((href) => href.startsWith("#") && href !== "#" && !ids.has(href.slice(1))), []);
});

// Screens, validators, paper

const VIEWS = ["", `#${CARD}`, "#career-fair-2026_fair-price_expo-flyer", "#campaign_hiring-guide", "#library"];

for (const [screen, viewport] of [["a phone", PHONE], ["a wide screen", DESKTOP]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`on ${screen}, ${colorScheme}, nothing overflows and axe finds no problem`, async (t) => {
      const page = await open(t, byServer(), { viewport, colorScheme, reducedMotion: "reduce" });
      await page.evaluate(AXE);
      for (const view of [...VIEWS, "search"]) {
        if (view === "search") await search(page, "guide");
        else await page.evaluate((hash) => (location.hash = hash), view);
        const { violations, wide } = await page.evaluate(async () => ({
          violations: (await globalThis.axe.run()).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html])),
          wide: document.documentElement.scrollWidth,
        }));
        assert.deepEqual(violations, [], view);
        assert.ok(wide <= viewport.width, `${view || "home"} is ${wide} px wide`);
      }
      assert.deepEqual(page.elsewhere, []);
      assert.deepEqual(page.complaints, []);
    });
  }
}

test("the lead desk is valid HTML", () => {
  const java = program("java", "install a Java of 17 or newer");
  const pages = filesOf(desk.folder, ".html");
  const command = ["-jar", VNU, "--html", "--format", "json", "--stdout", "--exit-zero-always", ...pages];
  const said = execFileSync(java, command, { cwd: desk.folder, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.deepEqual(JSON.parse(said).messages.map(({ lastLine, message }) => `${lastLine}: ${message}`), []);
});

test("the lead desk is not indexed and sends no referrer", async (t) => {
  const page = await open(t);
  assert.equal(await page.locator("meta[name=robots]").getAttribute("content"), "noindex,nofollow");
  assert.equal(await page.locator("meta[name=referrer]").getAttribute("content"), "no-referrer");
  const kept = () => [document.cookie, localStorage.length, sessionStorage.length];
  await search(page, "acme");
  assert.deepEqual(await page.evaluate(kept), ["", 0, 0]);
});

test("an open card prints alone, without the search", async (t) => {
  const page = await open(t, byFile(`#${CARD}`));
  await page.emulateMedia({ media: "print" });
  assert.equal(await visible(page, LEAD).count(), 1);
  assert.equal(await visible(page, ".overview, .top, .copy, .foot").count(), 0);
  assert.ok(await page.locator(".send aside").filter({ visible: true }).isVisible());
  assert.ok(pagesOf(await page.pdf({ format: "A4" })) <= 3);
});

test("the whole desk prints with each lead card on its own page", async (t) => {
  const page = await open(t, byFile());
  const cards = await page.locator(LEAD).count();
  assert.ok(pagesOf(await page.pdf({ format: "A4" })) >= cards);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await visible(page, ".printed .follow").count(), cards, "each card is whole");
  assert.equal(await visible(page, FOLLOW).count(), cards);
  const messages = await page.locator(".printed blockquote").allInnerTexts();
  assert.equal(messages.length, await page.locator(".printed .first").count());
  assert.deepEqual(messages.filter((text) => /\{(title|code|file)\}/.test(text)), []);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator(".printed").count(), 0);
});

test("without JavaScript the whole desk prints, with shared content once", async (t) => {
  const page = await open(t, byFile(), { javaScriptEnabled: false });
  await page.emulateMedia({ media: "print" });
  assert.equal(await visible(page, LEAD).count(), await page.locator(LEAD).count());
  assert.equal(await visible(page, ".cards > .follow").count(), 1);
  assert.equal(await visible(page, ".first").count(), await page.locator(".first").count());
});

const pagesOf = (pdf) => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;

// A large site: lead cards on several pages

const MANY = 1000;

/** The example with many more campaigns. */
function largeSite() {
  const root = copyOfExample();
  for (let number = 0; number < MANY; number += 1) {
    const folder = path.join(root, "content", `offer-${number}`);
    mkdirSync(folder);
    const text = [
      "---",
      `title: Offer number ${number}`,
      "summary: One of very many.",
      "channels: [newsletter, acme]",
      `ctas: { save: { label: Get it cheaper, coupon: { code: CHEAP${number}, url: "https://shop.example/" } } }`,
      "---",
      "[](cta:save)",
    ];
    writeFileSync(path.join(folder, "index.md"), `${text.join("\n")}\n`);
  }
  return root;
}

test("on a large site a card opens on its own page, and the search links to it", async (t) => {
  const folder = buildDesk({ root: largeSite(), locked: false });
  const index = pathToFileURL(path.join(folder, "index.html")).href;
  const page = await open(t, `${index}#offer-777_save_acme`);
  await page.waitForURL(/\/cards\/\d+\.html#offer-777_save_acme$/);
  assert.equal(await visible(page, LEAD).count(), 1);
  assert.match(await page.locator("main").innerText(), /CHEAP777/);
  assert.equal(await visible(page, ".first blockquote").innerText(), "Hi {first name}, you were looking at “Offer number 777”: your code is CHEAP777. May I help you with anything before you use it?");

  await page.getByRole("searchbox").fill("offer-778_save_newsletter");
  await page.keyboard.press("Enter");
  await page.waitForURL(/index\.html\?q=offer-778_save_newsletter$/);
  assert.deepEqual(await page.locator(".results .lead-tag").allInnerTexts(), ["offer-778_save_newsletter"]);

  for (const text of ["c", "cheap5", "offer acme 99", "spring-hirin_guide_acme"]) {
    const took = await page.evaluate(answered, text);
    t.diagnostic(`${text}: ${took.toFixed()} ms from the key stroke to the first result`);
    assert.ok((await page.locator(".results li").count()) > 0, text);
  }
  await page.goto(index);
  await page.getByRole("link", { name: /^Offer number/ }).first().click();
  await page.waitForURL(/\/cards\/\d+\.html$/);
  assert.ok((await visible(page, LEAD).count()) > 500);
  const tag = await visible(page, LEAD).first().getAttribute("id");
  await page.getByRole("link", { name: tag, exact: true }).click();
  await page.waitForURL((url) => url.hash === `#${tag}`);
  const plain = await open(t, page.url(), { javaScriptEnabled: false });
  for (const opened of [page, plain]) {
    assert.deepEqual(await visible(opened, LEAD).evaluateAll((all) => all.map(({ id }) => id)), [tag]);
  }

  await page.goto(new URL("library.html", index).href);
  await page.getByRole("searchbox", { name: "Find something to send" }).fill("ngazi");
  assert.equal(await visible(page, ".library li").count(), 1);
  assert.deepEqual(page.elsewhere, []);
  assert.deepEqual(page.complaints, []);
});

/** The milliseconds from a key press until the result is painted. Runs in the page. */
function answered(text) {
  const input = document.getElementById("search");
  return new Promise((resolve) => {
    input.value = text;
    const start = performance.now();
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  });
}
