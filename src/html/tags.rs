//! Finds the tags of a page, as browsers do. What looks like a tag in a comment, an attribute or the text of `<script>`
//! and the like is skipped.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memmem};

use super::entities;

/// What begins at a place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    StartTag,
    EndTag,
    /// A comment, a doctype, or what browsers treat as a comment.
    Comment,
    Text,
}

impl Markup {
    pub fn at_start_of(rest: &str) -> Markup {
        match rest.as_bytes() {
            [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => Markup::StartTag,
            [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => Markup::EndTag,
            [b'<', b'!' | b'?', ..] | [b'<', b'/', _, ..] => Markup::Comment,
            _ => Markup::Text,
        }
    }
}

/// Iterates over the tags of a page.
pub struct Tags<'p> {
    page: &'p str,
    /// The offset of the part not yet read.
    at: usize,
    /// The attributes of the last tag.
    attributes: Vec<Attribute<'p>>,
}

/// A start tag or an end tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'p> {
    /// The name as written, in upper or lower case.
    pub name: &'p str,
    pub is_end: bool,
    /// Where the tag is in the page.
    pub range: Range<usize>,
    /// The text of an element that contains no tags, such as `<script>`; empty for all others.
    pub content: &'p str,
}

/// An attribute of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'p> {
    pub name: &'p str,
    /// The value as written, with its quotes; empty if there is none.
    pub written: &'p str,
}

impl<'p> Attribute<'p> {
    /// Returns the value without its quotes. Entities are not decoded.
    pub fn value(&self) -> &'p str {
        match self.written.as_bytes() {
            [quote @ (b'"' | b'\''), .., last] if quote == last => &self.written[1..self.written.len() - 1],
            // The page ends within the value.
            [b'"' | b'\'', ..] => &self.written[1..],
            _ => self.written,
        }
    }
}

impl<'p> Tags<'p> {
    pub fn of(page: &'p str) -> Tags<'p> {
        Tags { page, at: 0, attributes: Vec::new() }
    }

    /// Returns the next start tag.
    pub fn next_start_tag(&mut self) -> Option<Tag<'p>> {
        loop {
            let tag = self.next_tag()?;
            if !tag.is_end {
                return Some(tag);
            }
        }
    }

    /// Returns the next tag. Its attributes are available until the following call.
    pub fn next_tag(&mut self) -> Option<Tag<'p>> {
        loop {
            let start = self.at + memchr(b'<', &self.page.as_bytes()[self.at..])?;
            let rest = &self.page[start..];
            match Markup::at_start_of(rest) {
                Markup::Text => self.at = start + 1,
                Markup::Comment => self.at = start + comment_length(rest),
                Markup::StartTag => return self.tag(start, "<"),
                Markup::EndTag => return self.tag(start, "</"),
            }
        }
    }

    fn tag(&mut self, start: usize, opener: &str) -> Option<Tag<'p>> {
        let from_name = &self.page[start + opener.len()..];
        let (name, rest) = from_name.split_at(position(from_name, ends_name));
        let mut attributes = Attributes::of(rest);
        self.attributes.clear();
        self.attributes.extend(&mut attributes);
        let rest = attributes.rest.strip_prefix('>')?;
        let end = self.page.len() - rest.len();
        let is_end = opener == "</";
        let is_raw = !is_end && is_raw(name);
        let length = if is_raw { raw_text_length(rest, name).unwrap_or(rest.len()) } else { 0 };
        self.at = end + length;
        Some(Tag { name, is_end, range: start..end, content: &rest[..length] })
    }

    /// Returns a start tag with its attributes. The tag must be the last one.
    pub fn element<'t>(&'t self, tag: &Tag<'p>) -> Element<'p, 't> {
        Element { name: lower_case(tag.name), attributes: &self.attributes, content: tag.content }
    }

    /// Continues at an offset of the page.
    pub fn skip_to(&mut self, offset: usize) {
        self.at = offset;
    }

    /// Returns the attributes of the last tag.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'p>> {
        self.attributes.iter().copied()
    }

    /// Returns the value of an attribute of the last tag. The name must be in lower case.
    pub fn attribute(&self, name: &str) -> Option<&'p str> {
        value_of(&self.attributes, name)
    }
}

/// A start tag with its attributes, and the text of an element that contains no tags.
pub struct Element<'p, 't> {
    /// In lower case.
    pub name: Cow<'p, str>,
    pub attributes: &'t [Attribute<'p>],
    /// The text of `<script>` and the like; empty for all others.
    pub content: &'p str,
}

impl<'p> Element<'p, '_> {
    /// Returns the value of an attribute as it is written. The name must be in lower case.
    pub fn attribute(&self, name: &str) -> Option<&'p str> {
        value_of(self.attributes, name)
    }

    /// Returns the value of an attribute as browsers read it. The name must be in lower case.
    pub fn decoded(&self, name: &str) -> Option<Cow<'p, str>> {
        self.attribute(name).map(entities::decoded)
    }
}

fn value_of<'p>(attributes: &[Attribute<'p>], name: &str) -> Option<&'p str> {
    let attribute = attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
    attribute.map(Attribute::value)
}

/// Calls `visit` for each element of a page. Returns the end of its head, as [`HeadEnd`] finds it.
pub fn visit<'p>(page: &'p str, visit: &mut dyn FnMut(&Element<'p, '_>)) -> usize {
    let mut head_end = HeadEnd::default();
    let mut tags = Tags::of(page);
    while let Some(tag) = tags.next_tag() {
        let element = tags.element(&tag);
        match tag.is_end {
            false => {
                head_end.start_tag(&element.name, tag.range.start);
                visit(&element);
            }
            true if element.name == "head" => head_end.end_tag(tag.range.start),
            true => {}
        }
    }
    head_end.of(page)
}

/// Finds the end of a page's head: its end tag, or else the start of the body, or else the end of the page.
#[derive(Default)]
pub struct HeadEnd {
    end_tag: Option<usize>,
    body: Option<usize>,
}

impl HeadEnd {
    pub fn start_tag(&mut self, name: &str, offset: usize) {
        if name == "body" {
            self.body.get_or_insert(offset);
        }
    }

    /// Records an end tag `</head>`.
    pub fn end_tag(&mut self, offset: usize) {
        self.end_tag.get_or_insert(offset);
    }

    pub fn of(&self, page: &str) -> usize {
        self.end_tag.or(self.body).unwrap_or(page.len())
    }
}

/// Returns a name in lower case.
pub fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// Iterates over the attributes in the text after a tag's name.
pub struct Attributes<'p> {
    /// The text not yet read. At the end it begins with the tag's `>`, or is empty if the page ends before.
    pub rest: &'p str,
    /// Whether a `/` precedes what is left.
    pub after_slash: bool,
}

impl<'p> Attributes<'p> {
    pub fn of(after_name: &'p str) -> Attributes<'p> {
        Attributes { rest: after_name, after_slash: false }
    }
}

impl<'p> Iterator for Attributes<'p> {
    type Item = Attribute<'p>;

    fn next(&mut self) -> Option<Attribute<'p>> {
        let gap = position(self.rest, |byte| !byte.is_ascii_whitespace() && byte != b'/');
        let (gap, rest) = self.rest.split_at(gap);
        self.after_slash = gap.ends_with('/');
        self.rest = rest;
        // A `=` at the front belongs to the name.
        let skipped = usize::from(rest.starts_with('='));
        let length = skipped + position(&rest[skipped..], |byte| ends_name(byte) || byte == b'=');
        let (name, rest) = rest.split_at(length);
        if name.is_empty() {
            return None;
        }
        let (written, rest) = match rest.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) {
            Some(from_value) => from_value.split_at(value_length(from_value)),
            None => ("", rest),
        };
        self.rest = rest;
        Some(Attribute { name, written })
    }
}

/// Returns the length of a value with its quotes. A value without an end takes the rest of the page.
fn value_length(from_value: &str) -> usize {
    match from_value.as_bytes() {
        [quote @ (b'"' | b'\''), value @ ..] => memchr(*quote, value).map_or(from_value.len(), |at| at + 2),
        _ => position(from_value, |byte| byte.is_ascii_whitespace() || byte == b'>'),
    }
}

/// Returns the length of a comment, or of what browsers treat as one, at the start of `rest`.
pub fn comment_length(rest: &str) -> usize {
    if !rest.starts_with("<!--") {
        return rest.find('>').map_or(rest.len(), |at| at + 1);
    }
    // `<!-->` and `<!--->` are complete. `--!>` ends a comment, but `<!--!>` only begins one.
    let length = rest[2..].find("-->").map_or(rest.len(), |at| 2 + at + 3);
    rest[4..length].find("--!>").map_or(length, |at| 4 + at + 4)
}

/// Returns the length of the text before `</name`, or `None` if the element has no end tag.
pub fn raw_text_length(rest: &str, name: &str) -> Option<usize> {
    let length = memmem::find_iter(rest.as_bytes(), "</").find(|at| is_name_at(rest, at + "</".len(), name));
    let before = &rest[..length.unwrap_or(rest.len())];
    match name.eq_ignore_ascii_case("script") && memmem::find(before.as_bytes(), b"<!--").is_some() {
        true => script_length(rest),
        false => length,
    }
}

/// Returns the length of a script that has `<!--` in it. From there to `-->`, a `<script>` inside of the script takes an end
/// tag for itself (<https://html.spec.whatwg.org/multipage/parsing.html#script-data-double-escape-start-state>).
fn script_length(rest: &str) -> Option<usize> {
    let mut is_comment = false;
    let mut is_nested = false;
    let mut at = 0;
    while let Some(found) = rest[at..].find(['<', '-']).map(|found| at + found) {
        let from = &rest[found..];
        at = found + 1;
        if from.starts_with("<!--") {
            is_comment = true;
            // `<!-->` is complete.
            at = found + "<!".len();
        } else if is_comment && from.starts_with("-->") {
            (is_comment, is_nested) = (false, false);
        } else if from.starts_with("</") && is_name_at(from, 2, "script") {
            if !is_nested {
                return Some(found);
            }
            is_nested = false;
        } else if is_comment && from.starts_with('<') && is_name_at(from, 1, "script") {
            is_nested = true;
        }
    }
    None
}

/// Whether a tag's name is at an offset of a text, with what ends it.
fn is_name_at(text: &str, at: usize, name: &str) -> bool {
    let after = &text.as_bytes()[at..];
    after.len() > name.len()
        && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        && ends_name(after[name.len()])
}

/// Returns whether an element has no end tag. The name must be in lower case.
#[rustfmt::skip]
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source"
        | "track" | "wbr"
    )
}

/// Whether browsers read no tags inside an element.
fn is_raw(name: &str) -> bool {
    let raw = ["script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"];
    raw.iter().any(|raw| name.eq_ignore_ascii_case(raw))
}

/// Returns the name of the element that a start tag opens, if browsers read no tags inside of it.
pub fn raw_element(tag: &str) -> Option<&str> {
    let from_name = tag.strip_prefix('<')?;
    let name = &from_name[..position(from_name, ends_name)];
    is_raw(name).then_some(name)
}

/// Whether a tag is the end tag of an element.
pub fn is_end_tag_of(tag: &str, name: &str) -> bool {
    raw_text_length(tag, name) == Some(0)
}

/// Whether a byte ends the name of a tag or attribute.
pub fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

/// Returns the position of the first byte that satisfies `is_wanted`, or the end.
pub fn position(text: &str, is_wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(is_wanted).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_comments_attributes_and_raw_text_are_skipped() {
        for (page, names) in [
            ("<p>a<b class='x > y'>b</b></p>", vec!["p", "b", "/b", "/p"]),
            ("<!-- <i> --><p><!--><b><!-- a -- <u> --><s>", vec!["p", "b", "s"]),
            ("<!-- <i> --!><p><!doctype \"<i>\"><b>", vec!["p", "b"]),
            ("<title><b></title><textarea><i></textarea><p>", vec!["title", "/title", "textarea", "/textarea", "p"]),
            ("<a title=\"<style>\"><STYLE>a<b></Style ><p>", vec!["a", "STYLE", "/Style", "p"]),
            ("a < b <3 </p title='<i>'> <p/><br/>", vec!["/p", "p", "br"]),
            ("<p =a=b <i>", vec!["p"]),
            ("<p title=\"<i>", vec![]),
            ("<!-- <i>", vec![]),
            ("<script>'<!-- <script>a</script>'</script><p>", vec!["script", "/script", "p"]),
            ("<script>'<!--><script>'</script><p>", vec!["script", "/script", "p"]),
            ("<script><!-- <script> --> </script><p>", vec!["script", "/script", "p"]),
        ] {
            let mut tags = Tags::of(page);
            let found: Vec<String> = std::iter::from_fn(|| tags.next_tag())
                .map(|tag| format!("{}{}", if tag.is_end { "/" } else { "" }, tag.name))
                .collect();
            assert_eq!(found, names, "{page}");
        }
    }

    #[test]
    fn attributes_and_content_are_returned_as_written() {
        let page = "<script\n Type = 'module' src=/a.js async data-x=\"a>b\">let a = '<p>';</script >";
        let mut tags = Tags::of(page);
        let tag = tags.next_start_tag().unwrap();
        assert_eq!((tag.name, tag.content), ("script", "let a = '<p>';"));
        assert!(page[tag.range].ends_with("a>b\">"));
        for (name, value) in [("type", Some("module")), ("src", Some("/a.js")), ("async", Some("")), ("a", None)] {
            assert_eq!(tags.attribute(name), value, "{name}");
        }
        assert_eq!(tags.attribute("data-x"), Some("a>b"));
        assert_eq!(tags.next_start_tag(), None);
    }
}
