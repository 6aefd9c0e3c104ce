//! `tagline publish` to folders, and its settings. `tests/web/publish.test.mjs` publishes to object stores.

mod bad_input;
mod ci;
mod diff;
mod folders;
mod kills;
mod races;
mod releases;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, SITE, Site};

/// The small site with a target, and its tag register. It is published with [`publish`].
pub struct Published {
    pub site: Site,
    target: tempfile::TempDir,
}

impl Published {
    pub fn new() -> Published {
        Published::with("")
    }

    /// With more keys of the target, such as `, keep: 2`.
    pub fn with(keys: &str) -> Published {
        let target = tempfile::tempdir().unwrap();
        let folder = target.path().join("srv");
        let publish =
            format!("publish: {{ live: {{ site: \"file://{}\"{keys} }} }}\ndestinations:\n", folder.display());
        let site = Site::edited(SITE, "destinations:\n", &publish);
        site.build().ok();
        Published { site, target }
    }

    pub fn folder(&self) -> PathBuf {
        self.target.path().join("srv")
    }

    pub fn current(&self) -> PathBuf {
        self.folder().join("current")
    }

    pub fn publish(&self, options: &[&str]) -> Run {
        let base = ["publish", "--base-url", "https://kazi.co.ke/"];
        self.site.run(&[&base, options].concat())
    }

    /// The plan or the result as JSON, for the site.
    pub fn report(&self, options: &[&str]) -> Value {
        let run = self.publish(&[options, &["--format", "json"]].concat()).ok();
        let mut report: Value = serde_json::from_str(&run.stdout).unwrap();
        report["places"].as_array_mut().unwrap().pop().unwrap()
    }
}

/// The paths of all files below a folder, and their content.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = crate::support::bytes_below(&fs::canonicalize(folder).unwrap());
    files.into_iter().map(|(path, bytes)| (path.to_str().unwrap().to_owned(), bytes)).collect()
}
