//! Explains YAML syntax errors. The parser says where it stopped; this file looks for the line that is to blame, and
//! says what is wrong with it and what to write instead.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::ErrorKind;

use super::broken_line::{LineError, error_in_line};
use super::lines::{content_span, end_of_entry, indent_of, line_at, lines_with_code, value_of_line, without_comment};
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
    /// The end of the broken lines. `None`: of the line and the lines that are indented below it.
    pub end: Option<usize>,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
    /// The text at the span, and what to write in its place, if there is nothing to decide.
    replacement: Option<(String, String)>,
    /// The line by itself is fine, but does not fit the lines around it.
    is_misfit: bool,
    /// Another line that is part of the error, with its label.
    other: Option<(Span, &'static str)>,
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
                Some(error) if number < 2 || error.is_open => return SyntaxError::in_line(error, line_start),
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
        let diagnostic = match self.other {
            Some((span, label)) => diagnostic.at(source, span.shifted(start), label),
            None => diagnostic,
        };
        let diagnostic = match &self.help {
            Some(help) => diagnostic.help(&**help),
            None => diagnostic,
        };
        match &self.replacement {
            Some((written, text)) => diagnostic.replace(&**written, &**text),
            None => diagnostic,
        }
    }

    fn in_line(error: LineError, line_start: usize) -> SyntaxError {
        let LineError { span, message, label, help, replacement, is_open: _, is_repeated } = error;
        let error = SyntaxError::new(span, message, label);
        SyntaxError { line_start, help, replacement, is_misfit: is_repeated, ..error }
    }

    /// An error without help, in the line that begins where its span does.
    fn new(span: Span, message: impl Into<String>, label: impl Into<String>) -> SyntaxError {
        SyntaxError {
            line_start: span.start as usize,
            end: None,
            span,
            message: message.into(),
            label: label.into(),
            help: None,
            replacement: None,
            is_misfit: false,
            other: None,
            hidden: None,
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

/// The error for a line that is fine by itself.
fn misfit(text: &str, line_starts: &[usize], kind: &ErrorKind) -> SyntaxError {
    let line_start = line_starts.iter().rev().find(|&&start| !line_at(text, start).trim().is_empty());
    let line_start = line_start.copied().unwrap_or(0);
    let line = line_at(text, line_start);
    let indent = indent_of(text, line_start);
    if let Some(error) = unindented(text, line_starts, line_start) {
        return error;
    }
    if let Some(error) = text_before_keys(text, line_starts, line_start) {
        return error;
    }
    if let Some(error) = item_among_keys(text, line_starts, line_start) {
        return error;
    }
    let sibling = misplaced_sibling(text, line_starts, line_start);
    if let Some(first) = sibling.filter(|&first| is_to_blame(text, line_starts, first, line_start)) {
        return wrong_indent(text, first, line_start, line_start);
    }
    let has_key = line.contains(':')
        && !matches!(kind, ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation);
    if let Some(sibling) = sibling.filter(|_| has_key) {
        return wrong_indent(text, line_start, sibling, line_start);
    }
    if let Some(error) = unmarked_text(text, line_starts, line_start) {
        return error;
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
    let span = Span::new(line_start + indent, line_start + line.trim_end().len());
    let help = help.map(str::to_owned);
    SyntaxError { line_start, help, is_misfit: true, ..SyntaxError::new(span, message, label) }
}

/// The error for the first key of a mapping that is not indented below its key, as `save:` below `ctas:`. The parser stops
/// further down, where a line is indented.
fn unindented(text: &str, line_starts: &[usize], line_start: usize) -> Option<SyntaxError> {
    let starts: Vec<usize> = lines_with_code(text, line_starts).take_while(|&start| start <= line_start).collect();
    let indent = indent_of(text, line_start);
    let parent = starts.iter().rposition(|&start| indent_of(text, start) < indent)?;
    let (above, first) = (starts[parent.checked_sub(1)?], starts[parent]);
    let is_bare =
        |start: usize| value_of_line(text, start).0.is_empty() && line_at(text, start).trim_end().ends_with(':');
    if !(is_bare(above) && is_bare(first) && indent_of(text, above) == indent_of(text, first)) {
        return None;
    }
    let key = line_at(text, above).trim();
    let message = format!("this line is not indented below `{key}`");
    let error = SyntaxError::new(content_span(text, first), message, format!("begins in the column of `{key}`"));
    let help = format!(
        "indent it by two spaces, and the lines that belong to it by two more than it: `  {}`",
        line_at(text, first).trim()
    );
    Some(SyntaxError { line_start: first, help: Some(help), ..error })
}

/// The error for a line without a key as the first line of a mapping: `title = Hire`, `// a comment`. The parser stops at the
/// key below it.
fn text_before_keys(text: &str, line_starts: &[usize], line_start: usize) -> Option<SyntaxError> {
    let starts: Vec<usize> = lines_with_code(text, line_starts).take_while(|&start| start < line_start).collect();
    let first = *starts.last().filter(|&&start| indent_of(text, start) == indent_of(text, line_start))?;
    let content = without_comment(line_at(text, first)).trim();
    let begins_text =
        !content.starts_with(['-', '?', '[', '{', '"', '\'']) && !content.contains(": ") && !content.ends_with(':');
    let follows_key = starts.len() > 1 && indent_of(text, starts[starts.len() - 2]) >= indent_of(text, first);
    if !begins_text || follows_key {
        return None;
    }
    let is_comment = ["//", "<!--", "/*", "%", ";", "--"].iter().any(|mark| content.starts_with(mark));
    let pair = [" = ", "=", " - ", " – "].into_iter().find_map(|sign| content.split_once(sign));
    let help = match pair {
        _ if is_comment => "begin a comment with `# `".to_owned(),
        Some((key, value)) if !key.contains(' ') => format!("write `{key}: {}`", value.trim()),
        // It may be the first line of a text.
        _ if starts.len() > 1 => return None,
        _ => "write `key: value`, or `# ` before a comment".to_owned(),
    };
    let error = SyntaxError::new(content_span(text, first), "this line is not a `key: value`", "no key and colon");
    Some(SyntaxError { line_start: first, help: Some(help), ..error })
}

/// The error for a key with `- ` before it among keys of the same level. The parser stops at the first one without.
fn item_among_keys(text: &str, line_starts: &[usize], line_start: usize) -> Option<SyntaxError> {
    let own = indent_of(text, line_start);
    let starts: Vec<usize> = lines_with_code(text, line_starts).take_while(|&start| start < line_start).collect();
    let of_level = starts.into_iter().rev().take_while(|&start| indent_of(text, start) >= own);
    let (siblings, deeper): (Vec<usize>, Vec<usize>) = of_level.partition(|&start| indent_of(text, start) == own);
    let item = *siblings.first()?;
    let below = deeper.iter().filter(|&&start| start > item).count();
    let content = without_comment(line_at(text, item)).trim().strip_prefix("- ")?.trim();
    // With more keys below, `- label: Prices` is an item of a list.
    let is_key = content.ends_with(':') || content.contains(": ") && below == 0;
    let begins_with_key = content.starts_with(|c: char| c.is_ascii_alphabetic());
    // A list may begin in the column of its key.
    let above = siblings.iter().find(|&&start| !line_at(text, start).trim_start().starts_with("- "));
    let is_list_of_key = above.is_some_and(|&above| value_of_line(text, above).0.is_empty());
    if !is_key || !begins_with_key || is_list_of_key {
        return None;
    }
    let message = "this line begins with `- `, and others of its level do not";
    let error = SyntaxError::new(content_span(text, item), message, "a list item among keys");
    let help = "write each key without `- ` before it, and indent what belongs to it";
    Some(SyntaxError { line_start: item, help: Some(help.to_owned()), ..error })
}

/// The error for lines of text whose key has no `|`, so that they belong to the value above, until the parser stops at a colon
/// in them.
fn unmarked_text(text: &str, line_starts: &[usize], line_start: usize) -> Option<SyntaxError> {
    let own = indent_of(text, line_start);
    let above: Vec<usize> = lines_with_code(text, line_starts).take_while(|&start| start < line_start).collect();
    let parent = above.iter().rposition(|&start| indent_of(text, start) < own)?;
    let (parent, lines) = (above[parent], &above[parent + 1..]);
    let (value, _) = value_of_line(text, parent);
    let is_plain = !value.is_empty() && !value.starts_with(['|', '>', '"', '\'', '[', '{', '&', '*', '!']);
    let is_text = |&start: &usize| value_of_line(text, start).0.contains(' ') && !line_at(text, start).contains(": ");
    let first = *lines.first().filter(|_| is_plain && lines.iter().all(is_text))?;
    let message = "this text of several lines is not marked as one";
    let error = SyntaxError::new(content_span(text, first), message, "taken for a part of the value above");
    Some(SyntaxError {
        line_start: first,
        end: Some(end_of_entry(text, parent)),
        help: Some("write its key with `|` in the line above, as in `text: |`".to_owned()),
        other: Some((content_span(text, line_start), "cannot be read, because of its colon")),
        ..error
    })
}

/// The error for a line at `wrong` that begins in another column than the line at `right` of the same mapping. The parser
/// stopped in the line at `line_start`.
fn wrong_indent(text: &str, wrong: usize, right: usize, line_start: usize) -> SyntaxError {
    let expected = match indent_of(text, right) {
        0 => "no space before this one".to_owned(),
        spaces => count(spaces, "space"),
    };
    let message = "this line is indented differently from the others of its level";
    let label = format!("{} here", count(indent_of(text, wrong), "space"));
    let help = format!("keys of one level begin in one column: write {expected}; a text with `: ` in it needs quotes");
    SyntaxError {
        line_start,
        help: Some(help),
        is_misfit: true,
        other: Some((content_span(text, right), "begins in another column")),
        ..SyntaxError::new(content_span(text, wrong), message, label)
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
    let span = Span::new(line_start + at, line_start + at + c.len_utf8());
    Some(SyntaxError { line_start, hidden: Some(c), ..SyntaxError::new(span, "", "") })
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
    let span = Span::new(backslash, backslash + 1 + c.len_utf8());
    let message = format!("`\\{c}` has no meaning in double quotes");
    Some(SyntaxError {
        line_start: text[..backslash].rfind('\n').map_or(0, |newline| newline + 1),
        help: Some(help),
        ..SyntaxError::new(span, message, "a backslash begins an escape here")
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
