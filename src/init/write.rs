//! Writes new files. Existing files are never overwritten.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::diagnostics::list;

/// The maximum number of existing files that the error message names; one more is named if it is the last.
const MAX_NAMED: usize = 4;

/// A file to write.
#[derive(Debug)]
pub struct NewFile {
    /// Relative to the root, with `/` as separator.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Writes all files, or none. Creates the root folder if it does not exist.
///
/// # Errors
///
/// If one of the files exists; nothing is written then. If a file cannot be written; the files written so far are
/// removed then.
pub fn new_files(root: &Path, files: &[NewFile]) -> anyhow::Result<()> {
    let existing: Vec<&str> =
        files.iter().map(|file| file.path.as_str()).filter(|path| root.join(path).symlink_metadata().is_ok()).collect();
    if !existing.is_empty() {
        let (verb, them) = if existing.len() == 1 { ("exists", "it") } else { ("exist", "them") };
        anyhow::bail!(
            "{} already {verb} in `{}`; move {them} or choose another folder",
            first_names(&existing),
            root.display()
        );
    }
    let mut written = Vec::new();
    let result = files.iter().try_for_each(|file| write(root, file, &mut written));
    if result.is_err() {
        // A file that cannot be removed stays. The first error is the important one.
        written.iter().for_each(|path| drop(fs::remove_file(path)));
    }
    result
}

/// Returns `` `a`, `b`, `c`, `d` and 3 more ``.
fn first_names(paths: &[&str]) -> String {
    match paths.split_at_checked(MAX_NAMED) {
        Some((first, [_, _, ..])) => {
            let first: Vec<String> = first.iter().map(|path| format!("`{path}`")).collect();
            format!("{} and {} more", first.join(", "), paths.len() - MAX_NAMED)
        }
        _ => list(paths.iter().copied()),
    }
}

fn write(root: &Path, file: &NewFile, written: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let path = root.join(&file.path);
    let cannot_write = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(cannot_write)?;
    }
    // `create_new` fails if another process created the file meanwhile.
    let mut new = OpenOptions::new().write(true).create_new(true).open(&path).with_context(cannot_write)?;
    written.push(path.clone());
    new.write_all(&file.bytes).with_context(cannot_write)
}
