//! Parses the templates of a theme once, and lists the layouts and blocks that they provide.

use std::collections::BTreeSet;
use std::sync::Arc;

use tera::Tera;

use super::files::{Templates, built_in_text};
use super::limits::{self, LimitedTemplate, LimitedTemplates};
use super::template_errors::{self, LoadError};
use crate::diagnostics::Diagnostic;
use crate::source::SourceText;

/// The templates of a theme, ready to render.
pub struct Parsed {
    pub tera: Tera,
    pub limited: LimitedTemplates,
}

/// Parses all templates; `register` adds functions and filters. Broken templates become diagnostics and render nothing. The
/// templates that are not those of the built-in theme get limits.
pub fn parse(
    theme: &str,
    templates: &Templates,
    register: impl Fn(&mut Tera),
    diagnostics: &mut Vec<Diagnostic>,
) -> Parsed {
    let register = |tera: &mut Tera| {
        register(tera);
        limits::register(tera);
    };
    let Unlimited { tera, sources } = parse_as_written(templates, register, diagnostics);
    let is_own =
        |(name, source): &(&String, &Arc<SourceText>)| built_in_text(theme, name) != Some(source.text.as_str());
    let limited: LimitedTemplates =
        sources.iter().filter(is_own).map(|(name, source)| (name.clone(), LimitedTemplate::of(&source.text))).collect();
    if limited.is_empty() {
        return Parsed { tera, limited };
    }
    let mut with_limits = Tera::default();
    register(&mut with_limits);
    let texts = sources.iter().map(|(name, source)| {
        let text = limited.get(name).map_or(source.text.as_str(), |limited| limited.text.as_str());
        (name.as_str(), text)
    });
    match with_limits.add_raw_templates(texts) {
        Ok(()) => Parsed { tera: with_limits, limited },
        // A tag that could not be extended. The output still has its limit.
        Err(_) => Parsed { tera, limited: LimitedTemplates::new() },
    }
}

/// The templates as their authors wrote them, and their texts without the broken ones.
struct Unlimited {
    tera: Tera,
    sources: Templates,
}

fn parse_as_written(
    templates: &Templates,
    register: impl Fn(&mut Tera),
    diagnostics: &mut Vec<Diagnostic>,
) -> Unlimited {
    let mut sources = templates.clone();
    // Tera reports only the first broken template. It is reported, emptied, and the others are parsed again.
    for round in 0..=templates.len() {
        let mut tera = Tera::default();
        register(&mut tera);
        let texts = sources.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
        let Err(error) = tera.add_raw_templates(texts) else {
            return Unlimited { tera, sources };
        };
        let broken = template_errors::of_loading(&error, &sources);
        if broken.is_empty() {
            diagnostics.push(template_errors::of_rendering(&error, &sources, &LimitedTemplates::new()));
            return Unlimited { tera, sources };
        }
        for LoadError { template, diagnostic, name } in broken {
            // A component or block that seems to be missing may be in a template that was emptied.
            let is_consequence = round > 0 && name.is_some_and(|name| template_errors::is_declared(&name, templates));
            if !is_consequence {
                diagnostics.push(diagnostic);
            }
            sources.insert(template, SourceText::new("", ""));
        }
    }
    Unlimited { tera: Tera::default(), sources }
}

/// Returns the layouts that pages can use.
pub fn layouts(templates: &Templates) -> BTreeSet<String> {
    let mut layouts = names(templates, "");
    // Every template in the theme's root is a layout, unless Tagline renders it in a special case.
    layouts.retain(|name| !matches!(name.as_str(), "ended" | "thanks" | "404"));
    layouts
}

/// Returns the blocks that pages can use.
pub fn blocks(templates: &Templates) -> BTreeSet<String> {
    names(templates, "blocks/")
}

fn names(templates: &Templates, folder: &str) -> BTreeSet<String> {
    let names = templates.keys().filter_map(|path| path.strip_prefix(folder)?.strip_suffix(".html"));
    names.filter(|name| !name.contains('/')).map(str::to_owned).collect()
}

/// Returns whether a template of the site's own lists a page's calls to action. The built-in templates use the list
/// without showing all of it, so only additional uses count.
pub fn lists_ctas(theme: &str, templates: &Templates) -> bool {
    let uses = |text: &str| text.matches("page.ctas").count();
    templates.iter().any(|(name, source)| uses(&source.text) > built_in_text(theme, name).map_or(0, uses))
}
