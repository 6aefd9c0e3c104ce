//! The words everything else is said in: source text with places in it, slugs, and diagnostics.
//! No I/O here, and nothing that knows of campaigns.

pub mod diagnostic;
pub mod digest;
pub mod slug;
pub mod source;
pub mod spreadsheet;
