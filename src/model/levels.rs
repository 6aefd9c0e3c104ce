//! What a site makes of the problems that are found in it: which count, and as what.

use std::collections::BTreeMap;

use crate::diagnostics::{DeniedBy, Diagnostic, Severity};
use crate::rules::Rule;

/// What a site makes of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing is told.
    Allow,
    Warn,
    /// Nothing is written before it is put right.
    Deny,
}

/// `rules` in `site.yaml`, and what the command line asks for beyond it.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub of_rules: BTreeMap<Rule, Level>,
    /// Every warning is an error: `--deny warnings`.
    pub deny_warnings: bool,
}

impl Levels {
    /// Takes out what is allowed, and gives the rest their severities. Done again it changes nothing more, so each phase
    /// can do it before it looks for errors.
    pub fn apply(&self, found: &mut Vec<Diagnostic>) {
        found.retain(|diagnostic| !(diagnostic.rule.is_advice() && self.of(diagnostic.rule) == Some(Level::Allow)));
        for diagnostic in found {
            match self.of(diagnostic.rule) {
                Some(Level::Deny) => deny(diagnostic, DeniedBy::Site),
                Some(Level::Warn) if diagnostic.rule.is_advice() && diagnostic.denied.is_none() => {
                    diagnostic.severity = Severity::Warning;
                }
                Some(Level::Warn | Level::Allow) | None => {}
            }
            if self.deny_warnings {
                deny(diagnostic, DeniedBy::CommandLine);
            }
        }
    }

    fn of(&self, rule: Rule) -> Option<Level> {
        self.of_rules.get(&rule).copied()
    }
}

fn deny(diagnostic: &mut Diagnostic, by: DeniedBy) {
    if diagnostic.severity == Severity::Warning {
        diagnostic.severity = Severity::Error;
        diagnostic.denied = Some(by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(level: Option<Level>, deny_warnings: bool, diagnostic: Diagnostic) -> Option<Severity> {
        let of_rules = level.map(|level| (diagnostic.rule, level)).into_iter().collect();
        let levels = Levels { of_rules, deny_warnings };
        let mut found = vec![diagnostic];
        levels.apply(&mut found);
        levels.apply(&mut found);
        found.first().map(|diagnostic| diagnostic.severity)
    }

    #[test]
    fn a_warning_can_be_allowed_and_denied_and_an_error_of_advice_be_a_warning() {
        let warning = || Diagnostic::warning(Rule::RawHtml, "");
        let advice = || Diagnostic::error(Rule::RawHtml, "");
        for (level, deny, diagnostic, expected) in [
            (None, false, warning(), Some(Severity::Warning)),
            (None, true, warning(), Some(Severity::Error)),
            (Some(Level::Allow), false, warning(), None),
            (Some(Level::Allow), true, warning(), None),
            (Some(Level::Warn), true, warning(), Some(Severity::Error)),
            (Some(Level::Deny), false, warning(), Some(Severity::Error)),
            (Some(Level::Warn), false, advice(), Some(Severity::Warning)),
            (Some(Level::Warn), true, advice(), Some(Severity::Error)),
            (Some(Level::Allow), false, advice(), None),
        ] {
            assert_eq!(severity(level, deny, diagnostic), expected, "{level:?} {deny}");
        }
    }

    #[test]
    fn what_a_build_cannot_do_without_stays_an_error_whatever_is_asked() {
        for level in [None, Some(Level::Allow), Some(Level::Warn), Some(Level::Deny)] {
            let error = Diagnostic::error(Rule::YamlSyntax, "");
            assert_eq!(severity(level, false, error), Some(Severity::Error), "{level:?}");
        }
    }
}
