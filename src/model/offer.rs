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
    let words = campaign.as_str().bytes().enumerate().map(|(at, byte)| match byte {
        b'-' => ' ',
        first if at == 0 => char::from(first.to_ascii_uppercase()),
        byte => char::from(byte),
    });
    let mut summary = String::with_capacity(label.len() + campaign.as_str().len() + channel_label.len() + 16);
    summary.push_str(label);
    summary.push_str(", ");
    summary.extend(words);
    push_summary_end(&mut summary, channel, channel_label);
    summary
}

/// Returns the end of a summary: `, via Partner: Acme`. The reserved channels have no label: `, direct`.
pub fn summary_end(channel: &Slug, channel_label: &str) -> String {
    let mut end = String::new();
    push_summary_end(&mut end, channel, channel_label);
    end
}

fn push_summary_end(summary: &mut String, channel: &Slug, channel_label: &str) {
    let (start, channel) = if tag::is_reserved(channel) { (", ", channel.as_str()) } else { (", via ", channel_label) };
    summary.push_str(start);
    summary.push_str(channel);
}
