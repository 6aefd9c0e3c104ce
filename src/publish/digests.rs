//! The digests of built files that the last publish computed, in `.tagline/digests/`. A file with the same size, time and inode
//! is not read again.
//!
//! The file has a line with its format, a line for each file of the last publish, and a digest of all of this. A damaged file
//! is ignored. Each file is hashed again before it is uploaded.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cache_dir;
use crate::digest::digest;

const FOLDER: &str = "digests";
/// The first line of a file. It changes with the format, and with the way of hashing.
const FORMAT: &str = "tagline digests 1";
/// The time of a file does not tell two changes in one tick of a clock apart. Some file systems count in seconds.
const SETTLED: Duration = Duration::from_secs(2);

/// What the file system says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    size: u64,
    /// In nanoseconds since 1970.
    modified: u128,
    /// The number of the file in its file system, or 0 if the system has none.
    inode: u64,
}

/// The digests of the last publish. Threads may use it at the same time.
pub(super) struct Digests {
    last: HashMap<String, (Facts, u128)>,
    started: SystemTime,
    /// Files that had to be read.
    missed: AtomicUsize,
    /// The folder of the site, and the file.
    place: Option<(PathBuf, PathBuf)>,
}

impl Digests {
    /// Reads the digests of one of a site's built folders. `name` tells these folders apart.
    pub(super) fn open(root: &Path, name: &str) -> Digests {
        let path = cache_dir::path(root, FOLDER).join(name);
        let last = fs::read_to_string(&path).ok().and_then(|text| parse(&text)).unwrap_or_default();
        Digests { last, place: Some((root.to_owned(), path)), ..Digests::none() }
    }

    /// Returns digests that know no file, and are not stored.
    pub(super) fn none() -> Digests {
        Digests { last: HashMap::new(), started: SystemTime::now(), missed: AtomicUsize::new(0), place: None }
    }

    /// Returns the digest of a file that has not changed since the last publish.
    pub(super) fn get(&self, path: &str, facts: Option<Facts>) -> Option<u128> {
        let known = self.last.get(path).filter(|(known, _)| Some(*known) == facts).map(|(_, content)| *content);
        if known.is_none() {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
        known
    }

    /// Stores the digests of all files by their paths, unless that would change nothing. A cache that cannot be written is not an error.
    pub(super) fn save<'f>(self, files: impl ExactSizeIterator<Item = (&'f str, u128, Option<Facts>)>) {
        let Some((root, cache)) = self.place else { return };
        if self.missed.into_inner() == 0 && files.len() == self.last.len() {
            return;
        }
        let settled = self.started.checked_sub(SETTLED).map_or(0, nanoseconds);
        let mut text = format!("{FORMAT}\n");
        for (path, content, facts) in files {
            let Some(Facts { size, modified, inode }) = facts.filter(|facts| facts.modified < settled) else {
                continue;
            };
            if !path.contains('\n') {
                let _ = writeln!(text, "{size} {modified} {inode} {content:032x} {path}");
            }
        }
        text.push_str(&digest(text.as_bytes()));
        let _ = cache_dir::store(&root, &cache, text.as_bytes());
    }
}

impl Facts {
    /// Returns `None` if the file system has no times.
    pub(super) fn of(metadata: &Metadata) -> Option<Facts> {
        let modified = nanoseconds(metadata.modified().ok()?);
        Some(Facts { size: metadata.len(), modified, inode: inode(metadata) })
    }
}

/// Returns 0 for a time before 1970.
fn nanoseconds(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Returns `None` if this is not the whole text of a file.
fn parse(text: &str) -> Option<HashMap<String, (Facts, u128)>> {
    let (lines, checksum) = text.split_at_checked(text.rfind('\n')? + 1)?;
    if digest(lines.as_bytes()) != checksum {
        return None;
    }
    let mut lines = lines.lines();
    lines.next().filter(|first| *first == FORMAT)?;
    lines.map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<(String, (Facts, u128))> {
    let mut parts = line.splitn(5, ' ');
    let (size, modified) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let facts = Facts { size, modified, inode: parts.next()?.parse().ok()? };
    let content = u128::from_str_radix(parts.next()?, 16).ok()?;
    Some((parts.next()?.to_owned(), (facts, content)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::local::{LocalFile, files};

    /// A folder with two files that were written a minute ago.
    fn site() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let public = root.path().join("public");
        fs::create_dir(&public).unwrap();
        for name in ["a b.txt", "c.txt"] {
            fs::write(public.join(name), name).unwrap();
            age(&public.join(name), 60);
        }
        (root, public)
    }

    fn age(path: &Path, seconds: u64) {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    }

    fn known(root: &Path) -> Vec<String> {
        let mut names: Vec<String> = Digests::open(root, "site").last.into_keys().collect();
        names.sort();
        names
    }

    fn list(root: &Path, public: &Path) -> Vec<LocalFile> {
        files(public, Digests::open(root, "site")).unwrap()
    }

    #[test]
    fn changed_files_have_a_new_digest() {
        let (root, public) = site();
        let first = list(root.path(), &public);
        assert_eq!(known(root.path()), ["a b.txt", "c.txt"]);
        let file = public.join("c.txt");
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        // The same size.
        fs::write(&file, "d.txt").unwrap();
        let second = list(root.path(), &public);
        assert_eq!(first[0].content, second[0].content);
        assert_ne!(first[1].content, second[1].content);
        // The same size and time, in another file.
        fs::write(public.join("new"), "e.txt").unwrap();
        fs::rename(public.join("new"), &file).unwrap();
        fs::File::options().write(true).open(&file).unwrap().set_modified(modified).unwrap();
        assert_ne!(first[1].content, list(root.path(), &public)[1].content);
    }

    #[test]
    fn file_that_was_just_written_is_read_again() {
        let (root, public) = site();
        fs::write(public.join("c.txt"), "new").unwrap();
        list(root.path(), &public);
        assert_eq!(known(root.path()), ["a b.txt"]);
    }

    #[test]
    fn files_that_are_gone_are_forgotten() {
        let (root, public) = site();
        list(root.path(), &public);
        fs::remove_file(public.join("c.txt")).unwrap();
        list(root.path(), &public);
        assert_eq!(known(root.path()), ["a b.txt"]);
    }

    #[test]
    fn damaged_file_counts_as_none_and_is_replaced() {
        let (root, public) = site();
        let expected: Vec<u128> = list(root.path(), &public).iter().map(|file| file.content).collect();
        let path = cache_dir::path(root.path(), FOLDER).join("site");
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!(known(root.path()).is_empty(), "byte {at}");
            fs::write(&path, &good[..at]).unwrap();
            assert!(known(root.path()).is_empty(), "{at} bytes");
        }
        let found: Vec<u128> = list(root.path(), &public).iter().map(|file| file.content).collect();
        assert_eq!((found, fs::read(&path).unwrap()), (expected, good));
    }
}
