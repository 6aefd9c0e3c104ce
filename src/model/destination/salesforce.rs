//! Salesforce's Web-to-Lead. It accepts a plain HTML form and redirects the browser to `retURL`.

use serde_json::json;

use super::field_names::{self, DefaultNames, FieldNames, FieldRules, LEAD_TAG_FIELDS, OwnNames, Refusal};
use crate::diagnostics::nearest;
use crate::model::field::FieldType;
use crate::model::lead_fields::{CRM_SOURCE, REDIRECT};
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::shape::NAME;
use crate::yaml::values::value;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct Salesforce {
    /// The id of the organization, `00D` and 12 or 15 more characters.
    pub org: String,
    /// The value of `lead_source` for channels without a `crm_source`.
    pub lead_source: Option<String>,
    pub names: FieldNames,
}

/// The default names.
const DEFAULT_NAMES: DefaultNames = &[
    ("name", "last_name"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("email", "email"),
    ("company", "company"),
    ("phone", "phone"),
    ("role", "title"),
    ("country", "country"),
    ("message", "description"),
    (REDIRECT, "retURL"),
    (CRM_SOURCE, "lead_source"),
];

/// Web-to-Lead's names of the standard text fields of a lead, with the lengths of the fields
/// (<https://developer.salesforce.com/docs/atlas.en-us.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_Lead.htm>).
/// `lead_source` is not in the list: it is reserved for the channel.
const STANDARD_FIELDS: &[(&str, u32)] = &[
    ("salutation", 40),
    ("first_name", 40),
    ("last_name", 80),
    ("email", 80),
    ("company", 255),
    ("title", 128),
    ("phone", 40),
    ("mobile", 40),
    ("fax", 40),
    ("street", 255),
    ("city", 40),
    ("state", 80),
    ("zip", 20),
    ("country", 80),
    ("URL", 255),
    ("industry", 255),
    ("rating", 255),
    ("description", 32_000),
];

/// The longest value of a custom text field.
pub const MAX_TEXT: u32 = 255;

/// The action of Web-to-Lead forms, as in the forms that Salesforce generates.
pub const FORM_URL: &str = "https://webto.salesforce.com/servlet/servlet.WebToLead?encoding=UTF-8";

const ORG: Shape =
    Shape::value("id", |_| json!({ "type": "string", "pattern": "^00D[a-zA-Z0-9]{12}(?:[a-zA-Z0-9]{3})?$" }));
pub static KEYS: Mapping = Mapping::new(
    "`salesforce`",
    &[
        Key::required("org", ORG, "The id of the organization: Setup, Company Information.")
            .rules(&[Rule::BadDestinationAccount]),
        Key::optional("lead_source", NAME, "The lead source of channels without a `crm_source`."),
        Key::required(
            "fields",
            LEAD_TAG_FIELDS,
            "[Ids of custom fields (00N…) or names of standard ones](destinations/salesforce.md) for our fields. \
             `lead_tag` is required.",
        )
        .rules(&[Rule::UnknownKey, Rule::BadDestinationField]),
    ],
);

const FIELD_RULES: FieldRules = FieldRules {
    title: "Salesforce",
    ours: field_names::lead_facts_list,
    is_theirs: Salesforce::is_field,
    defaults: DEFAULT_NAMES,
    expected: "the id of a custom field, `00N` and 12 or 15 more characters, or the name of a standard field",
    help: field_help,
    max_length: |theirs| Some(Salesforce::length_of(theirs)),
    refuses: refusal,
    is_same: |one, other| without_checksum(one) == without_checksum(other),
    longer_field: "name a custom field of the type text, with 255 characters",
    script_limit: MAX_TEXT,
};

impl Salesforce {
    /// Without these fields the lead is named `[not provided]`
    /// (<https://rioeducation.com/salesforce-web-to-lead-required-fields/>).
    pub const REQUIRED: &[&str] = &["last_name", "company"];

    pub(super) fn read(reader: &mut YamlReader, node: &Node, span: Span, own: &OwnNames) -> Option<Salesforce> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let org = entries.read(reader, "org", organization_id);
        let lead_source = entries.read(reader, "lead_source", value);
        let named = entries.read(reader, "fields", |reader, node| field_names::read(reader, node, &FIELD_RULES, own));
        entries.finish(reader);
        let names = field_names::with_lead_tag(reader, FieldNames { span, named: named? }, &FIELD_RULES)?;
        Some(Salesforce { org: org?, lead_source, names })
    }

    /// Returns the field for one of our fields, or `None` if the field is not sent.
    pub fn name_of(&self, ours: &str) -> Option<&str> {
        self.names.of(ours, DEFAULT_NAMES)
    }

    /// Returns the length of a field in characters. Custom fields are text fields.
    pub fn length_of(theirs: &str) -> u32 {
        STANDARD_FIELDS.iter().find(|(name, _)| *name == theirs).map_or(MAX_TEXT, |(_, length)| *length)
    }

    /// Returns true if a text is the id of a custom field or the name of a standard one.
    pub fn is_field(name: &str) -> bool {
        is_id(name, "00N") || STANDARD_FIELDS.iter().any(|(known, _)| *known == name)
    }
}

fn organization_id(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = value(reader, node)?;
    if is_id(&text, "00D") {
        return Some(text);
    }
    reader.error_with_help(
        Rule::BadDestinationAccount,
        node.span,
        format!("`{text}` is not the id of an organization"),
        "`00D` and 12 more characters, or 15 with a valid checksum",
        "copy it from Salesforce: Setup, Company Information, Organization ID",
    );
    None
}

/// Only a custom multi-select picklist has several answers.
fn refusal(theirs: &str, field_type: &FieldType) -> Option<Refusal> {
    let is_refused = matches!(field_type, FieldType::Choices(_)) && !is_id(theirs, "00N");
    is_refused.then(|| Refusal {
        message: format!("can have several answers, but `{theirs}` has one"),
        help: "make a multi-select picklist in Salesforce, and write its id: `00N…`",
    })
}

fn field_help(text: &str) -> String {
    match nearest(text, STANDARD_FIELDS.iter().map(|(name, _)| *name)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "generate a Web-to-Lead form with the field in Salesforce, and copy the field's `name`".to_owned(),
    }
}

/// Returns true if a text is a Salesforce id with a prefix: 15 letters and digits, optionally with a checksum of three
/// more that encodes which of the 15 are capitals (<https://codebycody.com/salesforces-algorithm-for-converting-ids-from-15-to-18-characters>).
fn is_id(text: &str, prefix: &str) -> bool {
    let plain = text.starts_with(prefix) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.len() {
        15 => plain,
        18 => plain && text[15..] == checksum(&text[..15]),
        _ => false,
    }
}

/// Returns an id without its checksum, or another text unchanged.
fn without_checksum(theirs: &str) -> &str {
    if is_id(theirs, "00N") { &theirs[..15] } else { theirs }
}

/// Returns the checksum of an id. Five characters become one: a bit for each capital, the lowest bit first. 0 to 25 are
/// letters, 26 to 31 are the digits 0 to 5.
fn checksum(id: &str) -> String {
    let of_five = |five: &[u8]| {
        let sum: u8 = five.iter().enumerate().map(|(index, b)| u8::from(b.is_ascii_uppercase()) << index).sum();
        char::from(if sum < 26 { b'A' + sum } else { b'0' + sum - 26 })
    };
    id.as_bytes().chunks(5).map(of_five).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_15_characters_or_three_more_as_a_checksum() {
        for id in ["00D5g000004AbCd", "00D5g000004AbCdEAK"] {
            assert!(is_id(id, "00D"), "{id}");
        }
        for id in [
            "",
            "00D5g",
            "00N5g000004AbCd",
            "00D5g000004AbC_",
            "00D5g000004AbCdEAL",
            "00D5g000004abCdEAK",
            "00D5g000004AbCdE",
        ] {
            assert!(!is_id(id, "00D"), "{id}");
        }
        assert!(Salesforce::is_field("00N5g00000AbCdE"));
        assert!(Salesforce::is_field("title"));
        for name in ["lead_source", "oid", "retURL", "Title", "lead_tag", "00D5g000004AbCd"] {
            assert!(!Salesforce::is_field(name), "{name}");
        }
    }
}
