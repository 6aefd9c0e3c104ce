//! A new tree on its way, from the staging folder to the swap.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};

use anyhow::{Context, anyhow};

use super::context::cannot;
use super::hooks::step;
use super::siblings::{Lock, Siblings};

/// The staging folder. It is removed on drop unless it was swapped. The lock is released after that.
pub(super) struct Draft {
    pub(super) siblings: Siblings,
    _lock: Lock,
    pub(super) existed: bool,
    pub(super) intact_stamp: Option<String>,
    /// The program that makes the new tree.
    pub(super) program: String,
    pub(super) staged: bool,
    /// The thread that deletes the previous tree, or the error that prevented it.
    deletion: OnceLock<Result<JoinHandle<()>, String>>,
}

impl Draft {
    pub(super) fn new(
        siblings: Siblings,
        lock: Lock,
        existed: bool,
        intact_stamp: Option<String>,
        program: &str,
    ) -> Draft {
        let program = program.to_owned();
        Draft { siblings, _lock: lock, existed, intact_stamp, program, staged: true, deletion: OnceLock::new() }
    }

    /// Starts to delete the previous tree in the background, once. The current tree will take its path. A build without
    /// changes does not call this.
    pub(super) fn delete_previous(&self) -> anyhow::Result<()> {
        let Siblings { previous, trash, .. } = &self.siblings;
        let deletion = self.deletion.get_or_init(|| {
            match fs::rename(previous, trash) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                moved => moved.map_err(|e| e.to_string())?,
            }
            step("previous moved to trash");
            Ok(delete(trash))
        });
        match deletion {
            Ok(_) => Ok(()),
            Err(e) => Err(anyhow!("{e}").context(cannot("move", previous))),
        }
    }

    /// Starts to delete what is in the trash.
    pub(super) fn delete_trash(&self) {
        self.deletion.get_or_init(|| Ok(delete(&self.siblings.trash)));
    }

    /// Copies the folder's permissions, so that a lead desk that was made private stays private.
    pub(super) fn copy_permissions(&self) -> anyhow::Result<()> {
        #[cfg(unix)]
        if self.existed {
            use std::os::unix::fs::PermissionsExt;
            let Siblings { folder, staging, .. } = &self.siblings;
            let mode = fs::metadata(folder).map(|meta| meta.permissions().mode() | 0o700);
            mode.and_then(|mode| fs::set_permissions(staging, PermissionsExt::from_mode(mode)))
                .with_context(|| cannot("set the permissions of", staging))?;
        }
        Ok(())
    }

    pub(super) fn remove_staging(&mut self) -> io::Result<()> {
        self.staged = false;
        fs::remove_dir_all(&self.siblings.staging)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.staged {
            // If this fails, the next build removes it.
            let _ = self.remove_staging();
        }
        if let Some(Ok(thread)) = self.deletion.take() {
            let _ = thread.join();
        }
    }
}

/// Deletes a folder in the background. If this fails, the next build tries again and reports the error.
fn delete(folder: &Path) -> JoinHandle<()> {
    let folder = folder.to_owned();
    thread::spawn(move || drop(fs::remove_dir_all(folder)))
}
