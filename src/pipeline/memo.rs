//! What a session stores of one compilation for the next: parsed pages, and digests of files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::body_store::BodyStore;
use crate::diagnostics::Diagnostic;
use crate::load::{self, FileCache, FileEntry, Scan, Sources};
use crate::model::body::Outline;
use crate::parse::{self, Bodies, Parsed};

/// The results of reading a site's files.
#[derive(Default)]
pub struct Memo {
    files: FileCache,
    pages: BTreeMap<String, (Parsed, Vec<Diagnostic>)>,
    bodies: BodyStore,
    /// The last sources.
    sources: Sources,
    /// The outlines of the last compilation, by page index.
    outlines: Vec<Arc<Outline>>,
    read: usize,
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

    /// Reads and parses the changed pages, and returns all pages.
    pub fn pages(&mut self, scan: &Scan) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
        let entries: BTreeMap<&str, &FileEntry> = load::page_files(scan).into_iter().collect();
        let is_changed = |(file, entry): &(&&str, &&FileEntry)| self.files.pages.get(**file) != Some(**entry);
        let changed: Vec<&str> = entries.iter().filter(is_changed).map(|(&file, _)| file).collect();
        let parsed = parse::pages(&changed, Bodies::All, &self.bodies, |file| load::page_text(scan, file))?;
        self.pages.retain(|file, _| entries.contains_key(file.as_str()));
        self.files.pages.retain(|file, _| entries.contains_key(file.as_str()));
        self.read = changed.len();
        for (file, page) in changed.into_iter().zip(parsed) {
            self.files.pages.insert(file.to_owned(), entries[file].clone());
            self.pages.insert(file.to_owned(), page);
        }
        let diagnostics = self.pages.values().flat_map(|(_, diagnostics)| diagnostics).cloned().collect();
        Ok((self.pages.values().map(|(parsed, _)| parsed.clone()).collect(), diagnostics))
    }

    /// Where the bodies of pages are stored.
    pub fn bodies(&self) -> &BodyStore {
        &self.bodies
    }

    /// The number of pages that were read by the last call of [`Memo::pages`].
    pub fn pages_read(&self) -> usize {
        self.read
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

    /// Stores the sources.
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
