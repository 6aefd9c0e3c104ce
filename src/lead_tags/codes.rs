//! The short codes of a site's campaigns: for share links, and for visitors to quote in a message or a call.

use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::offer::Offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, compare_channels};
use crate::model::variant::Variant;
use crate::resolve::Site;

/// A code, and its campaign, channel and variant.
pub type CampaignCode<'s> = (ShortCode, &'s Slug, Slug, Option<&'s Variant>);

/// The code of a campaign's share link on a channel, in a variant.
pub type LinkCode<'s> = (ShortCode, &'s Slug, &'s Slug, Option<&'s Variant>);

/// Returns the codes that visitors of a campaign can quote in one variant, with their channels. Visitors of every channel can
/// reach every page, so each channel of the site has one, and so have `direct` and `other`.
pub fn codes_to_quote(
    site: &Site,
    campaign: &Slug,
    variant: Option<&Variant>,
) -> impl Iterator<Item = (ShortCode, Slug)> {
    let channels = [tag::direct(), tag::other()].into_iter().chain(site.config.channels.keys().cloned());
    channels.map(move |channel| (ShortCode::to_quote(campaign, &channel, variant), channel))
}

/// Returns the codes of one campaign's share links, each once, sorted by channel and variant.
pub fn link_codes<'s>(offers: &[&'s Offer]) -> Vec<LinkCode<'s>> {
    let Some(Offer { campaign, .. }) = offers.first() else { return Vec::new() };
    let mut channels: Vec<_> = offers.iter().map(|offer| (&offer.channel, offer.variant.as_ref())).collect();
    channels.sort_by(|a, b| compare_channels(*a, *b));
    channels.dedup();
    let codes = channels.into_iter();
    let code = |(channel, variant)| Some((ShortCode::of_link(campaign, channel, variant)?, campaign, channel, variant));
    codes.filter_map(code).collect()
}

/// Returns the codes of one campaign's share links, and the codes that its visitors can quote.
pub fn all_codes<'s>(site: &'s Site, offers: &[&'s Offer]) -> Vec<CampaignCode<'s>> {
    let links = link_codes(offers).into_iter();
    let mut codes: Vec<CampaignCode> =
        links.map(|(code, campaign, channel, variant)| (code, campaign, channel.clone(), variant)).collect();
    let Some(Offer { campaign, .. }) = offers.first() else { return codes };
    for page in site.variants_of(campaign).filter(|page| page.page.front.ctas.values().any(Cta::quotes_a_code)) {
        let variant = page.variant();
        let quoted = codes_to_quote(site, campaign, variant);
        codes.extend(quoted.map(|(code, channel)| (code, campaign, channel, variant)));
    }
    codes
}
