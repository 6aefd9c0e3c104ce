//! Sinks: where the files of a built site go. To disk, into memory, or nowhere.

pub mod disk;
pub mod memory;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::images::plan::DerivedImage;
use crate::model::site_path::SitePath;

/// Writes the bytes of one file, piece by piece.
pub type WritePieces<'w> = &'w mut dyn FnMut(&mut dyn Write) -> anyhow::Result<()>;
/// What a file was made from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Of everything that the content of the file depends on.
    pub fingerprint: u128,
    /// What a build has to know of the file when it keeps it: one line. Many files have the same.
    pub note: Arc<str>,
}

/// Receives files one by one, from several threads.
pub trait Sink: Sync {
    /// Adds a file with these bytes.
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()>;

    /// Adds a file whose bytes `write` passes on, and records what it was made from. For large files: a sink on disk never has
    /// all of their bytes in memory.
    fn put_pieces(&self, path: &SitePath, origin: Option<&Origin>, write: WritePieces) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        match origin {
            Some(origin) => self.put_made_from(path, bytes, origin),
            None => self.put(path, bytes),
        }
    }

    /// Adds a file, and records what it was made from, so that a later build can keep it. Most sinks have no later build.
    fn put_made_from(&self, path: &SitePath, bytes: Vec<u8>, _: &Origin) -> anyhow::Result<()> {
        self.put(path, bytes)
    }

    /// Returns what a file of the last build was made from, if the file is still as it was written.
    fn last_origin(&self, _: &SitePath) -> Option<&Origin> {
        None
    }

    /// Adds a file of the last build that has an origin.
    fn keep(&self, _: &SitePath) {}

    /// Adds all files of the last build with this fingerprint. Returns false, and adds nothing, if there are none, or if
    /// files were changed since.
    fn keep_all(&self, _fingerprint: u128) -> bool {
        false
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

/// Adds files to another sink, all made from the same.
pub struct MadeFrom<'s> {
    origin: Origin,
    to: &'s dyn Sink,
}

impl<'s> MadeFrom<'s> {
    pub fn new(fingerprint: u128, to: &'s dyn Sink) -> MadeFrom<'s> {
        MadeFrom { origin: Origin { fingerprint, note: Arc::from("") }, to }
    }
}

impl Sink for MadeFrom<'_> {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.to.put_made_from(path, bytes, &self.origin)
    }

    fn put_pieces(&self, path: &SitePath, _: Option<&Origin>, write: WritePieces) -> anyhow::Result<()> {
        self.to.put_pieces(path, Some(&self.origin), write)
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.to.copy(path, from)
    }

    fn put_image(&self, path: &SitePath, image: &DerivedImage) -> anyhow::Result<()> {
        self.to.put_image(path, image)
    }
}
