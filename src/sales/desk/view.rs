//! The pages of the lead desk, and everything that their templates may use. The facts about campaigns and lead tags
//! come from [`crate::sales::facts`].

use askama::Template;
use jiff::civil::Date;

use crate::sales::facts::{CampaignFacts, CampaignState, CtaWithLeads};

/// `index.html`: the search and all campaigns. On a desk of one page also all lead cards and the content library.
#[derive(Template)]
#[template(path = "index.html")]
pub struct IndexPage<'s> {
    pub desk: DeskView<'s>,
    pub list: &'s [CampaignEntry<'s>],
    /// Empty on a desk of several pages.
    pub campaigns: &'s [CampaignView<'s>],
    /// None on a desk of several pages.
    pub library: Option<&'s LibraryView>,
}

/// `cards/0.html`: the lead cards of some campaigns.
#[derive(Template)]
#[template(path = "cards.html")]
pub struct CardsPage<'s> {
    pub desk: DeskView<'s>,
    pub campaigns: &'s [CampaignView<'s>],
}

/// `library.html`: the content library.
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
    /// The inline stylesheet of a desk of one page. Otherwise it is in a file.
    pub style: &'s str,
    /// The inline script, likewise.
    pub script: &'s str,
    /// The inline search data as JSON, likewise.
    pub data: &'s str,
}

/// `campaign`: a campaign with its lead cards.
pub struct CampaignView<'s> {
    pub facts: CampaignFacts,
    pub ctas: Vec<CtaWithLeads<'s>>,
}

/// One entry of `list`: a campaign with a link to its lead cards.
pub struct CampaignEntry<'s> {
    pub title: &'s str,
    pub state: CampaignState,
    pub when: String,
    /// `#campaign_spring-hiring`, or `cards/0.html#campaign_spring-hiring`.
    pub href: String,
}

/// `library`: every material and published page, by campaign and by topic.
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

#[derive(Clone, serde::Serialize)]
pub struct LibraryItem {
    pub title: String,
    /// An absolute URL if the item is public, else a path relative to the lead desk's folder.
    pub href: String,
    #[serde(skip)]
    pub is_public: bool,
    /// `landing page`, `article`, `page`, `file` or `link`.
    pub kind: &'static str,
    pub summary: String,
    /// `CSV, 12 kB`; empty for pages and links.
    #[serde(skip)]
    pub size: String,
    /// The title of the campaign; may be empty.
    pub campaign: String,
    pub topics: Vec<String>,
    /// `ended` for the page of an ended campaign, else empty.
    #[serde(skip)]
    pub state: &'static str,
}

/// The filters of the templates.
mod filters {
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
}
