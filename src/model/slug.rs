//! Slugs: the ids of campaigns, calls to action and channels, and the parts of page addresses.

use std::borrow::{Borrow, Cow};
use std::fmt;

use arcstr::ArcStr;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use unicode_normalization::UnicodeNormalization;

/// The longest id, in characters. Three ids and two underscores are the 122 characters of the longest lead tag without a
/// variant.
pub const MAX_ID: usize = 40;

/// An id: `[a-z0-9]+(-[a-z0-9]+)*`, at most [`MAX_ID`] characters. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(ArcStr);

/// What an author lists by id, in the author's order. The hasher is a fast one, because every page has such maps.
pub type ById<T> = IndexMap<Slug, T, RandomState>;

/// Why a text is not an id.
#[derive(Debug, PartialEq, Eq)]
pub enum NotASlug {
    Empty,
    TooLong {
        characters: usize,
    },
    /// `suggestion`: the id that was probably meant.
    BadCharacters {
        suggestion: Option<Slug>,
    },
}

impl Slug {
    /// Parses an id. Nothing is corrected.
    pub fn parse(text: &str) -> Result<Slug, NotASlug> {
        if text.is_empty() {
            return Err(NotASlug::Empty);
        }
        let well_formed = text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if !well_formed {
            return Err(NotASlug::BadCharacters { suggestion: Slug::parse(&slugify(text)).ok() });
        }
        if text.len() > MAX_ID {
            return Err(NotASlug::TooLong { characters: text.len() });
        }
        Ok(Slug(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Slug {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for Slug {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Converts a text to a slug: `Été 2027` becomes `ete-2027`. Other characters between words become one hyphen. The result
/// is empty if the text has no letters or digits, and may be longer than [`MAX_ID`], since addresses may be.
pub fn slugify(text: &str) -> String {
    let ascii: Cow<str> = match text.is_ascii() {
        true => text.into(),
        false => deunicode::deunicode(&text.nfc().collect::<String>()).into(),
    };
    let mut slug = String::with_capacity(ascii.len());
    for byte in ascii.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() => slug.push(char::from(byte.to_ascii_lowercase())),
            // `don't` reads better as `dont` than as `don-t`.
            b'\'' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_words_joined_by_single_hyphens() {
        for good in ["a", "spring-hiring", "expo-2027", "0", &"x".repeat(40)] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "é", "a.b", &"x".repeat(41)] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn error_suggests_a_valid_id() {
        let meant = |text| match Slug::parse(text) {
            Err(NotASlug::BadCharacters { suggestion }) => suggestion.map(|slug| slug.to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(meant("free_trial"), Some("free-trial".into()));
        assert_eq!(meant("Été 2027"), Some("ete-2027".into()));
        assert_eq!(meant("---"), None);
    }

    #[test]
    fn slugs_are_ascii() {
        for (text, slug) in [
            ("Été 2027", "ete-2027"),
            ("E\u{301}te\u{301} 2027", "ete-2027"),
            ("Don't wait!", "dont-wait"),
            ("  --  ", ""),
            ("Größe & Maß", "grosse-mass"),
            ("R&D", "r-d"),
        ] {
            assert_eq!(slugify(text), slug, "{text}");
        }
    }
}
