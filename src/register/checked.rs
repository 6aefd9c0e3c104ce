//! Reads the register together with the checksums beside it, and reports rows that were lost, changed or dated wrongly.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::checksums::{self, Checksums, RowChecksum};
use super::compare::{Comparison, compare};
use super::overlaps::cell_span;
use super::read::located_rows;
use super::rows::{COLUMNS, Register, Row};
use super::spreadsheet;
use crate::diagnostics::{Diagnostic, count};
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::rules::Rule;
use crate::source::{Located, SourceText};

/// How many campaigns or rows a message names.
const MAX_NAMED: usize = 5;

/// The texts of the register's two files.
#[derive(Clone, Copy)]
pub struct RegisterTexts<'t> {
    pub register: Option<&'t Arc<SourceText>>,
    pub checksums: Option<&'t Arc<SourceText>>,
}

/// A register without lost rows.
#[derive(Clone, Debug, Default)]
pub struct CheckedRegister {
    pub register: Register,
    pub listing: Listing,
}

/// How `lead-tags.sum` lists the rows of a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// Each row once.
    #[default]
    Exact,
    /// All rows, some of them more than once, as a merge leaves them.
    Repeated,
    /// Some rows are not listed.
    Incomplete { unlisted: usize },
    /// There is no such file, but there are rows.
    NoFile { rows: usize },
}

/// Reads both files. `last_day` is the last day on which a row can begin or end.
///
/// # Errors
///
/// Diagnostics, if a file is damaged, if listed rows are missing or were changed, or if a row begins or ends later.
pub fn read_checked(texts: RegisterTexts, last_day: Date) -> Result<CheckedRegister, Vec<Diagnostic>> {
    let checksums = texts.checksums.map(checksums::read).transpose();
    let rows = texts.register.map_or(Ok(Vec::new()), |source| {
        let checksums = checksums.as_ref().ok().and_then(Option::as_ref);
        located_rows(source, checksums)
    });
    let (rows, checksums) = match (rows, checksums) {
        (Ok(rows), Ok(checksums)) => (rows, checksums),
        (rows, checksums) => return Err([rows.err(), checksums.err()].into_iter().flatten().flatten().collect()),
    };
    let mut diagnostics = Vec::new();
    if let Some(source) = texts.register {
        diagnostics.extend(future_rows(source, &rows, last_day));
    }
    let listing = match &checksums {
        None if rows.is_empty() => Listing::Exact,
        None => Listing::NoFile { rows: rows.len() },
        Some(checksums) => {
            let mut comparison = compare(&checksums::of_rows(rows.par_iter().map(|row| &row.value)), checksums);
            // No row can have begun later. Such lines are left when the rows of a wrong clock are removed by hand.
            comparison.missing.retain(|entry| checksums.lines[entry.line].day <= last_day);
            diagnostics.extend(lost_rows(texts.register, &rows, &comparison, checksums));
            diagnostics.extend(texts.register.and_then(|source| changed_rows(source, &rows, &comparison, checksums)));
            listing(rows.len(), &comparison, checksums)
        }
    };
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let rows = rows.into_iter().map(|row| row.value).collect();
    Ok(CheckedRegister { register: Register::of(rows), listing })
}

fn listing(rows: usize, comparison: &Comparison, checksums: &Checksums) -> Listing {
    match comparison.unlisted.len() {
        0 if checksums.entries.len() == rows => Listing::Exact,
        0 => Listing::Repeated,
        unlisted => Listing::Incomplete { unlisted },
    }
}

impl Listing {
    /// Returns the warning of `check` and of `--locked` if the rows of a register are not all listed. No lead tag changes by it,
    /// so it never fails a build.
    pub fn outdated(self) -> Option<Diagnostic> {
        let diagnostic = match self {
            Listing::Exact | Listing::Repeated => return None,
            Listing::NoFile { .. } => {
                let message =
                    format!("without `{CHECKSUM_FILE}`, nobody notices when rows of the tag register are lost");
                Diagnostic::warning(Rule::OutdatedRegister, message)
            }
            Listing::Incomplete { unlisted } => {
                let are = if unlisted == 1 { "is" } else { "are" };
                let message = format!("{} of the tag register {are} not in `{CHECKSUM_FILE}`", count(unlisted, "row"));
                Diagnostic::warning(Rule::OutdatedRegister, message)
            }
        };
        let help = format!("run `tagline tags`, and commit `{REGISTER_FILE}` and `{CHECKSUM_FILE}`");
        Some(diagnostic.in_file(CHECKSUM_FILE).help(help))
    }
}

/// Returns an error if rows begin or end after the last possible day.
fn future_rows(source: &Arc<SourceText>, rows: &[Located<Row>], last_day: Date) -> Option<Diagnostic> {
    let is_future = |row: &Row| row.from > last_day || row.until.is_some_and(|until| until > last_day);
    let future: Vec<&Located<Row>> = rows.iter().filter(|row| is_future(&row.value)).collect();
    let first = future.first()?;
    let (verb, tag) = (if first.value.from > last_day { "begins" } else { "ends" }, &first.value.tag);
    let message = match future.len() {
        1 => format!("a row of lead tag `{tag}` {verb} after {last_day}, the day of this build"),
        rows => format!("{rows} rows of the tag register begin or end after {last_day}, the day of this build"),
    };
    let mut diagnostic = Diagnostic::error(Rule::FutureRows, message);
    for row in future.iter().take(MAX_NAMED) {
        let (column, label) = match row.value.from > last_day {
            true => (COLUMNS.len() - 2, "begins on a day to come"),
            false => (COLUMNS.len() - 1, "ends on a day to come"),
        };
        diagnostic = diagnostic.at(source, cell_span(source, row, column), label);
    }
    Some(
        diagnostic
            .help(format!("if {last_day} is not today, correct the clock of this computer, and nothing else"))
            .help(
                "otherwise the clock was wrong when these rows were written: `tagline tags --restore` removes rows that \
                 begin later, and opens rows again that end later",
            ),
    )
}

/// Returns an error if rows that the checksums list are missing.
fn lost_rows(
    source: Option<&Arc<SourceText>>,
    rows: &[Located<Row>],
    comparison: &Comparison,
    checksums: &Checksums,
) -> Option<Diagnostic> {
    let missing = comparison.missing.len();
    let mut groups: BTreeMap<(&str, Date), usize> = BTreeMap::new();
    for entry in &comparison.missing {
        *groups.entry((checksums.campaign(entry.line), checksums.lines[entry.line].day)).or_default() += 1;
    }
    // A row with a changed cell is missing as it was, and not listed as it is.
    let changed: Vec<&Located<Row>> = comparison.unlisted.iter().take(MAX_NAMED).map(|row| &rows[*row]).collect();
    let originals: Vec<Option<String>> = changed.iter().map(|row| original_offer(&row.value, comparison)).collect();
    let are = if missing == 1 { "is" } else { "are" };
    let message = match originals.iter().all(Option::is_some) && comparison.unlisted.len() == missing {
        true => format!("a spreadsheet changed the offers of {} of the tag register", count(missing, "row")),
        false => format!("{} {are} missing from the tag register", count(missing, "row")),
    };
    let mut diagnostic = Diagnostic::error(Rule::LostRows, message).in_file(REGISTER_FILE);
    for (row, original) in changed.into_iter().zip(originals) {
        let label = match original {
            Some(offer) => format!("the offer was `{offer}`, before a spreadsheet saved it as `{}`", row.value.offer),
            None => format!("this row is not in `{CHECKSUM_FILE}`: was a cell changed?"),
        };
        diagnostic = diagnostic.at(source?, row.span, label);
    }
    for ((campaign, day), rows) in groups.iter().take(MAX_NAMED) {
        diagnostic = diagnostic.help(format!("campaign `{campaign}`: {} that began on {day}", count(*rows, "row")));
    }
    if groups.len() > MAX_NAMED {
        let others: usize = groups.values().skip(MAX_NAMED).sum();
        diagnostic = diagnostic.help(format!("other campaigns or days: {}", count(others, "row")));
    }
    let lost = diagnostic
        .help("`tagline tags --restore` puts them back from the history of git; or copy them from a backup")
        .help(format!(
            "if the site was never published, delete `{REGISTER_FILE}` and `{CHECKSUM_FILE}` to begin again"
        ));
    (missing > 0).then_some(lost)
}

/// Returns the offer that a row had before a spreadsheet changed it. The checksum of the row proves it.
fn original_offer(row: &Row, comparison: &Comparison) -> Option<String> {
    let is_missing = |offer: &String| {
        let checksum = RowChecksum::of(&Row { offer: offer.as_str().into(), ..row.clone() });
        comparison.missing.iter().any(|entry| entry.checksum.row == checksum.row)
    };
    spreadsheet::possible_originals(&row.offer).into_iter().find(is_missing)
}

/// Returns an error if rows that were closed are open, or have other cells.
fn changed_rows(
    source: &Arc<SourceText>,
    rows: &[Located<Row>],
    comparison: &Comparison,
    checksums: &Checksums,
) -> Option<Diagnostic> {
    let first = comparison.changed.first()?;
    let message = match comparison.changed.len() {
        1 => format!("a closed row of lead tag `{}` was changed", rows[first.row].value.tag),
        changed => format!("{changed} closed rows of the tag register were changed"),
    };
    let mut diagnostic = Diagnostic::error(Rule::LostRows, message);
    for changed in comparison.changed.iter().take(MAX_NAMED) {
        let row = &rows[changed.row];
        let label = match row.value.until {
            Some(_) => "its label, landing page or last day is not what it was",
            None => "it was closed, and has no last day any more",
        };
        diagnostic = diagnostic.at(source, row.span, label);
    }
    let (campaign, day) = (checksums.campaign(first.line), checksums.lines[first.line].day);
    Some(diagnostic.help("`tagline tags --restore` puts the former rows back from the history of git").help(format!(
        "if the change is right, delete the line of `{campaign}` and {day} in `{CHECKSUM_FILE}`, and run `tagline tags`"
    )))
}
