//! Loads the theme that a site names: built in, the site's own, or a built-in one with files of the site over it.
//! Templates, stylesheets, strings and options are read once, and pages are rendered with the result.
//!
//! The theme is loaded before `resolve`, which checks the layouts and blocks of pages against the theme's names.

mod assets;
mod blocks;
mod css_text;
mod files;
mod functions;
mod icon;
mod limits;
mod offset;
mod options;
mod palette;
pub mod strings;
pub mod stylesheets;
mod template_errors;
mod templates;
pub mod value;
pub mod wcag;

use std::sync::Arc;

use tera::{Context, Tera};

use self::files::{FilesByPath, GroupedFiles, Templates};
use self::limits::{LimitedOutput, LimitedTemplates, MAX_OUTPUT};
use self::strings::Strings;
use self::stylesheets::Stylesheets;
use self::templates::Parsed;
use crate::diagnostics::Diagnostic;
use crate::load::{Sources, ThemeFile};
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::model::slug::Slug;
use crate::resolve::ThemeNames;
use crate::rules::Rule;
use crate::source::{Located, SourceText};

/// The built-in theme. Its strings are the defaults of every theme.
const DEFAULT_THEME: &str = "launch";

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
    /// The site's `theme_options`, completed by the theme's defaults.
    pub(crate) options: serde_json::Value,
    pub(crate) stylesheets: Stylesheets,
    /// A hash of all files of the theme. It is stable within one run of the program.
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
    let hash = files::hash_of(&files);
    let stylesheet_sources = files::stylesheets(&files);
    let GroupedFiles { templates, assets, mut stylesheets, mut scripts, settings, blocks } = files::grouped(files);
    for part in unneeded_parts(config) {
        stylesheets.templates.remove(part);
        scripts.remove(&format!("{part}.js"));
    }
    let declared = options::read(settings.as_ref(), &stylesheets.choices(), &mut diagnostics);
    let options = declared.of_site(&config.source, &config.theme_options, &mut diagnostics);
    let assets = with_icon(assets, config, &options);
    let mut published = assets::publish(assets, &config.base_url, &mut diagnostics);
    let scripts = assets::publish_scripts(scripts, &config.base_url, &mut published);
    let choices: Vec<(&str, &str)> = declared.choices(&options).collect();
    let stylesheets = Stylesheets::new(&stylesheets, scripts, &choices, &templates, |source| {
        // Addresses are relative to `assets/`, wherever the stylesheet is.
        assets::stylesheet("", source, &published, &config.base_url).unwrap_or_else(|mut errors| {
            diagnostics.append(&mut errors);
            String::new()
        })
    });
    let strings = Arc::new(load_strings(config, &config.language, sources, &mut diagnostics));
    let addresses = published.iter().map(|(name, asset)| (name.clone(), config.base_url.rooted(&asset.path))).collect();
    let register = |tera: &mut Tera| functions::register(tera, &addresses, &strings);
    let Parsed { tera, limited } = templates::parse(name, &templates, register, &mut diagnostics);
    let blocks = blocks::declared(&templates::blocks(&templates), &blocks, &mut diagnostics);
    let languages = config.languages.iter().map(|language| {
        let strings = Arc::new(load_strings(config, &language.tag, sources, &mut diagnostics));
        let mut tera = tera.clone();
        // The filter `date` writes the months of the language.
        functions::register(&mut tera, &addresses, &strings);
        ThemeTexts { tera, strings }
    });
    let languages = languages.collect();
    let theme = Theme {
        texts: ThemeTexts { tera, strings },
        languages,
        names: ThemeNames { layouts: templates::layouts(&templates), blocks },
        assets: published.into_values().map(|asset| (asset.path, asset.bytes)).collect(),
        lists_ctas: templates::lists_ctas(name, &templates),
        options,
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
    let needed = [
        ("parts/consent", config.requires_consent()),
        ("parts/footer_columns", has_columns),
        ("parts/languages", !config.languages.is_empty()),
    ];
    needed.into_iter().filter(|(_, is_needed)| !is_needed).map(|(part, _)| part)
}

impl Theme {
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

/// Loads the strings in a language: the default theme's, and over them the site's own.
fn load_strings(
    config: &SiteConfig,
    language: &Located<String>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Strings {
    let defaults = files::strings(files::built_in(DEFAULT_THEME));
    let own = files::strings(files::own(config.theme.value.as_str(), sources));
    strings::load(language, &config.source, &defaults, &own, diagnostics)
}

fn unknown_theme(named: &Located<Slug>, sources: &Sources) -> Diagnostic {
    let diagnostic = Diagnostic::error(Rule::UnknownTheme, format!("unknown theme `{}`", named.value));
    let diagnostic = match &sources.site {
        Some(source) => diagnostic.at(source, named.span, format!("neither built in nor in `themes/{}/`", named.value)),
        None => diagnostic,
    };
    diagnostic.suggest(named.value.as_str(), files::theme_names(sources))
}
