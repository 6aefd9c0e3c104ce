//! The outlines of texts that an earlier build parsed, in `.tagline/outlines`. A page with an unchanged text is only parsed
//! again if it is rendered again.
//!
//! The file has a line with the program that wrote it, then the outlines, then a digest of all of this. A file of another
//! program, and a damaged one, count as no file.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::bytes::{Reader, push_number};
use super::outline_encoding;
use crate::cache_dir;
use crate::digest;
use crate::model::body::Outline;
use crate::sync;

const FILE: &str = "outlines";
/// The bytes of a digest.
const DIGEST: usize = 16;

/// The outlines of the last build, and those of this one while it parses pages. Threads may use it at the same time.
pub struct OutlineCache {
    path: PathBuf,
    last: LastOutlines,
    /// `None` if the new file cannot be written. Then the next build parses all pages.
    next: Mutex<Option<NextFile>>,
    /// Whether a text was not in the last file.
    has_new: AtomicBool,
}

/// The bytes of the last file, with the place of each record by the digest of its text.
#[derive(Default)]
struct LastOutlines {
    bytes: Vec<u8>,
    records: HashMap<u128, std::ops::Range<usize>>,
}

struct NextFile {
    out: BufWriter<NamedTempFile>,
    hash: Sha256,
}

impl OutlineCache {
    /// Reads the cache of a site. `program` is one line that identifies this program.
    pub fn open(root: &Path, program: &str) -> OutlineCache {
        let mut cache = OutlineCache::empty(root, program);
        let last = fs::read(&cache.path).ok().and_then(|bytes| LastOutlines::of(bytes, &first_line(program)));
        cache.last = last.unwrap_or_default();
        cache
    }

    /// Returns a cache that knows no text, and replaces that of the last build.
    pub fn empty(root: &Path, program: &str) -> OutlineCache {
        let path = cache_dir::path(root, FILE);
        let next = cache_dir::create(root, &path).and_then(|file| NextFile::new(file, &first_line(program)));
        OutlineCache {
            path,
            last: LastOutlines::default(),
            next: Mutex::new(next.ok()),
            has_new: AtomicBool::new(false),
        }
    }

    /// Returns the outline of a text, by the digest of the text.
    pub fn get(&self, text: u128) -> Option<Outline> {
        let record = &self.last.bytes[self.last.records.get(&text)?.clone()];
        let outline = outline_encoding::decode(&record[DIGEST..])?;
        self.add(record);
        Some(outline)
    }

    /// Adds the outline of a text.
    pub fn put(&self, text: u128, outline: &Outline) {
        let mut record = text.to_le_bytes().to_vec();
        record.extend(outline_encoding::encode(outline));
        self.has_new.store(true, Ordering::Relaxed);
        self.add(&record);
    }

    fn add(&self, record: &[u8]) {
        let mut next = sync::lock(&self.next);
        if next.as_mut().is_some_and(|next| next.add(record).is_err()) {
            *next = None;
        }
    }

    /// Replaces the file, if there are new texts. A cache that cannot be written is not an error.
    pub fn save(self) {
        if let Some(next) = sync::into_inner(self.next).filter(|_| self.has_new.into_inner()) {
            let _ = next.finish(&self.path);
        }
    }
}

impl LastOutlines {
    /// Returns `None` if these are not the bytes of a whole file of this program.
    fn of(bytes: Vec<u8>, first_line: &str) -> Option<LastOutlines> {
        let (content, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if !content.starts_with(first_line.as_bytes()) || number(digest)? != digest::number(content) {
            return None;
        }
        let mut records = HashMap::new();
        let mut reader = Reader::new(&content[first_line.len()..]);
        let mut at = first_line.len();
        while at < content.len() {
            let record = reader.number().and_then(|length| reader.take(length))?;
            let start = at + size_of::<u32>();
            at = start + record.len();
            records.insert(number(record.get(..DIGEST)?)?, start..at);
        }
        Some(LastOutlines { bytes, records })
    }
}

impl NextFile {
    fn new(file: NamedTempFile, first_line: &str) -> io::Result<NextFile> {
        let mut next = NextFile { out: BufWriter::with_capacity(64 * 1024, file), hash: Sha256::new() };
        next.write(first_line.as_bytes())?;
        Ok(next)
    }

    fn add(&mut self, record: &[u8]) -> io::Result<()> {
        let mut length = Vec::with_capacity(size_of::<u32>());
        push_number(&mut length, record.len());
        self.write(&length)?;
        self.write(record)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }

    fn finish(mut self, path: &Path) -> io::Result<()> {
        let digest = digest::finished_number(self.hash);
        self.out.write_all(&digest.to_le_bytes())?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(path)?;
        Ok(())
    }
}

fn first_line(program: &str) -> String {
    format!("tagline outlines 2 {program}\n")
}

fn number(bytes: &[u8]) -> Option<u128> {
    Some(u128::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(number: u32) -> Outline {
        Outline { anchors: vec![number.to_string().into()], ..Outline::default() }
    }

    fn save(root: &Path, numbers: impl Iterator<Item = u32>) {
        let cache = OutlineCache::open(root, "program");
        numbers.for_each(|number| cache.put(number.into(), &outline(number)));
        cache.save();
    }

    fn has(root: &Path, program: &str, number: u32) -> bool {
        let found = OutlineCache::open(root, program).get(number.into());
        assert!(found.as_ref().is_none_or(|found| *found == outline(number)), "{found:?}");
        found.is_some()
    }

    #[test]
    fn texts_are_known_to_the_same_program_only() {
        let dir = tempfile::tempdir().unwrap();
        save(dir.path(), 0..100);
        assert!((0..100).all(|number| has(dir.path(), "program", number)));
        assert!(!has(dir.path(), "program", 100));
        assert!(!has(dir.path(), "other program", 1));
    }

    #[test]
    fn texts_that_a_build_does_not_use_are_forgotten_with_the_next_new_text() {
        let dir = tempfile::tempdir().unwrap();
        save(dir.path(), 0..3);
        let cache = OutlineCache::open(dir.path(), "program");
        assert_eq!(cache.get(1), Some(outline(1)));
        cache.save();
        assert!(has(dir.path(), "program", 0), "a file without new texts is not written");
        let cache = OutlineCache::open(dir.path(), "program");
        assert_eq!(cache.get(1), Some(outline(1)));
        cache.put(7, &outline(7));
        cache.save();
        assert_eq!([0, 1, 2, 7].map(|number| has(dir.path(), "program", number)), [false, true, false, true]);
    }

    #[test]
    fn damaged_file_counts_as_none_and_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = cache_dir::path(dir.path(), FILE);
        save(dir.path(), 0..3);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!((0..3).all(|number| !has(dir.path(), "program", number)), "byte {at}");
            fs::write(&path, &good[..at]).unwrap();
            assert!((0..3).all(|number| !has(dir.path(), "program", number)), "{at} bytes");
        }
        save(dir.path(), 0..3);
        assert!(has(dir.path(), "program", 1));
        let left = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 2, "a temporary file beside the cache and its `.gitignore`");
    }
}
