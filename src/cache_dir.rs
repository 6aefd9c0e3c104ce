//! The cache folder `.tagline/` of a site, and atomic file writes.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

const FOLDER: &str = ".tagline";

/// Returns the path of a cached file. `relative` is its path below `.tagline/`.
pub fn path(root: &Path, relative: &str) -> PathBuf {
    root.join(FOLDER).join(relative)
}

/// Writes a file at a [`path`] in the cache. Also writes a `.gitignore` into the cache folder, because the site's own
/// `.gitignore` may not list it.
///
/// # Errors
///
/// If a folder or a file cannot be written.
pub fn store(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    prepare(root, path)?;
    write_atomically(path, bytes)
}

/// Creates a temporary file next to a [`path`] in the cache, which replaces it when it is persisted.
///
/// # Errors
///
/// If a folder or the file cannot be created.
pub fn create(root: &Path, path: &Path) -> io::Result<NamedTempFile> {
    prepare(root, path)?;
    temporary_file(path)
}

fn prepare(root: &Path, path: &Path) -> io::Result<()> {
    let ignore = root.join(FOLDER).join(".gitignore");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if !ignore.exists() {
        write_atomically(&ignore, b"*\n")?;
    }
    Ok(())
}

/// Writes a temporary file next to `path` and renames it, so that readers see the old file or the whole new one.
/// The temporary name is the final one with a dot before it and a random suffix; scans and `.gitignore` skip it.
///
/// # Errors
///
/// If the file cannot be written or renamed.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary_file(path)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

fn temporary_file(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    // By default only the owner may read a temporary file. This is the mode of a file created the usual way; the
    // process's umask applies.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atomic_write_replaces_the_file_and_leaves_no_temporary_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tags.csv");
        for text in ["first", "second"] {
            write_atomically(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn atomic_write_creates_a_file_with_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (usual, written) = (dir.path().join("usual"), dir.path().join("written"));
        fs::write(&usual, "").unwrap();
        write_atomically(&written, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&written), mode(&usual));
    }
}
