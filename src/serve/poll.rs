//! Looks at every file of a site twice a second, where the system tells of no change. What is known of a file is what a
//! build goes by, so nothing is missed that one would see.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::Signal;
use crate::load::{self, Scan};
use crate::pipeline::session::Changed;

const EVERY: Duration = Duration::from_millis(500);

/// Looks until the other end of `ended` is dropped; changes are sent to `to`.
pub fn begin(root: PathBuf, to: Sender<Signal>, ended: Receiver<Infallible>) {
    let mut before = look(&root);
    thread::spawn(move || {
        while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            let now = look(&root);
            let changed = difference(before.as_ref(), now.as_ref());
            before = now;
            if changed.is_some_and(|changed| to.send(Signal::Changed(changed)).is_err()) {
                return;
            }
        }
    });
}

/// None where a folder cannot be read, as one may not be for a moment.
fn look(root: &Path) -> Option<Scan> {
    load::scan(root).ok()
}

/// What has changed between two looks; none where nothing has.
fn difference(before: Option<&Scan>, now: Option<&Scan>) -> Option<Changed> {
    let (before, now) = match (before, now) {
        (None, None) => return None,
        (None, Some(_)) | (Some(_), None) => return Some(Changed::Anything),
        (Some(before), Some(now)) => (before, now),
    };
    let messages =
        |scan: &Scan| -> Vec<String> { scan.diagnostics.iter().map(|problem| format!("{problem:?}")).collect() };
    if before.link_targets != now.link_targets || messages(before) != messages(now) {
        return Some(Changed::Anything);
    }
    let gone = before.files.keys().filter(|path| !now.files.contains_key(*path));
    let written =
        now.files.iter().filter(|(path, entry)| before.files.get(*path) != Some(*entry)).map(|(path, _)| path);
    let paths: BTreeSet<String> = gone.chain(written).filter(|path| *path != load::REGISTER_FILE).cloned().collect();
    (!paths.is_empty()).then_some(Changed::Paths(paths))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_look_tells_what_was_written_and_deleted_and_not_the_register() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let paths = |paths: &[&str]| Some(Changed::Paths(paths.iter().map(|path| (*path).to_owned()).collect()));
        for path in ["site.yaml", "lead-tags.csv", "content/a.md", "content/b.md", "static/c.txt"] {
            write(path, "one");
        }
        let first = look(dir.path());
        assert_eq!(difference(first.as_ref(), look(dir.path()).as_ref()), None);
        write("content/a.md", "longer");
        write("content/new/d.md", "new");
        write("lead-tags.csv", "longer");
        write("public/index.html", "built");
        fs::remove_file(dir.path().join("content/b.md")).unwrap();
        let second = look(dir.path());
        let expected = paths(&["content/a.md", "content/b.md", "content/new/d.md"]);
        assert_eq!(difference(first.as_ref(), second.as_ref()), expected);
        fs::rename(dir.path().join("static/c.txt"), dir.path().join("content/c.txt")).unwrap();
        let third = look(dir.path());
        assert_eq!(difference(second.as_ref(), third.as_ref()), paths(&["content/c.txt", "static/c.txt"]));
        assert_eq!(difference(None, third.as_ref()), Some(Changed::Anything));
        assert_eq!(difference(third.as_ref(), None), Some(Changed::Anything));
        assert_eq!(difference(None, None), None);
    }
}
