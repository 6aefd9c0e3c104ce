//! The `theme_options` that a theme declares in its `theme.yaml`, and their values for a site: as the site sets them, or
//! the defaults.
//!
//! ```yaml
//! options:
//!   accent: { colour: "#2b4acb" }
//!   header: { choice: [bar, centred] }    # the first is the default
//!   slogan: { text: "" }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::palette::Accent;
use crate::diagnostics::{Diagnostic, list};
use crate::model::content::{ContentProblem, FileContent};
use crate::model::file_format::FileFormat;
use crate::model::font::{FontMetrics, FontProblem};
use crate::model::theme_option::ThemeOption;
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::shape::{TEXT, TEXTS};
use crate::yaml::values::text;
use crate::yaml::{Entries, Expected, Key, Mapping, Node, Value, YamlReader, values};

/// The type of an option, with its default.
#[derive(Debug)]
enum OptionKind {
    /// Any opaque CSS colour. The default may be empty: none.
    Colour(String),
    /// One of these. The first is the default. `file`: or the name of a file with this end, in `static/`.
    Choice { choices: Vec<String>, file: Option<String> },
    /// Any text.
    Text(String),
}

static OPTION_KEYS: Mapping = Mapping::new(
    "an option",
    &[
        Key::optional("colour", TEXT, "The default of an option that takes any opaque CSS colour."),
        Key::optional("choice", TEXTS, "The values that the option takes. The first is the default."),
        Key::optional(
            "file",
            TEXT,
            "The end of the names of files in `static/` that an option with choices takes too.",
        ),
        Key::optional("text", TEXT, "The default of an option that takes any text."),
    ],
)
.one_of(&["colour", "choice", "text"]);

/// The options that a theme declares.
pub struct DeclaredOptions {
    /// `None`: the theme has no `theme.yaml`, and a site may set anything.
    kinds: Option<IndexMap<String, OptionKind>>,
    files: StaticFiles,
}

/// The files in `static/`, by their paths there.
pub type StaticFiles = BTreeMap<String, StaticFile>;

/// A file in `static/`.
pub struct StaticFile {
    pub address: String,
    pub content: FileContent,
    /// Its metrics, if it is a font in WOFF2.
    pub font: Option<Result<FontMetrics, FontProblem>>,
}

impl DeclaredOptions {
    /// Makes the options of a theme without `theme.yaml`: anything.
    pub fn any(files: StaticFiles) -> DeclaredOptions {
        DeclaredOptions { kinds: None, files }
    }

    /// Reads `options` of `theme.yaml`. Each of `choices`, by option and choice, adds a choice.
    pub fn read(
        reader: &mut YamlReader,
        node: Option<&Node>,
        choices: &BTreeSet<(String, String)>,
        files: StaticFiles,
    ) -> DeclaredOptions {
        let mut options = node.and_then(|node| declared(reader, node)).unwrap_or_default();
        for (option, choice) in choices {
            if let Some(OptionKind::Choice { choices, .. }) = options.get_mut(option)
                && !choices.contains(choice)
            {
                choices.push(choice.clone());
            }
        }
        DeclaredOptions { kinds: Some(options), files }
    }

    /// Returns the values of the options that nobody sets.
    pub fn defaults(&self) -> Map<String, Json> {
        let declared = self.kinds.iter().flatten();
        declared.map(|(name, kind)| (name.clone(), Json::from(kind.default_value()))).collect()
    }

    /// Sets `options` in `values`. Options that the theme cannot have are left out.
    pub fn set(
        &self,
        source: &Arc<SourceText>,
        options: &[ThemeOption],
        values: &mut Map<String, Json>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(declared) = &self.kinds else {
            values.extend(options.iter().map(|option| (option.name.value.clone(), option.value.value.clone())));
            return;
        };
        for option in options {
            let value = match declared.get(&option.name.value) {
                Some(kind) => kind.value(source, option, &self.files),
                None => Err(unknown(source, option, declared)),
            };
            match value {
                Ok(value) => drop(values.insert(option.name.value.clone(), Json::from(value))),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
    }

    /// Returns the files that options with choices have in place of a choice, each with the option.
    pub fn files<'v>(&'v self, values: &'v Json) -> impl Iterator<Item = (&'v str, &'v StaticFile)> {
        self.choices(values).filter_map(|(name, choice)| Some((name, self.files.get(choice)?)))
    }

    /// Returns the options of the kind `choice`, each with its value in `values`.
    pub fn choices<'v>(&'v self, values: &'v Json) -> impl Iterator<Item = (&'v str, &'v str)> {
        let options = self.kinds.iter().flatten().filter(|(_, kind)| matches!(kind, OptionKind::Choice { .. }));
        options.filter_map(|(name, _)| Some((name.as_str(), values.get(name)?.as_str()?)))
    }
}

impl OptionKind {
    fn default_value(&self) -> &str {
        match self {
            OptionKind::Colour(colour) => colour,
            OptionKind::Choice { choices, .. } => choices.first().map(String::as_str).unwrap_or_default(),
            OptionKind::Text(text) => text,
        }
    }

    /// Returns the site's value, if this kind of option can have it.
    fn value<'o>(
        &self,
        source: &Arc<SourceText>,
        option: &'o ThemeOption,
        files: &StaticFiles,
    ) -> Result<&'o str, Box<Diagnostic>> {
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
            OptionKind::Choice { file: Some(end), .. } if text.contains(['.', '/']) => {
                match file_error(source, (text, span), end, files) {
                    Some(diagnostic) => Err(Box::new(diagnostic)),
                    None => Ok(text),
                }
            }
            OptionKind::Choice { choices, .. } if !choices.iter().any(|choice| choice == text) => {
                let choices = || choices.iter().map(String::as_str);
                let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("unknown {name} `{text}`"))
                    .at(source, span, format!("the theme has {}", list(choices())))
                    .suggest(text, choices());
                Err(Box::new(diagnostic))
            }
            OptionKind::Choice { .. } | OptionKind::Text(_) => Ok(text),
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

fn declared(reader: &mut YamlReader, node: &Node) -> Option<IndexMap<String, OptionKind>> {
    let Value::Map(options) = &node.value else {
        reader.wrong_type(node, Expected::Mapping, "options are written as `name: { … }` lines");
        return None;
    };
    let read = options.iter().filter_map(|(key, node)| Some((key.text.clone(), kind(reader, node)?)));
    Some(read.collect())
}

fn kind(reader: &mut YamlReader, node: &Node) -> Option<OptionKind> {
    let mut entries = Entries::of(reader, node, &OPTION_KEYS)?;
    let colour = entries.read(reader, "colour", colour).map(OptionKind::Colour);
    let file = entries.read(reader, "file", text);
    let choices = entries.read(reader, "choice", choices);
    let choice = choices.map(|choices| OptionKind::Choice { choices, file });
    let any = entries.read(reader, "text", any_text).map(OptionKind::Text);
    let has_one = entries.given().len() == 1;
    if !has_one {
        let message = "an option is a `colour`, a `choice` or a `text`";
        reader.error(Rule::BadThemeOption, entries.span, message, "needs exactly one of the three");
    }
    entries.finish(reader);
    colour.or(choice).or(any).filter(|_| has_one)
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
    if text.is_empty() {
        return Some(text);
    }
    match colour_error(reader.source, &text, node.span) {
        Some(diagnostic) => {
            reader.diagnostics.push(diagnostic);
            None
        }
        None => Some(text),
    }
}

/// Checks a file in `static/`.
fn file_error(
    source: &Arc<SourceText>,
    (text, span): (&str, Span),
    end: &str,
    files: &StaticFiles,
) -> Option<Diagnostic> {
    let of_type = |name: &str| name.strip_suffix(end).is_some_and(|name| name.ends_with('.'));
    if !of_type(text) {
        let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("`{text}` is not a `.{end}` file"));
        return Some(diagnostic.at(source, span, "a file of this type is expected here"));
    }
    match files.get(text) {
        Some(StaticFile { content, .. }) if content.problem.is_some() => {
            let found = content.to_diagnostic(&format!("static/{text}"))?;
            let diagnostic = Diagnostic::error(Rule::BadThemeOption, found.message).at(source, span, "broken file");
            // A file of another type would be of no use under another name.
            let is_convertible = matches!(content.problem, Some(ContentProblem::OtherFormat(_)))
                && !matches!(content.format, Some(FileFormat::Html | FileFormat::Text));
            return Some(match is_convertible {
                true => {
                    diagnostic.help(format!("convert the file to `{end}`: another name does not change its content"))
                }
                false => found.help.into_iter().fold(diagnostic, Diagnostic::help),
            });
        }
        Some(StaticFile { font: Some(Err(problem)), .. }) => {
            let message = format!("`static/{text}` {}", problem.described());
            let diagnostic =
                Diagnostic::error(Rule::BadThemeOption, message).at(source, span, "no browser shows this font");
            return Some(diagnostic.help("export or download the font again, as one WOFF2 file"));
        }
        Some(_) => return None,
        None => {}
    }
    let diagnostic = Diagnostic::error(Rule::BadThemeOption, format!("the site has no file `static/{text}`"))
        .at(source, span, "no such file")
        .suggest(text, files.keys().map(String::as_str).filter(|name| of_type(name)));
    Some(diagnostic.or_help("put the file into `static/`, and write its path there"))
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
