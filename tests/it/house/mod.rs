//! The repository itself: layers, wording, schemas, who writes what, and random edits of a site.

mod docs;
mod key_tables;
mod layers;
mod mutations;
mod output;
mod peers;
mod schema;
mod wording;
