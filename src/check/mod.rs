//! What a site can be built with and people should know all the same: a resolved site comes in, advice goes out. Only
//! `tagline check` asks for it.

mod contrast;
pub mod leads;
pub mod outside;
pub mod pages;
mod placeholders;
pub mod safety;
pub mod secrets;
pub mod sources;
mod widths;

use rayon::prelude::*;

use crate::register::Changes;
use crate::render::theme::Theme;
use crate::resolve::Site;
use crate::sales::notes::SalesNotes;
use crate::word::diagnostic::Diagnostic;

/// What the rules read: a site as far as it could be resolved. A page that is `broken` is held against no rule that
/// goes by what is missing, for it may only be unreadable.
pub struct Checked<'c> {
    pub site: &'c Site,
    pub theme: &'c Theme,
    pub notes: &'c SalesNotes,
    /// What the next build would do to the tag register; None where there is none yet, where a mistake leaves that open,
    /// in a preview, and with `--locked`, which refuses all of it.
    pub changes: Option<&'c Changes>,
}

/// Every rule, each by its name.
pub fn all(checked: &Checked) -> Vec<Diagnostic> {
    let rules: [fn(&Checked) -> Vec<Diagnostic>; 11] = [
        leads::owner,
        pages::summaries,
        pages::twins,
        pages::lengths,
        pages::headings,
        pages::alt_texts,
        pages::heavy_images,
        pages::link_texts,
        safety::foreign_scripts,
        contrast::contrast,
        placeholders::placeholders,
    ];
    rules.par_iter().flat_map_iter(|rule| rule(checked)).collect()
}
