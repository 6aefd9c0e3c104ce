//! The cells of a row by what their columns contain, and caches of values that repeat.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::columns::Columns;
use super::input::{Row, text_of};
use crate::model::site::report::ColumnRole;

/// Values by the bytes of their cells.
pub type Cache<T> = HashMap<Box<[u8]>, T, RandomState>;

/// A cache with more values would only cost memory: they do not repeat.
const MAX_CACHE: usize = 100_000;

/// The cells of a row, by what their columns contain.
pub struct Cells<'r> {
    pub row: &'r Row,
    pub batch: &'r [u8],
    pub columns: &'r Columns,
}

impl<'r> Cells<'r> {
    /// Returns the cell of a column.
    pub fn at(&self, column: usize) -> Cow<'r, [u8]> {
        self.row.cell(self.batch, column)
    }

    /// Returns the cell of the column with a role. `None` if the file has no such column.
    pub fn of(&self, role: ColumnRole) -> Option<Cow<'r, [u8]>> {
        self.columns.get(role).map(|column| self.at(column))
    }
}

/// Adds a value to a cache.
pub fn remember<T>(cache: &mut Cache<T>, cell: &[u8], value: T) {
    if cache.len() < MAX_CACHE {
        cache.insert(cell.into(), value);
    }
}

/// Returns the number of a cell's text, which `number` gives if it is new.
pub fn cached(cache: &mut Cache<u16>, cell: &[u8], number: impl FnOnce(&str) -> u16) -> u16 {
    if let Some(found) = cache.get(cell) {
        return *found;
    }
    let found = number(&text_of(cell));
    remember(cache, cell, found);
    found
}

/// Whether a cell is a formula as text. `="00123"` is a text.
pub fn is_formula(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii();
    cell.len() > 1 && cell[0] == b'=' && !(cell[1] == b'"' && cell.ends_with(b"\"") && !cell.contains(&b'('))
}
