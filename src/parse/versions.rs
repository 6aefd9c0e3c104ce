//! Versions of a page: the front matter of each, which is the page's with what the version says itself in its place, and the
//! blocks of the text that each shows.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::blocks::{self, BodyItem};
use super::merge::{Joins, MapEntries, Merge};
use crate::diagnostics::Diagnostic;
use crate::digest::{FastHasher, fast_hasher};
use crate::model::body::{AttributeValue, BlockLine};
use crate::model::page::FrontMatter;
use crate::model::variant::Version;
use crate::model::versions::Versions;
use crate::rules::Rule;
use crate::source::SourceText;
use crate::yaml::{Node, Value, YamlReader};

/// The attribute of a block that only one version shows.
const ATTRIBUTE: &str = "version";
/// The block around any text of one version.
const ONLY: &str = "only";

/// Which version of a text is read.
#[derive(Clone, Copy)]
pub struct Shown<'v> {
    pub version: Version,
    /// The versions of the page. `None` for a page without any, on which no block can name one.
    pub of: Option<&'v Versions>,
}

impl Shown<'_> {
    /// The text of a page without versions.
    pub const ONLY: Shown<'static> = Shown { version: Version::A, of: None };
}

/// Reads the front matter of a page in one of its versions. That of `a` has the page's `aliases`.
pub fn front_matter(
    source: &Arc<SourceText>,
    range: Range<usize>,
    content: Version,
    keeps_aliases: bool,
) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let (root, mut reader) = YamlReader::parse(source, range);
    let Some(Node { span, value: Value::Map(mut entries) }) = root else { return (None, reader.diagnostics) };
    let own = content_of(&entries, content);
    let titles = titles(&entries, &entries);
    if !keeps_aliases {
        entries.retain(|(key, _)| key.text != "aliases");
    }
    if let Some(own) = own {
        Merge::new(&mut reader, Joins::Version).version(&mut entries, own);
    }
    let front = FrontMatter::read(&mut reader, &Node { span, value: Value::Map(entries) });
    (front.map(|front| with_titles(front, titles)), reader.diagnostics)
}

/// Returns the titles of a page, `a`, and of its versions. `versions` has what they have of their own.
pub fn titles(entries: &MapEntries, versions: &MapEntries) -> Vec<(Version, String)> {
    let title = |entries: &MapEntries| {
        let (_, node) = entries.iter().find(|(key, _)| key.text == "title")?;
        if let Value::Scalar { text, .. } = &node.value { Some(text.clone()) } else { None }
    };
    let of_versions = (b'b'..=b'z').filter_map(|letter| {
        let version = Version::parse(&char::from(letter).to_string())?;
        Some((version, title(&content_of(versions, version)?)?))
    });
    let of_page = title(entries).map(|title| (Version::A, title));
    of_page.into_iter().chain(of_versions).collect()
}

/// Adds the titles to front matter with versions.
pub fn with_titles(mut front: FrontMatter, titles: Vec<(Version, String)>) -> FrontMatter {
    if let Some(versions) = &mut front.versions {
        versions.titles = titles;
    }
    front
}

/// Returns what a version has of its own.
pub fn content_of(entries: &MapEntries, version: Version) -> Option<MapEntries> {
    let (_, versions) = entries.iter().find(|(key, _)| key.text == "versions")?;
    let Value::Map(versions) = &versions.value else { return None };
    let (_, content) = versions.iter().find(|(key, _)| Version::parse(&key.text) == Some(version))?;
    match &content.value {
        Value::Map(own) => Some(own.clone()),
        _ => None,
    }
}

/// Returns what a version has of its own, in the front matter of a file.
pub fn content_in(source: &Arc<SourceText>, range: Range<usize>, version: Version) -> Option<MapEntries> {
    match YamlReader::parse(source, range).0?.value {
        Value::Map(entries) => content_of(&entries, version),
        _ => None,
    }
}

/// Returns the version that won, as far as it can be read.
pub fn winner_of(entries: &MapEntries) -> Option<Version> {
    let (_, winner) = entries.iter().find(|(key, _)| key.text == "winner")?;
    match &winner.value {
        Value::Scalar { text, .. } => Version::parse(text),
        _ => None,
    }
}

/// Returns the texts of the declared versions that a translation does not have: `versions.b.title`.
pub fn untranslated(entries: &MapEntries, own: &MapEntries) -> Vec<String> {
    let Some((_, Node { value: Value::Map(versions), .. })) = entries.iter().find(|(key, _)| key.text == "versions")
    else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for version in versions.iter().filter_map(|(key, _)| Version::parse(&key.text)) {
        let texts = |entries: &MapEntries| content_of(entries, version).map(|own| texts_of(&own)).unwrap_or_default();
        let given = texts(own);
        let missing = texts(entries).into_iter().filter(|name| !given.contains(name));
        names.extend(missing.map(|name| format!("versions.{version}.{name}")));
    }
    names
}

/// Returns the texts of a version: `title`, `ctas.save.label`.
fn texts_of(content: &MapEntries) -> Vec<String> {
    let mut names = Vec::new();
    for (key, node) in content {
        match (&*key.text, &node.value) {
            (name @ ("title" | "summary" | "image_alt"), _) => names.push(name.to_owned()),
            ("ctas", Value::Map(ctas)) => {
                for (id, cta) in ctas {
                    let Value::Map(cta) = &cta.value else { continue };
                    let texts = cta.iter().filter(|(key, _)| matches!(&*key.text, "label" | "note" | "thanks"));
                    names.extend(texts.map(|(key, _)| format!("ctas.{}.{}", id.text, key.text)));
                }
            }
            _ => {}
        }
    }
    names
}

/// Removes the problems that the page as written has too.
pub fn only_new(diagnostics: &mut Vec<Diagnostic>, known: &[Diagnostic]) {
    diagnostics.retain(|diagnostic| !known.iter().any(|known| known.is_same(diagnostic)));
}

/// Returns whether a text has blocks of single versions.
pub fn are_in(items: &[BodyItem]) -> bool {
    items.iter().any(|item| match item {
        BodyItem::Markdown(_) => false,
        BodyItem::Block { opening, items } => {
            let names_version = opening.attributes.iter().any(|attribute| attribute.name == ATTRIBUTE);
            names_version || opening.name == ONLY || are_in(items)
        }
    })
}

/// Removes the blocks of other versions from a text, and the attribute from the remaining ones. The content of an
/// `only` remains. Reports versions that the page does not have.
pub fn show(source: &Arc<SourceText>, items: &mut Vec<BodyItem>, shown: Shown, diagnostics: &mut Vec<Diagnostic>) {
    show_inside(source, items, shown, None, diagnostics);
}

/// `around` is the version of the blocks around the items.
fn show_inside(
    source: &Arc<SourceText>,
    items: &mut Vec<BodyItem>,
    shown: Shown,
    around: Option<Version>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for item in std::mem::take(items) {
        let BodyItem::Block { mut opening, items: mut inner } = item else {
            items.push(item);
            continue;
        };
        let line = opening.span;
        let names_version = opening.attributes.iter().any(|attribute| attribute.name == ATTRIBUTE);
        let version = version_of(source, &mut opening, shown, diagnostics);
        if opening.name == ONLY && !(names_version && opening.attributes.is_empty()) {
            let diagnostic = Diagnostic::error(Rule::BadVersion, "`only` takes a version, and nothing else");
            let diagnostic = diagnostic.at(source, line, "for the text of one version");
            diagnostics.push(diagnostic.help("write it as in `::: only version=b`"));
        }
        if let (Some(version), Some(around)) =
            (version, around.filter(|around| version.is_some_and(|it| it != *around)))
        {
            let message = format!("this block is in one of version `{around}`, so no visitor sees it");
            let diagnostic = Diagnostic::error(Rule::BadVersion, message);
            let diagnostic = diagnostic.at(source, line, format!("only in version `{version}`"));
            diagnostics.push(diagnostic.help("move it out of the other block"));
        }
        if version.is_some_and(|version| version != shown.version) {
            continue;
        }
        show_inside(source, &mut inner, shown, version.or(around), diagnostics);
        match opening.name == ONLY {
            true => items.append(&mut inner),
            false => items.push(BodyItem::Block { opening, items: inner }),
        }
    }
}

/// Takes the version from the line that opens a block.
fn version_of(
    source: &Arc<SourceText>,
    opening: &mut BlockLine,
    shown: Shown,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Version> {
    let at = opening.attributes.iter().position(|attribute| attribute.name == ATTRIBUTE)?;
    let attribute = opening.attributes.remove(at);
    let mut report = |message: String, label: &str, help: String| {
        diagnostics.push(Diagnostic::error(Rule::BadVersion, message).at(source, attribute.span, label).help(help));
    };
    let version = match &attribute.value {
        AttributeValue::Text(text) => Version::parse(text),
        AttributeValue::Flag => None,
    };
    let Some(version) = version else {
        let help = "write the letter of one version, as in `version=b`".to_owned();
        report("this block names no version".to_owned(), "a version is a letter", help);
        return None;
    };
    match shown.of {
        Some(versions) if versions.has(version) => return Some(version),
        Some(versions) => {
            let help = format!("the page has {}", versions.names());
            report(format!("unknown version `{version}`"), "not declared in `versions`", help);
        }
        None => {
            let help = match version {
                Version::A => format!("remove `{ATTRIBUTE}=a`, or declare a version to test the page against"),
                _ => "declare it in the front matter, as in `versions: { b: { title: … } }`".to_owned(),
            };
            report(format!("unknown version `{version}`"), "this page has no versions", help);
        }
    }
    None
}

/// A hash of the blocks of a body that only one version shows. It is only valid within one run.
pub fn blocks_hash(source: &Arc<SourceText>, body: Range<usize>, version: Version) -> u64 {
    let items = blocks::split(source, body, &mut Vec::new());
    let mut hasher = fast_hasher();
    hash_own(source, &items, version, false, &mut hasher);
    hasher.finish()
}

/// `is_own`: the items are in a block that only this version shows.
fn hash_own(source: &SourceText, items: &[BodyItem], version: Version, is_own: bool, hasher: &mut FastHasher) {
    for item in items {
        match item {
            BodyItem::Markdown(range) if is_own => source.text[range.clone()].trim().hash(hasher),
            BodyItem::Markdown(_) => {}
            BodyItem::Block { opening, items } => {
                let named = opening.attributes.iter().find(|attribute| attribute.name == ATTRIBUTE);
                let is_version = |value: &AttributeValue| matches!(value, AttributeValue::Text(text) if Version::parse(text) == Some(version));
                let is_own = match named {
                    Some(named) => is_version(&named.value),
                    None => is_own,
                };
                if is_own {
                    let others = opening.attributes.iter().filter(|attribute| attribute.name != ATTRIBUTE);
                    (&opening.name, others.map(|other| (&other.name, &other.value)).collect::<Vec<_>>()).hash(hasher);
                }
                hash_own(source, items, version, is_own, hasher);
            }
        }
    }
}
