//! The share links of campaigns, one for each channel.

use serde::Serialize;

use crate::diagnostics::nearest;
use crate::lead_tags::{share_link, short_link};
use crate::model::channel::Channel;
use crate::model::code::ShortCode;
use crate::model::ga4::{self, Ga4Group};
use crate::model::slug::Slug;
use crate::model::variant::Variant;
use crate::resolve::{Site, SitePage, State};

/// The link of one campaign on one channel. The field names are the keys of the JSON.
#[derive(Clone, Debug, Serialize)]
pub struct ShareLink<'s> {
    pub campaign: &'s Slug,
    pub channel: &'s Slug,
    /// The language or version that it leads to. Left out for the page as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<&'s Variant>,
    /// The channel's label: `Partner: Acme`.
    pub label: &'s str,
    /// The absolute URL, with `utm_*`.
    pub link: String,
    /// The absolute URL: `https://kazi.example/go/4n3xr0a9sk/`.
    pub short_link: String,
    pub code: ShortCode,
    pub ga4_group: Ga4Group,
}

/// A campaign with its links, in the order of its channels.
pub struct CampaignLinks<'s> {
    pub page: &'s SitePage,
    pub id: &'s Slug,
    pub links: Vec<ShareLink<'s>>,
}

/// Why a campaign has no links.
#[derive(Debug, PartialEq, Eq)]
pub enum NoCampaign {
    Unknown {
        nearest: Option<Slug>,
    },
    /// It is a draft, and this is no preview.
    Draft,
}

/// Returns the links of all campaigns, sorted by id, those of variants after those of the page as written. Drafts are included only in a preview.
pub fn all<'s>(site: &'s Site, placement: Option<&'s Slug>) -> impl Iterator<Item = CampaignLinks<'s>> {
    let pages = site.campaigns.keys().flat_map(|id| site.variants_of(id));
    pages.filter(|page| has_links(site, page)).filter_map(move |page| of_page(site, page, placement))
}

/// Returns the links of the campaign with a present or former id: of its page, then of its variants.
pub fn of_campaign<'s>(
    site: &'s Site,
    id: &str,
    placement: Option<&'s Slug>,
) -> Result<Vec<CampaignLinks<'s>>, NoCampaign> {
    let index = site.campaigns.get(id).or_else(|| site.former_campaigns.get(id));
    let unknown = || {
        let ids = site.campaigns.keys().chain(site.former_campaigns.keys());
        NoCampaign::Unknown { nearest: nearest(id, ids.map(Slug::as_str)).and_then(|id| Slug::parse(id).ok()) }
    };
    let page = &site.pages[*index.ok_or_else(unknown)?];
    if !has_links(site, page) {
        return Err(NoCampaign::Draft);
    }
    let campaign = page.campaign.as_ref().ok_or_else(unknown)?;
    let pages = site.variants_of(campaign).filter(|page| has_links(site, page));
    Ok(pages.filter_map(|page| of_page(site, page, placement)).collect())
}

/// Scheduled and ended campaigns have links: they are prepared before the start, and stay in print after the end.
fn has_links(site: &Site, page: &SitePage) -> bool {
    page.state != State::Draft || site.options.preview
}

fn of_page<'s>(site: &'s Site, page: &'s SitePage, placement: Option<&Slug>) -> Option<CampaignLinks<'s>> {
    let id = page.campaign.as_ref()?;
    let channels = site.channel_pages(page).filter_map(|channel| site.config.channels.get(channel));
    let links = channels.filter_map(|channel| link(site, page, id, channel, placement)).collect();
    Some(CampaignLinks { page, id, links })
}

fn link<'s>(
    site: &'s Site,
    page: &'s SitePage,
    campaign: &'s Slug,
    channel: &'s Channel,
    placement: Option<&Slug>,
) -> Option<ShareLink<'s>> {
    let code = ShortCode::of_link(campaign, &channel.id, page.variant())?;
    Some(ShareLink {
        campaign,
        channel: &channel.id,
        variant: page.variant(),
        label: &channel.label,
        link: share_link(site, page, &channel.id, placement),
        short_link: short_link(site, code),
        code,
        ga4_group: ga4::group(&channel.source.value, &channel.medium.value, campaign.as_str()),
    })
}
