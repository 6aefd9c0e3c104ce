//! What references are resolved against: the placed pages, the campaigns and the files of a site.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::Placed;
use super::site::{Options, PageFiles, PlacedPage, Site};
use crate::load::Sources;
use crate::model::body::Outline;
use crate::model::site::SiteConfig;
use crate::model::slug::Slug;

/// A view of a site before or after its references are resolved.
pub struct SiteIndex<'s> {
    pub config: &'s SiteConfig,
    pub options: &'s Options,
    pub sources: &'s Sources,
    pub pages: Vec<&'s PlacedPage>,
    pub outlines: &'s [Arc<Outline>],
    pub page_files: &'s PageFiles,
    pub campaigns: &'s BTreeMap<Slug, usize>,
    pub former_campaigns: &'s BTreeMap<Slug, usize>,
    pub is_partly_read: bool,
}

impl<'s> SiteIndex<'s> {
    /// The view of a site whose references are not resolved yet.
    pub fn of_placed(
        placed: &'s Placed,
        config: &'s SiteConfig,
        options: &'s Options,
        sources: &'s Sources,
    ) -> SiteIndex<'s> {
        SiteIndex {
            config,
            options,
            sources,
            pages: placed.pages.iter().collect(),
            outlines: &placed.outlines,
            page_files: &placed.page_files,
            campaigns: &placed.campaigns.by_id,
            former_campaigns: &placed.campaigns.by_former_id,
            is_partly_read: placed.is_partly_read,
        }
    }

    /// The view of a resolved site.
    pub fn of(site: &'s Site, outlines: &'s [Arc<Outline>], sources: &'s Sources) -> SiteIndex<'s> {
        SiteIndex {
            config: &site.config,
            options: &site.options,
            sources,
            pages: site.pages.iter().map(|page| &page.placed).collect(),
            outlines,
            page_files: &site.page_files,
            campaigns: &site.campaigns,
            former_campaigns: &site.former_campaigns,
            is_partly_read: site.is_partly_read,
        }
    }

    /// Returns whether this build publishes a page.
    pub fn is_published(&self, index: usize) -> bool {
        self.pages[index].state.is_published(self.options.preview)
    }

    /// Returns the page index of a campaign by its present or a former id.
    pub fn campaign_page(&self, id: &Slug) -> Option<usize> {
        self.campaigns.get(id).or_else(|| self.former_campaigns.get(id)).copied()
    }
}
