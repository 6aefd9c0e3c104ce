//! A whole page of HTML comes in; the same page goes out smaller: same elements, same attributes, same
//! visible text, spaces between inline elements included.
//!
//! One pass over the tokens drops comments, spaces that can't show, and quotes that values can do without;
//! every tag stays. Which spaces show depends on the elements around them, so the pass keeps a browser's
//! stack of open elements. Where a page needs a browser's error recovery to be understood (tags that don't
//! nest, text directly in a table), it is returned as it is.
//!
//! What can't be seen from here is the theme's CSS. Spaces just inside a block-level tag and between two
//! blocks go, so a theme must not make such elements `inline` and count on the space between them (list
//! items are the exception), nor give running text a `white-space: pre` outside of `pre` and `code`.

use std::borrow::Cow;
use std::fmt;

/// The most elements of the body that may be open at once. Browsers stop nesting at 512.
pub const MAX_DEPTH: usize = 256;

/// A page nests its elements deeper than [`MAX_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep {
    /// Where in the page the first tag too many begins, in bytes.
    pub offset: usize,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "elements are nested more than {MAX_DEPTH} deep")
    }
}

impl std::error::Error for TooDeep {}

/// Minifies a whole page.
pub fn minify(html: &str) -> Result<String, TooDeep> {
    let pass = Pass { length: html.len(), rest: html, out: String::with_capacity(html.len()), ..Pass::default() };
    match pass.run() {
        Ok(minified) => Ok(minified),
        Err(Stop::Strange) => Ok(html.to_owned()),
        Err(Stop::TooDeep(error)) => Err(error),
    }
}

enum Stop {
    /// Only a browser knows what this page means: leave it alone.
    Strange,
    TooDeep(TooDeep),
}

type Step = Result<(), Stop>;

/// How an element sits among its neighbours, as browsers' own stylesheet and parser have it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// In the line: text, replaced elements, and whatever isn't known.
    Inline,
    /// Its start tag ends an open `p`.
    Block,
    /// A block that themes often turn into a row of words.
    ListItem,
    /// A block that has its place in another one, and leaves an open `p` alone.
    Part,
    /// Holds cells; browsers move text that is directly in it elsewhere.
    TablePart,
    /// Never seen: the line goes on as if the tag weren't there. Browsers make up for `html`, `head` and
    /// `body` and ignore misplaced ones, so the tags of these mean nothing, either.
    Unseen,
    /// Parsed by rules of its own.
    Strange,
}

/// One side of a white space.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Edge {
    /// Text or an inline tag.
    Inline,
    /// The outer side of a list item's tag.
    Item,
    /// The outer side of a block's tag, or the beginning of the page.
    #[default]
    Outside,
    /// The inner side of a block's tag.
    Inside,
}

impl Layout {
    #[rustfmt::skip]
    fn of(name: &str) -> Layout {
        match name {
            "address" | "article" | "aside" | "blockquote" | "center" | "dd" | "details" | "dir" | "div" | "dl"
            | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" | "header" | "hgroup" | "hr" | "main" | "menu" | "nav" | "ol" | "p" | "pre" | "search"
            | "section" | "summary" | "ul" => Layout::Block,
            "li" => Layout::ListItem,
            "caption" | "legend" | "optgroup" | "option" | "td" | "th" => Layout::Part,
            "col" | "colgroup" | "table" | "tbody" | "tfoot" | "thead" | "tr" => Layout::TablePart,
            "area" | "base" | "body" | "head" | "html" | "link" | "meta" | "param" | "script" | "source" | "style"
            | "title" | "track" => Layout::Unseen,
            "foreignobject" | "frame" | "frameset" | "image" | "listing" | "math" | "nobr" | "noembed" | "noframes"
            | "plaintext" | "xmp" => Layout::Strange,
            _ => Layout::Inline,
        }
    }

    fn outer(self) -> Edge {
        match self {
            Layout::Block | Layout::Part | Layout::TablePart => Edge::Outside,
            Layout::ListItem => Edge::Item,
            Layout::Inline | Layout::Unseen | Layout::Strange => Edge::Inline,
        }
    }

    fn inner(self) -> Edge {
        if self.outer() == Edge::Inline { Edge::Inline } else { Edge::Inside }
    }
}

/// Whether white space between two edges can show.
///
/// It can between text and a block, too: a block that is not displayed leaves the line on both its sides
/// as one. Between `</li>` and `<li>` it shows in the common trick of inline lists.
fn shows(before: Edge, after: Edge) -> bool {
    match (before, after) {
        (Edge::Inside, _) | (_, Edge::Inside) => false,
        (Edge::Inline, _) | (_, Edge::Inline) => true,
        (before, after) => before == Edge::Item && after == Edge::Item,
    }
}

struct Open<'a> {
    /// In lower case.
    name: Cow<'a, str>,
    layout: Layout,
    outer: Edge,
}

#[derive(Default)]
struct Pass<'a> {
    length: usize,
    /// What is still to be read.
    rest: &'a str,
    out: String,
    open: Vec<Open<'a>>,
    /// What stands before the white space that is not written yet.
    before: Edge,
    /// That white space, collapsed: a line feed if it has one (CSS drops those between Chinese characters).
    space: &'static str,
    /// How many `svg` are open.
    svg: usize,
    /// How many elements are open in which white space counts.
    verbatim: usize,
    /// The current tag's attributes: names, and values in their quotes.
    attributes: Vec<(&'a str, &'a str)>,
    /// How much is left where a browser with scripts, to which it is all text, ends the latest `noscript`.
    left_at_noscript_end: usize,
}

impl<'a> Pass<'a> {
    fn run(mut self) -> Result<String, Stop> {
        while !self.rest.is_empty() {
            match self.rest.as_bytes() {
                [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => self.start_tag()?,
                [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => self.end_tag()?,
                [b'<', b'!' | b'?', ..] | [b'<', b'/', _, ..] => self.comment()?,
                _ => self.text()?,
            }
        }
        // What hides a `noscript`'s end tag from us doesn't hide it from a browser with scripts.
        strange_if(self.is_open("noscript"))?;
        Ok(self.out)
    }

    fn text(&mut self) -> Step {
        // It may begin with a `<` that begins no tag.
        let length = self.rest.bytes().skip(1).position(|byte| byte == b'<');
        let (mut text, rest) = self.rest.split_at(length.map_or(self.rest.len(), |at| at + 1));
        self.rest = rest;
        strange_if(self.in_table_part() && !text.bytes().all(is_space))?;
        if self.verbatim > 0 {
            self.out.push_str(text);
            self.before = Edge::Inline;
            return Ok(());
        }
        loop {
            let (gap, from_word) = text.split_at(position(text, |byte| !is_space(byte)));
            if gap.contains(['\n', '\r']) {
                self.space = "\n";
            } else if self.space.is_empty() && !gap.is_empty() {
                self.space = " ";
            }
            if from_word.is_empty() {
                return Ok(());
            }
            let (word, after) = from_word.split_at(position(from_word, is_space));
            self.write_space(Edge::Inline);
            self.out.push_str(word);
            self.before = Edge::Inline;
            text = after;
        }
    }

    /// Writes the white space that was met since `before`, if it shows before `after`.
    fn write_space(&mut self, after: Edge) {
        if shows(self.before, after) {
            self.out.push_str(self.space);
        }
        self.space = "";
    }

    /// Copies a doctype. Drops a comment, or what browsers take for one.
    fn comment(&mut self) -> Step {
        strange_if(self.rest.starts_with("<![CDATA["))?;
        let (comment, rest) = self.rest.split_at(comment_length(self.rest));
        self.rest = rest;
        let start = comment.get(.."<!doctype".len());
        if start.is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            self.out.push_str(comment);
            return strange_if(!comment.ends_with('>'));
        }
        // Without the comments, `&am<!-- -->p;` were an ampersand and `<<!-- -->b>` a tag, and the line feed
        // in `<pre><!-- -->\n` were ignored.
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '&' | '#' | '<');
        if self.verbatim > 0 || (self.space.is_empty() && self.out.ends_with(joins)) {
            self.out.push_str("<!---->");
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Step {
        let offset = self.length - self.rest.len();
        let name = self.tag_name("<");
        let closed = self.attributes()?;
        let layout = Layout::of(&name);
        self.make_room(&name, layout)?;
        let is_hidden = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("hidden");
        let hidden = self.attributes.iter().any(is_hidden);
        let outer = if hidden { Edge::Inline } else { layout.outer() };
        if layout != Layout::Unseen {
            self.write_space(outer);
            self.before = outer;
        }
        self.write_start_tag(&name);
        let in_svg = self.svg > 0 || name == "svg";
        if closed && in_svg {
            self.out.push_str(" />");
            return Ok(());
        }
        self.out.push('>');
        match &*name {
            "body" | "head" | "html" => Ok(()),
            "iframe" | "script" | "style" | "textarea" | "title" => self.raw(&name),
            "desc" if in_svg => self.raw(&name),
            _ if !in_svg && is_void(&name) => Ok(()),
            _ if self.open.len() == MAX_DEPTH => Err(Stop::TooDeep(TooDeep { offset })),
            _ => self.push(Open { name, layout, outer }),
        }
    }

    /// Closes what browsers close before a start tag. Stops where they do more than that: where they ignore
    /// the tag, move it, or close several elements that don't belong together.
    fn make_room(&mut self, name: &str, layout: Layout) -> Step {
        if self.svg > 0 {
            return strange_if(leaves_svg(name, layout));
        }
        match name {
            "caption" | "col" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => {
                while !holds(self.top(), name) {
                    strange_if(!ends_with(self.top(), "table"))?;
                    self.close();
                }
                return Ok(());
            }
            "template" => return Ok(()),
            _ if layout == Layout::Unseen => return Ok(()),
            _ => strange_if(layout == Layout::Strange || self.in_table_part())?,
        }
        if matches!(layout, Layout::Block | Layout::ListItem) || matches!(name, "dialog" | "table") {
            self.end_open(&["p"], |open| matches!(&*open.name, "button" | "object" | "template"))?;
        }
        match name {
            "li" => self.end_open(&["li"], bounds_items),
            "dd" | "dt" => self.end_open(&["dd", "dt"], bounds_items),
            "optgroup" | "option" => {
                while self.top() == "option" || self.top() == name {
                    self.close();
                }
                Ok(())
            }
            "a" | "button" | "form" | "select" => strange_if(self.is_open(name)),
            "input" | "textarea" => strange_if(self.is_open("select")),
            _ => strange_if(is_heading(name) && is_heading(self.top())),
        }
    }

    /// Closes the innermost element if it has one of the names. Stops if another one has, up to a bound.
    fn end_open(&mut self, names: &[&str], bounds: fn(&Open) -> bool) -> Step {
        if names.contains(&self.top()) {
            self.close();
            return Ok(());
        }
        let mut outwards = self.open.iter().rev();
        let found = outwards.find(|open| names.contains(&&*open.name) || bounds(open));
        strange_if(found.is_some_and(|open| names.contains(&&*open.name)))
    }

    fn push(&mut self, open: Open<'a>) -> Step {
        match &*open.name {
            "svg" => self.svg += 1,
            // In `text` of SVG, `xml:space` may make it count.
            "code" | "pre" | "text" => self.verbatim += 1,
            "noscript" => {
                let length = raw_length(self.rest, &open.name).ok_or(Stop::Strange)?;
                self.left_at_noscript_end = self.rest.len() - length;
            }
            _ => {}
        }
        self.before = open.layout.inner();
        self.open.push(open);
        Ok(())
    }

    /// Closes the innermost element, whether its end tag is written or not.
    fn close(&mut self) {
        let Some(top) = self.open.pop() else { return };
        self.write_space(top.layout.inner());
        self.before = top.outer;
        match &*top.name {
            "svg" => self.svg -= 1,
            "code" | "pre" | "text" => self.verbatim -= 1,
            _ => {}
        }
    }

    fn end_tag(&mut self) -> Step {
        let left = self.rest.len();
        let name = self.tag_name("</");
        self.attributes()?;
        strange_if(name == "noscript" && left != self.left_at_noscript_end)?;
        if !matches!(&*name, "body" | "head" | "html") {
            while self.top() != name {
                strange_if(!ends_with(self.top(), &name))?;
                self.close();
            }
            self.close();
        }
        self.out.extend(["</", &name, ">"]);
        Ok(())
    }

    /// An element whose content is text up to its end tag.
    fn raw(&mut self, name: &str) -> Step {
        let length = raw_length(self.rest, name).ok_or(Stop::Strange)?;
        let (content, rest) = self.rest.split_at(length);
        // A comment in a script may hide its end tag, and in SVG, none of these is text only.
        strange_if(name == "script" && content.contains("<!--") || self.svg > 0 && content.contains('<'))?;
        self.out.push_str(content);
        self.rest = &rest["</".len() + name.len()..];
        self.attributes()?;
        self.out.extend(["</", name, ">"]);
        Ok(())
    }

    /// The name of the innermost open element.
    fn top(&self) -> &str {
        self.open.last().map_or("", |open| &open.name)
    }

    fn in_table_part(&self) -> bool {
        self.open.last().is_some_and(|open| open.layout == Layout::TablePart)
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// Moves past a tag's name and returns it in lower case.
    fn tag_name(&mut self, start: &str) -> Cow<'a, str> {
        let from_name = &self.rest[start.len()..];
        let (name, rest) = from_name.split_at(position(from_name, ends_tag_name));
        self.rest = rest;
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        }
    }

    /// Reads attributes and moves past the tag's end. True if it ends in `/>`.
    fn attributes(&mut self) -> Result<bool, Stop> {
        self.attributes.clear();
        loop {
            let gap = position(self.rest, |byte| !byte.is_ascii_whitespace() && byte != b'/');
            let (gap, rest) = self.rest.split_at(gap);
            if let Some(rest) = rest.strip_prefix('>') {
                self.rest = rest;
                return Ok(gap.ends_with('/'));
            }
            let (name, rest) = rest.split_at(position(rest, |byte| ends_tag_name(byte) || byte == b'='));
            // The page ends here, or the name begins with `=`.
            if name.is_empty() {
                return Err(Stop::Strange);
            }
            let from_value = rest.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start);
            let (value, rest) = match from_value {
                Some(from_value) => from_value.split_at(value_length(from_value).ok_or(Stop::Strange)?),
                None => ("", rest),
            };
            self.attributes.push((name, value));
            self.rest = rest;
        }
    }

    /// Writes a start tag, but for its `>`.
    fn write_start_tag(&mut self, name: &str) {
        self.out.extend(["<", name]);
        for (name, value) in &self.attributes {
            self.out.extend([" ", name]);
            let inner = value.strip_prefix(['"', '\'']).map_or(*value, |rest| &rest[..rest.len() - 1]);
            if !inner.is_empty() {
                let bare = !inner.bytes().any(needs_quotes);
                self.out.extend(["=", if bare { inner } else { value }]);
            }
        }
    }
}

fn strange_if(strange: bool) -> Step {
    if strange { Err(Stop::Strange) } else { Ok(()) }
}

/// Whether browsers end `open` along with an element around it.
fn ends_with(open: &str, around: &str) -> bool {
    match (open, Layout::of(around)) {
        ("optgroup" | "option", _) => true,
        // Browsers ignore the end tag of `legend` and such while one of these is open in it.
        ("dd" | "dt" | "li" | "p", Layout::Part) => !matches!(around, "legend" | "optgroup" | "option"),
        ("dd" | "dt" | "li" | "p", layout) => layout != Layout::Inline,
        (_, Layout::TablePart) => {
            matches!(open, "caption" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr")
        }
        _ => false,
    }
}

/// Whether a part of a table can be in `parent` as it is, maybe with a row or group that browsers make up.
fn holds(parent: &str, part: &str) -> bool {
    match parent {
        "table" => true,
        "tbody" | "tfoot" | "thead" => matches!(part, "td" | "th" | "tr"),
        "tr" => matches!(part, "td" | "th"),
        "colgroup" => part == "col",
        _ => false,
    }
}

/// Whether an open element keeps a `li`, `dd` or `dt` in it from ending one around it.
fn bounds_items(open: &Open) -> bool {
    open.layout.inner() == Edge::Inside && !matches!(&*open.name, "address" | "div" | "legend" | "optgroup" | "option")
}

/// Whether browsers end an `svg` at this tag, or read HTML in it.
#[rustfmt::skip]
fn leaves_svg(name: &str, layout: Layout) -> bool {
    match name {
        "image" | "script" | "style" | "title" => false,
        "b" | "big" | "br" | "code" | "em" | "embed" | "font" | "i" | "img" | "ruby" | "s" | "small" | "span"
        | "strike" | "strong" | "sub" | "sup" | "tt" | "u" | "var" => true,
        _ => layout != Layout::Inline,
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

#[rustfmt::skip]
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source"
        | "track" | "wbr"
    )
}

/// The length of a comment, or of whatever ends like one.
fn comment_length(rest: &str) -> usize {
    if !rest.starts_with("<!--") {
        return rest.find('>').map_or(rest.len(), |at| at + 1);
    }
    // `<!-->` and `<!--->` are whole; `--!>` ends a comment, but `<!--!>` only begins one.
    let length = rest[2..].find("-->").map_or(rest.len(), |at| 2 + at + 3);
    rest[4..length].find("--!>").map_or(length, |at| 4 + at + 4)
}

/// The length of an attribute's value with its quotes; none if the page ends in it.
fn value_length(from_value: &str) -> Option<usize> {
    match from_value.chars().next()? {
        quote @ ('"' | '\'') => from_value[1..].find(quote).map(|at| at + 2),
        _ => Some(position(from_value, |byte| byte.is_ascii_whitespace() || byte == b'>')),
    }
}

/// The length of the text before `</name`.
pub fn raw_length(rest: &str, name: &str) -> Option<usize> {
    let mut ends = rest.match_indices("</").map(|(at, _)| at);
    ends.find(|at| {
        let after = &rest.as_bytes()[at + "</".len()..];
        after.len() > name.len()
            && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && ends_tag_name(after[name.len()])
    })
}

fn needs_quotes(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`')
}

fn ends_tag_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

/// What CSS collapses; a form feed is not among it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

/// Where the first byte that satisfies `wanted` is, or the end.
fn position(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(wanted).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minifies the body of a short page and takes it out again.
    fn body(html: &str) -> String {
        let start = "<!doctype html><title>t</title>";
        let page = minify(&format!("{start}{html}")).expect("it is not deep");
        page.strip_prefix(start).expect("it begins alike").to_owned()
    }

    #[test]
    fn spaces_stay_where_they_can_show_and_go_where_they_cannot() {
        for (html, minified) in [
            (" <p> a \n b </p> \n <p>c</p> ", "<p>a\nb</p><p>c</p>"),
            ("<div><s>$99</s>  \t<b>$49</b></div>", "<div><s>$99</s> <b>$49</b></div>"),
            ("<p>a <b> b </b> c</p>", "<p>a <b> b </b> c</p>"),
            ("<div> a <p>b</p> c </div>", "<div>a <p>b</p> c</div>"),
            ("<i>a</i> <div hidden> b </div> c", "<i>a</i> <div hidden>b</div> c"),
            ("<ul> <li> a </li>  <li>b</li> </ul>", "<ul><li>a</li> <li>b</li></ul>"),
            ("<ul> <li> <p> a <li>b </ul>", "<ul><li><p>a<li>b</ul>"),
            ("<table> <tr> <td> a <td>b </table>", "<table><tr><td>a<td>b</table>"),
            ("<b>a</b> <link> <b>b</b>", "<b>a</b><link> <b>b</b>"),
            ("<hr> <link> <p>b</p>", "<hr><link><p>b</p>"),
            ("<b>a</b> <!-- x --> <b>b</b>", "<b>a</b> <b>b</b>"),
            ("<p>a\u{a0} <b>b</b>\u{a0}</p>", "<p>a\u{a0} <b>b</b>\u{a0}</p>"),
            ("<pre>\n a\n</pre> <hr>", "<pre>\n a\n</pre><hr>"),
        ] {
            assert_eq!(body(html), minified, "{html}");
        }
    }

    #[test]
    fn tags_lose_what_browsers_do_without() {
        for (html, minified) in [
            ("<A href='/x/' Class=\"a  b\">x</A >", "<a href=/x/ Class=\"a  b\">x</a>"),
            ("<input value=\"\" required=\"\" />", "<input value required>"),
            ("<a href=\"/?a=1&amp;b=2\">x</a>", "<a href=\"/?a=1&amp;b=2\">x</a>"),
            ("<svg><path d=\"M0\"/></svg>", "<svg><path d=M0 /></svg>"),
        ] {
            assert_eq!(body(html), minified, "{html}");
        }
    }

    #[test]
    fn fill_ins_come_through_and_stay_in_quotes() {
        let slot = "\u{FDD0} 12\u{FDD1}";
        for name in ["content", "href", "value", "action", "class", "style", "title", "id"] {
            for value in [slot.to_owned(), format!("{slot}b"), format!("a{slot}"), format!("a{slot}b")] {
                let minified = body(&format!("<input {name}=\"{value}\">"));
                assert_eq!(minified, format!("<input {name}=\"{value}\">"));
            }
        }
        let texts = format!(
            "<p>{slot}</p><p>a {slot} {slot} <b>{slot}</b></p><textarea> {slot} </textarea><pre> {slot} </pre>\
             <script type=application/ld+json>{{ \"a\" : \"{slot}\" }}</script>"
        );
        assert_eq!(body(&texts), texts);
    }

    #[test]
    fn a_page_that_needs_error_recovery_is_returned_as_it_is() {
        for html in [
            "<b> <i> a </b> </i>",
            "<p> <b> a <div> b </div> </b> </p>",
            "<ul> <li> <b> a <li> b </b> </ul>",
            "<math> <mspace/> </math>",
            "<svg> <p> a </p> </svg>",
            "<table> a <tr> <td> </table>",
            "<p a=\"",
        ] {
            let page = format!("<!doctype html> <title> t </title> {html}");
            assert_eq!(minify(&page).expect("it is not deep"), page);
        }
    }

    #[test]
    fn an_error_says_where_the_page_gets_too_deep() {
        let page = "<i>".repeat(MAX_DEPTH + 1);
        let error = minify(&page).expect_err("it is too deep");
        assert_eq!(error.offset, MAX_DEPTH * "<i>".len());
        assert_eq!(error.to_string(), "elements are nested more than 256 deep");
    }
}
