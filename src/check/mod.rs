//! Lint rules: problems that do not prevent a build. A resolved site comes in, diagnostics come out.
//!
//! Only `tagline check` runs them, except `safety::secrets`, which guards every build. A file finds the rules of the
//! family with its name in `src/rules/`.

mod context;
pub mod external;
mod figures;
mod languages;
mod leads;
mod legal;
mod pages;
mod register;
pub mod safety;
mod sources;
mod values;
mod versions;

use rayon::prelude::*;

pub use self::context::CheckContext;
use self::pages::{blocks, contrast, headings, images, link_text, markup, placeholders, titles};
use self::safety::{csp, scripts};
use self::sources::{channels, consent, ga4, utm};
use crate::diagnostics::Diagnostic;
use crate::resolve::drop_inherited;

/// Runs every rule except those for external links.
pub fn all(context: &CheckContext) -> Vec<Diagnostic> {
    let rules: [fn(&CheckContext) -> Vec<Diagnostic>; 44] = [
        leads::unshown_ctas,
        leads::ctas_lost_in_translation,
        leads::early_coupons,
        leads::ending_campaigns,
        leads::ended_campaigns,
        leads::ended_announcement,
        leads::gate_without_key,
        leads::missing_owner,
        leads::missing_consent,
        leads::missing_notes,
        figures::campaigns_without_wins,
        legal::missing_privacy_page,
        legal::missing_imprint,
        ga4::unassigned_channels,
        ga4::unexpected_groups,
        ga4::ids_that_change_groups,
        channels::inconsistent_spellings,
        channels::unused_channels,
        utm::utm_on_internal_links,
        utm::overridden_utm,
        consent::missing_banner,
        register::outdated_register,
        titles::missing_summaries,
        titles::duplicate_titles,
        titles::truncated_titles,
        languages::untranslated_pages,
        languages::untranslated_settings,
        languages::untranslated_texts,
        languages::outdated_translations,
        versions::unseen_versions,
        versions::decided_tests,
        headings::heading_order,
        images::missing_alt_texts,
        images::heavy_images,
        images::unsuitable_icon,
        link_text::vague_link_texts,
        contrast::low_contrast,
        placeholders::placeholders,
        blocks::incomplete_blocks,
        markup::failed_markup,
        scripts::third_party_scripts,
        csp::blocked_by_policy,
        values::read_as_another_value,
        values::lookalike_characters,
    ];
    let mut diagnostics = rules.par_iter().flat_map_iter(|rule| rule(context)).collect();
    drop_inherited(context.site.pages.iter().map(|page| &*page.page), &mut diagnostics);
    diagnostics
}
