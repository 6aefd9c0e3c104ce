//! Replaces one page of a resolved site, for `tagline serve`, when only the page's text was edited.

use std::sync::Arc;

use super::contents::PageContents;
use super::index::SiteIndex;
use super::references::{Found, References};
use super::site::{Site, Target};
use super::theme_names::{ThemeNames, check_blocks};
use crate::load::Sources;
use crate::model::block::shown_ctas;
use crate::model::body::Outline;
use crate::parse::ParsedPage;

/// The former version of a replaced page.
pub struct ReplacedPage {
    index: usize,
    parsed: ParsedPage,
    links: Vec<Target>,
}

/// Replaces a page, and returns its former version. Returns `None`, and changes nothing, if the edit affects more than this
/// page or if there is anything to report. The whole site has to be resolved then.
pub fn replace_text(
    site: &mut Site,
    contents: &mut PageContents,
    page: &ParsedPage,
    sources: &Sources,
    theme: &ThemeNames,
) -> Option<ReplacedPage> {
    let index = site.page_files.page(&page.page.file)?;
    // An edit changes all versions of a page.
    if page.page.front.versions.is_some() || site.pages[index].page.front.versions.is_some() {
        return None;
    }
    let former = former(site, contents, index);
    if !is_alike(&former, page, theme) || !check_blocks(&page.page, &page.outline, theme).is_empty() {
        return None;
    }
    let (_, before) = resolve(site, contents, sources, index);
    put(site, contents, index, page.clone());
    let (targets, after) = resolve(site, contents, sources, index);
    if after.has_problems() || after.reach != before.reach {
        put(site, contents, index, former);
        return None;
    }
    let links = std::mem::replace(&mut site.pages[index].links, targets);
    Some(ReplacedPage { index, parsed: former, links })
}

/// Puts the former version of a page back.
pub fn restore(site: &mut Site, contents: &mut PageContents, former: ReplacedPage) {
    let ReplacedPage { index, parsed, links } = former;
    put(site, contents, index, parsed);
    site.pages[index].links = links;
}

impl ReplacedPage {
    pub fn index(&self) -> usize {
        self.index
    }
}

fn former(site: &Site, contents: &PageContents, index: usize) -> ParsedPage {
    ParsedPage {
        page: Arc::clone(&site.pages[index].page),
        body: contents.bodies[index].clone(),
        outline: Arc::clone(&contents.outlines[index]),
        versions: Vec::new(),
    }
}

fn put(site: &mut Site, contents: &mut PageContents, index: usize, parsed: ParsedPage) {
    let ParsedPage { page, body, outline, versions: _ } = parsed;
    site.pages[index].placed.page = page;
    site.pages[index].headings.clone_from(&outline.headings);
    contents.bodies[index] = body;
    contents.outlines[index] = outline;
}

fn resolve(site: &Site, contents: &PageContents, sources: &Sources, page: usize) -> (Vec<Target>, Found) {
    let index = SiteIndex::of(site, &contents.outlines, sources);
    let mut references = References::new(&index);
    let targets = references.targets(page);
    (targets, references.found)
}

/// Returns whether two versions of a page are the same for all other pages, except for what their links reach.
fn is_alike(before: &ParsedPage, after: &ParsedPage, theme: &ThemeNames) -> bool {
    let offers = |outline: &Outline| shown_ctas(outline, &theme.blocks).map(str::to_owned).collect::<Vec<_>>();
    let (before, after, before_text, after_text) = (&before.page, &after.page, &before.outline, &after.outline);
    !before.broken
        && !after.broken
        && before.front_hash == after.front_hash
        && before_text.anchors == after_text.anchors
        && offers(before_text) == offers(after_text)
        && before_text.raw_html.is_empty() == after_text.raw_html.is_empty()
}
