//! The options of a command.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::model::base_url::BaseUrl;

/// What the command line asks for.
#[derive(Clone, Debug)]
pub struct Request {
    pub root: PathBuf,
    pub output: PathBuf,
    pub sales: PathBuf,
    /// Overrides `base_url` in `site.yaml`.
    pub base_url: Option<BaseUrl>,
    /// Overrides today's date.
    pub date: Option<Date>,
    /// Writes the tag register although `date` is not today.
    pub write_register: bool,
    /// Never writes the tag register: the build is only compared.
    pub keeps_register: bool,
    pub preview: bool,
    /// Host and port of the local server. Forms work as published, and visits are not measured.
    pub served_at: Option<String>,
    /// Disabled only by tests that compare minified and unminified output.
    pub minify: bool,
    /// An outdated tag register is an error.
    pub locked: bool,
    /// Warnings are errors, whatever the site says.
    pub deny_warnings: bool,
}

impl Request {
    /// Asks for a minified build of the site in `root` into its `public/` and `sales/`, today and without options.
    pub fn new(root: &Path) -> Request {
        Request {
            root: root.to_owned(),
            output: root.join("public"),
            sales: root.join("sales"),
            base_url: None,
            date: None,
            write_register: false,
            keeps_register: false,
            preview: false,
            served_at: None,
            minify: true,
            locked: false,
            deny_warnings: false,
        }
    }
}
