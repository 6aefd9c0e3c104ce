//! The files in a theme's `assets/`: each gets its content's hash in its name, and style sheets are minified once.

use std::collections::BTreeMap;
use std::sync::Arc;

use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};

use super::template_errors::offset_of;
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

/// Names assets by their content; style sheets last, since they refer to the others.
pub fn publish(
    assets: BTreeMap<String, ThemeFile>,
    base_url: &BaseUrl,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, PublishedAsset> {
    let mut published: BTreeMap<String, PublishedAsset> = BTreeMap::new();
    let (sheets, others): (Vec<_>, Vec<_>) = assets.into_iter().partition(|(name, _)| name.ends_with(".css"));
    for (name, file) in others {
        published.extend(asset(&name, bytes_of(file)).map(|asset| (name, asset)));
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

/// Publishes the scripts that lie beside templates. Returns their addresses by the template that each is for.
pub fn publish_scripts(
    scripts: BTreeMap<String, ThemeFile>,
    base_url: &BaseUrl,
    published: &mut BTreeMap<String, PublishedAsset>,
) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for (path, file) in scripts {
        let Some(script) = asset(&path, bytes_of(file)) else { continue };
        let template = path.strip_suffix(".js").unwrap_or(&path).to_owned();
        addresses.insert(template, base_url.rooted(&script.path));
        published.insert(path, script);
    }
    addresses
}

fn bytes_of(file: ThemeFile) -> Vec<u8> {
    match file {
        ThemeFile::Binary(bytes) => bytes.to_vec(),
        ThemeFile::Text(source) => source.text.clone().into_bytes(),
    }
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

/// A style sheet minified, with the hashed addresses of what it refers to: files beside it in `assets/`.
pub fn style_sheet(
    name: &str,
    source: &Arc<SourceText>,
    published: &BTreeMap<String, PublishedAsset>,
    base_url: &BaseUrl,
) -> Result<String, Vec<Diagnostic>> {
    let broken = |message: String, line: usize, column: usize| {
        // An end that comes too early is told at the last thing that stands there.
        let at = offset_of(&source.text, line, column).min(source.text.trim_end().len().saturating_sub(1));
        Diagnostic::error(Rule::CssSyntax, message).at(source, Span::new(at, at + 1), "cannot be read from here on")
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
