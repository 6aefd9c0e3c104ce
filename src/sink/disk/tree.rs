//! The files of a tree: scanned from a folder, listed in a manifest, and compared.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::context::cannot;

/// The first line of a manifest. It changes with the format.
const FORMAT: &str = "tagline manifest 1";

/// Files that desktops create in every folder they show. They are ignored and lost in the next build.
const DESKTOP_FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// One file of a tree. Lists of entries are sorted by path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Relative to the folder, with `/` as separator.
    pub(super) path: Box<str>,
    pub(super) len: u64,
    /// Nanoseconds since 1970.
    modified: i128,
}

impl Entry {
    pub(super) fn new(path: &str, metadata: &Metadata) -> Entry {
        // On systems without mtimes this is always 0, and only the length is compared.
        let modified = metadata.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        });
        Entry { path: path.into(), len: metadata.len(), modified }
    }
}

/// The record of a completed build.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) stamp: String,
    /// The folder's id. After a killed build, it identifies the tree that the manifest describes.
    pub(super) folder: u64,
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

    fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != FORMAT {
            return None;
        }
        let stamp = lines.next()?.strip_prefix("stamp ")?.to_owned();
        let (folder, count) = lines.next()?.strip_prefix("folder ")?.split_once(' ')?;
        let entry = |line: &str| {
            let (len, rest) = line.split_once(' ')?;
            let (modified, path) = rest.split_once(' ')?;
            let (len, modified) = (len.parse().ok()?, modified.parse().ok()?);
            Some(Entry { path: path.into(), len, modified })
        };
        let files = lines.map(entry).collect::<Option<Vec<_>>>()?;
        // If the build was killed while writing the manifest, lines are missing.
        let is_complete = count.parse() == Ok(files.len());
        is_complete.then_some(Manifest { stamp, folder: folder.parse().ok()?, files })
    }

    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let Manifest { stamp, folder, files } = self;
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(out, "{FORMAT}\nstamp {stamp}\nfolder {folder} {}", files.len())?;
        for Entry { path, len, modified } in files {
            writeln!(out, "{len} {modified} {path}")?;
        }
        out.flush()
    }
}

/// Returns the index of a path in a sorted list.
pub(super) fn find(files: &[Entry], path: &str) -> Option<usize> {
    files.binary_search_by(|file| (*file.path).cmp(path)).ok()
}

/// Returns a number that a folder keeps when it is renamed (its inode), or 0 if the system has none.
#[cfg(unix)]
pub(super) fn folder_id(folder: &Path) -> io::Result<u64> {
    fs::symlink_metadata(folder).map(|metadata| std::os::unix::fs::MetadataExt::ino(&metadata))
}
#[cfg(not(unix))]
pub(super) fn folder_id(_: &Path) -> io::Result<u64> {
    Ok(0)
}

/// Returns the files of a folder. Files that the manifest does not list are an error.
pub(super) fn own_files(folder: &Path, listed: &[Entry]) -> anyhow::Result<Vec<Entry>> {
    let mut scan = scan(folder, "")?;
    scan.files.par_sort_unstable();
    let (files, unlisted): (Vec<_>, Vec<_>) =
        scan.files.into_iter().partition(|file| find(listed, &file.path).is_some());
    let mut foreign = scan.others;
    foreign.extend(unlisted.into_iter().map(|file| file.path.into()));
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
