//! Draws diagnostics: for people, for programs and for GitHub. Each form is known to one file alone.

mod explain_rule;
mod github;
mod json;
mod text;

use std::collections::HashMap;
use std::path::Path;

use crate::diagnostics::{Diagnostic, Label, Severity};

pub use explain_rule::explain;
pub use json::Summary;

/// How problems are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, with the line and a mark
    #[default]
    Text,
    /// For programs: one JSON object a line
    Json,
    /// For GitHub Actions: annotations of the commit
    Github,
}

/// What a drawing depends on besides the problems.
#[derive(Clone, Copy)]
pub struct Look<'l> {
    pub format: Format,
    pub colored: bool,
    /// The site's folder as it was named, for forms in which paths are from where the command ran.
    pub root: &'l Path,
}

/// All problems, in their order. What was `not_done` for them is said in text.
pub fn problems(found: &[Diagnostic], not_done: &str, look: Look) -> String {
    let sorted: Vec<&Diagnostic> = found.iter().collect();
    match look.format {
        Format::Text => text::problems(&sorted, look.colored) + &text::count(found, not_done),
        Format::Json => json::problems(&sorted),
        Format::Github => github::problems(&sorted, look.root) + &text::count(found, not_done),
    }
}

/// One problem as text, without colours.
pub fn one(problem: &Diagnostic) -> String {
    text::problems(&[problem], false).trim_end().to_owned()
}

/// What kept a command from its work, where that is not the content.
pub fn failure(message: &str, format: Format) -> String {
    match format {
        Format::Text => text::failure(message),
        Format::Json => json::failure(message),
        Format::Github => github::failure(message),
    }
}

/// How many problems of one severity there are.
pub fn count(found: &[Diagnostic], severity: Severity) -> usize {
    found.iter().filter(|diagnostic| diagnostic.severity == severity).count()
}

/// Lines and columns of a label, all from 1; columns count characters, and the end is the one behind the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// Finds places, and where the lines of each file begin only once: a file may have thousands of problems.
#[derive(Default)]
struct Places<'d> {
    line_starts: HashMap<&'d str, Vec<usize>>,
}

impl<'d> Places<'d> {
    fn of(&mut self, label: &'d Label) -> Place {
        let text = label.source.text.as_str();
        let starts = self.line_starts.entry(&label.source.path).or_insert_with(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
        });
        let range = clamped(label.span.range(), text);
        let at = |offset: usize| {
            let line = starts.partition_point(|&start| start <= offset);
            (line, text[starts[line - 1]..offset].chars().count() + 1)
        };
        let ((line, column), (end_line, end_column)) = (at(range.start), at(range.end));
        Place { line, column, end_line, end_column }
    }
}

/// A range on the boundaries of characters, inside of the text.
fn clamped(range: std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    start..text.ceil_char_boundary(range.end.min(text.len())).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceText, Span};

    #[test]
    fn a_place_counts_characters_and_lines_from_one() {
        let source = SourceText::new("a.md", "eins\nÜber uns\n");
        for (start, end, expected) in
            [(0, 4, (1, 1, 1, 5)), (5, 10, (2, 1, 2, 5)), (2, 7, (1, 3, 2, 2)), (15, 99, (3, 1, 3, 1))]
        {
            let label = Label { source: source.clone(), span: Span::new(start, end), text: String::new() };
            let Place { line, column, end_line, end_column } = Places::default().of(&label);
            assert_eq!((line, column, end_line, end_column), expected, "{start}..{end}");
        }
    }
}
