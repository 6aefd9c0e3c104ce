//! `tagline diff`: builds the site into a temporary folder, and compares it with what is published.

use anyhow::Context;

use super::build::build;
use super::outcome::Outcome;
use super::request::Request;
use crate::diff::{self, Diff};
use crate::render::Progress;

/// Returns the outcome of the build, and the differences unless it has errors. The tag register does not change.
pub fn diff(request: &Request, against: &str, progress: Progress) -> anyhow::Result<(Outcome, Option<Diff>)> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    let (output, sales) = (folder.path().join("public"), folder.path().join("sales"));
    let request = Request { output: output.clone(), sales, keeps_register: true, ..request.clone() };
    let outcome = build(&request, progress)?;
    let diff = match outcome.summary {
        Some(_) => Some(diff::diff(&output, against)?),
        None => None,
    };
    Ok((outcome, diff))
}
