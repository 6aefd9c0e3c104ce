//! Images in pages.

mod cache;
mod damaged;
mod fixtures;
mod svg;
mod variants;
