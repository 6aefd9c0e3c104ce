//! How many campaigns run, and what changed last and changes next. The lines are the same on every day without a change, as
//! all of the desk is.

use jiff::civil::Date;

use crate::model::cta::Cta;
use crate::model::date::When;
use crate::resolve::{Site, SitePage, State, days_after};
use crate::sales::campaign_rows::CampaignRows;
use crate::sales::wording::day_in_words;

/// `changes`: what runs, and the days with a change.
pub struct ChangesView {
    pub running: usize,
    pub days: Vec<DayView>,
}

/// A day with a change.
pub struct DayView {
    /// `Last change`.
    pub name: &'static str,
    pub date: Date,
    pub day: String,
    /// `“Hire in days” starts; the code of “Free trial” is no longer valid`, and for the last change `started`.
    pub changes: String,
}

/// A change of a page that a day brings.
#[derive(Clone, Copy)]
enum Change {
    Starts,
    Ends,
    CodeExpires,
    EventIsOver,
}

/// The titles that a sentence names.
const MAX_NAMED: usize = 4;

pub fn changes(site: &Site, campaigns: &[CampaignRows]) -> ChangesView {
    let pages: Vec<&SitePage> = campaigns.iter().filter_map(|campaign| campaign.page).collect();
    let all: Vec<(Date, Change, &SitePage)> =
        pages.iter().filter(|page| page.state != State::Draft).flat_map(|page| changes_of(site, page)).collect();
    let days = || all.iter().map(|(day, ..)| *day);
    let today = site.options.today;
    let last = days().filter(|day| *day <= today).max().map(|day| ("Last change", day));
    let next = days().filter(|day| *day > today).min().map(|day| ("Next change", day));
    let view = |(name, date): (&'static str, Date)| {
        let of_day = |kind: Change| {
            let same = |change: &Change| std::mem::discriminant(change) == std::mem::discriminant(&kind);
            let changes = all.iter().filter(|(day, change, _)| *day == date && same(change));
            sentence(
                kind,
                date <= today,
                &changes.map(|(.., page)| page.page.front.title.value.as_str()).collect::<Vec<_>>(),
            )
        };
        let changes =
            [Change::Starts, Change::Ends, Change::CodeExpires, Change::EventIsOver].into_iter().filter_map(of_day);
        DayView { name, date, day: day_in_words(date), changes: changes.collect::<Vec<_>>().join("; ") }
    };
    ChangesView {
        running: pages.iter().filter(|page| page.state == State::Live).count(),
        days: last.into_iter().chain(next).map(view).collect(),
    }
}

/// The changes of a page, each with the first day on which it shows.
fn changes_of<'s>(site: &Site, page: &'s SitePage) -> Vec<(Date, Change, &'s SitePage)> {
    let front = &page.page.front;
    let after = |when: When| when.day.tomorrow().ok();
    let starts = front.starts.map(|starts| (starts.value.day, Change::Starts));
    let ends = front.ends.and_then(|ends| Some((after(ends.value)?, Change::Ends)));
    // Nobody sees a code that expires after the campaign.
    let is_seen = |expires: When| front.ends.is_none_or(|ends| expires.day < ends.value.day);
    let expire = front.ctas.values().filter_map(|cta| {
        let expires = cta.coupon()?.expires?.value;
        Some((after(expires)?, Change::CodeExpires)).filter(|_| is_seen(expires))
    });
    let events = front.ctas.values().filter_map(Cta::event);
    let over = events.flat_map(|event| days_after(event, &site.config.timezone));
    let over =
        over.filter(|day| front.ends.is_none_or(|ends| *day <= ends.value.day)).map(|day| (day, Change::EventIsOver));
    starts.into_iter().chain(ends).chain(expire).chain(over).map(|(day, change)| (day, change, page)).collect()
}

/// Returns `“A” and “B” start`, in the past `started`, or nothing without titles.
fn sentence(kind: Change, is_past: bool, titles: &[&str]) -> Option<String> {
    let quoted: Vec<String> = titles.iter().take(MAX_NAMED).map(|title| format!("“{title}”")).collect();
    let named = match titles.len().checked_sub(MAX_NAMED) {
        Some(more @ 1..) => format!("{} and {more} more", quoted.join(", ")),
        _ => match quoted.split_last()? {
            (only, []) => only.clone(),
            (last, others) => format!("{} and {last}", others.join(", ")),
        },
    };
    let is_one = titles.len() == 1;
    Some(match kind {
        Change::Starts if is_past => format!("{named} started"),
        Change::Starts => format!("{named} {}", if is_one { "starts" } else { "start" }),
        Change::Ends => format!("{named} {} over", if is_one { "is" } else { "are" }),
        Change::CodeExpires => format!("the code of {named} is no longer valid"),
        Change::EventIsOver => format!("the event of {named} is over"),
    })
}
