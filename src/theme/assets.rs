//! Publishes the files in a theme's `assets/`: the name of each gets a hash of its content, and stylesheets are shortened.

use std::collections::BTreeMap;
use std::sync::Arc;

use lightningcss::rules::{CssRule, Location};
use lightningcss::stylesheet::{ParserOptions, StyleSheet};

use super::css_text::{self, CssAddress};
use super::files::FilesByPath;
use super::offset::offset_of;
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::load::ThemeFile;
use crate::model::base_url::BaseUrl;
use crate::model::site_path::{SitePath, THEME_FOLDER};
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

/// A script beside a template.
pub enum TemplateScript {
    /// A file of its own, with its address.
    File(String),
    /// The text of a small script, which pages contain.
    Inline(String),
}

/// The limit of a script that pages contain, in bytes. A request for such a file would take longer than its content.
const MAX_INLINE: usize = 1200;

/// Publishes the scripts beside templates, except small ones if templates print them. Returns the scripts by template.
pub fn publish_scripts(
    scripts: FilesByPath,
    base_url: &BaseUrl,
    are_printed: bool,
    published: &mut PublishedAssets,
) -> BTreeMap<String, TemplateScript> {
    let mut by_template = BTreeMap::new();
    for (path, file) in scripts {
        let template = path.strip_suffix(".js").unwrap_or(&path).to_owned();
        let bytes = bytes_of(file);
        let small = std::str::from_utf8(&bytes).ok().filter(|text| are_printed && can_be_inline(text));
        if let Some(text) = small {
            by_template.insert(template, TemplateScript::Inline(text.trim_end().to_owned()));
            continue;
        }
        let Some(script) = named_by_content(&path, bytes) else { continue };
        by_template.insert(template, TemplateScript::File(base_url.rooted(&script.path)));
        published.insert(path, script);
    }
    by_template
}

/// Whether a page can contain a script: nothing in it ends or hides the element.
fn can_be_inline(text: &str) -> bool {
    text.len() <= MAX_INLINE && !text.contains("</") && !text.contains("<!")
}

/// Shortens a stylesheet. Its relative addresses, which are those of files in `assets/`, get the hashed names. `name` is the
/// stylesheet's own path in `assets/`.
pub fn stylesheet(
    name: &str,
    source: &Arc<SourceText>,
    published: &PublishedAssets,
    base_url: &BaseUrl,
) -> Result<String, Vec<Diagnostic>> {
    let mut errors = syntax_errors(source);
    let css = css_text::shortened(&source.text, |found| match published_address(name, found, published) {
        Ok(path_and_suffix) => path_and_suffix.map(|(path, suffix)| base_url.rooted(path) + suffix),
        Err(target) => {
            errors.push(missing_asset(source, found, &target, published));
            None
        }
    });
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

/// Parses a stylesheet and returns the first error, or each `@import`. Nothing of the parsed values is printed: the library
/// merges, converts and drops declarations (`findings/lightningcss-drops-declarations.sh`).
fn syntax_errors(source: &Arc<SourceText>) -> Vec<Diagnostic> {
    match StyleSheet::parse(&source.text, ParserOptions::default()) {
        Ok(stylesheet) => {
            let imports = stylesheet.rules.0.iter().filter_map(|rule| match rule {
                CssRule::Import(import) => Some(import_error(source, import.loc)),
                _ => None,
            });
            imports.collect()
        }
        Err(error) => {
            let (line, column) = error.loc.as_ref().map_or((0, 1), |loc| (loc.line, loc.column));
            vec![css_error(source, error.kind.to_string().to_lowercase(), line as usize + 1, column as usize)]
        }
    }
}

fn css_error(source: &Arc<SourceText>, message: String, line: usize, column: usize) -> Diagnostic {
    // An error at the end of the file is marked at its last character.
    let at = offset_of(&source.text, line, column).min(source.text.trim_end().len().saturating_sub(1));
    Diagnostic::error(Rule::CssSyntax, message).at(source, Span::new(at, at + 1), "cannot be read from here on")
}

/// An `@import` would cost each visitor another request.
fn import_error(source: &Arc<SourceText>, place: Location) -> Diagnostic {
    css_error(source, "`@import` is not supported".to_owned(), place.line as usize + 1, place.column as usize)
        .help("put all rules into one stylesheet")
}

/// Returns the published path for an address with its query and fragment, `None` for an address that stays as it is, or
/// the path in `assets/` that is missing.
fn published_address<'p, 'c>(
    stylesheet: &str,
    found: &'c CssAddress,
    published: &'p PublishedAssets,
) -> Result<Option<(&'p SitePath, &'c str)>, String> {
    let address = &*found.address;
    if address.contains(':') || address.starts_with("//") || address.starts_with('#') {
        return Ok(None);
    }
    let (path, suffix) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let target = relative_to(stylesheet, path);
    match published.get(&target) {
        Some(asset) => Ok(Some((&asset.path, suffix))),
        None => Err(target),
    }
}

fn missing_asset(
    source: &Arc<SourceText>,
    found: &CssAddress,
    target: &str,
    published: &PublishedAssets,
) -> Diagnostic {
    Diagnostic::error(Rule::MissingAsset, format!("the theme has no file `assets/{target}`"))
        .at(source, Span::new(found.at, found.at + found.raw.len()), "no such file")
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
