//! Images of pages: detects what an image file is ([`inspect`]), plans the files to publish ([`plan`]), and creates each of
//! them once ([`cache`]).
//!
//! A photograph becomes WebP files in several widths and one file in its own format, all upright and without metadata. An
//! SVG is published without scripts and external references. Animated images are published unchanged.

pub mod cache;
mod container;
mod encode;
pub mod inspect;
pub mod plan;
mod svg;

use std::collections::BTreeMap;

use self::plan::DerivedImage;
use crate::model::address::SitePath;
use crate::model::picture::Place;

/// The version of the recipes. Increase it when images are created differently: all of them get new URLs and are created
/// again.
const RECIPES: &str = "1";

/// The image files that a site publishes.
#[derive(Debug, Default)]
pub struct DerivedImages {
    /// By path on the site.
    pub files: BTreeMap<SitePath, DerivedImage>,
    /// The first use of each source image, by its digest. Diagnostics point there.
    pub first_use: BTreeMap<String, Place>,
}
