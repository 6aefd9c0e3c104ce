//! A site with issued lead tags, and reports of exports.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, Site};

/// The day of the reports, after the last lead of the exports.
pub const REPORT_DAY: &str = "2027-04-05";

/// The small site, whose lead tags were issued on 15 March 2027.
pub fn site() -> Site {
    let site = Site::new();
    site.tags().ok();
    site
}

/// The path of an export in `tests/exports/`.
pub fn export(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name)
}

/// Runs `tagline report` over exports of `tests/exports/`.
pub fn report_on(site: &Site, exports: &[&str], options: &[&str]) -> Run {
    let paths: Vec<String> = exports.iter().map(|name| export(name).to_str().unwrap().to_owned()).collect();
    report_files(site, &paths, options)
}

pub fn report_files(site: &Site, paths: &[String], options: &[&str]) -> Run {
    let paths = paths.iter().map(String::as_str);
    let args: Vec<&str> = ["report"].into_iter().chain(paths).chain(options.iter().copied()).collect();
    site.run(&[&args[..], &["--date", REPORT_DAY]].concat())
}

/// Writes an export into the site's folder and reports it.
pub fn report_text(site: &Site, text: &str, options: &[&str]) -> Run {
    report_bytes(site, "leads.csv", text.as_bytes(), options)
}

pub fn report_bytes(site: &Site, name: &str, bytes: &[u8], options: &[&str]) -> Run {
    site.write(name, bytes);
    report_files(site, &[site.path(name).to_str().unwrap().to_owned()], options)
}

#[track_caller]
pub fn json(run: Run) -> Value {
    serde_json::from_str(&run.ok().stdout).unwrap()
}

/// Returns `leads qualified won lost open` of some numbers.
pub fn counts(stats: &Value) -> [u64; 5] {
    ["leads", "qualified", "won", "lost", "open"].map(|name| stats[name].as_u64().unwrap())
}

/// Returns the row of a table with this text in its first dimension.
#[track_caller]
pub fn row<'r>(table: &'r Value, key: &str) -> &'r Value {
    let by = table["by"][0].as_str().unwrap();
    let rows = table["rows"].as_array().unwrap();
    rows.iter().find(|row| row[by] == key).unwrap_or_else(|| panic!("no {key} in {table:#}"))
}

/// Returns the rows of each category of a file that has some.
pub fn account(report: &Value, file: usize) -> Vec<(String, u64)> {
    let accounts = report["files"][file]["accounts"].as_object().unwrap();
    let counted = accounts.iter().map(|(category, rows)| (category.clone(), rows.as_u64().unwrap()));
    counted.filter(|(_, rows)| *rows > 0).collect()
}
