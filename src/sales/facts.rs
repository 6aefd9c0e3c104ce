//! What sales needs to know, as values: of a campaign, of one of its calls to action, of a lead tag. The lead desk's
//! templates, `tagline explain` and its JSON are all drawn from these.

use jiff::civil::Date;
use serde::Serialize;

use crate::model::code::ShortCode;
use crate::model::date::When;
use crate::model::offer_kind::CtaKind;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::Row;

/// A campaign on the day of the build, or as the tag register remembers it.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignFacts {
    pub id: Slug,
    /// Its id where the content has it no more.
    pub title: String,
    pub summary: String,
    pub state: CampaignState,
    /// For people: `runs from 1 March 2027 until 31 March 2027`.
    pub when: String,
    /// `2027-03-01`, or with a time `2027-03-01T18:00`.
    pub starts: Option<When>,
    pub ends: Option<When>,
    /// The landing page's absolute address; none where there is none today.
    pub page: Option<String>,
    /// Where visitors of an ended campaign are pointed to.
    pub after_end: Option<Link>,
    /// The e-mail address of who follows up.
    pub owner: Option<String>,
    /// For people: `1 hour`.
    pub respond_within: Option<String>,
    /// The ids it had before.
    pub was: Vec<Slug>,
    pub notes: Option<Notes>,
    pub materials: Vec<Material>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CampaignState {
    Live,
    Ended,
    Scheduled,
    Draft,
    /// In the tag register only.
    Gone,
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

/// `sales.md`.
#[derive(Clone, Debug, Serialize)]
pub struct Notes {
    /// As it was written.
    pub markdown: String,
    /// Finished HTML; headings begin at `h3`. Links to files are relative to the lead desk's folder.
    pub html: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub title: String,
    pub url: String,
}

/// Something to send: a file, a page of the site or an address on the web.
#[derive(Clone, Debug, Serialize)]
pub struct Material {
    pub title: String,
    /// Absolute where a lead can follow it; else relative to the lead desk's folder.
    pub href: String,
    /// Whether anyone who has the address can open it. The others go as attachments.
    pub is_public: bool,
    /// `price-sheet.csv`; empty for pages and addresses on the web.
    pub file_name: String,
    /// `CSV`; empty as above.
    pub format: String,
    /// `12 kB`; empty as above.
    pub size: String,
    /// The heading under `Materials` that it stands under, if any.
    pub topic: String,
    /// What the notes say behind the link: `For your eyes only`; empty for nothing.
    pub note: String,
}

/// A call to action as it is on the day of the build, or as the tag register remembers it.
#[derive(Clone, Debug, Serialize)]
pub struct CtaFacts {
    pub id: Slug,
    pub kind: CtaKind,
    pub label: String,
    pub note: String,
    /// The content has it today.
    pub is_present: bool,
    /// A coupon's last day, or a minute of it: `2027-03-31`.
    pub expires: Option<When>,
    /// The coupon's last day is over.
    pub is_expired: bool,
    /// What is downloaded.
    pub file: Option<Material>,
    /// Where the visitor goes on: `app.kazi.example`, `WhatsApp, +254 700 000000`. Empty for downloads and forms.
    pub leads_to: String,
    /// What the form asks for, for people: `name`, `team size`. Empty where there is no form.
    pub form: Vec<String>,
    /// `14 days`; empty where nothing is said.
    pub trial_length: String,
    /// The ids it had before.
    pub was: Vec<Slug>,
    /// To copy, with `{first name}` to fill in. Empty lines part paragraphs.
    pub first_message: String,
    /// What the notes say above it, as when to send it: `First message (guide), a week later`.
    pub first_message_heading: String,
}

/// A call to action with its lead tags: those of its former ids come last.
#[derive(Clone, Debug)]
pub struct CtaWithLeads<'s> {
    pub facts: CtaFacts,
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
    /// The title of what this channel's visitors saw.
    pub title: &'s str,
    /// The address of what they saw; none where there is nothing to see today.
    pub page: Option<String>,
    pub kind: CtaKind,
    /// The coupon's code, the file's name, the scheduler's host, the number or `form`: now, when it was closed, or on the day that is
    /// asked about.
    pub offer: &'s str,
    /// The content offers the same today, so what is said of its size, its last day and its place holds.
    pub is_as_today: bool,
    /// None for `direct` and `other`.
    pub code: Option<ShortCode>,
    pub short_link: Option<String>,
    /// The code that the lead quotes in a message or a call, also on `direct` and `other`; none where they quote none.
    pub quotes: Option<ShortCode>,
    /// What it offered when, the latest first. Never empty.
    pub periods: Vec<Period<'s>>,
    /// The day on which it was closed; none while it is in the market.
    pub closed: Option<Date>,
    /// What a closed lead tag's source is called now.
    pub replaced_by: Option<LeadTag>,
    /// The first message, where it is not that of the call to action: with another code in it.
    pub first_message: Option<String>,
}

impl<'s> LeadFacts<'s> {
    /// What the lead did and where they came from: `Came through Partner: Acme, saw “Acme customers save 20%” and took
    /// the coupon code ACME20.`
    pub fn story(&self) -> String {
        let LeadFacts { came, title, did, .. } = self;
        format!("Came {came}, saw “{title}” and {did}.")
    }

    /// The first day of what it offers now, or offered last.
    pub fn since(&self) -> &Date {
        &self.periods[0].from
    }

    /// What its call to action is called, or was when it was closed.
    pub fn label(&self) -> &'s str {
        self.periods[0].label
    }

    /// What it offered before that, the latest first.
    pub fn earlier(&self) -> &[Period<'s>] {
        &self.periods[1..]
    }
}

/// What a lead tag offered for a while: a row of the tag register.
#[derive(Clone, Copy, Debug, Serialize)]
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
    /// The day on which it was closed; the first day of one that was not.
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
