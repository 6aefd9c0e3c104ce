//! The fix of a problem that leaves nothing to decide, with its place.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Replacement};
use crate::source::{SourceText, Span};

/// A replacement and its place.
#[derive(Clone, Debug)]
pub struct Fix<'d> {
    pub source: &'d Arc<SourceText>,
    /// The place of the written text.
    pub span: Span,
    pub written: &'d str,
    pub text: &'d str,
}

impl Diagnostic {
    /// Returns the fix of a problem with its place. Returns `None` if the written text is not exactly once at the location.
    pub fn fix(&self) -> Option<Fix<'_>> {
        let Replacement { written, text } = self.replacement.as_ref()?;
        let label = self.labels.first()?;
        let marked = label.source.text.get(label.span.range())?;
        let mut places = marked.match_indices(written.as_str()).filter(|(at, _)| is_whole(marked, *at, written));
        let (at, _) = places.next().filter(|_| !written.is_empty())?;
        if places.next().is_some() {
            return None;
        }
        let start = label.span.start as usize + at;
        Some(Fix { source: &label.source, span: Span::new(start, start + written.len()), written, text })
    }
}

/// Whether a text at an offset is not part of a longer word.
fn is_whole(text: &str, at: usize, written: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !text[..at].ends_with(joins) && !text[at + written.len()..].starts_with(joins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;

    #[test]
    fn fix_replaces_a_whole_text_that_is_marked_once() {
        let fix = |marked: &str| {
            let source = SourceText::new("a.md", marked);
            let diagnostic = Diagnostic::error(Rule::UnknownKey, "").at(&source, Span::new(0, marked.len()), "");
            let diagnostic = diagnostic.replace("save", "offer");
            diagnostic.fix().map(|fix| fix.span.start)
        };
        assert_eq!(fix("save"), Some(0));
        assert_eq!(fix("\"save\""), Some(1));
        assert_eq!(fix("cta:save"), Some(4));
        for marked in ["saves", "save, save", "pre-save", "other"] {
            assert_eq!(fix(marked), None, "{marked}");
        }
    }
}
