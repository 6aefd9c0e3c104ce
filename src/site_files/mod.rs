//! The files of a site that are not pages: those that pages load or link to, and those made from all pages together.

mod calendars;
mod feed;
mod redirects;
mod robots;
mod sitemap;
mod xml;

use crate::model::site_path::SitePath;
use crate::register::Register;
use crate::resolve::Site;
use crate::scripts::Scripts;
use crate::sink::Sink;
use crate::theme::Theme;

/// Writes all files that are not pages.
pub fn write(site: &Site, theme: &Theme, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    assets(site, theme, sink)?;
    from_all_pages(site, register, sink)
}

/// Writes the files that pages load or link to: scripts, the theme's files, the files beside pages, and `static/`.
pub fn assets(site: &Site, theme: &Theme, sink: &dyn Sink) -> anyhow::Result<()> {
    for (path, bytes) in Scripts::of(site).files() {
        sink.put(path, bytes.to_vec())?;
    }
    let pages = site.published().map(|(_, page)| &*page.page);
    for (path, bytes) in theme.published_assets(&site.config, pages) {
        sink.put(path, bytes.clone())?;
    }
    for (path, asset) in &site.files {
        sink.copy(path, &asset.absolute)?;
    }
    for (path, making) in &site.pictures.files {
        sink.put_image(path, making)?;
    }
    for (path, from) in &site.static_files {
        sink.copy(path, from)?;
    }
    Ok(())
}

/// Writes the files that are made from all pages together: redirects, calendar files, sitemap, `robots.txt`, and a feed for
/// each language.
pub fn from_all_pages(site: &Site, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    let scripts = Scripts::of(site);
    redirects::short_links(site, &scripts, register, sink)?;
    redirects::aliases(site, &scripts, sink)?;
    calendars::write(site, register, sink)?;
    sink.put(&SitePath::fixed("sitemap.xml"), sitemap::sitemap(site)?)?;
    if !site.has_static_file("robots.txt") {
        sink.put(&SitePath::fixed("robots.txt"), robots::robots(site).into_bytes())?;
    }
    for language in std::iter::once(None).chain(site.config.languages.iter().map(Some)) {
        if let Some(path) = feed::path(language) {
            sink.put(&path, feed::feed(site, language)?)?;
        }
    }
    Ok(())
}
