//! Explains YAML syntax errors. The parser says where it stopped; this file looks for the line that is to blame, and
//! says what is wrong with it and what to write instead.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::ErrorKind;

use crate::characters::is_hidden;
use crate::diagnostics::{Diagnostic, count, hidden_in_yaml};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// How many lines above the parser's position are searched for an open bracket or quote.
const MAX_LINES_OPEN: usize = 40;

/// A syntax error. Its spans are offsets in the YAML text, not in the file.
pub(super) struct SyntaxError {
    /// The byte offset of the broken line.
    pub line_start: usize,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
    /// The line by itself is fine, but does not fit the lines around it.
    is_misfit: bool,
    /// A line of the same mapping that begins in another column.
    sibling: Option<Span>,
    /// The character that nobody sees, if that is the error.
    hidden: Option<char>,
}

impl SyntaxError {
    /// Finds the error that made the parser stop at byte `at`: in that line, or in the nearest line above that leaves
    /// a bracket or quote open.
    pub fn locate(text: &str, at: usize, kind: &ErrorKind) -> SyntaxError {
        let line_starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(newline, _)| newline + 1))
            .take_while(|&line_start| line_start <= at)
            .collect();
        let has_code = |start: &&usize| !without_comment(line_at(text, **start)).trim().is_empty();
        let nearest_first = line_starts.iter().rev().filter(has_code).take(MAX_LINES_OPEN);
        if let Some(error) = nearest_first.clone().take(2).find_map(|&start| hidden_in_line(text, start)) {
            return error;
        }
        if let Some(error) = bad_escape(text, at, kind) {
            return error;
        }
        for (number, &line_start) in nearest_first.enumerate() {
            // An error further up can only be an open bracket or quote.
            match error_in_line(text, line_start) {
                Some((error, is_open)) if number < 2 || is_open => return error,
                _ => {}
            }
        }
        misfit(text, &line_starts, kind)
    }

    /// Whether this error is a consequence of the one in the lines that were blanked: lines below a broken line often
    /// fit nothing any more.
    pub fn follows_from(&self, text: &str, blanked: &Range<usize>) -> bool {
        self.is_misfit
            && text
                .get(blanked.end..self.line_start)
                .is_some_and(|between| between.lines().all(|line| without_comment(line).trim().is_empty()))
    }

    /// `start` is the offset of the YAML text in the file.
    pub fn to_diagnostic(&self, source: &Arc<SourceText>, start: usize) -> Diagnostic {
        if let Some(c) = self.hidden {
            return hidden_in_yaml(source, self.span.shifted(start), c);
        }
        let diagnostic =
            Diagnostic::error(Rule::YamlSyntax, &*self.message).at(source, self.span.shifted(start), &*self.label);
        let diagnostic = match self.sibling {
            Some(span) => diagnostic.at(source, span.shifted(start), "begins in another column"),
            None => diagnostic,
        };
        match &self.help {
            Some(help) => diagnostic.help(&**help),
            None => diagnostic,
        }
    }
}

/// Reports a tab in the indentation of a line.
pub(super) fn leading_tab(source: &Arc<SourceText>, text: &str, start: usize) -> Option<Diagnostic> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t').filter(|_| !line.trim().is_empty()) {
            let span = Span::new(offset + tab, offset + indent).shifted(start);
            return Some(
                Diagnostic::error(Rule::YamlTab, "YAML cannot be indented with tabs")
                    .at(source, span, "use spaces here")
                    .help("set your editor to indent with two spaces"),
            );
        }
        offset += line.len();
    }
    None
}

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

/// The error for a line that is fine by itself.
fn misfit(text: &str, line_starts: &[usize], kind: &ErrorKind) -> SyntaxError {
    let line_start = line_starts.iter().rev().find(|&&start| !line_at(text, start).trim().is_empty());
    let line_start = line_start.copied().unwrap_or(0);
    let line = line_at(text, line_start);
    let indent = indent_of(text, line_start);
    let sibling = misplaced_sibling(text, line_starts, line_start);
    if let Some(first) = sibling.filter(|&first| is_to_blame(text, line_starts, first, line_start)) {
        return wrong_indent(text, first, line_start, line_start);
    }
    let has_key = line.contains(':')
        && !matches!(kind, ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation);
    if let Some(sibling) = sibling.filter(|_| has_key) {
        return wrong_indent(text, line_start, sibling, line_start);
    }
    let (message, label, help) = match kind {
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            ("YAML does not allow a tab here", "use spaces", None)
        }
        ErrorKind::RecursionLimitExceeded => ("lists and mappings are nested too deep", "nested too deep", None),
        _ if !line.contains(':') => (
            "this line is neither a `key: value` nor part of the value above",
            "not a `key: value`",
            Some("write `key: value`, or indent the line so that it belongs to the value above"),
        ),
        _ => (
            "this line does not fit the lines above",
            "cannot be read here",
            Some("keys of one level begin in one column; a text with `:` or `#` in it needs quotes around it"),
        ),
    };
    SyntaxError {
        line_start,
        span: Span::new(line_start + indent, line_start + line.trim_end().len()),
        message: message.to_owned(),
        label: label.to_owned(),
        help: help.map(str::to_owned),
        is_misfit: true,
        sibling: None,
        hidden: None,
    }
}

/// The error for a line at `wrong` that begins in another column than the line at `right` of the same mapping. The parser
/// stopped in the line at `line_start`.
fn wrong_indent(text: &str, wrong: usize, right: usize, line_start: usize) -> SyntaxError {
    let expected = match indent_of(text, right) {
        0 => "no space before this one".to_owned(),
        spaces => count(spaces, "space"),
    };
    SyntaxError {
        line_start,
        span: content_span(text, wrong),
        message: "this line is indented differently from the others of its level".to_owned(),
        label: format!("{} here", count(indent_of(text, wrong), "space")),
        help: Some(format!(
            "keys of one level begin in one column: write {expected}; a text with `: ` in it needs quotes"
        )),
        is_misfit: true,
        sibling: Some(content_span(text, right)),
        hidden: None,
    }
}

/// Returns true if the line at `first` has another distance from the line above its mapping than the lines of this file
/// usually have, and the line at `other` has this distance.
fn is_to_blame(text: &str, line_starts: &[usize], first: usize, other: usize) -> bool {
    let indents: Vec<usize> = lines_with_code(text, line_starts).map(|start| indent_of(text, start)).collect();
    let steps = indents.windows(2).filter(|pair| pair[1] > pair[0]).map(|pair| pair[1] - pair[0]);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    steps.for_each(|step| *counts.entry(step).or_default() += 1);
    let usual = counts.into_iter().max_by_key(|(_, count)| *count).map_or(2, |(step, _)| step);
    let (first_indent, other_indent) = (indent_of(text, first), indent_of(text, other));
    let above = line_starts.iter().rev().copied().filter(|&start| start < first);
    let parent = above.map(|start| (start, indent_of(text, start))).find(|&(start, indent)| {
        indent < first_indent.min(other_indent) && !without_comment(line_at(text, start)).trim().is_empty()
    });
    match parent {
        Some((_, parent)) => other_indent - parent == usual && first_indent - parent != usual,
        None => other_indent == 0,
    }
}

fn lines_with_code<'t>(text: &'t str, line_starts: &'t [usize]) -> impl Iterator<Item = usize> + 't {
    line_starts.iter().copied().filter(|&start| !without_comment(line_at(text, start)).trim().is_empty())
}

fn indent_of(text: &str, line_start: usize) -> usize {
    let line = line_at(text, line_start);
    line.len() - line.trim_start().len()
}

/// The span of a line without its indentation and the spaces at its end.
fn content_span(text: &str, line_start: usize) -> Span {
    let start = line_start + indent_of(text, line_start);
    Span::new(start, start + line_at(text, line_start).trim().len())
}

/// The error for a character that nobody sees in the indentation of a line, after `-` or `key:`, or for a byte order mark.
fn hidden_in_line(text: &str, line_start: usize) -> Option<SyntaxError> {
    let line = line_at(text, line_start);
    let content = line.trim_start_matches(|c: char| c.is_whitespace() || is_hidden(c));
    let indentation = &line[..line.len() - content.len()];
    let at = indentation.find(is_hidden).or_else(|| line.find('\u{feff}')).or_else(|| {
        let key_end = content.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
        let after_key = &content[key_end..];
        let after = match after_key.strip_prefix(':') {
            Some(after) => after,
            None => (&content[..key_end] == "-").then_some(after_key)?,
        };
        after.starts_with(is_hidden).then(|| line.len() - after.len())
    })?;
    let c = line[at..].chars().next()?;
    Some(SyntaxError {
        line_start,
        span: Span::new(line_start + at, line_start + at + c.len_utf8()),
        message: String::new(),
        label: String::new(),
        help: None,
        is_misfit: false,
        sibling: None,
        hidden: Some(c),
    })
}

/// The error for a backslash in double quotes that begins no escape of YAML, as in `"50\% off"` or `"C:\Users"`.
fn bad_escape(text: &str, at: usize, kind: &ErrorKind) -> Option<SyntaxError> {
    use ErrorKind::{InvalidQuotedScalarHexEscape, InvalidUnicodeEscape, UnknownQuotedScalarEscape};
    if !matches!(kind, UnknownQuotedScalarEscape | InvalidQuotedScalarHexEscape | InvalidUnicodeEscape) {
        return None;
    }
    // The parser stops somewhere in the text between the quotes.
    let from = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let backslash = first_bad_escape(&text[from..]).map(|backslash| from + backslash)?;
    let c = text[backslash + 1..].chars().next()?;
    let help = match c.is_alphabetic() {
        true => "write `/` between the folders of a path, or put single quotes around the text".to_owned(),
        false => format!("write `{c}`, or put single quotes around the text if the backslash belongs to it"),
    };
    Some(SyntaxError {
        line_start: text[..backslash].rfind('\n').map_or(0, |newline| newline + 1),
        span: Span::new(backslash, backslash + 1 + c.len_utf8()),
        message: format!("`\\{c}` has no meaning in double quotes"),
        label: "a backslash begins an escape here".to_owned(),
        help: Some(help),
        is_misfit: false,
        sibling: None,
        hidden: None,
    })
}

/// The offset of the first backslash in a text that begins no escape of YAML (<https://yaml.org/spec/1.2.2/#57-escaped-characters>).
fn first_bad_escape(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(backslash) = text[from..].find('\\').map(|at| from + at) {
        let rest = &text[backslash + 1..];
        let c = rest.chars().next()?;
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let are_digits = rest.bytes().skip(1).take(digits).filter(u8::is_ascii_hexdigit).count() == digits;
        if !are_digits || digits == 0 && !"0abtnvfre \"/\\N_LP\t\n".contains(c) {
            return Some(backslash);
        }
        from = backslash + 1 + c.len_utf8();
    }
    None
}

/// The start of a line that is meant to be in the same mapping as a line, and begins in another column: the first line of
/// the mapping, or the line above, if it has a value, and so nothing below it.
fn misplaced_sibling(text: &str, line_starts: &[usize], line_start: usize) -> Option<usize> {
    let above = line_starts.iter().rev().copied().filter(|&start| start < line_start);
    let mut with_code = above.filter(|&start| !without_comment(line_at(text, start)).trim().is_empty()).peekable();
    let own = indent_of(text, line_start);
    let before = with_code.peek().copied()?;
    if indent_of(text, before) < own {
        return (!value_of_line(text, before).0.is_empty()).then_some(before);
    }
    let first = with_code.take_while(|&start| indent_of(text, start) >= own).last()?;
    (indent_of(text, first) != own).then_some(first)
}

/// An error in one line by itself, and whether the line leaves a bracket or a quote open.
fn error_in_line(text: &str, line_start: usize) -> Option<(SyntaxError, bool)> {
    if let Some(error) = cut_off_by_comment(text, line_start) {
        return Some((error, true));
    }
    let (value, value_at) = value_of_line(text, line_start);
    let message = error_in_value(value)?;
    let quoted = if value.contains('"') { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") };
    let is_short = quoted.chars().count() <= 80;
    let is_open = message.ends_with("not closed");
    let error = SyntaxError {
        line_start,
        span: Span::new(value_at, value_at + value.len()),
        message,
        label: "put quotes around this text".to_owned(),
        help: is_short.then(|| format!("write `{quoted}`")),
        is_misfit: false,
        sibling: None,
        hidden: None,
    };
    Some((error, is_open))
}

/// The error for ` #` within brackets, as in `{ accent: #0b5c8a }`: the closing bracket is in the comment.
fn cut_off_by_comment(text: &str, line_start: usize) -> Option<SyntaxError> {
    let line = line_at(text, line_start);
    let code = without_comment(line);
    let comment = line[code.len()..].strip_prefix('#')?;
    let number_of = |brackets: [char; 2]| code.matches(brackets).count();
    let is_open = number_of(['[', '{']) > number_of([']', '}']) && comment.contains([']', '}']);
    if !is_open || !comment.starts_with(char::is_alphanumeric) {
        return None;
    }
    let length = comment.find([',', ']', '}', ' ']).unwrap_or(comment.len());
    let start = line_start + code.len();
    Some(SyntaxError {
        line_start,
        span: Span::new(start, start + 1 + length),
        message: "a ` #` begins a comment, so the rest of this line is missing".to_owned(),
        label: "put quotes around this text".to_owned(),
        help: Some(format!("write `\"#{}\"`", &comment[..length])),
        is_misfit: false,
        sibling: None,
        hidden: None,
    })
}

fn error_in_value(value: &str) -> Option<String> {
    let first = value.chars().next()?;
    let message = match first {
        '@' | '`' => format!("a value cannot begin with `{first}`"),
        '-' if value == "-" || value.starts_with("- ") => {
            "a value that begins with `- ` is a list item in YAML".to_owned()
        }
        '?' if value == "?" || value.starts_with("? ") => "a value that begins with `? ` is a key in YAML".to_owned(),
        '*' | '&' | '!' | '%' | '|' | '>' => format!("a value that begins with `{first}` is not text in YAML"),
        '"' | '\'' => match closing_quote(value, first) {
            Some(end) if value[end..].trim().is_empty() || value[end..].starts_with([',', ']', '}', ':']) => {
                return None;
            }
            Some(_) => "a text that begins with a quote ends at the next one".to_owned(),
            None => "a quote is opened and not closed".to_owned(),
        },
        '[' | '{' => {
            let close = if first == '[' { ']' } else { '}' };
            match value.rfind(close) {
                _ if value.matches('"').count() % 2 == 1 => "a quote is opened and not closed".to_owned(),
                Some(end) if value[end + 1..].trim().is_empty() => return None,
                Some(_) => format!("a value that begins with `{first}` is a list or mapping and ends at `{close}`"),
                None => format!("`{first}` is opened and not closed"),
            }
        }
        _ if value.contains(": ") || value.ends_with(':') => "a text with `: ` in it needs quotes".to_owned(),
        _ => return None,
    };
    Some(message)
}

/// A line without its comment. A `#` within quotes is text.
fn without_comment(line: &str) -> &str {
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

/// The offset after the quote that closes the one at the beginning of `value`.
fn closing_quote(value: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(1) {
        if !escaped && c == quote {
            return Some(at + 1);
        }
        escaped = !escaped && c == '\\' && quote == '"';
    }
    None
}

fn line_at(text: &str, line_start: usize) -> &str {
    text[line_start..].lines().next().unwrap_or_default()
}
