//! The repository itself: layers, schemas, and random changes to a site.

mod key_tables;
mod layers;
mod mutations;
mod schema;
