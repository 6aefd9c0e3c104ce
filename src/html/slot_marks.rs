//! The characters around a slot's mark in rendered HTML. A mark is `MARK_START`, the slot's number and `MARK_END`.

use memchr::memmem;

/// Begins a mark. Unicode reserves U+FDD0 and U+FDD1 for use inside programs, and `load` refuses them in texts. The
/// space makes the minifier keep an attribute's quotes.
pub const MARK_START: &str = "\u{fdd0} ";
/// Ends a mark.
pub const MARK_END: char = '\u{fdd1}';

/// Returns whether a piece of rendered HTML contains a mark.
pub fn has_mark(html: &str) -> bool {
    memmem::find(html.as_bytes(), MARK_START.as_bytes()).is_some()
}
