//! Makes a new tree of the previous one. If builds differ in few files, most files of the previous tree are the same files as
//! those of the current tree, so this is quicker than a new folder and a new link for each.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;

use super::context::cannot;
use super::hooks::step;
use super::siblings::Siblings;
use super::tree::{self, Entry, FolderScan};

/// Puts the previous tree in the place of the staging tree, without the files that are not the same as in the current
/// tree. The files that were staged are in the trash then. Returns for each entry of `kept`, which is sorted, whether the
/// new tree has it; `None` if there is no previous tree to start from.
pub(super) fn start_from_previous(siblings: &Siblings, kept: &[Entry]) -> anyhow::Result<Option<Vec<bool>>> {
    let Siblings { staging, previous, trash, .. } = siblings;
    if !fs::symlink_metadata(previous).is_ok_and(|metadata| metadata.is_dir()) {
        return Ok(None);
    }
    let FolderScan { files, others } = tree::scan(previous, "")?;
    if !others.is_empty() {
        return Ok(None);
    }
    let mut has = vec![false; kept.len()];
    let mut outdated = Vec::new();
    for file in files {
        let index = tree::find(kept, &file.path).filter(|&index| kept[index].is_same_file(&file));
        match index {
            Some(index) => has[index] = true,
            None => outdated.push(file.path),
        }
    }
    rename(staging, trash)?;
    rename(previous, staging)?;
    step("previous is staging");
    outdated.par_iter().try_for_each(|path| remove(staging, path))?;
    Ok(Some(has))
}

/// Moves a file that was staged back from the trash.
pub(super) fn restore(siblings: &Siblings, path: &str) -> anyhow::Result<()> {
    rename(&siblings.trash.join(path), &siblings.staging.join(path))
}

/// Removes a file, and the folders that are empty then.
fn remove(tree: &Path, path: &str) -> anyhow::Result<()> {
    let file = tree.join(path);
    fs::remove_file(&file).with_context(|| cannot("remove", &file))?;
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != tree) {
        match fs::remove_dir(folder) {
            // Another thread may have removed it.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(_) => break,
            Ok(()) => {}
        }
    }
    Ok(())
}

fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot rename `{}` to `{}`", from.display(), to.display()))
}
