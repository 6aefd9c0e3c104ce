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
    if entry.length > limit {
        return Ok((None, vec![too_large(path, entry, limit)]));
    }
    // What is appended to a page meanwhile belongs to the next build, and reading no further saves system calls. But no row
    // of the register may be lost.
    let end = if is_register { u64::MAX } else { entry.length };
    let bytes = bytes(entry, end).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
    Ok(decoded(path, bytes))
}

/// Reads the first `end` bytes of a file. The length from the scan is the first capacity.
fn bytes(entry: &FileEntry, end: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(entry.length).unwrap_or(0);
    let mut bytes = Vec::with_capacity(length);
    File::open(&entry.absolute)?.take(end).read_to_end(&mut bytes)?;
    Ok(bytes)
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

fn too_large(path: String, entry: &FileEntry, limit: u64) -> Diagnostic {
    let megabytes = |bytes: u64| bytes / 1024 / 1024;
    Diagnostic::error(Rule::FileTooLarge, format!("the file has {} MB", megabytes(entry.length)))
        .in_file(path)
        .help(format!("this text file may have at most {} MB", megabytes(limit)))
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
