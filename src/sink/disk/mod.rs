//! Writes output folders atomically: files are staged one by one, then the complete new tree replaces the old one in one
//! step. Unchanged files keep their inode and mtime.
//!
//! If the process is killed, `public` is either the complete old tree or the complete new one, and the next
//! [`Target::open`] cleans up. Files are not flushed to disk, because an fsync for each of 10,000 files takes minutes.
//! After a power failure the tree may have to be built again.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::thread::{self, JoinHandle};

use anyhow::{Context, anyhow, bail};
use rayon::prelude::*;

mod context;
mod hooks;
mod output_folders;
mod pieces;
mod siblings;
mod tree;

use crate::sync::lock;
use context::cannot;
use hooks::step;
pub use output_folders::check_output_folders;
use siblings::{Lock, Siblings};
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
}

/// A new tree that is being written and is not visible yet. Dropping it leaves the folder unchanged.
pub struct Staging {
    draft: Draft,
    current: Vec<Entry>,
    /// Unchanged files, as indices into `current`. They are linked into the new tree when it is sealed, unless nothing
    /// else changed.
    unchanged: Mutex<Vec<usize>>,
    written: Mutex<Vec<Entry>>,
    folders: Mutex<HashSet<Box<str>>>,
}

/// A new tree that is complete on disk and not visible yet. Dropping it leaves the folder unchanged.
pub struct SealedTree {
    draft: Draft,
    files: Vec<Entry>,
    changed: bool,
    counts: FileCounts,
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
        let manifest = Manifest::read(&siblings.manifest).with_context(|| {
            let (manifest, folder) = (siblings.manifest.display(), siblings.folder.display());
            format!("cannot read `{manifest}`; delete it and `{folder}`, and build again")
        })?;
        let (current, intact_stamp) = match manifest {
            Some(manifest) if existed => {
                let current = tree::own_files(&siblings.folder, &manifest.files)?;
                let is_intact = manifest.files == current;
                (current, is_intact.then_some(manifest.stamp))
            }
            _ if existed => {
                tree::require_empty(&siblings.folder)?;
                (Vec::new(), None)
            }
            _ => (Vec::new(), None),
        };
        Ok(Target { siblings, lock, existed, current, intact_stamp })
    }

    /// Returns the stamp of the last build if the folder still contains exactly its files, with the same lengths and
    /// mtimes. A build with the same stamp then has nothing to write.
    pub fn intact_stamp(&self) -> Option<&str> {
        self.intact_stamp.as_deref()
    }

    /// Starts a new tree.
    ///
    /// # Errors
    ///
    /// If the staging folder cannot be created.
    pub fn stage(self) -> anyhow::Result<Staging> {
        let Target { siblings, lock, existed, current, intact_stamp } = self;
        fs::create_dir(&siblings.staging).with_context(|| cannot("create", &siblings.staging))?;
        let draft = Draft { siblings, _lock: lock, existed, intact_stamp, staged: true, deletion: OnceLock::new() };
        draft.copy_permissions()?;
        step("staging created");
        Ok(Staging {
            draft,
            current,
            unchanged: Mutex::default(),
            written: Mutex::default(),
            folders: Mutex::default(),
        })
    }
}

impl Staging {
    /// Adds a file. `path` is relative to the folder, with `/` as separator and without `.` and `..`.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        if self.reuse(path, bytes.len() as u64, bytes) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        file.write_all(bytes).with_context(|| cannot("write", &self.staged_path(path)))?;
        self.add(path, &file)
    }

    /// Adds a copy of a source file.
    ///
    /// # Errors
    ///
    /// If the source cannot be read or the copy cannot be written.
    pub fn put_copy(&self, path: &str, from: &Path) -> anyhow::Result<()> {
        let mut source = File::open(from).with_context(|| cannot("read", from))?;
        let len = source.metadata().with_context(|| cannot("read", from))?.len();
        if self.reuse(path, len, BufReader::with_capacity(CHUNK, &source)) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        source
            .rewind()
            .and_then(|()| io::copy(&mut source, &mut file))
            .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), self.staged_path(path).display()))?;
        self.add(path, &file)
    }

    /// Completes the tree on disk. It is not visible yet.
    ///
    /// # Errors
    ///
    /// If a path was written twice, or if an unchanged file can be neither linked nor copied.
    pub fn seal(self) -> anyhow::Result<SealedTree> {
        let mut unchanged = mem::take(&mut *lock(&self.unchanged));
        let mut files = mem::take(&mut *lock(&self.written));
        // Sorted by path, so that files of one folder are linked one after another.
        unchanged.sort_unstable();
        if let Some(pair) = unchanged.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("`{}` was written twice", self.current[pair[0]].path);
        }
        let replaced = files.iter().filter(|file| tree::find(&self.current, &file.path).is_some());
        let counts = FileCounts {
            files: files.len() + unchanged.len(),
            unchanged: unchanged.len(),
            removed: self.current.len().saturating_sub(unchanged.len() + replaced.count()),
        };
        let changed = !self.draft.existed || !files.is_empty() || unchanged.len() != self.current.len();
        if changed {
            self.draft.delete_previous()?;
            let link = |&index: &usize| self.link(&self.current[index]);
            files.par_extend(unchanged.par_iter().map(link).collect::<anyhow::Result<Vec<_>>>()?);
        } else {
            files = self.current;
        }
        files.par_sort_unstable();
        step("sealed");
        Ok(SealedTree { draft: self.draft, files, changed, counts })
    }

    /// Returns whether the current tree has a file with these bytes. If so, the new tree reuses it.
    fn reuse(&self, path: &str, len: u64, bytes: impl BufRead) -> bool {
        let Some(index) = tree::find(&self.current, path) else {
            return false;
        };
        let old = self.draft.siblings.folder.join(path);
        // A file that cannot be read is written again.
        let is_same = self.current[index].len == len && has_bytes(&old, len, bytes).unwrap_or(false);
        if is_same {
            lock(&self.unchanged).push(index);
        }
        is_same
    }

    fn create(&self, path: &str) -> anyhow::Result<File> {
        if path.contains('\n') {
            bail!("`{}` has a line break in its name", path.escape_debug());
        }
        self.draft.delete_previous()?;
        self.create_folder_of(path)?;
        let staged = self.staged_path(path);
        File::create_new(&staged).with_context(|| cannot("write", &staged))
    }

    fn add(&self, path: &str, file: &File) -> anyhow::Result<()> {
        let metadata = file.metadata().with_context(|| cannot("read the metadata of", &self.staged_path(path)))?;
        lock(&self.written).push(Entry::new(path, &metadata));
        step("file written");
        Ok(())
    }

    /// Links an unchanged file into the new tree. Copies it if it cannot be linked (another file system, too many
    /// links, no permission).
    fn link(&self, entry: &Entry) -> anyhow::Result<Entry> {
        self.create_folder_of(&entry.path)?;
        let from = self.draft.siblings.folder.join(&*entry.path);
        let to = self.staged_path(&entry.path);
        if fs::hard_link(&from, &to).is_ok() {
            return Ok(entry.clone());
        }
        let metadata = copy_with_mtime(&from, &to)
            .with_context(|| format!("cannot link or copy `{}` to `{}`", from.display(), to.display()))?;
        Ok(Entry::new(&entry.path, &metadata))
    }

    /// Creates the folders of a path, each once.
    fn create_folder_of(&self, path: &str) -> anyhow::Result<()> {
        let Some((folder, _)) = path.rsplit_once('/') else {
            return Ok(());
        };
        if lock(&self.folders).contains(folder) {
            return Ok(());
        }
        self.create_folder_of(folder)?;
        let staged = self.staged_path(folder);
        match fs::create_dir(&staged) {
            // Another thread created it. If it is a file, the next step reports an error.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            created => created.with_context(|| cannot("create", &staged))?,
        }
        lock(&self.folders).insert(folder.into());
        Ok(())
    }

    fn staged_path(&self, path: &str) -> PathBuf {
        self.draft.siblings.staging.join(path)
    }
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
        let SealedTree { draft, files, changed, counts } = &mut self;
        if !*changed && draft.intact_stamp.as_deref() == Some(stamp) {
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

/// The staging folder. It is removed on drop unless it was swapped. The lock is released after that.
struct Draft {
    siblings: Siblings,
    _lock: Lock,
    existed: bool,
    intact_stamp: Option<String>,
    staged: bool,
    /// The thread that deletes the previous tree, or the error that prevented it.
    deletion: OnceLock<Result<JoinHandle<()>, String>>,
}

impl Draft {
    /// Starts to delete the previous tree in the background, once. The current tree will take its path. A build without
    /// changes does not call this.
    fn delete_previous(&self) -> anyhow::Result<()> {
        let Siblings { previous, trash, .. } = &self.siblings;
        let deletion = self.deletion.get_or_init(|| {
            match fs::rename(previous, trash) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                moved => moved.map_err(|e| e.to_string())?,
            }
            step("previous moved to trash");
            let trash = trash.clone();
            // If this fails, the next build tries again and reports the error.
            Ok(thread::spawn(move || drop(fs::remove_dir_all(trash))))
        });
        match deletion {
            Ok(_) => Ok(()),
            Err(e) => Err(anyhow!("{e}").context(cannot("move", previous))),
        }
    }

    /// Copies the folder's permissions, so that a lead desk that was made private stays private.
    fn copy_permissions(&self) -> anyhow::Result<()> {
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
            // If this fails, the next build removes it.
            let _ = self.remove_staging();
        }
        if let Some(Ok(thread)) = self.deletion.take() {
            let _ = thread.join();
        }
    }
}

const CHUNK: usize = 16 * 1024;

/// Returns whether a file of `len` bytes has the given bytes.
fn has_bytes(path: &Path, len: u64, mut bytes: impl BufRead) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut chunk = [0; CHUNK];
    let mut compared = 0;
    loop {
        let expected = bytes.fill_buf()?;
        if expected.is_empty() {
            return Ok(compared == len);
        }
        let size = expected.len().min(CHUNK);
        file.read_exact(&mut chunk[..size])?;
        if chunk[..size] != expected[..size] {
            return Ok(false);
        }
        bytes.consume(size);
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

#[cfg(test)]
mod kill_tests;
#[cfg(test)]
mod tests;
