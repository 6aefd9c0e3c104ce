//! Resolves the references of `site.yaml`: the navigation and the logo.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::references::References;
use super::site::Target;
use crate::diagnostics::Diagnostic;
use crate::model::site::NavigationTarget;
use crate::model::site_path::SitePath;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

impl References<'_> {
    /// Returns the target of each entry of the navigation.
    pub fn navigation(&mut self) -> Vec<Target> {
        let config = self.index.config;
        config.navigation.iter().map(|item| self.navigation_target(&config.source, &item.to)).collect()
    }

    /// Returns the path of the site's logo.
    pub fn site_logo(&mut self) -> Option<SitePath> {
        let config = self.index.config;
        let logo = config.organization.as_ref()?.logo.as_ref()?;
        self.logo(&config.source, logo)
    }

    fn navigation_target(&mut self, source: &Arc<SourceText>, to: &NavigationTarget) -> Target {
        let page = match to {
            NavigationTarget::Url(url) => return Target::Web(url.value.url().as_str().into()),
            NavigationTarget::Page(page) => page,
        };
        self.site_page(source, page, "left out of the navigation")
    }

    /// Returns the target of a page that `site.yaml` names from `content/`, optionally with an anchor. `if_unpublished` says
    /// what happens if the page is not published.
    pub fn site_page(
        &mut self,
        source: &Arc<SourceText>,
        page: &Located<String>,
        if_unpublished: &'static str,
    ) -> Target {
        let (file, anchor) = match page.value.split_once('#') {
            Some((file, anchor)) => (file.trim_start_matches('/'), Some(anchor.to_owned())),
            None => (page.value.trim_start_matches('/'), None),
        };
        let Some(index) = self.index.page_in(file) else {
            if !self.index.page_files.is_broken(file) {
                self.report_missing_page(source, page, file);
            }
            return Target::Text;
        };
        if !self.index.is_published(index) {
            let diagnostic = Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`/{file}` is not published"));
            self.report(diagnostic.at(source, page.span, if_unpublished));
            return Target::Text;
        }
        if let Some(diagnostic) = self.missing_anchor(index, anchor.as_deref(), &format!("`{file}`")) {
            self.report(diagnostic.at(source, page.span, "leads to the top of the page"));
        }
        Target::Page { page: index, anchor: anchor.map(Into::into), query: None }
    }

    fn report_missing_page(&mut self, source: &Arc<SourceText>, page: &Located<String>, file: &str) {
        let known: BTreeSet<String> = self.index.page_files.by_file.keys().map(|file| format!("/{file}")).collect();
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no page `/{file}`"))
            .at(source, page.span, "not found below content/")
            .suggest(&format!("/{file}"), known.iter().map(String::as_str));
        self.report(diagnostic.or_help("use another page, or remove the entry"));
    }
}
