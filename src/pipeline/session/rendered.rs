//! What the pages of a site were rendered from, to find the pages that a change affects.

use std::sync::Arc;

use crate::model::page::Page;
use crate::render::dependencies;
use crate::resolve::{Site, SitePage};
use crate::theme::Theme;

/// The dependencies of a site's published pages.
#[derive(Default)]
pub struct RenderedPages {
    site_fingerprint: u64,
    /// The page as it was read, and the fingerprint of its other dependencies. In the order of the pages' files.
    pages: Vec<(Arc<Page>, u64)>,
}

impl RenderedPages {
    pub fn of(site: &Site, theme: &Theme) -> RenderedPages {
        let pages = site.published();
        let pages = pages.map(|(_, page)| (Arc::clone(&page.page), dependencies::page_fingerprint(site, page)));
        RenderedPages { site_fingerprint: dependencies::site_fingerprint(site, theme), pages: pages.collect() }
    }

    /// Returns the indices of published pages whose dependencies are not the same in `now`.
    pub fn changed(&self, site: &Site, now: &RenderedPages) -> Vec<usize> {
        let is_same = |page: &SitePage| {
            let both = self.page(&page.page.file).zip(now.page(&page.page.file));
            both.is_some_and(|((before, others_before), (now, others_now))| {
                Arc::ptr_eq(before, now) && others_before == others_now
            })
        };
        let has_changed = |page: &SitePage| self.site_fingerprint != now.site_fingerprint || !is_same(page);
        site.published().filter(|(_, page)| has_changed(page)).map(|(index, _)| index).collect()
    }

    /// Whether this version of a page was rendered.
    pub fn has(&self, page: &Arc<Page>) -> bool {
        self.page(&page.file).is_some_and(|(rendered, _)| Arc::ptr_eq(rendered, page))
    }

    /// Replaces a page whose text alone changed.
    pub fn replace(&mut self, page: &Arc<Page>) {
        if let Ok(at) = self.position(&page.file) {
            self.pages[at].0 = Arc::clone(page);
        }
    }

    fn page(&self, file: &str) -> Option<&(Arc<Page>, u64)> {
        self.position(file).ok().map(|at| &self.pages[at])
    }

    fn position(&self, file: &str) -> Result<usize, usize> {
        self.pages.binary_search_by(|(page, _)| page.file.as_str().cmp(file))
    }
}
