//! Which version of each page is shown. A page with errors is shown in its last version without, or else left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostic;
use crate::model::site_path::SitePath;
use crate::parse::Parsed;
use crate::pipeline::memo::Memo;
use crate::resolve;

/// The pages that are not shown as they are, by their paths below `content/`.
#[derive(Default)]
pub struct Versions {
    of: BTreeMap<String, Version>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// The last version without errors.
    LastGood,
    LeftOut,
}

impl Versions {
    /// Whether a page is shown as it is.
    pub fn is_current(&self, file: &str) -> bool {
        !self.of.contains_key(file)
    }

    /// The number of pages that are not shown as they are.
    pub fn stale(&self) -> usize {
        self.of.len()
    }

    pub fn leaves_out_pages(&self) -> bool {
        self.of.values().any(|version| *version == Version::LeftOut)
    }

    /// The pages in their last version without errors, by their paths below the root.
    pub fn last_good(&self) -> BTreeSet<String> {
        let files = self.of.iter().filter(|(_, version)| **version == Version::LastGood);
        files.map(|(file, _)| format!("content/{file}")).collect()
    }

    /// The pages that are left out, by their paths below the root, each with the address that it would have.
    pub fn left_out(&self, parsed: &[Parsed]) -> Vec<(String, Option<SitePath>)> {
        let left_out = parsed.iter().filter(|page| self.of.get(page.file()) == Some(&Version::LeftOut));
        let address = |page: &Parsed| {
            let by_slug = page.page().and_then(|page| resolve::page_path(page).ok());
            by_slug.or_else(|| resolve::file_path(page.file()))
        };
        left_out.map(|page| (format!("content/{}", page.file()), address(page))).collect()
    }

    /// Returns the version of each page to show.
    pub fn choose(&self, parsed: &[Parsed], memo: &Memo) -> Vec<Parsed> {
        let choose = |page: &Parsed| {
            let last_good = || memo.last_good(page.file()).cloned().map(Parsed::Page);
            let left_out = || Parsed::Broken { file: page.file().to_owned() };
            match self.of.get(page.file()) {
                None => page.clone(),
                Some(Version::LastGood) => last_good().unwrap_or_else(left_out),
                Some(Version::LeftOut) => left_out(),
            }
        };
        parsed.iter().map(choose).collect()
    }

    /// Chooses other versions of the pages that the diagnostics blame. Returns those of the diagnostics that concern a page
    /// for the first time, and whether there is another choice now.
    pub fn blame(&mut self, diagnostics: &[Diagnostic], memo: &Memo) -> (Vec<Diagnostic>, bool) {
        let mut blamed = BTreeSet::new();
        let mut new = Vec::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.is_defect()) {
            let files = self.blamed(diagnostic, memo);
            if files.iter().any(|file| self.is_current(file)) {
                new.push(diagnostic.clone());
            }
            blamed.extend(files.into_iter().map(str::to_owned));
        }
        let has_changed = !blamed.is_empty();
        blamed.into_iter().for_each(|file| self.demote(file, memo));
        (new, has_changed)
    }

    /// Chooses another version of a page: the last one without errors, or none.
    pub fn demote(&mut self, file: String, memo: &Memo) {
        let version = match self.of.get(&file) {
            None if memo.last_good(&file).is_some() => Version::LastGood,
            None | Some(_) => Version::LeftOut,
        };
        self.of.insert(file, version);
    }

    /// The pages that have to change for a problem to disappear. Among several, old versions have to.
    fn blamed<'d>(&self, diagnostic: &'d Diagnostic, memo: &Memo) -> Vec<&'d str> {
        let page = |file: &'d str| file.strip_prefix("content/").filter(|file| memo.is_page(file));
        let old: Vec<&str> = diagnostic.files().filter_map(page).filter(|file| !self.is_current(file)).collect();
        match old.is_empty() {
            true => diagnostic.files().next().and_then(page).into_iter().collect(),
            false => old,
        }
    }
}
