//! What an export does not have: a header, a status, a day of creation; and what of it is not used.

use super::{Columns, names};
use crate::diagnostics::{count, list};
use crate::model::site::report::ColumnRole;
use crate::report::error::InputError;
use crate::report::input::{Head, Input};
use crate::report::tags::{Match, TagIndex};
use crate::report::values::day::{DayReader, Reading};

/// The most names of columns in a note.
const MAX_NAMES: usize = 12;
/// Telephone numbers have at least as many digits.
const MIN_DIGITS: usize = 7;

/// Refuses a file whose first row is a person and no header.
///
/// # Errors
///
/// If a cell of the header is a lead tag of the site, an e-mail address or a telephone number, or a day beside no name.
pub fn check_header(input: &Input, head: &Head, tags: &TagIndex) -> Result<(), InputError> {
    let is_value = |cell: &String| is_lead_tag(cell, tags) || is_address(cell) || is_phone(cell);
    let has_day = || !names::is_header(&head.header) && head.header.iter().any(|cell| is_day(cell));
    if !head.header.iter().any(is_value) && !has_day() {
        return Ok(());
    }
    let error = InputError::new(&input.name, "the file has no header").at(head.line);
    Err(error.help("add a first line with the names of the columns, such as `Email,Created,Status,Lead tag`"))
}

fn is_lead_tag(cell: &str, tags: &TagIndex) -> bool {
    super::may_be_tag(cell)
        && matches!(tags.resolve(cell), Match::Known { source, .. } if tags.source(source).cta.is_some())
}

fn is_address(cell: &str) -> bool {
    let Some((name, domain)) = cell.trim_end_matches('>').split_once('@') else { return false };
    let is_name = !name.is_empty() && (name.contains('<') || !name.contains(char::is_whitespace));
    is_name && domain.contains('.') && !domain.contains(char::is_whitespace)
}

fn is_phone(cell: &str) -> bool {
    let is_of_number =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/');
    cell.chars().filter(char::is_ascii_digit).count() >= MIN_DIGITS && cell.chars().all(is_of_number) && !is_day(cell)
}

fn is_day(cell: &str) -> bool {
    let reading = DayReader::new(jiff::tz::TimeZone::UTC, None).read(cell.as_bytes());
    matches!(reading, Reading::Day(_) | Reading::Ambiguous { .. })
}

/// Returns notes about what was not found, and about columns that are not used.
pub fn notes(columns: &Columns, head: &Head, has_deals: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if columns.statuses.is_empty() {
        notes.push(match (columns.lead_tag.is_some(), has_deals) {
            (true, true) => {
                "no column with a status was found; what became of these leads is known from deals only".to_owned()
            }
            (true, false) => {
                format!("no column with a status was found, so every lead counts as open; {}", name_it("status"))
            }
            (false, _) => {
                format!("no column with a status was found, so every deal counts as open; {}", name_it("status"))
            }
        });
    }
    if columns.lead_tag.is_some() && columns.get(ColumnRole::Created).is_none() {
        notes.push(format!("no column with the day of creation was found; {}", name_it("created")));
    }
    let used: Vec<usize> = ColumnRole::ALL
        .into_iter()
        .filter_map(|role| columns.get(role))
        .chain(columns.statuses.iter().map(|status| status.index))
        .collect();
    let unused = (0..head.header.len()).filter(|index| !used.contains(index) && !head.header[*index].is_empty());
    notes.extend(not_used(&head.header, unused.collect()));
    notes
}

/// Says what to do about a column that was not found.
fn name_it(key: &str) -> String {
    format!("if there is one, name it in `site.yaml`: `report: {{ columns: {{ {key}: … }} }}`")
}

/// Returns a note about columns that are not used, without names that could be values.
fn not_used(headers: &[String], unused: Vec<usize>) -> Option<String> {
    if unused.is_empty() {
        return None;
    }
    let is_shown = |header: &&str| names::is_header(headers) && !names::is_personal(header);
    let shown: Vec<&str> =
        unused.iter().map(|index| headers[*index].as_str()).filter(is_shown).take(MAX_NAMES).collect();
    let more = unused.len() - shown.len();
    Some(match (shown.is_empty(), more) {
        (true, _) => format!("not used: {}", count(more, "column")),
        (false, 0) => format!("not used: {}", list(shown)),
        (false, _) => format!("not used: {}; and {more} more", list(shown)),
    })
}
