//! Gives parsed pages their addresses, states, layouts and campaign ids.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::addresses;
use super::campaigns::{Campaigns, NewPage};
use super::site::{PageFiles, PlacedPage, State, Variants};
use crate::body_store::StoredBody;
use crate::diagnostics::Diagnostic;
use crate::model::body::Outline;
use crate::model::page::Page;
use crate::model::site_path::SitePath;
use crate::model::variant::{Variant, Version};
use crate::parse::{Parsed, ParsedPage};

/// The pages of a site, and their texts by page index.
pub struct Placed {
    pub pages: Vec<PlacedPage>,
    pub bodies: Vec<StoredBody>,
    pub outlines: Vec<Arc<Outline>>,
    pub page_files: PageFiles,
    pub campaigns: Campaigns,
    pub variants: Variants,
    /// Some page could not be read completely.
    pub is_partly_read: bool,
}

/// Places pages. Pages without an address are left out.
pub fn place(parsed: Vec<Parsed>, today: Date, diagnostics: &mut Vec<Diagnostic>) -> Placed {
    let paths: Vec<_> = parsed.par_iter().map(|parsed| parsed.page().map(addresses::page_path)).collect();
    let mut placed = Placed {
        pages: Vec::with_capacity(parsed.len()),
        bodies: Vec::with_capacity(parsed.len()),
        outlines: Vec::with_capacity(parsed.len()),
        page_files: PageFiles { by_file: HashMap::with_capacity(parsed.len()), ..PageFiles::default() },
        campaigns: Campaigns::default(),
        variants: Variants::new(),
        is_partly_read: false,
    };
    for (parsed, path) in parsed.into_iter().zip(paths) {
        let (ParsedPage { page, body, outline, versions }, path) = match (parsed, path) {
            (Parsed::Page(page), Some(path)) => (page, path),
            (parsed, _) => {
                let file = parsed.file().to_owned();
                placed.page_files.broken.insert(file);
                continue;
            }
        };
        let path = match path {
            Ok(path) => path,
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                placed.page_files.broken.insert(page.file.clone());
                continue;
            }
        };
        let index = placed.pages.len();
        placed.page_files.by_file.insert(page.file.clone(), index);
        let campaign = match &page.translation {
            None => placed.campaigns.add(&NewPage { page: &page, path: &path }, &placed.pages, diagnostics),
            // That of the original.
            Some(_) => None,
        };
        let (state, layout) = (state(&page, today), layout_of(&page));
        let versions: Vec<_> =
            versions.into_iter().map(|version| (version_path(&path, version.page.version), version)).collect();
        placed.pages.push(PlacedPage { index, page, path, state, layout, campaign, variant_of: None });
        placed.bodies.push(body);
        placed.outlines.push(outline);
        for (path, ParsedPage { page, body, outline, .. }) in versions {
            let (index, layout) = (placed.pages.len(), layout_of(&page));
            placed.pages.push(PlacedPage { index, page, path, state, layout, campaign: None, variant_of: None });
            placed.bodies.push(body);
            placed.outlines.push(outline);
        }
    }
    add_variants(&mut placed);
    placed.campaigns.add_former_ids(&placed.pages, diagnostics);
    placed.is_partly_read = !placed.page_files.broken.is_empty() || placed.pages.iter().any(|page| page.page.broken);
    placed
}

/// Returns the path of a version of a page: `spring-hiring/v/b/`.
pub fn version_path(path: &SitePath, version: Version) -> SitePath {
    path.page("v", &version)
}

/// Gives translations and versions the campaign of their original, and lists them. The translation of a draft is a draft.
fn add_variants(placed: &mut Placed) {
    for index in 0..placed.pages.len() {
        let page = &placed.pages[index].page;
        let translation = page.translation.as_deref();
        let Some(variant) = Variant::of(translation.map(|translation| &translation.language), page.version) else {
            continue;
        };
        let file = translation.map_or(&*page.file, |translation| &translation.original);
        let Some(original) = placed.page_files.page(file) else { continue };
        let PlacedPage { campaign, state, .. } = &placed.pages[original];
        let (campaign, is_draft) = (campaign.clone(), *state == State::Draft);
        placed.variants.entry(original).or_default().push((variant.clone(), index));
        let page = &mut placed.pages[index];
        page.campaign = campaign;
        page.variant_of = Some((variant, original));
        if is_draft {
            page.state = State::Draft;
        }
    }
}

/// Returns for each page the nearest published page above it.
pub fn pages_above(pages: &[PlacedPage], preview: bool) -> Vec<Option<usize>> {
    let published: HashMap<&str, usize> = pages
        .iter()
        .filter(|page| page.state.is_published(preview))
        .map(|page| (page.path.as_str(), page.index))
        .collect();
    let above = |page: &PlacedPage| nearest_above(as_written(pages, page).path.as_str(), &published);
    pages.par_iter().map(above).collect()
}

/// Returns the page that a page is a version of, in its language; a page as written is its own.
fn as_written<'p>(pages: &'p [PlacedPage], page: &'p PlacedPage) -> &'p PlacedPage {
    // The versions of a page follow it.
    let first = page.index - pages[..=page.index].iter().rev().take_while(|it| it.page.version != Version::A).count();
    &pages[first]
}

fn nearest_above(path: &str, published: &HashMap<&str, usize>) -> Option<usize> {
    let mut path = path;
    while let Some(folder) = path.strip_suffix('/') {
        path = &path[..folder.rfind('/').map_or(0, |slash| slash + 1)];
        if let Some(&above) = published.get(path) {
            return Some(above);
        }
    }
    None
}

fn layout_of(page: &Page) -> String {
    match &page.front.rare().layout {
        Some(layout) => layout.value.to_string(),
        None if page.front.ctas.is_empty() => "page".to_owned(),
        None => "landing".to_owned(),
    }
}

fn state(page: &Page, today: Date) -> State {
    let front = &page.front;
    match () {
        () if front.draft => State::Draft,
        // The unreadable part may be its dates. The site is not rendered anyway.
        () if page.broken => State::Live,
        () if front.starts.is_some_and(|starts| starts.value.day > today) => State::Scheduled,
        () if front.ends.is_some_and(|ends| ends.value.day < today) => State::Ended,
        () => State::Live,
    }
}
