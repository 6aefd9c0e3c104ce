//! Calendar files in the format iCalendar (RFC 5545). Times are in UTC: a calendar shows them in the zone of its owner, and
//! needs no definition of the event's own zone, which some calendars do not read.

use ical::component::{IcalComponent, IcalComponentKind};
use ical::ical::Ical;
use ical::param::IcalParam;
use ical::prop::IcalProp;
use ical::tree::cst::IcalCst;
use ical::value::IcalValue;
use ical::value::datetime::{IcalDate, IcalDateTime};
use ical::value::integer::IcalInteger;
use ical::value::text::IcalText;
use ical::value::uri::IcalUri;
use ical::version::IcalVersion;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{CalendarEntry, EntryTime, entry};
use crate::model::cta::Cta;
use crate::model::site_path::SitePath;
use crate::model::tag::{self, LeadTag};
use crate::register::{Register, Row};
use crate::resolve::{Site, SitePage};

/// The program that wrote a file.
const PRODUCT: &str = "-//Tagline//Tagline//EN";

/// Which version of an entry a file has. A calendar replaces an entry by one with a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The day on which the present start was first published.
    pub day: Date,
    pub number: usize,
}

/// Calls a function with each calendar file of a page and its path.
pub fn writes<E>(
    site: &Site,
    page: &SitePage,
    register: &Register,
    mut write: impl FnMut(&SitePath, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    for cta in page.page.front.ctas.values() {
        let Some(event) = cta.event() else { continue };
        for date in &event.dates {
            let Some((entry, path)) = entry(site, page, cta, event, date).zip(page.calendar_path(cta, event, date))
            else {
                continue;
            };
            write(&path, file(&entry, revision(site, page, cta, &entry, register)))?;
        }
    }
    Ok(())
}

/// Returns the revision of an entry, from the rows of the tag register, so that the file is the same until the event changes.
fn revision(site: &Site, page: &SitePage, cta: &Cta, entry: &CalendarEntry, register: &Register) -> Revision {
    let tag =
        page.campaign.as_ref().map(|campaign| LeadTag::new(campaign, &cta.id.value, tag::direct_ref(), page.variant()));
    let rows = tag.as_ref().map(|tag| register.rows_of(tag)).unwrap_or_default();
    let offer = cta.offer_for(tag::direct_ref());
    let is_present = |row: &&Row| *row.offer == *offer;
    let day = rows.iter().rev().take_while(is_present).last().map_or(site.options.today, |row| row.from);
    let changes = rows.chunk_by(|a, b| a.offer == b.offer).count().saturating_sub(1);
    let number = changes.max(usize::from(entry.was_moved)) + usize::from(entry.is_cancelled);
    Revision { day, number }
}

/// Returns the calendar file of an entry: CRLF at the end of lines, which have at most 75 bytes.
pub fn file(entry: &CalendarEntry, revision: Revision) -> Vec<u8> {
    let stamp = format!("{}T000000Z", revision.day.strftime("%Y%m%d"));
    let (start, end) = times(entry.time);
    let mut props = vec![
        text("UID", &entry.id),
        property("DTSTAMP", IcalValue::DateTime(IcalDateTime(stamp.into()))),
        start,
        end,
        property("SEQUENCE", IcalValue::Integer(IcalInteger(revision.number.to_string().into()))),
        text("STATUS", if entry.is_cancelled { "CANCELLED" } else { "CONFIRMED" }),
        text("SUMMARY", entry.title),
    ];
    if !entry.location.is_empty() {
        props.push(text("LOCATION", &entry.location));
    }
    props.push(text("DESCRIPTION", &entry.description));
    props.push(property("URL", IcalValue::Uri(IcalUri(entry.page_url.as_str().into()))));
    let event = IcalComponent { name: IcalComponentKind::VEvent.into(), props, components: Vec::new() };
    let calendar = Ical { version: IcalVersion::V2_0, props: vec![text("PRODID", PRODUCT)], components: vec![event] };
    IcalCst::from(calendar).to_bytes()
}

fn times(time: EntryTime) -> (IcalProp<'static>, IcalProp<'static>) {
    match time {
        EntryTime::Hours { start, end } => {
            let at = |name, instant| property(name, IcalValue::DateTime(IcalDateTime(instant_in_utc(instant).into())));
            (at("DTSTART", start), at("DTEND", end))
        }
        EntryTime::Days { first, after } => {
            let on = |name, day: Date| IcalProp {
                params: vec![IcalParam::Value("DATE".into())],
                ..property(name, IcalValue::Date(IcalDate(day.strftime("%Y%m%d").to_string().into())))
            };
            (on("DTSTART", first), on("DTEND", after))
        }
    }
}

/// Formats an instant: `20270318T070000Z`.
pub(super) fn instant_in_utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn text<'v>(name: &'static str, value: &'v str) -> IcalProp<'v> {
    property(name, IcalValue::Text(IcalText(value.into())))
}

fn property<'v>(name: &'static str, value: IcalValue<'v>) -> IcalProp<'v> {
    IcalProp { name: name.into(), params: Vec::new(), value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(title: &str, page_url: &str) -> String {
        let start: Timestamp = "2027-03-18T07:00:00Z".parse().unwrap();
        let entry = CalendarEntry {
            id: "a".to_owned(),
            title,
            location: String::new(),
            description: "x".to_owned(),
            page_url: page_url.to_owned(),
            time: EntryTime::Hours { start, end: start },
            is_cancelled: false,
            was_moved: false,
        };
        String::from_utf8(file(&entry, Revision { day: jiff::civil::date(2027, 3, 15), number: 0 })).unwrap()
    }

    #[test]
    fn folded_line_has_at_most_75_bytes_at_every_length() {
        for letter in ["a", "é", "日", "🎉", " ", ","] {
            for length in 1..200 {
                let title = letter.repeat(length);
                let text = lines_of(&title, "https://kazi.example/");
                assert!(text.split("\r\n").all(|line| line.len() <= 75), "{length} {letter}: {text}");
                let unfolded = text.replace("\r\n ", "");
                let escaped = title.replace(',', "\\,");
                assert!(unfolded.contains(&format!("\r\nSUMMARY:{escaped}\r\n")), "{length} {letter}: {text}");
            }
        }
    }

    #[test]
    fn address_is_not_escaped() {
        let text = lines_of("a", "https://kazi.example/?a=b,c;d");
        assert!(text.contains("\r\nURL:https://kazi.example/?a=b,c;d\r\n"), "{text}");
    }
}
