//! A whole page of HTML comes in; the same page goes out smaller: same elements, same attributes, same
//! visible text, spaces between inline elements included.
//!
//! minify-html does the shrinking, but it reads HTML less carefully than a browser, so one pass over the
//! tokens goes first. That pass drops comments, decides which spaces at the edges of a text can show, and
//! hides these and every attribute name from minify-html behind bytes that UTF-8 never contains. They are
//! put back on the bytes that come out. Where a page needs a browser's error recovery to be understood
//! (tags that don't nest, MathML, odd character references), it is returned as it is.
//!
//! What can't be seen from here is the theme's CSS. Spaces just inside a block-level tag and between two
//! blocks go, so a theme must not make such elements `inline` and count on the space between them (list
//! items are the exception), nor give running text a `white-space: pre` outside of `pre` and `code`.

use std::ops::Range;
use std::{fmt, mem};

/// The most elements that may be open at once.
///
/// minify-html recurses. On a thread with 2 MiB of stack, as rayon's have, it overflows at 532 nested
/// elements unoptimised (266 `svg` with a `g` each), 1,080 with this crate's debug profile, 2,722 in a
/// release (measured with 0.18.1). Browsers themselves stop at 512.
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
    let tidied = match Tidy::new(html).run() {
        Ok(tidied) => tidied,
        Err(Stop::Strange) => return Ok(html.to_owned()),
        Err(Stop::TooDeep(error)) => return Err(error),
    };
    let minified = restore(&tidied);
    Ok(String::from_utf8(minified).unwrap_or_else(|_| html.to_owned()))
}

// Bytes that can't occur in UTF-8 stand for what minify-html must not touch.
const SPACE: u8 = 0xFF;
const LINE_FEED: u8 = 0xFE;
const TAB: u8 = 0xFD;
const CARRIAGE_RETURN: u8 = 0xFC;
const FORM_FEED: u8 = 0xFB;
/// Before an attribute's name. minify-html then doesn't know the attribute and keeps its value; it would
/// drop what matters: `value=""` of a checkbox, `sandbox=""`, the values of `hidden="until-found"` and
/// `crossorigin="use-credentials"`, `type="submit"` that a stylesheet may select, spaces in a viewport.
const NAME: u8 = 0xF8;

fn guarded(byte: u8) -> u8 {
    match byte {
        b' ' => SPACE,
        b'\n' => LINE_FEED,
        b'\t' => TAB,
        b'\r' => CARRIAGE_RETURN,
        b'\x0C' => FORM_FEED,
        other => other,
    }
}

fn restore(minified: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(minified.len());
    let mut rest = minified;
    while let Some(at) = rest.iter().position(|&byte| byte >= NAME) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            SPACE => out.push(b' '),
            LINE_FEED => out.push(b'\n'),
            TAB => out.push(b'\t'),
            CARRIAGE_RETURN => out.push(b'\r'),
            FORM_FEED => out.push(b'\x0C'),
            _ => {}
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out
}

enum Stop {
    /// Only a browser knows what this page means: leave it alone.
    Strange,
    TooDeep(TooDeep),
}

type Step = Result<(), Stop>;

/// How an element sits among its neighbours, as browsers' own stylesheet has it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// In the line: text, replaced elements, and whatever isn't known.
    Inline,
    /// In the line, or not there at all, but with block content: a space just inside can't show.
    Box,
    Block,
    /// A block that themes often turn into a row of words.
    ListItem,
    /// Holds cells; browsers move text that is directly in it elsewhere.
    TablePart,
    /// `html` and `head`; what doesn't belong there goes into a `body` that browsers begin or go back to.
    Head,
    /// Never seen: the line goes on as if the element weren't there.
    Unseen,
    /// Parsed by rules that minify-html doesn't know.
    Strange,
}

/// One side of a white space.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Text or an inline tag.
    Inline,
    /// The outer side of a list item's tag.
    Item,
    /// The outer side of a block's tag.
    Outside,
    /// The inner side of a block's tag.
    Inside,
}

impl Layout {
    #[rustfmt::skip]
    fn of(name: &[u8]) -> Layout {
        match name {
            b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"caption"
            | b"center" | b"dd" | b"details" | b"dir" | b"div" | b"dl" | b"dt" | b"fieldset"
            | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1" | b"h2" | b"h3" | b"h4"
            | b"h5" | b"h6" | b"header" | b"hgroup" | b"hr" | b"legend" | b"main" | b"menu"
            | b"nav" | b"ol" | b"optgroup" | b"option" | b"p" | b"pre" | b"search" | b"section"
            | b"summary" | b"td" | b"th" | b"ul" => Layout::Block,
            b"head" | b"html" => Layout::Head,
            b"li" => Layout::ListItem,
            b"table" | b"tbody" | b"thead" | b"tfoot" | b"tr" | b"colgroup" | b"col" => {
                Layout::TablePart
            }
            b"button" | b"datalist" | b"dialog" | b"select" => Layout::Box,
            b"area" | b"base" | b"link" | b"meta" | b"param" | b"script" | b"source" | b"style"
            | b"title" | b"track" => Layout::Unseen,
            b"foreignobject" | b"frame" | b"frameset" | b"image" | b"listing" | b"math"
            | b"noembed" | b"noframes" | b"plaintext" | b"xmp" => Layout::Strange,
            _ => Layout::Inline,
        }
    }

    fn outer(self) -> Edge {
        match self {
            Layout::Block | Layout::TablePart | Layout::Head => Edge::Outside,
            Layout::ListItem => Edge::Item,
            Layout::Inline | Layout::Box | Layout::Unseen | Layout::Strange => Edge::Inline,
        }
    }

    fn inner(self) -> Edge {
        match self {
            Layout::Block | Layout::TablePart | Layout::Head | Layout::ListItem | Layout::Box => Edge::Inside,
            Layout::Inline | Layout::Unseen | Layout::Strange => Edge::Inline,
        }
    }
}

/// Whether white space between two edges can show.
///
/// It can between text and a block, too: a block that is `hidden`, or a closed `dialog`, leaves the line
/// on both its sides as one. Between `</li>` and `<li>` it shows in the common trick of inline lists.
fn shows(before: Edge, after: Edge) -> bool {
    match (before, after) {
        (Edge::Inside, _) | (_, Edge::Inside) => false,
        (Edge::Inline, _) | (_, Edge::Inline) => true,
        (before, after) => before == Edge::Item && after == Edge::Item,
    }
}

/// An element that minify-html has open. Its stack is kept exactly, since it drops every end tag that
/// doesn't fit its own.
struct Open {
    /// In the output, where names are lower case.
    name: Range<usize>,
    layout: Layout,
}

struct Tidy<'a> {
    source: &'a [u8],
    at: usize,
    out: Vec<u8>,
    open: Vec<Open>,
    /// What stands before the white space, if any, that is not written yet.
    before: Edge,
    space: bool,
    /// How many `svg` are open.
    foreign: usize,
    /// How many `pre` and `code` are open.
    verbatim: usize,
    /// Where the content of the latest `pre` begins in the output.
    pre_content: usize,
    /// The names of the current tag's attributes, in the source.
    attributes: Vec<Range<usize>>,
    seen: [bool; 3],
    /// Where a browser with scripts, to which it is all text, ends the latest `noscript`.
    noscript_end: usize,
}

impl<'a> Tidy<'a> {
    fn new(html: &'a str) -> Self {
        Tidy {
            source: html.as_bytes(),
            at: 0,
            out: Vec::with_capacity(html.len() + html.len() / 16),
            open: Vec::new(),
            before: Edge::Outside,
            space: false,
            foreign: 0,
            verbatim: 0,
            pre_content: usize::MAX,
            attributes: Vec::new(),
            seen: [false; 3],
            noscript_end: 0,
        }
    }

    fn run(mut self) -> Result<Vec<u8>, Stop> {
        while self.at < self.source.len() {
            match &self.source[self.at..] {
                [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => self.start_tag()?,
                [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => self.end_tag()?,
                [b'<', b'!', _, ..] => self.declaration()?,
                [b'<', b'/' | b'?', _, ..] => self.comment_until(b">")?,
                [b'<', ..] => self.less_than()?,
                _ => self.text()?,
            }
        }
        // What hides a `noscript`'s end tag from us doesn't hide it from a browser with scripts.
        if self.is_open(b"noscript") {
            return Err(Stop::Strange);
        }
        Ok(self.out)
    }

    fn text(&mut self) -> Step {
        let rest = &self.source[self.at..];
        let text = &rest[..position(rest, |byte| byte == b'<')];
        let plain = text.trim_ascii();
        if !plain.is_empty() {
            self.check_text_place()?;
            check_references(text, Place::Text)?;
        }
        self.at += text.len();
        if self.verbatim > 0 {
            self.out.extend(text.iter().copied().map(guarded));
            self.before = Edge::Inline;
            return Ok(());
        }
        // Not white space to CSS, but to minify-html.
        if text.contains(&b'\x0C') {
            return Err(Stop::Strange);
        }
        self.space |= text[0].is_ascii_whitespace();
        if !plain.is_empty() {
            self.write_space(Edge::Inline);
            self.out.extend_from_slice(plain);
            self.before = Edge::Inline;
            self.space = text[text.len() - 1].is_ascii_whitespace();
        }
        Ok(())
    }

    /// minify-html takes more than letters for the beginning of a tag: `I <3 you`.
    fn less_than(&mut self) -> Step {
        self.check_text_place()?;
        self.write_space(Edge::Inline);
        self.out.extend_from_slice(b"&lt;");
        self.before = Edge::Inline;
        self.at += 1;
        Ok(())
    }

    fn check_text_place(&self) -> Step {
        match self.inside() {
            Some(Layout::TablePart | Layout::Head) => Err(Stop::Strange),
            _ => Ok(()),
        }
    }

    /// Writes the white space that was met since `before`, if it shows before `after`.
    fn write_space(&mut self, after: Edge) {
        if self.space && shows(self.before, after) {
            self.out.push(SPACE);
        }
        self.space = false;
    }

    fn declaration(&mut self) -> Step {
        let rest = &self.source[self.at..];
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            return match comment {
                [b'>', ..] | [b'-', b'>', ..] => self.comment_until(b">"),
                _ => self.comment_until(b"-->"),
            };
        }
        if rest.starts_with(b"<![CDATA[") {
            return Err(Stop::Strange);
        }
        if !starts_with_ignoring_case(rest, b"<!doctype") {
            return self.comment_until(b">");
        }
        let doctype = &rest[..position(rest, |byte| byte == b'>')];
        let name = doctype[b"<!doctype".len()..].trim_ascii_start();
        let complete = doctype.len() < rest.len();
        if !complete || !starts_with_ignoring_case(name, b"html") {
            return Err(Stop::Strange);
        }
        self.out.extend_from_slice(&rest[..=doctype.len()]);
        self.at += doctype.len() + 1;
        Ok(())
    }

    /// Drops a comment, or what browsers take for one.
    fn comment_until(&mut self, end: &[u8]) -> Step {
        // The line feed after `<pre>` is ignored, but not after `<pre><!-- -->`; `&am<!-- -->p;` is no
        // ampersand, and a carriage return and a line feed are two lines with a comment between them.
        if self.out.len() == self.pre_content
            || self.out.last() == Some(&CARRIAGE_RETURN)
            || ends_within_reference(&self.out)
        {
            return Err(Stop::Strange);
        }
        let rest = &self.source[self.at..];
        // `<!-->` is whole; so its end may overlap nothing but the dashes that began it.
        let from = if end.len() > 1 { b"<!--".len() } else { 2 };
        let length = find(&rest[from..], end).map_or(rest.len(), |at| from + at + end.len());
        if end.len() > 1 && find(&rest[from..length], b"--!>").is_some() {
            return Err(Stop::Strange);
        }
        self.at += length;
        Ok(())
    }

    fn start_tag(&mut self) -> Step {
        let begins = self.at;
        let name = self.tag_name(begins + 1)?;
        let name = &self.source[name];
        let mut lower = [0; MAX_NAME];
        let lower = lower_case(name, &mut lower);
        let layout = Layout::of(lower);
        if layout == Layout::Strange {
            return Err(Stop::Strange);
        }
        while self.open.last().is_some_and(|top| ends_before(&self.out[top.name.clone()], lower)) {
            self.close();
        }
        self.check_place(lower, layout)?;
        self.enter(layout);
        self.out.push(b'<');
        let name = self.out.len()..self.out.len() + lower.len();
        self.out.extend_from_slice(lower);
        let closed = self.attributes()?;
        self.foreign += usize::from(lower == b"svg");
        if closed && self.foreign > 0 {
            self.out.extend_from_slice(b" />");
            self.foreign -= usize::from(lower == b"svg");
            return Ok(());
        }
        self.out.push(b'>');
        if is_void(lower) {
            return Ok(());
        }
        match lower {
            b"script" | b"style" => self.raw(lower),
            b"textarea" | b"title" if self.foreign == 0 => self.raw(lower),
            _ => self.push(lower, name, layout, begins),
        }
    }

    /// The range of the name that begins at `from`, in the source.
    fn tag_name(&mut self, from: usize) -> Result<Range<usize>, Stop> {
        let rest = &self.source[from..];
        let length = position(rest, |byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        let known = |&byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':');
        // minify-html ends a name at any other character: `<my_element>`.
        if length == rest.len() || length > MAX_NAME || !rest[..length].iter().all(known) {
            return Err(Stop::Strange);
        }
        self.at = from + length;
        Ok(from..from + length)
    }

    /// Stops at tags that browsers move, ignore, or take for the end of an element.
    fn check_place(&mut self, name: &[u8], layout: Layout) -> Step {
        let in_table = self.inside() == Some(Layout::TablePart);
        let in_template = self.open_name(1) == Some(b"template".as_slice());
        let strange = match name {
            b"caption" | b"col" | b"colgroup" | b"tbody" | b"td" | b"tfoot" | b"th" | b"thead" | b"tr" => {
                !in_table && !in_template
            }
            // Browsers take a second one's attributes only; minify-html drops it.
            b"html" => self.before == Edge::Inline || mem::replace(&mut self.seen[0], true),
            b"head" => self.before == Edge::Inline || mem::replace(&mut self.seen[1], true),
            b"body" => self.before == Edge::Inline || mem::replace(&mut self.seen[2], true),
            b"template" => false,
            b"noscript" if !in_table => false,
            _ if in_table || self.inside() == Some(Layout::Head) => layout != Layout::Unseen,
            b"button" | b"form" | b"select" => self.is_open(name),
            _ if is_heading(name) => self.open_name(1).is_some_and(is_heading),
            _ => false,
        };
        if strange { Err(Stop::Strange) } else { Ok(()) }
    }

    /// The layout of the innermost open element.
    fn inside(&self) -> Option<Layout> {
        match self.open.last() {
            Some(top) => Some(top.layout),
            // Before `<html>` or after `</html>`.
            None => self.seen.contains(&true).then_some(Layout::Head),
        }
    }

    fn is_open(&self, name: &[u8]) -> bool {
        self.open.iter().any(|open| self.out[open.name.clone()] == *name)
    }

    /// Writes the white space before a start tag, and remembers what follows it.
    fn enter(&mut self, layout: Layout) {
        if layout == Layout::Unseen {
            if self.before == Edge::Inline {
                self.write_space(Edge::Inline);
            }
            return;
        }
        self.write_space(layout.outer());
        self.before = layout.outer();
    }

    /// Writes a start tag's attributes and moves past its end. True if it ends in `/>`.
    fn attributes(&mut self) -> Result<bool, Stop> {
        self.attributes.clear();
        loop {
            let rest = &self.source[self.at..];
            let gap = position(rest, |byte| !byte.is_ascii_whitespace() && byte != b'/');
            match rest.get(gap) {
                None | Some(b'=') => return Err(Stop::Strange),
                Some(b'>') => {
                    self.at += gap + 1;
                    return Ok(gap > 0 && rest[gap - 1] == b'/');
                }
                Some(_) => {
                    self.at += gap;
                    self.attribute()?;
                }
            }
        }
    }

    fn attribute(&mut self) -> Step {
        let begins = self.at;
        let rest = &self.source[begins..];
        let ends_name = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=');
        let name = &rest[..position(rest, ends_name)];
        let after_name = rest[name.len()..].trim_ascii_start();
        let mut value: &[u8] = b"";
        if let Some(after_equals) = after_name.strip_prefix(b"=") {
            let from_value = after_equals.trim_ascii_start();
            value = &from_value[..value_length(from_value).ok_or(Stop::Strange)?];
            check_references(value, Place::Value)?;
            self.at = self.source.len() - from_value.len() + value.len();
        } else {
            self.at += name.len();
        }
        // The first of two counts to browsers, the second to minify-html.
        let source = self.source;
        if self.attributes.iter().any(|seen| source[seen.clone()].eq_ignore_ascii_case(name)) {
            return Ok(());
        }
        self.attributes.push(begins..begins + name.len());
        self.out.extend_from_slice(&[b' ', NAME]);
        self.out.extend_from_slice(name);
        if !value.is_empty() {
            self.out.push(b'=');
            let inner = if matches!(value[0], b'"' | b'\'') { &value[1..value.len() - 1] } else { value };
            if inner.is_empty()
                || inner.iter().any(|&b| b <= b' ' || matches!(b, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`'))
            {
                self.out.extend_from_slice(value);
            } else {
                self.out.extend_from_slice(inner);
            }
        }
        Ok(())
    }

    /// An element whose content is text up to its end tag.
    fn raw(&mut self, name: &[u8]) -> Step {
        let rest = &self.source[self.at..];
        let length = raw_length(rest, name).ok_or(Stop::Strange)?;
        let content = &rest[..length];
        match name {
            // A comment in a script may hide its end tag.
            b"script" if find(content, b"<!--").is_some() => return Err(Stop::Strange),
            b"script" | b"style" => {}
            _ => check_references(content, Place::Value)?,
        }
        self.out.extend_from_slice(content);
        self.at += length + b"</".len() + name.len();
        self.skip_attributes()?;
        self.write_end_tag(name);
        Ok(())
    }

    fn push(&mut self, name: &[u8], range: Range<usize>, layout: Layout, begins: usize) -> Step {
        if self.open.len() == MAX_DEPTH {
            return Err(Stop::TooDeep(TooDeep { offset: begins }));
        }
        match name {
            b"iframe" if !starts_with_ignoring_case(&self.source[self.at..], b"</iframe") => {
                return Err(Stop::Strange);
            }
            b"pre" => {
                self.verbatim += 1;
                self.pre_content = self.out.len();
            }
            b"code" => self.verbatim += 1,
            b"noscript" => {
                let length = raw_length(&self.source[self.at..], name).ok_or(Stop::Strange)?;
                self.noscript_end = self.at + length;
            }
            _ => {}
        }
        self.before = layout.inner();
        self.open.push(Open { name: range, layout });
        Ok(())
    }

    fn end_tag(&mut self) -> Step {
        let begins = self.at;
        let name = self.tag_name(self.at + b"</".len())?;
        let mut lower = [0; MAX_NAME];
        let name = lower_case(&self.source[name], &mut lower);
        if name == b"noscript" && begins != self.noscript_end {
            return Err(Stop::Strange);
        }
        self.skip_attributes()?;
        if self.open_name(1) != Some(name) {
            let fits = match (self.open_name(2), self.open_name(1)) {
                (Some(parent), Some(open)) => parent == name && ends_with(open, parent),
                _ => false,
            };
            if !fits {
                return Err(Stop::Strange);
            }
            self.close();
        }
        self.close();
        self.write_end_tag(name);
        Ok(())
    }

    /// The name of the innermost open element (1), of its parent (2).
    fn open_name(&self, nth: usize) -> Option<&[u8]> {
        let open = self.open.get(self.open.len().checked_sub(nth)?)?;
        Some(&self.out[open.name.clone()])
    }

    /// An end tag's attributes mean nothing.
    fn skip_attributes(&mut self) -> Step {
        let written = self.out.len();
        self.attributes()?;
        self.out.truncate(written);
        Ok(())
    }

    fn write_end_tag(&mut self, name: &[u8]) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name);
        self.out.push(b'>');
    }

    /// Closes the innermost element, whether its end tag is written or not.
    fn close(&mut self) {
        let Some(top) = self.open.pop() else { return };
        self.write_space(top.layout.inner());
        self.before = top.layout.outer();
        match &self.out[top.name] {
            b"svg" => self.foreign -= 1,
            b"pre" | b"code" => self.verbatim -= 1,
            _ => {}
        }
    }
}

/// Longer names aren't known to any browser.
const MAX_NAME: usize = 64;

fn lower_case<'b>(name: &[u8], buffer: &'b mut [u8; MAX_NAME]) -> &'b [u8] {
    let lower = &mut buffer[..name.len()];
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    lower
}

fn is_heading(name: &[u8]) -> bool {
    matches!(name, b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6")
}

#[rustfmt::skip]
fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"keygen"
        | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr"
    )
}

/// Whether minify-html ends `open` before a tag `next` (its `can_omit_as_before`).
#[rustfmt::skip]
fn ends_before(open: &[u8], next: &[u8]) -> bool {
    match open {
        b"head" => next == b"body",
        b"li" => next == b"li",
        b"dt" | b"dd" => matches!(next, b"dt" | b"dd"),
        b"p" => matches!(
            next,
            b"address" | b"article" | b"aside" | b"blockquote" | b"details" | b"div" | b"dl"
            | b"fieldset" | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1" | b"h2"
            | b"h3" | b"h4" | b"h5" | b"h6" | b"header" | b"hgroup" | b"hr" | b"main" | b"menu"
            | b"nav" | b"ol" | b"p" | b"pre" | b"section" | b"table" | b"ul"
        ),
        b"rt" | b"rp" => matches!(next, b"rt" | b"rp"),
        b"optgroup" => next == b"optgroup",
        b"option" => matches!(next, b"option" | b"optgroup"),
        b"thead" | b"tbody" => matches!(next, b"tbody" | b"tfoot"),
        b"tr" => next == b"tr",
        b"td" | b"th" => matches!(next, b"td" | b"th"),
        _ => false,
    }
}

/// Whether minify-html ends `open` with the end tag of its parent (its `can_omit_as_last_node`).
fn ends_with(open: &[u8], parent: &[u8]) -> bool {
    match open {
        b"html" | b"head" | b"body" | b"li" | b"dd" | b"rt" | b"rp" | b"optgroup" | b"option" | b"tbody" | b"tfoot"
        | b"tr" | b"td" | b"th" => true,
        b"p" => !matches!(parent, b"a" | b"audio" | b"del" | b"ins" | b"map" | b"noscript" | b"video"),
        _ => false,
    }
}

/// The length of an attribute's value with its quotes; none if the page ends in it.
fn value_length(from_value: &[u8]) -> Option<usize> {
    match *from_value.first()? {
        quote @ (b'"' | b'\'') => {
            let inside = &from_value[1..];
            let length = position(inside, |byte| byte == quote);
            (length < inside.len()).then_some(length + 2)
        }
        _ => Some(position(from_value, |byte| byte.is_ascii_whitespace() || byte == b'>')),
    }
}

/// The length of the text before `</name`; none where browsers and minify-html disagree about it.
fn raw_length(rest: &[u8], name: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + find(&rest[from..], b"</")?;
        let after = &rest[at + 2..];
        if starts_with_ignoring_case(after, name) {
            let next = after.get(name.len())?;
            let ends = next.is_ascii_whitespace() || matches!(next, b'/' | b'>');
            return ends.then_some(at);
        }
        from = at + 2;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// An attribute's value, or the text of `title` or `textarea`, where white space is kept anyway.
    Value,
}

/// Stops at character references that minify-html decodes in another way than browsers do.
fn check_references(text: &[u8], place: Place) -> Step {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| byte == b'&') {
        rest = &rest[at + 1..];
        let white_space = if let Some(number) = rest.strip_prefix(b"#") {
            match code_point(number) {
                None => false,
                Some(0x09 | 0x0A | 0x20) => true,
                // Browsers read 0x80 to 0x9F as Windows-1252; U+FDD0 and on are Tagline's own.
                Some(0x21..=0x7E | 0xA0..=0xD7FF | 0xE000..=0xFDCF | 0xFDF0..=0x0010_FFFF) => false,
                Some(_) => return Err(Stop::Strange),
            }
        } else {
            rest.starts_with(b"Tab;") || rest.starts_with(b"NewLine;")
        };
        if white_space && place == Place::Text {
            return Err(Stop::Strange);
        }
    }
    Ok(())
}

/// The number after `&#`, if there is one.
fn code_point(number: &[u8]) -> Option<u32> {
    let (digits, radix) = match number {
        [b'x' | b'X', hex @ ..] => (hex, 16),
        decimal => (decimal, 10),
    };
    let mut values = digits.iter().map_while(|&byte| char::from(byte).to_digit(radix)).peekable();
    values.peek()?;
    Some(values.fold(0, |sum: u32, digit| sum.saturating_mul(radix).saturating_add(digit)))
}

/// Whether text that follows could lengthen a character reference.
fn ends_within_reference(out: &[u8]) -> bool {
    let last = out.iter().rev().take(64).find(|byte| !byte.is_ascii_alphanumeric() && **byte != b'#');
    last == Some(&b'&')
}

/// Where the first byte that satisfies `wanted` is, or the end.
fn position(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| wanted(byte)).unwrap_or(bytes.len())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn starts_with_ignoring_case(bytes: &[u8], lower: &[u8]) -> bool {
    bytes.get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower))
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
            (" <p> a \n b </p> \n <p>c</p> ", "<p>a b</p><p>c</p>"),
            ("<div><s>$99</s>\n  <b>$49</b></div>", "<div><s>$99</s> <b>$49</b></div>"),
            ("<p>a <b> b </b> c</p>", "<p>a <b> b </b> c</p>"),
            ("<div> a <p>b</p> c </div>", "<div>a <p>b</p> c</div>"),
            ("<ul>\n<li> a </li>\n<li>b</li>\n</ul>", "<ul><li>a</li> <li>b</li></ul>"),
            ("<b>a</b> <script></script> <b>b</b>", "<b>a</b> <script></script> <b>b</b>"),
            ("<hr> <script></script> <p>b</p>", "<hr><script></script><p>b</p>"),
            ("<b>a</b> <button> b </button> <b>c</b>", "<b>a</b> <button>b</button> <b>c</b>"),
            ("<b>a</b> <!-- x --> <b>b</b>", "<b>a</b> <b>b</b>"),
            ("<p>a\u{a0} <b>b</b>\u{a0}</p>", "<p>a\u{a0} <b>b</b>\u{a0}</p>"),
            ("<pre>\n a\n</pre> <hr>", "<pre>\n a\n</pre><hr>"),
        ] {
            assert_eq!(body(html), minified, "{html}");
        }
    }

    #[test]
    fn attributes_keep_their_values_and_lose_their_quotes() {
        for (html, minified) in [
            ("<a href=\"/x\" class=\"a  b\">x</a>", "<a class=\"a  b\" href=/x>x</a>"),
            ("<input value=\"\" required=\"\">", "<input required value>"),
            ("<button type=\"submit\">x</button>", "<button type=submit>x</button>"),
            ("<a href=\"/?a=1&amp;b=2\">x</a>", "<a href=\"/?a=1&b=2\">x</a>"),
            ("<a id=a id=b>x</a>", "<a id=a>x</a>"),
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
            "<ul> <li> <p> a </ul>",
            "<math> <mspace/> </math>",
            "<my_el> a </my_el>",
            "<p> &#xFDD0; 1&#xFDD1; </p>",
            "<p> &#146; </p>",
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
