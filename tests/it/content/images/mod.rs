//! Images in pages.

mod cache;
mod damaged;
mod fixtures;
mod icon;
mod svg;
mod variants;
