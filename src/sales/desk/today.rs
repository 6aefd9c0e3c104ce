//! What runs on the day of the desk, and what changes on it and on the next day with a change.

use jiff::civil::Date;

use crate::model::date::When;
use crate::resolve::{Site, SitePage, State};
use crate::sales::campaign_rows::CampaignRows;
use crate::sales::wording::day_in_words;

/// `today`: the day in words, and a sentence for each kind of change.
pub struct TodayView {
    pub day: String,
    pub lines: Vec<String>,
}

/// The titles that a sentence names.
const MAX_NAMED: usize = 4;

pub fn today(site: &Site, campaigns: &[CampaignRows]) -> TodayView {
    let day = site.options.today;
    let pages: Vec<&SitePage> = campaigns.iter().filter_map(|campaign| campaign.page).collect();
    let running = pages.iter().filter(|page| page.state == State::Live).count();
    let mut lines = vec![match running {
        0 => "No campaign runs.".to_owned(),
        1 => "1 campaign runs.".to_owned(),
        number => format!("{number} campaigns run."),
    }];
    let before = lines.len();
    lines.extend(line("Starts today", starting(&pages, day)));
    lines.extend(line("Last day today", ending(&pages, day)));
    lines.extend(line("Code valid until today", codes(&pages, day)));
    if lines.len() == before {
        lines.push("Nothing starts or ends today.".to_owned());
    }
    if let Some(next) = site.next_change {
        let last = next.yesterday().unwrap_or(next);
        let has_day = last != day;
        let on = day_in_words(next);
        lines.extend(line(&format!("Starts on {on}"), starting(&pages, next)));
        lines.extend(line(&format!("Last day on {}", day_in_words(last)), ending(&pages, last)).filter(|_| has_day));
        let codes = line(&format!("Code valid until {}", day_in_words(last)), codes(&pages, last));
        lines.extend(codes.filter(|_| has_day));
    }
    TodayView { day: day_in_words(day), lines }
}

fn is_on(when: Option<When>, day: Date) -> bool {
    when.is_some_and(|when| when.day == day)
}

fn starting(pages: &[&SitePage], day: Date) -> Vec<String> {
    let pages = pages.iter().filter(|page| page.state != State::Draft);
    let pages = pages.filter(|page| is_on(page.page.front.starts.map(|starts| starts.value), day));
    pages.map(|page| quoted(page)).collect()
}

fn ending(pages: &[&SitePage], day: Date) -> Vec<String> {
    let pages = pages.iter().filter(|page| page.state != State::Draft);
    let pages = pages.filter(|page| is_on(page.page.front.ends.map(|ends| ends.value), day));
    pages.map(|page| quoted(page)).collect()
}

/// The coupons of running campaigns with this last day.
fn codes(pages: &[&SitePage], day: Date) -> Vec<String> {
    let coupons = pages.iter().filter(|page| page.state == State::Live).flat_map(|page| {
        let coupons = page.page.front.ctas.values().filter_map(|cta| cta.coupon());
        coupons.filter(|coupon| is_on(coupon.expires.map(|expires| expires.value), day)).map(|_| quoted(page))
    });
    coupons.collect()
}

fn quoted(page: &SitePage) -> String {
    format!("“{}”", page.page.front.title.value)
}

/// Returns `Starts today: “A”, “B” and 3 more.`, or nothing without titles.
fn line(what: &str, titles: Vec<String>) -> Option<String> {
    let named = titles.get(..MAX_NAMED).unwrap_or(&titles).join(", ");
    match titles.len() {
        0 => None,
        1..=MAX_NAMED => Some(format!("{what}: {named}.")),
        number => Some(format!("{what}: {named} and {} more.", number - MAX_NAMED)),
    }
}
