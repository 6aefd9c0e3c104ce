//! Parses source text into pages with front matter and body. Each file is parsed by itself, in parallel.

pub mod blocks;
pub mod dialect;
pub mod front_matter;
pub mod markdown;
pub mod notes;
pub mod site_yaml;
pub mod thanks;
pub mod translation;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;

use crate::body_store::outline_cache::OutlineCache;
use crate::body_store::{BodyStore, StoredBody};
use crate::diagnostics::{Diagnostic, Severity};
use crate::digest;
use crate::model::body::{Body, Outline};
use crate::model::page::{FrontMatter, Page};
use crate::model::site::SiteLanguage;
use crate::rules::Rule;
use crate::source::SourceText;

pub use self::markdown::quotes::QuotationMarks;
pub use self::translation::Original;

/// A Markdown file in `content/`, parsed.
#[derive(Clone)]
pub enum Parsed {
    Page(ParsedPage),
    /// The text or the front matter cannot be read. The error is already reported, and links to the page are not errors.
    Broken {
        file: String,
    },
}

/// A page and its text, in three parts with different lifetimes.
#[derive(Clone)]
pub struct ParsedPage {
    pub page: Arc<Page>,
    pub body: StoredBody,
    pub outline: Arc<Outline>,
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
    let parse = |&file: &&str| {
        let (source, mut diagnostics) = read(file)?;
        let Some(source) = source else { return Ok((Parsed::Broken { file: file.to_owned() }, diagnostics)) };
        let original = match translation::original_of(file, settings.languages) {
            None => None,
            // What is wrong with the original is reported with it.
            Some((language, original)) => {
                let (source, problems) = read(&original)?;
                let exists = source.is_some() || !problems.is_empty();
                Some(Original { language: language.clone(), file: original, source, exists })
            }
        };
        let (parsed, mut in_text) = page(file, &source, original.as_ref(), settings, store);
        diagnostics.append(&mut in_text);
        Ok((parsed, diagnostics))
    };
    files.par_iter().map(parse).collect()
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

/// Parses one page, and puts its body into the store. `original` is the page that it translates.
pub fn page(
    file: &str,
    source: &Arc<SourceText>,
    original: Option<&Original>,
    settings: Settings,
    store: &BodyStore,
) -> (Parsed, Vec<Diagnostic>) {
    let Settings { bodies, quotes, languages: _ } = settings;
    let quotes = original.map_or(quotes, |original| QuotationMarks::of_language(original.language.as_str()));
    let broken = || Parsed::Broken { file: file.to_owned() };
    if let Some(original) = original.filter(|original| !original.exists) {
        return (broken(), vec![translation::without_original(source, original)]);
    }
    let parts = match front_matter::split(source) {
        Ok(parts) => parts,
        Err(diagnostic) => return (broken(), vec![*diagnostic]),
    };
    // All of the original is part of it, because a translation remembers its digest.
    let of_original = original.and_then(|original| original.source.as_ref()).map(|source| &*source.text);
    let front_hash = hash(&source.text[..parts.body.start], of_original);
    let has_thanks = thanks::may_be_in(&source.text[parts.yaml.clone()]);
    let mut is_broken = false;
    let (front, translation, mut diagnostics) = match original {
        None => {
            let (front, diagnostics) = front_matter::read(source, parts.yaml);
            (front, None, diagnostics)
        }
        Some(original) => {
            let (read, mut diagnostics) = translation::read(source, parts.yaml, original);
            diagnostics.extend(translation::empty_body(source, parts.body.clone()));
            is_broken = read.as_ref().is_some_and(|read| read.is_broken);
            let (front, translation) = read.map(|read| (read.front, read.translation)).unzip();
            (front, translation, diagnostics)
        }
    };
    // Of front matter that YAML cannot read, the texts may be cut off.
    let is_whole = diagnostics.iter().all(|diagnostic| diagnostic.rule != Rule::YamlSyntax);
    let front_matter = front.as_ref().filter(|_| has_thanks && is_whole);
    let (body, outline) = match bodies {
        Bodies::ForLeads(files) if !has_thanks && !may_mention_leads(&source.text[parts.body.clone()], files) => {
            (store.put(&Body::default()), Outline { is_skipped: true, ..Outline::default() })
        }
        // The cache has texts that depend on nothing else.
        Bodies::New(_) if let Some(text) = of_original => {
            let page = TextOfPage { file, source, range: parts.body, front_matter, quotes };
            let (body, outline, mut in_body) = page.parse();
            diagnostics.append(&mut in_body);
            let texts = [source.text.as_bytes(), text.as_bytes()];
            (store.put(&body).of_text(digest::number(&texts.concat())), outline)
        }
        Bodies::New(known) => {
            let page = TextOfPage { file, source, range: parts.body, front_matter, quotes };
            known.body(page, store, &mut diagnostics)
        }
        Bodies::All | Bodies::AllWithTexts | Bodies::ForLeads(_) => {
            let page = TextOfPage { file, source, range: parts.body, front_matter, quotes };
            let (body, outline, mut in_body) = page.parse();
            diagnostics.append(&mut in_body);
            (store.put(&body), outline)
        }
    };
    let has_errors = is_broken || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let Some(front) = front else { return (broken(), diagnostics) };
    let translation = translation.map(Box::new);
    let page = Page {
        source: retain_source(source, bodies),
        file: file.to_owned(),
        front,
        front_hash,
        translation,
        broken: has_errors,
    };
    (Parsed::Page(ParsedPage { page: Arc::new(page), body, outline: Arc::new(outline) }), diagnostics)
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
}

impl TextOfPage<'_> {
    fn parse(&self) -> (Body, Outline, Vec<Diagnostic>) {
        let TextOfPage { file: _, source, ref range, front_matter, quotes } = *self;
        let (mut body, mut outline, mut diagnostics) = markdown::body(source, range.clone(), quotes);
        if let Some(front) = front_matter {
            diagnostics.extend(thanks::add(source, front, quotes, &mut body, &mut outline));
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
    let page = TextOfPage { file: "", source: &source, range: parts.body, front_matter: front.as_ref(), quotes };
    let (body, _, _) = page.parse();
    Ok(body)
}

/// A hash that is only valid within one run of the program.
fn hash(text: &str, of_original: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
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
    if text.match_indices('<').any(|(at, _)| text[at..].starts_with("<cta:")) {
        return true;
    }
    text.match_indices(']').any(|(at, _)| {
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
