//! Makes the files of pictures, each once: they are kept below `.tagline/images/`, by what they are made of.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use rayon::prelude::*;

use super::encode::{self, Decoded};
use super::plan::{Making, Recipe};
use super::{Pictures, RECIPES};
use crate::cache_dir;
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::model::picture::{Place, Trouble};
use crate::source::SourceText;
use crate::sync;

const FOLDER: &str = "images";
/// What decoded pictures may take up together, in bytes. A larger one is decoded alone.
const MEMORY: u64 = 512 * 1024 * 1024;
/// A file that was begun so long ago is no other process's work any more.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

pub struct Cache {
    /// Of the site.
    root: PathBuf,
    folder: PathBuf,
    free: Mutex<u64>,
    freed: Condvar,
    /// The pictures that were decoded, by their digest.
    decoded: Mutex<HashSet<String>>,
}

/// Called after each picture, with how many are done and how many there are.
type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Why a picture's file is not there.
#[derive(Debug)]
pub enum Failure {
    Picture(Trouble),
    Environment(anyhow::Error),
}

impl Failure {
    /// For one that can only be of the environment: the picture was decoded before.
    pub fn unexpected(self, making: &Making) -> anyhow::Error {
        match self {
            Failure::Picture(_) => anyhow::anyhow!("`{}` is another picture than it was", making.from.display()),
            Failure::Environment(error) => error,
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::Picture(trouble)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Environment(error)
    }
}

/// How far pictures are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every file of them is made that is not there.
    Made,
    /// Those of which nothing has been made are decoded, and nothing is written.
    Looked,
}

impl Cache {
    pub fn below(root: &Path) -> Cache {
        Cache {
            root: root.to_owned(),
            folder: cache_dir::place(root, FOLDER),
            free: Mutex::new(MEMORY),
            freed: Condvar::new(),
            decoded: Mutex::default(),
        }
    }

    /// Goes over all pictures of a site and tells what is wrong with them, each once.
    ///
    /// # Errors
    ///
    /// Where a picture cannot be read or a file of it cannot be written.
    pub fn all(&self, pictures: &Pictures, extent: Extent, progress: Progress) -> anyhow::Result<Vec<Diagnostic>> {
        let mut by_digest: BTreeMap<&str, Vec<&Making>> = BTreeMap::new();
        for making in pictures.made.values() {
            by_digest.entry(&making.digest).or_default().push(making);
        }
        let by_digest: Vec<(&str, Vec<&Making>)> = by_digest.into_iter().collect();
        let done = AtomicUsize::new(0);
        let found = by_digest.par_iter().map(|(digest, makings)| {
            let Some(place) = pictures.shown_at.get(*digest) else { return Ok(Vec::new()) };
            let found = self.one(place, makings, extent);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, by_digest.len());
            match found {
                Ok(found) => Ok(found),
                Err(Failure::Picture(trouble)) => Ok(vec![trouble.told(place)]),
                Err(Failure::Environment(error)) => Err(error),
            }
        });
        Ok(found.collect::<anyhow::Result<Vec<_>>>()?.concat())
    }

    /// The files of one picture.
    fn one(&self, place: &Place, makings: &[&Making], extent: Extent) -> Result<Vec<Diagnostic>, Failure> {
        let missing: Vec<&Making> = makings.iter().copied().filter(|making| !self.place(making).exists()).collect();
        let Some(first) = makings.first() else { return Ok(Vec::new()) };
        if first.recipe == Recipe::Cleaned {
            // What is taken out of it is told each time.
            let bytes = read(first)?;
            let cleaned = encode::drawing(&bytes)?;
            if extent == Extent::Made && !missing.is_empty() {
                self.write(first, cleaned.svg.as_bytes())?;
            }
            let source = SourceText::new(&place.file, String::from_utf8_lossy(&bytes));
            return Ok(cleaned.removed.into_iter().map(|removed| removed.told(&source)).collect());
        }
        // What was made of a picture says that it could be decoded.
        let decoded = || sync::lock(&self.decoded);
        let is_known = missing.len() < makings.len() || decoded().contains(&first.digest);
        if missing.is_empty() || is_known && extent == Extent::Looked {
            return Ok(Vec::new());
        }
        self.decode(first, |decoded| {
            for making in missing.iter().filter(|_| extent == Extent::Made) {
                self.write(making, &decoded.make(making.recipe)?)?;
            }
            Ok(())
        })?;
        decoded().insert(first.digest.clone());
        Ok(Vec::new())
    }

    /// A file of a picture, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// Where the picture is broken, or cannot be read, or the file not be written.
    pub fn file(&self, making: &Making) -> Result<PathBuf, Failure> {
        let place = self.place(making);
        if place.exists() {
            return Ok(place);
        }
        match making.recipe {
            Recipe::Cleaned => self.write(making, encode::drawing(&read(making)?)?.svg.as_bytes())?,
            Recipe::Stripped(_) | Recipe::Resized { .. } => {
                self.decode(making, |decoded| Ok(self.write(making, &decoded.make(making.recipe)?)?))?;
            }
        }
        Ok(place)
    }

    /// Takes away what was made of pictures that the site has no more.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be read, or a file not be removed.
    pub fn prune(&self, digests: &HashSet<String>) -> anyhow::Result<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.with_context(|| format!("cannot read `{}`", self.folder.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read `{}`", self.folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What begins with a dot is being written.
            let is_used = match name.split_once('.') {
                Some(("", _)) => !is_abandoned(&entry),
                Some((digest, rest)) => digests.contains(digest) && rest.split('-').next() == Some(RECIPES),
                None => false,
            };
            if is_used {
                continue;
            }
            match fs::remove_file(entry.path()) {
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed.with_context(|| format!("cannot remove `{}`", entry.path().display()))?,
            }
        }
        Ok(())
    }

    /// `<digest>.<recipes>-800.webp`: the content of the picture, the ways of this version, and the file's width.
    fn place(&self, making: &Making) -> PathBuf {
        let Making { from: _, digest, recipe } = making;
        let width = match recipe {
            Recipe::Cleaned => 0,
            Recipe::Stripped(still) => still.pixels.0,
            Recipe::Resized { width, .. } => *width,
        };
        self.folder.join(format!("{digest}.{RECIPES}-{width}.{}", recipe.extension()))
    }

    /// Decodes a picture when there is room for it.
    fn decode<T>(&self, making: &Making, then: impl FnOnce(&Decoded) -> Result<T, Failure>) -> Result<T, Failure> {
        let Some(still) = making.recipe.still() else { return Err(Trouble::Unreadable.into()) };
        let _room = self.room(u64::from(still.pixels.0) * u64::from(still.pixels.1));
        let bytes = read(making)?;
        then(&encode::decode(&bytes, still)?)
    }

    /// Waits until there is room for a picture. Whoever has some gives it back without waiting for others.
    fn room(&self, pixels: u64) -> Room<'_> {
        // A decoder's own copy, and the pixels in eight bits.
        let taken = (pixels * 9).min(MEMORY);
        let free = sync::lock(&self.free);
        let waited = self.freed.wait_while(free, |free| *free < taken);
        *waited.unwrap_or_else(PoisonError::into_inner) -= taken;
        Room { cache: self, taken }
    }

    fn write(&self, making: &Making, bytes: &[u8]) -> anyhow::Result<()> {
        let place = self.place(making);
        cache_dir::keep(&self.root, &place, bytes).with_context(|| format!("cannot write `{}`", place.display()))
    }
}

/// Memory that a picture takes up.
struct Room<'c> {
    cache: &'c Cache,
    taken: u64,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        *sync::lock(&self.cache.free) += self.taken;
        self.cache.freed.notify_all();
    }
}

fn is_abandoned(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
    modified.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED)
}

/// The bytes of a picture. What is kept under its digest has to be made of it, so it may not have changed meanwhile.
fn read(making: &Making) -> anyhow::Result<Vec<u8>> {
    let path = making.from.display();
    let bytes = fs::read(&making.from).with_context(|| format!("cannot read `{path}`"))?;
    anyhow::ensure!(digest(&bytes) == making.digest, "`{path}` was changed meanwhile");
    Ok(bytes)
}
