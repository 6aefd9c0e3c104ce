//! Destinations: the services that forms send leads to, with their names for our fields and the fields that they
//! require.

mod account;
pub mod brevo;
mod field_names;
mod form_address;
pub mod hubspot;
pub mod mailchimp;
pub mod mautic;
pub mod salesforce;
mod subscriptions;

use std::borrow::Cow;

use serde_json::json;

pub use brevo::Brevo;
pub use field_names::{FieldName, FieldNames, OwnNames};
pub use hubspot::{Hubspot, Region};
pub use mailchimp::Mailchimp;
pub use mautic::Mautic;
pub use salesforce::Salesforce;
pub use subscriptions::Subscriptions;

use super::address::WebUrl;
use super::bad_address::bad_address;
use super::consent::Consent;
use super::form::Form;
use super::lead_fields::CRM_SOURCE;
use super::slug::ById;
use super::values::{ID, by_id, warn_about_address};
use crate::diagnostics::{Diagnostic, list};
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::values::{flag, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// One entry of `destinations` in `site.yaml`.
#[derive(Debug)]
pub enum Destination {
    /// Accepts a plain HTML form, and responds with 303 and the address of the thank-you page.
    Endpoint(WebUrl),
    /// Netlify Forms, on the site's own host.
    Netlify,
    Hubspot(Hubspot),
    Salesforce(Salesforce),
    Mailchimp(Mailchimp),
    Brevo(Brevo),
    Mautic(Mautic),
}

/// The values of a `yes_no` field, unless a service has others.
pub const YES_NO: [&str; 2] = ["yes", "no"];

/// An encrypted address, or one on this machine.
const SECURE_URL: Shape = Shape::value("address", |_| {
    let local = "[hH][tT][tT][pP]://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::[0-9]+)?";
    json!({ "type": "string", "pattern": format!("^(?:[hH][tT][tT][pP][sS]://[^/?#@]+|{local})(?:[/?#].*)?$") })
});
const TRUE: Shape = Shape::value("`true`", |_| json!({ "const": true }));

pub static KEYS: Mapping = Mapping::new(
    "a destination",
    &[
        Key::optional(
            "endpoint",
            SECURE_URL,
            "An address that accepts a plain HTML form by POST: [what it receives and must \
             answer](ctas.md#what-an-endpoint-receives-and-answers). Plain http is only allowed on this machine.",
        )
        .rules(&[Rule::BadUrl, Rule::InsecureEndpoint]),
        Key::optional("netlify", TRUE, "[Netlify Forms](destinations/netlify.md), for sites that Netlify hosts.")
            .rules(&[Rule::WrongType]),
        Key::optional("hubspot", Shape::mapping(&hubspot::KEYS), "A [HubSpot form](destinations/hubspot.md)."),
        Key::optional(
            "salesforce",
            Shape::mapping(&salesforce::KEYS),
            "[Salesforce's Web-to-Lead](destinations/salesforce.md).",
        ),
        Key::optional(
            "mailchimp",
            Shape::mapping(&mailchimp::KEYS),
            "An [embedded form of Mailchimp](destinations/mailchimp.md).",
        ),
        Key::optional("brevo", Shape::mapping(&brevo::KEYS), "A [form of Brevo](destinations/brevo.md)."),
        Key::optional("mautic", Shape::mapping(&mautic::KEYS), "A [form of Mautic](destinations/mautic.md)."),
    ],
)
.one_of(&["endpoint", "netlify", "hubspot", "salesforce", "mailchimp", "brevo", "mautic"]);

const DESTINATION: Shape = Shape::mapping(&KEYS);
/// `destinations` in `site.yaml`.
pub const DESTINATIONS: Shape = Shape::map("id to keys below", &ID, &DESTINATION);

/// Reads `destinations` of `site.yaml`.
pub fn read_all(reader: &mut YamlReader, node: &Node, own: &OwnNames) -> Option<ById<Destination>> {
    by_id(reader, node, "destination", |reader, _, node| Destination::read(reader, node, own))
}

impl Destination {
    fn read(reader: &mut YamlReader, node: &Node, own: &OwnNames) -> Option<Destination> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let span = |entries: &Entries, kind: &str| entries.key_span(kind).unwrap_or(entries.span);
        let spans = ["hubspot", "salesforce", "mailchimp", "brevo", "mautic"].map(|kind| span(&entries, kind));
        let [hubspot, salesforce, mailchimp, brevo, mautic] = spans;
        // All are read, so that the errors of each are reported.
        let kinds = [
            entries.read(reader, "endpoint", endpoint),
            entries.read(reader, "netlify", netlify),
            entries.read(reader, "hubspot", |reader, node| {
                Hubspot::read(reader, node, hubspot, own).map(Destination::Hubspot)
            }),
            entries.read(reader, "salesforce", |reader, node| {
                Salesforce::read(reader, node, salesforce, own).map(Destination::Salesforce)
            }),
            entries.read(reader, "mailchimp", |reader, node| {
                Mailchimp::read(reader, node, mailchimp, own).map(Destination::Mailchimp)
            }),
            entries.read(reader, "brevo", |reader, node| Brevo::read(reader, node, brevo, own).map(Destination::Brevo)),
            entries.read(reader, "mautic", |reader, node| {
                Mautic::read(reader, node, mautic, own).map(Destination::Mautic)
            }),
        ];
        let mut given: Vec<(&str, Span)> =
            entries.given().into_iter().filter_map(|kind| Some((kind, entries.key_span(kind)?))).collect();
        given.sort_by_key(|(_, span)| *span);
        let first_line = entries.first_line(reader);
        let has_unknown_key = entries.has_unknown_key();
        entries.finish(reader);
        match given[..] {
            [_] => kinds.into_iter().flatten().next().filter(|destination| destination.check_required(reader)),
            // The unknown key is probably a misspelt kind.
            [] if has_unknown_key || reader.partial => None,
            _ => {
                report_not_one(reader, &given, first_line);
                None
            }
        }
    }

    /// Returns the service's name for one of our fields, or `None` if the field is not sent.
    pub fn name_of<'n>(&'n self, ours: &'n str) -> Option<&'n str> {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => (ours != CRM_SOURCE).then_some(ours),
            Destination::Hubspot(hubspot) => hubspot.name_of(ours),
            Destination::Salesforce(salesforce) => salesforce.name_of(ours),
            Destination::Mailchimp(mailchimp) => mailchimp.name_of(ours),
            Destination::Brevo(brevo) => brevo.name_of(ours),
            Destination::Mautic(mautic) => mautic.name_of(ours),
        }
    }

    /// Returns the service's name for one of our fields as a form has it.
    pub fn form_name_of<'n>(&'n self, ours: &'n str) -> Option<Cow<'n, str>> {
        let name = self.name_of(ours)?;
        Some(match self {
            // <https://github.com/mautic/mautic/blob/5.x/app/bundles/FormBundle/Controller/PublicController.php>
            Destination::Mautic(_) => format!("mauticform[{name}]").into(),
            _ => name.into(),
        })
    }

    /// Returns the name of a field with several answers.
    pub fn name_of_several<'n>(&self, name: Cow<'n, str>) -> Cow<'n, str> {
        match self {
            // Without the brackets, programs in PHP read only the last answer.
            Destination::Brevo(_) | Destination::Mautic(_) if !name.is_empty() => format!("{name}[]").into(),
            _ => name,
        }
    }

    /// Returns the values for yes and no.
    pub fn yes_no(&self) -> [&'static str; 2] {
        match self {
            // <https://knowledge.hubspot.com/properties/property-field-types-in-hubspot>
            Destination::Hubspot(_) => ["true", "false"],
            Destination::Mautic(_) => ["1", "0"],
            Destination::Endpoint(_)
            | Destination::Netlify
            | Destination::Salesforce(_)
            | Destination::Mailchimp(_)
            | Destination::Brevo(_) => YES_NO,
        }
    }

    /// Returns the type of subscription at HubSpot that a consent agrees to.
    pub fn subscription_of(&self, consent: &Consent) -> Option<u64> {
        match self {
            Destination::Hubspot(hubspot) => hubspot.subscriptions.of(consent.id.as_ref().map(|id| id.value.as_str())),
            _ => None,
        }
    }

    /// Returns the largest length of one of our fields, in characters, if the service limits it.
    pub fn max_length(&self, ours: &str) -> Option<u32> {
        match self {
            Destination::Salesforce(salesforce) => Some(Salesforce::length_of(salesforce.name_of(ours)?)),
            Destination::Mailchimp(mailchimp) => mailchimp.name_of(ours).map(|_| mailchimp::MAX_TEXT),
            Destination::Endpoint(_)
            | Destination::Netlify
            | Destination::Hubspot(_)
            | Destination::Brevo(_)
            | Destination::Mautic(_) => None,
        }
    }

    /// Returns the largest length of hidden values, if it is below the arrival script's own limit.
    pub fn hidden_value_limit(&self) -> Option<u32> {
        match self {
            Destination::Salesforce(_) => Some(salesforce::MAX_TEXT),
            Destination::Mailchimp(_) => Some(mailchimp::MAX_TEXT),
            Destination::Endpoint(_)
            | Destination::Netlify
            | Destination::Hubspot(_)
            | Destination::Brevo(_)
            | Destination::Mautic(_) => None,
        }
    }

    /// Returns the fields that the service requires. Without them, a lead is lost or nameless.
    pub fn required_fields(&self) -> &'static [&'static str] {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => &[],
            Destination::Hubspot(_) => Hubspot::REQUIRED,
            Destination::Salesforce(_) => Salesforce::REQUIRED,
            Destination::Mailchimp(_) => Mailchimp::REQUIRED,
            Destination::Brevo(_) => Brevo::REQUIRED,
            Destination::Mautic(_) => Mautic::REQUIRED,
        }
    }

    /// Returns true if visitors have to fill in one of our fields.
    pub fn requires(&self, ours: &str) -> bool {
        self.name_of(ours).is_some_and(|theirs| self.required_fields().contains(&theirs))
    }

    /// Returns the fields that the service requires and that none of a form's fields is sent to.
    pub fn missing_fields(&self, form: &Form) -> impl Iterator<Item = &'static str> {
        let is_sent =
            |theirs: &str| form.fields.iter().any(|field| self.name_of(field.name.value.as_str()) == Some(theirs));
        self.required_fields().iter().copied().filter(move |theirs| !is_sent(theirs))
    }

    /// Returns the name for people: `HubSpot`.
    pub fn title(&self) -> &'static str {
        match self {
            Destination::Endpoint(_) => "the endpoint",
            Destination::Netlify => "Netlify",
            Destination::Hubspot(_) => "HubSpot",
            Destination::Salesforce(_) => "Salesforce",
            Destination::Mailchimp(_) => "Mailchimp",
            Destination::Brevo(_) => "Brevo",
            Destination::Mautic(_) => "Mautic",
        }
    }

    /// Returns the location in `site.yaml`, for the kinds that do not accept every form.
    pub fn span(&self) -> Option<Span> {
        match self {
            Destination::Endpoint(_) | Destination::Netlify => None,
            Destination::Hubspot(Hubspot { names, .. })
            | Destination::Salesforce(Salesforce { names, .. })
            | Destination::Mailchimp(Mailchimp { names, .. })
            | Destination::Brevo(Brevo { names, .. })
            | Destination::Mautic(Mautic { names, .. }) => Some(names.span),
        }
    }

    /// Reports a required field of the service that none of our fields is sent to.
    fn check_required(&self, reader: &mut YamlReader) -> bool {
        let is_missing = |theirs: &str| !Hubspot::own_fields().any(|ours| self.name_of(ours) == Some(theirs));
        let missing = self.required_fields().iter().find(|theirs| is_missing(theirs));
        let (Some(missing), Some(span)) = (missing, self.span()) else { return true };
        let message = format!("no field is sent to `{missing}`, which {} requires for a lead", self.title());
        let help = format!("leave a field in `fields` at its default name, or name one `{missing}`");
        reader.error_with_help(Rule::BadDestinationField, span, message, "every lead would be lost or nameless", help);
        false
    }
}

/// Leads are personal data, so plain http is an error here, not a warning.
fn endpoint(reader: &mut YamlReader, node: &Node) -> Option<Destination> {
    let text = value(reader, node)?;
    match WebUrl::parse(&text) {
        Ok(url) if url.is_secure() => {
            warn_about_address(reader, &text, &url, node.span);
            Some(Destination::Endpoint(url))
        }
        Ok(url) => {
            let message = format!("`{url}` would receive personal data unencrypted");
            let help = "write `https://`; plain http is only allowed on this machine";
            reader.error_with_help(Rule::InsecureEndpoint, node.span, message, "plain http", help);
            None
        }
        Err(reason) => {
            reader.diagnostics.push(bad_address(reader.source, node.span, &text, &reason));
            None
        }
    }
}

fn netlify(reader: &mut YamlReader, node: &Node) -> Option<Destination> {
    if flag(reader, node)? {
        return Some(Destination::Netlify);
    }
    let label = "write `true`, or choose another kind";
    reader.error(Rule::WrongType, node.span, "`netlify` can only be `true`", label);
    None
}

fn report_not_one(reader: &mut YamlReader, given: &[(&str, Span)], first_line: Span) {
    let [first, second, ..] = given else {
        let help = format!("add one of {}", list(KEYS.one_of.iter().copied()));
        let message = "this destination has no kind";
        reader.error_with_help(Rule::BadDestinationKind, first_line, message, "leads would go nowhere", help);
        return;
    };
    let kinds = list(given.iter().map(|kind| kind.0));
    let message = format!("a destination has exactly one kind, and this one has {kinds}");
    let diagnostic = Diagnostic::error(Rule::BadDestinationKind, message)
        .at(reader.source, second.1, "a second kind")
        .at(reader.source, first.1, "the first");
    reader.diagnostics.push(diagnostic.help("split it into two destinations"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::Field;
    use crate::model::hidden_field::HiddenField;
    use crate::model::lead_fields::CONSENT;
    use crate::source::Located;

    fn names(named: &[(&'static str, &str)]) -> FieldNames {
        let span = Span::new(0, 0);
        let located = |(ours, theirs): &(&'static str, &str)| FieldName {
            ours: Located { value: (*ours).to_owned(), span },
            theirs: Located { value: (*theirs).to_owned(), span },
        };
        FieldNames { span, named: named.iter().map(located).collect() }
    }

    fn hubspot(named: &[(&'static str, &str)]) -> Destination {
        let form = "0f8fad5b-d9cb-469f-a165-70867728950e".to_owned();
        let region = Region::default();
        Destination::Hubspot(Hubspot {
            portal: 12_345_678,
            form,
            region,
            subscriptions: Subscriptions::None,
            names: names(named),
        })
    }

    fn salesforce(named: &[(&'static str, &str)]) -> Destination {
        let org = "00D5g000004AbCdEAK".to_owned();
        Destination::Salesforce(Salesforce { org, lead_source: None, names: names(named) })
    }

    #[test]
    fn endpoint_and_netlify_use_our_names() {
        for destination in [Destination::Netlify, Destination::Endpoint(WebUrl::parse("https://a.example/").unwrap())] {
            let hidden = HiddenField::ALL.map(HiddenField::name);
            for ours in hidden.into_iter().chain(Field::ALL.map(Field::name)).chain([CONSENT]) {
                assert_eq!(destination.name_of(ours), Some(ours));
                assert_eq!(destination.max_length(ours), None);
            }
            assert_eq!(destination.name_of(CRM_SOURCE), None);
            assert!(Field::ALL.into_iter().all(|field| !destination.requires(field.name())));
        }
    }

    #[test]
    fn name_set_by_the_site_replaces_the_default() {
        let hubspot = hubspot(&[("name", "full_name"), ("team_size", "team")]);
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
        assert!(hubspot.requires("email"));
        assert!(!hubspot.requires("name"));
    }

    #[test]
    fn salesforce_has_names_lengths_and_required_fields() {
        let destination = salesforce(&[("lead_tag", "00N5g00000AbCdE"), ("team_size", "city")]);
        for (ours, theirs, max_length) in [
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
            assert_eq!((destination.name_of(ours), destination.max_length(ours)), (theirs, max_length), "{ours}");
        }
        let required: Vec<_> = Field::ALL.into_iter().filter(|field| destination.requires(field.name())).collect();
        assert_eq!(required, [Field::Name, Field::LastName, Field::Company]);
        assert_eq!(destination.hidden_value_limit(), Some(255));
    }
}
