//! `analytics` in `site.yaml`: the service that measures visits and gets an event for each lead.

use serde_json::json;

use crate::model::address::WebUrl;
use crate::model::values::{WEB_URL, web_url};
use crate::rules::Rule;
use crate::yaml::values::value;
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Debug, PartialEq, Eq)]
pub enum Analytics {
    /// The site's domain in Plausible.
    Plausible(String),
    /// A measurement id of Google Analytics 4: `G-ABC1234567`.
    Ga4(String),
    /// A container of Google Tag Manager: `GTM-ABC1234`.
    Gtm(String),
    Matomo(Matomo),
}

/// A site in one's own Matomo.
#[derive(Debug, PartialEq, Eq)]
pub struct Matomo {
    /// The folder of `matomo.js` and `matomo.php`. Its path ends in `/`.
    pub url: WebUrl,
    /// The number of the site.
    pub site: u32,
}

const DOMAIN: Shape =
    Shape::value("domain", |_| json!({ "type": "string", "pattern": "^[a-zA-Z0-9.,/\\-]*\\.[a-zA-Z0-9.,/\\-]*$" }));
const MEASUREMENT: Shape = Shape::value("id", |_| json!({ "type": "string", "pattern": "^G-[A-Z0-9]{4,12}$" }));
const CONTAINER: Shape = Shape::value("id", |_| json!({ "type": "string", "pattern": "^GTM-[A-Z0-9]{4,12}$" }));
const SITE_NUMBER: Shape =
    Shape::value("number", |_| json!({ "type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]{0,8}$" }));

pub static KEYS: Mapping = Mapping::new(
    "`analytics`",
    &[
        Key::optional("plausible", DOMAIN, "The site's domain in Plausible: `kazi.example`.")
            .rules(&[Rule::BadAnalytics]),
        Key::optional("ga4", MEASUREMENT, "A measurement id of Google Analytics 4: `G-ABC1234567`.")
            .rules(&[Rule::BadAnalytics]),
        Key::optional("gtm", CONTAINER, "A container of Google Tag Manager: `GTM-ABC1234`.")
            .rules(&[Rule::BadAnalytics]),
        Key::optional("matomo", Shape::mapping(&MATOMO_KEYS), "A site in your own Matomo."),
    ],
)
.one_of(&["plausible", "ga4", "gtm", "matomo"]);

pub static MATOMO_KEYS: Mapping = Mapping::new(
    "`matomo`",
    &[
        Key::required("url", WEB_URL, "The address of Matomo: `https://stats.kazi.example/`.")
            .rules(&[Rule::BadUrl, Rule::BadAnalytics]),
        Key::required("site", SITE_NUMBER, "The number of the site in Matomo: `1`.").rules(&[Rule::BadAnalytics]),
    ],
);

impl Analytics {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Analytics> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let plausible = entries.read(reader, "plausible", plausible_domain);
        let ga4 = entries.read(reader, "ga4", ga4_measurement);
        let gtm = entries.read(reader, "gtm", gtm_container);
        let matomo = entries.read(reader, "matomo", Matomo::read);
        let analytics = match entries.given()[..] {
            ["plausible"] => plausible.map(Analytics::Plausible),
            ["ga4"] => ga4.map(Analytics::Ga4),
            ["gtm"] => gtm.map(Analytics::Gtm),
            ["matomo"] => matomo.map(Analytics::Matomo),
            [] if reader.partial || entries.has_unknown_key() => None,
            ref given => {
                let message = match given.is_empty() {
                    true => "`analytics` names no service",
                    false => "`analytics` names more than one service",
                };
                let label = "exactly one of `plausible`, `ga4`, `gtm` and `matomo` is expected here";
                reader.error(Rule::BadAnalytics, entries.span, message, label);
                None
            }
        };
        entries.finish(reader);
        analytics
    }
}

impl Matomo {
    fn read(reader: &mut YamlReader, node: &Node) -> Option<Matomo> {
        let mut entries = Entries::of(reader, node, &MATOMO_KEYS)?;
        let url = entries.read(reader, "url", matomo_url);
        let site = entries.read(reader, "site", site_number);
        entries.finish(reader);
        Some(Matomo { url: url?, site: site? })
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

/// Reads the id of a data stream: `G-`, then capitals and digits.
fn ga4_measurement(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let id = value(reader, node)?;
    if has_id(&id, "G-") {
        return Some(id);
    }
    let help = match () {
        () if id.starts_with("GTM-") => format!("this is a container of Tag Manager: write `gtm: {id}`"),
        () if id.starts_with("UA-") => {
            "Google has switched off properties with `UA-`: use the id of a GA4 data stream, as in `G-ABC1234567`"
                .to_owned()
        }
        () => "write it as the data stream shows it: `G-ABC1234567`".to_owned(),
    };
    let message = format!("`{id}` is not a measurement id of Google Analytics 4");
    let label = "an id such as `G-ABC1234567` is expected here";
    reader.error_with_help(Rule::BadAnalytics, node.span, message, label, help);
    None
}

/// Reads the id of a container: `GTM-`, then capitals and digits.
fn gtm_container(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let id = value(reader, node)?;
    if has_id(&id, "GTM-") {
        return Some(id);
    }
    let help = match () {
        () if has_id(&id, "G-") => {
            format!("this is a data stream of Google Analytics 4: write `ga4: {id}`, or a container that includes it")
        }
        () if id.starts_with("UA-") || id.starts_with("AW-") => {
            "this is the id of a property: write the id of the container that includes it, as in `GTM-ABC1234`"
                .to_owned()
        }
        () => "write it as Tag Manager shows it: `GTM-ABC1234`".to_owned(),
    };
    let message = format!("`{id}` is not a Tag Manager container");
    let label = "an id such as `GTM-ABC1234` is expected here";
    reader.error_with_help(Rule::BadAnalytics, node.span, message, label, help);
    None
}

/// Returns true for a prefix and 4 to 12 capitals and digits.
fn has_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        (4..=12).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

/// Reads the address of Matomo's folder. Its scripts have fixed names in it.
fn matomo_url(reader: &mut YamlReader, node: &Node) -> Option<WebUrl> {
    let url = web_url(reader, node)?;
    let parts = url.path_parts();
    let folder: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let is_file = folder.last().is_some_and(|last| last.ends_with(".php") || last.ends_with(".js"));
    if is_file || url.url().query().is_some() || url.url().fragment().is_some() {
        let message = "this is not the address of Matomo's folder";
        let help = "write the address at which you open Matomo: `https://stats.kazi.example/`";
        reader.error_with_help(Rule::BadAnalytics, node.span, message, "a folder is expected here", help);
        return None;
    }
    let mut parts = folder;
    parts.push("");
    Some(url.at_path(&parts))
}

/// Reads the number of a site, from 1.
fn site_number(reader: &mut YamlReader, node: &Node) -> Option<u32> {
    let written = value(reader, node)?;
    let number = written.parse().ok().filter(|number| (1..=999_999_999).contains(number) && !written.starts_with('+'));
    if number.is_none() {
        let message = format!("`{written}` is not the number of a site");
        let help = "Matomo shows it in Administration, Websites, Manage: `1`";
        reader.error_with_help(Rule::BadAnalytics, node.span, message, "a number such as `1` is expected here", help);
    }
    number
}
