//! Parses the line that opens a block: `::: quote by="Amina O." wide`.

use std::collections::HashSet;
use std::sync::Arc;

use super::dialects;
use crate::diagnostics::Diagnostic;
use crate::model::body::{Attribute, AttributeValue, BlockLine};
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Parses the text of an opening line after its colons. `at` is the byte offset of the text in the file.
pub fn opening(
    source: &Arc<SourceText>,
    text: &str,
    span: Span,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> BlockLine {
    let name_length = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_length);
    if let Some(meant) = dialects::meant(text) {
        diagnostics.push(
            Diagnostic::error(Rule::BadBlockAttribute, "this is not how a block is opened")
                .at(source, Span::new(at, at + text.len()), "a name in lower case, then its attributes")
                .help(format!("write `{meant}`")),
        );
        return BlockLine { name: name.to_owned(), attributes: Vec::new(), span };
    }
    if Slug::parse(name).is_err() {
        let diagnostic = Diagnostic::error(Rule::BadBlockAttribute, format!("`{name}` is not a block name"));
        let diagnostic =
            diagnostic.at(source, Span::new(at, at + name_length), "lower case letters, digits and hyphens");
        let lower = name.to_lowercase();
        diagnostics.push(match Slug::parse(&lower).is_ok() {
            true => diagnostic.help(format!("write `::: {lower}`")).replace(name, lower),
            false => diagnostic.help("write it as in `::: hero`"),
        });
        return BlockLine { name: name.to_owned(), attributes: Vec::new(), span };
    }
    BlockLine { name: name.to_owned(), attributes: attributes(source, rest, at + name_length, diagnostics), span }
}

/// Parses the attributes in `text`, which is at byte `at` of the file, up to the first error.
fn attributes(source: &Arc<SourceText>, text: &str, at: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut keys: HashSet<&str> = HashSet::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let start = at + (rest.as_ptr() as usize - text.as_ptr() as usize);
        let WrittenAttribute { key, value, length } = match attribute(rest) {
            Ok(attribute) => attribute,
            Err((length, message, help)) => {
                diagnostics.push(
                    Diagnostic::error(Rule::BadBlockAttribute, message)
                        .at(source, Span::new(start, start + length), "cannot be read")
                        .help(help),
                );
                break;
            }
        };
        if keys.insert(key) {
            attributes.push(Attribute { name: key.to_owned(), value, span: Span::new(start, start + length) });
        } else {
            let message = format!("the attribute `{key}` is given twice");
            let diagnostic = Diagnostic::error(Rule::BadBlockAttribute, message);
            diagnostics.push(diagnostic.at(source, Span::new(start, start + length), "given again"));
        }
        rest = rest[length..].trim_start();
    }
    attributes
}

struct WrittenAttribute<'t> {
    key: &'t str,
    value: AttributeValue,
    /// In bytes.
    length: usize,
}

/// The length in bytes, a message and a help.
type BadAttribute = (usize, &'static str, &'static str);

/// Parses the attribute at the beginning of `text`.
fn attribute(text: &str) -> Result<WrittenAttribute<'_>, BadAttribute> {
    let word = text.find(|c: char| c.is_whitespace() || c == '=' || c == '"').unwrap_or(text.len());
    let key = &text[..word];
    let whole_word = text.find(char::is_whitespace).unwrap_or(text.len());
    let named = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '/');
    if !named {
        return Err((whole_word, "this is not an attribute", "write `key=\"value\"`, `key=word` or a single word"));
    }
    if text[word..].starts_with(char::is_whitespace) && text[word..].trim_start().starts_with('=') {
        let length = text.find('=').map_or(word, |at| at + 1);
        return Err((length, "there is a space before the `=`", "write `key=\"value\"`, without spaces"));
    }
    let Some(value) = text[word..].strip_prefix('=') else {
        return match text[word..].starts_with('"') {
            true => Err((whole_word, "an attribute's value needs a `=` before it", "write `key=\"value\"`")),
            false => Ok(WrittenAttribute { key, value: AttributeValue::Flag, length: word }),
        };
    };
    let Some(quoted) = value.strip_prefix('"') else {
        let length = value.find(char::is_whitespace).unwrap_or(value.len());
        let bare = &value[..length];
        if bare.is_empty() || bare.contains(['"', '“', '”', '\'', '=']) {
            return Err((whole_word, "this value cannot be read", "put straight quotes around it: `key=\"value\"`"));
        }
        return Ok(WrittenAttribute { key, value: AttributeValue::Text(bare.to_owned()), length: word + 1 + length });
    };
    let Some(end) = closing_quote(quoted) else {
        return Err((text.len(), "a quote is opened and not closed", "write `key=\"value\"`"));
    };
    let unescaped = quoted[..end].replace("\\\"", "\"").replace("\\\\", "\\");
    Ok(WrittenAttribute { key, value: AttributeValue::Text(unescaped), length: word + 2 + end + 1 })
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}
