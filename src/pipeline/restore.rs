//! `tagline tags --restore`: puts lost rows of the tag register back from the history of git.

use std::sync::Arc;

use anyhow::bail;
use jiff::civil::Date;

use super::history::History;
use super::inputs;
use super::outcome::complete;
use super::register_file;
use super::register_lock::RegisterLock;
use super::request::Request;
use crate::diagnostics::{Diagnostic, count};
use crate::load::{self, CHECKSUM_FILE, REGISTER_FILE, Scan};
use crate::register::checksums::{self, Checksums};
use crate::register::restore::{Restoration, Restored, take_back_future};
use crate::register::{self, Register, RegisterTexts};
use crate::rules::Rule;
use crate::source::SourceText;

/// Restores the rows that the checksums list, and takes back rows of days to come. Writes nothing unless all are found.
///
/// # Errors
///
/// If rows are missing and there is no git or no repository. The result has diagnostics if the history does not have the
/// rows, or if a file is damaged in another way.
pub fn restore(request: &Request) -> anyhow::Result<Result<Restored, Vec<Diagnostic>>> {
    let _lock = RegisterLock::acquire(&request.root);
    let scan = load::scan(&request.root)?;
    let (inputs, findings) = inputs::read(request, &scan)?;
    let Some(inputs) = inputs else { return Ok(Err(complete(findings, &scan)?)) };
    let last_day = inputs.last_register_day();
    let present = scan.text(REGISTER_FILE)?;
    let listed = match scan.text(CHECKSUM_FILE)? {
        Some(source) => Some(checksums::read(&source)),
        None if scan.files.contains_key(CHECKSUM_FILE) => {
            bail!("cannot read the text of `{CHECKSUM_FILE}`: restore it with `git checkout HEAD -- {CHECKSUM_FILE}`")
        }
        None => None,
    };
    let restored = match listed {
        Some(Ok(checksums)) => from_history(&scan, present.as_ref(), &checksums, last_day)?,
        // Without checksums nothing says what is missing.
        None => present
            .as_ref()
            .map_or(Ok(Default::default()), |present| Ok((register::read(present)?, Restored::default()))),
        Some(Err(diagnostics)) => Err(diagnostics),
    };
    let (mut register, mut restored) = match restored {
        Ok(restored) => restored,
        Err(diagnostics) => return Ok(Err(diagnostics)),
    };
    restored.taken_back = take_back_future(&mut register, last_day);
    if let Err(diagnostics) = check(&register, last_day) {
        return Ok(Err(diagnostics));
    }
    if restored == Restored::default() && !scan.files.contains_key(CHECKSUM_FILE) {
        bail!(
            "nothing says which rows are missing, because `{CHECKSUM_FILE}` is missing too: \
             restore it with `git checkout HEAD -- {CHECKSUM_FILE}`"
        );
    }
    if restored != Restored::default() {
        register_file::replace(&scan, &register, false)?;
    }
    Ok(Ok(restored))
}

/// Searches the former versions of the register, the newest first, for the rows that are missing.
fn from_history(
    scan: &Scan,
    present: Option<&Arc<SourceText>>,
    checksums: &Checksums,
    last_day: Date,
) -> anyhow::Result<Result<(Register, Restored), Vec<Diagnostic>>> {
    let mut restoration = Restoration::new(present, checksums, last_day);
    if !restoration.is_complete() {
        let history = History::open(&scan.root)?;
        for commit in history.commits(REGISTER_FILE)? {
            if let Some(former) = history.text(&commit, REGISTER_FILE)? {
                restoration.search(&former);
            }
            if restoration.is_complete() {
                break;
            }
        }
        if !restoration.is_complete() {
            return Ok(Err(vec![not_in_history(&restoration, &history)]));
        }
    }
    Ok(Ok(restoration.finish()))
}

/// Reads the restored register as the next command will.
fn check(register: &Register, last_day: Date) -> Result<(), Vec<Diagnostic>> {
    let text = SourceText::new(REGISTER_FILE, register::write(register));
    register::read_checked(RegisterTexts { register: Some(&text), checksums: None }, last_day).map(|_| ())
}

fn not_in_history(restoration: &Restoration, history: &History) -> Diagnostic {
    let missing = restoration.missing();
    let are = if missing == 1 { "is" } else { "are" };
    let message = format!("{} of the tag register {are} not in the history of git", count(missing, "lost row"));
    let mut diagnostic = Diagnostic::error(Rule::LostRows, message).in_file(REGISTER_FILE);
    if history.is_shallow() {
        diagnostic =
            diagnostic.help("this clone has only a part of the history: run `git fetch --unshallow`, and try again");
    }
    diagnostic
        .help(format!(
            "rows that were never committed can be written again: run \
             `git checkout HEAD -- {REGISTER_FILE} {CHECKSUM_FILE}`, then `tagline tags`"
        ))
        .help("or copy both files from a backup; `tagline check` names the missing rows")
}
