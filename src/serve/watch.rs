//! Watches a site's files: receives events from the file system, and sends which files of the site may have changed.

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

use super::poll;
use super::signal::Signal;
use crate::load::{self, FOLDERS, Scan};
use crate::pipeline::session::Changed;
use crate::sync;

/// Editors save by rename, so one save arrives as several events. Events within this time are merged. It is short
/// because a saved page should appear within 50 ms.
const DEBOUNCE: Duration = Duration::from_millis(12);
const TICK: Duration = Duration::from_millis(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchMode {
    /// The file system reports changes.
    Events,
    /// All files are scanned twice a second, for network and container mounts that report no changes.
    Poll,
}

/// Watches until it is dropped.
pub enum Watcher {
    Events(EventWatcher),
    Poll {
        /// Dropping it ends the polling thread.
        _end: Sender<Infallible>,
    },
}

impl Watcher {
    /// Starts to watch a site's folder. Changes are sent to `signals`.
    ///
    /// # Errors
    ///
    /// If a folder does not exist or cannot be watched, for example because of a limit of the system.
    pub fn start(root: &Path, mode: WatchMode, signals: Sender<Signal>) -> anyhow::Result<Watcher> {
        let root = root.canonicalize().with_context(|| format!("cannot open the folder `{}`", root.display()))?;
        match mode {
            WatchMode::Events => EventWatcher::start(root, signals).map(Watcher::Events),
            WatchMode::Poll => {
                let (end, ended) = mpsc::channel();
                poll::start(root, signals, ended);
                Ok(Watcher::Poll { _end: end })
            }
        }
    }

    /// Watches the site's folders that are new or were replaced. Call it before the site is read, so that no change is
    /// missed in between.
    ///
    /// # Errors
    ///
    /// As [`Watcher::start`].
    pub fn watch_new_folders(&mut self) -> anyhow::Result<()> {
        match self {
            Watcher::Events(watcher) => watcher.watch_folders(),
            Watcher::Poll { .. } => Ok(()),
        }
    }

    /// Watches the targets of symbolic links in the site.
    ///
    /// # Errors
    ///
    /// As [`Watcher::start`].
    pub fn follow_links(&mut self, scan: Option<&Scan>) -> anyhow::Result<()> {
        match (self, scan) {
            (Watcher::Events(watcher), Some(scan)) => watcher.watch_targets(&scan.link_targets),
            (Watcher::Events(_), None) | (Watcher::Poll { .. }, _) => Ok(()),
        }
    }
}

/// Watches folders by events of the file system.
pub struct EventWatcher {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    paths: Arc<Mutex<WatchedPaths>>,
}

/// The paths that the event handler needs, which runs on a thread of its own.
#[derive(Default)]
struct WatchedPaths {
    /// Targets of links, outside the site's folders. They are never removed, because a deleted target may come back.
    link_targets: BTreeSet<PathBuf>,
    /// Watched folders that may have been deleted and created again. The system treats them as different folders, so
    /// they must be watched again.
    replaced: BTreeSet<PathBuf>,
}

impl EventWatcher {
    fn start(root: PathBuf, signals: Sender<Signal>) -> anyhow::Result<EventWatcher> {
        let paths: Arc<Mutex<WatchedPaths>> = Arc::default();
        let (site_root, shared_paths) = (root.clone(), Arc::clone(&paths));
        let handle = move |events: DebounceEventResult| {
            let mut paths = sync::lock(&shared_paths);
            if let Some(changed) = changed_files(&site_root, &mut paths, events) {
                // Without a receiver the server is stopping.
                let _ = signals.send(Signal::Changed(changed));
            }
        };
        // With followed symlinks, a file with two paths would be reported under an arbitrary one of them.
        let config = Config::default().with_follow_symlinks(false);
        let debouncer = new_debouncer_opt(DEBOUNCE, Some(TICK), handle, NoCache, config)?;
        let mut watcher = EventWatcher { root: root.clone(), debouncer, watched: BTreeMap::new(), paths };
        watcher.watch(&root, RecursiveMode::NonRecursive)?;
        watcher.watch_folders()?;
        Ok(watcher)
    }

    fn watch_folders(&mut self) -> anyhow::Result<()> {
        let replaced = std::mem::take(&mut sync::lock(&self.paths).replaced);
        for path in &replaced {
            if self.watched.remove(path).is_some() {
                // This fails if the old folder is deleted. It is no longer watched then either.
                let _ = self.debouncer.unwatch(path);
            }
        }
        self.watched.retain(|path, _| path.exists());
        for folder in FOLDERS {
            let path = self.root.join(folder);
            if path.is_dir() {
                self.watch(&path, RecursiveMode::Recursive)?;
            }
        }
        let targets = sync::lock(&self.paths).link_targets.clone();
        targets.iter().try_for_each(|target| self.watch_target(target))
    }

    fn watch_targets(&mut self, targets: &[PathBuf]) -> anyhow::Result<()> {
        let own = FOLDERS.map(|folder| self.root.join(folder));
        for target in targets.iter().filter(|target| !own.iter().any(|own| target.starts_with(own))) {
            let is_new = sync::lock(&self.paths).link_targets.insert(target.clone());
            if is_new {
                self.watch_target(target)?;
            }
        }
        Ok(())
    }

    /// Watches a link's target, and the folder that contains it, which reports when the target is replaced.
    fn watch_target(&mut self, target: &Path) -> anyhow::Result<()> {
        if let Some(folder) = target.parent().filter(|folder| folder.is_dir()) {
            self.watch(folder, RecursiveMode::NonRecursive)?;
        }
        if target.is_dir() { self.watch(target, RecursiveMode::Recursive) } else { Ok(()) }
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> anyhow::Result<()> {
        let covers = |(watched, watched_mode): (&PathBuf, &RecursiveMode)| match watched_mode {
            RecursiveMode::Recursive => path.starts_with(watched),
            RecursiveMode::NonRecursive => path == watched && mode == RecursiveMode::NonRecursive,
        };
        if self.watched.iter().any(covers) {
            return Ok(());
        }
        match self.debouncer.watch(path, mode) {
            // It was deleted meanwhile, which is reported as a change.
            Err(_) if !path.exists() => return Ok(()),
            result => result.with_context(|| {
                format!("cannot watch `{}`; `--poll` checks all files twice a second instead", path.display())
            })?,
        }
        self.watched.insert(path.to_owned(), mode);
        Ok(())
    }
}

/// Returns which files of the site the events may have changed, or `None` if they concern no file of the site.
fn changed_files(root: &Path, paths: &mut WatchedPaths, events: DebounceEventResult) -> Option<Changed> {
    // Events were lost, so anything may have changed.
    let Ok(events) = events else { return Some(Changed::Anything) };
    if events.iter().any(|event| event.need_rescan()) {
        return Some(Changed::Anything);
    }
    let changed: BTreeSet<&PathBuf> =
        events.iter().filter(|event| is_change(event)).flat_map(|event| &event.paths).collect();
    let is_watched = |path: &Path| {
        let is_folder = |folder: &&str| root.join(folder) == path;
        FOLDERS.iter().any(is_folder) || paths.link_targets.iter().any(|target| target.starts_with(path))
    };
    let replaced: Vec<PathBuf> = changed.iter().filter(|path| is_watched(path)).map(|&path| path.clone()).collect();
    let files: BTreeSet<String> =
        changed.into_iter().filter_map(|path| site_file(root, &paths.link_targets, path)).collect();
    paths.replaced.extend(replaced);
    (!files.is_empty()).then_some(Changed::Paths(files))
}

/// Whether an event may have changed a file's content. Reads and changes of permissions do not.
fn is_change(event: &DebouncedEvent) -> bool {
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Modify(ModifyKind::Metadata(kind)) => kind == MetadataKind::WriteTime,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => true,
    }
}

/// Returns a path relative to the root, with `/` as separator. Returns `None` for paths that are not part of the site:
/// the register, build output, editors' backup files, and other files next to the site's folders, unless a link in
/// the site points to them.
fn site_file(root: &Path, link_targets: &BTreeSet<PathBuf>, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let is_read = |folder: &str| !parts[1..].iter().any(|part| load::is_ignored(part, folder == "static"));
    let is_site = match parts.first()?.as_ref() {
        load::REGISTER_FILE | load::CHECKSUM_FILE => false,
        "site.yaml" | load::FIGURES_FILE => true,
        folder if FOLDERS.contains(&folder) => is_read(folder),
        _ => link_targets.iter().any(|target| path.starts_with(target) || target.starts_with(path)),
    };
    is_site.then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_register_and_backup_files_are_not_part_of_the_site() {
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
            ("/site/lead-tags.sum", None),
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
            let targets = BTreeSet::from([PathBuf::from("/site/shared")]);
            assert_eq!(site_file(root, &targets, Path::new(path)).as_deref(), expected, "{path}");
        }
    }
}
