//! The pictures that pages show: what their files are ([`file`]), which files they are published as ([`plan`]), and how
//! these are made, each once ([`cache`]).
//!
//! A photograph becomes a few WebP files for screens of several widths and one in its own format, upright and without
//! metadata; an SVG is published without what could run or load something; what moves stays as it is.

pub mod cache;
mod container;
mod encode;
pub mod file;
pub mod plan;
mod svg;

use std::collections::BTreeMap;

use self::plan::Making;
use crate::model::address::SitePath;
use crate::model::picture::Place;

/// Counts how pictures are made: with another number all are made anew, at other addresses.
const RECIPES: &str = "1";

/// The files that are made of the pictures that a site shows.
#[derive(Debug, Default)]
pub struct Pictures {
    /// By their addresses.
    pub made: BTreeMap<SitePath, Making>,
    /// Where each picture is first shown, by its digest.
    pub shown_at: BTreeMap<String, Place>,
}
