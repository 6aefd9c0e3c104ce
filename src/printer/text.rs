//! Prints diagnostics for people: each with its source line, a marker and a help line.

use std::borrow::Cow;
use std::collections::HashMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::line_index::clamp;
use super::terminal_text::{visible, visible_columns, visible_line};
use crate::characters;
use crate::diagnostics::{Diagnostic, Fix, Label, Severity, count};

/// Longer source lines are shortened around the marker. In columns.
const WIDTH: usize = 120;
/// In longer lines, only a part is rendered. In bytes.
const MAX_LINE: usize = 4000;
/// How much of a very long line is rendered on each side of a label, in bytes. More than [`WIDTH`].
const AROUND: usize = 500;
/// Diagnostics printed per file; the rest are counted. Thousands in one file usually have one cause.
const MAX_PER_FILE: usize = 100;

/// Returns the diagnostics, each followed by an empty line.
pub fn diagnostics(sorted: &[&Diagnostic], colored: bool) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut out = String::new();
    let mut per_file: HashMap<String, usize> = HashMap::new();
    for &diagnostic in sorted {
        let (file, ..) = diagnostic.sort_key();
        let count = per_file.entry(file).or_insert(0);
        *count += 1;
        if *count <= MAX_PER_FILE {
            let visible = with_visible_texts(diagnostic);
            let rendered = renderer.render(&[group(&visible)]);
            out.push_str(&with_whole_columns(rendered, &visible));
            out.push_str("\n\n");
        }
    }
    let mut more: Vec<_> = per_file.into_iter().filter(|&(_, count)| count > MAX_PER_FILE).collect();
    more.sort();
    for (file, count) in more {
        out.push_str(&format!("and {} more in {}\n\n", count - MAX_PER_FILE, visible_line(&file)));
    }
    out
}

/// Returns `3 errors and 1 warning; nothing was written`, or nothing if there are no diagnostics.
pub fn totals(diagnostics: &[Diagnostic], consequence: &str) -> String {
    let total = |severity: Severity, noun: &str| match diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .count()
    {
        0 => None,
        number => Some(count(number, noun)),
    };
    let totals: Vec<String> =
        [total(Severity::Error, "error"), total(Severity::Warning, "warning")].into_iter().flatten().collect();
    match totals.is_empty() {
        true => String::new(),
        false => format!("{}{consequence}\n", totals.join(" and ")),
    }
}

/// Returns the fixes of problems, one a line: ``content/a.md:3:1: `titel` → `title` [unknown-key]``.
pub fn fixes(diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let Fix { source, span, written, text } = diagnostic.fix()?;
        let (line, column) = source.line_and_column(span.range().start);
        let (file, rule) = (&source.path, diagnostic.rule.id());
        let (before, after) = (shown(written), shown(text));
        Some(format!("{}\n", visible_line(&format!("{file}:{line}:{column}: {before} → {after} [{rule}]"))))
    };
    diagnostics.iter().filter_map(line).collect()
}

/// Returns a text of a fix in backticks. Nobody would see a character without a glyph there, so it is named.
fn shown(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (None, _) => "nothing".to_owned(),
        (Some(' '), None) => "a space".to_owned(),
        (Some(c), None) if characters::is_hidden(c) => characters::name(c),
        _ => format!("`{text}`"),
    }
}

pub fn failure(message: &str) -> String {
    format!("error: {}\n", visible_line(message))
}

/// Escapes the control characters of a diagnostic, except in source lines, which [`snippet`] escapes.
fn with_visible_texts(diagnostic: &Diagnostic) -> Diagnostic {
    let labels =
        diagnostic.labels.iter().map(|label| Label { text: visible(&label.text).into_owned(), ..label.clone() });
    Diagnostic {
        message: visible(&diagnostic.message).into_owned(),
        labels: labels.collect(),
        file: diagnostic.file.as_deref().map(|file| visible_line(file).into_owned()),
        help: diagnostic.help.iter().map(|help| visible(help).into_owned()).collect(),
        replacement: None,
        ..*diagnostic
    }
}

/// Corrects the columns of lines that are cut at their start. The renderer counts from where they are cut.
fn with_whole_columns(rendered: String, diagnostic: &Diagnostic) -> String {
    let Some(first) = diagnostic.labels.first() else { return rendered };
    let count = diagnostic.labels.iter().take_while(|label| label.source.path == first.source.path).count();
    let excerpt = Excerpt::around(&diagnostic.labels[..count]);
    if !excerpt.is_cut {
        return rendered;
    }
    let at = clamp(first.span.range(), &first.source.text).start;
    let (line, column) = first.source.line_and_column(at);
    let in_excerpt = excerpt.lines[..at - excerpt.start].chars().count() + 1;
    let path = visible_line(&first.source.path);
    rendered.replacen(&format!("{path}:{line}:{in_excerpt}"), &format!("{path}:{line}:{column}"), 1)
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.id());
    let mut group = Group::with_title(title);
    let mut rest = diagnostic.labels.as_slice();
    let mut kind = AnnotationKind::Primary;
    while let Some(first) = rest.first() {
        // Consecutive labels of one file share a snippet.
        let count = rest.iter().take_while(|label| label.source.path == first.source.path).count();
        let excerpt = Excerpt::around(&rest[..count]);
        group = group.element(snippet(&rest[..count], &excerpt, &mut kind));
        rest = &rest[count..];
    }
    if let Some(file) = diagnostic.file.as_ref().filter(|_| diagnostic.labels.is_empty()) {
        group = group.element(Origin::path(file.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if let Some(by) = diagnostic.denied {
        group = group.element(Level::NOTE.message(by.note()));
    }
    group
}

/// Returns the source lines of labels that are in the same file. The first label of a diagnostic is the primary one.
fn snippet<'d>(
    labels: &'d [Label],
    excerpt: &Excerpt<'d>,
    kind: &mut AnnotationKind,
) -> Snippet<'d, annotate_snippets::Annotation<'d>> {
    let source = &labels[0].source;
    let Excerpt { lines, line_number, start, .. } = *excerpt;
    let visible_lines = visible_columns(lines);
    // A character and its picture have the same column, and different lengths.
    let offset = |at: usize| match &visible_lines {
        Cow::Borrowed(_) => at,
        Cow::Owned(_) => visible_columns(&lines[..at]).len(),
    };
    let mut annotations = Vec::new();
    for label in labels {
        let range = clamp(label.span.range(), &source.text);
        // A label far away in the same long line.
        if range.start < start || range.start > start + lines.len() {
            continue;
        }
        let end = range.end.min(start + lines.len());
        let annotation = kind.span(offset(range.start - start)..offset(end - start));
        annotations.push(match label.text.is_empty() {
            true => annotation,
            false => annotation.label(label.text.as_str()),
        });
        *kind = AnnotationKind::Context;
    }
    let path = visible_line(&source.path);
    Snippet::source(visible_lines).line_start(line_number).path(path).fold(true).annotations(annotations)
}

/// The source lines that are printed. Rendering a snippet takes time proportional to its text, so it is only the lines of the
/// labels, and of a very long line only the part around them.
struct Excerpt<'t> {
    lines: &'t str,
    /// The number of the first line.
    line_number: usize,
    /// The byte offset of the first line, or of its part.
    start: usize,
    /// Whether the start of the first line is missing.
    is_cut: bool,
}

impl<'t> Excerpt<'t> {
    fn around(labels: &'t [Label]) -> Excerpt<'t> {
        let text = labels[0].source.text.as_str();
        let range = |label: &Label| clamp(label.span.range(), text);
        let mut first = labels.iter().map(|label| range(label).start).min().unwrap_or(0);
        let mut last = labels.iter().map(|label| range(label).end).max().unwrap_or(0);
        // Labels at both ends of a long line: only what is near the first label is printed.
        if last - first > MAX_LINE && !text[first..last].contains('\n') {
            first = range(&labels[0]).start;
            last = range(&labels[0]).end.min(text.ceil_char_boundary(first + AROUND));
        }
        let line_start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
        let line_number = text[..line_start].bytes().filter(|&byte| byte == b'\n').count() + 1;
        let is_long = |length: usize| length > MAX_LINE;
        let start = if is_long(first - line_start) { text.floor_char_boundary(first - AROUND) } else { line_start };
        let end = if is_long(line_end - last) { text.ceil_char_boundary(last + AROUND) } else { line_end };
        Excerpt { lines: &text[start..end], line_number, start, is_cut: start > line_start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;
    use crate::source::{SourceText, Span};

    fn label(source: &std::sync::Arc<SourceText>, start: usize, end: usize) -> Label {
        Label { source: source.clone(), span: Span::new(start, end), text: "here".to_owned() }
    }

    #[test]
    fn excerpt_of_a_very_long_line_is_the_part_around_the_label() {
        let text = format!("first\n{}MARK{}\nlast\n", "é ".repeat(500_000), " x".repeat(500_000));
        let source = SourceText::new("content/a.md", &*text);
        let at = text.find("MARK").unwrap();
        for labels in [
            vec![label(&source, at, at + 4)],
            vec![label(&source, at, at + 4), label(&source, 8, 9)],
            vec![label(&source, at, at + 900_000)],
        ] {
            let excerpt = Excerpt::around(&labels);
            assert!(excerpt.lines.len() < 4 * AROUND && excerpt.lines.contains("MARK"), "{}", excerpt.lines.len());
            assert_eq!((excerpt.line_number, excerpt.is_cut), (2, true));
        }
        let diagnostic = Diagnostic::error(Rule::YamlSyntax, "wrong").at(&source, Span::new(at, at + 4), "here");
        let printed = diagnostics(&[&diagnostic], false);
        assert!(printed.contains(" --> content/a.md:2:1000001\n") && !printed.contains(":::"), "{printed}");
        assert!(printed.contains("MARK") && printed.contains("^^^^ here") && printed.len() < 1000, "{printed}");
    }

    #[test]
    fn excerpt_of_other_lines_is_whole() {
        let text = "first\nsecond line\nthird\n";
        let source = SourceText::new("content/a.md", text);
        let labels = [label(&source, 13, 17), label(&source, 20, 22)];
        let excerpt = Excerpt::around(&labels);
        assert_eq!((excerpt.lines, excerpt.line_number, excerpt.is_cut), ("second line\nthird\n", 2, false));
    }
}
