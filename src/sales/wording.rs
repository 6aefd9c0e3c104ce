//! The phrases in which the lead desk and `explain` describe campaigns and leads.

use jiff::civil::Date;

use crate::diagnostics::list;
use crate::model::cta::{Cta, CtaKind};
use crate::model::date::{When, in_words};
use crate::model::field::{FieldId, FieldName, OwnFields};
use crate::model::figures::TagFigures;
use crate::model::form::{Form, FormField};
use crate::model::site::SiteLanguage;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::resolve::{SitePage, State};

/// Returns the period of a campaign: `runs from 1 March 2027 until 31 March 2027`.
pub fn campaign_period(page: &SitePage) -> String {
    let front = &page.page.front;
    let starts = front.starts.map(|starts| in_words(starts.value));
    let ends = front.ends.map(|ends| in_words(ends.value));
    match (page.state, starts, ends) {
        (State::Draft, ..) => "a draft, not published".to_owned(),
        (State::Live, _, None) => "no end date".to_owned(),
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

/// Returns a day in words: `31 March 2027`.
pub fn day_in_words(day: Date) -> String {
    in_words(When { day, time: None })
}

/// Returns the label of a channel that is not in `site.yaml`: `direct`, `other` or a removed one.
pub fn unlisted_channel_label(channel: &Slug) -> &str {
    match channel.as_str() {
        tag::DIRECT => "no known place",
        tag::OTHER => "an unlisted place",
        id => id,
    }
}

/// Returns where a lead came from, as in "Came …": `through Partner: Acme`.
pub fn came(channel: &Slug, label: &str) -> String {
    match channel.as_str() {
        tag::DIRECT => "from no known place".to_owned(),
        tag::OTHER => "from an unlisted place".to_owned(),
        _ => format!("through {label}"),
    }
}

/// Returns what a lead did, as in "saw this page and …": `took the coupon code ACME20`.
pub fn did(kind: CtaKind, offer: &str, form: Option<(&Form, Option<&SiteLanguage>)>, own: &OwnFields) -> String {
    let is_by_form = kind == CtaKind::Contact && !kind.quotes_a_code(offer);
    if is_by_form && form.is_some_and(|(form, _)| form.has_only_email()) {
        return "signed up with an e-mail address".to_owned();
    }
    let fields =
        form.map(|(form, language)| list(form_fields(form, own, language).iter().map(String::as_str)).replace('`', ""));
    (kind.register_text().action)(offer, fields.as_deref())
}

/// Returns where the link of a call to action leads: `app.kazi.example`, or `WhatsApp, +254 700 000000`. Empty for
/// files and forms.
pub fn leads_to(cta: &Cta) -> String {
    cta.offering().destination_text()
}

/// Returns the names of the fields that visitors fill in: `name`, `team size`, and the labels of a site's own fields in a language.
pub fn form_fields(form: &Form, own: &OwnFields, language: Option<&SiteLanguage>) -> Vec<String> {
    let label = |id: &FieldId| {
        let field = own.get(id).filter(|field| !field.is_hidden())?;
        let translated = language.and_then(|language| language.fields.get(id)?.label.as_ref());
        Some(translated.unwrap_or(&field.label).clone())
    };
    let name = |field: &FormField| match &field.name.value {
        FieldName::BuiltIn(field) => Some(field.name().replace('_', " ")),
        FieldName::Own(id) => label(id),
    };
    form.fields.iter().filter_map(name).collect()
}

/// Fewer leads are not shown in numbers.
const MIN_SHOWN: u64 = 5;

/// Returns what became of leads, in words.
pub fn figures(figures: &TagFigures) -> String {
    if figures.leads < MIN_SHOWN {
        return "fewer than five leads so far".to_owned();
    }
    let TagFigures { leads, qualified, won, lost, reasons } = figures;
    let reasons = reasons.iter().take(3).map(|(reason, leads)| format!("{reason} ({leads})")).collect::<Vec<_>>();
    let reasons = if reasons.is_empty() { String::new() } else { format!("; lost for {}", reasons.join(", ")) };
    format!("{leads} leads: {qualified} qualified, {won} won, {lost} lost, {} open{reasons}", figures.open())
}
