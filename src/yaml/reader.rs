//! Collects the diagnostics while the tree of one file is read.

use std::sync::Arc;

use super::node::{MapKey, Node, Value};
use super::tree::{self, Tree};
use crate::diagnostics::{Diagnostic, Severity};
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
        let rest = self.source.text[key.span.end as usize..].lines().next().unwrap_or_default();
        let is_comment = rest.trim_start_matches([':', ' ']).starts_with('#');
        let help = match is_comment {
            true => "a ` #` begins a comment: put quotes around the text if it belongs to the value".to_owned(),
            false => format!("write a value after `{}:`, or leave the line out", key.text),
        };
        let message = format!("`{}` has no value", key.text);
        self.error_with_help(Rule::EmptyValue, key.span, message, "nothing after the colon", help);
    }

    /// Reports a value of another type. `expected` is the message: "a list is expected here".
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
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
