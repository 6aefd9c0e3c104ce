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
    pub source: Located<String>,
    /// `utm_medium`.
    pub medium: Located<String>,
}
