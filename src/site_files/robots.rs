//! `robots.txt`: lets search engines index the site and names the sitemap. A preview is closed to them.

use crate::model::site_path::SitePath;
use crate::resolve::Site;

pub fn robots(site: &Site) -> String {
    if site.options.preview {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let sitemap = site.config.base_url.absolute(&SitePath::fixed("sitemap.xml"));
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
}
