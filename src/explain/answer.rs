//! The answer of `tagline explain`: lead cards, with the JSON that `--format json` prints.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use super::context::ExplainContext;
use super::selection::{Selection, SourceGroup};
use crate::lead_tags::{self, Issued};
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::register::{self, Register};
use crate::sales::campaign_rows::{self, CampaignRows};
use crate::sales::context::SalesContext;
use crate::sales::facts::{CampaignFacts, CtaWithLeads, CtaWithMessage, LeadFacts, Period};

/// The version of the JSON. Raise it when a change would break readers of the old format.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer<'s> {
    /// For a lead tag.
    Lead(Box<LeadAnswer<'s>>),
    /// For a short code, a campaign or a page: every lead tag that a lead from there can have.
    Group(Box<GroupAnswer<'s>>),
}

#[derive(Serialize)]
pub struct LeadAnswer<'s> {
    version: u32,
    /// What was looked up, if it is only a part of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    #[serde(flatten)]
    pub card: LeadCard<'s>,
    pub campaign: CampaignFacts,
}

#[derive(Serialize)]
pub struct GroupAnswer<'s> {
    version: u32,
    /// What was looked up, if it is only a part of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    /// The campaign's id; none for a page without a campaign.
    pub campaign: Option<Slug>,
    /// None for a campaign or a coupon code, which have leads from all channels.
    pub channel: Option<Slug>,
    /// The URL of the requested page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    pub sources: Vec<LeadCard<'s>>,
    /// The campaigns of all sources, by id.
    pub campaigns: BTreeMap<String, CampaignFacts>,
}

/// A lead tag with its call to action.
#[derive(Serialize)]
pub struct LeadCard<'s> {
    #[serde(flatten)]
    pub lead: LeadFacts<'s>,
    /// A sentence about what the lead did and where they came from.
    pub story: String,
    /// The same text as the form field `lead_summary`.
    lead_summary: String,
    /// Its URL on the deployed lead desk, if `desk_url` is set.
    #[serde(rename = "card")]
    pub url: Option<String>,
    pub cta: CtaWithMessage,
    /// What was offered on the requested day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<OffersOnDay<'s>>,
}

#[derive(Serialize)]
pub struct OffersOnDay<'s> {
    pub date: Date,
    /// Empty if the lead tag was not active. More than one if the offer changed on that day.
    pub offers: Vec<Period<'s>>,
}

/// Returns the answer for a selection. None if a selected lead tag has no rows.
pub fn for_selection<'s>(context: &ExplainContext<'s>, selection: Selection, rows: &'s Register) -> Option<Answer<'s>> {
    let sales = SalesContext::new(context.site, rows, context.notes, context.on);
    let campaigns = campaigns(context, rows, &selection.tags);
    let cards = cards(context, &sales, &campaigns, rows, &selection.tags);
    let taken = selection.taken;
    let Some(SourceGroup { campaign, channel, page }) = selection.group else {
        let (index, card) = cards.into_iter().next()?;
        let campaign = sales.of(&campaigns[index]).facts("");
        return Some(Answer::Lead(Box::new(LeadAnswer { version: VERSION, taken, card, campaign })));
    };
    let facts = campaigns.iter().map(|campaign| (campaign.id.to_string(), sales.of(campaign).facts("")));
    Some(Answer::Group(Box::new(GroupAnswer {
        version: VERSION,
        taken,
        campaign,
        channel,
        page: page.map(|index| context.site.config.base_url.absolute(&context.site.pages[index].path)),
        sources: cards.into_iter().map(|(_, card)| card).collect(),
        campaigns: facts.collect(),
    })))
}

/// Returns the register rows that an answer needs: those of the lead tags' campaigns, as the next build will write
/// them. A visitor from any channel can come to any page, so a lead tag that no page issues gets rows too if its three
/// parts exist.
pub fn rows_for(context: &ExplainContext, tags: &[LeadTag]) -> Register {
    let ids = campaign_ids(context, tags);
    let offers = context.site.offers.iter().filter(|offer| ids.contains(&offer.campaign));
    let mut issued: Vec<Issued> = offers.filter_map(|offer| lead_tags::issued(context.site, offer)).collect();
    let mut register = context.register.of_campaigns(&ids);
    let issued_today: HashSet<LeadTag> = issued.iter().map(|issued| issued.tag.clone()).collect();
    for tag in tags {
        let is_issued = issued_today.contains(tag) || !register.rows_of(tag).is_empty();
        if let Some(derived) = lead_tags::issued_on_any_channel(context.site, tag).filter(|_| !is_issued) {
            // Visitors from this channel always saw the offers of `direct`.
            register.issue_as(tag, &tag.with_channel(tag::direct_ref()));
            issued.push(derived);
        }
    }
    register::reconcile(&register, issued, context.today).register
}

/// Returns the ids of the lead tags' campaigns, present and former.
fn campaign_ids(context: &ExplainContext, tags: &[LeadTag]) -> BTreeSet<Slug> {
    let mut ids: BTreeSet<Slug> = BTreeSet::new();
    for tag in tags {
        ids.insert(tag.campaign.clone());
        let Some(index) = context.site.campaign_page(&tag.campaign) else { continue };
        ids.extend(context.site.pages[index].campaign.clone());
        ids.extend(context.site.pages[index].page.front.rare().was.iter().map(|former| former.value.clone()));
    }
    ids
}

fn campaigns<'s>(context: &ExplainContext<'s>, rows: &'s Register, tags: &[LeadTag]) -> Vec<CampaignRows<'s>> {
    let mut campaigns: Vec<CampaignRows<'s>> = Vec::new();
    for id in tags.iter().map(|tag| &tag.campaign).collect::<BTreeSet<_>>() {
        let campaign = campaign_rows::one(context.site, rows, id);
        campaigns.extend(campaign.filter(|new| campaigns.iter().all(|old| old.id != new.id)));
    }
    campaigns
}

/// Returns the card of each lead tag, in their order, with the index of its campaign.
fn cards<'s>(
    context: &ExplainContext<'s>,
    sales: &SalesContext<'s>,
    campaigns: &[CampaignRows<'s>],
    rows: &'s Register,
    tags: &[LeadTag],
) -> Vec<(usize, LeadCard<'s>)> {
    let positions: HashMap<&LeadTag, usize> = tags.iter().enumerate().map(|(position, tag)| (tag, position)).collect();
    let mut cards: Vec<(usize, usize, LeadCard<'s>)> = Vec::new();
    for (index, campaign) in campaigns.iter().enumerate() {
        let of_campaign = sales.of(campaign);
        for cta in campaign.ctas.iter().filter(|cta| cta.tags.iter().any(|rows| positions.contains_key(&rows[0].tag))) {
            let CtaWithLeads { cta, leads } = of_campaign.cta_with_leads(cta);
            for lead in leads {
                if let Some(&position) = positions.get(&lead.tag) {
                    cards.push((position, index, card(context, rows, lead, cta.clone())));
                }
            }
        }
    }
    cards.sort_by_key(|(position, ..)| *position);
    cards.into_iter().map(|(_, index, card)| (index, card)).collect()
}

fn card<'s>(
    context: &ExplainContext<'s>,
    rows: &'s Register,
    lead: LeadFacts<'s>,
    cta: CtaWithMessage,
) -> LeadCard<'s> {
    let tag = &lead.tag;
    let offers = |date| rows.rows_of(tag).iter().filter(|row| row.offered_on(date)).map(Period::of).collect();
    let on = context.on.map(|date| OffersOnDay { date, offers: offers(date) });
    let lead_summary = offer::summary(lead.label(), &tag.campaign, &tag.channel, lead.channel_label);
    let url = context.site.config.leads.desk_url.as_ref().map(|url| format!("{url}#{tag}"));
    LeadCard { story: lead.story(), lead_summary, url, lead, cta, on }
}
