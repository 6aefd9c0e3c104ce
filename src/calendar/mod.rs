//! Dates of events as entries of a calendar: as a file, and as links to calendars on the web.

mod file;
mod links;

use jiff::Timestamp;
use jiff::civil::Date;

pub use file::{file, writes};
pub use links::CalendarLinks;

use crate::model::cta::{Cta, DateState, Event, EventDate};
use crate::resolve::{Site, SitePage};

/// One date of an event as calendars have it. All texts are those of the author.
pub struct CalendarEntry<'s> {
    /// The same for every version of the date, so that calendars replace it.
    pub id: String,
    pub title: &'s str,
    /// The place, or the address of an event that is only online. May be empty.
    pub location: String,
    /// The page's summary, how to take part and the page's address, with line ends.
    pub description: String,
    /// The landing page.
    pub page_url: String,
    pub time: EntryTime,
    pub is_cancelled: bool,
    pub was_moved: bool,
}

/// When an entry takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryTime {
    Hours {
        start: Timestamp,
        end: Timestamp,
    },
    /// Whole days: the first one, and the one after the last.
    Days {
        first: Date,
        after: Date,
    },
}

/// Returns the entry of one date. `None` if the calendar cannot represent it. Only those who registered see the address
/// at which it takes place online.
pub fn entry<'s>(
    site: &'s Site,
    page: &'s SitePage,
    cta: &Cta,
    event: &'s Event,
    date: &EventDate,
) -> Option<CalendarEntry<'s>> {
    let front = &page.page.front;
    let page_url = site.config.base_url.absolute(&page.path);
    let join = event.join.as_ref().map(ToString::to_string);
    let lines = [front.summary().map(str::to_owned), join.clone(), Some(page_url.clone())];
    let online_only = if event.place.is_none() { join } else { None };
    Some(CalendarEntry {
        id: id(site, page, cta, event, date)?,
        title: event.name.as_deref().unwrap_or(&front.title.value),
        location: event.place.clone().or(online_only).unwrap_or_default(),
        description: lines.into_iter().flatten().collect::<Vec<_>>().join("\n\n"),
        page_url,
        time: time(event, date, site)?,
        is_cancelled: date.state == Some(DateState::Cancelled),
        was_moved: date.moved_from.is_some(),
    })
}

/// Returns the id of a date. A moved date keeps the one of its first start.
fn id(site: &Site, page: &SitePage, cta: &Cta, event: &Event, date: &EventDate) -> Option<String> {
    let campaign = page.campaign.as_ref()?;
    let first = date.moved_from.unwrap_or(date.starts).value;
    let start = if event.has_choice() { format!("_{}", first.compact()) } else { String::new() };
    let host = site.config.base_url.url().host_str().unwrap_or_default();
    Some(format!("{campaign}_{}{start}@{host}", cta.id.value))
}

fn time(event: &Event, date: &EventDate, site: &Site) -> Option<EntryTime> {
    if date.is_whole_days() {
        return Some(EntryTime::Days { first: date.starts.value.day, after: date.last().day.tomorrow().ok()? });
    }
    let zone = event.zone(&site.config.timezone);
    Some(EntryTime::Hours { start: date.start(zone)?, end: date.end(zone)? })
}
