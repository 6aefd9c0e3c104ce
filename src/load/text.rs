//! Reads text files: UTF-8, without a byte order mark, with `\n` line ends.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use anyhow::Context;

use super::file_entry::FileEntry;
use super::names::{CHECKSUM_FILE, FIGURES_FILE, REGISTER_FILE};
use crate::diagnostics::Diagnostic;
use crate::model::content::{GIT_CRYPT, Stub};
use crate::rules::Rule;
use crate::source::{SourceText, Span, first_forbidden};

/// The largest text file, in bytes: about a thousand printed pages.
const MAX_TEXT: u64 = 4 * 1024 * 1024;
/// The largest tag register or file of its checksums, in bytes: a few million rows.
const MAX_REGISTER: u64 = 1024 * 1024 * 1024;

/// Reads a text file. Returns `None`, with a diagnostic, if it has no usable text.
pub fn read(path: String, entry: &FileEntry) -> anyhow::Result<(Option<Arc<SourceText>>, Vec<Diagnostic>)> {
    let is_register = [REGISTER_FILE, CHECKSUM_FILE].contains(&&*path);
    let limit = if is_register || path == FIGURES_FILE { MAX_REGISTER } else { MAX_TEXT };
    let bytes = bytes(entry, limit).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
    match bytes {
        Some(bytes) => Ok(decoded(path, bytes)),
        None => Ok((None, vec![too_large(path, limit)])),
    }
}

/// Reads a file to its end, which may be further than in the scan: an editor may have replaced the file meanwhile. Returns
/// `None` if it has more bytes than the limit.
fn bytes(entry: &FileEntry, limit: u64) -> io::Result<Option<Vec<u8>>> {
    if entry.length > limit {
        return Ok(None);
    }
    let mut file = File::open(&entry.absolute)?.take(limit + 1);
    let expected = usize::try_from(entry.length).unwrap_or(0);
    let mut bytes = vec![0; expected + 1];
    let read = file.read(&mut bytes)?;
    bytes.truncate(read);
    // One byte more was requested, so a file of the expected length ended there. This saves a system call a page.
    if read != expected {
        file.read_to_end(&mut bytes)?;
    }
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Decodes the bytes of a text file. Returns `None`, with a diagnostic, if they are no usable text.
pub fn decoded(path: String, bytes: Vec<u8>) -> (Option<Arc<SourceText>>, Vec<Diagnostic>) {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.as_bytes().starts_with(GIT_CRYPT) => {
            return (None, vec![Stub::GitCrypt.to_diagnostic(&path).in_file(path)]);
        }
        Err(error) => return (None, vec![not_utf8(path, &error)]),
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if let Some(stub) = Stub::of_text(&text) {
        let diagnostic = stub.to_diagnostic(&path);
        return (None, vec![diagnostic.in_file(path)]);
    }
    let source = SourceText::new(path, text);
    match forbidden_character(&source) {
        Some(diagnostic) => (None, vec![diagnostic]),
        None => (Some(source), Vec::new()),
    }
}

fn too_large(path: String, limit: u64) -> Diagnostic {
    let megabytes = limit / 1024 / 1024;
    Diagnostic::error(Rule::FileTooLarge, format!("the file has more than {megabytes} MB"))
        .in_file(path)
        .help(format!("a text file may have at most {megabytes} MB"))
}

fn not_utf8(path: String, error: &std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let source = SourceText::new(path, String::from_utf8_lossy(error.as_bytes()));
    Diagnostic::error(Rule::NotUtf8, "this file is not UTF-8")
        .at(&source, Span::new(at, at + '\u{fffd}'.len_utf8()), "invalid byte")
        .help("save the file with the encoding UTF-8")
}

fn forbidden_character(source: &Arc<SourceText>) -> Option<Diagnostic> {
    let (at, c) = first_forbidden(&source.text)?;
    Some(
        Diagnostic::error(Rule::ForbiddenCharacter, format!("the character U+{:04X} is not allowed", c as u32))
            .at(source, Span::new(at, at + c.len_utf8()), "invisible control character")
            .help("delete it"),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Reads a file that was replaced after the scan. Returns its text.
    fn replaced(before: &str, after: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.md");
        fs::write(&path, before).unwrap();
        let entry = FileEntry::new(Arc::from(&*path), &fs::metadata(&path).unwrap());
        fs::write(&path, after).unwrap();
        let (source, diagnostics) = read("content/index.md".to_owned(), &entry).unwrap();
        assert!(diagnostics.is_empty());
        source.unwrap().text.to_string()
    }

    #[test]
    fn file_that_was_replaced_after_the_scan_is_read_to_its_end() {
        let (short, long) = ("One line.\n", "One line.\nAnd a second one.\n");
        assert_eq!(replaced(short, long), long);
        assert_eq!(replaced(long, short), short);
    }

    #[test]
    fn file_beyond_the_limit_is_an_error_even_if_it_grew_after_the_scan() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let small = FileEntry::new(Arc::from(file.path()), &file.as_file().metadata().unwrap());
        file.as_file().set_len(MAX_TEXT + 1).unwrap();
        let large = FileEntry::new(Arc::from(file.path()), &file.as_file().metadata().unwrap());
        for entry in [small, large] {
            let (source, diagnostics) = read("content/index.md".to_owned(), &entry).unwrap();
            assert!(source.is_none());
            assert_eq!(diagnostics[0].message, "the file has more than 4 MB");
        }
    }
}
