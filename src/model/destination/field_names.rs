//! `fields` of a destination: the names of our fields at the service.

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::model::lead_fields::max_length;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::values::located_text;
use crate::yaml::{Expected, MapKey, Node, Value, YamlReader};

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
    pub ours: Located<&'static str>,
    pub theirs: Located<String>,
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
    /// Whether two names mean the same field.
    pub is_same: fn(&str, &str) -> bool,
    /// The length to which the arrival script cuts values.
    pub script_limit: u32,
}

impl FieldNames {
    /// Returns the name that the site sets, else the default one.
    pub(super) fn of<'n>(&'n self, ours: &str, defaults: DefaultNames) -> Option<&'n str> {
        let named = self.named.iter().find(|named| named.ours.value == ours).map(|named| &*named.theirs.value);
        named.or_else(|| defaults.iter().find(|(name, _)| *name == ours).map(|(_, theirs)| *theirs))
    }
}

pub(super) fn read(reader: &mut YamlReader, node: &Node, rules: &FieldRules) -> Option<Vec<FieldName>> {
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "`fields` is written as `our field: their field` lines");
        return None;
    };
    let read: Vec<Option<FieldName>> =
        entries.iter().map(|(key, value)| field_name(reader, key, value, rules)).collect();
    let named: Vec<FieldName> = read.into_iter().collect::<Option<_>>()?;
    are_distinct(reader, &named, rules).then_some(named)
}

fn field_name(reader: &mut YamlReader, key: &MapKey, value: &Node, rules: &FieldRules) -> Option<FieldName> {
    let known = (rules.ours)();
    let ours = known.iter().find(|name| **name == key.text).copied();
    if ours.is_none() {
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
    let ours = ours?;
    let needed = max_length(ours, rules.script_limit);
    if let Some(length) = (rules.max_length)(&theirs.value).filter(|length| *length < needed) {
        let message = format!("`{ours}` can have {needed} characters, but `{}` accepts at most {length}", theirs.value);
        let help = "name a custom field of the type text, with 255 characters";
        let label = "too short: such leads would be rejected";
        reader.error_with_help(Rule::BadDestinationField, theirs.span, message, label, help);
        return None;
    }
    Some(FieldName { ours: Located { value: ours, span: key.span }, theirs })
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
            let diagnostic = Diagnostic::error(Rule::BadDestinationField, message(other.ours.value))
                .at(reader.source, theirs.span, LABEL)
                .at(reader.source, other.theirs.span, "already used here");
            reader.diagnostics.push(diagnostic);
            continue;
        }
        let is_renamed = |ours: &str| named.iter().any(|other| other.ours.value == ours);
        let default = rules.defaults.iter().find(|(ours, default)| *default == theirs.value && !is_renamed(ours));
        if let Some((other, _)) = default {
            let help = format!("`{other}` is sent there by default: name another field for one of the two");
            reader.error_with_help(Rule::BadDestinationField, theirs.span, message(other), LABEL, help);
        }
    }
    reader.diagnostics.len() == before
}
