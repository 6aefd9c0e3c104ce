//! The inputs of `tagline explain`.

use jiff::civil::Date;

use crate::lead_tags;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::Register;
use crate::resolve::Site;
use crate::sales::notes::SalesNotes;

/// Everything that a query is looked up in, and the day to describe.
pub struct ExplainContext<'s> {
    pub site: &'s Site,
    pub register: &'s Register,
    pub notes: &'s SalesNotes,
    pub today: Date,
    /// The requested day; none for today.
    pub on: Option<Date>,
}

impl ExplainContext<'_> {
    /// Whether a campaign has this id, had it before, or is in the register.
    pub fn has_campaign(&self, id: &Slug) -> bool {
        self.site.campaign_page(id).is_some() || !self.register.rows_of_campaign(id).is_empty()
    }

    /// Whether a lead tag was ever issued, or its three parts exist.
    pub fn has_tag(&self, tag: &LeadTag) -> bool {
        !self.register.rows_of(tag).is_empty() || lead_tags::issued_on_any_channel(self.site, tag).is_some()
    }
}
