//! Exports as batches of whole rows: CSV files in blocks, and sheets of XLSX files row by row.

mod csv_file;
mod dialect;
mod head;
mod kind;
mod rows;
mod sheet;
mod splitter;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

pub use self::dialect::Dialect;
pub use self::head::{Head, read_head};
pub use self::rows::{Row, Rows};
use super::error::InputError;

/// The size of a block, in bytes. A batch ends with the last whole row of its block.
const BLOCK: usize = 2 * 1024 * 1024;
/// The longest row, in bytes. Exports have notes of a few kilobytes in a cell.
pub const MAX_ROW: usize = 16 * 1024 * 1024;

/// An export.
pub struct Input {
    pub path: PathBuf,
    /// The path as the user wrote it, for messages.
    pub name: String,
    pub kind: InputKind,
    /// The workbook of an XLSX file, while nobody reads it.
    workbook: Mutex<Option<sheet::Workbook>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    Csv(Encoding),
    Sheet,
}

/// How a CSV file is read. Cells that are not UTF-8 are read as Windows-1252.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Bytes,
    Utf16,
}

/// Whole rows of an export.
pub struct Batch {
    pub bytes: Vec<u8>,
    /// The number of the line on which the first row begins.
    pub first_line: u64,
    /// Counts the batches of a file.
    pub number: usize,
}

/// Opens an export and finds out what it is.
pub fn open(path: &Path) -> anyhow::Result<Input> {
    let name = path.to_string_lossy().into_owned();
    let kind = kind::kind_of(path, &name)?;
    Ok(Input { path: path.to_owned(), name, kind, workbook: Mutex::default() })
}

impl Input {
    /// Passes on the batches of the file, one after another. Stops when `pass_on` returns false.
    fn batches(
        &self,
        dialect: Dialect,
        pass_on: &mut dyn FnMut(Batch) -> bool,
        spare: &dyn Fn() -> Vec<u8>,
    ) -> anyhow::Result<()> {
        match self.kind {
            InputKind::Csv(encoding) => csv_file::batches(self, encoding, dialect, pass_on, spare),
            InputKind::Sheet => sheet::batches(self, pass_on),
        }
    }
}

/// Reads batches in several threads. Each thread has a worker, and all workers are returned.
pub fn scan<W: Send>(
    input: &Input,
    dialect: Dialect,
    threads: usize,
    make_worker: impl Fn() -> W,
    work: impl Fn(&mut W, &Batch) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Vec<W>> {
    let (send, receive) = sync_channel::<Batch>(threads);
    // Buffers are used again, because the kernel would clear new ones.
    let (give_back, spare) = sync_channel::<Vec<u8>>(threads * 2 + 2);
    let receive = Mutex::new(receive);
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|_| {
                let (mut worker, receive, work, give_back) = (make_worker(), &receive, &work, give_back.clone());
                scope.spawn(move || -> Result<W, (u64, anyhow::Error)> {
                    let mut failure = None;
                    while let Some(batch) = next(receive) {
                        // After an error, the other batches are only taken, so that the reader can end.
                        if failure.is_none() {
                            failure = work(&mut worker, &batch).err().map(|error| (batch.first_line, error));
                        }
                        // The reader may have ended.
                        let _ = give_back.try_send(batch.bytes);
                    }
                    failure.map_or(Ok(worker), Err)
                })
            })
            .collect();
        let read =
            input.batches(dialect, &mut |batch| send.send(batch).is_ok(), &|| spare.try_recv().unwrap_or_default());
        drop(send);
        let mut workers = Vec::with_capacity(threads);
        let mut failures = Vec::new();
        for handle in handles {
            match handle.join() {
                Ok(Ok(worker)) => workers.push(worker),
                Ok(Err(failure)) => failures.push(failure),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        // The first error in the file counts, whichever thread found it.
        failures.sort_by_key(|(line, _)| *line);
        match failures.into_iter().next() {
            Some((_, error)) => Err(error),
            None => read.map(|()| workers),
        }
    })
}

fn next(receive: &Mutex<Receiver<Batch>>) -> Option<Batch> {
    receive.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Returns the text of a cell: UTF-8, or else Windows-1252.
pub fn text_of(cell: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

fn file(input: &Input) -> anyhow::Result<std::fs::File> {
    std::fs::File::open(&input.path).with_context(|| format!("cannot read `{}`", input.name))
}

fn error(input: &Input, message: impl Into<String>) -> InputError {
    InputError::new(&input.name, message)
}
