//! Short codes: ten characters, made from a campaign and a channel, that people can type from paper.
//!
//! **A frozen contract.** Codes are printed, so the same campaign and channel must give the same
//! code in every version of Tagline, for ever:
//!
//! 1. The first 45 bits, most significant first, of the SHA-256 of the UTF-8 text
//!    `tagline short code 1`, a line feed, the campaign, `/`, the channel. No slug has a line feed
//!    or a `/`, so no two pairs share that text.
//! 2. They are nine digits of Crockford's base 32, `0` to `z` without `i`, `l`, `o` and `u`, in
//!    lower case.
//! 3. The tenth digit is the check character: the sum of `d[i] · α^(9-i)` for `i` from 0 to 8 over
//!    GF(32), with α = 2, a root of the primitive polynomial `x^5 + x^2 + 1`.
//!
//! Why it catches what it catches: in a valid code the sum over all ten digits, each times its
//! weight α^9 … α^0, is zero. α has order 31, so the ten weights are distinct and none is zero. One
//! digit that is off by `e` moves the sum by `weight · e`, and two swapped digits `a` and `b` by
//! `(weight + weight') · (a + b)`: never zero in a field, unless nothing changed.

use std::fmt;

use sha2::{Digest, Sha256};

use super::tag::{self, LeadTag};
use crate::model::slug::Slug;

/// Crockford's digits, in the order of their values (and of ASCII).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The characters of a code, the last one the check.
pub const LENGTH: usize = 10;

/// What a short link is known by, `/go/<code>/`. Sorts as its text does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortCode([Digit; LENGTH]);

/// The value of one character, below 32.
type Digit = u8;

/// Why a text is no short code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACode {
    /// Hyphens don't count.
    Length {
        characters: usize,
    },
    Character(char),
    /// The check character is not the one that the others ask for.
    TypingError,
}

impl ShortCode {
    /// The code of the link that a campaign hands out on a channel, and of what visitors from there quote in a
    /// message or a call; these may be from `direct` and `other`, too.
    pub fn derive(campaign: &Slug, channel: &Slug) -> ShortCode {
        let hash = Sha256::new()
            .chain_update("tagline short code 1\n")
            .chain_update(campaign.as_str())
            .chain_update("/")
            .chain_update(channel.as_str())
            .finalize();
        let bits = hash.iter().take(6).fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
        ShortCode::from_bits(bits >> 3)
    }

    /// The code of a lead tag's campaign and channel. None on `direct` and `other`: there is no
    /// link to hand out for them.
    pub fn of(tag: &LeadTag) -> Option<ShortCode> {
        (!tag::is_reserved(&tag.channel)).then(|| ShortCode::derive(&tag.campaign, &tag.channel))
    }

    /// Reads a code as people type it: in either case, hyphens anywhere, `i` and `l` for `1`, `o`
    /// for `0`.
    pub fn parse(text: &str) -> Result<ShortCode, NotACode> {
        let characters = text.chars().filter(|&c| c != '-').count();
        if characters != LENGTH {
            return Err(NotACode::Length { characters });
        }
        let mut digits = [0; LENGTH];
        for (digit, c) in digits.iter_mut().zip(text.chars().filter(|&c| c != '-')) {
            *digit = digit_of(c).ok_or(NotACode::Character(c))?;
        }
        if check(&digits) != digits[LENGTH - 1] {
            return Err(NotACode::TypingError);
        }
        Ok(ShortCode(digits))
    }

    /// Of the 45 low bits, five for each digit.
    fn from_bits(bits: u64) -> ShortCode {
        let mut digits = [0; LENGTH];
        for (place, digit) in digits[..LENGTH - 1].iter_mut().rev().enumerate() {
            *digit = (bits >> (5 * place)) as Digit & 31;
        }
        digits[LENGTH - 1] = check(&digits);
        ShortCode(digits)
    }
}

/// What the last of these digits has to be.
fn check(digits: &[Digit; LENGTH]) -> Digit {
    // Horner's rule: the first digit is multiplied nine times, the ninth once.
    digits[..LENGTH - 1].iter().fold(0, |sum, digit| times_alpha(sum ^ digit))
}

fn times_alpha(element: Digit) -> Digit {
    let shifted = element << 1;
    if shifted < 32 { shifted } else { shifted ^ 0b10_0101 }
}

fn digit_of(c: char) -> Option<Digit> {
    let meant = match c.to_ascii_lowercase() {
        'i' | 'l' => '1',
        'o' => '0',
        c => c,
    };
    let value = ALPHABET.iter().position(|&a| char::from(a) == meant)?;
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

/// Completes the sentence "`…` is no short code: ".
impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotACode::Length { characters } => {
                write!(f, "it has {LENGTH} characters, and not {characters}")
            }
            NotACode::Character(c) => write!(f, "`{c}` is in no code"),
            NotACode::TypingError => f.write_str("there is a typing error in it, its check character does not fit"),
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

    /// Computed by another program (Python, with a general multiplication in GF(32)).
    #[test]
    fn printed_codes_never_change() {
        for (campaign, channel, code) in [
            ("spring-hiring", "newsletter", "vsvxwzp58y"),
            ("spring-hiring", "acme", "pw2wvxbrab"),
            ("a", "b", "9333qapk0k"),
            (&*"x".repeat(40), &*"y".repeat(40), "pxa9pehta3"),
        ] {
            let derived = ShortCode::derive(&slug(campaign), &slug(channel));
            assert_eq!(derived.to_string(), code, "{campaign}/{channel}");
            assert_eq!(ShortCode::parse(code), Ok(derived));
            assert_eq!(serde_json::to_string(&derived).unwrap(), format!("\"{code}\""));
        }
    }

    #[test]
    fn direct_and_other_have_no_code() {
        for (tag, has_one) in [("a_b_direct", false), ("a_b_other", false), ("a_b_c", true)] {
            let tag = LeadTag::parse(tag).unwrap();
            assert_eq!(ShortCode::of(&tag).is_some(), has_one, "{tag}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = ShortCode::from_bits(1 << 40 | 31);
        assert_eq!(code.to_string(), "10000000z1");
        for typed in ["10000000z1", "10000000Z1", "1000-0000-Z1", "i0000000zL", "LOoO0000z1", "-10000000z1-"] {
            assert_eq!(ShortCode::parse(typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn a_refused_code_says_why() {
        for (typed, reason) in [
            ("", "it has 10 characters, and not 0"),
            ("10000000z", "it has 10 characters, and not 9"),
            ("10000000z11", "it has 10 characters, and not 11"),
            ("1000000uz1", "`u` is in no code"),
            ("1000000 z1", "` ` is in no code"),
            ("10000000zé", "`é` is in no code"),
            ("10000000zh", "there is a typing error in it, its check character does not fit"),
        ] {
            let refused = ShortCode::parse(typed).unwrap_err();
            assert_eq!(refused.to_string(), reason, "{typed}");
        }
    }

    /// Every way to get one character wrong, and every swap of two neighbours.
    fn typing_errors(code: &str) -> Vec<String> {
        let typed: Vec<u8> = code.bytes().collect();
        let mut wrong = Vec::new();
        for place in 0..LENGTH {
            for &digit in ALPHABET.iter().filter(|&&digit| digit != typed[place]) {
                let mut slip = typed.clone();
                slip[place] = digit;
                wrong.push(slip);
            }
        }
        for place in 0..LENGTH - 1 {
            let mut slip = typed.clone();
            slip.swap(place, place + 1);
            wrong.extend((slip != typed).then_some(slip));
        }
        wrong.into_iter().map(|slip| String::from_utf8(slip).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_wrong_character_and_every_swap_of_neighbours_is_caught(bits in 0_u64..1 << 45) {
            let code = ShortCode::from_bits(bits);
            prop_assert_eq!(ShortCode::parse(&code.to_string()), Ok(code));
            for slip in typing_errors(&code.to_string()) {
                prop_assert_eq!(ShortCode::parse(&slip), Err(NotACode::TypingError), "{}", slip);
            }
        }

        #[test]
        fn codes_sort_as_their_texts_do(a in 0_u64..1 << 45, b in 0_u64..1 << 45) {
            let (a, b) = (ShortCode::from_bits(a), ShortCode::from_bits(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn reading_a_code_never_panics(text in "\\PC{0,12}") {
            let _ = ShortCode::parse(&text);
        }
    }
}
