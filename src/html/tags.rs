//! The tags of a page in their order, told apart as browsers do: what stands in comments, in attributes and in texts that
//! hold no tags is none.

use crate::html::minify::raw_length;

/// Every start tag of a page.
pub struct Tags<'p> {
    rest: &'p str,
    /// Those of the last tag, each with its value as it is written, without quotes.
    attributes: Vec<(&'p str, &'p str)>,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'p> {
    /// As it is written.
    pub name: &'p str,
    /// The text of an element that holds no tags; empty for all others.
    pub content: &'p str,
}

impl<'p> Tags<'p> {
    pub fn of(page: &'p str) -> Tags<'p> {
        Tags { rest: page, attributes: Vec::new() }
    }

    /// The next start tag, whose attributes can be asked for until the one after it.
    pub fn next_tag(&mut self) -> Option<Tag<'p>> {
        loop {
            let rest = &self.rest[self.rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                self.rest = &comment[comment_length(comment)?..];
                continue;
            }
            self.rest = rest;
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let (name, rest) = rest.split_at(position(rest, ends_name));
            let mut attributes = Attributes { rest };
            self.attributes.clear();
            self.attributes.extend(&mut attributes);
            let rest = attributes.rest.strip_prefix('>')?;
            let end = if is_raw(name) { raw_length(rest, name).unwrap_or(rest.len()) } else { 0 };
            let (content, rest) = rest.split_at(end);
            self.rest = rest;
            return Some(Tag { name, content });
        }
    }

    /// The attributes of the last tag.
    pub fn attributes(&self) -> impl Iterator<Item = (&'p str, &'p str)> {
        self.attributes.iter().copied()
    }

    /// The value of one of them.
    pub fn attribute(&self, name: &str) -> Option<&'p str> {
        let found = self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }
}

/// The length of a comment after its `<!--`; `<!-->` and `<!--->` are whole.
fn comment_length(comment: &str) -> Option<usize> {
    let short = [">", "->"].into_iter().find(|end| comment.starts_with(end));
    short.map(str::len).or_else(|| comment.find("-->").map(|at| at + "-->".len()))
}

/// Attributes up to the end of their tag, each with its value without quotes.
struct Attributes<'p> {
    rest: &'p str,
}

impl<'p> Iterator for Attributes<'p> {
    type Item = (&'p str, &'p str);

    fn next(&mut self) -> Option<(&'p str, &'p str)> {
        let rest = &self.rest[position(self.rest, |byte| !byte.is_ascii_whitespace() && byte != b'/')..];
        self.rest = rest;
        // A `=` at the front belongs to the name.
        let skipped = usize::from(rest.starts_with('='));
        let length = skipped + position(&rest[skipped..], |byte| ends_name(byte) || byte == b'=');
        let (name, rest) = rest.split_at(length);
        if name.is_empty() {
            return None;
        }
        self.rest = rest;
        let Some(value) = rest.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) else {
            return Some((name, ""));
        };
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let value = &value[1..];
                // A page that ends in a value has no tag here.
                let end = value.find(quote).unwrap_or(value.len());
                (&value[..end], value.get(end + 1..).unwrap_or_default())
            }
            _ => value.split_at(position(value, |byte| byte.is_ascii_whitespace() || byte == b'>')),
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// Whether browsers read no tags in an element.
fn is_raw(name: &str) -> bool {
    let raw = ["script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"];
    raw.iter().any(|raw| name.eq_ignore_ascii_case(raw))
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

fn position(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(wanted).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_what_looks_like_them() {
        for (page, names) in [
            ("<p>a<b class='x > y'>b</b></p>", vec!["p", "b"]),
            ("<!-- <i> --><p><!--><b><!-- a -- <u> --><s>", vec!["p", "b", "s"]),
            ("<title><b></title><textarea><i></textarea><p>", vec!["title", "textarea", "p"]),
            ("<a title=\"<style>\"><STYLE>a<b></Style ><p>", vec!["a", "STYLE", "p"]),
            ("a < b <3 </p> <p/><br/>", vec!["p", "br"]),
            ("<p =a=b <i>", vec!["p"]),
            ("<p title=\"<i>", vec![]),
            ("<!-- <i>", vec![]),
        ] {
            let mut tags = Tags::of(page);
            let found: Vec<&str> = std::iter::from_fn(|| tags.next_tag()).map(|tag| tag.name).collect();
            assert_eq!(found, names, "{page}");
        }
    }

    #[test]
    fn attributes_and_contents_are_read_as_they_are_written() {
        let page = "<script\n Type = 'module' src=/a.js async data-x=\"a>b\">let a = '<p>';</script >";
        let mut tags = Tags::of(page);
        assert_eq!(tags.next_tag(), Some(Tag { name: "script", content: "let a = '<p>';" }));
        for (name, value) in [("type", Some("module")), ("src", Some("/a.js")), ("ASYNC", Some("")), ("a", None)] {
            assert_eq!(tags.attribute(name), value, "{name}");
        }
        assert_eq!(tags.attribute("data-x"), Some("a>b"));
    }
}
