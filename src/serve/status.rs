//! The status of the site, which open pages and the overview display.

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Severity};
use crate::printer;

/// The status after an update.
#[derive(Clone, Debug, Default)]
pub struct SiteStatus {
    /// Increases with each update.
    pub number: u64,
    pub problems: Vec<Problem>,
    /// The site has errors, so the last version without errors is served.
    pub is_refused: bool,
}

/// A diagnostic as the terminal shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub severity: &'static str,
    pub rule: &'static str,
    pub message: String,
    /// The complete text, several lines.
    pub text: String,
}

/// The overlay shows no more than this. The terminal shows all.
const MAX_PROBLEMS: usize = 50;

impl SiteStatus {
    /// Lists errors before warnings.
    pub fn new(number: u64, diagnostics: &[Diagnostic], is_refused: bool) -> SiteStatus {
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        let problems = sorted.into_iter().take(MAX_PROBLEMS).map(|diagnostic| Problem {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            rule: diagnostic.rule.id(),
            message: diagnostic.message.clone(),
            text: printer::plain_text(diagnostic),
        });
        SiteStatus { number, problems: problems.collect(), is_refused }
    }
}
