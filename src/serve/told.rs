//! What open pages are told: whether they have changed, and what is wrong with the site.

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Severity};
use crate::printer;

/// The state of the site after a change, as every open page is told it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Told {
    /// Goes up with each change.
    pub number: u64,
    pub problems: Vec<Problem>,
    /// The site cannot be built as it is: what is shown is the last good one.
    pub is_refused: bool,
}

/// One problem, as the terminal has it.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub severity: &'static str,
    pub rule: &'static str,
    pub message: String,
    /// The whole of it, several lines.
    pub text: String,
}

/// More than anyone reads at once; the terminal has all.
const MAX_PROBLEMS: usize = 50;

impl Told {
    pub fn of(number: u64, found: &[Diagnostic], is_refused: bool) -> Told {
        let mut sorted: Vec<&Diagnostic> = found.iter().collect();
        sorted.sort_by_key(|problem| problem.severity);
        let problems = sorted.into_iter().take(MAX_PROBLEMS).map(|problem| Problem {
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            rule: problem.rule.id(),
            message: problem.message.clone(),
            text: printer::one(problem),
        });
        Told { number, problems: problems.collect(), is_refused }
    }
}
