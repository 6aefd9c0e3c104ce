//! Decodes character references in attributes: numbers, and the names of ASCII characters. Other names are left as they
//! are. No host and no scheme can contain their `&`.

use std::borrow::Cow;

/// The names of ASCII characters (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const NAMES: [(&str, &str); 46] = [
    ("AMP", "&"),
    ("DiacriticalGrave", "`"),
    ("GT", ">"),
    ("Hat", "^"),
    ("LT", "<"),
    ("NewLine", "\n"),
    ("QUOT", "\""),
    ("Tab", "\t"),
    ("UnderBar", "_"),
    ("VerticalLine", "|"),
    ("amp", "&"),
    ("apos", "'"),
    ("ast", "*"),
    ("bsol", "\\"),
    ("colon", ":"),
    ("comma", ","),
    ("commat", "@"),
    ("dollar", "$"),
    ("equals", "="),
    ("excl", "!"),
    // The only name of two characters of ASCII.
    ("fjlig", "fj"),
    ("grave", "`"),
    ("gt", ">"),
    ("lbrace", "{"),
    ("lbrack", "["),
    ("lcub", "{"),
    ("lowbar", "_"),
    ("lpar", "("),
    ("lsqb", "["),
    ("lt", "<"),
    ("midast", "*"),
    ("num", "#"),
    ("percnt", "%"),
    ("period", "."),
    ("plus", "+"),
    ("quest", "?"),
    ("quot", "\""),
    ("rbrace", "}"),
    ("rbrack", "]"),
    ("rcub", "}"),
    ("rpar", ")"),
    ("rsqb", "]"),
    ("semi", ";"),
    ("sol", "/"),
    ("verbar", "|"),
    ("vert", "|"),
];
/// The names that browsers also read without their semicolon, unless a letter, a digit or `=` follows.
const WITHOUT_SEMICOLON: [&str; 8] = ["AMP", "GT", "LT", "QUOT", "amp", "gt", "lt", "quot"];
/// The longest name, in bytes.
const MAX_NAME: usize = "DiacriticalGrave".len();

/// The characters that numbers from 0x80 to 0x9f mean: those of Windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Returns the value of an attribute as browsers read it.
pub fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, from_name)) = rest.split_once('&') {
        out.push_str(before);
        let length = match from_name.strip_prefix('#') {
            Some(number) => numbered(number).map(|(c, length)| {
                out.push(c);
                length + 1
            }),
            None => named(from_name).map(|(text, length)| {
                out.push_str(text);
                length
            }),
        };
        if length.is_none() {
            out.push('&');
        }
        rest = &from_name[length.unwrap_or(0)..];
    }
    Cow::Owned(out + rest)
}

/// Reads `58;`, `x3a;` or the same without a semicolon. Returns the character and the length in bytes.
fn numbered(text: &str) -> Option<(char, usize)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let c = match u32::from_str_radix(&digits[..length], radix) {
        Ok(number @ 0x80..=0x9f) => WINDOWS_1252[number as usize - 0x80],
        Ok(0) | Err(_) => '\u{fffd}',
        Ok(number) => char::from_u32(number).unwrap_or('\u{fffd}'),
    };
    let end = text.len() - digits.len() + length;
    Some((c, end + usize::from(text[end..].starts_with(';'))))
}

/// Reads `colon;`, `amp;` or `amp`. Returns what it means and the length in bytes.
fn named(text: &str) -> Option<(&'static str, usize)> {
    let end = text.bytes().take(MAX_NAME + 1).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let name = text.get(..end)?;
    let (_, meaning) = NAMES.iter().find(|(known, _)| *known == name)?;
    match text[end..].chars().next() {
        Some(';') => Some((*meaning, end + 1)),
        Some('=') => None,
        _ => WITHOUT_SEMICOLON.contains(&name).then_some((*meaning, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_browsers_do() {
        for (written, read) in [
            ("https&#58;//a&#x2E;example&sol;x", "https://a.example/x"),
            ("https&colon;&#47&#47a&period;example", "https://a.example"),
            ("?a=1&amp;b=2&lt&ltx&lt=", "?a=1&b=2<&ltx&lt="),
            ("&Tab;&NewLine;&#0;&#x110000;&#128;&#xZ;&#;", "\t\n\u{fffd}\u{fffd}€&#xZ;&#;"),
            ("&#99999999999999999999;&uuml;&colon&&", "\u{fffd}&uuml;&colon&&"),
            ("ü&ü;", "ü&ü;"),
            ("//&fjlig;ord.example", "//fjord.example"),
        ] {
            assert_eq!(decoded(written), read, "{written}");
        }
        assert!(matches!(decoded("/a.png?b"), Cow::Borrowed(_)));
    }
}
