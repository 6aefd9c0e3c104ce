//! Problems for people: each with its line, a mark and what to write instead.

use std::collections::HashMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::clamped;
use crate::diagnostics::{Diagnostic, Label, Severity};

/// Lines longer than this are cut around the mark, in columns.
const WIDTH: usize = 120;
/// Problems of one file that are drawn; of ten thousand the rest are counted. They mostly have one cause.
const MAX_OF_A_FILE: usize = 100;

/// The problems as drawings, an empty line after each.
pub fn problems(sorted: &[&Diagnostic], colored: bool) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut out = String::new();
    let mut drawn: HashMap<String, usize> = HashMap::new();
    for &diagnostic in sorted {
        let (file, ..) = diagnostic.sort_key();
        let count = drawn.entry(file).or_insert(0);
        *count += 1;
        if *count <= MAX_OF_A_FILE {
            out.push_str(&renderer.render(&[group(diagnostic)]));
            out.push_str("\n\n");
        }
    }
    let mut more: Vec<_> = drawn.into_iter().filter(|&(_, count)| count > MAX_OF_A_FILE).collect();
    more.sort();
    for (file, count) in more {
        out.push_str(&format!("and {} more in {file}\n\n", count - MAX_OF_A_FILE));
    }
    out
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
        // Labels of one file share a picture.
        let count = rest.iter().take_while(|label| label.source.path == first.source.path).count();
        let (lines, line_number, start) = lines_around(&rest[..count], &first.source.text);
        let mut snippet = Snippet::source(lines).line_start(line_number).path(first.source.path.as_str()).fold(true);
        for label in &rest[..count] {
            let range = clamped(label.span.range(), &first.source.text);
            let annotation = kind.span(range.start - start..range.end - start);
            snippet = snippet.annotation(match label.text.is_empty() {
                true => annotation,
                false => annotation.label(label.text.as_str()),
            });
            kind = AnnotationKind::Context;
        }
        group = group.element(snippet);
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

/// The lines that labels of one file stand in, the number of the first, and where it begins. Drawing takes
/// time with the length of its text, so it gets no more than that.
fn lines_around<'t>(labels: &[Label], text: &'t str) -> (&'t str, usize, usize) {
    let ranges = || labels.iter().map(|label| clamped(label.span.range(), text));
    let first = ranges().map(|range| range.start).min().unwrap_or(0);
    let last = ranges().map(|range| range.end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
    let line_number = text[..start].bytes().filter(|&byte| byte == b'\n').count() + 1;
    (&text[start..end], line_number, start)
}

/// `3 errors and 1 warning; nothing was written`, and nothing where there are none.
pub fn count(found: &[Diagnostic], not_done: &str) -> String {
    let of = |severity: Severity, word: &str| match super::count(found, severity) {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}s")),
    };
    let parts: Vec<String> =
        [of(Severity::Error, "error"), of(Severity::Warning, "warning")].into_iter().flatten().collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("{}{not_done}\n", parts.join(" and ")),
    }
}

pub fn failure(message: &str) -> String {
    format!("error: {message}\n")
}
