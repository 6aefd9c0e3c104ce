//! A theme: built in, the site's own, or a built-in one with files of the site over it. Templates are parsed once; its
//! options, its words and its looks are read for the site that uses it.

mod assets;
mod options;
mod palette;
pub mod strings;
pub mod stylesheets;
mod template_errors;
mod template_functions;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::Tera;

use self::strings::Strings;
use self::stylesheets::{Looks, Sheets};
use self::template_errors::{Broken, Templates};
use crate::diagnostics::Diagnostic;
use crate::load::{Sources, ThemeFile, is_theme_text as is_text};
use crate::model::address::SitePath;
use crate::model::site::SiteConfig;
use crate::model::slug::Slug;
use crate::resolve::ThemeNames;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// The built-in theme, whose words every theme has.
const LAUNCH: &str = "launch";

pub struct Theme {
    pub(crate) tera: Tera,
    pub names: ThemeNames,
    /// The theme's files as they are published.
    pub assets: Vec<(SitePath, Vec<u8>)>,
    /// A template of the site's own goes over a page's calls to action, so that all may be shown wherever none is named.
    pub lists_ctas: bool,
    /// `theme_options` of the site, with the theme's defaults.
    pub(crate) options: serde_json::Value,
    pub(crate) words: Arc<Strings>,
    pub(crate) looks: Looks,
    sources: Templates,
    /// Of all files of the theme: the same for the same theme within one run of the program.
    pub(crate) hash: u64,
    style_sheets: Vec<Arc<SourceText>>,
}

/// Loads the theme that a site names; `None` where there is none of this name. With broken templates it still has the
/// names that pages are held against, so that one run tells both.
pub fn load(config: &SiteConfig, sources: &Sources) -> (Option<Theme>, Vec<Diagnostic>) {
    let files = files_of(config.theme.value.as_str(), sources);
    if files.is_empty() {
        return (None, vec![unknown_theme(&config.theme, sources)]);
    }
    let mut found = Vec::new();
    let hash = hash_of(&files);
    let style_sheets = style_sheets(&files);
    let Files { templates, assets, sheets, scripts, settings } = sorted(files);
    let mut published = assets::publish(assets, &config.base_url, &mut found);
    let options = options::read(settings.as_ref(), &sheets.choices(), &mut found);
    let written = strings::entry_of_site(&config.source, "theme_options");
    let values = options.of_site(Some(&config.source), written.as_ref(), &mut found);
    let chosen: Vec<(&str, &str)> = options.chosen(&values).collect();
    let scripts = assets::publish_scripts(scripts, &config.base_url, &mut published);
    let looks = Looks::of(&sheets, scripts, &chosen, &templates, |source| {
        // Addresses in a sheet are those of files in `assets/`, wherever it lies itself.
        assets::style_sheet("", source, &published, &config.base_url).unwrap_or_else(|mut problems| {
            found.append(&mut problems);
            String::new()
        })
    });
    let (words, in_words) = words_of(config, sources);
    found.extend(in_words);
    let words = Arc::new(words);
    let addresses = published.iter().map(|(name, asset)| (name.clone(), config.base_url.rooted(&asset.path))).collect();
    let tera = engine(&templates, |tera| template_functions::register(tera, &addresses, &words), &mut found);
    let names = names(&templates);
    let assets = published.into_values().map(|asset| (asset.path, asset.bytes)).collect();
    let lists_ctas = lists_ctas(config.theme.value.as_str(), &templates);
    let theme = Theme {
        tera,
        names,
        assets,
        lists_ctas,
        options: values,
        words,
        looks,
        sources: templates,
        hash,
        style_sheets,
    };
    (Some(theme), found)
}

fn hash_of(files: &BTreeMap<String, ThemeFile>) -> u64 {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

fn style_sheets(files: &BTreeMap<String, ThemeFile>) -> Vec<Arc<SourceText>> {
    let sheets = files.values().filter_map(|file| match file {
        ThemeFile::Text(source) if source.path.ends_with(".css") => Some(Arc::clone(source)),
        ThemeFile::Text(_) | ThemeFile::Binary(_) => None,
    });
    sheets.collect()
}

/// The built-in themes name the list too, and show nothing of it.
fn lists_ctas(theme: &str, templates: &Templates) -> bool {
    let mentions = |text: &str| text.matches("page.ctas").count();
    templates.iter().any(|(name, source)| {
        let built_in = BUILT_IN.get_file(format!("{theme}/{name}")).and_then(|file| file.contents_utf8());
        mentions(&source.text) > built_in.map_or(0, mentions)
    })
}

/// The files of a theme by what they are for.
#[derive(Default)]
struct Files {
    templates: Templates,
    /// Below `assets/`, by their path there.
    assets: BTreeMap<String, ThemeFile>,
    /// Elsewhere.
    sheets: Sheets,
    scripts: BTreeMap<String, ThemeFile>,
    /// `theme.yaml`.
    settings: Option<Arc<SourceText>>,
}

fn sorted(files: BTreeMap<String, ThemeFile>) -> Files {
    let mut sorted = Files::default();
    for (path, file) in files {
        match (path.strip_prefix("assets/"), file) {
            (Some(name), file) => {
                sorted.assets.insert(name.to_owned(), file);
            }
            (None, ThemeFile::Text(source)) if path.ends_with(".html") => {
                sorted.templates.insert(path, source);
            }
            (None, ThemeFile::Text(source)) if path.ends_with(".css") => sorted.sheets.add(&path, source),
            (None, ThemeFile::Text(source)) if path == "theme.yaml" => sorted.settings = Some(source),
            (None, file) if path.ends_with(".js") => {
                sorted.scripts.insert(path, file);
            }
            (None, _) => {}
        }
    }
    sorted
}

/// The words in the site's language: those of `launch`, and what the site has of its own over them.
fn words_of(config: &SiteConfig, sources: &Sources) -> (Strings, Vec<Diagnostic>) {
    let in_strings = |files: BTreeMap<String, ThemeFile>| {
        let read = files.into_iter().filter_map(|(path, file)| {
            let language = path.strip_prefix("strings/")?.strip_suffix(".yaml")?.to_owned();
            match file {
                ThemeFile::Text(source) => Some((language, source)),
                ThemeFile::Binary(_) => None,
            }
        });
        read.collect::<strings::Files>()
    };
    let written = strings::entry_of_site(&config.source, "language");
    let span = written.map_or(Span::new(0, 0), |node| node.span);
    let language = Located { value: config.language.value.clone(), span };
    let own = in_strings(own_files(config.theme.value.as_str(), sources));
    strings::load(&language, &config.source, &in_strings(built_in(LAUNCH)), &own)
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
    let mut files = built_in(name);
    files.extend(own_files(name, sources));
    files
}

fn built_in(name: &str) -> BTreeMap<String, ThemeFile> {
    let mut files = BTreeMap::new();
    if let Some(folder) = BUILT_IN.get_dir(name) {
        add_built_in(folder, name, &mut files);
    }
    files
}

fn own_files(name: &str, sources: &Sources) -> BTreeMap<String, ThemeFile> {
    let files = sources.theme_files.iter();
    let own = files.filter_map(|(path, file)| Some((path.strip_prefix(name)?.strip_prefix('/')?, file)));
    own.map(|(path, file)| (path.to_owned(), file.clone())).collect()
}

fn add_built_in(folder: &Dir, theme: &str, files: &mut BTreeMap<String, ThemeFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let Some(below) = path.strip_prefix(theme).and_then(|path| path.strip_prefix('/')) else {
            continue;
        };
        let content = match file.contents_utf8().filter(|_| is_text(&path)) {
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

fn engine(templates: &Templates, register: impl Fn(&mut Tera), found: &mut Vec<Diagnostic>) -> Tera {
    let mut sources = templates.clone();
    // The engine reports the first broken template only: it is told, emptied, and the rest tried again.
    for round in 0..=templates.len() {
        let mut tera = Tera::default();
        register(&mut tera);
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
