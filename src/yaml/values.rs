//! Reads single values: texts, flags, lists. Returns `None` where an error was reported.

use super::node::{Node, Value};
use super::reader::{Expected, YamlReader};
use crate::diagnostics::{Diagnostic, lookalike};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// What a scalar is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Text for people.
    Text,
    /// A value that machines compare.
    Value,
}

/// The text of a scalar of any type, and whether it was written without quotes.
pub fn scalar<'n>(reader: &mut YamlReader, node: &'n Node, expected: &str) -> Option<(&'n str, bool)> {
    scalar_for(Use::Value, reader, node, expected)
}

fn scalar_for<'n>(used_as: Use, reader: &mut YamlReader, node: &'n Node, expected: &str) -> Option<(&'n str, bool)> {
    match &node.value {
        Value::Scalar { text, plain } => {
            if *plain && refuse_hash(reader, node, used_as) {
                return None;
            }
            Some((text, *plain))
        }
        _ => {
            reader.wrong_type(node, Expected::Scalar, expected);
            None
        }
    }
}

/// Text for people. YAML cuts a plain text at ` #`. That is refused where the author most likely meant text: in `#1`,
/// or after a single space.
pub fn text(reader: &mut YamlReader, node: &Node) -> Option<String> {
    text_for(Use::Text, reader, node)
}

/// A value that machines compare, as text: a code, a time zone, a telephone number.
pub fn value(reader: &mut YamlReader, node: &Node) -> Option<String> {
    text_for(Use::Value, reader, node)
}

fn text_for(used_as: Use, reader: &mut YamlReader, node: &Node) -> Option<String> {
    let (text, _) = scalar_for(used_as, reader, node, "a text is expected here")?;
    if text.trim().is_empty() {
        reader.error(Rule::EmptyValue, node.span, "this text is empty", "write a text, or leave the key out");
        return None;
    }
    Some(text.to_owned())
}

/// The same, with its span.
pub fn located_text(reader: &mut YamlReader, node: &Node) -> Option<Located<String>> {
    text(reader, node).map(|value| Located { value, span: without_quotes(node, reader.source) })
}

/// Reports a ` #` that the author probably meant as text.
fn refuse_hash(reader: &mut YamlReader, node: &Node, used_as: Use) -> bool {
    let line_rest = reader.source.text[node.span.end as usize..].lines().next().unwrap_or_default();
    let after = line_rest.trim_start_matches(' ');
    let spaces = line_rest.len() - after.len();
    let Some(comment) = after.strip_prefix('#').filter(|_| spaces > 0) else {
        return false;
    };
    let is_joined = comment.chars().next().is_some_and(|c| c.is_alphanumeric());
    let is_suspicious = is_joined || used_as == Use::Text && spaces == 1;
    if !is_suspicious {
        return false;
    }
    let end = node.span.end as usize + line_rest.trim_end().len();
    let whole = Span::new(node.span.start as usize, end);
    let written = reader.source.text[whole.range()].to_owned();
    let value = &reader.source.text[node.span.range()];
    let (label, help) = match used_as {
        Use::Text => {
            let quoted = written.replace('"', "\\\"");
            ("put quotes around this text", format!("write `\"{quoted}\"`, or two spaces and `# ` before a comment"))
        }
        Use::Value => (
            "write a space after the `#` of a comment, or quotes around the value",
            format!("if it is a comment, write `{value} # {comment}`", comment = comment.trim_end()),
        ),
    };
    let message = "a ` #` begins a comment, so the text ends before it";
    reader.error_with_help(Rule::YamlSyntax, whole, message, label, help);
    true
}

/// The span of a scalar without its quotes.
fn without_quotes(node: &Node, source: &SourceText) -> Span {
    let written = &source.text[node.span.range()];
    match written.len() >= 2 && written.starts_with(['"', '\'']) && written.ends_with(['"', '\'']) {
        true => Span::new(node.span.start as usize + 1, node.span.end as usize - 1),
        false => node.span,
    }
}

pub fn flag(reader: &mut YamlReader, node: &Node) -> Option<bool> {
    let expected = "`true` or `false` is expected here";
    match scalar(reader, node, expected)? {
        ("true", true) => Some(true),
        ("false", true) => Some(false),
        (word @ ("true" | "false"), false) => {
            let message = format!("`\"{word}\"` in quotes is a text");
            reader.error_with_help(
                Rule::WrongType,
                node.span,
                message,
                expected,
                format!("write `{word}` without quotes"),
            );
            replace_last(reader, node, word);
            None
        }
        (other, _) => {
            let meant = match other.to_lowercase().as_str() {
                "yes" | "y" | "on" | "true" | "1" | "ja" | "oui" | "si" | "sí" | "sì" | "sim" | "ndiyo" | "wahr" => {
                    Some("true")
                }
                "no" | "n" | "off" | "false" | "0" | "nein" | "non" | "não" | "nee" | "hapana" | "falsch" => {
                    Some("false")
                }
                _ => None,
            };
            let message = format!("`{other}` is neither `true` nor `false`");
            let diagnostic = Diagnostic::error(Rule::WrongType, message).at(reader.source, node.span, expected);
            reader.diagnostics.push(match meant {
                Some(meant) => diagnostic.help(format!("write `{meant}`")),
                None => diagnostic,
            });
            if let Some(meant) = meant {
                replace_last(reader, node, meant);
            }
            None
        }
    }
}

/// Lets `check --fix` write a text in place of a whole value, its quotes included, for which the last error was reported.
fn replace_last(reader: &mut YamlReader, node: &Node, text: &str) {
    let written = reader.source.text[node.span.range()].trim_end();
    if let Some(diagnostic) = reader.diagnostics.pop() {
        reader.diagnostics.push(diagnostic.replace(written, text));
    }
}

/// Reads every item; `None` if one of them is wrong.
pub fn list<'n, T>(
    reader: &mut YamlReader,
    node: &'n Node,
    mut read: impl FnMut(&mut YamlReader, &'n Node) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::List(items) = &node.value else {
        reader.wrong_type(node, Expected::List, "a list is expected here: `[one, two]`");
        return None;
    };
    let mut is_complete = true;
    let mut read_items = Vec::with_capacity(items.len());
    for item in items {
        if matches!(item.value, Value::Null) {
            let label = "write a value, or leave it out";
            reader.error(Rule::EmptyValue, item.span, "an item of this list is empty", label);
            is_complete = false;
            continue;
        }
        match read(reader, item) {
            Some(item) => read_items.push(item),
            None => is_complete = false,
        }
    }
    is_complete.then_some(read_items)
}

pub fn texts(reader: &mut YamlReader, node: &Node) -> Option<Vec<String>> {
    list(reader, node, text)
}

pub fn located_texts(reader: &mut YamlReader, node: &Node) -> Option<Vec<Located<String>>> {
    list(reader, node, located_text)
}

/// An e-mail address: a name, an `@`, and a host with a dot. The mail server decides about the rest.
pub fn email(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let (text, _) = scalar(reader, node, "an e-mail address is expected here")?;
    let is_plausible = text.split_once('@').is_some_and(|(name, host)| {
        let is_plain = |part: &str| {
            !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>\"',;:()[]\\".contains(c))
        };
        is_plain(name) && is_plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !is_plausible {
        let message = format!("`{text}` is not an e-mail address");
        let diagnostic = Diagnostic::error(Rule::BadEmail, message);
        let diagnostic = diagnostic.at(reader.source, node.span, "write it as in `sales@kazi.example`");
        reader.diagnostics.push(match bare_address(text) {
            Some(address) => diagnostic.help(format!("write `{address}`")).replace(text, address),
            None => diagnostic,
        });
        return None;
    }
    let lookalike = lookalike(reader.source, node.span, text);
    reader.diagnostics.extend(lookalike);
    Some(text.to_owned())
}

/// Returns the address in `Ada <ada@kazi.example>`, `mailto:ada@kazi.example` and `ada(at)kazi.example`.
fn bare_address(text: &str) -> Option<String> {
    let inner = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
    let inner = inner.trim().strip_prefix("mailto:").unwrap_or(inner.trim());
    let address = inner.replace("(at)", "@").replace("[at]", "@").replace(" at ", "@");
    let (name, host) = address.split_once('@')?;
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>\"',;:()[]".contains(c));
    (address != text && is_plain(name) && is_plain(host) && host.contains('.')).then_some(address)
}

/// A text as a message quotes it: one line, at most 80 characters.
pub fn excerpt(text: &str) -> String {
    text.escape_debug().take(80).collect()
}

/// Any YAML as JSON, for themes. Plain `true` and numbers get their meaning in YAML 1.2.
pub fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        Value::Null => Json::Null,
        Value::Scalar { text, plain: false } => Json::from(&**text),
        Value::Scalar { text, plain: true } => match &**text {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number => match (number.parse::<i64>(), number.parse::<f64>()) {
                // `0012` is an article number, so it stays text.
                (Ok(whole), _) if !number.starts_with('0') || number == "0" => Json::from(whole),
                (_, Ok(real)) if number.contains('.') && real.is_finite() => Json::from(real),
                _ => Json::from(number),
            },
        },
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.text.clone(), json(value))).collect())
        }
    }
}
