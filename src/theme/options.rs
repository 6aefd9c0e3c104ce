//! The `theme_options` that a theme declares in its `theme.yaml`, and their values for a site: as the site sets them, or
//! the defaults.
//!
//! ```yaml
//! options:
//!   accent: { colour: "#2b4acb" }
//!   header: { choice: [bar, centred] }    # the first is the default
//!   slogan: { text: "" }
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::palette::Accent;
use crate::diagnostics::{Diagnostic, list};
use crate::model::site::ThemeOption;
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::shape::{ANYTHING, TEXT, TEXTS};
use crate::yaml::{Entries, Expected, Key, Mapping, Node, Value, YamlReader, values};

/// The type of an option, with its default.
#[derive(Debug)]
enum OptionKind {
    /// Any opaque CSS colour.
    Colour(String),
    /// One of these. The first is the default.
    Choice(Vec<String>),
    /// Any text.
    Text(String),
}

/// The keys of `theme.yaml`.
static THEME_KEYS: Mapping =
    Mapping::new("a theme", &[Key::optional("options", ANYTHING, "The options that a site may set, by name.")]);

static OPTION_KEYS: Mapping = Mapping::new(
    "an option",
    &[
        Key::optional("colour", TEXT, "The default of an option that takes any opaque CSS colour."),
        Key::optional("choice", TEXTS, "The values that the option takes. The first is the default."),
        Key::optional("text", TEXT, "The default of an option that takes any text."),
    ],
)
.one_of(&["colour", "choice", "text"]);

/// The options that a theme declares. `None`: it has no `theme.yaml`, and a site may set anything.
pub struct DeclaredOptions(Option<IndexMap<String, OptionKind>>);

/// Reads `theme.yaml`. Each of `stylesheets`, by option and choice, adds a choice: `options/header/slim.css` adds `slim`.
pub fn read(
    source: Option<&Arc<SourceText>>,
    stylesheets: &BTreeSet<(String, String)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> DeclaredOptions {
    let Some(source) = source else { return DeclaredOptions(None) };
    let (root, mut reader) = YamlReader::parse(source, 0..source.text.len());
    let mut options = root.as_ref().and_then(|root| declared(&mut reader, root)).unwrap_or_default();
    for (option, choice) in stylesheets {
        if let Some(OptionKind::Choice(choices)) = options.get_mut(option)
            && !choices.contains(choice)
        {
            choices.push(choice.clone());
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    DeclaredOptions(Some(options))
}

impl DeclaredOptions {
    /// Returns the values of all options for a site that sets `options`.
    pub fn of_site(
        &self,
        source: &Arc<SourceText>,
        options: &[ThemeOption],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Json {
        let Some(declared) = &self.0 else {
            let values = options.iter().map(|option| (option.name.value.clone(), option.value.value.clone()));
            return Json::Object(values.collect());
        };
        let mut values: Map<String, Json> =
            declared.iter().map(|(name, kind)| (name.clone(), Json::from(kind.default_value()))).collect();
        for option in options {
            let value = match declared.get(&option.name.value) {
                Some(kind) => kind.value(source, option),
                None => Err(unknown(source, option, declared)),
            };
            match value {
                Ok(value) => drop(values.insert(option.name.value.clone(), Json::from(value))),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        Json::Object(values)
    }

    /// Returns the options of the kind `choice`, each with its value in `values`.
    pub fn choices<'v>(&self, values: &'v Json) -> impl Iterator<Item = (&str, &'v str)> {
        let options = self.0.iter().flatten().filter(|(_, kind)| matches!(kind, OptionKind::Choice(_)));
        options.filter_map(|(name, _)| Some((name.as_str(), values.get(name)?.as_str()?)))
    }
}

impl OptionKind {
    fn default_value(&self) -> &str {
        match self {
            OptionKind::Colour(colour) => colour,
            OptionKind::Choice(choices) => choices.first().map(String::as_str).unwrap_or_default(),
            OptionKind::Text(text) => text,
        }
    }

    /// Returns the site's value, if this kind of option can have it.
    fn value<'o>(&self, source: &Arc<SourceText>, option: &'o ThemeOption) -> Result<&'o str, Box<Diagnostic>> {
        let (name, span) = (&option.name.value, option.value.span);
        let Some(text) = option.text.as_deref() else {
            let diagnostic = Diagnostic::error(Rule::WrongType, format!("`{name}` must be a text"));
            return Err(Box::new(diagnostic.at(source, span, "not a text")));
        };
        match self {
            OptionKind::Colour(_) => match colour_error(source, text, span) {
                Some(diagnostic) => Err(Box::new(diagnostic)),
                None => Ok(text),
            },
            OptionKind::Choice(choices) if !choices.iter().any(|choice| choice == text) => {
                let choices = || choices.iter().map(String::as_str);
                let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("unknown {name} `{text}`"))
                    .at(source, span, format!("the theme has {}", list(choices())))
                    .suggest(text, choices());
                Err(Box::new(diagnostic))
            }
            OptionKind::Choice(_) | OptionKind::Text(_) => Ok(text),
        }
    }
}

fn unknown(source: &Arc<SourceText>, option: &ThemeOption, declared: &IndexMap<String, OptionKind>) -> Box<Diagnostic> {
    let (name, span) = (&option.name.value, option.name.span);
    let names = || declared.keys().map(String::as_str);
    let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("unknown option `{name}`"))
        .at(source, span, "the theme has no such option")
        .suggest(name, names());
    Box::new(match diagnostic.help.is_empty() {
        true => diagnostic.help(format!("the options are {}", list(names()))),
        false => diagnostic,
    })
}

fn declared(reader: &mut YamlReader, root: &Node) -> Option<IndexMap<String, OptionKind>> {
    let mut entries = Entries::of(reader, root, &THEME_KEYS)?;
    let options = entries.read(reader, "options", |_, node| Some(node));
    entries.finish(reader);
    let Value::Map(options) = &options?.value else {
        reader.wrong_type(options?, Expected::Mapping, "options are written as `name: { … }` lines");
        return None;
    };
    let read = options.iter().filter_map(|(key, node)| Some((key.text.clone(), kind(reader, node)?)));
    Some(read.collect())
}

fn kind(reader: &mut YamlReader, node: &Node) -> Option<OptionKind> {
    let mut entries = Entries::of(reader, node, &OPTION_KEYS)?;
    let colour = entries.read(reader, "colour", colour).map(OptionKind::Colour);
    let choice = entries.read(reader, "choice", choices).map(OptionKind::Choice);
    let text = entries.read(reader, "text", any_text).map(OptionKind::Text);
    let has_one = entries.given().len() == 1;
    if !has_one {
        let message = "an option is a `colour`, a `choice` or a `text`";
        reader.error(Rule::BadThemeOption, entries.span, message, "needs exactly one of the three");
    }
    entries.finish(reader);
    colour.or(choice).or(text).filter(|_| has_one)
}

fn choices(reader: &mut YamlReader, node: &Node) -> Option<Vec<String>> {
    let choices = values::texts(reader, node)?;
    if choices.is_empty() {
        reader.error(Rule::BadThemeOption, node.span, "this option has no choices", "at least one is needed");
        return None;
    }
    Some(choices)
}

/// Reads a text that may be empty.
fn any_text(reader: &mut YamlReader, node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        _ => {
            reader.wrong_type(node, Expected::Scalar, "a text is expected here");
            None
        }
    }
}

fn colour(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = any_text(reader, node)?;
    match colour_error(reader.source, &text, node.span) {
        Some(diagnostic) => {
            reader.diagnostics.push(diagnostic);
            None
        }
        None => Some(text),
    }
}

fn colour_error(source: &Arc<SourceText>, text: &str, span: Span) -> Option<Diagnostic> {
    if Accent::parse(text).is_some() {
        return None;
    }
    let is_hexadecimal = matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let help = match is_hexadecimal {
        true => format!("write `\"#{text}\"`, with the quotes"),
        false => "write a colour as in `\"#0b6e4f\"`, `teal` or `oklch(55% 0.15 250)`".to_owned(),
    };
    let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("`{text}` is not a colour"));
    Some(diagnostic.at(source, span, "an opaque colour is expected here").help(help))
}
