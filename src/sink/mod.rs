//! Sinks: where the files of a built site go. To disk, into memory, or nowhere.

pub mod disk;
pub mod memory;

use std::io::Write;
use std::path::Path;

use crate::images::plan::DerivedImage;
use crate::model::address::SitePath;

/// Writes the bytes of one file, piece by piece.
pub type WritePieces<'w> = &'w mut dyn FnMut(&mut dyn Write) -> anyhow::Result<()>;

/// Receives files one by one, from several threads.
pub trait Sink: Sync {
    /// Adds a file with these bytes.
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()>;

    /// Adds a file whose bytes `write` passes on. For large files: a sink on disk never has all of their bytes in memory.
    fn put_pieces(&self, path: &SitePath, write: WritePieces) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        self.put(path, bytes)
    }

    /// Adds an unchanged copy of a source file.
    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()>;

    /// Adds an image file that is derived from a source image.
    fn put_image(&self, path: &SitePath, image: &DerivedImage) -> anyhow::Result<()>;
}

/// Discards all files. `check` renders a site into it to find errors.
pub struct DiscardSink;

impl Sink for DiscardSink {
    fn put(&self, _: &SitePath, _: Vec<u8>) -> anyhow::Result<()> {
        Ok(())
    }

    fn copy(&self, _: &SitePath, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn put_image(&self, _: &SitePath, _: &DerivedImage) -> anyhow::Result<()> {
        Ok(())
    }
}
