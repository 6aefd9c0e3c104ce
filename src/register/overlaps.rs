//! Finds rows of one lead tag whose periods overlap.

use std::sync::Arc;

use super::cells::Records;
use super::rows::{COLUMNS, Row};
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// Returns an error for each overlap, two open rows included. Expects sorted rows.
pub fn overlaps(source: &Arc<SourceText>, rows: &[Located<Row>]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for rows_of_tag in rows.chunk_by(|a, b| a.value.tag == b.value.tag) {
        let mut lasting = rows_of_tag.iter().filter(|row| !row.value.is_zero_length());
        let Some(mut longest) = lasting.next() else {
            continue;
        };
        for row in lasting {
            if longest.value.until.is_none_or(|until| until > row.value.from) {
                diagnostics.push(overlap(source, longest, row));
            }
            if ends_later(&row.value, &longest.value) {
                longest = row;
            }
        }
    }
    diagnostics
}

fn ends_later(row: &Row, other: &Row) -> bool {
    match (row.until, other.until) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(until), Some(other_until)) => until > other_until,
    }
}

fn overlap(source: &Arc<SourceText>, earlier: &Located<Row>, later: &Located<Row>) -> Diagnostic {
    let (before, after) = (&earlier.value, &later.value);
    let tag = &before.tag;
    let both_open = before.until.is_none() && after.until.is_none();
    let message = if both_open {
        format!("lead tag `{tag}` has two open rows")
    } else {
        format!("two rows of lead tag `{tag}` overlap")
    };
    let ends = match before.until {
        Some(until) => format!("until {until}"),
        None => "still open".to_owned(),
    };
    let last = COLUMNS.len() - 1;
    Diagnostic::error(Rule::BadRegister, message)
        .at(source, cell_span(source, later, last - 1), format!("from {}", after.from))
        .at(source, cell_span(source, earlier, last), ends)
        .help(fix(before, after))
        .help("then run `tagline tags`")
}

/// Says which dates to write.
fn fix(earlier: &Row, later: &Row) -> String {
    if (earlier.kind, &earlier.offer) != (later.kind, &later.offer) {
        return format!("the earlier row must end when the later one begins: set its `until` to {}", later.from);
    }
    let until = match earlier.until.zip(later.until) {
        Some((one, other)) => format!("`until` {}", one.max(other)),
        None => "an empty `until`".to_owned(),
    };
    format!("both rows have the same offer: merge them into one row with `from` {} and {until}", earlier.from)
}

/// Reads the record again to find the span of a cell, so that rows do not have to store spans.
pub(super) fn cell_span(source: &SourceText, row: &Located<Row>, column: usize) -> Span {
    let mut cells = Vec::new();
    let _ = Records::starting_at(&source.text, row.span).next(&mut cells);
    cells.get(column).map_or(row.span, |cell| cell.span)
}
