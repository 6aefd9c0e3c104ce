//! What `tagline report` may write: new files, and those that an earlier report wrote.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use crate::load::{CHECKSUM_FILE, FIGURES_FILE, FOLDERS, REGISTER_FILE, SITE_FILE};
use crate::report::{EXPLAINED_COLUMNS, PAGE_GENERATOR};

/// The first bytes of a file, by which it is recognized.
const HEAD: u64 = 512;

/// A file that an option names.
#[derive(Clone, Copy)]
pub struct Output<'p> {
    pub option: &'static str,
    pub path: &'p Path,
    pub kind: OutputKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    Page,
    ExplainedRows,
    /// The site's own file of figures.
    Figures,
}

/// Refuses to write over inputs, files of the site and files that no report wrote.
///
/// # Errors
///
/// If an output is one of these, or two outputs are the same file.
pub fn check_outputs(root: &Path, inputs: &[&Path], outputs: &[Output]) -> anyhow::Result<()> {
    let root = real(root);
    for (index, output) in outputs.iter().enumerate() {
        let (path, named) = (real(output.path), format!("`{} {}`", output.option, output.path.display()));
        if let Some(input) = inputs.iter().find(|input| real(input) == path) {
            bail!("{named} would replace `{}`, which is read; write to another file", input.display());
        }
        if let Some(other) = outputs[..index].iter().find(|other| real(other.path) == path) {
            bail!("`{}` and {named} are the same file; write to two files", other.option);
        }
        if output.kind != OutputKind::Figures {
            check_place(&root, &path, &named)?;
            check_existing(&path, output, &named)?;
        }
    }
    Ok(())
}

fn check_place(root: &Path, path: &Path, named: &str) -> anyhow::Result<()> {
    let Ok(below) = path.strip_prefix(root) else { return Ok(()) };
    for file in [SITE_FILE, REGISTER_FILE, CHECKSUM_FILE, FIGURES_FILE] {
        ensure!(below != Path::new(file), "{named} would replace `{file}` of the site; write to another file");
    }
    for folder in FOLDERS {
        ensure!(
            !below.starts_with(folder),
            "{named} is in `{folder}/`, which is a source of the site; write to another folder"
        );
    }
    Ok(())
}

fn check_existing(path: &Path, output: &Output, named: &str) -> anyhow::Result<()> {
    let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
    ensure!(metadata.is_file(), "{named} is no file; write to a file");
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read `{}`", output.path.display()))?;
    file.take(HEAD).read_to_end(&mut head).with_context(|| format!("cannot read `{}`", output.path.display()))?;
    let is_own = match output.kind {
        OutputKind::Page => memchr::memmem::find(&head, PAGE_GENERATOR.as_bytes()).is_some(),
        OutputKind::ExplainedRows => head.starts_with(format!("{}\n", EXPLAINED_COLUMNS.join(",")).as_bytes()),
        OutputKind::Figures => true,
    };
    ensure!(is_own, "{named} exists, and was not written by this option; delete it, or write to another file");
    Ok(())
}

/// Returns a path without links, also of a file that does not exist yet.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (absolute.parent(), absolute.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        // The folder before `..` does not exist yet.
        (Some(folder), None) => real(folder).parent().map_or(absolute.clone(), Path::to_owned),
        _ => absolute,
    }
}
