//! The pages of the lead desk, and everything that their templates may use. The facts about campaigns and calls to
//! action come from [`crate::sales::facts`].

use std::fmt;

use askama::filters::HtmlSafe;
use askama::{FastWritable, Template};
use jiff::civil::Date;

use super::card_view::{CampaignView, GeneralMessages, Message};
use super::changes::ChangesView;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::sales::facts::CampaignState;

/// `index.html` of a desk of one page: the search, all campaigns with their lead cards, and the content library.
#[derive(Template)]
#[template(path = "one_page.html")]
pub struct OnePage<'s> {
    pub desk: DeskView<'s>,
    pub changes: &'s ChangesView,
    pub list: &'s [CampaignEntry<'s>],
    pub campaigns: &'s [CampaignView<'s>],
    pub general: &'s GeneralMessages,
    pub library: &'s LibraryView,
    /// The stylesheet, the scripts and the search data as JSON.
    pub style: &'s str,
    pub script: &'s str,
    pub search_script: &'s str,
    pub data: &'s str,
}

/// `index.html` of a desk of several pages: the search, and links to the pages of lead cards.
#[derive(Template)]
#[template(path = "index.html")]
pub struct IndexPage<'s> {
    pub desk: DeskView<'s>,
    pub changes: &'s ChangesView,
    pub card_pages: &'s [CardPageEntry<'s>],
}

/// `cards/0.html`: the lead cards of some campaigns.
#[derive(Template)]
#[template(path = "cards.html")]
pub struct CardsPage<'s> {
    pub desk: DeskView<'s>,
    pub campaigns: &'s [CampaignView<'s>],
    pub general: &'s GeneralMessages,
}

/// `library.html`: the content library of a desk of several pages.
#[derive(Template)]
#[template(path = "library.html")]
pub struct LibraryPage<'s> {
    pub desk: DeskView<'s>,
    pub library: &'s LibraryView,
}

/// `desk`, in every template.
#[derive(Clone)]
pub struct DeskView<'s> {
    /// The site's title.
    pub site: &'s str,
    pub language: &'s str,
    /// Whether `index.html` has all lead cards. Otherwise they are in `cards/`.
    pub one_page: bool,
    /// A lead tag of this desk, as an example of a search.
    pub example: String,
    /// The first day on which the same content would give another desk; none if no date is ahead.
    pub valid_until: Option<Date>,
    /// The URL of the deployed desk; may be empty.
    pub desk_url: &'s str,
    /// The prefix of every relative URL: `../` on pages in `cards/`, else empty.
    pub up: &'s str,
    pub campaigns: usize,
    pub lead_tags: usize,
    /// Who follows up on campaigns without an owner of their own.
    pub owner: Option<&'s str>,
    /// In words: `1 hour`.
    pub respond_within: Option<String>,
}

/// One entry of `list`: a campaign with a link to its lead cards.
pub struct CampaignEntry<'s> {
    pub id: &'s str,
    pub title: &'s str,
    pub state: CampaignState,
    pub when: String,
}

/// One entry of `card_pages`: a page of lead cards with the campaigns on it.
pub struct CardPageEntry<'s> {
    /// `cards/0.html`.
    pub path: String,
    /// The titles of the first and the last campaign.
    pub first: &'s str,
    pub last: &'s str,
    /// The states of the first and the last campaign.
    pub states: (CampaignState, CampaignState),
    pub campaigns: usize,
    pub lead_tags: usize,
}

/// `library`: materials and published pages, by campaign and by topic.
pub struct LibraryView {
    pub by_campaign: Vec<LibraryGroup>,
    pub by_topic: Vec<LibraryGroup>,
}

pub struct LibraryGroup {
    /// The campaign's title, or the topic.
    pub title: String,
    /// The link to the campaign's lead cards; empty for topics and for content without a campaign.
    pub href: String,
    /// Whether the group is in the list by campaign, which shows the topics of each item.
    pub is_campaign: bool,
    pub items: Vec<LibraryItem>,
}

/// Something to send. The search data contains it without its empty fields.
#[derive(Clone, PartialEq, serde::Serialize)]
pub struct LibraryItem {
    pub title: String,
    /// An absolute URL if the item is public, else a path relative to the lead desk's folder.
    pub href: String,
    #[serde(skip_serializing_if = "is_true")]
    pub is_public: bool,
    /// `landing page`, `article`, `page`, `file` or `link`.
    pub kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub summary: String,
    /// `CSV, 12 kB`; empty for pages and links.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub size: String,
    /// The title of the campaign; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub campaign: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// `ended` for the page of an ended campaign, else empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub state: &'static str,
}

// Serde passes a reference.
fn is_true(flag: &bool) -> bool {
    *flag
}

// Ids and lead tags have only letters, digits, hyphens and underscores, so they need no escaping.
impl HtmlSafe for Slug {}
impl HtmlSafe for LeadTag {}

impl FastWritable for Slug {
    fn write_into(&self, out: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(out.write_str(self.as_str())?)
    }
}

impl FastWritable for LeadTag {
    fn write_into(&self, out: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write!(out, "{self}")?)
    }
}

/// The filters of the templates.
mod filters {
    use askama::filters::{Html, Safe, escape};
    use jiff::civil::Date;

    use crate::model::date::{self, When};
    use crate::sales::wording;

    /// Renders a day or a time as `31 March 2027`.
    #[askama::filter_fn]
    pub fn in_words(when: &When, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(date::in_words(*when))
    }

    /// Renders a day as `31 March 2027`.
    #[askama::filter_fn]
    pub fn day_in_words(day: &Date, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(wording::day_in_words(*day))
    }

    /// Renders an attribute's value, with quotation marks only if it needs them.
    #[askama::filter_fn]
    pub fn attribute(value: &str, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@?#%+~,;()!*".contains(&byte);
        Ok(Safe(match !value.is_empty() && value.bytes().all(is_plain) {
            true => value.to_owned(),
            false => format!("\"{}\"", escape(value, Html)?),
        }))
    }
}
