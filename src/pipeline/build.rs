//! `tagline build`: writes `public/` and `sales/`, and updates the tag register.

use std::time::SystemTime;

use super::compile::{Bodies, Compiled, Pictures, Scope, compile};
use super::freshness;
use super::inputs::{self, Inputs};
use super::outcome::{Outcome, RunSummary};
use super::program::program;
use super::register_file::{self, RegisterWritten};
use super::register_lock::RegisterLock;
use super::request::Request;
use super::write::{Sinks, StagedFolder, write};
use crate::body_store::outline_cache::OutlineCache;
use crate::diagnostics::Findings;
use crate::images::cache::ImageCache;
use crate::load;
use crate::render::{Counts, Progress};
use crate::sink::disk::{self, Staging, Target};

/// Builds a site. Nothing is written if it has errors, or if nothing changed since the last build.
pub fn build(request: &Request, progress: Progress) -> anyhow::Result<Outcome> {
    Ok(build_if(request, progress, |_| Ok(()))?.0)
}

/// Builds a site if `check` finds nothing wrong. Returns what it returned, or `None` if `site.yaml` has errors.
pub fn build_if<T>(
    request: &Request,
    progress: Progress,
    check: impl FnOnce(&Inputs) -> anyhow::Result<T>,
) -> anyhow::Result<(Outcome, Option<T>)> {
    disk::check_output_folders(&request.root, &request.output, &request.sales)?;
    let _lock = writes(request).then(|| RegisterLock::acquire(&request.root));
    let started = SystemTime::now();
    let scan = load::scan(&request.root)?;
    let (inputs, findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Ok((Outcome::refused(findings, &scan)?, None)) };
    let checked = check(&inputs)?;
    Ok((build_inputs(&inputs, findings, started, progress)?, Some(checked)))
}

fn build_inputs(
    inputs: &Inputs,
    mut findings: Findings,
    started: SystemTime,
    progress: Progress,
) -> anyhow::Result<Outcome> {
    let &Inputs { request, scan, .. } = inputs;
    let (public, sales) = (Target::open(&request.output)?, Target::open(&request.sales)?);
    if let Some(summary) = freshness::up_to_date(inputs, &public, &sales) {
        return Ok(Outcome { summary: Some(summary), diagnostics: Vec::new() });
    }
    let cache = ImageCache::new(&scan.root);
    let program = program();
    // Without pages to keep, each page is rendered, and a text that is only parsed then is read twice.
    let outlines = match public.has_files_to_keep(&program) {
        true => OutlineCache::open(&scan.root, &program),
        false => OutlineCache::empty(&scan.root, &program),
    };
    let scope = Scope::Build(Pictures { cache: &cache, progress }, &outlines);
    let Some((compiled, bodies)) = compile(inputs, scope, &mut findings)? else {
        return Outcome::refused(findings, scan);
    };
    outlines.save();
    let staged = Staged { public: public.stage(&program)?, sales: sales.stage(&program)? };
    let counts = staged.write(scan, &compiled, bodies, &cache, progress, &mut findings)?;
    if findings.has_errors() {
        return Outcome::refused(findings, scan);
    }
    let summary = staged.publish(inputs, &compiled, counts, started, &findings)?;
    cache.prune(&compiled.picture_digests)?;
    // The program ends here. Freeing 10,000 pages would only take time.
    std::mem::forget(compiled);
    Outcome::finished(summary, findings, scan)
}

/// Whether a build may write the tag register.
fn writes(request: &Request) -> bool {
    !request.preview && !request.locked && !request.keeps_register
}

/// The two output folders before they are visible.
struct Staged {
    public: Staging,
    sales: Staging,
}

impl Staged {
    fn write(
        &self,
        scan: &load::Scan,
        compiled: &Compiled,
        bodies: Bodies,
        cache: &ImageCache,
        progress: Progress,
        findings: &mut Findings,
    ) -> anyhow::Result<Counts> {
        let public = StagedFolder { staging: &self.public, images: cache };
        let sales = StagedFolder { staging: &self.sales, images: cache };
        write(scan, compiled, bodies, Sinks { public: &public, sales: &sales }, progress, findings)
    }

    /// Makes the new folders visible and writes the register. Everything that can fail for lack of space happens before
    /// anything becomes visible.
    fn publish(
        self,
        inputs: &Inputs,
        compiled: &Compiled,
        counts: Counts,
        started: SystemTime,
        findings: &Findings,
    ) -> anyhow::Result<RunSummary> {
        let (public, sales) = (self.public.seal()?, self.sales.seal()?);
        let written = register_file::write(inputs, &compiled.changes, compiled.listing)?;
        let summary = RunSummary::new(compiled, counts, written);
        // Every build reports its warnings, so one with warnings is never skipped. Neither is one that left an outdated
        // register, or a register in another order, as a merge leaves it: `tags` sorts that.
        let register_written = written == RegisterWritten::Yes;
        let is_listed = compiled.listing.outdated().is_none();
        let register_is_current = register_written || compiled.changes.is_empty() && is_listed;
        let is_repeatable = findings.so_far().is_empty() && register_is_current;
        let stamp = match is_repeatable && freshness::is_settled(inputs.scan, started) {
            true => freshness::stamp(inputs, register_written, &summary),
            false => "none".to_owned(),
        };
        sales.swap(&stamp)?;
        public.swap(&stamp)?;
        Ok(summary)
    }
}
