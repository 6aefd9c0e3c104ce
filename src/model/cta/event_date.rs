//! The dates of an event: when each starts and ends, and whether it was moved, is cancelled or sold out.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::diagnostics::{Diagnostic, list};
use crate::model::date::When;
use crate::model::elsewhere;
use crate::model::values::{DATE, date};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::values::{excerpt, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

/// One date of an event. Its days and times are those of the event's time zone.
#[derive(Clone, Debug)]
pub struct EventDate {
    pub starts: Located<When>,
    /// The last day, or the time of the end. `None` for a whole day.
    pub ends: Option<Located<When>>,
    /// The start before it was moved.
    pub moved_from: Option<Located<When>>,
    pub state: Option<DateState>,
}

/// Why visitors cannot register for a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateState {
    Cancelled,
    SoldOut,
}

pub const DATE_STATE: Shape =
    Shape::value("`cancelled` or `sold_out`", |_| json!({ "enum": DateState::ALL.map(DateState::as_str) }));

pub static KEYS: Mapping = Mapping::new(
    "a date of an event",
    &[
        Key::required("starts", DATE, "The start: `2027-03-18 10:00`, or a whole day: `2027-03-18`.")
            .rules(&[Rule::BadDate]),
        Key::optional("ends", DATE, "The end: `2027-03-18 11:00`, or the last of several days.").rules(&[
            Rule::BadDate,
            Rule::BadEvent,
            Rule::DatesReversed,
        ]),
        Key::optional("moved_from", DATE, "The start before this date was moved.").rules(&[Rule::BadEvent]),
        Key::optional("state", DATE_STATE, "Nobody can register for this date any more.").rules(&[Rule::BadEvent]),
    ],
)
.elsewhere(elsewhere::EVENT_DATE);

impl DateState {
    pub const ALL: [DateState; 2] = [DateState::Cancelled, DateState::SoldOut];

    pub fn as_str(self) -> &'static str {
        match self {
            DateState::Cancelled => "cancelled",
            DateState::SoldOut => "sold_out",
        }
    }

    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<DateState> {
        let word = text(reader, node)?;
        let state = DateState::ALL.into_iter().find(|state| state.as_str() == word);
        if state.is_none() {
            let names = DateState::ALL.map(DateState::as_str);
            let message = format!("`{}` is no state of an event", excerpt(&word));
            let diagnostic = Diagnostic::error(Rule::BadEvent, message).at(
                reader.source,
                node.span,
                "`cancelled` or `sold_out` is expected here",
            );
            reader.diagnostics.push(match word.to_lowercase().as_str() {
                "moved" | "rescheduled" | "postponed" => {
                    diagnostic.help("write the new day as `starts`, and the old one as `moved_from`")
                }
                "canceled" => diagnostic.help("write `cancelled`").replace(&word, "cancelled"),
                "full" | "soldout" | "sold out" => diagnostic.help("write `sold_out`").replace(&word, "sold_out"),
                _ => diagnostic.suggest(&word, names).or_help(format!("the states are {}", list(names))),
            });
        }
        state
    }
}

/// The keys of a date. An event with one date has them itself.
pub(super) struct DateKeys {
    starts: Option<Located<When>>,
    ends: Option<Located<When>>,
    moved_from: Option<Located<When>>,
    pub state: Option<DateState>,
    /// No value of a key is wrong.
    is_readable: bool,
}

impl DateKeys {
    pub fn read(reader: &mut YamlReader, entries: &mut Entries) -> DateKeys {
        let starts = entries.read(reader, "starts", date);
        let ends = entries.read(reader, "ends", date);
        let moved_from = entries.read(reader, "moved_from", date);
        let state = entries.read(reader, "state", DateState::read);
        let is_readable = |key, is_read: bool| is_read || !entries.has(key);
        let is_readable = is_readable("ends", ends.is_some())
            && is_readable("moved_from", moved_from.is_some())
            && is_readable("state", state.is_some());
        DateKeys { starts, ends, moved_from, state, is_readable }
    }

    /// Returns the date, or reports what is wrong with it.
    pub fn date(self, reader: &mut YamlReader) -> Option<EventDate> {
        let DateKeys { starts, ends, moved_from, state, is_readable } = self;
        let date = EventDate { starts: starts?, ends, moved_from, state };
        (is_readable && date.check(reader)).then_some(date)
    }
}

impl EventDate {
    /// Reads an item of `dates`.
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<EventDate> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let keys = DateKeys::read(reader, &mut entries);
        entries.finish(reader);
        keys.date(reader)
    }

    /// Returns the last day on which the date is not over, in the site's time zone. `zone` is the event's.
    pub fn last_day(&self, zone: &TimeZone, site: &TimeZone) -> Option<Date> {
        let last_moment = self.end(zone)?.checked_sub(jiff::SignedDuration::from_nanos(1)).ok()?;
        Some(last_moment.to_zoned(site.clone()).date())
    }

    /// Whether the date is of whole days.
    pub fn is_whole_days(&self) -> bool {
        self.starts.value.time.is_none()
    }

    /// Returns the last day of whole days, or the time of the end.
    pub fn last(&self) -> When {
        self.ends.map_or(self.starts.value, |ends| ends.value)
    }

    /// Returns the instant of the start. A time that comes twice is the first one. `None` if the calendar cannot
    /// represent it.
    pub fn start(&self, zone: &TimeZone) -> Option<Timestamp> {
        self.starts.value.start(zone)
    }

    /// Returns the instant at which the date is over.
    pub fn end(&self, zone: &TimeZone) -> Option<Timestamp> {
        self.last().end(zone)
    }

    /// Reports an end that does not fit the start.
    fn check(&self, reader: &mut YamlReader) -> bool {
        let before = reader.diagnostics.len();
        match self.ends {
            None if self.starts.value.time.is_some() => self.report_no_end(reader),
            Some(ends) if ends.value.time.is_some() != self.starts.value.time.is_some() => {
                self.report_one_time(reader, ends);
            }
            Some(ends) if ends.value < self.starts.value => self.report_reversed(reader, ends),
            Some(ends) if ends.value == self.starts.value && ends.value.time.is_some() => {
                self.report_reversed(reader, ends);
            }
            Some(_) | None => {}
        }
        if let Some(moved_from) = self.moved_from.filter(|from| from.value == self.starts.value) {
            let diagnostic = Diagnostic::error(Rule::BadEvent, "this date was moved to the time that it had")
                .at(reader.source, moved_from.span, "the same as `starts`")
                .at(reader.source, self.starts.span, "the start")
                .help("write the new time as `starts`, and the old one as `moved_from`");
            reader.diagnostics.push(diagnostic);
        }
        reader.diagnostics.len() == before
    }

    fn report_no_end(&self, reader: &mut YamlReader) {
        let When { day, time } = self.starts.value;
        let hour_later = time.and_then(|time| day.to_datetime(time).checked_add(jiff::Span::new().hours(1)).ok());
        let example = hour_later.map(|end| format!("add `ends: {} {}`", end.date(), end.strftime("%H:%M")));
        let help = example.unwrap_or_else(|| "add a line `ends: …`".to_owned());
        let label = "an event with a time needs an end";
        reader.error_with_help(Rule::BadEvent, self.starts.span, "this event has no end", label, help);
    }

    fn report_one_time(&self, reader: &mut YamlReader, ends: Located<When>) {
        let (message, place, other) = match ends.value.time {
            Some(_) => ("the start of this event has no time, but its end has one", self.starts.span, ends.span),
            None => ("the end of this event has no time, but its start has one", ends.span, self.starts.span),
        };
        let diagnostic = Diagnostic::error(Rule::BadEvent, message)
            .at(reader.source, place, "only a day")
            .at(reader.source, other, "a day and a time")
            .help("write both with a time, or both as days");
        reader.diagnostics.push(diagnostic);
    }

    fn report_reversed(&self, reader: &mut YamlReader, ends: Located<When>) {
        let is_same = ends.value == self.starts.value;
        let message = if is_same { "this event ends when it starts" } else { "this event ends before it starts" };
        let next_day = ends.value.day.tomorrow().ok().filter(|_| ends.value.day == self.starts.value.day && !is_same);
        let help = match next_day {
            Some(day) => format!("does it end after midnight? write `ends: {}`", When { day, ..ends.value }.spaced()),
            None => "is one of the two from another day?".to_owned(),
        };
        let diagnostic = Diagnostic::error(Rule::DatesReversed, message)
            .at(reader.source, ends.span, "ends here")
            .at(reader.source, self.starts.span, "starts here")
            .help(help);
        reader.diagnostics.push(diagnostic);
    }

    /// Returns the days and times that the author wrote, with their spans.
    pub fn written(&self) -> impl Iterator<Item = Located<When>> {
        [Some(self.starts), self.ends, self.moved_from].into_iter().flatten()
    }
}

/// Reads `dates`, each with another start.
pub(super) fn read_all(reader: &mut YamlReader, node: &Node) -> Option<Vec<EventDate>> {
    let dates = crate::yaml::values::list(reader, node, EventDate::read)?;
    if dates.is_empty() {
        reader.error(Rule::EmptyValue, node.span, "`dates` is empty", "write a date as in `- { starts: …, ends: … }`");
        return None;
    }
    let before = reader.diagnostics.len();
    for (index, date) in dates.iter().enumerate() {
        if let Some(other) = dates[..index].iter().find(|other| other.starts.value == date.starts.value) {
            report_twice(reader, date.starts.span, other.starts.span);
        }
    }
    (reader.diagnostics.len() == before).then_some(dates)
}

fn report_twice(reader: &mut YamlReader, second: Span, first: Span) {
    let diagnostic = Diagnostic::error(Rule::BadEvent, "two dates of this event start at the same time")
        .at(reader.source, second, "again")
        .at(reader.source, first, "first")
        .help("remove one of the two");
    reader.diagnostics.push(diagnostic);
}
