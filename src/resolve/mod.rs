//! From parsed pages to a [`Site`]: addresses, states on a day, and the target of every link, image and call to action.

mod addresses;
mod block_attributes;
mod campaigns;
mod channels;
mod composed_names;
mod consents;
mod contents;
mod destinations;
mod events;
mod figures;
mod files;
mod forms;
mod front_matter;
mod html_targets;
mod index;
mod links;
mod missing;
mod offers;
mod output_paths;
mod own_addresses;
mod place;
mod private_files;
mod providers;
mod published_files;
mod references;
mod replace;
mod robots_txt;
mod site;
mod site_links;
mod site_references;
mod theme_names;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use self::front_matter::FrontTargets;
use self::index::SiteIndex;
use self::place::Placed;
use self::references::References;
use self::site_references::SiteReferences;
use crate::diagnostics::Diagnostic;
use crate::load::Sources;
use crate::model::block::DeclaredBlocks;
use crate::model::body::Outline;
use crate::model::page::{Page, Translation};
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::parse::Parsed;
use crate::parse::merge::INHERITED;

pub use self::addresses::{file_path, hashed_name, joined, page_path};
pub use self::composed_names::are_same_letters;
pub use self::contents::PageContents;
pub use self::events::days_after;
pub use self::replace::{ReplacedPage, replace_text, restore};
pub use self::site::{
    AfterPath, ConsentText, Icon, IconFiles, LanguageTargets, Options, PageFiles, PlacedPage, PublishedFile, Site,
    SiteCta, SiteEvent, SitePage, State, Target, Variants,
};
pub use self::theme_names::ThemeNames;

/// Resolves a whole site, as far as it could be read.
pub fn site(
    config: Arc<SiteConfig>,
    parsed: Vec<Parsed>,
    sources: &Sources,
    theme: &ThemeNames,
    options: Options,
) -> (Site, PageContents, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let placed = place::place(parsed, options.today, &mut diagnostics);
    diagnostics.extend(theme_names::check(&placed, theme));
    diagnostics.extend(channels::check(&placed.pages, &config));
    diagnostics.extend(providers::check(&placed.pages, &config));
    let index = SiteIndex::of_placed(&placed, &config, &options, sources);
    let mut references = SiteReferences::default();
    let targets = resolve_pages(&index, &mut references);
    diagnostics.extend(references.unknown_campaigns(&index));
    let ConfigTargets { links, logo, icon, consents, languages } = resolve_config(&index, &mut references);
    let (offers, claimed) = rayon::join(
        || offers::offers(&placed, &references.foreign_ctas),
        || output_paths::claim(&index, &placed.pages, &references),
    );
    diagnostics.extend(references.open_gated_files(&index));
    diagnostics.extend(private_files::private_files(sources, &references));
    diagnostics.extend(private_files::positions_in_static(sources));
    diagnostics.extend(published_files::bad_contents(sources, &references));
    diagnostics.extend(published_files::unsafe_names(sources, &references));
    let preview = options.preview;
    diagnostics.extend(published_files::robots(sources, &config, preview));
    diagnostics.extend(published_files::hidden_site(sources, preview));
    diagnostics.append(&mut references.diagnostics);
    diagnostics.extend(claimed.diagnostics);
    drop_inherited(placed.pages.iter().map(|page| &*page.page), &mut diagnostics);
    let figures = figures::read(sources, &mut diagnostics);
    let next_change = offers::next_change(&placed.pages, &config, &options);
    let active_channels = channels::active(&placed.pages, &config, &options);
    let Placed { pages, bodies, outlines, page_files, campaigns, variants, is_partly_read } = placed;
    let site = Site {
        pages: site_pages(pages, targets, &references, &outlines, &theme.blocks, preview),
        config,
        options,
        page_files,
        campaigns: campaigns.by_id,
        former_campaigns: campaigns.by_former_id,
        variants,
        offers,
        shown_elsewhere: offers::by_showing_page(references.foreign_ctas),
        files: references.files,
        pictures: references.pictures,
        static_files: static_files(sources, preview),
        html_files: sources.html_files.clone(),
        logo,
        icon,
        links,
        consents,
        languages,
        aliases: claimed.aliases,
        next_change,
        active_channels,
        is_partly_read,
        figures,
    };
    (site, PageContents { bodies, outlines }, diagnostics)
}

/// Drops the problems of values that translations have from their originals, if they are reported there.
pub fn drop_inherited<'p>(pages: impl Iterator<Item = &'p Page>, diagnostics: &mut Vec<Diagnostic>) {
    let of_translation = |page: &'p Page| Some((page.source.path.as_str(), page.translation.as_deref()?));
    let originals: HashMap<&str, &Translation> = pages.filter_map(of_translation).collect();
    if originals.is_empty() {
        return;
    }
    let is_repeated: Vec<bool> = diagnostics
        .iter()
        .map(|diagnostic| {
            let inherited = diagnostic.labels.first().filter(|label| label.span == INHERITED);
            let Some(translation) = inherited.and_then(|label| originals.get(label.source.path.as_str())) else {
                return false;
            };
            let original = format!("content/{}", translation.original);
            let is_same = |other: &Diagnostic| {
                (other.rule, &other.message) == (diagnostic.rule, &diagnostic.message)
                    && other.files().any(|file| file == original)
            };
            diagnostics.iter().any(is_same)
        })
        .collect();
    let mut repeated = is_repeated.into_iter();
    diagnostics.retain(|_| repeated.next() != Some(true));
}

/// How many pages per thread are resolved at once. What was found takes half as much memory as the pages, until it is added.
const PAGES_PER_THREAD: usize = 512;

/// The targets of the references of pages, by page index.
struct PageTargets {
    fronts: Vec<FrontTargets>,
    links: Vec<Vec<Target>>,
}

/// Resolves all pages in parallel. What their front matter refers to counts before what their texts refer to.
fn resolve_pages(index: &SiteIndex, references: &mut SiteReferences) -> PageTargets {
    PageTargets {
        fronts: of_each_page(index, references, |of_page, page| of_page.front_matter(page)),
        links: of_each_page(index, references, |of_page, page| of_page.targets(page)),
    }
}

/// Resolves some references of each page, and adds what was found in the order of pages.
fn of_each_page<T: Send>(
    index: &SiteIndex,
    references: &mut SiteReferences,
    resolve: impl Fn(&mut References, usize) -> T + Sync,
) -> Vec<T> {
    let count = index.pages.len();
    let at_once = PAGES_PER_THREAD * rayon::current_num_threads();
    let mut targets = Vec::with_capacity(count);
    for first in (0..count).step_by(at_once) {
        let resolved = (first..count.min(first + at_once)).into_par_iter().map(|page| {
            let mut of_page = References::new(index);
            let targets = resolve(&mut of_page, page);
            (targets, of_page.found.boxed())
        });
        for (of_page, found) in resolved.collect::<Vec<_>>() {
            if let Some(found) = found {
                references.add(index, *found);
            }
            targets.push(of_page);
        }
    }
    targets
}

/// The targets of the references of `site.yaml`.
struct ConfigTargets {
    links: Vec<Target>,
    logo: Option<SitePath>,
    icon: Option<Icon>,
    consents: Vec<ConsentText>,
    languages: Vec<LanguageTargets>,
}

fn resolve_config(index: &SiteIndex, references: &mut SiteReferences) -> ConfigTargets {
    let mut of_site = References::new(index);
    let targets = ConfigTargets {
        links: of_site.site_links(),
        logo: of_site.site_logo(),
        icon: of_site.site_icon(),
        consents: of_site.consents(None),
        languages: of_site.languages(),
    };
    references.add(index, of_site.found);
    targets
}

fn site_pages(
    placed: Vec<PlacedPage>,
    targets: PageTargets,
    references: &SiteReferences,
    outlines: &[Arc<Outline>],
    blocks: &DeclaredBlocks,
    preview: bool,
) -> Vec<SitePage> {
    let above = place::pages_above(&placed, preview);
    let forms_at_end = placed.par_iter().map(|page| references.forms_at_end(page, outlines, blocks));
    let forms_at_end: Vec<Vec<Slug>> = forms_at_end.collect();
    let targets = targets.fronts.into_par_iter().zip(targets.links);
    let parts = placed.into_par_iter().zip(targets).zip(above).zip(forms_at_end);
    let pages = parts.map(|(((placed, (front, links)), above), forms_at_end)| {
        let FrontTargets { after_end, image, ctas } = front;
        let headings = Arc::clone(&outlines[placed.index].headings);
        SitePage { placed, above, links, image, after_end, ctas, forms_at_end, headings }
    });
    pages.collect()
}

/// A preview is closed to search engines, whatever an author's `robots.txt` says.
fn static_files(sources: &Sources, preview: bool) -> Vec<(SitePath, PathBuf)> {
    let files = sources.static_files.iter().filter(|(path, _)| !preview || *path != "robots.txt");
    files.filter_map(|(path, asset)| Some((SitePath::parse(path)?, asset.absolute.clone()))).collect()
}
