//! Lines of a YAML text by their byte offsets: their content, indentation and value.

use crate::source::Span;

/// The value after `key: ` or `- ` in a line, trimmed, with its byte offset.
pub(super) fn value_of_line(text: &str, line_start: usize) -> (&str, usize) {
    let line = without_comment(line_at(text, line_start));
    let mut rest = line.trim_start();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    if rest.trim_end().ends_with(':') && !rest.contains(": ") && !rest.starts_with(['{', '[']) {
        // Only a key, without a value.
        rest = "";
    }
    let plain_key = rest.split_once(": ").filter(|(key, _)| !key.starts_with(['"', '\'', '[', '{', '#', '@', '*']));
    if let Some((_, value)) = plain_key {
        rest = value;
    }
    let value = rest.trim();
    let at = if value.is_empty() { line.trim_end().len() } else { value.as_ptr() as usize - line.as_ptr() as usize };
    (value, line_start + at)
}

/// The end of a line together with the lines that are indented below it.
pub(super) fn end_of_entry(text: &str, line_start: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let own_indent = indent(line_at(text, line_start));
    let mut end = line_start;
    for (number, line) in text[line_start..].split_inclusive('\n').enumerate() {
        let belongs = line.trim().is_empty() || indent(line) > own_indent;
        if number > 0 && !belongs {
            break;
        }
        end += line.len();
    }
    end
}

pub(super) fn lines_with_code<'t>(text: &'t str, line_starts: &'t [usize]) -> impl Iterator<Item = usize> + 't {
    line_starts.iter().copied().filter(|&start| !without_comment(line_at(text, start)).trim().is_empty())
}

pub(super) fn indent_of(text: &str, line_start: usize) -> usize {
    let line = line_at(text, line_start);
    line.len() - line.trim_start().len()
}

/// The span of a line without its indentation and the spaces at its end.
pub(super) fn content_span(text: &str, line_start: usize) -> Span {
    let start = line_start + indent_of(text, line_start);
    Span::new(start, start + line_at(text, line_start).trim().len())
}

/// A line without its comment. A `#` within quotes is text.
pub(super) fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && " [{,(".contains(before) => quote = Some(c),
            None if c == '#' && before == ' ' => return &line[..at],
            None => {}
        }
        before = c;
    }
    line
}

pub(super) fn line_at(text: &str, line_start: usize) -> &str {
    text[line_start..].lines().next().unwrap_or_default()
}
