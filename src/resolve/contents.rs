//! The texts of a site's pages, apart from the site: a command drops them when it does not need them any more.

use std::sync::Arc;

use crate::model::body::{Body, Outline};

/// The texts of pages, by page index.
pub struct PageContents {
    /// For rendering. They are half of a build's memory.
    pub bodies: Vec<Arc<Body>>,
    /// For resolving and for lint rules.
    pub outlines: Vec<Arc<Outline>>,
}
