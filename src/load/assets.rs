//! Digests and picture kinds of files that are not parsed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::file_entry::FileEntry;
use crate::digest;
use crate::images;
use crate::model::file::Asset;
use crate::model::picture::ImageKind;

/// Assets by their absolute paths, with the entries of their files at that time.
pub type CachedAssets = HashMap<PathBuf, (FileEntry, Asset)>;

/// Reads files in parallel, except those that are unchanged in the cache.
pub fn read(files: Vec<(&str, &FileEntry)>, cached: &CachedAssets) -> anyhow::Result<BTreeMap<String, Asset>> {
    files
        .par_iter()
        .map(|(path, entry)| {
            let unchanged = cached.get(&*entry.absolute).filter(|(then, _)| then == *entry);
            let asset = match unchanged {
                Some((_, asset)) => asset.clone(),
                None => asset(entry)?,
            };
            Ok(((*path).to_owned(), asset))
        })
        .collect()
}

fn asset(entry: &FileEntry) -> anyhow::Result<Asset> {
    let cannot_read = || format!("cannot read `{}`", entry.absolute.display());
    let picture = images::inspect::image_kind(&entry.absolute, entry.length).with_context(cannot_read)?;
    let has_position = match picture {
        Some(ImageKind::Still(_) | ImageKind::Unchanged { .. }) => {
            images::position::has_position(&fs::read(&entry.absolute).with_context(cannot_read)?)
        }
        Some(ImageKind::Svg { .. } | ImageKind::Invalid(_)) | None => false,
    };
    Ok(Asset {
        absolute: entry.absolute.to_path_buf(),
        length: entry.length,
        digest: file_digest(&entry.absolute).with_context(cannot_read)?,
        picture,
        has_position,
    })
}

/// The [`digest::digest`] of a file, which may be larger than the memory.
fn file_digest(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest::finished(hash)),
            length => hash.update(&buffer[..length]),
        }
    }
}
