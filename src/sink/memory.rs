//! Files in memory, by the path of their address: what is served while a site is written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::Sink;
use crate::images::plan::Making;
use crate::model::address::SitePath;
use crate::sync;

/// One file of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Bytes(Arc<[u8]>),
    /// Published as it is: it stays where it lies.
    File(PathBuf),
    /// Made of a picture when somebody asks for it.
    Made(Making),
}

/// Keeps everything that is put into it.
#[derive(Default)]
pub struct Memory {
    files: Mutex<HashMap<SitePath, Stored>>,
}

impl Memory {
    pub fn into_files(self) -> HashMap<SitePath, Stored> {
        sync::into_inner(self.files)
    }

    fn store(&self, path: &SitePath, stored: Stored) {
        sync::lock(&self.files).insert(path.clone(), stored);
    }
}

impl Sink for Memory {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.store(path, Stored::Bytes(bytes.into()));
        Ok(())
    }

    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()> {
        self.store(path, Stored::File(from.to_owned()));
        Ok(())
    }

    fn make(&self, path: &SitePath, making: &Making) -> anyhow::Result<()> {
        self.store(path, Stored::Made(making.clone()));
        Ok(())
    }
}
