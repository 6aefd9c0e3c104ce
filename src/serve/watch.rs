//! Watches a site's files: events of the file system come in, what may have changed goes out.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use notify_debouncer_full::notify::event::{AccessKind, AccessMode, MetadataKind, ModifyKind};
use notify_debouncer_full::notify::{Config, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, NoCache, new_debouncer_opt};

use super::{Signal, poll};
use crate::load::{self, FOLDERS, Scan};
use crate::pipeline::session::Changed;
use crate::sync;

/// Editors save by rename, so one save arrives as several events: these are taken together. Much shorter than a person
/// notices, and a page has to be there within 50 ms.
const TOGETHER: Duration = Duration::from_millis(12);
const TICK: Duration = Duration::from_millis(3);

/// How changes are found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The system tells them.
    Events,
    /// Every file is looked at, twice a second: for network and container mounts, where the system tells nothing.
    Poll,
}

/// Watches until it is dropped.
pub enum Watch {
    Events(Events),
    /// The thread that looks ends with the other end of this.
    Poll {
        _end: Sender<Infallible>,
    },
}

/// Folders that the system tells of.
pub struct Events {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    places: Arc<Mutex<Places>>,
}

/// What the thread that hears of events has to know of the folders that are watched.
#[derive(Default)]
struct Places {
    /// Where links in the site lead to outside of the folders that it is read from. What was once one stays: it may come
    /// back.
    linked: BTreeSet<PathBuf>,
    /// Folders that were watched and may be other ones by now. One that was deleted and made again is another one to the
    /// system.
    replaced: BTreeSet<PathBuf>,
}

impl Watch {
    /// Begins to watch a site's folder; changes are sent to `to`.
    ///
    /// # Errors
    ///
    /// Where the system does not let a folder be watched: it does not exist, or there are too many.
    pub fn begin(root: &Path, how: How, to: Sender<Signal>) -> anyhow::Result<Watch> {
        let root = root.canonicalize().with_context(|| format!("cannot open the folder `{}`", root.display()))?;
        match how {
            How::Events => Events::begin(root, to).map(Watch::Events),
            How::Poll => {
                let (end, ended) = mpsc::channel();
                poll::begin(root, to, ended);
                Ok(Watch::Poll { _end: end })
            }
        }
    }

    /// Watches folders that were not there before. To be called before the site is looked at, so that no change falls
    /// between the two.
    ///
    /// # Errors
    ///
    /// As [`Watch::begin`].
    pub fn renew(&mut self) -> anyhow::Result<()> {
        match self {
            Watch::Events(events) => events.folders(),
            Watch::Poll { .. } => Ok(()),
        }
    }

    /// Watches what links in the site lead to.
    ///
    /// # Errors
    ///
    /// As [`Watch::begin`].
    pub fn follow(&mut self, scan: Option<&Scan>) -> anyhow::Result<()> {
        match (self, scan) {
            (Watch::Events(events), Some(scan)) => events.links(&scan.link_targets),
            (Watch::Events(_), None) | (Watch::Poll { .. }, _) => Ok(()),
        }
    }
}

impl Events {
    fn begin(root: PathBuf, to: Sender<Signal>) -> anyhow::Result<Events> {
        let places: Arc<Mutex<Places>> = Arc::default();
        let (below, known) = (root.clone(), Arc::clone(&places));
        let tell = move |events: DebounceEventResult| {
            let mut places = sync::lock(&known);
            if let Some(changed) = changed(&below, &mut places, events) {
                // Without a receiver the server is about to end.
                let _ = to.send(Signal::Changed(changed));
            }
        };
        // A file that is reached by two paths would be told of by one of them, and nobody knows which.
        let config = Config::default().with_follow_symlinks(false);
        let debouncer = new_debouncer_opt(TOGETHER, Some(TICK), tell, NoCache, config)?;
        let mut events = Events { root: root.clone(), debouncer, watched: BTreeMap::new(), places };
        events.add(&root, RecursiveMode::NonRecursive)?;
        events.folders()?;
        Ok(events)
    }

    fn folders(&mut self) -> anyhow::Result<()> {
        let replaced = std::mem::take(&mut sync::lock(&self.places).replaced);
        for path in &replaced {
            if self.watched.remove(path).is_some() {
                // What is no more needs no end of watching.
                let _ = self.debouncer.unwatch(path);
            }
        }
        self.watched.retain(|path, _| path.exists());
        for folder in FOLDERS {
            let path = self.root.join(folder);
            if path.is_dir() {
                self.add(&path, RecursiveMode::Recursive)?;
            }
        }
        let linked = sync::lock(&self.places).linked.clone();
        linked.iter().try_for_each(|target| self.link(target))
    }

    fn links(&mut self, targets: &[PathBuf]) -> anyhow::Result<()> {
        let own = FOLDERS.map(|folder| self.root.join(folder));
        for target in targets.iter().filter(|target| !own.iter().any(|own| target.starts_with(own))) {
            let is_new = sync::lock(&self.places).linked.insert(target.clone());
            if is_new {
                self.link(target)?;
            }
        }
        Ok(())
    }

    /// The folder above a link's target tells that the target was replaced.
    fn link(&mut self, target: &Path) -> anyhow::Result<()> {
        if let Some(folder) = target.parent().filter(|folder| folder.is_dir()) {
            self.add(folder, RecursiveMode::NonRecursive)?;
        }
        if target.is_dir() { self.add(target, RecursiveMode::Recursive) } else { Ok(()) }
    }

    fn add(&mut self, path: &Path, mode: RecursiveMode) -> anyhow::Result<()> {
        let covers = |(watched, known): (&PathBuf, &RecursiveMode)| match known {
            RecursiveMode::Recursive => path.starts_with(watched),
            RecursiveMode::NonRecursive => path == watched && mode == RecursiveMode::NonRecursive,
        };
        if self.watched.iter().any(covers) {
            return Ok(());
        }
        match self.debouncer.watch(path, mode) {
            // It has gone in the meantime, which is a change that is told.
            Err(_) if !path.exists() => return Ok(()),
            watched => watched.with_context(|| {
                format!("cannot watch `{}`; `--poll` looks at every file instead, twice a second", path.display())
            })?,
        }
        self.watched.insert(path.to_owned(), mode);
        Ok(())
    }
}

/// What events say of a site; none where they say nothing.
fn changed(root: &Path, places: &mut Places, events: DebounceEventResult) -> Option<Changed> {
    // What was lost may have been anything.
    let Ok(events) = events else { return Some(Changed::Anything) };
    if events.iter().any(|event| event.need_rescan()) {
        return Some(Changed::Anything);
    }
    let paths: BTreeSet<&PathBuf> =
        events.iter().filter(|event| is_change(event)).flat_map(|event| &event.paths).collect();
    let is_watched = |path: &Path| {
        let is_folder = |folder: &&str| root.join(folder) == path;
        FOLDERS.iter().any(is_folder) || places.linked.iter().any(|target| target.starts_with(path))
    };
    let replaced: Vec<PathBuf> = paths.iter().filter(|path| is_watched(path)).map(|&path| path.clone()).collect();
    let paths: BTreeSet<String> = paths.into_iter().filter_map(|path| below(root, &places.linked, path)).collect();
    places.replaced.extend(replaced);
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

/// A path as the site knows it: below the root with `/` between its parts. None where it is no part of the site: the
/// register, what a build writes, what editors leave beside a file, and everything else beside the site's own folders that no
/// link leads to.
fn below(root: &Path, linked: &BTreeSet<PathBuf>, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let is_read = |folder: &str| !parts[1..].iter().any(|part| load::is_ignored(part, folder == "static"));
    let is_site = match parts.first()?.as_ref() {
        load::REGISTER_FILE => false,
        "site.yaml" => true,
        folder if FOLDERS.contains(&folder) => is_read(folder),
        _ => linked.iter().any(|target| path.starts_with(target) || target.starts_with(path)),
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
            ("/site/static/.well-known/security.txt", Some("static/.well-known/security.txt")),
            ("/site/content/a/.index.md.swp", None),
            ("/site/content/a/index.md~", None),
            ("/site/content/.trash/a.md", None),
            ("/site/lead-tags.csv", None),
            ("/site/.lead-tags.csv.99", None),
            ("/site/public/index.html", None),
            ("/site/.public.manifest", None),
            ("/site/sales/index.html", None),
            ("/site/.git/index", None),
            ("/site", None),
            ("/site/shared/terms.md", Some("shared/terms.md")),
            ("/site/shared", Some("shared")),
            ("/site/shared.md", None),
            ("/elsewhere/content/a.md", None),
        ] {
            let linked = BTreeSet::from([PathBuf::from("/site/shared")]);
            assert_eq!(below(root, &linked, Path::new(path)).as_deref(), expected, "{path}");
        }
    }
}
