//! Compares a release with its manifest: files that somebody removed or changed by hand.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::class::Audience;
use super::local::{self, LocalFile, has_size};
use super::manifest::{FileKey, MANIFEST, Manifest};
use crate::diagnostics::{count, first_few};

/// Returns the manifest with what the release really has of `files`: without those that are missing, and with the digest of those that
/// were changed. Only files of another size, and those that were written after the manifest, are read.
pub(super) fn as_found(
    release: &Path,
    mut manifest: Manifest,
    files: &[LocalFile],
    audience: Audience,
) -> anyhow::Result<Manifest> {
    let written = fs::metadata(release.join(MANIFEST)).and_then(|found| found.modified()).ok();
    for file in files {
        let (key, digest) = (file.key(audience), file.digest(audience));
        // A file that has changed in the site is published anyway.
        let Some(entry) = manifest.files.get_mut(&key).filter(|entry| entry.digest == digest) else { continue };
        let path = release.join(&file.path);
        if is_untouched(&path, file.size, written) {
            continue;
        }
        match local::hash(&path, file.size) {
            Ok((content, size)) => entry.digest = LocalFile { path: file.path.clone(), size, content }.digest(audience),
            Err(_) => {
                manifest.files.remove(&key);
            }
        }
    }
    Ok(manifest)
}

fn is_untouched(path: &Path, size: u64, manifest_written: Option<SystemTime>) -> bool {
    has_size(path, size)
        && fs::metadata(path)
            .and_then(|found| found.modified())
            .is_ok_and(|modified| manifest_written.is_some_and(|written| modified < written))
}

/// Compares size and digest of each file with the manifest.
///
/// # Errors
///
/// If files are missing, or have other content.
pub(super) fn verify(release: &Path, manifest: &Manifest, audience: Audience) -> anyhow::Result<()> {
    let mut expected = manifest.files.clone();
    // Browsers have old pages open for a while; what they show is no part of the site.
    expected.retain(|_, entry| entry.gone_since.is_none());
    let mut wrong = Vec::new();
    for file in local::published_files(release)? {
        if let Some(entry) = expected.remove(&file.key(audience))
            && entry.digest != file.digest(audience)
        {
            wrong.push(file.key(audience).shown());
        }
    }
    wrong.extend(expected.keys().map(FileKey::shown));
    anyhow::ensure!(
        wrong.is_empty(),
        "in `{}`, {} missing or not as published: {}; publish again, which restores them",
        release.display(),
        files_are(wrong.len()),
        first_few(&wrong)
    );
    Ok(())
}

/// Returns which files of a release are missing or have another size, as a part of a sentence.
pub(super) fn missing(release: &Path, manifest: &Manifest) -> Option<String> {
    let is_wrong = |(key, entry): (&FileKey, &super::manifest::Entry)| match key {
        FileKey::Path(path) if entry.gone_since.is_none() && !has_size(&release.join(&**path), entry.size) => {
            Some(path.to_string())
        }
        FileKey::Path(_) | FileKey::Hidden(_) => None,
    };
    let wrong: Vec<String> = manifest.files.iter().filter_map(is_wrong).collect();
    let few = || format!("{} missing or not as published: {}", files_are(wrong.len()), first_few(&wrong));
    (!wrong.is_empty()).then(few)
}

/// Returns `1 file is` or `2 files are`.
fn files_are(number: usize) -> String {
    format!("{} {}", count(number, "file"), if number == 1 { "is" } else { "are" })
}
