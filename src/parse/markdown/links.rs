//! The address of a Markdown link: as a URL, and where it is in the file.

use std::ops::Range;

use pulldown_cmark::LinkType;

use crate::source::Span;

/// Returns the span of the address in a link at `range`, or the whole link if its address is in a reference definition.
pub fn span_of_address(text: &str, range: Range<usize>, address: &str) -> Span {
    match text[range.clone()].rfind(address).filter(|_| !address.is_empty()) {
        Some(at) => Span::new(range.start + at, range.start + at + address.len()),
        None => Span::new(range.start, range.end),
    }
}

/// Returns the address with its scheme: `<a@b.example>` is a link to `mailto:a@b.example`.
pub fn whole_address(link_type: LinkType, address: &str) -> String {
    match link_type {
        LinkType::Email => format!("mailto:{address}"),
        _ => address.to_owned(),
    }
}
