//! The dialect of Markdown: its extensions, and its limits. Deep nesting and very many footnotes are refused, because parsing them
//! would take too long.

use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;
use pulldown_cmark::Options;

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{self, SourceText, Span};

/// CommonMark with these extensions.
pub const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// Limit for nested elements. Deeper nesting crashes HTML tools, and no text needs ten levels.
pub const MAX_DEPTH: usize = 48;
/// Limit for footnotes in one segment of Markdown. pulldown-cmark needs quadratic time for them (its issue 1076).
pub const MAX_FOOTNOTES: usize = 1000;

/// Returns an error for Markdown for which the parser needs more than linear time.
pub fn excessive_markdown(source: &Arc<SourceText>, range: &Range<usize>) -> Option<Diagnostic> {
    excessive_nesting(source, range).or_else(|| excessive_footnotes(source, range))
}

fn excessive_nesting(source: &Arc<SourceText>, range: &Range<usize>) -> Option<Diagnostic> {
    for (at, line) in source::lines(&source.text[range.clone()]) {
        // `>`, `-` and digits at the beginning of the line, which nest containers.
        let is_marker = |byte| matches!(byte, b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'0'..=b'9' | b'.' | b')');
        let length = line.bytes().position(|byte| !is_marker(byte)).unwrap_or(line.len());
        let markers = &line[..length];
        if markers.len() > 2 * MAX_DEPTH
            && markers.bytes().filter(|b| b">-+*)".contains(b)).count() > MAX_DEPTH
            && !is_thematic_break(line)
        {
            return Some(Diagnostic::error(Rule::NestingTooDeep, "lists or quotes are nested too deep").at(
                source,
                Span::new(at, at + markers.trim_end().len()).shifted(range.start),
                "nested too deep",
            ));
        }
    }
    None
}

fn excessive_footnotes(source: &Arc<SourceText>, range: &Range<usize>) -> Option<Diagnostic> {
    let text = &source.text[range.clone()];
    let footnotes = memmem::find_iter(text.as_bytes(), "[^").count();
    if footnotes <= MAX_FOOTNOTES {
        return None;
    }
    let first = range.start + text.find("[^")?;
    Some(Diagnostic::error(Rule::NestingTooDeep, format!("{footnotes} footnotes")).at(
        source,
        Span::new(first, first + 2),
        format!("at most {MAX_FOOTNOTES} in one block"),
    ))
}

/// Returns true if a line is a thematic break, such as `-----` or `* * *`.
fn is_thematic_break(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return true };
    "-*_".contains(first) && marks.all(|mark| mark == first)
}
