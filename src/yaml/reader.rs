//! Collects the diagnostics while the tree of one file is read.

use std::sync::Arc;

use super::broken_line::unspaced_key;
use super::node::{MapKey, Node, Value};
use super::tree::{self, Tree};
use crate::characters::is_hidden;
use crate::diagnostics::{Diagnostic, Severity, hidden_in_yaml, place_of};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Passed to everything that reads a value. A function that reports an error returns `None`, and reading goes on.
pub struct YamlReader<'a> {
    pub source: &'a Arc<SourceText>,
    pub diagnostics: Vec<Diagnostic>,
    /// Broken lines are missing from the tree, so a key may only seem to be missing.
    pub partial: bool,
}

/// The type that a value should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Scalar,
    List,
    Mapping,
    /// A mapping whose keys are ids that the author chooses.
    ById,
}

impl<'a> YamlReader<'a> {
    /// Parses the bytes `range` of a file. Returns the tree, and a reader with the syntax errors.
    pub fn parse(source: &'a Arc<SourceText>, range: std::ops::Range<usize>) -> (Option<Node>, YamlReader<'a>) {
        let mut diagnostics = Vec::new();
        let Tree { root, partial } = tree::read(source, range, &mut diagnostics);
        let partial = partial || !diagnostics.is_empty();
        (root, YamlReader { source, diagnostics, partial })
    }

    pub fn error(&mut self, rule: Rule, span: Span, message: impl Into<String>, label: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(rule, message).at(self.source, span, label));
    }

    pub fn error_with_help(
        &mut self,
        rule: Rule,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.diagnostics.push(Diagnostic::error(rule, message).at(self.source, span, label).help(help));
    }

    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The first line of what `span` covers.
    pub fn first_line(&self, span: Span) -> Span {
        let length = self.source.text[span.range()].lines().next().unwrap_or_default().len();
        Span::new(span.start as usize, span.start as usize + length)
    }

    /// Reports a key without a value.
    pub fn empty_value(&mut self, key: &MapKey) {
        if self.is_followed_by_error(key) {
            return;
        }
        let help = match self.comment_after(key) {
            // A colour, a hashtag, a number: `#0b5c8a`.
            Some(text) if !text.is_empty() && text.chars().all(char::is_alphanumeric) => {
                format!("a ` #` begins a comment: put quotes around the text, `{}: \"#{text}\"`", key.text)
            }
            Some(_) => "a ` #` begins a comment: put quotes around the text if it belongs to the value".to_owned(),
            None => format!("write a value after `{}:`, or leave the line out", key.text),
        };
        let message = format!("`{}` has no value", key.text);
        self.error_with_help(Rule::EmptyValue, key.span, message, "nothing after the colon", help);
    }

    /// Returns true if a comment is in the place of the value of a key.
    pub fn is_before_comment(&self, key: &MapKey) -> bool {
        self.comment_after(key).is_some()
    }

    fn comment_after(&self, key: &MapKey) -> Option<&'a str> {
        let rest = self.source.text[key.span.end as usize..].lines().next().unwrap_or_default();
        rest.trim_start_matches([':', ' ']).strip_prefix('#').map(str::trim_end)
    }

    /// Returns true if the line below a key is reported already, for a space that is no plain one or for its syntax. It is
    /// the value of the key.
    fn is_followed_by_error(&self, key: &MapKey) -> bool {
        let is_of_line = |rule: Rule| matches!(rule, Rule::HiddenCharacter | Rule::YamlSyntax);
        let of_line = self.diagnostics.iter().filter(|diagnostic| is_of_line(diagnostic.rule));
        let mut starts = of_line.filter_map(|diagnostic| Some(diagnostic.labels.first()?.span.start));
        starts.any(|start| {
            let between = self.source.text.get(key.span.end as usize..start as usize).unwrap_or_default();
            // Up to the line of the error: its place may be the value.
            let lines = between.rsplit_once('\n').map_or(between, |(lines, _)| lines);
            lines.trim() == ":"
        })
    }

    /// Reports a value of another type. `message` is what is expected: "a list is expected here".
    pub fn wrong_type(&mut self, node: &Node, expected: Expected, message: &str) {
        if let Value::Scalar { text, plain: true } = &node.value
            && let Some(c) = text.chars().find(|c| is_hidden(*c))
        {
            self.diagnostics.push(hidden_in_yaml(self.source, place_of(self.source, node.span, c), c));
            return;
        }
        let span = self.first_line(node.span);
        let written = &self.source.text[span.range()];
        if let (Expected::Mapping | Expected::ById, Value::Scalar { plain: true, .. }, Some(key)) =
            (expected, &node.value, unspaced_key(written))
        {
            let start = node.span.start as usize;
            let diagnostic = Diagnostic::error(Rule::YamlSyntax, key.message());
            let diagnostic =
                diagnostic.at(self.source, Span::new(start, start + key.written.len()), key.label()).help(key.help());
            self.diagnostics.push(diagnostic.replace(key.written, key.replacement()));
            return;
        }
        let label = match &node.value {
            Value::Scalar { .. } => "this is a text",
            Value::List(_) => "this is a list",
            Value::Map(_) => "these are `key: value` lines",
            Value::Null => "this is empty",
        };
        let diagnostic = Diagnostic::error(Rule::WrongType, message.to_owned()).at(self.source, span, label);
        let has_lines = self.source.text[node.span.range()].trim_end().contains('\n');
        self.diagnostics.push(match help_for_type(node, expected, written, has_lines) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}

/// Returns what to write for a value of the expected type. `written` is the first line of the value; `has_lines`: there are
/// more.
fn help_for_type(node: &Node, expected: Expected, written: &str, has_lines: bool) -> Option<String> {
    let help = match (expected, &node.value) {
        (Expected::Mapping | Expected::ById, Value::List(items)) if items.is_empty() => {
            "leave the key out if there is nothing to list"
        }
        (Expected::ById, Value::List(_)) if written.starts_with('-') => {
            "write an id in place of each `-`, as in `save:`, and indent what belongs to it"
        }
        (Expected::Mapping, Value::List(_)) if written.starts_with('-') => {
            "write each key without `- ` before it, and indent what belongs to it"
        }
        (Expected::Mapping | Expected::ById, Value::List(_)) => {
            "write `key: value` lines below the key, or `{ key: value }`"
        }
        (Expected::Scalar, Value::List(_)) if written.starts_with('-') => "write one value after the key, without `- `",
        (Expected::Scalar, Value::List(items)) if items.len() > 1 => {
            "write one value, or put quotes around a text that begins with `[`"
        }
        (Expected::Scalar, Value::List(_)) => "put quotes around the text if it is meant to begin with `[`",
        (Expected::Scalar, Value::Map(_)) => "put quotes around the text if it has a colon in it",
        (Expected::List, Value::Map(_)) if written.starts_with('{') => "write the items between `[` and `]`",
        (Expected::List, Value::Map(_)) => "write each item on its own line after `- `, without a colon at its end",
        (Expected::List, Value::Scalar { plain: true, .. }) if written.starts_with('-') => {
            "write a space after each `-`"
        }
        (Expected::List, Value::Scalar { plain: true, .. }) if has_lines => "begin each line with `- `",
        (Expected::List, Value::Scalar { text, .. }) => {
            let bare = text.trim_matches(['(', ')', '［', '］', '【', '】']);
            let items: Vec<&str> = bare.split([',', ';', '，', '、']).map(str::trim).collect();
            let is_short = text.chars().count() <= 80 && !text.contains(['[', ']', '{', '}', '"']);
            return is_short.then(|| format!("write `[{}]`", items.join(", ")));
        }
        _ => return None,
    };
    Some(help.to_owned())
}
