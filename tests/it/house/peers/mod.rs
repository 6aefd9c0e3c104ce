//! The tests of other programs, read from the packages that have them. A difference that is a choice is listed with its
//! reason. Any other one fails, and so does a listed one that is none.

mod html;
mod markdown;
mod yaml;

use std::path::PathBuf;
use std::process::Command;

/// The folder of a crate's source, which is there wherever it is built.
fn package(name: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Without the filter, Cargo wants the crates of all systems, and a first build does not download those of others.
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", "host-tuple", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name);
    let manifest = package.unwrap()["manifest_path"].as_str().unwrap();
    PathBuf::from(manifest).parent().unwrap().to_owned()
}
