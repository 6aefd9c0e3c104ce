//! Writes output folders atomically: files are staged one by one, then the complete new tree replaces the old one in one
//! step. Unchanged files keep their inode and mtime.
//!
//! If the process is killed, `public` is either the complete old tree or the complete new one, and the next
//! [`Target::open`] cleans up. Files are not flushed to disk, because an fsync for each of 10,000 files takes minutes.
//! After a power failure the tree may have to be built again.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

mod context;
mod draft;
mod hooks;
mod output_folders;
mod rebase;
mod sealed;
mod siblings;
mod staging;
mod tree;

use context::cannot;
use draft::Draft;
use hooks::step;
pub use output_folders::check_output_folders;
pub use sealed::{FileCounts, SealedTree};
use siblings::{Lock, Siblings};
pub use staging::Staging;
use tree::{Entry, Manifest};

/// An output folder, `public/` or `sales/`, locked against other builds.
pub struct Target {
    siblings: Siblings,
    lock: Lock,
    /// Whether the folder exists. It may be an empty folder that Tagline did not create.
    existed: bool,
    /// The files of the current tree.
    current: Vec<Entry>,
    intact_stamp: Option<String>,
    /// The program that wrote them.
    program: String,
}

impl Target {
    /// Locks the folder, completes or removes what a killed build left, and reads the length and mtime of each file of
    /// the current tree. Creates the folder's parent if necessary.
    ///
    /// # Errors
    ///
    /// If another build has locked the folder, or if the folder is a link, a file, or contains files that Tagline did not
    /// create.
    pub fn open(folder: impl Into<PathBuf>) -> anyhow::Result<Target> {
        let siblings = Siblings::new(&folder.into())?;
        // Checked first, so that no lock file is created next to a folder that is refused.
        if siblings.folder_exists()? && !siblings.manifest.exists() && !siblings.next.exists() {
            tree::require_empty(&siblings.folder)?;
        }
        let lock = siblings.lock()?;
        siblings.recover()?;

        let existed = siblings.folder_exists()?;
        let manifest = Manifest::read_any(&siblings.manifest).with_context(|| {
            let (manifest, folder) = (siblings.manifest.display(), siblings.folder.display());
            format!("cannot read `{manifest}`; delete it and `{folder}`, and build again")
        })?;
        let mut target =
            Target { siblings, lock, existed, current: Vec::new(), intact_stamp: None, program: String::new() };
        match manifest.filter(|_| existed) {
            Some(manifest) => target.read_current(manifest)?,
            None if existed => tree::require_empty(&target.siblings.folder)?,
            None => {}
        }
        Ok(target)
    }

    fn read_current(&mut self, manifest: Manifest) -> anyhow::Result<()> {
        let Manifest { stamp, folder: _, program, files } = manifest;
        self.current = tree::own_files(&self.siblings.folder, &files)?;
        self.intact_stamp = Some(stamp).filter(|_| files == self.current);
        self.program = program;
        Ok(())
    }

    /// Returns the stamp of the last build if the folder still contains exactly its files, with the same lengths and
    /// mtimes. A build with the same stamp then has nothing to write.
    pub fn intact_stamp(&self) -> Option<&str> {
        self.intact_stamp.as_deref()
    }

    /// Returns whether the folder has files with an origin that this program wrote.
    pub fn has_files_to_keep(&self, program: &str) -> bool {
        self.program == program && self.current.iter().any(|file| file.origin.is_some())
    }

    /// Starts a new tree. `program` (one line) identifies the program: files of another program are not reused, because it
    /// may have made them differently.
    ///
    /// # Errors
    ///
    /// If the staging folder cannot be created.
    pub fn stage(self, program: &str) -> anyhow::Result<Staging> {
        let Target { siblings, lock, existed, mut current, intact_stamp, program: last_program } = self;
        if program != last_program {
            current.iter_mut().for_each(|file| file.origin = None);
        }
        fs::create_dir(&siblings.staging).with_context(|| cannot("create", &siblings.staging))?;
        let draft = Draft::new(siblings, lock, existed, intact_stamp, program);
        draft.copy_permissions()?;
        step("staging created");
        Ok(Staging::new(draft, current))
    }
}

#[cfg(test)]
mod kill_tests;
#[cfg(test)]
mod tests;
