//! What a session keeps of one reading of a site for the next: pages as they were parsed, files as they were hashed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;
use crate::load::{FileEntry, Known, Scan, Sources};
use crate::parse::{self, Bodies, Parsed};
use crate::source::SourceText;

#[derive(Default)]
pub struct Memo {
    known: Known,
    pages: BTreeMap<String, (Parsed, Vec<Diagnostic>)>,
    /// Of the last reading, without the texts of pages.
    sources: Sources,
}

impl Memo {
    pub fn known(&self) -> &Known {
        &self.known
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// A file, by its path below the root, is to be read again: two changes of one tick of the file system's clock look
    /// the same.
    pub fn forget(&mut self, path: &str) {
        if let Some(file) = path.strip_prefix("content/") {
            self.known.pages.remove(file);
        }
        self.known.assets.retain(|absolute, _| !absolute.ends_with(path));
    }

    /// All pages, of which the texts are those that have changed.
    pub fn pages(&mut self, scan: &Scan, texts: Vec<(String, Arc<SourceText>)>) -> (Vec<Parsed>, Vec<Diagnostic>) {
        let read: Vec<(String, (Parsed, Vec<Diagnostic>))> = texts
            .into_par_iter()
            .map(|(file, source)| {
                let page = parse::page(&file, &source, Bodies::All);
                (file, page)
            })
            .collect();
        let files: BTreeMap<&str, &FileEntry> = scan.below("content").collect();
        let known = &self.known.pages;
        self.pages.retain(|file, _| files.contains_key(file.as_str()) && known.contains_key(file));
        for (file, page) in read {
            if let Some(&entry) = files.get(file.as_str()) {
                self.known.pages.insert(file.clone(), entry.clone());
            }
            self.pages.insert(file, page);
        }
        self.known.pages.retain(|file, _| self.pages.contains_key(file));
        let found = self.pages.values().flat_map(|(_, found)| found).cloned().collect();
        (self.pages.values().map(|(parsed, _)| parsed.clone()).collect(), found)
    }

    /// Takes a page in the place of its former self.
    pub fn put(&mut self, file: &str, entry: FileEntry, parsed: Parsed) {
        self.known.pages.insert(file.to_owned(), entry);
        self.pages.insert(file.to_owned(), (parsed, Vec::new()));
    }

    /// Keeps what was read beside the pages.
    pub fn keep(&mut self, scan: &Scan, sources: Sources) {
        let assets = sources.assets.values().chain(sources.static_files.values());
        let entries: BTreeMap<_, _> = scan.files.values().map(|entry| (entry.absolute.as_path(), entry)).collect();
        self.known.assets = assets
            .filter_map(|asset| {
                let entry = entries.get(asset.absolute.as_path())?;
                Some((asset.absolute.clone(), ((*entry).clone(), asset.clone())))
            })
            .collect();
        self.sources = sources;
    }
}
