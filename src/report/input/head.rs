//! The header of an export, and its first rows, from which its columns are recognized.

use super::dialect::Dialect;
use super::kind::detect;
use super::rows::{Row, Rows};
use super::{Input, InputKind, error, text_of};

/// The rows that columns are recognized from.
const SAMPLE_ROWS: usize = 2000;
/// How many rows may precede the header: titles and empty lines.
const MAX_PREAMBLE: usize = 20;

/// The header of an export and its first rows.
#[derive(Clone, Debug)]
pub struct Head {
    pub dialect: Dialect,
    pub header: Vec<String>,
    /// The line of the header.
    pub line: u64,
    /// Rows with text before the header.
    pub preamble: u64,
    pub rows: Vec<Vec<String>>,
}

/// Reads the header and the first rows of an export. `is_known` says whether a text is the name of a column.
///
/// # Errors
///
/// If the file has no header with several columns, or no readable rows.
pub fn read_head(input: &Input, is_known: &dyn Fn(&str) -> bool) -> anyhow::Result<Head> {
    let mut dialect = match input.kind {
        InputKind::Csv(_) => Dialect::COMMAS,
        InputKind::Sheet => Dialect::SHEET,
    };
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let mut collect = |bytes: &[u8], first_line: u64| {
        if input.kind != InputKind::Sheet {
            dialect = detect(&bytes[..bytes.len().min(256 * 1024)]);
        }
        let (mut reader, mut row) = (Rows::new(bytes, dialect, first_line), Row::default());
        while rows.len() < SAMPLE_ROWS && reader.next(&mut row) {
            let cells = (0..row.len()).map(|column| text_of(&row.cell(bytes, column)).trim().to_owned());
            rows.push((row.line, cells.collect()));
        }
    };
    let first = first_batch(input)?;
    collect(&first.0, first.1);
    let has_text = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
    let is_header = |cells: &[String]| cells.iter().any(|cell| is_known(cell)) && has_text(cells) > 1;
    let before = || rows.iter().take(MAX_PREAMBLE);
    let at = before()
        .position(|(_, cells)| is_header(cells))
        .or_else(|| before().position(|(_, cells)| has_text(cells) > 1));
    let Some(at) = at.or_else(|| before().position(|(_, cells)| has_text(cells) > 0)) else {
        return Err(error(input, "this file has no rows").help("export again").into());
    };
    let preamble =
        rows[..at].iter().filter(|(_, cells)| has_text(cells) > 0 && !cells[0].starts_with("sep=")).count() as u64;
    let (line, header) = rows[at].clone();
    let rows = rows.split_off(at + 1).into_iter().map(|(_, cells)| cells).collect();
    Ok(Head { dialect, header, line, preamble, rows })
}

/// Returns the bytes of the first batch and its first line.
fn first_batch(input: &Input) -> anyhow::Result<(Vec<u8>, u64)> {
    let mut first = (Vec::new(), 1);
    let dialect = if input.kind == InputKind::Sheet { Dialect::SHEET } else { Dialect::COMMAS };
    let read = input.batches(
        dialect,
        &mut |batch| {
            first = (batch.bytes, batch.first_line);
            false
        },
        &Vec::new,
    );
    read.map(|()| first)
}
