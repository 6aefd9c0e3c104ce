//! Links that open an entry in a calendar on the web, where the visitor saves it. The vendors have no reference for these
//! addresses. They are as <https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs> documents them.

use super::file::instant_in_utc;
use super::{CalendarEntry, EntryTime};
use crate::model::url_encoding::query_value;

/// The addresses that add one entry to calendars on the web.
pub struct CalendarLinks {
    pub google: String,
    /// Outlook.com, for private accounts.
    pub outlook: String,
    /// Outlook of Microsoft 365, for accounts of companies.
    pub office: String,
    pub yahoo: String,
}

impl CalendarLinks {
    pub fn of(entry: &CalendarEntry) -> CalendarLinks {
        CalendarLinks {
            google: google(entry),
            outlook: outlook("outlook.live.com", entry),
            office: outlook("outlook.office.com", entry),
            yahoo: yahoo(entry),
        }
    }
}

/// The end of whole days is the day after the last one.
fn google(entry: &CalendarEntry) -> String {
    let dates = match entry.time {
        EntryTime::Hours { start, end } => format!("{}/{}", instant_in_utc(start), instant_in_utc(end)),
        EntryTime::Days { first, after } => format!("{}/{}", first.strftime("%Y%m%d"), after.strftime("%Y%m%d")),
    };
    let values =
        [("text", entry.title), ("dates", &dates), ("details", &entry.description), ("location", &entry.location)];
    with_query("https://calendar.google.com/calendar/render?action=TEMPLATE", &values)
}

fn outlook(host: &str, entry: &CalendarEntry) -> String {
    let (start, end, all_day) = match entry.time {
        EntryTime::Hours { start, end } => (start.to_string(), end.to_string(), "false"),
        EntryTime::Days { first, after } => (first.to_string(), after.to_string(), "true"),
    };
    let values = [
        ("subject", entry.title),
        ("startdt", &start),
        ("enddt", &end),
        ("allday", all_day),
        ("body", &entry.description),
        ("location", &entry.location),
    ];
    let address = format!("https://{host}/calendar/deeplink/compose?path=/calendar/action/compose&rru=addevent");
    with_query(&address, &values)
}

/// Whole days are a start, an end and `dur=allday`. Here, the end is the last day.
fn yahoo(entry: &CalendarEntry) -> String {
    let (start, end, length) = match entry.time {
        EntryTime::Hours { start, end } => (instant_in_utc(start), instant_in_utc(end), ""),
        EntryTime::Days { first, after } => {
            let last = after.yesterday().unwrap_or(after);
            (first.strftime("%Y%m%d").to_string(), last.strftime("%Y%m%d").to_string(), "allday")
        }
    };
    let values = [
        ("title", entry.title),
        ("st", &start),
        ("et", &end),
        ("dur", length),
        ("desc", &entry.description),
        ("in_loc", &entry.location),
    ];
    with_query("https://calendar.yahoo.com/?v=60", &values)
}

/// Adds values to an address, without empty ones.
fn with_query(address: &str, values: &[(&str, &str)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    let query: String = given.map(|(name, value)| format!("&{name}={}", query_value(value))).collect();
    format!("{address}{query}")
}
