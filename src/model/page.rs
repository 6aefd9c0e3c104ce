//! One Markdown file as its author wrote it: front matter and body, not yet held against the site.

use std::sync::Arc;

use indexmap::IndexMap;

use super::cta::Cta;
use super::date::When;
use super::product::Product;
use crate::model::slug::Slug;
use crate::source::{Located, SourceText};

#[derive(Clone, Debug)]
pub struct Page {
    pub source: Arc<SourceText>,
    /// Below `content/`: `spring-hiring/index.md`.
    pub file: String,
    pub front: FrontMatter,
    /// A hash over the text above the body: two readings of one file that agree in it have the same front matter.
    pub front_hash: u64,
    /// Something in the file could not be read, and that is told. What is there is still held against the
    /// site, but what seems to be missing may only be unreadable.
    pub broken: bool,
}

#[derive(Clone, Debug)]
pub struct FrontMatter {
    pub title: Located<String>,
    pub summary: Option<Located<String>>,
    /// The campaign's id where the author sets it.
    pub campaign: Option<Located<Slug>>,
    pub was: Vec<Located<Slug>>,
    pub slug: Option<Located<Slug>>,
    pub aliases: Vec<Located<String>>,
    pub draft: bool,
    pub starts: Option<Located<When>>,
    pub ends: Option<Located<When>>,
    pub after_end: Option<Located<String>>,
    pub image: Option<Located<String>>,
    pub image_alt: Option<String>,
    pub layout: Option<Located<Slug>>,
    pub author: Option<String>,
    pub date: Option<When>,
    pub counts_as: Option<Located<Slug>>,
    pub owner: Option<String>,
    /// What the page is about, for the lead desk's content library: `Salaries`.
    pub topics: Vec<String>,
    pub channels: Vec<Located<Slug>>,
    pub per_channel: IndexMap<Slug, Located<PerChannel>>,
    pub product: Option<Located<Product>>,
    pub ctas: IndexMap<Slug, Cta>,
    /// Where `ctas` stands, for problems of the campaign as a whole.
    pub ctas_place: Option<Located<()>>,
    pub extra: serde_json::Value,
}

impl FrontMatter {
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_ref().map(|summary| summary.value.as_str())
    }
}

/// What a channel's page has of its own.
#[derive(Clone, Debug)]
pub struct PerChannel {
    pub title: Option<String>,
}
