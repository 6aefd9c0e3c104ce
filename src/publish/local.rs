//! The files of a built folder with their digests. Reads and hashes them in parallel.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::class::{Audience, is_hidden};
use super::digests::{Digests, Facts};
use super::entry::{FileKey, hidden_content, hidden_path};
use super::manifest::MANIFEST;
use crate::digest::finished_number;

const CHUNK: usize = 256 * 1024;

/// A built file.
#[derive(Clone, Debug)]
pub struct LocalFile {
    /// Relative to the folder, with `/` between its parts.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// The first 16 bytes of the SHA-256 of its content.
    pub content: u128,
}

impl LocalFile {
    /// Returns the name of the file in a manifest.
    pub fn key(&self, audience: Audience) -> FileKey {
        match audience == Audience::Public && is_hidden(&self.path) {
            true => FileKey::Hidden(hidden_path(&self.path)),
            false => FileKey::Path(self.path.as_str().into()),
        }
    }

    /// Returns the digest of the file in a manifest.
    pub fn digest(&self, audience: Audience) -> u128 {
        match audience == Audience::Public && is_hidden(&self.path) {
            true => hidden_content(&self.path, self.content),
            false => self.content,
        }
    }
}

/// Lists a built folder, sorted by path. Files that have not changed since the last publish have the digests of then.
///
/// # Errors
///
/// If a file cannot be read, has a name that is not UTF-8, or has the name of the manifest.
pub(super) fn files(folder: &Path, digests: Digests) -> anyhow::Result<Vec<LocalFile>> {
    let has_manifest = folder.join(MANIFEST).exists();
    anyhow::ensure!(!has_manifest, "`{MANIFEST}` is the name of the list of published files; rename yours");
    let files = hashed(folder, &digests)?;
    digests.save(files.iter().map(|(file, facts)| (&*file.path, file.content, *facts)));
    Ok(files.into_iter().map(|(file, _)| file).collect())
}

/// Lists a release, without its manifest. Reads each file.
///
/// # Errors
///
/// If a file cannot be read, or has a name that is not UTF-8.
pub(super) fn published_files(folder: &Path) -> anyhow::Result<Vec<LocalFile>> {
    let mut files: Vec<LocalFile> = hashed(folder, &Digests::none())?.into_iter().map(|(file, _)| file).collect();
    files.retain(|file| file.path != MANIFEST);
    Ok(files)
}

fn hashed(folder: &Path, digests: &Digests) -> anyhow::Result<Vec<(LocalFile, Option<Facts>)>> {
    let hashed = paths(folder, "")?.into_par_iter().map(|path| {
        let file = folder.join(&path);
        let cannot_read = || format!("cannot read `{}`", file.display());
        let metadata = fs::metadata(&file).with_context(cannot_read)?;
        let facts = Facts::of(&metadata);
        let (content, size) = match digests.get(&path, facts) {
            Some(content) => (content, metadata.len()),
            None => hash(&file, metadata.len()).with_context(cannot_read)?,
        };
        Ok((LocalFile { path, size, content }, facts))
    });
    let mut files: Vec<_> = hashed.collect::<anyhow::Result<_>>()?;
    files.par_sort_unstable_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    Ok(files)
}

/// Returns the paths of all files below a folder, with `/` between their parts. Each page has a folder of its own, so folders are
/// read in parallel.
fn paths(folder: &Path, prefix: &str) -> anyhow::Result<Vec<String>> {
    let cannot_read = || format!("cannot read `{}`", folder.display());
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let entry = entry.with_context(cannot_read)?;
        let name = entry.file_name();
        let name = name.to_str().with_context(|| format!("the name of `{}` is not UTF-8", entry.path().display()))?;
        match entry.file_type().with_context(cannot_read)?.is_dir() {
            true => folders.push((entry.path(), format!("{prefix}{name}/"))),
            false => files.push(format!("{prefix}{name}")),
        }
    }
    let below = folders.into_par_iter().map(|(folder, prefix)| paths(&folder, &prefix));
    files.extend(below.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten());
    Ok(files)
}

/// Returns the digest and the size of a file. `size` is a guess.
pub(super) fn hash(path: &Path, size: u64) -> std::io::Result<(u128, u64)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    // Most files are small: a buffer of their size.
    let mut buffer = vec![0; CHUNK.min(usize::try_from(size).unwrap_or(CHUNK) + 1)];
    let mut read_in_all = 0;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok((finished_number(hash), read_in_all));
        }
        hash.update(&buffer[..length]);
        read_in_all += length as u64;
    }
}

/// Returns true for a file of this size, in bytes.
pub(super) fn has_size(path: &Path, size: u64) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == size)
}

/// Reads a file that is about to be published.
///
/// # Errors
///
/// If the file cannot be read, or changed since it was hashed.
pub fn read_unchanged(folder: &Path, file: &LocalFile) -> anyhow::Result<Vec<u8>> {
    let path = folder.join(&file.path);
    let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let is_same = finished_number(Sha256::new_with_prefix(&bytes)) == file.content;
    anyhow::ensure!(is_same, "`{}` changed while it was published; publish again", path.display());
    Ok(bytes)
}
