//! `fields` of a destination: the names of our fields at the service.

use serde_json::json;

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::field::{FieldType, OwnField, OwnFields, field_id_pattern};
use crate::model::lead_fields::{lead_facts, max_length};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::schema::of_shape;
use crate::yaml::shape::with;
use crate::yaml::values::located_text;
use crate::yaml::{MapKey, Node, Shape, Value, YamlReader};

/// The names that the site sets. Other fields have the service's default names.
#[derive(Debug)]
pub struct FieldNames {
    /// The destination in `site.yaml`, for diagnostics about forms that it does not accept.
    pub span: Span,
    pub named: Vec<FieldName>,
}

#[derive(Debug)]
pub struct FieldName {
    /// Our field, with the span of the key.
    pub ours: Located<String>,
    pub theirs: Located<String>,
}

/// What a site's own fields and consents add to the fields that a destination can name.
pub struct OwnNames<'a> {
    pub fields: &'a OwnFields,
    /// All names, also those of fields and consents with errors.
    pub declared: Vec<String>,
    /// The ids of `leads.consents`, also those of consents with errors.
    pub consents: Vec<String>,
}

/// Pairs of our field and the service's name.
pub type DefaultNames = &'static [(&'static str, &'static str)];

/// The rules of one service for `fields`.
pub(super) struct FieldRules {
    /// The service: `HubSpot`.
    pub title: &'static str,
    pub ours: fn() -> Vec<&'static str>,
    pub is_theirs: fn(&str) -> bool,
    pub defaults: DefaultNames,
    /// The form of the service's names, for a label.
    pub expected: &'static str,
    /// The help for a wrong name.
    pub help: fn(&str) -> String,
    /// The length of the service's field in characters, if it is limited.
    pub max_length: fn(&str) -> Option<u32>,
    /// Returns why the service's field cannot have an answer, if it cannot.
    pub refuses: fn(&str, &FieldType) -> Option<Refusal>,
    /// Whether two names mean the same field.
    pub is_same: fn(&str, &str) -> bool,
    /// How to get a longer field at the service.
    pub longer_field: &'static str,
    /// The length to which the arrival script cuts values.
    pub script_limit: u32,
}

/// One of our names in `fields`. A new field is declared in the same file, so any id is allowed.
pub(super) const OUR_FIELD: Shape =
    Shape::value("field", |_| json!({ "type": "string", "pattern": field_id_pattern() }));
const THEIR_FIELD: Shape = Shape::value("field", |_| json!({ "type": "string", "pattern": "^[a-zA-Z0-9_]+$" }));
/// `fields` of services that have no field for the lead tag by themselves. Without one, a lead has no source.
pub(super) const LEAD_TAG_FIELDS: Shape = Shape::value("our field to theirs", |names| {
    let fields = Shape::map("", &OUR_FIELD, &THEIR_FIELD);
    with(of_shape(&fields, names), json!({ "required": ["lead_tag"] }))
});

/// Returns our fields that `fields` of most services may name.
pub(super) fn lead_facts_list() -> Vec<&'static str> {
    lead_facts().collect()
}

/// Returns the names if one of them is that of the lead tag, and reports it otherwise.
pub(super) fn with_lead_tag(reader: &mut YamlReader, names: FieldNames, rules: &FieldRules) -> Option<FieldNames> {
    if names.of("lead_tag", rules.defaults).is_some() {
        return Some(names);
    }
    let title = rules.title;
    let help = format!("make a text field in {title}, and write its name: `fields: {{ lead_tag: … }}`");
    let message = format!("`lead_tag` has no field in {title}");
    let label = "leads would arrive without their source";
    reader.error_with_help(Rule::BadDestinationField, names.span, message, label, help);
    None
}

/// Why a field of a service cannot have the answers of a site's own field.
pub(super) struct Refusal {
    /// After "`topics` has several answers, but": a clause about the service's field.
    pub message: String,
    pub help: &'static str,
}

impl FieldNames {
    /// Returns the name that the site sets, else the default one.
    pub(super) fn of<'n>(&'n self, ours: &str, defaults: DefaultNames) -> Option<&'n str> {
        let named = self.named.iter().find(|named| named.ours.value == ours).map(|named| &*named.theirs.value);
        named.or_else(|| defaults.iter().find(|(name, _)| *name == ours).map(|(_, theirs)| *theirs))
    }
}

pub(super) fn read(reader: &mut YamlReader, node: &Node, rules: &FieldRules, own: &OwnNames) -> Option<Vec<FieldName>> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, "`fields` is written as `our field: their field` lines");
        return None;
    };
    let read: Vec<Option<FieldName>> =
        entries.iter().map(|(key, value)| field_name(reader, key, value, rules, own)).collect();
    let named: Vec<FieldName> = read.into_iter().collect::<Option<_>>()?;
    are_distinct(reader, &named, rules).then_some(named)
}

fn field_name(
    reader: &mut YamlReader,
    key: &MapKey,
    value: &Node,
    rules: &FieldRules,
    own: &OwnNames,
) -> Option<FieldName> {
    let built_in = (rules.ours)();
    let known: Vec<&str> = built_in.iter().copied().chain(own.declared.iter().map(String::as_str)).collect();
    let is_known = known.contains(&&*key.text);
    if !is_known {
        reader.diagnostics.push(unknown_field(reader, key, &known, rules));
    }
    if matches!(value.value, Value::Null) {
        reader.empty_value(key);
        return None;
    }
    let theirs = located_text(reader, value)?;
    if !(rules.is_theirs)(&theirs.value) {
        let message = format!("{} has no field `{}`", rules.title, theirs.value);
        let help = (rules.help)(&theirs.value);
        reader.error_with_help(Rule::BadDestinationField, theirs.span, message, rules.expected, help);
        return None;
    }
    let fits = is_known
        && match own.fields.get(&*key.text) {
            Some(field) => own_field_fits(reader, field, &theirs, rules),
            None => built_in_fits(reader, &key.text, &theirs, rules),
        };
    fits.then(|| FieldName { ours: Located { value: key.text.clone(), span: key.span }, theirs })
}

/// Reports a field of the service that is too short for one of ours.
fn built_in_fits(reader: &mut YamlReader, ours: &str, theirs: &Located<String>, rules: &FieldRules) -> bool {
    let needed = max_length(ours, rules.script_limit);
    let Some(length) = (rules.max_length)(&theirs.value).filter(|length| *length < needed) else { return true };
    let message = format!("`{ours}` can have {needed} characters, but `{}` accepts at most {length}", theirs.value);
    let label = "too short: such leads would be rejected";
    reader.error_with_help(Rule::BadDestinationField, theirs.span, message, label, rules.longer_field);
    false
}

/// Reports a field of the service that cannot have the answers of a site's own field.
fn own_field_fits(reader: &mut YamlReader, field: &OwnField, theirs: &Located<String>, rules: &FieldRules) -> bool {
    let id = &field.id;
    if let Some(Refusal { message, help }) = (rules.refuses)(&theirs.value, &field.field_type) {
        let diagnostic = Diagnostic::error(Rule::BadDestinationField, format!("`{}` {message}", id.value))
            .at(reader.source, theirs.span, "answers would be lost")
            .at(reader.source, id.span, "the field");
        reader.diagnostics.push(diagnostic.help(help));
        return false;
    }
    let (Some((needed, span)), Some(length)) = (field.field_type.longest_value(), (rules.max_length)(&theirs.value))
    else {
        return true;
    };
    if needed <= length as usize {
        return true;
    }
    let theirs_name = &theirs.value;
    let message =
        format!("an answer to `{}` has {needed} characters, but `{theirs_name}` accepts at most {length}", id.value);
    let diagnostic = Diagnostic::error(Rule::BadDestinationField, message)
        .at(reader.source, theirs.span, "too short: such leads would be rejected")
        .at(reader.source, span, "the longest answer");
    reader.diagnostics.push(diagnostic.help(format!("shorten it, or {}", rules.longer_field)));
    false
}

fn unknown_field(reader: &YamlReader, key: &MapKey, known: &[&str], rules: &FieldRules) -> Diagnostic {
    let known = || known.iter().copied();
    let diagnostic = Diagnostic::error(Rule::UnknownKey, format!("unknown field `{}`", key.text)).at(
        reader.source,
        key.span,
        "not a field that can be renamed",
    );
    match rules.defaults.iter().find(|(ours, _)| *ours == key.text) {
        Some((ours, theirs)) => diagnostic.help(format!("`{ours}` is always sent to `{theirs}`")),
        None if nearest(&key.text, known()).is_some() => diagnostic.suggest(&key.text, known()),
        None => diagnostic.help(format!("the fields are {}", list(known()))),
    }
}

/// Reports two of our fields that are sent to the same field of the service, because one value would be lost.
fn are_distinct(reader: &mut YamlReader, named: &[FieldName], rules: &FieldRules) -> bool {
    const LABEL: &str = "one of the two would be lost";
    let before = reader.diagnostics.len();
    for (index, one) in named.iter().enumerate() {
        let theirs = &one.theirs;
        let message = |other: &str| format!("`{}` and `{other}` are both sent to `{}`", one.ours.value, theirs.value);
        let is_same = |other: &&FieldName| (rules.is_same)(&other.theirs.value, &theirs.value);
        if let Some(other) = named[..index].iter().find(is_same) {
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, message(&other.ours.value))
                .at(reader.source, theirs.span, LABEL)
                .at(reader.source, other.theirs.span, "already used here");
            reader.diagnostics.push(diagnostic);
            continue;
        }
        let is_renamed = |ours: &str| named.iter().any(|other| other.ours.value == ours);
        let is_named = |ours: &str| matches!(ours, "name" | "first_name" | "last_name");
        let default = rules.defaults.iter().find(|(ours, default)| *default == theirs.value && !is_renamed(ours));
        // A form with both is reported itself. Most forms ask for a name in one way.
        let default = default.filter(|(ours, _)| !(is_named(ours) && is_named(&one.ours.value)));
        if let Some((other, _)) = default {
            let help = format!("`{other}` is sent there by default: name another field for one of the two");
            reader.error_with_help(Rule::BadDestinationField, theirs.span, message(other), LABEL, help);
        }
    }
    reader.diagnostics.len() == before
}
