//! Links with the whole address of this site, as copied from an address bar: to a page, a file, or nothing at all.

use super::html_targets::LISTINGS;
use super::references::References;
use super::site::PlacedPage;
use crate::diagnostics::Diagnostic;
use crate::model::address::WebUrl;
use crate::model::body::LinkTarget;
use crate::model::gate::GATED_FOLDER;
use crate::model::site_path::THEME_FOLDER;
use crate::rules::Rule;

/// What an address of this site leads to.
enum OwnTarget {
    /// A published page, by its index.
    Page(usize),
    /// A file, as an author writes it.
    File(String),
    /// Something that Tagline writes, which has no other address.
    Generated,
    Missing,
}

impl References<'_> {
    /// Reports a link whose address begins with the site's own, with what to write instead. Returns whether it is one.
    pub fn check_own_address(&mut self, page: usize, link: &LinkTarget, url: &WebUrl) -> bool {
        let Some(path) = self.path_on_this_site(url) else { return false };
        // Nobody publishes a site at these hosts (RFC 2606): links there are examples too.
        if matches!(url.host(), "example.com" | "example.net" | "example.org") {
            return false;
        }
        if self.is_rendered(page)
            && let Some(diagnostic) = self.own_address(page, link, url, &path)
        {
            self.report(diagnostic);
        }
        true
    }

    fn own_address(&mut self, page: usize, link: &LinkTarget, url: &WebUrl, path: &str) -> Option<Diagnostic> {
        let source = &self.index.pages[page].page.source;
        let warning = |message: &str, label: &str| {
            Diagnostic::warning(Rule::AbsoluteInternalLink, message).at(source, link.span, label)
        };
        match self.own_target(path) {
            OwnTarget::Generated => None,
            OwnTarget::Missing => {
                let message = format!("no page or file `/{path}` on this site");
                let help = match self.index.page_in(path) {
                    Some(_) => format!("write `/{path}`"),
                    None => "link to a page by its file, as in `/offer.md`".to_owned(),
                };
                Some(warning(&message, "not found").help(help))
            }
            // `utm_*` on links within the site has a rule of its own.
            _ if url.url().query_pairs().any(|(name, _)| name.starts_with("utm_")) => None,
            OwnTarget::Page(target) => {
                let file = &self.index.pages[target].page.file;
                let anchor = url.url().fragment().filter(|anchor| !anchor.is_empty());
                if let Some(diagnostic) = self.missing_anchor(target, anchor, &format!("`{file}`")) {
                    return Some(diagnostic.at(source, link.span, "leads to the top of the page"));
                }
                let query = url.url().query().map(|query| format!("?{query}")).unwrap_or_default();
                let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let message = "this is the whole address of a page of this site";
                Some(warning(message, "breaks when the page moves").help(format!("write `/{file}{query}{anchor}`")))
            }
            OwnTarget::File(file) => {
                let message = "this is the whole address of a file of this site";
                Some(warning(message, "breaks when the file moves").help(format!("write `{file}`")))
            }
        }
    }

    /// Returns the decoded path of an address below `base_url`, without a slash in front.
    fn path_on_this_site(&self, url: &WebUrl) -> Option<String> {
        let base = &self.index.config.base_url;
        let below = url.url().path().strip_prefix(base.path()).filter(|_| base.same_host(url.url()))?;
        let decoded = percent_encoding::percent_decode_str(below).decode_utf8().ok()?;
        Some(decoded.trim_start_matches('/').to_owned())
    }

    fn own_target(&self, path: &str) -> OwnTarget {
        let folder = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
        let with_slash = |folder: &str| if folder.is_empty() { String::new() } else { format!("{folder}/") };
        if let Some(target) = self.index.page_at(&with_slash(folder)) {
            return match self.index.is_published(target.index) {
                true => OwnTarget::Page(target.index),
                false => OwnTarget::Missing,
            };
        }
        if let Some((file, _)) = self.index.static_file(path).or_else(|| self.index.asset(path)) {
            return OwnTarget::File(format!("/{file}"));
        }
        let is_below = |folder: &str| path.split('/').next() == Some(folder);
        let is_listing = LISTINGS.contains(&path)
            || path == "404.html"
            || ["go", THEME_FOLDER, GATED_FOLDER].into_iter().any(is_below);
        // Channel pages and thank-you pages are below their page.
        let is_below_page = path.match_indices('/').any(|(at, _)| {
            let below = path[at + 1..].split('/').next().unwrap_or_default();
            matches!(below, "via" | "thanks") && self.index.page_at(&path[..=at]).is_some()
        });
        match is_listing || is_below_page {
            true => OwnTarget::Generated,
            false => self.page_with_alias(folder).map_or(OwnTarget::Missing, OwnTarget::Page),
        }
    }

    fn page_with_alias(&self, address: &str) -> Option<usize> {
        let has_alias = |page: &&&PlacedPage| {
            page.page.front.rare().aliases.iter().any(|alias| alias.value.trim_matches('/') == address)
        };
        self.index.pages.iter().find(has_alias).map(|page| page.index)
    }
}
