//! What a session stores of one compilation for the next: parsed pages, and digests of files.

use crate::body_store::BodyStore;
use crate::diagnostics::Diagnostic;
use crate::load::{self, CachedAssets, FileEntry, Scan, Sources};
use crate::model::file::Asset;
use crate::model::site::SiteConfig;
use crate::model::variant::Language;
use crate::parse::{self, Bodies, Parsed, ParsedPage, QuotationMarks, Settings, translation};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The results of reading a site's files.
#[derive(Default)]
pub struct Memo {
    /// By their paths below `content/`.
    pages: BTreeMap<String, CachedPage>,
    /// The settings of the site when the pages were read.
    config: Option<Arc<SiteConfig>>,
    assets: CachedAssets,
    bodies: BodyStore,
    /// The last sources.
    sources: Sources,
    /// The number of pages that were read by the last call of [`Memo::pages`].
    pages_read: usize,
}

/// A page as it was when it was read.
struct CachedPage {
    /// `None` if the file has to be read again.
    entry: Option<FileEntry>,
    parsed: Parsed,
    diagnostics: Vec<Diagnostic>,
    /// It was shown without errors.
    is_good: bool,
    /// The last version that was shown without errors, if this one has not been.
    last_good: Option<ParsedPage>,
}

impl CachedPage {
    fn into_last_good(self) -> Option<ParsedPage> {
        match self.parsed {
            Parsed::Page(page) if self.is_good => Some(page),
            Parsed::Page(_) | Parsed::Broken { .. } => self.last_good,
        }
    }
}

/// Returns whether pages are read in the same way with other settings of the site.
fn are_read_alike(before: &SiteConfig, now: &SiteConfig) -> bool {
    let languages = |config: &SiteConfig| config.languages.iter().map(|language| language.language.clone()).collect();
    let (one, other): (Vec<Language>, Vec<Language>) = (languages(before), languages(now));
    QuotationMarks::of_language(&before.language.value) == QuotationMarks::of_language(&now.language.value)
        && one == other
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
    pub fn pages(&mut self, scan: &Scan, config: &Arc<SiteConfig>) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
        let files: BTreeMap<&str, &FileEntry> = load::page_files(scan).into_iter().collect();
        // Other quotation marks make other texts, and other languages other translations.
        let before = self.config.replace(Arc::clone(config));
        let is_unchanged = before.is_some_and(|before| are_read_alike(&before, config));
        self.pages.retain(|file, _| is_unchanged && files.contains_key(file.as_str()));
        let is_cached = |file: &str, entry: &FileEntry| {
            self.pages.get(file).and_then(|page| page.entry.as_ref()).is_some_and(|then| then == entry)
        };
        // A translation has the front matter of its original.
        let is_original_cached = |file: &str| match translation::original_of(file, &config.languages) {
            None => true,
            Some((_, original)) => files.get(&*original).is_some_and(|entry| is_cached(&original, entry)),
        };
        let changed = files.iter().filter(|(file, entry)| !is_cached(file, entry) || !is_original_cached(file));
        let changed: Vec<&str> = changed.map(|(&file, _)| file).collect();
        let parsed = parse::pages(&changed, self.settings(), &self.bodies, |file| load::page_text(scan, file))?;
        self.pages_read = changed.len();
        for (file, (parsed, diagnostics)) in changed.into_iter().zip(parsed) {
            let entry = files.get(file).map(|&entry| entry.clone());
            let last_good = self.pages.remove(file).and_then(CachedPage::into_last_good);
            let page = CachedPage { entry, parsed, diagnostics, is_good: false, last_good };
            self.pages.insert(file.to_owned(), page);
        }
        let diagnostics = self.pages.values().flat_map(|page| &page.diagnostics).cloned().collect();
        Ok((self.pages.values().map(|page| page.parsed.clone()).collect(), diagnostics))
    }

    /// How the pages are parsed.
    pub fn settings(&self) -> Settings<'_> {
        let quotes = self.config.as_ref().map(|config| QuotationMarks::of_language(&config.language.value));
        let languages = self.config.as_ref().map_or(&[][..], |config| &config.languages);
        Settings { bodies: Bodies::All, quotes: quotes.unwrap_or_default(), languages }
    }

    /// Where the bodies of pages are stored.
    pub fn bodies(&self) -> &BodyStore {
        &self.bodies
    }

    pub fn pages_read(&self) -> usize {
        self.pages_read
    }

    pub fn is_page(&self, file: &str) -> bool {
        self.pages.contains_key(file)
    }

    /// Returns the last version of a page that was shown without errors, unless it is the present one.
    pub fn last_good(&self, file: &str) -> Option<&ParsedPage> {
        self.pages.get(file).filter(|page| !page.is_good)?.last_good.as_ref()
    }

    /// Records which pages are shown without errors: all but those for which `has_errors` returns true.
    pub fn record_good(&mut self, has_errors: impl Fn(&str) -> bool) {
        for (file, page) in &mut self.pages {
            let is_good = !has_errors(file);
            if page.is_good && !is_good {
                page.last_good = page.parsed.parsed_page().cloned();
            }
            if is_good {
                page.last_good = None;
            }
            page.is_good = is_good;
        }
    }

    /// Replaces a page that has no diagnostics.
    pub fn replace(&mut self, file: &str, entry: FileEntry, parsed: Parsed) {
        let page = CachedPage { entry: Some(entry), parsed, diagnostics: Vec::new(), is_good: true, last_good: None };
        self.pages.insert(file.to_owned(), page);
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
