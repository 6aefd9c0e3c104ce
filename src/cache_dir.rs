//! Files that are there whole or not at all, and `.tagline/` in a site's folder, where a run keeps what the next one need
//! not do again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const FOLDER: &str = ".tagline";

/// Where something lies that is kept, by its path below `.tagline/`.
pub fn place(root: &Path, below: &str) -> PathBuf {
    root.join(FOLDER).join(below)
}

/// Keeps a file at a [`place`] below the site's root. Git is told to leave the folder alone, for sites that are older than
/// it don't name it in their `.gitignore`.
pub fn keep(root: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let ignore = root.join(FOLDER).join(".gitignore");
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    if !ignore.exists() {
        write_whole(&ignore, b"*\n")?;
    }
    write_whole(place, bytes)
}

/// Writes a file beside its place, under a name that begins with a dot, and renames it there.
pub fn write_whole(place: &Path, bytes: &[u8]) -> io::Result<()> {
    static BEGUN: AtomicUsize = AtomicUsize::new(0);
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let number = BEGUN.fetch_add(1, Ordering::Relaxed);
    let staged = place.with_file_name(format!(".{name}.{}.{number}", std::process::id()));
    let written = fs::write(&staged, bytes).and_then(|()| fs::rename(&staged, place));
    if written.is_err() {
        // What is left of it is of no use; that it stays is no further failure.
        let _ = fs::remove_file(&staged);
    }
    written
}
