//! What the file system says about a file, to notice changes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

/// A file of a site. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    pub absolute: Arc<Path>,
    /// In bytes.
    pub length: u64,
    /// The time of the last change, in nanoseconds since 1970. On Unix this is the change time, because tools can set
    /// the modification time back.
    pub changed: u128,
}

impl FileEntry {
    pub fn new(absolute: Arc<Path>, metadata: &fs::Metadata) -> FileEntry {
        FileEntry { absolute, length: metadata.len(), changed: change_time(metadata) }
    }

    /// Returns the entry as the file is now, or `None` if there is no regular file.
    pub fn current(&self) -> Option<FileEntry> {
        let metadata = fs::symlink_metadata(&self.absolute).ok().filter(fs::Metadata::is_file)?;
        Some(FileEntry::new(Arc::clone(&self.absolute), &metadata))
    }
}

#[cfg(unix)]
fn change_time(metadata: &fs::Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    u128::try_from(nanoseconds).unwrap_or(0)
}

#[cfg(not(unix))]
fn change_time(metadata: &fs::Metadata) -> u128 {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    modified.map_or(0, |since| since.as_nanos())
}
