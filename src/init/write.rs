//! Files that were not there before: none is ever overwritten.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::diagnostics::list;

/// How many files that are in the way are named; one more than that is named, too.
const NAMED: usize = 4;

/// A file to write.
pub struct NewFile {
    /// Below a root, parts joined by `/`.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Writes all of them below a folder, which is made if it is not there, or none.
///
/// # Errors
///
/// Where one of them is there already, before anything is written; and where one cannot be written, which takes the
/// others away again.
pub fn all_or_none(root: &Path, files: &[NewFile]) -> anyhow::Result<()> {
    let there: Vec<&str> =
        files.iter().map(|file| file.path.as_str()).filter(|path| root.join(path).symlink_metadata().is_ok()).collect();
    if !there.is_empty() {
        let (is, it) = if there.len() == 1 { ("is", "it") } else { ("are", "them") };
        let named = match there.split_at_checked(NAMED) {
            Some((first, [_, _, ..])) => {
                let first: Vec<String> = first.iter().map(|path| format!("`{path}`")).collect();
                format!("{} and {} more", first.join(", "), there.len() - NAMED)
            }
            _ => list(there),
        };
        anyhow::bail!(
            "{named} {is} in `{}` already, and nothing is ever overwritten; move {it} away, or choose another place",
            root.display()
        );
    }
    let mut written = Vec::new();
    let result = files.iter().try_for_each(|file| write(root, file, &mut written));
    if result.is_err() {
        // What cannot be taken away again stays; the first error says more than a second would.
        written.iter().for_each(|path| drop(fs::remove_file(path)));
    }
    result
}

fn write(root: &Path, file: &NewFile, written: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let path = root.join(&file.path);
    let cannot = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(cannot)?;
    }
    // Somebody else may have written it in between.
    let mut new = OpenOptions::new().write(true).create_new(true).open(&path).with_context(cannot)?;
    written.push(path.clone());
    new.write_all(&file.bytes).with_context(cannot)
}
