//! Offers: what links, lead tags, the lead desk and the addresses of calls to action are made of.

use super::tag::{self, LeadTag};
use crate::model::slug::Slug;

/// One call to action of one campaign, offered on one page to one channel's visitors. A lead tag names
/// the first three; `offered_on` is the page, by its index in the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub campaign: Slug,
    pub cta: Slug,
    pub channel: Slug,
    pub offered_on: usize,
}

impl Offer {
    pub fn tag(&self) -> LeadTag {
        LeadTag { campaign: self.campaign.clone(), cta: self.cta.clone(), channel: self.channel.clone() }
    }
}

/// A lead in a sentence for people, the field `lead_summary`: `Download the hiring guide, Spring hiring, via Partner:
/// Acme`; with `direct` or `other` at its end where there is no channel to name.
pub fn summary(label: &str, campaign: &Slug, channel: &Slug, channel_label: &str) -> String {
    let words = campaign.as_str().replace('-', " ");
    let mut letters = words.chars();
    let campaign: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    match tag::is_reserved(channel) {
        true => format!("{label}, {campaign}, {channel}"),
        false => format!("{label}, {campaign}, via {channel_label}"),
    }
}
