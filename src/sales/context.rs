//! Derives the facts about campaigns, calls to action and lead tags from the site, the tag register and the notes.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::civil::Date;

use super::campaign_rows::{CampaignRows, CtaRows};
use super::facts::{CampaignFacts, CampaignState, CtaFacts, CtaWithLeads, LeadFacts, Material, Period, TitledLink};
use super::first_message::{DEFAULT_HEADING, first_message};
use super::notes::{PageNotes, SalesNotes};
use super::wording::{came, did, form_fields, leads_to, unlisted_channel_label};
use crate::lead_tags::{current_tag, short_link};
use crate::model::code::ShortCode;
use crate::model::cta::Cta;
use crate::model::cta::CtaKind;
use crate::model::file::{file_format, format_size};
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::parse::notes::FirstMessage;
use crate::register::Row;
use crate::resolve::{Site, SiteCta, SitePage};

/// The inputs of all facts.
pub struct SalesContext<'s> {
    site: &'s Site,
    notes: &'s SalesNotes,
    /// The day to describe; none for today.
    on: Option<Date>,
    offered_elsewhere: HashMap<(Slug, Slug, Slug), OfferedOn>,
}

/// Where the visitors of a channel see a call to action outside of its campaign's page.
#[derive(Clone, Copy)]
enum OfferedOn {
    /// On one page, by its index.
    OnePage(usize),
    SeveralPages,
}

impl<'s> SalesContext<'s> {
    pub fn new(site: &'s Site, notes: &'s SalesNotes, on: Option<Date>) -> SalesContext<'s> {
        SalesContext { site, notes, on, offered_elsewhere: offered_elsewhere(site) }
    }

    /// Returns the facts of a campaign. `up` is the relative path to the lead desk's folder.
    pub fn campaign(&self, campaign: &CampaignRows<'s>, up: &str) -> CampaignFacts {
        let config = &self.site.config.leads;
        let Some(page) = campaign.page else { return removed_campaign(campaign, config.owner.clone()) };
        let front = &page.page.front;
        let base_url = &self.site.config.base_url;
        let notes = self.notes_of(campaign);
        let after_end = page.after_end.map(|index| &self.site.pages[index]);
        CampaignFacts {
            id: campaign.id.clone(),
            title: front.title.value.clone(),
            summary: front.summary().unwrap_or_default().to_owned(),
            state: campaign.state(),
            when: campaign.period(),
            starts: front.starts.map(|starts| starts.value),
            ends: front.ends.map(|ends| ends.value),
            page: self.is_published(page).then(|| base_url.absolute(&page.path)),
            after_end: after_end.map(|after| TitledLink {
                title: after.page.front.title.value.clone(),
                url: base_url.absolute(&after.path),
            }),
            owner: front.owner.clone().or_else(|| config.owner.clone()),
            respond_within: config.respond_within.map(|duration| duration.to_string()),
            was: campaign.former_ids().into_iter().cloned().collect(),
            notes: notes.map(|notes| notes.facts(up)),
            materials: notes.map(|notes| notes.materials()).unwrap_or_default(),
        }
    }

    /// Returns the facts of a call to action and of all its lead tags.
    pub fn cta(&self, campaign: &CampaignRows<'s>, rows: &CtaRows<'s>) -> CtaWithLeads<'s> {
        let facts = self.cta_facts(campaign, rows);
        // What most of the lead tags offer.
        let common = rows.cta.map(|(cta, _)| cta.offer_for(&tag::direct())).unwrap_or_default();
        let leads = rows.tags.iter().filter_map(|tag_rows| {
            let lead = self.lead_facts(campaign, rows, tag_rows)?;
            let own_message = (lead.offer != common || !lead.is_as_today)
                .then(|| self.message(campaign, rows.cta?.0, lead.offer, lead.is_as_today));
            let first_message = own_message.flatten().filter(|own| *own != facts.first_message);
            Some(LeadFacts { first_message, ..lead })
        });
        let leads = leads.collect();
        CtaWithLeads { leads, facts }
    }

    /// Returns the files that visitors can download from the calls to action of a page.
    pub fn files(&self, page: &SitePage) -> Vec<Material> {
        page.ctas.values().filter_map(|state| self.file(page, state)).collect()
    }

    /// Returns the materials in the notes of a page, which is given by its index.
    pub fn materials(&self, page: usize) -> Vec<Material> {
        self.notes.of(page).map(|notes| notes.materials()).unwrap_or_default()
    }

    fn cta_facts(&self, campaign: &CampaignRows<'s>, rows: &CtaRows<'s>) -> CtaFacts {
        let Some((cta, state)) = rows.cta else { return removed_cta(rows) };
        let written = self.written_message(campaign, cta);
        CtaFacts {
            id: cta.id.value.clone(),
            kind: cta.kind(),
            label: cta.label.clone(),
            note: cta.note.clone().unwrap_or_default(),
            is_present: true,
            expires: cta.valid_until().map(|last| last.value),
            is_expired: state.expired,
            file: campaign.page.and_then(|page| self.file(page, state)),
            leads_to: leads_to(cta),
            form: cta.form().map(form_fields).unwrap_or_default(),
            trial_length: cta.booking().and_then(|booking| booking.trial_length.clone()).unwrap_or_default(),
            was: cta.was.iter().map(|former| former.value.clone()).collect(),
            first_message: self.message(campaign, cta, &cta.offer_for(&tag::direct()), true).unwrap_or_default(),
            first_message_heading: written
                .map_or_else(|| DEFAULT_HEADING.to_owned(), |message| message.heading.clone()),
        }
    }

    /// Returns the facts of one lead tag. `rows` are its rows of the register: oldest first, at least one.
    fn lead_facts(&self, campaign: &CampaignRows<'s>, cta: &CtaRows<'s>, rows: &'s [Row]) -> Option<LeadFacts<'s>> {
        let row = self.described_row(rows)?;
        let tag = &row.tag;
        let channel_label = match self.site.config.channels.get(&tag.channel) {
            Some(channel) => channel.label.as_str(),
            None => unlisted_channel_label(&tag.channel),
        };
        let (title, page) = self.seen(campaign, cta, row);
        let mut periods: Vec<Period> = rows.iter().map(Period::of).collect();
        periods.sort_by_key(|period| Reverse((period.until.is_none(), period.until, period.from)));
        let closed = periods.first().and_then(|latest| latest.until);
        let is_as_today =
            cta.cta.is_some_and(|(cta, _)| cta.kind() == row.kind && cta.offer_for(&tag.channel) == *row.offer);
        Some(LeadFacts {
            came: came(&tag.channel, channel_label),
            did: did(row, cta.cta.and_then(|(cta, _)| cta.form())),
            channel: tag.channel.clone(),
            channel_label,
            title,
            page,
            kind: row.kind,
            offer: &row.offer,
            is_as_today,
            code: row.code,
            quotes: row.kind.quotes_a_code(&row.offer).then(|| ShortCode::to_quote(&tag.campaign, &tag.channel)),
            short_link: row.code.map(|code| short_link(self.site, code)),
            periods,
            closed,
            replaced_by: closed.and_then(|_| self.replacement(campaign, tag)),
            first_message: None,
            tag: tag.clone(),
        })
    }

    /// Returns the row of the day to describe, or else the open row, or else the last one.
    fn described_row(&self, rows: &'s [Row]) -> Option<&'s Row> {
        let of_day = self.on.and_then(|day| rows.iter().rev().find(|row| row.offered_on(day)));
        of_day.or_else(|| rows.iter().find(|row| row.until.is_none())).or(rows.last())
    }

    /// Returns the present lead tag of a renamed campaign or call to action, if it was issued.
    fn replacement(&self, campaign: &CampaignRows<'s>, tag: &LeadTag) -> Option<LeadTag> {
        let present = current_tag(self.site, tag).filter(|present| present != tag)?;
        let mut issued = campaign.ctas.iter().flat_map(|cta| &cta.tags);
        issued.any(|rows| rows[0].tag == present).then_some(present)
    }

    /// Returns the title and the address of the page that the visitors of a lead tag's channel saw.
    fn seen(&self, campaign: &CampaignRows<'s>, cta: &CtaRows, row: &'s Row) -> (&'s str, Option<String>) {
        let base_url = &self.site.config.base_url;
        let channel = &row.tag.channel;
        // A removed page, and one of several pages, is described by the label in the register.
        let Some(page) = campaign.page else { return (&row.label, None) };
        match self.offered_elsewhere.get(&(campaign.id.clone(), cta.id.clone(), channel.clone())) {
            Some(OfferedOn::OnePage(index)) => {
                let page = &self.site.pages[*index];
                let address = self.is_published(page).then(|| base_url.absolute(&page.path));
                return (&page.page.front.title.value, address);
            }
            Some(OfferedOn::SeveralPages) => return (&row.label, None),
            None => {}
        }
        let own_title = page.page.front.per_channel.get(channel).and_then(|own| own.value.title.as_ref());
        let title = own_title.unwrap_or(&page.page.front.title.value);
        let address =
            self.is_published(page).then(|| match self.site.channel_pages(page).any(|other| other == channel) {
                true => base_url.absolute(&page.channel_path(channel)),
                false => base_url.absolute(&page.path),
            });
        (title, address)
    }

    /// Returns the file that visitors can download from a call to action of a published page.
    fn file(&self, page: &SitePage, state: &SiteCta) -> Option<Material> {
        let file = state.file.as_ref().filter(|_| self.is_published(page))?;
        Some(Material {
            title: file.name.clone(),
            href: self.site.config.base_url.absolute(&file.path),
            is_public: true,
            file_name: file.name.clone(),
            format: file_format(&file.name),
            size: format_size(file.length),
            topic: String::new(),
            note: String::new(),
        })
    }

    fn message(&self, campaign: &CampaignRows, cta: &Cta, offer: &str, is_as_today: bool) -> Option<String> {
        let written = self.written_message(campaign, cta);
        Some(first_message(campaign.page?, cta, written, offer, is_as_today))
    }

    fn written_message(&self, campaign: &CampaignRows, cta: &Cta) -> Option<&'s FirstMessage> {
        let notes = self.notes_of(campaign)?;
        notes.first_message(&cta.id.value, campaign.page?.page.front.ctas.keys())
    }

    fn notes_of(&self, campaign: &CampaignRows) -> Option<&'s PageNotes> {
        self.notes.of(*self.site.campaigns.get(&campaign.id)?)
    }

    fn is_published(&self, page: &SitePage) -> bool {
        page.state.is_published(self.site.options.preview)
    }
}

/// Finds the calls to action that pages outside of their campaign offer, by campaign, call to action and channel.
fn offered_elsewhere(site: &Site) -> HashMap<(Slug, Slug, Slug), OfferedOn> {
    let mut offered: HashMap<(Slug, Slug, Slug), OfferedOn> = HashMap::new();
    for index in 0..site.pages.len() {
        for (page, cta) in site.ctas_of_others(index) {
            let Some(campaign) = &page.campaign else { continue };
            for channel in site.channels_of_variants(index) {
                if tag::is_reserved(&channel) || site.channel_pages(page).any(|own| *own == channel) {
                    continue;
                }
                let key = (campaign.clone(), cta.clone(), channel);
                let on = offered.entry(key).or_insert(OfferedOn::OnePage(index));
                if !matches!(on, OfferedOn::OnePage(first) if *first == index) {
                    *on = OfferedOn::SeveralPages;
                }
            }
        }
    }
    offered
}

fn removed_campaign(campaign: &CampaignRows, owner: Option<String>) -> CampaignFacts {
    CampaignFacts {
        id: campaign.id.clone(),
        title: campaign.id.to_string(),
        summary: String::new(),
        state: CampaignState::Gone,
        when: campaign.period(),
        starts: None,
        ends: None,
        page: None,
        after_end: None,
        owner,
        respond_within: None,
        was: Vec::new(),
        notes: None,
        materials: Vec::new(),
    }
}

fn removed_cta(rows: &CtaRows) -> CtaFacts {
    let last = rows.last_row();
    CtaFacts {
        id: rows.id.clone(),
        kind: last.map_or(CtaKind::Download, |row| row.kind),
        label: last.map(|row| row.label.to_string()).unwrap_or_default(),
        note: String::new(),
        is_present: false,
        expires: None,
        is_expired: false,
        file: None,
        leads_to: String::new(),
        form: Vec::new(),
        trial_length: String::new(),
        was: Vec::new(),
        first_message: String::new(),
        first_message_heading: DEFAULT_HEADING.to_owned(),
    }
}
