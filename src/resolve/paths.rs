//! Where everything lies in the built site, and that nothing lies where something else does.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::Resolver;
use super::links::References;
use crate::diagnostics::Diagnostic;
use crate::model::address::{GATED_FOLDER, SitePath, THEME_FOLDER};
use crate::model::page::Page;
use crate::model::slug::slugify;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// What an output path comes from.
#[derive(Clone, Copy)]
enum Origin<'s> {
    /// The source of a page, by its path below the root.
    Page(&'s str),
    /// A file in `content/` or `static/`.
    File(&'static str, &'s str),
    /// An alias in a page's front matter.
    Alias(&'s Arc<SourceText>, Span),
    /// A picture that pages show, by its path below the root.
    Picture(&'s str),
    /// What Tagline writes itself; said as in "the sitemap".
    Generated(&'static str),
}

/// The files that every built site has of its own.
const GENERATED: [(&str, &str); 7] = [
    ("404.html", "the page for unknown addresses"),
    ("sitemap.xml", "the sitemap"),
    ("robots.txt", "the file for robots"),
    ("feed.xml", "the feed"),
    ("go", "the folder of the short links"),
    (THEME_FOLDER, "the folder of the theme's files"),
    (GATED_FOLDER, "the folder of files behind forms"),
];

/// The address of a page, from its file and its `slug`.
pub fn of_page(page: &Page) -> Result<SitePath, Box<Diagnostic>> {
    let stem = page.file.strip_suffix(".md").unwrap_or(&page.file);
    let refuse = |rule: Rule, message: String, help: &str| {
        Err(Box::new(Diagnostic::error(rule, message).in_file(&page.source.path).help(help)))
    };
    let name = stem.rsplit('/').next().unwrap_or(stem);
    if let Some((base, language)) = name.rsplit_once('.').filter(|(_, end)| is_language(end)) {
        let message =
            format!("`{name}.md` would be `{base}` in the language `{language}`, and languages are not supported yet");
        return refuse(Rule::ReservedName, message, "name the file without a dot in it");
    }
    let (folder, name) = stem.rsplit_once('/').map_or((None, stem), |(folder, name)| (Some(folder), name));
    let mut parts: Vec<String> = folder.iter().flat_map(|folder| folder.split('/')).map(slugify).collect();
    match &page.front.slug {
        // `slug` is the last part: of a folder's own page that is the folder's.
        Some(slug) if name == "index" && parts.pop().is_none() => {
            let diagnostic = Diagnostic::error(Rule::BadFileName, "the home page lies at `/` and takes no `slug`");
            return Err(Box::new(diagnostic.at(&page.source, slug.span, "leave this out")));
        }
        Some(slug) => parts.push(slug.value.to_string()),
        None if name == "index" => {}
        None => parts.push(slugify(name)),
    }
    if let Some(empty) = parts.iter().position(String::is_empty) {
        let part = stem.split('/').nth(empty).unwrap_or(stem);
        let message = format!("no address can be made of `{part}`");
        return refuse(Rule::BadFileName, message, "use letters or digits in the name, or set `slug`");
    }
    let path: String = parts.iter().map(|part| format!("{part}/")).collect();
    match SitePath::parse(&path) {
        Some(path) => Ok(path),
        None => refuse(
            Rule::BadFileName,
            format!("no address can be made of `{}`", page.file),
            "use letters or digits in the name",
        ),
    }
}

/// `de`, `pt-BR`: the languages that file names are kept for.
fn is_language(text: &str) -> bool {
    let (primary, region) = text.split_once('-').unwrap_or((text, ""));
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    primary.len() == 2 && letters(primary) && (region.is_empty() || region.len() == 2 && letters(region))
}

/// Who has claimed which path, blind to case and Unicode form, as some file systems are.
#[derive(Default)]
struct Claims<'s> {
    claims: Vec<(SitePath, Origin<'s>)>,
    /// Files by their folded path, as an index into `claims`; and folders, by a file that lies in them.
    files: HashMap<String, u32>,
    folders: HashMap<String, u32>,
    clashes: Vec<Diagnostic>,
}

impl<'s> Claims<'s> {
    fn claim(&mut self, path: SitePath, origin: Origin<'s>) {
        let key = folded(&path.file());
        let mut taken = self.files.get(&key).or_else(|| self.folders.get(&key)).copied();
        let folder_ends: Vec<usize> = key.match_indices('/').map(|(end, _)| end).collect();
        for &end in &folder_ends {
            taken = taken.or_else(|| self.files.get(&key[..end]).copied());
        }
        if let Some(other) = taken {
            let (other_path, other) = &self.claims[other as usize];
            let clash = clash(&path, origin, other_path, *other);
            self.clashes.push(clash);
            return;
        }
        let number = self.claims.len() as u32;
        for &end in folder_ends.iter().rev() {
            // Where a folder is known, those above it are too.
            if self.folders.contains_key(&key[..end]) {
                break;
            }
            self.folders.insert(key[..end].to_owned(), number);
        }
        self.files.insert(key, number);
        self.claims.push((path, origin));
    }
}

fn folded(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_ascii_lowercase(),
        false => path.nfc().collect::<String>().to_lowercase().nfc().collect(),
    }
}

fn clash(path: &SitePath, origin: Origin, other_path: &SitePath, other: Origin) -> Diagnostic {
    let what = |origin: Origin| match origin {
        Origin::Page(file) | Origin::Picture(file) => format!("`{file}`"),
        Origin::File(folder, file) => format!("`{folder}/{file}`"),
        Origin::Alias(source, _) => format!("an alias in `{}`", source.path),
        Origin::Generated(what) => what.to_owned(),
    };
    let shown = match path == other_path {
        true => format!("`/{}`", path.as_str()),
        false => format!("`/{}` and `/{}`, which many file systems take for one", path.as_str(), other_path.as_str()),
    };
    let mut diagnostic =
        Diagnostic::error(Rule::PathClash, format!("{} and {} both claim {shown}", what(other), what(origin)));
    for origin in [origin, other] {
        diagnostic = match origin {
            Origin::Page(file) | Origin::Picture(file) if diagnostic.file.is_none() => diagnostic.in_file(file),
            Origin::File(folder, file) if diagnostic.file.is_none() => diagnostic.in_file(format!("{folder}/{file}")),
            Origin::Alias(source, span) => diagnostic.at(source, span, "this address is taken"),
            Origin::Page(_) | Origin::Picture(_) | Origin::File(..) | Origin::Generated(_) => diagnostic,
        };
    }
    diagnostic.help("rename one of the two, or give a page a `slug`")
}

/// Where the old addresses lead, and every problem that the paths of a site have with each other.
pub(super) struct Claimed {
    pub aliases: Vec<(SitePath, usize)>,
    pub found: Vec<Diagnostic>,
}

impl Resolver<'_> {
    /// Claims the path of everything that will be written.
    pub(super) fn claimed_paths(&self) -> Claimed {
        let mut claims = Claims::default();
        let references = self.references();
        for (path, what) in GENERATED {
            claims.claim(SitePath::fixed(path), Origin::Generated(what));
        }
        for page in &self.site.pages {
            let origin = Origin::Page(&page.page.source.path);
            claims.claim(page.path.clone(), origin);
            for channel in self.site.channel_pages(page) {
                claims.claim(page.channel_path(channel), origin);
            }
            for cta in page.forms() {
                claims.claim(page.thanks_path(&cta.id.value), origin);
            }
        }
        for file in self.sources.static_files.keys() {
            if let Some(path) = SitePath::parse(file) {
                claims.claim(path, Origin::File("static", file));
            }
        }
        for file in self.open.iter().filter_map(|file| file.strip_prefix("content/")) {
            if let Some(path) = references.asset_path(file) {
                claims.claim(path, Origin::File("content", file));
            }
        }
        for (path, making) in &self.site.pictures.files {
            if let Some(place) = self.site.pictures.first_use.get(&making.source_digest) {
                claims.claim(path.clone(), Origin::Picture(&place.file));
            }
        }
        let mut bad_aliases = Vec::new();
        let mut aliases = Vec::new();
        for (index, page) in self.site.pages.iter().enumerate() {
            for alias in &page.page.front.aliases {
                match alias_path(&alias.value) {
                    Some(path) => {
                        claims.claim(path.clone(), Origin::Alias(&page.page.source, alias.span));
                        aliases.push((path, index));
                    }
                    None => bad_aliases.push(
                        Diagnostic::error(Rule::BadUrl, format!("`{}` cannot be an address of this site", alias.value))
                            .at(&page.page.source, alias.span, "write the old path, as in `/old-offer/`"),
                    ),
                }
            }
        }
        let mut found = claims.clashes;
        found.append(&mut bad_aliases);
        Claimed { aliases, found }
    }
}

impl References<'_> {
    /// The address of a file that lies beside a page: below the page of its folder, under its own name;
    /// an image with its content's hash in the name.
    pub fn asset_path(&self, file: &str) -> Option<SitePath> {
        let asset = self.sources.assets.get(file)?;
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = match asset.picture.is_some() {
            true => hashed_name(name, &asset.digest),
            false => name.to_owned(),
        };
        SitePath::parse(&format!("{}{name}", self.folder_address(folder)))
    }

    /// The address of a file of `content/` or `static/` without the extension, for those that are made of it.
    pub fn stem(&self, name: &str) -> Option<String> {
        let (path, file) = match name.strip_prefix("content/") {
            Some(below) => {
                let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
                (self.folder_address(folder), file)
            }
            None => {
                let below = name.strip_prefix("static/")?;
                let file = below.rsplit('/').next().unwrap_or(below);
                (below[..below.len() - file.len()].to_owned(), file)
            }
        };
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        Some(format!("{path}{stem}"))
    }

    fn folder_address(&self, folder: &str) -> String {
        if folder.is_empty() {
            return String::new();
        }
        if let Some(&index) = self.site.page_files.by_file.get(&format!("{folder}/index.md")) {
            return self.site.pages[index].path.as_str().to_owned();
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let slug = slugify(name);
        format!("{}{}/", self.folder_address(above), if slug.is_empty() { "files" } else { &slug })
    }
}

/// An old address: a page's, or a file's where its last part has a dot.
fn alias_path(alias: &str) -> Option<SitePath> {
    let text = alias.strip_prefix('/').unwrap_or(alias);
    let is_file = text.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let text = if text.ends_with('/') || is_file || text.is_empty() { text.to_owned() } else { format!("{text}/") };
    SitePath::parse(&text).filter(|_| !text.contains(['?', '#', ':']))
}

/// `team.jpg` with the first ten characters of its digest: `team.3f2a9c1b0d.jpg`.
pub fn hashed_name(name: &str, digest: &str) -> String {
    let short = &digest[..10];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{short}.{extension}"),
        None => format!("{name}.{short}"),
    }
}
