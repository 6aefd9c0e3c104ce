//! One lead tag with everything that is known about it, not yet in words.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::facts::Period;
use crate::model::base_url::BaseUrl;
use crate::model::code::ShortCode;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::Row;
use crate::resolve::SitePage;

/// A lead tag of a campaign. Making one allocates nothing, unless the lead tag was renamed.
pub struct Lead<'s> {
    /// The row that is described: of the requested day, or else the open one, or else the last one.
    pub row: &'s Row,
    /// All rows of the register, oldest first. Never empty.
    pub rows: &'s [Row],
    pub channel_label: &'s str,
    pub seen: SeenPage<'s>,
    /// Whether the content has the same offer today.
    pub is_as_today: bool,
    /// The present lead tag of a closed one that was renamed.
    pub replaced_by: Option<LeadTag>,
}

/// The page that the visitors of a channel saw.
#[derive(Clone, Copy)]
pub struct SeenPage<'s> {
    pub title: &'s str,
    /// None if it is not published today.
    pub page: Option<&'s SitePage>,
    /// The channel, if the page is its channel page.
    pub channel: Option<&'s Slug>,
}

impl<'s> Lead<'s> {
    pub fn tag(&self) -> &'s LeadTag {
        &self.row.tag
    }

    /// Returns what was offered when, latest first. Never empty.
    pub fn periods(&self) -> Vec<Period<'s>> {
        let mut periods: Vec<Period> = self.rows.iter().map(Period::of).collect();
        periods.sort_by_key(|period| Reverse((period.until.is_none(), period.until, period.from)));
        periods
    }

    /// Returns the row of the latest period.
    pub fn latest(&self) -> &'s Row {
        self.rows.iter().max_by_key(|row| (row.until.is_none(), row.until, row.from)).unwrap_or(self.row)
    }

    /// Returns the periods before the latest one, latest first. Most lead tags have none.
    pub fn earlier(&self) -> Vec<Period<'s>> {
        if self.rows.len() == 1 { Vec::new() } else { self.periods().split_off(1) }
    }

    /// Returns the day on which the lead tag was closed; none while it is active.
    pub fn closed(&self) -> Option<Date> {
        self.latest().until
    }

    /// Returns the code that the lead quotes in a message or a call.
    pub fn quotes(&self) -> Option<ShortCode> {
        let LeadTag { campaign, cta: _, channel, variant } = self.tag();
        let code = || ShortCode::to_quote(campaign, channel, variant.as_ref());
        self.row.kind.quotes_a_code(&self.row.offer).then(code)
    }
}

impl SeenPage<'_> {
    /// Returns the page's URL; none if it is not published today.
    pub fn url(&self, base_url: &BaseUrl) -> Option<String> {
        let page = self.page?;
        Some(match self.channel {
            Some(channel) => base_url.absolute(&page.channel_path(channel)),
            None => base_url.absolute(&page.path),
        })
    }
}
