//! Fixes: texts that cure a problem, if nobody has to decide anything.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::wording::distance;
use crate::source::{SourceText, Span};

/// A text to write in place of a part of a problem's location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub written: String,
    pub text: String,
}

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

/// Returns the name that was certainly meant: it differs from the written one by case, by separators, or by one or two
/// letters, and no other name is as near. Digits are never a typing error: `spring-2026` is not `spring-2027`.
pub fn certain<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let plain_written = plain(written);
    let max_distance = match plain_written.chars().count() {
        0..4 => 0,
        4..8 => 1,
        8.. => 2,
    };
    let mut nearest: Option<(usize, &str)> = None;
    let mut is_tie = false;
    for name in known {
        let away = distance(&plain_written, &plain(name));
        match nearest {
            Some((best, _)) if away > best => continue,
            Some((best, other)) if away == best => is_tie |= other != name,
            _ => (nearest, is_tie) = (Some((away, name)), false),
        }
    }
    let (away, name) = nearest?;
    (!is_tie && away <= max_distance && digits(written) == digits(name)).then_some(name)
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_numeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;

    #[test]
    fn only_obvious_spellings_are_certain() {
        let known = ["title", "starts", "newsletter", "spring-2027", "acme", "linkedin"];
        for (written, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("newsleter", Some("newsletter")),
            ("news_letter", Some("newsletter")),
            ("LinkedIn", Some("linkedin")),
            ("spring2027", Some("spring-2027")),
            // Digits, short names, and names that could be something else.
            ("spring-2026", None),
            ("acm", None),
            ("stats", Some("starts")),
            ("newest", None),
        ] {
            assert_eq!(certain(written, known), expected, "{written}");
        }
        assert_eq!(certain("savd", ["save", "said"]), Some("save"));
        assert_eq!(certain("sava", ["save", "savo"]), None);
    }

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
