//! Channels: the places that visitors come from, and how an arrival is told to be from one of them.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::model::slug::Slug;
use crate::source::{Located, Span};

/// One entry of `channels` in `site.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: Slug,
    /// Where its id stands in `site.yaml`.
    pub place: Span,
    /// For people: `Partner: Acme`.
    pub label: String,
    /// `utm_source` of the links to hand out.
    pub source: Located<String>,
    /// `utm_medium`.
    pub medium: Located<String>,
    /// Other values of `utm_source` that mean this channel.
    pub sources: Vec<Located<String>>,
    /// Hosts, in lower case, whose visitors come by this channel; those of their subdomains, too.
    pub referrers: Vec<Located<String>>,
    /// Parameters of [`CLICK_IDS`] that its ads put into an address.
    pub click_ids: Vec<Located<&'static str>>,
    /// What the CRM itself calls the channel: a value of its list of lead sources.
    pub crm_source: Option<Located<String>>,
}

/// The parameters by which ad platforms know a click again, in lower case, as their own documents name them: Google Ads
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

impl Channel {
    /// Every `utm_source` that means this channel: its own first.
    pub fn all_sources(&self) -> impl Iterator<Item = &Located<String>> {
        std::iter::once(&self.source).chain(&self.sources)
    }
}

/// What an arrival is told by: for each source with its medium, click id and host the one channel that it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrivals<'c> {
    /// By [`source_key`].
    pub sources: BTreeMap<String, &'c Slug>,
    /// By the names of [`CLICK_IDS`].
    pub clicks: BTreeMap<&'c str, &'c Slug>,
    pub referrers: BTreeMap<&'c str, &'c Slug>,
}

/// `utm_source` and `utm_medium` as they are compared, with `|` between them: in lower case, without spaces around them.
/// The arrival script makes the same of what it reads.
pub fn source_key(source: &str, medium: &str) -> String {
    format!("{}|{}", source.trim().to_lowercase(), medium.trim().to_lowercase())
}

impl<'c> Arrivals<'c> {
    pub fn of(channels: &'c IndexMap<Slug, Channel>) -> Arrivals<'c> {
        let mut sources = BTreeMap::new();
        let mut alone: BTreeMap<String, Option<&Slug>> = BTreeMap::new();
        for channel in channels.values() {
            for source in channel.all_sources() {
                sources.insert(source_key(&source.value, &channel.medium.value), &channel.id);
                let only = alone.entry(source_key(&source.value, "")).or_insert(Some(&channel.id));
                *only = only.filter(|other| **other == channel.id);
            }
        }
        // A link that lost its medium still says which channel it was, where only one has that source.
        for (source, channel) in alone {
            if let Some(channel) = channel {
                sources.entry(source).or_insert(channel);
            }
        }
        let of_channels = channels.values();
        let clicks = of_channels.clone().flat_map(|channel| channel.click_ids.iter().map(|id| (id.value, &channel.id)));
        let referrers =
            of_channels.flat_map(|channel| channel.referrers.iter().map(|host| (host.value.as_str(), &channel.id)));
        Arrivals { sources, clicks: clicks.collect(), referrers: referrers.collect() }
    }

    /// The channel of a link with these parameters; `medium` is empty where it has none.
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
            place: Span::new(0, 0),
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
    fn an_arrival_is_told_by_source_and_medium_whatever_their_case() {
        let mut channels = IndexMap::from([
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
            ("", "", None),
        ] {
            assert_eq!(arrivals.by_source(source, medium).map(Slug::as_str), expected, "{source} {medium}");
        }
    }
}
