//! Reads the first sheet with cells of an XLSX file, row by row. Rows are passed on like those of a CSV file, with control
//! characters as separators.

use std::fs::File;
use std::io::{BufReader, Write};
use std::sync::PoisonError;

use anyhow::Context;
use calamine::{DataRef, Reader, Xlsx, XlsxError, XlsxFormulaMetadata, open_workbook_from_rs};

use super::{BLOCK, Batch, Dialect, Input, error, file};

/// An open file with its shared strings, which take as long to read as many rows.
pub type Workbook = Xlsx<BufReader<File>>;

/// Passes on the rows of the first sheet with cells. Rows without cells are passed on too, so that the lines are the rows
/// of the sheet.
pub fn batches(input: &Input, pass_on: &mut dyn FnMut(Batch) -> bool) -> anyhow::Result<()> {
    // A worker can need the rows once more while they are read. It opens the file again.
    let known = input.workbook.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut workbook = match known {
        Some(workbook) => workbook,
        None => open_workbook_from_rs(BufReader::new(file(input)?)).map_err(|cause| bad_sheet(input, &cause))?,
    };
    let has_cells = read_first_sheet(input, &mut workbook, pass_on)?;
    *input.workbook.lock().unwrap_or_else(PoisonError::into_inner) = Some(workbook);
    if has_cells {
        return Ok(());
    }
    Err(error(input, "no sheet of this spreadsheet has cells").help("export again").into())
}

/// Passes on the rows of the first sheet with cells. Returns false if there is none.
fn read_first_sheet(
    input: &Input,
    workbook: &mut Workbook,
    pass_on: &mut dyn FnMut(Batch) -> bool,
) -> anyhow::Result<bool> {
    for name in workbook.sheet_names() {
        if read_sheet(input, workbook, &name, pass_on)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Passes on the rows of a sheet. Returns false if it has no cells.
fn read_sheet(
    input: &Input,
    workbook: &mut Workbook,
    name: &str,
    pass_on: &mut dyn FnMut(Batch) -> bool,
) -> anyhow::Result<bool> {
    // A sheet of charts has no cells to read.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(false) };
    let Dialect { delimiter, terminator, .. } = Dialect::SHEET;
    let mut bytes: Vec<u8> = Vec::new();
    let (mut row, mut column, mut first_line, mut number) = (0_u32, 0_u32, 1_u64, 0_usize);
    let mut is_empty = true;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|cause| bad_sheet(input, &cause))? {
        let (cell_row, cell_column) = cell.pos;
        let value = match (cell.value, cell.formula) {
            // Programs that do not calculate write formulas without values.
            (DataRef::Empty, Some(formula)) => DataRef::String(formula_text(&formula)),
            (value, _) => value,
        };
        if matches!(value, DataRef::Empty) || (cell_row, cell_column) < (row, column) {
            continue;
        }
        while row < cell_row {
            bytes.push(terminator);
            (row, column) = (row + 1, 0);
            if bytes.len() > BLOCK {
                let full = std::mem::take(&mut bytes);
                if !pass_on(Batch { bytes: full, first_line, number }) {
                    return Ok(true);
                }
                (first_line, number) = (u64::from(row) + 1, number + 1);
            }
        }
        for _ in column..cell_column {
            bytes.push(delimiter);
        }
        column = cell_column;
        is_empty = false;
        write_cell(&mut bytes, &value).context("cannot write to memory")?;
    }
    if !bytes.is_empty() {
        pass_on(Batch { bytes, first_line, number });
    }
    Ok(!is_empty)
}

/// Returns a formula as a CSV file would have it.
fn formula_text(formula: &XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => format!("={formula}"),
        _ => "=…".to_owned(),
    }
}

fn write_cell(bytes: &mut Vec<u8>, value: &DataRef<'_>) -> std::io::Result<()> {
    match value {
        DataRef::Int(number) => write!(bytes, "{number}"),
        DataRef::Float(number) => write_number(bytes, *number),
        DataRef::String(text) => write_text(bytes, text),
        DataRef::SharedString(text) => write_text(bytes, text),
        DataRef::Bool(flag) => write!(bytes, "{flag}"),
        // The serial number, which the reader of days understands.
        DataRef::DateTime(moment) => {
            let days = if moment.is_datetime() { moment.to_ymd_hms_milli() } else { (0, 0, 0, 0, 0, 0, 0) };
            match days {
                (0, ..) => write!(bytes, "{}", moment.as_f64()),
                (year, month, day, hour, minute, second, _) => {
                    write!(bytes, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
                }
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => write_text(bytes, text),
        DataRef::Error(_) | DataRef::Empty => Ok(()),
    }
}

/// Writes a number. Decimals are filled up to four: so they are no thousands, and differ from texts with two.
fn write_number(bytes: &mut Vec<u8>, number: f64) -> std::io::Result<()> {
    let text = number.to_string();
    let decimals = text.split_once('.').map_or(4, |(_, decimals)| decimals.len());
    write!(bytes, "{text}{:0<width$}", "", width = 4_usize.saturating_sub(decimals))
}

/// Writes a text. The separators of the batch become spaces, if a cell has them.
fn write_text(bytes: &mut Vec<u8>, text: &str) -> std::io::Result<()> {
    let start = bytes.len();
    bytes.extend_from_slice(text.as_bytes());
    for byte in &mut bytes[start..] {
        if matches!(*byte, 0x1e | 0x1f) {
            *byte = b' ';
        }
    }
    Ok(())
}

fn bad_sheet(input: &Input, cause: &XlsxError) -> anyhow::Error {
    let cause = cause.to_string();
    let is_protected = cause.to_lowercase().contains("password");
    let error = match is_protected {
        true => error(input, "this spreadsheet is protected by a password"),
        false => error(input, "this spreadsheet cannot be read: it is damaged, or no XLSX file"),
    };
    error.help("save it again as `.xlsx` without a password, or as CSV").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_decimals_or_at_least_four() {
        for (number, text) in [
            (1500.0, "1500"),
            (1.5, "1.5000"),
            (-1234.567, "-1234.5670"),
            (0.12345, "0.12345"),
            (46451.75, "46451.7500"),
        ] {
            let mut bytes = Vec::new();
            write_number(&mut bytes, number).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), text);
        }
    }
}
