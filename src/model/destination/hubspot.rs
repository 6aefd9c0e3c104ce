//! HubSpot forms. They accept JSON from a script at one address, and a plain HTML form at another.

use serde_json::json;

use super::account::{ACCOUNT_NUMBER, account_number};
use super::field_names::{self, DefaultNames, FieldNames, FieldRules, OUR_FIELD, OwnNames, Refusal};
use super::subscriptions::{SUBSCRIPTION, Subscriptions};
use crate::diagnostics::{Diagnostic, list};
use crate::model::field::FieldType;
use crate::model::lead_fields::{CRM_SOURCE, lead_facts};
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::shape::choice;
use crate::yaml::values::text;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug)]
pub struct Hubspot {
    pub portal: u64,
    /// A GUID in lower case.
    pub form: String,
    pub region: Region,
    /// The types of subscription that the checkboxes agree to.
    pub subscriptions: Subscriptions,
    pub names: FieldNames,
}

/// The data centre of a HubSpot account (<https://product.hubspot.com/blog/developing-an-eu-data-center>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Region {
    #[default]
    Na1,
    Na2,
    Na3,
    Eu1,
    Ap1,
}

/// The default names: HubSpot's own contact properties, and two that the user has to create there.
const DEFAULT_NAMES: DefaultNames = &[
    ("name", "firstname"),
    ("first_name", "firstname"),
    ("last_name", "lastname"),
    ("email", "email"),
    ("company", "company"),
    ("phone", "phone"),
    ("role", "jobtitle"),
    ("country", "country"),
    ("message", "message"),
    ("lead_tag", "lead_tag"),
    ("lead_summary", "lead_summary"),
];

const GUID: Shape = Shape::value("GUID", |_| {
    let guid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
    json!({ "type": "string", "pattern": guid })
});
const REGION: Shape = Shape::value("`na1`, `na2`, `na3`, `eu1` or `ap1`", |_| choice(Region::ALL.map(Region::name)));
const PROPERTY: Shape = Shape::value(
    "property",
    |_| json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,99}$", "not": { "const": "hs_context" } }),
);
const FIELDS: Shape = Shape::map("our field to theirs", &OUR_FIELD, &PROPERTY);

pub static KEYS: Mapping = Mapping::new(
    "`hubspot`",
    &[
        Key::required("portal", ACCOUNT_NUMBER, "The number of the account.").rules(&[Rule::BadDestinationAccount]),
        Key::required("form", GUID, "The id of the form, from its address in HubSpot.")
            .rules(&[Rule::BadDestinationAccount]),
        Key::optional("region", REGION, "The region of the account.")
            .default("na1")
            .rules(&[Rule::BadDestinationAccount]),
        Key::optional(
            "subscription",
            SUBSCRIPTION,
            "The type of subscription that the checkbox agrees to. With `leads.consents`: `{ news: 999 }`.",
        )
        .rules(&[Rule::BadDestinationAccount]),
        Key::optional("fields", FIELDS, "[Internal names of properties](destinations/hubspot.md) for our fields.")
            .rules(&[Rule::UnknownKey, Rule::BadDestinationField]),
    ],
);

const FIELD_RULES: FieldRules = FieldRules {
    title: "HubSpot",
    ours: || Hubspot::own_fields().collect(),
    is_theirs: Hubspot::is_property,
    defaults: DEFAULT_NAMES,
    expected: "the internal name of a property: lower case letters, digits and `_`",
    help: property_help,
    max_length: |_| None,
    refuses: refusal,
    is_same: |one, other| one == other,
    longer_field: "name a property of the type multi-line text",
    script_limit: u32::MAX,
};

impl Hubspot {
    /// "HubSpot will not create a contact without a valid email address"
    /// (<https://developers.hubspot.com/docs/methods/forms/v2/submit_form>).
    pub const REQUIRED: &[&str] = &["email"];

    pub(super) fn read(reader: &mut YamlReader, node: &Node, span: Span, own: &OwnNames) -> Option<Hubspot> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let portal =
            entries.read(reader, "portal", |reader, node| account_number(reader, node, "portal number", "12345678"));
        let form = entries.read(reader, "form", guid);
        let region = entries.read(reader, "region", Region::read);
        let subscriptions = entries.read(reader, "subscription", |reader, node| Subscriptions::read(reader, node, own));
        let named = entries.read(reader, "fields", |reader, node| field_names::read(reader, node, &FIELD_RULES, own));
        entries.finish(reader);
        let names = FieldNames { span, named: named.unwrap_or_default() };
        let (region, subscriptions) = (region.unwrap_or_default(), subscriptions.unwrap_or_default());
        Some(Hubspot { portal: portal?, form: form?, region, subscriptions, names })
    }

    /// Returns the property for one of our fields, or `None` if the field is not sent.
    pub fn name_of(&self, ours: &str) -> Option<&str> {
        self.names.of(ours, DEFAULT_NAMES)
    }

    /// Returns the address to which a script posts JSON
    /// (<https://developers.hubspot.com/docs/api-reference/legacy/marketing/forms/v3-legacy/submit-data-unauthenticated>).
    pub fn script_url(&self) -> String {
        let suffix = self.region.host_suffix();
        format!("https://api{suffix}.hsforms.com/submissions/v3/integration/submit/{}/{}", self.portal, self.form)
    }

    /// Returns the action of a plain HTML form
    /// (<https://developers.hubspot.com/docs/methods/forms/v2/submit_form>).
    pub fn form_url(&self) -> String {
        let suffix = self.region.host_suffix();
        format!("https://forms{suffix}.hubspot.com/uploads/form/v2/{}/{}", self.portal, self.form)
    }

    /// Returns true if a text can be the name of a property: a letter, then lower case letters, digits and underscores,
    /// at most 100 characters. `hs_context` is reserved for the context of a submission.
    pub fn is_property(name: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 100
            && name.bytes().all(is_allowed)
            && name != "hs_context"
    }

    /// Returns our fields that `fields` may rename.
    pub fn own_fields() -> impl Iterator<Item = &'static str> {
        lead_facts().chain([CRM_SOURCE])
    }
}

impl Region {
    pub const ALL: [Region; 5] = [Region::Na1, Region::Na2, Region::Na3, Region::Eu1, Region::Ap1];

    pub fn name(self) -> &'static str {
        match self {
            Region::Na1 => "na1",
            Region::Na2 => "na2",
            Region::Na3 => "na3",
            Region::Eu1 => "eu1",
            Region::Ap1 => "ap1",
        }
    }

    /// Returns the region in HubSpot's host names, which is empty for `na1`.
    fn host_suffix(self) -> String {
        match self {
            Region::Na1 => String::new(),
            Region::Na2 | Region::Na3 | Region::Eu1 | Region::Ap1 => format!("-{}", self.name()),
        }
    }

    fn read(reader: &mut YamlReader, node: &Node) -> Option<Region> {
        let text = text(reader, node)?;
        let region = Region::ALL.into_iter().find(|region| region.name() == text);
        if region.is_none() {
            let names = Region::ALL.map(Region::name);
            let diagnostic = Diagnostic::error(Rule::BadDestinationAccount, format!("unknown HubSpot region `{text}`"))
                .at(reader.source, node.span, "not a region")
                .suggest(&text, names)
                .or_help(format!("the regions are {}", list(names)));
            reader.diagnostics.push(diagnostic);
        }
        region
    }
}

fn guid(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = text(reader, node)?;
    if is_guid(&text) {
        return Some(text.to_ascii_lowercase());
    }
    reader.error_with_help(
        Rule::BadDestinationAccount,
        node.span,
        format!("`{text}` is not the id of a form"),
        "HubSpot's ids look like `0f8fad5b-d9cb-469f-a165-70867728950e`",
        "open the form in HubSpot, and copy its id from the address",
    );
    None
}

/// Whether a text is a GUID: groups of 8, 4, 4, 4 and 12 hexadecimal digits, joined by hyphens.
fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// HubSpot separates the answers of a property with several checkboxes by `;`
/// (<https://knowledge.hubspot.com/properties/property-field-types-in-hubspot>).
fn refusal(_: &str, field_type: &FieldType) -> Option<Refusal> {
    let FieldType::Choices(options) = field_type else { return None };
    let option = options.iter().find(|option| option.value.contains(';'))?;
    let message = format!("has the option `{}`, but HubSpot separates several answers by `;`", option.value);
    Some(Refusal { message, help: "write the option without `;`" })
}

fn property_help(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = text.chars().map(allowed).collect();
    let help = "HubSpot shows the internal name where the property is edited";
    match Hubspot::is_property(&name) {
        true => format!("perhaps `{name}`: {help}"),
        false => help.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_their_own_hosts() {
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for (region, api, forms) in [
            (Region::Na1, "api.hsforms.com", "forms.hubspot.com"),
            (Region::Eu1, "api-eu1.hsforms.com", "forms-eu1.hubspot.com"),
            (Region::Ap1, "api-ap1.hsforms.com", "forms-ap1.hubspot.com"),
        ] {
            let names = FieldNames { span: Span::new(0, 0), named: Vec::new() };
            let hubspot = Hubspot {
                portal: 12_345_678,
                form: guid.to_owned(),
                region,
                subscriptions: Subscriptions::None,
                names,
            };
            let path = format!("submissions/v3/integration/submit/12345678/{guid}");
            assert_eq!(hubspot.script_url(), format!("https://{api}/{path}"));
            assert_eq!(hubspot.form_url(), format!("https://{forms}/uploads/form/v2/12345678/{guid}"));
        }
    }

    #[test]
    fn property_names_have_lower_case_letters_digits_and_underscores() {
        for name in ["lead_tag", "a", "utm_source2", &"a".repeat(100)] {
            assert!(Hubspot::is_property(name), "{name}");
        }
        for name in
            ["", "Lead_tag", "lead-tag", "lead tag", "2nd", "_x", "é", "0-2/name", "hs_context", &"a".repeat(101)]
        {
            assert!(!Hubspot::is_property(name), "{name}");
        }
    }

    #[test]
    fn guid_has_five_groups_of_hexadecimal_digits() {
        for text in ["0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E"] {
            assert!(is_guid(text), "{text}");
        }
        for text in [
            "",
            "0f8fad5b",
            "0f8fad5b-d9cb-469f-a165-70867728950",
            "0f8fad5bd9cb469fa16570867728950e",
            "g".repeat(36).as_str(),
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }
}
