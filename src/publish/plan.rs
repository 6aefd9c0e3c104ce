//! What a publish does: compares the built files with the manifest of the last publish. No input or output.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;

use super::class::{Audience, FileClass, is_page};
use super::local::LocalFile;
use super::manifest::{Begun, Entries, Entry, FileKey, Manifest};
use crate::diagnostics::first_few;
use crate::model::site::publish::MaxDelete;

/// The steps of a publish.
#[derive(Debug)]
pub struct Plan<'f> {
    /// In the order of their upload.
    pub puts: Vec<Put<'f>>,
    pub deletes: Vec<FileKey>,
    /// Files that are gone from the site since the last publish. The limit of deletions counts these.
    pub newly_gone: Vec<FileKey>,
    /// Files that stay for a while although they are gone.
    pub kept: usize,
    pub unchanged: usize,
    /// What the place has when the publish has ended, before the deletions.
    pub entries: Entries,
    /// Why the plan must not be carried out.
    pub refusal: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct Put<'f> {
    pub file: &'f LocalFile,
    pub is_new: bool,
    pub group: UploadGroup,
}

/// Files that are uploaded at the same time. A group ends before the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UploadGroup(FileClass, /* An existing page may link to a new one. */ bool);

/// What the plan is made for.
#[derive(Clone, Copy, Debug)]
pub struct PlanFor {
    pub audience: Audience,
    pub today: Date,
    pub keep_days: u32,
}

/// What a store lists of a file: its size, and when it was written by the clock of the store.
pub type Listing = HashMap<String, (u64, Timestamp)>;

/// Makes the plan. `listing` is what the place has, with the time at which the manifest was written; it is only needed after a
/// publish that did not end.
pub fn plan<'f>(
    files: &'f [LocalFile],
    last: &Manifest,
    listing: Option<(&Listing, Timestamp)>,
    options: PlanFor,
) -> Plan<'f> {
    let PlanFor { audience, today, keep_days } = options;
    let begun = last.begun.as_ref();
    let mut plan = Plan {
        puts: Vec::new(),
        deletes: Vec::new(),
        newly_gone: Vec::new(),
        kept: 0,
        unchanged: 0,
        entries: Entries::new(),
        refusal: None,
    };
    let mut built = BTreeSet::new();
    for file in files {
        let (key, digest) = (file.key(audience), file.digest(audience));
        let is_new = !last.files.contains_key(&key);
        if is_published(file, &key, digest, last, listing) {
            plan.unchanged += 1;
        } else {
            let class = FileClass::of(&file.path);
            plan.puts.push(Put { file, is_new, group: UploadGroup(class, class == FileClass::Page && !is_new) });
        }
        let size = if matches!(key, FileKey::Path(_)) { file.size } else { 0 };
        plan.entries.insert(key.clone(), Entry { digest, size, gone_since: None });
        built.insert(key);
    }
    plan.puts.sort_by(|one, other| (one.group, &one.file.path).cmp(&(other.group, &other.file.path)));
    for (key, entry) in known(last, begun) {
        if built.contains(&key) {
            continue;
        }
        if last.files.get(&key).is_some_and(|entry| entry.gone_since.is_none()) {
            plan.newly_gone.push(key.clone());
        }
        let since = entry.gone_since.unwrap_or(today);
        let days = (today - since).get_days();
        let is_due =
            i64::from(days) >= i64::from(keep_days) || is_deleted_at_once(&key) || audience == Audience::Private;
        match is_due {
            true => plan.deletes.push(key.clone()),
            false => plan.kept += 1,
        }
        plan.entries.insert(key, Entry { gone_since: Some(since), ..entry });
    }
    plan
}

/// Returns everything that earlier publishes may have put there.
fn known(last: &Manifest, begun: Option<&Begun>) -> Entries {
    let mut known = begun.map(|begun| begun.files.clone()).unwrap_or_default();
    known.extend(last.files.iter().map(|(key, entry)| (key.clone(), *entry)));
    known
}

/// Whether the place has a file already. Of a publish that did not end it is not known how far it got, so the file counts only
/// if the place lists it with its size, and as younger than the manifest that announced it.
fn is_published(
    file: &LocalFile,
    key: &FileKey,
    digest: u128,
    last: &Manifest,
    listing: Option<(&Listing, Timestamp)>,
) -> bool {
    match last.begun.as_ref().and_then(|begun| begun.files.get(key)) {
        Some(begun) => {
            let is_there = listing.is_some_and(|(listing, since)| {
                listing.get(&file.path).is_some_and(|(size, written)| *size == file.size && *written > since)
            });
            begun.digest == digest && is_there
        }
        None => last.files.get(key).is_some_and(|entry| entry.digest == digest),
    }
}

/// Pages are deleted at once. What pages show stays for a while, because browsers have pages open.
fn is_deleted_at_once(key: &FileKey) -> bool {
    match key {
        FileKey::Path(path) => is_page(path) || FileClass::of(path) == FileClass::Index,
        // The form of an open page leads to it.
        FileKey::Hidden(_) => false,
    }
}

impl Plan<'_> {
    /// Returns true if the place has nothing to gain. Deletions that are due are a gain.
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty() && self.newly_gone.is_empty()
    }

    /// Returns the bytes to upload.
    pub fn bytes(&self) -> u64 {
        self.puts.iter().map(|put| put.file.size).sum()
    }

    /// Returns the entries that [`Begun`] lists.
    pub fn announced(&self, audience: Audience) -> Entries {
        let entry = |put: &Put| {
            let key = put.file.key(audience);
            self.entries.get(&key).map(|entry| (key.clone(), *entry))
        };
        self.puts.iter().filter_map(entry).collect()
    }

    /// Refuses a plan that takes more files from the site than `limit` of the published ones.
    pub fn check_limit(&mut self, limit: MaxDelete, last: &Manifest) {
        let (gone, published) = (self.newly_gone.len(), last.current());
        let most = limit.of(published);
        if gone > most {
            let names: Vec<String> = self.newly_gone.iter().map(FileKey::shown).collect();
            self.refusal = Some(format!(
                "{gone} of {published} published files would be removed, and the limit is {most}, so nothing was published: \
                 {}; if that is intended, publish with `--max-delete {gone}`",
                first_few(&names)
            ));
        }
    }

    /// # Errors
    ///
    /// If the plan is refused.
    pub fn check(&self) -> anyhow::Result<()> {
        match &self.refusal {
            Some(refusal) => anyhow::bail!("{refusal}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2027, 3, 15);

    fn file(path: &str, content: u128) -> LocalFile {
        LocalFile { path: path.to_owned(), size: 7, content }
    }

    fn published(files: &[LocalFile]) -> Manifest {
        let entries = plan(files, &Manifest::default(), None, options(DAY)).entries;
        Manifest { files: entries, ..Manifest::default() }
    }

    fn options(today: Date) -> PlanFor {
        PlanFor { audience: Audience::Public, today, keep_days: 7 }
    }

    fn paths(plan: &Plan) -> Vec<String> {
        plan.puts.iter().map(|put| put.file.path.clone()).collect()
    }

    #[test]
    fn files_come_before_pages_and_new_pages_before_changed_ones() {
        let last = published(&[file("a/index.html", 1)]);
        let files = [
            file("a/index.html", 2),
            file("b/index.html", 1),
            file("logo.png", 1),
            file("sitemap.xml", 1),
            file("theme/x.0123456789.css", 1),
        ];
        let plan = plan(&files, &last, None, options(DAY));
        assert_eq!(paths(&plan), ["theme/x.0123456789.css", "logo.png", "b/index.html", "a/index.html", "sitemap.xml"]);
    }

    #[test]
    fn pages_are_deleted_at_once_and_their_files_after_some_days() {
        let last = published(&[file("a/index.html", 1), file("x.css", 1), file("index.html", 1)]);
        let files = [file("index.html", 1)];
        let first = plan(&files, &last, None, options(DAY));
        assert_eq!(first.deletes, [FileKey::Path("a/index.html".into())]);
        assert_eq!((first.kept, first.newly_gone.len()), (1, 2));
        let mut entries = first.entries.clone();
        entries.remove(&FileKey::Path("a/index.html".into()));
        let last = Manifest { files: entries, ..Manifest::default() };
        let on = |days: i64| plan(&files, &last, None, options(DAY.saturating_add(jiff::Span::new().days(days))));
        assert!(on(6).is_empty());
        assert_eq!(on(7).deletes, [FileKey::Path("x.css".into())]);
        assert_eq!(on(7).newly_gone, []);
    }

    #[test]
    fn what_a_killed_publish_has_written_is_not_written_again() {
        let old = published(&[file("index.html", 1), file("x.css", 1)]);
        let files = [file("index.html", 2), file("x.css", 2), file("y.css", 1)];
        let announced = plan(&files, &old, None, options(DAY)).announced(Audience::Public);
        let at: Timestamp = "2027-03-15T10:00:00Z".parse().unwrap();
        let killed = Manifest { begun: Some(Begun { at, files: announced }), ..old };
        let after: Timestamp = "2027-03-15T10:00:01Z".parse().unwrap();
        let listing = Listing::from([
            ("x.css".to_owned(), (7, after)),
            // As old as the manifest, so it may be the last version.
            ("index.html".to_owned(), (7, at)),
            // Cut.
            ("y.css".to_owned(), (6, after)),
        ]);
        assert_eq!(paths(&plan(&files, &killed, Some((&listing, at)), options(DAY))), ["y.css", "index.html"]);
        // A later build no longer has the file that the killed publish may have put there.
        let files = [file("index.html", 2), file("x.css", 2)];
        let plan = plan(&files, &killed, Some((&listing, at)), options(DAY));
        assert_eq!((plan.kept, plan.newly_gone.len()), (1, 0));
    }

    #[test]
    fn more_deletions_than_the_limit_are_refused() {
        let many: Vec<LocalFile> = (0..10).map(|n| file(&format!("{n}/index.html"), 1)).collect();
        let last = published(&many);
        let check = |left: usize| {
            let mut plan = plan(&many[..left], &last, None, options(DAY));
            plan.check_limit(MaxDelete::Percent(20), &last);
            plan.check()
        };
        assert!(check(8).is_ok());
        let refusal = check(6).unwrap_err().to_string();
        assert!(refusal.contains("--max-delete 4"), "{refusal}");
        assert!(refusal.contains("`6/index.html`, `7/index.html`, `8/index.html` and 1 more"), "{refusal}");
    }
}
