//! Merges what the references of single pages mean for the site, in the order of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::index::SiteIndex;
use super::missing;
use super::references::{Found, Reach};
use super::site::PlacedPage;
use crate::diagnostics::{Diagnostic, first_few, nearest};
use crate::images::plan::DerivedImages;
use crate::model::block::{DeclaredBlocks, shown_ctas};
use crate::model::body::Outline;
use crate::model::file::Asset;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::Span;

/// The links to one unknown campaign that are shown. The files of the others are named.
const MAX_SHOWN_LINKS: usize = 10;
/// How often a suggestion for a missing file is looked up. Each look-up compares all files of the site.
const MAX_LOOKUPS: usize = 100;

/// What the references of all pages mean for the site.
#[derive(Default)]
pub struct SiteReferences {
    pub diagnostics: Vec<Diagnostic>,
    /// The files of `content/` that are published.
    pub files: BTreeMap<SitePath, Asset>,
    pub pictures: DerivedImages,
    /// The files that are linked openly, by their paths as sources.
    pub open: BTreeSet<String>,
    /// The forms that some page links to: campaign page and CTA.
    pub linked_ctas: BTreeSet<(usize, Slug)>,
    /// The CTAs of other campaigns that pages show: campaign page, CTA, and the page that shows it.
    pub foreign_ctas: BTreeSet<(usize, Slug, usize)>,
    /// The files behind a form, by their paths as sources.
    gated: BTreeMap<String, (usize, Span)>,
    /// Links to unknown campaigns by id.
    unknown_campaigns: BTreeMap<String, Vec<(usize, Span)>>,
    /// The published files with missing or other content, by their paths as sources. Each is reported once.
    pub bad_contents: BTreeSet<String>,
    /// The digests of broken pictures. Each is reported once.
    broken_pictures: BTreeSet<String>,
    lookups: usize,
}

impl SiteReferences {
    pub fn add(&mut self, index: &SiteIndex, found: Found) {
        let Found { diagnostics, missing, shown, broken, bad_contents, reach } = found;
        self.diagnostics.extend(diagnostics);
        for (digest, diagnostic) in broken {
            if self.broken_pictures.insert(digest) {
                self.diagnostics.push(diagnostic);
            }
        }
        for (name, diagnostic) in bad_contents {
            if self.bad_contents.insert(name) {
                self.diagnostics.push(diagnostic);
            }
        }
        for (digest, place) in shown {
            self.pictures.first_use.entry(digest).or_insert(place);
        }
        for missing in missing {
            self.lookups += 1;
            self.diagnostics.push(missing::with_help(index, missing, self.lookups <= MAX_LOOKUPS));
        }
        let Reach { open, published, pictures, gated, linked_ctas, foreign_ctas, unknown_campaigns } = reach;
        self.pictures.files.extend(pictures);
        self.open.extend(open);
        self.files.extend(published);
        self.gated.extend(gated.into_iter().map(|(name, page, span)| (name, (page, span))));
        self.linked_ctas.extend(linked_ctas);
        self.foreign_ctas.extend(foreign_ctas);
        for (id, page, span) in unknown_campaigns {
            self.unknown_campaigns.entry(id).or_default().push((page, span));
        }
    }

    /// Returns the forms of a page that are linked, but not placed in its text, in the order of its front matter.
    pub fn forms_at_end(&self, page: &PlacedPage, outlines: &[Arc<Outline>], blocks: &DeclaredBlocks) -> Vec<Slug> {
        let outline = &outlines[page.index];
        let is_linked = |id: &Slug| self.linked_ctas.contains(&(page.index, id.clone()));
        let is_placed = |id: &Slug| shown_ctas(outline, blocks).any(|placed| placed == id.as_str());
        page.forms().map(|cta| &cta.id.value).filter(|id| is_linked(id) && !is_placed(id)).cloned().collect()
    }

    /// Reports links to unknown campaigns, one diagnostic per campaign: renaming one may leave many links behind.
    pub fn unknown_campaigns(&self, index: &SiteIndex) -> Vec<Diagnostic> {
        self.unknown_campaigns.iter().map(|(id, links)| unknown_campaign(index, id, links)).collect()
    }

    /// The files that are published, openly or behind a form, by their paths as sources. A file of `static/` may be among
    /// them.
    pub fn published_names(&self) -> impl Iterator<Item = &str> {
        let gated = self.gated.keys().filter(|name| !self.open.contains(*name));
        self.open.iter().chain(gated).map(String::as_str)
    }

    /// Warns of files behind a form that are also linked openly.
    pub fn open_gated_files(&self, index: &SiteIndex) -> Vec<Diagnostic> {
        let diagnostics = self.gated.iter().filter_map(|(name, (page, span))| {
            let label = match name.starts_with("static/") {
                true => "everything in static/ is public",
                false if self.open.contains(name) => "a page links to it directly",
                false => return None,
            };
            Some(
                Diagnostic::warning(Rule::GatedFileLinked, "this file is behind a form, but also public")
                    .at(&index.pages[*page].page.source, *span, label)
                    .help("link to the call to action instead: `cta:…`, and keep the file beside the page"),
            )
        });
        diagnostics.collect()
    }
}

fn unknown_campaign(index: &SiteIndex, id: &str, links: &[(usize, Span)]) -> Diagnostic {
    let source = |page: usize| &index.pages[page].page.source;
    let (shown, others) = links.split_at(links.len().min(MAX_SHOWN_LINKS));
    let message = match links.len() {
        1 => format!("unknown campaign `{id}`"),
        count => format!("unknown campaign `{id}`, in {count} links"),
    };
    let mut diagnostic = Diagnostic::error(Rule::UnknownCta, message);
    for (page, span) in shown {
        diagnostic = diagnostic.at(source(*page), *span, "no such campaign");
    }
    if !others.is_empty() {
        let files: BTreeSet<&String> = others.iter().map(|(page, _)| &source(*page).path).collect();
        let files: Vec<&String> = files.into_iter().collect();
        diagnostic = diagnostic.help(format!("the other {} are in {}", others.len(), first_few(&files)));
    }
    match nearest(id, index.campaigns.keys().map(Slug::as_str)) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic.help("link to another campaign, or remove the link"),
    }
}
