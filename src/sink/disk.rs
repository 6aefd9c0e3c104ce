//! Writes output trees: files come in one by one, and at one instant a folder names the whole new
//! tree instead of the old one. Files whose bytes did not change keep their inode and mtime.
//!
//! Promised is what a killed process can see: `public` is the old tree or the new one, whole, and
//! the next [`Target::open`] clears up. Nothing is flushed to the disk (an fsync for each of
//! 10,000 files takes minutes), so after a power cut the tree may have to be built again.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread::{self, JoinHandle};

use anyhow::{Context, anyhow, bail};
use rayon::prelude::*;

mod places;
mod siblings;
mod tree;

use crate::sync;
pub use places::check_places;
use siblings::{Lock, Siblings, step};
use tree::{Entry, Manifest};

/// Where one tree goes, `public/` or `sales/`, locked against other builds.
pub struct Target {
    siblings: Siblings,
    lock: Lock,
    /// Whether the folder is there; it may be an empty one that Tagline did not make.
    existed: bool,
    /// The files of the present tree, as they lie there.
    present: Vec<Entry>,
    intact: Option<String>,
}

/// A tree being written, invisible. Dropping it leaves the folder as it was.
pub struct Staging {
    draft: Draft,
    present: Vec<Entry>,
    /// Files as they are already, as indices into `present`. They are linked when the tree is
    /// sealed, and not at all if nothing else changed.
    carried: Mutex<Vec<usize>>,
    fresh: Mutex<Vec<Entry>>,
    folders: Mutex<HashSet<Box<str>>>,
}

/// A tree that is complete on the disk and not yet visible. Dropping it leaves the folder as it was.
pub struct Sealed {
    draft: Draft,
    files: Vec<Entry>,
    changed: bool,
    written: Written,
}

/// What a build did to one folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// All files of the tree.
    pub files: usize,
    /// Those that kept their inode and mtime.
    pub unchanged: usize,
    /// Files of the tree before that are gone.
    pub removed: usize,
}

impl Target {
    /// Takes the build lock, completes or clears away what a killed build left, and looks at each
    /// file of the present tree (length and mtime). The folder's parent is made if need be.
    ///
    /// Fails if another build holds the lock, or if the folder is a link, a file, or holds anything
    /// that Tagline did not make.
    pub fn open(folder: impl Into<PathBuf>) -> anyhow::Result<Target> {
        let siblings = Siblings::of(&folder.into())?;
        // A folder that is refused gets no lock file beside it.
        if siblings.folder_exists()? && !siblings.manifest.exists() && !siblings.next.exists() {
            tree::refuse_unless_empty(&siblings.folder)?;
        }
        let lock = siblings.lock()?;
        siblings.recover()?;

        let existed = siblings.folder_exists()?;
        let manifest = Manifest::read(&siblings.manifest).with_context(|| {
            let (manifest, folder) = (siblings.manifest.display(), siblings.folder.display());
            format!("cannot read `{manifest}`; delete it and `{folder}`, and build again")
        })?;
        let (present, intact) = match manifest {
            Some(manifest) if existed => {
                let present = tree::ours(&siblings.folder, &manifest.files)?;
                let intact = manifest.files == present;
                (present, intact.then_some(manifest.stamp))
            }
            _ if existed => {
                tree::refuse_unless_empty(&siblings.folder)?;
                (Vec::new(), None)
            }
            _ => (Vec::new(), None),
        };
        Ok(Target { siblings, lock, existed, present, intact })
    }

    /// The stamp of the last build, if each of its files is still there with the same length and
    /// mtime, and no other: a build of the same stamp has nothing to do.
    pub fn intact_stamp(&self) -> Option<&str> {
        self.intact.as_deref()
    }

    /// Begins a new tree.
    pub fn stage(self) -> anyhow::Result<Staging> {
        let Target { siblings, lock, existed, present, intact } = self;
        fs::create_dir(&siblings.staging).with_context(|| cannot("make", &siblings.staging))?;
        let draft = Draft { siblings, _lock: lock, existed, intact, staged: true, retired: OnceLock::new() };
        draft.take_over_permissions()?;
        step("staging made");
        Ok(Staging { draft, present, carried: Mutex::default(), fresh: Mutex::default(), folders: Mutex::default() })
    }
}

impl Staging {
    /// Adds a file. `path` is relative to the folder, joined by `/`, without `.` and `..`.
    pub fn put(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        if self.keep(path, bytes.len() as u64, bytes) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        file.write_all(bytes).with_context(|| cannot("write", &self.place(path)))?;
        self.add(path, &file)
    }

    /// Adds a copy of a source file.
    pub fn put_copy(&self, path: &str, from: &Path) -> anyhow::Result<()> {
        let mut source = File::open(from).with_context(|| cannot("read", from))?;
        let len = source.metadata().with_context(|| cannot("read", from))?.len();
        if self.keep(path, len, BufReader::with_capacity(CHUNK, &source)) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        source
            .rewind()
            .and_then(|()| io::copy(&mut source, &mut file))
            .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), self.place(path).display()))?;
        self.add(path, &file)
    }

    /// Completes the tree on the disk; nothing of it is visible yet.
    pub fn seal(self) -> anyhow::Result<Sealed> {
        let mut carried = mem::take(&mut *held(&self.carried));
        let mut files = mem::take(&mut *held(&self.fresh));
        // In the order of paths, so that neighbours share a folder.
        carried.sort_unstable();
        if let Some(twins) = carried.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("`{}` was written twice", self.present[twins[0]].path);
        }
        let replaced = files.iter().filter(|file| tree::find(&self.present, &file.path).is_some());
        let written = Written {
            files: files.len() + carried.len(),
            unchanged: carried.len(),
            removed: self.present.len().saturating_sub(carried.len() + replaced.count()),
        };
        let changed = !self.draft.existed || !files.is_empty() || carried.len() != self.present.len();
        if changed {
            self.draft.retire()?;
            let carry = |&at: &usize| self.carry(&self.present[at]);
            files.par_extend(carried.par_iter().map(carry).collect::<anyhow::Result<Vec<_>>>()?);
        } else {
            files = self.present;
        }
        files.par_sort_unstable();
        step("sealed");
        Ok(Sealed { draft: self.draft, files, changed, written })
    }

    /// Whether the present tree has the file with these bytes; then the new tree will have it too.
    fn keep(&self, path: &str, len: u64, bytes: impl BufRead) -> bool {
        let Some(at) = tree::find(&self.present, path) else {
            return false;
        };
        let old = self.draft.siblings.folder.join(path);
        // What cannot be read is not the same: it is written anew.
        let same = self.present[at].len == len && same_bytes(&old, len, bytes).unwrap_or(false);
        if same {
            held(&self.carried).push(at);
        }
        same
    }

    fn create(&self, path: &str) -> anyhow::Result<File> {
        if path.contains('\n') {
            bail!("`{}` has a line break in its name", path.escape_debug());
        }
        self.draft.retire()?;
        self.make_folder_of(path)?;
        let place = self.place(path);
        File::create_new(&place).with_context(|| cannot("write", &place))
    }

    fn add(&self, path: &str, file: &File) -> anyhow::Result<()> {
        let meta = file.metadata().with_context(|| cannot("look at", &self.place(path)))?;
        held(&self.fresh).push(Entry::of(path, &meta));
        step("file written");
        Ok(())
    }

    /// Links an unchanged file into the new tree; copies it where links cannot be had (another file
    /// system, too many links, not permitted).
    fn carry(&self, entry: &Entry) -> anyhow::Result<Entry> {
        self.make_folder_of(&entry.path)?;
        let from = self.draft.siblings.folder.join(&*entry.path);
        let to = self.place(&entry.path);
        if fs::hard_link(&from, &to).is_ok() {
            return Ok(entry.clone());
        }
        let meta = copy_with_mtime(&from, &to)
            .with_context(|| format!("cannot link or copy `{}` to `{}`", from.display(), to.display()))?;
        Ok(Entry::of(&entry.path, &meta))
    }

    /// Makes the folders above a path, each once.
    fn make_folder_of(&self, path: &str) -> anyhow::Result<()> {
        let Some((folder, _)) = path.rsplit_once('/') else {
            return Ok(());
        };
        if held(&self.folders).contains(folder) {
            return Ok(());
        }
        self.make_folder_of(folder)?;
        let place = self.place(folder);
        match fs::create_dir(&place) {
            // Another thread was faster, or a file is in the way, which the next step reports.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.with_context(|| cannot("make", &place))?,
        }
        held(&self.folders).insert(folder.into());
        Ok(())
    }

    fn place(&self, path: &str) -> PathBuf {
        self.draft.siblings.staging.join(path)
    }
}

impl Sealed {
    /// Makes the new tree the folder's, at one instant. `stamp` (one line) is what
    /// [`Target::intact_stamp`] will give. If no file differs, the folder is not touched.
    pub fn swap(mut self, stamp: &str) -> anyhow::Result<Written> {
        if stamp.contains('\n') {
            bail!("a stamp is one line");
        }
        let Sealed { draft, files, changed, written } = &mut self;
        if !*changed && draft.intact.as_deref() == Some(stamp) {
            return Ok(*written);
        }
        if !*changed {
            // With nothing staged, recovery knows that the coming manifest is of the present tree.
            draft.remove_staging().with_context(|| cannot("remove", &draft.siblings.staging))?;
        }
        let siblings = &draft.siblings;
        let tree = if *changed { &siblings.staging } else { &siblings.folder };
        let manifest = Manifest {
            stamp: stamp.to_owned(),
            folder: tree::folder_id(tree).with_context(|| cannot("look at", tree))?,
            files: mem::take(files),
        };
        manifest.write(&siblings.next).with_context(|| cannot("write", &siblings.next))?;
        step("manifest written");

        if *changed {
            if let Err(e) = siblings.replace(draft.existed) {
                if draft.existed && !siblings.folder.exists() {
                    // The second of two renames failed, and so did its undoing: recovery is due.
                    draft.staged = false;
                } else {
                    // First, so that half a staging tree is never taken for a whole one.
                    let _ = fs::remove_file(&siblings.next);
                }
                return Err(e);
            }
            // What lies at the staging place now is the old tree.
            draft.staged = false;
            step("swapped");
        }
        siblings.finish()?;
        step("finished");
        Ok(*written)
    }
}

/// The staging folder, removed on drop unless it was swapped, and the lock that outlives it.
struct Draft {
    siblings: Siblings,
    _lock: Lock,
    existed: bool,
    intact: Option<String>,
    staged: bool,
    /// The thread that deletes the tree before the present one, or why it could not begin.
    retired: OnceLock<Result<JoinHandle<()>, String>>,
}

impl Draft {
    /// Starts, once, to delete the previous tree in the background: its place is needed when the
    /// present tree becomes the previous one, and a build that changes nothing never comes here.
    fn retire(&self) -> anyhow::Result<()> {
        let Siblings { previous, trash, .. } = &self.siblings;
        let retired = self.retired.get_or_init(|| {
            match fs::rename(previous, trash) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                moved => moved.map_err(|e| e.to_string())?,
            }
            step("previous retired");
            let trash = trash.clone();
            // What it cannot delete, the next build finds, and reports.
            Ok(thread::spawn(move || drop(fs::remove_dir_all(trash))))
        });
        match retired {
            Ok(_) => Ok(()),
            Err(e) => Err(anyhow!("{e}").context(cannot("move away", previous))),
        }
    }

    /// A lead desk that was made private stays private.
    fn take_over_permissions(&self) -> anyhow::Result<()> {
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

    fn remove_staging(&mut self) -> io::Result<()> {
        self.staged = false;
        fs::remove_dir_all(&self.siblings.staging)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.staged {
            // The next build would clear it away as well.
            let _ = self.remove_staging();
        }
        if let Some(Ok(deleting)) = self.retired.take() {
            let _ = deleting.join();
        }
    }
}

const CHUNK: usize = 16 * 1024;

fn same_bytes(old: &Path, len: u64, mut new: impl BufRead) -> io::Result<bool> {
    let mut old = File::open(old)?;
    let mut chunk = [0; CHUNK];
    let mut compared = 0;
    loop {
        let wanted = new.fill_buf()?;
        if wanted.is_empty() {
            return Ok(compared == len);
        }
        let size = wanted.len().min(CHUNK);
        old.read_exact(&mut chunk[..size])?;
        if chunk[..size] != wanted[..size] {
            return Ok(false);
        }
        new.consume(size);
        compared += size as u64;
    }
}

fn copy_with_mtime(from: &Path, to: &Path) -> io::Result<fs::Metadata> {
    let mut source = File::open(from)?;
    let mut file = File::create_new(to)?;
    io::copy(&mut source, &mut file)?;
    file.set_modified(source.metadata()?.modified()?)?;
    file.metadata()
}

fn cannot(verb: &str, path: &Path) -> String {
    format!("cannot {verb} `{}`", path.display())
}

/// A thread that panicked left a whole list behind: each of ours is changed by a single call.
fn held<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    sync::lock(list)
}

#[cfg(test)]
mod killed;
#[cfg(test)]
mod tests;
