//! Derives the facts about campaigns, calls to action and lead tags from the site, the tag register and the notes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::campaign_rows::{CampaignRows, CtaRows};
use super::facts::{
    CampaignFacts, CampaignState, CtaFacts, CtaWithLeads, CtaWithMessage, EventDateFacts, EventFacts, LeadFacts,
    Material, NotesFacts, TitledLink, VariantFacts,
};
use super::first_message::{DEFAULT_HEADING, MessageSource, message_source};
use super::lead::{Lead, SeenPage};
use super::notes::{PageNotes, SalesNotes};
use super::wording::{came, did, form_fields, leads_to, unlisted_channel_label};
use crate::html::escape::escaped;
use crate::lead_tags::{current_tag, short_link};
use crate::model::cta::{Cta, CtaKind, DateState, Event};
use crate::model::file::{file_format, format_size};
use crate::model::form::Form;
use crate::model::site::SiteLanguage;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::model::variant::{Language, Variant, Version};
use crate::parse::notes::FirstMessage;
use crate::register::{Register, Row};
use crate::resolve::{Site, SiteCta, SitePage};

/// The inputs of all facts.
pub struct SalesContext<'s> {
    pub site: &'s Site,
    register: &'s Register,
    notes: &'s SalesNotes,
    /// The day to describe; none for today.
    on: Option<Date>,
    offered_elsewhere: HashMap<Slug, OfferedElsewhere>,
}

/// Where the visitors of a channel see the calls to action of a campaign outside of its page, by call to action,
/// channel and variant.
type OfferedElsewhere = HashMap<(Slug, Slug, Option<Variant>), OfferedOn>;

#[derive(Clone, Copy)]
enum OfferedOn {
    /// On one page, by its index.
    OnePage(usize),
    SeveralPages,
}

impl<'s> SalesContext<'s> {
    pub fn new(site: &'s Site, register: &'s Register, notes: &'s SalesNotes, on: Option<Date>) -> SalesContext<'s> {
        SalesContext { site, register, notes, on, offered_elsewhere: offered_elsewhere(site) }
    }

    /// Returns the context of one campaign.
    pub fn of<'c>(&'c self, campaign: &'c CampaignRows<'s>) -> CampaignContext<'c, 's> {
        CampaignContext {
            sales: self,
            campaign,
            notes: self.site.campaigns.get(&campaign.id).and_then(|&index| self.notes.of(index)),
            channel_pages: campaign.page.map(|page| self.site.channel_pages(page).collect()).unwrap_or_default(),
            offered_elsewhere: self.offered_elsewhere.get(&campaign.id),
            variants: campaign.page.and_then(|page| self.site.variants.get(&page.index)).map_or(&[], Vec::as_slice),
        }
    }

    /// Returns the files that visitors can download from the calls to action of a page.
    pub fn files(&self, page: &SitePage) -> Vec<Material> {
        page.ctas.values().filter_map(|state| self.file(page, state)).collect()
    }

    /// Returns the notes of a page, which is given by its index.
    pub fn notes(&self, page: usize) -> Option<&'s PageNotes> {
        self.notes.of(page)
    }

    /// Returns the materials in the notes of a page, which is given by its index.
    pub fn materials(&self, page: usize) -> Vec<Material> {
        self.notes.of(page).map(|notes| notes.materials()).unwrap_or_default()
    }

    pub fn is_published(&self, page: &SitePage) -> bool {
        page.state.is_published(self.site.options.preview)
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
}

/// A campaign with what its calls to action and lead tags need, collected once.
pub struct CampaignContext<'c, 's> {
    sales: &'c SalesContext<'s>,
    campaign: &'c CampaignRows<'s>,
    notes: Option<&'s PageNotes>,
    /// The channels with a page of their own.
    channel_pages: HashSet<&'s Slug>,
    offered_elsewhere: Option<&'c OfferedElsewhere>,
    /// The pages of its variants.
    variants: &'s [(Variant, usize)],
}

impl<'s> CampaignContext<'_, 's> {
    /// Returns the facts of the campaign. `up` is the relative path to the lead desk's folder.
    pub fn facts(&self, up: &str) -> CampaignFacts {
        let site = self.sales.site;
        let (campaign, config) = (self.campaign, &site.config.leads);
        let Some(page) = campaign.page else { return removed_campaign(campaign, config.owner.clone()) };
        let front = &page.page.front;
        let base_url = &site.config.base_url;
        let after_end = page.after_end.map(|index| &site.pages[index]);
        CampaignFacts {
            id: campaign.id.clone(),
            title: front.title.value.clone(),
            summary: front.summary().unwrap_or_default().to_owned(),
            state: campaign.state(),
            when: campaign.period(),
            starts: front.starts.map(|starts| starts.value),
            ends: front.ends.map(|ends| ends.value),
            page: self.sales.is_published(page).then(|| base_url.absolute(&page.path)),
            after_end: after_end.map(|after| TitledLink {
                title: after.page.front.title.value.clone(),
                url: base_url.absolute(&after.path),
            }),
            owner: front.owner.clone().or_else(|| config.owner.clone()),
            respond_within: config.respond_within.map(|duration| duration.to_string()),
            was: campaign.former_ids().into_iter().cloned().collect(),
            notes: self.notes_facts(up),
            materials: self.notes.map(|notes| notes.materials()).unwrap_or_default(),
        }
    }

    /// Returns the facts of a call to action and of all its lead tags.
    pub fn cta_with_leads(&self, rows: &CtaRows<'s>) -> CtaWithLeads<'s> {
        let cta = self.cta_with_message(rows);
        let common = common_offer(rows);
        let leads = rows.tags.iter().filter_map(|tag_rows| {
            let lead = self.lead(rows, tag_rows)?;
            let has_own_offer = *lead.row.offer != *common || !lead.is_as_today || lead.tag().variant.is_some();
            let first_message = rows.cta.filter(|_| has_own_offer).and_then(|(cta, _)| self.message(cta, &lead));
            let first_message = first_message.filter(|own| *own != cta.first_message);
            Some(self.lead_facts(rows, &lead, first_message))
        });
        let leads = leads.collect();
        CtaWithLeads { leads, cta }
    }

    fn cta_with_message(&self, rows: &CtaRows<'s>) -> CtaWithMessage {
        let message = |cta: &Cta| {
            let page = self.campaign.page?;
            let title = &page.page.front.title.value;
            Some(message_source(page, cta, self.written_message(cta), true).text(cta, title, &common_offer(rows)))
        };
        let cta = rows.cta.map(|(cta, _)| cta);
        CtaWithMessage {
            facts: self.cta(rows),
            first_message: cta.and_then(message).unwrap_or_default(),
            first_message_heading: cta.map_or(DEFAULT_HEADING, |cta| self.message_heading(cta)).to_owned(),
        }
    }

    /// Returns the facts of a call to action.
    pub fn cta(&self, rows: &CtaRows<'s>) -> CtaFacts {
        let Some((cta, state)) = rows.cta else { return removed_cta(rows) };
        CtaFacts {
            id: cta.id.value.clone(),
            kind: cta.kind(),
            label: cta.label.clone(),
            note: cta.note.clone().unwrap_or_default(),
            is_present: true,
            expires: cta.valid_until().map(|last| last.value),
            is_expired: state.expired,
            file: self.campaign.page.and_then(|page| self.sales.file(page, state)),
            leads_to: leads_to(cta),
            form: cta.form().map(|form| form_fields(form, &self.sales.site.config.fields, None)).unwrap_or_default(),
            trial_length: cta.booking().and_then(|booking| booking.trial_length.clone()).unwrap_or_default(),
            event: cta.event().map(|event| event_facts(event, state, &self.sales.site.config.timezone)),
            was: cta.was.iter().map(|former| former.value.clone()).collect(),
        }
    }

    /// Returns a lead tag by its rows of the register: oldest first, at least one.
    pub fn lead(&self, cta: &CtaRows<'s>, rows: &'s [Row]) -> Option<Lead<'s>> {
        let site = self.sales.site;
        let row = self.described_row(rows)?;
        let channel_label = match site.config.channels.get(&row.tag.channel) {
            Some(channel) => channel.label.as_str(),
            None => unlisted_channel_label(&row.tag.channel),
        };
        let is_as_today = self
            .cta_of(cta, &row.tag)
            .is_some_and(|cta| cta.kind() == row.kind && cta.offer_for(&row.tag.channel) == *row.offer);
        let is_as_today = is_as_today && self.title_before_decision(cta, row).is_none();
        let seen = self.seen(cta, row);
        let mut lead = Lead { row, rows, channel_label, seen, is_as_today, replaced_by: None };
        lead.replaced_by = lead.closed().and_then(|_| self.replacement(&row.tag));
        Some(lead)
    }

    /// Returns where the first message to the leads of a call to action comes from; none for a removed campaign.
    pub fn message_source(&self, cta: &Cta, is_as_today: bool) -> Option<MessageSource<'s>> {
        Some(message_source(self.campaign.page?, cta, self.written_message(cta), is_as_today))
    }

    /// Returns where the first message to one lead comes from. Leads of a translation get the message in the notes beside it.
    pub fn message_source_of(&self, cta: &Cta, lead: &Lead) -> Option<MessageSource<'s>> {
        let variant = lead.tag().variant.as_ref();
        let page = self.page_in(variant).or(self.campaign.page)?;
        let own = variant.and_then(|_| self.sales.notes.of(self.sales.site.as_written(page).index));
        let written = own.and_then(|notes| notes.first_message(&cta.id.value, page.page.front.ctas.keys()));
        Some(message_source(page, cta, written.or_else(|| self.written_message(cta)), lead.is_as_today))
    }

    /// Returns the campaign's page in a variant. `None` if it was removed.
    fn page_in(&self, variant: Option<&Variant>) -> Option<&'s SitePage> {
        let Some(variant) = variant else { return self.campaign.page };
        let (_, index) = self.variants.iter().find(|(other, _)| other == variant)?;
        Some(&self.sales.site.pages[*index])
    }

    /// Returns what visitors of the variant of a lead tag read. `None` for the page as written, and for a removed variant.
    pub fn variant(&self, rows: &CtaRows<'s>, tag: &LeadTag) -> Option<VariantFacts<'s>> {
        let page = self.page_in(Some(tag.variant.as_ref()?))?;
        let config = &self.sales.site.config;
        let language = self.sales.site.language_of(page);
        let of_campaign = self.campaign.page.and_then(|page| page.page.front.summary());
        let (cta, state) = page.cta(&rows.id).unzip();
        let form = cta.and_then(Cta::form);
        let thanks = cta.and_then(|cta| cta.thanks.as_ref());
        let event = cta.and_then(Cta::event).zip(state);
        Some(VariantFacts {
            language: language.map(|language| language.label.as_str()),
            version: Some(tag.variant.as_ref()?.version()).filter(|version| *version != Version::A),
            promised: page.page.front.summary().filter(|promised| Some(*promised) != of_campaign),
            note: cta.and_then(|cta| cta.note.as_deref()),
            form: form.map(|form| form_fields(form, &config.fields, language)).unwrap_or_default(),
            consents: match form {
                Some(_) => config.consents_in(language).iter().map(|consent| consent.text.value.as_str()).collect(),
                None => Vec::new(),
            },
            thanks_title: thanks.and_then(|thanks| thanks.title.as_deref()),
            thanks_text: thanks.and_then(|thanks| Some(thanks.text.as_ref()?.value.as_str())),
            trial_length: cta.and_then(Cta::booking).and_then(|booking| booking.trial_length.as_deref()),
            place: event.map(|(event, state)| event_facts(event, state, &config.timezone).place()),
        })
    }

    /// Returns the form that the visitors of a lead tag filled in, and its language.
    pub fn form(&self, rows: &CtaRows<'s>, tag: &LeadTag) -> Option<(&'s Form, Option<&'s SiteLanguage>)> {
        let language = self.page_in(tag.variant.as_ref()).and_then(|page| self.sales.site.language_of(page));
        let cta = self.cta_of(rows, tag).or(rows.cta.map(|(cta, _)| cta))?;
        Some((cta.form()?, language))
    }

    /// Returns the call to action of a lead tag as its variant of the page has it today.
    fn cta_of(&self, rows: &CtaRows<'s>, tag: &LeadTag) -> Option<&'s Cta> {
        match tag.variant.as_ref() {
            None => rows.cta.map(|(cta, _)| cta),
            variant => self.page_in(variant)?.present_cta(&rows.id),
        }
    }

    /// Returns the notes of the campaign, then those of its translations under the name of their language.
    fn notes_facts(&self, up: &str) -> Option<NotesFacts> {
        let mut all = self.notes.map(|notes| notes.facts(up));
        for (_, index) in self.variants {
            let Some(notes) = self.sales.notes.of(*index) else { continue };
            let NotesFacts { markdown, html } = notes.facts(up);
            let language = self.sales.site.language_of(&self.sales.site.pages[*index]);
            let label = language.map_or("", |language| &language.label);
            let all = all.get_or_insert_with(|| NotesFacts { markdown: String::new(), html: String::new() });
            all.markdown = format!("{}\n\n# {label}\n\n{markdown}", all.markdown).trim_start().to_owned();
            all.html = format!("{}<h4>{}</h4>\n{html}", all.html, escaped(label));
        }
        all
    }

    /// Returns the heading of the message in the notes, or else the general one.
    pub fn message_heading(&self, cta: &Cta) -> &'s str {
        self.written_message(cta).map_or(DEFAULT_HEADING, |message| &message.heading)
    }

    fn message(&self, cta: &Cta, lead: &Lead) -> Option<String> {
        let front = &self.campaign.page?.page.front;
        let has_variants = lead.tag().variant.is_some() || front.versions.is_some();
        let title = if has_variants { lead.seen.title } else { &front.title.value };
        Some(self.message_source_of(cta, lead)?.text(cta, title, &lead.row.offer))
    }

    fn lead_facts(&self, cta: &CtaRows<'s>, lead: &Lead<'s>, first_message: Option<String>) -> LeadFacts<'s> {
        let site = self.sales.site;
        let row = lead.row;
        LeadFacts {
            came: came(&row.tag.channel, lead.channel_label),
            did: did(row.kind, &row.offer, self.form(cta, &row.tag), &site.config.fields),
            channel: row.tag.channel.clone(),
            channel_label: lead.channel_label,
            title: lead.seen.title,
            page: lead.seen.url(&site.config.base_url),
            variant: self.variant(cta, &row.tag),
            kind: row.kind,
            offer: &row.offer,
            is_as_today: lead.is_as_today,
            code: row.code,
            quotes: lead.quotes(),
            short_link: row.code.map(|code| short_link(site, code)),
            periods: lead.periods(),
            closed: lead.closed(),
            replaced_by: lead.replaced_by.clone(),
            first_message,
            tag: row.tag.clone(),
        }
    }

    /// Returns the row of the day to describe, or else the open row, or else the last one.
    fn described_row(&self, rows: &'s [Row]) -> Option<&'s Row> {
        let of_day = self.sales.on.and_then(|day| rows.iter().rev().find(|row| row.offered_on(day)));
        of_day.or_else(|| rows.iter().find(|row| row.until.is_none())).or(rows.last())
    }

    /// Returns the present lead tag of a renamed campaign or call to action, if it was issued.
    fn replacement(&self, tag: &LeadTag) -> Option<LeadTag> {
        let present = current_tag(self.sales.site, tag).filter(|present| present != tag)?;
        (!self.sales.register.rows_of(&present).is_empty()).then_some(present)
    }

    /// Returns the page that the visitors of a lead tag's channel saw.
    fn seen(&self, cta: &CtaRows, row: &'s Row) -> SeenPage<'s> {
        let channel = &row.tag.channel;
        // A removed page, and one of several pages, is described by the label in the register.
        let unknown = SeenPage { title: &row.label, page: None, channel: None };
        let Some(page) = self.page_in(row.tag.variant.as_ref()) else {
            return self.seen_version(row).unwrap_or(unknown);
        };
        if let Some(title) = self.title_before_decision(cta, row) {
            let published = self.sales.is_published(page).then_some(page);
            return SeenPage {
                title,
                page: published,
                channel: self.channel_pages.contains(channel).then_some(channel),
            };
        }
        let elsewhere = self
            .offered_elsewhere
            .and_then(|offered| offered.get(&(cta.id.clone(), channel.clone(), row.tag.variant.clone())));
        match elsewhere {
            Some(OfferedOn::OnePage(index)) => {
                let page = &self.sales.site.pages[*index];
                let published = self.sales.is_published(page).then_some(page);
                return SeenPage { title: &page.page.front.title.value, page: published, channel: None };
            }
            Some(OfferedOn::SeveralPages) => return unknown,
            None => {}
        }
        let own_title = page.page.front.rare().per_channel.get(channel).and_then(|own| own.value.title.as_ref());
        SeenPage {
            title: own_title.unwrap_or(&page.page.front.title.value),
            page: self.sales.is_published(page).then_some(page),
            channel: self.channel_pages.contains(channel).then_some(channel),
        }
    }

    /// Returns what visitors of a version saw that has no page any more, if its texts are still in the file.
    fn seen_version(&self, row: &'s Row) -> Option<SeenPage<'s>> {
        let variant = row.tag.variant.as_ref()?;
        let language = variant.language().and_then(Language::parse);
        let page = self.page_in(Variant::of(language.as_ref(), Version::A).as_ref())?;
        let title = page.page.front.versions.as_deref()?.title(variant.version())?;
        let channel = Some(&row.tag.channel).filter(|channel| self.channel_pages.contains(*channel));
        Some(SeenPage { title, page: self.sales.is_published(page).then_some(page), channel })
    }

    /// Returns the title of the page as written, if a row ended when another version became the page.
    fn title_before_decision(&self, cta: &CtaRows, row: &Row) -> Option<&'s str> {
        // A translation has the versions of its original.
        self.campaign.page?.page.front.versions.as_ref()?;
        let page = self.page_in(row.tag.variant.as_ref())?;
        let versions = page.page.front.versions.as_deref()?;
        let winner = versions.winner.filter(|winner| winner.value != Version::A)?;
        let language = row.tag.variant.as_ref().and_then(Variant::language).and_then(Language::parse);
        let of_winner = Variant::of(language.as_ref(), winner.value);
        let rows = cta.tags.iter().filter_map(|rows| rows.last()).filter(|row| row.tag.variant == of_winner);
        let decided = rows.filter_map(|row| row.until).max()?;
        let is_before = row.until.is_some_and(|until| until <= decided);
        versions.title(Version::A).filter(|_| is_before)
    }

    fn written_message(&self, cta: &Cta) -> Option<&'s FirstMessage> {
        self.notes?.first_message(&cta.id.value, self.campaign.page?.page.front.ctas.keys())
    }
}

/// Returns what most lead tags of a call to action offer; empty if the content no longer has it.
pub fn common_offer<'s>(rows: &CtaRows<'s>) -> Cow<'s, str> {
    rows.cta.map(|(cta, _)| cta.offer_for(tag::direct_ref())).unwrap_or_default()
}

/// Finds the calls to action that pages outside of their campaign offer, by campaign, call to action and channel.
fn offered_elsewhere(site: &Site) -> HashMap<Slug, OfferedElsewhere> {
    let mut offered: HashMap<Slug, OfferedElsewhere> = HashMap::new();
    for index in 0..site.pages.len() {
        let mut channels: Option<Vec<Slug>> = None;
        for (page, cta) in site.ctas_of_others(index) {
            let Some(campaign) = &page.campaign else { continue };
            let own: HashSet<&Slug> = site.channel_pages(page).collect();
            let of_page = channels.get_or_insert_with(|| site.channels_of_variants(index));
            for channel in of_page.iter().filter(|channel| !tag::is_reserved(channel) && !own.contains(channel)) {
                let by_cta = offered.entry(campaign.clone()).or_default();
                let on = by_cta
                    .entry((cta.clone(), channel.clone(), page.variant().cloned()))
                    .or_insert(OfferedOn::OnePage(index));
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

fn event_facts(event: &Event, state: &SiteCta, site: &TimeZone) -> EventFacts {
    let dates = event.dates.iter().map(|date| EventDateFacts {
        starts: date.starts.value,
        ends: date.last(),
        moved_from: date.moved_from.map(|from| from.value),
        state: date.state.map(DateState::as_str),
    });
    EventFacts {
        dates: dates.collect(),
        timezone: event.zone(site).iana_name().unwrap_or_default().to_owned(),
        place: event.place.clone(),
        online: event.is_online,
        join: event.join.as_ref().map(ToString::to_string),
        recording: event.recording.as_ref().map(|recording| recording.value.clone()),
        is_over: state.expired,
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
        event: None,
        was: Vec::new(),
    }
}
