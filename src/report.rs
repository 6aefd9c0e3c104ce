//! Draws diagnostics for a terminal. The only place that knows how a problem looks.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::word::diagnostic::{Diagnostic, Severity};

/// Lines longer than this are cut around the mark, in columns.
const WIDTH: usize = 120;

/// All problems as text, ordered by file and place, and one line that counts them.
pub fn text(found: &[Diagnostic], colored: bool) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut sorted: Vec<&Diagnostic> = found.iter().collect();
    sorted.sort_by_cached_key(|diagnostic| diagnostic.sort_key());
    let mut out = String::new();
    for diagnostic in sorted {
        out.push_str(&renderer.render(&[group(diagnostic)]));
        out.push_str("\n\n");
    }
    out
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.rule.id());
    let mut group = Group::with_title(title);
    let mut rest = diagnostic.labels.as_slice();
    let mut kind = AnnotationKind::Primary;
    while let Some(first) = rest.first() {
        // Labels of one file share a picture.
        let count = rest
            .iter()
            .take_while(|label| label.source.path == first.source.path)
            .count();
        let mut snippet = Snippet::source(first.source.text.as_str())
            .path(first.source.path.as_str())
            .fold(true);
        for label in &rest[..count] {
            let annotation = kind.span(clamped(label.span.range(), &first.source.text));
            snippet = snippet.annotation(if label.text.is_empty() {
                annotation
            } else {
                annotation.label(label.text.as_str())
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
    group
}

/// A range on the boundaries of characters, inside of the text.
fn clamped(range: std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(range.start.min(text.len()));
    start..text.ceil_char_boundary(range.end.min(text.len())).max(start)
}

/// `3 errors and 1 warning`
pub fn count(found: &[Diagnostic]) -> String {
    let of = |severity: Severity, word: &str| {
        let count = found
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {word}s")),
        }
    };
    let parts: Vec<String> = [of(Severity::Error, "error"), of(Severity::Warning, "warning")]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" and ")
}
