//! `fields` of a language in `site.yaml`: what visitors read of the site's own fields in that language. What forms send is the
//! same in all languages.

use indexmap::IndexMap;

use super::field_id::{FIELD_ID, FieldId};
use super::own::{OPTIONS, OwnField, OwnFields, read_options};
use crate::diagnostics::{Diagnostic, count, nearest};
use crate::rules::Rule;
use crate::source::Located;
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Expected, Key, MapKey, Mapping, Node, Shape, Value, YamlReader};

/// The texts of a site's own fields in one language, by their ids.
pub type TranslatedFields = IndexMap<FieldId, FieldTexts>;

/// The texts of a field in one language. What is missing is as in the main language.
#[derive(Clone, Debug, Default)]
pub struct FieldTexts {
    pub label: Option<String>,
    pub help: Option<String>,
    /// As many as the field has, in the same order, or none.
    pub options: Vec<Located<String>>,
}

pub static KEYS: Mapping = Mapping::new(
    "a field of a language",
    &[
        Key::optional("label", TEXT, "The text above the field.").default_text("that of the field"),
        Key::optional("help", TEXT, "The line below the field.").default_text("that of the field"),
        Key::optional(
            "options",
            OPTIONS,
            "The answers as they are shown, in the order of the field's `options`. Forms send the field's own.",
        )
        .default_text("those of the field")
        .rules(&[Rule::BadField]),
    ],
);

const TRANSLATED: Shape = Shape::mapping(&KEYS);
/// `fields` of a language.
pub const TRANSLATED_FIELDS: Shape = Shape::map("id to keys below", &FIELD_ID, &TRANSLATED);

/// Reads `fields` of a language. `own` are the fields of the site.
pub fn read_all(reader: &mut YamlReader, node: &Node, own: &OwnFields) -> Option<TranslatedFields> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "`id: …` lines are expected here, one for each field");
        return None;
    };
    let mut fields = TranslatedFields::with_capacity(entries.len());
    for (key, node) in entries {
        if matches!(node.value, Value::Null) {
            reader.empty_value(key);
            continue;
        }
        let field = own.values().find(|field| field.id.value.as_str() == key.text);
        // A field with errors is not among them.
        if field.is_none_or(OwnField::is_hidden) && !reader.has_errors() {
            reader.diagnostics.push(untranslatable(reader, key, field, own));
        }
        let Some(texts) = FieldTexts::read(reader, node, field) else { continue };
        if let Some(field) = field {
            fields.insert(field.id.value.clone(), texts);
        }
    }
    Some(fields)
}

/// Returns the error for a field that a language has no texts of.
fn untranslatable(reader: &YamlReader, key: &MapKey, field: Option<&OwnField>, own: &OwnFields) -> Diagnostic {
    let error =
        |message: String, label: &str| Diagnostic::error(Rule::BadField, message).at(reader.source, key.span, label);
    if field.is_some() {
        return error(format!("`{}` is a hidden field", key.text), "visitors do not see it").help("remove it here");
    }
    if FieldId::parse(&key.text).is_some_and(|id| id.is_built_in()) {
        let error = error(format!("`{}` is a built-in field", key.text), "the theme has its label");
        return error.help("change its label in the theme's strings: `fields` in `themes/launch/strings/`");
    }
    let shown: Vec<&Located<FieldId>> =
        own.values().filter(|field| !field.is_hidden()).map(|field| &field.id).collect();
    let mut error = error(format!("the site has no field `{}`", key.text), "nothing to translate")
        .suggest(&key.text, shown.iter().map(|id| id.value.as_str()))
        .or_help("declare it in `fields`, or remove it here");
    // The declaration may be what is wrong.
    for id in shown.iter().filter(|id| nearest(&key.text, [id.value.as_str()]).is_some()) {
        error = error.at(reader.source, id.span, "a field of the site");
    }
    error
}

impl FieldTexts {
    fn read(reader: &mut YamlReader, node: &Node, field: Option<&OwnField>) -> Option<FieldTexts> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let label = entries.read(reader, "label", text);
        let help = entries.read(reader, "help", text);
        let options = entries.read(reader, "options", |reader, node| {
            let options = read_options(reader, node)?;
            let expected = field?.field_type.options();
            // The field itself may have errors.
            if options.len() == expected.len() || reader.has_errors() {
                return Some(options).filter(|options| options.len() == expected.len());
            }
            let (message, help) = match expected {
                [] => ("this field has no `options`".to_owned(), "remove this key".to_owned()),
                _ => {
                    let number = count(expected.len(), "option");
                    let values: Vec<&str> = expected.iter().map(|option| option.value.as_str()).collect();
                    let help = format!("translate each one in the same order: {}", values.join(", "));
                    (format!("this field has {number}, and these are {}", options.len()), help)
                }
            };
            let mut error = Diagnostic::error(Rule::BadField, message)
                .at(reader.source, reader.first_line(node.span), "of another number")
                .help(help);
            if let (Some(first), Some(last)) = (expected.first(), expected.last()) {
                error = error.at(reader.source, first.span.to(last.span), "the field's own");
            }
            reader.diagnostics.push(error);
            None
        });
        entries.finish(reader);
        Some(FieldTexts { label, help, options: options.unwrap_or_default() })
    }
}
