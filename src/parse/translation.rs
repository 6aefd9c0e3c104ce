//! Front matter of translations: the original's, with what the translation says itself in its place. The two are joined
//! as trees, so one reader checks both, and everything after it sees a page like any other.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::merge::{INHERITED, Joins, MapEntries, Merge};
use super::{front_matter, versions};
use crate::diagnostics::{Diagnostic, Severity};
use crate::digest::digest;
use crate::model::page::{FrontMatter, TranslatedText, Translation};
use crate::model::site::SiteLanguage;
use crate::model::variant::{Language, Version};
use crate::model::versions::declared;
use crate::rules::Rule;
use crate::source::SourceText;
use crate::yaml::{MapKey, Node, Value, YamlReader};

/// A page with translations. Its front matter is parsed once for itself and for all of them.
pub struct Original {
    /// Relative to `content/`.
    pub file: String,
    pub exists: bool,
    /// `None` if there is no such page, or if it cannot be read.
    text: Option<OriginalText>,
}

struct OriginalText {
    source: Arc<SourceText>,
    /// What is above the body.
    front: Range<usize>,
    /// `None` if they have syntax errors.
    entries: Option<MapEntries>,
}

/// What a file translates, and into which language.
#[derive(Clone, Copy)]
pub struct Translates<'o> {
    pub language: &'o Language,
    pub original: &'o Original,
}

impl Original {
    /// Makes the original of a text. `root` is its front matter, without syntax errors.
    pub fn new(file: &str, source: &Arc<SourceText>, root: Option<Node>) -> Original {
        let front = front_matter::split(source).ok().map(|parts| 0..parts.body.start);
        let entries = match root.map(|root| root.value) {
            Some(Value::Map(entries)) => Some(entries.into_iter().map(inherited_entry).collect()),
            Some(Value::Scalar { .. } | Value::List(_) | Value::Null) | None => None,
        };
        let text = front.map(|front| OriginalText { source: Arc::clone(source), front, entries });
        Original { file: file.to_owned(), exists: true, text }
    }

    /// Parses the front matter of a text, without reporting what is wrong with it.
    pub fn parse(file: &str, source: &Arc<SourceText>) -> Original {
        let parsed = front_matter::split(source).ok().map(|parts| YamlReader::parse(source, parts.yaml));
        let root = parsed.and_then(|(root, reader)| root.filter(|_| !reader.partial));
        Original::new(file, source, root)
    }

    /// An original that cannot be read, or that does not exist.
    pub fn unreadable(file: &str, exists: bool) -> Original {
        Original { file: file.to_owned(), exists, text: None }
    }

    /// Whether a version has offers of its own, which its translations have too.
    /// The text of the front matter. Translations have no other part of the original.
    pub fn front(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.source.text[text.front.clone()])
    }
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

/// An original and its translations among the files to parse, with their places in the list of files.
pub struct Group<'f> {
    pub original: String,
    /// `None` if the original is not among the files.
    pub index: Option<usize>,
    pub translations: Vec<(usize, &'f str, &'f Language)>,
}

/// Returns the files with their translations, in the order of the first file of each group.
pub fn groups<'f>(files: &[&'f str], languages: &'f [SiteLanguage]) -> Vec<Group<'f>> {
    let mut groups: Vec<Group> = Vec::with_capacity(files.len());
    let mut by_original: HashMap<String, usize> = HashMap::with_capacity(files.len());
    for (index, &file) in files.iter().enumerate() {
        let (language, original) = original_of(file, languages).unzip();
        let original = original.unwrap_or_else(|| file.to_owned());
        let group = *by_original.entry(original).or_insert_with_key(|original| {
            groups.push(Group { original: original.clone(), index: None, translations: Vec::new() });
            groups.len() - 1
        });
        match language {
            Some(language) => groups[group].translations.push((index, file, language)),
            None => groups[group].index = Some(index),
        }
    }
    groups
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

/// Reads the front matter of a translation in one of its versions; `None` is what it shows at its own address. Returns
/// `None` if it cannot be read as a mapping, or if the original cannot be read, which is reported there.
pub fn read(
    source: &Arc<SourceText>,
    range: Range<usize>,
    translates: Translates,
    version: Option<Version>,
) -> (Option<ReadTranslation>, Vec<Diagnostic>) {
    let Translates { language, original } = translates;
    let (root, mut reader) = YamlReader::parse(source, range);
    let Some(text) = &original.text else { return (None, reader.diagnostics) };
    let Some(mut inherited) = text.entries.clone() else { return (None, reader.diagnostics) };
    let Some(root) = root else { return (None, reader.diagnostics) };
    let Value::Map(own) = root.value else {
        // The reader reports it.
        FrontMatter::read(&mut reader, &root);
        return (None, reader.diagnostics);
    };
    let (own_versions, own): (MapEntries, MapEntries) = own.into_iter().partition(|(key, _)| key.text == "versions");
    let of_versions = versions::untranslated(&inherited, &own_versions);
    let has_versions = inherited.iter().any(|(key, _)| key.text == "versions");
    let titles = if has_versions { versions::titles(&own, &own_versions) } else { Vec::new() };
    let content = version.or_else(|| versions::winner_of(&inherited));
    let content_in = |entries: &MapEntries| versions::content_of(entries, content?);
    check_versions(&mut reader, &inherited, &own_versions);
    if let Some(theirs) = content_in(&inherited) {
        Merge::new(&mut reader, Joins::Version).version(&mut inherited, theirs);
    }
    let mut merge = Merge::new(&mut reader, Joins::Translation);
    let mut entries = merge.page(inherited, own);
    let Merge { mut untranslated, translated, .. } = merge;
    untranslated.extend(of_versions);
    if let Some(own) = content_in(&own_versions) {
        Merge::new(&mut reader, Joins::Version).version(&mut entries, own);
    }
    let merged = Node { span: root.span, value: Value::Map(entries) };
    let front = FrontMatter::read(&mut reader, &merged).map(|front| versions::with_titles(front, titles));
    let is_broken = drop_those_of_original(&mut reader.diagnostics, &text.source, content);
    let translation = Translation {
        language: language.clone(),
        original: original.file.clone(),
        translated: translated.map(|translated| TranslatedText { translated, today: digest_of(&text.source.text) }),
        untranslated,
    };
    (front.map(|front| ReadTranslation { front, translation, is_broken }), reader.diagnostics)
}

/// Reports the versions of a translation that the original does not have.
fn check_versions(reader: &mut YamlReader, original: &MapEntries, own: &MapEntries) {
    let names = |entries: &MapEntries| {
        let versions = entries.iter().find(|(key, _)| key.text == "versions").map(|(_, node)| &node.value);
        match versions {
            Some(Value::Map(versions)) => versions.iter().map(|(key, _)| (key.text.clone(), key.span)).collect(),
            _ => Vec::new(),
        }
    };
    let known = names(original);
    for (_, node) in own {
        declared(reader, node);
    }
    let is_version = |name: &str| Version::parse(name).is_some_and(|version| version != Version::A);
    // What the original declares wrongly is reported there.
    if known.iter().any(|(known, _)| !is_version(known)) {
        return;
    }
    let is_unknown = |name: &str| is_version(name) && known.iter().all(|(known, _)| known != name);
    for (name, span) in names(own).into_iter().filter(|(name, _)| is_unknown(name)) {
        let diagnostic = Diagnostic::error(Rule::BadTranslation, format!("the original has no version `{name}`"))
            .at(reader.source, span, "nothing to translate")
            .suggest(&name, known.iter().map(|(known, _)| &**known))
            .or_help("declare it in the original, or remove it here");
        reader.diagnostics.push(diagnostic);
    }
}

/// Removes the problems of values that come from the original, because they are reported there. An error that only the
/// translation has, such as a key without another one, remains. Returns whether an error was removed.
fn drop_those_of_original(
    diagnostics: &mut Vec<Diagnostic>,
    original: &Arc<SourceText>,
    content: Option<Version>,
) -> bool {
    let is_inherited = |diagnostic: &Diagnostic| {
        let mut labels = diagnostic.labels.iter();
        labels.next().is_some_and(|label| label.span == INHERITED)
    };
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    let has_error = diagnostics.iter().any(|diagnostic| is_inherited(diagnostic) && is_error(diagnostic));
    let is_wrong_too = || {
        let yaml = front_matter::split(original).ok()?.yaml;
        let (_, of_original) = front_matter::read(original, yaml.clone());
        let of_version = content.map(|content| versions::front_matter(original, yaml, content, true).1);
        Some(of_original.iter().chain(of_version.iter().flatten()).any(is_error))
    };
    let keeps_errors = has_error && is_wrong_too() == Some(false);
    diagnostics.retain(|diagnostic| !is_inherited(diagnostic) || keeps_errors && is_error(diagnostic));
    has_error && !keeps_errors
}

/// Returns the digest by which a translation remembers the text of its original.
pub fn digest_of(text: &str) -> String {
    digest(text.as_bytes())[..10].to_owned()
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
