//! What a page looks like and does: the style sheets and scripts that lie beside a theme's templates. A page gets those of
//! the templates that it was drawn with and no others, the style sheets as one text for its own `<style>`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::template_errors::Templates;
use crate::source::SourceText;

/// A theme's style sheets outside of `assets/`.
#[derive(Default)]
pub struct Sheets {
    /// Below `styles/`, in the order of their names: on every page.
    styles: BTreeMap<String, Arc<SourceText>>,
    /// `options/radius/round.css`, by option and choice: on every page of a site that chose it.
    options: BTreeMap<(String, String), Arc<SourceText>>,
    /// `elements/table.css`, by the element's name: on pages whose text has one.
    elements: BTreeMap<String, Arc<SourceText>>,
    /// `blocks/hero.css`, by the name of the template that it is for: `blocks/hero`.
    beside: BTreeMap<String, Arc<SourceText>>,
}

impl Sheets {
    /// Adds the sheet at a path in the theme.
    pub fn add(&mut self, path: &str, source: Arc<SourceText>) {
        let name = path.strip_suffix(".css").unwrap_or(path);
        match name.split('/').collect::<Vec<_>>()[..] {
            ["styles", name] => self.styles.insert(name.to_owned(), source),
            ["elements", name] => self.elements.insert(name.to_owned(), source),
            ["options", option, choice] => self.options.insert((option.to_owned(), choice.to_owned()), source),
            _ => self.beside.insert(name.to_owned(), source),
        };
    }

    /// The options and choices that have a sheet.
    pub fn choices(&self) -> BTreeSet<(String, String)> {
        self.options.keys().cloned().collect()
    }
}

/// What a page is drawn with: the templates by their names, `blocks/hero`, and the text that its own template frames.
#[derive(Default)]
pub struct Drawn {
    pub templates: BTreeSet<String>,
    pub body: String,
    /// For the head: what loads the picture that is seen first.
    pub preload: String,
}

/// The sheets and scripts of a theme, ready to be put into pages.
pub struct Looks {
    /// Minified: what every page has.
    always: String,
    /// By the tag that begins an element: `<table`.
    elements: Vec<(String, String)>,
    /// By the template that each is for.
    beside: BTreeMap<String, String>,
    /// The addresses of scripts, by template.
    scripts: BTreeMap<String, String>,
    /// Each template with those that it extends and includes, and so on.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Looks {
    /// `chosen` are the site's choices by option, `scripts` the addresses of scripts by the template that each is for.
    pub fn of(
        sheets: &Sheets,
        scripts: BTreeMap<String, String>,
        chosen: &[(&str, &str)],
        templates: &Templates,
        mut minified: impl FnMut(&Arc<SourceText>) -> String,
    ) -> Looks {
        let mut always: String = sheets.styles.values().map(&mut minified).collect();
        for ((option, choice), source) in &sheets.options {
            // Those of other choices are read for their mistakes.
            let css = minified(source);
            if chosen.contains(&(option, choice)) {
                always.push_str(&css);
            }
        }
        let elements = sheets.elements.iter().map(|(name, source)| (format!("<{name}"), minified(source))).collect();
        let beside = sheets.beside.iter().map(|(name, source)| (name.clone(), minified(source))).collect();
        let uses = templates.keys().map(|name| (stem(name).to_owned(), all_used(name, templates))).collect();
        Looks { always, elements, beside, scripts, uses }
    }

    /// The style sheets of a page.
    pub fn styles(&self, drawn: &Drawn) -> String {
        let has = |tag: &str| {
            drawn.body.match_indices(tag).any(|(at, _)| drawn.body[at + tag.len()..].starts_with([' ', '>']))
        };
        let mut css = self.always.clone();
        css.extend(self.elements.iter().filter(|(tag, _)| has(tag)).map(|(_, css)| css.as_str()));
        css.extend(self.of_templates(&drawn.templates, &self.beside));
        css
    }

    /// The addresses of its scripts.
    pub fn scripts(&self, drawn: &Drawn) -> Vec<&str> {
        self.of_templates(&drawn.templates, &self.scripts).collect()
    }

    /// In the templates' order, not in that of the page: so pages of the same blocks have the same styles.
    fn of_templates<'l>(
        &'l self,
        drawn: &BTreeSet<String>,
        by_template: &'l BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'l str> {
        let used =
            |template: &str| drawn.iter().any(|name| self.uses.get(name).is_some_and(|uses| uses.contains(template)));
        by_template.iter().filter(move |(template, _)| used(template)).map(|(_, text)| text.as_str())
    }
}

fn stem(template: &str) -> &str {
    template.strip_suffix(".html").unwrap_or(template)
}

/// A template and all that it extends and includes, whether or not a page needs it.
fn all_used(name: &str, templates: &Templates) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if found.insert(stem(&name).to_owned())
            && let Some(source) = templates.get(&name)
        {
            let named = ["extends \"", "include \""].into_iter().flat_map(|tag| source.text.split(tag).skip(1));
            open.extend(named.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    found
}
