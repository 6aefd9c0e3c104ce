//! The text of a file, and locations in it.

use std::sync::Arc;

/// The text of one file.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct SourceText {
    /// Relative to the site's root, with `/` between its parts.
    pub path: String,
    pub text: String,
}

impl SourceText {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<SourceText> {
        Arc::new(SourceText { path: path.into(), text: text.into() })
    }

    /// A file whose text is dropped to save memory. It is read again if a diagnostic needs it.
    pub fn without_text(path: &str) -> Arc<SourceText> {
        SourceText::new(path, "")
    }

    /// Returns the line and column of a byte offset. Both are counted from 1, and columns count characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (line, before[line_start..].chars().count() + 1)
    }
}

/// Returns whether texts may not have a character. Control characters are invalid in XML, and Unicode reserves U+FDD0 to
/// U+FDEF for internal use: `render::slots` uses two of them.
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns whether a text has only characters that texts may have, and no tab and no line end, as in a name or an address.
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| is_forbidden(c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Returns the first character that texts may not have, with its byte offset.
pub fn first_forbidden(text: &str) -> Option<(usize, char)> {
    // In UTF-8, all of them begin with one of these bytes. The loop over a chunk has no early exit, so that it is compiled
    // to vector instructions.
    let is_suspicious =
        |byte: u8| (byte < 0x20) & (byte != b'\n') & (byte != b'\t') | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xef);
    let has_suspicious = |chunk: &[u8]| chunk.iter().fold(false, |any, &byte| any | is_suspicious(byte));
    if !text.as_bytes().chunks(4096).any(has_suspicious) {
        return None;
    }
    text.char_indices().find(|&(_, c)| is_forbidden(c))
}

/// Iterates over the lines of a text, each with its byte offset. A line includes its `\n`.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    let last = (!text.is_empty() && !text.ends_with('\n')).then_some(text.len());
    ends.chain(last).map(move |to| {
        let start = std::mem::replace(&mut from, to);
        (start, &text[start..to])
    })
}

/// A range of bytes in a file. The end is excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Files are smaller than 4 GiB, so offsets fit.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the span from the start of this one to the end of another one.
    pub fn to(self, last: Span) -> Span {
        Span { start: self.start, end: self.end.max(last.end) }
    }

    /// Returns the span `by` bytes later.
    pub fn shifted(self, by: usize) -> Span {
        Span::new(self.start as usize + by, self.end as usize + by)
    }
}

/// A value with its location in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Located<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: f(self.value), span: self.span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_and_others_are_not() {
        for allowed in ["", "a\n\tb", "caf\u{e9} \u{a9} \u{a0}\u{85}", "\u{f000}\u{ff01}", &"x".repeat(100)] {
            assert_eq!(first_forbidden(allowed), None, "{allowed:?}");
        }
        for forbidden in ['\0', '\u{1f}', '\r', '\u{7f}', '\u{80}', '\u{9f}', '\u{fdd0}', '\u{fdef}', '\u{ffff}'] {
            let text = format!("\u{a9} {}{forbidden}", "x".repeat(70));
            assert_eq!(first_forbidden(&text), Some((73, forbidden)), "{forbidden:?}");
        }
    }

    #[test]
    fn lines_include_their_ends() {
        for text in ["", "a", "a\n", "\n\na\nb", "a\n\n"] {
            let split: Vec<&str> = lines(text).map(|(_, line)| line).collect();
            assert_eq!(split, text.split_inclusive('\n').collect::<Vec<_>>(), "{text:?}");
            assert!(lines(text).all(|(at, line)| text[at..].starts_with(line)));
        }
    }

    #[test]
    fn columns_count_characters_from_one() {
        let source = SourceText::new("a.md", "eins\nÜber uns\n");
        for (offset, expected) in [(0, (1, 1)), (3, (1, 4)), (5, (2, 1)), (7, (2, 2)), (15, (3, 1))] {
            assert_eq!(source.line_and_column(offset), expected, "at byte {offset}");
        }
    }
}
