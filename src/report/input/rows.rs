//! Splits a batch into rows and cells, without allocating for each row.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use super::dialect::Dialect;

/// The rows of a batch.
pub struct Rows<'b> {
    bytes: &'b [u8],
    at: usize,
    line: u64,
    dialect: Dialect,
}

/// The cells of one row, as ranges of the batch. Used again for each row.
#[derive(Default)]
pub struct Row {
    cells: Vec<Cell>,
    /// The line on which the row begins.
    pub line: u64,
}

#[derive(Clone, Copy)]
struct Cell {
    start: u32,
    end: u32,
    has_doubled_quotes: bool,
}

impl Row {
    /// The number of cells. A line without text has none.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Returns a cell without its quotes. Empty if the row has no such cell.
    pub fn cell<'b>(&self, batch: &'b [u8], column: usize) -> Cow<'b, [u8]> {
        let Some(cell) = self.cells.get(column) else { return Cow::Borrowed(b"") };
        let bytes = &batch[cell.start as usize..cell.end as usize];
        if !cell.has_doubled_quotes {
            return Cow::Borrowed(bytes);
        }
        let mut plain = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(quote) = memchr(b'"', rest) {
            plain.extend_from_slice(&rest[..=quote]);
            let after = if rest.get(quote + 1) == Some(&b'"') { quote + 2 } else { quote + 1 };
            rest = &rest[after..];
        }
        plain.extend_from_slice(rest);
        Cow::Owned(plain)
    }
}

impl<'b> Rows<'b> {
    pub fn new(bytes: &'b [u8], dialect: Dialect, first_line: u64) -> Rows<'b> {
        Rows { bytes, at: 0, line: first_line, dialect }
    }

    /// Reads the next row. Returns false at the end. Lines without text are rows without cells.
    pub fn next(&mut self, row: &mut Row) -> bool {
        if self.at >= self.bytes.len() {
            return false;
        }
        let Dialect { delimiter, terminator, has_quotes } = self.dialect;
        row.cells.clear();
        row.line = self.line;
        loop {
            let (cell, end) = match has_quotes && self.bytes.get(self.at) == Some(&b'"') {
                true => self.quoted_cell(),
                false => {
                    let end = memchr2(delimiter, terminator, &self.bytes[self.at..])
                        .map_or(self.bytes.len(), |end| self.at + end);
                    (Cell { start: self.at as u32, end: end as u32, has_doubled_quotes: false }, end)
                }
            };
            let is_last = self.bytes.get(end) != Some(&delimiter);
            let cell = if is_last { self.without_return(cell) } else { cell };
            // A line without text.
            if !(is_last
                && row.cells.is_empty()
                && cell.start == cell.end
                && end == cell.end as usize + usize::from(self.has_return(cell.end)))
            {
                row.cells.push(cell);
            }
            self.at = end + 1;
            if is_last {
                self.line += 1;
                return true;
            }
        }
    }

    fn has_return(&self, at: u32) -> bool {
        self.bytes.get(at as usize) == Some(&b'\r') && self.dialect.terminator == b'\n'
    }

    /// Leaves out a carriage return before a line feed.
    fn without_return(&self, cell: Cell) -> Cell {
        let ends_with_return =
            cell.end > cell.start && self.dialect.terminator == b'\n' && self.bytes[cell.end as usize - 1] == b'\r';
        Cell { end: cell.end - u32::from(ends_with_return), ..cell }
    }

    /// Reads a cell in quotes, and what follows them up to the next separator.
    fn quoted_cell(&mut self) -> (Cell, usize) {
        let start = self.at + 1;
        let mut at = start;
        let mut has_doubled_quotes = false;
        let close = loop {
            let Some(quote) = memchr(b'"', &self.bytes[at..]).map(|quote| at + quote) else { break self.bytes.len() };
            if self.bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            has_doubled_quotes = true;
            at = quote + 2;
        };
        self.line += memchr_iter(self.dialect.terminator, &self.bytes[start..close]).count() as u64;
        let cell = Cell { start: start as u32, end: close as u32, has_doubled_quotes };
        let rest = &self.bytes[close.min(self.bytes.len())..];
        let end =
            memchr2(self.dialect.delimiter, self.dialect.terminator, rest).map_or(self.bytes.len(), |end| close + end);
        (cell, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u64, Vec<String>)> {
        let (mut rows, mut row, mut all) = (Rows::new(text.as_bytes(), Dialect::COMMAS, 1), Row::default(), Vec::new());
        while rows.next(&mut row) {
            let cell = |column| String::from_utf8(row.cell(text.as_bytes(), column).into_owned()).unwrap();
            all.push((row.line, (0..row.len()).map(cell).collect()));
        }
        all
    }

    #[test]
    fn rows_have_their_cells_and_lines() {
        let text = "a,b\r\n\"1,\n2\",\"say \"\"hi\"\"\"\r\n\r\n,\n5\" pipe,x\n\"q\"z,\"\"\nlast";
        let expected: &[(u64, &[&str])] = &[
            (1, &["a", "b"]),
            (2, &["1,\n2", "say \"hi\""]),
            (4, &[]),
            (5, &["", ""]),
            (6, &["5\" pipe", "x"]),
            (7, &["q", ""]),
            (8, &["last"]),
        ];
        let expected: Vec<(u64, Vec<String>)> = expected
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(split(text), expected);
    }

    /// The crate `csv` reads the same cells, except that it skips lines without text.
    #[test]
    fn rows_are_those_of_the_crate_csv() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..3000 {
            let pieces = ["a", "\"\"", "\"x\"", "\"a,b\"", "\"a\nb\"", "\"q\"\"q\"", ",", ",", "\n", "\r\n", "é", " "];
            let mut text = String::new();
            let mut starts_cell = true;
            for _ in 0..random.usize(0..14) {
                let piece = pieces[random.usize(0..pieces.len())];
                // A quote inside of a cell without quotes, or after them, is read differently by every program.
                if piece.starts_with('"') && !starts_cell
                    || text.ends_with('"') && !matches!(piece, "," | "\n" | "\r\n")
                {
                    continue;
                }
                text.push_str(piece);
                starts_cell = matches!(piece, "," | "\n" | "\r\n");
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            let ours: Vec<Vec<String>> =
                split(&text).into_iter().map(|(_, cells)| cells).filter(|cells| !cells.is_empty()).collect();
            assert_eq!(ours, theirs, "{text:?}");
        }
    }
}
