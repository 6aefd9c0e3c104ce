//! Digests, first bytes, picture kinds and font metrics of files that are not parsed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::completeness;
use super::file_entry::FileEntry;
use crate::digest;
use crate::fonts;
use crate::images;
use crate::model::content::{ContentProblem, FileContent, HEAD};
use crate::model::file::Asset;
use crate::model::file_format::FileFormat;
use crate::model::picture::{ImageKind, ImageProblem};

/// Assets by their absolute paths, with the entries of their files at that time.
pub type CachedAssets = HashMap<PathBuf, (FileEntry, Asset)>;

/// Reads the files of a folder in parallel. A file that is unchanged in the cache is not read.
pub fn read(
    folder: &str,
    files: Vec<(&str, &FileEntry)>,
    cached: &CachedAssets,
) -> anyhow::Result<BTreeMap<String, Asset>> {
    files
        .par_iter()
        .map(|(path, entry)| {
            let unchanged = cached.get(&*entry.absolute).filter(|(then, _)| then == *entry);
            let asset = match unchanged {
                Some((_, asset)) => asset.clone(),
                None => asset(&format!("{folder}/{path}"), entry)?,
            };
            Ok(((*path).to_owned(), asset))
        })
        .collect()
}

fn asset(name: &str, entry: &FileEntry) -> anyhow::Result<Asset> {
    let cannot_read = || format!("cannot read `{}`", entry.absolute.display());
    let FileStart { head, digest, names_position } = read_through(&entry.absolute).with_context(cannot_read)?;
    let mut content = FileContent::of(name, &head, entry.length);
    if let (None, Some(format)) = (content.problem, content.format)
        && completeness::ends_early(&entry.absolute, format, &head, entry.length).with_context(cannot_read)?
    {
        content.problem = Some(ContentProblem::EndsEarly);
    }
    let picture = match content.is_missing() {
        true => None,
        false => images::inspect::image_kind(&entry.absolute, entry.length).with_context(cannot_read)?,
    };
    let has_position = match picture {
        Some(
            ImageKind::Still(_) | ImageKind::Unchanged { .. } | ImageKind::Invalid(ImageProblem::NotForBrowsers(_)),
        ) => images::position::has_position(&fs::read(&entry.absolute).with_context(cannot_read)?),
        Some(ImageKind::Svg { .. } | ImageKind::Invalid(_)) => false,
        None => names_position && content.format.is_some_and(FileFormat::is_video),
    };
    let font = match content {
        FileContent { format: Some(FileFormat::Woff2), problem: None } => {
            Some(fonts::metrics(&fs::read(&entry.absolute).with_context(cannot_read)?))
        }
        _ => None,
    };
    let absolute = entry.absolute.to_path_buf();
    Ok(Asset { absolute, length: entry.length, digest, content, picture, font, has_position })
}

/// What one pass over a file finds. It may be larger than the memory.
struct FileStart {
    /// Its first bytes.
    head: Vec<u8>,
    /// The [`digest::digest`] of the whole.
    digest: String,
    /// Whether it has a name that videos give to a position. In other files that means nothing.
    names_position: bool,
}

fn read_through(path: &Path) -> std::io::Result<FileStart> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut head = Vec::new();
    let mut names_position = false;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(FileStart { head, digest: digest::finished(hash), names_position });
        }
        let bytes = &buffer[..length];
        let missing = HEAD - head.len();
        head.extend_from_slice(&bytes[..length.min(missing)]);
        names_position |= images::position::is_named_in_video(bytes);
        hash.update(bytes);
    }
}
