//! The files of a tree: as they lie in a folder, as its manifest lists them, and the difference.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::cannot;

/// The first line of a manifest; a change of the format changes it.
const FORMAT: &str = "tagline manifest 1";

/// What desktops leave in each folder that they show; nobody misses it.
const DROPPINGS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// One file of a tree. A list of them is sorted by path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Relative to the folder, joined by `/`.
    pub(super) path: Box<str>,
    pub(super) len: u64,
    /// In nanoseconds since 1970.
    modified: i128,
}

impl Entry {
    pub(super) fn of(path: &str, meta: &Metadata) -> Entry {
        // A system without mtimes has 0 everywhere, and length alone tells files apart.
        let modified = meta.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        });
        Entry { path: path.into(), len: meta.len(), modified }
    }
}

/// What a completed build says of its tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) stamp: String,
    /// Tells, after a kill, which of two trees this one describes.
    pub(super) folder: u64,
    pub(super) files: Vec<Entry>,
}

impl Manifest {
    /// The manifest at a path, if there is one. `InvalidData` if it is not whole.
    pub(super) fn read(path: &Path) -> io::Result<Option<Manifest>> {
        let text = match fs::read_to_string(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "not a whole manifest");
        Manifest::parse(&text).ok_or_else(damaged).map(Some)
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
        // A manifest whose writer was killed is too short.
        let whole = count.parse() == Ok(files.len());
        whole.then_some(Manifest { stamp, folder: folder.parse().ok()?, files })
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

/// Where a path is in a sorted list.
pub(super) fn find(files: &[Entry], path: &str) -> Option<usize> {
    files.binary_search_by(|file| (*file.path).cmp(path)).ok()
}

/// What stays with a folder when it is renamed; 0 where the system has no such number.
#[cfg(unix)]
pub(super) fn folder_id(folder: &Path) -> io::Result<u64> {
    fs::symlink_metadata(folder).map(|meta| std::os::unix::fs::MetadataExt::ino(&meta))
}
#[cfg(not(unix))]
pub(super) fn folder_id(_: &Path) -> io::Result<u64> {
    Ok(0)
}

/// The files of a folder, all of which a manifest lists. Anything else in it is an error.
pub(super) fn ours(folder: &Path, listed: &[Entry]) -> anyhow::Result<Vec<Entry>> {
    let mut found = scan(folder, "")?;
    found.files.par_sort_unstable();
    let (files, unlisted): (Vec<_>, Vec<_>) =
        found.files.into_iter().partition(|file| find(listed, &file.path).is_some());
    let mut foreign = found.others;
    foreign.extend(unlisted.into_iter().map(|file| file.path.into()));
    refuse(folder, foreign)?;
    Ok(files)
}

/// For a folder without a manifest.
pub(super) fn refuse_unless_empty(folder: &Path) -> anyhow::Result<()> {
    let mut foreign = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| cannot("read", folder))? {
        let entry = entry.with_context(|| cannot("read", folder))?;
        let slash = if entry.path().is_dir() { "/" } else { "" };
        foreign.push(format!("{}{slash}", entry.file_name().to_string_lossy()));
    }
    refuse(folder, foreign)
}

fn refuse(folder: &Path, mut foreign: Vec<String>) -> anyhow::Result<()> {
    foreign.retain(|path| !DROPPINGS.contains(&path.rsplit('/').next().unwrap_or(path)));
    if foreign.is_empty() {
        return Ok(());
    }
    foreign.sort_unstable();
    let shown: Vec<String> = foreign.iter().take(3).map(|path| format!("`{path}`")).collect();
    let more = match foreign.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    bail!(
        "`{}` holds what tagline did not make: {}{more}; move it into `static/`, delete the \
         folder, or name another one with `--output` or `--sales`",
        folder.display(),
        shown.join(", "),
    )
}

/// What lies in a folder: regular files, and the paths of anything else that is no folder.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) files: Vec<Entry>,
    pub(super) others: Vec<String>,
}

/// In parallel: each of 10,000 pages has a folder of its own.
pub(super) fn scan(folder: &Path, prefix: &str) -> anyhow::Result<Scan> {
    let context = || cannot("read", folder);
    let mut found = Scan::default();
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        let kind = entry.file_type().with_context(context)?;
        if kind.is_dir() {
            folders.push((entry.path(), path + "/"));
        } else if kind.is_file() && name.to_str().is_some() {
            let meta = entry.metadata().with_context(|| cannot("look at", &entry.path()))?;
            found.files.push(Entry::of(&path, &meta));
        } else {
            found.others.push(path);
        }
    }
    let below = folders.into_par_iter().map(|(folder, prefix)| scan(&folder, &prefix));
    for Scan { files, others } in below.collect::<anyhow::Result<Vec<_>>>()? {
        found.files.extend(files);
        found.others.extend(others);
    }
    Ok(found)
}
