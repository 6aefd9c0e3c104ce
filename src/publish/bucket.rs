//! Publishes to a bucket: lock, manifest that says what begins, files, manifest that says what is there, deletions.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, bail};

use super::class::{Audience, is_hidden};
use super::local::LocalFile;
use super::manifest::{Begun, Entries, FileKey, MANIFEST, Manifest, hidden_path};
use super::plan::{Listing, Plan};
use super::report::PlaceReport;
use super::store::{BucketStore, HeldLock};
use super::{Job, Mode, Progress};
use crate::diagnostics::count;

/// What a bucket has.
struct Found {
    /// `None` if nothing was published.
    manifest: Option<Manifest>,
    /// After a publish that did not end: its files, and when its manifest was written.
    listing: Option<(Listing, jiff::Timestamp)>,
}

impl Found {
    fn read(store: &BucketStore) -> anyhow::Result<Found> {
        let Some((manifest, written)) = store.manifest()? else { return Ok(Found { manifest: None, listing: None }) };
        let listing = match manifest.begun {
            Some(_) => Some((store.list()?, written)),
            None => None,
        };
        Ok(Found { manifest: Some(manifest), listing })
    }

    fn plan<'f>(&self, job: &Job, files: &'f [LocalFile]) -> Plan<'f> {
        let last = self.manifest.clone().unwrap_or_default();
        job.plan(files, &last, self.listing.as_ref().map(|(listing, written)| (listing, *written)))
    }

    fn is_whole(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| manifest.begun.is_none())
    }
}

/// Publishes files to a bucket.
pub(super) fn publish(
    job: &Job,
    store: &BucketStore,
    files: &[LocalFile],
    mode: Mode,
    progress: Progress,
) -> anyhow::Result<PlaceReport> {
    let found = Found::read(store)?;
    if found.manifest.is_none() && !job.adopt {
        refuse_foreign_files(store)?;
    }
    let plan = found.plan(job, files);
    if mode == Mode::DryRun || plan.is_empty() && found.is_whole() {
        return Ok(PlaceReport { requests: store.requests(), ..PlaceReport::new(job, &plan) });
    }
    plan.check()?;
    drop(plan);
    let mut held = store.lock(job.lease)?;
    let published = publish_locked(job, store, files, found.manifest.as_ref(), &mut held, progress);
    store.unlock(held);
    published.map(|report| PlaceReport { requests: store.requests(), ..report })
}

fn publish_locked(
    job: &Job,
    store: &BucketStore,
    files: &[LocalFile],
    seen: Option<&Manifest>,
    held: &mut HeldLock,
    progress: Progress,
) -> anyhow::Result<PlaceReport> {
    if job.audience == Audience::Private && store.is_public()? {
        bail!(
            "everybody can read `{}`, and it is the place for the lead desk: forbid public access to the bucket; nothing was \
             published",
            store.place()
        );
    }
    // Another publish may have ended between the first look and the lock.
    let found = Found::read(store)?;
    if found.manifest.is_none() && seen.is_some() {
        bail!("`{}` was emptied while it was published; publish again", store.place());
    }
    let plan = found.plan(job, files);
    plan.check()?;
    let mut report = PlaceReport::new(job, &plan);
    report.is_done = true;
    if !held.is_exclusive() {
        let note = format!(
            "`{}` ignores conditions of requests, so two publishes that begin in the same moment are not told apart; let CI run \
             one at a time",
            store.place()
        );
        (progress.note)(&note);
        report.notes.push(note);
    }
    let last = found.manifest.unwrap_or_default();
    if !plan.puts.is_empty() {
        store.put_manifest(&announcing(job, &plan, &last))?;
        store.upload(&job.from, &plan.puts, job.audience, held, progress.files)?;
    }
    store.put_manifest(&job.manifest(plan.entries.clone()))?;
    if !plan.deletes.is_empty() {
        delete(job, store, &plan, held)?;
    }
    Ok(report)
}

/// Returns the manifest of a publish that begins. It still lists what is live, and what an earlier publish may have written.
fn announcing(job: &Job, plan: &Plan, last: &Manifest) -> Manifest {
    let mut files = last.begun.as_ref().map(|begun| begun.files.clone()).unwrap_or_default();
    files.extend(plan.announced(job.audience));
    let base_url = if last.base_url.is_empty() { job.base_url.to_owned() } else { last.base_url.clone() };
    Manifest { base_url, begun: Some(Begun { at: jiff::Timestamp::now(), files }), ..last.clone() }
}

fn delete(job: &Job, store: &BucketStore, plan: &Plan, held: &mut HeldLock) -> anyhow::Result<()> {
    let names = names_of(&plan.deletes, store)?;
    store.delete(&names, held).with_context(|| left_over(&names))?;
    let mut entries = plan.entries.clone();
    for key in &plan.deletes {
        entries.remove(key);
    }
    store.put_manifest(&job.manifest(entries))
}

/// `the site is published, and … are left over: a, b and 1 more`. Files that are not public are only counted.
fn left_over(names: &[String]) -> String {
    let (hidden, public): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_hidden(name));
    let mut shown: Vec<String> = public.iter().take(10).map(ToString::to_string).collect();
    if public.len() > shown.len() {
        shown.push(format!("{} more", public.len() - shown.len()));
    }
    if !hidden.is_empty() {
        shown.push(format!("{} behind forms or of thank-you pages", count(hidden.len(), "file")));
    }
    format!("the site is published, and files that are no longer part of it are left over: {}", shown.join(", "))
}

/// Returns the names of files. It finds those of files that are not public in a list of the bucket.
fn names_of(keys: &[FileKey], store: &BucketStore) -> anyhow::Result<Vec<String>> {
    let mut hidden: HashMap<u128, String> = HashMap::new();
    if keys.iter().any(|key| matches!(key, FileKey::Hidden(_))) {
        hidden = store.list()?.into_keys().map(|name| (hidden_path(&name), name)).collect();
    }
    let name = |key: &FileKey| match key {
        FileKey::Path(path) => Some(path.to_string()),
        FileKey::Hidden(digest) => hidden.get(digest).cloned(),
    };
    Ok(keys.iter().filter_map(name).collect())
}

fn refuse_foreign_files(store: &BucketStore) -> anyhow::Result<()> {
    if let Some(name) = store.foreign_file()? {
        bail!(
            "`{}` has files that Tagline did not publish, `{name}` for example; choose an empty bucket or a folder in it, or use \
             `--adopt`, which never deletes them",
            store.place()
        );
    }
    Ok(())
}

/// Removes every file that the manifest lists, then the manifest. Returns the number of files.
pub(super) fn remove(store: &BucketStore, lease: Duration) -> anyhow::Result<usize> {
    let Some((manifest, _)) = store.manifest()? else { return Ok(0) };
    let mut held = store.lock(lease)?;
    let mut all: Entries = manifest.files;
    all.extend(manifest.begun.map(|begun| begun.files).unwrap_or_default());
    let keys: Vec<FileKey> = all.into_keys().collect();
    let removed = names_of(&keys, store).and_then(|names| {
        store.delete(&names, &mut held)?;
        store.delete(&[MANIFEST.to_owned()], &mut held)?;
        Ok(names.len())
    });
    store.unlock(held);
    removed
}
