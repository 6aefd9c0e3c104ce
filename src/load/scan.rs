//! Lists a site's files without reading them. Symbolic links are followed inside of the site only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;
use std::{fs, mem};

use anyhow::Context;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::file_entry::FileEntry;
use super::names::{CHECKSUM_FILE, FIGURES_FILE, FOLDERS, REGISTER_FILE, SITE_FILE, is_ignored};
use super::text;
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{SourceText, is_one_line};

/// The files of a site.
pub struct Scan {
    pub root: PathBuf,
    /// By their paths below the root.
    pub files: BTreeMap<String, FileEntry>,
    /// Files that iCloud has not downloaded, by their paths below the root. A placeholder is in their place.
    pub not_downloaded: BTreeSet<String>,
    /// The targets of symbolic links.
    pub link_targets: Vec<PathBuf>,
    /// The problems of files that are left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists the site's files. Fails if the root cannot be read; a single bad file is a diagnostic.
pub fn scan(root: &Path) -> anyhow::Result<Scan> {
    let canonical = fs::canonicalize(root).with_context(|| format!("cannot open the folder `{}`", root.display()))?;
    anyhow::ensure!(canonical.is_dir(), "`{}` is not a folder", root.display());
    let mut scan = Scan {
        root: canonical.clone(),
        files: BTreeMap::new(),
        not_downloaded: BTreeSet::new(),
        link_targets: Vec::new(),
        diagnostics: Vec::new(),
    };
    for name in [SITE_FILE, REGISTER_FILE, CHECKSUM_FILE, FIGURES_FILE] {
        let path = canonical.join(name);
        if path.symlink_metadata().is_ok() {
            scan.add(&path, name.to_owned())?;
        }
    }
    for folder in FOLDERS {
        let path = canonical.join(folder);
        if path.is_dir() {
            scan.walk(&path)?;
        }
    }
    Ok(scan)
}

impl Scan {
    /// The files below one of the site's folders, by their paths below it.
    pub fn below<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = (&'s str, &'s FileEntry)> {
        let below = self.files.range(format!("{folder}/")..);
        below.map_while(move |(path, entry)| Some((path.strip_prefix(folder)?.strip_prefix('/')?, entry)))
    }

    /// Reads the text of a file by its path below the root. Returns `None` if it has no readable text.
    pub fn text(&self, path: &str) -> anyhow::Result<Option<Arc<SourceText>>> {
        let Some(entry) = self.files.get(path) else { return Ok(None) };
        let (source, _) = text::read(path.to_owned(), entry)?;
        Ok(source)
    }

    /// Returns the entry of a file as it is now, or `None` if it cannot be read.
    pub fn current_entry(&self, name: &str) -> Option<FileEntry> {
        let path = self.root.join(name);
        let metadata = fs::metadata(&path).ok()?;
        Some(FileEntry::new(path.into(), &metadata))
    }

    /// Lists a folder, then reads the metadata of its files in parallel.
    fn walk(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut files = Vec::new();
        let is_static = folder.ends_with("static");
        let mut entries = WalkDir::new(folder).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.report_unreadable(&error)?;
                    continue;
                }
            };
            if self.leaves_out(&entry, is_static) {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            if entry.path_is_symlink() {
                self.link_targets.extend(fs::canonicalize(entry.path()));
            }
            if entry.file_type().is_file() {
                files.extend(self.file_name(&entry).map(|name| (name, entry)));
            }
        }
        let read = files.into_par_iter().map(|(name, entry)| {
            let metadata = entry.metadata().with_context(|| format!("cannot read `{}`", entry.path().display()))?;
            Ok((name, FileEntry::new(entry.path().into(), &metadata)))
        });
        let mut read = read.collect::<anyhow::Result<Vec<_>>>()?;
        // Sorted here and not by the walk, which would take the names out of paths for each comparison. Of a sorted list, a map
        // is made faster than by adding to it.
        read.par_sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut read: BTreeMap<String, FileEntry> = read.into_iter().collect();
        if read.len() > self.files.len() {
            mem::swap(&mut read, &mut self.files);
        }
        self.files.extend(read);
        Ok(())
    }

    /// Returns whether a file or folder is left out. Reports a link that leaves the site.
    fn leaves_out(&mut self, entry: &walkdir::DirEntry, is_static: bool) -> bool {
        let name = entry.file_name().to_string_lossy();
        if entry.depth() > 0 && is_ignored(&name, is_static) {
            if let Some(real) = downloaded_name(&name) {
                let placeholder = self.relative(entry.path());
                self.not_downloaded.insert(format!("{}{real}", &placeholder[..placeholder.len() - name.len()]));
            }
            return true;
        }
        if entry.path_is_symlink() && !self.stays_inside(entry.path()) {
            let path = self.relative(entry.path());
            self.diagnostics.push(leaves_site(&path, entry.path()));
            return true;
        }
        false
    }

    /// Returns the path of a file below the root. Reports a name that is not UTF-8 or cannot be shown.
    fn file_name(&mut self, entry: &walkdir::DirEntry) -> Option<String> {
        let name = self.relative(entry.path());
        if entry.path().to_str().is_none() {
            let diagnostic = Diagnostic::error(Rule::BadFileName, "this file's name is not UTF-8");
            self.diagnostics.push(diagnostic.in_file(name).help("rename the file"));
            return None;
        }
        if !is_one_line(&name) {
            let message = "this file's name has a line break or another invisible character";
            self.diagnostics.push(Diagnostic::error(Rule::BadFileName, message).in_file(name).help("rename the file"));
            return None;
        }
        if name.contains('\\') {
            let message = "this file's name has a backslash";
            self.diagnostics.push(Diagnostic::error(Rule::BadFileName, message).in_file(name).help("rename the file"));
            return None;
        }
        Some(name)
    }

    fn add(&mut self, path: &Path, name: String) -> anyhow::Result<()> {
        if path.is_symlink() && !self.stays_inside(path) {
            self.diagnostics.push(leaves_site(&name, path));
            return Ok(());
        }
        let metadata = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        self.files.insert(name, FileEntry::new(path.into(), &metadata));
        Ok(())
    }

    fn stays_inside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|target| target.starts_with(&self.root))
    }

    fn relative(&self, path: &Path) -> String {
        // As texts, paths are compared faster than part by part.
        if MAIN_SEPARATOR == '/'
            && let (Some(root), Some(path)) = (self.root.to_str(), path.to_str())
            && let Some(below) = path.strip_prefix(root).and_then(|below| below.strip_prefix('/'))
        {
            return below.to_owned();
        }
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }

    /// A broken or circular link is an error of the author; an unreadable folder is a failure of the environment.
    fn report_unreadable(&mut self, error: &walkdir::Error) -> anyhow::Result<()> {
        let path = error.path().unwrap_or(&self.root).to_owned();
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        if error.loop_ancestor().is_none() && !is_link {
            anyhow::bail!("cannot read `{}`: {error}", path.display());
        }
        let message = match error.loop_ancestor() {
            Some(_) => "this symbolic link leads back to a folder above it",
            None => "this symbolic link is broken",
        };
        let name = self.relative(&path);
        let help = match is_of_git_annex(&path) {
            true => {
                "git-annex has the file elsewhere: run `git annex get` and `git annex unlock`, in CI too; or copy it here"
            }
            false => "remove the link, or copy the files in its place",
        };
        self.diagnostics.push(Diagnostic::error(Rule::BadSymlink, message).in_file(name).help(help));
        Ok(())
    }
}

/// `path` is below the root, `link` the link itself.
fn leaves_site(path: &str, link: &Path) -> Diagnostic {
    let help = match is_of_git_annex(link) {
        true => "run `git annex unlock`, or copy the file here",
        false => "copy its target into the site",
    };
    Diagnostic::error(Rule::BadSymlink, "this symbolic link leads out of the site").in_file(path).help(help)
}

/// Returns whether git-annex made a symbolic link.
fn is_of_git_annex(link: &Path) -> bool {
    fs::read_link(link).is_ok_and(|target| target.to_string_lossy().contains(".git/annex/objects/"))
}

/// `guide.pdf` for `.guide.pdf.icloud`.
fn downloaded_name(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(".icloud").filter(|real| !real.is_empty())
}
