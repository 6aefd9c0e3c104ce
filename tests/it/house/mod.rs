//! The repository itself: layers, wording, schemas, and random edits of a site.

mod docs;
mod key_tables;
mod layers;
mod mutations;
mod schema;
mod wording;
