//! `attribution` and `analytics` in `site.yaml`: what browsers may store, and what measures visits.

use serde_json::json;

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::Span;
use crate::yaml::shape::{FLAG, choice};
use crate::yaml::values::{flag, value};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug, Default)]
pub struct Attribution {
    pub storage: Storage,
    pub require_consent: bool,
    /// The key `require_consent`.
    pub consent_span: Option<Span>,
}

/// Where a visitor's browser stores the lead source between pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    #[default]
    None,
    Session,
    Local,
}

/// The service that measures visits and gets an event for each lead.
#[derive(Debug, PartialEq, Eq)]
pub enum Analytics {
    /// The site's domain in Plausible.
    Plausible(String),
    /// A container of Google Tag Manager: `GTM-ABC1234`.
    Gtm(String),
}

const STORAGE: Shape = Shape::value("`none`, `session` or `local`", |_| choice(Storage::NAMES));
const DOMAIN: Shape =
    Shape::value("domain", |_| json!({ "type": "string", "pattern": "^[a-zA-Z0-9.,/\\-]*\\.[a-zA-Z0-9.,/\\-]*$" }));
const CONTAINER: Shape = Shape::value("id", |_| json!({ "type": "string", "pattern": "^GTM-[A-Z0-9]{4,12}$" }));

pub static ATTRIBUTION_KEYS: Mapping = Mapping::new(
    "`attribution`",
    &[
        Key::optional(
            "storage",
            STORAGE,
            "[What the browser stores between pages](arrival.md#from-page-to-page): nothing, for one visit, or \
             permanently. [What that means for privacy](privacy.md).",
        )
        .default("none")
        .rules(&[Rule::WrongType]),
        Key::optional(
            "require_consent",
            FLAG,
            "`true`: store nothing and load no analytics until the page [reports consent](arrival.md#consent).",
        )
        .default("false")
        .rules(&[Rule::WrongType]),
    ],
);

pub static ANALYTICS_KEYS: Mapping = Mapping::new(
    "`analytics`",
    &[
        Key::optional("plausible", DOMAIN, "The site's domain in Plausible: `kazi.example`.")
            .rules(&[Rule::BadAnalytics]),
        Key::optional("gtm", CONTAINER, "A container of Google Tag Manager: `GTM-ABC1234`.")
            .rules(&[Rule::BadAnalytics]),
    ],
)
.one_of(&["plausible", "gtm"]);

impl Attribution {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Attribution> {
        let mut entries = Entries::of(reader, node, &ATTRIBUTION_KEYS)?;
        let storage = entries.read(reader, "storage", Storage::read);
        let require_consent = entries.read(reader, "require_consent", flag);
        let consent_span = entries.key_span("require_consent");
        entries.finish(reader);
        let (storage, require_consent) = (storage.unwrap_or_default(), require_consent.unwrap_or(false));
        Some(Attribution { storage, require_consent, consent_span })
    }
}

impl Storage {
    const NAMES: [&str; 3] = ["none", "session", "local"];

    fn read(reader: &mut YamlReader, node: &Node) -> Option<Storage> {
        let text = value(reader, node)?;
        match text.as_str() {
            "none" => Some(Storage::None),
            "session" => Some(Storage::Session),
            "local" => Some(Storage::Local),
            _ => {
                let diagnostic = Diagnostic::error(Rule::WrongType, format!("unknown storage `{text}`"))
                    .at(reader.source, node.span, "`none`, `session` or `local` is expected here")
                    .suggest(&text, Storage::NAMES);
                reader.diagnostics.push(diagnostic);
                None
            }
        }
    }
}

impl Analytics {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Analytics> {
        let mut entries = Entries::of(reader, node, &ANALYTICS_KEYS)?;
        let plausible = entries.read(reader, "plausible", plausible_domain);
        let gtm = entries.read(reader, "gtm", gtm_container);
        let analytics = match entries.given()[..] {
            ["plausible"] => plausible.map(Analytics::Plausible),
            ["gtm"] => gtm.map(Analytics::Gtm),
            [] if reader.partial || entries.has_unknown_key() => None,
            ref given => {
                let message = match given.is_empty() {
                    true => "`analytics` names no service",
                    false => "`analytics` names two services",
                };
                let label = "exactly one of `plausible` and `gtm` is expected here";
                reader.error(Rule::BadAnalytics, entries.span, message, label);
                None
            }
        };
        entries.finish(reader);
        analytics
    }
}

/// Reads the site's domain in Plausible: a host, or several joined by commas for a roll-up.
fn plausible_domain(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let domain = value(reader, node)?;
    let in_domain = |c: char| c.is_ascii_alphanumeric() || ".-,/".contains(c);
    if domain.contains('.') && domain.chars().all(in_domain) {
        return Some(domain);
    }
    let message = format!("`{domain}` is not a domain");
    let help = "write it as in Plausible's settings: `kazi.example`, without `https://`";
    reader.error_with_help(Rule::BadAnalytics, node.span, message, "a domain is expected here", help);
    None
}

/// Reads the id of a container: `GTM-`, then capitals and digits.
fn gtm_container(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let id = value(reader, node)?;
    let is_id = id.strip_prefix("GTM-").is_some_and(|rest| {
        (4..=12).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    if is_id {
        return Some(id);
    }
    let help = match id.starts_with("G-") || id.starts_with("UA-") || id.starts_with("AW-") {
        true => "this is the id of a property: write the id of the container that includes it, as in `GTM-ABC1234`",
        false => "write it as Tag Manager shows it: `GTM-ABC1234`",
    };
    let message = format!("`{id}` is not a Tag Manager container");
    reader.error_with_help(
        Rule::BadAnalytics,
        node.span,
        message,
        "an id such as `GTM-ABC1234` is expected here",
        help,
    );
    None
}
