//! An answer as text, for a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

use super::{Answer, Card, OnDay, OneLead, Place};
use crate::model::contact::ContactMade;
use crate::model::date::in_words;
use crate::model::offer_kind::CtaKind;
use crate::sales::facts::{CampaignFacts, CampaignState, CtaFacts, LeadFacts, Material, Period};
use crate::sales::leads::day_in_words;

/// The width of text that is wrapped, in columns, and of the names of facts.
const WIDTH: usize = 96;
const NAME: usize = 16;
/// What a person reads through of a place with very many lead tags.
const MAX_CARDS: usize = 50;
const MAX_CAMPAIGNS: usize = 10;

/// The answer for people: what the lead saw first, then who follows up, what to say and what to send.
pub fn tell(answer: &Answer) -> String {
    let mut out = Page::default();
    match answer {
        Answer::Lead(lead) => one_lead(&mut out, lead),
        Answer::Place(place) => of_place(&mut out, place),
    }
    out.text
}

fn one_lead(out: &mut Page, OneLead { card, campaign, .. }: &OneLead) {
    let Card { lead, cta, on, story, card, .. } = card;
    out.line(&lead.tag.to_string());
    out.wrapped("", story);
    out.gap();
    if let Some(on) = on {
        on_day(out, on);
    }
    market(out, lead);
    offer(out, lead, cta);
    seen(out, lead, cta);
    whole_campaign(out, campaign);
    out.fact("Channel", &format!("{} ({})", lead.channel_label, lead.channel));
    if let Some(link) = &lead.short_link {
        out.fact("Short link", link);
    }
    if let Some(card) = card {
        out.fact("Lead card", card);
    }
    follow_up(out, campaign);
    message(out, &cta.first_message_heading, lead.first_message.as_ref().unwrap_or(&cta.first_message));
    to_send(out, campaign, cta.file.as_ref());
    notes(out, campaign);
}

/// Every lead tag of a place, and each of their campaigns once.
fn of_place(out: &mut Page, place: &Place) {
    let name = match (&place.campaign, &place.page) {
        (Some(campaign), _) => campaign.to_string(),
        (None, Some(page)) => page.clone(),
        (None, None) => format!("{} lead tags", place.sources.len()),
    };
    let name = place.channel.as_ref().map_or(name.clone(), |channel| format!("{name} on {channel}"));
    out.line(&name);
    if place.sources.is_empty() {
        out.wrapped("", "No call to action here makes leads, so no lead comes from here.");
    }
    for Card { lead, cta, on, story, .. } in place.sources.iter().take(MAX_CARDS) {
        out.gap();
        out.line(&lead.tag.to_string());
        out.wrapped("  ", story);
        if let Some(on) = on {
            on_day(out, on);
        }
        market(out, lead);
        offer(out, lead, cta);
        if place.campaign.as_ref() != Some(&lead.tag.campaign) {
            out.fact("Campaign", &lead.tag.campaign.to_string());
        }
    }
    if place.sources.len() > MAX_CARDS {
        out.gap();
        out.line(&format!("and {} more lead tags", place.sources.len() - MAX_CARDS));
    }
    for campaign in place.campaigns.values().take(MAX_CAMPAIGNS) {
        out.heading(&campaign.title);
        whole_campaign(out, campaign);
        follow_up(out, campaign);
        to_send(out, campaign, None);
    }
    if let Some(first) = place.sources.first() {
        out.gap();
        out.line(&format!("For what to say ask about one lead tag: tagline explain {}", first.lead.tag));
    }
}

fn on_day(out: &mut Page, OnDay { date, offers }: &OnDay) {
    let name = format!("On {date}");
    match &offers[..] {
        [] => out.fact(&name, "not in the market"),
        [only] => out.fact(&name, &offered(only)),
        several => {
            let offers: Vec<String> = several.iter().map(offered).collect();
            out.fact(&name, &format!("{}: the offer changed that day", offers.join(", or ")));
        }
    }
}

/// `ACME20 (“Get 20% off”)`
fn offered(period: &Period) -> String {
    format!("{} (“{}”)", in_words_of_kind(period.kind, period.offer), period.label)
}

fn in_words_of_kind(kind: CtaKind, offer: &str) -> String {
    match kind {
        CtaKind::Coupon => format!("the code {offer}"),
        CtaKind::Booking if offer == "form" => "a booking by form".to_owned(),
        CtaKind::Booking => format!("a booking at {offer}"),
        CtaKind::Download => offer.to_owned(),
        CtaKind::Contact => match ContactMade::of_offer(offer) {
            ContactMade::Whatsapp { digits } => format!("WhatsApp, +{digits}"),
            ContactMade::Phone { number } => format!("a call to {number}"),
            ContactMade::Form => "a question by form".to_owned(),
        },
    }
}

fn market(out: &mut Page, lead: &LeadFacts) {
    let Some((latest, earlier)) = lead.periods.split_first() else { return };
    let since = day_in_words(latest.from);
    match latest.until {
        None => out.fact("Issued", &format!("on {since}")),
        Some(until) => out.fact("Closed", &format!("on {}; issued on {since}", day_in_words(until))),
    }
    if let Some(new) = &lead.replaced_by {
        out.fact("Is now called", &new.to_string());
    }
    for period in earlier {
        let until = period.until.map(day_in_words).unwrap_or_default();
        out.fact("Before", &format!("{}, {} to {until}", offered(period), day_in_words(period.from)));
    }
}

fn offer(out: &mut Page, lead: &LeadFacts, cta: &CtaFacts) {
    let label = if cta.note.is_empty() { cta.label.clone() } else { format!("{}. {}", cta.label, cta.note) };
    out.fact("Call to action", &label);
    // What the content says today is not what was said of something else.
    let today = |text: String| if lead.is_as_today { text } else { String::new() };
    match lead.kind {
        CtaKind::Coupon => {
            let expiry = match (cta.expires.filter(|_| lead.is_as_today), cta.is_expired) {
                (Some(expires), false) => format!(", good until {}", in_words(expires)),
                (Some(expires), true) => format!(", expired on {}", in_words(expires)),
                (None, _) => String::new(),
            };
            let place = if cta.leads_to.is_empty() { String::new() } else { today(format!(", at {}", cta.leads_to)) };
            out.fact("Coupon", &format!("{}{expiry}{place}", lead.offer));
        }
        CtaKind::Download => {
            let size = cta.file.as_ref().map(|file| format!(" ({}, {})", file.format, file.size)).unwrap_or_default();
            out.fact("File", &format!("{}{}", lead.offer, today(size)));
        }
        CtaKind::Booking => {
            let length = if cta.trial_length.is_empty() { String::new() } else { format!(", {}", cta.trial_length) };
            out.fact("Booking", &format!("{}{}", in_words_of_kind(CtaKind::Booking, lead.offer), today(length)));
        }
        CtaKind::Contact => out.fact("Contact", &in_words_of_kind(CtaKind::Contact, lead.offer)),
    }
    if let Some(code) = &lead.quotes {
        out.fact("Quotes code", &code.to_string());
    }
    if !cta.form.is_empty() {
        out.fact("Asked for", &cta.form.join(", "));
    }
}

fn seen(out: &mut Page, lead: &LeadFacts, cta: &CtaFacts) {
    out.fact("They saw", lead.title);
    if let Some(page) = &lead.page {
        out.fact("", page);
    }
    if !cta.is_present {
        out.fact("", "this call to action is gone from the site; the tag register remembers it");
    }
}

fn whole_campaign(out: &mut Page, campaign: &CampaignFacts) {
    let state = match campaign.state {
        CampaignState::Live => "live",
        CampaignState::Ended => "ended",
        CampaignState::Scheduled => "not yet started",
        CampaignState::Draft => "draft",
        CampaignState::Gone => "gone",
    };
    out.fact("Campaign", &format!("{} ({}): {state}, {}", campaign.title, campaign.id, campaign.when));
    if !campaign.summary.is_empty() {
        out.fact("Promised", &campaign.summary);
    }
    if let Some(after) = campaign.after_end.as_ref().filter(|_| campaign.state == CampaignState::Ended) {
        out.fact("Offer instead", &format!("{}, {}", after.title, after.url));
    }
}

fn follow_up(out: &mut Page, campaign: &CampaignFacts) {
    let owner = campaign.owner.as_deref().unwrap_or("nobody is named");
    match &campaign.respond_within {
        Some(within) => out.fact("Follow up", &format!("{owner}, within {within}")),
        None => out.fact("Follow up", owner),
    }
}

fn message(out: &mut Page, heading: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    out.heading(heading);
    for paragraph in text.lines() {
        out.wrapped("  ", paragraph);
    }
}

fn to_send(out: &mut Page, campaign: &CampaignFacts, file: Option<&Material>) {
    // The notes call it by a better name than its own.
    let file = file.filter(|file| campaign.materials.iter().all(|material| material.href != file.href));
    let materials: Vec<&Material> = file.into_iter().chain(&campaign.materials).collect();
    if materials.is_empty() {
        return;
    }
    out.heading("To send");
    for material in materials {
        let size =
            if material.size.is_empty() { String::new() } else { format!(" ({}, {})", material.format, material.size) };
        let note = if material.note.is_empty() { String::new() } else { format!(": {}", material.note) };
        out.fill("  - ", "    ", &format!("{}{size}{note}", material.title));
        let place =
            if material.is_public { material.href.clone() } else { format!("not on the web: sales/{}", material.href) };
        out.line(&format!("    {place}"));
    }
}

/// `sales.md` as it was written.
fn notes(out: &mut Page, campaign: &CampaignFacts) {
    let Some(notes) = &campaign.notes else { return };
    out.heading("Notes");
    for line in notes.markdown.lines() {
        out.line(if line.is_empty() { String::new() } else { format!("  {line}") }.as_str());
    }
}

/// Text that grows line by line.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.gap();
        self.line(heading);
    }

    /// A name and what it is, aligned: `  Channel         Partner: Acme (acme)`.
    fn fact(&mut self, name: &str, value: &str) {
        let first = format!("  {name:NAME$}");
        let rest = " ".repeat(NAME + 2);
        self.fill(&first, &rest, value);
    }

    fn wrapped(&mut self, indent: &str, text: &str) {
        self.fill(indent, indent, text);
    }

    fn fill(&mut self, first: &str, rest: &str, text: &str) {
        let options = Options::new(WIDTH).initial_indent(first).subsequent_indent(rest).break_words(false);
        // Addresses stay whole, so that a terminal opens them.
        let options = options.word_splitter(WordSplitter::NoHyphenation).word_separator(WordSeparator::AsciiSpace);
        let filled = textwrap::fill(text, options);
        self.line(filled.trim_end());
    }
}
