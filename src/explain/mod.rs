//! What a lead tag, a short code or an address stands for: what the lead saw, and what to say. From the site, the tag
//! register and the notes for sales to an [`Answer`]; `tell` draws it for a terminal.

mod lookup;
mod query;
mod text;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::lead_tags::{self, Issued};
use crate::model::address::SitePath;
use crate::model::channel::Arrivals;
use crate::model::code::ShortCode;
use crate::model::contact::{ContactMade, PhoneNumber};
use crate::model::offer::{self, Offer};
use crate::model::offer_kind::CtaKind;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::register::{self, Register, Row};
use crate::resolve::Site;
use crate::sales::facts::{CampaignFacts, CtaFacts, CtaWithLeads, LeadFacts, Period};
use crate::sales::leads::{self, CampaignLeads, Leads};
use crate::sales::notes::SalesNotes;
use query::{Asked, Query};

pub use text::tell;

/// The version of the JSON; it goes up when a reader of the old form would go wrong.
const VERSION: u32 = 1;

/// What is known, with whose help it was found, and for when it is asked.
pub struct Known<'s> {
    pub site: &'s Site,
    pub register: &'s Register,
    pub notes: &'s SalesNotes,
    pub today: Date,
    /// The day that is asked about, if not today.
    pub on: Option<Date>,
}

impl Known<'_> {
    /// Whether there is a campaign of this id, present or former, or ever was.
    fn has_campaign(&self, id: &Slug) -> bool {
        self.site.campaign_page(id).is_some() || !self.register.rows_of_campaign(id).is_empty()
    }
}

/// What something stands for.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Answer<'s> {
    /// A lead tag.
    Lead(Box<OneLead<'s>>),
    /// A short code, a campaign or a page: every lead tag that a lead from there can have.
    Place(Box<Place<'s>>),
}

#[derive(Serialize)]
pub struct OneLead<'s> {
    version: u32,
    #[serde(flatten)]
    card: Card<'s>,
    campaign: CampaignFacts,
}

#[derive(Serialize)]
pub struct Place<'s> {
    version: u32,
    /// The campaign's id; none for a page that is no campaign.
    campaign: Option<Slug>,
    /// None for a campaign's id or a coupon's code, which may be on any.
    channel: Option<Slug>,
    /// The page's address, where a page was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    sources: Vec<Card<'s>>,
    /// Of all sources, by id.
    campaigns: std::collections::BTreeMap<String, CampaignFacts>,
}

/// A lead tag with its call to action.
#[derive(Serialize)]
pub struct Card<'s> {
    #[serde(flatten)]
    lead: LeadFacts<'s>,
    /// What the lead did and where they came from, in a sentence.
    story: String,
    /// As in the form's field.
    lead_summary: String,
    /// Its address on the deployed lead desk, where `desk_url` is set.
    card: Option<String>,
    cta: CtaFacts,
    /// What it offered on the day that is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<OnDay<'s>>,
}

#[derive(Serialize)]
pub struct OnDay<'s> {
    date: Date,
    /// None: it was not in the market. More than one: the offer changed that day.
    offers: Vec<Period<'s>>,
}

/// Why there is no answer, with ways on.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    /// As a diagnostic's: lower case, names in backticks, no full stop.
    pub message: String,
    pub help: Vec<String>,
}

/// The lead tags that a question is about.
struct Meant {
    tags: Vec<LeadTag>,
    /// Of a place: its campaign, channel and page.
    place: Option<(Option<Slug>, Option<Slug>, Option<usize>)>,
}

/// Answers what `text` asks. The answer borrows from what is known; `rows` gets the register's rows that it needs.
pub fn answer<'s>(known: &Known<'s>, text: &str, rows: &'s mut Register) -> Result<Answer<'s>, Unknown> {
    let meant = meant(known, text)?;
    *rows = rows_for(known, &meant.tags);
    let rows: &'s Register = rows;
    let leads = Leads::new(known.site, known.notes, known.on);
    let mut campaigns: Vec<CampaignLeads<'s>> = Vec::new();
    for id in meant.tags.iter().map(|tag| &tag.campaign).collect::<BTreeSet<_>>() {
        let campaign = leads::campaign(known.site, rows, id);
        campaigns.extend(campaign.filter(|new| campaigns.iter().all(|old| old.id != new.id)));
    }
    let cards = cards(known, &leads, &campaigns, rows, &meant.tags);
    let Some((campaign, channel, page)) = meant.place else {
        let (index, card) = cards.into_iter().next().ok_or_else(|| lookup::not_a_lead_tag(known, text))?;
        let campaign = leads.campaign_facts(&campaigns[index], "");
        return Ok(Answer::Lead(Box::new(OneLead { version: VERSION, card, campaign })));
    };
    let facts = campaigns.iter().map(|campaign| (campaign.id.to_string(), leads.campaign_facts(campaign, "")));
    let page = page.map(|index| known.site.config.base_url.absolute(&known.site.pages[index].path));
    let sources = cards.into_iter().map(|(_, card)| card).collect();
    Ok(Answer::Place(Box::new(Place {
        version: VERSION,
        campaign,
        channel,
        page,
        sources,
        campaigns: facts.collect(),
    })))
}

/// The rows of the lead tags' campaigns, as the register will have them after the next build, and one for each lead tag
/// whose three parts are known and that no page issues: a visitor from any channel can arrive at any page.
fn rows_for(known: &Known, tags: &[LeadTag]) -> Register {
    let mut ids: BTreeSet<Slug> = BTreeSet::new();
    for tag in tags {
        ids.insert(tag.campaign.clone());
        let Some(index) = known.site.campaign_page(&tag.campaign) else { continue };
        ids.extend(known.site.pages[index].campaign.clone());
        ids.extend(known.site.pages[index].page.front.was.iter().map(|former| former.value.clone()));
    }
    let issued = known.site.offers.iter().filter(|offer| ids.contains(&offer.campaign));
    let mut issued: Vec<Issued> = issued.filter_map(|offer| lead_tags::issued(known.site, offer)).collect();
    let mut register = known.register.of_campaigns(&ids);
    let of_today: HashSet<LeadTag> = issued.iter().map(|issued| issued.tag.clone()).collect();
    for tag in tags {
        let is_issued = of_today.contains(tag) || !register.rows_of(tag).is_empty();
        if let Some(derived) = lead_tags::issued_on_any_channel(known.site, tag).filter(|_| !is_issued) {
            // It has offered all along what everyone was offered.
            register.issue_as(tag, &tag.with_channel(tag::direct_ref()));
            issued.push(derived);
        }
    }
    register::reconcile(&register, issued, known.today).register
}

/// The card of each lead tag, in their order, with the index of its campaign.
fn cards<'s>(
    known: &Known<'s>,
    leads: &Leads<'s>,
    campaigns: &[CampaignLeads<'s>],
    rows: &'s Register,
    tags: &[LeadTag],
) -> Vec<(usize, Card<'s>)> {
    let asked: HashMap<&LeadTag, usize> = tags.iter().enumerate().map(|(place, tag)| (tag, place)).collect();
    let mut cards: Vec<(usize, usize, Card<'s>)> = Vec::new();
    for (index, campaign) in campaigns.iter().enumerate() {
        for cta in campaign.ctas.iter().filter(|cta| cta.tags.iter().any(|rows| asked.contains_key(&rows[0].tag))) {
            let CtaWithLeads { facts, leads } = leads.cta(campaign, cta);
            for lead in leads {
                if let Some(&place) = asked.get(&lead.tag) {
                    cards.push((place, index, card(known, rows, lead, facts.clone())));
                }
            }
        }
    }
    cards.sort_by_key(|(place, ..)| *place);
    cards.into_iter().map(|(_, index, card)| (index, card)).collect()
}

fn card<'s>(known: &Known<'s>, rows: &'s Register, lead: LeadFacts<'s>, cta: CtaFacts) -> Card<'s> {
    let tag = &lead.tag;
    let offers = |date| rows.rows_of(tag).iter().filter(|row| row.offered_on(date)).map(Period::of).collect();
    let on = known.on.map(|date| OnDay { date, offers: offers(date) });
    let lead_summary = offer::summary(lead.label(), &tag.campaign, &tag.channel, lead.channel_label);
    let card = known.site.config.leads.desk_url.as_ref().map(|url| format!("{url}#{tag}"));
    Card { story: lead.story(), lead_summary, card, lead, cta, on }
}

/// From a text to the lead tags that it is about.
fn meant(known: &Known, text: &str) -> Result<Meant, Unknown> {
    match query::read(known, text) {
        Asked::Tag(tag) => of_tag(known, tag),
        Asked::Unclear => {
            let meant = of_offer(known, text).or_else(|| of_message(known, text));
            meant.ok_or_else(|| lookup::not_a_lead_tag(known, text))
        }
        Asked::Code(code) => of_code(known, code),
        Asked::BadCode { typed, why } => of_offer(known, text).ok_or_else(|| lookup::no_code(known, &typed, why)),
        Asked::Campaign(id) => Ok(whole_campaign(known, &id)),
        Asked::Page { path, query } => of_page(known, &path, &query),
        Asked::Elsewhere { host, query } => of_query(known, &query).ok_or_else(|| lookup::another_site(&host)),
    }
}

/// The lead tag itself. A former one that was never issued, as of a channel that came later, is its present one.
fn of_tag(known: &Known, tag: LeadTag) -> Result<Meant, Unknown> {
    let of = |tag: LeadTag| Meant { tags: vec![tag], place: None };
    if is_known(known, &tag) {
        return Ok(of(tag));
    }
    let present = lead_tags::current_tag(known.site, &tag).filter(|present| is_known(known, present));
    present.map(of).ok_or_else(|| lookup::no_lead_tag(known, &tag))
}

/// Whether a lead tag was ever issued, or all its parts are known.
fn is_known(known: &Known, tag: &LeadTag) -> bool {
    !known.register.rows_of(tag).is_empty() || lead_tags::issued_on_any_channel(known.site, tag).is_some()
}

fn of_code(known: &Known, code: ShortCode) -> Result<Meant, Unknown> {
    let pair = lookup::codes(known).find(|(other, ..)| *other == code);
    match pair {
        Some((_, campaign, channel)) => {
            let has_link = !tag::is_reserved(&channel);
            let mut meant = of_campaign(known, campaign, channel, None);
            // Without a link, only who asks us something has the code.
            meant.tags.sort_by_key(|tag| !has_link && !quotes_a_code(known, tag));
            Ok(meant)
        }
        None => Err(lookup::no_such_code(known, code)),
    }
}

fn quotes_a_code(known: &Known, tag: &LeadTag) -> bool {
    let today = lead_tags::issued_on_any_channel(known.site, tag);
    let before = known.register.rows_of(tag).iter().any(|row| ContactMade::quotes_a_code(row.kind, &row.offer));
    before || today.is_some_and(|issued| ContactMade::quotes_a_code(issued.kind, &issued.offer))
}

/// A visitor's whole message, which ends with the code that they quote.
fn of_message(known: &Known, text: &str) -> Option<Meant> {
    let last = text.split_whitespace().last()?.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    ShortCode::parse(last).ok().and_then(|code| of_code(known, code).ok())
}

/// All lead tags of a campaign on one channel: those of today first, then closed ones. Of a former id, too.
fn of_campaign(known: &Known, asked: &Slug, channel: Slug, page: Option<usize>) -> Meant {
    let present = known.site.campaign_page(asked).map(|index| &known.site.pages[index]);
    let id = present.and_then(|page| page.campaign.as_ref()).unwrap_or(asked);
    let tag = |cta: &Slug| LeadTag::new(id, cta, &channel);
    let ctas = present.into_iter().flat_map(|page| page.page.front.ctas.keys());
    let mut tags: Vec<LeadTag> = ctas.map(tag).filter(|tag| is_known(known, tag)).collect();
    for id in BTreeSet::from([id, asked]) {
        for row in known.register.rows_of_campaign(id).iter().filter(|row| row.tag.channel == channel) {
            if !tags.contains(&row.tag) {
                tags.push(row.tag.clone());
            }
        }
    }
    Meant { tags, place: Some((Some(id.clone()), Some(channel), page)) }
}

/// All lead tags of a campaign that are in the market, or else all that ever were.
fn whole_campaign(known: &Known, asked: &Slug) -> Meant {
    let present = known.site.campaign_page(asked).and_then(|index| known.site.pages[index].campaign.as_ref());
    let id = present.unwrap_or(asked);
    let offers = known.site.offers.iter().filter(|offer| offer.campaign == *id);
    let mut tags: Vec<LeadTag> = offers.map(Offer::tag).collect();
    if tags.is_empty() {
        tags = known.register.rows_of_campaign(id).iter().map(|row| row.tag.clone()).collect();
    }
    tags.sort();
    tags.dedup();
    Meant { tags, place: Some((Some(id.clone()), None, None)) }
}

/// The lead tags that offer, or once offered, exactly this coupon's code, file or number.
fn of_offer(known: &Known, text: &str) -> Option<Meant> {
    let text = text.trim();
    let number = PhoneNumber::parse(text).map(|number| number.international()).ok();
    let fits = |row: &&Row| match (row.kind, ContactMade::of_offer(&row.offer)) {
        (CtaKind::Coupon | CtaKind::Download, _) => row.offer.eq_ignore_ascii_case(text),
        (CtaKind::Contact, ContactMade::Whatsapp { digits }) => number.as_ref().is_some_and(|own| own[1..] == *digits),
        (CtaKind::Contact, ContactMade::Phone { number: called }) => number.as_deref() == Some(called),
        (CtaKind::Contact, ContactMade::Form) | (CtaKind::Booking, _) => false,
    };
    let rows = known.register.rows().iter().filter(fits);
    let mut tags: Vec<LeadTag> = rows.map(|row| row.tag.clone()).collect();
    tags.dedup();
    let campaigns: BTreeSet<&Slug> = tags.iter().map(|tag| &tag.campaign).collect();
    let campaign = campaigns.first().filter(|_| campaigns.len() == 1).map(|id| (*id).clone());
    (!tags.is_empty()).then_some(Meant { tags, place: Some((campaign, None, None)) })
}

fn of_page(known: &Known, path: &str, query: &Query) -> Result<Meant, Unknown> {
    let site = known.site;
    let (index, baked) = lookup::page_at(site, path).ok_or_else(|| lookup::no_page(site, path))?;
    let page = &site.pages[index];
    let known_channel = baked.or_else(|| channel_of(site, query));
    let unknown = || if query.names_a_source() { tag::other() } else { tag::direct() };
    // What a page counts as is for the calls to action of others; a known arrival beats it.
    let counts_as = page.page.front.counts_as.as_ref().map(|id| id.value.clone());
    let own = known_channel.clone().unwrap_or_else(unknown);
    let others = known_channel.or(counts_as).unwrap_or_else(unknown);
    let mut meant = match &page.campaign {
        Some(campaign) => of_campaign(known, campaign, own, Some(index)),
        None => Meant { tags: Vec::new(), place: Some((None, Some(others.clone()), Some(index))) },
    };
    for (of, cta) in site.ctas_of_others(index) {
        let Some(campaign) = &of.campaign else { continue };
        let tag = LeadTag::new(campaign, cta, &others);
        if !meant.tags.contains(&tag) {
            meant.tags.push(tag);
        }
    }
    Ok(meant)
}

/// A link that was tagged by hand: campaign and channel by their parameters.
fn of_query(known: &Known, query: &Query) -> Option<Meant> {
    let campaign = Slug::parse(&query.campaign.as_ref()?.to_lowercase()).ok()?;
    let channel = channel_of(known.site, query)?;
    known.has_campaign(&campaign).then(|| of_campaign(known, &campaign, channel, None))
}

/// The channel that an address names, told as the arrival script tells it: by `via`, by source and medium, by a click
/// id.
fn channel_of(site: &Site, query: &Query) -> Option<Slug> {
    let channels = &site.config.channels;
    let by_id = query.via.as_ref().and_then(|via| Slug::parse(&via.to_lowercase()).ok());
    let arrivals = Arrivals::of(channels);
    let by_source = || {
        let source = query.source.as_ref()?;
        arrivals.by_source(source, query.medium.as_deref().unwrap_or_default()).cloned()
    };
    let by_click = || query.click_id.and_then(|id| arrivals.clicks.get(id).copied()).cloned();
    by_id.filter(|id| tag::is_reserved(id) || channels.contains_key(id)).or_else(by_source).or_else(by_click)
}

/// The address of a page, for messages.
fn address(site: &Site, path: &SitePath) -> String {
    site.config.base_url.absolute(path)
}
