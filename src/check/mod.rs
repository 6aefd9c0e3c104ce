//! What a site can be built with and people should know all the same: a resolved site comes in, advice goes out. Only
//! `tagline check` asks for it; `secrets` alone stands guard over every build.

mod blocked;
mod contrast;
pub mod external;
pub mod ga4;
pub mod leads;
pub mod pages;
mod placeholders;
pub mod safety;
pub mod secrets;
pub mod sources;
mod widths;

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;
use crate::register::Changes;
use crate::resolve::Site;
use crate::rules::Rule;
use crate::sales::notes::SalesNotes;
use crate::theme::Theme;

/// What the rules read: a site as far as it could be resolved. A page that is `broken` is held against no rule that
/// goes by what is missing, for it may only be unreadable.
pub struct Checked<'c> {
    pub site: &'c Site,
    pub theme: &'c Theme,
    pub notes: &'c SalesNotes,
    /// What was found before.
    pub told: &'c [Diagnostic],
    /// What the next build would do to the tag register; None where there is none yet, where a mistake leaves that open,
    /// in a preview, and with `--locked`, which refuses all of it.
    pub changes: Option<&'c Changes>,
}

impl Checked<'_> {
    /// Whether a mistake is told already from which another would seem to follow.
    fn is_told(&self, rule: Rule) -> bool {
        self.told.iter().any(|diagnostic| diagnostic.rule == rule)
    }
}

/// Every rule, each by its name.
pub fn all(checked: &Checked) -> Vec<Diagnostic> {
    let rules: [fn(&Checked) -> Vec<Diagnostic>; 26] = [
        leads::ctas_shown,
        leads::coupons,
        leads::ends_soon,
        leads::ended,
        leads::owner,
        leads::consent,
        leads::notes,
        ga4::unassigned,
        ga4::contradicted,
        ga4::telling_ids,
        sources::spellings,
        sources::utm_within_site,
        sources::own_utm,
        sources::unused_channels,
        sources::register_outdated,
        pages::summaries,
        pages::twins,
        pages::lengths,
        pages::headings,
        pages::alt_texts,
        pages::heavy_images,
        pages::link_texts,
        safety::foreign_scripts,
        blocked::blocked_by_policy,
        contrast::contrast,
        placeholders::placeholders,
    ];
    rules.par_iter().flat_map_iter(|rule| rule(checked)).collect()
}
