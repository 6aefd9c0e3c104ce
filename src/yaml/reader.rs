//! Collects the diagnostics while the tree of one file is read.

use std::sync::Arc;

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
        if self.is_followed_by_hidden_space(key) {
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

    /// Returns true if the line below a key is reported for a space that is no plain one. It is the value of the key.
    fn is_followed_by_hidden_space(&self, key: &MapKey) -> bool {
        let hidden = self.diagnostics.iter().filter(|diagnostic| diagnostic.rule == Rule::HiddenCharacter);
        let mut starts = hidden.filter_map(|diagnostic| Some(diagnostic.labels.first()?.span.start));
        starts.any(|start| {
            let between = self.source.text.get(key.span.end as usize..start as usize);
            between.is_some_and(|between| between.trim() == ":")
        })
    }

    /// Reports a value of another type. `expected` is the message: "a list is expected here".
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        if let Value::Scalar { text, plain: true } = &node.value
            && let Some(c) = text.chars().find(|c| is_hidden(*c))
        {
            self.diagnostics.push(hidden_in_yaml(self.source, place_of(self.source, node.span, c), c));
            return;
        }
        let (label, help) = match &node.value {
            Value::Scalar { .. } => ("this is a text", None),
            Value::List(_) => ("this is a list", Some("put quotes around the text if it is meant to begin with `[`")),
            Value::Map(_) => {
                ("these are `key: value` lines", Some("put quotes around the text if it has a colon in it"))
            }
            Value::Null => ("this is empty", None),
        };
        let span = self.first_line(node.span);
        let diagnostic = Diagnostic::error(Rule::WrongType, expected.to_owned()).at(self.source, span, label);
        self.diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}
