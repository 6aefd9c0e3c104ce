//! Links to hand out: a campaign's page and a channel come in, the long and the short address for its visitors go
//! out. The one place that builds them, for pages, lists and QR codes. And the codes that visitors quote.

use super::{Site, SitePage};
use crate::model::address::{SitePath, query_value};
use crate::model::code::ShortCode;
use crate::model::slug::Slug;
use crate::model::tag;

/// Where the page of a short link lies: `go/<code>/`.
pub fn short_path(code: ShortCode) -> SitePath {
    SitePath::home().page(&format!("go/{code}"))
}

impl Site {
    /// The absolute link: the channel page, with `utm_source`, `utm_medium` and `utm_campaign`, and with the placement
    /// as `utm_content`.
    pub fn link_to_hand_out(&self, page: &SitePage, channel: &Slug, placement: Option<&Slug>) -> String {
        let placement = placement.map(|placement| format!("&utm_content={placement}")).unwrap_or_default();
        let address = self.config.base_url.absolute(&self.page_for(page, channel));
        format!("{address}{}{placement}", self.query_for(page, channel))
    }

    /// The same without host and placement, for pages of the site itself.
    pub fn rooted_link_to_hand_out(&self, page: &SitePage, channel: &Slug) -> String {
        let address = self.config.base_url.rooted(&self.page_for(page, channel));
        format!("{address}{}", self.query_for(page, channel))
    }

    /// The short codes that visitors of a campaign can quote, by their channel. Anyone can arrive at any page, so these
    /// are all channels of the site; and `direct` and `other`, which have no link to hand out.
    pub fn codes_to_quote(&self, campaign: &Slug) -> impl Iterator<Item = (ShortCode, Slug)> {
        let channels = [tag::direct(), tag::other()].into_iter().chain(self.config.channels.keys().cloned());
        channels.map(move |channel| (ShortCode::derive(campaign, &channel), channel))
    }

    /// The absolute short link, for print and QR codes.
    pub fn short_link(&self, code: ShortCode) -> String {
        self.config.base_url.absolute(&short_path(code))
    }

    /// The channel page, or the landing page where the campaign does not run on that channel any more.
    fn page_for(&self, page: &SitePage, channel: &Slug) -> SitePath {
        let runs_there = self.config.channels.contains_key(channel) && self.channel_pages(page).any(|id| id == channel);
        if runs_there { page.channel_path(channel) } else { page.path.clone() }
    }

    /// Empty where the site has no such channel any more.
    fn query_for(&self, page: &SitePage, channel: &Slug) -> String {
        let (Some(channel), Some(campaign)) = (self.config.channels.get(channel), &page.campaign) else {
            return String::new();
        };
        let (source, medium) = (query_value(&channel.source.value), query_value(&channel.medium.value));
        format!("?utm_source={source}&utm_medium={medium}&utm_campaign={campaign}")
    }
}
