//! Offers: the combinations of campaign, call to action, channel and page that a site has. Each one has a lead tag.

use super::tag::{self, LeadTag};
use super::variant::Variant;
use crate::model::slug::Slug;

/// One call to action of one campaign in one variant, offered on one page to visitors of one channel. The lead tag consists
/// of the first four fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub campaign: Slug,
    pub cta: Slug,
    pub channel: Slug,
    pub variant: Option<Variant>,
    /// The page, by its index in the site.
    pub offered_on: usize,
}

impl Offer {
    pub fn tag(&self) -> LeadTag {
        LeadTag::new(&self.campaign, &self.cta, &self.channel, self.variant.as_ref())
    }
}

/// Returns a lead as a phrase for people, the field `lead_summary`: `Download the hiring guide, Spring hiring, via
/// Partner: Acme`.
pub fn summary(label: &str, campaign: &Slug, channel: &Slug, channel_label: &str) -> String {
    let spaced = campaign.as_str().replace('-', " ");
    let mut letters = spaced.chars();
    let campaign: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    format!("{label}, {campaign}{}", summary_end(channel, channel_label))
}

/// Returns the end of a summary: `, via Partner: Acme`. The reserved channels have no label: `, direct`.
pub fn summary_end(channel: &Slug, channel_label: &str) -> String {
    if tag::is_reserved(channel) { format!(", {channel}") } else { format!(", via {channel_label}") }
}
