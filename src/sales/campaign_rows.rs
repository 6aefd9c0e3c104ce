//! Groups the rows of the tag register by campaign and call to action, as the content defines them today.

use std::collections::{BTreeMap, HashMap};

use super::facts::CampaignState;
use super::wording::{campaign_period, day_in_words};
use crate::model::cta::Cta;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::register::{Register, Row};
use crate::resolve::{Site, SiteCta, SitePage, State};

/// A campaign with all its lead tags, including those of its former ids.
pub struct CampaignRows<'s> {
    pub id: Slug,
    /// None if the content no longer has the campaign.
    pub page: Option<&'s SitePage>,
    pub ctas: Vec<CtaRows<'s>>,
}

/// A call to action with its lead tags.
pub struct CtaRows<'s> {
    pub id: Slug,
    /// None if the content no longer has the call to action.
    pub cta: Option<(&'s Cta, &'s SiteCta)>,
    /// For each lead tag its rows of the register, oldest first. Never empty.
    pub tags: Vec<&'s [Row]>,
}

/// Returns every campaign of the register: live ones first, then future, ended and removed ones, each group by title.
pub fn all<'s>(site: &'s Site, register: &'s Register) -> Vec<CampaignRows<'s>> {
    let mut by_id: BTreeMap<Slug, (Option<usize>, Vec<&'s [Row]>)> = BTreeMap::new();
    for rows in register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign) {
        let index = site.campaign_page(&rows[0].tag.campaign);
        let present = index.and_then(|index| site.pages[index].campaign.clone());
        let id = present.unwrap_or_else(|| rows[0].tag.campaign.clone());
        by_id.entry(id).or_insert_with(|| (index, Vec::new())).1.push(rows);
    }
    let mut campaigns: Vec<CampaignRows> =
        by_id.into_iter().map(|(id, (index, rows))| group(site, id, index, rows)).collect();
    campaigns.sort_by_cached_key(|campaign| {
        (state_order(campaign.page), campaign.title().to_lowercase(), campaign.id.clone())
    });
    campaigns
}

/// Returns the campaign with a present or former id. It may exist only in the register.
pub fn one<'s>(site: &'s Site, register: &'s Register, id: &Slug) -> Option<CampaignRows<'s>> {
    let index = site.campaign_page(id);
    let page = index.map(|index| &site.pages[index]);
    let present = page.and_then(|page| page.campaign.clone()).unwrap_or_else(|| id.clone());
    let former = page.map_or(&[][..], |page| &page.page.front.rare().was).iter().map(|former| &former.value);
    let rows: Vec<&[Row]> = std::iter::once(&present)
        .chain(former)
        .map(|id| register.rows_of_campaign(id))
        .filter(|rows| !rows.is_empty())
        .collect();
    (index.is_some() || !rows.is_empty()).then(|| group(site, present, index, rows))
}

fn state_order(page: Option<&SitePage>) -> u8 {
    match page.map(|page| page.state) {
        Some(State::Live) => 0,
        Some(State::Scheduled | State::Draft) => 1,
        Some(State::Ended) => 2,
        None => 3,
    }
}

/// `rows` has one slice for the campaign's id and for each former id, each sorted by lead tag.
fn group<'s>(site: &'s Site, id: Slug, index: Option<usize>, rows: Vec<&'s [Row]>) -> CampaignRows<'s> {
    let page = index.map(|index| &site.pages[index]);
    let mut present: Vec<CtaRows> = Vec::new();
    if let Some(page) = page {
        let ctas = page.page.front.ctas.keys().filter_map(|id| page.cta(id));
        present.extend(ctas.map(|(cta, state)| CtaRows {
            id: cta.id.value.clone(),
            cta: Some((cta, state)),
            tags: Vec::new(),
        }));
    }
    let mut removed: BTreeMap<&Slug, Vec<&[Row]>> = BTreeMap::new();
    for cta_rows in rows.iter().flat_map(|rows| rows.chunk_by(|a, b| a.tag.cta == b.tag.cta)) {
        let written = &cta_rows[0].tag.cta;
        let cta = page.and_then(|page| page.present_cta(written)).map(|cta| &cta.id.value);
        let tags = match cta.and_then(|cta| present.iter_mut().find(|other| other.id == *cta)) {
            Some(cta) => &mut cta.tags,
            None => removed.entry(written).or_default(),
        };
        tags.extend(cta_rows.chunk_by(|a, b| a.tag == b.tag));
    }
    let channels = page.map_or(&[][..], |page| &page.page.front.channels).iter().map(|channel| &channel.value);
    let positions: HashMap<&Slug, usize> =
        channels.enumerate().map(|(position, channel)| (channel, position)).collect();
    for cta in &mut present {
        cta.tags.shrink_to_fit();
        cta.tags.sort_by_cached_key(|rows| tag_order(&positions, &id, &cta.id, rows));
    }
    present.extend(removed.into_iter().map(|(id, tags)| CtaRows { id: id.clone(), cta: None, tags }));
    present.shrink_to_fit();
    CampaignRows { id, page, ctas: present }
}

/// Sorts open lead tags before closed ones, and both before those of former ids. Channels come in the order of the
/// campaign, which `positions` has, then other channels, then `direct` and `other`.
fn tag_order<'s>(
    positions: &HashMap<&Slug, usize>,
    campaign: &Slug,
    cta: &Slug,
    rows: &'s [Row],
) -> (bool, bool, usize, &'s LeadTag) {
    let tag = &rows[0].tag;
    let is_former = tag.campaign != *campaign || tag.cta != *cta;
    let is_closed = rows.iter().all(|row| row.until.is_some());
    let last = if tag::is_reserved(&tag.channel) { usize::MAX } else { positions.len() };
    let channel = positions.get(&tag.channel).copied().unwrap_or(last);
    (is_former, is_closed, channel, tag)
}

impl CampaignRows<'_> {
    /// Returns the title, or the id of a removed campaign.
    pub fn title(&self) -> &str {
        self.page.map_or(self.id.as_str(), |page| page.page.front.title.value.as_str())
    }

    pub fn state(&self) -> CampaignState {
        self.page.map_or(CampaignState::Gone, |page| page.state.into())
    }

    /// Returns the period in words: `runs from 1 March 2027 until 31 March 2027`.
    pub fn period(&self) -> String {
        match self.page {
            Some(page) => campaign_period(page),
            None => {
                let rows = self.ctas.iter().flat_map(|cta| &cta.tags).flat_map(|rows| rows.iter());
                let last = rows.map(|row| row.until.unwrap_or(row.from)).max();
                last.map(|day| format!("left the site on {}", day_in_words(day))).unwrap_or_default()
            }
        }
    }

    pub fn former_ids(&self) -> Vec<&Slug> {
        self.page.map_or(&[][..], |page| &page.page.front.rare().was).iter().map(|former| &former.value).collect()
    }

    /// Returns the number of lead tags.
    pub fn lead_tags(&self) -> usize {
        self.ctas.iter().map(|cta| cta.tags.len()).sum()
    }
}

impl CtaRows<'_> {
    /// Returns the label, or the last label of a removed call to action.
    pub fn label(&self) -> Option<&str> {
        match self.cta {
            Some((cta, _)) => Some(&cta.label),
            None => self.last_row().map(|row| &*row.label),
        }
    }

    /// Returns the open row, or else the row that was closed last.
    pub fn last_row(&self) -> Option<&Row> {
        self.tags.iter().flat_map(|rows| rows.iter()).max_by_key(|row| (row.until.is_none(), row.until))
    }
}
