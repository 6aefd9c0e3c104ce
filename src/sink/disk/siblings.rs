//! The hidden files and folders next to an output folder, the renames that replace the folder, and the recovery after a
//! killed build.
//!
//! The manifest of a new tree is complete at `next` before the tree becomes visible, and moves to `manifest` after that.
//! If `next` is complete and contains the folder's inode, the swap was done but not finished.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::context::cannot;
use super::hooks::{may_exchange, step};
use super::tree::{Manifest, folder_id};

/// The paths next to `public`.
pub(super) struct Siblings {
    pub(super) folder: PathBuf,
    /// `.public.staging`: the new tree while it is being written.
    pub(super) staging: PathBuf,
    /// `.public.previous`: the tree before the current one.
    pub(super) previous: PathBuf,
    /// `.public.trash`: an older tree that is being deleted.
    pub(super) trash: PathBuf,
    /// `.public.manifest`: the files of the current tree.
    pub(super) manifest: PathBuf,
    /// `.public.manifest.next`: the files of the new tree, until the swap is finished.
    pub(super) next: PathBuf,
    /// `.public.lock`. It is never deleted, because another build may be about to lock it.
    lock: PathBuf,
}

/// The build lock. It is released when it is dropped or when the process ends.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that is just being started has it open too.
        let _ = self.0.unlock();
    }
}

impl Siblings {
    pub(super) fn new(folder: &Path) -> anyhow::Result<Siblings> {
        let Some(name) = folder.file_name() else {
            bail!("`{}` is not a folder name", folder.display());
        };
        let parent = match folder.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let sibling = |role: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(role);
            parent.join(hidden)
        };
        Ok(Siblings {
            // Without a trailing slash, which would follow a link.
            folder: folder.with_file_name(name),
            staging: sibling(".staging"),
            previous: sibling(".previous"),
            trash: sibling(".trash"),
            manifest: sibling(".manifest"),
            next: sibling(".manifest.next"),
            lock: sibling(".lock"),
        })
    }

    pub(super) fn folder_exists(&self) -> anyhow::Result<bool> {
        let folder = self.folder.display();
        match fs::symlink_metadata(&self.folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e).with_context(|| cannot("read the metadata of", &self.folder)),
            Ok(meta) if meta.is_symlink() => {
                bail!("`{folder}` is a link; use a real folder, because a link cannot be replaced in one step")
            }
            Ok(meta) if !meta.is_dir() => bail!("`{folder}` is a file, not a folder"),
            Ok(_) => Ok(true),
        }
    }

    pub(super) fn lock(&self) -> anyhow::Result<Lock> {
        if let Some(parent) = self.lock.parent() {
            fs::create_dir_all(parent).with_context(|| cannot("create", parent))?;
        }
        let file = File::options().create(true).write(true).truncate(false).open(&self.lock);
        let file = file.with_context(|| cannot("write", &self.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => {
                bail!("another build is writing `{}`", self.folder.display())
            }
            // Some network file systems do not support locks. Build without one.
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(Lock(file)),
            Err(TryLockError::Error(e)) => Err(e).with_context(|| cannot("lock", &self.lock)),
        }
    }

    /// Completes the swap that a killed build had started, or removes its staging folder.
    pub(super) fn recover(&self) -> anyhow::Result<()> {
        remove_tree(&self.trash)?;
        if self.swap_was_started()? {
            return self.finish();
        }
        // The manifest is removed first, so that a partly deleted staging tree never has one.
        match fs::remove_file(&self.next) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            removed => removed.with_context(|| cannot("remove", &self.next))?,
        }
        remove_tree(&self.staging)
    }

    /// Returns whether the folder is the tree that `next` describes. If the folder is missing, the build was killed before
    /// the last rename; the rename is then done now.
    fn swap_was_started(&self) -> anyhow::Result<bool> {
        let next = match Manifest::read(&self.next) {
            Err(e) if e.kind() == io::ErrorKind::InvalidData => None,
            next => next.with_context(|| cannot("read", &self.next))?,
        };
        let Some(next) = next else { return Ok(false) };
        let staged = self.staging.exists();
        if !self.folder_exists()? {
            if !staged {
                return Ok(false);
            }
            rename(&self.staging, &self.folder)?;
            return Ok(true);
        }
        let id = folder_id(&self.folder).with_context(|| cannot("read the metadata of", &self.folder))?;
        // Systems without folder ids have no exchange either. There, the staging tree no longer exists after the swap.
        Ok(id == next.folder && (cfg!(unix) || !staged))
    }

    /// Replaces the folder with the staging tree. The old tree is then at `staging` or `previous`.
    pub(super) fn replace(&self, existed: bool) -> anyhow::Result<()> {
        if !existed {
            return rename(&self.staging, &self.folder);
        }
        let cannot_replace = || {
            let folder = self.folder.display();
            format!("cannot replace `{folder}`; if it is a mount point, mount its parent instead")
        };
        if may_exchange() && exchange(&self.staging, &self.folder).with_context(cannot_replace)? {
            return Ok(());
        }
        rename(&self.folder, &self.previous)?;
        step("old tree moved");
        rename(&self.staging, &self.folder).inspect_err(|_| {
            // The caller reports the error. If the rollback fails too, the next build recovers.
            let _ = fs::rename(&self.previous, &self.folder);
        })
    }

    /// Moves the old tree from `staging` to `previous`, if it is there, and the manifest to its final path.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        if self.staging.exists() {
            remove_tree(&self.previous)?;
            rename(&self.staging, &self.previous)?;
            step("old tree is previous");
        }
        rename(&self.next, &self.manifest)
    }
}

fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot rename `{}` to `{}`", from.display(), to.display()))
}

fn remove_tree(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| cannot("remove", folder)),
    }
}

/// Exchanges the names of two folders in one step. Returns `false` if the system cannot do that.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // Not supported by the kernel or the file system, or forbidden by a sandbox.
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}
