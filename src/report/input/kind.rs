//! What kind of file an export is, by its first bytes, and what separates its cells.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::dialect::Dialect;
use super::rows::{Row, Rows};
use super::{Encoding, InputKind};
use crate::report::error::InputError;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are compared to find the separator.
const SAMPLE_ROWS: usize = 50;

/// Finds out what a file is by its first bytes.
///
/// # Errors
///
/// If it cannot be read, or is neither CSV nor XLSX.
pub fn kind_of(path: &Path, name: &str) -> anyhow::Result<InputKind> {
    let mut head = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read `{name}`"))?;
    file.take(64 * 1024).read_to_end(&mut head).with_context(|| format!("cannot read `{name}`"))?;
    let error = |message: &str, help: &str| Err(InputError::new(name, message).help(help).into());
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    let lower = text[..text.len().min(512)].to_ascii_lowercase();
    let starts = |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| lower.starts_with(prefix));
    if head.starts_with(b"PK\x03\x04") {
        return Ok(InputKind::Sheet);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return match is_encrypted(path)? {
            true => {
                error("this spreadsheet is protected by a password", "remove the password, or save the sheet as CSV")
            }
            false => error("this is a spreadsheet in the old format `.xls`", "save it as `.xlsx` or as CSV"),
        };
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Ok(InputKind::Csv(Encoding::Utf16));
    }
    if text.is_empty() {
        return error("this file is empty", "export again");
    }
    if starts(&[b"<!doctype", b"<html", b"<head", b"<body"])
        || lower.starts_with(b"<?xml") && contains(&lower, b"<html")
    {
        return error(
            "this is an HTML page, and no CSV file",
            "the export needed a sign-in, or is a spreadsheet saved as a web page: download it again as CSV",
        );
    }
    if starts(&[b"<?xml", b"<workbook", b"%pdf", b"{\"", b"{\n", b"[{", b"\x1f\x8b", b"version https://git-lfs"])
        || head.contains(&0)
    {
        return error("this is neither a CSV file nor a spreadsheet", "export the records as CSV or XLSX");
    }
    Ok(InputKind::Csv(Encoding::Bytes))
}

/// Whether a compound file contains an encrypted package: [MS-OFFCRYPTO], section 2.3.4.4.
fn is_encrypted(path: &Path) -> anyhow::Result<bool> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut file = File::open(path)?;
    let mut block = vec![0; 256 * 1024];
    let mut kept = 0;
    loop {
        let read = file.read(&mut block[kept..])?;
        if read == 0 {
            return Ok(false);
        }
        if contains(&block[..kept + read], &name) {
            return Ok(true);
        }
        let start = (kept + read).saturating_sub(name.len());
        block.copy_within(start..kept + read, 0);
        kept = kept + read - start;
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// Finds the separators by the first rows of a file: those that give the most rows the same number of cells.
pub fn detect(sample: &[u8]) -> Dialect {
    let has = |byte| memchr::memchr(byte, sample).is_some();
    let terminator = if !has(b'\n') && has(b'\r') { b'\r' } else { b'\n' };
    // Excel's own way to name the separator, in a line before the header.
    if let Some([delimiter, b'\r' | b'\n', ..]) = sample.strip_prefix(b"sep=") {
        return Dialect { delimiter: *delimiter, terminator, has_quotes: true };
    }
    let candidates = DELIMITERS.map(|delimiter| Dialect { delimiter, terminator, has_quotes: true });
    let best = candidates.into_iter().map(|dialect| (score(sample, dialect), dialect)).rev();
    best.max_by_key(|(score, _)| *score).map_or(Dialect::COMMAS, |(_, dialect)| dialect)
}

/// The rows that have as many cells as most rows, and that number. Rows of one cell do not count.
fn score(sample: &[u8], dialect: Dialect) -> (usize, usize) {
    let mut counts: Vec<usize> = Vec::new();
    let (mut rows, mut row) = (Rows::new(sample, dialect, 1), Row::default());
    while counts.len() < SAMPLE_ROWS && rows.next(&mut row) {
        if row.len() > 1 {
            counts.push(row.len());
        }
    }
    let frequency = |count: usize| counts.iter().filter(|&&other| other == count).count();
    counts.iter().map(|&count| (frequency(count), count)).max().unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separator_is_the_one_that_agrees_in_most_rows() {
        for (sample, delimiter) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b;c\n1,5;2;3\n2,5;2,3;3\n", b';'),
            ("a\tb\n1,000\t2,5\n", b'\t'),
            ("a|b|c\n1|2|3", b'|'),
            ("name,note\n\"a;b;c\",x\n\"d;e;f\",y\n", b','),
            ("sep=;\na;b\n", b';'),
            ("alone\nother\n", b','),
        ] {
            assert_eq!(detect(sample.as_bytes()).delimiter, delimiter, "{sample}");
        }
        assert_eq!(detect(b"a,b\r1,2\r").terminator, b'\r');
    }
}
