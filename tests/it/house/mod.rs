//! The repository itself: layers, schemas, and random changes to a site.

mod docs;
mod layers;
mod mutations;
mod schema;
