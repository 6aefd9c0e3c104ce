//! The ids of a site's own fields and consents: names in the data of a form.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde_json::json;

use super::built_in::Field;
use crate::diagnostics::Diagnostic;
use crate::model::slug::{MAX_ID, slugify};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::values::scalar;
use crate::yaml::{Node, Shape, YamlReader};

/// An id: `[a-z][a-z0-9]*(_[a-z0-9]+)*`, at most [`MAX_ID`] characters. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(Arc<str>);

pub const FIELD_ID: Shape =
    Shape::value("id", |_| json!({ "type": "string", "pattern": field_id_pattern(), "maxLength": MAX_ID }));

pub fn field_id_pattern() -> &'static str {
    "^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"
}

impl FieldId {
    pub fn parse(text: &str) -> Option<FieldId> {
        let is_letter = |c: char| c.is_ascii_lowercase();
        let is_part =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let is_id = text.starts_with(is_letter) && text.split('_').all(is_part) && text.len() <= MAX_ID;
        is_id.then(|| FieldId(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Located<FieldId>> {
        let (text, _) = scalar(reader, node, "an id is expected here")?;
        match FieldId::located(reader.source, text, node.span) {
            Ok(id) => Some(id),
            Err(diagnostic) => {
                reader.diagnostics.push(*diagnostic);
                None
            }
        }
    }

    /// Parses an id. The error says what an id consists of, with the most similar one.
    pub fn located(source: &Arc<SourceText>, text: &str, span: Span) -> Result<Located<FieldId>, Box<Diagnostic>> {
        if let Some(value) = FieldId::parse(text) {
            return Ok(Located { value, span });
        }
        let label = match text.len() > MAX_ID {
            true => format!("at most {MAX_ID} characters"),
            false => "only `a` to `z`, digits and single `_` between them, with a letter first".to_owned(),
        };
        let diagnostic = Diagnostic::error(Rule::BadId, format!("`{text}` is not the id of a field"));
        let diagnostic = diagnostic.at(source, span, label);
        let suggestion = slugify(text).replace('-', "_");
        Err(Box::new(match FieldId::parse(&suggestion) {
            Some(id) => diagnostic.help(format!("write `{id}`")).replace(text, id.as_str()),
            None => diagnostic,
        }))
    }

    /// Returns true if the id is the name of a built-in field.
    pub fn is_built_in(&self) -> bool {
        Field::parse(self.as_str()).is_some()
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for FieldId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_has_letters_digits_and_single_underscores() {
        for id in ["a", "budget", "team_size_2", &"a".repeat(MAX_ID)] {
            assert!(FieldId::parse(id).is_some(), "{id}");
        }
        for other in ["", "2nd", "_a", "a_", "a__b", "a-b", "A", "é", "a b", &"a".repeat(MAX_ID + 1)] {
            assert!(FieldId::parse(other).is_none(), "{other}");
        }
    }
}
