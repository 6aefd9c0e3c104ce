//! Parses source text into pages with front matter and body. Each file is parsed by itself, in parallel.

pub mod blocks;
pub mod dialect;
pub mod front_matter;
pub mod markdown;
pub mod merge;
pub mod notes;
pub mod site_yaml;
pub mod thanks;
pub mod translation;
pub mod versions;

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use anyhow::Context;
use memchr::memmem;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::body_store::outline_cache::OutlineCache;
use crate::body_store::{BodyStore, StoredBody};
use crate::diagnostics::{Diagnostic, Severity};
use crate::digest::{self, fast_hasher};
use crate::model::body::{Body, Outline};
use crate::model::page::{FrontMatter, Page, Translation};
use crate::model::site::SiteLanguage;
use crate::model::variant::Version;
use crate::model::versions::Versions;
use crate::rules::Rule;
use crate::source::SourceText;
use crate::yaml::Node;

use self::front_matter::FileRanges;
pub use self::markdown::quotes::QuotationMarks;
use self::translation::Group;
pub use self::translation::{Original, Translates};
use self::versions::Shown;

/// How many files a thread parses before others can take over the rest of its share. With more, one core has nothing to do at the end.
const FILES_PER_TASK: usize = 32;

/// A Markdown file in `content/`, parsed.
#[derive(Clone)]
pub enum Parsed {
    Page(ParsedPage),
    /// The text or the front matter cannot be read. The error is already reported, and links to the page are not errors.
    Broken {
        file: String,
    },
}

/// A page and its text, in parts with different lifetimes, and its versions.
#[derive(Clone)]
pub struct ParsedPage {
    pub page: Arc<Page>,
    pub body: StoredBody,
    pub outline: Arc<Outline>,
    /// The versions that are tested against it, each a page of its own.
    pub versions: Vec<ParsedPage>,
}

impl Parsed {
    /// Returns the page and its versions. Nothing if it cannot be read.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        let parsed = match self {
            Parsed::Page(page) => Some(page),
            Parsed::Broken { .. } => None,
        };
        parsed
            .into_iter()
            .flat_map(|page| iter::once(&*page.page).chain(page.versions.iter().map(|version| &*version.page)))
    }
}

/// How pages are parsed.
#[derive(Clone, Copy)]
pub struct Settings<'n> {
    pub bodies: Bodies<'n>,
    /// The marks that straight quotation marks become, in the site's main language.
    pub quotes: QuotationMarks,
    /// The languages that pages are translated into.
    pub languages: &'n [SiteLanguage],
}

/// Which bodies are parsed.
#[derive(Clone, Copy)]
pub enum Bodies<'n> {
    All,
    /// All bodies, and the pages keep their source texts, for lint rules.
    AllWithTexts,
    /// Only bodies that may matter for leads, because they link to another campaign's call to action or to a file with one
    /// of these names. Parsing the other bodies would take most of the time.
    ForLeads(&'n HashSet<String>),
    /// All bodies. If the cache has the outline of a page, its body is parsed when it is read.
    New(&'n Known<'n>),
}

/// The texts that an earlier build parsed.
pub struct Known<'n> {
    pub outlines: &'n OutlineCache,
    /// Returns what reads the text of a page again, by its path in `content/`.
    pub reader: &'n (dyn Fn(&str) -> Arc<ReadAgain> + Sync),
}

/// Reads a text again. `None` if it cannot be read.
pub type ReadAgain = dyn Fn() -> Option<Arc<SourceText>> + Send + Sync;

/// A text, or `None` with the reason.
pub type Read = (Option<Arc<SourceText>>, Vec<Diagnostic>);

/// Parses all pages in parallel. `files` are the Markdown files by their paths in `content/`, and `read` returns the text of
/// one. Except for [`Bodies::AllWithTexts`], each text is freed before the next one is read: together they would be a quarter
/// of a build's memory.
///
/// # Errors
///
/// The first error of `read`.
pub fn pages<E: Send>(
    files: &[&str],
    settings: Settings,
    store: &BodyStore,
    read: impl Fn(&str) -> Result<Read, E> + Sync,
) -> Result<Vec<(Parsed, Vec<Diagnostic>)>, E> {
    let one = |file: &str, translates: Option<Translates>| {
        let (source, mut diagnostics) = read(file)?;
        let Some(source) = source else { return Ok((Parsed::Broken { file: file.to_owned() }, diagnostics)) };
        let (parsed, mut in_text) = page(file, &source, translates, settings, store);
        diagnostics.append(&mut in_text);
        Ok((parsed, diagnostics))
    };
    if settings.languages.is_empty() {
        return files.par_iter().with_max_len(FILES_PER_TASK).map(|file| one(file, None)).collect();
    }
    let with_translations = |group: &Group| {
        let mut parsed = Vec::with_capacity(1 + group.translations.len());
        let (source, mut diagnostics) = read(&group.original)?;
        // What is wrong with an original that is not among the files is reported with it.
        let original = match (&source, group.index) {
            (Some(source), Some(index)) => {
                let (page, root, mut in_text) = page_with_tree(&group.original, source, None, settings, store);
                diagnostics.append(&mut in_text);
                parsed.push((index, (page, diagnostics)));
                Original::new(&group.original, source, root)
            }
            (None, Some(index)) => {
                let original = Original::unreadable(&group.original, !diagnostics.is_empty());
                parsed.push((index, (Parsed::Broken { file: group.original.clone() }, diagnostics)));
                original
            }
            (Some(source), None) => Original::parse(&group.original, source),
            (None, None) => Original::unreadable(&group.original, !diagnostics.is_empty()),
        };
        for &(index, file, language) in &group.translations {
            parsed.push((index, one(file, Some(Translates { language, original: &original }))?));
        }
        Ok(parsed)
    };
    let groups = translation::groups(files, settings.languages);
    let parsed: Result<Vec<_>, E> = groups.par_iter().with_max_len(FILES_PER_TASK).map(with_translations).collect();
    let mut parsed: Vec<_> = parsed?.into_iter().flatten().collect();
    parsed.sort_unstable_by_key(|(index, _)| *index);
    Ok(parsed.into_iter().map(|(_, parsed)| parsed).collect())
}

impl Parsed {
    /// The page, if its front matter can be read.
    pub fn page(&self) -> Option<&Page> {
        match self {
            Parsed::Page(parsed) => Some(&parsed.page),
            Parsed::Broken { .. } => None,
        }
    }

    /// The page with its text, if its front matter can be read.
    pub fn parsed_page(&self) -> Option<&ParsedPage> {
        match self {
            Parsed::Page(parsed) => Some(parsed),
            Parsed::Broken { .. } => None,
        }
    }

    /// The path in `content/`.
    pub fn file(&self) -> &str {
        match self {
            Parsed::Page(parsed) => &parsed.page.file,
            Parsed::Broken { file } => file,
        }
    }
}

/// Parses one page with its versions, and puts their bodies into the store. `translates` is what it translates.
pub fn page(
    file: &str,
    source: &Arc<SourceText>,
    translates: Option<Translates>,
    settings: Settings,
    store: &BodyStore,
) -> (Parsed, Vec<Diagnostic>) {
    let (parsed, _, diagnostics) = page_with_tree(file, source, translates, settings, store);
    (parsed, diagnostics)
}

/// As [`page`], with the tree of the front matter, for the translations of the page.
fn page_with_tree(
    file: &str,
    source: &Arc<SourceText>,
    translates: Option<Translates>,
    settings: Settings,
    store: &BodyStore,
) -> (Parsed, Option<Node>, Vec<Diagnostic>) {
    let of_language = |it: Translates| QuotationMarks::of_language(it.language.as_str());
    let quotes = translates.map_or(settings.quotes, of_language);
    let broken = || Parsed::Broken { file: file.to_owned() };
    if let Some(Translates { original, .. }) = translates.filter(|translates| !translates.original.exists) {
        return (broken(), None, vec![translation::without_original(source, original)]);
    }
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(diagnostic) => return (broken(), None, vec![*diagnostic]),
    };
    let page = PageFile { file, source, parts, translates, bodies: settings.bodies, quotes, store };
    let (front, tree, mut diagnostics) = page.front();
    let Some(front) = front else {
        page.body(None, Version::A, &mut diagnostics);
        return (broken(), tree, diagnostics);
    };
    let mut parsed = page.parsed(front, Version::A, &mut diagnostics);
    if let Some(versions) = &Arc::clone(&parsed.page).front.versions {
        for version in versions.tested() {
            let (front, mut in_version) = page.front_of_version(version);
            let Some(front) = front else { continue };
            versions::only_new(&mut in_version, &diagnostics);
            let mut other = page.parsed(front, version, &mut in_version);
            versions::only_new(&mut in_version, &diagnostics);
            Arc::make_mut(&mut other.page).broken |= parsed.page.broken;
            diagnostics.append(&mut in_version);
            parsed.versions.push(other);
        }
    }
    (Parsed::Page(parsed), tree, diagnostics)
}

/// A page that is parsed.
struct PageFile<'p> {
    file: &'p str,
    source: &'p Arc<SourceText>,
    parts: FileRanges,
    translates: Option<Translates<'p>>,
    bodies: Bodies<'p>,
    quotes: QuotationMarks,
    store: &'p BodyStore,
}

/// The front matter of a page.
struct Front {
    front: FrontMatter,
    translation: Option<Translation>,
    /// Values that come from the original have errors, which are reported there.
    is_broken: bool,
}

impl Front {
    fn of(front: FrontMatter) -> Front {
        Front { front, translation: None, is_broken: false }
    }
}

impl PageFile<'_> {
    /// Reads the front matter that the page has at its own address. Returns its tree too, if it has no syntax errors.
    fn front(&self) -> (Option<Front>, Option<Node>, Vec<Diagnostic>) {
        let (source, yaml) = (self.source, self.parts.yaml.clone());
        if let Some(translates) = self.translates {
            let (front, diagnostics) = self.translation(translates, None);
            return (front, None, diagnostics);
        }
        let (front, tree, diagnostics) = front_matter::read_with_tree(source, yaml.clone());
        match front.as_ref().and_then(|front| front.versions.as_ref()?.winner) {
            Some(winner) => {
                let (front, diagnostics) = versions::front_matter(source, yaml, winner.value, true);
                (front.map(Front::of), tree, diagnostics)
            }
            None => (front.map(Front::of), tree, diagnostics),
        }
    }

    /// Reads the front matter of a version that has a page of its own.
    fn front_of_version(&self, version: Version) -> (Option<Front>, Vec<Diagnostic>) {
        if let Some(translates) = self.translates {
            return self.translation(translates, Some(version));
        }
        let (front, diagnostics) = versions::front_matter(self.source, self.parts.yaml.clone(), version, false);
        (front.map(Front::of), diagnostics)
    }

    fn translation(&self, translates: Translates, version: Option<Version>) -> (Option<Front>, Vec<Diagnostic>) {
        let (read, mut diagnostics) = translation::read(self.source, self.parts.yaml.clone(), translates, version);
        diagnostics.extend(translation::empty_body(self.source, self.parts.body.clone()));
        let front = read.map(|read| Front {
            front: read.front,
            translation: Some(read.translation),
            is_broken: read.is_broken,
        });
        (front, diagnostics)
    }

    /// Parses the body of a page or of one of its versions. `diagnostics` has the problems of its front matter.
    fn parsed(&self, read: Front, version: Version, diagnostics: &mut Vec<Diagnostic>) -> ParsedPage {
        let Front { front, translation, is_broken } = read;
        let (body, mut outline) = self.body(Some(&front), version, diagnostics);
        outline.shrink_to_fit();
        let has_errors = is_broken || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let page = Page {
            source: retain_source(self.source, self.bodies),
            file: self.file.to_owned(),
            blocks_hash: match &front.versions {
                Some(_) => versions::blocks_hash(self.source, self.parts.body.clone(), version),
                None => 0,
            },
            front,
            front_hash: hash(&self.source.text[..self.parts.body.start], self.of_original()),
            translation: translation.map(Box::new),
            version,
            broken: has_errors,
        };
        ParsedPage { page: Arc::new(page), body, outline: Arc::new(outline), versions: Vec::new() }
    }

    /// Parses a body. `front` is the front matter, as far as it can be read.
    fn body(
        &self,
        front: Option<&FrontMatter>,
        version: Version,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (StoredBody, Outline) {
        let &PageFile { file, source, ref parts, bodies, quotes, store, .. } = self;
        let of = front.and_then(|front| front.versions.as_deref());
        let shown = Shown { version: of.filter(|_| version == Version::A).map_or(version, Versions::shown), of };
        let has_thanks = thanks::may_be_in(&source.text[parts.yaml.clone()]);
        // Of front matter that YAML cannot read, the texts may be cut off.
        let is_whole = diagnostics.iter().all(|diagnostic| diagnostic.rule != Rule::YamlSyntax);
        let front_matter = front.filter(|_| has_thanks && is_whole);
        let page = TextOfPage { file, source, range: parts.body.clone(), front_matter, quotes, shown };
        let parse = |diagnostics: &mut Vec<Diagnostic>| {
            let (body, outline, mut in_body) = page.parse();
            diagnostics.append(&mut in_body);
            (store.put(&body), outline)
        };
        match bodies {
            Bodies::ForLeads(files) if !has_thanks && !may_mention_leads(&source.text[parts.body.clone()], files) => {
                (store.put(&Body::default()), Outline { is_skipped: true, ..Outline::default() })
            }
            // The cache has texts that depend on nothing else.
            Bodies::New(_) if self.translates.is_some() || of.is_some() => {
                let (body, outline) = parse(diagnostics);
                let texts = Sha256::new_with_prefix(&source.text).chain_update(self.of_original().unwrap_or_default());
                (body.of_text(digest::finished_number(texts.chain_update(version.to_string()))), outline)
            }
            Bodies::New(known) => known.body(page, store, diagnostics),
            Bodies::All | Bodies::AllWithTexts | Bodies::ForLeads(_) => parse(diagnostics),
        }
    }

    /// The front matter of the original.
    fn of_original(&self) -> Option<&str> {
        self.translates.map(|translates| translates.original.front())
    }
}

/// The text of a page, and what its body needs.
struct TextOfPage<'p> {
    file: &'p str,
    source: &'p Arc<SourceText>,
    /// The body in the file.
    range: Range<usize>,
    /// Only if it may have texts of thank-you pages.
    front_matter: Option<&'p FrontMatter>,
    quotes: QuotationMarks,
    shown: Shown<'p>,
}

impl TextOfPage<'_> {
    fn parse(&self) -> (Body, Outline, Vec<Diagnostic>) {
        let TextOfPage { file: _, source, ref range, front_matter, quotes, shown } = *self;
        let (mut body, mut outline, mut diagnostics) = markdown::body(source, range.clone(), quotes, shown);
        if let Some(front) = front_matter {
            diagnostics.extend(thanks::add(source, front, quotes, shown, &mut body, &mut outline));
        }
        (body, outline, diagnostics)
    }
}

impl Known<'_> {
    /// Returns the body and the outline of a text: from the cache, or parsed.
    fn body(&self, page: TextOfPage, store: &BodyStore, diagnostics: &mut Vec<Diagnostic>) -> (StoredBody, Outline) {
        let text = digest::number(page.source.text.as_bytes());
        if let Some(outline) = self.outlines.get(text) {
            let read = (self.reader)(page.file);
            let quotes = page.quotes;
            let parse = move || parse_again(&*read, text, quotes);
            return (StoredBody::not_parsed(text, Arc::new(parse)), outline);
        }
        let (body, outline, mut in_body) = page.parse();
        // Every build reports its problems, so a text that has any is parsed again.
        if in_body.is_empty() {
            self.outlines.put(text, &outline);
        }
        diagnostics.append(&mut in_body);
        (store.put(&body).of_text(text), outline)
    }
}

/// Parses the body of a text, which must have this digest.
fn parse_again(read: &ReadAgain, text: u128, quotes: QuotationMarks) -> anyhow::Result<Body> {
    const CHANGED: &str = "a page was changed during the build; build again";
    let source = read().filter(|source| digest::number(source.text.as_bytes()) == text).context(CHANGED)?;
    let parts = front_matter::split(&source).ok().context(CHANGED)?;
    let front = match thanks::may_be_in(&source.text[parts.yaml.clone()]) {
        true => front_matter::read(&source, parts.yaml).0,
        false => None,
    };
    let front_matter = front.as_ref();
    let page = TextOfPage { file: "", source: &source, range: parts.body, front_matter, quotes, shown: Shown::ONLY };
    let (body, _, _) = page.parse();
    Ok(body)
}

/// A hash that is only valid within one run of the program.
fn hash(text: &str, of_original: Option<&str>) -> u64 {
    let mut hasher = fast_hasher();
    text.hash(&mut hasher);
    if let Some(text) = of_original {
        text.hash(&mut hasher);
    }
    hasher.finish()
}

fn retain_source(source: &Arc<SourceText>, bodies: Bodies) -> Arc<SourceText> {
    match bodies {
        Bodies::AllWithTexts => Arc::clone(source),
        Bodies::All | Bodies::ForLeads(_) | Bodies::New(_) => SourceText::without_text(&source.path),
    }
}

/// Returns true if a body may link to another campaign's call to action, or to a file with one of these names. A link
/// that can only be decided by the parser counts as one.
fn may_mention_leads(text: &str, files: &HashSet<String>) -> bool {
    if memmem::find(text.as_bytes(), b"<cta:").is_some() {
        return true;
    }
    memchr::memchr_iter(b']', text.as_bytes()).any(|at| {
        let after = &text[at + 1..];
        let Some(written) = after.strip_prefix('(') else { return after.starts_with(':') };
        let written = written.trim_start();
        let address = match written.strip_prefix('<') {
            Some(bracketed) => bracketed.split('>').next(),
            None => written.split([')', ' ', '\n', '\t', '\r']).next(),
        };
        let address = address.unwrap_or_default();
        match address.strip_prefix("cta:") {
            Some(cta) => cta.contains('/'),
            // In a file name, each of these can encode another character.
            None if address.contains(['%', '&', '\\']) => !address.starts_with("http"),
            None => {
                let path = address.split(['#', '?']).next().unwrap_or(address);
                files.contains(path.rsplit('/').next().unwrap_or(path))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_without_links_that_matter_for_leads_is_not_parsed() {
        let files: HashSet<String> = ["guide.pdf".to_owned(), "my card.pdf".to_owned()].into();
        for text in [
            "[Get it](cta:spring/save)",
            "<cta:spring/save>",
            "[x][y]\n\n[y]: cta:spring/save",
            "[guide](guide.pdf)",
            "[guide]( <../a/guide.pdf#page=2> \"title\")",
            "[guide](\n/guide.pdf)",
            "[card](my%20card.pdf)",
            "[card](<my card.pdf>)",
            "[card](my&#32;card.pdf)",
        ] {
            assert!(may_mention_leads(text, &files), "{text}");
        }
        for text in
            ["[Get it](cta:save)", "![](team.jpg) [a](/b.md#c)", "[a](https://x.example/?a%20b&c)", "guide.pdf", ""]
        {
            assert!(!may_mention_leads(text, &files), "{text}");
        }
    }
}
