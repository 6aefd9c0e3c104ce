//! Share links: from a campaign's page and a channel to the long and the short address for its visitors. Pages, link
//! lists and QR codes all use these functions.

use crate::model::code::ShortCode;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::model::url_encoding::query_value;
use crate::resolve::{Site, SitePage};

/// Returns the path of a short link's page: `go/<code>/`.
pub fn short_path(code: ShortCode) -> SitePath {
    SitePath::home().page("go", &code)
}

/// Returns the absolute short link, for print and QR codes.
pub fn short_link(site: &Site, code: ShortCode) -> String {
    site.config.base_url.absolute(&short_path(code))
}

/// Returns the absolute share link: the channel page with `utm_source`, `utm_medium`, `utm_campaign`, and the placement
/// as `utm_content`.
pub fn share_link(site: &Site, page: &SitePage, channel: &Slug, placement: Option<&Slug>) -> String {
    let placement = placement.map(|placement| format!("&utm_content={placement}")).unwrap_or_default();
    let address = site.config.base_url.absolute(&target(site, page, channel));
    format!("{address}{}{placement}", utm_query(site, page, channel))
}

/// Returns the share link without host and placement, for pages of the site itself.
pub fn rooted_share_link(site: &Site, page: &SitePage, channel: &Slug) -> String {
    let address = site.config.base_url.rooted(&target(site, page, channel));
    format!("{address}{}", utm_query(site, page, channel))
}

/// Returns the channel page, or the landing page if the campaign no longer runs on that channel.
fn target(site: &Site, page: &SitePage, channel: &Slug) -> SitePath {
    let has_page = site.config.channels.contains_key(channel) && site.channel_pages(page).any(|id| id == channel);
    if has_page { page.channel_path(channel) } else { page.path.clone() }
}

/// Returns the `utm_*` parameters with a leading `?`; an empty text if the site no longer has the channel.
fn utm_query(site: &Site, page: &SitePage, channel: &Slug) -> String {
    let (Some(channel), Some(campaign)) = (site.config.channels.get(channel), &page.campaign) else {
        return String::new();
    };
    let (source, medium) = (query_value(&channel.source.value), query_value(&channel.medium.value));
    format!("?utm_source={source}&utm_medium={medium}&utm_campaign={campaign}")
}
