//! What the lead desk's templates may see. Everything else about a campaign or lead tag comes from [`super::facts`].

use serde::Serialize;

use super::facts::{CampaignFacts, CampaignState, CtaFacts, LeadFacts};

/// `desk`, in every template.
#[derive(Serialize)]
pub struct DeskView<'s> {
    /// The site's title.
    pub site: &'s str,
    pub language: &'s str,
    /// `15 March 2027`.
    pub built_on: String,
    /// All campaigns with their lead cards stand in `index.html`; else each has a page below `campaigns/`.
    pub one_page: bool,
    /// `../` on the pages below `campaigns/`, else empty: stands before every relative address.
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
#[derive(Serialize)]
pub struct CampaignView<'s> {
    #[serde(flatten)]
    pub facts: &'s CampaignFacts,
    pub ctas: Vec<CtaView<'s>>,
}

/// A call to action with its lead tags: those of its former ids come last.
#[derive(Serialize)]
pub struct CtaView<'s> {
    #[serde(flatten)]
    pub facts: CtaFacts,
    pub leads: Vec<LeadFacts<'s>>,
}

/// `list`: the campaigns, where each has a page of its own.
#[derive(Serialize)]
pub struct CampaignEntry<'s> {
    pub id: &'s str,
    pub title: &'s str,
    pub state: CampaignState,
    pub when: &'s str,
    /// `campaigns/spring-hiring.html`.
    pub href: String,
}

/// `library`: every material and published page, once by campaign and once by topic.
#[derive(Serialize)]
pub struct LibraryView {
    pub by_campaign: Vec<LibraryGroup>,
    pub by_topic: Vec<LibraryGroup>,
}

#[derive(Serialize)]
pub struct LibraryGroup {
    /// The campaign's title, or the topic.
    pub title: String,
    /// The campaign's id; empty for topics and for what belongs to no campaign.
    pub campaign: String,
    pub items: Vec<LibraryItem>,
}

#[derive(Clone, Serialize)]
pub struct LibraryItem {
    pub title: String,
    /// Absolute where a lead can follow it; else relative to the lead desk's folder.
    pub href: String,
    pub is_public: bool,
    /// `landing page`, `article`, `page`, `file` or `link`.
    pub kind: &'static str,
    pub summary: String,
    /// `CSV, 12 kB`; empty for pages and links.
    pub size: String,
    /// The title of its campaign; empty where it belongs to none.
    pub campaign: String,
    pub topics: Vec<String>,
    /// `ended`, where it is a page of an ended campaign; else empty.
    pub state: &'static str,
}
