//! Renders an answer as text for a terminal.

use super::answer::{Answer, GroupAnswer, LeadAnswer, LeadCard, OffersOnDay};
use super::text_output::TextOutput;
use crate::model::cta::CtaKind;
use crate::model::date::in_words;
use crate::sales::facts::{CampaignFacts, CampaignState, CtaFacts, CtaWithMessage, LeadFacts, Material, Period};
use crate::sales::wording::day_in_words;

/// The maximum of lead tags to print, so that a large group stays readable.
const MAX_CARDS: usize = 50;
/// The maximum of campaigns to print.
const MAX_CAMPAIGNS: usize = 10;

/// Returns the answer as text: what the lead saw, then who follows up, what to say and what to send.
pub fn to_text(answer: &Answer) -> String {
    let mut out = TextOutput::default();
    let taken = match answer {
        Answer::Lead(lead) => &lead.taken,
        Answer::Group(group) => &group.taken,
    };
    if let Some(taken) = taken {
        out.wrapped("", &format!("Found in the text: {taken}"));
        out.gap();
    }
    match answer {
        Answer::Lead(lead) => one_lead(&mut out, lead),
        Answer::Group(group) => lead_group(&mut out, group),
    }
    out.into_text()
}

fn one_lead(out: &mut TextOutput, LeadAnswer { card, campaign, .. }: &LeadAnswer) {
    let LeadCard { lead, cta, on, story, url, .. } = card;
    let CtaWithMessage { facts, first_message, first_message_heading } = cta;
    out.line(&lead.tag.to_string());
    out.wrapped("", story);
    out.gap();
    if let Some(on) = on {
        on_day(out, on);
    }
    periods(out, lead);
    offer(out, lead, facts);
    seen_page(out, lead, facts);
    campaign_facts(out, campaign, lead.variant.as_ref().and_then(|variant| variant.promised));
    out.fact("Channel", &format!("{} ({})", lead.channel_label, lead.channel));
    if let Some(link) = &lead.short_link {
        out.fact("Short link", link);
    }
    if let Some(url) = url {
        out.fact("Lead card", url);
    }
    follow_up(out, campaign);
    message(out, first_message_heading, lead.first_message.as_ref().unwrap_or(first_message));
    materials(out, campaign, facts.file.as_ref());
    notes(out, campaign);
}

/// Writes every lead tag of a group, then each of their campaigns once.
fn lead_group(out: &mut TextOutput, group: &GroupAnswer) {
    let name = match (&group.campaign, &group.page) {
        (Some(campaign), _) => campaign.to_string(),
        (None, Some(page)) => page.clone(),
        (None, None) => format!("{} lead tags", group.sources.len()),
    };
    let name = group.channel.as_ref().map_or(name.clone(), |channel| format!("{name} on {channel}"));
    out.line(&name);
    if group.sources.is_empty() {
        out.wrapped("", "There is no call to action here, so no lead comes from here.");
    }
    for LeadCard { lead, cta, on, story, .. } in group.sources.iter().take(MAX_CARDS) {
        out.gap();
        out.line(&lead.tag.to_string());
        out.wrapped("  ", story);
        if let Some(on) = on {
            on_day(out, on);
        }
        periods(out, lead);
        offer(out, lead, &cta.facts);
        if group.campaign.as_ref() != Some(&lead.tag.campaign) {
            out.fact("Campaign", &lead.tag.campaign.to_string());
        }
    }
    if group.sources.len() > MAX_CARDS {
        out.gap();
        out.line(&format!("and {} more lead tags", group.sources.len() - MAX_CARDS));
    }
    for campaign in group.campaigns.values().take(MAX_CAMPAIGNS) {
        out.heading(&campaign.title);
        campaign_facts(out, campaign, None);
        follow_up(out, campaign);
        materials(out, campaign, None);
    }
    if let Some(first) = group.sources.first() {
        out.gap();
        out.line(&format!("For the first message, explain one lead tag: tagline explain {}", first.lead.tag));
    }
}

fn on_day(out: &mut TextOutput, OffersOnDay { date, offers }: &OffersOnDay) {
    let name = format!("On {date}");
    match &offers[..] {
        [] => out.fact(&name, "not active"),
        [only] => out.fact(&name, &offered(only)),
        several => {
            let offers: Vec<String> = several.iter().map(offered).collect();
            out.fact(&name, &format!("{}: the offer changed that day", offers.join(", or ")));
        }
    }
}

/// `ACME20 (“Get 20% off”)`
fn offered(period: &Period) -> String {
    format!("{} (“{}”)", offer_in_words(period.kind, period.offer), period.label)
}

/// `the code ACME20`
fn offer_in_words(kind: CtaKind, offer: &str) -> String {
    (kind.register_text().offer)(offer)
}

fn periods(out: &mut TextOutput, lead: &LeadFacts) {
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

fn offer(out: &mut TextOutput, lead: &LeadFacts, cta: &CtaFacts) {
    let (label, note) = match (&lead.tag.variant, &lead.variant) {
        (None, _) => (&*cta.label, &*cta.note),
        (Some(_), Some(variant)) => (lead.label(), variant.note.unwrap_or_default()),
        // A removed variant: its label is in the register.
        (Some(_), None) => (lead.label(), ""),
    };
    let label = if note.is_empty() { label.to_owned() } else { format!("{label}. {note}") };
    out.fact("Call to action", &label);
    // Today's content describes only the offer that it still has.
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
            let length = lead.variant.as_ref().map_or(&*cta.trial_length, |read| read.trial_length.unwrap_or_default());
            let length = if length.is_empty() { String::new() } else { format!(", {length}") };
            out.fact("Booking", &format!("{}{}", offer_in_words(CtaKind::Booking, lead.offer), today(length)));
        }
        CtaKind::Contact => out.fact("Contact", &offer_in_words(CtaKind::Contact, lead.offer)),
        CtaKind::Event => event(out, lead, cta),
    }
    if let Some(code) = &lead.quotes {
        out.fact("Quotes code", &code.to_string());
    }
    let form = lead.variant.as_ref().map_or(&cta.form, |variant| &variant.form);
    if !form.is_empty() {
        out.fact("Form fields", &form.join(", "));
    }
    if let Some(variant) = &lead.variant {
        variant.consents.iter().for_each(|consent| out.fact("Consent", consent));
        if !variant.thanks().is_empty() {
            out.fact("Thanked with", &variant.thanks().replace('\n', " "));
        }
    }
}

/// Writes when and where an event is. An earlier offer had other starts.
fn event(out: &mut TextOutput, lead: &LeadFacts, cta: &CtaFacts) {
    let Some(event) = cta.event.as_ref().filter(|_| lead.is_as_today) else {
        return out.fact("Event", &offer_in_words(CtaKind::Event, lead.offer));
    };
    out.fact("Event", &event.when());
    out.fact("Place", &lead.variant.as_ref().and_then(|read| read.place.clone()).unwrap_or_else(|| event.place()));
    if let Some(join) = &event.join {
        out.fact("Join at", join);
    }
    if event.is_over {
        out.fact("", "it is over");
    }
    if let Some(recording) = &event.recording {
        out.fact("Recording", recording);
    }
}

fn seen_page(out: &mut TextOutput, lead: &LeadFacts, cta: &CtaFacts) {
    out.fact("They saw", lead.title);
    if let Some(page) = &lead.page {
        out.fact("", page);
    }
    if let Some(variant) = &lead.variant {
        out.fact("Variant", &variant.name());
    }
    if !cta.is_present {
        out.fact("", "this call to action is no longer on the site; these facts are from the tag register");
    }
}

/// `promised` is what the page of a variant promised.
fn campaign_facts(out: &mut TextOutput, campaign: &CampaignFacts, promised: Option<&str>) {
    let state = match campaign.state {
        CampaignState::Live => "live",
        CampaignState::Ended => "ended",
        CampaignState::Scheduled => "not yet started",
        CampaignState::Draft => "draft",
        CampaignState::Gone => "gone",
    };
    out.fact("Campaign", &format!("{} ({}): {state}, {}", campaign.title, campaign.id, campaign.when));
    let promised = promised.unwrap_or(&campaign.summary);
    if !promised.is_empty() {
        out.fact("Promised", promised);
    }
    if let Some(after) = campaign.after_end.as_ref().filter(|_| campaign.state == CampaignState::Ended) {
        out.fact("Offer instead", &format!("{}, {}", after.title, after.url));
    }
}

fn follow_up(out: &mut TextOutput, campaign: &CampaignFacts) {
    let owner = campaign.owner.as_deref().unwrap_or("no owner");
    match &campaign.respond_within {
        Some(within) => out.fact("Follow up", &format!("{owner}, within {within}")),
        None => out.fact("Follow up", owner),
    }
}

fn message(out: &mut TextOutput, heading: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    out.heading(heading);
    for paragraph in text.lines() {
        out.wrapped("  ", paragraph);
    }
}

fn materials(out: &mut TextOutput, campaign: &CampaignFacts, file: Option<&Material>) {
    // If the notes list the file too, it appears once, with the title from the notes.
    let file = file.filter(|file| campaign.materials.iter().all(|material| material.href != file.href));
    let all: Vec<&Material> = file.into_iter().chain(&campaign.materials).collect();
    if all.is_empty() {
        return;
    }
    out.heading("To send");
    for material in all {
        let size =
            if material.size.is_empty() { String::new() } else { format!(" ({}, {})", material.format, material.size) };
        let note = if material.note.is_empty() { String::new() } else { format!(": {}", material.note) };
        out.fill("  - ", "    ", &format!("{}{size}{note}", material.title));
        let place =
            if material.is_public { material.href.clone() } else { format!("not on the web: sales/{}", material.href) };
        out.line(&format!("    {place}"));
    }
}

/// Writes the text of `sales.md`.
fn notes(out: &mut TextOutput, campaign: &CampaignFacts) {
    let Some(notes) = &campaign.notes else { return };
    out.heading("Notes");
    for line in notes.markdown.lines() {
        out.line(if line.is_empty() { String::new() } else { format!("  {line}") }.as_str());
    }
}
