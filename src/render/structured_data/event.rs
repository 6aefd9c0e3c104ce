//! The events of a page. Google requires a name, a start and a location:
//! <https://developers.google.com/search/docs/appearance/structured-data/event>.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::json::{image, set};
use super::organization;
use crate::model::cta::{Cta, DateState, Event, EventDate};
use crate::model::date::When;
use crate::resolve::{Site, SiteCta, SitePage};

/// Returns an event for each date that is not over. The address at which it takes place online is not among the data: it
/// is for those who registered.
pub fn of_page(site: &Site, page: &SitePage) -> Vec<Value> {
    let ctas = page.page.front.ctas.values().filter_map(|cta| Some((cta, page.ctas.get(&cta.id.value)?)));
    ctas.flat_map(|(cta, state)| of_cta(site, page, cta, state)).collect()
}

fn of_cta(site: &Site, page: &SitePage, cta: &Cta, state: &SiteCta) -> Vec<Value> {
    let Some((event, state)) = cta.event().zip(state.event.as_deref()) else { return Vec::new() };
    let dates = event.dates.iter().zip(&state.over).filter(|(_, over)| !**over);
    dates.map(|(date, _)| of_date(site, page, event, date)).collect()
}

fn of_date(site: &Site, page: &SitePage, event: &Event, date: &EventDate) -> Value {
    let front = &page.page.front;
    let zone = event.zone(&site.config.timezone);
    let url = site.config.base_url.absolute(&site.as_written(page).path);
    let status = match (date.state, date.moved_from) {
        (Some(DateState::Cancelled), _) => "EventCancelled",
        (_, Some(_)) => "EventRescheduled",
        _ => "EventScheduled",
    };
    let mode = match (event.is_online, event.place.is_some()) {
        (true, true) => "MixedEventAttendanceMode",
        (true, false) => "OnlineEventAttendanceMode",
        (false, _) => "OfflineEventAttendanceMode",
    };
    let mut data = json!({
        "@type": "Event",
        "name": event.name.as_deref().unwrap_or(&front.title.value),
        "url": url,
        "startDate": start(date.starts.value, zone),
        "endDate": day_or_time(date.last(), date.end(zone), zone),
        "eventStatus": format!("https://schema.org/{status}"),
        "eventAttendanceMode": format!("https://schema.org/{mode}"),
        "location": location(event, &url),
        "organizer": organization::named_reference(site),
    });
    set(&mut data, "previousStartDate", date.moved_from.map(|from| start(from.value, zone)));
    set(&mut data, "description", front.summary().map(Value::from));
    set(&mut data, "image", image(site, page));
    data["offers"] = offer(page, date, &url);
    data
}

fn start(when: When, zone: &TimeZone) -> Value {
    day_or_time(when, when.start(zone), zone)
}

/// A time has its difference from UTC, as the clocks show it that day: `2027-03-18T10:00:00+03:00`.
fn day_or_time(when: When, instant: Option<Timestamp>, zone: &TimeZone) -> Value {
    match (when.time, instant) {
        (Some(_), Some(instant)) => instant.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into(),
        _ => when.day.to_string().into(),
    }
}

fn location(event: &Event, url: &str) -> Value {
    let place = event.place.as_ref().map(|place| json!({ "@type": "Place", "name": place, "address": place }));
    let online = event.is_online.then(|| json!({ "@type": "VirtualLocation", "url": url }));
    match (place, online) {
        (Some(place), Some(online)) => json!([place, online]),
        (place, online) => place.or(online).unwrap_or_default(),
    }
}

fn offer(page: &SitePage, date: &EventDate, url: &str) -> Value {
    let availability = if date.state.is_none() { "InStock" } else { "SoldOut" };
    let mut offer = json!({
        "@type": "Offer",
        "url": url,
        "availability": format!("https://schema.org/{availability}"),
    });
    if let Some(product) = &page.page.front.product {
        offer["price"] = product.value.price.as_str().into();
        offer["priceCurrency"] = product.value.currency.code().into();
    }
    offer
}
