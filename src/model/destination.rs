//! Where forms deliver leads: the four kinds, what each calls our fields, and what it cannot do without.

use super::address::WebUrl;
use super::cta::Field;
use super::hidden_field::HiddenField;
use crate::source::{Located, Span};

/// The checkbox.
pub const CONSENT: &str = "consent";

/// What the CRM itself calls the channel that a lead came from; only in forms whose destination takes it.
pub const CRM_SOURCE: &str = "crm_source";

/// The address of the thank-you page.
pub const REDIRECT: &str = HiddenField::Redirect.name();

/// The field that people leave empty, because they never see it.
pub const HONEYPOT: &str = "leave_empty";

/// One entry of `destinations` in `site.yaml`; each exactly one kind.
#[derive(Debug)]
pub enum Destination {
    /// Takes a plain HTML form and answers 303 with the thank-you page's address.
    Endpoint(WebUrl),
    /// Netlify Forms, on the host of the site itself.
    Netlify,
    Hubspot(Hubspot),
    Salesforce(Salesforce),
}

/// A form of HubSpot's, which takes JSON from a script at one address and a plain HTML form at another.
#[derive(Debug)]
pub struct Hubspot {
    pub portal: u64,
    /// A GUID in lower case.
    pub form: String,
    pub region: Region,
    /// The type of subscription that the checkbox agrees to.
    pub subscription: Option<u64>,
    pub names: Names,
}

/// The part of the world that an account of HubSpot's lies in.
///
/// Each has hosts of its own name; the first one's have none
/// (<https://product.hubspot.com/blog/developing-an-eu-data-center>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Region {
    #[default]
    Na1,
    Na2,
    Na3,
    Eu1,
    Ap1,
}

/// Salesforce's Web-to-Lead, which takes a plain HTML form and sends the browser on to `retURL`.
#[derive(Debug)]
pub struct Salesforce {
    /// The id of the organization, `00D` and 12 or 15 characters more.
    pub org: String,
    /// Goes into `lead_source` where a channel has no `crm_source`.
    pub lead_source: Option<String>,
    pub names: Names,
}

/// `fields`: what a destination calls our fields, where that is not what it does anyway.
#[derive(Debug)]
pub struct Names {
    /// The destination in `site.yaml`, for problems of forms that it cannot take.
    pub place: Span,
    pub named: Vec<Named>,
}

#[derive(Debug)]
pub struct Named {
    /// Our field; its place is that of the key.
    pub ours: Located<&'static str>,
    pub theirs: Located<String>,
}

/// What HubSpot calls our fields unless `fields` says otherwise: its own properties of contacts, and two that have to be
/// made there.
const HUBSPOT_NAMES: &[(&str, &str)] = &[
    ("name", "firstname"),
    ("email", "email"),
    ("company", "company"),
    ("phone", "phone"),
    ("role", "jobtitle"),
    ("country", "country"),
    ("message", "message"),
    ("lead_tag", "lead_tag"),
    ("lead_summary", "lead_summary"),
];

/// The same for Salesforce; `retURL` is where it sends the browser.
const SALESFORCE_NAMES: &[(&str, &str)] = &[
    ("name", "last_name"),
    ("email", "email"),
    ("company", "company"),
    ("phone", "phone"),
    ("role", "title"),
    ("country", "country"),
    ("message", "description"),
    (REDIRECT, "retURL"),
    (CRM_SOURCE, "lead_source"),
];

/// Web-to-Lead's names of the standard fields of a lead that take text, with the lengths of the fields behind them
/// (<https://developer.salesforce.com/docs/atlas.en-us.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_Lead.htm>).
/// `lead_source` is not among them: it is the channel's.
pub const SALESFORCE_FIELDS: &[(&str, u32)] = &[
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

/// The longest value of a custom text field of Salesforce's.
pub const SALESFORCE_TEXT: u32 = 255;

/// Where Web-to-Lead forms go, as Salesforce's own generated forms have it.
pub const SALESFORCE_URL: &str = "https://webto.salesforce.com/servlet/servlet.WebToLead?encoding=UTF-8";

/// The longest value of a field of ours that nobody can keep shorter, in characters: what is typed keeps to their
/// length, and what an arrival tells to [`SALESFORCE_TEXT`].
pub fn longest_value(ours: &str) -> u32 {
    match ours {
        // Three ids of at most 40 characters.
        "lead_tag" => 122,
        "campaign" | "cta" | "channel" | "first_channel" => 40,
        // `More than 1000`.
        "team_size" => 14,
        CONSENT => 3,
        _ if Field::ALL.iter().any(|field| field.name() == ours) => 0,
        _ => SALESFORCE_TEXT,
    }
}

impl Destination {
    /// What it calls a field of ours; none where it has no place for it.
    pub fn name_of<'n>(&'n self, ours: &'n str) -> Option<&'n str> {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => (ours != CRM_SOURCE).then_some(ours),
            Destination::Hubspot(hubspot) => hubspot.names.of(ours, HUBSPOT_NAMES),
            Destination::Salesforce(salesforce) => salesforce.names.of(ours, SALESFORCE_NAMES),
        }
    }

    /// The longest text that it takes for a field of ours, in characters; none where it is longer than any of ours.
    pub fn longest(&self, ours: &str) -> Option<u32> {
        let Destination::Salesforce(salesforce) = self else { return None };
        let theirs = salesforce.names.of(ours, SALESFORCE_NAMES)?;
        Some(Salesforce::length_of(theirs))
    }

    /// The longest hidden value that it takes, where that is less than what the arrival script keeps to.
    pub fn cap(&self) -> Option<u32> {
        match self {
            Destination::Salesforce(_) => Some(SALESFORCE_TEXT),
            Destination::Endpoint(_) | Destination::Netlify | Destination::Hubspot(_) => None,
        }
    }

    /// Those of its own fields without which it makes no lead, or a nameless one.
    pub fn needs(&self) -> &'static [&'static str] {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => &[],
            Destination::Hubspot(_) => Hubspot::NEEDS,
            Destination::Salesforce(_) => Salesforce::NEEDS,
        }
    }

    /// Whether a form cannot be sent here without a field.
    pub fn requires(&self, field: Field) -> bool {
        self.name_of(field.name()).is_some_and(|theirs| self.needs().contains(&theirs))
    }

    /// For people: `HubSpot`.
    pub fn title(&self) -> &'static str {
        match self {
            Destination::Endpoint(_) => "the endpoint",
            Destination::Netlify => "Netlify",
            Destination::Hubspot(_) => "HubSpot",
            Destination::Salesforce(_) => "Salesforce",
        }
    }

    /// Where it stands in `site.yaml`, if it can have anything against a form.
    pub fn place(&self) -> Option<Span> {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => None,
            Destination::Hubspot(Hubspot { names, .. }) | Destination::Salesforce(Salesforce { names, .. }) => {
                Some(names.place)
            }
        }
    }
}

impl Hubspot {
    /// "HubSpot will not create a contact without a valid email address"
    /// (<https://developers.hubspot.com/docs/methods/forms/v2/submit_form>).
    pub const NEEDS: &[&str] = &["email"];

    /// Where a script posts JSON
    /// (<https://developers.hubspot.com/docs/api-reference/legacy/marketing/forms/v3-legacy/submit-data-unauthenticated>).
    pub fn script_url(&self) -> String {
        let host = self.region.suffix();
        format!("https://api{host}.hsforms.com/submissions/v3/integration/submit/{}/{}", self.portal, self.form)
    }

    /// Where a plain HTML form goes
    /// (<https://developers.hubspot.com/docs/methods/forms/v2/submit_form>).
    pub fn form_url(&self) -> String {
        let host = self.region.suffix();
        format!("https://forms{host}.hubspot.com/uploads/form/v2/{}/{}", self.portal, self.form)
    }

    /// The name of a property: lower case letters, digits and underscores behind a letter, at most 100. `hs_context`
    /// is what a form says beside its properties.
    pub fn is_property(name: &str) -> bool {
        let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 100
            && name.bytes().all(rest)
            && name != "hs_context"
    }

    /// Our fields that `fields` may name.
    pub fn own_fields() -> impl Iterator<Item = &'static str> {
        own_fields().chain([CRM_SOURCE])
    }

    pub fn defaults() -> &'static [(&'static str, &'static str)] {
        HUBSPOT_NAMES
    }
}

impl Salesforce {
    /// Without them it makes a lead named `[not provided]`
    /// (<https://rioeducation.com/salesforce-web-to-lead-required-fields/>).
    pub const NEEDS: &[&str] = &["last_name", "company"];

    /// The length of a field of theirs, in characters: a custom one is a text.
    pub fn length_of(theirs: &str) -> u32 {
        SALESFORCE_FIELDS.iter().find(|(name, _)| *name == theirs).map_or(SALESFORCE_TEXT, |(_, length)| *length)
    }

    /// A custom field by its id, or the name of a standard one.
    pub fn is_field(name: &str) -> bool {
        is_salesforce_id(name, "00N") || SALESFORCE_FIELDS.iter().any(|(known, _)| *known == name)
    }

    /// Our fields that `fields` may name.
    pub fn own_fields() -> impl Iterator<Item = &'static str> {
        own_fields()
    }

    pub fn defaults() -> &'static [(&'static str, &'static str)] {
        SALESFORCE_NAMES
    }
}

/// All but `redirect`, which leads the browser and is no fact of a lead.
fn own_fields() -> impl Iterator<Item = &'static str> {
    let hidden = HiddenField::ALL.into_iter().map(HiddenField::name).filter(|name| *name != REDIRECT);
    Field::ALL.into_iter().map(Field::name).chain(hidden).chain([CONSENT])
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

    fn suffix(self) -> String {
        match self {
            Region::Na1 => String::new(),
            Region::Na2 | Region::Na3 | Region::Eu1 | Region::Ap1 => format!("-{}", self.name()),
        }
    }
}

impl Names {
    /// The name that `fields` gives, else the usual one.
    fn of<'n>(&'n self, ours: &str, usual: &'static [(&'static str, &'static str)]) -> Option<&'n str> {
        let named = self.named.iter().find(|named| named.ours.value == ours).map(|named| &*named.theirs.value);
        named.or_else(|| usual.iter().find(|(name, _)| *name == ours).map(|(_, theirs)| *theirs))
    }
}

/// A GUID: hyphens between 8, 4, 4, 4 and 12 hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// An id of Salesforce's for one kind of thing: 15 letters and digits, or these and three more that say which of the 15
/// are capitals (<https://codebycody.com/salesforces-algorithm-for-converting-ids-from-15-to-18-characters>).
pub fn is_salesforce_id(text: &str, kind: &str) -> bool {
    let plain = text.starts_with(kind) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.len() {
        15 => plain,
        18 => plain && text[15..] == capitals(&text[..15]),
        _ => false,
    }
}

/// Each five characters as one: the first is worth 1 where it is a capital, the second 2, the third 4 and so on; 0 to 25
/// are letters, 26 to 31 the digits 0 to 5.
fn capitals(id: &str) -> String {
    let of_five = |five: &[u8]| {
        let sum: u8 = five.iter().enumerate().map(|(place, b)| u8::from(b.is_ascii_uppercase()) << place).sum();
        char::from(if sum < 26 { b'A' + sum } else { b'0' + sum - 26 })
    };
    id.as_bytes().chunks(5).map(of_five).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(named: &[(&'static str, &str)]) -> Names {
        let place = Span::new(0, 0);
        let located = |(ours, theirs): &(&'static str, &str)| Named {
            ours: Located { value: *ours, span: place },
            theirs: Located { value: (*theirs).to_owned(), span: place },
        };
        Names { place, named: named.iter().map(located).collect() }
    }

    fn hubspot(region: Region, named: &[(&'static str, &str)]) -> Hubspot {
        let form = "0f8fad5b-d9cb-469f-a165-70867728950e".to_owned();
        Hubspot { portal: 12_345_678, form, region, subscription: None, names: names(named) }
    }

    fn salesforce(named: &[(&'static str, &str)]) -> Destination {
        let org = "00D5g000004AbCdEAK".to_owned();
        Destination::Salesforce(Salesforce { org, lead_source: None, names: names(named) })
    }

    #[test]
    fn an_endpoint_and_netlify_take_our_names() {
        for destination in [Destination::Netlify, Destination::Endpoint(WebUrl::parse("https://a.example/").unwrap())] {
            for ours in
                HiddenField::ALL.map(HiddenField::name).into_iter().chain(Field::ALL.map(Field::name)).chain([CONSENT])
            {
                assert_eq!(destination.name_of(ours), Some(ours));
                assert_eq!(destination.longest(ours), None);
            }
            assert_eq!(destination.name_of(CRM_SOURCE), None);
            assert!(Field::ALL.into_iter().all(|field| !destination.requires(field)));
        }
    }

    #[test]
    fn a_name_of_the_sites_own_takes_the_place_of_the_usual_one() {
        let hubspot = Destination::Hubspot(hubspot(Region::Na1, &[("name", "full_name"), ("team_size", "team")]));
        for (ours, theirs) in [
            ("name", Some("full_name")),
            ("team_size", Some("team")),
            ("role", Some("jobtitle")),
            ("lead_tag", Some("lead_tag")),
            ("preferred_time", None),
            ("utm_source", None),
            ("consent", None),
            ("redirect", None),
            ("crm_source", None),
        ] {
            assert_eq!(hubspot.name_of(ours), theirs, "{ours}");
        }
        assert!(hubspot.requires(Field::Email));
        assert!(!hubspot.requires(Field::Name));
    }

    #[test]
    fn salesforce_has_its_names_lengths_and_needs() {
        let destination = salesforce(&[("lead_tag", "00N5g00000AbCdE"), ("team_size", "city")]);
        for (ours, theirs, longest) in [
            ("name", Some("last_name"), Some(80)),
            ("email", Some("email"), Some(80)),
            ("company", Some("company"), Some(255)),
            ("phone", Some("phone"), Some(40)),
            ("role", Some("title"), Some(128)),
            ("country", Some("country"), Some(80)),
            ("message", Some("description"), Some(32_000)),
            ("team_size", Some("city"), Some(40)),
            ("lead_tag", Some("00N5g00000AbCdE"), Some(255)),
            ("redirect", Some("retURL"), Some(255)),
            ("crm_source", Some("lead_source"), Some(255)),
            ("lead_summary", None, None),
        ] {
            assert_eq!((destination.name_of(ours), destination.longest(ours)), (theirs, longest), "{ours}");
        }
        let required: Vec<_> = Field::ALL.into_iter().filter(|field| destination.requires(*field)).collect();
        assert_eq!(required, [Field::Name, Field::Company]);
        assert_eq!(destination.cap(), Some(255));
    }

    #[test]
    fn a_region_of_hubspots_has_hosts_of_its_own() {
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for (region, api, forms) in [
            (Region::Na1, "api.hsforms.com", "forms.hubspot.com"),
            (Region::Eu1, "api-eu1.hsforms.com", "forms-eu1.hubspot.com"),
            (Region::Ap1, "api-ap1.hsforms.com", "forms-ap1.hubspot.com"),
        ] {
            let hubspot = hubspot(region, &[]);
            let path = format!("submissions/v3/integration/submit/12345678/{guid}");
            assert_eq!(hubspot.script_url(), format!("https://{api}/{path}"));
            assert_eq!(hubspot.form_url(), format!("https://{forms}/uploads/form/v2/12345678/{guid}"));
        }
    }

    #[test]
    fn names_of_properties_have_lower_case_letters_digits_and_underscores() {
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
    fn ids_of_salesforce_have_15_characters_or_three_more_that_fit() {
        for id in ["00D5g000004AbCd", "00D5g000004AbCdEAK"] {
            assert!(is_salesforce_id(id, "00D"), "{id}");
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
            assert!(!is_salesforce_id(id, "00D"), "{id}");
        }
        assert!(Salesforce::is_field("00N5g00000AbCdE"));
        assert!(Salesforce::is_field("title"));
        for name in ["lead_source", "oid", "retURL", "Title", "lead_tag", "00D5g000004AbCd"] {
            assert!(!Salesforce::is_field(name), "{name}");
        }
    }

    #[test]
    fn a_guid_is_five_groups_of_hexadecimal_digits() {
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
