//! Problems for programs: one object a line, and one for the result. `docs/commands.md` documents them.

use jiff::civil::Date;
use serde::Serialize;

use super::Places;
use crate::diagnostics::{DeniedBy, Diagnostic, Label, Severity};

/// The version of the JSON; it goes up when a reader of the old form would go wrong.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Problem<'d> {
    version: u32,
    r#type: &'static str,
    rule: &'static str,
    severity: &'static str,
    message: &'d str,
    /// The first is where it is, the others what it clashes with.
    places: Vec<PlaceInFile<'d>>,
    help: &'d [String],
    /// What made an error of a warning.
    denied_by: Option<&'static str>,
}

#[derive(Serialize)]
struct PlaceInFile<'d> {
    file: &'d str,
    #[serde(flatten)]
    range: Option<Range>,
    text: &'d str,
}

#[derive(Serialize)]
struct Range {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Failure<'m> {
    version: u32,
    r#type: &'static str,
    message: &'m str,
}

/// How a command ended. What is counted is none where nothing was done.
#[derive(Serialize)]
pub struct Summary {
    pub command: &'static str,
    pub ok: bool,
    pub errors: usize,
    pub warnings: usize,
    pub pages: Option<usize>,
    pub channel_pages: Option<usize>,
    pub lead_tags: Option<usize>,
    /// What happened to the tag register: `2 lead tags opened`; none where it stayed as it was.
    pub register: Option<String>,
    pub next_change: Option<Date>,
}

#[derive(Serialize)]
struct ResultLine<'s> {
    version: u32,
    r#type: &'static str,
    #[serde(flatten)]
    summary: &'s Summary,
}

pub fn problems(sorted: &[&Diagnostic]) -> String {
    let mut places = Places::default();
    sorted.iter().map(|diagnostic| line(&problem(diagnostic, &mut places))).collect()
}

pub fn failure(message: &str) -> String {
    line(&Failure { version: VERSION, r#type: "failure", message })
}

impl Summary {
    /// The object on standard output.
    pub fn json(&self) -> String {
        line(&ResultLine { version: VERSION, r#type: "result", summary: self })
    }
}

fn problem<'d>(diagnostic: &'d Diagnostic, places: &mut Places<'d>) -> Problem<'d> {
    let whole_file = diagnostic.file.as_ref().filter(|_| diagnostic.labels.is_empty());
    let in_text = diagnostic.labels.iter().map(|label| place(label, places));
    let of_file = whole_file.map(|file| PlaceInFile { file, range: None, text: "" });
    Problem {
        version: VERSION,
        r#type: "problem",
        rule: diagnostic.rule.id(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        places: in_text.chain(of_file).collect(),
        help: &diagnostic.help,
        denied_by: diagnostic.denied.map(|by| match by {
            DeniedBy::Site => "site.yaml",
            DeniedBy::CommandLine => "--deny warnings",
        }),
    }
}

fn place<'d>(label: &'d Label, places: &mut Places<'d>) -> PlaceInFile<'d> {
    let super::Place { line, column, end_line, end_column } = places.of(label);
    let range = Some(Range { line, column, end_line, end_column });
    PlaceInFile { file: &label.source.path, range, text: &label.text }
}

/// Structs of texts and numbers always have a JSON.
fn line(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default() + "\n"
}
