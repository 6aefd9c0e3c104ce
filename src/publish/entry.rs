//! Published files by name, as a manifest lists them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::digest::number;

/// The name of a file in a manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKey {
    Path(Box<str>),
    /// The digest of the path of a file that is not public.
    Hidden(u128),
}

/// What a report says in place of the name of a file that is not public.
pub const HIDDEN: &str = "(a file behind a form or a thank-you page)";

impl FileKey {
    /// Returns the name for a report.
    pub fn shown(&self) -> String {
        match self {
            FileKey::Path(path) => path.to_string(),
            FileKey::Hidden(_) => HIDDEN.to_owned(),
        }
    }
}

/// A published file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of the content; of path and content for a file that is not public.
    pub digest: u128,
    /// In bytes; 0 for a file that is not public.
    pub size: u64,
    /// The day since which the file is no longer part of the site.
    pub gone_since: Option<Date>,
}

/// The files of a place by name.
pub type Entries = BTreeMap<FileKey, Entry>;

/// Returns the digest of a path that is not public. Nobody can guess the path, so nobody can find it by its digest.
pub fn hidden_path(path: &str) -> u128 {
    number(format!("path\0{path}").as_bytes())
}

/// Returns the digest of a file that is not public. The digest of its content alone could be a part of its address.
pub fn hidden_content(path: &str, content: u128) -> u128 {
    number(format!("file\0{path}\0{content:032x}").as_bytes())
}
