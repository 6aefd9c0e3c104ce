//! The notes for sales of a whole site: the page that each file belongs to, and the targets of its links. Files that
//! only notes link to are copied to `materials/` next to the lead desk.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;

use super::facts::{Material, NotesFacts};
use super::note_links::{NoteLinkResolver, NoteTarget, page_file};
use crate::diagnostics::Diagnostic;
use crate::load::Sources;
use crate::model::file::{Asset, file_format, format_size};
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::parse::notes::{self, FirstMessage, NoteLink, Notes};
use crate::resolve::Site;
use crate::rules::Rule;
use crate::source::SourceText;

/// Every `sales.md` and `*.sales.md` that belongs to a page.
pub struct SalesNotes {
    by_page: BTreeMap<usize, PageNotes>,
    /// Pages with notes that could not be read, which is reported.
    unreadable: BTreeSet<usize>,
    /// The files that only notes link to, by their path below `sales/`.
    pub files: BTreeMap<SitePath, Asset>,
}

/// The notes of one page.
pub struct PageNotes {
    source: Arc<SourceText>,
    notes: Notes,
    /// The target of each link, by its index in the notes.
    targets: Vec<NoteTarget>,
}

/// Reads all notes, and reports broken links and notes without a page.
pub fn read(site: &Site, sources: &Sources) -> (SalesNotes, Vec<Diagnostic>) {
    let resolver = NoteLinkResolver::new(site, sources);
    let files: Vec<(&String, &Arc<SourceText>)> = sources.sales_notes.iter().collect();
    let read: Vec<_> = files.par_iter().map(|(file, source)| page_notes(&resolver, file, source)).collect();
    let unreadable = sources.unreadable_notes.iter().filter_map(|file| resolver.page_of(file)).collect();
    let mut notes = SalesNotes { by_page: BTreeMap::new(), unreadable, files: BTreeMap::new() };
    let mut diagnostics = Vec::new();
    for ((file, source), (page_notes, mut in_file)) in files.into_iter().zip(read) {
        diagnostics.append(&mut in_file);
        let page = resolver.page_of(file);
        let Some(page_notes) = page_notes else {
            notes.unreadable.extend(page);
            continue;
        };
        notes.add_files(&resolver, &page_notes);
        match page {
            Some(page) => {
                if let Some(first) = notes.by_page.insert(page, page_notes) {
                    diagnostics.push(two_files(&site.pages[page].page.file, source, &first.source));
                }
            }
            // The error of a page that cannot be read is reported already.
            None if site.pages.is_empty() || site.page_files.is_broken(&page_file(file)) => {}
            None => diagnostics.push(without_page(file, source)),
        }
    }
    (notes, diagnostics)
}

fn page_notes(
    resolver: &NoteLinkResolver,
    file: &str,
    source: &Arc<SourceText>,
) -> (Option<PageNotes>, Vec<Diagnostic>) {
    let notes = match notes::read(source) {
        Ok(notes) => notes,
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let mut diagnostics = Vec::new();
    let targets = notes.links.iter().map(|link| resolver.target(file, source, link, &mut diagnostics)).collect();
    (Some(PageNotes { source: Arc::clone(source), notes, targets }), diagnostics)
}

fn two_files(page: &str, source: &SourceText, first: &SourceText) -> Diagnostic {
    Diagnostic::error(Rule::PathClash, format!("`{page}` has two files with notes for sales"))
        .in_file(&source.path)
        .help(format!("move the notes into `{}`", first.path))
}

fn without_page(file: &str, source: &SourceText) -> Diagnostic {
    Diagnostic::warning(Rule::UnusedNotes, "these notes for sales belong to no page")
        .in_file(&source.path)
        .help(format!("their page would be `content/{}`, which does not exist", page_file(file)))
}

impl Hash for SalesNotes {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let SalesNotes { by_page, unreadable: _, files: _ } = self;
        for (page, PageNotes { source, notes: _, targets }) in by_page {
            (page, &source.text, targets).hash(hasher);
        }
    }
}

impl SalesNotes {
    /// Returns the notes of a page, which is given by its index.
    pub fn of(&self, page: usize) -> Option<&PageNotes> {
        self.by_page.get(&page)
    }

    /// The notes as their authors wrote them.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.by_page.values().map(|notes| &notes.source)
    }

    /// Whether a page has no notes, not even unreadable ones.
    pub fn are_missing(&self, page: usize) -> bool {
        !self.by_page.contains_key(&page) && !self.unreadable.contains(&page)
    }

    fn add_files(&mut self, resolver: &NoteLinkResolver, page_notes: &PageNotes) {
        for target in &page_notes.targets {
            if let NoteTarget::PrivateFile { path, .. } = target
                && let Some(asset) = resolver.private_file(path)
            {
                self.files.insert(path.clone(), asset.clone());
            }
        }
    }
}

impl PageNotes {
    /// The notes as their authors wrote them.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// Returns the notes as Markdown and as HTML. `up` is the relative path to the lead desk's folder.
    pub fn facts(&self, up: &str) -> NotesFacts {
        let html = notes::html(&self.source, |link| match self.targets.get(link)? {
            NoteTarget::Web(url) | NoteTarget::Contact(url) | NoteTarget::PublishedFile { url, .. } => {
                Some(url.clone())
            }
            NoteTarget::PrivateFile { path, .. } => Some(format!("{up}{}", path.relative())),
            NoteTarget::Unavailable => None,
        });
        NotesFacts { markdown: self.source.text.trim().to_owned(), html }
    }

    /// Returns the links below the heading `Materials`.
    pub fn materials(&self) -> Vec<Material> {
        let links = self.notes.links.iter().zip(&self.targets);
        links.filter_map(|(link, target)| material(link, target)).collect()
    }

    /// Returns the message for a call to action: the first one with its id in the heading, or else the first one
    /// without the id of any call to action.
    pub fn first_message<'c>(&self, cta: &Slug, ctas: impl Iterator<Item = &'c Slug> + Clone) -> Option<&FirstMessage> {
        let names = |heading: &str, id: &Slug| {
            heading
                .to_lowercase()
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .any(|word| word == id.as_str())
        };
        let messages = &self.notes.messages;
        let own = messages.iter().find(|message| names(&message.heading, cta));
        let common = || messages.iter().find(|message| !ctas.clone().any(|id| names(&message.heading, id)));
        own.or_else(common)
    }
}

fn material(link: &NoteLink, target: &NoteTarget) -> Option<Material> {
    let topic = link.material.as_ref()?;
    let (href, is_public, file) = match target {
        NoteTarget::Web(url) => (url.clone(), true, None),
        NoteTarget::PublishedFile { url, file } => (url.clone(), true, Some(file)),
        NoteTarget::PrivateFile { path, file } => (path.relative(), false, Some(file)),
        NoteTarget::Contact(_) | NoteTarget::Unavailable => return None,
    };
    let name = file.map(|file| file.name.clone()).unwrap_or_default();
    let title =
        [link.text.trim(), &name, &href].into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
    Some(Material {
        title,
        href,
        is_public,
        format: file_format(&name),
        file_name: name,
        size: file.map(|file| format_size(file.length)).unwrap_or_default(),
        topic: topic.clone(),
        note: link.note.trim_matches(|c: char| c.is_whitespace() || ".,;:–—-".contains(c)).to_owned(),
    })
}
