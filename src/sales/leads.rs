//! From the site, the tag register and the notes to what sales needs to know: each campaign with its calls to action
//! and lead tags, as they are today and as the register remembers them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::facts::{CampaignFacts, CampaignState, CtaFacts, CtaWithLeads, LeadFacts, Link, Material, Period};
use super::notes::SalesNotes;
use crate::diagnostics::list;
use crate::lead_tags::{current_tag, short_link};
use crate::model::code::ShortCode;
use crate::model::contact::{ContactBy, ContactMade};
use crate::model::cta::{Booking, BookingBy, Cta, CtaOffer, Download, Form};
use crate::model::date::{When, in_words};
use crate::model::file::{format_of, size_in_words};
use crate::model::offer_kind::CtaKind;
use crate::model::slug::Slug;
use crate::model::tag::{self, LeadTag};
use crate::parse::notes::FirstMessage;
use crate::register::{Register, Row};
use crate::resolve::{Site, SiteCta, SitePage, State};

/// Where a campaign's facts are looked up.
pub struct Leads<'s> {
    site: &'s Site,
    notes: &'s SalesNotes,
    /// The day that is asked about; none for what is offered now.
    on: Option<Date>,
    /// The pages of other campaigns or none on which a channel's visitors see a call to action; none where there are
    /// several of them.
    seen_elsewhere: HashMap<(Slug, Slug, Slug), Option<usize>>,
}

/// A campaign with all its lead tags, those of its former ids included.
pub struct CampaignLeads<'s> {
    pub id: Slug,
    /// None where the content has the campaign no more.
    pub page: Option<&'s SitePage>,
    pub ctas: Vec<CtaLeads<'s>>,
}

/// A call to action with its lead tags: for each the rows of the register, oldest first.
pub struct CtaLeads<'s> {
    pub id: Slug,
    /// None where the content has it no more.
    pub cta: Option<(&'s Cta, &'s SiteCta)>,
    pub tags: Vec<&'s [Row]>,
}

/// Every campaign of the register: those that run or will run first, each group by title.
pub fn campaigns<'s>(site: &'s Site, register: &'s Register) -> Vec<CampaignLeads<'s>> {
    let mut by_id: BTreeMap<Slug, (Option<usize>, Vec<&'s [Row]>)> = BTreeMap::new();
    for rows in register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign) {
        let index = site.campaign_page(&rows[0].tag.campaign);
        let present = index.and_then(|index| site.pages[index].campaign.clone());
        let id = present.unwrap_or_else(|| rows[0].tag.campaign.clone());
        by_id.entry(id).or_insert_with(|| (index, Vec::new())).1.push(rows);
    }
    let mut campaigns: Vec<CampaignLeads> =
        by_id.into_iter().map(|(id, (index, rows))| of(site, id, index, rows)).collect();
    campaigns
        .sort_by_cached_key(|campaign| (order(campaign.page), campaign.title().to_lowercase(), campaign.id.clone()));
    campaigns
}

/// The campaign of one id, present or former, or one that only the register knows.
pub fn campaign<'s>(site: &'s Site, register: &'s Register, id: &Slug) -> Option<CampaignLeads<'s>> {
    let index = site.campaign_page(id);
    let page = index.map(|index| &site.pages[index]);
    let present = page.and_then(|page| page.campaign.clone()).unwrap_or_else(|| id.clone());
    let former = page.map_or(&[][..], |page| &page.page.front.was).iter().map(|former| &former.value);
    let rows: Vec<&[Row]> = std::iter::once(&present)
        .chain(former)
        .map(|id| register.rows_of_campaign(id))
        .filter(|rows| !rows.is_empty())
        .collect();
    (index.is_some() || !rows.is_empty()).then(|| of(site, present, index, rows))
}

fn order(page: Option<&SitePage>) -> u8 {
    match page.map(|page| page.state) {
        Some(State::Live) => 0,
        Some(State::Scheduled | State::Draft) => 1,
        Some(State::Ended) => 2,
        None => 3,
    }
}

/// `rows` are those of the campaign's id and of its former ids, each sorted by lead tag.
fn of<'s>(site: &'s Site, id: Slug, index: Option<usize>, rows: Vec<&'s [Row]>) -> CampaignLeads<'s> {
    let page = index.map(|index| &site.pages[index]);
    let mut present: Vec<CtaLeads> = Vec::new();
    if let Some(page) = page {
        let ctas = page.page.front.ctas.keys().filter_map(|id| page.cta(id));
        present.extend(ctas.map(|(cta, state)| CtaLeads {
            id: cta.id.value.clone(),
            cta: Some((cta, state)),
            tags: Vec::new(),
        }));
    }
    let mut gone: BTreeMap<&Slug, Vec<&[Row]>> = BTreeMap::new();
    for tag_rows in rows.iter().flat_map(|rows| rows.chunk_by(|a, b| a.tag == b.tag)) {
        let written = &tag_rows[0].tag.cta;
        let cta = page.and_then(|page| page.present_cta(written)).map(|cta| &cta.id.value);
        match cta.and_then(|cta| present.iter_mut().find(|known| known.id == *cta)) {
            Some(known) => known.tags.push(tag_rows),
            None => gone.entry(written).or_default().push(tag_rows),
        }
    }
    for cta in &mut present {
        cta.tags.sort_by_cached_key(|rows| channel_order(page, &id, cta.id.as_str(), rows));
    }
    present.extend(gone.into_iter().map(|(id, tags)| CtaLeads { id: id.clone(), cta: None, tags }));
    CampaignLeads { id, page, ctas: present }
}

/// Lead tags as they are today before closed ones, and these before those of former ids; the campaign's channels in
/// its own order, then others, then `direct` and `other`.
fn channel_order(page: Option<&SitePage>, campaign: &Slug, cta: &str, rows: &[Row]) -> (bool, bool, usize, LeadTag) {
    let tag = &rows[0].tag;
    let is_former = tag.campaign != *campaign || tag.cta.as_str() != cta;
    let channels = page.map_or(&[][..], |page| &page.page.front.channels);
    let known = channels.iter().position(|channel| channel.value == tag.channel);
    let place = known.unwrap_or(if tag::is_reserved(&tag.channel) { usize::MAX } else { channels.len() });
    (is_former, rows.iter().all(|row| row.until.is_some()), place, tag.clone())
}

impl CampaignLeads<'_> {
    /// The id, where the content has no title for it any more.
    pub fn title(&self) -> &str {
        self.page.map_or(self.id.as_str(), |page| page.page.front.title.value.as_str())
    }

    pub fn state(&self) -> CampaignState {
        match self.page.map(|page| page.state) {
            Some(State::Live) => CampaignState::Live,
            Some(State::Ended) => CampaignState::Ended,
            Some(State::Scheduled) => CampaignState::Scheduled,
            Some(State::Draft) => CampaignState::Draft,
            None => CampaignState::Gone,
        }
    }

    /// For people: `runs from 1 March 2027 until 31 March 2027`.
    pub fn when(&self) -> String {
        match self.page {
            Some(page) => when(page),
            None => {
                let rows = self.ctas.iter().flat_map(|cta| &cta.tags).flat_map(|rows| rows.iter());
                let last = rows.map(|row| row.until.unwrap_or(row.from)).max();
                last.map(|day| format!("left the site on {}", day_in_words(day))).unwrap_or_default()
            }
        }
    }

    pub fn former_ids(&self) -> Vec<&Slug> {
        self.page.map_or(&[][..], |page| &page.page.front.was).iter().map(|former| &former.value).collect()
    }

    pub fn lead_tags(&self) -> usize {
        self.ctas.iter().map(|cta| cta.tags.len()).sum()
    }
}

impl CtaLeads<'_> {
    /// The label; of one that is gone the last that it had.
    pub fn label(&self) -> Option<&str> {
        match self.cta {
            Some((cta, _)) => Some(&cta.label),
            None => self.last_row().map(|row| &*row.label),
        }
    }

    fn last_row(&self) -> Option<&Row> {
        self.tags.iter().flat_map(|rows| rows.iter()).max_by_key(|row| (row.until.is_none(), row.until))
    }
}

impl<'s> Leads<'s> {
    pub fn new(site: &'s Site, notes: &'s SalesNotes, on: Option<Date>) -> Leads<'s> {
        let mut seen_elsewhere: HashMap<(Slug, Slug, Slug), Option<usize>> = HashMap::new();
        for index in 0..site.pages.len() {
            for (page, cta) in site.ctas_of_others(index) {
                let Some(campaign) = &page.campaign else { continue };
                for channel in site.channels_of_variants(index) {
                    if !tag::is_reserved(&channel) && site.channel_pages(page).all(|own| *own != channel) {
                        let seen =
                            seen_elsewhere.entry((campaign.clone(), cta.clone(), channel)).or_insert(Some(index));
                        *seen = seen.filter(|first| *first == index);
                    }
                }
            }
        }
        Leads { site, notes, on, seen_elsewhere }
    }

    /// `up` leads from the page that shows the notes to the lead desk's folder.
    pub fn campaign_facts(&self, campaign: &CampaignLeads<'s>, up: &str) -> CampaignFacts {
        let leads = &self.site.config.leads;
        let Some(page) = campaign.page else { return gone(campaign, leads.owner.clone()) };
        let front = &page.page.front;
        let base_url = &self.site.config.base_url;
        let notes = self.site.campaigns.get(&campaign.id).and_then(|&index| self.notes.of(index));
        let after_end = page.after_end.map(|index| &self.site.pages[index]);
        CampaignFacts {
            id: campaign.id.clone(),
            title: front.title.value.clone(),
            summary: front.summary().unwrap_or_default().to_owned(),
            state: campaign.state(),
            when: campaign.when(),
            starts: front.starts.map(|starts| starts.value),
            ends: front.ends.map(|ends| ends.value),
            page: self.is_published(page).then(|| base_url.absolute(&page.path)),
            after_end: after_end
                .map(|after| Link { title: after.page.front.title.value.clone(), url: base_url.absolute(&after.path) }),
            owner: front.owner.clone().or_else(|| leads.owner.clone()),
            respond_within: leads.respond_within.map(|duration| duration.to_string()),
            was: campaign.former_ids().into_iter().cloned().collect(),
            notes: notes.map(|notes| notes.facts(up)),
            materials: notes.map(|notes| notes.materials()).unwrap_or_default(),
        }
    }

    fn cta_facts(&self, campaign: &CampaignLeads<'s>, leads: &CtaLeads<'s>) -> CtaFacts {
        let Some((cta, state)) = leads.cta else { return gone_cta(leads) };
        let direct = tag::direct();
        let coupon = match &cta.offer {
            CtaOffer::Coupon(coupon) => Some(coupon),
            CtaOffer::Download(_) | CtaOffer::Booking(_) | CtaOffer::Contact(_) => None,
        };
        let trial_length = match &cta.offer {
            CtaOffer::Booking(booking) => booking.trial_length.clone(),
            CtaOffer::Coupon(_) | CtaOffer::Download(_) | CtaOffer::Contact(_) => None,
        };
        CtaFacts {
            id: cta.id.value.clone(),
            kind: cta.kind(),
            label: cta.label.clone(),
            note: cta.note.clone().unwrap_or_default(),
            is_present: true,
            expires: coupon.and_then(|coupon| coupon.expires).map(|expires| expires.value),
            is_expired: state.expired,
            file: campaign.page.and_then(|page| self.file(page, state)),
            leads_to: leads_to(cta),
            form: cta.form().map(asked).unwrap_or_default(),
            trial_length: trial_length.unwrap_or_default(),
            was: cta.was.iter().map(|former| former.value.clone()).collect(),
            first_message: self.first_message(campaign, cta, &cta.offer_for(&direct), true).unwrap_or_default(),
            first_message_heading: self
                .written_message(campaign, cta)
                .map_or_else(|| "First message".to_owned(), |message| message.heading.clone()),
        }
    }

    /// What a call to action of a published page lets visitors download.
    fn file(&self, page: &SitePage, state: &SiteCta) -> Option<Material> {
        let file = state.file.as_ref().filter(|_| self.is_published(page))?;
        Some(Material {
            title: file.name.clone(),
            href: self.site.config.base_url.absolute(&file.path),
            is_public: true,
            file_name: file.name.clone(),
            format: format_of(&file.name),
            size: size_in_words(file.length),
            topic: String::new(),
            note: String::new(),
        })
    }

    /// What the calls to action of a page let visitors download.
    pub fn files(&self, page: &SitePage) -> Vec<Material> {
        page.ctas.values().filter_map(|state| self.file(page, state)).collect()
    }

    /// What the notes of a page, by its index, name to be sent.
    pub fn materials(&self, page: usize) -> Vec<Material> {
        self.notes.of(page).map(|notes| notes.materials()).unwrap_or_default()
    }

    fn written_message(&self, campaign: &CampaignLeads, cta: &Cta) -> Option<&'s FirstMessage> {
        let notes = self.notes.of(*self.site.campaigns.get(&campaign.id)?)?;
        notes.first_message(&cta.id.value, campaign.page?.page.front.ctas.keys())
    }

    /// That of the notes, or else one of ours, with the coupon's code in it.
    fn first_message(&self, campaign: &CampaignLeads, cta: &Cta, offer: &str, is_as_today: bool) -> Option<String> {
        let page = campaign.page?;
        let written = self.written_message(campaign, cta);
        let is_over = page.state == State::Ended || page.cta(&cta.id.value).is_some_and(|(_, state)| state.expired);
        Some(match written {
            // Nobody can use the code any more.
            Some(message) if is_over && message.text.contains("{code}") => message_after_end(page),
            Some(message) => message.text.replace("{code}", offer),
            None if is_over => message_after_end(page),
            None if !is_as_today => message_of_the_past(page),
            None => own_message(page, cta, offer),
        })
    }

    /// A call to action with all its lead tags.
    pub fn cta(&self, campaign: &CampaignLeads<'s>, leads: &CtaLeads<'s>) -> CtaWithLeads<'s> {
        let facts = self.cta_facts(campaign, leads);
        // What most of its lead tags offer.
        let common = leads.cta.map(|(cta, _)| cta.offer_for(&tag::direct())).unwrap_or_default();
        let tags = leads.tags.iter().filter_map(|rows| {
            let lead = self.lead_facts(campaign, leads, rows)?;
            let own_message = (lead.offer != common || !lead.is_as_today)
                .then(|| self.first_message(campaign, leads.cta?.0, lead.offer, lead.is_as_today));
            let first_message = own_message.flatten().filter(|own| *own != facts.first_message);
            Some(LeadFacts { first_message, ..lead })
        });
        let leads = tags.collect();
        CtaWithLeads { leads, facts }
    }

    /// The facts of one lead tag, from its rows in the register: oldest first, at least one.
    fn lead_facts(&self, campaign: &CampaignLeads<'s>, leads: &CtaLeads<'s>, rows: &'s [Row]) -> Option<LeadFacts<'s>> {
        let that_day = self.on.and_then(|day| rows.iter().rev().find(|row| row.offered_on(day)));
        let row = that_day.or_else(|| rows.iter().find(|row| row.until.is_none())).or(rows.last())?;
        let tag = &row.tag;
        let config = &self.site.config;
        let channel_label = match config.channels.get(&tag.channel) {
            Some(channel) => channel.label.as_str(),
            None => label_without_entry(&tag.channel),
        };
        let (title, page) = self.seen(campaign, leads, row);
        let mut periods: Vec<Period> = rows.iter().map(Period::of).collect();
        periods.sort_by_key(|period| std::cmp::Reverse((period.until.is_none(), period.until, period.from)));
        let is_as_today =
            leads.cta.is_some_and(|(cta, _)| cta.kind() == row.kind && cta.offer_for(&tag.channel) == *row.offer);
        let closed = periods.first().and_then(|latest| latest.until);
        Some(LeadFacts {
            came: came(&tag.channel, channel_label),
            did: did(leads, row),
            channel: tag.channel.clone(),
            channel_label,
            title,
            page,
            kind: row.kind,
            offer: &row.offer,
            is_as_today,
            code: row.code,
            quotes: ContactMade::quotes_a_code(row.kind, &row.offer)
                .then(|| ShortCode::to_quote(&tag.campaign, &tag.channel)),
            short_link: row.code.map(|code| short_link(self.site, code)),
            periods,
            closed,
            replaced_by: closed.and_then(|_| current_tag(self.site, tag)).filter(|present| {
                let issued = campaign.ctas.iter().flat_map(|cta| &cta.tags).any(|rows| rows[0].tag == *present);
                present != tag && issued
            }),
            first_message: None,
            tag: tag.clone(),
        })
    }

    /// The title and address of what the visitors of a lead tag's channel saw.
    fn seen(&self, campaign: &CampaignLeads<'s>, leads: &CtaLeads, row: &'s Row) -> (&'s str, Option<String>) {
        let base_url = &self.site.config.base_url;
        let tag = &row.tag;
        // Of what is gone, and of one of several pages, the register has what was offered.
        let Some(page) = campaign.page else { return (&row.label, None) };
        let elsewhere = (campaign.id.clone(), leads.id.clone(), tag.channel.clone());
        match self.seen_elsewhere.get(&elsewhere) {
            Some(Some(index)) => {
                let page = &self.site.pages[*index];
                let address = self.is_published(page).then(|| base_url.absolute(&page.path));
                return (&page.page.front.title.value, address);
            }
            Some(None) => return (&row.label, None),
            None => {}
        }
        let own_title = page.page.front.per_channel.get(&tag.channel).and_then(|own| own.value.title.as_ref());
        let title = own_title.unwrap_or(&page.page.front.title.value);
        let address = self.is_published(page).then(|| {
            match self.site.channel_pages(page).any(|channel| *channel == tag.channel) {
                true => base_url.absolute(&page.channel_path(&tag.channel)),
                false => base_url.absolute(&page.path),
            }
        });
        (title, address)
    }

    fn is_published(&self, page: &SitePage) -> bool {
        page.state.is_published(self.site.options.preview)
    }
}

/// For people, of a channel that `site.yaml` does not list.
fn label_without_entry(channel: &Slug) -> &str {
    match channel.as_str() {
        tag::DIRECT => "No known place",
        tag::OTHER => "A place that is on no channel",
        id => id,
    }
}

/// As in "came …".
fn came(channel: &Slug, label: &str) -> String {
    match channel.as_str() {
        tag::DIRECT => "from no known place".to_owned(),
        tag::OTHER => "from a place that is on no channel".to_owned(),
        _ => format!("through {label}"),
    }
}

/// As in "saw this page and …".
fn did(leads: &CtaLeads, row: &Row) -> String {
    let offer = &row.offer;
    let form = leads.cta.and_then(|(cta, _)| cta.form()).map(|form| list_in_words(&asked(form)));
    match (row.kind, form) {
        (CtaKind::Coupon, _) => format!("took the coupon code {offer}"),
        (CtaKind::Download, None) => format!("downloaded {offer}"),
        (CtaKind::Download, Some(fields)) => format!("left {fields} to download {offer}"),
        (CtaKind::Booking, None) if &**offer == "form" => "asked for a booking".to_owned(),
        (CtaKind::Booking, None) => format!("went on to {offer} to book a time"),
        (CtaKind::Booking, Some(fields)) => format!("left {fields} to book a time"),
        (CtaKind::Contact, form) => match (ContactMade::of_offer(offer), form) {
            (ContactMade::Whatsapp { .. }, _) => "asked on WhatsApp".to_owned(),
            (ContactMade::Phone { number }, _) => format!("called {number}"),
            (ContactMade::Form, None) => "asked a question".to_owned(),
            (ContactMade::Form, Some(fields)) => format!("left {fields} to ask a question"),
        },
    }
}

/// Where the link of a call to action leads, for people. Empty for files and forms.
fn leads_to(cta: &Cta) -> String {
    match &cta.offer {
        CtaOffer::Contact(ContactBy::Whatsapp(whatsapp)) => format!("WhatsApp, {}", whatsapp.number.written()),
        CtaOffer::Contact(ContactBy::Phone(number)) => number.written().to_owned(),
        CtaOffer::Contact(ContactBy::Form(_)) | CtaOffer::Coupon(_) | CtaOffer::Download(_) | CtaOffer::Booking(_) => {
            cta.url(&tag::direct()).map(|url| url.short_name().to_owned()).unwrap_or_default()
        }
    }
}

/// `name, email and company`
fn list_in_words(names: &[String]) -> String {
    list(names.iter().map(String::as_str)).replace('`', "")
}

fn asked(form: &Form) -> Vec<String> {
    form.fields.iter().map(|field| field.value.name().replace('_', " ")).collect()
}

fn gone(campaign: &CampaignLeads, owner: Option<String>) -> CampaignFacts {
    CampaignFacts {
        id: campaign.id.clone(),
        title: campaign.id.to_string(),
        summary: String::new(),
        state: CampaignState::Gone,
        when: campaign.when(),
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

fn gone_cta(leads: &CtaLeads) -> CtaFacts {
    let last = leads.last_row();
    CtaFacts {
        id: leads.id.clone(),
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
        first_message_heading: "First message".to_owned(),
    }
}

/// For people: `runs from 1 March 2027 until 31 March 2027`.
pub fn when(page: &SitePage) -> String {
    let front = &page.page.front;
    let starts = front.starts.map(|starts| in_words(starts.value));
    let ends = front.ends.map(|ends| in_words(ends.value));
    match (page.state, starts, ends) {
        (State::Draft, ..) => "a draft, not published".to_owned(),
        (State::Live, _, None) => "runs with no end date".to_owned(),
        (State::Live, None, Some(ends)) => format!("runs until {ends}"),
        (State::Live, Some(starts), Some(ends)) => format!("runs from {starts} until {ends}"),
        (State::Scheduled, Some(starts), Some(ends)) => format!("starts on {starts}, runs until {ends}"),
        (State::Scheduled, Some(starts), None) => format!("starts on {starts}"),
        (State::Scheduled, None, _) => "has not started".to_owned(),
        (State::Ended, Some(starts), Some(ends)) => format!("ran from {starts} until {ends}"),
        (State::Ended, _, Some(ends)) => format!("ended on {ends}"),
        (State::Ended, _, None) => "has ended".to_owned(),
    }
}

/// `31 March 2027`
pub fn day_in_words(day: Date) -> String {
    in_words(When { day, time: None })
}

/// The same for what nobody can have any more.
fn message_after_end(page: &SitePage) -> String {
    let title = &page.page.front.title.value;
    format!(
        "Hi {{first name}}, you were looking at “{title}”. That offer is over. May I tell you what we have for you now?"
    )
}

/// The same for what was offered before, of which nothing else is known.
fn message_of_the_past(page: &SitePage) -> String {
    let title = &page.page.front.title.value;
    format!("Hi {{first name}}, you were looking at “{title}”. Did you get what you were looking for?")
}

/// A message that is true for any campaign, for those whose notes have none.
fn own_message(page: &SitePage, cta: &Cta, offer: &str) -> String {
    let title = &page.page.front.title.value;
    let middle = match &cta.offer {
        CtaOffer::Coupon(coupon) => {
            let until = coupon.expires.map(|expires| format!(" It is good until {}.", in_words(expires.value)));
            format!(
                "your code is {offer}.{} May I help you with anything before you use it?",
                until.unwrap_or_default()
            )
        }
        CtaOffer::Download(Download { form: Some(_), .. }) => {
            format!("you asked us for {offer}. Did it reach you, and did it answer your question?")
        }
        CtaOffer::Download(_) => format!("you downloaded {offer}. Did it answer your question?"),
        CtaOffer::Booking(Booking { by: BookingBy::Scheduler(_), .. }) => {
            "thank you for booking a time with us. What would you like to get out of it?".to_owned()
        }
        CtaOffer::Booking(Booking { by: BookingBy::Form(_), .. }) => {
            "you asked us for a time to talk. When does it suit you, and what would you like to get out of it?"
                .to_owned()
        }
        CtaOffer::Contact(ContactBy::Whatsapp(_)) => {
            "thank you for your message on WhatsApp. May I answer here, or shall I call you?".to_owned()
        }
        CtaOffer::Contact(ContactBy::Phone(_)) => "thank you for your call. Did it answer your question?".to_owned(),
        CtaOffer::Contact(ContactBy::Form(_)) => {
            "thank you for your question. May I answer here, or shall I call you?".to_owned()
        }
    };
    format!("Hi {{first name}}, you were looking at “{title}”: {middle}")
}
