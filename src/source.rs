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
pub fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}')
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
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
    fn columns_count_characters_from_one() {
        let source = SourceText::new("a.md", "eins\nÜber uns\n");
        for (offset, expected) in [(0, (1, 1)), (3, (1, 4)), (5, (2, 1)), (7, (2, 2)), (15, (3, 1))] {
            assert_eq!(source.line_and_column(offset), expected, "at byte {offset}");
        }
    }
}
