//! Adds files to a new tree: written, copied, or taken from the current tree.

mod pieces;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::context::cannot;
use super::draft::Draft;
use super::hooks::step;
use super::rebase;
use super::sealed::{FileCounts, SealedTree};
use super::tree::{self, Entry};
use crate::sink::Origin;
use crate::sync::lock;

/// A new tree that is being written and is not visible yet. Dropping it leaves the folder unchanged.
pub struct Staging {
    draft: Draft,
    current: Vec<Entry>,
    /// Unchanged files, as indices into `current`, and what they are made from now. They are linked into the new tree when
    /// it is sealed, unless nothing else changed.
    unchanged: Mutex<Vec<(usize, Option<Origin>)>>,
    written: Mutex<Vec<Entry>>,
    folders: Mutex<HashSet<Box<str>>>,
    /// The number of files that were created.
    created: AtomicUsize,
}

impl Staging {
    pub(super) fn new(draft: Draft, current: Vec<Entry>) -> Staging {
        Staging {
            draft,
            current,
            unchanged: Mutex::default(),
            written: Mutex::default(),
            folders: Mutex::default(),
            created: AtomicUsize::new(0),
        }
    }

    /// Adds a file. `path` is relative to the folder, with `/` as separator and without `.` and `..`. `origin` is what it
    /// was made from, if a later build may keep it for that.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8], origin: Option<&Origin>) -> anyhow::Result<()> {
        if self.reuse(path, bytes.len() as u64, bytes, origin) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        file.write_all(bytes).with_context(|| cannot("write", &self.staged_path(path)))?;
        self.add(path, &file, origin)
    }

    /// Returns what a file of the current tree was made from, if the file is as the last build wrote it.
    pub fn last_origin(&self, path: &str) -> Option<&Origin> {
        self.current[tree::find(&self.current, path)?].origin.as_ref()
    }

    /// Adds a file of the current tree, unless there is none.
    pub fn keep(&self, path: &str) {
        if let Some(index) = tree::find(&self.current, path) {
            lock(&self.unchanged).push((index, self.current[index].origin.clone()));
        }
    }

    /// Adds all files of the current tree that were made from this. Returns false, and adds nothing, if there are none, or
    /// if the tree is not as the last build wrote it.
    pub fn keep_all(&self, fingerprint: u128) -> bool {
        let is_made_from_it = |file: &Entry| file.origin.as_ref().is_some_and(|from| from.fingerprint == fingerprint);
        let files = self.current.iter().enumerate().filter(|(_, file)| is_made_from_it(file));
        let mut files: Vec<_> = files.map(|(index, file)| (index, file.origin.clone())).collect();
        let keeps = self.draft.intact_stamp.is_some() && !files.is_empty();
        if keeps {
            lock(&self.unchanged).append(&mut files);
        }
        keeps
    }

    /// Adds a copy of a source file.
    ///
    /// # Errors
    ///
    /// If the source cannot be read or the copy cannot be written.
    pub fn put_copy(&self, path: &str, from: &Path) -> anyhow::Result<()> {
        let mut source = File::open(from).with_context(|| cannot("read", from))?;
        let len = source.metadata().with_context(|| cannot("read", from))?.len();
        if self.reuse(path, len, BufReader::with_capacity(CHUNK, &source), None) {
            return Ok(());
        }
        let mut file = self.create(path)?;
        source
            .rewind()
            .and_then(|()| io::copy(&mut source, &mut file))
            .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), self.staged_path(path).display()))?;
        self.add(path, &file, None)
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
        unchanged.sort_unstable_by_key(|(index, _)| *index);
        if let Some(pair) = unchanged.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            bail!("`{}` was written twice", self.current[pair[0].0].path);
        }
        let replaced = files.iter().filter(|file| tree::find(&self.current, &file.path).is_some());
        let counts = FileCounts {
            files: files.len() + unchanged.len(),
            unchanged: unchanged.len(),
            removed: self.current.len().saturating_sub(unchanged.len() + replaced.count()),
        };
        let changed = !self.draft.existed || !files.is_empty() || unchanged.len() != self.current.len();
        let has_new_origins = unchanged.iter().any(|(index, origin)| self.current[*index].origin != *origin);
        let kept: Vec<Entry> =
            unchanged.into_iter().map(|(index, origin)| self.current[index].clone().made_from(origin)).collect();
        match changed {
            true => files.append(&mut self.add_kept(kept, &files)?),
            false => files = kept,
        }
        tree::sort(&mut files);
        step("sealed");
        Ok(SealedTree { draft: self.draft, files, changed, has_new_origins, counts })
    }

    /// Adds the kept files to the tree on disk.
    fn add_kept(&self, kept: Vec<Entry>, written: &[Entry]) -> anyhow::Result<Vec<Entry>> {
        let has = match self.is_similar() {
            true => rebase::start_from_previous(&self.draft.siblings, &kept)?,
            false => None,
        };
        let Some(has) = has else {
            self.draft.delete_previous()?;
            return kept.into_par_iter().map(|file| self.link(file)).collect();
        };
        self.draft.copy_permissions()?;
        lock(&self.folders).clear();
        written.iter().try_for_each(|file| {
            self.create_folder_of(&file.path)?;
            rebase::restore(&self.draft.siblings, &file.path)
        })?;
        self.draft.delete_trash();
        kept.into_par_iter().zip(has).map(|(file, has)| if has { Ok(file) } else { self.link(file) }).collect()
    }

    /// Returns whether most of the current tree stays, so far. If not, the previous tree is no good start for the new one.
    fn is_similar(&self) -> bool {
        self.created.load(Ordering::Relaxed) <= self.current.len() / 8
    }

    /// Returns whether the current tree has a file with these bytes. If so, the new tree reuses it.
    fn reuse(&self, path: &str, len: u64, bytes: impl BufRead, origin: Option<&Origin>) -> bool {
        let Some(index) = tree::find(&self.current, path) else {
            return false;
        };
        let old = self.draft.siblings.folder.join(path);
        // A file that cannot be read is written again.
        let is_same = self.current[index].len == len && has_bytes(&old, len, bytes).unwrap_or(false);
        if is_same {
            lock(&self.unchanged).push((index, origin.cloned()));
        }
        is_same
    }

    fn create(&self, path: &str) -> anyhow::Result<File> {
        if path.contains('\n') {
            bail!("`{}` has a line break in its name", path.escape_debug());
        }
        self.created.fetch_add(1, Ordering::Relaxed);
        if !self.is_similar() {
            self.draft.delete_previous()?;
        }
        self.create_folder_of(path)?;
        let staged = self.staged_path(path);
        File::create_new(&staged).with_context(|| cannot("write", &staged))
    }

    fn add(&self, path: &str, file: &File, origin: Option<&Origin>) -> anyhow::Result<()> {
        let metadata = file.metadata().with_context(|| cannot("read the metadata of", &self.staged_path(path)))?;
        lock(&self.written).push(Entry::new(path, &metadata).made_from(origin.cloned()));
        step("file written");
        Ok(())
    }

    /// Links an unchanged file into the new tree. Copies it if it cannot be linked (another file system, too many
    /// links, no permission).
    fn link(&self, entry: Entry) -> anyhow::Result<Entry> {
        self.create_folder_of(&entry.path)?;
        let from = self.draft.siblings.folder.join(&*entry.path);
        let to = self.staged_path(&entry.path);
        if fs::hard_link(&from, &to).is_ok() {
            return Ok(entry);
        }
        let metadata = copy_with_mtime(&from, &to)
            .with_context(|| format!("cannot link or copy `{}` to `{}`", from.display(), to.display()))?;
        Ok(Entry::new(&entry.path, &metadata).made_from(entry.origin))
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

pub(super) const CHUNK: usize = 16 * 1024;

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

pub(super) fn copy_with_mtime(from: &Path, to: &Path) -> io::Result<fs::Metadata> {
    let mut source = File::open(from)?;
    let mut file = File::create_new(to)?;
    io::copy(&mut source, &mut file)?;
    file.set_modified(source.metadata()?.modified()?)?;
    file.metadata()
}
