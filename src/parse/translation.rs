//! Front matter of translations: the original's, with what the translation says itself in its place. The two are joined
//! as trees, so one reader checks both, and everything after it sees a page like any other.

use std::ops::Range;
use std::sync::Arc;

use super::front_matter;
use crate::diagnostics::{Diagnostic, Severity, list, nearest};
use crate::digest::digest;
use crate::model::cta;
use crate::model::page::{self, FrontMatter, Translation};
use crate::model::site::SiteLanguage;
use crate::model::variant::Language;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};
use crate::yaml::values::located_text;
use crate::yaml::{MapKey, Node, Value, YamlReader};

/// The place of everything that comes from the original: the `---` of the translation.
pub const INHERITED: Span = Span { start: 0, end: 3 };

/// The key with the digest of the translated original.
pub const ORIGINAL: &str = "original";

/// The keys of a page that a translation may change.
const TRANSLATED: [&str; 13] = [
    "title",
    "summary",
    "slug",
    "aliases",
    "draft",
    "image",
    "image_alt",
    "owner",
    "topics",
    "product",
    "extra",
    "per_channel",
    "ctas",
];
/// The keys of a page that are texts.
const TEXTS: [&str; 3] = ["title", "summary", "image_alt"];
/// The keys that a translation has of its own or not at all.
const NOT_INHERITED: [&str; 2] = ["aliases", "per_channel"];
/// The keys of a call to action that a translation may change, besides those of its kind.
const TRANSLATED_OF_CTA: [&str; 4] = ["label", "note", "deliver_to", "thanks"];
/// The keys of offers that are days, or decide about them.
const DAYS: [&str; 7] = ["expires", "starts", "ends", "moved_from", "state", "dates", "timezone"];
/// The ways of one offer, of which it has one.
const WAYS: [&str; 4] = ["url", "form", "whatsapp", "phone"];

/// A page that a file translates.
pub struct Original {
    pub language: Language,
    /// Relative to `content/`.
    pub file: String,
    /// `None` if there is no such page, or if it cannot be read.
    pub source: Option<Arc<SourceText>>,
    pub exists: bool,
}

/// The front matter of a translation.
pub struct ReadTranslation {
    pub front: FrontMatter,
    pub translation: Translation,
    /// The original has errors, which are reported there.
    pub is_broken: bool,
}

/// Returns the language of a file, and the file of the original: `index.de.md` translates `index.md`.
pub fn original_of<'l>(file: &str, languages: &'l [SiteLanguage]) -> Option<(&'l Language, String)> {
    if languages.is_empty() {
        return None;
    }
    let (base, end) = file.strip_suffix(".md")?.rsplit_once('.')?;
    let language = languages.iter().map(|language| &language.language);
    let language = language.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(end))?;
    (!base.is_empty() && !base.ends_with('/')).then(|| (language, format!("{base}.md")))
}

/// Whether the name of a file ends with something that has the form of a language.
pub fn may_be_translation(file: &str) -> bool {
    let end = file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.'));
    end.is_some_and(|(_, end)| Language::parse(end).is_some())
}

/// Returns the error for a translation without an original.
pub fn without_original(source: &Arc<SourceText>, original: &Original) -> Diagnostic {
    let name = original.file.rsplit('/').next().unwrap_or_default();
    Diagnostic::error(Rule::BadTranslation, format!("this page translates `{}`, which does not exist", original.file))
        .in_file(&source.path)
        .help(format!("write the page in the site's main language first, as `{name}`, or rename this file"))
}

/// Returns the error for a translation without a text of its own, where the original would be shown in a second language.
pub fn empty_body(source: &Arc<SourceText>, body: Range<usize>) -> Option<Diagnostic> {
    if !source.text[body].trim().is_empty() {
        return None;
    }
    let diagnostic = Diagnostic::error(Rule::BadTranslation, "this translation has no text").in_file(&source.path);
    Some(diagnostic.help("translate the text of the original below the second `---`"))
}

/// Reads the front matter of a translation. Returns `None` if it cannot be read as a mapping, or if the original cannot be
/// read, which is reported there.
pub fn read(
    source: &Arc<SourceText>,
    range: Range<usize>,
    original: &Original,
) -> (Option<ReadTranslation>, Vec<Diagnostic>) {
    let (root, mut reader) = YamlReader::parse(source, range);
    let Some(inherited) = original.source.as_ref().and_then(front_of) else { return (None, reader.diagnostics) };
    let Some(root) = root else { return (None, reader.diagnostics) };
    let Value::Map(own) = root.value else {
        // The reader reports it.
        FrontMatter::read(&mut reader, &root);
        return (None, reader.diagnostics);
    };
    let mut merge = Merge { reader: &mut reader, untranslated: Vec::new(), translated: None };
    let entries = merge.page(inherited, own);
    let Merge { untranslated, translated, .. } = merge;
    let merged = Node { span: root.span, value: Value::Map(entries) };
    let front = FrontMatter::read(&mut reader, &merged);
    let is_broken = drop_those_of_original(&mut reader.diagnostics, original);
    let translation = Translation {
        language: original.language.clone(),
        original: original.file.clone(),
        digest: original.source.as_ref().map(|source| digest_of(&source.text)).unwrap_or_default(),
        translated,
        untranslated,
    };
    (front.map(|front| ReadTranslation { front, translation, is_broken }), reader.diagnostics)
}

/// Removes the problems of values that come from the original, because they are reported there. An error that only the
/// translation has, such as a key without another one, remains. Returns whether an error was removed.
fn drop_those_of_original(diagnostics: &mut Vec<Diagnostic>, original: &Original) -> bool {
    let is_inherited = |diagnostic: &Diagnostic| {
        let mut labels = diagnostic.labels.iter();
        labels.next().is_some_and(|label| label.span == INHERITED)
    };
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    let has_error = diagnostics.iter().any(|diagnostic| is_inherited(diagnostic) && is_error(diagnostic));
    let is_wrong_too = || {
        let source = original.source.as_ref()?;
        let (_, of_original) = front_matter::read(source, front_matter::split(source).ok()?.yaml);
        Some(of_original.iter().any(is_error))
    };
    let keeps_errors = has_error && is_wrong_too() == Some(false);
    diagnostics.retain(|diagnostic| !is_inherited(diagnostic) || keeps_errors && is_error(diagnostic));
    has_error && !keeps_errors
}

/// Returns the digest by which a translation remembers the text of its original.
pub fn digest_of(text: &str) -> String {
    digest(text.as_bytes())[..10].to_owned()
}

/// Returns the entries of the original's front matter. `None` if it has syntax errors.
fn front_of(source: &Arc<SourceText>) -> Option<Vec<(MapKey, Node)>> {
    let parts = front_matter::split(source).ok()?;
    let (root, reader) = YamlReader::parse(source, parts.yaml);
    match root?.value {
        Value::Map(entries) if !reader.partial => Some(entries.into_iter().map(inherited_entry).collect()),
        _ => None,
    }
}

fn inherited_entry((key, node): (MapKey, Node)) -> (MapKey, Node) {
    (MapKey { span: INHERITED, ..key }, inherited(node))
}

fn inherited(node: Node) -> Node {
    let value = match node.value {
        Value::Map(entries) => Value::Map(entries.into_iter().map(inherited_entry).collect()),
        Value::List(items) => Value::List(items.into_iter().map(inherited).collect()),
        scalar @ (Value::Scalar { .. } | Value::Null) => scalar,
    };
    Node { span: INHERITED, value }
}

type MapEntries = Vec<(MapKey, Node)>;

/// Joins two trees, and reports what a translation cannot change.
struct Merge<'r, 's> {
    reader: &'r mut YamlReader<'s>,
    untranslated: Vec<String>,
    translated: Option<Located<String>>,
}

impl Merge<'_, '_> {
    fn page(&mut self, mut entries: MapEntries, own: MapEntries) -> MapEntries {
        entries.retain(|(key, _)| !NOT_INHERITED.contains(&&*key.text));
        let has = |own: &MapEntries, name: &str| own.iter().any(|(key, _)| key.text == name);
        let is_misspelt = own.iter().any(|(key, _)| nearest(&key.text, ["title"]).is_some());
        if !has(&own, "title") && !self.reader.partial && !is_misspelt {
            let span = own.first().map_or(INHERITED, |(first, _)| first.span);
            let (message, label) = ("`title` is missing", "a translation has a title of its own");
            self.reader.error_with_help(Rule::MissingKey, span, message, label, "add a line `title: …`");
        }
        if has(&own, "image") && !has(&own, "image_alt") {
            entries.retain(|(key, _)| key.text != "image_alt");
        }
        let untranslated = TEXTS.into_iter().filter(|name| has(&entries, name) && !has(&own, name));
        self.untranslated.extend(untranslated.map(str::to_owned));
        let has_ctas = has(&own, "ctas");
        for (key, node) in own {
            match &*key.text {
                ORIGINAL => self.translated = located_text(self.reader, &node),
                "ctas" => self.ctas(&mut entries, key, node),
                "product" | "extra" => merge_maps(&mut entries, key, node),
                name if TRANSLATED.contains(&name) => put(&mut entries, key, node),
                name if page::KEYS.key(name).is_some() => self.fixed(&key, &TRANSLATED),
                // The reader reports unknown keys.
                _ => put(&mut entries, key, node),
            }
        }
        if !has_ctas {
            self.untranslated_ctas(&mut entries, &[]);
        }
        entries
    }

    /// Reports a key that a translation cannot have.
    fn fixed(&mut self, key: &MapKey, translated: &[&str]) {
        let message = format!("a translation cannot change `{}`", key.text);
        let help =
            format!("remove this key: it is as in the original. A translation has {}", list(translated.to_vec()));
        self.reader.error_with_help(Rule::BadTranslation, key.span, message, "set in the original", help);
    }

    fn ctas(&mut self, entries: &mut MapEntries, key: MapKey, own: Node) {
        let Value::Map(own) = own.value else { return put(entries, key, own) };
        let Some(Value::Map(ctas)) = value_of(entries, "ctas") else {
            let message = "the original has no calls to action";
            let help = "add them to the original, or remove this key";
            return self.reader.error_with_help(Rule::BadTranslation, key.span, message, "nothing to translate", help);
        };
        let mut given = Vec::new();
        for (id, own) in own {
            given.push(id.text.clone());
            let Some((_, original)) = ctas.iter_mut().find(|(known, _)| known.text == id.text) else {
                let message = format!("the original has no call to action `{}`", id.text);
                let diagnostic = Diagnostic::error(Rule::BadTranslation, message)
                    .at(self.reader.source, id.span, "nothing to translate")
                    .suggest(&id.text, ctas.iter().map(|(known, _)| &*known.text))
                    .or_help("add it to the original, or remove it here");
                self.reader.diagnostics.push(diagnostic);
                continue;
            };
            match (&mut original.value, own.value) {
                (Value::Map(original), Value::Map(own)) => self.cta(original, &id, own),
                (_, value) => *original = Node { span: own.span, value },
            }
        }
        self.untranslated_ctas(entries, &given);
    }

    /// Lists the calls to action that are not in `given`, and removes their texts for thank-you pages: the theme's are in
    /// the language of the page.
    fn untranslated_ctas(&mut self, entries: &mut MapEntries, given: &[String]) {
        let Some(Value::Map(ctas)) = value_of(entries, "ctas") else { return };
        for (id, cta) in ctas.iter_mut().filter(|(id, _)| !given.contains(&id.text)) {
            let Value::Map(cta) = &mut cta.value else { continue };
            self.untranslated_texts(cta, &id.text, &[]);
        }
    }

    fn untranslated_texts(&mut self, cta: &mut MapEntries, id: &str, given: &[String]) {
        let is_untranslated =
            |name: &&str| cta.iter().any(|(key, _)| key.text == *name) && !given.iter().any(|g| g == name);
        let untranslated = ["label", "note", "thanks"].into_iter().filter(is_untranslated);
        self.untranslated.extend(untranslated.map(|name| format!("ctas.{id}.{name}")));
        cta.retain(|(key, _)| key.text != "thanks" || given.contains(&key.text));
    }

    fn cta(&mut self, original: &mut MapEntries, id: &MapKey, own: MapEntries) {
        let given: Vec<String> = own.iter().map(|(key, _)| key.text.clone()).collect();
        self.untranslated_texts(original, &id.text, &given);
        for (key, node) in own {
            let name = &*key.text;
            if cta::KEYS.one_of.contains(&name) {
                match (value_of(original, name), node.value) {
                    (Some(Value::Map(original)), Value::Map(own)) => self.offer(original, own),
                    (Some(original), value) => *original = value,
                    (None, _) => {
                        let kind =
                            cta::KEYS.one_of.iter().find(|kind| original.iter().any(|(key, _)| key.text == **kind));
                        let message = format!("a translation cannot change the kind of `{}`", id.text);
                        let label = format!("a {} in the original", kind.copied().unwrap_or("call to action"));
                        let help = "add another call to action to the original instead";
                        self.reader.error_with_help(Rule::BadTranslation, key.span, message, label, help);
                    }
                }
            } else if TRANSLATED_OF_CTA.contains(&name) || cta::KEYS.key(name).is_none() {
                put(original, key, node);
            } else {
                self.fixed(&key, &TRANSLATED_OF_CTA);
            }
        }
    }

    fn offer(&mut self, original: &mut MapEntries, own: MapEntries) {
        let gives = |names: &[&str]| own.iter().any(|(key, _)| names.contains(&&*key.text));
        if gives(&WAYS) {
            // `text` belongs to `whatsapp`.
            let keeps_text = gives(&["whatsapp"]);
            original.retain(|(key, _)| !WAYS.contains(&&*key.text) && (key.text != "text" || keeps_text));
        }
        for (key, node) in own {
            match DAYS.contains(&&*key.text) {
                true => {
                    let message = format!("a translation cannot change `{}`", key.text);
                    let (label, help) = ("set in the original", "remove this key: days are the same in all languages");
                    self.reader.error_with_help(Rule::BadTranslation, key.span, message, label, help);
                }
                false => put(original, key, node),
            }
        }
    }
}

fn value_of<'e>(entries: &'e mut MapEntries, name: &str) -> Option<&'e mut Value> {
    entries.iter_mut().find(|(key, _)| key.text == name).map(|(_, node)| &mut node.value)
}

/// Replaces an entry, or adds it.
fn put(entries: &mut MapEntries, key: MapKey, node: Node) {
    match entries.iter_mut().find(|(known, _)| known.text == key.text) {
        Some(entry) => *entry = (key, node),
        None => entries.push((key, node)),
    }
}

/// Replaces the entries of a mapping that are given, and keeps the others.
fn merge_maps(entries: &mut MapEntries, key: MapKey, node: Node) {
    let known = entries.iter_mut().find(|(known, _)| known.text == key.text);
    match (known, node.value) {
        (Some((known, Node { value: Value::Map(original), span })), Value::Map(own)) => {
            *known = key;
            *span = node.span;
            own.into_iter().for_each(|(key, node)| put(original, key, node));
        }
        (_, value) => put(entries, key, Node { span: node.span, value }),
    }
}
