//! The only reading of a site: which files there are ([`scan`]), and what is in them ([`read`]).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::diagnostics::Diagnostic;
use crate::digest;
use crate::images;
use crate::model::file::Asset;
use crate::rules::Rule;
use crate::source::{SourceText, Span, is_forbidden};

const SITE_FILE: &str = "site.yaml";
/// Where the tag register lies, below the root.
pub const REGISTER_FILE: &str = "lead-tags.csv";
/// The folders that a site is read from.
pub const FOLDERS: [&str; 3] = ["content", "static", "themes"];
/// The largest text file, in bytes: a page of a thousand printed pages.
const MAX_TEXT: u64 = 4 * 1024 * 1024;
/// The largest tag register, in bytes: a few million rows.
const MAX_REGISTER: u64 = 1024 * 1024 * 1024;

/// Every file of a site, by its path below the root, and what was wrong with the others.
pub struct Scan {
    pub root: PathBuf,
    pub files: BTreeMap<String, FileEntry>,
    /// Where symbolic links lead.
    pub link_targets: Vec<PathBuf>,
    pub found: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    pub absolute: PathBuf,
    pub length: u64,
    /// When it last changed, in nanoseconds since 1970. On Unix the change time, which, unlike the modification
    /// time, no tool can set back.
    pub changed: u128,
}

/// What a site is built from. Paths are relative to the folder that a map stands for.
#[derive(Default)]
pub struct Sources {
    pub site: Option<Arc<SourceText>>,
    /// Markdown below `content/` that becomes pages.
    pub pages: Vec<(String, Arc<SourceText>)>,
    /// Those among them that are no readable text, which is told.
    pub unreadable: Vec<String>,
    /// `sales.md` and `*.sales.md` below `content/`.
    pub sales_notes: BTreeMap<String, Arc<SourceText>>,
    /// Those among them that are no readable text, which is told.
    pub unreadable_notes: Vec<String>,
    /// The other files below `content/`.
    pub assets: BTreeMap<String, Asset>,
    pub static_files: BTreeMap<String, Asset>,
    /// Those of both that are pages of HTML, by where they lie. What is no text, or too long, is not here.
    pub html_files: HashMap<PathBuf, Arc<SourceText>>,
    /// Below `themes/`: `launch/landing.html`.
    pub theme_files: BTreeMap<String, ThemeFile>,
    pub register: Option<Arc<SourceText>>,
}

/// A template or an asset of a theme.
#[derive(Clone, Debug, Hash)]
pub enum ThemeFile {
    Text(Arc<SourceText>),
    Binary(Arc<Vec<u8>>),
}

/// Lists the site's files. Fails where the root cannot be read; a single bad file is a diagnostic.
pub fn scan(root: &Path) -> anyhow::Result<Scan> {
    let canonical = fs::canonicalize(root).with_context(|| format!("cannot open the folder `{}`", root.display()))?;
    anyhow::ensure!(canonical.is_dir(), "`{}` is no folder", root.display());
    let mut scan =
        Scan { root: canonical.clone(), files: BTreeMap::new(), link_targets: Vec::new(), found: Vec::new() };
    for name in [SITE_FILE, REGISTER_FILE] {
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
    /// Looks at one file of the root again, after it was written.
    pub fn refresh(&mut self, name: &str) -> anyhow::Result<()> {
        self.add(&self.root.join(name), name.to_owned())
    }

    fn walk(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unreadable(&error)?;
                    continue;
                }
            };
            if entry.depth() > 0 && is_ignored(&entry.file_name().to_string_lossy(), folder.ends_with("static")) {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            if entry.path_is_symlink() && !self.stays_inside(entry.path()) {
                let path = self.relative(entry.path());
                self.found.push(leaves_site(&path));
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            if entry.path_is_symlink() {
                self.link_targets.extend(fs::canonicalize(entry.path()));
            }
            if !entry.file_type().is_file() {
                continue;
            }
            let name = self.relative(entry.path());
            if entry.path().to_str().is_none() {
                self.found.push(
                    Diagnostic::error(Rule::BadFileName, "this file's name is not UTF-8")
                        .in_file(name)
                        .help("rename the file"),
                );
                continue;
            }
            let metadata = entry.metadata().with_context(|| format!("cannot read `{}`", entry.path().display()))?;
            self.add_file(entry.path(), name, &metadata);
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, name: String) -> anyhow::Result<()> {
        if path.is_symlink() && !self.stays_inside(path) {
            self.found.push(leaves_site(&name));
            return Ok(());
        }
        let metadata = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        self.add_file(path, name, &metadata);
        Ok(())
    }

    fn add_file(&mut self, path: &Path, name: String, metadata: &fs::Metadata) {
        let entry = FileEntry { absolute: path.to_owned(), length: metadata.len(), changed: change_time(metadata) };
        self.files.insert(name, entry);
    }

    fn stays_inside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|target| target.starts_with(&self.root))
    }

    fn relative(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }

    /// A link to nowhere or in a circle is the author's; a folder that cannot be read is the machine's.
    fn unreadable(&mut self, error: &walkdir::Error) -> anyhow::Result<()> {
        let path = error.path().unwrap_or(&self.root).to_owned();
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        if error.loop_ancestor().is_none() && !is_link {
            anyhow::bail!("cannot read `{}`: {error}", path.display());
        }
        let message = if error.loop_ancestor().is_some() {
            "this link leads back to a folder above it"
        } else {
            "this link leads nowhere"
        };
        let name = self.relative(&path);
        self.found.push(
            Diagnostic::error(Rule::BadSymlink, message)
                .in_file(name)
                .help("remove the link, or copy the files in its place"),
        );
        Ok(())
    }

    /// The files below one of the site's folders, by their path below it.
    pub fn below<'s>(&'s self, folder: &'s str) -> impl Iterator<Item = (&'s str, &'s FileEntry)> {
        self.files.iter().filter_map(move |(path, entry)| Some((path.strip_prefix(folder)?.strip_prefix('/')?, entry)))
    }
}

#[cfg(unix)]
fn change_time(metadata: &fs::Metadata) -> u128 {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    u128::try_from(nanoseconds).unwrap_or(0)
}

#[cfg(not(unix))]
fn change_time(metadata: &fs::Metadata) -> u128 {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    modified.map_or(0, |since| since.as_nanos())
}

/// Hidden files and editors' left-overs, but not in `static/`, which is copied as it is.
pub fn is_ignored(name: &str, in_static: bool) -> bool {
    let junk = matches!(name, ".DS_Store" | "Thumbs.db");
    junk || !in_static && (name.starts_with('.') || name.ends_with('~') || name.starts_with('#'))
}

fn leaves_site(path: &str) -> Diagnostic {
    Diagnostic::error(Rule::BadSymlink, "this link leads out of the site")
        .in_file(path)
        .help("copy what it leads to into the site")
}

/// Reads `site.yaml` alone, if there is one.
pub fn site_file(scan: &Scan) -> anyhow::Result<(Option<Arc<SourceText>>, Vec<Diagnostic>)> {
    match scan.files.get(SITE_FILE) {
        Some(entry) => text(SITE_FILE.to_owned(), entry),
        None => Ok((None, Vec::new())),
    }
}

/// Files that were read before, as they were then: what has not changed since is not read again.
#[derive(Default)]
pub struct Known {
    /// Pages, by their path below `content/`. Their texts are left out of the sources.
    pub pages: HashMap<String, FileEntry>,
    /// Files that are published as they are, by where they lie.
    pub assets: HashMap<PathBuf, (FileEntry, Asset)>,
}

/// Reads what was scanned, in parallel.
pub fn read(scan: &Scan) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    read_anew(scan, &Known::default())
}

/// The same but for what is known.
pub fn read_anew(scan: &Scan, known: &Known) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    let mut found = Vec::new();
    let single = |name: &str, found: &mut Vec<Diagnostic>| -> anyhow::Result<Option<Arc<SourceText>>> {
        let Some(entry) = scan.files.get(name) else {
            return Ok(None);
        };
        let (source, mut diagnostics) = text(name.to_owned(), entry)?;
        found.append(&mut diagnostics);
        Ok(source)
    };
    let site = single(SITE_FILE, &mut found)?;
    let register = single(REGISTER_FILE, &mut found)?;
    let (markdown, others): (Vec<_>, Vec<_>) = scan.below("content").partition(|(path, _)| path.ends_with(".md"));
    found.extend(others.iter().filter_map(|(path, _)| other_markdown(path)));
    let (notes, mut pages): (Vec<_>, Vec<_>) = markdown.into_iter().partition(|(path, _)| is_sales_note(path));
    pages.retain(|(path, entry)| known.pages.get(*path) != Some(entry));
    let (page_texts, unreadable) = texts("content", pages, &mut found)?;
    let (notes_texts, unreadable_notes) = texts("content", notes, &mut found)?;
    Ok((
        Sources {
            html_files: html_files(scan)?,
            site,
            register,
            unreadable,
            pages: page_texts,
            sales_notes: notes_texts.into_iter().collect(),
            unreadable_notes,
            assets: assets(others, known)?,
            static_files: assets(scan.below("static").collect(), known)?,
            theme_files: theme_files(scan.below("themes").collect(), &mut found)?,
        },
        found,
    ))
}

/// The pages of HTML that are published as they are, if they are: whatever is wrong with one, it is the author's own.
fn html_files(scan: &Scan) -> anyhow::Result<HashMap<PathBuf, Arc<SourceText>>> {
    let is_html = |path: &str| [".html", ".htm"].iter().any(|ending| path.ends_with(ending));
    let in_folders = |path: &str| path.starts_with("content/") || path.starts_with("static/");
    let mut html_files = HashMap::new();
    for (path, entry) in scan.files.iter().filter(|(path, _)| is_html(path) && in_folders(path)) {
        let (source, _) = text(path.clone(), entry)?;
        html_files.extend(source.map(|source| (entry.absolute.clone(), source)));
    }
    Ok(html_files)
}

/// Reads one page again, by its path below `content/`: its text, and the file as it is now. None where it is no file, or
/// no text.
pub fn page(scan: &Scan, file: &str) -> anyhow::Result<Option<(Arc<SourceText>, FileEntry)>> {
    let name = format!("content/{file}");
    let Some(known) = scan.files.get(&name) else { return Ok(None) };
    let Ok(metadata) = fs::symlink_metadata(&known.absolute) else { return Ok(None) };
    if !metadata.is_file() {
        return Ok(None);
    }
    let entry = FileEntry { length: metadata.len(), changed: change_time(&metadata), ..known.clone() };
    let (source, found) = text(name, &entry)?;
    Ok(source.filter(|_| found.is_empty()).map(|source| (source, entry)))
}

/// Markdown under another name would silently be no page.
fn other_markdown(path: &str) -> Option<Diagnostic> {
    let (stem, extension) = path.rsplit_once('.')?;
    let is_markdown = ["md", "markdown", "mdown", "mkd"].contains(&extension.to_lowercase().as_str());
    let diagnostic =
        Diagnostic::error(Rule::BadFileName, format!("a page's name ends in `.md`, not in `.{extension}`"));
    is_markdown.then(|| diagnostic.in_file(format!("content/{path}")).help(format!("rename it to `{stem}.md`")))
}

/// Whether a Markdown file is for sales alone, and never a page.
pub fn is_sales_note(path: &str) -> bool {
    path.ends_with(".sales.md") || path.rsplit('/').next() == Some("sales.md")
}

type Texts = (Vec<(String, Arc<SourceText>)>, Vec<String>);

fn texts(folder: &str, files: Vec<(&str, &FileEntry)>, found: &mut Vec<Diagnostic>) -> anyhow::Result<Texts> {
    let read: Vec<_> = files
        .par_iter()
        .map(|(path, entry)| Ok(((*path).to_owned(), text(format!("{folder}/{path}"), entry)?)))
        .collect::<anyhow::Result<_>>()?;
    let mut texts = Vec::with_capacity(read.len());
    let mut unreadable = Vec::new();
    for (path, (source, mut diagnostics)) in read {
        found.append(&mut diagnostics);
        match source {
            Some(source) => texts.push((path, source)),
            None => unreadable.push(path),
        }
    }
    Ok((texts, unreadable))
}

/// Reads a text file: without byte order mark, with `\n` at the ends of lines.
fn text(path: String, entry: &FileEntry) -> anyhow::Result<(Option<Arc<SourceText>>, Vec<Diagnostic>)> {
    let limit = if path == REGISTER_FILE { MAX_REGISTER } else { MAX_TEXT };
    if entry.length > limit {
        let message = format!("this file has {} MB", entry.length / 1024 / 1024);
        return Ok((
            None,
            vec![
                Diagnostic::error(Rule::FileTooLarge, message)
                    .in_file(path)
                    .help(format!("at most {} MB of text in this file", limit / 1024 / 1024)),
            ],
        ));
    }
    let bytes = fs::read(&entry.absolute).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
    Ok(decoded(path, bytes))
}

/// The text of a file's bytes: `None` with what is wrong, where they are no text that a page can be made of.
pub fn decoded(path: String, bytes: Vec<u8>) -> (Option<Arc<SourceText>>, Vec<Diagnostic>) {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return (None, vec![not_utf8(path, &error)]),
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let source = SourceText::new(path, text);
    match forbidden_character(&source) {
        Some(diagnostic) => (None, vec![diagnostic]),
        None => (Some(source), Vec::new()),
    }
}

/// Gives the problems their files' texts back where these were let go.
pub fn read_texts_again(scan: &Scan, found: &mut [Diagnostic]) -> anyhow::Result<()> {
    let mut read: BTreeMap<String, Arc<SourceText>> = BTreeMap::new();
    for label in found.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
        let path = &label.source.path;
        let Some(entry) = scan.files.get(path).filter(|_| label.source.text.is_empty()) else { continue };
        if !read.contains_key(path) {
            let (source, _) = text(path.clone(), entry)?;
            read.extend(source.map(|source| (path.clone(), source)));
        }
        if let Some(source) = read.get(path) {
            label.source = Arc::clone(source);
        }
    }
    Ok(())
}

fn not_utf8(path: String, error: &std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let source = SourceText::new(path, String::from_utf8_lossy(error.as_bytes()));
    Diagnostic::error(Rule::NotUtf8, "this file is not UTF-8")
        .at(&source, Span::new(at, at + '\u{fffd}'.len_utf8()), "this byte is no text")
        .help("save the file with the encoding UTF-8")
}

fn forbidden_character(source: &Arc<SourceText>) -> Option<Diagnostic> {
    // All of them begin with one of these bytes in UTF-8.
    let suspicious = |b: u8| b < 0x20 && !matches!(b, b'\n' | b'\t') || matches!(b, 0x7f | 0xc2 | 0xef);
    if !source.text.bytes().any(suspicious) {
        return None;
    }
    let (at, c) = source.text.char_indices().find(|&(_, c)| is_forbidden(c))?;
    Some(
        Diagnostic::error(Rule::ForbiddenCharacter, format!("the character U+{:04X} cannot stand in a text", c as u32))
            .at(source, Span::new(at, at + c.len_utf8()), "invisible, and not text")
            .help("delete it"),
    )
}

fn assets(files: Vec<(&str, &FileEntry)>, known: &Known) -> anyhow::Result<BTreeMap<String, Asset>> {
    files
        .par_iter()
        .map(|(path, entry)| {
            let unchanged = known.assets.get(&entry.absolute).filter(|(then, _)| then == *entry);
            let asset = match unchanged {
                Some((_, asset)) => asset.clone(),
                None => asset(entry)?,
            };
            Ok(((*path).to_owned(), asset))
        })
        .collect()
}

fn asset(entry: &FileEntry) -> anyhow::Result<Asset> {
    let cannot_read = || format!("cannot read `{}`", entry.absolute.display());
    Ok(Asset {
        absolute: entry.absolute.clone(),
        length: entry.length,
        digest: file_digest(&entry.absolute).with_context(cannot_read)?,
        picture: images::file::kind(&entry.absolute, entry.length).with_context(cannot_read)?,
    })
}

/// [`digest::digest`] of a file, which may be larger than the memory.
fn file_digest(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest::finished(hash)),
            length => hash.update(&buffer[..length]),
        }
    }
}

/// Whether a file of a theme is read as text, so that mistakes in it have a place.
pub fn is_theme_text(path: &str) -> bool {
    [".html", ".css", ".yaml"].iter().any(|ending| path.ends_with(ending))
}

fn theme_files(
    files: Vec<(&str, &FileEntry)>,
    found: &mut Vec<Diagnostic>,
) -> anyhow::Result<BTreeMap<String, ThemeFile>> {
    let mut theme_files = BTreeMap::new();
    for (path, entry) in files {
        if is_theme_text(path) {
            let (source, mut diagnostics) = text(format!("themes/{path}"), entry)?;
            found.append(&mut diagnostics);
            theme_files.extend(source.map(|source| (path.to_owned(), ThemeFile::Text(source))));
            continue;
        }
        let bytes = fs::read(&entry.absolute).with_context(|| format!("cannot read `{}`", entry.absolute.display()))?;
        theme_files.insert(path.to_owned(), ThemeFile::Binary(Arc::new(bytes)));
    }
    Ok(theme_files)
}
