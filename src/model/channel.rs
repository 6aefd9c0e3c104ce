//! Channels, the sources of visitors, and the assignment of an arrival to one of them.

use std::collections::BTreeMap;

use super::tag;
use super::values::NEW_CHANNEL;
use crate::diagnostics::{Diagnostic, list as names_list};
use crate::model::slug::{ById, Slug};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::{NAME, NAMES, TEXT, choice};
use crate::yaml::values::{list, located_text, located_texts, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// One entry of `channels` in `site.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: Slug,
    /// The id in `site.yaml`.
    pub span: Span,
    /// For people: `Partner: Acme`.
    pub label: String,
    /// `utm_source` of the channel's links.
    pub source: Located<String>,
    /// `utm_medium` of the channel's links.
    pub medium: Located<String>,
    /// Other values of `utm_source` that mean this channel.
    pub sources: Vec<Located<String>>,
    /// Hosts, in lower case. Visitors who come from one of them or from its subdomains count for this channel.
    pub referrers: Vec<Located<String>>,
    /// Parameters of [`CLICK_IDS`] that the channel's ads add to an address.
    pub click_ids: Vec<Located<&'static str>>,
    /// The CRM's name for the channel: a value of its list of lead sources.
    pub crm_source: Option<Located<String>>,
}

/// The parameters by which ad platforms recognise a click, in lower case, as their documentation names them: Google Ads
/// (`gclid`; `gbraid` and `wbraid` where iOS allows no `gclid`), Google's Display & Video 360 (`dclid`), Meta, Microsoft
/// Advertising, LinkedIn, TikTok, X, Pinterest, Reddit, Snapchat, Yandex, Quora, Taboola, Outbrain, Impact.
pub const CLICK_IDS: [&str; 17] = [
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "li_fat_id",
    "ttclid",
    "twclid",
    "epik",
    "rdt_cid",
    "sccid",
    "yclid",
    "qclid",
    "tblci",
    "dicbo",
    "irclickid",
];

/// The parameters that Google Ads adds to the addresses of ads besides a click id, or without one. They say that a visitor
/// comes from an ad, and identify no click.
pub const GOOGLE_ADS_MARKS: [&str; 2] = ["gad_source", "gad_campaignid"];

/// The click ids of Google Ads.
const GOOGLE_ADS_IDS: [&str; 3] = ["gclid", "gbraid", "wbraid"];

const HOST: Shape = Shape::value("host", |_| {
    let label = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?";
    serde_json::json!({ "type": "string", "pattern": format!("^{label}(?:\\.{label})+$") })
});
const HOSTS: Shape = Shape::set("list of hosts", &HOST);
const CLICK_ID: Shape = Shape::value("click id", |_| choice(CLICK_IDS));
const CLICK_ID_LIST: Shape = Shape::set("list of names", &CLICK_ID);

pub static KEYS: Mapping = Mapping::new(
    "a channel",
    &[
        Key::required(
            "label",
            TEXT,
            "The name that people read on a lead and in `lead_summary`: `Monthly newsletter`.",
        ),
        Key::required("source", NAME, "`utm_source` of its links."),
        Key::required(
            "medium",
            NAME,
            "`utm_medium` of its links: `email`, `social`, `cpc`, `referral`, `print`. With `source` it decides \
             [the GA4 group](links.md#what-the-ga4-group-means).",
        ),
        Key::optional("sources", NAMES, "Other values of `utm_source` that mean this channel, with the same medium.")
            .rules(&[Rule::ChannelOverlap]),
        Key::optional(
            "referrers",
            HOSTS,
            "Hosts whose visitors count for this channel, including those of their subdomains: \
             `[linkedin.com, lnkd.in]`.",
        )
        .rules(&[Rule::BadReferrer, Rule::ChannelOverlap]),
        Key::optional(
            "click_ids",
            CLICK_ID_LIST,
            "[Click ids](channels.md#click-ids) that its ads add to an address: `[gclid]`.",
        )
        .rules(&[Rule::UnknownClickId, Rule::ChannelOverlap]),
        Key::optional(
            "crm_source",
            NAME,
            "Your CRM's name for the channel, such as [Salesforce's lead source](destinations/salesforce.md).",
        ),
    ],
);

const CHANNEL: Shape = Shape::mapping(&KEYS);
/// `channels` in `site.yaml`.
pub const CHANNELS: Shape = Shape::map("id to keys below", &NEW_CHANNEL, &CHANNEL);

impl Channel {
    pub fn read(reader: &mut YamlReader, id: &Located<Slug>, node: &Node) -> Option<Channel> {
        let is_reserved = tag::is_reserved(&id.value);
        if is_reserved {
            let message = format!("`{}` always exists and is not declared", id.value);
            reader.error(Rule::ReservedChannel, id.span, message, "choose another id for this channel");
        }
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let label = entries.read(reader, "label", text);
        let source = entries.read(reader, "source", located_text);
        let medium = entries.read(reader, "medium", located_text);
        let sources = entries.read(reader, "sources", located_texts);
        let referrers = entries.read(reader, "referrers", |reader, node| list(reader, node, referrer));
        let click_ids = entries.read(reader, "click_ids", |reader, node| list(reader, node, click_id));
        let crm_source = entries.read(reader, "crm_source", located_text);
        entries.finish(reader);
        let channel = Channel {
            id: id.value.clone(),
            span: id.span,
            label: label?,
            source: source?,
            medium: medium?,
            sources: sources.unwrap_or_default(),
            referrers: referrers.unwrap_or_default(),
            click_ids: click_ids.unwrap_or_default(),
            crm_source,
        };
        (!is_reserved).then_some(channel)
    }

    /// Returns every `utm_source` that means this channel, the channel's own first.
    pub fn all_sources(&self) -> impl Iterator<Item = &Located<String>> {
        std::iter::once(&self.source).chain(&self.sources)
    }
}

/// Reads a host in the form that browsers use in `document.referrer`.
fn referrer(reader: &mut YamlReader, node: &Node) -> Option<Located<String>> {
    let written = located_text(reader, node)?;
    let host = written.value.to_lowercase();
    if is_host(&host) {
        return Some(Located { value: host, span: written.span });
    }
    let address = url::Url::parse(&host).or_else(|_| url::Url::parse(&format!("https://{host}")));
    let host_of_address = address.ok().and_then(|url| url.host_str().map(str::to_owned));
    let help = match host_of_address.filter(|host| is_host(host)) {
        Some(host) => format!("write `{host}`"),
        None => "write it as in `linkedin.com`: its subdomains are included".to_owned(),
    };
    let message = format!("`{}` is not a host", written.value);
    reader.error_with_help(Rule::BadReferrer, written.span, message, "only a host is expected here", help);
    None
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let in_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(in_label) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

fn click_id(reader: &mut YamlReader, node: &Node) -> Option<Located<&'static str>> {
    let written = located_text(reader, node)?;
    let lower = written.value.to_lowercase();
    if let Some(known) = CLICK_IDS.into_iter().find(|known| *known == lower) {
        return Some(Located { value: known, span: written.span });
    }
    let diagnostic = Diagnostic::error(Rule::UnknownClickId, format!("unknown click id `{}`", written.value))
        .at(reader.source, written.span, "not a supported parameter")
        .suggest(&lower, CLICK_IDS)
        .or_help(format!("the click ids are {}", names_list(CLICK_IDS)));
    reader.diagnostics.push(diagnostic);
    None
}

/// The assignment of arrivals: one channel for each source and medium, click id and host.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrivals<'c> {
    /// By [`source_key`].
    pub sources: BTreeMap<String, &'c Slug>,
    /// By the names of [`CLICK_IDS`].
    pub clicks: BTreeMap<&'c str, &'c Slug>,
    pub referrers: BTreeMap<&'c str, &'c Slug>,
    /// The channel with the click ids of Google Ads, for arrivals with one of [`GOOGLE_ADS_MARKS`] and no click id.
    pub google_ads: Option<&'c Slug>,
}

/// Returns `utm_source` and `utm_medium` as they are compared: trimmed, in lower case, joined by `|`, and without what follows
/// a `?`, with which some mailers add their own parameters. The arrival script does the same.
pub fn source_key(source: &str, medium: &str) -> String {
    let plain = |text: &str| text.split('?').next().unwrap_or_default().trim().to_lowercase();
    format!("{}|{}", plain(source), plain(medium))
}

impl<'c> Arrivals<'c> {
    pub fn of(channels: &'c ById<Channel>) -> Arrivals<'c> {
        let mut sources = BTreeMap::new();
        let mut without_medium: BTreeMap<String, Option<&Slug>> = BTreeMap::new();
        for channel in channels.values() {
            for source in channel.all_sources() {
                sources.insert(source_key(&source.value, &channel.medium.value), &channel.id);
                let only = without_medium.entry(source_key(&source.value, "")).or_insert(Some(&channel.id));
                *only = only.filter(|other| **other == channel.id);
            }
        }
        // A source without a medium is enough if only one channel has it.
        for (source, channel) in without_medium {
            if let Some(channel) = channel {
                sources.entry(source).or_insert(channel);
            }
        }
        let of_channels = channels.values();
        let clicks = of_channels.clone().flat_map(|channel| channel.click_ids.iter().map(|id| (id.value, &channel.id)));
        let clicks: BTreeMap<&str, &Slug> = clicks.collect();
        let referrers =
            of_channels.flat_map(|channel| channel.referrers.iter().map(|host| (host.value.as_str(), &channel.id)));
        let google_ads = GOOGLE_ADS_IDS.iter().find_map(|id| clicks.get(id)).copied();
        Arrivals { sources, clicks, referrers: referrers.collect(), google_ads }
    }

    /// Returns the channel of a link with these parameters. `medium` is empty if the link has none.
    pub fn by_source(&self, source: &str, medium: &str) -> Option<&'c Slug> {
        self.sources.get(&source_key(source, medium)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located<T>(value: T) -> Located<T> {
        Located { value, span: Span::new(0, 0) }
    }

    fn channel(id: &str, source: &str, medium: &str) -> (Slug, Channel) {
        let id = Slug::parse(id).unwrap();
        let channel = Channel {
            id: id.clone(),
            span: Span::new(0, 0),
            label: String::new(),
            source: located(source.to_owned()),
            medium: located(medium.to_owned()),
            sources: Vec::new(),
            referrers: Vec::new(),
            click_ids: Vec::new(),
            crm_source: None,
        };
        (id, channel)
    }

    #[test]
    fn arrival_is_assigned_by_source_and_medium_ignoring_case() {
        let mut channels = ById::from_iter([
            channel("ads", "google", "cpc"),
            channel("search", "Google", "organic"),
            channel("news", "Newsletter", "Email"),
        ]);
        channels[&Slug::parse("news").unwrap()].sources.push(located("mailchimp".to_owned()));
        let arrivals = Arrivals::of(&channels);
        for (source, medium, expected) in [
            ("google", "cpc", Some("ads")),
            ("GOOGLE", "CPC ", Some("ads")),
            ("google", "organic", Some("search")),
            ("google", "", None),
            ("google", "social", None),
            ("newsletter", "", Some("news")),
            ("Mailchimp", "email", Some("news")),
            ("mailchimp", "cpc", None),
            ("newsletter", "email?mc_cid=1", Some("news")),
            ("newsletter?utm_medium=email", "", Some("news")),
            ("", "", None),
        ] {
            assert_eq!(arrivals.by_source(source, medium).map(Slug::as_str), expected, "{source} {medium}");
        }
    }
}
