//! Which `theme_options` a theme has, by its `theme.yaml`, and what a site makes of them: each with its value or its
//! default, and mistakes at their place.
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
use crate::yaml::shape::{ANYTHING, TEXT};
use crate::yaml::values::{list as read_list, text};
use crate::yaml::{Entries, Key, Mapping, YamlReader};
use crate::yaml::{self, Node, Value};
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// What may be written for an option.
#[derive(Debug)]
enum Kind {
    /// Any opaque colour of CSS; the default.
    Colour(String),
    /// One of these, the first where nothing is written.
    Choice(Vec<String>),
    /// Any text; the default.
    Text(String),
}

static THEME_KEYS: Mapping =
    Mapping::new("a theme", &[Key::optional("options", ANYTHING, "The options that a site may set.")]);

static OPTION_KEYS: Mapping = Mapping::new(
    "an option",
    &[
        Key::optional("colour", TEXT, "Any opaque CSS colour; the default."),
        Key::optional("choice", ANYTHING, "The choices, the default first."),
        Key::optional("text", TEXT, "Any text; the default."),
    ],
)
.one_of(&["colour", "choice", "text"]);

/// The options of a theme. `None`: it does not say which it has, and anything goes.
pub struct Options(Option<IndexMap<String, Kind>>);

/// Reads `theme.yaml`. A style sheet `options/header/slim.css` makes `slim` a choice of `header`.
pub fn read(
    source: Option<&Arc<SourceText>>,
    sheets: &BTreeSet<(String, String)>,
    found: &mut Vec<Diagnostic>,
) -> Options {
    let Some(source) = source else { return Options(None) };
    let tree = yaml::read(source, 0..source.text.len(), found);
    let mut reader = YamlReader { source, diagnostics: Vec::new(), partial: tree.partial };
    let mut options = tree.root.as_ref().and_then(|root| declared(&mut reader, root)).unwrap_or_default();
    for (option, choice) in sheets {
        if let Some(Kind::Choice(choices)) = options.get_mut(option)
            && !choices.contains(choice)
        {
            choices.push(choice.clone());
        }
    }
    found.append(&mut reader.diagnostics);
    Options(Some(options))
}

fn declared(reader: &mut YamlReader, root: &Node) -> Option<IndexMap<String, Kind>> {
    let mut entries = Entries::of(reader, root, &THEME_KEYS)?;
    let options = entries.read(reader, "options", |_, node| Some(node));
    entries.finish(reader);
    let Value::Map(entries) = &options?.value else {
        reader.wrong_type(options?, "options are written as `name: { … }` lines");
        return None;
    };
    let read = entries.iter().filter_map(|(key, node)| Some((key.text.clone(), kind(reader, node)?)));
    Some(read.collect())
}

fn kind(reader: &mut YamlReader, node: &Node) -> Option<Kind> {
    let mut entries = Entries::of(reader, node, &OPTION_KEYS)?;
    let colour = entries.read(reader, "colour", colour).map(Kind::Colour);
    let choice = entries.read(reader, "choice", choices).map(Kind::Choice);
    let text = entries.read(reader, "text", any_text).map(Kind::Text);
    let given = ["colour", "choice", "text"].into_iter().filter(|key| entries.has(key)).count();
    if given != 1 {
        let message = "an option is a `colour`, a `choice` or a `text`";
        reader.error(Rule::BadThemeOption, entries.span, message, "exactly one of the three");
    }
    entries.finish(reader);
    colour.or(choice).or(text).filter(|_| given == 1)
}

fn choices(reader: &mut YamlReader, node: &Node) -> Option<Vec<String>> {
    let choices = read_list(reader, node, text)?;
    if choices.is_empty() {
        reader.error(Rule::BadThemeOption, node.span, "there is nothing to choose from", "at least one is needed");
        return None;
    }
    Some(choices)
}

/// A text that may be empty.
fn any_text(reader: &mut YamlReader, node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        _ => {
            reader.wrong_type(node, "a text is expected here");
            None
        }
    }
}

fn colour(reader: &mut YamlReader, node: &Node) -> Option<String> {
    let text = any_text(reader, node)?;
    if Accent::parse(&text).is_some() {
        return Some(text);
    }
    let hexadecimal = matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let help = match hexadecimal {
        true => format!("write `\"#{text}\"`, with the quotes"),
        false => "write it as in `\"#0b6e4f\"`, `teal` or `oklch(55% 0.15 250)`".to_owned(),
    };
    reader.error_with_help(
        Rule::BadThemeOption,
        node.span,
        format!("`{text}` is no colour"),
        "an opaque colour is expected here",
        help,
    );
    None
}

impl Options {
    /// The site's `theme_options` with all defaults.
    pub fn of_site(&self, source: Option<&Arc<SourceText>>, node: Option<&Node>, found: &mut Vec<Diagnostic>) -> Json {
        let Some(options) = &self.0 else { return super::strings::as_written(node) };
        let mut values: Map<String, Json> =
            options.iter().map(|(name, kind)| (name.clone(), Json::from(default(kind)))).collect();
        let Some((source, Node { value: Value::Map(entries), .. })) = source.zip(node) else {
            return Json::Object(values);
        };
        let mut reader = YamlReader { source, diagnostics: Vec::new(), partial: false };
        for (key, node) in entries {
            match options.get(&key.text) {
                Some(kind) => {
                    if let Some(value) = value(&mut reader, kind, &key.text, node) {
                        values.insert(key.text.clone(), Json::from(value));
                    }
                }
                None => reader.diagnostics.push(unknown(source, &key.text, key.span, options)),
            }
        }
        found.append(&mut reader.diagnostics);
        Json::Object(values)
    }

    /// The options that are choices, each with what the site chose.
    pub fn chosen<'v>(&self, values: &'v Json) -> impl Iterator<Item = (&str, &'v str)> {
        let options = self.0.iter().flatten().filter(|(_, kind)| matches!(kind, Kind::Choice(_)));
        options.filter_map(|(name, _)| Some((name.as_str(), values.get(name)?.as_str()?)))
    }
}

fn default(kind: &Kind) -> &str {
    match kind {
        Kind::Colour(colour) => colour,
        Kind::Choice(choices) => choices.first().map(String::as_str).unwrap_or_default(),
        Kind::Text(text) => text,
    }
}

fn value(reader: &mut YamlReader, kind: &Kind, name: &str, node: &Node) -> Option<String> {
    match kind {
        Kind::Colour(_) => colour(reader, node),
        Kind::Text(_) => any_text(reader, node),
        Kind::Choice(choices) => {
            let text = any_text(reader, node)?;
            if choices.contains(&text) {
                return Some(text);
            }
            let names = || choices.iter().map(String::as_str);
            let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("there is no {name} `{text}`"))
                .at(reader.source, node.span, format!("the theme has {}", list(names())))
                .suggest(&text, names());
            reader.diagnostics.push(diagnostic);
            None
        }
    }
}

fn unknown(source: &Arc<SourceText>, name: &str, span: Span, options: &IndexMap<String, Kind>) -> Diagnostic {
    let names = || options.keys().map(String::as_str);
    let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("there is no option `{name}`"))
        .at(source, span, "the theme has no such option")
        .suggest(name, names());
    match diagnostic.help.is_empty() {
        true => diagnostic.help(format!("the options are {}", list(names()))),
        false => diagnostic,
    }
}
