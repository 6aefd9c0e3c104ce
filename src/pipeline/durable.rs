//! Replaces files so that they survive a power cut.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// The beginning of temporary names. Scans skip it, and the `.gitignore` of a new site has it.
const TEMPORARY: &str = ".lead-tags.csv.";

/// A file that is written piece by piece.
pub struct NewFile<'t> {
    pub name: &'t str,
    pub write: Box<WriteFile<'t>>,
}

type WriteFile<'t> = dyn Fn(&mut dyn Write) -> io::Result<()> + 't;

impl<'t> NewFile<'t> {
    pub fn of_text(name: &'t str, text: String) -> NewFile<'t> {
        NewFile { name, write: Box::new(move |out| out.write_all(text.as_bytes())) }
    }
}

/// Replaces files in a folder, one after another. After a power cut or a kill, each file is the old or the new one, and
/// the old one only if those after it are old too.
///
/// # Errors
///
/// If a file cannot be written; nothing has changed then. If a file cannot be renamed; those before it have changed then.
pub fn replace_files(folder: &Path, files: &[NewFile]) -> io::Result<()> {
    remove_leftovers(folder);
    let staged: Vec<NamedTempFile> = files.iter().map(|file| stage(folder, &file.write)).collect::<io::Result<_>>()?;
    for (staged, file) in staged.into_iter().zip(files) {
        staged.persist(folder.join(file.name))?;
        // File systems may do the next rename first.
        sync_folder(folder)?;
    }
    Ok(())
}

/// Writes a temporary file to the disk.
fn stage(folder: &Path, write: &WriteFile) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // By default only the owner may read a temporary file. This is the mode of a file created the usual way; the
    // process's umask applies.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    write(&mut file)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Removes temporary files of processes that were killed. Whoever writes has the register's lock.
fn remove_leftovers(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY)) {
        // What cannot be removed does no harm.
        let _ = fs::remove_file(entry.path());
    }
}

/// Writes the names in a folder to the disk. Windows has no such call.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        // Some network file systems do not support it.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}
