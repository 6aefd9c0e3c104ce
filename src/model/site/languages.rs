//! `languages` in `site.yaml`: the languages that pages are translated into, and what every page says in each.

use super::announcement::{self, Announcement};
use super::footer::{self, Footer};
use super::link::{LINKS, SiteLink, read_all as read_links};
use super::{SiteConfig, language, scalars};
use crate::diagnostics::Diagnostic;
use crate::model::consent::{self, Consent};
use crate::model::field::translated::{self, TRANSLATED_FIELDS};
use crate::model::field::{OwnFields, TranslatedFields};
use crate::model::variant::{Language, MAX_LANGUAGE};
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::shape::TEXT;
use crate::yaml::values::text;
use crate::yaml::{Entries, Expected, Key, MapKey, Mapping, Node, Shape, Value, YamlReader};

/// A language besides the site's main one. What is `None` is as in the main language.
#[derive(Debug)]
pub struct SiteLanguage {
    pub language: Language,
    /// In the usual case, for `lang`: `pt-BR`.
    pub tag: Located<String>,
    /// The name of the language, in that language: `Deutsch`.
    pub label: String,
    /// The name of the site.
    pub title: Option<String>,
    pub navigation: Option<Vec<SiteLink>>,
    pub footer: Option<Footer>,
    pub announcement: Option<Announcement>,
    /// The consents of the main language with the texts of this one, in the order of the main language. Empty: as there.
    pub consents: Vec<Consent>,
    /// The texts of the site's own fields, as far as they are translated.
    pub fields: TranslatedFields,
}

pub static KEYS: Mapping = Mapping::new(
    "a language",
    &[
        Key::required("label", TEXT, "The name of the language, in that language: `Deutsch`. Visitors choose by it."),
        Key::optional("title", TEXT, "The name of the site.").default_text("the site's `title`"),
        Key::optional("navigation", LINKS, "The links of the menu. A page leads to its translation.")
            .default_text("the site's `navigation`"),
        Key::optional("footer", Shape::mapping(&footer::KEYS), "What the footer of every page has.")
            .default_text("the site's `footer`"),
        Key::optional("announcement", Shape::mapping(&announcement::TRANSLATED_KEYS), "The text of the announcement.")
            .default_text("the site's `announcement`"),
        Key::optional("leads", Shape::mapping(&LEADS_KEYS), "The texts of consents.")
            .default_text("the site's `leads`"),
        Key::optional("fields", TRANSLATED_FIELDS, "The texts of the site's own `fields`.")
            .default_text("the site's `fields`")
            .rules(&[Rule::BadField]),
    ],
);

pub static LEADS_KEYS: Mapping = Mapping::new(
    "`leads` of a language",
    &[
        Key::optional("consent", Shape::mapping(&consent::KEYS), "The text of `leads.consent`.")
            .rules(&[Rule::BadConsent]),
        Key::optional("consents", consent::CONSENTS, "The texts of `leads.consents`, with the same ids.")
            .rules(&[Rule::BadConsent]),
    ],
);

const ONE: Shape = Shape::mapping(&KEYS);
pub const LANGUAGES: Shape = Shape::map("language tag to keys below", &scalars::LANGUAGE, &ONE);

impl SiteLanguage {
    /// Returns the links that the language has of its own: those of its menu, its footer and its announcement.
    pub fn own_links(&self) -> impl Iterator<Item = &SiteLink> {
        let announced = self.announcement.iter().filter_map(|announcement| announcement.link.as_ref());
        self.navigation.iter().flatten().chain(self.footer.iter().flat_map(Footer::links)).chain(announced)
    }
}

/// Reads the languages, in the author's order. `main` is the rest of `site.yaml`, unless it has errors.
pub(super) fn read(reader: &mut YamlReader, node: &Node, main: Option<&SiteConfig>) -> Option<Vec<SiteLanguage>> {
    let no_fields = OwnFields::default();
    let own_fields = main.map_or(&no_fields, |main| &main.fields);
    let Value::Map(entries) = &node.value else {
        reader.wrong_type(node, Expected::ById, "`de: …` lines are expected here, one for each language");
        return None;
    };
    let is_tag = |key: &MapKey| KEYS.key(&key.text).is_none();
    if let Some((key, _)) = entries.iter().find(|(key, _)| !is_tag(key)) {
        let message = format!("`{}` is a key of one language", key.text);
        let help = "write the tag of the language above it, as in `de:`, and indent its keys";
        reader.error_with_help(Rule::BadLanguage, key.span, message, "a language tag is expected here", help);
    }
    let mut languages: Vec<SiteLanguage> = Vec::with_capacity(entries.len());
    for (key, node) in entries.iter().filter(|(key, _)| is_tag(key)) {
        let language = read_key(reader, key);
        if matches!(node.value, Value::Null) {
            reader.empty_value(key);
            continue;
        }
        let Some(read) = read_one(reader, language.clone(), (key, node), own_fields) else { continue };
        if let Some(main) = main.filter(|_| !reader.has_errors()) {
            check_consents(reader, &read, &main.leads.consents, key.span);
        }
        let Some(language) = language else { continue };
        if main.is_some_and(|main| main.language.value.eq_ignore_ascii_case(language.as_str())) {
            let message = format!("`{}` is the site's main language", key.text);
            let help = "leave it out: pages without a language in their file names are in the main language";
            reader.error_with_help(Rule::BadLanguage, key.span, message, "set by `language`", help);
        } else if let Some(first) = languages.iter().find(|other| other.language == language) {
            let diagnostic = Diagnostic::error(Rule::DuplicateKey, format!("the language `{language}` is given twice"))
                .at(reader.source, key.span, "second value")
                .at(reader.source, first.tag.span, "first value");
            reader.diagnostics.push(diagnostic.help("languages are compared without case: keep one of the two"));
        } else {
            languages.push(read);
        }
    }
    Some(languages)
}

fn read_key(reader: &mut YamlReader, key: &MapKey) -> Option<Language> {
    let tag = language::checked(reader, &key.text, key.span)?;
    let language = Language::parse(&tag);
    if language.is_none() {
        let message = format!("`{tag}` cannot be part of a lead tag");
        let label = format!("at most {MAX_LANGUAGE} characters, and no part with a single one");
        reader.error_with_help(Rule::BadLanguage, key.span, message, label, "leave out its last parts");
    }
    language
}

/// Reads the keys of one language. Returns `None` if the language itself has an error.
fn read_one(
    reader: &mut YamlReader,
    language: Option<Language>,
    (key, node): (&MapKey, &Node),
    own: &OwnFields,
) -> Option<SiteLanguage> {
    let mut entries = Entries::of(reader, node, &KEYS)?;
    let label = entries.read(reader, "label", text);
    let title = entries.read(reader, "title", text);
    let navigation = entries.read(reader, "navigation", read_links);
    let footer = entries.read(reader, "footer", Footer::read);
    let announcement = entries.read(reader, "announcement", Announcement::read_translated);
    let consents = entries.read(reader, "leads", |reader, node| {
        let mut entries = Entries::of(reader, node, &LEADS_KEYS)?;
        let consents = consent::read(reader, &mut entries);
        entries.finish(reader);
        Some(consents)
    });
    let fields = entries.read(reader, "fields", |reader, node| translated::read_all(reader, node, own));
    entries.finish(reader);
    let language = language?;
    Some(SiteLanguage {
        tag: Located { value: language.tag(), span: key.span },
        language,
        label: label?,
        title,
        navigation,
        footer,
        announcement,
        consents: consents.unwrap_or_default(),
        fields: fields.unwrap_or_default(),
    })
}

/// Reports consents that are not those of the main language in the same order: forms send them by their ids.
fn check_consents(reader: &mut YamlReader, language: &SiteLanguage, main: &[Consent], span: Span) {
    let ids = |consents: &[Consent]| consents.iter().map(Consent::sent_name).collect::<Vec<_>>();
    let (own, expected) = (ids(&language.consents), ids(main));
    if own.is_empty() || own == expected {
        return;
    }
    let place = language.consents.first().map_or(span, |consent| consent.text.span);
    let message = format!("the consents of `{}` are not those of the site", language.tag.value);
    let help = match &expected[..] {
        [] => "the site has none: remove them here, or add `leads.consents`".to_owned(),
        _ => format!("translate each one in the same order: {}", expected.join(", ")),
    };
    let mut error = Diagnostic::error(Rule::BadConsent, message)
        .at(reader.source, place, "a translation has the same ids")
        .help(help);
    if let Some(first) = main.first() {
        error = error.at(reader.source, first.text.span, "the site's own");
    }
    reader.diagnostics.push(error);
}
