//! What a session stores of one compilation for the next: parsed pages, and digests of files.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;
use crate::load::{FileCache, FileEntry, Scan, Sources};
use crate::model::body::Outline;
use crate::parse::{self, Bodies, Parsed};
use crate::source::SourceText;

/// The results of reading a site's files.
#[derive(Default)]
pub struct Memo {
    files: FileCache,
    pages: BTreeMap<String, (Parsed, Vec<Diagnostic>)>,
    /// The last sources, without the texts of pages.
    sources: Sources,
    /// The outlines of the last compilation, by page index.
    outlines: Vec<Arc<Outline>>,
}

impl Memo {
    /// The files that need not be read again while they are unchanged.
    pub fn files(&self) -> &FileCache {
        &self.files
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Forgets a file, by its path below the root, because two changes within one tick of the file system's clock have the
    /// same time.
    pub fn forget(&mut self, path: &str) {
        if let Some(file) = path.strip_prefix("content/") {
            self.files.pages.remove(file);
        }
        self.files.assets.retain(|absolute, _| !absolute.ends_with(path));
    }

    /// Parses the changed pages, and returns all pages.
    pub fn pages(&mut self, scan: &Scan, changed: Vec<(String, Arc<SourceText>)>) -> (Vec<Parsed>, Vec<Diagnostic>) {
        let parsed: Vec<(String, (Parsed, Vec<Diagnostic>))> = changed
            .into_par_iter()
            .map(|(file, source)| {
                let page = parse::page(&file, &source, Bodies::All);
                (file, page)
            })
            .collect();
        let entries: BTreeMap<&str, &FileEntry> = scan.below("content").collect();
        let cached = &self.files.pages;
        self.pages.retain(|file, _| entries.contains_key(file.as_str()) && cached.contains_key(file));
        for (file, page) in parsed {
            if let Some(&entry) = entries.get(file.as_str()) {
                self.files.pages.insert(file.clone(), entry.clone());
            }
            self.pages.insert(file, page);
        }
        self.files.pages.retain(|file, _| self.pages.contains_key(file));
        let diagnostics = self.pages.values().flat_map(|(_, diagnostics)| diagnostics).cloned().collect();
        (self.pages.values().map(|(parsed, _)| parsed.clone()).collect(), diagnostics)
    }

    /// Replaces a page that has no diagnostics.
    pub fn replace(&mut self, file: &str, entry: FileEntry, parsed: Parsed) {
        self.files.pages.insert(file.to_owned(), entry);
        self.pages.insert(file.to_owned(), (parsed, Vec::new()));
    }

    /// Returns the outlines of the last compilation, by page index.
    pub fn take_outlines(&mut self) -> Vec<Arc<Outline>> {
        std::mem::take(&mut self.outlines)
    }

    pub fn store_outlines(&mut self, outlines: Vec<Arc<Outline>>) {
        self.outlines = outlines;
    }

    /// Stores the sources, except the texts of pages.
    pub fn store(&mut self, scan: &Scan, sources: Sources) {
        let assets = sources.assets.values().chain(sources.static_files.values());
        let entries: BTreeMap<_, _> = scan.files.values().map(|entry| (entry.absolute.as_path(), entry)).collect();
        self.files.assets = assets
            .filter_map(|asset| {
                let entry = entries.get(asset.absolute.as_path())?;
                Some((asset.absolute.clone(), ((*entry).clone(), asset.clone())))
            })
            .collect();
        self.sources = sources;
    }
}
