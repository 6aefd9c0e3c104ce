//! Reads and parses the pages of a site. Each text is freed before the next one is read.

use std::sync::Arc;

use crate::body_store::BodyStore;
use crate::body_store::outline_cache::OutlineCache;
use crate::diagnostics::Diagnostic;
use crate::load::{self, Scan};
use crate::model::site::SiteConfig;
use crate::parse::{self, Bodies, Known, Parsed, QuotationMarks, ReadAgain, Settings};

/// Returns all pages with their diagnostics, in the order of their files.
pub fn pages(scan: &Scan, settings: Settings, store: &BodyStore) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
    let files: Vec<&str> = load::page_files(scan).into_iter().map(|(file, _)| file).collect();
    let parsed = parse::pages(&files, settings, store, |file| load::page_text(scan, file))?;
    let mut pages = Vec::with_capacity(parsed.len());
    let mut diagnostics = Vec::new();
    for (page, mut in_page) in parsed {
        pages.push(page);
        diagnostics.append(&mut in_page);
    }
    Ok((pages, diagnostics))
}

/// As [`pages`] with all bodies, but a text that the last build parsed is not parsed again before it is rendered.
pub fn new_pages(
    scan: &Scan,
    config: &SiteConfig,
    outlines: &OutlineCache,
    store: &BodyStore,
) -> anyhow::Result<(Vec<Parsed>, Vec<Diagnostic>)> {
    let reader = |file: &str| -> Arc<ReadAgain> { Arc::new(load::page_reader(scan, file)) };
    let quotes = QuotationMarks::of_language(&config.language.value);
    let bodies = Bodies::New(&Known { outlines, reader: &reader });
    pages(scan, Settings { bodies, quotes, languages: &config.languages }, store)
}
