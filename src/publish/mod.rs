//! `tagline publish`: sends a built site to folders and object stores, in an order in which no visitor meets a page whose files
//! are missing. A place has a [`manifest`] of what was published, from which the [`plan`] of the next publish follows.

pub mod bucket;
mod class;
mod damage;
mod digests;
mod entry;
pub mod folder;
mod local;
pub mod manifest;
mod manifest_rows;
mod plan;
mod report;
mod store;
pub mod verify;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;

pub use self::class::Audience;
use self::digests::Digests;
use self::folder::ReleaseFolder;
use self::local::LocalFile;
use self::manifest::{Entries, Manifest};
use self::plan::{Plan, PlanFor};
pub use self::report::{PlaceReport, PublishReport};
use self::store::BucketStore;
pub use self::store::{StoreOptions, masked};
use crate::model::place::Place;
use crate::model::site::publish::MaxDelete;

/// Locks that were not renewed for this long are taken over.
pub const DEFAULT_LEASE: Duration = Duration::from_secs(120);

/// One folder that is published to one place.
pub struct Job<'j> {
    /// The built folder: `public/` or `sales/`.
    pub from: PathBuf,
    pub to: Place,
    pub audience: Audience,
    pub store: StoreOptions<'j>,
    pub base_url: &'j str,
    pub today: Date,
    pub keep: usize,
    pub keep_days: u32,
    pub max_delete: MaxDelete,
    /// Files that Tagline did not publish are left alone instead of refused.
    pub adopt: bool,
    pub lease: Duration,
}

/// Whether something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is.
    DryRun,
    Publish,
}

/// Who gets news of a publish while it runs.
#[derive(Clone, Copy)]
pub struct Progress<'p> {
    /// Gets the number of published files and of all files.
    pub files: &'p (dyn Fn(usize, usize) + Sync),
    /// Gets what must be known before a place is written to.
    pub note: &'p dyn Fn(&str),
}

/// What was published to a place, for `--status`.
pub struct PlaceStatus {
    pub place: String,
    /// `None` if nothing was published.
    pub manifest: Option<Manifest>,
    /// Of a folder, the oldest first.
    pub releases: Vec<String>,
    pub current: Option<String>,
    /// When the publish began that runs now, or was killed.
    pub locked_since: Option<jiff::Timestamp>,
}

/// The built files of a job, read once for plan and publish.
pub struct Built(Vec<LocalFile>);

/// Reads the files of a job of the site in `root`. An object store gets no files for web servers.
pub fn built(job: &Job, root: &Path) -> anyhow::Result<Built> {
    let name = if job.audience == Audience::Public { "site" } else { "desk" };
    let mut files = local::files(&job.from, Digests::open(root, name))?;
    if matches!(job.to, Place::Bucket { .. }) {
        files.retain(|file| !class::is_for_servers(&file.path));
    }
    Ok(Built(files))
}

/// Plans a publish, and carries it out in [`Mode::Publish`].
///
/// # Errors
///
/// If the place cannot be used, another publish is running, or more files would be removed than the limit allows.
pub fn publish(job: &Job, built: &Built, mode: Mode, progress: Progress) -> anyhow::Result<PlaceReport> {
    match &job.to {
        Place::Folder(path) => publish_to_folder(job, &ReleaseFolder::new(path), &built.0, mode, progress),
        Place::Bucket { kind, bucket, prefix } => {
            let store = BucketStore::open(*kind, bucket, prefix, job.store)?;
            bucket::publish(job, &store, &built.0, mode, progress)
        }
    }
}

/// Returns what was published to a place.
pub fn status(place: &Place, options: StoreOptions) -> anyhow::Result<PlaceStatus> {
    let name = place.to_string();
    match place {
        Place::Folder(path) => {
            let folder = ReleaseFolder::new(path);
            let (manifest, current) = (folder.manifest()?, folder.current()?);
            Ok(PlaceStatus { place: name, manifest, releases: folder.releases()?, current, locked_since: None })
        }
        Place::Bucket { kind, bucket, prefix } => {
            let store = BucketStore::open(*kind, bucket, prefix, options)?;
            let manifest = store.manifest()?.map(|(manifest, _)| manifest);
            let locked_since = store.locked_since()?;
            Ok(PlaceStatus { place: name, manifest, releases: Vec::new(), current: None, locked_since })
        }
    }
}

/// Removes everything that was published to a bucket, or to a folder in it. Files of others stay.
pub fn remove(place: &Place, options: StoreOptions, lease: Duration) -> anyhow::Result<usize> {
    match place {
        Place::Folder(path) => anyhow::bail!("`{path}` is a folder, and `--remove` is for previews in buckets"),
        Place::Bucket { kind, bucket, prefix } => {
            let store = BucketStore::open(*kind, bucket, prefix, options)?;
            bucket::remove(&store, lease)
        }
    }
}

/// Lets a folder lead to the release before the current one. Returns its name.
pub fn roll_back(place: &Place) -> anyhow::Result<String> {
    match place {
        Place::Folder(path) => ReleaseFolder::new(path).lock()?.roll_back(),
        Place::Bucket { .. } => anyhow::bail!(
            "`--rollback` is for folders: `{place}` has no releases; check out the last commit and publish again"
        ),
    }
}

/// Compares the current release of a folder with its manifest.
///
/// # Errors
///
/// If files are missing, or have other content.
pub fn verify_release(folder: &Path, audience: Audience) -> anyhow::Result<()> {
    ReleaseFolder::new(folder).verify(audience)
}

/// Returns the names and digests of the files of a built folder, as a manifest has them.
pub fn entries(folder: &Path) -> anyhow::Result<Vec<(manifest::FileKey, u128)>> {
    let files = local::files(folder, Digests::none())?;
    Ok(files.iter().map(|file| (file.key(Audience::Public), file.digest(Audience::Public))).collect())
}

/// Returns false for files that only configure a web server.
pub fn is_for_visitors(path: &str) -> bool {
    !class::is_for_servers(path)
}

/// Returns true for files that caches have to fetch again when they change: names with a digest never do.
pub fn is_cached_page(path: &str) -> bool {
    class::FileClass::of(path) != class::FileClass::NamedByContent && !class::is_for_servers(path)
}

/// Returns true for files that visitors can fetch as they were published.
pub fn is_served(path: &str) -> bool {
    !class::is_for_servers(path) && path != "404.html"
}

impl Job<'_> {
    fn plan<'f>(
        &self,
        files: &'f [LocalFile],
        last: &Manifest,
        listing: Option<(&plan::Listing, jiff::Timestamp)>,
    ) -> Plan<'f> {
        let options = PlanFor { audience: self.audience, today: self.today, keep_days: self.keep_days };
        let mut plan = plan::plan(files, last, listing, options);
        // The desk has a page for each lead card, and nobody links to them.
        if self.audience == Audience::Public {
            plan.check_limit(self.max_delete, last);
        }
        plan
    }

    fn manifest(&self, files: Entries) -> Manifest {
        let published = Some(jiff::Timestamp::now()).and_then(|now| jiff::Timestamp::from_second(now.as_second()).ok());
        Manifest { base_url: self.base_url.to_owned(), published, files, begun: None }
    }
}

fn publish_to_folder(
    job: &Job,
    folder: &ReleaseFolder,
    files: &[LocalFile],
    mode: Mode,
    progress: Progress,
) -> anyhow::Result<PlaceReport> {
    let last = folder.manifest()?;
    if last.is_none() && !job.adopt {
        folder.check_foreign_files()?;
    }
    let has_published = last.is_some();
    let last = folder.as_found(last.unwrap_or_default(), files, job.audience)?;
    let plan = job.plan(files, &last, None);
    let mut report = PlaceReport::new(job, &plan);
    if mode == Mode::DryRun {
        return Ok(report);
    }
    plan.check()?;
    if plan.is_empty() && has_published {
        // A publish that was killed may have left releases.
        if folder.has_surplus(job.keep)? {
            folder.lock()?.prune(job.keep)?;
        }
        return Ok(report);
    }
    let locked = folder.lock()?;
    let last = folder.as_found(folder.manifest()?.unwrap_or_default(), files, job.audience)?;
    let plan = job.plan(files, &last, None);
    plan.check()?;
    report = PlaceReport::new(job, &plan);
    let mut entries = plan.entries.clone();
    for key in &plan.deletes {
        entries.remove(key);
    }
    let release = locked.publish(&job.from, files, &plan, &job.manifest(entries), progress.files)?;
    locked.prune(job.keep)?;
    report.release = Some(release);
    report.is_done = true;
    Ok(report)
}
