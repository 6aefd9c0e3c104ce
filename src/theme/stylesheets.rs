//! Chooses the styles and scripts of a page: those of the templates that the page was rendered with, and no others. The
//! styles become one text for the page's own `<style>`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use memchr::memmem;

use super::files::{StylesheetSources, Templates};
use crate::source::SourceText;

/// The body of a rendered page, and what its own template needs to frame it.
#[derive(Default)]
pub struct RenderedBody {
    pub html: String,
    /// The templates used so far, by name: `blocks/hero`.
    pub templates: BTreeSet<String>,
    /// For the page's head: the tag that preloads the first image.
    pub preload: String,
}

/// The shortened stylesheets of a theme and the addresses of its scripts, ready to be put into pages.
pub struct Stylesheets {
    /// The CSS of every page.
    common: String,
    /// CSS by the start tag of an element: `<table`.
    elements: Vec<(String, String)>,
    /// CSS by template.
    templates: BTreeMap<String, String>,
    /// Addresses of scripts, by template.
    scripts: BTreeMap<String, String>,
    /// Each template, with all templates that it extends and includes, directly or not.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Stylesheets {
    /// Shortens all stylesheets with `shorten`. `choices` are the site's choices by option, `scripts` the addresses of
    /// scripts by template.
    pub fn new(
        sources: &StylesheetSources,
        scripts: BTreeMap<String, String>,
        choices: &[(&str, &str)],
        templates: &Templates,
        mut shorten: impl FnMut(&Arc<SourceText>) -> String,
    ) -> Stylesheets {
        let mut common: String = sources.common.values().map(&mut shorten).collect();
        for ((option, choice), source) in &sources.options {
            // Stylesheets of other choices are parsed too, so that their errors are reported.
            let css = shorten(source);
            if choices.contains(&(option, choice)) {
                common.push_str(&css);
            }
        }
        let elements = sources.elements.iter().map(|(name, source)| (format!("<{name}"), shorten(source))).collect();
        let by_template = sources.templates.iter().map(|(name, source)| (name.clone(), shorten(source))).collect();
        let uses = templates.keys().map(|name| (stem(name).to_owned(), all_used(name, templates))).collect();
        Stylesheets { common, elements, templates: by_template, scripts, uses }
    }

    /// Returns the CSS of a page.
    pub fn styles(&self, body: &RenderedBody) -> String {
        let html = body.html.as_bytes();
        let contains =
            |tag: &str| memmem::find_iter(html, tag).any(|at| matches!(html.get(at + tag.len()), Some(b' ' | b'>')));
        let mut css = self.common.clone();
        css.extend(self.elements.iter().filter(|(tag, _)| contains(tag)).map(|(_, css)| css.as_str()));
        css.extend(self.of_templates(&body.templates, &self.templates));
        css
    }

    /// Returns the addresses of a page's scripts.
    pub fn scripts(&self, body: &RenderedBody) -> Vec<&str> {
        self.of_templates(&body.templates, &self.scripts).collect()
    }

    /// Returns the texts of the templates used. The order is that of template names, not of use, so that pages with the
    /// same blocks have the same styles.
    fn of_templates<'l>(
        &'l self,
        used: &BTreeSet<String>,
        by_template: &'l BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'l str> {
        let is_used =
            |template: &str| used.iter().any(|name| self.uses.get(name).is_some_and(|uses| uses.contains(template)));
        by_template.iter().filter(move |(template, _)| is_used(template)).map(|(_, text)| text.as_str())
    }
}

fn stem(template: &str) -> &str {
    template.strip_suffix(".html").unwrap_or(template)
}

/// Returns a template and all that it extends or includes, in any of its branches.
fn all_used(name: &str, templates: &Templates) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut pending = vec![name.to_owned()];
    while let Some(name) = pending.pop() {
        if used.insert(stem(&name).to_owned())
            && let Some(source) = templates.get(&name)
        {
            let named = ["extends \"", "include \""].into_iter().flat_map(|tag| source.text.split(tag).skip(1));
            pending.extend(named.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    used
}
