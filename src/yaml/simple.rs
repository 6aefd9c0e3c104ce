//! Parses the YAML that most files consist of: `key: value` lines, nested by indentation, with each text on one line, and
//! with short lists and mappings in brackets. Gives up on everything else, also on every error: then
//! [`tree`](super::tree) uses the parser for all of YAML, which takes ten times as long. A property test compares both.

use super::node::{MapKey, Node, Value};
use crate::source::{Span, first_forbidden};

/// The maximum of entries of one mapping, because each key is compared with those before it.
const MAX_ENTRIES: usize = 40;
/// The maximum of nested lists and mappings.
const MAX_DEPTH: usize = 8;
/// The maximum of bytes in a key.
const MAX_KEY: usize = 100;

/// Parses a document. `start` is its offset in the file. Returns `None` if it is not simple.
pub fn read(text: &str, start: usize) -> Option<Node> {
    let has_special_spaces = || !text.is_ascii() && text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']);
    if text.contains('\t') || has_special_spaces() || first_forbidden(text).is_some() {
        return None;
    }
    let mut lines = Lines { text, start, at: 0 };
    let first = lines.peek()?;
    let root = lines.mapping(first, 0)?;
    // What follows is less indented than the first line.
    lines.peek().is_none().then_some(root)
}

/// A line with content.
#[derive(Clone, Copy)]
struct Line<'t> {
    indent: usize,
    /// Without the indentation, the spaces at the end and the line break.
    content: &'t str,
    /// The offset of the content in the text.
    at: usize,
    /// The offset of the next line.
    next: usize,
}

/// The rest of a text.
struct Lines<'t> {
    text: &'t str,
    start: usize,
    at: usize,
}

impl<'t> Lines<'t> {
    /// Returns the next line that is neither empty nor a comment.
    fn peek(&mut self) -> Option<Line<'t>> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let content = rest[..length].trim_start_matches(' ');
            let indent = length - content.len();
            let next = (self.at + length + 1).min(self.text.len());
            if content.is_empty() || content.starts_with('#') {
                self.at = next;
                continue;
            }
            return Some(Line { indent, content: content.trim_end_matches(' '), at: self.at + indent, next });
        }
    }

    /// Parses the entries that are indented as `first`, which is the next line.
    fn mapping(&mut self, first: Line<'t>, depth: usize) -> Option<Node> {
        let mut entries: Vec<(MapKey, Node)> = Vec::new();
        let mut next = Some(first);
        while let Some(line) = next.filter(|line| line.indent >= first.indent) {
            // A line with a larger indentation continues the text above it.
            if line.indent > first.indent || entries.len() == MAX_ENTRIES || depth == MAX_DEPTH {
                return None;
            }
            let (key, after) = split_key(line.content)?;
            if entries.iter().any(|(earlier, _)| earlier.text == key) {
                return None;
            }
            let key = MapKey { text: key.to_owned(), span: self.span(line.at, line.at + key.len()) };
            let after = after.strip_prefix(':')?;
            self.at = line.next;
            let value = match after.is_empty() {
                true => self.block(line, depth + 1)?,
                false => self.inline(after.strip_prefix(' ')?, line, depth + 1)?,
            };
            entries.push((key, value));
            next = self.peek();
        }
        let end = next.map_or(self.text.len(), |line| line.at);
        Some(Node { span: self.span(first.at, end), value: Value::Map(entries) })
    }

    /// Parses the lines below a key.
    fn block(&mut self, key: Line<'t>, depth: usize) -> Option<Node> {
        let first = self.peek().filter(|line| line.indent > key.indent)?;
        self.mapping(first, depth)
    }

    /// Parses the value that ends a line.
    fn inline(&self, written: &'t str, line: Line<'t>, depth: usize) -> Option<Node> {
        let mut value =
            InlineValue { rest: written.trim_start_matches(' '), end: line.at + line.content.len(), lines: self };
        let node = if value.rest.starts_with(['[', '{']) { value.in_brackets(depth)? } else { value.text("")? };
        value.rest.is_empty().then_some(node)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.start + from, self.start + to)
    }
}

/// Splits a line after its key. Returns `None` if it does not begin with a simple one.
fn split_key(content: &str) -> Option<(&str, &str)> {
    let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = content.bytes().take_while(is_key).count();
    let is_simple = (1..=MAX_KEY).contains(&length) && !content.starts_with('-');
    is_simple.then(|| content.split_at(length))
}

/// A value on one line.
struct InlineValue<'t, 'l> {
    rest: &'t str,
    /// The offset of the end of `rest` in the text.
    end: usize,
    lines: &'l Lines<'t>,
}

impl<'t> InlineValue<'t, '_> {
    /// Parses `[one, two]` or `{ key: value }`.
    fn in_brackets(&mut self, depth: usize) -> Option<Node> {
        if depth == MAX_DEPTH {
            return None;
        }
        let from = self.at();
        let value = match self.take('[') {
            true => Value::List(self.separated(']', |item| item.value(depth + 1))?),
            false => {
                self.take('{');
                let entries = self.separated('}', |entry| entry.entry(depth + 1))?;
                let is_repeated = |(position, (key, _)): (usize, &(MapKey, Node))| {
                    entries[..position].iter().any(|(earlier, _)| earlier.text == key.text)
                };
                if entries.len() > MAX_ENTRIES || entries.iter().enumerate().any(is_repeated) {
                    return None;
                }
                Value::Map(entries)
            }
        };
        let span = self.lines.span(from, self.at());
        self.skip_spaces();
        Some(Node { span, value })
    }

    /// Parses what is between two brackets: items with commas between them.
    fn separated<T>(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.skip_spaces();
        if self.take(close) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.take(close) {
                return Some(items);
            }
            if !self.take(',') {
                return None;
            }
            self.skip_spaces();
        }
    }

    fn entry(&mut self, depth: usize) -> Option<(MapKey, Node)> {
        let from = self.at();
        let (key, after) = split_key(self.rest)?;
        self.rest = after.strip_prefix(": ")?.trim_start_matches(' ');
        let key = MapKey { text: key.to_owned(), span: self.lines.span(from, from + key.len()) };
        Some((key, self.value(depth)?))
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if self.rest.starts_with(['[', '{']) { self.in_brackets(depth) } else { self.text(",[]{}") }
    }

    /// Parses a text with or without quotes, and the spaces after it. A text without quotes ends before one of `ends`.
    fn text(&mut self, ends: &str) -> Option<Node> {
        let from = self.at();
        let quote = self.rest.chars().next().filter(|&c| matches!(c, '"' | '\''));
        let (text, length) = match quote {
            Some(quote) => {
                let inner = &self.rest[1..];
                let text = &inner[..inner.find(quote)?];
                (text, text.len() + 2)
            }
            None => {
                let text = &self.rest[..self.rest.find(|c| ends.contains(c)).unwrap_or(self.rest.len())];
                let text = text.trim_end_matches(' ');
                (text, text.len())
            }
        };
        let is_simple = if quote.is_some() { !text.contains('\\') } else { is_plain(text) };
        self.rest = &self.rest[length..];
        // In a text between single quotes, two of them mean one.
        if !is_simple || self.rest.starts_with(['"', '\'']) {
            return None;
        }
        self.skip_spaces();
        Some(Node::scalar(text.to_owned(), quote.is_none(), self.lines.span(from, from + length)))
    }

    fn take(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn at(&self) -> usize {
        self.end - self.rest.len()
    }
}

/// Whether a text without quotes begins with no special character, and has neither a key nor a comment in it.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return false };
    let begins_well =
        first.is_ascii_alphanumeric() || matches!(first, b'/' | b'.' | b'+' | b'$' | b'(') || first >= 0x80;
    let is_special = |at: usize| match bytes[at] {
        b':' => bytes.get(at + 1).is_none_or(|&next| next == b' '),
        _ => at > 0 && bytes[at - 1] == b' ',
    };
    begins_well && !memchr::memchr2_iter(b':', b'#', bytes).any(is_special)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::tree::read_all_of_yaml;
    use super::*;
    use crate::source::SourceText;

    fn by_full_parser(text: &str) -> Option<Node> {
        let source: Arc<SourceText> = SourceText::new("site.yaml", format!("---\n{text}"));
        let mut diagnostics = Vec::new();
        let tree = read_all_of_yaml(&source, 4..4 + text.len(), &mut diagnostics);
        tree.root.filter(|_| diagnostics.is_empty() && !tree.partial)
    }

    #[test]
    fn usual_front_matter_is_simple() {
        for text in [
            "title: Spring hiring\nsummary: \"Fill roles: fast\"\n",
            "# no channels\nctas:\n  save:\n    coupon: { code: SAVE1, url: \"https://x.example/1\" }\n\nowner: a@b.example",
            "channels: [ads, 'news letter', []]\nchannels2: {}\ndate: 2027-03-01  \n",
            "a:\n    b:\n      c: https://x.example/#d\n    e: \u{e9}t\u{e9} 20 %\nf: C# and a:b\n",
        ] {
            assert_eq!(read(text, 4), by_full_parser(text), "{text}");
            assert!(read(text, 4).is_some(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_left_to_the_full_parser() {
        for text in [
            "",
            "a",
            "a:",
            "a: b: c",
            "a: b #c",
            "a: |\n  b",
            "a: b\n  c",
            "a: b\n\n  c",
            "- a",
            "a:\n- b",
            "a: \"b",
            "a: 'b''c'",
            "a: \"b\\n\"",
            "a: [b",
            "a: [b]c",
            "a: {b}",
            "a: {b:c}",
            "a: [b: c]",
            "a: [b,]",
            "a: *b",
            "a: &b c",
            "a: !b c",
            "a: -",
            "a: @b",
            "a: b\na: c",
            "a: {b: 1, b: 2}",
            "a:\tb",
            "? a",
            "--- a",
            "a: b\n---\n",
            "a: b\n...",
            "a: b\n c: d",
            "  a: b\nc: d",
            "a: [\nb]",
            "a: \u{feff}",
            "\"a\": b",
            "a: b\u{85}c",
            "a: ~",
        ] {
            assert_eq!(read(text, 4), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn simple_yaml_reads_as_by_the_full_parser(lines in prop::collection::vec("( |  |    )?[ab#\"-]?[ab]{0,2}:? ?[a1:#,'\"\\[\\]{}/~\u{e9} -]{0,9}", 0..6)) {
            let text = lines.join("\n");
            if let Some(node) = read(&text, 4) {
                prop_assert_eq!(Some(node), by_full_parser(&text), "{}", text);
            }
        }

        #[test]
        fn nested_mappings_read_as_by_the_full_parser(
            lines in prop::collection::vec((0..3_usize, "[abc]", "|x|\"x: y\"|\\[a, 'b'\\]|\\{ a: b, c: \\[d\\] \\}|x:y|# x"), 0..9),
        ) {
            let lines: Vec<String> = lines.iter().map(|(depth, key, value)| format!("{}{key}: {value}", "  ".repeat(*depth)).trim_end().to_owned()).collect();
            let text = lines.join("\n");
            if let Some(node) = read(&text, 4) {
                prop_assert_eq!(Some(node), by_full_parser(&text), "{}", text);
            }
        }
    }
}
