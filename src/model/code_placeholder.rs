//! The place of a coupon's code in an address: `{code}`, and the placeholders of other programs that were meant for it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The placeholder for the coupon's code in an address.
pub const PLACEHOLDER: &str = "{code}";

/// What other programs and people call the code.
const NAME: &str =
    "(?:your[ _-]?)?(?:(?:coupon|discount|promo|promotion|voucher)[ _-]?)?code|coupon|discount|promo|voucher";
/// Spaces within a placeholder, as they are or encoded.
const SPACES: &str = r"(?: |\+|%20|%2520)*";
/// What other programs write around a name. An address bar encodes some of it, and a link builder does so again.
const AROUND: [(&str, &str); 12] = [
    (r"[$%]?(?:\{|%7B|%257B){1,3}", r"(?:\}|%7D|%257D){1,3}"),
    (r"(?:\[|%5B|%255B){1,2}", r"(?:\]|%5D|%255D){1,2}"),
    (r"(?:<|%3C|%253C){1,2}", r"(?:>|%3E|%253E){1,2}"),
    (r"\({1,2}", r"\){1,2}"),
    (r"\*(?:\||%7C)", r"(?:\||%7C)\*"),
    ("%{1,2}", "%{1,2}"),
    ("__", "__"),
    ("#", "#"),
    ("@@", "@@"),
    ("~", "~"),
    (r"[=/](?:\$|%24)", ""),
    ("[=/]:", ""),
];

static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = AROUND.map(|(open, close)| format!("{open}{SPACES}(?:{NAME}){SPACES}{close}"));
    // `printf`, and a value that only says what belongs there.
    let others = "=%s|=your[_-]?code";
    Regex::new(&format!("(?i){}|{others}", forms.join("|"))).ok()
});

/// Returns where an address has a placeholder that is not replaced by the code: `[code]`, `%7B%20code%20%7D`, `$code`.
pub fn foreign_placeholder(url: &str) -> Option<Range<usize>> {
    FOREIGN.as_ref()?.find_iter(url).find_map(|found| {
        // The `=` or `/` before `$code` belongs to the address.
        let start = found.start() + usize::from(found.as_str().starts_with(['=', '/']));
        let text = &url[start..found.end()];
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ']');
        let before = url[..start].chars().next_back();
        let after = url[found.end()..].chars().next();
        // `coupon[code]=…` is the name of a parameter, and `$codename` another word.
        let is_name = before.is_some_and(is_word) && !begins_with_brace(text) || after == Some('=');
        let is_cut = text.ends_with(char::is_alphanumeric) && after.is_some_and(is_word);
        let is_part = is_name || is_cut;
        let is_ours = plain(text) == PLACEHOLDER;
        (!is_part && !is_ours).then_some(start..found.end())
    })
}

/// Whether a text begins with a character that no name of a parameter has.
fn begins_with_brace(text: &str) -> bool {
    let encoded = ["%7b", "%257b", "%3c", "%253c"];
    text.starts_with(['{', '<', '$', '*']) || encoded.iter().any(|start| text.to_ascii_lowercase().starts_with(start))
}

/// Returns the address with its placeholder as `{code}`, also where an address bar or a link builder encoded it, once or twice.
pub fn with_plain_placeholder(url: String) -> String {
    if url.contains('%') { plain(&url) } else { url }
}

fn plain(url: &str) -> String {
    const OPEN: [&str; 5] = ["{", "%7B", "%7b", "%257B", "%257b"];
    const CLOSE: [&str; 5] = ["}", "%7D", "%7d", "%257D", "%257d"];
    let encoded = OPEN.iter().flat_map(|open| CLOSE.map(|close| format!("{open}code{close}")));
    encoded.fold(url.to_owned(), |url, encoded| url.replace(&encoded, PLACEHOLDER))
}

/// Returns true if an address has no `{code}`, but another name in encoded braces: `%7Bcoupon%7D`.
pub fn has_encoded_placeholder(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let mut names = lower.split("%7b").skip(1).filter_map(|rest| rest.split_once("%7d"));
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    !url.contains(PLACEHOLDER) && names.any(|(name, _)| is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_other_programs_are_found() {
        for written in [
            "{ code }",
            "%7B%20code%20%7D",
            "%7B+code+%7D",
            "%257B%2520code%2520%257D",
            "{{code}}",
            "%7B%7Bcode%7D%7D",
            "${code}",
            "$%7Bcode%7D",
            "{CODE}",
            "{coupon_code}",
            "[code]",
            "%5BCODE%5D",
            "[[code]]",
            "<code>",
            "%3Ccode%3E",
            "((code))",
            "*|CODE|*",
            "%code%",
            "%%coupon%%",
            "__CODE__",
            "#code#",
            "$code",
            "%24code",
            ":code",
            "%s",
            "YOUR_CODE",
            "[your code]",
        ] {
            for url in [format!("https://x.example/?coupon={written}"), format!("https://x.example/?a={written}&b=1")] {
                let found = foreign_placeholder(&url).map(|range| &url[range]);
                assert_eq!(found, Some(written), "{url}");
            }
        }
        assert_eq!(foreign_placeholder("https://x.example/discount/:code"), Some(27..32));
    }

    #[test]
    fn our_placeholder_and_names_of_parameters_are_not_foreign() {
        for url in [
            "https://x.example/?coupon={code}",
            "https://x.example/#{code}",
            "https://x.example/?coupon=%7Bcode%7D",
            "https://x.example/?coupon=%257Bcode%257D",
            "https://x.example/?coupon[code]={code}",
            "https://x.example/?coupon%5Bcode%5D={code}",
            "https://x.example/?filter[discount]=yes",
            "https://x.example/coupon/promo-code/?code={code}",
            "https://x.example/?$codename=1&a=$codes",
            "https://x.example:8080/code",
            "https://x.example/?response_type=code",
            "https://x.example/?a=SPRING%20CODE",
            "https://x.example/?a=%secret",
        ] {
            assert_eq!(foreign_placeholder(url), None, "{url}");
        }
    }
}
