//! Browsers make the same page of minified HTML as of the original.
#![no_main]

#[path = "../../tests/it/support/dom.rs"]
mod dom;

use libfuzzer_sys::fuzz_target;
use tagline::html::minify::minify;

fuzz_target!(|body: &str| {
    // Parsers replace it, and `load` refuses it.
    if body.contains('\0') {
        return;
    }
    let original = format!("<!DOCTYPE html>\n<html lang=\"en\"><head><title>A page</title></head>\n<body>{body}</body></html>\n");
    if let Ok(minified) = minify(&original) {
        dom::assert_same_page(&original, &minified, body);
    }
});
