//! Publishes the files in a theme's `assets/`: the name of each gets a hash of its content, and stylesheets are minified.

use std::collections::BTreeMap;
use std::sync::Arc;

use lightningcss::dependencies::{Dependency, DependencyOptions, ImportDependency, UrlDependency};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet, ToCssResult};
use lightningcss::targets::{Browsers, Targets};

use super::files::FilesByPath;
use super::offset::offset_of;
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::load::ThemeFile;
use crate::model::address::{BaseUrl, SitePath, THEME_FOLDER};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// A file of the theme as it is published.
pub struct PublishedAsset {
    pub path: SitePath,
    pub bytes: Vec<u8>,
}

/// Published assets by their path in `assets/`; scripts beside templates by their path in the theme.
pub type PublishedAssets = BTreeMap<String, PublishedAsset>;

/// Names assets by their content. Stylesheets come last, since they refer to the others.
pub fn publish(assets: FilesByPath, base_url: &BaseUrl, diagnostics: &mut Vec<Diagnostic>) -> PublishedAssets {
    let mut published = PublishedAssets::new();
    let (stylesheets, others): (Vec<_>, Vec<_>) = assets.into_iter().partition(|(name, _)| name.ends_with(".css"));
    for (name, file) in others {
        published.extend(named_by_content(&name, bytes_of(file)).map(|asset| (name, asset)));
    }
    for (name, file) in stylesheets {
        let ThemeFile::Text(source) = file else { continue };
        match stylesheet(&name, &source, &published, base_url) {
            Ok(css) => published.extend(named_by_content(&name, css.into_bytes()).map(|asset| (name, asset))),
            Err(mut errors) => diagnostics.append(&mut errors),
        }
    }
    published
}

/// Publishes the scripts beside templates. Returns their addresses by template.
pub fn publish_scripts(
    scripts: FilesByPath,
    base_url: &BaseUrl,
    published: &mut PublishedAssets,
) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for (path, file) in scripts {
        let Some(script) = named_by_content(&path, bytes_of(file)) else { continue };
        let template = path.strip_suffix(".js").unwrap_or(&path).to_owned();
        addresses.insert(template, base_url.rooted(&script.path));
        published.insert(path, script);
    }
    addresses
}

/// Minifies a stylesheet. Its relative addresses, which are those of files in `assets/`, get the hashed names. `name` is
/// the stylesheet's own path in `assets/`.
pub fn stylesheet(
    name: &str,
    source: &Arc<SourceText>,
    published: &PublishedAssets,
    base_url: &BaseUrl,
) -> Result<String, Vec<Diagnostic>> {
    let printed = minified(source).map_err(|diagnostic| vec![*diagnostic])?;
    let mut css = printed.code;
    let mut errors = Vec::new();
    for dependency in printed.dependencies.unwrap_or_default() {
        match dependency {
            Dependency::Import(import) => errors.push(import_error(source, &import)),
            Dependency::Url(url) => match published_url(name, &url, published, base_url) {
                Ok(address) => css = css.replace(&url.placeholder, &address),
                Err(target) => errors.push(missing_asset(source, &url, &target, published)),
            },
        }
    }
    if errors.is_empty() { Ok(css) } else { Err(errors) }
}

fn bytes_of(file: ThemeFile) -> Vec<u8> {
    match file {
        ThemeFile::Binary(bytes) => bytes.to_vec(),
        ThemeFile::Text(source) => source.text.clone().into_bytes(),
    }
}

fn named_by_content(name: &str, bytes: Vec<u8>) -> Option<PublishedAsset> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let hashed = crate::resolve::hashed_name(file, &digest(&bytes));
    let parts = [THEME_FOLDER, folder, &hashed].into_iter().filter(|part| !part.is_empty());
    Some(PublishedAsset { path: SitePath::parse(&parts.collect::<Vec<_>>().join("/"))?, bytes })
}

/// The oldest supported browsers: those of 2024, as `major << 16 | minor << 8`. All of them have `light-dark()`, nesting
/// and `color-mix()`.
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

/// Parses and minifies a stylesheet. Each address in it becomes a placeholder.
fn minified(source: &Arc<SourceText>) -> Result<ToCssResult, Box<Diagnostic>> {
    let error = |kind: String, line, column| Box::new(css_error(source, kind.to_lowercase(), line, column));
    let mut stylesheet = StyleSheet::parse(&source.text, ParserOptions::default()).map_err(|parse_error| {
        let (line, column) = parse_error.loc.as_ref().map_or((0, 1), |loc| (loc.line, loc.column));
        error(parse_error.kind.to_string(), line as usize + 1, column as usize)
    })?;
    let minify = MinifyOptions { targets: targets(), ..MinifyOptions::default() };
    stylesheet.minify(minify).map_err(|minify_error| error(minify_error.kind.to_string(), 1, 1))?;
    let print = PrinterOptions {
        minify: true,
        targets: targets(),
        analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
        ..PrinterOptions::default()
    };
    stylesheet.to_css(print).map_err(|print_error| error(print_error.kind.to_string(), 1, 1))
}

fn css_error(source: &Arc<SourceText>, message: String, line: usize, column: usize) -> Diagnostic {
    // An error at the end of the file is marked at its last character.
    let at = offset_of(&source.text, line, column).min(source.text.trim_end().len().saturating_sub(1));
    Diagnostic::error(Rule::CssSyntax, message).at(source, Span::new(at, at + 1), "cannot be read from here on")
}

/// An `@import` would cost each visitor another request.
fn import_error(source: &Arc<SourceText>, import: &ImportDependency) -> Diagnostic {
    let start = import.loc.start;
    css_error(source, "`@import` is not supported".to_owned(), start.line as usize, start.column as usize)
        .help("put all rules into one stylesheet")
}

/// Returns the published address for a `url()`, or the path in `assets/` that is missing.
fn published_url(
    stylesheet: &str,
    url: &UrlDependency,
    published: &PublishedAssets,
    base_url: &BaseUrl,
) -> Result<String, String> {
    let address = &*url.url;
    if address.contains(':') || address.starts_with("//") || address.starts_with('#') {
        return Ok(address.to_owned());
    }
    let (path, suffix) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let target = relative_to(stylesheet, path);
    match published.get(&target) {
        Some(asset) => Ok(format!("{}{suffix}", base_url.rooted(&asset.path))),
        None => Err(target),
    }
}

fn missing_asset(
    source: &Arc<SourceText>,
    url: &UrlDependency,
    target: &str,
    published: &PublishedAssets,
) -> Diagnostic {
    let start = offset_of(&source.text, url.loc.start.line as usize, url.loc.start.column as usize);
    let at = source.text[start..].find(&*url.url).map_or(start, |at| start + at);
    Diagnostic::error(Rule::MissingAsset, format!("the theme has no file `assets/{target}`"))
        .at(source, Span::new(at, at + url.url.len()), "no such file")
        .suggest(target, published.keys().map(String::as_str))
}

/// Resolves a relative path in a stylesheet. Both paths start at `assets/`.
fn relative_to(stylesheet: &str, path: &str) -> String {
    let mut parts: Vec<&str> = stylesheet.split('/').collect();
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
