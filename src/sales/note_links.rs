//! Resolves the links in notes for sales: to pages, to published files, and to files that only sales gets.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Diagnostic, nearest};
use crate::load::Sources;
use crate::model::address::Address;
use crate::model::bad_address::bad_address;
use crate::model::file::Asset;
use crate::model::gate::GATED_FOLDER;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::model::variant::Language;
use crate::parse::notes::NoteLink;
use crate::resolve::{Site, are_same_letters, joined};
use crate::rules::Rule;
use crate::source::SourceText;

/// The folder of private files below `sales/`.
const MATERIALS: &str = "materials/";

/// Each suggestion compares all files of the site, so only the first broken links get one.
const MAX_SUGGESTIONS: usize = 100;

/// The target of a link in notes.
#[derive(Hash)]
pub enum NoteTarget {
    /// An absolute URL: a published page of this site, or another site.
    Web(String),
    /// `mailto:` or `tel:`.
    Contact(String),
    /// A file of the built site, with its absolute URL.
    PublishedFile { url: String, file: LinkedFile },
    /// A file only for sales, with its path below `sales/`.
    PrivateFile { path: SitePath, file: LinkedFile },
    /// Not available today, or reported as an error.
    Unavailable,
}

#[derive(Hash)]
pub struct LinkedFile {
    pub name: String,
    /// In bytes.
    pub length: u64,
}

/// Resolves links by path.
pub struct NoteLinkResolver<'s> {
    site: &'s Site,
    sources: &'s Sources,
    /// Indexes of pages by their file below `content/`.
    pages: HashMap<&'s str, usize>,
    /// The paths of files of `content/` in the built site.
    published: HashMap<&'s Path, &'s SitePath>,
    suggestions: AtomicUsize,
}

impl<'s> NoteLinkResolver<'s> {
    pub fn new(site: &'s Site, sources: &'s Sources) -> NoteLinkResolver<'s> {
        let mut published: HashMap<&Path, &SitePath> = HashMap::new();
        for (path, asset) in &site.files {
            // Of two addresses, sales passes on the one without the gate.
            let known = published.entry(&asset.absolute).or_insert(path);
            if known.as_str().starts_with(GATED_FOLDER) {
                *known = path;
            }
        }
        let pages = site.pages_as_written().map(|(index, page)| (page.page.file.as_str(), index)).collect();
        NoteLinkResolver { site, sources, pages, published, suggestions: AtomicUsize::new(0) }
    }

    /// Returns the index of the page that a note belongs to.
    pub fn page_of(&self, note: &str) -> Option<usize> {
        self.pages.get(page_file(note).as_str()).copied()
    }

    /// Returns the source of a private file.
    pub fn private_file(&self, path: &SitePath) -> Option<&'s Asset> {
        self.sources.assets.get(path.as_str().strip_prefix(MATERIALS)?)
    }

    /// Resolves a link in the file `note`, and reports it if it is broken.
    pub fn target(
        &self,
        note: &str,
        source: &Arc<SourceText>,
        link: &NoteLink,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> NoteTarget {
        match Address::parse(&link.address) {
            Ok(Address::Web(url)) => NoteTarget::Web(url.to_string()),
            Ok(Address::Contact(url)) => NoteTarget::Contact(url),
            Ok(Address::Cta { campaign, cta }) => self.cta(note, campaign.as_deref(), &cta).unwrap_or_else(|| {
                let message = format!("unknown call to action `{}`", link.address.trim_start_matches("cta:"));
                diagnostics.push(Diagnostic::error(Rule::UnknownCta, message).at(source, link.span, "not found"));
                NoteTarget::Unavailable
            }),
            // A heading of the notes themselves, which has no id on a lead card.
            Ok(Address::Local { path, .. }) if path.is_empty() => NoteTarget::Unavailable,
            Ok(Address::Local { path, anchor, .. }) => {
                let file = self.name_as_stored(joined(note, &path).unwrap_or_default());
                if let Some(diagnostic) = self.bad_content(&file, source, link) {
                    diagnostics.push(diagnostic);
                }
                self.local(&file, anchor.as_deref()).unwrap_or_else(|| {
                    diagnostics.push(self.missing(source, link, &path, &file));
                    NoteTarget::Unavailable
                })
            }
            Err(why) => {
                diagnostics.push(bad_address(source, link.span, &link.address, &why));
                NoteTarget::Unavailable
            }
        }
    }

    /// Returns the page with a call to action. None if there is no such call to action.
    fn cta(&self, note: &str, campaign: Option<&str>, cta: &str) -> Option<NoteTarget> {
        let index = match campaign {
            Some(campaign) => self.site.campaign_page(&Slug::parse(campaign).ok()?)?,
            None => self.page_of(note)?,
        };
        let page = &self.site.pages[index];
        let (cta, _) = page.cta(&Slug::parse(cta).ok()?)?;
        let anchor = cta.form().map(|_| format!("cta-{}", cta.id.value));
        Some(self.page(index, anchor.as_deref()))
    }

    fn page(&self, index: usize, anchor: Option<&str>) -> NoteTarget {
        let page = &self.site.pages[index];
        if !page.state.is_published(self.site.options.preview) {
            return NoteTarget::Unavailable;
        }
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        NoteTarget::Web(format!("{}{anchor}", self.site.config.base_url.absolute(&page.path)))
    }

    /// Returns the name with the same letters that a file has, if no file has exactly this name.
    fn name_as_stored(&self, file: String) -> String {
        let Sources { sales_notes, assets, static_files, .. } = self.sources;
        let exists =
            || self.pages.contains_key(file.as_str()) || assets.contains_key(&file) || static_files.contains_key(&file);
        if file.is_ascii() || exists() {
            return file;
        }
        let names = sales_notes.keys().chain(assets.keys()).chain(static_files.keys()).map(String::as_str);
        let stored = names.chain(self.pages.keys().copied()).find(|name| are_same_letters(name, &file));
        stored.map(str::to_owned).unwrap_or(file)
    }

    /// Returns what is wrong with the content of a file that only sales sends.
    fn bad_content(&self, file: &str, source: &Arc<SourceText>, link: &NoteLink) -> Option<Diagnostic> {
        let asset = self.sources.assets.get(file)?;
        let is_published = self.published.contains_key(asset.absolute.as_path());
        let diagnostic = asset.content.to_diagnostic(&format!("content/{file}")).filter(|_| !is_published)?;
        Some(diagnostic.at(source, link.span, "sales would send this file"))
    }

    /// Resolves a path below `content/`, or else below `static/`.
    fn local(&self, file: &str, anchor: Option<&str>) -> Option<NoteTarget> {
        if let Some(&index) = self.pages.get(file) {
            return Some(self.page(index, anchor));
        }
        if self.sources.sales_notes.contains_key(file) {
            return Some(match self.page_of(file) {
                Some(index) => self.page(index, None),
                None => NoteTarget::Unavailable,
            });
        }
        let name = file.rsplit('/').next().unwrap_or(file).to_owned();
        let base_url = &self.site.config.base_url;
        match (self.sources.assets.get(file), self.sources.static_files.get(file)) {
            (Some(asset), _) => {
                let linked = LinkedFile { name, length: asset.length };
                Some(match self.published.get(asset.absolute.as_path()) {
                    Some(path) => NoteTarget::PublishedFile { url: base_url.absolute(path), file: linked },
                    None => {
                        NoteTarget::PrivateFile { path: SitePath::parse(&format!("{MATERIALS}{file}"))?, file: linked }
                    }
                })
            }
            (None, Some(asset)) => {
                let url = base_url.absolute(&SitePath::parse(file)?);
                Some(NoteTarget::PublishedFile { url, file: LinkedFile { name, length: asset.length } })
            }
            (None, None) => None,
        }
    }

    fn missing(&self, source: &Arc<SourceText>, link: &NoteLink, path: &str, file: &str) -> Diagnostic {
        let what = if path.ends_with(".md") { "page" } else { "file" };
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no {what} `{path}`"));
        let diagnostic = diagnostic.at(source, link.span, "not found");
        let suggestion = (self.suggestions.fetch_add(1, Ordering::Relaxed) < MAX_SUGGESTIONS)
            .then(|| nearest(file, self.sources.assets.keys().map(String::as_str)));
        match suggestion.flatten() {
            Some(other) => diagnostic.help(format!("did you mean `/{other}`?")),
            None => diagnostic.help(format!("link to another {what}, or remove the link")),
        }
    }
}

/// Returns the file of the page that a note belongs to: `a/index.md` for `a/sales.md`, `offer.md` for
/// `offer.sales.md`.
pub fn page_file(note: &str) -> String {
    let stem = note.strip_suffix(".md").unwrap_or(note);
    // `sales.de` is about `index.de`.
    let (stem, language) = match stem.rsplit_once('.') {
        Some((before, end)) if end != "sales" && Language::parse(end).is_some() => (before, format!(".{end}")),
        _ => (stem, String::new()),
    };
    match stem.strip_suffix(".sales") {
        Some(page) => format!("{page}{language}.md"),
        None => format!("{}index{language}.md", stem.strip_suffix("sales").unwrap_or(stem)),
    }
}
