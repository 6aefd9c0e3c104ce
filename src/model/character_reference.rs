//! Character references of HTML in addresses: `&amp;`, `&#38;`. They belong into HTML. In YAML, no program decodes
//! them.

/// Names that copied addresses and texts have, each with its character. A name counts only with its semicolon: `&copy=2` is a
/// parameter.
const NAMES: [(&str, char); 18] = [
    ("amp", '&'),
    ("apos", '\''),
    ("colon", ':'),
    ("comma", ','),
    ("copy", '©'),
    ("equals", '='),
    ("gt", '>'),
    ("hyphen", '-'),
    ("lt", '<'),
    ("lowbar", '_'),
    ("nbsp", ' '),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("sol", '/'),
];
/// Names of parameters that no other parameter has after `amp`, as in `&ampcoupon=`.
const PARAMETERS: [&str; 27] = [
    "campaign", "category", "code", "color", "coupon", "currency", "date", "discount", "email", "fbclid", "gclid",
    "id", "item", "locale", "month", "name", "plan", "price", "product", "promo", "qty", "quantity", "ref", "type",
    "variant", "via", "voucher",
];
/// The longest reference in bytes, without its `&`: `#x10ffff;`.
const MAX_LENGTH: usize = 9;

/// Returns the first character reference in a text.
pub fn character_reference(text: &str) -> Option<&str> {
    text.match_indices('&').find_map(|(at, _)| decode(&text[at..]).map(|(length, _)| &text[at..at + length]))
}

/// Returns a text with its character references decoded. A reference that was encoded twice is decoded twice.
pub fn without_character_references(text: &str) -> String {
    let mut text = text.to_owned();
    let mut from = 0;
    while let Some(at) = text[from..].find('&').map(|at| from + at) {
        match decode(&text[at..]) {
            Some((length, c)) => text.replace_range(at..at + length, c.encode_utf8(&mut [0; 4])),
            None => from = at + 1,
        }
    }
    text
}

/// Returns the length and the character of the reference at the beginning of a text.
fn decode(text: &str) -> Option<(usize, char)> {
    let rest = text.strip_prefix('&')?;
    if is_parameter_after_amp(rest) {
        return Some(("&amp".len(), '&'));
    }
    let end = rest.bytes().take(MAX_LENGTH).position(|byte| byte == b';' || byte == b'%')?;
    let name = &rest[..end];
    let semicolon = match &rest.as_bytes()[end..] {
        [b';', ..] => 1,
        // An address bar encodes it.
        [b'%', b'3', b'B' | b'b', ..] => "%3B".len(),
        _ => return None,
    };
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(number) => u32::from_str_radix(number, 16).ok(),
        None => number.parse().ok(),
    });
    let c = match number {
        Some(number) => char::from_u32(number),
        None => NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, c)| *c),
    };
    Some(("&".len() + end + semicolon, c?))
}

/// Whether a text is `ampv=1`: the rest of `&amp;v=1`, whose semicolon was lost. Parameters such as `amplitude` and `amp` exist.
fn is_parameter_after_amp(rest: &str) -> bool {
    let Some((name, _)) = rest.strip_prefix("amp").and_then(|rest| rest.split_once('=')) else { return false };
    let is_letter = name.len() == 1 && name != "s" && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_letter || name.starts_with("utm_") || PARAMETERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_decoded() {
        for (text, reference, decoded) in [
            ("/c?a=1&amp;b=2&amp;c=3", "&amp;", "/c?a=1&b=2&c=3"),
            ("/c?a=1&AMP;b=2", "&AMP;", "/c?a=1&b=2"),
            ("/c?a=1&#38;b=2", "&#38;", "/c?a=1&b=2"),
            ("/c?a=1&#038;b=2", "&#038;", "/c?a=1&b=2"),
            ("/c?a=1&#x26;b=2", "&#x26;", "/c?a=1&b=2"),
            ("/c?a=1&amp;amp;b=2", "&amp;", "/c?a=1&b=2"),
            ("/c?q=&quot;x&quot;", "&quot;", "/c?q=\"x\""),
            ("/c?a=1&amp%3Bb=2", "&amp%3B", "/c?a=1&b=2"),
            ("/c?a=1&amp%3bb=2", "&amp%3b", "/c?a=1&b=2"),
            ("/c?a=1&ampv=2", "&amp", "/c?a=1&v=2"),
            ("/c?a=1&amputm_source=x&ampcoupon=y", "&amp", "/c?a=1&utm_source=x&coupon=y"),
        ] {
            assert_eq!(character_reference(text), Some(reference), "{text}");
            assert_eq!(without_character_references(text), decoded, "{text}");
        }
    }

    #[test]
    fn parameters_are_no_references() {
        for text in [
            "/c?a=1&amp=2",
            "/c?a=1&copy=2",
            "/c?a=1&b;c=2",
            "/c?lt;=1",
            "/c?a&&b",
            "/c?a=1&",
            "/é?a=1&ééééé;",
            "/c?a&amplitude=2",
            "/c?a&amp_js_v=1",
            "/c?a&amps=16",
            "/c?a&amp%20b",
        ] {
            assert_eq!(character_reference(text), None, "{text}");
            assert_eq!(without_character_references(text), text);
        }
    }
}
