//! Reads the contents of scanned files in parallel.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;

use super::assets::{self, CachedAssets};
use super::file_entry::FileEntry;
use super::names::{CHECKSUM_FILE, FIGURES_FILE, REGISTER_FILE, SITE_FILE, is_html, is_sales_note, is_theme_text};
use super::scan::Scan;
use super::text;
use crate::diagnostics::Diagnostic;
use crate::model::content::{FileContent, HEAD};
use crate::model::file::Asset;
use crate::rules::Rule;
use crate::source::SourceText;

/// What a site is built from, except the texts of its pages. The paths of maps are relative to the folder that the field names.
#[derive(Default)]
pub struct Sources {
    pub site: Option<Arc<SourceText>>,
    /// `sales.md` and `*.sales.md` below `content/`.
    pub sales_notes: BTreeMap<String, Arc<SourceText>>,
    /// Notes without readable text. They have a diagnostic.
    pub unreadable_notes: Vec<String>,
    /// The other files below `content/`.
    pub assets: BTreeMap<String, Asset>,
    pub static_files: BTreeMap<String, Asset>,
    /// Files below `content/` that iCloud has not downloaded.
    pub not_downloaded: BTreeSet<String>,
    /// `static/robots.txt`, if it has readable text.
    pub robots: Option<Arc<SourceText>>,
    /// The HTML pages among both, by their absolute paths. Those without readable text are left out.
    pub html_files: HashMap<PathBuf, Arc<SourceText>>,
    /// The files below `themes/`: `launch/landing.html`.
    pub theme_files: BTreeMap<String, ThemeFile>,
    pub register: Option<Arc<SourceText>>,
    /// The checksums of the register's rows.
    pub checksums: Option<Arc<SourceText>>,
    /// What became of the leads.
    pub figures: Option<Arc<SourceText>>,
}

/// A template or an asset of a theme.
#[derive(Clone, Debug, Hash)]
pub enum ThemeFile {
    Text(Arc<SourceText>),
    Binary(Arc<Vec<u8>>),
}

/// Reads `site.yaml` alone. Returns `None` if there is none, or if it has no readable text.
pub fn site_file(scan: &Scan) -> anyhow::Result<(Option<Arc<SourceText>>, Vec<Diagnostic>)> {
    match scan.files.get(SITE_FILE) {
        Some(entry) => text::read(SITE_FILE.to_owned(), entry),
        None => Ok((None, Vec::new())),
    }
}

/// Returns the Markdown files that become pages, by their paths below `content/`.
pub fn page_files(scan: &Scan) -> Vec<(&str, &FileEntry)> {
    scan.below("content").filter(|(path, _)| path.ends_with(".md") && !is_sales_note(path)).collect()
}

/// Reads the text of a page, by its path below `content/`.
pub fn page_text(scan: &Scan, file: &str) -> anyhow::Result<(Option<Arc<SourceText>>, Vec<Diagnostic>)> {
    let name = format!("content/{file}");
    match scan.files.get(&name) {
        Some(entry) => text::read(name, entry),
        None => Ok((None, Vec::new())),
    }
}

/// Returns what reads the text of a page again, by its path below `content/`.
pub fn page_reader(scan: &Scan, file: &str) -> impl Fn() -> Option<Arc<SourceText>> + use<> {
    let name = format!("content/{file}");
    let entry = scan.files.get(&name).cloned();
    move || text::read(name.clone(), &entry.as_ref()?.current()?).ok()?.0
}

/// Reads all files except pages.
pub fn read(scan: &Scan) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    read_changed(scan, &CachedAssets::default())
}

/// Reads the files except pages. Assets in the cache are not read again while they are unchanged.
pub fn read_changed(scan: &Scan, cached: &CachedAssets) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let site = single(scan, SITE_FILE, &mut diagnostics)?;
    // A build writes the register first. In this order, its checksums are never newer than the register.
    let checksums = single(scan, CHECKSUM_FILE, &mut diagnostics)?;
    let register = single(scan, REGISTER_FILE, &mut diagnostics)?;
    let is_markdown = |path: &str| path.ends_with(".md");
    let notes = scan.below("content").filter(|(path, _)| is_markdown(path) && is_sales_note(path)).collect();
    let others: Vec<_> = scan.below("content").filter(|(path, _)| !is_markdown(path)).collect();
    diagnostics.extend(others.iter().filter_map(|(path, _)| other_markdown(path)));
    let (notes, unreadable_notes) = texts("content", notes, &mut diagnostics)?;
    let not_downloaded = scan.not_downloaded.iter().filter_map(|path| path.strip_prefix("content/"));
    let sources = Sources {
        not_downloaded: not_downloaded.map(str::to_owned).collect(),
        robots: scan.text("static/robots.txt")?,
        html_files: html_files(scan)?,
        site,
        register,
        checksums,
        figures: single(scan, FIGURES_FILE, &mut diagnostics)?,
        sales_notes: notes.into_iter().collect(),
        unreadable_notes,
        assets: assets::read("content", others, cached)?,
        static_files: assets::read("static", scan.below("static").collect(), cached)?,
        theme_files: theme_files(scan.below("themes").collect(), &mut diagnostics)?,
    };
    Ok((sources, diagnostics))
}

/// Reads one page again, by its path below `content/`. Returns its text and its present entry, or `None` if it is no file
/// or has no readable text.
pub fn page(scan: &Scan, file: &str) -> anyhow::Result<Option<(Arc<SourceText>, FileEntry)>> {
    let name = format!("content/{file}");
    let Some(entry) = scan.files.get(&name).and_then(FileEntry::current) else { return Ok(None) };
    let (source, diagnostics) = text::read(name, &entry)?;
    Ok(source.filter(|_| diagnostics.is_empty()).map(|source| (source, entry)))
}

fn single(scan: &Scan, name: &str, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<Option<Arc<SourceText>>> {
    let Some(entry) = scan.files.get(name) else { return Ok(None) };
    let (source, mut in_file) = text::read(name.to_owned(), entry)?;
    diagnostics.append(&mut in_file);
    Ok(source)
}

/// Markdown with another extension would silently be no page.
fn other_markdown(path: &str) -> Option<Diagnostic> {
    let (stem, extension) = path.rsplit_once('.')?;
    let is_markdown = ["md", "markdown", "mdown", "mkd"].contains(&extension.to_lowercase().as_str());
    let diagnostic =
        Diagnostic::error(Rule::BadFileName, format!("a page's name ends in `.md`, not in `.{extension}`"));
    is_markdown.then(|| diagnostic.in_file(format!("content/{path}")).help(format!("rename it to `{stem}.md`")))
}

type Texts = (Vec<(String, Arc<SourceText>)>, Vec<String>);

/// Reads text files. Returns the texts, and the paths of the files without readable text.
fn texts(folder: &str, files: Vec<(&str, &FileEntry)>, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<Texts> {
    let read: Vec<_> = files
        .par_iter()
        .map(|(path, entry)| Ok(((*path).to_owned(), text::read(format!("{folder}/{path}"), entry)?)))
        .collect::<anyhow::Result<_>>()?;
    let mut texts = Vec::with_capacity(read.len());
    let mut unreadable = Vec::new();
    for (path, (source, mut in_file)) in read {
        diagnostics.append(&mut in_file);
        match source {
            Some(source) => texts.push((path, source)),
            None => unreadable.push(path),
        }
    }
    Ok((texts, unreadable))
}

/// Reads the HTML pages that are published unchanged. Problems with their texts are not reported, because browsers read
/// them, not Tagline.
fn html_files(scan: &Scan) -> anyhow::Result<HashMap<PathBuf, Arc<SourceText>>> {
    let in_folders = |path: &str| path.starts_with("content/") || path.starts_with("static/");
    let mut html_files = HashMap::new();
    for (path, entry) in scan.files.iter().filter(|(path, _)| is_html(path) && in_folders(path)) {
        let (source, _) = text::read(path.clone(), entry)?;
        html_files.extend(source.map(|source| (entry.absolute.to_path_buf(), source)));
    }
    Ok(html_files)
}

fn theme_files(
    files: Vec<(&str, &FileEntry)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> anyhow::Result<BTreeMap<String, ThemeFile>> {
    let mut theme_files = BTreeMap::new();
    for (path, entry) in files {
        if is_theme_text(path) {
            let (source, mut in_file) = text::read(format!("themes/{path}"), entry)?;
            diagnostics.append(&mut in_file);
            theme_files.extend(source.map(|source| (path.to_owned(), ThemeFile::Text(source))));
            continue;
        }
        let bytes = fs::read(&entry.absolute).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
        if path.contains("/assets/") {
            let name = format!("themes/{path}");
            let content = FileContent::of(&name, &bytes[..bytes.len().min(HEAD)], entry.length);
            let diagnostic = content.to_diagnostic(&name).filter(|_| content.is_missing());
            diagnostics.extend(diagnostic.map(|diagnostic| diagnostic.in_file(name)));
        }
        theme_files.insert(path.to_owned(), ThemeFile::Binary(Arc::new(bytes)));
    }
    Ok(theme_files)
}
