//! The pages of lead cards, and the links to them.

use std::collections::HashMap;

use crate::sales::campaign_rows::CampaignRows;

/// The maximum of lead tags on one page, unless one campaign has more. Such a page has half a megabyte, which a phone
/// opens within a second.
pub const MAX_LEAD_TAGS_PER_PAGE: usize = 1000;

/// Splits consecutive campaigns into pages of at most [`MAX_LEAD_TAGS_PER_PAGE`].
pub fn split<'c, 's>(campaigns: &'c [CampaignRows<'s>]) -> Vec<&'c [CampaignRows<'s>]> {
    let mut pages = Vec::new();
    let (mut start, mut count) = (0, 0);
    for (index, campaign) in campaigns.iter().enumerate() {
        if count > 0 && count + campaign.lead_tags() > MAX_LEAD_TAGS_PER_PAGE {
            pages.push(&campaigns[start..index]);
            (start, count) = (index, 0);
        }
        count += campaign.lead_tags();
    }
    pages.push(&campaigns[start..]);
    pages
}

/// Returns the path of the page with this index.
pub fn page_path(index: usize) -> String {
    format!("cards/{index}.html")
}

/// The page of each campaign's lead cards.
pub struct CardLinks {
    /// Indexes of pages, by campaign id. Empty on a desk of one page.
    pages: HashMap<String, usize>,
}

impl CardLinks {
    /// On a desk of one page, all cards are in `index.html`.
    pub fn one_page() -> CardLinks {
        CardLinks { pages: HashMap::new() }
    }

    pub fn several_pages(pages: &[&[CampaignRows]]) -> CardLinks {
        let numbered = pages.iter().enumerate();
        let pages = numbered
            .flat_map(|(index, campaigns)| campaigns.iter().map(move |campaign| (campaign.id.to_string(), index)));
        CardLinks { pages: pages.collect() }
    }

    /// Returns the path of a campaign's page; empty for `index.html`.
    pub fn page(&self, campaign: &str) -> String {
        self.pages.get(campaign).map(|&index| page_path(index)).unwrap_or_default()
    }

    /// Returns the link to a campaign's cards.
    pub fn campaign(&self, campaign: &str) -> String {
        format!("{}#campaign_{campaign}", self.page(campaign))
    }
}
