//! The texts of a site's pages, apart from the site: a command drops them when it does not need them any more.

use std::sync::Arc;

use crate::body_store::StoredBody;
use crate::model::body::Outline;

/// The texts of pages, by page index.
pub struct PageContents {
    /// For rendering.
    pub bodies: Vec<StoredBody>,
    /// For resolving and for lint rules.
    pub outlines: Vec<Arc<Outline>>,
}
