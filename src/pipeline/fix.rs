//! `tagline check --fix`: writes the fixes of problems into the files of a site, and checks it again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use super::check::check;
use super::outcome::Outcome;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Fix};
use crate::load::SITE_FILE;
use crate::render::Progress;
use crate::rules::Rule;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixMode {
    Write,
    /// Nothing is written.
    DryRun,
}

/// The fixes of a run, and what remains.
pub struct Fixed {
    /// The problems whose fixes were written, or would be.
    pub fixed: Vec<Diagnostic>,
    pub outcome: Outcome,
}

/// A fixed file can have problems that its errors hid. Nobody has so many layers of them.
const MAX_ROUNDS: usize = 8;

/// Checks a site and fixes what nobody has to decide, until there is nothing left to fix.
///
/// # Errors
///
/// If a file cannot be read or written. Files that were fixed before stay fixed.
pub fn check_and_fix(request: &Request, mode: FixMode, progress: Progress) -> anyhow::Result<Fixed> {
    let mut fixed = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let outcome = check(request, progress, None)?;
        let mut round = fix(&request.root, &outcome.diagnostics, mode)?;
        let is_done = round.is_empty() || mode == FixMode::DryRun;
        fixed.append(&mut round);
        if is_done {
            return Ok(Fixed { fixed, outcome });
        }
    }
    Ok(Fixed { fixed, outcome: check(request, progress, None)? })
}

/// Fixes files. Returns the problems whose fixes were written.
fn fix(root: &Path, diagnostics: &[Diagnostic], mode: FixMode) -> anyhow::Result<Vec<Diagnostic>> {
    let mut of_files: BTreeMap<&str, Vec<(Fix, &Diagnostic)>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fix().filter(|fix| is_authors(&fix.source.path)) else { continue };
        if may_be_meant(diagnostic, &fix, diagnostics) {
            continue;
        }
        of_files.entry(fix.source.path.as_str()).or_default().push((fix, diagnostic));
    }
    let mut fixed = Vec::new();
    for (file, mut fixes) in of_files {
        // Two problems at one place may want different texts.
        fixes.sort_by_key(|(fix, _)| fix.span);
        fixes.dedup_by(|(later, _), (first, _)| later.span.start < first.span.end);
        let path = path_in_site(root, file)?;
        let before = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut after = before.clone();
        // From the end, so that the places before stay valid.
        for (fix, diagnostic) in fixes.into_iter().rev() {
            if write_into(&mut after, &fix) {
                fixed.push(diagnostic.clone());
            }
        }
        if after != before && mode == FixMode::Write {
            replace_file(&path, &after).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
    }
    fixed.sort_by_cached_key(Diagnostic::sort_key);
    Ok(fixed)
}

/// Whether several files have the same unknown name. Then the misspelt one may be the definition.
fn may_be_meant(diagnostic: &Diagnostic, fix: &Fix, all: &[Diagnostic]) -> bool {
    let is_name = matches!(diagnostic.rule, Rule::UnknownChannel | Rule::UnknownCta | Rule::UnknownDestination);
    let is_same = |other: &Diagnostic| {
        let other_fix = other.fix().filter(|_| other.rule == diagnostic.rule);
        other_fix.is_some_and(|other| other.written == fix.written && other.source.path != fix.source.path)
    };
    is_name && all.iter().any(is_same)
}

/// Whether authors write a file as text. Templates and the tag register are left alone.
fn is_authors(file: &str) -> bool {
    file == SITE_FILE || file.starts_with("content/") && file.ends_with(".md")
}

/// Replaces the written text of a fix. Returns false, and changes nothing, if the file has another text there.
fn write_into(bytes: &mut Vec<u8>, fix: &Fix) -> bool {
    let start = raw_offset(bytes, fix.span.range().start);
    let range = start..start + fix.written.len();
    if bytes.get(range.clone()) != Some(fix.written.as_bytes()) {
        return false;
    }
    bytes.splice(range, fix.text.bytes());
    true
}

/// Converts an offset in the text of a file, which has no byte order mark and only `\n` line ends, to an offset in the file.
fn raw_offset(bytes: &[u8], offset: usize) -> usize {
    let mut at = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    for _ in 0..offset {
        at += if bytes[at.min(bytes.len())..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    at
}

/// Returns the path of a file with symbolic links resolved, so that a link stays one.
fn path_in_site(root: &Path, file: &str) -> anyhow::Result<PathBuf> {
    let path = root.join(file);
    path.canonicalize().with_context(|| format!("cannot open `{}`", path.display()))
}

/// Replaces a file at once. It keeps its permissions.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file: NamedTempFile = tempfile::Builder::new().prefix(".tagline-fix.").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceText, Span};

    fn fixed(bytes: &str, text: &str) -> Option<String> {
        let at = text.find("titel").unwrap();
        let source = SourceText::new("content/a.md", text);
        let diagnostic = Diagnostic::error(Rule::UnknownKey, "").at(&source, Span::new(at, at + 5), "");
        let diagnostic = diagnostic.replace("titel", "title");
        let mut bytes = bytes.as_bytes().to_vec();
        write_into(&mut bytes, &diagnostic.fix()?).then(|| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn other_bytes_of_a_file_stay() {
        for raw in [
            "---\ntitel: a # comment\n---\n",
            "\u{feff}---\r\n# \u{fc}\r\ntitel: a\r\n---\r\n\r\n",
            "---\rtitel: a\r\r\n---\n",
            "---\n\n\ntitel: a  \n---",
        ] {
            let text = raw.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
            assert_eq!(fixed(raw, &text), Some(raw.replace("titel", "title")), "{raw:?}");
        }
    }

    #[test]
    fn file_that_was_changed_meanwhile_is_left_alone() {
        assert_eq!(fixed("---\n# new\ntitel: a\n---\n", "---\ntitel: a\n---\n"), None);
        assert_eq!(fixed("", "---\ntitel: a\n---\n"), None);
    }
}
