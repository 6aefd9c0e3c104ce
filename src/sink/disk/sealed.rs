//! A complete new tree, and the step that makes it visible.

use std::fs;
use std::mem;

use anyhow::{Context, bail};

use super::context::cannot;
use super::draft::Draft;
use super::hooks::step;
use super::tree::{self, Entry, Manifest};

/// A new tree that is complete on disk and not visible yet. Dropping it leaves the folder unchanged.
pub struct SealedTree {
    pub(super) draft: Draft,
    pub(super) files: Vec<Entry>,
    /// Whether a file differs from the current tree.
    pub(super) changed: bool,
    /// Whether some file is now made from something else, with or without a difference.
    pub(super) has_new_origins: bool,
    pub(super) counts: FileCounts,
}

/// The number of files that a build wrote to one folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileCounts {
    /// All files of the new tree.
    pub files: usize,
    /// Files that kept their inode and mtime.
    pub unchanged: usize,
    /// Files of the old tree that are not in the new one.
    pub removed: usize,
}

impl SealedTree {
    /// Replaces the folder with the new tree in one step. [`Target::intact_stamp`] returns `stamp` (one line) from then
    /// on. If no file differs, the folder is not touched.
    ///
    /// # Errors
    ///
    /// If a file or folder cannot be written or renamed.
    pub fn swap(mut self, stamp: &str) -> anyhow::Result<FileCounts> {
        if stamp.contains('\n') {
            bail!("the stamp has a line break");
        }
        let SealedTree { draft, files, changed, has_new_origins, counts } = &mut self;
        if !*changed && !*has_new_origins && draft.intact_stamp.as_deref() == Some(stamp) {
            return Ok(*counts);
        }
        if !*changed {
            // Without a staging folder, recovery assigns the next manifest to the current tree.
            draft.remove_staging().with_context(|| cannot("remove", &draft.siblings.staging))?;
        }
        let siblings = &draft.siblings;
        let tree = if *changed { &siblings.staging } else { &siblings.folder };
        let manifest = Manifest {
            stamp: stamp.to_owned(),
            folder: tree::folder_id(tree).with_context(|| cannot("read the metadata of", tree))?,
            program: mem::take(&mut draft.program),
            files: mem::take(files),
        };
        manifest.write(&siblings.next).with_context(|| cannot("write", &siblings.next))?;
        step("manifest written");

        if *changed {
            if let Err(e) = siblings.replace(draft.existed) {
                if draft.existed && !siblings.folder.exists() {
                    // The second of two renames failed, and so did the rollback. The next build recovers.
                    draft.staged = false;
                } else {
                    // Removed before the staging tree, so that recovery never uses a partly deleted staging tree.
                    let _ = fs::remove_file(&siblings.next);
                }
                return Err(e);
            }
            // The staging path now contains the old tree.
            draft.staged = false;
            step("swapped");
        }
        siblings.finish()?;
        step("finished");
        Ok(*counts)
    }
}
