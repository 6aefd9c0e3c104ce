//! Where a built site's files go: to disk, into memory, or nowhere.

pub mod disk;
pub mod memory;

use std::path::Path;

use crate::images::plan::Making;
use crate::model::address::SitePath;

/// Takes files one by one, from several threads at once.
pub trait Sink: Sync {
    fn put(&self, path: &SitePath, bytes: Vec<u8>) -> anyhow::Result<()>;

    /// A file that is published as it is.
    fn copy(&self, path: &SitePath, from: &Path) -> anyhow::Result<()>;

    /// A file that is made of a picture.
    fn make(&self, path: &SitePath, making: &Making) -> anyhow::Result<()>;
}

/// Takes everything and keeps nothing: a site is checked by building it into this.
pub struct Nothing;

impl Sink for Nothing {
    fn put(&self, _: &SitePath, _: Vec<u8>) -> anyhow::Result<()> {
        Ok(())
    }

    fn copy(&self, _: &SitePath, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn make(&self, _: &SitePath, _: &Making) -> anyhow::Result<()> {
        Ok(())
    }
}
