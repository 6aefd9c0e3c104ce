//! Loads the theme that a site names: built in, the site's own, or a built-in one with files of the site over it.
//! Templates, stylesheets, strings and options are read once, and pages are rendered with the result.
//!
//! The theme is loaded before `resolve`, which checks the layouts and blocks of pages against the theme's names.

mod assets;
mod blocks;
mod css_text;
mod fallback_fonts;
mod files;
mod functions;
mod icon;
mod icons;
mod layers;
mod limits;
mod looks;
mod offset;
mod options;
mod palette;
mod settings;
pub mod strings;
pub mod stylesheets;
mod template_errors;
mod templates;
pub mod value;
pub mod wcag;

pub use self::looks::{Appearance, DeclaredLook};

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use tera::{Context, Tera};

use self::files::{FilesByPath, GroupedFiles, Templates};
use self::limits::{LimitedOutput, LimitedTemplates, MAX_OUTPUT};
use self::looks::{DeclaredLooks, Setting};
use self::options::{StaticFile, StaticFiles};
use self::settings::Added;
use self::strings::Strings;
use self::stylesheets::Stylesheets;
use crate::diagnostics::Diagnostic;
use crate::load::{Sources, ThemeFile};
use crate::model::base_url::BaseUrl;
use crate::model::page::Page;
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::resolve::ThemeNames;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// The built-in theme. Its strings are the defaults of every theme.
const DEFAULT_THEME: &str = "launch";

/// The file with the looks and options of a theme.
const SETTINGS: &str = "theme.yaml";

/// A loaded theme.
pub struct Theme {
    /// The templates with the strings of the site's main language.
    texts: ThemeTexts,
    /// The same for each language of `languages`, in their order.
    languages: Vec<ThemeTexts>,
    pub names: ThemeNames,
    /// The theme's files as they are published.
    pub assets: Vec<(SitePath, Vec<u8>)>,
    /// Whether a template of the site's own lists a page's calls to action, so that each may be shown without a link.
    pub lists_ctas: bool,
    /// How the pages look that choose nothing themselves.
    pub(crate) appearance: Appearance,
    declared: DeclaredLooks,
    pub(crate) stylesheets: Stylesheets,
    /// A hash of all files of the theme, and of the metrics of the site's fonts. It is stable within one run of the program.
    pub(crate) hash: u64,
    templates: Templates,
    limited: LimitedTemplates,
    stylesheet_sources: Vec<Arc<SourceText>>,
}

/// The templates and strings of a theme in one language.
pub struct ThemeTexts {
    tera: Tera,
    pub strings: Arc<Strings>,
}

/// Loads the theme that `config` names. Returns `None` if there is no such theme. A theme with broken templates still
/// has its names, so that errors in pages are reported in the same run.
pub fn load(config: &SiteConfig, sources: &Sources) -> (Option<Theme>, Vec<Diagnostic>) {
    let name = config.theme.value.as_str();
    let files = files::of_theme(name, sources);
    if files.is_empty() {
        return (None, vec![unknown_theme(&config.theme, sources)]);
    }
    let mut diagnostics = Vec::new();
    let hash = files::hash_of(&files, &sources.static_files);
    let stylesheet_sources = files::stylesheets(&files);
    let GroupedFiles { templates, assets, mut stylesheets, mut scripts, icons, settings, blocks } =
        files::grouped(files);
    for part in unneeded_parts(config) {
        stylesheets.remove_template(part);
        scripts.remove(&format!("{part}.js"));
    }
    let built_in = files::built_in_text(name, SETTINGS).map(|text| SourceText::new(SETTINGS, text));
    let looks = stylesheets.looks.keys().cloned().collect();
    let added = Added { choices: stylesheets.choices(), looks, built_in };
    let declared = settings::read(settings.as_ref(), &added, static_files(sources, &config.base_url), &mut diagnostics);
    let appearance = declared.appearance(&[of_site(config)], &mut diagnostics);
    let assets = with_icon(assets, config, &appearance.options);
    let mut published = assets::publish(assets, &config.base_url, &mut diagnostics);
    let are_printed = templates.values().any(|template| template.text.contains("small_scripts"));
    let scripts = assets::publish_scripts(scripts, &config.base_url, are_printed, &mut published);
    let stylesheets = Stylesheets::new(&stylesheets, scripts, &templates, |source| {
        // Addresses are relative to `assets/`, wherever the stylesheet is.
        assets::stylesheet("", source, &published, &config.base_url).unwrap_or_else(|mut errors| {
            diagnostics.append(&mut errors);
            String::new()
        })
    });
    let defaults = strings::Defaults::read(files::strings(files::built_in(DEFAULT_THEME)), &mut diagnostics);
    let own_strings = files::strings(files::own(name, sources));
    let load_strings = |language: &Located<String>, diagnostics: &mut Vec<Diagnostic>| {
        Arc::new(strings::load(language, &config.source, &defaults, &own_strings, diagnostics))
    };
    let strings = load_strings(&config.language, &mut diagnostics);
    let addresses = published.iter().map(|(name, asset)| (name.clone(), config.base_url.rooted(&asset.path))).collect();
    let icons = Arc::new(icons::read(&icons, name, &mut diagnostics));
    let register = |tera: &mut Tera| functions::register(tera, &addresses, &icons, &strings);
    let templates::Parsed { tera, limited } = templates::parse(name, &templates, register, &mut diagnostics);
    let blocks = blocks::declared(&templates::blocks(&templates), &blocks, settings.as_ref(), &mut diagnostics);
    let languages = config.languages.iter().map(|language| {
        let strings = load_strings(&language.tag, &mut diagnostics);
        let mut tera = tera.clone();
        // The filter `date` writes the months of the language.
        functions::register(&mut tera, &addresses, &icons, &strings);
        ThemeTexts { tera, strings }
    });
    let languages = languages.collect();
    let theme = Theme {
        texts: ThemeTexts { tera, strings },
        languages,
        names: ThemeNames { layouts: templates::layouts(&templates), blocks, icons: icons.keys().cloned().collect() },
        assets: published.into_values().map(|asset| (asset.path, asset.bytes)).collect(),
        lists_ctas: templates::lists_ctas(name, &templates),
        appearance,
        declared,
        stylesheets,
        hash,
        templates,
        limited,
        stylesheet_sources,
    };
    (Some(theme), diagnostics)
}

/// Returns the parts whose styles and scripts the site does not need. Its pages include them on a condition.
fn unneeded_parts(config: &SiteConfig) -> impl Iterator<Item = &'static str> {
    let footers = config.languages.iter().filter_map(|language| language.footer.as_ref());
    let has_columns = footers.chain([&config.footer]).any(|footer| !footer.columns.is_empty());
    let has_announcement =
        [None].into_iter().chain(config.languages.iter().map(Some)).any(|it| config.announcement_in(it).is_some());
    let needed = [
        ("parts/consent", config.requires_consent()),
        ("parts/footer_columns", has_columns),
        ("parts/announcement", has_announcement),
        (stylesheets::SWITCHER, !config.languages.is_empty()),
    ];
    needed.into_iter().filter(|(_, is_needed)| !is_needed).map(|(part, _)| part)
}

fn static_files(sources: &Sources, base_url: &BaseUrl) -> StaticFiles {
    let files = sources.static_files.iter().filter_map(|(path, asset)| {
        let address = base_url.rooted(&SitePath::parse(path)?);
        Some((path.clone(), StaticFile { address, content: asset.content, font: asset.font.clone() }))
    });
    files.collect()
}

/// What the site sets.
fn of_site(config: &SiteConfig) -> Setting<'_> {
    Setting { source: &config.source, written: &config.look }
}

impl Theme {
    /// The looks of the theme. The first is the default.
    pub fn looks(&self) -> &[DeclaredLook] {
        &self.declared.looks
    }

    /// Reports what pages cannot choose.
    pub fn check_looks<'p>(&self, config: &SiteConfig, pages: impl Iterator<Item = &'p Page>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        // The versions of a page have its look, unless they have another one.
        let mut checked = HashSet::new();
        for page in pages {
            let look = &page.front.rare().look;
            let places =
                look.look.iter().map(|look| look.span).chain(look.options.iter().map(|option| option.value.span));
            let places: Vec<Span> = places.collect();
            // A translation has the look of its original.
            if page.translation.is_some() || places.is_empty() || !checked.insert((&*page.source.path, places)) {
                continue;
            }
            let setting = Setting { source: &page.source, written: look };
            self.declared.appearance(&[of_site(config), setting], &mut diagnostics);
        }
        diagnostics
    }

    /// Returns how a page looks. `None`: as the site.
    pub fn appearance_of(&self, config: &SiteConfig, page: &Page) -> Option<Appearance> {
        let setting = Setting { source: &page.source, written: &page.front.rare().look };
        let settings = [of_site(config), setting];
        (!page.front.rare().look.is_empty()).then(|| self.declared.appearance(&settings, &mut Vec::new()))
    }

    /// Returns the theme's files that are published: all but fonts that no page uses.
    pub fn published_assets<'t, 'p>(
        &'t self,
        config: &SiteConfig,
        pages: impl Iterator<Item = &'p Page>,
    ) -> impl Iterator<Item = &'t (SitePath, Vec<u8>)> {
        let of_pages = pages.filter_map(|page| self.appearance_of(config, page));
        let appearances: Vec<Appearance> = of_pages.chain([self.appearance.clone()]).collect();
        let unused = self.stylesheets.unused_fonts(&appearances);
        let unused: BTreeSet<String> = unused.into_iter().map(str::to_owned).collect();
        let rooted = |path: &SitePath| config.base_url.rooted(path);
        self.assets.iter().filter(move |(path, _)| !unused.contains(&rooted(path)))
    }

    /// Returns a file of the theme by its published path.
    pub fn asset(&self, path: &SitePath) -> Option<&[u8]> {
        self.assets.iter().find(|(other, _)| other == path).map(|(_, bytes)| bytes.as_slice())
    }

    /// Returns how a page would look in another look. `None`: there is no such look.
    pub fn appearance_in(&self, look: &str, config: &SiteConfig, page: &Page) -> Option<Appearance> {
        let setting = Setting { source: &page.source, written: &page.front.rare().look };
        self.declared.appearance_in(look, &[of_site(config), setting])
    }

    /// Returns the templates and strings of a language, by its position in `languages`. `None` is the main language.
    pub fn texts(&self, language: Option<usize>) -> &ThemeTexts {
        language.and_then(|position| self.languages.get(position)).unwrap_or(&self.texts)
    }

    /// Renders a template, within limits of output and steps. An error has its place in the template.
    pub fn render(&self, texts: &ThemeTexts, template: &str, values: &Context) -> Result<String, Box<Diagnostic>> {
        let source = self.templates.get(template);
        let mut output = LimitedOutput::with_capacity(source.map_or(0, |source| source.text.len()));
        limits::reset_steps();
        match texts.tera.render_to(template, values, &mut output) {
            Ok(()) => Ok(output.into_text()),
            Err(_) if output.is_full => {
                let message = format!("the output of `{template}` has more than {} MB", MAX_OUTPUT / 1024 / 1024);
                let diagnostic = Diagnostic::error(Rule::TemplateError, message);
                Err(Box::new(
                    source.into_iter().fold(diagnostic, |diagnostic, source| diagnostic.in_file(&source.path)),
                ))
            }
            Err(error) => Err(Box::new(template_errors::of_rendering(&error, &self.templates, &self.limited))),
        }
    }

    /// Returns the templates as their authors wrote them.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.templates.values()
    }

    /// Returns the stylesheets as their authors wrote them.
    pub fn stylesheet_sources(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.stylesheet_sources.iter()
    }

    /// Returns whether the theme has a template: `blocks/hero.html`.
    pub fn has(&self, template: &str) -> bool {
        self.templates.contains_key(template)
    }
}

/// Replaces the icon of the built-in theme, which would be the same on every site.
fn with_icon(mut assets: FilesByPath, config: &SiteConfig, options: &serde_json::Value) -> FilesByPath {
    let built_in = files::built_in_text(DEFAULT_THEME, &format!("assets/{}", icon::FILE)).unwrap_or_default();
    let is_built_in = assets.get(icon::FILE).is_some_and(|file| match file {
        ThemeFile::Text(source) => source.text == built_in,
        ThemeFile::Binary(bytes) => bytes.as_slice() == built_in.as_bytes(),
    });
    let accent = options.get("accent").and_then(serde_json::Value::as_str).unwrap_or_default();
    if let Some(svg) = icon::svg(&config.title, accent).filter(|_| is_built_in) {
        assets.insert(icon::FILE.to_owned(), ThemeFile::Text(SourceText::new(icon::FILE, svg)));
    }
    assets
}

fn unknown_theme(named: &Located<Slug>, sources: &Sources) -> Diagnostic {
    let diagnostic = Diagnostic::error(Rule::UnknownTheme, format!("unknown theme `{}`", named.value));
    let diagnostic = match &sources.site {
        Some(source) => diagnostic.at(source, named.span, format!("neither built in nor in `themes/{}/`", named.value)),
        None => diagnostic,
    };
    diagnostic.suggest(named.value.as_str(), files::theme_names(sources))
}
