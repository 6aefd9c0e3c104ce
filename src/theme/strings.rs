//! What a theme says in the site's language: buttons, labels, messages, months. The words of `launch` in `strings/` are the
//! ground; those of the theme or the site with the same name lie over them, text by text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::diagnostics::{Diagnostic, list};
use crate::model::date::When;
use crate::model::site::{RespondWithin, TimeUnit};
use crate::yaml::values;
use crate::yaml::{self, MapKey, Node, Value};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// Below this key a site has what only its own templates say.
const OWN: &str = "own";
/// More names than these nobody reads in a message.
const MAX_NAMES: usize = 8;

/// A tree of texts and lists of texts; the same keys in every language.
pub struct Strings {
    tree: Json,
}

/// Files of words by their language: `pt-BR`.
pub type Files = BTreeMap<String, Arc<SourceText>>;

/// The words for a language. `ground` has English, which says which words there are; what `own` has lies over it.
pub fn load(
    language: &Located<String>,
    site: &Arc<SourceText>,
    ground: &Files,
    own: &Files,
) -> (Strings, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let english = ground.get("en").map(|source| english(source, &mut found)).unwrap_or_default();
    let mut said = english.clone();
    let mut known = BTreeSet::new();
    for (files, is_own) in [(ground, false), (own, true)] {
        let mut files: Vec<_> = files.iter().collect();
        // `pt` lies below `pt-BR`.
        files.sort_by_key(|(name, _)| name.len());
        for (name, source) in files {
            let spoken = speaks(name, &language.value);
            let mut over = Over { source, english: &english, said: &mut said, known: &mut known, found: &mut found };
            // Those of other languages are read for their mistakes only.
            match (spoken, is_own) {
                (true, _) => over.file(),
                (false, true) => Over { said: &mut english.clone(), known: &mut BTreeSet::new(), ..over }.file(),
                (false, false) => {}
            }
        }
    }
    found.extend(missing(language, site, own, &english, &known));
    (Strings { tree: Json::Object(said) }, found)
}

/// Whether the words of one language do for another: `pt` for `pt-BR`.
fn speaks(name: &str, language: &str) -> bool {
    let (name, language) = (name.to_ascii_lowercase(), language.to_ascii_lowercase());
    name == language || language.strip_prefix(&*name).is_some_and(|rest| rest.starts_with('-'))
}

fn english(source: &Arc<SourceText>, found: &mut Vec<Diagnostic>) -> Map<String, Json> {
    let tree = yaml::read(source, 0..source.text.len(), found);
    match tree.root.as_ref().map(texts) {
        Some(Json::Object(words)) => words,
        _ => Map::new(),
    }
}

/// A tree of texts: here `no` and `2027` are words, too.
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

/// The laying of one file over what is said already.
struct Over<'a> {
    source: &'a Arc<SourceText>,
    english: &'a Map<String, Json>,
    said: &'a mut Map<String, Json>,
    /// The words that are said in the language itself: `fields.name`.
    known: &'a mut BTreeSet<String>,
    found: &'a mut Vec<Diagnostic>,
}

impl Over<'_> {
    fn file(&mut self) {
        let tree = yaml::read(self.source, 0..self.source.text.len(), self.found);
        let Some(root) = &tree.root else { return };
        let Value::Map(entries) = &root.value else {
            self.wrong(root.span, "words are written as `key: text` lines", "this is none", None);
            return;
        };
        let (english, mut said) = (self.english, std::mem::take(self.said));
        self.entries(entries, english, &mut said, "");
        *self.said = said;
    }

    fn entries(
        &mut self,
        entries: &[(MapKey, Node)],
        english: &Map<String, Json>,
        said: &mut Map<String, Json>,
        above: &str,
    ) {
        for (key, node) in entries {
            if above.is_empty() && key.text == OWN {
                said.insert(OWN.to_owned(), texts(node));
                continue;
            }
            let path = format!("{above}{}", key.text);
            match (english.get(&key.text), &node.value) {
                (None, _) => self.unknown(key, english, above),
                (Some(_), Value::Null) => {
                    self.wrong(key.span, &format!("`{path}` has no words"), "nothing after the colon", None);
                }
                (Some(Json::Object(english)), Value::Map(entries)) => {
                    if let Some(Json::Object(said)) = said.get_mut(&key.text) {
                        self.entries(entries, english, said, &format!("{path}."));
                    }
                }
                (Some(Json::Array(english)), Value::List(items)) if english.len() == items.len() => {
                    self.say(said, &key.text, texts(node), path);
                }
                (Some(Json::String(english)), Value::Scalar { text, .. }) => {
                    if self.values_fit(node, text, english) {
                        self.say(said, &key.text, texts(node), path);
                    }
                }
                (Some(english), _) => {
                    self.wrong(
                        node.span,
                        &format!("`{path}` is {}", shape_of(english)),
                        "this is something else",
                        None,
                    );
                }
            }
        }
    }

    fn say(&mut self, said: &mut Map<String, Json>, key: &str, words: Json, path: String) {
        said.insert(key.to_owned(), words);
        self.known.insert(path);
    }

    /// Each `{value}` is one that the English text has.
    fn values_fit(&mut self, node: &Node, text: &str, english: &str) -> bool {
        let known: Vec<&str> = values(english).collect();
        let Some(unknown) = values(text).find(|value| !known.contains(value)) else { return true };
        let written = format!("{{{unknown}}}");
        let range = node.span.range();
        let span = match self.source.text[range.clone()].find(&written) {
            Some(at) => Span::new(range.start + at, range.start + at + written.len()),
            None => node.span,
        };
        let braced: Vec<String> = known.iter().map(|value| format!("{{{value}}}")).collect();
        let help = match &braced[..] {
            [] => "this text has no values: leave the braces out".to_owned(),
            _ => format!("the values here are {}", list(braced.iter().map(String::as_str))),
        };
        self.wrong(span, &format!("there is no value `{written}`"), "nothing is put here", Some(help));
        false
    }

    fn unknown(&mut self, key: &MapKey, english: &Map<String, Json>, above: &str) {
        let place = if above.is_empty() { "the theme" } else { above.trim_end_matches('.') };
        let diagnostic = Diagnostic::error(Rule::BadThemeString, format!("there are no words `{above}{}`", key.text))
            .at(self.source, key.span, format!("{place} has no such key"))
            .suggest(&key.text, english.keys().map(String::as_str));
        self.found.push(match diagnostic.help.is_empty() {
            true => diagnostic.help(format!("words of your own templates go below `{OWN}:`")),
            false => diagnostic,
        });
    }

    fn wrong(&mut self, span: Span, message: &str, label: &str, help: Option<String>) {
        let diagnostic = Diagnostic::error(Rule::BadThemeString, message).at(self.source, span, label);
        self.found.push(help.into_iter().fold(diagnostic, Diagnostic::help));
    }
}

fn shape_of(english: &Json) -> String {
    match english {
        Json::Object(_) => "written as `key: text` lines".to_owned(),
        Json::Array(items) => format!("a list of {} texts", items.len()),
        _ => "one text".to_owned(),
    }
}

/// The names in braces.
fn values(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// What would be English on a page of another language.
fn missing(
    language: &Located<String>,
    site: &Arc<SourceText>,
    own: &Files,
    english: &Map<String, Json>,
    known: &BTreeSet<String>,
) -> Option<Diagnostic> {
    if speaks("en", &language.value) {
        return None;
    }
    let file = format!("strings/{}.yaml", language.value);
    if known.is_empty() {
        let message = format!("the theme has no words in `{}`", language.value);
        let diagnostic = Diagnostic::warning(Rule::MissingTranslation, message);
        return Some(diagnostic.at(site, language.span, "its buttons and labels are English").help(format!(
            "copy `strings/en.yaml` of the theme to `{file}` in its folder below `themes/`, and translate it"
        )));
    }
    let all = paths(english, "");
    let missing: Vec<&str> = all.iter().filter(|path| !known.contains(*path)).map(String::as_str).collect();
    let (first, rest) = missing.split_at(missing.len().min(MAX_NAMES));
    let others = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    let source = own.iter().find(|(name, _)| speaks(name, &language.value)).map(|(_, source)| &source.path);
    (!missing.is_empty()).then(|| {
        let names = first.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Diagnostic::warning(Rule::MissingTranslation, format!("some words are not there in `{}`", language.value))
            .in_file(source.unwrap_or(&site.path))
            .help(format!("add {names}{others}: until then they are English"))
    })
}

/// The paths of all words: `fields.name`.
fn paths(words: &Map<String, Json>, above: &str) -> Vec<String> {
    words
        .iter()
        .flat_map(|(key, words)| match words {
            Json::Object(below) => paths(below, &format!("{above}{key}.")),
            _ => vec![format!("{above}{key}")],
        })
        .collect()
}

impl Strings {
    /// For templates.
    pub fn value(&self) -> tera::Value {
        crate::render::page::value(&self.tree)
    }

    /// The text at a path of keys; empty where there is none.
    pub fn text(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Json::as_str).unwrap_or_default()
    }

    /// The texts of a list at a path of keys.
    pub fn texts(&self, path: &[&str]) -> Vec<&str> {
        self.at(path).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
    }

    fn at(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(&self.tree, |words, key| words.get(key))
    }

    /// `31 March 2027`, with the time where there is one.
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
            Some(time) => {
                let time = format!("{:02}:{:02}", time.hour(), time.minute());
                fill(self.text(&["date_and_time"]), &[("date", &date), ("time", &time)])
            }
            None => date,
        }
    }

    /// `1 hour`, `2 days`.
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

    /// `240 kB`: decimal units, as file managers and people use them.
    pub fn size(&self, bytes: u64) -> String {
        let (unit, count) = match bytes {
            0..1_000 => ("bytes", bytes.to_string()),
            1_000..1_000_000 => ("kilobytes", bytes.div_ceil(1_000).to_string()),
            _ => {
                let comma = self.text(&["decimal_mark"]);
                ("megabytes", format!("{}{comma}{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000))
            }
        };
        fill(self.text(&["sizes", unit]), &[("count", &count)])
    }
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The filter `fill`: `{{ words.ended_on | fill(date=…) }}`. The words are escaped; a value is, unless it is safe.
pub fn filter_fill(text: &str, kwargs: tera::Kwargs, state: &tera::State) -> tera::TeraResult<tera::Value> {
    let mut parts = text.split('{');
    let mut html = state.escape(parts.next().unwrap_or_default())?;
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                let value: tera::Value = kwargs.must_get(name)?;
                html.push_str(&state.escape_if_needed(&value)?);
                html.push_str(&state.escape(rest)?);
            }
            None => html.push_str(&state.escape(&format!("{{{part}"))?),
        }
    }
    Ok(tera::Value::safe_string(&html))
}

/// What `theme_options` and words are read from: the node of a key at the top of `site.yaml`.
pub fn entry_of_site(source: &Arc<SourceText>, key: &str) -> Option<Node> {
    // Its mistakes were told when the site was read.
    let tree = yaml::read(source, 0..source.text.len(), &mut Vec::new());
    match tree.root?.value {
        Value::Map(entries) => entries.into_iter().find(|(entry, _)| entry.text == key).map(|(_, node)| node),
        _ => None,
    }
}

/// `theme_options` as templates see them where a theme does not say which there are.
pub fn as_written(node: Option<&Node>) -> Json {
    node.map_or_else(|| Json::Object(Map::new()), values::json)
}
