//! Resolves the references of `site.yaml`: its links, the logo and the icon.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::references::References;
use super::site::{AfterPath, Icon, LanguageTargets, Target};
use crate::diagnostics::Diagnostic;
use crate::model::site::{LinkTarget, SiteLink};
use crate::model::site_path::SitePath;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

impl References<'_> {
    /// Returns the targets of the links of `site.yaml` in its main language: those of the menu, then those of the footer, then
    /// that of the announcement.
    pub fn site_links(&mut self) -> Vec<Target> {
        let config = self.index.config;
        let links = config.navigation.iter().chain(config.footer.links());
        let mut targets: Vec<Target> = links.map(|link| self.site_link(&config.source, &link.to)).collect();
        let announced = config.announcement.iter().filter_map(|announcement| announcement.link.as_ref());
        targets.extend(announced.map(|link| self.announced(&config.source, &link.to)));
        targets
    }

    /// Returns what every page shows in each language of `languages`.
    pub fn languages(&mut self) -> Vec<LanguageTargets> {
        let config = self.index.config;
        let targets = config.languages.iter().map(|language| {
            self.language = Some(language.language.as_str());
            let menu = config.navigation_in(Some(language)).iter().collect();
            let mut links = self.links_in_language(menu, language.navigation.is_some());
            let footer = config.footer_in(Some(language)).links().collect();
            links.extend(self.links_in_language(footer, language.footer.is_some()));
            let announcement =
                config.announcement_in(Some(language)).and_then(|announcement| announcement.link.as_ref());
            links.extend(self.links_in_language(announcement.into_iter().collect(), language.announcement.is_some()));
            let reported = self.found.diagnostics.len();
            let consents = self.consents(Some(language));
            if language.consents.is_empty() {
                self.found.diagnostics.truncate(reported);
            }
            LanguageTargets { links, consents }
        });
        let targets = targets.collect();
        self.language = None;
        targets
    }

    /// Returns the targets of links. What is wrong with those of the main language is reported there.
    fn links_in_language(&mut self, links: Vec<&SiteLink>, is_own: bool) -> Vec<Target> {
        let source = &self.index.config.source;
        let reported = self.found.diagnostics.len();
        let targets = links.into_iter().map(|link| self.site_link(source, &link.to)).collect();
        if !is_own {
            self.found.diagnostics.truncate(reported);
        }
        targets
    }

    /// Returns the path of the site's logo.
    pub fn site_logo(&mut self) -> Option<SitePath> {
        let config = self.index.config;
        let logo = config.organization.as_ref()?.logo.as_ref()?;
        self.logo(&config.source, logo)
    }

    /// Returns the site's own icon.
    pub fn site_icon(&mut self) -> Option<Icon> {
        let config = self.index.config;
        let icon = config.organization.as_ref()?.icon.as_ref()?;
        self.icon(&config.source, icon)
    }

    fn announced(&mut self, source: &Arc<SourceText>, to: &LinkTarget) -> Target {
        match to {
            LinkTarget::Url(_) => self.site_link(source, to),
            LinkTarget::Page(page) => self.site_page(source, page, "until then there is no announcement"),
        }
    }

    fn site_link(&mut self, source: &Arc<SourceText>, to: &LinkTarget) -> Target {
        let page = match to {
            LinkTarget::Url(url) => return Target::Web(url.value.url().as_str().into()),
            LinkTarget::Page(page) => page,
        };
        self.site_page(source, page, "this link is left out")
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
        let index = self.index.in_language(self.language, index);
        if !self.index.is_published(index) {
            let diagnostic = Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`/{file}` is not published"));
            self.report(diagnostic.at(source, page.span, if_unpublished));
            return Target::Text;
        }
        if let Some(diagnostic) = self.missing_anchor(index, anchor.as_deref(), &format!("`{file}`")) {
            self.report(diagnostic.at(source, page.span, "leads to the top of the page"));
        }
        Target::Page { page: index, after: AfterPath::new(None, anchor) }
    }

    fn report_missing_page(&mut self, source: &Arc<SourceText>, page: &Located<String>, file: &str) {
        let known: BTreeSet<String> = self.index.page_files.by_file.keys().map(|file| format!("/{file}")).collect();
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no page `/{file}`"))
            .at(source, page.span, "not found below content/")
            .suggest(&format!("/{file}"), known.iter().map(String::as_str));
        self.report(diagnostic.or_help("use another page, or remove the link"));
    }
}
