//! `fields` in `site.yaml`: the fields that a site declares for its forms.

use indexmap::IndexMap;
use serde_json::json;

use super::field_id::{FIELD_ID, FieldId};
use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::hidden_field::is_reserved;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::{FLAG, NAME, TEXT, choice};
use crate::yaml::values::{flag, list as read_list, located_text, text};
use crate::yaml::{Entries, Expected, Key, MapKey, Mapping, Node, Shape, Value, YamlReader};

/// The fields of a site by their ids, in the author's order.
pub type OwnFields = IndexMap<FieldId, OwnField>;

/// A field that a site declares.
#[derive(Clone, Debug)]
pub struct OwnField {
    pub id: Located<FieldId>,
    /// Empty for a hidden field without a label.
    pub label: String,
    /// A line below the field.
    pub help: Option<String>,
    pub required: bool,
    pub field_type: FieldType,
}

/// What a field takes.
#[derive(Clone, Debug)]
pub enum FieldType {
    Text,
    LongText,
    Number,
    Date,
    Url,
    /// One of these options.
    Choice(Vec<Located<String>>),
    /// Any of these options.
    Choices(Vec<Located<String>>),
    YesNo,
    /// A fixed value, which visitors do not see.
    Hidden(Located<String>),
}

/// The names of the types, in their documented order.
const TYPES: [&str; 9] = ["text", "long_text", "number", "date", "url", "choice", "choices", "yes_no", "hidden"];
/// The most options of a field.
const MAX_OPTIONS: usize = 300;

const TYPE: Shape = Shape::value("type", |_| choice(TYPES));
pub(super) const OPTIONS: Shape = Shape::value("list of texts", |_| {
    let option = crate::yaml::shape::text_schema();
    json!({ "type": "array", "items": option, "uniqueItems": true, "minItems": 1, "maxItems": MAX_OPTIONS })
});

pub static KEYS: Mapping = Mapping::new(
    "a field",
    &[
        Key::optional("label", TEXT, "The text above the field. Every field that visitors see needs one."),
        Key::optional(
            "type",
            TYPE,
            "`text`, `long_text`, `number`, `date`, `url`, `choice` (one of `options`), `choices` (any of them), `yes_no` or \
             `hidden` (a fixed `value`).",
        )
        .default("text")
        .rules(&[Rule::BadField]),
        Key::optional("help", TEXT, "A line below the field."),
        Key::optional("required", FLAG, "Whether visitors have to answer. A form can decide otherwise.").default("false"),
        Key::optional("options", OPTIONS, "The answers of a `choice` or of `choices`, as they are shown and sent.")
            .rules(&[Rule::BadField]),
        Key::optional("value", NAME, "The value of a `hidden` field.").rules(&[Rule::BadField]),
    ],
);

const OWN_FIELD: Shape = Shape::mapping(&KEYS);
/// `fields` in `site.yaml`.
pub const FIELDS: Shape = Shape::map("id to keys below", &FIELD_ID, &OWN_FIELD);

/// Reads `fields`. Fields with errors are left out.
pub fn read_all(reader: &mut YamlReader, node: &Node) -> Option<OwnFields> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "`id: …` lines are expected here, one for each field");
        return None;
    };
    let mut fields = OwnFields::with_capacity(entries.len());
    for (key, value) in entries {
        if matches!(value.value, Value::Null) {
            reader.empty_value(key);
            continue;
        }
        let id = read_id(reader, key);
        if let Some(field) = OwnField::read(reader, value, id) {
            fields.insert(field.id.value.clone(), field);
        }
    }
    Some(fields)
}

/// Returns all names that `fields` declares, also those of fields with errors.
pub fn declared_names(node: &Node) -> impl Iterator<Item = &str> {
    let entries = if let Value::Map(entries) = &node.value { &entries[..] } else { &[] };
    entries.iter().map(|(key, _)| &*key.text)
}

fn read_id(reader: &mut YamlReader, key: &MapKey) -> Option<Located<FieldId>> {
    let id = match FieldId::located(reader.source, &key.text, key.span) {
        Ok(id) => id,
        Err(diagnostic) => {
            reader.diagnostics.push(*diagnostic);
            return None;
        }
    };
    let (message, help) = match &id.value {
        own if own.is_built_in() => (
            format!("`{own}` is a built-in field"),
            "forms can list it without declaring it; choose another id for a field of your own",
        ),
        own if is_reserved(own.as_str()) => {
            (format!("`{own}` is a name that forms use themselves"), "choose another id")
        }
        _ => return Some(id),
    };
    reader.error_with_help(Rule::BadField, key.span, message, "not available", help);
    None
}

impl OwnField {
    /// Reads a field. Without a valid id, only its errors are reported.
    fn read(reader: &mut YamlReader, node: &Node, id: Option<Located<FieldId>>) -> Option<OwnField> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let label = entries.read(reader, "label", text);
        let help = entries.read(reader, "help", text);
        let required = entries.read(reader, "required", flag).unwrap_or(false);
        let options = entries.read(reader, "options", read_options);
        let value = entries.read(reader, "value", located_text);
        let read_type = entries.read(reader, "type", read_type);
        let type_name = read_type.or_else(|| (!entries.has("type")).then_some("text"));
        let field_type = type_name.and_then(|name| {
            refuse_keys(reader, &entries, name);
            field_type(reader, &entries, name, options, value)
        });
        let is_hidden = type_name == Some("hidden");
        if !is_hidden && type_name.is_some() {
            entries.check_given(reader, "label");
        }
        entries.finish(reader);
        let label = if is_hidden { label.unwrap_or_default() } else { label? };
        Some(OwnField { id: id?, label, help, required, field_type: field_type? })
    }

    pub fn is_hidden(&self) -> bool {
        matches!(self.field_type, FieldType::Hidden(_))
    }
}

impl FieldType {
    /// Returns the answers to choose from.
    pub fn options(&self) -> &[Located<String>] {
        match self {
            FieldType::Choice(options) | FieldType::Choices(options) => options,
            FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Date
            | FieldType::Url
            | FieldType::YesNo
            | FieldType::Hidden(_) => &[],
        }
    }

    /// Returns the longest value that the site itself decides about, in characters, with its location. What visitors
    /// type has no such length: the form limits it.
    pub fn longest_value(&self) -> Option<(usize, Span)> {
        let length = |value: &Located<String>| (value.value.chars().count(), value.span);
        match self {
            FieldType::Hidden(value) => Some(length(value)),
            _ => self.options().iter().map(length).max_by_key(|(length, _)| *length),
        }
    }
}

fn read_type(reader: &mut YamlReader, node: &Node) -> Option<&'static str> {
    let written = text(reader, node)?;
    let known = TYPES.into_iter().find(|name| *name == written);
    if known.is_none() {
        let diagnostic = Diagnostic::error(Rule::BadField, format!("unknown type `{written}`"));
        let diagnostic = diagnostic.at(reader.source, node.span, "not a type of field");
        reader.diagnostics.push(match type_elsewhere(&written) {
            Some(ours) if nearest(&written, TYPES).is_none() => diagnostic.help(format!("did you mean `{ours}`?")),
            _ => diagnostic.suggest(&written, TYPES).or_help(format!("the types are {}", list(TYPES))),
        });
    }
    known
}

/// Returns our type for the name that HTML and form builders have for it.
fn type_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "textarea" | "multiline" | "paragraph" => "long_text",
        "string" | "short_text" | "single_line" | "input" => "text",
        "select" | "radio" | "dropdown" | "enum" => "choice",
        "checkboxes" | "multiselect" | "multi_select" | "multiple" => "choices",
        "checkbox" | "boolean" | "bool" | "toggle" => "yes_no",
        "integer" | "decimal" => "number",
        "link" | "website" => "url",
        _ => return None,
    })
}

/// Reads the options of a field, of which no two are the same.
pub(super) fn read_options(reader: &mut YamlReader, node: &Node) -> Option<Vec<Located<String>>> {
    let options = read_list(reader, node, located_text)?;
    if options.is_empty() {
        let help = "write the answers to choose from: `options: [One, Two]`";
        reader.error_with_help(Rule::BadField, node.span, "`options` has no option", "nothing to choose from", help);
        return None;
    }
    if options.len() > MAX_OPTIONS {
        let message = format!("this field has {} options", options.len());
        let help = "ask for a text, or split the field";
        let span = reader.first_line(node.span);
        reader.error_with_help(Rule::BadField, span, message, format!("at most {MAX_OPTIONS}"), help);
        return None;
    }
    let before = reader.diagnostics.len();
    for (index, option) in options.iter().enumerate() {
        if let Some(first) = options[..index].iter().find(|other| other.value == option.value) {
            let diagnostic = Diagnostic::error(Rule::BadField, format!("the option `{}` is given twice", option.value))
                .at(reader.source, option.span, "the second one")
                .at(reader.source, first.span, "the first one");
            reader.diagnostics.push(diagnostic.help("keep one of the two"));
        }
    }
    (reader.diagnostics.len() == before).then_some(options)
}

/// Reports keys that fields of a type do not have.
fn refuse_keys(reader: &mut YamlReader, entries: &Entries, type_name: &str) {
    let mut refuse = |key: &'static str, help: &str| {
        if let Some(span) = entries.key_span(key) {
            let message = format!("a field of the type `{type_name}` has no `{key}`");
            reader.error_with_help(Rule::BadField, span, message, "no effect", help);
        }
    };
    if !matches!(type_name, "choice" | "choices") {
        refuse("options", "write `type: choice` or `type: choices`, or remove `options`");
    }
    if type_name == "hidden" {
        refuse("help", "visitors do not see it: remove this key");
        refuse("required", "it always has its `value`: remove this key");
    } else {
        refuse("value", "write `type: hidden`, or remove `value`: visitors fill in this field");
    }
}

/// Combines a type with its options or its value.
fn field_type(
    reader: &mut YamlReader,
    entries: &Entries,
    name: &str,
    options: Option<Vec<Located<String>>>,
    value: Option<Located<String>>,
) -> Option<FieldType> {
    let missing = match name {
        "choice" | "choices" if !entries.has("options") => {
            Some(("options", "write the answers: `options: [One, Two]`"))
        }
        "hidden" if !entries.has("value") => Some(("value", "write what is sent: `value: …`")),
        _ => None,
    };
    if let Some((key, help)) = missing {
        let message = format!("a field of the type `{name}` needs `{key}`");
        let span = entries.key_span("type").unwrap_or(entries.span);
        reader.error_with_help(Rule::BadField, span, message, format!("`{key}` is missing"), help);
        return None;
    }
    Some(match name {
        "long_text" => FieldType::LongText,
        "number" => FieldType::Number,
        "date" => FieldType::Date,
        "url" => FieldType::Url,
        "choice" => FieldType::Choice(options?),
        "choices" => FieldType::Choices(options?),
        "yes_no" => FieldType::YesNo,
        "hidden" => FieldType::Hidden(value?),
        _ => FieldType::Text,
    })
}
