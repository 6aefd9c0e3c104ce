//! The repository itself: layers, wording, schemas, and random edits of a site.

mod layers;
mod mutations;
mod schema;
