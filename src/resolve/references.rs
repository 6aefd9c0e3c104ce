//! Resolves references of one page at a time. The site does not change meanwhile, so pages are resolved in parallel; what
//! they found out is merged by [`SiteReferences`](super::site_references::SiteReferences) afterwards.

use super::index::SiteIndex;
use super::site::State;
use crate::diagnostics::Diagnostic;
use crate::images::plan::DerivedImage;
use crate::model::file::Asset;
use crate::model::picture::ImageReference;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::source::Span;

/// Resolves references of one page, and collects what they mean for the site.
pub struct References<'s> {
    pub index: &'s SiteIndex<'s>,
    /// The language of the links of `site.yaml`. `None`: the main language.
    pub language: Option<&'s str>,
    pub found: Found,
}

/// What the references of one page mean for the site.
#[derive(Default)]
pub struct Found {
    pub diagnostics: Vec<Diagnostic>,
    pub missing: Vec<MissingFile>,
    /// The pictures that are shown, by digest.
    pub shown: Vec<(String, ImageReference)>,
    /// The pictures that cannot be shown, by digest.
    pub broken: Vec<(String, Diagnostic)>,
    /// Published files whose content is missing or of another format, by their paths as sources.
    pub bad_contents: Vec<(String, Diagnostic)>,
    pub reach: Reach,
}

/// The effects of one page's text on the rest of the site.
#[derive(Debug, Default, PartialEq)]
pub struct Reach {
    /// The files that are linked openly: `content/…` or `static/…`.
    pub open: Vec<String>,
    /// The files of `content/` that are published, openly or behind a form.
    pub published: Vec<(SitePath, Asset)>,
    /// The files that are made from the shown pictures.
    pub pictures: Vec<(SitePath, DerivedImage)>,
    /// The files behind a form, with the page and the location that say so.
    pub gated: Vec<(String, usize, Span)>,
    /// The forms that are linked: campaign page and CTA.
    pub linked_ctas: Vec<(usize, Slug)>,
    /// The CTAs of other campaigns that are shown: campaign page, CTA, and the page that shows it.
    pub foreign_ctas: Vec<(usize, Slug, usize)>,
    /// Links to unknown campaigns: id, page and location.
    pub unknown_campaigns: Vec<(String, usize, Span)>,
}

/// A reference to a missing file. A suggestion is added later, because the number of look-ups is limited.
pub struct MissingFile {
    pub diagnostic: Diagnostic,
    /// The index of the page.
    pub page: usize,
    /// As the author wrote it.
    pub path: String,
    /// The help if no file has a similar name.
    pub help: String,
}

impl<'s> References<'s> {
    pub fn new(index: &'s SiteIndex<'s>) -> References<'s> {
        References { index, language: None, found: Found::default() }
    }

    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.found.diagnostics.push(diagnostic);
    }

    /// Returns whether visitors see the page's text, so that warnings about it matter.
    pub fn is_rendered(&self, page: usize) -> bool {
        let state = self.index.pages[page].state;
        state == State::Live || self.index.options.preview && state != State::Ended
    }
}

impl Found {
    /// Returns nothing if nothing was found: a site has two of these for each page.
    pub fn boxed(self) -> Option<Box<Found>> {
        let has_effects = self.reach != Reach::default() || !self.shown.is_empty();
        (has_effects || self.has_problems()).then(|| Box::new(self))
    }

    /// Returns whether there is anything to report.
    pub fn has_problems(&self) -> bool {
        !self.diagnostics.is_empty()
            || !self.missing.is_empty()
            || !self.broken.is_empty()
            || !self.bad_contents.is_empty()
    }
}
