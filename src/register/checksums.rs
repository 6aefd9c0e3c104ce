//! The file beside the register, `lead-tags.sum`: a checksum of every row, so that lost and changed rows are noticed.
//!
//! A line has the rows of a campaign that began on one day. It begins with a checksum of itself:
//!
//! ```text
//! 5c0f3a91 spring-hiring 2027-03-01 0f9c2ab14d77 91be03f42a6c-77d01e5b
//! ```
//!
//! A row has twelve digits for the cells that never change: lead tag, kind, offer and first day. A closed row has eight
//! more for the cells that no longer change: label, landing page and last day. So the order of lines, and
//! lines that are there twice, mean nothing, and git's `merge=union` can merge the file: the rows of all lines together are the rows of the
//! register.
//!
//! The checksums find accidents. They are no signature: whoever edits both files can make them agree.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::conflict::{ConflictState, conflict_marker};
use super::limit::first_of;
use super::row_reader::parse_date;
use super::rows::{Register, Row};
use crate::diagnostics::Diagnostic;
use crate::load::{CHECKSUM_FILE, REGISTER_FILE};
use crate::pieces::write_in_order;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// The first line. Other lines that begin with `#` are comments too: a union merge may leave several.
const HEADER: &str =
    "# The rows of lead-tags.csv, so that lost rows are noticed. Tagline writes both files; commit both.";

/// The rows of one piece of the file. The last campaign of a piece can have more.
const ROWS_PER_PIECE: usize = 4096;

/// The checksums of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowChecksum {
    /// 48 bits of the cells that never change.
    pub row: u64,
    /// 32 bits of the other cells of a closed row.
    pub closing: Option<u32>,
}

/// A row that the file lists, with the index of its line in [`Checksums::lines`].
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub checksum: RowChecksum,
    pub line: usize,
}

/// A line of the file.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub campaign: Span,
    /// The first day of its rows.
    pub day: Date,
    pub span: Span,
}

/// The content of the file.
#[derive(Debug)]
pub struct Checksums {
    pub source: Arc<SourceText>,
    pub lines: Vec<Line>,
    /// In the order of the file. After a union merge a row may be there more than once.
    pub entries: Vec<Entry>,
}

impl RowChecksum {
    pub fn of(row: &Row) -> RowChecksum {
        let Row { tag, kind, label, offer, landing_page, code: _, from, until } = row;
        let mut hash = Hash::new();
        for text in [tag.campaign.as_str(), tag.cta.as_str(), tag.channel.as_str(), kind.as_str(), offer] {
            hash.add(text.as_bytes());
        }
        hash.add_day(*from);
        let closing = until.map(|until| {
            let mut hash = Hash(hash.0);
            hash.add(label.as_bytes());
            hash.add(landing_page.as_bytes());
            hash.add_day(until);
            (hash.finish() >> 32) as u32
        });
        RowChecksum { row: hash.finish() >> 16, closing }
    }
}

impl fmt::Display for RowChecksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RowChecksum { row, closing } = self;
        write!(f, "{row:012x}")?;
        closing.map_or(Ok(()), |closing| write!(f, "-{closing:08x}"))
    }
}

/// Returns the checksums of all rows, in parallel.
pub fn of_rows<'r>(rows: impl IndexedParallelIterator<Item = &'r Row>) -> Vec<RowChecksum> {
    rows.with_min_len(1024).map(RowChecksum::of).collect()
}

/// Returns the text of the file for a register.
pub fn write(register: &Register) -> String {
    header() + &lines(register.rows())
}

/// Writes the text of the file piece by piece: the header, then a line for each campaign and first day. Lines end with a line feed.
///
/// # Errors
///
/// Only those of `out`.
pub fn write_to(register: &Register, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(header().as_bytes())?;
    write_in_order(out, &whole_campaigns(register.rows()), "", |rows| Ok(lines(rows).into_bytes()))
}

fn header() -> String {
    format!("{HEADER}\n")
}

/// Splits rows into pieces that end with a campaign.
fn whole_campaigns(mut rows: &[Row]) -> Vec<&[Row]> {
    let mut pieces = Vec::new();
    while let Some(last) = rows.get(ROWS_PER_PIECE) {
        // Rows are sorted by their lead tags as texts, which is another order than that of campaigns.
        let others = rows[ROWS_PER_PIECE..].iter().take_while(|row| row.tag.campaign == last.tag.campaign);
        let (piece, rest) = rows.split_at(ROWS_PER_PIECE + others.count());
        pieces.push(piece);
        rows = rest;
    }
    pieces.push(rows);
    pieces
}

/// Returns the lines of whole campaigns.
fn lines(rows: &[Row]) -> String {
    let mut out = String::new();
    for of_campaign in rows.chunk_by(|a, b| a.tag.campaign == b.tag.campaign) {
        let mut by_day: BTreeMap<Date, String> = BTreeMap::new();
        for row in of_campaign {
            // Writing to a string cannot fail.
            let _ = write!(by_day.entry(row.from).or_default(), " {}", RowChecksum::of(row));
        }
        for (day, entries) in by_day {
            let line = format!("{} {day}{entries}", of_campaign[0].tag.campaign);
            let _ = writeln!(out, "{:08x} {line}", line_checksum(&line));
        }
    }
    out
}

/// Reads the file. Lines may come in any order and more than once.
///
/// # Errors
///
/// A diagnostic for each damaged line, up to a limit.
pub fn read(source: &Arc<SourceText>) -> Result<Checksums, Vec<Diagnostic>> {
    let mut checksums = Checksums { source: Arc::clone(source), lines: Vec::new(), entries: Vec::new() };
    let mut diagnostics = Vec::new();
    let mut conflict = ConflictState::default();
    let mut start = 0;
    for text in source.text.split('\n') {
        let span = Span::new(start, start + text.len());
        start = span.end as usize + 1;
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(marker) = conflict_marker(text.split(' ').next().unwrap_or_default()) {
            if conflict.is_new_conflict(marker) {
                diagnostics.push(unresolved_conflict(source, span));
            }
        } else if checksums.read_line(text, span).is_none() {
            diagnostics.push(damaged_line(source, span));
        }
    }
    if diagnostics.is_empty() { Ok(checksums) } else { Err(first_of(diagnostics)) }
}

impl Checksums {
    /// The campaign of a line.
    pub fn campaign(&self, line: usize) -> &str {
        &self.source.text[self.lines[line].campaign.range()]
    }

    /// The entries by the checksums of their rows.
    pub fn sorted(&self) -> Vec<Entry> {
        let mut entries = self.entries.clone();
        entries.sort_unstable_by_key(|entry| entry.checksum.row);
        entries
    }

    /// Returns the text of the file without some of its lines.
    pub fn without_lines(&self, lines: &[usize]) -> String {
        let others = self.lines.iter().enumerate().filter(|(line, _)| !lines.contains(line));
        let others = others.map(|(_, line)| format!("{}\n", &self.source.text[line.span.range()]));
        format!("{HEADER}\n{}", others.collect::<String>())
    }

    /// Reads one line. `None` if it is damaged.
    fn read_line(&mut self, text: &str, span: Span) -> Option<()> {
        let (checksum, rest) = text.split_at_checked(9)?;
        if number(checksum.strip_suffix(' ')?) != Some(line_checksum(rest).into()) {
            return None;
        }
        let (campaign, rest) = rest.split_once(' ')?;
        let (day, entries) = rest.split_once(' ')?;
        let start = span.start as usize + checksum.len();
        let campaign = Span::new(start, start + campaign.len());
        let line = self.lines.len();
        for entry in entries.split(' ') {
            self.entries.push(Entry { checksum: row_checksum(entry)?, line });
        }
        self.lines.push(Line { campaign, day: parse_date(day)?, span });
        Some(())
    }
}

/// Parses `0f9c2ab14d77` or `0f9c2ab14d77-77d01e5b`.
fn row_checksum(text: &str) -> Option<RowChecksum> {
    let (row, closing) = text.split_at_checked(12)?;
    let closing = match closing {
        "" => None,
        _ => Some(u32::try_from(number(closing.strip_prefix('-').filter(|digits| digits.len() == 8)?)?).ok()?),
    };
    Some(RowChecksum { row: number(row)?, closing })
}

/// Parses hexadecimal digits in lower case.
fn number(text: &str) -> Option<u64> {
    text.bytes().try_fold(0, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(digit))
    })
}

fn line_checksum(line: &str) -> u32 {
    let mut hash = Hash::new();
    hash.add(line.as_bytes());
    (hash.finish() >> 32) as u32
}

/// FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), which is short, and the same on every machine and in
/// every version. Its last step is the one of MurmurHash3: without it, texts that differ at their end have similar values.
struct Hash(u64);

impl Hash {
    fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a text, and an end that no text contains.
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add_byte(*byte);
        }
        self.add_byte(0xff);
    }

    fn add_byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn add_day(&mut self, day: Date) {
        let [high, low] = day.year().to_be_bytes();
        self.add(&[high, low, day.month().unsigned_abs(), day.day().unsigned_abs()]);
    }

    fn finish(&self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    }
}

fn damaged_line(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::BadRegister, format!("a line of `{CHECKSUM_FILE}` is damaged"))
        .at(source, Span::new(span.start as usize, span.start as usize), "this line does not match its checksum")
        .help(format!("restore the file from the last commit: `git checkout HEAD -- {CHECKSUM_FILE}`"))
        .help(format!(
            "if `{REGISTER_FILE}` is known to be complete, delete the line and run `tagline tags`, which writes it again"
        ))
}

fn unresolved_conflict(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::BadRegister, format!("`{CHECKSUM_FILE}` has a merge conflict"))
        .at(source, span, "conflict marker from git")
        .help("keep the lines of both sides, delete the marker lines, then run `tagline tags`")
        .help(format!("with `{CHECKSUM_FILE} merge=union` in `.gitattributes`, git merges the file without conflicts"))
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::row;
    use super::*;

    #[test]
    fn pieces_are_the_whole_text() {
        let many = |campaigns, rows| (0..campaigns).map(move |number| (format!("c{number}"), rows)).collect();
        let campaigns: [Vec<(String, usize)>; 4] = [
            many(2 * ROWS_PER_PIECE, 1),
            many(1000, 13),
            many(3, ROWS_PER_PIECE + 1),
            // As texts, the lead tags of `a0` come before those of `a`.
            vec![("a0".to_owned(), ROWS_PER_PIECE), ("a".to_owned(), 9)],
        ];
        for campaigns in campaigns {
            let of_campaign = |(id, rows): (String, usize)| {
                (0..rows).map(move |number| row(&format!("{id}_save_n{number}"), 0, None))
            };
            let register = Register::of(campaigns.into_iter().flat_map(of_campaign).collect());
            let split = whole_campaigns(register.rows());
            assert!(split.len() <= 1 + register.rows().len() / ROWS_PER_PIECE, "{} pieces", split.len());
            let mut pieces = Vec::new();
            write_to(&register, &mut pieces).unwrap();
            assert!(pieces == write(&register).as_bytes(), "{} rows", register.rows().len());
        }
    }
}
