//! Prints diagnostics for people: each with its source line, a marker and a help line.

use std::borrow::Cow;
use std::collections::HashMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::line_index::clamp;
use super::terminal_text::{visible, visible_columns, visible_line};
use crate::diagnostics::{Diagnostic, Fix, Label, Severity, count};
use crate::source::{SourceText, Span};

/// Longer source lines are shortened around the marker. In columns.
const WIDTH: usize = 120;
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
            out.push_str(&renderer.render(&[group(&with_visible_texts(diagnostic))]));
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
        Some(format!("{}\n", visible_line(&format!("{file}:{line}:{column}: `{written}` → `{text}` [{rule}]"))))
    };
    diagnostics.iter().filter_map(line).collect()
}

pub fn failure(message: &str) -> String {
    format!("error: {}\n", visible_line(message))
}

/// Escapes the control characters of a diagnostic. In source lines, each becomes one visible character.
fn with_visible_texts(diagnostic: &Diagnostic) -> Diagnostic {
    let labels = diagnostic
        .labels
        .iter()
        .map(|label| Label { text: visible(&label.text).into_owned(), ..in_visible_source(label) });
    Diagnostic {
        message: visible(&diagnostic.message).into_owned(),
        labels: labels.collect(),
        file: diagnostic.file.as_deref().map(|file| visible_line(file).into_owned()),
        help: diagnostic.help.iter().map(|help| visible(help).into_owned()).collect(),
        replacement: None,
        ..*diagnostic
    }
}

fn in_visible_source(label: &Label) -> Label {
    let Label { source, span, text } = label;
    let (path, lines) = (visible_line(&source.path), visible_columns(&source.text));
    if matches!((&path, &lines), (Cow::Borrowed(_), Cow::Borrowed(_))) {
        return label.clone();
    }
    let range = clamp(span.range(), &source.text);
    let offset = |at: usize| visible_columns(&source.text[..at]).len();
    let span = Span::new(offset(range.start), offset(range.end));
    Label { source: SourceText::new(path, lines), span, text: text.clone() }
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
        group = group.element(snippet(&rest[..count], &mut kind));
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
fn snippet<'d>(labels: &'d [Label], kind: &mut AnnotationKind) -> Snippet<'d, annotate_snippets::Annotation<'d>> {
    let source = &labels[0].source;
    let (lines, line_number, start) = lines_around(labels, &source.text);
    let mut snippet = Snippet::source(lines).line_start(line_number).path(source.path.as_str()).fold(true);
    for label in labels {
        let range = clamp(label.span.range(), &source.text);
        let annotation = kind.span(range.start - start..range.end - start);
        snippet = snippet.annotation(match label.text.is_empty() {
            true => annotation,
            false => annotation.label(label.text.as_str()),
        });
        *kind = AnnotationKind::Context;
    }
    snippet
}

/// Returns the source lines that contain the labels, the number of the first line, and its byte offset. Rendering a
/// snippet takes time proportional to its text, so it gets these lines only.
fn lines_around<'t>(labels: &[Label], text: &'t str) -> (&'t str, usize, usize) {
    let ranges = || labels.iter().map(|label| clamp(label.span.range(), text));
    let first = ranges().map(|range| range.start).min().unwrap_or(0);
    let last = ranges().map(|range| range.end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
    let line_number = text[..start].bytes().filter(|&byte| byte == b'\n').count() + 1;
    (&text[start..end], line_number, start)
}
