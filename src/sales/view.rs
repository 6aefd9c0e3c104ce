//! What the lead desk's templates may see. What is known of a campaign or lead tag comes from [`super::facts`].

use jiff::civil::Date;

use super::facts::{CampaignFacts, CampaignState, CtaWithLeads};

/// `desk`, in every template.
#[derive(Clone)]
pub struct DeskView<'s> {
    /// The site's title.
    pub site: &'s str,
    pub language: &'s str,
    /// All campaigns with their lead cards stand in `index.html`; else in the pages below `cards/`.
    pub one_page: bool,
    /// A lead tag of this desk.
    pub example: String,
    /// The first day on which another desk would be built, from the same content; none where no date lies ahead.
    pub holds_until: Option<Date>,
    /// Where the desk is deployed; empty where nothing is said.
    pub desk_url: &'s str,
    /// `../` on the pages below `cards/`, else empty: stands before every relative address.
    pub up: &'s str,
    pub campaigns: usize,
    pub lead_tags: usize,
    /// Style sheet and script where they stand in the page: with `one_page`. Else they are files beside it.
    pub style: &'s str,
    pub script: &'s str,
    /// What the script searches, as JSON, where it stands in the page.
    pub data: &'s str,
}

/// `campaign`: one with its lead cards.
pub struct CampaignView<'s> {
    pub facts: CampaignFacts,
    pub ctas: Vec<CtaWithLeads<'s>>,
}

/// `list`: every campaign, with the place of its lead cards.
pub struct CampaignEntry<'s> {
    pub title: &'s str,
    pub state: CampaignState,
    pub when: String,
    /// `#campaign_spring-hiring`, after the page below `cards/` that it stands on.
    pub href: String,
}

/// `library`: every material and published page, once by campaign and once by topic.
pub struct LibraryView {
    pub by_campaign: Vec<LibraryGroup>,
    pub by_topic: Vec<LibraryGroup>,
}

pub struct LibraryGroup {
    /// The campaign's title, or the topic.
    pub title: String,
    /// Where the campaign's lead cards stand; empty for topics and for what belongs to no campaign.
    pub href: String,
    /// Of the list by campaign, whose items say their topics.
    pub is_campaign: bool,
    pub items: Vec<LibraryItem>,
}

#[derive(Clone, serde::Serialize)]
pub struct LibraryItem {
    pub title: String,
    /// Absolute where a lead can follow it; else relative to the lead desk's folder.
    pub href: String,
    #[serde(skip)]
    pub is_public: bool,
    /// `landing page`, `article`, `page`, `file` or `link`.
    pub kind: &'static str,
    pub summary: String,
    /// `CSV, 12 kB`; empty for pages and links.
    #[serde(skip)]
    pub size: String,
    /// The title of its campaign; empty where it belongs to none.
    pub campaign: String,
    pub topics: Vec<String>,
    /// `ended`, where it is a page of an ended campaign; else empty.
    #[serde(skip)]
    pub state: &'static str,
}
