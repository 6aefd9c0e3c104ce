//! Resolves events: their times in their time zone, which dates are over, and what they offer afterwards.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::references::References;
use super::site::{SiteEvent, Target};
use crate::diagnostics::Diagnostic;
use crate::model::body::LinkTarget;
use crate::model::cta::{Cta, Event, EventDate};
use crate::model::date::When;
use crate::model::lead_fields::EVENT_DATE;
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

impl References<'_> {
    /// Resolves the event of a call to action, and reports times that do not exist.
    pub fn event(&mut self, page: usize, cta: &Cta) -> Option<SiteEvent> {
        let event = cta.event()?;
        let config = self.index.config;
        let source = &self.index.pages[page].page.source;
        let zone = event.zone(&config.timezone);
        let written = event.dates.iter().flat_map(|date| date.written());
        let diagnostics: Vec<Diagnostic> = written.filter_map(|when| no_such_time(source, when, zone)).collect();
        self.found.diagnostics.extend(diagnostics);
        self.found.diagnostics.extend(unsent_choice(cta, event, source, config));
        let today = self.index.options.today;
        let is_over = |date: &EventDate| date.last_day(zone, &config.timezone).is_some_and(|last| last < today);
        let recording = event.recording.as_ref().and_then(|recording| self.recording(page, recording));
        Some(SiteEvent { over: event.dates.iter().map(is_over).collect(), recording })
    }

    /// Returns what is offered when an event is over.
    fn recording(&mut self, page: usize, recording: &Located<String>) -> Option<Target> {
        let link = LinkTarget {
            address: recording.value.as_str().into(),
            span: recording.span,
            is_image: false,
            is_in_html: false,
        };
        match self.target(page, &link) {
            // Already reported.
            Target::Text => None,
            target @ (Target::Page { .. } | Target::File { .. } | Target::Web(_)) => Some(target),
            Target::Picture(_) | Target::Contact(_) | Target::Cta { .. } | Target::Ended { .. } => {
                let source = &self.index.pages[page].page.source;
                let message = format!("`{}` is not a recording", recording.value);
                let label = "a page, a file or an address on the web is expected here";
                self.report(Diagnostic::error(Rule::BadEvent, message).at(source, recording.span, label));
                None
            }
        }
    }
}

/// Returns the days after the last days of an event's dates.
pub fn days_after<'e>(event: &'e Event, site: &'e TimeZone) -> impl Iterator<Item = Date> + 'e {
    let zone = event.zone(site);
    event.dates.iter().filter_map(move |date| date.last_day(zone, site)?.tomorrow().ok())
}

/// Reports a time in an hour that the clocks skip, and a day that the calendar cannot represent.
fn no_such_time(source: &Arc<SourceText>, when: Located<When>, zone: &TimeZone) -> Option<Diagnostic> {
    let Located { value, span } = when;
    if value.start(zone).is_none() || value.end(zone).is_none() {
        let message = format!("`{}` is beyond the calendar", value.spaced());
        return Some(Diagnostic::error(Rule::BadDate, message).at(source, span, "no event is that late"));
    }
    let time = value.time?;
    let AmbiguousOffset::Gap { before, after } = zone.to_ambiguous_timestamp(value.day.to_datetime(time)).offset()
    else {
        return None;
    };
    let name = zone.iana_name().unwrap_or("this time zone");
    let skipped = i64::from(after.seconds() - before.seconds());
    let later = value.day.to_datetime(time).checked_add(jiff::SignedDuration::from_secs(skipped)).ok()?;
    let message = format!("there is no {} on {} in {name}", time.strftime("%H:%M"), value.day);
    let help = format!(
        "the clocks go forward in that hour: write `{}`, or a time before it",
        later.strftime("%Y-%m-%d %H:%M")
    );
    Some(Diagnostic::error(Rule::BadDate, message).at(source, span, "the clocks skip this hour").help(help))
}

/// Reports several dates of which the chosen one would not reach the destination.
fn unsent_choice(cta: &Cta, event: &Event, source: &Arc<SourceText>, config: &SiteConfig) -> Option<Diagnostic> {
    cta.form().filter(|_| event.has_choice())?;
    let destination = config.destination_of(cta)?;
    if destination.name_of(EVENT_DATE).is_some() {
        return None;
    }
    let title = destination.title();
    let message = format!("{title} has no field for the date that a visitor chooses");
    let diagnostic = Diagnostic::error(Rule::BadDestinationField, message).at(
        source,
        event.dates_span,
        "nobody would know which date was chosen",
    );
    let diagnostic = match destination.span() {
        Some(place) => diagnostic.at(&config.source, place, "its destination"),
        None => diagnostic,
    };
    Some(diagnostic.help(format!("map it with `fields: {{ {EVENT_DATE}: … }}` in site.yaml")))
}
