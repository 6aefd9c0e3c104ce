//! `tagline check`: reports every problem of a site, also where errors prevent a build.

use std::collections::HashSet;

use rayon::prelude::*;

use super::compile::{Pictures, Resolved, Scope, check_pictures, resolve};
use super::inputs::{self, Inputs};
use super::outcome::{Outcome, RunSummary};
use super::register_file::{self, Reconciled, RegisterWritten};
use super::request::Request;
use super::write::{Sinks, report_secrets, write};
use crate::body_store::StoredBody;
use crate::check::external::{self, LinkCheckOptions};
use crate::check::safety::secrets::SecretScanner;
use crate::check::{self, CheckContext};
use crate::diagnostics::{Diagnostic, Findings};
use crate::images::cache::ImageCache;
use crate::load::{self, Scan};
use crate::model::body::Body;
use crate::register::Register;
use crate::render::{self, Progress};
use crate::resolve::{PageContents, SitePage};
use crate::sink::DiscardSink;
use crate::site_files;

/// Checks a site with all rules, and renders it without writing anything. With `link_options`, external links are checked too.
pub fn check(
    request: &Request,
    progress: Progress,
    link_options: Option<&LinkCheckOptions>,
) -> anyhow::Result<Outcome> {
    let scan = load::scan(&request.root)?;
    let (inputs, mut findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Outcome::refused(findings, &scan) };
    let cache = ImageCache::new(&scan.root);
    let mut scope = Scope::Check(Pictures { cache: &cache, progress });
    let Some((resolved, contents)) = resolve(&inputs, &mut scope, &mut findings)? else {
        return Outcome::refused(findings, &scan);
    };
    check_pictures(&resolved.site, &scope, &mut findings)?;
    let reconciled = register_file::reconcile(&inputs, &resolved.site, resolved.register.as_ref(), &mut findings);
    lint(&inputs, &resolved, &contents, reconciled.as_ref(), link_options, &mut findings)?;
    let Some(reconciled) = reconciled else {
        render_sound_pages(&scan, &resolved, &contents.bodies, progress, &mut findings)?;
        return Outcome::refused(findings, &scan);
    };
    let compiled = resolved.with(reconciled);
    let sinks = Sinks { public: &DiscardSink, sales: &DiscardSink };
    let counts = write(&scan, &compiled, contents.bodies, sinks, progress, &mut findings)?;
    Outcome::finished(RunSummary::new(&compiled, counts, RegisterWritten::No), findings, &scan)
}

/// Applies the lint rules, also to a site with errors.
fn lint(
    inputs: &Inputs,
    resolved: &Resolved,
    contents: &PageContents,
    reconciled: Option<&Reconciled>,
    link_options: Option<&LinkCheckOptions>,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let Resolved { site, theme, notes, register, picture_digests: _ } = resolved;
    let Request { preview, locked, .. } = *inputs.request;
    // A site without a register, a preview and `--locked` have no changes to warn about.
    let has_register = register.as_ref().is_some_and(|checked| !checked.register.rows().is_empty());
    let changes = reconciled.map(|reconciled| &reconciled.changes).filter(|_| has_register && !preview && !locked);
    let bodies: Vec<Body> = contents.bodies.par_iter().map(StoredBody::read).collect::<anyhow::Result<_>>()?;
    let outlines = &contents.outlines;
    let context = CheckContext { site, bodies: &bodies, outlines, theme, notes, reported: findings.so_far(), changes };
    let mut diagnostics = check::all(&context);
    if let Some(link_options) = link_options {
        diagnostics.extend(external::check_links(site, outlines, &inputs.scan.root, link_options)?);
    }
    let listing = register.as_ref().map(|checked| checked.listing).filter(|_| !preview && !locked);
    diagnostics.extend(listing.and_then(|listing| listing.outdated()));
    findings.extend(diagnostics);
    Ok(())
}

/// Renders the pages without errors of a site that has some, so that one run also reports errors in templates, and
/// secrets.
fn render_sound_pages(
    scan: &Scan,
    resolved: &Resolved,
    bodies: &[StoredBody],
    progress: Progress,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let Resolved { site, theme, .. } = resolved;
    let defects = findings.so_far().iter().filter(|diagnostic| diagnostic.is_defect());
    let defective: HashSet<&str> = defects.flat_map(Diagnostic::files).collect();
    // With a defective template or stylesheet most pages would have errors that follow from it.
    if defective.iter().any(|file| file.starts_with("themes/")) {
        return Ok(());
    }
    let is_sound = |page: &SitePage| !page.page.broken && !defective.contains(page.page.source.path.as_str());
    let sound: Vec<usize> = site.published().filter(|(_, page)| is_sound(page)).map(|(index, _)| index).collect();
    let scanner = SecretScanner::new(&DiscardSink);
    let rendered = render::pages(site, bodies, theme, &sound, &scanner, progress)?;
    site_files::write(site, theme, &Register::default(), &scanner)?;
    findings.extend(rendered.diagnostics);
    report_secrets(scanner, scan, findings)
}
