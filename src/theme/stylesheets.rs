//! Chooses the styles and scripts of a page: those of the templates that the page was rendered with, and no others. The
//! styles become one text for the page's own `<style>`.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::{iter, ptr};

use memchr::memmem;

use super::assets::TemplateScript;
use super::fallback_fonts::{Fallback, fallback};
use super::files::{StylesheetSources, Templates};
use super::layers::{Font, LayeredCss, joined};
use super::looks::{Appearance, OwnFont};
use crate::html::escape::escaped;
use crate::source::SourceText;

/// The body of a rendered page, and what its own template needs to frame it.
#[derive(Default)]
pub struct RenderedBody {
    pub html: String,
    /// The templates used so far, by name: `blocks/hero`.
    pub templates: BTreeSet<String>,
    /// For the page's head: the tag that preloads the first image.
    pub preload: String,
    /// The page is in other languages, too, so its template includes the switcher.
    pub has_alternates: bool,
}

/// Takes the place of a page's styles while its template is rendered, because they depend on what it renders. Texts cannot
/// contain its characters.
pub const STYLES_MARK: &str = "\u{fdd0}styles\u{fdd1}";

/// The template of the switcher, which pages in one language do not include.
pub const SWITCHER: &str = "parts/languages";

/// The shortened stylesheets of a theme and the addresses of its scripts, ready to be put into pages.
pub struct Stylesheets {
    of_theme: Group,
    /// By look.
    of_looks: BTreeMap<String, Group>,
    /// By template, and by class: `classes/screen`.
    scripts: BTreeMap<String, TemplateScript>,
    /// Each template, with all templates that it extends and includes, directly or not.
    uses: BTreeMap<String, BTreeSet<String>>,
}

/// The stylesheets of a theme or of one of its looks.
struct Group {
    /// CSS of every page.
    common: Vec<LayeredCss>,
    /// CSS by option and choice.
    options: BTreeMap<(String, String), LayeredCss>,
    /// CSS by element: `table`.
    elements: Vec<(String, LayeredCss)>,
    /// CSS by class, in the order of their names.
    classes: Vec<(String, LayeredCss)>,
    /// CSS by template.
    templates: BTreeMap<String, LayeredCss>,
    /// The templates for which a look has all CSS.
    replaced: BTreeSet<String>,
}

impl Group {
    fn new(sources: &StylesheetSources, shorten: &mut impl FnMut(&Arc<SourceText>) -> String) -> Group {
        let mut layered = |source: &Arc<SourceText>| LayeredCss::new(&shorten(source));
        Group {
            common: sources.common.values().map(&mut layered).collect(),
            // Stylesheets of other choices are parsed too, so that their errors are reported.
            options: sources.options.iter().map(|(choice, source)| (choice.clone(), layered(source))).collect(),
            elements: sources.elements.iter().map(|(name, source)| (name.clone(), layered(source))).collect(),
            classes: sources.classes.iter().map(|(name, source)| (name.clone(), layered(source))).collect(),
            templates: sources.templates.iter().map(|(name, source)| (name.clone(), layered(source))).collect(),
            replaced: sources.replaced.clone(),
        }
    }

    /// Returns the CSS of every page, and that of all choices.
    fn all(&self) -> impl Iterator<Item = &LayeredCss> {
        self.common.iter().chain(self.options.values())
    }

    fn of_choices<'g>(&'g self, choices: &[(String, String)]) -> impl Iterator<Item = &'g LayeredCss> {
        self.options.iter().filter(|(choice, _)| choices.contains(choice)).map(|(_, css)| css)
    }
}

impl Stylesheets {
    /// Shortens all stylesheets with `shorten`. `scripts` are those of templates.
    pub fn new(
        sources: &StylesheetSources,
        scripts: BTreeMap<String, TemplateScript>,
        templates: &Templates,
        mut shorten: impl FnMut(&Arc<SourceText>) -> String,
    ) -> Stylesheets {
        let of_theme = Group::new(sources, &mut shorten);
        let of_looks = sources.looks.iter().map(|(look, sources)| (look.clone(), Group::new(sources, &mut shorten)));
        let of_looks = of_looks.collect();
        let uses = templates.keys().map(|name| (stem(name).to_owned(), all_used(name, templates))).collect();
        Stylesheets { of_theme, of_looks, scripts, uses }
    }

    /// Returns the CSS of a page. `page` is its HTML without styles. Stylesheets of the look follow those of the theme, and
    /// stylesheets of options those of both.
    pub fn styles(&self, page: &str, body: &RenderedBody, appearance: &Appearance) -> String {
        let groups = || self.groups(appearance);
        let elements = elements_of(&body.html);
        let in_page = |template: &str| body.has_alternates || template != SWITCHER;
        let classes = LazyCell::new(|| classes_of(page));
        let mut css: Vec<&LayeredCss> = groups().flat_map(|group| &group.common).collect();
        css.extend(groups().flat_map(|group| group.of_choices(&appearance.choices)));
        let own_fonts = own_fonts(appearance);
        css.push(&own_fonts);
        let look = self.of_looks.get(&appearance.look);
        let is_replaced = |group: &Group, path: &str| {
            ptr::eq(group, &self.of_theme) && look.is_some_and(|look| look.replaced.contains(path))
        };
        for group in groups() {
            css.extend(group.elements.iter().filter(|(name, _)| elements.contains(&name.as_str())).map(|(_, css)| css));
            let used = self.of_templates(&body.templates, &group.templates);
            css.extend(used.filter(|(name, _)| in_page(name) && !is_replaced(group, name)).map(|(_, css)| css));
            css.extend(group.classes.iter().filter(|(class, _)| classes.contains(&class.as_str())).map(|(_, css)| css));
        }
        joined(css, page)
    }

    fn groups<'s>(&'s self, appearance: &Appearance) -> impl Iterator<Item = &'s Group> {
        iter::once(&self.of_theme).chain(self.of_looks.get(&appearance.look))
    }

    /// Returns the tags that preload the fonts of pages: those without a range of letters, which every page needs.
    pub fn font_preloads(&self, appearance: &Appearance) -> String {
        let fonts = self.fonts_of(appearance).filter(|font| font.letters.is_empty()).map(|font| font.address.clone());
        let own = appearance.own_fonts.iter().map(|font| font.address.clone());
        let addresses: BTreeSet<String> = fonts.chain(own).collect();
        let tag = |address| {
            format!("<link rel=\"preload\" href=\"{}\" as=\"font\" type=\"font/woff2\" crossorigin>", escaped(address))
        };
        addresses.iter().map(|address| tag(address)).collect()
    }

    /// Returns the addresses of the fonts that no page of these appearances loads.
    pub fn unused_fonts<'s>(&'s self, appearances: &[Appearance]) -> BTreeSet<&'s str> {
        let groups = || iter::once(&self.of_theme).chain(self.of_looks.values());
        let all = groups().flat_map(Group::all).flat_map(LayeredCss::fonts).map(|font| font.address.as_str());
        let used: BTreeSet<&str> = appearances
            .iter()
            .flat_map(|appearance| self.fonts_of(appearance))
            .map(|font| font.address.as_str())
            .collect();
        all.filter(|address| !used.contains(address)).collect()
    }

    fn fonts_of<'s>(&'s self, appearance: &Appearance) -> impl Iterator<Item = &'s Font> {
        let of_group =
            |group: &'s Group| group.common.iter().chain(group.of_choices(&appearance.choices)).collect::<Vec<_>>();
        let css: Vec<&LayeredCss> = self.groups(appearance).flat_map(of_group).collect();
        css.into_iter().flat_map(LayeredCss::fonts)
    }

    /// Returns the addresses of a page's scripts, and the texts of its small ones.
    pub fn scripts<'s>(&'s self, body: &'s RenderedBody) -> (Vec<&'s str>, Vec<&'s str>) {
        let (mut files, mut small) = (Vec::new(), Vec::new());
        for script in self.scripts_of(body) {
            match script {
                TemplateScript::File(address) => files.push(address.as_str()),
                TemplateScript::Inline(text) => small.push(text.as_str()),
            }
        }
        (files, small)
    }

    /// Returns the scripts of the templates of a page, and of the classes in its body.
    fn scripts_of<'s>(&'s self, body: &'s RenderedBody) -> impl Iterator<Item = &'s TemplateScript> {
        let of_templates = self.of_templates(&body.templates, &self.scripts).map(|(_, script)| script);
        let of_classes =
            self.scripts.iter().filter_map(|(name, script)| Some((name.strip_prefix("classes/")?, script)));
        let present = LazyCell::new(|| classes_of(&body.html));
        let of_classes = of_classes.filter(move |(class, _)| present.contains(class)).map(|(_, script)| script);
        of_templates.chain(of_classes)
    }

    /// Returns the templates used with their values. The order is that of template names, not of use, so that pages with the
    /// same blocks have the same styles.
    fn of_templates<'l, T>(
        &'l self,
        used: &'l BTreeSet<String>,
        by_template: &'l BTreeMap<String, T>,
    ) -> impl Iterator<Item = (&'l str, &'l T)> {
        let is_used =
            |template: &str| used.iter().any(|name| self.uses.get(name).is_some_and(|uses| uses.contains(template)));
        by_template.iter().filter(move |(template, _)| is_used(template)).map(|(name, value)| (&**name, value))
    }
}

/// Returns the CSS of the site's own fonts: a family and a custom property with the name of each option.
fn own_fonts(appearance: &Appearance) -> LayeredCss {
    let css = appearance.own_fonts.iter().map(|OwnFont { option, address, metrics }| {
        let address = address.replace('\\', "\\\\").replace('"', "\\\"");
        let Fallback { face, families } = fallback(metrics.as_ref(), &format!("like-{option}"));
        format!(
            "@font-face{{font-family:own-{option};font-weight:1 999;font-display:swap;src:url(\"{address}\")}}{face}:root{{--{option}:own-{option},{families}}}"
        )
    });
    LayeredCss::new(&css.collect::<String>())
}

/// Returns the names of the elements of a page, each once.
fn elements_of(html: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let tag = &html[at + 1..];
        let name = &tag[..tag.find([' ', '>']).unwrap_or_default()];
        if !name.starts_with('/') && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the classes of the elements of a page, each once.
fn classes_of(html: &str) -> Vec<&str> {
    const START: &str = " class=\"";
    let values = memmem::find_iter(html.as_bytes(), START).filter_map(|at| html[at + START.len()..].split('"').next());
    let mut classes = Vec::new();
    for class in values.flat_map(str::split_ascii_whitespace) {
        if !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes
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
