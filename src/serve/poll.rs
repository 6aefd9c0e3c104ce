//! Polling: scans the site twice a second, for file systems that report no changes. It compares the same facts about
//! files as a build does, so it notices every change that a build would.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::signal::Signal;
use crate::load::{self, Scan};
use crate::pipeline::session::Changed;

const INTERVAL: Duration = Duration::from_millis(500);

/// Starts a thread that scans the site and sends changes. It ends when the sender of `end` is dropped.
pub fn start(root: PathBuf, signals: Sender<Signal>, end: Receiver<Infallible>) {
    let mut before = scan(&root);
    thread::spawn(move || {
        while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let now = scan(&root);
            let changed = difference(before.as_ref(), now.as_ref());
            before = now;
            if changed.is_some_and(|changed| signals.send(Signal::Changed(changed)).is_err()) {
                return;
            }
        }
    });
}

/// Returns `None` if a folder cannot be read. It may be readable again in the next scan.
fn scan(root: &Path) -> Option<Scan> {
    load::scan(root).ok()
}

/// Returns what changed between two scans, or `None` if nothing did.
fn difference(before: Option<&Scan>, now: Option<&Scan>) -> Option<Changed> {
    let (before, now) = match (before, now) {
        (None, None) => return None,
        (None, Some(_)) | (Some(_), None) => return Some(Changed::Anything),
        (Some(before), Some(now)) => (before, now),
    };
    let messages =
        |scan: &Scan| -> Vec<String> { scan.diagnostics.iter().map(|diagnostic| format!("{diagnostic:?}")).collect() };
    if before.link_targets != now.link_targets || messages(before) != messages(now) {
        return Some(Changed::Anything);
    }
    let deleted = before.files.keys().filter(|path| !now.files.contains_key(*path));
    let written =
        now.files.iter().filter(|(path, entry)| before.files.get(*path) != Some(*entry)).map(|(path, _)| path);
    let is_register = |path: &str| [load::REGISTER_FILE, load::CHECKSUM_FILE].contains(&path);
    let paths: BTreeSet<String> = deleted.chain(written).filter(|path| !is_register(path)).cloned().collect();
    (!paths.is_empty()).then_some(Changed::Paths(paths))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn difference_lists_written_and_deleted_files_except_the_register() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let paths = |paths: &[&str]| Some(Changed::Paths(paths.iter().map(|path| (*path).to_owned()).collect()));
        for path in ["site.yaml", "lead-tags.csv", "lead-tags.sum", "content/a.md", "content/b.md", "static/c.txt"] {
            write(path, "one");
        }
        let first = scan(dir.path());
        assert_eq!(difference(first.as_ref(), scan(dir.path()).as_ref()), None);
        write("content/a.md", "longer");
        write("content/new/d.md", "new");
        write("lead-tags.csv", "longer");
        write("lead-tags.sum", "longer");
        write("public/index.html", "built");
        fs::remove_file(dir.path().join("content/b.md")).unwrap();
        let second = scan(dir.path());
        let expected = paths(&["content/a.md", "content/b.md", "content/new/d.md"]);
        assert_eq!(difference(first.as_ref(), second.as_ref()), expected);
        fs::rename(dir.path().join("static/c.txt"), dir.path().join("content/c.txt")).unwrap();
        let third = scan(dir.path());
        assert_eq!(difference(second.as_ref(), third.as_ref()), paths(&["content/c.txt", "static/c.txt"]));
        assert_eq!(difference(None, third.as_ref()), Some(Changed::Anything));
        assert_eq!(difference(third.as_ref(), None), Some(Changed::Anything));
        assert_eq!(difference(None, None), None);
    }
}
