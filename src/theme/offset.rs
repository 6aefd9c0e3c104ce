//! Converts the positions that the template engine and the CSS parser report.

/// Returns the byte offset of a line and a column, both counted from 1. Positions past the end of the line give its end.
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let line_start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let line_text = text[line_start..].lines().next().unwrap_or_default();
    let in_line = line_text.char_indices().nth(column.saturating_sub(1)).map_or(line_text.len(), |(at, _)| at);
    line_start + in_line
}
