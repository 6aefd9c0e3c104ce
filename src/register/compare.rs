//! Compares the rows of a register with the checksums beside it.

use std::sync::Arc;

use rayon::prelude::*;

use super::checksums::{self, Checksums, Entry, RowChecksum};
use super::rows::Register;
use crate::source::SourceText;

/// What differs between a register and its checksums.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Listed rows that the register does not have, each once.
    pub missing: Vec<Entry>,
    /// Rows that are listed as closed, and are now open or have other cells.
    pub changed: Vec<ChangedRow>,
    /// The indices of rows that are not listed, or are listed as open although they are closed. The program stopped
    /// between two writes, or another version wrote the register.
    pub unlisted: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
pub struct ChangedRow {
    /// The index of the row.
    pub row: usize,
    /// The line that lists it as it was.
    pub line: usize,
}

/// Compares rows, by their indices, with what the file lists.
pub fn compare(rows: &[RowChecksum], checksums: &Checksums) -> Comparison {
    // Usually they are in the same order, and sorting them takes most of the time.
    if rows.iter().eq(checksums.entries.iter().map(|entry| &entry.checksum)) {
        return Comparison::default();
    }
    let mut sorted: Vec<(RowChecksum, usize)> = rows.iter().copied().zip(0..).collect();
    sorted.sort_unstable_by_key(|(checksum, _)| checksum.row);
    let entries = checksums.sorted();
    let mut listed = entries.chunk_by(|a, b| a.checksum.row == b.checksum.row).peekable();
    let mut comparison = Comparison::default();
    for rows in sorted.chunk_by(|(a, _), (b, _)| a.row == b.row) {
        let number = rows[0].0.row;
        while let Some(gone) = listed.next_if(|entries| entries[0].checksum.row < number) {
            comparison.missing.push(gone[0]);
        }
        let entries = listed.next_if(|entries| entries[0].checksum.row == number);
        match (entries, rows) {
            (None, _) => comparison.unlisted.extend(rows.iter().map(|(_, row)| row)),
            (Some(entries), &[(checksum, row)]) => comparison.compare_row(checksum, row, entries),
            // Two rows have the same checksum by chance, and any entry may be for any of them.
            (Some(_), _) => {}
        }
    }
    comparison.missing.extend(listed.map(|entries| entries[0]));
    comparison
}

impl Comparison {
    /// `entries` list this row.
    fn compare_row(&mut self, checksum: RowChecksum, row: usize, entries: &[Entry]) {
        if agrees(checksum, entries) {
            return;
        }
        match entries.iter().find(|entry| entry.checksum.closing.is_some()) {
            Some(closed) => self.changed.push(ChangedRow { row, line: closed.line }),
            None => self.unlisted.push(row),
        }
    }
}

/// Whether a row is as one of the entries for it says. After a union merge it may be listed as each branch left it.
pub fn agrees(checksum: RowChecksum, entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.checksum == checksum)
}

/// Returns the text of the checksum file without what a new register contradicts. `None` if it contradicts nothing, or if
/// the file is damaged.
pub fn uncontradicted(source: &Arc<SourceText>, register: &Register) -> Option<String> {
    let checksums = checksums::read(source).ok()?;
    let comparison = compare(&checksums::of_rows(register.rows().par_iter()), &checksums);
    let changed = comparison.changed.iter().map(|changed| changed.line);
    let lines: Vec<usize> = changed.chain(comparison.missing.iter().map(|entry| entry.line)).collect();
    (!lines.is_empty()).then(|| checksums.without_lines(&lines))
}
