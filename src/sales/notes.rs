//! The notes for sales of a whole site: which page each belongs to, and what its links refer to. Files that only notes
//! name go to `materials/` beside the lead desk.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::facts::{self, Material};
use crate::diagnostics::{Diagnostic, nearest};
use crate::load::Sources;
use crate::model::address::{Address, GATED_FOLDER, SitePath};
use crate::model::file::Asset;
use crate::model::file::{format_of, size_in_words};
use crate::model::slug::Slug;
use crate::parse::notes::{self, NoteLink, Notes};
use crate::model::bad_address::bad_address;
use crate::resolve::{Site, joined};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Every `sales.md` and `*.sales.md` that belongs to a page.
pub struct SalesNotes {
    by_page: BTreeMap<usize, PageNotes>,
    /// Pages whose notes could not be read, which is told.
    unread: BTreeSet<usize>,
    /// The files that only notes name, by their path below `sales/`.
    pub files: BTreeMap<SitePath, Asset>,
}

/// The notes of one page.
pub struct PageNotes {
    source: Arc<SourceText>,
    notes: Notes,
    /// What each link refers to, by its index in the notes.
    targets: Vec<Target>,
}

/// What a link in notes refers to.
enum Target {
    /// An absolute address: a published page of this site, or another site's.
    Web(String),
    /// `mailto:` or `tel:`.
    Contact(String),
    /// A file that the built site has, with its absolute address.
    Published { url: String, file: File },
    /// A file for sales alone, by its path below `sales/`.
    Private { path: SitePath, file: File },
    /// Nothing that can be opened today. What is wrong with it is told.
    Nowhere,
}

struct File {
    name: String,
    /// Bytes.
    length: u64,
}

impl SalesNotes {
    pub fn of(&self, page: usize) -> Option<&PageNotes> {
        self.by_page.get(&page)
    }

    /// Whether nobody has written any for a page.
    pub fn are_missing(&self, page: usize) -> bool {
        !self.by_page.contains_key(&page) && !self.unread.contains(&page)
    }
}

/// Reads all notes, and tells of the links that lead nowhere.
pub fn read(site: &Site, sources: &Sources) -> (SalesNotes, Vec<Diagnostic>) {
    let places = Places::of(site, sources);
    let all: Vec<(&String, &Arc<SourceText>)> = sources.sales_notes.iter().collect();
    let read: Vec<_> = all.par_iter().map(|(file, source)| places.notes(file, source)).collect();
    let page = |file: &str| places.pages.get(page_of(file).as_str()).copied();
    let unread = sources.unreadable_notes.iter().filter_map(|file| page(file)).collect();
    let mut notes = SalesNotes { by_page: BTreeMap::new(), unread, files: BTreeMap::new() };
    let mut found = Vec::new();
    for ((file, source), (page_notes, mut problems)) in all.into_iter().zip(read) {
        found.append(&mut problems);
        let Some(page_notes) = page_notes else {
            notes.unread.extend(page(file));
            continue;
        };
        for target in &page_notes.targets {
            if let Target::Private { path, .. } = target
                && let Some(asset) = path.as_str().strip_prefix(MATERIALS).and_then(|file| sources.assets.get(file))
            {
                notes.files.insert(path.clone(), asset.clone());
            }
        }
        match page(file) {
            Some(page) => {
                if let Some(first) = notes.by_page.insert(page, page_notes) {
                    let message = format!("`{}` has two notes for sales", places.site.pages[page].page.file);
                    let diagnostic = Diagnostic::error(Rule::PathClash, message).in_file(&source.path);
                    found.push(diagnostic.help(format!("`{}` is the other: put both into one", first.source.path)));
                }
            }
            // A page that cannot be read is told already.
            None if site.pages.is_empty() || site.page_files.is_broken(&page_of(file)) => {}
            None => found.push(
                Diagnostic::warning(Rule::UnusedNotes, "these notes for sales belong to no page")
                    .in_file(&source.path)
                    .help(format!("they are for the page `content/{}`, and there is none", page_of(file))),
            ),
        }
    }
    (notes, found)
}

/// The folder of private files, below `sales/`.
const MATERIALS: &str = "materials/";

/// The page that a note belongs to: `a/sales.md` to `a/index.md`, `offer.sales.md` to `offer.md`.
fn page_of(note: &str) -> String {
    match note.strip_suffix(".sales.md") {
        Some(page) => format!("{page}.md"),
        None => format!("{}index.md", note.strip_suffix("sales.md").unwrap_or(note)),
    }
}

/// What links in notes are looked up in.
struct Places<'s> {
    site: &'s Site,
    sources: &'s Sources,
    /// Pages by their file below `content/`.
    pages: HashMap<&'s str, usize>,
    /// Where files of `content/` lie in the built site.
    published: HashMap<&'s Path, &'s SitePath>,
    /// How often a missing file was looked for among all files.
    suggestions: AtomicUsize,
}

impl<'s> Places<'s> {
    fn of(site: &'s Site, sources: &'s Sources) -> Places<'s> {
        let mut published: HashMap<&Path, &SitePath> = HashMap::new();
        for (path, asset) in &site.files {
            // Of two addresses the plain one is for handing on.
            let known = published.entry(&asset.absolute).or_insert(path);
            if known.as_str().starts_with(GATED_FOLDER) {
                *known = path;
            }
        }
        let pages = site.pages.iter().enumerate().map(|(index, page)| (page.page.file.as_str(), index)).collect();
        Places { site, sources, pages, published, suggestions: AtomicUsize::new(0) }
    }

    fn notes(&self, file: &str, source: &Arc<SourceText>) -> (Option<PageNotes>, Vec<Diagnostic>) {
        let notes = match notes::read(source) {
            Ok(notes) => notes,
            Err(diagnostic) => return (None, vec![*diagnostic]),
        };
        let mut found = Vec::new();
        let targets =
            notes.links.iter().map(|link| self.target(file, source, &link.address, link.span, &mut found)).collect();
        (Some(PageNotes { source: Arc::clone(source), notes, targets }), found)
    }

    fn target(
        &self,
        note: &str,
        source: &Arc<SourceText>,
        address: &str,
        span: Span,
        found: &mut Vec<Diagnostic>,
    ) -> Target {
        match Address::parse(address) {
            Ok(Address::Web(url)) => Target::Web(url.to_string()),
            Ok(Address::Contact(url)) => Target::Contact(url),
            Ok(Address::Cta { campaign, cta }) => self.cta(note, campaign.as_deref(), &cta).unwrap_or_else(|| {
                let message = format!("there is no call to action `{}`", address.trim_start_matches("cta:"));
                found.push(Diagnostic::error(Rule::UnknownCta, message).at(source, span, "leads nowhere"));
                Target::Nowhere
            }),
            // A place in the notes themselves, whose headings have no ids on a lead card.
            Ok(Address::Local { path, .. }) if path.is_empty() => Target::Nowhere,
            Ok(Address::Local { path, anchor, .. }) => {
                let file = joined(note, &path).unwrap_or_default();
                self.local(&file, anchor.as_deref()).unwrap_or_else(|| {
                    found.push(self.missing(source, span, &path, &file));
                    Target::Nowhere
                })
            }
            Err(why) => {
                found.push(bad_address(source, span, address, &why));
                Target::Nowhere
            }
        }
    }

    /// The place where a call to action stands. None where there is no such call to action.
    fn cta(&self, note: &str, campaign: Option<&str>, cta: &str) -> Option<Target> {
        let index = match campaign {
            Some(campaign) => self.site.campaign_page(&Slug::parse(campaign).ok()?)?,
            None => *self.pages.get(page_of(note).as_str())?,
        };
        let page = &self.site.pages[index];
        let (cta, _) = page.cta(&Slug::parse(cta).ok()?)?;
        let anchor = cta.form().map(|_| format!("cta-{}", cta.id.value));
        Some(self.page(index, anchor.as_deref()))
    }

    fn page(&self, index: usize, anchor: Option<&str>) -> Target {
        let page = &self.site.pages[index];
        if !page.state.is_published(self.site.options.preview) {
            return Target::Nowhere;
        }
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        Target::Web(format!("{}{anchor}", self.site.config.base_url.absolute(&page.path)))
    }

    /// A file that notes name, by its path below `content/`, or else below `static/`.
    fn local(&self, file: &str, anchor: Option<&str>) -> Option<Target> {
        if let Some(&index) = self.pages.get(file) {
            return Some(self.page(index, anchor));
        }
        if self.sources.sales_notes.contains_key(file) {
            return Some(match self.pages.get(page_of(file).as_str()) {
                Some(&index) => self.page(index, None),
                None => Target::Nowhere,
            });
        }
        let name = file.rsplit('/').next().unwrap_or(file).to_owned();
        let base_url = &self.site.config.base_url;
        match (self.sources.assets.get(file), self.sources.static_files.get(file)) {
            (Some(asset), _) => {
                let file_facts = File { name, length: asset.length };
                Some(match self.published.get(asset.absolute.as_path()) {
                    Some(path) => Target::Published { url: base_url.absolute(path), file: file_facts },
                    None => Target::Private { path: SitePath::parse(&format!("{MATERIALS}{file}"))?, file: file_facts },
                })
            }
            (None, Some(asset)) => {
                let url = base_url.absolute(&SitePath::parse(file)?);
                Some(Target::Published { url, file: File { name, length: asset.length } })
            }
            (None, None) => None,
        }
    }

    fn missing(&self, source: &Arc<SourceText>, span: Span, path: &str, file: &str) -> Diagnostic {
        let what = if path.ends_with(".md") { "page" } else { "file" };
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("there is no {what} `{path}`"));
        let diagnostic = diagnostic.at(source, span, "leads nowhere");
        // Each look goes over all files of the site: of thousands of broken links the first hundred get one.
        let near = (self.suggestions.fetch_add(1, Ordering::Relaxed) < 100)
            .then(|| nearest(file, self.sources.assets.keys().map(String::as_str)));
        match near.flatten() {
            Some(near) => diagnostic.help(format!("did you mean `/{near}`?")),
            None => diagnostic.help(format!("name another {what}, or take what leads there out")),
        }
    }
}

impl PageNotes {
    /// The notes as they were written and as HTML for a page of the lead desk that lies `up` of its folder.
    pub fn facts(&self, up: &str) -> facts::Notes {
        let html = notes::html(&self.source, |link| match self.targets.get(link)? {
            Target::Web(url) | Target::Contact(url) | Target::Published { url, .. } => Some(url.clone()),
            Target::Private { path, .. } => Some(format!("{up}{}", path.relative())),
            Target::Nowhere => None,
        });
        facts::Notes { markdown: self.source.text.trim().to_owned(), html }
    }

    /// What stands under the heading `Materials`.
    pub fn materials(&self) -> Vec<Material> {
        let links = self.notes.links.iter().zip(&self.targets);
        links.filter_map(|(link, target)| material(link, target)).collect()
    }

    /// The message for a call to action: the one whose heading names it, else the first that names none of them.
    pub fn first_message<'c>(
        &self,
        cta: &Slug,
        ctas: impl Iterator<Item = &'c Slug> + Clone,
    ) -> Option<&notes::FirstMessage> {
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

fn material(link: &NoteLink, target: &Target) -> Option<Material> {
    let topic = link.material.as_ref()?;
    let (href, is_public, file) = match target {
        Target::Web(url) => (url.clone(), true, None),
        Target::Published { url, file } => (url.clone(), true, Some(file)),
        Target::Private { path, file } => (path.relative(), false, Some(file)),
        Target::Contact(_) | Target::Nowhere => return None,
    };
    let name = file.map(|file| file.name.clone()).unwrap_or_default();
    let title =
        [link.text.trim(), &name, &href].into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
    Some(Material {
        title,
        href,
        is_public,
        format: format_of(&name),
        file_name: name,
        size: file.map(|file| size_in_words(file.length)).unwrap_or_default(),
        topic: topic.clone(),
        note: link.note.trim_matches(|c: char| c.is_whitespace() || ".,;:–—-".contains(c)).to_owned(),
    })
}
