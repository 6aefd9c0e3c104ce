//! The body of a page, with Markdown and blocks: it is rendered, or has located errors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::render;
use tagline::sink::memory::{MemorySink, StoredFile};

/// The limit of a page's output in bytes.
const MAX_PAGE: usize = 16 * 1024 * 1024;

fuzz_target!(|text: &str| {
    let text = format!("---\ntitle: A page\nsummary: A page of a fuzzer.\n---\n\n{text}");
    let Some(source) = tagline_fuzz::file("content/fuzz.md", &text) else { return };
    let example = tagline_fuzz::example();
    let Some((site, bodies)) = example.with_page("fuzz.md", &source) else { return };
    let Some(index) = site.pages.iter().position(|page| page.page.file == "fuzz.md") else { return };
    let sink = MemorySink::default();
    let diagnostics = render::page(&site, &bodies, &example.theme, index, &sink).expect("memory does not fail");
    tagline_fuzz::check(&diagnostics);
    for file in sink.into_files().values() {
        let StoredFile::Bytes(bytes) = file else { continue };
        assert!(bytes.len() <= MAX_PAGE, "a page of {} bytes", bytes.len());
        assert!(std::str::from_utf8(bytes).is_ok(), "a page that is not UTF-8");
    }
});
