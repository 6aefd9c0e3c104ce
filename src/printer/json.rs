//! Prints diagnostics and results for programs, one JSON object per line. `docs/commands.md` documents the objects.

use jiff::civil::Date;
use serde::Serialize;

use super::line_index::{LineIndex, LineRange};
use crate::diagnostics::{DeniedBy, Diagnostic, Fix, Label, Severity};

/// The version of the JSON format. It increases with every incompatible change.
const VERSION: u32 = 1;

/// The result of a command. Counts are `None` if the command failed.
#[derive(Serialize)]
pub struct JsonSummary {
    pub command: &'static str,
    pub ok: bool,
    pub errors: usize,
    pub warnings: usize,
    pub pages: Option<usize>,
    pub channel_pages: Option<usize>,
    pub lead_tags: Option<usize>,
    /// Changes to the tag register: `2 lead tags opened`. `None` if it did not change.
    pub register: Option<String>,
    /// What else there is to say about the tag register: that a run left it alone, or that its checksums are new.
    pub register_note: Option<String>,
    pub next_change: Option<Date>,
}

impl JsonSummary {
    /// Returns the JSON object for standard output.
    pub fn json(&self) -> String {
        line(&JsonResult { version: VERSION, r#type: "result", summary: self })
    }
}

#[derive(Serialize)]
struct JsonResult<'s> {
    version: u32,
    r#type: &'static str,
    #[serde(flatten)]
    summary: &'s JsonSummary,
}

#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    version: u32,
    r#type: &'static str,
    rule: &'static str,
    severity: &'static str,
    message: &'d str,
    /// The first is the primary location; the others are related, for example the other definition of a duplicate.
    places: Vec<JsonLocation<'d>>,
    help: &'d [String],
    /// What `check --fix` writes.
    fix: Option<JsonFix<'d>>,
    /// Why a warning was raised to an error.
    denied_by: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonFix<'d> {
    file: &'d str,
    #[serde(flatten)]
    range: JsonRange,
    before: &'d str,
    after: &'d str,
}

#[derive(Serialize)]
struct JsonAppliedFix<'d> {
    version: u32,
    r#type: &'static str,
    rule: &'static str,
    #[serde(flatten)]
    fix: JsonFix<'d>,
}

#[derive(Serialize)]
struct JsonLocation<'d> {
    file: &'d str,
    #[serde(flatten)]
    range: Option<JsonRange>,
    text: &'d str,
}

#[derive(Serialize)]
struct JsonRange {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl JsonRange {
    fn of(range: LineRange) -> JsonRange {
        let LineRange { line, column, end_line, end_column } = range;
        JsonRange { line, column, end_line, end_column }
    }
}

#[derive(Serialize)]
struct JsonFailure<'m> {
    version: u32,
    r#type: &'static str,
    message: &'m str,
}

pub fn diagnostics(sorted: &[&Diagnostic]) -> String {
    let mut lines = LineIndex::default();
    sorted.iter().map(|diagnostic| line(&json_diagnostic(diagnostic, &mut lines))).collect()
}

pub fn failure(message: &str) -> String {
    line(&JsonFailure { version: VERSION, r#type: "failure", message })
}

fn json_diagnostic<'d>(diagnostic: &'d Diagnostic, lines: &mut LineIndex<'d>) -> JsonDiagnostic<'d> {
    let labels = diagnostic.labels.iter().map(|label| location(label, lines));
    let whole_file = diagnostic.file.as_ref().filter(|_| diagnostic.labels.is_empty());
    let whole_file = whole_file.map(|file| JsonLocation { file, range: None, text: "" });
    JsonDiagnostic {
        version: VERSION,
        r#type: "problem",
        rule: diagnostic.rule.id(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        places: labels.chain(whole_file).collect(),
        help: &diagnostic.help,
        fix: diagnostic.fix().map(|fix| json_fix(fix, lines)),
        denied_by: diagnostic.denied.map(|by| match by {
            DeniedBy::Site => "site.yaml",
            DeniedBy::CommandLine => "--deny warnings",
        }),
    }
}

/// Returns the fixes of problems.
pub fn fixes(diagnostics: &[Diagnostic]) -> String {
    let mut lines = LineIndex::default();
    let mut text = String::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fix() else { continue };
        let fix = json_fix(fix, &mut lines);
        text += &line(&JsonAppliedFix { version: VERSION, r#type: "fix", rule: diagnostic.rule.id(), fix });
    }
    text
}

fn json_fix<'d>(fix: Fix<'d>, lines: &mut LineIndex<'d>) -> JsonFix<'d> {
    let Fix { source, span, written, text } = fix;
    JsonFix { file: &source.path, range: JsonRange::of(lines.range_of(source, span)), before: written, after: text }
}

fn location<'d>(label: &'d Label, lines: &mut LineIndex<'d>) -> JsonLocation<'d> {
    let range = Some(JsonRange::of(lines.range_of(&label.source, label.span)));
    JsonLocation { file: &label.source.path, range, text: &label.text }
}

/// Serializing structs of strings and numbers cannot fail.
fn line(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default() + "\n"
}
