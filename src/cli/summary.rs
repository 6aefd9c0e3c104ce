//! The result of `build`, `check` and `tags`: diagnostics, one summary line and the exit status.

use std::path::Path;
use std::process::ExitCode;

use super::terminal::{self, CONTENT_ERRORS};
use crate::diagnostics::{Diagnostic, Severity, count};
use crate::pipeline::{Outcome, RunSummary};
use crate::printer::{self, DiagnosticFormat, JsonSummary, TerminalText};
use crate::register::restore::Restored;

pub struct SummaryOptions<'a> {
    pub command: &'static str,
    pub root: &'a Path,
    pub format: DiagnosticFormat,
    /// Whether the command renders pages. `tags` does not, so it has no page counts.
    pub counts_pages: bool,
    /// Follows the number of errors.
    pub after_errors: &'static str,
}

/// What follows the number of errors if a command wrote nothing.
pub const NOTHING_WRITTEN: &str = "; nothing was written";

/// Prints the diagnostics and the summary of a command. `sentence` is the summary for people.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print(
    outcome: &Outcome,
    options: &SummaryOptions,
    sentence: impl FnOnce(&RunSummary) -> String,
) -> anyhow::Result<ExitCode> {
    let SummaryOptions { root, format, after_errors, .. } = *options;
    let done = outcome.summary.as_ref();
    let consequence = if done.is_none() { after_errors } else { "" };
    terminal::print_diagnostics(&outcome.diagnostics, consequence, root, format);
    let status = match (format, done) {
        (DiagnosticFormat::Json, _) => {
            terminal::print_result(&TerminalText::json(&json(&outcome.diagnostics, done, options)))?
        }
        (DiagnosticFormat::Text | DiagnosticFormat::Github, Some(done)) => {
            terminal::print_result(&TerminalText::new(&format!("{}\n", sentence(done))))?
        }
        (DiagnosticFormat::Text | DiagnosticFormat::Github, None) => ExitCode::SUCCESS,
    };
    Ok(if done.is_some() { status } else { ExitCode::from(CONTENT_ERRORS) })
}

/// Prints the result of `tags --restore`.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print_restored(
    restored: &Result<Restored, Vec<Diagnostic>>,
    root: &Path,
    format: DiagnosticFormat,
) -> anyhow::Result<ExitCode> {
    let diagnostics = restored.as_ref().err().map_or(&[][..], Vec::as_slice);
    let consequence = if restored.is_err() { "; nothing was written" } else { "" };
    terminal::print_diagnostics(diagnostics, consequence, root, format);
    let summary = restored.as_ref().ok().map(|restored| restored.summary());
    let status = match (format, &summary) {
        (DiagnosticFormat::Json, _) => {
            let json = JsonSummary {
                command: "tags",
                ok: restored.is_ok(),
                errors: diagnostics.len(),
                warnings: 0,
                pages: None,
                channel_pages: None,
                lead_tags: None,
                register: summary.filter(|done| !done.is_empty()),
                register_note: None,
                next_change: None,
            };
            terminal::print_result(&TerminalText::json(&json.json()))?
        }
        (_, Some(done)) if done.is_empty() => {
            terminal::print_result(&TerminalText::new("no row is missing from the tag register\n"))?
        }
        (_, Some(done)) => terminal::print_result(&TerminalText::new(&format!("restored the tag register: {done}\n")))?,
        (_, None) => ExitCode::SUCCESS,
    };
    Ok(if restored.is_ok() { status } else { ExitCode::from(CONTENT_ERRORS) })
}

fn json(diagnostics: &[Diagnostic], done: Option<&RunSummary>, options: &SummaryOptions) -> String {
    let rendered = done.filter(|_| options.counts_pages);
    let summary = JsonSummary {
        command: options.command,
        ok: done.is_some(),
        errors: printer::count(diagnostics, Severity::Error),
        warnings: printer::count(diagnostics, Severity::Warning),
        pages: rendered.map(|done| done.counts.pages),
        channel_pages: rendered.map(|done| done.counts.channel_pages),
        lead_tags: done.map(|done| done.lead_tags),
        register: done.map(|done| done.register_changes.clone()).filter(|changes| !changes.is_empty()),
        register_note: done.and_then(|done| done.register_note.clone()),
        next_change: done.and_then(|done| done.next_change),
    };
    summary.json()
}

/// Returns `31 pages, 24 channel pages, 60 lead tags`.
pub fn totals(done: &RunSummary) -> String {
    let pages = count(done.counts.pages, "page");
    let channel_pages = count(done.counts.channel_pages, "channel page");
    format!("{pages}, {channel_pages}, {}", count(done.lead_tags, "lead tag"))
}

/// Returns ` (2 lead tags opened)`, or nothing if the register did not change.
pub fn register_changes(done: &RunSummary) -> String {
    if done.register_changes.is_empty() { String::new() } else { format!(" ({})", done.register_changes) }
}

/// Returns what else there is to say about the tag register, on a line of its own, or nothing.
pub fn register_note(done: &RunSummary) -> String {
    done.register_note.as_ref().map(|note| format!("\n{note}")).unwrap_or_default()
}

/// Returns `; next change on 2027-04-01`, or nothing if no page starts or ends later.
pub fn next_change(done: &RunSummary) -> String {
    done.next_change.map(|date| format!("; next change on {date}")).unwrap_or_default()
}
