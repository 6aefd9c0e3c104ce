//! Markdown in a value of YAML, such as the text of a thank-you page.

use std::ops::Range;
use std::sync::Arc;

use super::body;
use super::quotes::QuotationMarks;
use crate::diagnostics::Diagnostic;
use crate::model::body::{Body, Outline};
use crate::parse::versions::Shown;
use crate::source::{Located, SourceText, Span};

/// Converts a value of a file, as one version of a page shows it. All spans are those of the file. Where an escape or an indentation makes them uncertain,
/// they are those of the value.
pub fn value(
    source: &Arc<SourceText>,
    value: &Located<String>,
    quotes: QuotationMarks,
    shown: Shown,
) -> (Body, Outline, Vec<Diagnostic>) {
    let text = SourceText::new(&*source.path, &*value.value);
    let (body, mut outline, mut diagnostics) = body(&text, 0..text.text.len(), quotes, shown);
    let place = |span: Span| place_in_file(source, value.span, &text.text, span.range());
    outline.links.iter_mut().for_each(|link| link.span = place(link.span));
    outline.raw_html.iter_mut().for_each(|span| *span = place(*span));
    outline.offers.iter_mut().for_each(|(_, span)| *span = place(*span));
    for line in &mut outline.blocks {
        line.span = place(line.span);
        line.attributes.iter_mut().for_each(|attribute| attribute.span = place(attribute.span));
    }
    for attribute in outline.heading_attributes.iter_mut().flat_map(|heading| &mut heading.attributes) {
        attribute.span = place(attribute.span);
    }
    for label in diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
        label.span = place(label.span);
        label.source = Arc::clone(source);
    }
    (body, outline, diagnostics)
}

/// Returns where a part of a value is in the file.
fn place_in_file(source: &SourceText, value: Span, text: &str, part: Range<usize>) -> Span {
    let written = &source.text[value.range()];
    let earlier = text[..part.start].matches(&text[part.clone()]).count();
    let found = written.match_indices(&text[part.clone()]).nth(earlier).filter(|_| !part.is_empty());
    match found {
        Some((at, found)) => Span::new(at, at + found.len()).shifted(value.start as usize),
        None => {
            let first_line = written.lines().next().unwrap_or_default();
            Span::new(0, first_line.len()).shifted(value.start as usize)
        }
    }
}
