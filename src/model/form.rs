//! Forms: the fields that visitors fill in, as a call to action lists them. [`crate::resolve`] compares them with the
//! fields that the site declares.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::field::{Field, FieldId, FieldName, OwnFields, field_id_pattern};
use crate::diagnostics::{Diagnostic, list as names_list};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::shape::{FLAG, with};
use crate::yaml::values::{flag, list, scalar};
use crate::yaml::{Entries, Key, Mapping, Names, Node, Shape, Value, YamlReader};

/// The fields of a form, in the author's order.
#[derive(Clone, Debug)]
pub struct Form {
    pub fields: Vec<FormField>,
    pub span: Span,
}

/// A field in the list of a form: `company`, or `{ field: company, required: true }`.
#[derive(Clone, Debug)]
pub struct FormField {
    pub name: Located<FieldName>,
    /// Whether an answer is required, if the form says so.
    pub required: Option<Located<bool>>,
}

pub const FORM: Shape = Shape::value("list of fields", |names| {
    let field = field_schema(names);
    let with_keys = |name: Json| {
        let keys = json!({ "field": name, "required": { "type": "boolean" } });
        json!({ "type": "object", "properties": keys, "required": ["field"], "additionalProperties": false })
    };
    let items = json!({ "anyOf": [field.clone(), with_keys(field)] });
    let contact = json!({ "enum": ["email", "phone"] });
    let has_contact = json!({ "anyOf": [contact.clone(), with_keys(contact)] });
    let fields = json!({ "type": "array", "items": items, "uniqueItems": true });
    with(fields, json!({ "contains": has_contact }))
});

const FIELD: Shape = Shape::value("field", field_schema);

/// The keys of a field in the list of a form.
pub static KEYS: Mapping = Mapping::new(
    "a field of a form",
    &[
        Key::required("field", FIELD, "A built-in field, or one of `fields` in `site.yaml`."),
        Key::optional("required", FLAG, "Whether visitors have to answer in this form."),
    ],
);

fn field_schema(names: Option<&Names>) -> Json {
    match names {
        Some(names) => {
            let own = names.fields.iter().map(String::as_str);
            let built_in: [&str; Field::ALL.len()] = Field::ALL.map(Field::name);
            json!({ "enum": built_in.into_iter().chain(own).collect::<Vec<_>>() })
        }
        None => json!({ "type": "string", "pattern": field_id_pattern() }),
    }
}

impl Form {
    /// Reads the list of fields. Whether the site has them is only known when all files are read.
    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<Form> {
        let fields = list(reader, node, FormField::read)?;
        let before = reader.diagnostics.len();
        for (index, field) in fields.iter().enumerate() {
            if let Some(first) = fields[..index].iter().find(|other| other.name.value == field.name.value) {
                let message = format!("the field `{}` is given twice", field.name.value);
                let diagnostic = Diagnostic::error(Rule::DuplicateKey, message)
                    .at(reader.source, field.name.span, "the second one")
                    .at(reader.source, first.name.span, "the first one");
                reader.diagnostics.push(diagnostic.help("keep one of the two"));
            }
        }
        (reader.diagnostics.len() == before).then_some(Form { fields, span: node.span })
    }

    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name.value.as_str() == name)
    }

    pub fn has(&self, field: Field) -> bool {
        self.field(field.name()).is_some()
    }

    /// Returns true if visitors have to fill in a field: the form says so, else the field does. A name and an e-mail
    /// address are required by themselves. A telephone number is, if there is no other way to answer.
    pub fn requires(&self, field: &FormField, own: &OwnFields) -> bool {
        if let Some(required) = field.required {
            return required.value;
        }
        match &field.name.value {
            FieldName::BuiltIn(Field::Name | Field::FirstName | Field::LastName | Field::Email) => true,
            FieldName::BuiltIn(Field::Phone) => {
                !self.field(Field::Email.name()).is_some_and(|email| self.requires(email, own))
            }
            FieldName::BuiltIn(
                Field::Company | Field::Role | Field::TeamSize | Field::Country | Field::Message | Field::PreferredTime,
            ) => false,
            FieldName::Own(id) => own.get(id).is_some_and(|field| field.required),
        }
    }

    /// Returns true if the form has only an e-mail address, as for a newsletter.
    pub fn has_only_email(&self) -> bool {
        matches!(&self.fields[..], [only] if only.name.value == FieldName::BuiltIn(Field::Email))
    }
}

impl FormField {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<FormField> {
        let Value::Map(_) = &node.value else {
            return Some(FormField { name: field_name(reader, node)?, required: None });
        };
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let name = entries.read(reader, "field", field_name);
        let required = entries.read(reader, "required", |reader, node| {
            flag(reader, node).map(|value| Located { value, span: node.span })
        });
        entries.finish(reader);
        Some(FormField { name: name?, required })
    }
}

fn field_name(reader: &mut YamlReader, node: &Node) -> Option<Located<FieldName>> {
    let (text, _) =
        scalar(reader, node, "the name of a field is expected here, or `{ field: company, required: true }`")?;
    if let Some(field) = Field::parse(text) {
        return Some(Located { value: FieldName::BuiltIn(field), span: node.span });
    }
    match FieldId::parse(text) {
        Some(id) => Some(Located { value: FieldName::Own(id), span: node.span }),
        None => {
            reader.diagnostics.push(unknown_field(reader.source, node.span, text, &[]));
            None
        }
    }
}

/// Returns the error for a field that is neither built-in nor among `own`, with the most similar one.
pub fn unknown_field(source: &Arc<SourceText>, span: Span, written: &str, own: &[&str]) -> Diagnostic {
    let built_in: [&str; Field::ALL.len()] = Field::ALL.map(Field::name);
    let known: Vec<&str> = built_in.into_iter().chain(own.iter().copied()).collect();
    let others = match FieldId::parse(written) {
        Some(id) => format!("others are declared in site.yaml: `fields: {{ {id}: {{ label: … }} }}`"),
        None => "others are declared in site.yaml, below `fields`".to_owned(),
    };
    let diagnostic = Diagnostic::error(Rule::BadFormFields, format!("unknown form field `{written}`"))
        .at(source, span, "not a form field")
        .suggest(written, known.iter().copied());
    if !diagnostic.help.is_empty() {
        return diagnostic;
    }
    diagnostic.help(format!("the fields are {}", names_list(known))).help(others)
}
