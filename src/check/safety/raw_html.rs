//! The raw HTML of pages, within their source.

use std::ops::Range;

/// Returns the range of the HTML that begins at `start`: a tag, or a block up to the next empty line.
pub fn range_of_html(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find("\n\n").map_or(text.len(), |length| start + length)
}
