//! Where everything lies in the built site, and that nothing lies where something else does.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::Resolver;
use crate::model::address::SitePath;
use crate::model::page::Page;
use crate::word::diagnostic::{Diagnostic, Rule};
use crate::word::slug::slugify;
use crate::word::source::{SourceText, Span};

/// What an output path comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The source file of a page, an asset or a static file, by its path below the root.
    File(String),
    /// An alias in a page's front matter.
    Alias { source: Arc<SourceText>, span: Span },
    /// What Tagline writes itself; said as in "the sitemap".
    Generated(&'static str),
}

/// The files that every built site has of its own.
const GENERATED: [(&str, &str); 5] = [
    ("404.html", "the page for unknown addresses"),
    ("sitemap.xml", "the sitemap"),
    ("robots.txt", "the file for robots"),
    ("feed.xml", "the feed"),
    ("go", "the folder of the short links"),
];

/// The address of a page, from its file and its `slug`.
pub fn of_page(page: &Page) -> Result<SitePath, Box<Diagnostic>> {
    let stem = page.file.strip_suffix(".md").unwrap_or(&page.file);
    let refuse = |rule: Rule, message: String, help: &str| {
        Err(Box::new(
            Diagnostic::error(rule, message).in_file(&page.source.path).help(help),
        ))
    };
    let name = stem.rsplit('/').next().unwrap_or(stem);
    if let Some((base, language)) = name.rsplit_once('.').filter(|(_, end)| is_language(end)) {
        let message =
            format!("`{name}.md` would be `{base}` in the language `{language}`, and languages are not supported yet");
        return refuse(Rule::ReservedName, message, "name the file without a dot in it");
    }
    let mut parts = Vec::new();
    for part in stem.split('/') {
        let slug = slugify(part);
        if slug.is_empty() {
            let message = format!("no address can be made of `{part}`");
            return refuse(
                Rule::BadFileName,
                message,
                "use letters or digits in the name, or set `slug`",
            );
        }
        parts.push(slug);
    }
    if name == "index" {
        parts.pop();
    }
    if let Some(slug) = &page.front.slug {
        if parts.pop().is_none() {
            return Err(Box::new(
                Diagnostic::error(Rule::BadFileName, "the home page lies at `/` and takes no `slug`").at(
                    &page.source,
                    slug.span,
                    "leave this out",
                ),
            ));
        }
        parts.push(slug.value.to_string());
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
struct Claims {
    files: HashMap<String, (SitePath, Origin)>,
    /// Folders that some file lies in.
    folders: HashMap<String, (SitePath, Origin)>,
    clashes: Vec<Diagnostic>,
}

impl Claims {
    fn claim(&mut self, path: &SitePath, origin: Origin) {
        let file = path.file();
        let key = folded(&file);
        if let Some((other_path, other)) = self.files.get(&key).or_else(|| self.folders.get(&key)) {
            let clash = clash(path, &origin, other_path, other);
            self.clashes.push(clash);
            return;
        }
        let mut end = 0;
        while let Some(slash) = key[end..].find('/') {
            end += slash;
            if let Some((other_path, other)) = self.files.get(&key[..end]) {
                let clash = clash(path, &origin, other_path, other);
                self.clashes.push(clash);
                return;
            }
            if !self.folders.contains_key(&key[..end]) {
                self.folders
                    .insert(key[..end].to_owned(), (path.clone(), origin.clone()));
            }
            end += 1;
        }
        self.files.insert(key, (path.clone(), origin));
    }
}

fn folded(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_ascii_lowercase(),
        false => path.nfc().collect::<String>().to_lowercase().nfc().collect(),
    }
}

fn clash(path: &SitePath, origin: &Origin, other_path: &SitePath, other: &Origin) -> Diagnostic {
    let what = |origin: &Origin| match origin {
        Origin::File(file) => format!("`{file}`"),
        Origin::Alias { source, .. } => format!("an alias in `{}`", source.path),
        Origin::Generated(what) => (*what).to_owned(),
    };
    let shown = match path == other_path {
        true => format!("/{}", path.as_str()),
        false => format!("/{}` and `/{}", path.as_str(), other_path.as_str()),
    };
    let message = format!("{} and {} both claim `{shown}`", what(other), what(origin));
    let mut diagnostic = Diagnostic::error(Rule::PathClash, message);
    for origin in [origin, other] {
        diagnostic = match origin {
            Origin::File(file) if diagnostic.file.is_none() => diagnostic.in_file(file),
            Origin::Alias { source, span } => diagnostic.at(source, *span, "this address is taken"),
            Origin::File(_) | Origin::Generated(_) => diagnostic,
        };
    }
    diagnostic.help("rename one of the two, or give a page a `slug`")
}

impl Resolver<'_> {
    /// Claims the path of everything that will be written.
    pub(super) fn claim_paths(&mut self) {
        let mut claims = Claims::default();
        for (path, what) in GENERATED {
            claims.claim(&fixed(path), Origin::Generated(what));
        }
        // The folder of the theme's files.
        claims.claim(
            &fixed(crate::render::ASSET_FOLDER),
            Origin::Generated("the folder of the theme's files"),
        );
        claims.claim(
            &fixed(super::links::GATED_FOLDER),
            Origin::Generated("the folder of files behind forms"),
        );
        for page in &self.site.pages {
            let origin = || Origin::File(page.page.source.path.clone());
            claims.claim(&page.path, origin());
            for channel in self.site.channel_pages(page) {
                claims.claim(&page.channel_path(channel), origin());
            }
            for cta in page.forms() {
                claims.claim(&page.thanks_path(&cta.id.value), origin());
            }
        }
        for file in self.sources.static_files.keys() {
            if let Some(path) = SitePath::parse(file) {
                claims.claim(&path, Origin::File(format!("static/{file}")));
            }
        }
        let assets: Vec<_> = self
            .open
            .iter()
            .filter(|file| file.starts_with("content/"))
            .cloned()
            .collect();
        for file in assets {
            let below = file.strip_prefix("content/").unwrap_or(&file);
            if let Some(path) = self.asset_path(below) {
                claims.claim(&path, Origin::File(file));
            }
        }
        self.claim_aliases(&mut claims);
        self.found.append(&mut claims.clashes);
    }

    fn claim_aliases(&mut self, claims: &mut Claims) {
        let mut aliases = Vec::new();
        for (index, page) in self.site.pages.iter().enumerate() {
            for alias in &page.page.front.aliases {
                let text = alias.value.trim_start_matches('/');
                let is_file = text.rsplit('/').next().is_some_and(|last| last.contains('.'));
                let text = if text.ends_with('/') || is_file || text.is_empty() {
                    text.to_owned()
                } else {
                    format!("{text}/")
                };
                let path = SitePath::parse(&text).filter(|_| !text.contains(['?', '#', ':']));
                let Some(path) = path else {
                    let diagnostic = Diagnostic::error(
                        Rule::BadUrl,
                        format!("`{}` cannot be an address of this site", alias.value),
                    )
                    .at(&page.page.source, alias.span, "write the old path, as in `/old-offer/`");
                    self.found.push(diagnostic);
                    continue;
                };
                claims.claim(
                    &path,
                    Origin::Alias {
                        source: Arc::clone(&page.page.source),
                        span: alias.span,
                    },
                );
                aliases.push((path, index));
            }
        }
        self.site.aliases = aliases;
    }

    /// The address of a file that lies beside a page: below the page of its folder, under its own name;
    /// an image with its content's hash in the name.
    pub(super) fn asset_path(&self, file: &str) -> Option<SitePath> {
        let asset = self.sources.assets.get(file)?;
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = match asset.pixels.is_some() || name.ends_with(".svg") {
            true => hashed_name(name, &asset.digest),
            false => name.to_owned(),
        };
        SitePath::parse(&format!("{}{name}", self.folder_address(folder)))
    }

    fn folder_address(&self, folder: &str) -> String {
        if folder.is_empty() {
            return String::new();
        }
        if let Some(&index) = self.by_file.get(&format!("{folder}/index.md")) {
            return self.site.pages[index].path.as_str().to_owned();
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let slug = slugify(name);
        format!(
            "{}{}/",
            self.folder_address(above),
            if slug.is_empty() { "files" } else { &slug }
        )
    }
}

/// A path that is written in this program.
fn fixed(path: &'static str) -> SitePath {
    SitePath::parse(path).unwrap_or_else(SitePath::home)
}

/// `team.jpg` with the first ten characters of its digest: `team.3f2a9c1b0d.jpg`.
pub fn hashed_name(name: &str, digest: &str) -> String {
    let short = &digest[..10];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{short}.{extension}"),
        None => format!("{name}.{short}"),
    }
}
