//! `tagline report`: compiles the site as far as lead tags need, and counts the exports.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::compile::{Resolved, Scope, resolve};
use super::durable::{self, NewFile};
use super::inputs;
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Findings};
use crate::load::{self, Scan};
use crate::report::{self, InputError, Options, Report};

/// Why there is no report.
pub enum Unreported {
    /// The site has errors.
    Content(Vec<Diagnostic>),
    /// An export is wrong.
    Input(InputError),
}

/// What `report` writes besides its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saving {
    /// The recognized columns, in `site.yaml`.
    pub mapping: bool,
    /// The numbers of each lead tag, in `lead-figures.csv`, for the lead desk.
    pub figures: bool,
}

/// Writes what was requested into the site's folder. Returns the names of the files that changed.
///
/// # Errors
///
/// If a file cannot be written, or `site.yaml` has other settings for reports.
pub fn save(root: &Path, report: &Report, saving: Saving) -> anyhow::Result<Result<Vec<&'static str>, InputError>> {
    let mut written = Vec::new();
    if saving.mapping {
        let path = root.join(load::SITE_FILE);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        match report::with_mapping(&text, load::SITE_FILE, report) {
            Ok(Some(text)) => {
                durable::replace_files(root, &[NewFile::of_text(load::SITE_FILE, text)])
                    .context("cannot write `site.yaml`")?;
                written.push(load::SITE_FILE);
            }
            Ok(None) => {}
            Err(error) => return Ok(Err(error)),
        }
    }
    if saving.figures {
        let text = report.figures.to_csv();
        durable::replace_files(root, &[NewFile::of_text(load::FIGURES_FILE, text)])
            .context("cannot write `lead-figures.csv`")?;
        written.push(load::FIGURES_FILE);
    }
    Ok(Ok(written))
}

/// Writes a file whole: after a failure, the former one is unchanged.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).with_context(failed)?;
    fs::create_dir_all(folder).with_context(failed)?;
    durable::replace_files(folder, &[NewFile::of_text(name, text.to_owned())]).with_context(failed)
}

/// Counts what sales made of the leads. Writes nothing but the explained rows.
pub fn report(request: &Request, options: &Options) -> anyhow::Result<Result<Report, Unreported>> {
    let scan = load::scan(&request.root)?;
    let (inputs, mut findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return refused(findings, &scan) };
    let resolved = resolve(&inputs, &mut Scope::Explain, &mut findings)?.filter(|_| !findings.has_errors());
    let Some((Resolved { site, register: Some(checked), .. }, _)) = resolved else { return refused(findings, &scan) };
    match report::run(&site, &checked.register, options) {
        Ok(report) => Ok(Ok(report)),
        Err(error) => error.downcast().map(|error| Err(Unreported::Input(error))),
    }
}

fn refused(findings: Findings, scan: &Scan) -> anyhow::Result<Result<Report, Unreported>> {
    Ok(Err(Unreported::Content(complete(findings, scan)?)))
}
