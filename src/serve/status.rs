//! The status of the site, which open pages and the overview display.

use serde::Serialize;

use crate::diagnostics::{Diagnostic, Severity};
use crate::load;
use crate::printer;

/// The status after an update.
#[derive(Clone, Debug, Default)]
pub struct SiteStatus {
    /// Increases with each update.
    pub number: u64,
    /// Errors first.
    pub problems: Vec<Problem>,
    pub condition: Condition,
}

/// What is served of the site as its files are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// All of it, except for pages with errors.
    #[default]
    Current,
    /// Nothing: errors concern the whole site, so the last version without is served.
    LastGood,
    /// Nothing, and there is no earlier version.
    Unavailable,
}

/// A diagnostic as the terminal shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub severity: &'static str,
    pub rule: &'static str,
    pub message: String,
    /// The complete text, several lines.
    pub text: String,
    /// The file, by its path below the root. Empty if the problem has none.
    #[serde(skip)]
    pub file: String,
}

/// The overlay and the overview show no more than this. The terminal shows all.
pub const MAX_SHOWN: usize = 50;
/// The problems that are stored for all pages together.
const MAX_STORED: usize = 2000;

impl SiteStatus {
    pub fn new(number: u64, diagnostics: &[Diagnostic], condition: Condition) -> SiteStatus {
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        // Without the site, the errors of its pages are of no use yet.
        let is_of_site = |diagnostic: &Diagnostic| diagnostic.files().next().is_none_or(|file| !is_page(file));
        if condition == Condition::Unavailable && sorted.iter().any(|diagnostic| is_error_of(diagnostic, is_of_site)) {
            sorted.retain(|diagnostic| is_of_site(diagnostic));
        }
        let problems = sorted.into_iter().take(MAX_STORED).map(Problem::new).collect();
        SiteStatus { number, problems, condition }
    }

    /// Returns the problems that a page shows, those of other pages at the end. `file` is the page's file.
    pub fn of_page(&self, file: Option<&str>) -> Vec<PageProblem<'_>> {
        let all = self.problems.iter();
        let all = all.map(|problem| PageProblem { is_elsewhere: problem.is_of_another_page(file), problem });
        let mut problems: Vec<PageProblem> = all.collect();
        problems.sort_by_key(|problem| problem.is_elsewhere);
        problems.truncate(MAX_SHOWN);
        problems
    }
}

/// A problem as a page shows it.
#[derive(Clone, Debug, Serialize)]
pub struct PageProblem<'s> {
    /// The problem is in another page, which this one does not depend on.
    is_elsewhere: bool,
    #[serde(flatten)]
    problem: &'s Problem,
}

impl Problem {
    fn new(diagnostic: &Diagnostic) -> Problem {
        Problem {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            rule: diagnostic.rule.id(),
            message: diagnostic.message.clone(),
            text: printer::plain_text(diagnostic),
            file: diagnostic.files().next().unwrap_or_default().to_owned(),
        }
    }

    fn is_of_another_page(&self, file: Option<&str>) -> bool {
        is_page(&self.file) && file != Some(self.file.as_str())
    }
}

fn is_error_of(diagnostic: &Diagnostic, is_of: impl Fn(&Diagnostic) -> bool) -> bool {
    diagnostic.severity == Severity::Error && is_of(diagnostic)
}

/// Whether a file is a page, not notes for sales.
fn is_page(file: &str) -> bool {
    file.starts_with("content/") && file.ends_with(".md") && !load::is_sales_note(file)
}
