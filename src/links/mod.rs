//! The links to hand out: a resolved site comes in, one row for each campaign and channel goes out, as a table for
//! people, as CSV, as JSON or as QR codes.

pub mod qr;
mod table;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostics::{Diagnostic, nearest};
use crate::lead_tags::{share_link, short_link};
use crate::model::channel::Channel;
use crate::model::code::ShortCode;
use crate::model::ga4::{self, Ga4Group};
use crate::model::slug::Slug;
use crate::resolve::{Site, SitePage, State};
use crate::rules::Rule;
use crate::spreadsheet::harmless;

pub use table::table;

/// The version of the JSON; it goes up when a reader of the old form would go wrong.
const VERSION: u32 = 1;

/// The columns of the CSV and the names in the JSON.
pub const COLUMNS: [&str; 7] = ["campaign", "channel", "label", "link", "short_link", "code", "ga4_group"];

/// What visitors of one campaign on one channel are given.
#[derive(Clone, Debug, Serialize)]
pub struct Link<'s> {
    pub campaign: &'s Slug,
    pub channel: &'s Slug,
    /// The channel's, for people: `Partner: Acme`.
    pub label: &'s str,
    /// Absolute, with `utm_*`.
    pub link: String,
    /// Absolute: `https://kazi.example/go/4n3xr0a9sk/`.
    pub short_link: String,
    pub code: ShortCode,
    pub ga4_group: Ga4Group,
}

/// A campaign with its links, in the order of its channels.
pub struct CampaignLinks<'s> {
    pub page: &'s SitePage,
    pub id: &'s Slug,
    pub links: Vec<Link<'s>>,
}

/// Why there are no links of the campaign that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum NoCampaign {
    Unknown {
        nearest: Option<Slug>,
    },
    /// It is a draft, and drafts were not asked for.
    Draft,
}

/// The links of all campaigns that are no drafts (in a preview, of drafts too), in the order of the campaigns' ids.
pub fn all<'s>(site: &'s Site, placement: Option<&'s Slug>) -> impl Iterator<Item = CampaignLinks<'s>> {
    let pages = site.campaigns.values().map(|&index| &site.pages[index]);
    pages.filter(|page| is_handed_out(site, page)).filter_map(move |page| of_page(site, page, placement))
}

/// The links of one campaign, by its id or one that it had before.
pub fn of_campaign<'s>(site: &'s Site, id: &str, placement: Option<&'s Slug>) -> Result<CampaignLinks<'s>, NoCampaign> {
    let index = site.campaigns.get(id).or_else(|| site.former_campaigns.get(id));
    let unknown = || {
        let known = site.campaigns.keys().chain(site.former_campaigns.keys());
        NoCampaign::Unknown { nearest: nearest(id, known.map(Slug::as_str)).and_then(|near| Slug::parse(near).ok()) }
    };
    let page = &site.pages[*index.ok_or_else(unknown)?];
    if !is_handed_out(site, page) {
        return Err(NoCampaign::Draft);
    }
    of_page(site, page, placement).ok_or_else(unknown)
}

/// Scheduled and ended ones are: links are prepared before the start, and stay in print after the end.
fn is_handed_out(site: &Site, page: &SitePage) -> bool {
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
    page: &SitePage,
    campaign: &'s Slug,
    channel: &'s Channel,
    placement: Option<&Slug>,
) -> Option<Link<'s>> {
    let code = ShortCode::of_link(campaign, &channel.id)?;
    Some(Link {
        campaign,
        channel: &channel.id,
        label: &channel.label,
        link: share_link(site, page, &channel.id, placement),
        short_link: short_link(site, code),
        code,
        ga4_group: ga4::group(&channel.source.value, &channel.medium.value, campaign.as_str()),
    })
}

/// The CSV, with a header. Cells that a spreadsheet would take for formulas are made harmless.
pub fn csv<'s>(campaigns: impl IntoIterator<Item = CampaignLinks<'s>>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for link in campaigns.into_iter().flat_map(|campaign| campaign.links) {
        let Link { campaign, channel, label, link, short_link, code, ga4_group } = &link;
        let code = code.to_string();
        let cells = [campaign.as_str(), channel.as_str(), label, link, short_link, &code, ga4_group.name()];
        writer.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.into_inner()?)
}

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    site: &'s str,
    links: Vec<Link<'s>>,
}

/// `{"version": 1, "site": …, "links": [{"campaign": …, …}]}`, with the names of [`COLUMNS`] and raw values.
pub fn json<'s>(site: &'s Site, campaigns: impl IntoIterator<Item = CampaignLinks<'s>>) -> anyhow::Result<String> {
    let links = campaigns.into_iter().flat_map(|campaign| campaign.links).collect();
    let document = Document { version: VERSION, site: &site.config.title, links };
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

/// A warning for each channel with links that no group of GA4 fits, at the channel's medium.
pub fn unassigned(site: &Site, campaigns: &[CampaignLinks]) -> Vec<Diagnostic> {
    let links = campaigns.iter().flat_map(|campaign| &campaign.links);
    let unassigned = links.filter(|link| link.ga4_group == Ga4Group::Unassigned);
    let channels: BTreeMap<&Slug, &Channel> =
        unassigned.filter_map(|link| Some((link.channel, site.config.channels.get(link.channel)?))).collect();
    channels.into_values().map(|channel| unassigned_channel(site, channel)).collect()
}

/// The warning for one such channel.
pub fn unassigned_channel(site: &Site, channel: &Channel) -> Diagnostic {
    let medium = &channel.medium.value;
    let message = format!("visits from the channel `{}` are `Unassigned` in GA4", channel.id);
    let diagnostic = Diagnostic::warning(Rule::Ga4Unassigned, message).at(
        &site.config.source,
        channel.medium.span,
        "in none of GA4's default channel groups",
    );
    let custom = format!("make a custom channel group in GA4 for the medium `{medium}`");
    match is_offline(medium) {
        true => diagnostic.help(format!("GA4 has no group for print and events; keep the medium, and {custom}")),
        false => diagnostic
            .help(
                "if one of these is what it is, write it: `email`, `social`, `referral`, `affiliate`, `cpc`, `display`, \
                 `video`, `audio`, `sms`, `push`",
            )
            .help(format!("else keep the medium, and {custom}")),
    }
}

/// Media that people meet away from a screen, by the words that marketers use in `utm_medium`.
pub fn is_offline(medium: &str) -> bool {
    let offline = [
        "billboard",
        "booth",
        "brochure",
        "catalogue",
        "direct-mail",
        "event",
        "expo",
        "fair",
        "flyer",
        "leaflet",
        "magazine",
        "newspaper",
        "offline",
        "ooh",
        "outdoor",
        "package",
        "packaging",
        "poster",
        "postcard",
        "print",
        "qr",
        "radio",
        "sign",
        "sticker",
        "trade-show",
        "tv",
    ];
    offline.contains(&medium.to_lowercase().as_str())
}
