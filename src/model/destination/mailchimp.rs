//! Mailchimp's embedded forms. They accept a plain HTML form, and end on a page of Mailchimp's.

use serde_json::json;

use super::field_names::{self, DefaultNames, FieldNames, FieldRules, LEAD_TAG_FIELDS, OwnNames, Refusal};
use super::form_address::{self, FormAddress};
use crate::model::address::WebUrl;
use crate::model::field::FieldType;
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct Mailchimp {
    /// The address to which the form is posted.
    pub form: WebUrl,
    /// The field of Mailchimp's own that people leave empty: `b_ACCOUNT_AUDIENCE`.
    pub honeypot: String,
    pub names: FieldNames,
}

/// The fields that every audience has (<https://mailchimp.com/developer/marketing/docs/merge-fields/>).
const DEFAULT_NAMES: DefaultNames =
    &[("name", "FNAME"), ("first_name", "FNAME"), ("last_name", "LNAME"), ("email", "EMAIL"), ("phone", "PHONE")];

/// The longest value of a text field (<https://mailchimp.com/developer/marketing/docs/merge-fields/>).
pub const MAX_TEXT: u32 = 255;

/// The longest tag of a field.
const MAX_TAG: usize = 10;

const FORM: Shape = Shape::value(
    "address",
    |_| json!({ "type": "string", "pattern": "^https://[a-z0-9.-]+\\.list-manage\\.com/subscribe/post\\?" }),
);

pub static KEYS: Mapping = Mapping::new(
    "`mailchimp`",
    &[
        Key::required("form", FORM, "The `action` of the embedded form that Mailchimp generates.")
            .rules(&[Rule::BadDestinationAccount]),
        Key::required(
            "fields",
            LEAD_TAG_FIELDS,
            "[Tags of audience fields](destinations/mailchimp.md) for our fields. `lead_tag` is required.",
        )
        .rules(&[Rule::UnknownKey, Rule::BadDestinationField]),
    ],
);

const FIELD_RULES: FieldRules = FieldRules {
    title: "Mailchimp",
    ours: field_names::lead_facts_list,
    is_theirs: is_tag,
    defaults: DEFAULT_NAMES,
    expected: "the tag of an audience field: capitals, digits and `_`, at most 10 characters",
    help: |text| {
        form_address::upper_case_help(text, is_tag, "Mailchimp shows the tag beside the field, as in `*|FNAME|*`")
    },
    max_length: |_| Some(MAX_TEXT),
    refuses: |theirs, field_type| {
        matches!(field_type, FieldType::Choices(_)).then(|| Refusal {
            message: format!("can have several answers, but `{theirs}` has one"),
            help: "use the type `choice`, or another destination: Mailchimp's groups have names of their own",
        })
    },
    is_same: |one, other| one == other,
    longer_field: "choose a shorter text: audience fields have at most 255 characters",
    script_limit: MAX_TEXT,
};

impl Mailchimp {
    pub const REQUIRED: &[&str] = &["EMAIL"];

    pub(super) fn read(reader: &mut YamlReader, node: &Node, span: Span, own: &OwnNames) -> Option<Mailchimp> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let form = entries.read(reader, "form", |reader, node| form_address::read(reader, node, &FORM_ADDRESS));
        let named = entries.read(reader, "fields", |reader, node| field_names::read(reader, node, &FIELD_RULES, own));
        entries.finish(reader);
        let names = field_names::with_lead_tag(reader, FieldNames { span, named: named? }, &FIELD_RULES)?;
        let form = form?;
        let honeypot = format!("b_{}_{}", parameter(&form, "u")?, parameter(&form, "id")?);
        Some(Mailchimp { form, honeypot, names })
    }

    pub fn name_of(&self, ours: &str) -> Option<&str> {
        self.names.of(ours, DEFAULT_NAMES)
    }
}

const FORM_ADDRESS: FormAddress = FormAddress {
    title: "Mailchimp",
    is_form: |url| {
        let host = url.url().host_str().unwrap_or_default();
        let ids = ["u", "id"].map(|name| parameter(url, name));
        let is_id = |id: &Option<String>| id.as_ref().is_some_and(|id| id.bytes().all(|b| b.is_ascii_hexdigit()));
        host.ends_with(".list-manage.com") && url.url().path() == "/subscribe/post" && ids.iter().all(is_id)
    },
    expected: "`https://….list-manage.com/subscribe/post?u=…&id=…`",
    help: "copy the `action` of the embedded form in Mailchimp: Audience, Signup forms, Embedded forms",
};

/// Returns the value of a parameter, if it is not empty.
fn parameter(url: &WebUrl, name: &str) -> Option<String> {
    let mut pairs = url.url().query_pairs();
    pairs.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
}

fn is_tag(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.len() <= MAX_TAG
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_at_most_ten_capitals_digits_and_underscores() {
        for tag in ["EMAIL", "FNAME", "MMERGE12", "LEAD_TAG"] {
            assert!(is_tag(tag), "{tag}");
        }
        for other in ["", "email", "LEAD-TAG", "1ST", "LEADSUMMARY"] {
            assert!(!is_tag(other), "{other}");
        }
    }
}
