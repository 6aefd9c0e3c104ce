//! Events: a webinar, a fair or a workshop, for which visitors register in a form or at another service.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::event_date::{self, DATE_STATE, DateKeys};
pub use super::event_date::{DateState, EventDate};
use super::form_or_url::{FormOrUrl, Messages};
use super::offering::{Offering, RegisterText};
use crate::diagnostics::Diagnostic;
use crate::model::address::{OutwardUrl, WebUrl};
use crate::model::date::{When, in_words};
use crate::model::elsewhere;
use crate::model::form::{FORM, Form};
use crate::model::slug::Slug;
use crate::model::timezone::{TIMEZONE, timezone};
use crate::model::values::{DATE, OUTWARD_URL, WEB_URL, file_path, web_url};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::{FLAG, PAGE, TEXT};
use crate::yaml::values::{flag, text};
use crate::yaml::{Entries, Key, Mapping, Node, Shape, YamlReader};

#[derive(Clone, Debug)]
pub struct Event {
    /// The name in calendars and for search engines. `None`: the title of the page.
    pub name: Option<String>,
    /// At least one. Several are a choice in the form.
    pub dates: Vec<EventDate>,
    /// The key of the dates, for diagnostics about all of them.
    pub dates_span: Span,
    /// `None`: the site's.
    pub timezone: Option<TimeZone>,
    pub place: Option<String>,
    /// Visitors can take part online.
    pub is_online: bool,
    /// The address at which it takes place, for those who registered.
    pub join: Option<WebUrl>,
    /// How visitors register. `Url`: the page of a service.
    pub by: FormOrUrl,
    /// What is offered when it is over: a page or file of the site, or an address.
    pub recording: Option<Located<String>>,
}

const DATES: Shape = Shape::list("list of dates, with keys below", &ONE_DATE);
const ONE_DATE: Shape = Shape::mapping(&event_date::KEYS);

pub static KEYS: Mapping = Mapping::new(
    "an event",
    &[
        Key::optional("name", TEXT, "Its name in calendars and for search engines.").default_text("the page's `title`"),
        Key::optional(
            "starts",
            DATE,
            "The start: `2027-03-18 10:00`, or a whole day: `2027-03-18`. Required without `dates`.",
        )
        .rules(&[Rule::BadDate, Rule::BadEvent]),
        Key::optional(
            "ends",
            DATE,
            "The end: `2027-03-18 11:00`, or the last of several days. Left out: one whole day.",
        )
        .rules(&[Rule::BadDate, Rule::BadEvent, Rule::DatesReversed]),
        Key::optional("moved_from", DATE, "The start before the event was moved.").rules(&[Rule::BadEvent]),
        Key::optional("state", DATE_STATE, "Nobody can register any more.").rules(&[Rule::BadEvent]),
        Key::optional("dates", DATES, "Instead of `starts` and `ends`: several dates, of which a visitor chooses one.")
            .rules(&[Rule::BadEvent, Rule::BadDestinationField]),
        Key::optional("timezone", TIMEZONE, "The zone of its days and times: `Europe/Berlin`.")
            .default_text("the site's `timezone`")
            .rules(&[Rule::BadTimezone]),
        Key::optional(
            "place",
            TEXT,
            "Where it takes place, with the town. An event has a `place`, is `online`, or both.",
        )
        .rules(&[Rule::BadEvent]),
        Key::optional("online", FLAG, "`true`: visitors can take part from anywhere.").default("false"),
        Key::optional(
            "join",
            WEB_URL,
            "The address at which it takes place online. Only the thank-you page and the calendar file have it.",
        )
        .rules(&[Rule::BadEvent, Rule::BadUrl]),
        Key::optional("form", FORM, "What a visitor fills in to register, with `email` or `phone`.").rules(&[
            Rule::BadCtaKind,
            Rule::BadFormFields,
            Rule::MissingDestination,
        ]),
        Key::optional("url", OUTWARD_URL, "Instead of a form: the page of a service where visitors register.").rules(
            &[Rule::BadCtaKind, Rule::ReservedUtmContent, Rule::ReservedLeadTagParameter, Rule::DroppedByProvider],
        ),
        Key::optional(
            "recording",
            PAGE,
            "What the page offers when the event is over: a page or a file, or an address on the web.",
        )
        .rules(&[Rule::BrokenLink]),
    ],
)
.one_of(&["form", "url"])
.needs(&[("join", "form")])
.elsewhere(elsewhere::EVENT);

pub(super) const REGISTER_TEXT: RegisterText = RegisterText {
    check: |offer| match !offer.is_empty() && offer.split(' ').all(|start| When::parse(start).is_ok()) {
        true => Ok(()),
        false => Err("the start of an event, such as `2027-03-18T10:00`"),
    },
    offer: |offer| format!("the event on {}", starts_in_words(offer)),
    action: |offer, form| match form {
        Some(fields) => format!("left {fields} to register for the event on {}", starts_in_words(offer)),
        None => format!("went on to register for the event on {}", starts_in_words(offer)),
    },
    quotes_a_code: |_| false,
    is_meant_by: |offer, text| offer.split(' ').any(|start| start == text),
};

/// Returns the starts of an offer in the tag register for people: `18 March 2027, 10:00`.
fn starts_in_words(offer: &str) -> String {
    let in_words = |start: &str| When::parse(start).map_or_else(|_| start.to_owned(), in_words);
    offer.split(' ').map(in_words).collect::<Vec<_>>().join(" or ")
}

const MESSAGES: Messages = Messages {
    neither: ("visitors cannot register for this event", "add `form: [name, email]`, or the `url` of a service"),
    both: ("this event has both a form and the address of a service", "remove `form` or `url`"),
};

impl Event {
    pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Event> {
        let mut entries = Entries::of(reader, node, &KEYS)?;
        let name = entries.read(reader, "name", text);
        let (dates, dates_span) = read_dates(reader, &mut entries);
        let timezone = entries.read(reader, "timezone", timezone);
        let place = entries.read(reader, "place", text);
        let online = entries.read(reader, "online", flag);
        let join = entries.read(reader, "join", web_url);
        let by = FormOrUrl::read(reader, &mut entries, &MESSAGES);
        let recording = entries.read(reader, "recording", |reader, node| {
            match reader.source.text[node.span.range()].contains("://") {
                true => web_url(reader, node).map(|url| Located { value: url.to_string(), span: node.span }),
                false => file_path(reader, node),
            }
        });
        report_place(reader, &entries, online);
        report_join(reader, &entries);
        let is_unreadable = entries.has("timezone") && timezone.is_none();
        entries.finish(reader);
        if is_unreadable {
            return None;
        }
        let is_online = online == Some(true) || join.is_some();
        Some(Event { name, dates: dates?, dates_span, timezone, place, is_online, join, by: by?, recording })
    }

    /// Returns the time zone of its days and times. `site` is the site's.
    pub fn zone<'z>(&'z self, site: &'z TimeZone) -> &'z TimeZone {
        self.timezone.as_ref().unwrap_or(site)
    }

    /// Returns whether visitors choose one of several dates.
    pub fn has_choice(&self) -> bool {
        self.dates.len() > 1
    }

    fn starts(&self) -> Vec<When> {
        self.dates.iter().map(|date| date.starts.value).collect()
    }
}

/// Reads `dates`, or the one date that the keys of the event are. A state of the event is that of all its dates.
fn read_dates(reader: &mut YamlReader, entries: &mut Entries) -> (Option<Vec<EventDate>>, Span) {
    let keys = DateKeys::read(reader, entries);
    let state = keys.state;
    let several = entries.read(reader, "dates", event_date::read_all);
    let first_line = entries.first_line(reader);
    let Some(dates_span) = entries.key_span("dates") else {
        // A misspelt key is reported as an unknown one.
        if !entries.has("starts") && !reader.partial && !entries.has_unknown_key() {
            let help = "add `starts: 2027-03-18 10:00` and `ends: 2027-03-18 11:00`";
            reader.error_with_help(Rule::BadEvent, first_line, "this event has no start", "an event needs a day", help);
        }
        let span = entries.key_span("starts").unwrap_or(first_line);
        return (keys.date(reader).map(|date| vec![date]), span);
    };
    let other = ["starts", "ends", "moved_from"].into_iter().find_map(|key| Some((key, entries.key_span(key)?)));
    if let Some((key, span)) = other {
        let diagnostic = Diagnostic::error(Rule::BadEvent, format!("this event has both `dates` and `{key}`"))
            .at(reader.source, span, "belongs to one date")
            .at(reader.source, dates_span, "several dates")
            .help(format!("write `{key}` below `dates`, as in `- {{ starts: …, ends: … }}`"));
        reader.diagnostics.push(diagnostic);
        return (None, dates_span);
    }
    let with_state = |date: EventDate| EventDate { state: state.or(date.state), ..date };
    (several.map(|dates| dates.into_iter().map(with_state).collect()), dates_span)
}

fn report_place(reader: &mut YamlReader, entries: &Entries, online: Option<bool>) {
    let is_said = entries.has("place") || entries.has("join") || entries.has("online") && online != Some(false);
    if !is_said && !reader.partial && !entries.has_unknown_key() {
        let span = entries.key_span("online").unwrap_or_else(|| entries.first_line(reader));
        let help = "add a line `place: …` with the house and the town, or `online: true`";
        reader.error_with_help(Rule::BadEvent, span, "this event has no place", "nobody knows where it is", help);
    }
}

fn report_join(reader: &mut YamlReader, entries: &Entries) {
    let Some(span) = entries.key_span("join").filter(|_| !entries.has("form") && entries.has("url")) else { return };
    let help = "leave `join` out, because the service sends its own link, or replace `url` by `form: [name, email]`";
    reader.error_with_help(Rule::BadEvent, span, "`join` needs a form", "everybody would see it", help);
}

impl Offering for Event {
    fn form(&self) -> Option<&Form> {
        self.by.form()
    }

    fn quotes_a_code(&self) -> bool {
        false
    }

    fn url(&self, _: &Slug) -> Option<OutwardUrl> {
        self.by.url().map(|url| url.value.clone())
    }

    fn written_url(&self) -> Option<(&WebUrl, Span)> {
        self.by.web_url()
    }

    /// The starts, separated by spaces. [`REGISTER_TEXT`] parses them.
    fn register_name(&self, _: &Slug) -> Cow<'_, str> {
        self.starts().iter().map(When::to_string).collect::<Vec<_>>().join(" ").into()
    }

    /// The end of an event depends on its time zone: `SiteCta` has it.
    fn valid_until(&self) -> Option<Located<When>> {
        None
    }

    fn own_channels(&self) -> Vec<(&Slug, Span)> {
        Vec::new()
    }

    fn file(&self) -> Option<&Located<String>> {
        None
    }

    fn needs_follow_up(&self) -> bool {
        self.form().is_some()
    }

    fn destination_text(&self) -> String {
        match &self.by {
            FormOrUrl::Url(url) => url.value.short_name().to_owned(),
            FormOrUrl::Form(_) => String::new(),
        }
    }

    fn first_message(&self, _: &str) -> String {
        let days = self.starts().into_iter().map(in_words).collect::<Vec<_>>().join(" or ");
        match self.by {
            FormOrUrl::Form(_) => {
                format!("you registered for our event on {days}. Is there a question that we should answer there?")
            }
            FormOrUrl::Url(_) => {
                format!("you looked at our event on {days}. Is there a question that we should answer there?")
            }
        }
    }
}
