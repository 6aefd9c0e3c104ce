//! Converts byte spans of labels to lines and columns.

use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostics::Label;
use crate::source::{SourceText, Span};

/// Lines and columns from 1. Columns count characters; the end column is the one after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// Finds line ranges. The line starts of a file are computed once, because a file may have thousands of diagnostics.
#[derive(Default)]
pub struct LineIndex<'d> {
    line_starts: HashMap<&'d str, Vec<usize>>,
}

impl<'d> LineIndex<'d> {
    pub fn range(&mut self, label: &'d Label) -> LineRange {
        self.range_of(&label.source, label.span)
    }

    pub fn range_of(&mut self, source: &'d SourceText, span: Span) -> LineRange {
        let text = source.text.as_str();
        let starts = self.line_starts.entry(&source.path).or_insert_with(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
        });
        let range = clamp(span.range(), text);
        let position = |offset: usize| {
            let line = starts.partition_point(|&start| start <= offset);
            (line, text[starts[line - 1]..offset].chars().count() + 1)
        };
        let ((line, column), (end_line, end_column)) = (position(range.start), position(range.end));
        LineRange { line, column, end_line, end_column }
    }
}

/// Returns the range limited to the text and widened to character boundaries.
pub fn clamp(range: Range<usize>, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    start..text.ceil_char_boundary(range.end.min(text.len())).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = SourceText::new("a.md", "eins\nÜber uns\n");
        for (start, end, expected) in
            [(0, 4, (1, 1, 1, 5)), (5, 10, (2, 1, 2, 5)), (2, 7, (1, 3, 2, 2)), (15, 99, (3, 1, 3, 1))]
        {
            let label = Label { source: source.clone(), span: Span::new(start, end), text: String::new() };
            let LineRange { line, column, end_line, end_column } = LineIndex::default().range(&label);
            assert_eq!((line, column, end_line, end_column), expected, "{start}..{end}");
        }
    }
}
