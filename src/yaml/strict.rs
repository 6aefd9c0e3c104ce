//! Refuses characters that nobody sees, and curly quotes, in values that machines compare. [`Entries::read`](super::Entries::read) calls this
//! for every key. The shape of the key in its table says what kind of value it is, and only [`ShapeKind::Text`] is exempt, so a
//! new key is checked without more code.

use super::keys::{Shape, ShapeKind};
use super::node::{Node, Value};
use super::reader::YamlReader;
use crate::characters::Spaces;
use crate::diagnostics::{Diagnostic, hidden_character};
use crate::rules::Rule;
use crate::source::Span;

/// Quotes of word processors and of other keyboards.
const QUOTES: [char; 13] = ['“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '＂'];

/// Returns whether the value of a key has only characters that people see. Reports every other one.
pub fn check(reader: &mut YamlReader, node: &Node, shape: &Shape) -> bool {
    match &shape.kind {
        // The keys of a mapping are checked one by one, when each is read.
        ShapeKind::Text(_) | ShapeKind::Mapping(_) => true,
        ShapeKind::Value(_) => check_scalars(reader, node, Spaces::Plain),
        ShapeKind::SpacedValue(_) => check_scalars(reader, node, Spaces::Any),
        ShapeKind::List(items) | ShapeKind::Set(items) => match &node.value {
            Value::List(nodes) => all(nodes, |item| check(reader, item, items)),
            Value::Scalar { .. } | Value::Map(_) | Value::Null => true,
        },
        ShapeKind::Map { values, .. } => match &node.value {
            Value::Map(entries) => all(entries, |(_, value)| check(reader, value, values)),
            Value::Scalar { .. } | Value::List(_) | Value::Null => true,
        },
    }
}

fn check_scalars(reader: &mut YamlReader, node: &Node, spaces: Spaces) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar { text, plain } => {
            check_text(reader, text, node.span, spaces) && (!plain || is_on_one_line(reader, node.span))
        }
        Value::List(items) => all(items, |item| check_scalars(reader, item, spaces)),
        Value::Map(entries) => all(entries, |(_, value)| check_scalars(reader, value, spaces)),
    }
}

fn check_text(reader: &mut YamlReader, text: &str, span: Span, spaces: Spaces) -> bool {
    let diagnostic = hidden_character(reader.source, span, text, spaces)
        .or_else(|| line_break(reader, text, span))
        .or_else(|| curly_quotes(reader, text, span));
    let is_good = diagnostic.is_none();
    reader.diagnostics.extend(diagnostic);
    is_good
}

/// Returns the error for a value that ends with a line break, as a text after `|` or `>` does.
fn line_break(reader: &YamlReader, text: &str, span: Span) -> Option<Diagnostic> {
    let value = text.strip_suffix('\n')?.trim_end();
    let is_one_line = !value.is_empty() && !value.contains('\n');
    let diagnostic = Diagnostic::error(Rule::HiddenCharacter, "this value ends with a line break");
    let diagnostic = diagnostic.at(reader.source, reader.first_line(span), "machines compare the line break too");
    Some(match is_one_line {
        true => diagnostic.help(format!("write `{value}` after the key, on the same line, without `|` and `>`")),
        false => diagnostic.help("write the value after the key, on the same line, without `|` and `>`"),
    })
}

/// Reports a value without quotes that goes on in the next line, as `acme` does if `-other` follows it.
fn is_on_one_line(reader: &mut YamlReader, span: Span) -> bool {
    let written = reader.source.text[span.range()].trim_end();
    let Some(line_end) = written.find('\n') else { return true };
    let next = written[line_end..].trim_start();
    let start = span.start as usize + written.len() - next.len();
    let length = next.lines().next().unwrap_or_default().trim_end().len();
    let help = if next.starts_with('-') { "write a space after the `-`" } else { "write the whole value on one line" };
    let message = "this line is a part of the value above it";
    let label = "no line of its own";
    reader.error_with_help(Rule::YamlSyntax, Span::new(start, start + length), message, label, help);
    false
}

/// Returns the error for a value in quotes that YAML does not take for quotes. They would be part of the value.
fn curly_quotes(reader: &YamlReader, text: &str, span: Span) -> Option<Diagnostic> {
    if text.is_ascii() {
        return None;
    }
    let value = text.strip_prefix(QUOTES)?.strip_suffix(QUOTES)?;
    if value.trim().is_empty() || value.contains(QUOTES) {
        return None;
    }
    let diagnostic = Diagnostic::error(Rule::WrongType, format!("`{text}` is in quotes of a word processor"));
    let diagnostic = diagnostic.at(reader.source, span, "these quotes would be part of the value");
    Some(diagnostic.help(format!("write `{value}`")).replace(text, value))
}

/// Checks every item, also after one that is wrong.
fn all<T>(items: &[T], mut check: impl FnMut(&T) -> bool) -> bool {
    let mut are_good = true;
    for item in items {
        are_good &= check(item);
    }
    are_good
}
