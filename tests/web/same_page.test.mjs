// Minified and unminified pages are the same for a real browser: the same elements, attributes and texts, the same
// readable text, and the same pixels.
//
// The program has no option to disable the minifier. But it does not minify a page that only browsers understand (see
// `src/html/minify/`), so the unminified example is built with a theme that adds such a fragment to every page, and the
// server removes it again. A page of a template without variables is compared with the template itself.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, PHONE, tab } from "./support/browser.mjs";
import { serve } from "./support/server.mjs";
import { addressesOf, build, copyOfExample, edit, isShortLink, temporaryFolder } from "./support/site.mjs";

const LEFT_ALONE = "<b><i></b></i>";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** What a browser makes of a page. Runs in the page. */
function seen() {
  const collapsed = (text) => text.replace(/[\t\n\f\r ]+/g, " ").trim();
  const outline = [`${document.doctype?.name} ${document.compatMode}`];
  const text = document.body?.innerText.split("\n");
  const visit = (node, depth) => {
    for (const child of [...node.childNodes]) if (child.nodeType === Node.COMMENT_NODE) child.remove();
    node.normalize();
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const counts = node.closest?.("pre, textarea, script, style");
        const words = counts ? child.data : collapsed(child.data);
        if (words) outline.push(`${depth} ${JSON.stringify(words)}`);
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const attributes = [...child.attributes].map(({ name, value }) => `${name}=${JSON.stringify(value)}`);
        outline.push(`${depth} <${[child.nodeName, ...attributes.sort()].join(" ")}>`);
        visit(child instanceof HTMLTemplateElement ? child.content : child, depth + 1);
      }
    }
  };
  visit(document, 0);
  return { outline, text };
}

async function look(page, url) {
  await page.goto(url);
  const pixels = await page.screenshot({ fullPage: true });
  return { ...(await page.evaluate(seen)), pixels: pixels.toString("base64") };
}

/** A description of the first difference between two pages, or `undefined`. */
function difference(before, after) {
  for (const part of ["outline", "text"]) {
    const longest = Math.max(before[part].length, after[part].length);
    for (let at = 0; at < longest; at++) {
      const [was, is] = [before[part][at], after[part][at]];
      if (was !== is) return `${part} ${at}: ${was} became ${is}`;
    }
  }
  return before.pixels === after.pixels ? undefined : "it is painted differently";
}

/** Two servers for two states of one site, and a tab without scripts, which shows the result of the parser. */
async function side(t, original, minified) {
  // Content that a theme should not have must be the same, too, and only one of the two folders has a policy.
  // A screenshot of the whole page changes the size of the window, and buttons take a moment to follow: without motion they do not.
  const options = { viewport: PHONE, javaScriptEnabled: false, bypassCSP: true, reducedMotion: "reduce" };
  const page = await tab(browser, options);
  t.after(() => page.context().close());
  const [one, other] = [await serve(original), await serve(minified)];
  t.after(() => Promise.all([one.close(), other.close()]));
  const compare = async (address) => {
    const before = await look(page, new URL(address, one.url).href);
    return difference(before, await look(page, new URL(address, other.url).href));
  };
  // On a busy machine a screenshot may be too early, so a difference counts only if it occurs twice.
  return async (address) => (await compare(address)) && (await compare(address));
}

const size = (folder, address) => readFileSync(path.join(folder, address, "index.html")).length;

test("every page of the example is the same minified and unminified", async (t) => {
  const root = copyOfExample();
  cpSync(path.join(root, "themes/launch"), path.join(root, "themes/unminified"), { recursive: true });
  edit(path.join(root, "site.yaml"), "theme: launch", "theme: unminified");
  edit(path.join(root, "themes/unminified/parts/base.html"), "</body>", `${LEFT_ALONE}</body>`);
  const [original, minified] = [build({ root, preview: true }), build({ preview: true })];
  const pages = addressesOf(minified).filter((address) => !isShortLink(address));
  assert.ok(pages.length > 20);
  for (const address of pages) {
    const file = path.join(original, address.replace(/\/$/, "/index.html"));
    edit(file, LEFT_ALONE, "");
  }
  const compare = await side(t, original, minified);
  const found = [];
  for (const address of pages) {
    const what = await compare(address);
    if (what) found.push(`${address}: ${what}`);
  }
  assert.deepEqual(found, []);
  assert.ok(size(minified, "/spring-hiring/") < size(original, "/spring-hiring/") - 200, "one should be minified");
  t.diagnostic(`${pages.length} pages`);
});

/** Fragments that a careless minifier breaks. */
const HOSTILE = [
  // Spaces between inline elements in block parents.
  "<div><s>$99</s> <strong>$49</strong></div>",
  '<section><a href="/a">one</a>\n<a href="/b">two</a>\t<em>three</em></section>',
  "<p>a <b> b </b> c</p><p>d<b> e</b> <i>f </i>g</p>",
  "<form><button>Save</button> <button type=submit>Send</button>\n<button> Go </button></form>",
  "<div><span>a</span><!-- c --> <span>b</span> <!-- d -->\n<span>c</span></div>",
  "<div>a<!-- c -->b <!-- d --> c</div>",
  '<div>text <img src="/logo.svg" alt="" width=40 height=20> <img src="/logo.svg" alt="" width=40 height=20> text</div>',
  "<div><label>Text <input name=a></label> <label> <input type=checkbox> yes</label></div>",
  '<div><input name=a> <select name=b> <option value=""> one </option> <option>two</select> x</div>',
  "<nav><a href=/>Home</a> | <a href=/b>B</a></nav><main><kbd>Ctrl</kbd> + <kbd>C</kbd></main>",
  "<ul class=row><li>one</li> <li>two</li>\n<li><a href=/>three</a></li></ul>",
  // Blocks in running text, and hidden elements.
  "<div>a <div>b</div> c</div>",
  "<div>a <div hidden>b</div> c <span>d</span><div hidden>e</div> <span>f</span></div>",
  "<div><b>a</b> <dialog> x </dialog> <b>b</b></div>",
  "<div>a <script>let a  =  1;</script> b <style>p  { color: red }</style> <b>c</b></div>",
  "<div>a <template> <p> x </p> </template> b</div>",
  "<div>a <noscript> <b>x</b> </noscript> b</div>",
  "<p>a <button> <p>b</p> </button> c</p>",
  // Lines and white space that must be kept.
  "<p>one<br> two <br>three<br class=wide>four<br>\n<br />\nfive<wbr>six</p>",
  "<pre>\n  a\n\n  <b> b </b>\n</pre> <pre>\n\nleading</pre>",
  '<pre><code class="language-rust">fn main() {\n    x\n}\n</code></pre>',
  "<p>run <code>a  b</code> and <code> <span> c\n d </span> </code></p>",
  '<textarea name="a">\n\n  a\n  <b> &lt;/textarea&gt; &amp;amp; </textarea> <textarea></textarea>',
  "<p>a\u00a0 \u00a0b &nbsp; c&nbsp;</p><p>&nbsp; </p><p>a\u200b b\u2009c\u3000 d \ufeff e\u2028f</p>",
  "<p>a\r\nb\r\n<b>c</b>\r\n<i>d</i></p><pre>\r\na\r\n</pre>",
  // Character references.
  "<p>&lt;b&gt; &amp;lt; &copy; &copy;right &notit; &am<!-- -->p; &quot;a&#39;&#x27;&#x2F;</p>",
  "<p>a&#32;<b>b</b>&Tab;<i>c</i>&NewLine;<s>d</s></p><p>a < b <3 c & d &# e</p>",
  "<p title='a \"b\" c' lang=\"\">&amp;lt; &copy</p> <p title=\"&copy\">&amp</p>",
  // Attributes.
  '<a href="/x?a=1&amp;copy=2&b=3&amp;amp;" title="a &quot;b&quot; \'c\' > d">x</a>',
  "<a href=x/y/ title = 'a  b'  data-x=`b` DATA-Y>x</a><a href=/>y</a><a href=\"\">z</a>",
  '<p class="  a   b " id="" style=" color : red ">x</p>',
  '<input type="text" required="required" disabled="" readonly value=" a  b " placeholder=" ">',
  // Tables, lists and foreign elements.
  "<table> <caption> a </caption> <thead> <tr> <th> a <td>b</thead> <tbody> <tr> <td> <b>a</b> <i>b</i> </td> </tr> </table>",
  "<dl> <dt> a <dd> b <dt>c</dt> <dd>d</dd> </dl>",
  '<p>a <svg viewBox="0 0 9 9" width=40 aria-hidden=true> <title> t </title> <path d="M0 0 L 9 9" stroke=red /> <g> <text y=9> a <tspan> b</tspan> c</text></g></svg> b</p>',
  "<math> <mspace/> <mi>x</mi> </math> <details open><summary> a </summary> b <p>c</details>",
  // Misnested tags, and other input that only browsers understand.
  "<b>a <i>b</b> c</i>",
  "<p>a <b>b<p>c</b> d",
  "<a>a <div> <a> b </a> </div> </a> c",
  "<table>a<tr><td>b</table> c <b>d</b> <i>e</i>",
  "<noscript><!-- </noscript> <b>a</b> --> b</noscript> c",
];

const page = (body) =>
  '<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8">\n    ' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">\n    <title>A  title &amp; more</title>\n' +
  `    <style>.row li { display: inline }</style>\n  </head>\n  <body>\n    ${body}\n  </body>\n</html>\n`;

test("hostile fragments of a theme are the same minified and unminified", async (t) => {
  const [root, original] = [copyOfExample(), temporaryFolder()];
  for (const [at, fragment] of HOSTILE.entries()) {
    const [name, html] = [`hostile-${at}`, page(fragment)];
    writeFileSync(path.join(root, `themes/launch/${name}.html`), `{% raw %}${html}{% endraw %}`);
    writeFileSync(path.join(root, `content/${name}.md`), `---\ntitle: ${name}\nlayout: ${name}\n---\n`);
    mkdirSync(path.join(original, name));
  }
  cpSync(path.join(root, "static/logo.svg"), path.join(original, "logo.svg"));
  const minified = build({ root });
  for (const [at, fragment] of HOSTILE.entries()) {
    // Every page has the arrival script, whatever its theme renders.
    const built = readFileSync(path.join(minified, `hostile-${at}`, "index.html"), "utf8");
    const [script] = built.match(/<script src=\S+\/arrival\.[^>]*><\/script>/);
    const html = page(fragment).replace("</head>", () => `${script}\n</head>`);
    writeFileSync(path.join(original, `hostile-${at}`, "index.html"), html);
  }
  const compare = await side(t, original, minified);
  let smaller = 0;
  const found = [];
  for (const [at, fragment] of HOSTILE.entries()) {
    const address = `/hostile-${at}/`;
    const what = await compare(address);
    if (what) found.push(`${fragment}: ${what}`);
    if (size(minified, address) < size(original, address)) smaller += 1;
  }
  assert.deepEqual(found, []);
  assert.ok(smaller > HOSTILE.length / 2, `only ${smaller} of ${HOSTILE.length} pages were minified`);
  t.diagnostic(`${HOSTILE.length} fragments, ${smaller} of them minified`);
});

test("the comparison finds a minifier that drops the spaces between tags", async (t) => {
  const [original, careless] = [temporaryFolder(), temporaryFolder()];
  for (const [at, fragment] of ["<div><s>$99</s> <b>$49</b></div>", "<button>a</button> <button>b</button>"].entries()) {
    for (const [folder, body] of [
      [original, fragment],
      [careless, fragment.replace("> <", "><")],
    ]) {
      mkdirSync(path.join(folder, `${at}`));
      writeFileSync(path.join(folder, `${at}`, "index.html"), page(body));
    }
  }
  const compare = await side(t, original, careless);
  assert.match(await compare("/0/"), /^text 0: \$99 \$49 became \$99\$49$/);
  assert.match(await compare("/1/"), /^text 0|painted differently$/);
});
