//! Creates derived image files, each once, and stores them in `.tagline/images/`. The names identify the source's content
//! and the recipe. Each file ends with a digest of its name and content, so that a damaged or foreign file is created again
//! and never published.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::encode::{self, DecodedImage};
use super::plan::{DerivedImage, DerivedImages, RECIPES, Recipe};
use crate::cache_dir;
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::model::picture::{ImageProblem, ImageReference};
use crate::source::SourceText;
use crate::sync;

const FOLDER: &str = "images";
/// The length of the digest at the end of each file, in bytes.
const DIGEST_LENGTH: usize = 32;
/// The memory for decoded images in bytes. A larger image is decoded alone.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;
/// After this time, a temporary file does not belong to a running process any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);

pub struct ImageCache {
    /// The site's folder.
    root: PathBuf,
    folder: PathBuf,
    free_memory: Mutex<u64>,
    memory_freed: Condvar,
    /// Digests of the source images that were decoded without errors.
    decoded: Mutex<HashSet<String>>,
}

/// Called after each image with the number of finished images and of all images.
type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Why a derived file could not be created.
#[derive(Debug)]
pub enum ImageError {
    /// The source image is invalid.
    Source(ImageProblem),
    /// A file could not be read or written.
    Environment(anyhow::Error),
}

impl ImageError {
    /// Converts an error for a source that was valid before.
    pub fn unexpected(self, image: &DerivedImage) -> anyhow::Error {
        match self {
            ImageError::Source(_) => anyhow::anyhow!("`{}` has changed", image.source.display()),
            ImageError::Environment(error) => error,
        }
    }
}

impl From<ImageProblem> for ImageError {
    fn from(problem: ImageProblem) -> ImageError {
        ImageError::Source(problem)
    }
}

impl From<anyhow::Error> for ImageError {
    fn from(error: anyhow::Error) -> ImageError {
        ImageError::Environment(error)
    }
}

/// What to do with the images of a site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ImageWork {
    /// Create all files that do not exist.
    CreateFiles,
    /// Decode new source images to find errors, without writing files.
    DecodeOnly,
}

impl ImageCache {
    /// The cache of the site in `root`.
    pub fn new(root: &Path) -> ImageCache {
        ImageCache {
            root: root.to_owned(),
            folder: cache_dir::path(root, FOLDER),
            free_memory: Mutex::new(MAX_MEMORY),
            memory_freed: Condvar::new(),
            decoded: Mutex::default(),
        }
    }

    /// Processes all images of a site and returns diagnostics for invalid ones.
    ///
    /// # Errors
    ///
    /// If a source cannot be read or a derived file cannot be written.
    pub fn process_all(
        &self,
        images: &DerivedImages,
        work: ImageWork,
        progress: Progress,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let mut by_source: BTreeMap<&str, Vec<&DerivedImage>> = BTreeMap::new();
        for image in images.files.values() {
            by_source.entry(&image.source_digest).or_default().push(image);
        }
        let by_source: Vec<(&str, Vec<&DerivedImage>)> = by_source.into_iter().collect();
        let done = AtomicUsize::new(0);
        let diagnostics = by_source.par_iter().map(|(digest, derived)| {
            let Some(reference) = images.first_use.get(*digest) else { return Ok(Vec::new()) };
            let result = self.process(reference, derived, work);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, by_source.len());
            match result {
                Ok(diagnostics) => Ok(diagnostics),
                Err(ImageError::Source(problem)) => Ok(vec![problem.to_diagnostic(reference)]),
                Err(ImageError::Environment(error)) => Err(error),
            }
        });
        Ok(diagnostics.collect::<anyhow::Result<Vec<_>>>()?.concat())
    }

    /// Processes the derived files of one source image.
    fn process(
        &self,
        reference: &ImageReference,
        derived: &[&DerivedImage],
        work: ImageWork,
    ) -> Result<Vec<Diagnostic>, ImageError> {
        let missing: Vec<&DerivedImage> = derived.iter().copied().filter(|image| !self.path(image).exists()).collect();
        let Some(first) = derived.first() else { return Ok(Vec::new()) };
        if first.recipe == Recipe::SanitizedSvg {
            // Always sanitized, because removed elements are reported in every run.
            let bytes = read_source(first)?;
            let sanitized = encode::sanitize_svg(&bytes)?;
            if work == ImageWork::CreateFiles && !missing.is_empty() {
                self.write(first, sanitized.svg.as_bytes())?;
            }
            let source = SourceText::new(&reference.file, String::from_utf8_lossy(&bytes));
            return Ok(sanitized.removed.into_iter().map(|removed| removed.to_diagnostic(&source)).collect());
        }
        // If one derived file exists, the source was decoded without errors before.
        let decoded = || sync::lock(&self.decoded);
        let is_valid = missing.len() < derived.len() || decoded().contains(&first.source_digest);
        if missing.is_empty() || is_valid && work == ImageWork::DecodeOnly {
            return Ok(Vec::new());
        }
        self.decode(first, |image| {
            for derived in missing.iter().filter(|_| work == ImageWork::CreateFiles) {
                self.write(derived, &image.create(derived.recipe)?)?;
            }
            Ok(())
        })?;
        decoded().insert(first.source_digest.clone());
        Ok(Vec::new())
    }

    /// Returns the content of a derived file. Creates the file if it does not exist or is damaged.
    ///
    /// # Errors
    ///
    /// If the source image is invalid or cannot be read, or if the file cannot be written.
    pub fn content(&self, image: &DerivedImage) -> Result<Vec<u8>, ImageError> {
        if let Some(content) = self.stored(image) {
            return Ok(content);
        }
        let content = match image.recipe {
            Recipe::SanitizedSvg => encode::sanitize_svg(&read_source(image)?)?.svg.into_bytes(),
            Recipe::Stripped(_) | Recipe::Resized { .. } => {
                self.decode(image, |decoded| Ok(decoded.create(image.recipe)?))?
            }
        };
        self.write(image, &content)?;
        Ok(content)
    }

    /// Reads a derived file. Returns `None` if it does not exist, or if its digest is wrong.
    fn stored(&self, image: &DerivedImage) -> Option<Vec<u8>> {
        let path = self.path(image);
        let mut content = fs::read(&path).ok()?;
        let digest = content.split_off(content.len().checked_sub(DIGEST_LENGTH)?);
        (digest == content_digest(&path, &content)).then_some(content)
    }

    /// Removes the files of images that the site no longer has.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read, or if a file cannot be removed.
    pub fn prune(&self, digests: &HashSet<String>) -> anyhow::Result<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.with_context(|| format!("cannot read `{}`", self.folder.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read `{}`", self.folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_used = match name.split_once('.') {
                // Names of temporary files begin with a dot.
                Some(("", _)) => !is_abandoned(&entry),
                Some((digest, rest)) => digests.contains(digest) && rest.split('-').next() == Some(RECIPES),
                None => false,
            };
            if is_used {
                continue;
            }
            match fs::remove_file(entry.path()) {
                // Another process removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed.with_context(|| format!("cannot remove `{}`", entry.path().display()))?,
            }
        }
        Ok(())
    }

    /// `<digest>.<recipes>-720.webp`: the source's digest, the version of the recipes, and the width.
    fn path(&self, image: &DerivedImage) -> PathBuf {
        let DerivedImage { source: _, source_digest, recipe } = image;
        let width = match recipe {
            Recipe::SanitizedSvg => 0,
            Recipe::Stripped(still) => still.pixels.0,
            Recipe::Resized { width, .. } => *width,
        };
        self.folder.join(format!("{source_digest}.{RECIPES}-{width}.{}", recipe.extension()))
    }

    /// Decodes a source image and calls a function with it. Waits until enough memory is free.
    fn decode<T>(
        &self,
        image: &DerivedImage,
        then: impl FnOnce(&DecodedImage) -> Result<T, ImageError>,
    ) -> Result<T, ImageError> {
        let Some(still) = image.recipe.source_image() else { return Err(ImageProblem::Unreadable.into()) };
        let _memory = self.reserve_memory(u64::from(still.pixels.0) * u64::from(still.pixels.1));
        let bytes = read_source(image)?;
        then(&encode::decode(&bytes, still)?)
    }

    /// Waits until the memory for an image is free. Holders of a reservation never wait, so this cannot deadlock.
    fn reserve_memory(&self, pixels: u64) -> MemoryReservation<'_> {
        // The decoder's own copy, and the pixels with eight bits per channel.
        let bytes = (pixels * 9).min(MAX_MEMORY);
        let free = sync::lock(&self.free_memory);
        let waited = self.memory_freed.wait_while(free, |free| *free < bytes);
        *waited.unwrap_or_else(PoisonError::into_inner) -= bytes;
        MemoryReservation { cache: self, bytes }
    }

    fn write(&self, image: &DerivedImage, content: &[u8]) -> anyhow::Result<()> {
        let path = self.path(image);
        let bytes = [content, &content_digest(&path, content)].concat();
        cache_dir::store(&self.root, &path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// Memory that is returned when this is dropped.
struct MemoryReservation<'c> {
    cache: &'c ImageCache,
    bytes: u64,
}

impl Drop for MemoryReservation<'_> {
    fn drop(&mut self) {
        *sync::lock(&self.cache.free_memory) += self.bytes;
        self.cache.memory_freed.notify_all();
    }
}

/// Returns the SHA-256 of a file's name and content.
fn content_digest(path: &Path, content: &[u8]) -> [u8; DIGEST_LENGTH] {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    Sha256::new_with_prefix(name).chain_update([0]).chain_update(content).finalize().into()
}

fn is_abandoned(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
    modified.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED_AFTER)
}

/// Reads a source image. Fails if it has changed since its digest was computed, because derived files are stored under
/// that digest.
fn read_source(image: &DerivedImage) -> anyhow::Result<Vec<u8>> {
    let path = image.source.display();
    let bytes = fs::read(&image.source).with_context(|| format!("cannot read `{path}`"))?;
    anyhow::ensure!(digest(&bytes) == image.source_digest, "`{path}` changed during the build");
    Ok(bytes)
}
