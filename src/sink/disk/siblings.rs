//! What lies hidden beside a folder while it is replaced and after, the renames that replace it,
//! and what to make of it when a build was killed in between.
//!
//! A tree's manifest is whole at `next` before the tree becomes visible and moves to `manifest`
//! after. So a whole `next` that names the folder's inode means: swapped, not finished.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::cannot;
use super::tree::{Manifest, folder_id};

/// The places beside `public`.
pub(super) struct Siblings {
    pub(super) folder: PathBuf,
    /// `.public.staging`: the tree being written.
    pub(super) staging: PathBuf,
    /// `.public.previous`: the tree before the present one.
    pub(super) previous: PathBuf,
    /// `.public.trash`: the one before that, being deleted.
    pub(super) trash: PathBuf,
    /// `.public.manifest`: the files of the present tree.
    pub(super) manifest: PathBuf,
    /// `.public.manifest.next`: those of the tree that is about to become visible.
    pub(super) next: PathBuf,
    /// `.public.lock`: stays, since to delete a lock file is to race with who waits for it.
    lock: PathBuf,
}

/// The build lock, held until it is dropped or the process ends.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // To close the file is not enough while a child process is being started: until it runs
        // its own program, it has the file open too.
        let _ = self.0.unlock();
    }
}

impl Siblings {
    pub(super) fn of(folder: &Path) -> anyhow::Result<Siblings> {
        let Some(name) = folder.file_name() else {
            bail!("`{}` is not the name of a folder to write", folder.display());
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
            // Without a slash at the end, which would follow a link.
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
        let shown = self.folder.display();
        match fs::symlink_metadata(&self.folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e).with_context(|| cannot("look at", &self.folder)),
            Ok(meta) if meta.is_symlink() => {
                bail!("`{shown}` is a link; only a real folder can be replaced at once")
            }
            Ok(meta) if !meta.is_dir() => bail!("`{shown}` is a file, not a folder"),
            Ok(_) => Ok(true),
        }
    }

    pub(super) fn lock(&self) -> anyhow::Result<Lock> {
        if let Some(parent) = self.lock.parent() {
            fs::create_dir_all(parent).with_context(|| cannot("make", parent))?;
        }
        let file = File::options().create(true).write(true).truncate(false).open(&self.lock);
        let file = file.with_context(|| cannot("write", &self.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => {
                bail!("another build is writing `{}`", self.folder.display())
            }
            // Some network file systems have no locks; better to build than to refuse for ever.
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(Lock(file)),
            Err(TryLockError::Error(e)) => Err(e).with_context(|| cannot("lock", &self.lock)),
        }
    }

    /// Completes the swap that a killed build had begun, else clears away what it had staged.
    pub(super) fn recover(&self) -> anyhow::Result<()> {
        remove_tree(&self.trash)?;
        if self.swap_had_begun()? {
            return self.finish();
        }
        // In this order, so that half a staging tree never has a manifest.
        match fs::remove_file(&self.next) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            removed => removed.with_context(|| cannot("remove", &self.next))?,
        }
        remove_tree(&self.staging)
    }

    /// Whether the folder is the tree that `next` describes. If there is no folder, the kill came
    /// before the last rename, which is then done now.
    fn swap_had_begun(&self) -> anyhow::Result<bool> {
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
        let id = folder_id(&self.folder).with_context(|| cannot("look at", &self.folder))?;
        // Where folders have no ids there is no exchange either: the staging tree is gone once
        // the folder is the new tree.
        Ok(id == next.folder && (cfg!(unix) || !staged))
    }

    /// Makes the staging tree the folder's; the old tree is then at `staging` or `previous`.
    pub(super) fn replace(&self, existed: bool) -> anyhow::Result<()> {
        if !existed {
            return rename(&self.staging, &self.folder);
        }
        let mount = || {
            let folder = self.folder.display();
            format!("cannot replace `{folder}`; if it is a mount point, mount its parent instead")
        };
        if may_exchange() && exchange(&self.staging, &self.folder).with_context(mount)? {
            return Ok(());
        }
        rename(&self.folder, &self.previous)?;
        step("old tree aside");
        rename(&self.staging, &self.folder).inspect_err(|_| {
            // The error is reported; if this fails too, the next build does what was left undone.
            let _ = fs::rename(&self.previous, &self.folder);
        })
    }

    /// Puts the old tree, if it is still at `staging`, and the manifest where they belong.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        if self.staging.exists() {
            remove_tree(&self.previous)?;
            rename(&self.staging, &self.previous)?;
            step("previous kept");
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

/// Two folders swap their names at one instant; `false` where the system cannot do that.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // No such call, not on this file system, or kept from us by a sandbox.
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Where tests have a build die.
#[cfg(not(test))]
pub(super) fn step(_: &str) {}
#[cfg(not(test))]
fn may_exchange() -> bool {
    true
}
#[cfg(test)]
pub(super) use super::killed::{may_exchange, step};
