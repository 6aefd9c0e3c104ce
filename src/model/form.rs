//! Forms: the visible fields that visitors fill in.

use serde_json::json;

use crate::diagnostics::{Diagnostic, list as names_list};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::{choice, with};
use crate::yaml::values::{list, text};
use crate::yaml::{Node, Shape, YamlReader};

/// The visible fields of a form. `email` or `phone` is among them.
#[derive(Clone, Debug)]
pub struct Form {
    pub fields: Vec<Located<Field>>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Email,
    Company,
    Phone,
    Role,
    TeamSize,
    Country,
    Message,
    PreferredTime,
}

pub const FORM: Shape = Shape::value("list of fields", |_| {
    let fields = json!({ "type": "array", "items": choice(Field::ALL.map(Field::name)), "uniqueItems": true });
    with(fields, json!({ "contains": choice(["email", "phone"]) }))
});

impl Form {
    pub fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|own| own.value == field)
    }

    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Form> {
        let fields = list(reader, node, Field::read)?;
        for (index, field) in fields.iter().enumerate() {
            if fields[..index].iter().any(|other| other.value == field.value) {
                let message = format!("the field `{}` is given twice", field.value.name());
                reader.error(Rule::DuplicateKey, node.span, message, "keep one of the two");
                return None;
            }
        }
        if !fields.iter().any(|field| matches!(field.value, Field::Email | Field::Phone)) {
            let message = "this form has neither `email` nor `phone`";
            let help = "add `email` or `phone` to the form's fields";
            reader.error_with_help(Rule::BadFormFields, node.span, message, "nobody could answer", help);
            return None;
        }
        Some(Form { fields, span: node.span })
    }
}

impl Field {
    pub const ALL: [Field; 9] = [
        Field::Name,
        Field::Email,
        Field::Company,
        Field::Phone,
        Field::Role,
        Field::TeamSize,
        Field::Country,
        Field::Message,
        Field::PreferredTime,
    ];

    /// Returns the name in front matter and in the form's data.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Email => "email",
            Field::Company => "company",
            Field::Phone => "phone",
            Field::Role => "role",
            Field::TeamSize => "team_size",
            Field::Country => "country",
            Field::Message => "message",
            Field::PreferredTime => "preferred_time",
        }
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<Located<Field>> {
        let name = text(reader, node)?;
        let field = Field::ALL.into_iter().find(|field| field.name() == name);
        if field.is_none() {
            let names = Field::ALL.map(Field::name);
            let diagnostic = Diagnostic::error(Rule::BadFormFields, format!("unknown form field `{name}`"))
                .at(reader.source, node.span, "not a form field")
                .suggest(&name, names)
                .or_help(format!("the fields are {}", names_list(names)));
            reader.diagnostics.push(diagnostic);
        }
        field.map(|value| Located { value, span: node.span })
    }
}
