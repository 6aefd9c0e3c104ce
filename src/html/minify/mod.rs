//! Minifies a page of HTML without changing what visitors see: elements, attributes and visible text stay the same,
//! including spaces between inline elements.
//!
//! This is our own code because minify-html 0.18.1 drops the space between inline elements that are direct children of
//! `div`, `nav`, `form`, `section` or `main`, no option prevents it, and it takes about 120 µs a page
//! (`findings/minify-html-inline-space.sh`).
//!
//! One pass over the tokens drops comments, invisible spaces, and quotes that values do not need. Every tag stays. Which
//! spaces are visible depends on the elements around them, so the pass keeps a stack of open elements, as browsers do. A
//! page that needs a browser's error recovery (tags that are not nested, text directly in a table) is returned unchanged.
//!
//! The pass does not see the theme's CSS. Spaces inside a block-level tag and between two blocks are dropped, so a theme
//! must not make such elements `inline` and rely on the space between them (list items are the exception), and must not
//! set `white-space: pre` for text outside `pre` and `code`.

mod elements;

use std::borrow::Cow;
use std::fmt;

use memchr::memchr;

use self::elements::{
    Edge, Layout, bounds_items, can_contain, closes_with, is_heading, is_preformatted, is_space_visible, leaves_svg,
};
use super::tags::{
    Attribute, Attributes, Element, HeadEnd, Markup, comment_length, ends_name, is_void, lower_case, position,
    raw_text_length,
};

/// The maximum depth of elements in the body. Browsers stop nesting at 512.
pub const MAX_DEPTH: usize = 256;

/// The error of a page whose elements are nested deeper than [`MAX_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep {
    /// The byte offset of the first tag beyond the limit.
    pub offset: usize,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "elements are nested more than {MAX_DEPTH} deep")
    }
}

impl std::error::Error for TooDeep {}

/// A minified page.
pub struct Minified {
    pub html: String,
    /// The end of the head, as [`HeadEnd`] finds it.
    pub head_end: usize,
}

/// Minifies a page, or returns it unchanged if it needs a browser's error recovery.
pub fn minify(html: &str) -> Result<String, TooDeep> {
    let minified = minify_and_visit(html, &mut |_| {})?;
    Ok(minified.map_or_else(|| html.to_owned(), |minified| minified.html))
}

/// Minifies a page and calls `visit` for each of its elements, so that nothing has to read the page again. Returns `None`
/// if the page needs a browser's error recovery; `visit` may then have been called for some of its elements.
pub fn minify_and_visit<'a>(
    html: &'a str,
    visit: &mut dyn FnMut(&Element<'a, '_>),
) -> Result<Option<Minified>, TooDeep> {
    let minifier = Minifier {
        length: html.len(),
        rest: html,
        out: String::with_capacity(html.len()),
        open: Vec::new(),
        before: Edge::default(),
        space: "",
        svg_depth: 0,
        preformatted_depth: 0,
        attributes: Vec::new(),
        left_at_noscript_end: 0,
        head_end: HeadEnd::default(),
        visit,
    };
    match minifier.run() {
        Ok(minified) => Ok(Some(minified)),
        Err(Stop::NeedsBrowserRecovery) => Ok(None),
        Err(Stop::TooDeep(error)) => Err(error),
    }
}

/// Why minifying stops early.
enum Stop {
    /// Only a browser's error recovery gives this page a structure.
    NeedsBrowserRecovery,
    TooDeep(TooDeep),
}

type Step = Result<(), Stop>;

struct OpenElement<'a> {
    /// In lower case.
    name: Cow<'a, str>,
    layout: Layout,
    outer: Edge,
}

struct Minifier<'a, 'v> {
    length: usize,
    /// The part of the page not yet read.
    rest: &'a str,
    out: String,
    open: Vec<OpenElement<'a>>,
    /// What is before the white space that is not written yet.
    before: Edge,
    /// That white space, collapsed. A line feed stays one, because CSS drops it between Chinese characters.
    space: &'static str,
    /// The number of open `svg` elements.
    svg_depth: usize,
    /// The number of open elements in which white space is significant.
    preformatted_depth: usize,
    /// The current tag's attributes.
    attributes: Vec<Attribute<'a>>,
    /// The length of the rest at the end of the latest `noscript`, for a browser with scripts, which reads it as text.
    left_at_noscript_end: usize,
    head_end: HeadEnd,
    visit: &'v mut dyn FnMut(&Element<'a, '_>),
}

impl<'a> Minifier<'a, '_> {
    fn run(mut self) -> Result<Minified, Stop> {
        while !self.rest.is_empty() {
            match Markup::at_start_of(self.rest) {
                Markup::StartTag => self.start_tag()?,
                Markup::EndTag => self.end_tag()?,
                Markup::Comment => self.comment()?,
                Markup::Text => self.text()?,
            }
        }
        // A browser with scripts may see an end tag of `noscript` where this pass sees a comment or an attribute.
        bail_if(self.is_open("noscript"))?;
        Ok(Minified { head_end: self.head_end.of(&self.out), html: self.out })
    }

    fn text(&mut self) -> Step {
        // The first byte may be a `<` that begins no tag.
        let length = memchr(b'<', &self.rest.as_bytes()[1..]).map_or(self.rest.len(), |at| at + 1);
        let (mut text, rest) = self.rest.split_at(length);
        self.rest = rest;
        bail_if(self.in_table_part() && !text.bytes().all(is_space))?;
        if self.preformatted_depth > 0 {
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
            let (words, after) = from_word.split_at(collapsed_length(from_word));
            self.write_space(Edge::Inline);
            self.out.push_str(words);
            self.before = Edge::Inline;
            text = after;
        }
    }

    /// Writes the white space read since `before`, if it is visible in front of `after`.
    fn write_space(&mut self, after: Edge) {
        if is_space_visible(self.before, after) {
            self.out.push_str(self.space);
        }
        self.space = "";
    }

    /// Copies a doctype. Drops a comment, or what browsers treat as one.
    fn comment(&mut self) -> Step {
        bail_if(self.rest.starts_with("<![CDATA["))?;
        let (comment, rest) = self.rest.split_at(comment_length(self.rest));
        self.rest = rest;
        let start = comment.get(.."<!doctype".len());
        if start.is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            self.out.push_str(comment);
            return bail_if(!comment.ends_with('>'));
        }
        // An empty comment stays where the text around it would join: `&am<!-- -->p;` would become an ampersand,
        // `<<!-- -->b>` a tag, and the line feed in `<pre><!-- -->\n` would be ignored.
        let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '&' | '#' | '<');
        if self.preformatted_depth > 0 || (self.space.is_empty() && self.out.ends_with(joins)) {
            self.out.push_str("<!---->");
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Step {
        let offset = self.length - self.rest.len();
        let name = self.tag_name("<");
        let is_self_closing = self.attributes()?;
        let layout = Layout::of(&name);
        self.close_implied(&name, layout)?;
        let is_hidden = |attribute: &Attribute| attribute.name.eq_ignore_ascii_case("hidden");
        let hidden = self.attributes.iter().any(is_hidden);
        let outer = if hidden { Edge::Inline } else { layout.outer() };
        if layout != Layout::Invisible {
            self.write_space(outer);
            self.before = outer;
        }
        self.head_end.start_tag(&name, self.out.len());
        self.write_start_tag(&name);
        let in_svg = self.svg_depth > 0 || name == "svg";
        if is_self_closing && in_svg {
            self.out.push_str(" />");
            self.visit(name, "");
            return Ok(());
        }
        self.out.push('>');
        let is_raw = match &*name {
            "iframe" | "script" | "style" | "textarea" | "title" => true,
            "desc" => in_svg,
            _ => false,
        };
        if is_raw {
            return self.raw(name);
        }
        self.visit(name.clone(), "");
        match &*name {
            "body" | "head" | "html" => Ok(()),
            _ if !in_svg && is_void(&name) => Ok(()),
            _ if self.open.len() == MAX_DEPTH => Err(Stop::TooDeep(TooDeep { offset })),
            _ => self.push(OpenElement { name, layout, outer }),
        }
    }

    /// Closes the elements that browsers close in front of a start tag. Stops if browsers would do more: ignore the tag,
    /// move it, or close several unrelated elements.
    fn close_implied(&mut self, name: &str, layout: Layout) -> Step {
        if self.svg_depth > 0 {
            return bail_if(leaves_svg(name, layout));
        }
        match name {
            "caption" | "col" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => {
                while !can_contain(self.top(), name) {
                    bail_if(!closes_with(self.top(), "table"))?;
                    self.close();
                }
                return Ok(());
            }
            "template" => return Ok(()),
            _ if layout == Layout::Invisible => return Ok(()),
            _ => bail_if(layout == Layout::Special || self.in_table_part())?,
        }
        if matches!(layout, Layout::Block | Layout::ListItem) || matches!(name, "dialog" | "table") {
            self.close_innermost(&["p"], |open| matches!(&*open.name, "button" | "object" | "template"))?;
        }
        match name {
            "li" => self.close_innermost(&["li"], |open| bounds_items(&open.name, open.layout)),
            "dd" | "dt" => self.close_innermost(&["dd", "dt"], |open| bounds_items(&open.name, open.layout)),
            "optgroup" | "option" => {
                while self.top() == "option" || self.top() == name {
                    self.close();
                }
                Ok(())
            }
            "a" | "button" | "form" | "select" => bail_if(self.is_open(name)),
            "input" | "textarea" => bail_if(self.is_open("select")),
            _ => bail_if(is_heading(name) && is_heading(self.top())),
        }
    }

    /// Closes the innermost element if it has one of the names. Stops if an element around it has one, up to a bound.
    fn close_innermost(&mut self, names: &[&str], bounds: fn(&OpenElement) -> bool) -> Step {
        if names.contains(&self.top()) {
            self.close();
            return Ok(());
        }
        let mut outwards = self.open.iter().rev();
        let nearest = outwards.find(|open| names.contains(&&*open.name) || bounds(open));
        bail_if(nearest.is_some_and(|open| names.contains(&&*open.name)))
    }

    fn push(&mut self, open: OpenElement<'a>) -> Step {
        match &*open.name {
            "svg" => self.svg_depth += 1,
            name if is_preformatted(name) => self.preformatted_depth += 1,
            "noscript" => {
                let length = raw_text_length(self.rest, &open.name).ok_or(Stop::NeedsBrowserRecovery)?;
                self.left_at_noscript_end = self.rest.len() - length;
            }
            _ => {}
        }
        self.before = open.layout.inner();
        self.open.push(open);
        Ok(())
    }

    /// Closes the innermost element, with or without an end tag.
    fn close(&mut self) {
        let Some(top) = self.open.pop() else { return };
        self.write_space(top.layout.inner());
        self.before = top.outer;
        match &*top.name {
            "svg" => self.svg_depth -= 1,
            name if is_preformatted(name) => self.preformatted_depth -= 1,
            _ => {}
        }
    }

    fn end_tag(&mut self) -> Step {
        let left = self.rest.len();
        let name = self.tag_name("</");
        if name == "head" {
            self.head_end.end_tag(self.out.len());
        }
        self.attributes()?;
        bail_if(name == "noscript" && left != self.left_at_noscript_end)?;
        if !matches!(&*name, "body" | "head" | "html") {
            while self.top() != name {
                bail_if(!closes_with(self.top(), &name))?;
                self.close();
            }
            self.close();
        }
        self.write_end_tag(&name);
        Ok(())
    }

    /// Copies an element whose content is text up to its end tag.
    fn raw(&mut self, name: Cow<'a, str>) -> Step {
        let length = raw_text_length(self.rest, &name).ok_or(Stop::NeedsBrowserRecovery)?;
        let (content, rest) = self.rest.split_at(length);
        // A comment in a script may hide its end tag. In SVG, the content may have tags.
        bail_if(name == "script" && content.contains("<!--") || self.svg_depth > 0 && content.contains('<'))?;
        self.visit(name.clone(), content);
        self.out.push_str(content);
        self.rest = &rest["</".len() + name.len()..];
        self.attributes()?;
        self.write_end_tag(&name);
        Ok(())
    }

    fn visit(&mut self, name: Cow<'a, str>, content: &'a str) {
        (self.visit)(&Element { name, attributes: &self.attributes, content });
    }

    /// Returns the name of the innermost open element.
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
        let (name, rest) = from_name.split_at(position(from_name, ends_name));
        self.rest = rest;
        lower_case(name)
    }

    /// Reads the attributes and moves past the tag's end. Returns whether the tag ends in `/>`.
    fn attributes(&mut self) -> Result<bool, Stop> {
        self.attributes.clear();
        if let Some(rest) = self.rest.strip_prefix('>') {
            self.rest = rest;
            return Ok(false);
        }
        let mut attributes = Attributes::of(self.rest);
        self.attributes.extend(&mut attributes);
        let Some(rest) = attributes.rest.strip_prefix('>') else { return Err(Stop::NeedsBrowserRecovery) };
        self.rest = rest;
        bail_if(self.attributes.iter().any(|attribute| attribute.name.starts_with('=')))?;
        Ok(attributes.after_slash)
    }

    /// Writes a start tag without its `>`.
    fn write_start_tag(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for attribute in &self.attributes {
            self.out.push(' ');
            self.out.push_str(attribute.name);
            let value = attribute.value();
            if !value.is_empty() {
                self.out.push('=');
                self.out.push_str(if needs_quotes(value) { attribute.written } else { value });
            }
        }
    }

    fn write_end_tag(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

fn bail_if(needs_recovery: bool) -> Step {
    if needs_recovery { Err(Stop::NeedsBrowserRecovery) } else { Ok(()) }
}

fn needs_quotes(value: &str) -> bool {
    let is_special = |byte: u8| {
        (byte <= b' ')
            | (byte == b'"')
            | (byte == b'\'')
            | (byte == b'=')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'`')
    };
    // Without an early exit, this is compiled to vector instructions.
    value.bytes().fold(false, |any, byte| any | is_special(byte))
}

/// Returns the length of the text up to the first white space that is collapsed or that ends the text. `text` begins with
/// a word.
fn collapsed_length(text: &str) -> usize {
    const STEP: usize = 32;
    let bytes = text.as_bytes();
    let mut at = 0;
    // Most text has single spaces and line feeds between words. In steps without an early exit, this is compiled to vector
    // instructions.
    while at + STEP < bytes.len() {
        let (step, next) = (&bytes[at..at + STEP], &bytes[at + 1..at + 1 + STEP]);
        let collapses = step.iter().zip(next).fold(false, |any, (&byte, &next)| {
            any | (is_space(byte) & is_space(next)) | (byte == b'\t') | (byte == b'\r')
        });
        if collapses {
            break;
        }
        at += STEP;
    }
    while at < bytes.len() {
        let is_collapsed =
            |byte: u8| matches!(byte, b'\t' | b'\r') || bytes.get(at + 1).is_none_or(|&next| is_space(next));
        if is_space(bytes[at]) && is_collapsed(bytes[at]) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// Returns whether CSS collapses a character. A form feed is not collapsed.
fn is_space(byte: u8) -> bool {
    (byte == b' ') | (byte == b'\n') | (byte == b'\t') | (byte == b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the minified body of a short page.
    fn body(html: &str) -> String {
        let start = "<!doctype html><title>t</title>";
        let page = minify(&format!("{start}{html}")).expect("the page is not deep");
        page.strip_prefix(start).expect("the start stays the same").to_owned()
    }

    #[test]
    fn only_invisible_spaces_are_dropped() {
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
    fn tags_lose_quotes_and_empty_values() {
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
    fn marks_of_slots_are_kept_and_stay_in_quotes() {
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
    fn page_that_needs_error_recovery_is_returned_unchanged() {
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
            assert_eq!(minify(&page).expect("the page is not deep"), page);
        }
    }

    #[test]
    fn error_has_the_offset_where_the_page_gets_too_deep() {
        let page = "<i>".repeat(MAX_DEPTH + 1);
        let error = minify(&page).expect_err("the page is too deep");
        assert_eq!(error.offset, MAX_DEPTH * "<i>".len());
        assert_eq!(error.to_string(), "elements are nested more than 256 deep");
    }
}
