//! `site.yaml`: any text is a configuration, or has located errors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::parse::site_yaml;

fuzz_target!(|text: &str| {
    let Some(source) = tagline_fuzz::file("site.yaml", text) else { return };
    let (read, diagnostics) = site_yaml::site(&source);
    assert!(read.config.is_some() || !diagnostics.is_empty(), "no configuration, and no error");
    tagline_fuzz::check(&diagnostics);
});
