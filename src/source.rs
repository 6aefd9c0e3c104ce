//! A file that an author wrote, and places in it.

use std::sync::Arc;

/// The text of one file, with the path that people know it by.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct SourceText {
    /// Relative to the site's root, parts joined by `/`.
    pub path: String,
    pub text: String,
}

impl SourceText {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<SourceText> {
        Arc::new(SourceText { path: path.into(), text: text.into() })
    }

    /// A file without its text. The text is read again for the rare diagnostic that comes later.
    pub fn without_text(path: &str) -> Arc<SourceText> {
        SourceText::new(path, "")
    }

    /// Line and column of a byte offset, both counted from 1; columns in characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (line, before[line_start..].chars().count() + 1)
    }
}

/// Whether a character has no place in a text: control characters mean nothing on a page and are not allowed in
/// XML, and U+FDD0 to U+FDEF are kept by Unicode for the inside of programs (`render::slots` uses two).
pub fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

/// A range of bytes in a file, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Offsets past 4 GiB do not occur: files are refused long before.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The span `by` bytes further on.
    pub fn shifted(self, by: usize) -> Span {
        Span::new(self.start as usize + by, self.end as usize + by)
    }
}

/// A value that remembers where its author wrote it.
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
    fn columns_count_characters_from_one() {
        let source = SourceText::new("a.md", "eins\nÜber uns\n");
        for (offset, expected) in [(0, (1, 1)), (3, (1, 4)), (5, (2, 1)), (7, (2, 2)), (15, (3, 1))] {
            assert_eq!(source.line_and_column(offset), expected, "at byte {offset}");
        }
    }
}
