//! What a session stores of one compilation for the next: parsed pages, and digests of files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::body_store::BodyStore;
use crate::diagnostics::Diagnostic;
use crate::load::{self, CachedAssets, FileEntry, Scan, Sources};
use crate::model::body::Outline;
use crate::model::file::Asset;
use crate::parse::{self, Bodies, Parsed, QuotationMarks, Settings};

/// The results of reading a site's files.
#[derive(Default)]
pub struct Memo {
    /// By their paths below `content/`.
    pages: BTreeMap<String, CachedPage>,
    /// The quotation marks of the pages.
    quotes: QuotationMarks,
    assets: CachedAssets,
    bodies: BodyStore,
    /// The last sources.
    sources: Sources,
    /// The outlines of the last compilation, by page index.
    outlines: Vec<Arc<Outline>>,
    /// The number of pages that were read by the last call of [`Memo::pages`].
    pages_read: usize,
}

/// A page as it was when it was read.
struct CachedPage {
    /// `None` if the file has to be read again.
    entry: Option<FileEntry>,
    parsed: Parsed,
    diagnostics: Vec<Diagnostic>,
}

impl Memo {
    /// The assets that need not be read again while they are unchanged.
    pub fn assets(&self) -> &CachedAssets {
        &self.assets
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Forgets a file, by its path below the root, because two changes within one tick of the file system's clock have the
    /// same time.
    pub fn forget(&mut self, path: &str) {
        if let Some(page) = path.strip_prefix("content/").and_then(|file| self.pages.get_mut(file)) {
            page.entry = None;
        }
        self.assets.retain(|absolute, _| !absolute.ends_with(path));
    }

    /// Reads and parses the changed pages, and returns all pages.
    pub fn pages(&mut self, scan: &Scan, quotes: QuotationMarks) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
        let files: BTreeMap<&str, &FileEntry> = load::page_files(scan).into_iter().collect();
        // Other quotation marks make other texts.
        let is_unchanged = std::mem::replace(&mut self.quotes, quotes) == quotes;
        self.pages.retain(|file, _| is_unchanged && files.contains_key(file.as_str()));
        let is_cached = |file: &str, entry: &FileEntry| {
            self.pages.get(file).and_then(|page| page.entry.as_ref()).is_some_and(|then| then == entry)
        };
        let changed = files.iter().filter(|(file, entry)| !is_cached(file, entry));
        let changed: Vec<&str> = changed.map(|(&file, _)| file).collect();
        let parsed = parse::pages(&changed, self.settings(), &self.bodies, |file| load::page_text(scan, file))?;
        self.pages_read = changed.len();
        for (file, (parsed, diagnostics)) in changed.into_iter().zip(parsed) {
            let entry = files.get(file).map(|&entry| entry.clone());
            self.pages.insert(file.to_owned(), CachedPage { entry, parsed, diagnostics });
        }
        let diagnostics = self.pages.values().flat_map(|page| &page.diagnostics).cloned().collect();
        Ok((self.pages.values().map(|page| page.parsed.clone()).collect(), diagnostics))
    }

    /// How the pages are parsed.
    pub fn settings(&self) -> Settings<'static> {
        Settings { bodies: Bodies::All, quotes: self.quotes }
    }

    /// Where the bodies of pages are stored.
    pub fn bodies(&self) -> &BodyStore {
        &self.bodies
    }

    pub fn pages_read(&self) -> usize {
        self.pages_read
    }

    /// Replaces a page that has no diagnostics.
    pub fn replace(&mut self, file: &str, entry: FileEntry, parsed: Parsed) {
        let page = CachedPage { entry: Some(entry), parsed, diagnostics: Vec::new() };
        self.pages.insert(file.to_owned(), page);
    }

    /// Returns the outlines of the last compilation, by page index.
    pub fn take_outlines(&mut self) -> Vec<Arc<Outline>> {
        std::mem::take(&mut self.outlines)
    }

    pub fn store_outlines(&mut self, outlines: Vec<Arc<Outline>>) {
        self.outlines = outlines;
    }

    /// Stores the sources.
    pub fn store(&mut self, scan: &Scan, sources: Sources) {
        let named = |folder: &'static str| {
            move |(file, asset): (&String, &Asset)| {
                let entry = scan.files.get(&format!("{folder}/{file}"))?.clone();
                Some((asset.absolute.clone(), (entry, asset.clone())))
            }
        };
        let beside_pages = sources.assets.iter().filter_map(named("content"));
        self.assets = beside_pages.chain(sources.static_files.iter().filter_map(named("static"))).collect();
        self.sources = sources;
    }
}
