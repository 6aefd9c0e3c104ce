//! Tables that the parser did not take for one.

use super::Failure;
use super::passage::Passage;

/// Reports lines between `|` without a line of `| --- |`, or with one that has another number of columns.
pub fn without_delimiters(passage: &Passage) -> Option<Failure> {
    let is_row = |text: &str| text.starts_with('|') && text.trim_end().ends_with('|') && text.trim().len() > 2;
    let mut rows = passage.line_texts().filter(|(_, text)| is_row(text));
    let (first, text) = rows.next()?;
    let (_, second) = rows.next()?;
    let columns = text.trim().trim_matches('|').split('|').count();
    let delimiters = format!("|{}", " --- |".repeat(columns));
    let help = match second.trim().chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) {
        true => format!("the line below needs as many columns: `{delimiters}`"),
        false => format!("write a line `{delimiters}` below it"),
    };
    let end = first.start + text.trim_end().len();
    Some(Failure::new(first.start, end, "this table is shown as text", help))
}

/// Reports lines with tabs between their cells, as a spreadsheet pastes them.
pub fn with_tabs(passage: &Passage) -> Option<Failure> {
    let line = |start: usize| passage.text[start..passage.source_line(start).end].trim_end();
    let columns = |text: &str| {
        let cells: Vec<&str> = text.split('\t').collect();
        // A bullet of one character is a list.
        let is_row = cells.len() > 1 && cells.iter().all(|cell| !cell.is_empty()) && cells[0].chars().nth(1).is_some();
        is_row.then_some(cells.len())
    };
    let rows: Vec<(usize, usize)> =
        passage.lines.iter().filter_map(|row| Some((row.start, columns(line(row.start))?))).collect();
    let [(start, columns), (_, second), ..] = rows[..] else { return None };
    if passage.is_heading || columns != second {
        return None;
    }
    let help = format!("write `|` between the cells, and a line `|{}` below the first row", " --- |".repeat(columns));
    Some(Failure::new(start, start + line(start).len(), "this table is shown as text", help))
}
