// A site that uses every key of the schemas, with a hostile text in each key that takes a text. The shapes are generic: any
// of them that became code would set a flag in its own page, and do nothing else.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyOfGallery, galleryWithText, REPOSITORY, tagline } from "./site.mjs";

/** What each shape would run. */
export const FLAG = "hasRun";
const RUN = `window.${FLAG}=1`;
const IMAGE = `<img src=x onerror=${RUN}>`;

/** Ways in which a text could become code. */
export const SHAPES = {
  "the end of an attribute": `"'>${IMAGE}`,
  "another attribute": `" ' onfocus=${RUN} autofocus onmouseover="${RUN}" x='`,
  "the end of an element": `</title></style></textarea></script></noscript><script>${RUN}</script>`,
  "the end of a comment": `--> --!> ]]> */ ${IMAGE}<!--`,
  "the end of a string": `'";${RUN};//\\";${RUN}//\${${RUN}}`,
  "template braces": `{{ "${IMAGE}" | safe }}{% raw %}<%= ${RUN} %>`,
  entities: `&quot;&#39;&gt;&lt;img src=x onerror=${RUN}&gt; %22%3E%3Cimg%20src=x%20onerror=${RUN}%3E`,
  "a script address": `javascript:${RUN}//`,
  "a tag without an end": `<img src=x onerror=${RUN} `,
};

/** A hostile text for a key, in the first form that its pattern accepts; a key without a pattern takes any. */
export function hostile(shape, pattern = "") {
  const isValid = new RegExp(pattern, "u");
  const tight = shape.replaceAll(/\s+/g, "/");
  // Addresses with character references are refused.
  const inAddress = tight.replaceAll(/[#{}]/g, "").replaceAll(/&(?=\w+;)/g, "");
  const forms = [shape, tight, `https://a.example/?a=${inAddress}`];
  return forms.find((text) => isValid.test(text));
}

/** Keys whose values name a file, a page or something else, although their pattern is wide. A script address is refused. */
export const CHECKED = new Set([
  "timezone",
  "organization.logo",
  "organization.icon",
  "navigation.[].page",
  "footer.columns.[].links.[].page",
  "footer.legal.[].page",
  "announcement.page",
  "languages.*.announcement.page",
  "languages.*.navigation.[].page",
  "languages.*.footer.columns.[].links.[].page",
  "languages.*.footer.legal.[].page",
  "after_end",
  "image",
  "versions.*.image",
  "versions.*.ctas.*.download.file",
  "versions.*.ctas.*.event.recording",
  "aliases.[]",
  "ctas.*.download.file",
  "ctas.*.event.timezone",
  "ctas.*.event.recording",
]);

const NETWORKS = ["bluesky", "facebook", "github", "instagram", "linkedin", "mastodon", "pinterest", "telegram", "threads", "tiktok", "x", "xing", "youtube"];

/** Every key of `site.yaml`, with a valid value. */
const SITE = {
  title: "Fern",
  report: {
    columns: Object.fromEntries(["lead_tag", "id", "contact", "created", "closed", "status", "amount", "currency", "lost_reason", "owner", "email", "phone"].map((name) => [name, "Column"])),
    won: ["Yes"],
    lost: ["No"],
    qualified: ["Call"],
    currency: "EUR",
  },
  base_url: "https://fern.example/",
  language: "en",
  languages: {
    de: {
      label: "Deutsch",
      title: "Farn",
      navigation: [
        { label: "Text", page: "/text.md" },
        { label: "Shop", url: "https://shop.example/" },
      ],
      footer: {
        columns: [{ title: "Mehr", links: [{ label: "Text", page: "/text.md" }, { label: "Shop", url: "https://shop.example/" }] }],
        legal: [{ label: "Datenschutz", page: "/text.md" }, { label: "AGB", url: "https://shop.example/terms" }],
        social: Object.fromEntries(NETWORKS.map((name) => [name, `https://${name}.example/fern`])),
        address: "Farnweg 1",
      },
      announcement: { text: "Neu", page: "/text.md" },
      leads: {
        consents: [
          { id: "contact", text: "Ich stimme zu.", version: "2027-01", required: true },
          { id: "news", text: "Neues bitte.", version: "2027-02" },
        ],
      },
      fields: {
        goal: { label: "Ziel", help: "Ihr Ziel" },
        size: { label: "Größe", options: ["Klein", "Groß"] },
        plants: { label: "Pflanzen", options: ["Farne", "Bäume"], help: "Alle" },
      },
    },
  },
  timezone: "Europe/London",
  theme: "launch",
  look: "editorial",
  organization: { name: "Fern", logo: "logo.svg", icon: "logo.svg", email: "hello@fern.example", phone: "+44 20 7946 0000" },
  navigation: [
    { label: "Text", page: "/text.md" },
    { label: "Shop", url: "https://shop.example/" },
  ],
  footer: {
    columns: [{ title: "More", links: [{ label: "Text", page: "/text.md" }, { label: "Shop", url: "https://shop.example/" }] }],
    legal: [{ label: "Privacy", page: "/text.md" }, { label: "Terms", url: "https://shop.example/terms" }],
    social: Object.fromEntries(NETWORKS.map((name) => [name, `https://${name}.example/fern`])),
    address: "1 Fern Road",
  },
  announcement: { text: "New", page: "/text.md", ends: "2099-03-31" },
  channels: {
    newsletter: { label: "Letter", source: "letter", medium: "email", sources: ["mail"], referrers: ["mail.example"], crm_source: "Mail" },
    own: { label: "Own", source: "own", medium: "social", sources: ["other"], crm_source: "Own" },
  },
  destinations: {
    crm: { endpoint: "https://forms.fern.example/leads" },
    hub: { hubspot: { portal: "1234567", form: "0f7c2b1e-1111-4222-8333-444455556666", subscription: { news: "999" }, fields: { name: "firstname" } } },
    sales: { salesforce: { org: "00D000000000001", lead_source: "Web", fields: { lead_tag: "00N000000000001" } } },
    site: { netlify: true },
    chimp: { mailchimp: { form: "https://fern.us21.list-manage.com/subscribe/post?u=0a1b&id=aabb", fields: { lead_tag: "LEADTAG" } } },
    brev: { brevo: { form: "https://1a2b.sibforms.com/serve/MUI", fields: { lead_tag: "LEAD_TAG" } } },
    maut: { mautic: { url: "https://mautic.fern.example/", form: "3", fields: { email: "mail" } } },
  },
  fields: {
    goal: { label: "Goal", type: "text", help: "Your goal" },
    size: { label: "Size", type: "choice", options: ["Small", "Large"] },
    plants: { label: "Plants", type: "choices", options: ["Ferns", "Trees"], help: "Any", required: true },
    origin: { label: "Origin", type: "hidden", value: "offers" },
  },
  leads: {
    deliver_to: "crm",
    owner: "ada@fern.example",
    respond_within: "2h",
    desk_url: "https://desk.fern.example/",
    consents: [
      { id: "contact", text: "I agree.", version: "2027-01", required: true },
      { id: "news", text: "Send me news.", version: "2027-02" },
    ],
    gate_key: "0123456789abcdef0123456789abcdef",
  },
  analytics: { plausible: "fern.example" },
  security: { content_security_policy: { "script-src": ["https://cdn.example"] } },
  hosts: ["netlify", "nginx"],
  publish: { live: { site: "s3://kazi-site", desk: "s3://kazi-desk", endpoint: "https://s3.kazi.co.ke", keep: 3, keep_days: 7, max_delete: "20%", timeout: 60 } },
  check: { external: { allow: ["https://shop.example/"] } },
};

/** Every key of a page, with a valid value. */
const PAGE = {
  title: "Offers",
  summary: "Every offer.",
  starts: "2027-03-01",
  ends: "2027-04-30",
  after_end: "/text.md",
  image: "board.jpg",
  image_alt: "A board",
  look: "local",
  theme_options: { accent: "#0b6e4f", second: "#ffd400" },
  author: "Ada",
  date: "2027-01-12",
  slug: "offers",
  aliases: ["/old/"],
  owner: "ada@fern.example",
  topics: ["Gardens"],
  extra: { text: "More" },
  campaign: "offers",
  was: ["older"],
  channels: ["newsletter", "own"],
  product: { name: "Plan", price: "49", currency: "EUR", brand: "Fern" },
  per_channel: { own: { title: "For our friends" } },
  ctas: {
    save: { label: "Save", note: "New", was: ["saved"], coupon: { code: "SPRING", codes: { own: "OWN" }, url: "https://shop.example/?c={code}", expires: "2027-04-15" } },
    guide: { label: "Guide", note: "New", download: { file: "winter-guide.pdf", form: ["name", "email", "company", "goal", { field: "size", required: true }, "plants", "origin"] } },
    news: { label: "News", note: "New", contact: { form: ["email"] }, thanks: { title: "Thanks", text: "Soon." } },
    visit: { label: "Visit", note: "New", booking: { url: "https://cal.com/fern/visit", trial_length: "45 minutes" } },
    call: { label: "Call", note: "New", booking: { form: ["name", "phone", "message"], trial_length: "45 minutes" } },
    chat: { label: "Chat", note: "New", contact: { whatsapp: "+44 20 7946 0000", text: "My code is" } },
    seat: {
      label: "Seat",
      event: { name: "Class", starts: "2027-04-18 10:00", ends: "2027-04-18 11:00", moved_from: "2027-04-11 10:00", timezone: "Europe/Berlin", place: "Hall", join: "https://meet.example/a", form: ["email"], recording: "/text.md" },
    },
    fair: {
      label: "Fair",
      event: {
        dates: [
          { starts: "2027-04-19 10:00", ends: "2027-04-19 11:00", moved_from: "2027-04-12 10:00" },
          { starts: "2027-04-20 10:00", ends: "2027-04-20 11:00" },
        ],
        place: "Hall",
        url: "https://tickets.example/fair",
      },
    },
    line: { label: "Phone", note: "New", contact: { phone: "+44 20 7946 0000" } },
  },
};

/** The keys of calls to action that are the same in every version. */
const FIXED = new Set(["was", "expires", "starts", "ends", "moved_from", "timezone", "dates"]);
const differing = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([key, own]) => (FIXED.has(key) ? [] : [[key, differing(own)]])))
    : value;
const { title, summary, image, image_alt, look, theme_options, product, per_channel, extra, ctas } = PAGE;
PAGE.versions = { b: differing({ title, summary, image, image_alt, look, theme_options, product, per_channel, extra, ctas }) };

/** The valid documents by their schema. */
export const DOCUMENTS = { site: SITE, page: PAGE };

/** The keys of a schema that take texts, as `channels.*.label`, each with the patterns of its forms. */
export function textKeys(of) {
  const { status, stdout, stderr } = spawnSync(tagline(), ["schema", of, "--root", copyOfGallery()], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const schema = JSON.parse(stdout);
  const keys = new Map();
  const visit = (node, key) => {
    if (node.$ref) return visit(node.$ref.split("/").slice(1).reduce((found, name) => found[name], schema), key);
    for (const form of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) visit(form, key);
    for (const [name, child] of Object.entries(node.properties ?? {})) visit(child, [...key, name]);
    for (const child of [...Object.values(node.patternProperties ?? {}), node.additionalProperties]) {
      if (child?.type || child?.$ref || child?.anyOf || child?.oneOf) visit(child, [...key, "*"]);
    }
    if (node.items) visit(node.items, [...key, "[]"]);
    if (![node.type].flat().includes("string") || node.enum || "const" in node) return;
    const name = key.join(".");
    keys.set(name, [...(keys.get(name) ?? []), node.pattern]);
  };
  visit(schema, []);
  return keys;
}

/** Returns a document in which `change(key, text)` gives each text of a known key. */
export function changed(document, keys, change) {
  const known = [...keys.keys()].map((key) => key.split("."));
  const visit = (value, key) => {
    if (Array.isArray(value)) return value.map((item) => visit(item, [...key, "[]"]));
    if (value && typeof value === "object") {
      const named = (name) => known.some((other) => key.every((part, at) => part === other[at]) && other[key.length] === name);
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, [...key, named(name) ? name : "*"])]));
    }
    return typeof value === "string" && keys.has(key.join(".")) ? change(key.join("."), value) : value;
  };
  return visit(document, []);
}

/** A body with a text in each attribute of a block, in headings, links, code and tables. It has no raw HTML. */
function body(text) {
  const inline = text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>"'&:~^$=]/g, "\\$&");
  const attribute = text.replaceAll("\\", "").replaceAll('"', "'");
  const code = text.replaceAll("`", "");
  return `
::: hero eyebrow="${attribute}"
# Offers ${inline}

Text ${inline} and \`${code}\`, [a link](https://a.example/ "${inline}") and [](cta:save).

![Alternative ${inline}](board.jpg "${inline}")
:::

::: quote by="${attribute}" role="${attribute}"
Words ${inline}
:::

:::: pricing
## Prices

::: plan price="${attribute}" per="${attribute}" best="${attribute}"
### Plan ${inline}

- One ${inline}
:::
::::

::: faq
## Questions

### Why ${inline}?

So ${inline}
:::

::: signup news
Text ${inline}
:::

${["save", "guide", "visit", "call", "chat", "line", "seat", "fair"].map((id) => `::: offer ${id}\nText ${inline}\n:::\n`).join("\n")}
| a | ${inline} |
| --- | --- |
| 1 | ${inline} |

\`\`\`sh
${code}
\`\`\`

A note.[^1]

[^1]: Note ${inline}
`;
}

/** A block of a site's own, which prints texts in each place of HTML. */
const OWN_BLOCK = `<section class="own" title="{{ page.title }}" data-text='{{ page.summary }}'>
<p>{{ page.title }} {{ page.extra.text }}</p>
<textarea>{{ page.extra.text }}</textarea>
{{ text }}
</section>
`;

/**
 * Writes a site with one shape, and returns its folder. With a theme of its own, it allows raw HTML too. With `only`, no other
 * key has a hostile text.
 */
export function hostileSite(shape, { isOwn = false, only } = {}) {
  const root = galleryWithText();
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  // Some texts must differ.
  let count = 0;
  const documentOf = (of) => {
    const keys = textKeys(of);
    return changed(DOCUMENTS[of], keys, (key, valid) =>
      (only ? key === only : !CHECKED.has(key)) ? (hostile(`${shape}${++count}`, keys.get(key)[0]) ?? valid) : valid,
    );
  };
  const [site, page] = [documentOf("site"), documentOf("page")];
  const text = only ? "Text" : shape;
  page.extra = { text };
  if (isOwn) {
    site.theme = "own";
    // It has no looks and no options.
    for (const of of [site, page, page.versions.b]) {
      delete of.look;
      delete of.theme_options;
    }
    site.markdown = { raw_html: true };
    cpSync(path.join(REPOSITORY, "benches/theme"), path.join(root, "themes/own"), { recursive: true });
    for (const name of ["pricing", "plan"]) write(`themes/own/blocks/${name}.html`, OWN_BLOCK);
  }
  write("site.yaml", JSON.stringify(site, null, 1));
  write("static/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  write("content/index.md", `---\n${JSON.stringify({ title: "Home", summary: "Home." })}\n---\n# Home\n`);
  write("content/offers.md", `---\n${JSON.stringify(page, null, 1)}\n---\n${body(text)}`);
  write("content/offers.sales.md", notes(text));
  const german = { title: page.title, summary: page.summary, ctas: { save: { label: page.ctas.save.label } } };
  write("content/offers.de.md", `---\n${JSON.stringify(german, null, 1)}\n---\n${body(text)}`);
  write("content/offers.sales.de.md", notes(text));
  write(`content/${text.replaceAll(/[/\\]/g, "-").slice(0, 100)}.txt`, "A file");
  return root;
}

function notes(shape) {
  return `# Notes ${shape}\n\n## First message (call)\n\n> Hi ${shape}\n\n## It is ${shape}\n\n- **call**: ${shape}\n\n${shape}\n`;
}
