//! One page of a resolved site in the place of its former self: what serving does where only a page's text was edited.

use std::sync::Arc;

use super::links::References;
use super::{Site, Target, ThemeNames, unknown_blocks};
use crate::load::Sources;
use crate::model::page::Page;

impl Site {
    /// Puts a page into the place of the one that was read of the same file, and returns the one that was there with what
    /// its links referred to. None, with the site as it was, where more has changed than the text that this page alone
    /// shows, or where there is anything to tell: then the whole site has to be resolved.
    pub fn replace_text(
        &mut self,
        page: Arc<Page>,
        sources: &Sources,
        theme: &ThemeNames,
    ) -> Option<(usize, Replaced)> {
        let index = self.page_files.page(&page.file)?;
        if !is_alike(&self.pages[index].page, &page) || !unknown_blocks(&page, theme).is_empty() {
            return None;
        }
        let mut before = References::of(self, sources);
        before.targets(index);
        let reach = before.reach;
        let former = std::mem::replace(&mut self.pages[index].page, page);
        let mut after = References::of(self, sources);
        let targets = after.targets(index);
        if after.reach != reach || !after.found.is_empty() || !after.missing.is_empty() || !after.broken.is_empty() {
            self.pages[index].page = former;
            return None;
        }
        let links = std::mem::replace(&mut self.pages[index].links, targets);
        Some((index, Replaced { page: former, links }))
    }

    /// Takes a replacement back.
    pub fn restore(&mut self, index: usize, replaced: Replaced) {
        self.pages[index].page = replaced.page;
        self.pages[index].links = replaced.links;
    }
}

/// What stood in a page's place before.
pub struct Replaced {
    page: Arc<Page>,
    links: Vec<Target>,
}

/// Whether two readings of one file say the same to all other pages, but for what their links reach.
fn is_alike(before: &Page, after: &Page) -> bool {
    let offers = |page: &Page| page.body.offers.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    !before.broken
        && !after.broken
        && before.front_hash == after.front_hash
        && before.body.anchors == after.body.anchors
        && offers(before) == offers(after)
        && before.body.raw_html.is_empty() == after.body.raw_html.is_empty()
}
