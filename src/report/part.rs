//! What one worker has read of one file.

use super::accounting::{Explained, FileAccount, Tally, Unreadable};
use super::deals::Deal;
use super::input::text_of;
use super::leads::{Buckets, Place};
use super::tags::Unknown;
use super::values::day::DayNumber;

/// What a worker has read of one file.
#[derive(Default)]
pub struct FilePart {
    pub account: FileAccount,
    pub buckets: Buckets,
    pub deals: Vec<(Deal, Vec<u64>)>,
    /// Deals by their numbers, with the places of the leads that they belong to, and the days of those.
    pub joins: Vec<(u32, Place, DayNumber)>,
    pub unknown_tags: Tally,
    pub unknown_statuses: Tally,
    pub bad_days: Unreadable,
    pub bad_amounts: Unreadable,
    pub explained: Vec<Explained>,
    /// For each batch: whether it has a full row, and the rows with one cell before and after the last full row.
    pub short_rows: Vec<(usize, ShortRows)>,
}

/// Rows with a single value, which may be notes after the last row.
#[derive(Clone, Debug, Default)]
pub struct ShortRows {
    pub has_full_row: bool,
    pub before: u64,
    /// Their lines, if rows are explained.
    pub before_lines: Vec<u32>,
    /// The lines of those after the last full row.
    pub after: Vec<u32>,
}

impl FilePart {
    /// Remembers an unknown lead tag if it has the form of one. Other texts could be personal.
    pub fn unknown_tags_of(&mut self, cell: &[u8], why: Unknown) {
        if why == Unknown::NoTag {
            return;
        }
        let text = text_of(cell).trim().to_lowercase();
        if text.len() <= 200
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        {
            self.unknown_tags.add(&text, 1);
        }
    }
}
