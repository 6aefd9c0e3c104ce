//! Rules about pages in search results, for readers and for screen readers.

mod block_contents;
pub mod blocks;
pub mod contrast;
pub mod headings;
pub mod images;
pub mod link_text;
pub mod markup;
pub mod placeholders;
pub mod titles;
mod widths;
