//! The pages of lead cards.

use super::view::CardPageEntry;
use crate::sales::campaign_rows::CampaignRows;

/// The maximum of lead tags on one page, unless one campaign has more. A phone opens such a page within a second.
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

/// Returns the list of the pages.
pub fn entries<'c>(pages: &[&'c [CampaignRows]]) -> Vec<CardPageEntry<'c>> {
    let entries = pages.iter().enumerate().filter_map(|(index, &campaigns)| {
        let (first, last) = (campaigns.first()?, campaigns.last()?);
        Some(CardPageEntry {
            path: page_path(index),
            first: first.title(),
            last: last.title(),
            states: (first.state(), last.state()),
            campaigns: campaigns.len(),
            lead_tags: campaigns.iter().map(CampaignRows::lead_tags).sum(),
        })
    });
    entries.collect()
}
