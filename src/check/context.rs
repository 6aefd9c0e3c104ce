//! What lint rules read: the site, its theme, the notes for sales, and what was reported before.

use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::body::{Body, Outline};
use crate::register::Changes;
use crate::resolve::{Site, SitePage, State};
use crate::rules::Rule;
use crate::sales::notes::SalesNotes;
use crate::theme::Theme;

/// A site, resolved as far as its errors allow. Rules that report something missing skip a page that is `broken`,
/// because the missing part may only be unreadable.
pub struct CheckContext<'c> {
    pub site: &'c Site,
    /// The texts of pages, by page index.
    pub bodies: &'c [Body],
    pub outlines: &'c [Arc<Outline>],
    pub theme: &'c Theme,
    pub notes: &'c SalesNotes,
    /// The diagnostics of the earlier phases.
    pub reported: &'c [Diagnostic],
    /// What the next build would change in the tag register. None without a register, in a preview, after an error that
    /// leaves it open, and with `--locked`, where every change is an error already.
    pub changes: Option<&'c Changes>,
}

impl<'c> CheckContext<'c> {
    /// The outline of a page's text.
    pub fn outline(&self, page: &SitePage) -> &'c Outline {
        &self.outlines[page.index]
    }

    /// The body of a page.
    pub fn body(&self, page: &SitePage) -> &'c Body {
        &self.bodies[page.index]
    }

    /// Whether an earlier phase reported this rule, so that a problem of another rule may only follow from it.
    pub fn is_reported(&self, rule: Rule) -> bool {
        self.reported.iter().any(|diagnostic| diagnostic.rule == rule)
    }
}

/// The readable pages that visitors see, now or from their start on, and with `--preview` drafts too. Ended campaigns are
/// left out, because their page shows only that they have ended.
pub fn visible_pages(site: &Site) -> impl Iterator<Item = &SitePage> {
    let is_visible = |page: &&SitePage| match page.state {
        State::Live | State::Scheduled => true,
        State::Draft => site.options.preview,
        State::Ended => false,
    };
    site.pages.iter().filter(is_visible).filter(|page| !page.page.broken)
}
