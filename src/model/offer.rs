//! Offers: what links, lead tags, the lead desk and the addresses of calls to action are made of.

use crate::word::slug::Slug;

/// One call to action of one campaign, offered on one page to one channel's visitors. A lead tag names
/// the first three; `offered_on` is the page, by its index in the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub campaign: Slug,
    pub cta: Slug,
    pub channel: Slug,
    pub offered_on: usize,
}
