//! Variants of a page: the landing page itself, and one channel page for each channel of its campaign.

use super::page::FrontMatter;
use super::slug::Slug;
use super::tag::{self, LeadTag};

/// One variant of a page, and the channels of the lead tags on it.
///
/// Languages and A/B versions will become fields of this type, and the fourth part of the lead tags that it makes.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'p> {
    /// The channel in the lead tags of the page's own campaign: `direct`, or the channel of a channel page.
    pub own: &'p Slug,
    /// The channel in the lead tags of other campaigns: `counts_as` or `direct`, or the channel of a channel page.
    pub others: &'p Slug,
    pub is_channel_page: bool,
}

impl<'p> Variant<'p> {
    /// Returns the variant at the page's own address.
    pub fn base(front: &'p FrontMatter) -> Variant<'p> {
        let direct = tag::direct_ref();
        let others = front.counts_as.as_ref().map_or(direct, |channel| &channel.value);
        Variant { own: direct, others, is_channel_page: false }
    }

    pub fn channel_page(channel: &'p Slug) -> Variant<'p> {
        Variant { own: channel, others: channel, is_channel_page: true }
    }

    /// Returns the channel in the lead tags of a campaign's calls to action.
    pub fn channel(&self, is_own_campaign: bool) -> &'p Slug {
        if is_own_campaign { self.own } else { self.others }
    }

    /// Returns the lead tag of a call to action on this variant.
    pub fn lead_tag(&self, is_own_campaign: bool, campaign: &Slug, cta: &Slug) -> LeadTag {
        LeadTag::new(campaign, cta, self.channel(is_own_campaign))
    }
}
