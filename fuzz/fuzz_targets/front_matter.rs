//! A page without a body: its front matter is read, or has located errors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::parse::Parsed;

fuzz_target!(|text: &str| {
    let Some(source) = tagline_fuzz::file("content/fuzz.md", &format!("---\n{text}\n---\n")) else { return };
    let (parsed, diagnostics) = tagline_fuzz::page("fuzz.md", &source);
    assert!(!matches!(parsed, Parsed::Broken { .. }) || !diagnostics.is_empty(), "no page, and no error");
    tagline_fuzz::check(&diagnostics);
});
