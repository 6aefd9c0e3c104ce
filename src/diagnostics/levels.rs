//! Severities that a site sets for rules: `rules` in `site.yaml` and `--deny warnings`.

use std::collections::BTreeMap;

use super::diagnostic::{DeniedBy, Diagnostic, Severity};
use crate::rules::Rule;

/// What a site does with the diagnostics of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not reported.
    Allow,
    Warn,
    /// They stop the build.
    Deny,
}

/// `rules` in `site.yaml`, and the options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub of_rules: BTreeMap<Rule, Level>,
    /// Every warning is an error: `--deny warnings`.
    pub deny_warnings: bool,
}

impl Levels {
    /// Returns the diagnostic with its severity on this site, or `None` if the site allows what it reports.
    pub fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let is_configurable = diagnostic.rule.is_configurable();
        match self.of_rules.get(&diagnostic.rule) {
            Some(Level::Allow) if is_configurable => return None,
            Some(Level::Warn) if is_configurable => diagnostic.severity = Severity::Warning,
            Some(Level::Deny) => deny(&mut diagnostic, DeniedBy::Site),
            Some(Level::Allow | Level::Warn) | None => {}
        }
        if self.deny_warnings {
            deny(&mut diagnostic, DeniedBy::CommandLine);
        }
        Some(diagnostic)
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
        levels.apply(diagnostic).map(|diagnostic| diagnostic.severity)
    }

    #[test]
    fn levels_set_the_severity_of_configurable_rules() {
        let warning = || Diagnostic::warning(Rule::RawHtml, "");
        let error = || Diagnostic::error(Rule::RawHtml, "");
        for (level, deny_warnings, diagnostic, expected) in [
            (None, false, warning(), Some(Severity::Warning)),
            (None, true, warning(), Some(Severity::Error)),
            (Some(Level::Allow), false, warning(), None),
            (Some(Level::Allow), true, warning(), None),
            (Some(Level::Warn), true, warning(), Some(Severity::Error)),
            (Some(Level::Deny), false, warning(), Some(Severity::Error)),
            (Some(Level::Warn), false, error(), Some(Severity::Warning)),
            (Some(Level::Warn), true, error(), Some(Severity::Error)),
            (Some(Level::Allow), false, error(), None),
        ] {
            assert_eq!(severity(level, deny_warnings, diagnostic), expected, "{level:?} {deny_warnings}");
        }
    }

    #[test]
    fn essential_errors_stay_errors_at_every_level() {
        for level in [None, Some(Level::Allow), Some(Level::Warn), Some(Level::Deny)] {
            let error = Diagnostic::error(Rule::YamlSyntax, "");
            assert_eq!(severity(level, false, error), Some(Severity::Error), "{level:?}");
        }
    }
}
