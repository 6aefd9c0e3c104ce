//! The results of commands.

use jiff::civil::Date;

use super::compile::Compiled;
use super::register_file::RegisterWritten;
use crate::diagnostics::{Diagnostic, Findings};
use crate::load::Scan;
use crate::register::Changes;
use crate::render::Counts;

/// How a command ended.
pub struct Outcome {
    /// `None` if the site has errors. Nothing was written then.
    pub summary: Option<RunSummary>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The numbers of a successful run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    pub counts: Counts,
    pub lead_tags: usize,
    /// The next day on which the output changes.
    pub next_change: Option<Date>,
    /// Nothing changed since the last build, so nothing was written.
    pub unchanged: bool,
    /// `2 lead tags opened`. Empty if the register did not change.
    pub register_changes: String,
    /// What else there is to say about the tag register, as a sentence without a full stop.
    pub register_note: Option<String>,
}

impl Outcome {
    /// The outcome of a run that had errors.
    pub fn refused(findings: Findings, scan: &Scan) -> anyhow::Result<Outcome> {
        Ok(Outcome { summary: None, diagnostics: complete(findings, scan)? })
    }

    /// The outcome of a run that got to its end. It has a summary if there are no errors.
    pub fn finished(summary: RunSummary, findings: Findings, scan: &Scan) -> anyhow::Result<Outcome> {
        let summary = Some(summary).filter(|_| !findings.has_errors());
        Ok(Outcome { summary, diagnostics: complete(findings, scan)? })
    }
}

impl RunSummary {
    pub fn new(compiled: &Compiled, counts: Counts, written: RegisterWritten) -> RunSummary {
        let Compiled { site, changes, lead_tags, listing, .. } = compiled;
        RunSummary {
            counts,
            lead_tags: *lead_tags,
            next_change: site.next_change,
            unchanged: false,
            register_changes: if written == RegisterWritten::Yes { summary_of(changes) } else { String::new() },
            register_note: written.note(changes, *listing),
        }
    }
}

fn summary_of(changes: &Changes) -> String {
    if changes.is_empty() { String::new() } else { changes.summary() }
}

/// Returns the complete diagnostics of a run.
pub fn complete(findings: Findings, scan: &Scan) -> anyhow::Result<Vec<Diagnostic>> {
    findings.finish(|path| scan.text(path))
}
