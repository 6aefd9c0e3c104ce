//! Addresses in raw HTML that are those of the built site: `/offer/`, `../img/team.png`. In Markdown, authors name files.

use super::addresses::joined;
use super::references::References;
use crate::model::body::LinkTarget;
use crate::model::site_path::SitePath;

/// The listings that Tagline writes.
pub const LISTINGS: [&str; 3] = ["feed.xml", "sitemap.xml", "robots.txt"];

/// What an address of the built site leads to.
pub enum HtmlTarget {
    /// A published page, by its index.
    Page(usize),
    /// A file of `static/`, or a listing.
    File(SitePath),
}

impl References<'_> {
    /// Returns what an address in raw HTML leads to, as browsers resolve it from the page's own address.
    pub fn html_target(&self, page: usize, link: &LinkTarget, path: &str) -> Option<HtmlTarget> {
        if !link.is_in_html {
            return None;
        }
        let address = self.site_address(page, path)?;
        let folder = match address.strip_suffix("index.html") {
            Some(folder) => folder.to_owned(),
            None if address.is_empty() => String::new(),
            None => format!("{address}/"),
        };
        if let Some(target) = self.index.page_at(&folder).filter(|_| !link.is_image) {
            return self.index.is_published(target.index).then_some(HtmlTarget::Page(target.index));
        }
        let is_file = self.index.static_file(&address).is_some() || LISTINGS.contains(&&*address) && !link.is_image;
        is_file.then(|| SitePath::parse(&address)).flatten().map(HtmlTarget::File)
    }

    /// Returns the path below the site's address, without a slash at its ends.
    fn site_address(&self, page: usize, path: &str) -> Option<String> {
        let own = format!("{}index.html", self.index.pages[page].path.as_str());
        let address = joined(&own, path)?;
        let base = self.index.config.base_url.path().trim_matches('/');
        let below_base = address.strip_prefix(base).filter(|_| path.starts_with('/') && !base.is_empty());
        Some(below_base.map_or(address.as_str(), |below| below.trim_start_matches('/')).to_owned())
    }
}
