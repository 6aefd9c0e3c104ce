//! Collects the diagnostics of one run. Diagnostics come in from every phase; complete and sorted ones come out of
//! [`Findings::finish`].

use std::collections::HashMap;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Severity};
use super::levels::Levels;
use super::mask::Mask;
use crate::source::SourceText;

/// The diagnostics of a run so far, each with the severity that the site gives its rule.
#[derive(Default)]
pub struct Findings {
    levels: Levels,
    mask: Mask,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    pub fn new(levels: Levels) -> Findings {
        Findings { levels, ..Findings::default() }
    }

    /// Adds a diagnostic, unless the site allows what it reports.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.extend(self.levels.apply(diagnostic));
    }

    /// Adds diagnostics, except those that the site allows.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Masks these secrets in all diagnostics.
    pub fn mask(&mut self, mask: Mask) {
        self.mask.extend(mask);
    }

    /// Returns whether anything stops a build, denied warnings included.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns whether some content could not be read or resolved. A denied warning stops a build too, but everything
    /// is there.
    pub fn has_defects(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_defect)
    }

    /// The diagnostics so far, in the order in which they were added. Secrets are not masked yet, and source texts may
    /// be missing.
    pub fn so_far(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The diagnostics so far, to add them to other findings.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Returns all diagnostics: sorted, with the source texts that labels point into, and with masked secrets.
    /// `read_text` returns the text of a file by its path.
    pub fn finish<E>(
        self,
        read_text: impl FnMut(&str) -> Result<Option<Arc<SourceText>>, E>,
    ) -> Result<Vec<Diagnostic>, E> {
        let Findings { levels: _, mask, mut diagnostics } = self;
        restore_texts(&mut diagnostics, read_text)?;
        diagnostics.iter_mut().for_each(|diagnostic| mask.apply(diagnostic));
        diagnostics.sort_by_cached_key(Diagnostic::sort_key);
        // The versions of a page share most of its text.
        diagnostics.dedup_by(|later, first| later.is_same(first));
        Ok(diagnostics)
    }
}

/// Reads the texts that were dropped to save memory: of 10,000 pages they are a quarter of a build's memory.
fn restore_texts<E>(
    diagnostics: &mut [Diagnostic],
    mut read_text: impl FnMut(&str) -> Result<Option<Arc<SourceText>>, E>,
) -> Result<(), E> {
    let mut texts: HashMap<String, Option<Arc<SourceText>>> = HashMap::new();
    let labels = diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels);
    for label in labels.filter(|label| label.source.text.is_empty()) {
        let path = &label.source.path;
        if !texts.contains_key(path) {
            texts.insert(path.clone(), read_text(path)?);
        }
        if let Some(Some(source)) = texts.get(path) {
            label.source = Arc::clone(source);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::super::levels::Level;
    use super::*;
    use crate::rules::Rule;
    use crate::source::Span;

    fn finished(findings: Findings) -> Vec<Diagnostic> {
        let text = |path: &str| Ok::<_, Infallible>(Some(SourceText::new(path, "the key is abcsecret")));
        findings.finish(text).unwrap()
    }

    #[test]
    fn finished_diagnostics_are_sorted_and_have_their_texts() {
        let mut findings = Findings::default();
        findings.push(Diagnostic::error(Rule::YamlSyntax, "second").in_file("b.md"));
        findings.push(Diagnostic::error(Rule::YamlSyntax, "first").at(
            &SourceText::without_text("a.md"),
            Span::new(0, 3),
            "",
        ));
        let diagnostics = finished(findings);
        assert_eq!(diagnostics[0].message, "first");
        assert_eq!(diagnostics[0].labels[0].source.text, "the key is abcsecret");
    }

    #[test]
    fn allowed_warnings_are_dropped_and_denied_ones_are_no_defects() {
        let of_rules = [(Rule::RawHtml, Level::Allow), (Rule::MissingAlt, Level::Deny)].into();
        let mut findings = Findings::new(Levels { of_rules, deny_warnings: false });
        findings.push(Diagnostic::warning(Rule::RawHtml, ""));
        assert!(findings.so_far().is_empty());
        findings.push(Diagnostic::warning(Rule::MissingAlt, ""));
        assert!(findings.has_errors() && !findings.has_defects());
    }

    #[test]
    fn secrets_are_masked_in_restored_texts_too() {
        let mut findings = Findings::default();
        findings.push(Diagnostic::error(Rule::ExposedSecret, "abcsecret").at(
            &SourceText::without_text("a.md"),
            Span::new(0, 3),
            "",
        ));
        findings.mask(Mask::new([("abcsecret".to_owned(), 3)]));
        let diagnostics = finished(findings);
        assert_eq!(diagnostics[0].message, "abc******");
        assert_eq!(diagnostics[0].labels[0].source.text, "the key is abc******");
    }
}
