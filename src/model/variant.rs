//! Variants of a page: other languages and other versions. The fourth part of a lead tag names one: `de`, `b`, `de-b`.

use std::fmt;

use crate::model::slug::{NotASlug, Slug};

/// The longest language in a lead tag, in characters. `zh-hant-tw` has ten.
pub const MAX_LANGUAGE: usize = 20;

/// A language as file names, addresses and lead tags have it: `de`, `pt-br`. The form is that of BCP 47, in lower case:
/// a language of two or three letters, then parts of two to eight letters or digits. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(Slug);

/// One of several versions of a page that are tested against each other: a letter. `a` is the page as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u8);

/// A page in another language than the site's main one, in another version than `a`, or both. The page as written has
/// no variant, so its lead tags have three parts. Cheap to clone. Sorts as its text does.
///
/// A version is a single letter. Every part of a language is longer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variant(Slug);

/// Why a text is not a variant.
#[derive(Debug, PartialEq, Eq)]
pub enum NotAVariant {
    /// `a` or `de-a`: the page as written has no version in its lead tags. The variant without it, if one is left.
    VersionA { rest: Option<Variant> },
    /// Neither a language nor a version.
    Other,
}

impl Language {
    /// Parses a language in any case: `pt-BR` is `pt-br`. `None` if it does not have the form of one.
    pub fn parse(tag: &str) -> Option<Language> {
        let lower = tag.to_ascii_lowercase();
        is_language(&lower).then(|| Slug::parse(&lower).ok().map(Language)).flatten()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the language in the usual case of BCP 47, for `lang`: `pt-BR`, `zh-Hant-TW`.
    pub fn tag(&self) -> String {
        usual_case(self.as_str())
    }
}

impl Version {
    pub const A: Version = Version(b'a');

    /// Parses a letter from `a` to `z`.
    pub fn parse(text: &str) -> Option<Version> {
        match text.as_bytes() {
            &[letter @ b'a'..=b'z'] => Some(Version(letter)),
            _ => None,
        }
    }
}

impl Variant {
    /// Returns the variant of a language and a version. `None` for the page as written.
    pub fn of(language: Option<&Language>, version: Version) -> Option<Variant> {
        match (language, version) {
            (None, Version::A) => None,
            (Some(language), Version::A) => Some(Variant(language.0.clone())),
            (None, version) => Slug::parse(&version.to_string()).ok().map(Variant),
            (Some(language), version) => Slug::parse(&format!("{language}-{version}")).ok().map(Variant),
        }
    }

    /// Parses `de`, `b` or `de-b`. Nothing is corrected.
    pub fn parse(text: &str) -> Result<Variant, NotAVariant> {
        Variant::parse_with(text, Slug::parse)
    }

    /// Parses a variant with `slug` as the parser of its text. A parser that caches slugs saves allocations.
    pub fn parse_with(text: &str, slug: impl FnOnce(&str) -> Result<Slug, NotASlug>) -> Result<Variant, NotAVariant> {
        let (language, version) = split(text);
        let is_valid = language.is_none_or(is_language) && (language.is_some() || version.is_some());
        if !is_valid {
            return Err(NotAVariant::Other);
        }
        if version == Some(Version::A) {
            return Err(NotAVariant::VersionA { rest: language.and_then(|rest| Variant::parse(rest).ok()) });
        }
        slug(text).map(Variant).map_err(|_| NotAVariant::Other)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn as_slug(&self) -> &Slug {
        &self.0
    }

    /// Returns the language: `de` of `de-b`. `None` for a version in the main language.
    pub fn language(&self) -> Option<&str> {
        split(self.as_str()).0
    }

    /// Returns the version, which is `a` for a translation.
    pub fn version(&self) -> Version {
        split(self.as_str()).1.unwrap_or(Version::A)
    }
}

/// Splits `de-b` into its language and its version.
fn split(text: &str) -> (Option<&str>, Option<Version>) {
    if let Some(version) = Version::parse(text) {
        return (None, Some(version));
    }
    match text.rsplit_once('-').and_then(|(language, version)| Some((language, Version::parse(version)?))) {
        Some((language, version)) => (Some(language), Some(version)),
        None => (Some(text), None),
    }
}

/// Tests the form of a language in lower case.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_first = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_other = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.len() <= MAX_LANGUAGE && parts.next().is_some_and(is_first) && parts.all(is_other)
}

/// Returns a language tag in the usual case of BCP 47 (RFC 5646, section 2.1.1): regions in upper case, scripts with a
/// capital, all else in lower case.
pub fn usual_case(tag: &str) -> String {
    let mut out = String::with_capacity(tag.len());
    for (position, part) in tag.split('-').enumerate() {
        if position > 0 {
            out.push('-');
        }
        let lower = part.to_ascii_lowercase();
        match lower.len() {
            2 if position > 0 => out.push_str(&lower.to_ascii_uppercase()),
            4 if position > 0 && lower.bytes().all(|b| b.is_ascii_alphabetic()) => {
                out.push_str(&lower[..1].to_ascii_uppercase());
                out.push_str(&lower[1..]);
            }
            _ => out.push_str(&lower),
        }
    }
    out
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.0))
    }
}

impl serde::Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Variant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variant_is_a_language_a_version_or_both() {
        for (text, language, version) in [
            ("de", Some("de"), "a"),
            ("pt-br", Some("pt-br"), "a"),
            ("zh-hant-tw", Some("zh-hant-tw"), "a"),
            ("gsw", Some("gsw"), "a"),
            ("b", None, "b"),
            ("z", None, "z"),
            ("de-b", Some("de"), "b"),
            ("pt-br-c", Some("pt-br"), "c"),
        ] {
            let variant = Variant::parse(text).unwrap();
            assert_eq!((variant.language(), &*variant.version().to_string()), (language, version), "{text}");
            let language = language.and_then(Language::parse);
            assert_eq!(Variant::of(language.as_ref(), variant.version()), Some(variant), "{text}");
        }
        assert_eq!(Variant::of(None, Version::A), None, "the page as written");
    }

    #[test]
    fn other_texts_are_no_variants() {
        for text in ["", "-", "1", "DE", "de-", "-b", "b-de", "de-b-c", "deutsch", "de_b", "de-1", "1a", "b-b"] {
            assert_eq!(Variant::parse(text), Err(NotAVariant::Other), "{text}");
        }
        assert_eq!(Variant::parse("a"), Err(NotAVariant::VersionA { rest: None }));
        assert_eq!(Variant::parse("de-a"), Err(NotAVariant::VersionA { rest: Variant::parse("de").ok() }));
        assert_eq!(Variant::parse(&format!("de-{}", "x".repeat(18))), Err(NotAVariant::Other), "too long");
    }

    #[test]
    fn language_is_compared_without_case_and_shown_in_the_usual_one() {
        for (written, key, tag) in [
            ("de", "de", "de"),
            ("PT-BR", "pt-br", "pt-BR"),
            ("zh-hant-tw", "zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419", "es-419"),
            ("sl-rozaj", "sl-rozaj", "sl-rozaj"),
        ] {
            let language = Language::parse(written).unwrap();
            assert_eq!((language.as_str(), &*language.tag()), (key, tag));
        }
        for written in ["d", "deut", "de-b", "de_DE", "de-x-a", ""] {
            assert_eq!(Language::parse(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_changes_nothing(text in "\\PC{0,12}|[a-z]{1,3}(-[a-z]{1,4}){0,3}") {
            if let Ok(variant) = Variant::parse(&text) {
                prop_assert_eq!(variant.to_string(), text);
            }
        }
    }
}
