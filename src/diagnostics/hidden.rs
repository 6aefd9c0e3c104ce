//! The diagnostics for characters that nobody sees.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use crate::characters::{self, Spaces, first_hidden, without_hidden};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// The longest value that a help repeats, in characters.
const MAX_REPEATED: usize = 80;

/// Returns the error for a value with a character that nobody sees. `span` is the place of the value, `text` its text.
pub fn hidden_character(source: &Arc<SourceText>, span: Span, text: &str, spaces: Spaces) -> Option<Diagnostic> {
    let (at, c) = first_hidden(text, spaces)?;
    let label = "nobody sees it, but machines compare it";
    let diagnostic = Diagnostic::error(
        Rule::HiddenCharacter,
        format!("there is {} in this value", characters::name(c)),
    )
    .at(source, place_in(source, span, text, at), label);
    let visible = without_hidden(text, spaces);
    let is_short = !visible.is_empty() && visible.chars().count() <= MAX_REPEATED;
    let diagnostic = without_character(diagnostic, c);
    Some(match is_short {
        true => diagnostic.help(format!("delete the value and type it again: `{visible}`")),
        false => diagnostic.help("delete the value and type it again"),
    })
}

/// Returns the error for a character that nobody sees between the keys and values of YAML.
pub fn hidden_in_yaml(source: &Arc<SourceText>, span: Span, c: char) -> Diagnostic {
    let (label, help) = match characters::is_odd_space(c) {
        true => ("YAML does not read it as a space", "type a plain space"),
        false => ("nobody sees it", "delete it"),
    };
    let diagnostic = Diagnostic::error(Rule::HiddenCharacter, format!("there is {} here", characters::name(c)));
    without_character(diagnostic.at(source, span, label).help(help), c)
}

/// Lets `check --fix` remove a character that nobody sees, or write a plain space in place of another one.
fn without_character(diagnostic: Diagnostic, c: char) -> Diagnostic {
    diagnostic.replace(c.to_string(), if characters::is_odd_space(c) { " " } else { "" })
}

/// Returns the error for a key with a character that nobody sees.
pub fn hidden_in_key(source: &Arc<SourceText>, span: Span, key: &str, c: char) -> Diagnostic {
    let visible = without_hidden(key, Spaces::Plain);
    let message = format!("there is {} in this key", characters::name(c));
    let diagnostic = Diagnostic::error(Rule::HiddenCharacter, message);
    let diagnostic = diagnostic.at(source, place_of(source, span, c), "nobody sees it");
    without_character(diagnostic.help(format!("delete the key and type it again: `{visible}`")), c)
}

/// Returns the warning for a value with a character that looks like another one.
pub fn lookalike(source: &Arc<SourceText>, span: Span, text: &str) -> Option<Diagnostic> {
    let (at, c) = characters::first_lookalike(text)?;
    let label = match characters::Script::of(c) {
        Some(script) => format!("`{c}` is a {} letter", script.name()),
        None => format!("`{c}` is not on keyboards"),
    };
    let message = format!("`{text}` has a character that looks like another one");
    let diagnostic =
        Diagnostic::warning(Rule::LookalikeCharacters, message).at(source, place_in(source, span, text, at), label);
    let typed = characters::as_typed(text);
    let is_plain = typed.is_ascii();
    Some(diagnostic.help(if is_plain {
        format!("write `{typed}`")
    } else {
        "type it again with one keyboard".to_owned()
    }))
}

/// Returns the place of the character at an offset of a value. Without quotes and escapes, the file has the same bytes, also if
/// its text was dropped to save memory.
fn place_in(source: &SourceText, span: Span, text: &str, at: usize) -> Span {
    let c = text[at..].chars().next().unwrap_or_default();
    let start = span.start as usize + at;
    match span.range().len() == text.len() {
        true => Span::new(start, start + c.len_utf8()),
        false => place_of(source, span, c),
    }
}

/// Returns the place of a character in a key or value, or all of it if the file has the character as an escape.
pub fn place_of(source: &SourceText, span: Span, c: char) -> Span {
    match source.text.get(span.range()).and_then(|written| written.find(c)) {
        Some(at) => Span::new(span.start as usize + at, span.start as usize + at + c.len_utf8()),
        None => span,
    }
}
