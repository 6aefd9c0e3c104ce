//! The files that a site has once: short links, aliases, sitemap, robots, feed, and files as they are.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use rayon::prelude::*;

use crate::html::escape::escaped;
use crate::lead_tags::{rooted_share_link, short_path};
use crate::model::address::SitePath;
use crate::model::slug::Slug;
use crate::register::{IssuedLink, Register};
use crate::resolve::{Site, SitePage, State};
use crate::scripts::Scripts;
use crate::sink::Sink;
use crate::theme::Theme;

pub fn write(site: &Site, theme: &Theme, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    files(site, theme, sink)?;
    made_of_all_pages(site, register, sink)
}

/// The files that pages load or link to: scripts, those of the theme, those beside pages, and `static/`.
pub fn files(site: &Site, theme: &Theme, sink: &dyn Sink) -> anyhow::Result<()> {
    for (path, bytes) in Scripts::of(site).files() {
        sink.put(path, bytes.to_vec())?;
    }
    for (path, bytes) in &theme.assets {
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

/// What is made of all pages together: short links, old addresses, the sitemap, the file for robots, the feed.
pub fn made_of_all_pages(site: &Site, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    let scripts = Scripts::of(site);
    short_links(site, &scripts, register, sink)?;
    aliases(site, &scripts, sink)?;
    sink.put(&SitePath::fixed("sitemap.xml"), sitemap(site).into_bytes())?;
    sink.put(&SitePath::fixed("robots.txt"), robots(site).into_bytes())?;
    sink.put(&SitePath::fixed("feed.xml"), feed(site).into_bytes())
}

/// Old addresses lead to the new ones: those of the landing page, and of the channel pages below it, which
/// were handed out.
fn aliases(site: &Site, scripts: &Scripts, sink: &dyn Sink) -> anyhow::Result<()> {
    let base_url = &site.config.base_url;
    for (alias, index) in &site.aliases {
        let page = &site.pages[*index];
        if !page.state.is_published(site.options.preview) {
            continue;
        }
        let title = page.page.front.title.value.as_str();
        let canonical = base_url.absolute(&page.path);
        sink.put(alias, redirect(site, scripts, &base_url.rooted(&page.path), &canonical, title))?;
        for (from, to) in page_aliases(site, alias, page) {
            sink.put(&from, redirect(site, scripts, &base_url.rooted(&to), &canonical, title))?;
        }
    }
    Ok(())
}

/// The channel pages below an old address of a page, each with its present address.
fn page_aliases<'s>(
    site: &'s Site,
    alias: &'s SitePath,
    page: &'s SitePage,
) -> impl Iterator<Item = (SitePath, SitePath)> {
    let is_page = alias.as_str().ends_with('/');
    let channels = site.channel_pages(page).filter(move |_| is_page);
    channels.map(|channel| (alias.page(&format!("via/{channel}")), page.channel_path(channel)))
}

/// `/go/<code>/` for every link that was ever handed out.
fn short_links(site: &Site, scripts: &Scripts, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    // As the register writes them, without host and base path.
    let address = |path: &SitePath| format!("/{}", path.as_str());
    let pages = site.pages.iter().map(|page| (address(&page.path), page));
    let aliases = site.aliases.iter().map(|(alias, index)| (address(alias), &site.pages[*index]));
    let by_address: HashMap<String, &SitePage> = aliases.chain(pages).collect();
    // A channel that only other pages count as has lead tags today and never had a page.
    let offered: HashSet<(&Slug, &Slug)> = site.offers.iter().map(|offer| (&offer.campaign, &offer.channel)).collect();
    let links: Vec<IssuedLink> = register.issued_links().collect();
    links.par_iter().try_for_each(|link| {
        let (target, canonical, title) = destination(site, link, &by_address);
        let path = short_path(link.code);
        sink.put(&path, redirect(site, scripts, &target, &canonical, title))?;
        match former_channel_page(site, link).filter(|_| !offered.contains(&(link.campaign, link.channel))) {
            Some(path) => sink.put(&path, redirect(site, scripts, &target, &canonical, title)),
            None => Ok(()),
        }
    })
}

/// Where the channel page of a link lay whose campaign does not run on that channel any more: people have
/// its long address, too.
fn former_channel_page(site: &Site, link: &IssuedLink) -> Option<SitePath> {
    let page = &site.pages[site.campaign_page(link.campaign)?];
    let gone = page.state.is_published(site.options.preview) && site.channel_pages(page).all(|id| id != link.channel);
    // A former id of the campaign had its pages at a former address.
    (gone && page.campaign.as_ref() == Some(link.campaign)).then(|| page.channel_path(link.channel))
}

/// Where a short link leads: to its channel page with the channel's parameters; home before the start; to
/// what took its place after removal.
fn destination<'s>(
    site: &'s Site,
    link: &IssuedLink,
    by_address: &HashMap<String, &'s SitePage>,
) -> (String, String, &'s str) {
    let base_url = &site.config.base_url;
    let running = site.campaign_page(link.campaign).map(|index| &site.pages[index]);
    let page = running
        .or_else(|| by_address.get(link.landing_page).copied())
        .filter(|page| page.state.is_published(site.options.preview));
    let Some(page) = page else {
        let home = SitePath::home();
        return (base_url.rooted(&home), base_url.absolute(&home), &site.config.title);
    };
    let canonical = base_url.absolute(&page.path);
    let title = page.page.front.title.value.as_str();
    (rooted_share_link(site, page, link.channel), canonical, title)
}

/// A page that sends browsers on at once, and people who are not sent by a link. The script takes the query along; it
/// stands before the refresh, which would not. The page that follows is told nothing of this one, so that it does not
/// take an arrival for a link within the site.
fn redirect(site: &Site, scripts: &Scripts, target: &str, canonical: &str, title: &str) -> Vec<u8> {
    let onward = scripts.onward_tag(target);
    let (target, canonical, title) = (escaped(target), escaped(canonical), escaped(title));
    let language = escaped(&site.config.language.value);
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" content=\"no-referrer\">{onward}<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"canonical\" href=\"{canonical}\"><meta http-equiv=\"refresh\" content=\"0; url={target}\"></head>\
         <body><main><h1><a href=\"{target}\">{title}</a></h1></main></body></html>\n"
    )
    .into_bytes()
}

fn sitemap(site: &Site) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let indexed = site.pages.iter().filter(|page| page.state == State::Live && !site.options.preview);
    for page in indexed {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "<url><loc>{}</loc></url>", escaped(&site.config.base_url.absolute(&page.path)));
    }
    xml.push_str("</urlset>\n");
    xml
}

fn robots(site: &Site) -> String {
    if site.options.preview {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", site.config.base_url.absolute(&SitePath::fixed("sitemap.xml")))
}

/// The articles as an Atom feed (RFC 4287), newest first. A date without a time is the day's first minute
/// in the site's time zone.
fn feed(site: &Site) -> String {
    let base_url = &site.config.base_url;
    let own = escaped(&base_url.absolute(&SitePath::fixed("feed.xml")));
    let home = escaped(&base_url.absolute(&SitePath::home()));
    let mut articles: Vec<_> = site
        .published()
        .filter(|(_, page)| page.layout == "article" && page.state == State::Live)
        .filter_map(|(_, page)| Some((page.page.front.date?, page)))
        .collect();
    articles.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
    let moment = |when: crate::model::date::When| {
        let time = when.time.unwrap_or(jiff::civil::Time::midnight());
        let zoned = when.day.to_datetime(time).to_zoned(site.config.timezone.clone());
        zoned.map(|zoned| zoned.timestamp().to_string()).unwrap_or_else(|_| format!("{}T00:00:00Z", when.day))
    };
    let updated = articles.first().map_or_else(|| "2000-01-01T00:00:00Z".to_owned(), |(date, _)| moment(*date));
    let author = site.config.organization.as_ref().map_or(&site.config.title, |organization| &organization.name);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{home}</id>\n<link href=\"{home}\"/>\n<link rel=\"self\" href=\"{own}\"/>\n<updated>{updated}</updated>\n<author><name>{}</name></author>\n",
        escaped(&site.config.language.value),
        escaped(&site.config.title),
        escaped(author)
    );
    for (date, page) in articles {
        let front = &page.page.front;
        let url = escaped(&base_url.absolute(&page.path));
        let author = front
            .author
            .as_ref()
            .map(|author| format!("<author><name>{}</name></author>\n", escaped(author)))
            .unwrap_or_default();
        let summary =
            front.summary().map(|summary| format!("<summary>{}</summary>\n", escaped(summary))).unwrap_or_default();
        let _ = write!(
            xml,
            "<entry>\n<title>{}</title>\n<id>{url}</id>\n<link href=\"{url}\"/>\n<updated>{}</updated>\n{author}{summary}</entry>\n",
            escaped(&front.title.value),
            moment(date)
        );
    }
    xml.push_str("</feed>\n");
    xml
}
