//! The looks of a theme, and how a page looks: its look and its options, with the defaults of the look and of the theme.
//!
//! ```yaml
//! looks:
//!   product: { about: Software and services. }    # the first is the default
//!   local: { about: A business in town., options: { radius: round } }
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::options::{DeclaredOptions, StaticFile};
use crate::diagnostics::{Diagnostic, list};
use crate::model::font::FontMetrics;
use crate::model::theme_option::{ThemeOption, WrittenLook, written_options};
use crate::rules::Rule;
use crate::source::{Located, SourceText};
use crate::yaml::shape::{ANYTHING, TEXT};
use crate::yaml::values::text;
use crate::yaml::{Entries, Expected, Key, Mapping, Node, Value, YamlReader};

static LOOK_KEYS: Mapping = Mapping::new(
    "a look",
    &[
        Key::optional("about", TEXT, "What the look is for, in a few words."),
        Key::optional("options", ANYTHING, "The options that it sets, unless the site or the page does."),
    ],
);

/// A look that a theme declares.
#[derive(Debug)]
pub struct DeclaredLook {
    pub name: String,
    /// What it is for. May be empty.
    pub about: String,
    options: Vec<ThemeOption>,
}

/// How pages look.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// Empty if the theme has no looks.
    pub look: String,
    /// The value of each option.
    pub options: Json,
    /// The options with choices, each with its choice.
    pub choices: Vec<(String, String)>,
    /// The options with a font file of the site in place of a choice.
    pub own_fonts: Vec<OwnFont>,
}

/// A font file of the site.
#[derive(Clone, Debug)]
pub struct OwnFont {
    /// The option that names it.
    pub option: String,
    pub address: String,
    /// `None` for a file that is not in WOFF2.
    pub metrics: Option<FontMetrics>,
}

impl OwnFont {
    fn new((option, file): (&str, &StaticFile)) -> OwnFont {
        let metrics = file.font.clone().and_then(Result::ok);
        OwnFont { option: option.to_owned(), address: file.address.clone(), metrics }
    }
}

/// Reads `looks` of `theme.yaml`. Each of `folders`, the folders in `looks/`, adds a look.
pub fn read(reader: &mut YamlReader, node: Option<&Node>, folders: &BTreeSet<String>) -> Vec<DeclaredLook> {
    let mut looks = node.and_then(|node| declared(reader, node)).unwrap_or_default();
    for name in folders {
        if !looks.iter().any(|look| look.name == *name) {
            looks.push(DeclaredLook { name: name.clone(), about: String::new(), options: Vec::new() });
        }
    }
    looks
}

fn declared(reader: &mut YamlReader, node: &Node) -> Option<Vec<DeclaredLook>> {
    let Value::Map(looks) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "looks are written as `name: { … }` lines");
        return None;
    };
    let looks = looks.iter().map(|(name, node)| {
        let mut entries = Entries::of(reader, node, &LOOK_KEYS)?;
        let about = entries.read(reader, "about", text).unwrap_or_default();
        let options = entries.read(reader, "options", written_options).unwrap_or_default();
        entries.finish(reader);
        Some(DeclaredLook { name: name.text.clone(), about, options })
    });
    Some(looks.flatten().collect())
}

/// The looks and options that a theme declares.
pub struct DeclaredLooks {
    pub looks: Vec<DeclaredLook>,
    pub options: DeclaredOptions,
}

/// What sets a look and options: the site or a page.
#[derive(Clone, Copy)]
pub struct Setting<'w> {
    pub source: &'w Arc<SourceText>,
    pub written: &'w WrittenLook,
}

impl DeclaredLooks {
    /// Reports looks in `theme.yaml` with options that the theme does not have.
    pub fn check(&self, source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) {
        for look in &self.looks {
            self.options.set(source, &look.options, &mut Map::new(), diagnostics);
        }
    }

    /// Returns how pages with these settings look. A later setting wins over an earlier one. Unknown looks and options are reported for the
    /// last one.
    pub fn appearance(&self, settings: &[Setting], diagnostics: &mut Vec<Diagnostic>) -> Appearance {
        let named = settings.iter().rev().find_map(|setting| Some((setting, setting.written.look.as_ref()?)));
        let found = named.and_then(|(_, named)| self.looks.iter().find(|look| look.name == named.value));
        if let Some((setting, named)) = named.filter(|_| found.is_none())
            && settings.last().is_some_and(|last| Arc::ptr_eq(last.source, setting.source))
        {
            diagnostics.push(self.unknown(setting.source, named));
        }
        self.in_look(found.or_else(|| self.looks.first()), settings, diagnostics)
    }

    /// Returns the appearance for `settings` in another look than theirs.
    pub fn appearance_in(&self, look: &str, settings: &[Setting]) -> Option<Appearance> {
        let look = self.looks.iter().find(|declared| declared.name == look)?;
        Some(self.in_look(Some(look), settings, &mut Vec::new()))
    }

    fn in_look(
        &self,
        look: Option<&DeclaredLook>,
        settings: &[Setting],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Appearance {
        let mut values = self.options.defaults();
        if let (Some(look), Some(first)) = (look, settings.first()) {
            // Errors in it are reported once, by `check`.
            self.options.set(first.source, &look.options, &mut values, &mut Vec::new());
        }
        for (index, setting) in settings.iter().enumerate() {
            let mut found = Vec::new();
            self.options.set(setting.source, &setting.written.options, &mut values, &mut found);
            if index + 1 == settings.len() {
                diagnostics.append(&mut found);
            }
        }
        let options = Json::Object(values);
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Appearance {
            look: look.map(|look| look.name.clone()).unwrap_or_default(),
            choices: self.options.choices(&options).map(owned).collect(),
            own_fonts: self.options.files(&options).map(OwnFont::new).collect(),
            options,
        }
    }

    fn unknown(&self, source: &Arc<SourceText>, named: &Located<String>) -> Diagnostic {
        let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("unknown look `{}`", named.value));
        let names = || self.looks.iter().map(|look| look.name.as_str());
        match self.looks.is_empty() {
            true => diagnostic
                .at(source, named.span, "the theme has no looks")
                .help("remove this line, or add a folder `looks/` to the theme"),
            false => diagnostic
                .at(source, named.span, format!("the theme has {}", list(names())))
                .suggest(&named.value, names()),
        }
    }
}
