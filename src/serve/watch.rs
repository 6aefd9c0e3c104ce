//! Watches a site's files: events of the file system come in, what may have changed goes out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use anyhow::Context;
use notify_debouncer_full::notify::event::{AccessKind, AccessMode, MetadataKind, ModifyKind};
use notify_debouncer_full::notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, NoCache, new_debouncer_opt};

use super::Signal;
use crate::load::{FOLDERS, Scan};
use crate::pipeline::session::Changed;
use crate::register;

/// Editors save by rename, so one save arrives as several events: these are taken together. Much shorter than a person
/// notices, and a page has to be there within 50 ms.
const TOGETHER: Duration = Duration::from_millis(12);
const TICK: Duration = Duration::from_millis(3);
/// How often files are looked at where the system tells nothing.
const POLL: Duration = Duration::from_millis(500);

/// How changes are found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The system tells them.
    Events,
    /// Every file is looked at, twice a second: for network and container mounts, where the system tells nothing.
    Poll,
}

/// Watches until it is dropped.
pub struct Watch {
    root: PathBuf,
    watching: Watching,
    watched: BTreeSet<PathBuf>,
}

enum Watching {
    Events(Debouncer<RecommendedWatcher, NoCache>),
    Poll(Debouncer<PollWatcher, NoCache>),
}

impl Watch {
    /// Begins to watch a site's folder; changes are sent to `to`.
    ///
    /// # Errors
    ///
    /// Where the system does not let a folder be watched: it does not exist, or there are too many.
    pub fn begin(root: &Path, how: How, to: Sender<Signal>) -> anyhow::Result<Watch> {
        let root = root.canonicalize().with_context(|| format!("cannot open the folder `{}`", root.display()))?;
        let below = root.clone();
        let tell = move |events: DebounceEventResult| {
            if let Some(changed) = changed(&below, events) {
                // Without a receiver the server is about to end.
                let _ = to.send(Signal::Changed(changed));
            }
        };
        let config = Config::default().with_poll_interval(POLL).with_compare_contents(false);
        let watching = match how {
            How::Events => Watching::Events(new_debouncer_opt(TOGETHER, Some(TICK), tell, NoCache, config)?),
            How::Poll => Watching::Poll(new_debouncer_opt(TOGETHER, Some(TICK), tell, NoCache, config)?),
        };
        let mut watch = Watch { root: root.clone(), watching, watched: BTreeSet::new() };
        watch.add(&root, RecursiveMode::NonRecursive)?;
        watch.folders()?;
        Ok(watch)
    }

    /// Watches what is new: a folder that was not there, and what links in the site lead to.
    ///
    /// # Errors
    ///
    /// As [`Watch::begin`].
    pub fn follow(&mut self, scan: Option<&Scan>) -> anyhow::Result<()> {
        self.folders()?;
        for target in scan.into_iter().flat_map(|scan| &scan.link_targets) {
            let folder = if target.is_dir() { Some(target.as_path()) } else { target.parent() };
            if let Some(folder) = folder.filter(|folder| **folder != self.root) {
                let mode = if target.is_dir() { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
                self.add(&folder.to_owned(), mode)?;
            }
        }
        Ok(())
    }

    fn folders(&mut self) -> anyhow::Result<()> {
        // A folder that was deleted and made again is another one to the system.
        self.watched.retain(|path| path.exists());
        for folder in FOLDERS {
            let path = self.root.join(folder);
            if path.is_dir() {
                self.add(&path, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, mode: RecursiveMode) -> anyhow::Result<()> {
        if self.watched.contains(path) {
            return Ok(());
        }
        let watched = match &mut self.watching {
            Watching::Events(debouncer) => debouncer.watch(path, mode),
            Watching::Poll(debouncer) => debouncer.watch(path, mode),
        };
        watched.with_context(|| {
            format!("cannot watch `{}`; `--poll` looks at every file instead, twice a second", path.display())
        })?;
        self.watched.insert(path.to_owned());
        Ok(())
    }
}

/// What events say of a site; none where they say nothing.
fn changed(root: &Path, events: DebounceEventResult) -> Option<Changed> {
    // What was lost may have been anything.
    let Ok(events) = events else { return Some(Changed::Anything) };
    if events.iter().any(|event| event.need_rescan()) {
        return Some(Changed::Anything);
    }
    let paths: BTreeSet<String> = events
        .iter()
        .filter(|event| is_change(event))
        .flat_map(|event| &event.paths)
        .filter_map(|path| below(root, path))
        .collect();
    (!paths.is_empty()).then_some(Changed::Paths(paths))
}

/// Reading changes nothing, neither does who may read.
fn is_change(event: &DebouncedEvent) -> bool {
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Modify(ModifyKind::Metadata(kind)) => kind == MetadataKind::WriteTime,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => true,
    }
}

/// A path as the site knows it: below the root with `/` between its parts, else whole, as what a link leads to. None where
/// it is no part of the site: the register, what a build writes, and everything else beside the site's own folders.
fn below(root: &Path, path: &Path) -> Option<String> {
    let Ok(below) = path.strip_prefix(root) else { return Some(path.to_string_lossy().into_owned()) };
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let is_site = match parts.first()?.as_ref() {
        register::FILE => false,
        first => first == "site.yaml" || FOLDERS.contains(&first),
    };
    is_site.then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_and_the_register_are_no_part_of_the_site() {
        let root = Path::new("/site");
        for (path, expected) in [
            ("/site/content/a/index.md", Some("content/a/index.md")),
            ("/site/themes/launch/page.html", Some("themes/launch/page.html")),
            ("/site/site.yaml", Some("site.yaml")),
            ("/site/content", Some("content")),
            ("/site/lead-tags.csv", None),
            ("/site/.lead-tags.csv.99", None),
            ("/site/public/index.html", None),
            ("/site/.public.manifest", None),
            ("/site/sales/index.html", None),
            ("/site/.git/index", None),
            ("/site", None),
            ("/shared/terms.md", Some("/shared/terms.md")),
        ] {
            assert_eq!(below(root, Path::new(path)).as_deref(), expected, "{path}");
        }
    }
}
