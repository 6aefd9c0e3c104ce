//! Short codes: ten characters, derived from a campaign, a channel and a variant, that people can type from paper.
//!
//! **A frozen contract.** Codes are printed, so the same campaign, channel and variant must give the same code in every
//! version of Tagline, forever:
//!
//! 1. Take the first 45 bits, most significant first, of the SHA-256 of the UTF-8 text `tagline short code 1`, a line
//!    feed, the campaign, `/`, the channel, and for a variant another `/` and the variant. None of them contains a line
//!    feed or a `/`, so each combination has its own text.
//! 2. Write them as nine digits of Crockford's base 32: `0` to `z` without `i`, `l`, `o` and `u`, in lower case.
//! 3. The tenth digit is the check character: the sum of `d[i] · α^(9-i)` for `i` from 0 to 8 over GF(32), with α = 2,
//!    a root of the primitive polynomial `x^5 + x^2 + 1`.
//!
//! Why the check character detects every single wrong digit and every swap of two digits: in a valid code, the sum of
//! all ten digits times their weights α^9 … α^0 is zero. α has order 31, so the ten weights are distinct and none is
//! zero. One digit that is off by `e` changes the sum by `weight · e`. Swapping the digits `a` and `b` changes it by
//! `(weight + weight') · (a + b)`. In a field, neither is zero unless nothing changed.

use std::fmt;

use sha2::{Digest, Sha256};

use super::tag::{self, LeadTag};
use crate::model::slug::Slug;
use crate::model::variant::Variant;

/// Crockford's digits, in the order of their values (and of ASCII).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The number of characters of a code. The last one is the check character.
pub const LENGTH: usize = 10;

/// Identifies a short link, `/go/<code>/`. Sorts as its text does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortCode([Digit; LENGTH]);

/// The value of one character, below 32.
type Digit = u8;

/// Why a text is not a short code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACode {
    /// The number of characters without hyphens is not [`LENGTH`].
    Length {
        characters: usize,
    },
    Character(char),
    /// The check character does not match the other characters.
    TypingError,
}

impl ShortCode {
    /// Returns the code of a campaign's short link on a channel. `direct` and `other` have no links, so they have none.
    pub fn of_link(campaign: &Slug, channel: &Slug, variant: Option<&Variant>) -> Option<ShortCode> {
        (!tag::is_reserved(channel)).then(|| ShortCode::derive(campaign, channel, variant))
    }

    /// Returns the code of the short link that leads to a lead tag's campaign on its channel.
    pub fn of_tag(tag: &LeadTag) -> Option<ShortCode> {
        ShortCode::of_link(&tag.campaign, &tag.channel, tag.variant.as_ref())
    }

    /// Returns the code that visitors quote in a message or a call. Every channel has one, `direct` and `other` too.
    pub fn to_quote(campaign: &Slug, channel: &Slug, variant: Option<&Variant>) -> ShortCode {
        ShortCode::derive(campaign, channel, variant)
    }

    /// Parses a code as people type it: upper or lower case, hyphens anywhere, `i` and `l` for `1`, `o` for `0`.
    pub fn parse(text: &str) -> Result<ShortCode, NotACode> {
        let characters = text.chars().filter(|&c| c != '-').count();
        if characters != LENGTH {
            return Err(NotACode::Length { characters });
        }
        let mut digits = [0; LENGTH];
        for (digit, c) in digits.iter_mut().zip(text.chars().filter(|&c| c != '-')) {
            *digit = digit_of(c).ok_or(NotACode::Character(c))?;
        }
        if check_digit(&digits) != digits[LENGTH - 1] {
            return Err(NotACode::TypingError);
        }
        Ok(ShortCode(digits))
    }

    fn derive(campaign: &Slug, channel: &Slug, variant: Option<&Variant>) -> ShortCode {
        let mut hash = Sha256::new()
            .chain_update("tagline short code 1\n")
            .chain_update(campaign.as_str())
            .chain_update("/")
            .chain_update(channel.as_str());
        if let Some(variant) = variant {
            hash.update("/");
            hash.update(variant.as_str());
        }
        let hash = hash.finalize();
        let bits = hash.iter().take(6).fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
        ShortCode::from_bits(bits >> 3)
    }

    /// Makes a code of the 45 low bits, five for each digit.
    fn from_bits(bits: u64) -> ShortCode {
        let mut digits = [0; LENGTH];
        for (position, digit) in digits[..LENGTH - 1].iter_mut().rev().enumerate() {
            *digit = (bits >> (5 * position)) as Digit & 31;
        }
        digits[LENGTH - 1] = check_digit(&digits);
        ShortCode(digits)
    }
}

/// Returns the digit that belongs at the end of these digits.
fn check_digit(digits: &[Digit; LENGTH]) -> Digit {
    // Horner's rule: the first digit is multiplied nine times, the ninth once.
    digits[..LENGTH - 1].iter().fold(0, |sum, digit| times_alpha(sum ^ digit))
}

fn times_alpha(element: Digit) -> Digit {
    let shifted = element << 1;
    if shifted < 32 { shifted } else { shifted ^ 0b10_0101 }
}

fn digit_of(c: char) -> Option<Digit> {
    let c = match c.to_ascii_lowercase() {
        'i' | 'l' => '1',
        'o' => '0',
        c => c,
    };
    let value = ALPHABET.iter().position(|&a| char::from(a) == c)?;
    Some(value as Digit)
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &digit in &self.0 {
            fmt::Write::write_char(f, char::from(ALPHABET[usize::from(digit)]))?;
        }
        Ok(())
    }
}

impl serde::Serialize for ShortCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Completes the message "`…` is not a short code: ".
impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotACode::Length { characters } => write!(f, "expected {LENGTH} characters, found {characters}"),
            NotACode::Character(c) => write!(f, "short codes do not contain `{c}`"),
            NotACode::TypingError => f.write_str("it has a typing error, because its check character does not match"),
        }
    }
}

impl std::error::Error for NotACode {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).unwrap()
    }

    /// The codes were computed by another program (Python, with a general multiplication in GF(32)).
    #[test]
    fn printed_codes_never_change() {
        for (campaign, channel, variant, code) in [
            ("spring-hiring", "newsletter", None, "vsvxwzp58y"),
            ("spring-hiring", "acme", None, "pw2wvxbrab"),
            ("spring-hiring", "acme", Some("de"), "63d14sv039"),
            ("spring-hiring", "acme", Some("pt-br-b"), "6qdp2x14ac"),
            ("a", "b", None, "9333qapk0k"),
            (&*"x".repeat(40), &*"y".repeat(40), None, "pxa9pehta3"),
        ] {
            let variant = variant.map(|variant| Variant::parse(variant).unwrap());
            let derived = ShortCode::derive(&slug(campaign), &slug(channel), variant.as_ref());
            assert_eq!(derived.to_string(), code, "{campaign}/{channel}");
            assert_eq!(ShortCode::parse(code), Ok(derived));
            assert_eq!(serde_json::to_string(&derived).unwrap(), format!("\"{code}\""));
        }
    }

    #[test]
    fn direct_and_other_have_a_code_to_quote_but_none_for_a_link() {
        for (tag, has_link) in [("a_b_direct", false), ("a_b_other", false), ("a_b_c", true), ("a_b_c_de", true)] {
            let tag = LeadTag::parse(tag).unwrap();
            let code = ShortCode::to_quote(&tag.campaign, &tag.channel, tag.variant.as_ref());
            assert_eq!(ShortCode::of_tag(&tag), has_link.then_some(code), "{tag}");
        }
    }

    #[test]
    fn typed_code_may_have_hyphens_capitals_and_similar_letters() {
        let code = ShortCode::from_bits(1 << 40 | 31);
        assert_eq!(code.to_string(), "10000000z1");
        for typed in ["10000000z1", "10000000Z1", "1000-0000-Z1", "i0000000zL", "LOoO0000z1", "-10000000z1-"] {
            assert_eq!(ShortCode::parse(typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn invalid_code_has_a_reason() {
        for (typed, reason) in [
            ("", "expected 10 characters, found 0"),
            ("10000000z", "expected 10 characters, found 9"),
            ("10000000z11", "expected 10 characters, found 11"),
            ("1000000uz1", "short codes do not contain `u`"),
            ("1000000 z1", "short codes do not contain ` `"),
            ("10000000zé", "short codes do not contain `é`"),
            ("10000000zh", "it has a typing error, because its check character does not match"),
        ] {
            let error = ShortCode::parse(typed).unwrap_err();
            assert_eq!(error.to_string(), reason, "{typed}");
        }
    }

    /// Returns every code with one wrong character, and every code with two neighbours swapped.
    fn typing_errors(code: &str) -> Vec<String> {
        let typed: Vec<u8> = code.bytes().collect();
        let mut errors = Vec::new();
        for position in 0..LENGTH {
            for &digit in ALPHABET.iter().filter(|&&digit| digit != typed[position]) {
                let mut wrong = typed.clone();
                wrong[position] = digit;
                errors.push(wrong);
            }
        }
        for position in 0..LENGTH - 1 {
            let mut swapped = typed.clone();
            swapped.swap(position, position + 1);
            errors.extend((swapped != typed).then_some(swapped));
        }
        errors.into_iter().map(|typed| String::from_utf8(typed).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn single_wrong_characters_and_swapped_neighbours_are_detected(bits in 0_u64..1 << 45) {
            let code = ShortCode::from_bits(bits);
            prop_assert_eq!(ShortCode::parse(&code.to_string()), Ok(code));
            for typed in typing_errors(&code.to_string()) {
                prop_assert_eq!(ShortCode::parse(&typed), Err(NotACode::TypingError), "{}", typed);
            }
        }

        #[test]
        fn codes_sort_as_their_texts_do(a in 0_u64..1 << 45, b in 0_u64..1 << 45) {
            let (a, b) = (ShortCode::from_bits(a), ShortCode::from_bits(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,12}") {
            let _ = ShortCode::parse(&text);
        }
    }
}
