//! Channels: the places that visitors come from, and the two that always exist.

use crate::word::slug::Slug;
use crate::word::source::Located;

/// One entry of `channels` in `site.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: Slug,
    /// For people: `Partner: Acme`.
    pub label: String,
    /// `utm_source`.
    pub source: String,
    /// `utm_medium`.
    pub medium: Located<String>,
    /// What the CRM itself calls the channel: a value of its list of lead sources.
    pub crm_source: Option<Located<String>>,
}
