//! `subscription` of HubSpot: the types of subscription that visitors agree to.

use serde_json::json;

use super::account::{ACCOUNT_NUMBER, account_number};
use super::field_names::OwnNames;
use crate::diagnostics::{Diagnostic, list};
use crate::rules::Rule;
use crate::yaml::schema::of_shape;
use crate::yaml::{Node, Shape, Value, YamlReader};

/// The type of subscription of each consent.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Subscriptions {
    #[default]
    None,
    /// The type of the only consent.
    OfOnlyConsent(u64),
    /// Ids of consents with their types.
    OfConsents(Vec<(String, u64)>),
}

pub(super) const SUBSCRIPTION: Shape = Shape::value("number, or consent to number", |names| {
    let number = of_shape(&ACCOUNT_NUMBER, names);
    json!({ "anyOf": [number, { "type": "object", "additionalProperties": number }] })
});

impl Subscriptions {
    /// Returns the type of subscription of a consent. `id` is `None` for `leads.consent`.
    pub fn of(&self, id: Option<&str>) -> Option<u64> {
        match self {
            Subscriptions::None => None,
            Subscriptions::OfOnlyConsent(number) => Some(*number),
            Subscriptions::OfConsents(numbers) => numbers.iter().find(|(of, _)| Some(&**of) == id).map(|(_, it)| *it),
        }
    }

    pub(super) fn read(reader: &mut YamlReader, node: &Node, own: &OwnNames) -> Option<Subscriptions> {
        let Value::Map(entries) = &node.value else {
            let number = number(reader, node)?;
            if let [first, _, ..] = &own.consents[..] {
                let message = "this site has several consents";
                let label = "which of them agrees to this subscription?";
                let help = format!("write it as in `subscription: {{ {first}: {number} }}`");
                reader.error_with_help(Rule::BadDestinationAccount, node.span, message, label, help);
                return None;
            }
            return Some(Subscriptions::OfOnlyConsent(number));
        };
        let mut numbers = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let known = || own.consents.iter().map(String::as_str);
            if !own.consents.contains(&key.text) {
                let message = format!("unknown consent `{}`", key.text);
                let diagnostic = Diagnostic::error(Rule::UnknownKey, message);
                let diagnostic = diagnostic.at(reader.source, key.span, "not among `leads.consents`");
                let diagnostic = diagnostic.suggest(&key.text, known());
                reader.diagnostics.push(match own.consents.is_empty() {
                    true => diagnostic.or_help("write the number alone: this site has no `leads.consents`"),
                    false => diagnostic.or_help(format!("the consents are {}", list(known()))),
                });
            } else if matches!(value.value, Value::Null) {
                reader.empty_value(key);
            } else if let Some(number) = number(reader, value) {
                numbers.push((key.text.clone(), number));
            }
        }
        Some(Subscriptions::OfConsents(numbers))
    }
}

fn number(reader: &mut YamlReader, node: &Node) -> Option<u64> {
    account_number(reader, node, "subscription type", "999")
}
