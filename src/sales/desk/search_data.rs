//! The data that `desk.js` searches, as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use rayon::prelude::*;
use serde::Serialize;

use super::card_pages::CardLinks;
use super::view::{LibraryItem, LibraryView};
use crate::lead_tags::codes_to_quote;
use crate::model::code::ShortCode;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::resolve::Site;
use crate::sales::campaign_rows::{CampaignRows, CtaRows};
use crate::sales::facts::CampaignState;

/// The version of the JSON. Data and script are always written together.
const VERSION: u32 = 1;

/// Returns the search data of the whole desk.
pub fn json(
    site: &Site,
    campaigns: &[CampaignRows],
    links: &CardLinks,
    library: &LibraryView,
) -> anyhow::Result<String> {
    let channels = site.config.channels.values().map(|channel| {
        (
            channel.id.as_str(),
            ChannelData { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
        )
    });
    let data = SearchData {
        version: VERSION,
        base_url: site.config.base_url.to_string(),
        channels: channels.collect(),
        campaigns: campaigns.par_iter().map(|campaign| campaign_data(site, campaign, links)).collect(),
        pages: (0..site.pages.len()).filter_map(|index| page_data(site, index)).collect(),
        library: library.by_campaign.iter().flat_map(|group| &group.items).collect(),
    };
    Ok(serde_json::to_string(&data)?)
}

#[derive(Serialize)]
struct SearchData<'d> {
    version: u32,
    base_url: String,
    channels: BTreeMap<&'d str, ChannelData<'d>>,
    campaigns: Vec<CampaignData<'d>>,
    /// Pages without a campaign that offer the calls to action of campaigns.
    pages: Vec<PageData<'d>>,
    library: Vec<&'d LibraryItem>,
}

#[derive(Serialize)]
struct ChannelData<'d> {
    label: &'d str,
    source: &'d str,
    medium: &'d str,
}

#[derive(Serialize)]
struct CampaignData<'d> {
    id: &'d str,
    title: &'d str,
    state: CampaignState,
    /// The landing page's path, without the base path.
    path: String,
    was: Vec<&'d Slug>,
    /// The page of its lead cards; empty for `index.html`.
    href: String,
    /// The labels of its calls to action, by id.
    labels: BTreeMap<&'d str, &'d str>,
    /// Codes with their channels: those of links, and those that visitors quote to a contact. Includes those of former
    /// ids.
    codes: Vec<(ShortCode, Slug)>,
    leads: String,
}

#[derive(Serialize)]
struct PageData<'d> {
    /// Without the base path.
    path: String,
    title: &'d str,
    leads: Vec<LeadTag>,
}

fn campaign_data<'c>(site: &Site, campaign: &'c CampaignRows<'_>, links: &CardLinks) -> CampaignData<'c> {
    let labels = campaign.ctas.iter().filter_map(|cta| Some((cta.id.as_str(), cta.label()?)));
    CampaignData {
        id: campaign.id.as_str(),
        title: campaign.title(),
        state: campaign.state(),
        path: campaign.page.map(|page| format!("/{}", page.path.as_str())).unwrap_or_default(),
        was: campaign.former_ids(),
        href: links.page(campaign.id.as_str()),
        labels: labels.collect(),
        codes: codes(site, campaign).into_iter().collect(),
        leads: campaign.ctas.iter().map(leads_data).collect(),
    }
}

fn codes(site: &Site, campaign: &CampaignRows) -> BTreeSet<(ShortCode, Slug)> {
    let tags = || campaign.ctas.iter().flat_map(|cta| &cta.tags);
    let mut codes: BTreeSet<(ShortCode, Slug)> =
        tags().filter_map(|rows| Some((rows[0].code?, rows[0].tag.channel.clone()))).collect();
    let rows = tags().flat_map(|rows| rows.iter());
    let quoting = rows.filter(|row| row.kind.quotes_a_code(&row.offer));
    let quoting: BTreeSet<&Slug> = quoting.map(|row| &row.tag.campaign).collect();
    codes.extend(quoting.into_iter().flat_map(|id| codes_to_quote(site, id)));
    codes
}

/// Returns a line for each lead tag: `-` if it is closed, the lead tag, and after a tab each offer it ever had.
fn leads_data(cta: &CtaRows) -> String {
    let mut lines = String::new();
    for rows in &cta.tags {
        if rows.iter().all(|row| row.until.is_some()) {
            lines.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(lines, "{}", rows[0].tag);
        for (position, row) in rows.iter().enumerate() {
            if rows[..position].iter().all(|earlier| earlier.offer != row.offer) {
                lines.push('\t');
                lines.push_str(&row.offer);
            }
        }
        lines.push('\n');
    }
    lines
}

/// Returns the lead tags of a page without a campaign; none if the page has no lead tags.
fn page_data(site: &Site, index: usize) -> Option<PageData<'_>> {
    let page = &site.pages[index];
    let channel = site.channels_of_variants(index).into_iter().next()?;
    let mut leads = Vec::new();
    for (campaign, cta) in site.ctas_of_others(index).filter(|_| page.campaign.is_none()) {
        let tag = LeadTag::new(campaign.campaign.as_ref()?, cta, &channel);
        if !leads.contains(&tag) {
            leads.push(tag);
        }
    }
    let title = page.page.front.title.value.as_str();
    (!leads.is_empty()).then(|| PageData { path: format!("/{}", page.path.as_str()), title, leads })
}
