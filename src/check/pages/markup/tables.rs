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
