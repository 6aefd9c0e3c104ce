//! Writes the files of a compiled site into sinks: `public/`, searched for secrets, and `sales/`.

use std::path::Path;

use rayon::prelude::*;

use super::compile::{Bodies, Compiled};
use crate::check::safety::secrets::SecretScanner;
use crate::diagnostics::Findings;
use crate::images::cache::ImageCache;
use crate::images::plan::DerivedImage;
use crate::load::Scan;
use crate::model::site_path::SitePath;
use crate::render::{self, Counts, Progress};
use crate::sales;
use crate::sink::disk::Staging;
use crate::sink::{Origin, Sink, WritePieces};

/// The two sinks of a run.
pub struct Sinks<'s> {
    pub public: &'s dyn Sink,
    pub sales: &'s dyn Sink,
}

/// Writes `public/` and `sales/`. The bodies of pages are half of the memory, so they are freed before the files for
/// sales are written, which are few and large.
pub fn write(
    scan: &Scan,
    compiled: &Compiled,
    bodies: Bodies,
    sinks: Sinks,
    progress: Progress,
    findings: &mut Findings,
) -> anyhow::Result<Counts> {
    let Compiled { site, theme, notes, changes, .. } = compiled;
    let scanner = SecretScanner::new(sinks.public);
    let (rendered, for_sales) = rayon::join(
        || render::site(site, &bodies, theme, &changes.register, &scanner, progress),
        || sales::fingerprint(site, &changes.register, notes),
    );
    let (counts, diagnostics) = rendered?;
    findings.extend(diagnostics);
    report_secrets(scanner, scan, findings)?;
    bodies.into_par_iter().for_each(drop);
    sales::write(site, &changes.register, notes, for_sales, sinks.sales)?;
    Ok(counts)
}

/// Reports the secrets in what was written into `public/`, and masks them in all diagnostics.
pub fn report_secrets(scanner: SecretScanner, scan: &Scan, findings: &mut Findings) -> anyhow::Result<()> {
    let secrets = scanner.finish();
    findings.extend(secrets.diagnostics(scan)?);
    findings.mask(secrets.mask());
    Ok(())
}

/// A folder on disk that becomes visible when it is complete.
pub struct StagedFolder<'t> {
    pub staging: &'t Staging,
    pub images: &'t ImageCache,
}

impl Sink for StagedFolder<'_> {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.staging.put(&path.file(), &bytes, None)
    }

    fn put_made_from(&self, path: &SitePath, bytes: Vec<u8>, origin: &Origin) -> anyhow::Result<()> {
        self.staging.put(&path.file(), &bytes, Some(origin))
    }

    fn last_origin(&self, path: &SitePath) -> Option<&Origin> {
        self.staging.last_origin(&path.file())
    }

    fn keep(&self, path: &SitePath) {
        self.staging.keep(&path.file());
    }

    fn keep_all(&self, fingerprint: u128) -> bool {
        self.staging.keep_all(fingerprint)
    }

    fn put_pieces(&self, path: &SitePath, origin: Option<&Origin>, write: WritePieces) -> anyhow::Result<()> {
        self.staging.put_pieces(&path.file(), origin, write)
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.staging.put_copy(&path.file(), from)
    }

    fn put_image(&self, path: &SitePath, making: &DerivedImage) -> anyhow::Result<()> {
        let content = self.images.content(making).map_err(|failure| failure.unexpected(making))?;
        self.put(path, content)
    }
}
