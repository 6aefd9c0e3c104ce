//! Adds a file piece by piece. As long as the pieces are equal to the file of the current tree, nothing is written.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};

use anyhow::Context;

use super::cannot;
use super::{Staging, tree};
use crate::sink::{Origin, WritePieces};
use crate::sync::lock;

/// The size of the pieces that are compared and written, in bytes.
const PIECE: usize = 64 * 1024;

impl Staging {
    /// Adds a file whose bytes `write` passes on. `path` and `origin` are as in [`put`](Staging::put).
    ///
    /// # Errors
    ///
    /// If `write` fails, or the file cannot be written.
    pub fn put_pieces(&self, path: &str, origin: Option<&Origin>, write: WritePieces) -> anyhow::Result<()> {
        let mut file = PiecewiseFile { staging: self, path, origin, state: self.start(path)?, failure: None };
        let mut out = BufWriter::with_capacity(PIECE, &mut file);
        let written = write(&mut out).and_then(|()| Ok(out.flush()?));
        // After an error, the rest is not written.
        let _ = out.into_parts();
        if let Some(failure) = file.failure {
            return Err(failure);
        }
        written?;
        file.finish()
    }

    fn start(&self, path: &str) -> anyhow::Result<State> {
        if let Some(index) = tree::find(&self.current, path)
            // A file that cannot be read is written again.
            && let Ok(file) = File::open(self.draft.siblings.folder.join(path))
        {
            return Ok(State::Equal(CurrentFile { file, index, equal: 0 }));
        }
        Ok(State::Written(self.create(path)?))
    }
}

struct PiecewiseFile<'s> {
    staging: &'s Staging,
    path: &'s str,
    origin: Option<&'s Origin>,
    state: State,
    /// Why a piece could not be written. An `io::Error` has no room for the path.
    failure: Option<anyhow::Error>,
}

enum State {
    /// All pieces so far are equal to the file of the current tree.
    Equal(CurrentFile),
    Written(File),
}

struct CurrentFile {
    file: File,
    /// Its index in the current tree.
    index: usize,
    /// How many of its bytes were compared.
    equal: u64,
}

impl PiecewiseFile<'_> {
    fn add(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        if let State::Equal(current) = &mut self.state {
            if current.continues_with(piece) {
                return Ok(());
            }
            self.state = State::Written(copy_start(self.staging, self.path, current)?);
        }
        match &mut self.state {
            State::Written(file) => {
                file.write_all(piece).with_context(|| cannot("write", &self.staging.staged_path(self.path)))
            }
            State::Equal(_) => Ok(()),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        let PiecewiseFile { staging, path, origin, state, failure: _ } = self;
        let file = match state {
            State::Equal(current) if current.equal == staging.current[current.index].len => {
                lock(&staging.unchanged).push((current.index, origin.cloned()));
                return Ok(());
            }
            // The current file is longer.
            State::Equal(mut current) => copy_start(staging, path, &mut current)?,
            State::Written(file) => file,
        };
        staging.add(path, &file, origin)
    }
}

impl CurrentFile {
    fn continues_with(&mut self, piece: &[u8]) -> bool {
        let mut expected = vec![0; piece.len()];
        let is_equal = self.file.read_exact(&mut expected).is_ok() && expected == piece;
        if is_equal {
            self.equal += piece.len() as u64;
        }
        is_equal
    }
}

/// Creates the new file with the bytes that it shares with the current one.
fn copy_start(staging: &Staging, path: &str, current: &mut CurrentFile) -> anyhow::Result<File> {
    let mut file = staging.create(path)?;
    let copied = current.file.rewind().and_then(|()| io::copy(&mut (&current.file).take(current.equal), &mut file));
    copied.with_context(|| cannot("write", &staging.staged_path(path)))?;
    Ok(file)
}

impl Write for PiecewiseFile<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        match self.add(piece) {
            Ok(()) => Ok(piece.len()),
            Err(failure) => {
                self.failure = Some(failure);
                Err(io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
