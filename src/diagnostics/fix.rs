//! The fix of a problem that leaves nothing to decide, with its place.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Replacement};
use crate::source::{self, SourceText, Span};

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
    /// Returns the fix of a problem with its place. Returns `None` if the written text is not exactly once at the location. The
    /// location of a link by reference, `[text][name]`, is the address in the definition of its name.
    pub fn fix(&self) -> Option<Fix<'_>> {
        let Replacement { written, text } = self.replacement.as_ref()?;
        let label = self.labels.first()?;
        let place = match reference_name(&label.source, label.span) {
            Some(name) => address_of_definition(&label.source, name)?,
            None => label.span,
        };
        let marked = label.source.text.get(place.range())?;
        let mut places = marked.match_indices(written.as_str()).filter(|(at, _)| is_whole(marked, *at, written));
        let (at, _) = places.next().filter(|_| !written.is_empty())?;
        if places.next().is_some() {
            return None;
        }
        let start = place.start as usize + at;
        Some(Fix { source: &label.source, span: Span::new(start, start + written.len()), written, text })
    }
}

/// Returns the name of the definition that a marked link refers to: `[text][name]`, `[name][]` or `[name]` in a page.
fn reference_name(source: &SourceText, span: Span) -> Option<&str> {
    let link =
        source.text.get(span.range())?.strip_prefix('[')?.strip_suffix(']').filter(|_| source.path.ends_with(".md"))?;
    let (text, name) = link.rsplit_once("][").unwrap_or((link, ""));
    Some(if name.is_empty() { text } else { name })
}

/// Returns the place of the address in the only definition of a name: `[name]: address`.
fn address_of_definition(source: &SourceText, name: &str) -> Option<Span> {
    let mut definitions = source::lines(&source.text).filter_map(|(at, line)| {
        let (written, rest) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
        let address = rest.split_whitespace().next().filter(|_| written.eq_ignore_ascii_case(name))?;
        let start = at + address.as_ptr() as usize - line.as_ptr() as usize;
        Some(Span::new(start, start + address.len()))
    });
    let definition = definitions.next()?;
    definitions.next().is_none().then_some(definition)
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
    fn fix_of_a_link_by_reference_is_in_its_definition() {
        let text = "[Get it][a] and [save]\n\n[a]: cta:save\n[save]: cta:save \"Save\"\n";
        for (link, expected) in [("[Get it][a]", 33), ("[save]", 50)] {
            let source = SourceText::new("content/a.md", text);
            let at = text.find(link).unwrap();
            let diagnostic = Diagnostic::error(Rule::UnknownCta, "").at(&source, Span::new(at, at + link.len()), "");
            let diagnostic = diagnostic.replace("save", "offer");
            assert_eq!(diagnostic.fix().map(|fix| fix.span.start), Some(expected), "{link}");
        }
        let source = SourceText::new("content/a.md", "[save]\n");
        let diagnostic = Diagnostic::error(Rule::UnknownCta, "").at(&source, Span::new(0, 6), "").replace("save", "x");
        assert!(diagnostic.fix().is_none());
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
