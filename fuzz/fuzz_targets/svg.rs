//! A cleaned SVG has nothing that runs or loads, and cleaning it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tagline::images::svg;

fuzz_target!(|text: &str| {
    let Ok(cleaned) = svg::sanitize(text) else { return };
    let lower = cleaned.svg.to_ascii_lowercase();
    for forbidden in ["<script", "<foreignobject", "<iframe", "<!entity", "<?xml-stylesheet"] {
        assert!(!lower.contains(forbidden), "{forbidden} in {}", cleaned.svg);
    }
    let again = svg::sanitize(&cleaned.svg).unwrap_or_else(|_| panic!("cannot be read again: {}", cleaned.svg));
    assert_eq!(again.svg, cleaned.svg);
});
