//! Checks that no two files of the built site have the same path, and parses the old addresses of pages.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use unicode_normalization::UnicodeNormalization;

use super::index::SiteIndex;
use super::place::version_path;
use super::site::PlacedPage;
use super::site_references::SiteReferences;
use crate::characters::Spaces;
use crate::diagnostics::Diagnostic;
use crate::model::address::{BadAddress, check_characters};
use crate::model::bad_address::bad_address;
use crate::model::gate::GATED_FOLDER;
use crate::model::site_path::{SitePath, THEME_FOLDER};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The files and folders that Tagline writes into every site.
const GENERATED: [(&str, &str); 7] = [
    ("404.html", "the page for unknown addresses"),
    ("sitemap.xml", "the sitemap"),
    ("robots.txt", "the file for robots"),
    ("feed.xml", "the feed"),
    ("go", "the folder of short links"),
    (THEME_FOLDER, "the folder of the theme's files"),
    (GATED_FOLDER, "the folder of files behind forms"),
];

/// A file of `static/` takes the place of these.
const REPLACEABLE: [&str; 2] = ["404.html", "robots.txt"];
/// The longest name of a file or folder on common file systems, in bytes.
const MAX_NAME: usize = 255;

/// The old addresses of pages with the pages' indices, and the path clashes of the site.
pub struct ClaimedPaths {
    pub aliases: Vec<(SitePath, usize)>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Claims the path of every file that will be written.
pub fn claim(index: &SiteIndex, pages: &[PlacedPage], references: &SiteReferences) -> ClaimedPaths {
    let mut claims = Claims::default();
    let is_own = |path: &str| REPLACEABLE.contains(&path) && index.sources.static_files.contains_key(path);
    for (path, what) in GENERATED.into_iter().filter(|(path, _)| !is_own(path)) {
        claims.claim(SitePath::fixed(path), Origin::Generated(what));
    }
    let feeds = index.config.languages.iter().map(|language| format!("{}/feed.xml", language.language));
    for path in feeds.filter_map(|path| SitePath::parse(&path)) {
        claims.claim(path, Origin::Generated("the feed of a language"));
    }
    claims.claim_pages(pages);
    claims.claim_files(index, references);
    let mut aliases = Vec::new();
    let mut bad_aliases = Vec::new();
    for page in pages {
        for path in former_versions(page) {
            claims.claim(path.clone(), Origin::Page(&page.page.source.path));
            aliases.push((path, page.index));
        }
        for alias in &page.page.front.rare().aliases {
            match alias_path(&page.page.source, alias) {
                Ok(path) => {
                    claims.claim(path.clone(), Origin::Alias(&page.page.source, alias.span));
                    aliases.push((path, page.index));
                }
                Err(diagnostic) => bad_aliases.push(*diagnostic),
            }
        }
    }
    let mut diagnostics = claims.clashes;
    diagnostics.append(&mut bad_aliases);
    ClaimedPaths { aliases, diagnostics }
}

/// Returns the paths of the versions that were tested before one of them won. They lead to the page.
fn former_versions(page: &PlacedPage) -> impl Iterator<Item = SitePath> {
    let versions = page.page.front.versions.as_deref().filter(|versions| versions.winner.is_some());
    let declared = versions.into_iter().flat_map(|versions| &versions.declared);
    declared.map(|version| version_path(&page.path, version.value))
}

/// Where an output path comes from.
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
    /// A file that Tagline writes: "the sitemap".
    Generated(&'static str),
}

/// The claimed paths. Letter case and Unicode form are ignored, as on some file systems.
#[derive(Default)]
struct Claims<'s> {
    claims: Vec<(SitePath, Origin<'s>)>,
    /// Files by their folded paths, as indices into `claims`.
    files: HashMap<String, u32, RandomState>,
    /// Folders by their folded paths, each with a file below it.
    folders: HashMap<String, u32, RandomState>,
    clashes: Vec<Diagnostic>,
}

impl<'s> Claims<'s> {
    fn claim_pages(&mut self, pages: &'s [PlacedPage]) {
        for page in pages {
            let origin = Origin::Page(&page.page.source.path);
            self.claim(page.path.clone(), origin);
            for channel in page.channels() {
                self.claim(page.channel_path(channel), origin);
            }
            for cta in page.forms() {
                self.claim(page.thanks_path(&cta.id.value), origin);
            }
            for path in page.calendar_paths() {
                self.claim(path, origin);
            }
        }
    }

    fn claim_files(&mut self, index: &SiteIndex<'s>, references: &'s SiteReferences) {
        for file in index.sources.static_files.keys() {
            if let Some(path) = SitePath::parse(file) {
                self.claim(path, Origin::File("static", file));
            }
        }
        for file in references.open.iter().filter_map(|file| file.strip_prefix("content/")) {
            if let Some(path) = index.asset_path(file) {
                self.claim(path, Origin::File("content", file));
            }
        }
        for (path, making) in &references.pictures.files {
            if let Some(place) = references.pictures.first_use.get(&making.source_digest) {
                self.claim(path.clone(), Origin::Picture(&place.file));
            }
        }
    }

    fn claim(&mut self, path: SitePath, origin: Origin<'s>) {
        let file = path.file();
        if file.len() > MAX_NAME
            && let Some(part) = file.split('/').find(|part| part.len() > MAX_NAME)
        {
            let diagnostic = too_long(part, origin);
            // A picture has several paths.
            if !self.clashes.iter().any(|other| (&other.file, other.rule) == (&diagnostic.file, diagnostic.rule)) {
                self.clashes.push(diagnostic);
            }
            return;
        }
        let key = folded(&file);
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
            // If a folder is claimed, so are the folders above it.
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

fn too_long(part: &str, origin: Origin) -> Diagnostic {
    let message = format!("a name in the built site would have {} bytes", part.len());
    let help = format!("use a shorter name: {MAX_NAME} bytes are the most for one file or folder");
    origin.locate(Diagnostic::error(Rule::BadFileName, message)).help(help)
}

fn clash(path: &SitePath, origin: Origin, other_path: &SitePath, other: Origin) -> Diagnostic {
    let name = |origin: Origin| match origin {
        Origin::Page(file) | Origin::Picture(file) => format!("`{file}`"),
        Origin::File(folder, file) => format!("`{folder}/{file}`"),
        Origin::Alias(source, _) => format!("an alias in `{}`", source.path),
        Origin::Generated(what) => what.to_owned(),
    };
    let paths = match path == other_path {
        true => format!("the path `/{}`", path.as_str()),
        false => format!(
            "the paths `/{}` and `/{}`, which many file systems treat as one",
            path.as_str(),
            other_path.as_str()
        ),
    };
    let mut diagnostic =
        Diagnostic::error(Rule::PathClash, format!("{} and {} would get {paths}", name(other), name(origin)));
    for origin in [origin, other] {
        diagnostic = origin.locate(diagnostic);
    }
    diagnostic.help(match (origin, other) {
        (Origin::File(folder, file), Origin::Generated(_)) => fix_for_generated(folder, file),
        (_, Origin::Generated(_)) => "this path is Tagline's: give the page a `slug`, or rename the file".to_owned(),
        _ => "rename one of the two, or give a page a `slug`".to_owned(),
    })
}

/// Returns what to do with an author's file at a path of Tagline's.
fn fix_for_generated(folder: &str, file: &str) -> String {
    match file {
        file if REPLACEABLE.contains(&file) => {
            format!("move it to `static/{file}`, where it takes the place of the one that Tagline writes")
        }
        "sitemap.xml" => {
            "delete it: Tagline lists all pages. If there are more pages on this host, give their sitemap another \
                          name, and list it in `static/robots.txt`"
                .to_owned()
        }
        file => format!("this path is Tagline's: rename or delete `{folder}/{file}`"),
    }
}

impl Origin<'_> {
    /// Adds the place of an origin to a diagnostic. A file is only added if there is none yet.
    fn locate(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Origin::Page(file) | Origin::Picture(file) if diagnostic.file.is_none() => diagnostic.in_file(file),
            Origin::File(folder, file) if diagnostic.file.is_none() => diagnostic.in_file(format!("{folder}/{file}")),
            Origin::Alias(source, span) => diagnostic.at(source, span, "this address is taken"),
            Origin::Page(_) | Origin::Picture(_) | Origin::File(..) | Origin::Generated(_) => diagnostic,
        }
    }
}

/// Parses an old address. It becomes a file if browsers take it for a page, as `/offer.html`, and a folder with an index
/// otherwise: hosts send a file without a known type as a download, and redirect `/v1.2` to `/v1.2/`.
fn alias_path(source: &Arc<SourceText>, alias: &Located<String>) -> Result<SitePath, Box<Diagnostic>> {
    let text = alias.value.strip_prefix('/').unwrap_or(&alias.value);
    let ends_in = |ending: &str| text.len() > ending.len() && text.to_ascii_lowercase().ends_with(ending);
    let is_file = ends_in(".html") || ends_in(".htm");
    let text = if text.ends_with('/') || is_file || text.is_empty() { text.to_owned() } else { format!("{text}/") };
    let Some(path) = SitePath::parse(&text).filter(|_| !text.contains(['?', '#', ':'])) else {
        let message = format!("`{}` cannot be an address of this site", alias.value);
        let diagnostic = Diagnostic::error(Rule::BadUrl, message);
        return Err(Box::new(diagnostic.at(source, alias.span, "write the old path, as in `/old-offer/`")));
    };
    match check_characters(&alias.value, Spaces::Any) {
        Err(why @ BadAddress::CharacterReference { .. }) => {
            Err(Box::new(bad_address(source, alias.span, &alias.value, &why)))
        }
        _ => Ok(path),
    }
}
