//! Stores files in memory by their path, for `tagline serve`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::Sink;
use crate::images::plan::DerivedImage;
use crate::model::site_path::SitePath;
use crate::sync;

/// One file of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredFile {
    Bytes(Arc<[u8]>),
    /// A source file that is published unchanged. It is read when it is requested.
    Source(PathBuf),
    /// An image file that is created when it is requested.
    Image(DerivedImage),
}

/// Stores all files.
#[derive(Default)]
pub struct MemorySink {
    files: Mutex<HashMap<SitePath, StoredFile>>,
}

impl MemorySink {
    pub fn into_files(self) -> HashMap<SitePath, StoredFile> {
        sync::into_inner(self.files)
    }

    fn store(&self, path: &SitePath, file: StoredFile) {
        sync::lock(&self.files).insert(path.clone(), file);
    }
}

impl Sink for MemorySink {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.store(path, StoredFile::Bytes(bytes.into()));
        Ok(())
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.store(path, StoredFile::Source(from.to_owned()));
        Ok(())
    }

    fn put_image(&self, path: &SitePath, image: &DerivedImage) -> anyhow::Result<()> {
        self.store(path, StoredFile::Image(image.clone()));
        Ok(())
    }
}
