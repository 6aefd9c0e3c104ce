//! Edits that make a site invalid, and the only error that each must cause.

use std::fmt::Write;

use super::{Run, Site};

/// One edit of a file that makes the site invalid. A `«` in `new` marks the place of the error.
#[derive(Clone, Copy)]
pub struct InvalidEdit<'a> {
    pub file: &'a str,
    pub old: &'a str,
    pub new: &'a str,
    pub rule: &'a str,
    /// A part of the message or of the help.
    pub text: &'a str,
}

pub fn invalid<'a>(file: &'a str, old: &'a str, new: &'a str, rule: &'a str, text: &'a str) -> InvalidEdit<'a> {
    InvalidEdit { file, old, new, rule, text }
}

/// Makes each edit on its own in a site that was built before. Each causes one error, and the output stays as it was.
#[track_caller]
pub fn assert_each_rejected(site: &Site, edits: &[InvalidEdit]) {
    site.build().clean();
    let mut failures = String::new();
    for edit in edits {
        if let Err(failure) = try_reject(site, edit) {
            let _ = write!(failures, "\n=== {}: {:?}\n{failure}\n", edit.file, edit.new);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Makes the edit, builds, and undoes the edit. Returns what differs from the expected error.
pub fn try_reject(site: &Site, edit: &InvalidEdit) -> Result<(), String> {
    let valid = site.read(edit.file);
    assert!(valid.contains(edit.old), "`{}` is not in {}", edit.old, edit.file);
    let marked = valid.replacen(edit.old, edit.new, 1);
    site.write(edit.file, marked.replace('«', ""));
    let before = site.output();
    let run = site.build();
    let after = site.output();
    site.write(edit.file, valid);
    if before != after {
        return Err("the output changed".to_owned());
    }
    check_only_error(&run, edit.rule, &place_of_mark(edit.file, &marked), edit.text)
}

/// `file:line:column` of the `«` in a text, or only the file if the text has no `«`.
pub fn place_of_mark(file: &str, marked: &str) -> String {
    let Some(at) = marked.find('«') else {
        return file.to_owned();
    };
    let line_start = marked[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = marked[..at].matches('\n').count() + 1;
    format!("{file}:{line}:{}", marked[line_start..at].chars().count() + 1)
}

/// Asserts that a build failed with one error. Warnings are allowed.
#[track_caller]
pub fn assert_only_error(run: &Run, rule: &str, place: &str, text: &str) {
    if let Err(failure) = check_only_error(run, rule, place, text) {
        panic!("{failure}");
    }
}

fn check_only_error(run: &Run, rule: &str, place: &str, text: &str) -> Result<(), String> {
    let errors: Vec<_> = run.problems().into_iter().filter(|problem| problem.is_error).collect();
    let failure = |what: String| Err(format!("{what}\n{}", run.stderr));
    match &errors[..] {
        _ if run.code != Some(1) => failure(format!("exit status {:?}", run.code)),
        [error] if error.rule != rule => failure(format!("expected error[{rule}]")),
        [error] if error.place != place => failure(format!("expected it at {place}")),
        [error] if !error.text.contains(text) => failure(format!("expected the text `{text}`")),
        [_] if !ends_with_count(run) => failure("expected the number of errors".to_owned()),
        [_] => Ok(()),
        _ => failure(format!("expected one error[{rule}]")),
    }
}

/// Whether the last line counts the errors.
fn ends_with_count(run: &Run) -> bool {
    let last = run.stderr.lines().last().unwrap_or_default();
    last.starts_with("1 error") && last.ends_with("; nothing was written")
}
