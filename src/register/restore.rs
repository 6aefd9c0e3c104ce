//! Puts lost rows back into a register, from former versions of its file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::checksums::{self, Checksums, Entry, RowChecksum};
use super::compare::{agrees, compare};
use super::read::{are_versions_of_one_row, undamaged_rows};
use super::rows::{Register, Row};
use crate::diagnostics::count;
use crate::model::tag::LeadTag;
use crate::source::SourceText;

/// A register that is being restored.
pub struct Restoration {
    /// Undamaged rows that the checksums list.
    rows: Vec<Row>,
    /// Undamaged rows that the checksums do not list: new ones, or lost ones with a changed cell.
    unlisted: Vec<Row>,
    /// The entries of the rows that are still to be found, by the checksum of the row.
    wanted: BTreeMap<u64, Vec<Entry>>,
    restored: Vec<Row>,
    has_damaged_lines: bool,
}

/// What was done to a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Rows that were put back.
    pub rows: usize,
    /// Whether damaged lines, such as conflict markers, were removed.
    pub damaged_lines: bool,
    /// Rows that began or ended on a day to come, and were removed or opened again.
    pub taken_back: usize,
}

impl Restoration {
    /// Compares the undamaged rows of a register with its checksums. `last_day` is the last day on which a row can begin.
    pub fn new(register: Option<&Arc<SourceText>>, checksums: &Checksums, last_day: Date) -> Restoration {
        let (mut present, has_damaged_lines) = register.map(undamaged_rows).unwrap_or_default();
        present.sort_by(Row::compare);
        present.dedup_by(|later, earlier| are_versions_of_one_row(later, earlier));
        let comparison = compare(&checksums::of_rows(present.par_iter()), checksums);
        let changed: BTreeSet<usize> = comparison.changed.iter().map(|changed| changed.row).collect();
        let unlisted: BTreeSet<usize> = comparison.unlisted.iter().copied().collect();
        let mut restoration = Restoration {
            rows: Vec::new(),
            unlisted: Vec::new(),
            wanted: BTreeMap::new(),
            restored: Vec::new(),
            has_damaged_lines,
        };
        let missing = comparison.missing.iter().filter(|entry| checksums.lines[entry.line].day <= last_day);
        let entries = checksums.sorted();
        missing.for_each(|entry| restoration.want(entry.checksum.row, &entries));
        for (index, row) in present.into_iter().enumerate() {
            if changed.contains(&index) {
                restoration.want(RowChecksum::of(&row).row, &entries);
            } else if unlisted.contains(&index) {
                restoration.unlisted.push(row);
            } else {
                restoration.rows.push(row);
            }
        }
        restoration
    }

    /// Whether every listed row was found.
    pub fn is_complete(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The number of rows that are still to be found.
    pub fn missing(&self) -> usize {
        self.wanted.len()
    }

    /// Takes the rows that are still to be found from a former version of the register.
    pub fn search(&mut self, former: &Arc<SourceText>) {
        for row in undamaged_rows(former).0 {
            let checksum = RowChecksum::of(&row);
            if self.wanted.get(&checksum.row).is_some_and(|entries| agrees(checksum, entries)) {
                self.wanted.remove(&checksum.row);
                self.restored.push(row);
            }
        }
    }

    /// Returns the register with the rows that were found.
    pub fn finish(self) -> (Register, Restored) {
        let Restoration { mut rows, unlisted, wanted: _, restored, has_damaged_lines } = self;
        let done = Restored { rows: restored.len(), damaged_lines: has_damaged_lines, taken_back: 0 };
        let tags: BTreeSet<LeadTag> = restored.iter().map(|row| row.tag.clone()).collect();
        rows.extend(restored);
        rows.extend(unlisted.into_iter().filter(|row| !tags.contains(&row.tag)));
        rows.sort_by(Row::compare);
        (Register::of(rows), done)
    }

    fn want(&mut self, row: u64, entries: &[Entry]) {
        let first = entries.partition_point(|entry| entry.checksum.row < row);
        let listed = entries[first..].iter().take_while(|entry| entry.checksum.row == row);
        self.wanted.insert(row, listed.copied().collect());
    }
}

/// Removes rows that begin after the last possible day, and opens rows again that end later. Returns their number.
pub fn take_back_future(register: &mut Register, last_day: Date) -> usize {
    register.edit(|rows| {
        let before = rows.len();
        rows.retain(|row| row.from <= last_day);
        let mut taken_back = before - rows.len();
        for row in rows.iter_mut().filter(|row| row.until.is_some_and(|until| until > last_day)) {
            row.until = None;
            taken_back += 1;
        }
        taken_back
    })
}

impl Restored {
    /// Returns for example `12 rows were put back; 2 rows of days to come were taken back`. Empty if nothing was done.
    pub fn summary(self) -> String {
        let was = |rows: usize| if rows == 1 { "was" } else { "were" };
        let Restored { rows, damaged_lines, taken_back } = self;
        let back = (rows > 0).then(|| format!("{} {} put back", count(rows, "row"), was(rows)));
        let taken = (taken_back > 0)
            .then(|| format!("{} of days to come {} taken back", count(taken_back, "row"), was(taken_back)));
        let damaged = damaged_lines.then(|| "damaged lines were removed".to_owned());
        back.into_iter().chain(damaged).chain(taken).collect::<Vec<_>>().join("; ")
    }
}
