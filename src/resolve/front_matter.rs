//! Resolves what a page's front matter refers to: its image, files, destinations, and the page to visit after its end.

use std::sync::Arc;

use super::destinations;
use super::references::References;
use super::site::{SiteCta, State};
use crate::diagnostics::Diagnostic;
use crate::images::plan::Picture;
use crate::model::cta::Cta;
use crate::model::slug::ById;
use crate::rules::Rule;

/// The targets of a page's front matter.
pub struct FrontTargets {
    pub after_end: Option<usize>,
    pub image: Option<Arc<Picture>>,
    pub ctas: ById<SiteCta>,
}

impl References<'_> {
    /// Resolves the references of a page's front matter.
    pub fn front_matter(&mut self, page: usize) -> FrontTargets {
        self.check_destinations(page);
        let after_end = self.after_end(page);
        let image = self.page_image(page);
        let ctas = &self.index.pages[page].page.front.ctas;
        let ctas = ctas.iter().map(|(id, cta)| (id.clone(), self.cta(page, cta))).collect();
        FrontTargets { after_end, image, ctas }
    }

    fn check_destinations(&mut self, page: usize) {
        let page = &self.index.pages[page].page;
        let config = self.index.config;
        for cta in page.front.ctas.values() {
            self.found.diagnostics.extend(destinations::check(cta, &page.source, config));
        }
    }

    fn after_end(&mut self, page: usize) -> Option<usize> {
        let placed = self.index.pages[page];
        let source = &placed.page.source;
        let after_end = placed.page.front.rare().after_end.as_ref()?;
        let target = self.page_of_file(page, &after_end.value, after_end.span)?;
        if target == page {
            let diagnostic = Diagnostic::error(Rule::BrokenLink, "this campaign points to itself after its end");
            self.report(diagnostic.at(source, after_end.span, "use another page"));
            return None;
        }
        let is_published = self.index.is_published(target);
        if !is_published && placed.state == State::Ended {
            let message = format!("`{}` is not published", after_end.value);
            let diagnostic = Diagnostic::warning(Rule::LinkToUnpublishedPage, message);
            self.report(diagnostic.at(source, after_end.span, "visitors are sent to the home page instead"));
        }
        Some(target).filter(|_| is_published)
    }

    fn cta(&mut self, page: usize, cta: &Cta) -> SiteCta {
        let today = self.index.options.today;
        let file = cta.offering().file().and_then(|file| self.download(page, file, cta.form().is_some()));
        let event = self.event(page, cta);
        let is_over = event.as_ref().is_some_and(|event| event.over.iter().all(|over| *over));
        let expired = is_over || cta.valid_until().is_some_and(|last| last.value.day < today);
        SiteCta { expired, file: file.map(Box::new), event: event.map(Box::new) }
    }
}
