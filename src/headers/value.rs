//! Names and values of response headers.

use std::borrow::Cow;
use std::fmt;

use super::csp::PolicyLine;

/// The name of a header.
pub type HeaderName = &'static str;

/// A header with its value.
pub type Header = (HeaderName, HeaderValue);

/// The value of a header: visible ASCII and spaces. It has no character that ends a header, or that quotes, escapes or
/// expands in the configuration of a host: `"`, `\`, `$`, `{`, `}` and the backtick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderValue(Cow<'static, str>);

impl HeaderValue {
    /// Makes a value from a literal.
    ///
    /// # Panics
    ///
    /// Panics if the literal is not a valid value. In a constant, that is an error of the compiler.
    pub const fn fixed(value: &'static str) -> HeaderValue {
        assert!(is_valid(value.as_bytes()), "not a valid value of a header");
        HeaderValue(Cow::Borrowed(value))
    }

    /// Returns the whole policy: `default-src 'none'; img-src 'self'`.
    pub fn of_policy(policy: &[PolicyLine]) -> HeaderValue {
        let directives: Vec<String> = policy.iter().map(|line| directive(line).join(" ")).collect();
        HeaderValue(directives.join("; ").into())
    }

    /// Returns a directive in pieces of at most `max` bytes, unless a single source is longer. The first piece begins with
    /// the directive's name.
    pub fn pieces_of_directive(line: &PolicyLine, max: usize) -> Vec<HeaderValue> {
        let mut pieces: Vec<String> = Vec::new();
        for word in directive(line) {
            match pieces.last_mut().filter(|piece| piece.len() + word.len() < max) {
                Some(piece) => piece.extend([" ", word]),
                None => pieces.push(word.to_owned()),
            }
        }
        pieces.into_iter().map(|piece| HeaderValue(piece.into())).collect()
    }
}

/// The name of a directive and its sources. Both are valid parts of a value.
fn directive(line: &PolicyLine) -> Vec<&str> {
    std::iter::once(line.name).chain(line.sources.iter().map(|source| source.as_str())).collect()
}

impl fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn is_valid(value: &[u8]) -> bool {
    let mut at = 0;
    while at < value.len() {
        if !matches!(value[at], b' '..=b'~') || matches!(value[at], b'"' | b'\\' | b'$' | b'{' | b'}' | b'`') {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::model::csp::Source;

    #[test]
    fn value_has_no_character_that_ends_it() {
        assert!(is_valid(b"camera=(), usb=()"));
        for value in ["a\nb", "a\"b", "a\\b", "$host", "{env.HOME}", "`a`", "ü", "\u{7f}"] {
            assert!(!is_valid(value.as_bytes()), "{value:?}");
        }
    }

    #[test]
    fn every_source_is_a_valid_part_of_a_value() {
        let base = Url::parse("https://kazi.example/").unwrap();
        let characters: Vec<char> = (0..=0xff_u8).map(char::from).chain("。．１／＄｛".chars()).collect();
        for c in characters {
            for address in [format!("https://a{c}b.example/x"), format!("//{c}/"), format!("https://a.example:{c}1/")] {
                let Some(source) = Source::of_url(&address, &base) else { continue };
                assert!(is_valid(source.as_str().as_bytes()) && !source.as_str().contains([' ', ';', ',']), "{source}");
            }
            if let Ok(source) = Source::parse(&format!("https://a{c}b.example")) {
                assert!(is_valid(source.as_str().as_bytes()) && !source.as_str().contains([' ', ';', ',']), "{source}");
            }
        }
    }

    #[test]
    fn long_directive_is_split_between_sources() {
        let line = PolicyLine { name: "img-src", sources: vec![Source::own(), Source::none(), Source::own()] };
        let pieces =
            |max| HeaderValue::pieces_of_directive(&line, max).iter().map(HeaderValue::to_string).collect::<Vec<_>>();
        assert_eq!(pieces(1_000), ["img-src 'self' 'none' 'self'"]);
        assert_eq!(pieces(15), ["img-src 'self'", "'none' 'self'"]);
        assert_eq!(pieces(1), ["img-src", "'self'", "'none'", "'self'"]);
    }
}
