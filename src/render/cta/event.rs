//! Events as templates see them: when and where, whether visitors can register, and the links for calendars.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fields;
use super::page_cta::PageCta;
use crate::calendar::{self, CalendarLinks};
use crate::model::cta::{DateState, Event, EventDate, FormOrUrl};
use crate::model::date::When;
use crate::model::lead_fields::EVENT_DATE;
use crate::render::slots::{Slot, Slots};
use crate::render::view::{CalendarView, EventChoiceView, EventDateView, EventView, UntilView};
use crate::resolve::{SiteEvent, Target};

/// Whether visitors can still register, for a date or for the whole event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    Open,
    SoldOut,
    Cancelled,
    Over,
}

impl Registration {
    /// The name in templates.
    fn name(self) -> &'static str {
        match self {
            Registration::Open => "open",
            Registration::SoldOut => "sold_out",
            Registration::Cancelled => "cancelled",
            Registration::Over => "over",
        }
    }

    fn of_date(date: &EventDate, is_over: bool) -> Registration {
        match date.state {
            _ if is_over => Registration::Over,
            Some(DateState::Cancelled) => Registration::Cancelled,
            Some(DateState::SoldOut) => Registration::SoldOut,
            None => Registration::Open,
        }
    }

    /// Returns the state of the whole event: open if one date is, and over only if all dates are.
    pub fn of(event: &Event, state: &SiteEvent) -> Registration {
        let states: Vec<Registration> = of_dates(event, state).map(|(_, registration)| registration).collect();
        let order = [Registration::Open, Registration::SoldOut, Registration::Cancelled];
        order.into_iter().find(|one| states.contains(one)).unwrap_or(Registration::Over)
    }
}

fn of_dates<'e>(event: &'e Event, state: &'e SiteEvent) -> impl Iterator<Item = (&'e EventDate, Registration)> {
    event.dates.iter().zip(&state.over).map(|(date, over)| (date, Registration::of_date(date, *over)))
}

pub fn view<'s>(shown: PageCta<'s, '_>, event: &'s Event, state: &SiteEvent, slots: &mut Slots) -> EventView<'s> {
    let zone = event.zone(&shown.site().config.timezone);
    let registration = Registration::of(event, state);
    let is_by_service = matches!(event.by, FormOrUrl::Url(_)) && shown.is_on_campaign_page();
    let next = of_dates(event, state).find(|(_, date)| matches!(date, Registration::Open | Registration::SoldOut));
    EventView {
        name: event.name.as_deref().unwrap_or(&shown.campaign_page().page.front.title.value),
        state: registration.name(),
        place: event.place.as_deref().unwrap_or_default(),
        online: event.is_online,
        timezone: zone.iana_name().unwrap_or_default(),
        dates: of_dates(event, state).map(|(date, registration)| date_view(shown, zone, date, registration)).collect(),
        next: next.and_then(|(date, _)| start_view(date, zone)),
        choice: choice(shown, event),
        recording_url: recording_url(shown, state, slots),
        calendars: if is_by_service { calendars(shown, event, state) } else { Vec::new() },
    }
}

/// Returns the end of the last date for which visitors can register.
pub fn until(event: &Event, state: &SiteEvent, site: &TimeZone) -> Option<(Timestamp, When)> {
    let zone = event.zone(site);
    let open = of_dates(event, state).filter(|(_, registration)| *registration == Registration::Open);
    open.filter_map(|(date, _)| Some((date.end(zone)?, date.last()))).max()
}

/// Returns the links for calendars, for each date that is not over. A cancelled date has only its file, which tells a
/// calendar so.
pub fn calendars(shown: PageCta, event: &Event, state: &SiteEvent) -> Vec<CalendarView> {
    let (site, page) = (shown.site(), shown.campaign_page());
    let zone = event.zone(&site.config.timezone);
    let dates = of_dates(event, state).filter(|(_, registration)| *registration != Registration::Over);
    let views = dates.filter_map(|(date, registration)| {
        let entry = calendar::entry(site, page, shown.cta, event, date)?;
        let path = page.calendar_path(shown.cta, event, date)?;
        let links = CalendarLinks::of(&entry);
        Some(CalendarView {
            date: date_view(shown, zone, date, registration),
            file_url: site.config.base_url.rooted(&path),
            google_url: links.google,
            outlook_url: links.outlook,
            office_url: links.office,
            yahoo_url: links.yahoo,
        })
    });
    views.collect()
}

fn date_view(shown: PageCta, zone: &TimeZone, date: &EventDate, registration: Registration) -> EventDateView {
    let strings = shown.strings();
    let start = date.start(zone);
    let instant = |instant: Option<Timestamp>| match date.is_whole_days() {
        true => String::new(),
        false => instant.map(|instant| instant.to_string()).unwrap_or_default(),
    };
    let offset = start.map(|start| zone.to_offset(start).seconds() / 60).unwrap_or_default();
    EventDateView {
        value: date.starts.value.to_string(),
        ends: date.last().to_string(),
        text: strings.period(date.starts.value, date.last()),
        zone: if date.is_whole_days() { String::new() } else { zone_text(shown, zone, offset) },
        state: registration.name(),
        moved_from: date.moved_from.map(|from| strings.day(from.value)),
        over_days: date.starts.value.day != date.last().day,
        starts_instant: instant(start),
        ends_instant: instant(date.end(zone)),
        offset,
    }
}

fn start_view(date: &EventDate, zone: &TimeZone) -> Option<UntilView> {
    Some(UntilView { instant: date.start(zone)?.to_string(), date: date.starts.value.to_string() })
}

/// Returns a zone for people: `Nairobi time (UTC+3)`.
fn zone_text(shown: PageCta, zone: &TimeZone, offset: i32) -> String {
    let name = zone.iana_name().unwrap_or_default();
    let utc = match (offset / 60, offset.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{hours:+}"),
        (hours, minutes) => format!("UTC{}{}:{minutes:02}", if offset < 0 { '-' } else { '+' }, hours.abs()),
    };
    match name.split_once('/').filter(|(area, _)| *area != "Etc") {
        Some((_, city)) => {
            let city = city.rsplit('/').next().unwrap_or(city).replace('_', " ");
            shown.strings().filled(&["event", "zone"], &[("city", &city), ("offset", &utc)])
        }
        None => utc,
    }
}

/// Returns the field in which visitors choose one of several dates.
fn choice<'s>(shown: PageCta<'s, '_>, event: &Event) -> Option<EventChoiceView<'s>> {
    shown.cta.form().filter(|_| event.has_choice() && shown.is_on_campaign_page())?;
    let destination = shown.site().config.destination_of(shown.cta);
    let (name, field) = fields::names(destination, EVENT_DATE);
    Some(EventChoiceView { name, field, id: format!("{}_{EVENT_DATE}", shown.cta.id.value) })
}

/// Returns the address of the recording when all dates are over. Empty before.
fn recording_url(shown: PageCta, state: &SiteEvent, slots: &mut Slots) -> String {
    let Some(recording) = state.recording.as_ref().filter(|_| state.over.iter().all(|over| *over)) else {
        return String::new();
    };
    let site = shown.site();
    let base_url = &site.config.base_url;
    match recording {
        Target::Page { page, after } => {
            let via = if after.query().is_none() { slots.mark(Slot::Via { is_first: true }) } else { String::new() };
            format!("{}{via}{after}", base_url.rooted(&site.pages[*page].path))
        }
        Target::File { path, after } => format!("{}{after}", base_url.rooted(path)),
        Target::Web(url) => url.to_string(),
        Target::Picture(_) | Target::Contact(_) | Target::Cta { .. } | Target::Ended { .. } | Target::Text => {
            String::new()
        }
    }
}
