//! `tagline diff`: compares a built site with one that is published, or with another built folder. Needs no credentials: the
//! manifest of a published site is public, and so are its pages.

mod page;
mod report;
mod source;

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use self::page::{PageChange, PageContent};
use self::source::{Files, Source};

/// Pages that are fetched from a published site.
const MAX_FETCHED: usize = 500;

/// The differences between two states of a site: `old` is what is published, `new` what was built.
#[derive(Debug, Default, Serialize)]
pub struct Diff {
    version: u32,
    r#type: &'static str,
    pub against: String,
    pub pages_added: Vec<String>,
    pub pages_removed: Vec<String>,
    pub pages_changed: Vec<PageChange>,
    pub files_added: Vec<String>,
    pub files_removed: Vec<String>,
    pub files_changed: Vec<String>,
    /// Files behind forms and thank-you pages that were added, changed or removed. They have no names here.
    pub hidden_changed: usize,
    pub lead_tags_opened: Vec<String>,
    pub lead_tags_closed: Vec<String>,
    /// Pages whose content was not compared, because there are too many or they could not be fetched.
    pub not_compared: usize,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        let Diff { pages_added, pages_removed, files_added, files_removed, files_changed, .. } = self;
        let lists = [pages_added, pages_removed, files_added, files_removed, files_changed];
        lists.iter().all(|list| list.is_empty()) && self.pages_changed.is_empty() && self.hidden_changed == 0
    }
}

/// Compares the built folder `new` with `against`, an address or a folder.
///
/// # Errors
///
/// If `against` cannot be read, or has no manifest.
pub fn diff(new: &Path, against: &str) -> anyhow::Result<Diff> {
    let old = Source::open(against)?;
    let (old_files, new_files) = (old.files()?, Files::of_folder(new)?);
    let new = Source::Folder(new.to_owned());
    let mut diff = Diff { version: 1, r#type: "diff", against: against.to_owned(), ..Diff::default() };
    let mut changed = Vec::new();
    for (path, digest) in &new_files.public {
        match old_files.public.get(path) {
            None if is_page(path) => diff.pages_added.push(path.clone()),
            None => diff.files_added.push(path.clone()),
            Some(old) if old == digest => {}
            Some(_) if is_page(path) => changed.push(path.clone()),
            Some(_) => diff.files_changed.push(path.clone()),
        }
    }
    for path in old_files.public.keys().filter(|path| !new_files.public.contains_key(*path)) {
        let removed = if is_page(path) { &mut diff.pages_removed } else { &mut diff.files_removed };
        removed.push(path.clone());
    }
    diff.hidden_changed =
        new_files.hidden.symmetric_difference(&old_files.hidden).map(|(path, _)| path).collect::<BTreeSet<_>>().len();
    compare_pages(&mut diff, &changed, &old, &new, &new_files)?;
    Ok(diff)
}

/// Compares the content of changed pages, and the lead tags of all.
fn compare_pages(diff: &mut Diff, changed: &[String], old: &Source, new: &Source, files: &Files) -> anyhow::Result<()> {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    let (compared, left) = changed.split_at(changed.len().min(MAX_FETCHED));
    diff.not_compared = left.len();
    let pairs: Vec<_> = compared.par_iter().map(|path| (path, content(old, path), content(new, path))).collect();
    for (path, old, new) in pairs {
        let (Ok(old), Ok(new)) = (old, new) else {
            diff.not_compared += 1;
            diff.pages_changed.push(PageChange::unknown(path));
            continue;
        };
        diff.pages_changed.push(PageChange::between(path, &old, &new));
        before.extend(old.lead_tags);
        after.extend(new.lead_tags);
    }
    diff.pages_changed.extend(left.iter().map(|path| PageChange::unknown(path)));
    let removed = &diff.pages_removed[..diff.pages_removed.len().min(MAX_FETCHED)];
    let removed: Vec<_> = removed.par_iter().filter_map(|path| content(old, path).ok()).collect();
    before.extend(removed.into_iter().flat_map(|page| page.lead_tags));
    // A lead tag can be on several pages, so unchanged pages count too.
    let known: BTreeSet<&String> = changed.iter().collect();
    let others: Vec<&String> = files.public.keys().filter(|path| is_page(path) && !known.contains(path)).collect();
    let contents = others.par_iter().map(|path| Ok((*path, content(new, path)?)));
    for (path, page) in contents.collect::<anyhow::Result<Vec<_>>>()? {
        if !diff.pages_added.contains(path) {
            before.extend(page.lead_tags.iter().cloned());
        }
        after.extend(page.lead_tags);
    }
    diff.lead_tags_opened = after.difference(&before).cloned().collect();
    diff.lead_tags_closed = before.difference(&after).cloned().collect();
    Ok(())
}

fn content(source: &Source, path: &str) -> anyhow::Result<PageContent> {
    Ok(PageContent::of(&source.page(path)?))
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}
