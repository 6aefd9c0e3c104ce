//! A theme: built in, the site's own, or a built-in one with files of the site over it. Templates are
//! parsed once; assets get their content's hash in the name; style sheets are minified once.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};
use tera::{Kwargs, State, Tera};

use super::template_errors::{self, Broken, Templates, offset_of};
use crate::load::{Sources, ThemeFile, digest};
use crate::model::address::{BaseUrl, SitePath, THEME_FOLDER};
use crate::model::date::{When, in_words};
use crate::resolve::ThemeNames;
use crate::word::diagnostic::{Diagnostic, Rule, nearest};
use crate::word::slug::Slug;
use crate::word::source::{Located, SourceText, Span};

static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes");

pub struct Theme {
    pub(super) tera: Tera,
    pub names: ThemeNames,
    /// The theme's files as they are published.
    pub assets: Vec<(SitePath, Vec<u8>)>,
    /// A template of the site's own goes over a page's calls to action, so that all may be shown wherever none is named.
    pub lists_ctas: bool,
    sources: Templates,
    /// Of all files of the theme: the same for the same theme within one run of the program.
    pub(super) hash: u64,
    style_sheets: Vec<Arc<SourceText>>,
}

/// Loads the theme that a site names; `None` where there is none of this name. With broken templates it still has the
/// names that pages are held against, so that one run tells both.
pub fn load(named: &Located<Slug>, sources: &Sources, base_url: &BaseUrl) -> (Option<Theme>, Vec<Diagnostic>) {
    let files = files_of(named.value.as_str(), sources);
    if files.is_empty() {
        return (None, vec![unknown_theme(named, sources)]);
    }
    let mut found = Vec::new();
    let mut templates = BTreeMap::new();
    let mut assets = BTreeMap::new();
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    for (path, file) in files {
        match (path.strip_prefix("assets/"), file) {
            (Some(name), file) => {
                assets.insert(name.to_owned(), file);
            }
            (None, ThemeFile::Text(source)) if path.ends_with(".html") => {
                templates.insert(path, source);
            }
            (None, _) => {}
        }
    }
    let style_sheets = assets.values().filter_map(|file| match file {
        ThemeFile::Text(source) if source.path.ends_with(".css") => Some(Arc::clone(source)),
        ThemeFile::Text(_) | ThemeFile::Binary(_) => None,
    });
    let style_sheets = style_sheets.collect();
    let published = publish(assets, base_url, &mut found);
    let addresses = published.iter().map(|(name, asset)| (name.clone(), base_url.rooted(&asset.path))).collect();
    let tera = engine(&templates, addresses, &mut found);
    let names = names(&templates);
    let assets = published.into_values().map(|asset| (asset.path, asset.bytes)).collect();
    let lists_ctas = lists_ctas(named.value.as_str(), &templates);
    let hash = hasher.finish();
    (Some(Theme { tera, names, assets, lists_ctas, sources: templates, style_sheets, hash }), found)
}

/// The built-in themes name the list too, and show nothing of it.
fn lists_ctas(theme: &str, templates: &Templates) -> bool {
    let mentions = |text: &str| text.matches("page.ctas").count();
    templates.iter().any(|(name, source)| {
        let built_in = BUILT_IN.get_file(format!("{theme}/{name}")).and_then(|file| file.contents_utf8());
        mentions(&source.text) > built_in.map_or(0, mentions)
    })
}

impl Theme {
    /// An error of the template engine, at its place in the template.
    pub fn diagnostic(&self, error: &tera::Error) -> Diagnostic {
        template_errors::of_drawing(error, &self.sources)
    }

    /// The templates as their authors wrote them.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.sources.values()
    }

    /// The style sheets as their authors wrote them.
    pub fn style_sheets(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.style_sheets.iter()
    }

    pub fn has(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }
}

/// The files of a theme by their path in it: the site's own, and below them the built-in ones.
fn files_of(name: &str, sources: &Sources) -> BTreeMap<String, ThemeFile> {
    let mut files = BTreeMap::new();
    if let Some(folder) = BUILT_IN.get_dir(name) {
        add_built_in(folder, name, &mut files);
    }
    let own =
        sources.theme_files.iter().filter_map(|(path, file)| Some((path.strip_prefix(name)?.strip_prefix('/')?, file)));
    files.extend(own.map(|(path, file)| (path.to_owned(), file.clone())));
    files
}

fn add_built_in(folder: &Dir, theme: &str, files: &mut BTreeMap<String, ThemeFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let Some(below) = path.strip_prefix(theme).and_then(|path| path.strip_prefix('/')) else {
            continue;
        };
        let content = match file.contents_utf8().filter(|_| path.ends_with(".html") || path.ends_with(".css")) {
            Some(text) => ThemeFile::Text(SourceText::new(format!("themes/{path}"), text)),
            None => ThemeFile::Binary(Arc::new(file.contents().to_vec())),
        };
        files.insert(below.to_owned(), content);
    }
    for folder in folder.dirs() {
        add_built_in(folder, theme, files);
    }
}

fn unknown_theme(named: &Located<Slug>, sources: &Sources) -> Diagnostic {
    let mut known: BTreeSet<&str> = sources.theme_files.keys().filter_map(|path| path.split('/').next()).collect();
    known.extend(BUILT_IN.dirs().filter_map(|folder| folder.path().to_str()));
    let diagnostic = Diagnostic::error(Rule::UnknownTheme, format!("there is no theme `{}`", named.value));
    let diagnostic = match &sources.site {
        Some(source) => diagnostic.at(source, named.span, format!("neither built in nor in `themes/{}/`", named.value)),
        None => diagnostic,
    };
    diagnostic.suggest(named.value.as_str(), known)
}

fn names(templates: &BTreeMap<String, Arc<SourceText>>) -> ThemeNames {
    let stems = |folder: &str| {
        let below = templates.keys().filter_map(|path| path.strip_prefix(folder)?.strip_suffix(".html"));
        below.filter(|name| !name.contains('/')).map(str::to_owned).collect()
    };
    ThemeNames { layouts: layouts(stems("")), blocks: stems("blocks/") }
}

/// Every page template but those that are drawn for a reason of their own.
fn layouts(mut templates: BTreeSet<String>) -> BTreeSet<String> {
    templates.retain(|name| !matches!(name.as_str(), "ended" | "thanks" | "404"));
    templates
}

struct PublishedAsset {
    path: SitePath,
    bytes: Vec<u8>,
}

/// Names assets by their content; style sheets last, since they refer to the others.
fn publish(
    assets: BTreeMap<String, ThemeFile>,
    base_url: &BaseUrl,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, PublishedAsset> {
    let mut published: BTreeMap<String, PublishedAsset> = BTreeMap::new();
    let (sheets, others): (Vec<_>, Vec<_>) = assets.into_iter().partition(|(name, _)| name.ends_with(".css"));
    for (name, file) in others {
        let bytes = match file {
            ThemeFile::Binary(bytes) => bytes.to_vec(),
            ThemeFile::Text(source) => source.text.clone().into_bytes(),
        };
        published.extend(asset(&name, bytes).map(|asset| (name, asset)));
    }
    for (name, file) in sheets {
        let ThemeFile::Text(source) = file else { continue };
        match style_sheet(&name, &source, &published, base_url) {
            Ok(css) => published.extend(asset(&name, css.into_bytes()).map(|asset| (name, asset))),
            Err(mut problems) => found.append(&mut problems),
        }
    }
    published
}

fn asset(name: &str, bytes: Vec<u8>) -> Option<PublishedAsset> {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let hashed = crate::resolve::hashed_name(file, &digest(&bytes));
    let path =
        [THEME_FOLDER, folder, &hashed].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    Some(PublishedAsset { path: SitePath::parse(&path)?, bytes })
}

/// The browsers that style sheets are written for: those of the two years before 2026, as
/// `major << 16 | minor << 8`. `light-dark()`, nesting and `color-mix()` stay as they are.
fn targets() -> Targets {
    let browsers = Browsers {
        chrome: Some(123 << 16),
        edge: Some(123 << 16),
        firefox: Some(121 << 16),
        safari: Some(17 << 16 | 5 << 8),
        ios_saf: Some(17 << 16 | 5 << 8),
        ..Browsers::default()
    };
    Targets::from(browsers)
}

/// A style sheet minified, with the hashed addresses of what it refers to.
fn style_sheet(
    name: &str,
    source: &Arc<SourceText>,
    published: &BTreeMap<String, PublishedAsset>,
    base_url: &BaseUrl,
) -> Result<String, Vec<Diagnostic>> {
    let broken = |message: String, line: usize, column: usize| {
        // An end that comes too early is told at the last thing that stands there.
        let at = offset_of(&source.text, line, column).min(source.text.trim_end().len().saturating_sub(1));
        Diagnostic::error(Rule::Css, message).at(source, Span::new(at, at + 1), "cannot be read from here on")
    };
    let mut sheet = StyleSheet::parse(&source.text, ParserOptions::default()).map_err(|error| {
        let (line, column) = error.loc.as_ref().map_or((1, 1), |loc| (loc.line as usize + 1, loc.column as usize));
        vec![broken(error.kind.to_string().to_lowercase(), line, column)]
    })?;
    let minify = MinifyOptions { targets: targets(), ..MinifyOptions::default() };
    sheet.minify(minify).map_err(|error| vec![broken(error.kind.to_string().to_lowercase(), 1, 1)])?;
    let print = PrinterOptions {
        minify: true,
        targets: targets(),
        analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
        ..PrinterOptions::default()
    };
    let printed = sheet.to_css(print).map_err(|error| vec![broken(error.kind.to_string().to_lowercase(), 1, 1)])?;
    let mut css = printed.code;
    let mut found = Vec::new();
    for dependency in printed.dependencies.unwrap_or_default() {
        let (url, placeholder, loc) = match dependency {
            Dependency::Url(url) => (url.url, url.placeholder, url.loc),
            // An `@import` of a theme's own sheet would be one more request for each visitor.
            Dependency::Import(import) => {
                let loc = import.loc.start;
                found.push(broken(
                    "`@import` is not supported: put it all into one style sheet".to_owned(),
                    loc.line as usize,
                    loc.column as usize,
                ));
                continue;
            }
        };
        let elsewhere = url.contains(':') || url.starts_with("//") || url.starts_with('#');
        let (path, suffix) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        let target = beside(name, path);
        match published.get(&target) {
            _ if elsewhere => css = css.replace(&placeholder, &url),
            Some(asset) => css = css.replace(&placeholder, &format!("{}{suffix}", base_url.rooted(&asset.path))),
            None => {
                let at = offset_of(&source.text, loc.start.line as usize, loc.start.column as usize);
                let at = source.text[at..].find(&*url).map_or(at, |ahead| at + ahead);
                let diagnostic =
                    Diagnostic::error(Rule::MissingAsset, format!("the theme has no file `assets/{target}`"))
                        .at(source, Span::new(at, at + url.len()), "leads nowhere")
                        .suggest(&target, published.keys().map(String::as_str));
                found.push(diagnostic);
            }
        }
    }
    if found.is_empty() { Ok(css) } else { Err(found) }
}

/// A path in a style sheet, from `assets/` on.
fn beside(sheet: &str, path: &str) -> String {
    let mut parts: Vec<&str> = sheet.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn engine(templates: &Templates, addresses: BTreeMap<String, String>, found: &mut Vec<Diagnostic>) -> Tera {
    let mut sources = templates.clone();
    // The engine reports the first broken template only: it is told, emptied, and the rest tried again.
    for round in 0..=templates.len() {
        let mut tera = Tera::default();
        register(&mut tera, addresses.clone());
        let Err(error) =
            tera.add_raw_templates(sources.iter().map(|(name, source)| (name.as_str(), source.text.as_str())))
        else {
            return tera;
        };
        let broken = template_errors::of_loading(&error, &sources);
        if broken.is_empty() {
            found.push(template_errors::of_drawing(&error, &sources));
            return tera;
        }
        for Broken { template, diagnostic, may_follow } in broken {
            // What seems to be missing may have been in a template that was emptied.
            if round == 0 || !may_follow {
                found.push(diagnostic);
            }
            sources.insert(template, SourceText::new("", ""));
        }
    }
    Tera::default()
}

fn register(tera: &mut Tera, addresses: BTreeMap<String, String>) {
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| -> tera::TeraResult<String> {
        let path: &str = kwargs.must_get("path")?;
        addresses.get(path).cloned().ok_or_else(|| {
            let near =
                nearest(path, addresses.keys().map(String::as_str)).map(|name| format!("; did you mean `{name}`?"));
            tera::Error::message(format!("the theme has no file `assets/{path}`{}", near.unwrap_or_default()))
        })
    });
    tera.register_filter("date", |text: &str, _: Kwargs, _: &State| -> tera::TeraResult<String> {
        When::parse(text).map(in_words).map_err(|_| tera::Error::message(format!("`{text}` is no date")))
    });
}
