//! Brevo's subscription forms. They accept a plain HTML form, and end on a page of Brevo's or at an address that is set
//! there.

use serde_json::json;

use super::field_names::{self, DefaultNames, FieldNames, FieldRules, LEAD_TAG_FIELDS, OwnNames};
use super::form_address::{self, FormAddress};
use crate::model::address::WebUrl;
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct Brevo {
    /// The address to which the form is posted.
    pub form: WebUrl,
    pub names: FieldNames,
}

/// The attributes that every account in English has.
const DEFAULT_NAMES: DefaultNames =
    &[("name", "FIRSTNAME"), ("first_name", "FIRSTNAME"), ("last_name", "LASTNAME"), ("email", "EMAIL")];

/// The longest name of an attribute.
const MAX_ATTRIBUTE: usize = 50;

/// A field of Brevo's own that people leave empty.
pub const HONEYPOT: &str = "email_address_check";

const FORM: Shape = Shape::value(
    "address",
    |_| json!({ "type": "string", "pattern": "^https://[a-z0-9-]+\\.sibforms\\.com/serve/[A-Za-z0-9_-]+$" }),
);

pub static KEYS: Mapping = Mapping::new(
    "`brevo`",
    &[
        Key::required("form", FORM, "The `action` of the form that Brevo generates.")
            .rules(&[Rule::BadDestinationAccount]),
        Key::required(
            "fields",
            LEAD_TAG_FIELDS,
            "[Names of contact attributes](destinations/brevo.md) for our fields. `lead_tag` is required.",
        )
        .rules(&[Rule::UnknownKey, Rule::BadDestinationField]),
    ],
);

const FIELD_RULES: FieldRules = FieldRules {
    title: "Brevo",
    ours: field_names::lead_facts_list,
    is_theirs: is_attribute,
    defaults: DEFAULT_NAMES,
    expected: "the name of a contact attribute: capitals, digits and `_`",
    help: |text| {
        form_address::upper_case_help(
            text,
            is_attribute,
            "Brevo lists them under Contacts, Settings, Contact attributes",
        )
    },
    max_length: |_| None,
    refuses: |_, _| None,
    is_same: |one, other| one == other,
    longer_field: "name another attribute",
    script_limit: u32::MAX,
};

const FORM_ADDRESS: FormAddress = FormAddress {
    title: "Brevo",
    is_form: |url| {
        let host = url.url().host_str().unwrap_or_default();
        let token = url.url().path().strip_prefix("/serve/").unwrap_or_default();
        let is_token = !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        host.ends_with(".sibforms.com") && is_token
    },
    expected: "`https://….sibforms.com/serve/…`",
    help: "copy the `action` of the form in Brevo: Forms, Share, HTML",
};

impl Brevo {
    pub const REQUIRED: &[&str] = &["EMAIL"];

    pub(super) fn read(reader: &mut YamlReader, node: &Node, span: Span, own: &OwnNames) -> Option<Brevo> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let form = entries.read(reader, "form", |reader, node| form_address::read(reader, node, &FORM_ADDRESS));
        let named = entries.read(reader, "fields", |reader, node| field_names::read(reader, node, &FIELD_RULES, own));
        entries.finish(reader);
        let names = field_names::with_lead_tag(reader, FieldNames { span, named: named? }, &FIELD_RULES)?;
        Some(Brevo { form: form?, names })
    }

    pub fn name_of(&self, ours: &str) -> Option<&str> {
        self.names.of(ours, DEFAULT_NAMES)
    }
}

fn is_attribute(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.len() <= MAX_ATTRIBUTE
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
