//! The short codes of a site's campaigns: for share links, and for visitors to quote in a message or a call.

use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::offer::Offer;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::resolve::Site;

/// A code with the campaign and the channel that it stands for.
pub type CampaignCode<'s> = (ShortCode, &'s Slug, Slug);

/// Returns the codes that visitors of a campaign can quote, with their channels. Visitors of every channel can reach
/// every page, so each channel of the site has one, and so have `direct` and `other`.
pub fn codes_to_quote(site: &Site, campaign: &Slug) -> impl Iterator<Item = (ShortCode, Slug)> {
    let channels = [tag::direct(), tag::other()].into_iter().chain(site.config.channels.keys().cloned());
    channels.map(move |channel| (ShortCode::to_quote(campaign, &channel), channel))
}

/// Returns the codes of one campaign's share links, each once, sorted by channel.
pub fn link_codes<'s>(offers: &[&'s Offer]) -> Vec<(ShortCode, &'s Slug, &'s Slug)> {
    let Some(Offer { campaign, .. }) = offers.first() else { return Vec::new() };
    let mut channels: Vec<&Slug> = offers.iter().map(|offer| &offer.channel).collect();
    channels.sort();
    channels.dedup();
    let codes = channels.into_iter();
    codes.filter_map(|channel| Some((ShortCode::of_link(campaign, channel)?, campaign, channel))).collect()
}

/// Returns the codes of one campaign's share links, and the codes that its visitors can quote.
pub fn all_codes<'s>(site: &Site, offers: &[&'s Offer]) -> Vec<CampaignCode<'s>> {
    let links = link_codes(offers).into_iter();
    let mut codes: Vec<CampaignCode> =
        links.map(|(code, campaign, channel)| (code, campaign, channel.clone())).collect();
    let campaign = offers.first().map(|offer| &offer.campaign);
    if let Some(campaign) = campaign.filter(|id| quotes_a_code(site, id)) {
        codes.extend(codes_to_quote(site, campaign).map(|(code, channel)| (code, campaign, channel)));
    }
    codes
}

fn quotes_a_code(site: &Site, campaign: &Slug) -> bool {
    let page = site.campaigns.get(campaign).map(|&index| &site.pages[index]);
    page.is_some_and(|page| page.page.front.ctas.values().any(Cta::quotes_a_code))
}
