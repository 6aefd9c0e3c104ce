//! Resolves and renders a site of which some pages may have errors.

use std::sync::Arc;

use super::rendered::RenderedPages;
use super::versions::Versions;
use crate::diagnostics::{Diagnostic, Findings};
use crate::images::cache::{ImageCache, ImageWork};
use crate::load::{SITE_FILE, Sources};
use crate::model::site_path::SitePath;
use crate::pipeline::compile::{Compiled, Content, Resolved, picture_digests, site_options};
use crate::pipeline::inputs::Inputs;
use crate::pipeline::memo::Memo;
use crate::pipeline::register_file::{self, Reconciled};
use crate::register::CheckedRegister;
use crate::render::{self, Counts, Progress, RenderedSome};
use crate::resolve::{self, PageContents, Site};
use crate::sales::notes::{self, SalesNotes};
use crate::sink::DiscardSink;
use crate::theme::Theme;

/// A site whose pages can all be rendered.
pub struct Servable {
    pub compiled: Compiled,
    pub contents: PageContents,
    pub rendered: RenderedPages,
    pub counts: Counts,
    pub versions: Versions,
    /// The pages that are left out, by their paths below the root, each with its address.
    pub left_out: Vec<(String, Option<SitePath>)>,
}

/// What a site is compared with and checked by.
pub struct Surroundings<'s> {
    pub inputs: &'s Inputs<'s>,
    pub memo: &'s Memo,
    pub images: &'s ImageCache,
    /// The pages of the site that is served now. `None` if there is none yet.
    pub served: Option<&'s RenderedPages>,
    pub progress: Progress<'s>,
}

/// The site with one choice of versions.
struct Candidate {
    site: Site,
    contents: PageContents,
    notes: SalesNotes,
}

/// Why a candidate cannot be served.
enum Failure {
    /// Other versions of some pages have been chosen.
    OfPages,
    /// No choice of versions helps.
    OfSite,
}

/// Each choice leaves out pages, or shows older versions of them. Few sites need more than two.
const MAX_CHOICES: usize = 12;

/// Makes a site that can be served, without the pages that have errors and no earlier version. Returns `None` if the errors
/// concern the whole site.
pub fn make(
    surroundings: &Surroundings,
    content: Content,
    findings: &mut Findings,
) -> anyhow::Result<(Option<Servable>, Sources)> {
    let mut versions = Versions::default();
    for number in 0..MAX_CHOICES {
        let candidate = match surroundings.resolve(&content, &mut versions, number == 0, findings)? {
            Ok(candidate) => candidate,
            Err(Failure::OfPages) => continue,
            Err(Failure::OfSite) => break,
        };
        let rendered = RenderedPages::of(&candidate.site, &content.theme);
        let counts = match surroundings.render(&candidate, &content.theme, &rendered, &mut versions, findings)? {
            Ok(counts) => counts,
            Err(Failure::OfPages) => continue,
            Err(Failure::OfSite) => break,
        };
        let Candidate { site, contents, notes } = candidate;
        let Some(reconciled) = surroundings.reconcile(&site, content.register.as_ref(), &versions, findings) else {
            break;
        };
        let Content { sources, parsed, theme, register } = content;
        let picture_digests = picture_digests(&sources);
        let compiled = Resolved { site, theme, notes, register, picture_digests }.with(reconciled);
        let left_out = versions.left_out(&parsed);
        return Ok((Some(Servable { compiled, contents, rendered, counts, versions, left_out }), sources));
    }
    Ok((None, content.sources))
}

impl Surroundings<'_> {
    fn resolve(
        &self,
        content: &Content,
        versions: &mut Versions,
        is_first: bool,
        findings: &mut Findings,
    ) -> anyhow::Result<Result<Candidate, Failure>> {
        let Content { sources, parsed, theme, register: _ } = content;
        let config = &self.inputs.config;
        let parsed = versions.choose(parsed, self.memo);
        let (site, contents, mut diagnostics) =
            resolve::site(Arc::clone(config), parsed, sources, &theme.names, site_options(self.inputs));
        let (notes, in_notes) = notes::read(&site, sources);
        diagnostics.extend(in_notes);
        diagnostics.extend(self.images.process_all(&site.pictures, ImageWork::DecodeOnly, self.progress)?);
        // The first choice is the present state, whose problems are all reported.
        let mut of_choice = Findings::new(config.levels.clone());
        let found = if is_first { &mut *findings } else { &mut of_choice };
        found.extend(diagnostics);
        if found.so_far().iter().any(concerns_site) {
            return Ok(Err(Failure::OfSite));
        }
        let (new, has_changed) = versions.blame(found.so_far(), self.memo);
        if !is_first {
            findings.extend(new);
        }
        Ok(if has_changed { Err(Failure::OfPages) } else { Ok(Candidate { site, contents, notes }) })
    }

    /// Renders the pages that may have changed once, to find their errors.
    fn render(
        &self,
        candidate: &Candidate,
        theme: &Theme,
        rendered: &RenderedPages,
        versions: &mut Versions,
        findings: &mut Findings,
    ) -> anyhow::Result<Result<Counts, Failure>> {
        let Candidate { site, contents, notes: _ } = candidate;
        let changed = match self.served {
            Some(served) => served.changed(site, rendered),
            None => site.published().map(|(index, _)| index).collect(),
        };
        let RenderedSome { counts, diagnostics, failed, not_found_failed } =
            render::pages(site, &contents.bodies, theme, &changed, &DiscardSink, self.progress)?;
        let file = |index: &usize| site.pages[*index].page.file.as_str();
        // The errors of an old version are of no interest.
        if not_found_failed || failed.is_empty() || failed.iter().any(|index| versions.is_current(file(index))) {
            findings.extend(diagnostics);
        }
        // A page that has not changed fails because of the theme, and so does the page for unknown addresses.
        let is_unchanged = |index: &usize| self.served.is_some_and(|served| served.has(&site.pages[*index].page));
        if not_found_failed || failed.iter().any(is_unchanged) {
            return Ok(Err(Failure::OfSite));
        }
        failed.iter().for_each(|index| versions.demote(file(index).to_owned(), self.memo));
        Ok(if failed.is_empty() { Ok(counts) } else { Err(Failure::OfPages) })
    }

    /// Compares the lead tags with the register. A damaged register is reported, and nothing of it is shown.
    fn reconcile(
        &self,
        site: &Site,
        register: Option<&CheckedRegister>,
        versions: &Versions,
        findings: &mut Findings,
    ) -> Option<Reconciled> {
        let empty = CheckedRegister::default();
        let mut of_register = Findings::new(self.inputs.config.levels.clone());
        let register = register.unwrap_or(&empty);
        let reconciled = register_file::reconcile(self.inputs, site, Some(register), &mut of_register);
        // The lead tags of a page that is left out only seem to be removed.
        if reconciled.is_none() || !versions.leaves_out_pages() {
            findings.extend(of_register.into_diagnostics());
        }
        reconciled
    }
}

/// Whether a problem makes all pages wrong. A broken template renders nothing, so even a page without errors may lack
/// something.
fn concerns_site(diagnostic: &Diagnostic) -> bool {
    let file = diagnostic.files().next().unwrap_or_default();
    diagnostic.is_defect() && (file == SITE_FILE || file.starts_with("themes/"))
}
