//! The texts of a theme in the site's language: buttons, labels, messages, months. The strings of the default theme are
//! the base; files of the same name in the site's theme replace them, text by text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Time;
use serde_json::{Map, Value as Json};

use super::value::value;
use crate::diagnostics::{Diagnostic, list};
use crate::model::date::When;
use crate::model::site::{RespondWithin, TimeUnit};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::{self, MapKey, Node, Value};

/// Under this key a site has strings of its own, for its own templates.
const OWN: &str = "own";
/// The most missing strings that one message names.
const MAX_NAMES: usize = 8;

/// A tree of texts and lists of texts, with the same keys in every language.
pub struct Strings {
    tree: Json,
}

/// Files of strings by their language: `pt-BR`.
pub type StringFiles = BTreeMap<String, Arc<SourceText>>;

const ENGLISH: &str = "en";

/// The strings of the default theme, read once for all languages of a site.
pub struct Defaults {
    files: StringFiles,
    /// They define the keys.
    english: Map<String, Json>,
}

impl Defaults {
    pub fn read(files: StringFiles, diagnostics: &mut Vec<Diagnostic>) -> Defaults {
        let english = files.get(ENGLISH).map(|source| english(source, diagnostics)).unwrap_or_default();
        Defaults { files, english }
    }
}

/// Loads the strings for a language: the default ones, and over them the site's own.
pub fn load(
    language: &Located<String>,
    site: &Arc<SourceText>,
    defaults: &Defaults,
    own: &StringFiles,
    diagnostics: &mut Vec<Diagnostic>,
) -> Strings {
    let Defaults { files: defaults, english } = defaults;
    let mut strings = english.clone();
    let mut translated = BTreeSet::new();
    for (files, is_own) in [(defaults, false), (own, true)] {
        let mut files: Vec<_> = files.iter().filter(|(name, _)| is_own || *name != ENGLISH).collect();
        // Shorter tags first, so that `pt-BR` replaces texts of `pt`.
        files.sort_by_key(|(name, _)| name.len());
        for (name, source) in files {
            let serves = serves(name, &language.value);
            if !serves && !is_own {
                continue;
            }
            // A site's files in other languages are read only to report their errors.
            let mut unused = if serves { None } else { Some((english.clone(), BTreeSet::new())) };
            let (strings, translated) = match &mut unused {
                Some((strings, translated)) => (strings, translated),
                None => (&mut strings, &mut translated),
            };
            Overlay { source, english, strings, translated, diagnostics }.file();
        }
    }
    diagnostics.extend(missing(language, site, own, english, &translated));
    Strings { tree: Json::Object(strings) }
}

/// Returns whether strings in the language `name` serve a site in `language`: `pt` serves `pt-BR`.
fn serves(name: &str, language: &str) -> bool {
    let (name, language) = (name.to_ascii_lowercase(), language.to_ascii_lowercase());
    name == language || language.strip_prefix(&*name).is_some_and(|rest| rest.starts_with('-'))
}

fn english(source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) -> Map<String, Json> {
    let tree = yaml::read(source, 0..source.text.len(), diagnostics);
    match tree.root.as_ref().map(texts) {
        Some(Json::Object(strings)) => strings,
        _ => Map::new(),
    }
}

/// Converts YAML to a tree of texts. Every scalar is a text here, also `no` and `2027`.
fn texts(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::from(""),
        Value::Scalar { text, .. } => Json::from(&**text),
        Value::List(items) => Json::Array(items.iter().map(texts).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, node)| (key.text.clone(), texts(node))).collect())
        }
    }
}

/// Replaces strings by those of one file, and checks them against the English ones.
struct Overlay<'a> {
    source: &'a Arc<SourceText>,
    english: &'a Map<String, Json>,
    strings: &'a mut Map<String, Json>,
    /// The paths of the strings replaced so far: `fields.name`.
    translated: &'a mut BTreeSet<String>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Overlay<'_> {
    fn file(&mut self) {
        let tree = yaml::read(self.source, 0..self.source.text.len(), self.diagnostics);
        let Some(root) = &tree.root else { return };
        let Value::Map(entries) = &root.value else {
            self.error(root.span, "strings are written as `key: text` lines", "not `key: text` lines", None);
            return;
        };
        let (english, mut strings) = (self.english, std::mem::take(self.strings));
        self.entries(entries, english, &mut strings, "");
        *self.strings = strings;
    }

    fn entries(
        &mut self,
        entries: &[(MapKey, Node)],
        english: &Map<String, Json>,
        strings: &mut Map<String, Json>,
        parent: &str,
    ) {
        for (key, node) in entries {
            if parent.is_empty() && key.text == OWN {
                strings.insert(OWN.to_owned(), texts(node));
                continue;
            }
            let path = format!("{parent}{}", key.text);
            match (english.get(&key.text), &node.value) {
                (None, _) => self.unknown(key, english, parent),
                (Some(_), Value::Null) => {
                    self.error(key.span, &format!("`{path}` has no text"), "nothing after the colon", None);
                }
                (Some(Json::Object(english)), Value::Map(entries)) => {
                    if let Some(Json::Object(strings)) = strings.get_mut(&key.text) {
                        self.entries(entries, english, strings, &format!("{path}."));
                    }
                }
                (Some(Json::Array(english)), Value::List(items)) if english.len() == items.len() => {
                    self.replace(strings, &key.text, texts(node), path);
                }
                (Some(Json::String(english)), Value::Scalar { text, .. }) => {
                    if self.check_placeholders(node, text, english) {
                        self.replace(strings, &key.text, texts(node), path);
                    }
                }
                (Some(english), _) => {
                    let message = format!("`{path}` must be {}", shape_of(english));
                    self.error(node.span, &message, "has another shape", None);
                }
            }
        }
    }

    fn replace(&mut self, strings: &mut Map<String, Json>, key: &str, text: Json, path: String) {
        strings.insert(key.to_owned(), text);
        self.translated.insert(path);
    }

    /// Returns whether the English text has each `{placeholder}` of `text`.
    fn check_placeholders(&mut self, node: &Node, text: &str, english: &str) -> bool {
        let known: Vec<&str> = placeholders(english).collect();
        let Some(unknown) = placeholders(text).find(|name| !known.contains(name)) else { return true };
        let written = format!("{{{unknown}}}");
        let range = node.span.range();
        let span = match self.source.text[range.clone()].find(&written) {
            Some(at) => Span::new(range.start + at, range.start + at + written.len()),
            None => node.span,
        };
        let braced: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
        let help = match &braced[..] {
            [] => "this text has no placeholders: remove the braces".to_owned(),
            _ => format!("this text can have {}", list(braced.iter().map(String::as_str))),
        };
        self.error(span, &format!("unknown placeholder `{written}`"), "has no value here", Some(help));
        false
    }

    fn unknown(&mut self, key: &MapKey, english: &Map<String, Json>, parent: &str) {
        let owner = if parent.is_empty() { "the theme" } else { parent.trim_end_matches('.') };
        let diagnostic = Diagnostic::error(Rule::BadThemeString, format!("unknown string `{parent}{}`", key.text))
            .at(self.source, key.span, format!("{owner} has no such key"))
            .suggest(&key.text, english.keys().map(String::as_str));
        self.diagnostics.push(match diagnostic.help.is_empty() {
            true => diagnostic.help(format!("put the strings of your own templates under `{OWN}:`")),
            false => diagnostic,
        });
    }

    fn error(&mut self, span: Span, message: &str, label: &str, help: Option<String>) {
        let diagnostic = Diagnostic::error(Rule::BadThemeString, message).at(self.source, span, label);
        self.diagnostics.push(help.into_iter().fold(diagnostic, Diagnostic::help));
    }
}

fn shape_of(english: &Json) -> String {
    match english {
        Json::Object(_) => "written as `key: text` lines".to_owned(),
        Json::Array(items) => format!("a list of {} texts", items.len()),
        _ => "one text".to_owned(),
    }
}

/// Returns the names in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Warns about strings that stay English on a site in another language.
fn missing(
    language: &Located<String>,
    site: &Arc<SourceText>,
    own: &StringFiles,
    english: &Map<String, Json>,
    translated: &BTreeSet<String>,
) -> Option<Diagnostic> {
    if serves(ENGLISH, &language.value) {
        return None;
    }
    let file = format!("strings/{}.yaml", language.value);
    if translated.is_empty() {
        let message = format!("the theme has no strings in `{}`", language.value);
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message);
        return Some(diagnostic.at(site, language.span, "buttons and labels stay English").help(format!(
            "copy the theme's `strings/en.yaml` to `{file}` in its folder in `themes/`, and translate it"
        )));
    }
    let all = paths(english, "");
    let missing: Vec<&str> = all.iter().filter(|path| !translated.contains(*path)).map(String::as_str).collect();
    if missing.is_empty() {
        return None;
    }
    let (named, rest) = missing.split_at(missing.len().min(MAX_NAMES));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    let source = own.iter().find(|(name, _)| serves(name, &language.value)).map(|(_, source)| &source.path);
    let names = named.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let diagnostic =
        Diagnostic::warning(Rule::MissingTranslation, format!("some strings are missing in `{}`", language.value))
            .in_file(source.unwrap_or(&site.path))
            .help(format!("add {names}{more}: until then they stay English"));
    Some(diagnostic)
}

/// Returns the paths of all strings: `fields.name`.
fn paths(strings: &Map<String, Json>, parent: &str) -> Vec<String> {
    strings
        .iter()
        .flat_map(|(key, value)| match value {
            Json::Object(children) => paths(children, &format!("{parent}{key}.")),
            _ => vec![format!("{parent}{key}")],
        })
        .collect()
}

impl Strings {
    /// Returns the tree for templates.
    pub fn value(&self) -> tera::Value {
        value(&self.tree)
    }

    /// Returns the text at a path of keys, or an empty text.
    pub fn text(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Json::as_str).unwrap_or_default()
    }

    /// Returns the list of texts at a path of keys, or an empty list.
    pub fn texts(&self, path: &[&str]) -> Vec<&str> {
        self.at(path).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
    }

    fn at(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(&self.tree, |tree, key| tree.get(key))
    }

    /// Formats a date, with its time if it has one: `31 March 2027`.
    pub fn date(&self, when: When) -> String {
        let months = self.texts(&["months"]);
        let month = months.get(usize::from(when.day.month().unsigned_abs()) - 1).copied().unwrap_or_default();
        let day = match when.day.day() {
            1 => self.text(&["first_day"]).to_owned(),
            day => day.to_string(),
        };
        let year = when.day.year().to_string();
        let date = fill(self.text(&["date"]), &[("day", &day), ("month", month), ("year", &year)]);
        match when.time {
            Some(time) => self.with_time(&date, &clock(time)),
            None => date,
        }
    }

    /// Formats a date with its day of the week: `Thursday, 18 March 2027`, with its time if it has one.
    pub fn day(&self, when: When) -> String {
        let day = self.weekday_and_date(when);
        match when.time {
            Some(time) => self.with_time(&day, &clock(time)),
            None => day,
        }
    }

    /// Formats a period: `Thursday, 18 March 2027, 10:00–11:00`. Both have a time, or both are whole days.
    pub fn period(&self, start: When, end: When) -> String {
        match (start.time, end.time) {
            _ if start == end => self.day(start),
            (Some(from), Some(to)) if start.day == end.day => {
                self.with_time(&self.weekday_and_date(start), &format!("{}–{}", clock(from), clock(to)))
            }
            _ => self.filled(&["event", "from_to"], &[("start", &self.day(start)), ("end", &self.day(end))]),
        }
    }

    fn weekday_and_date(&self, when: When) -> String {
        let weekdays = self.texts(&["weekdays"]);
        let position = when.day.weekday().to_monday_zero_offset().unsigned_abs();
        let weekday = weekdays.get(usize::from(position)).copied().unwrap_or_default();
        let date = self.date(When { time: None, ..when });
        self.filled(&["weekday_and_date"], &[("weekday", weekday), ("date", &date)])
    }

    fn with_time(&self, date: &str, time: &str) -> String {
        self.filled(&["date_and_time"], &[("date", date), ("time", time)])
    }

    /// Returns the text at a path of keys with its placeholders replaced.
    pub fn filled(&self, path: &[&str], values: &[(&str, &str)]) -> String {
        fill(self.text(path), values)
    }

    /// Formats a duration: `1 hour`, `2 days`.
    pub fn duration(&self, duration: RespondWithin) -> String {
        let unit = match duration.unit {
            TimeUnit::Minutes => "minutes",
            TimeUnit::Hours => "hours",
            TimeUnit::Days => "days",
        };
        let forms = self.texts(&["durations", unit]);
        let form = if duration.amount == 1 { forms.first() } else { forms.last() };
        fill(form.copied().unwrap_or_default(), &[("count", &duration.amount.to_string())])
    }

    /// Formats a file size in decimal units, as file managers do: `240 kB`.
    pub fn size(&self, bytes: u64) -> String {
        let (unit, count) = match bytes {
            0..1_000 => ("bytes", bytes.to_string()),
            1_000..1_000_000 => ("kilobytes", bytes.div_ceil(1_000).to_string()),
            _ => {
                let mark = self.text(&["decimal_mark"]);
                ("megabytes", format!("{}{mark}{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000))
            }
        };
        fill(self.text(&["sizes", unit]), &[("count", &count)])
    }
}

/// Formats a time: `10:00`.
fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}
