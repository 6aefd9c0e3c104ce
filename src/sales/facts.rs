//! What sales needs to know about a campaign, a call to action and a lead tag, as values. The lead desk's templates,
//! `tagline explain` and its JSON are rendered from them, so the field names are also the keys of the JSON.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::code::ShortCode;
use crate::model::cta::CtaKind;
use crate::model::date::{When, in_words};
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::Version;
use crate::register::Row;
use crate::resolve::State;

/// A campaign on the day of the build, or as the tag register has it.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignFacts {
    pub id: Slug,
    /// The id of a removed campaign.
    pub title: String,
    pub summary: String,
    pub state: CampaignState,
    /// The period in words: `runs from 1 March 2027 until 31 March 2027`.
    pub when: String,
    /// `2027-03-01`, or with a time `2027-03-01T18:00`.
    pub starts: Option<When>,
    pub ends: Option<When>,
    /// The landing page's absolute URL; none if it is not published today.
    pub page: Option<String>,
    /// The page for visitors after the end.
    pub after_end: Option<TitledLink>,
    /// The e-mail address of the person who follows up.
    pub owner: Option<String>,
    /// In words: `1 hour`.
    pub respond_within: Option<String>,
    /// Former ids.
    pub was: Vec<Slug>,
    pub notes: Option<NotesFacts>,
    pub materials: Vec<Material>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CampaignState {
    Live,
    Ended,
    Scheduled,
    Draft,
    /// Only in the tag register.
    Gone,
}

impl From<State> for CampaignState {
    fn from(state: State) -> CampaignState {
        match state {
            State::Live => CampaignState::Live,
            State::Ended => CampaignState::Ended,
            State::Scheduled => CampaignState::Scheduled,
            State::Draft => CampaignState::Draft,
        }
    }
}

impl std::fmt::Display for CampaignState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            CampaignState::Live => "live",
            CampaignState::Ended => "ended",
            CampaignState::Scheduled => "scheduled",
            CampaignState::Draft => "draft",
            CampaignState::Gone => "gone",
        })
    }
}

/// The content of `sales.md`.
#[derive(Clone, Debug, Serialize)]
pub struct NotesFacts {
    /// The text of the file.
    pub markdown: String,
    /// The rendered HTML. The highest heading is `h4`. Links to files are relative to the lead desk's folder.
    pub html: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct TitledLink {
    pub title: String,
    pub url: String,
}

/// Something to send to a lead: a file, a page of the site or an address on the web.
#[derive(Clone, Debug, Serialize)]
pub struct Material {
    pub title: String,
    /// An absolute URL if the material is public, else a path relative to the lead desk's folder.
    pub href: String,
    /// Whether the lead can open the address. Other materials are sent as attachments.
    pub is_public: bool,
    /// `price-sheet.csv`; empty for pages and addresses on the web.
    pub file_name: String,
    /// `CSV`; empty like `file_name`.
    pub format: String,
    /// `12 kB`; empty like `file_name`.
    pub size: String,
    /// The heading below `Materials` under which the link is; may be empty.
    pub topic: String,
    /// The text after the link: `For your eyes only`; may be empty.
    pub note: String,
}

impl Material {
    /// Returns the format, if it is known, and the size: `PDF, 9 bytes`.
    pub fn format_and_size(&self) -> String {
        if self.format.is_empty() { self.size.clone() } else { format!("{}, {}", self.format, self.size) }
    }
}

/// A call to action on the day of the build, or as the tag register has it.
#[derive(Clone, Debug, Serialize)]
pub struct CtaFacts {
    pub id: Slug,
    pub kind: CtaKind,
    pub label: String,
    pub note: String,
    /// Whether the content has it today.
    pub is_present: bool,
    /// The last day of a coupon, or a time on it: `2027-03-31`.
    pub expires: Option<When>,
    /// Whether the coupon's last day has passed.
    pub is_expired: bool,
    /// The file to download.
    pub file: Option<Material>,
    /// Where the link leads: `app.kazi.example`, or `WhatsApp, +254 700 000000`. Empty for downloads and forms.
    pub leads_to: String,
    /// The fields of the form in words: `name`, `team size`. Empty without a form.
    pub form: Vec<String>,
    /// `14 days`; may be empty.
    pub trial_length: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventFacts>,
    /// Former ids.
    pub was: Vec<Slug>,
}

/// An event on the day of the build.
#[derive(Clone, Debug, Serialize)]
pub struct EventFacts {
    pub dates: Vec<EventDateFacts>,
    /// `Africa/Nairobi`.
    pub timezone: String,
    pub place: Option<String>,
    pub online: bool,
    /// The address at which it takes place online.
    pub join: Option<String>,
    /// What is offered when it is over, as the author wrote it.
    pub recording: Option<String>,
    /// Whether all dates are over.
    pub is_over: bool,
}

/// One date of an event, in its time zone.
#[derive(Clone, Debug, Serialize)]
pub struct EventDateFacts {
    pub starts: When,
    pub ends: When,
    /// Its former start.
    pub moved_from: Option<When>,
    /// `cancelled` or `sold_out`.
    pub state: Option<&'static str>,
}

impl EventFacts {
    /// Returns the dates for people: `18 March 2027, 10:00 to 11:00 (Africa/Nairobi), sold out`.
    pub fn when(&self) -> String {
        let dates: Vec<String> = self.dates.iter().map(|date| date.in_words(&self.timezone)).collect();
        dates.join("; ")
    }

    /// Returns where it takes place, for people: `Sarit Expo Centre, Nairobi, and online`.
    pub fn place(&self) -> String {
        match (&self.place, self.online) {
            (Some(place), true) => format!("{place}, and online"),
            (Some(place), false) => place.clone(),
            (None, _) => "online".to_owned(),
        }
    }
}

impl EventDateFacts {
    fn in_words(&self, timezone: &str) -> String {
        let EventDateFacts { starts, ends, moved_from, state } = self;
        let mut text = match ends.time {
            _ if starts == ends => in_words(*starts),
            Some(time) if starts.day == ends.day => {
                format!("{} to {:02}:{:02}", in_words(*starts), time.hour(), time.minute())
            }
            _ => format!("{} to {}", in_words(*starts), in_words(*ends)),
        };
        if starts.time.is_some() {
            text.push_str(&format!(" ({timezone})"));
        }
        if let Some(from) = moved_from {
            text.push_str(&format!(", moved from {}", in_words(*from)));
        }
        if let Some(state) = state {
            text.push_str(&format!(", {}", state.replace('_', " ")));
        }
        text
    }
}

/// A call to action with the first message to its leads.
#[derive(Clone, Debug, Serialize)]
pub struct CtaWithMessage {
    #[serde(flatten)]
    pub facts: CtaFacts,
    /// A message to copy, with the placeholder `{first name}`. Empty lines separate paragraphs.
    pub first_message: String,
    /// The heading in the notes, which may say when to send it: `First message (guide), a week later`.
    pub first_message_heading: String,
}

/// A call to action with its lead tags. Those of former ids come last.
#[derive(Clone, Debug)]
pub struct CtaWithLeads<'s> {
    pub cta: CtaWithMessage,
    pub leads: Vec<LeadFacts<'s>>,
}

/// One lead tag.
#[derive(Clone, Debug, Serialize)]
pub struct LeadFacts<'s> {
    pub tag: LeadTag,
    /// Where the lead came from, as in "came …": `through Partner: Acme`.
    pub came: String,
    /// What the lead did, as in "and …": `took the coupon code ACME20`.
    pub did: String,
    pub channel: Slug,
    /// `Partner: Acme`.
    pub channel_label: &'s str,
    /// The title of the page that visitors of this channel saw.
    pub title: &'s str,
    /// The URL of that page; none if it is not published today.
    pub page: Option<String>,
    /// What visitors of a variant read. None for the page as written, and for a removed variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantFacts<'s>>,
    pub kind: CtaKind,
    /// The coupon code, the file name, the scheduler's host, the number or `form`: today's, the last one of a closed
    /// lead tag, or the one of the requested day.
    pub offer: &'s str,
    /// Whether the content has the same offer today, so that its size, last day and target apply.
    pub is_as_today: bool,
    /// None for `direct` and `other`.
    pub code: Option<ShortCode>,
    pub short_link: Option<String>,
    /// The code that the lead quotes in a message or a call, also on `direct` and `other`; none for other kinds.
    pub quotes: Option<ShortCode>,
    /// What was offered when, latest first. Never empty.
    pub periods: Vec<Period<'s>>,
    /// The day on which the lead tag was closed; none while it is active.
    pub closed: Option<Date>,
    /// The present lead tag of a closed one that was renamed.
    pub replaced_by: Option<LeadTag>,
    /// The first message if it differs from that of the call to action: with another code in it.
    pub first_message: Option<String>,
}

/// What visitors of one variant of a page read, in the words of that variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantFacts<'s> {
    /// The name of the language: `Deutsch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'s str>,
    /// `b`. None for a translation of the page as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The summary, if it is not that of the campaign's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'s str>,
    /// The fields of the form: built-in ones in words, and the labels of the site's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<String>,
    /// The consents of the form, in Markdown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<&'s str>,
    /// The author's heading and text of the thank-you page, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks_title: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks_text: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial_length: Option<&'s str>,
    /// Where an event takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl VariantFacts<'_> {
    /// Returns the language and the version for people: `Deutsch, version b`.
    pub fn name(&self) -> String {
        let version = self.version.map(|version| format!("version {version}"));
        let language = self.language.map(str::to_owned);
        language.into_iter().chain(version).collect::<Vec<_>>().join(", ")
    }

    /// Returns the heading and the text of the thank-you page, in this order.
    pub fn thanks(&self) -> String {
        [self.thanks_title, self.thanks_text].into_iter().flatten().map(str::trim).collect::<Vec<_>>().join("\n")
    }
}

impl<'s> LeadFacts<'s> {
    /// Returns what the lead did and where they came from: `Came through Partner: Acme, saw “Acme customers save 20%”
    /// and took the coupon code ACME20.`
    pub fn story(&self) -> String {
        let LeadFacts { came, title, did, .. } = self;
        format!("Came {came}, saw “{title}” and {did}.")
    }

    /// Returns the first day of the latest period.
    pub fn since(&self) -> &Date {
        &self.periods[0].from
    }

    /// Returns the label of the call to action in the latest period.
    pub fn label(&self) -> &'s str {
        self.periods[0].label
    }

    /// Returns the periods before the latest one, latest first.
    pub fn earlier(&self) -> &[Period<'s>] {
        &self.periods[1..]
    }
}

/// What a lead tag offered during one period: a row of the tag register.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Period<'s> {
    pub kind: CtaKind,
    pub label: &'s str,
    pub offer: &'s str,
    /// The path, without the base path.
    pub landing_page: &'s str,
    /// The first day.
    pub from: Date,
    /// The day on which it was closed.
    pub until: Option<Date>,
}

impl<'s> Period<'s> {
    /// Returns the day on which the period was closed, or the first day of an open one.
    pub fn last_day(&self) -> &Date {
        self.until.as_ref().unwrap_or(&self.from)
    }

    pub fn of(row: &'s Row) -> Period<'s> {
        Period {
            kind: row.kind,
            label: &row.label,
            offer: &row.offer,
            landing_page: &row.landing_page,
            from: row.from,
            until: row.until,
        }
    }
}
