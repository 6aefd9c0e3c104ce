//! Whom a rendered page is for: the visitors of its own address, or those of one channel.

use super::page::FrontMatter;
use super::slug::Slug;
use super::tag;

/// The visitors that one rendering of a page is for, and the channels of the lead tags on it. A page is rendered for its
/// own address, and as a channel page for each channel of its campaign.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'p> {
    /// The channel in the lead tags of the page's own campaign: `direct`, or the channel of a channel page.
    pub own: &'p Slug,
    /// The channel in the lead tags of other campaigns: `counts_as` or `direct`, or the channel of a channel page.
    pub others: &'p Slug,
    pub is_channel_page: bool,
}

impl<'p> Audience<'p> {
    /// Returns the visitors of the page's own address.
    pub fn base(front: &'p FrontMatter) -> Audience<'p> {
        let direct = tag::direct_ref();
        let others = front.rare().counts_as.as_ref().map_or(direct, |channel| &channel.value);
        Audience { own: direct, others, is_channel_page: false }
    }

    pub fn channel_page(channel: &'p Slug) -> Audience<'p> {
        Audience { own: channel, others: channel, is_channel_page: true }
    }

    /// Returns the channel in the lead tags of a campaign's calls to action.
    pub fn channel(&self, is_own_campaign: bool) -> &'p Slug {
        if is_own_campaign { self.own } else { self.others }
    }
}
