//! Minified and unminified pages are the same page: difficult fragments, thousands of random pages, and invalid HTML
//! that browsers recover from.

use crate::support::dom::{assert_same_page, difference};
use crate::support::random_cases;
use tagline::html::minify::{MAX_DEPTH, minify};

/// A page with this body, as a theme would write it.
fn document(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\">\n    \
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n    \
         <title>A  title &amp; more</title>\n    <link rel=\"stylesheet\" href=\"/a.css\">\n  \
         </head>\n  <body>\n    {body}\n  </body>\n</html>\n"
    )
}

#[track_caller]
fn minified(body: &str) -> String {
    let original = document(body);
    let minified = minify(&original).expect("it is not deep");
    assert_same_page(&original, &minified, body);
    minified
}

/// Fragments that a careless minifier breaks.
const HOSTILE: &[&str] = &[
    // Spaces between inline elements in block parents.
    "<div><s>$99</s> <strong>$49</strong></div>",
    "<section><a href=\"/a\">one</a>\n<a href=\"/b\">two</a>\t<em>three</em></section>",
    "<p>a <b> b </b> c</p>",
    "<p>a<b> b</b> <i>c </i>d</p>",
    "<p><a href=\"x\">text</a>, text <a href=\"y\">more</a>.</p>",
    "<form><button>Save</button> <button type=\"submit\">Send</button>\n<button> Go </button></form>",
    "<div><span>a</span><!-- c --> <span>b</span></div>",
    "<div><span>a</span> <!-- c -->\n<span>b</span></div>",
    "<div>a<!-- c -->b <!-- d --> c</div>",
    "<div><img src=\"a.png\" alt=\"\"> <img src=\"b.png\" alt=\"b\"></div>",
    "<div>text <img src=\"a.png\" alt=\"\"> text</div>",
    "<figure> <picture> <source srcset=\"a.webp\"> <img src=\"a.png\" alt=\"a\"> </picture> text</figure>",
    "<div><label>Text <input name=\"a\"></label> <label> <input type=\"checkbox\"> yes</label></div>",
    "<div><input name=\"a\"> <select name=\"b\"> <option value=\"\"> one </option> <option>two</select> x</div>",
    "<div><x-chip>a</x-chip> <x-chip>b</x-chip></div>",
    "<article><time>Monday</time> <data value=\"1\">one</data></article>",
    "<nav><a href=\"/\">Home</a> | <a href=\"/b\">B</a></nav>",
    "<main><kbd>Ctrl</kbd> + <kbd>C</kbd></main>",
    "<footer><small>a</small> · <small>b</small></footer>",
    // Blocks in running text. A hidden one does not break the line.
    "<div>a <div>b</div> c</div>",
    "<div>a <div hidden>b</div> c</div>",
    "<div>a<div hidden>b</div> <span>c</span></div>",
    "<div>a<div hidden>b</div> <div hidden>c</div>d</div>",
    "<div>a<ul HIDDEN> <li>b</ul> <table hidden=x> <tr><td>c</table><b>d</b></div>",
    "<div><b>a</b> <dialog> x </dialog> <b>b</b></div>",
    "<dialog open> <p> x </p> <form method=\"dialog\"><button>OK</button> <button>No</button></form></dialog>",
    "<div>a <script>let a  =  1;</script> b</div>",
    "<div>a<script></script> <b>b</b> <style>p  { color: red }</style> <b>c</b></div>",
    "<div>a <template> <p> x </p> </template> b</div>",
    "<div>a <noscript> <img src=\"x\" alt=\"\"> <b>x</b> </noscript> b</div>",
    "<div><meta itemprop=\"a\" content=\"b\"> <span>a</span> <link itemprop=\"c\" href=\"d\"> <span>b</span></div>",
    // Lines and white space that must be kept.
    "<p>one<br> two <br>three<br class=\"wide\">four</p>",
    "<p>one<br>\n<br />\ntwo<wbr>three</p>",
    "<pre>\n  a\n\n  <b> b </b>\n</pre>",
    "<pre>\n\nleading</pre> <pre> x </pre>",
    "<pre><code class=\"language-rust\">fn main() {\n    x\n}\n</code></pre>",
    "<pre><!-- c -->\nx</pre>",
    "<p>run <code>a  b</code> and <code> <span> c\n d </span> </code></p>",
    "<textarea name=\"a\">\n\n  a\n  <b> &lt;/textarea&gt; &amp;amp; </textarea>",
    "<textarea>&#10;a&#9;b</textarea> <textarea></textarea>",
    "<p>a\u{a0} \u{a0}b &nbsp; c&nbsp;</p><p>\u{a0}</p><p>&nbsp; </p>",
    "<p>a\u{200b} b\u{2009}c\u{3000} d \u{feff} e\u{2028}f</p>",
    "<p>👩‍👩‍👧 <b>日本</b> <i>語</i>\n中文</p>",
    "<p>a\u{c}b \u{c} c</p>",
    "<p>a\r\nb\r\n<b>c</b>\r\n<i>d</i></p><pre>\r\na\r\n</pre>",
    // Character references.
    "<p>&lt;b&gt; &amp;lt; &copy; &copy;right &notit; &am<!-- -->p; &quot;a&#39;&#x27;&#x2F;</p>",
    "<p>a&#32;<b>b</b>&Tab;<i>c</i>&NewLine;<s>d</s></p>",
    "<p>&#146;quoted&#x92; &#0; &#13; &#xD800; &#x110000; &#xfdd0; 12&#xfdd1;</p>",
    "<p>a < b <3 c </ d <: e <- f & g &; &# &#x; h</p>",
    "<p title='a \"b\" c' lang=\"\">&nGt; &amp;lt; &copy</p> <p title=\"&copy\">&amp</p>&am<!-- -->p; &#3<!-- -->8;",
    "<p>a <<!-- -->b> <<!-- -->/b> <!-- --></b> a<!-- c --> b <!-- c -->c",
    // Attributes.
    "<a href=\"/x?a=1&amp;copy=2&b=3&amp;amp;\" title=\"a &quot;b&quot; 'c' > d\">x</a>",
    "<a href=x/y/ title = 'a  b'  data-x=`b` DATA-Y>x</a><a href=/>y</a><a href=\"\">z</a>",
    "<p class=\"  a   b \" id=\"\" class=\"other\" style=\" color : red \">x</p>",
    "<input type=\"hidden\" name=\"a\" value=\"\"><input type=\"checkbox\" name=\"b\" value=\"\"><input type=\"submit\" value=\"\">",
    "<input type=\"text\" required=\"required\" disabled=\"\" readonly value=\" a  b \" placeholder=\" \">",
    "<form method=\"get\" action=\"\" target=\"_self\"><button type=\"submit\" formmethod=\"\" value=\"\">a</button></form>",
    "<iframe src=a> <b> </iframe> <iframe></iframe >a",
    "<iframe src=\"/a\" sandbox=\"\" referrerpolicy=\"no-referrer-when-downgrade\" loading=\"eager\"></iframe>",
    "<div hidden=\"until-found\">a</div><img src=\"a\" alt crossorigin=\"use-credentials\"><input type=\"file\" capture=\"user\">",
    "<script type=\"text/javascript\" src=\"\"></script><script type=\"application/ld+json\">{ \"a\" : \"<b> \" }</script>",
    "<progress value=\"\"></progress> <details open=\"\"><summary> a </summary> b <p>c</details>",
    // Tables and lists.
    "<table> <caption> a </caption> <thead> <tr> <th> a <td>b</thead> <tbody> <tr> <td> <b>a</b> <i>b</i> </td> </tr> </tbody> </table>",
    "<table>a<tr><td>b</table> c",
    "<ul> <li> a <b>b</b> <li>c <ul> <li>d</li> </ul> </ul>",
    "<ul><li><p>a</ul>b",
    "<dl> <dt> a <dd> b <dt>c</dt> <dd>d</dd> </dl>",
    // Foreign elements.
    "<p>a <svg viewBox=\"0 0 9 9\" aria-hidden=\"true\"> <title> t </title> <path d=\"M0 0 L 9 9\"/> <g> <text> a <tspan> b</tspan> c</text></g></svg> b</p>",
    "<svg><linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient><use xlink:href=\"#a\"/></svg>",
    "<svg><foreignObject><div/>a <b>b</b></foreignObject></svg>",
    "<svg><p>a<br/> <b>b</b></svg> c",
    "<svg><desc><b/> a </desc> <desc> a </desc> <image href=a /> <text xml:space=preserve> a  b </text> <a href=b/></svg>",
    "<svg a=b/> <svg a=b /> c <svg><title/><title> <b> </title></svg>",
    "<math> <mspace/> <mi>x</mi> </math>",
    "<svg><style><![CDATA[ a < b ]]></style></svg>",
    // Misnested tags, and other input that only browsers understand.
    "<b>a <i>b</b> c</i>",
    "<p>a <b>b<p>c</b> d",
    "<p>a</p></p> <b>b</b></br>c",
    "<p>a<b></p> <p>b",
    "<p>a<b></p> <div>b</div> </b> c",
    "<p>a <noscript><div> b </div></noscript> c</p> d",
    "<p>a <button> <p>b</p> </button> c</p> d",
    "<span>a <p>b </span>c",
    "<fieldset><legend>a <p>b </legend>c</fieldset>",
    "<ul><li><b>a <li> b</b> c </ul> d",
    "<ul><li><div>a <li> b </div> c</ul> d",
    "<ul><li>a <ul hidden> <li>b <li>c </ul> <li>d</ul>",
    "<a>a <div> <a> b </a> </div> </a> c",
    "<select><option>a <input> b</select> c",
    "<div a='>' b=\"<p>\" c=x>a</div a=\">\"><p/>b<span/>c",
    "<my_el>a</my_el> <my.el>b</my.el> <é>c</é>",
    "<button>a <button> b</button></button> c",
    "<h2> a <h3> b </h3> c</h2> d",
    "<code>\r<!---->\n a</code><pre> \r<!-- c -->\n</pre>",
    "a<td> b<tr> c<body> d<head> e",
    "a<form><form> b</form> c</form>",
    "<table> <b>a</b> <tr> b<td> c</table>",
    "<noscript><!-- </noscript> <b>a</b> --> b</noscript> c",
    "<noscript><b title=\"</noscript>\">a</b></noscript> b",
    "<noscript><!-- a </noscript> b",
    "<xmp> <b> </xmp><iframe> <b> </iframe><noembed> a </noembed>",
    "<!-- a -- b --!> c --> <b>d</b> <i>e</i>",
    "a<!--> b --> <!---> c<!----> d<? e ?><!f>g</ h>",
    "<script>/* <!-- <script> */ let a = '</scripty>';</script> a",
    "<body class=\"b\">a</body> b",
    "<title>a </titles> b</title> <b>c</b>",
    "a<div hidden>x</div> <body> b",
    "<b>a</b> <div b=\"unfinished",
];

#[test]
fn minified_hostile_fragments_are_the_same_page() {
    for body in HOSTILE {
        minified(body);
    }
}

#[test]
fn minified_pages_with_few_tags_are_the_same_page() {
    for original in [
        "",
        " ",
        "text",
        "<p>a <b>b</b> <i>c</i>",
        "<title>t</title> <p>x",
        "<!doctype html><p>x",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\">\n<html>\n<body> a </body>\n</html>\n",
        "<!doctype svg><p>x",
        "a</",
        "a<",
        "a<!-- b",
        "a<!",
        "a<?",
        "a</>b</",
        "a<!-- b --!> c",
        "<html lang=en> <meta charset=utf-8> <title>t</title> <p> a <p>b",
        "<head> <noscript> <img> </noscript> </head> <body> x",
        "<head> <noscript> <link> <style> a </style> </noscript> <template> <p> a </template> </head> <body> <p> x",
        "<meta><noscript> <b>x</b> </noscript> <body> x",
        "<head> <title>t</title> <body> <p> a </body> </html> <!-- b --> <script></script> ",
        "<title>t</title> a <body> <p> b </body> c <p> d",
        "<head> <title>t</title> <p> a </head> <body> b",
        "<!-- a --><!doctype html><!-- b --><html><!-- c --><head><!-- d --></head><!-- e --><body>f</body><!-- g --></html>",
    ] {
        let minified = minify(original).expect("it is not deep");
        assert_same_page(original, &minified, original);
    }
}

#[test]
fn comparison_finds_dropped_space_between_tags() {
    let original = "<!doctype html><title>t</title><div><s>$99</s> <strong>$49</strong></div>";
    let careless = original.replace("> <", "><");
    let difference = difference(original, &careless).expect("the space is gone");
    assert!(difference.contains("$99‹/s›‹strong›$49"), "{difference}");
}

#[test]
fn comparison_finds_a_lost_attribute_and_a_moved_space() {
    for (one, other) in [
        ("<p class=\"\">a", "<p>a"),
        ("<a>x</a> y", "<a>x </a>y"),
        ("<p>a b", "<p>a\u{a0}b"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ("<b>a</b><i>b</i>", "<b>a<i>b</i></b>"),
        ("a<div hidden></div> b", "a<div hidden></div>b"),
        ("<script>a  b</script>", "<script>a b</script>"),
        ("<script> a</script>", "<script>a</script>"),
        ("<p>a<b></p> <p>b", "<p>a<b></p><p>b"),
    ] {
        assert!(difference(one, other).is_some(), "{one} and {other} are not the same page");
    }
}

#[test]
fn minified_random_pages_are_the_same_page() {
    let mut random = Random(0x5EED);
    let mut left_alone = 0;
    for round in 0..random_cases(2_000) {
        let depth = random.number_below(3);
        let original = document(&random.blocks(depth));
        let minified = minify(&original).expect("it is not deep");
        assert_same_page(&original, &minified, &format!("round {round}"));
        left_alone += usize::from(minified == original);
    }
    // A page that was not minified proves nothing.
    assert!(left_alone < random_cases(500), "{left_alone} pages were left alone");
}

#[test]
fn minified_random_pages_with_a_gap_are_the_same_page() {
    let mut random = Random(0xBAD5EED);
    for round in 0..random_cases(2_000) {
        let depth = random.number_below(3);
        let mut original = document(&random.blocks(depth));
        let bytes = original.len();
        let from = original.floor_char_boundary(random.number_below(bytes));
        let to = original.floor_char_boundary((from + random.number_below(12)).min(bytes));
        original.replace_range(from..to, "");
        let minified = minify(&original).expect("it is not deep");
        assert_same_page(&original, &minified, &format!("round {round}"));
    }
}

#[test]
fn minified_random_tags_are_the_same_page() {
    let mut random = Random(0x50FA);
    let mut left_alone = 0;
    for round in 0..random_cases(4_000) {
        let tags = 1 + random.number_below(6);
        let heap: String = (0..tags).map(|_| random.tag()).collect();
        let original = if round % 4 == 0 { heap } else { document(&heap) };
        let minified = minify(&original).expect("it is not deep");
        assert_same_page(&original, &minified, &format!("round {round}"));
        left_alone += usize::from(minified == original);
    }
    assert!(left_alone < random_cases(3_000), "{left_alone} heaps were left alone");
}

#[test]
fn nesting_deeper_than_the_limit_is_an_error() {
    let nested = |depth: usize| document(&("<div>".repeat(depth) + "x" + &"</div>".repeat(depth)));
    let deepest = nested(MAX_DEPTH);
    assert_same_page(&deepest, &minify(&deepest).expect("it is allowed"), "the deepest page");
    let error = minify(&nested(MAX_DEPTH + 1)).expect_err("it is too deep");
    assert_eq!(error.offset, nested(MAX_DEPTH + 1).find("<div>x").expect("it is there"));
    minify(&nested(1_000_000)).expect_err("it is too deep");
}

#[test]
fn ten_thousand_siblings_do_not_count_as_nesting() {
    for sibling in ["<li>a", "<p>a", "<dd>a<dt>b", "<br>", "<img alt=\"\">", "<p>a<hr>", "<option>a"] {
        let original = document(&format!("<ul>{}", sibling.repeat(10_000)));
        assert!(minify(&original).is_ok(), "{sibling}");
    }
}

/// A generator of random pages. The same seed gives the same pages (xorshift64*).
struct Random(u64);

impl Random {
    fn number_below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.number_below(choices.len())]
    }

    fn space(&mut self) -> &'static str {
        self.one_of(&["", "", " ", "  ", "\n", "\n    ", "\t", "\r\n", " <!-- c --> ", "<!---->"])
    }

    fn text(&mut self) -> String {
        let word = self.one_of(&[
            "a",
            "two words",
            "x\n  y",
            "1,",
            ".",
            "&amp;",
            "&lt;b&gt;",
            "\u{a0}",
            "&nbsp;",
            "日本",
            "👋🏽",
            "\u{200b}",
            "\u{fdd0} 12\u{fdd1}",
            "<3",
            "&copy;",
            "a & b",
            "\"q\"",
            "'",
            "&#x27;",
        ]);
        format!("{}{word}{}", self.space(), self.space())
    }

    fn attributes(&mut self) -> &'static str {
        self.one_of(&[
            "",
            "",
            "",
            " class=\"a  b\"",
            " id=x",
            " title='a \"b\"'",
            " class=\"\"",
            " hidden",
            " data-a=\"x>y\" data-b",
            " style=\" color:red \"",
            " lang=\"\" TITLE=T title=u",
            " data-tag=\"\u{fdd0} 7\u{fdd1}\"",
            " aria-label=\"a &amp; 'b' &quot;c&quot;\"",
        ])
    }

    /// A start tag, an end tag, both, a text or a space, regardless of what came before.
    fn tag(&mut self) -> String {
        let name = self.one_of(&[
            "a", "b", "i", "code", "span", "x-y", "label", "button", "select", "option", "optgroup", "dialog", "br",
            "img", "input", "noscript", "template", "script", "style", "title", "textarea", "iframe", "meta", "svg",
            "text", "g", "desc", "image", "math", "mi", "p", "p", "p", "div", "div", "pre", "h2", "h3", "ul", "li",
            "li", "dl", "dd", "dt", "hr", "form", "fieldset", "legend", "details", "summary", "center", "address",
            "table", "table", "caption", "colgroup", "col", "tbody", "tr", "tr", "td", "td", "ruby", "rt", "object",
            "html", "head", "body", "link", "nobr", "font", "em",
        ]);
        let attributes = self.attributes();
        let content = self.space();
        match self.number_below(9) {
            0..3 => format!("<{name}{attributes}>{content}"),
            3 => format!("<{name}/>{content}"),
            4 => format!("{content}</{name}>{}", self.space()),
            5 | 6 => format!("<{name}{attributes}>{content}{}</{name}>{}", self.text(), self.space()),
            7 => format!("{content}<{name}>{}<{name}>{content}", self.text()),
            _ => self.text(),
        }
    }

    fn inlines(&mut self, depth: usize) -> String {
        (0..=self.number_below(4)).map(|_| self.inline(depth)).collect()
    }

    fn inline(&mut self, depth: usize) -> String {
        if depth == 0 || self.number_below(3) == 0 {
            return self.text();
        }
        let attributes = self.attributes();
        match self.number_below(12) {
            0 => format!("<img src=\"a.png\"{attributes}>"),
            1 => self.one_of(&["<br>", "<br />", "<wbr>", "<input>", "<svg> <path d=\"M0 0\"/> </svg>"]).into(),
            2 => self.one_of(&["<script> a  <b </script>", "<style> a </style>", "<meta name=a>"]).into(),
            3 => format!("<textarea{attributes}>{}</textarea>", self.one_of(&["", "\n\n a  b ", " &lt; "])),
            4 => format!("<select>{}<option> a {}</select>", self.space(), self.space()),
            _ => {
                let name = self.one_of(&[
                    "span", "b", "em", "strong", "i", "s", "small", "code", "label", "button", "x-y", "mark", "sub",
                    "picture", "noscript", "template", "dialog", "q", "time", "SPAN",
                ]);
                format!("<{name}{attributes}>{}</{name}>", self.inlines(depth - 1))
            }
        }
    }

    fn blocks(&mut self, depth: usize) -> String {
        let pieces = 1 + self.number_below(4);
        (0..pieces).map(|_| format!("{}{}", self.space(), self.block(depth))).collect()
    }

    fn block(&mut self, depth: usize) -> String {
        let attributes = self.attributes();
        if depth == 0 {
            return self.inlines(2);
        }
        match self.number_below(12) {
            0 => format!("<pre{attributes}>{}</pre>", self.inlines(2)),
            1 => format!("<p{attributes}>{}", self.inlines(3)) + self.one_of(&["</p>", "</p>", "<p>x</p>", "<hr>"]),
            2 => {
                let items: String = (0..=self.number_below(3))
                    .map(|_| {
                        format!("{}<li{attributes}>{}", self.space(), self.blocks(depth - 1))
                            + self.one_of(&["</li>", ""])
                    })
                    .collect();
                format!("<ul>{items}{}</ul>", self.space())
            }
            3 => format!(
                "<table>{0}<tr>{0}<td>{1}<td>{2}</td>{0}</tr>{0}</table>",
                self.space(),
                self.blocks(depth - 1),
                self.inlines(2)
            ),
            4 => self.inlines(3),
            5 => format!(
                "<details>{}<summary>{}</summary>{}</details>",
                self.space(),
                self.inlines(2),
                self.blocks(depth - 1)
            ),
            _ => {
                let name = self.one_of(&["div", "section", "article", "blockquote", "h2", "form", "figure", "DIV"]);
                format!("<{name}{attributes}>{}{}</{name}>", self.blocks(depth - 1), self.space())
            }
        }
    }
}
