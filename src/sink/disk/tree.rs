//! The files of a tree: scanned from a folder, listed in a manifest, and compared.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::context::cannot;
use crate::sink::Origin;

/// The first line of a manifest. It changes with the format.
const FORMAT: &str = "tagline manifest 2";
/// The beginning of the first line in all formats.
const FORMAT_NAME: &str = "tagline manifest";

/// Files that desktops create in every folder they show. They are ignored and lost in the next build.
const DESKTOP_FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// One file of a tree. Lists of entries are sorted by path.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Relative to the folder, with `/` as separator.
    pub(super) path: Box<str>,
    pub(super) len: u64,
    /// Nanoseconds since 1970.
    modified: i128,
    /// What the last build made the file from. A scan of a folder finds none.
    pub(super) origin: Option<Origin>,
    /// The number of the file in its file system. 0 in a manifest, and if the system has none.
    inode: u64,
}

/// The inode is not compared, because copies of a tree have others.
impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        let facts = |entry: &Entry| (entry.len, entry.modified);
        self.path == other.path && facts(self) == facts(other) && self.origin == other.origin
    }
}

impl Entry {
    pub(super) fn new(path: &str, metadata: &Metadata) -> Entry {
        // On systems without mtimes this is always 0, and only the length is compared.
        let modified = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        });
        Entry { path: path.into(), len: metadata.len(), modified, origin: None, inode: inode(metadata) }
    }
}

/// The record of a completed build.
#[derive(Debug, PartialEq)]
pub(super) struct Manifest {
    pub(super) stamp: String,
    /// The folder's id. After a killed build, it identifies the tree that the manifest describes.
    pub(super) folder: u64,
    /// The program that made the files.
    pub(super) program: String,
    pub(super) files: Vec<Entry>,
}

impl Manifest {
    /// Reads a manifest if the file exists. The error is `InvalidData` if it is incomplete.
    pub(super) fn read(path: &Path) -> io::Result<Option<Manifest>> {
        let text = match fs::read_to_string(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let incomplete = || io::Error::new(io::ErrorKind::InvalidData, "the manifest is incomplete");
        Manifest::parse(&text).ok_or_else(incomplete).map(Some)
    }

    /// Reads the manifest of the current tree, also one that another version of Tagline wrote in its own format. Of that, only
    /// the paths are known, so that no file is reused, and files that it does not list are still refused.
    pub(super) fn read_any(path: &Path) -> io::Result<Option<Manifest>> {
        match Manifest::read(path) {
            Err(e) if e.kind() == io::ErrorKind::InvalidData => {
                let text = fs::read_to_string(path)?;
                Manifest::of_other_format(&text).ok_or(e).map(Some)
            }
            manifest => manifest,
        }
    }

    /// The paths are the ends of the lines, behind some other values.
    fn of_other_format(text: &str) -> Option<Manifest> {
        let (first, lines) = text.split_once('\n')?;
        let version = first.strip_prefix(FORMAT_NAME)?.trim_start();
        if first == FORMAT
            || lines.is_empty()
            || version.is_empty()
            || !version.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let ends = |line: &'_ str| {
            let after = line.match_indices([' ', '\t']).map(|(at, _)| at + 1);
            let paths = [0].into_iter().chain(after).map(|start| line[start..].into());
            paths.collect::<Vec<Box<str>>>()
        };
        let paths = lines.lines().flat_map(ends);
        let mut files: Vec<Entry> =
            paths.map(|path| Entry { path, len: 0, modified: 0, origin: None, inode: 0 }).collect();
        sort(&mut files);
        Some(Manifest { stamp: "none".to_owned(), folder: 0, program: String::new(), files })
    }

    fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != FORMAT {
            return None;
        }
        let stamp = lines.next()?.strip_prefix("stamp ")?.to_owned();
        let program = lines.next()?.strip_prefix("program ")?.to_owned();
        let (folder, counts) = lines.next()?.strip_prefix("folder ")?.split_once(' ')?;
        let (notes, files) = counts.split_once(' ')?;
        let notes = lines.by_ref().take(notes.parse().ok()?).map(|line| line.strip_prefix("note ").map(Arc::from));
        let notes = notes.collect::<Option<Vec<Arc<str>>>>()?;
        let count: usize = files.parse().ok()?;
        let files = lines.map(|line| Entry::parse(line, &notes)).collect::<Option<Vec<_>>>()?;
        // If the build was killed while writing the manifest, lines are missing.
        (files.len() == count).then_some(Manifest { stamp, folder: folder.parse().ok()?, program, files })
    }

    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let Manifest { stamp, folder, program, files } = self;
        let mut notes: Vec<&str> = Vec::new();
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for origin in files.iter().filter_map(|file| file.origin.as_ref()) {
            numbers.entry(&origin.note).or_insert_with(|| {
                notes.push(&origin.note);
                notes.len() - 1
            });
        }
        let mut out = BufWriter::with_capacity(64 * 1024, File::create(path)?);
        writeln!(out, "{FORMAT}\nstamp {stamp}\nprogram {program}\nfolder {folder} {} {}", notes.len(), files.len())?;
        for note in notes {
            writeln!(out, "note {note}")?;
        }
        for Entry { path, len, modified, origin, inode: _ } in files {
            write!(out, "{len} {modified} ")?;
            match origin {
                Some(Origin { fingerprint, note }) => write!(out, "{fingerprint:x}.{}", numbers[&**note])?,
                None => write!(out, "-")?,
            }
            writeln!(out, " {path}")?;
        }
        out.flush()
    }
}

impl Entry {
    /// Parses a line of a manifest: length, time, fingerprint with the number of its note, path.
    fn parse(line: &str, notes: &[Arc<str>]) -> Option<Entry> {
        let mut parts = line.splitn(4, ' ');
        let (len, modified) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let origin = match parts.next()? {
            "-" => None,
            origin => {
                let (fingerprint, note) = origin.split_once('.')?;
                let note = Arc::clone(notes.get(note.parse::<usize>().ok()?)?);
                Some(Origin { fingerprint: u128::from_str_radix(fingerprint, 16).ok()?, note })
            }
        };
        Some(Entry { path: parts.next()?.into(), len, modified, origin, inode: 0 })
    }

    pub(super) fn made_from(self, origin: Option<Origin>) -> Entry {
        Entry { origin, ..self }
    }

    /// Returns whether two entries are links to the same file.
    pub(super) fn is_same_file(&self, other: &Entry) -> bool {
        self.inode != 0 && (self.inode, self.len, self.modified) == (other.inode, other.len, other.modified)
    }

    /// Takes the origin of the listed file, if this is the same: it has its length and mtime.
    fn with_origin_of(mut self, listed: &Entry) -> Entry {
        if (self.len, self.modified) == (listed.len, listed.modified) {
            self.origin.clone_from(&listed.origin);
        }
        self
    }
}

/// Sorts files by path.
pub(super) fn sort(files: &mut [Entry]) {
    files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
}

/// Returns the index of a path in a sorted list.
pub(super) fn find(files: &[Entry], path: &str) -> Option<usize> {
    files.binary_search_by(|file| (*file.path).cmp(path)).ok()
}

/// Returns a number that a folder keeps when it is renamed (its inode), or 0 if the system has none.
#[cfg(unix)]
pub(super) fn folder_id(folder: &Path) -> io::Result<u64> {
    fs::symlink_metadata(folder).map(|metadata| inode(&metadata))
}
#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}
#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
#[cfg(not(unix))]
pub(super) fn folder_id(_: &Path) -> io::Result<u64> {
    Ok(0)
}

/// Returns the files of a folder. Files that the manifest does not list are an error.
pub(super) fn own_files(folder: &Path, listed: &[Entry]) -> anyhow::Result<Vec<Entry>> {
    let mut scan = scan(folder, "")?;
    sort(&mut scan.files);
    let mut files = Vec::with_capacity(scan.files.len());
    let mut foreign = scan.others;
    for file in scan.files {
        match find(listed, &file.path) {
            Some(index) => files.push(file.with_origin_of(&listed[index])),
            None => foreign.push(file.path.into()),
        }
    }
    refuse(folder, foreign)?;
    Ok(files)
}

/// Checks a folder without a manifest.
pub(super) fn require_empty(folder: &Path) -> anyhow::Result<()> {
    let mut foreign = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| cannot("read", folder))? {
        let entry = entry.with_context(|| cannot("read", folder))?;
        let slash = if entry.path().is_dir() { "/" } else { "" };
        foreign.push(format!("{}{slash}", entry.file_name().to_string_lossy()));
    }
    refuse(folder, foreign)
}

/// Fails if there are files that Tagline did not create.
fn refuse(folder: &Path, mut foreign: Vec<String>) -> anyhow::Result<()> {
    foreign.retain(|path| !DESKTOP_FILES.contains(&path.rsplit('/').next().unwrap_or(path)));
    if foreign.is_empty() {
        return Ok(());
    }
    foreign.sort_unstable();
    let first: Vec<String> = foreign.iter().take(3).map(|path| format!("`{path}`")).collect();
    let more = match foreign.len() - first.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    bail!(
        "`{}` contains files that Tagline did not create: {}{more}; move them to `static/`, delete the folder, or choose \
         another one with `--output` or `--sales`",
        folder.display(),
        first.join(", "),
    )
}

/// The contents of a folder: regular files, and the paths of anything else except folders.
#[derive(Default)]
pub(super) struct FolderScan {
    pub(super) files: Vec<Entry>,
    pub(super) others: Vec<String>,
}

/// Scans a folder in parallel, because each page has its own folder.
pub(super) fn scan(folder: &Path, prefix: &str) -> anyhow::Result<FolderScan> {
    let context = || cannot("read", folder);
    let mut result = FolderScan::default();
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        let kind = entry.file_type().with_context(context)?;
        if kind.is_dir() {
            folders.push((entry.path(), path + "/"));
        } else if kind.is_file() && name.to_str().is_some() {
            let metadata = entry.metadata().with_context(|| cannot("read the metadata of", &entry.path()))?;
            result.files.push(Entry::new(&path, &metadata));
        } else {
            result.others.push(path);
        }
    }
    let below = folders.into_par_iter().map(|(folder, prefix)| scan(&folder, &prefix));
    for FolderScan { files, others } in below.collect::<anyhow::Result<Vec<_>>>()? {
        result.files.extend(files);
        result.others.extend(others);
    }
    Ok(result)
}
