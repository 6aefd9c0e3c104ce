//! Pages that redirect: short links (`/go/<code>/`), old addresses of pages, and channel pages that no longer exist.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::html::escape::escaped;
use crate::lead_tags::{rooted_share_link, short_path};
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::model::tag;
use crate::model::variant::{Language, Variant, Version};
use crate::register::{IssuedLink, Register, Row};
use crate::resolve::{Site, SitePage};
use crate::scripts::Scripts;
use crate::sink::Sink;

/// Where a redirect leads.
struct Destination<'s> {
    /// The root-relative address.
    target: String,
    /// The absolute address of the landing page.
    canonical: String,
    title: &'s str,
    language: &'s str,
}

/// Writes a page at each old address of a published page, and of its channel pages, whose addresses were shared too.
pub fn aliases(site: &Site, scripts: &Scripts, sink: &dyn Sink) -> anyhow::Result<()> {
    let base_url = &site.config.base_url;
    for (alias, index) in &site.aliases {
        let page = &site.pages[*index];
        if !page.state.is_published(site.options.preview) {
            continue;
        }
        let title = page.page.front.title.value.as_str();
        let to = |path: &SitePath| Destination {
            target: base_url.rooted(path),
            canonical: base_url.absolute(&page.path),
            title,
            language: site.language_tag(page),
        };
        sink.put(alias, redirect(scripts, &to(&page.path)))?;
        for (old, current) in pages_below_alias(site, alias, page) {
            sink.put(&old, redirect(scripts, &to(&current)))?;
        }
    }
    Ok(())
}

/// Writes `/go/<code>/` for every short link ever issued.
pub fn short_links(site: &Site, scripts: &Scripts, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    removed_variants(site, scripts, register, sink)?;
    let links: Vec<IssuedLink> = register.issued_links().collect();
    if links.is_empty() {
        return Ok(());
    }
    // The register has addresses without host and base path.
    let address = |path: &SitePath| format!("/{}", path.as_str());
    let pages = site.pages.iter().map(|page| (address(&page.path), page));
    let aliases = site.aliases.iter().map(|(alias, index)| (address(alias), &site.pages[*index]));
    let by_address: HashMap<String, &SitePage> = aliases.chain(pages).collect();
    // A channel that only other pages count as has lead tags today, but never had a page.
    let offers = site.offers.iter();
    let offered: HashSet<(&Slug, &Slug, Option<&Variant>)> =
        offers.map(|offer| (&offer.campaign, &offer.channel, offer.variant.as_ref())).collect();
    links.par_iter().try_for_each(|link| {
        let html = redirect(scripts, &destination(site, link, &by_address));
        let former =
            former_channel_page(site, link).filter(|_| !offered.contains(&(link.campaign, link.channel, link.variant)));
        if let Some(path) = former {
            sink.put(&path, html.clone())?;
        }
        sink.put(&short_path(link.code), html)
    })
}

/// Returns the channel pages and the thank-you pages below an old address of a page, each with its current address. A form that
/// was open when the page moved leads to one of them.
fn pages_below_alias<'s>(
    site: &'s Site,
    alias: &'s SitePath,
    page: &'s SitePage,
) -> impl Iterator<Item = (SitePath, SitePath)> {
    let is_page = alias.as_str().ends_with('/');
    let channels = site.channel_pages(page).filter(move |_| is_page);
    let forms = page.forms().filter(move |_| is_page).map(|cta| &cta.id.value);
    let thanks = forms.map(|cta| (alias.page("thanks", cta), page.thanks_path(cta)));
    channels.map(|channel| (alias.page("via", channel), page.channel_path(channel))).chain(thanks)
}

/// Writes a page at each address of a language or a version that a page had and has no longer, of its channel pages and of its
/// thank-you pages. People have these addresses, and forms that were open lead there.
fn removed_variants(site: &Site, scripts: &Scripts, register: &Register, sink: &dyn Sink) -> anyhow::Result<()> {
    let base_url = &site.config.base_url;
    // Of a page that has the variant, the address is an earlier one.
    let of_gone = |row: &Row| {
        let original = site.campaign_page(&row.tag.campaign)?;
        site.in_variant(original, row.tag.variant.as_ref()).is_none().then_some(original)
    };
    let of_variants = register.rows().iter().filter(|row| row.tag.variant.is_some());
    let gone: Vec<_> = of_variants.filter_map(|row| Some((row, of_gone(row)?))).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let mut taken: HashSet<SitePath> = site.pages.iter().map(|page| page.path.clone()).collect();
    taken.extend(site.aliases.iter().map(|(alias, _)| alias.clone()));
    let mut written = HashSet::new();
    for (row, original) in gone {
        let path = SitePath::parse(row.landing_page.trim_start_matches('/'));
        let path = path.filter(|path| path.as_str().ends_with('/') && !taken.contains(path));
        let page = &site.pages[without_removed(site, original, row.tag.variant.as_ref())];
        let Some(path) = path.filter(|_| page.state.is_published(site.options.preview)) else { continue };
        let to = |target: String| {
            let canonical = base_url.absolute(&page.path);
            Destination { target, canonical, title: &page.page.front.title.value, language: site.language_tag(page) }
        };
        let (channel, cta) = (&row.tag.channel, &row.tag.cta);
        let of_channel = (path.page("via", channel), rooted_share_link(site, page, channel));
        let of_channel = Some(of_channel).filter(|_| !tag::is_reserved(channel));
        let has_form = page.present_cta(cta).filter(|cta| cta.form().is_some());
        let thanks =
            has_form.map(|cta| (path.page("thanks", &row.tag.cta), base_url.rooted(&page.thanks_path(&cta.id.value))));
        let own = (path, base_url.rooted(&page.path));
        for (path, target) in of_channel.into_iter().chain(thanks).chain([own]) {
            if written.insert(path.clone()) {
                sink.put(&path, redirect(scripts, &to(target)))?;
            }
        }
    }
    Ok(())
}

/// Returns the page that takes the place of a variant: the variant itself, or the page as written in its language, or the
/// original.
fn without_removed(site: &Site, original: usize, variant: Option<&Variant>) -> usize {
    let as_written = || {
        let language = variant.and_then(Variant::language).and_then(Language::parse);
        site.in_variant(original, Variant::of(language.as_ref(), Version::A).as_ref())
    };
    site.in_variant(original, variant).or_else(as_written).unwrap_or(original)
}

/// Returns the path of the channel page that a short link led to, if the campaign no longer runs on the channel. People
/// may have that address too.
fn former_channel_page(site: &Site, link: &IssuedLink) -> Option<SitePath> {
    let page = &site.pages[site.in_variant(site.campaign_page(link.campaign)?, link.variant)?];
    let is_gone =
        page.state.is_published(site.options.preview) && site.channel_pages(page).all(|id| id != link.channel);
    // Under a former id of the campaign, the page was at another address.
    (is_gone && page.campaign.as_ref() == Some(link.campaign)).then(|| page.channel_path(link.channel))
}

/// Returns where a short link leads: to the campaign's page with the channel's parameters, or to the page that replaced
/// it; before the start, to the home page.
fn destination<'s>(site: &'s Site, link: &IssuedLink, by_address: &HashMap<String, &'s SitePage>) -> Destination<'s> {
    let base_url = &site.config.base_url;
    let original = site.campaign_page(link.campaign);
    let in_variant = original.map(|index| without_removed(site, index, link.variant));
    let page = in_variant
        .map(|index| &site.pages[index])
        .or_else(|| by_address.get(link.landing_page).copied())
        .filter(|page| page.state.is_published(site.options.preview));
    match page {
        Some(page) => Destination {
            target: rooted_share_link(site, page, link.channel),
            canonical: base_url.absolute(&page.path),
            title: &page.page.front.title.value,
            language: site.language_tag(page),
        },
        None => {
            let home = SitePath::home();
            Destination {
                target: base_url.rooted(&home),
                canonical: base_url.absolute(&home),
                title: &site.config.title,
                language: &site.config.language.value,
            }
        }
    }
}

/// Returns a page that redirects at once, with a link for browsers that do not. The script keeps the query, so it comes
/// before the refresh, which drops it. `no-referrer` prevents the next page from counting the arrival as a link within the
/// site.
fn redirect(scripts: &Scripts, destination: &Destination) -> Vec<u8> {
    let onward = scripts.onward_tag(&destination.target);
    let target = escaped(&destination.target);
    let (canonical, title) = (escaped(&destination.canonical), escaped(destination.title));
    let language = escaped(destination.language);
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"referrer\" content=\"no-referrer\">{onward}<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"canonical\" href=\"{canonical}\"><meta http-equiv=\"refresh\" content=\"0; url={target}\"></head>\
         <body><main><h1><a href=\"{target}\">{title}</a></h1></main></body></html>\n"
    )
    .into_bytes()
}
