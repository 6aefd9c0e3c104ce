//! International telephone numbers.

use std::fmt;

use serde_json::json;

use crate::characters::as_typed;
use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::yaml::values::{excerpt, value};
use crate::yaml::{Node, Shape, YamlReader};

/// A telephone number with its country's code: `+` and 7 to 15 digits (ITU-T E.164).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    written: String,
    digits: String,
}

/// The codes of countries whose numbers have a 0 in front within the country, which is not dialled from abroad (ITU-T, list of
/// dialling procedures). Numbers of Italy and of Ivory Coast keep their 0, so they are not among them.
const WITH_NATIONAL_ZERO: [&str; 48] = [
    "20", "27", "31", "32", "33", "40", "41", "43", "44", "46", "49", "51", "54", "58", "60", "61", "62", "63", "64",
    "66", "81", "82", "84", "86", "90", "91", "92", "94", "212", "213", "233", "234", "254", "255", "256", "353",
    "358", "359", "380", "381", "385", "386", "421", "593", "880", "966", "971", "972",
];

/// Why a text is not an international telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPhoneNumber {
    /// No `+`. `suggestion`: the number in international form, if there is only one.
    NotInternational {
        suggestion: Option<String>,
    },
    /// A country's code never begins with 0.
    ZeroFirst,
    /// A 0 after the country's code, which is only dialled within the country.
    NationalZero {
        suggestion: String,
    },
    Digits {
        count: usize,
    },
    Character(char),
}

/// Without quotes, a number without spaces is a number to YAML, too.
pub const PHONE_NUMBER: Shape = Shape::spaced_value("telephone number", |_| {
    let between = "[ ()\\-\u{a0}\u{202f}\u{2010}\u{2011}\u{2013}]*";
    let pattern = format!("^ *\\+{between}[1-9](?:{between}[0-9]){{6,14}}{between} *$");
    json!({ "type": ["string", "integer"], "pattern": pattern, "not": { "type": "string", "pattern": "\\(0\\)" } })
});

impl PhoneNumber {
    /// Parses a number. Spaces, dashes and brackets between the digits are allowed.
    pub fn parse(text: &str) -> Result<PhoneNumber, NotAPhoneNumber> {
        let written = text.trim();
        let Some(rest) = written.strip_prefix('+') else {
            return Err(NotAPhoneNumber::NotInternational { suggestion: international_form(written) });
        };
        if let Some(odd) = rest.chars().find(|&c| !c.is_ascii_digit() && !is_between_digits(c)) {
            return Err(NotAPhoneNumber::Character(odd));
        }
        if rest.contains("(0)") {
            return Err(NotAPhoneNumber::NationalZero { suggestion: without_national_zero(written) });
        }
        let digits = digits_of(rest);
        match digits.len() {
            _ if digits.starts_with('0') => Err(NotAPhoneNumber::ZeroFirst),
            _ if let Some(suggestion) = without_zero_after_code(written, &digits) => {
                Err(NotAPhoneNumber::NationalZero { suggestion })
            }
            7..=15 => Ok(PhoneNumber { written: written.to_owned(), digits }),
            count => Err(NotAPhoneNumber::Digits { count }),
        }
    }

    pub fn read(reader: &mut YamlReader, node: &Node) -> Option<PhoneNumber> {
        let text = value(reader, node)?;
        let number = PhoneNumber::parse(&text);
        if let Err(reason) = &number {
            if let Some(diagnostic) = typed_elsewhere(reader, &text, node) {
                reader.diagnostics.push(diagnostic);
                return None;
            }
            let message = format!("`{}` is not an international telephone number", excerpt(&text));
            reader.error_with_help(Rule::BadPhone, node.span, message, reason.to_string(), reason.help());
        }
        number.ok()
    }

    /// Returns the digits without the `+`, as in a `wa.me` link.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// Returns the number as the author wrote it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Returns the number without spaces: `+254700000000`.
    pub fn international(&self) -> String {
        format!("+{}", self.digits)
    }

    /// Returns the `tel:` link (RFC 3966).
    pub fn link(&self) -> String {
        format!("tel:+{}", self.digits)
    }
}

/// Returns the error for a number with digits or a plus sign of another keyboard, as `＋44`.
fn typed_elsewhere(reader: &YamlReader, text: &str, node: &Node) -> Option<Diagnostic> {
    let typed = as_typed(text);
    PhoneNumber::parse(&typed).ok().filter(|_| typed != text)?;
    let message = format!("`{}` has characters that are not on keyboards", excerpt(text));
    let diagnostic = Diagnostic::error(Rule::BadPhone, message);
    let diagnostic = diagnostic.at(reader.source, node.span, "phones dial plain digits only");
    Some(diagnostic.help(format!("write `{typed}`")).replace(text, typed))
}

/// Returns true for spaces, dashes and brackets, including the ones that word processors insert.
fn is_between_digits(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '–' | '(' | ')')
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns the number without the 0 after the code of a country that has no such numbers.
fn without_zero_after_code(written: &str, digits: &str) -> Option<String> {
    let code =
        WITH_NATIONAL_ZERO.iter().find(|code| digits.strip_prefix(**code).is_some_and(|rest| rest.starts_with('0')))?;
    let mut digit_places = written.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at);
    let zero = digit_places.nth(code.len())?;
    let (before, after) = (&written[..zero], &written[zero + 1..]);
    Some(format!("{before}{}", if before.ends_with(' ') { after.trim_start() } else { after }))
}

fn without_national_zero(text: &str) -> String {
    text.replace("(0)", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the number with a `+`, if a text without one can only mean one number: after `00`, in a `wa.me` or `tel:`
/// link, or if it is long enough to include the country's code.
fn international_form(text: &str) -> Option<String> {
    let bare = ["https://", "http://", "tel:", "wa.me/"];
    let bare = bare.iter().fold(text, |text, prefix| text.strip_prefix(prefix).unwrap_or(text));
    let bare = bare.split(['?', '/']).next().unwrap_or_default().trim();
    let bare = bare.strip_prefix("00").or_else(|| bare.strip_prefix('+')).unwrap_or(bare);
    let suggestion = PhoneNumber::parse(&format!("+{bare}")).ok()?;
    // A shorter number probably lacks the country's code, too.
    (suggestion.digits.len() >= 11 || bare.len() < text.len()).then(|| format!("+{bare}"))
}

/// Completes the sentence "`…` is not a telephone number: ".
impl fmt::Display for NotAPhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAPhoneNumber::NotInternational { .. } => f.write_str("it has no `+` and no country's code"),
            NotAPhoneNumber::ZeroFirst => f.write_str("no country's code begins with 0"),
            NotAPhoneNumber::NationalZero { .. } => {
                f.write_str("the 0 after the country's code is dialled within the country only")
            }
            NotAPhoneNumber::Digits { count: 1 } => f.write_str("it has 1 digit, 7 to 15 are possible"),
            NotAPhoneNumber::Digits { count } => write!(f, "it has {count} digits, 7 to 15 are possible"),
            NotAPhoneNumber::Character(c) => write!(f, "`{}` is not a digit", c.escape_debug()),
        }
    }
}

impl NotAPhoneNumber {
    /// Returns what to write instead.
    pub fn help(&self) -> String {
        match self {
            NotAPhoneNumber::NotInternational { suggestion: Some(suggestion) }
            | NotAPhoneNumber::NationalZero { suggestion } => {
                format!("write `{suggestion}`")
            }
            NotAPhoneNumber::NotInternational { suggestion: None } | NotAPhoneNumber::ZeroFirst => {
                "write `+` and the country's code, and leave out the 0 that follows it: `+254 700 000000`".to_owned()
            }
            NotAPhoneNumber::Digits { .. } | NotAPhoneNumber::Character(_) => {
                "write it as in `+254 700 000000`: digits, and spaces, dashes or brackets between them".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    #[test]
    fn spaces_and_dashes_between_digits_are_allowed() {
        for text in [
            "+254700000000",
            "+254 700 000000",
            "+254-700-000-000",
            "+254 (700) 000 000",
            " +254\u{a0}700\u{2011}000000 ",
        ] {
            let read = number(text);
            assert_eq!(read.written(), text.trim());
            assert_eq!((&*read.international(), &*read.link()), ("+254700000000", "tel:+254700000000"), "{text}");
        }
        // Italy dials the 0 from abroad too.
        assert_eq!(number("+39 06 1234 5678").digits(), "390612345678");
        for shortest_or_longest in ["+1234567", "+123456789012345"] {
            assert_eq!(number(shortest_or_longest).international(), shortest_or_longest);
        }
    }

    #[test]
    fn error_has_a_reason_and_a_help() {
        let no_plus = "it has no `+` and no country's code";
        let example = "write `+` and the country's code, and leave out the 0 that follows it: `+254 700 000000`";
        let national = "the 0 after the country's code is dialled within the country only";
        let digits = "write it as in `+254 700 000000`: digits, and spaces, dashes or brackets between them";
        for (text, reason, help) in [
            ("0700 000000", no_plus, example),
            ("700 000000", no_plus, example),
            ("", no_plus, example),
            ("254 700 000000", no_plus, "write `+254 700 000000`"),
            ("00254 700 000000", no_plus, "write `+254 700 000000`"),
            ("https://wa.me/254700000000?text=Hi", no_plus, "write `+254700000000`"),
            ("tel:+254700000000", no_plus, "write `+254700000000`"),
            ("+0700 000000", "no country's code begins with 0", example),
            ("+44 (0)20 7946 0000", national, "write `+44 20 7946 0000`"),
            ("+49 0171 1234567", national, "write `+49 171 1234567`"),
            ("+254 0 700 000000", national, "write `+254 700 000000`"),
            ("+44-0117-4960123", national, "write `+44-117-4960123`"),
            ("+254 70", "it has 5 digits, 7 to 15 are possible", digits),
            ("+1234567890123456", "it has 16 digits, 7 to 15 are possible", digits),
            ("+254 700 KAZI", "`K` is not a digit", digits),
            ("+254.700.000000", "`.` is not a digit", digits),
            ("+٢٥٤٧٠٠٠٠٠٠٠٠", "`٢` is not a digit", digits),
        ] {
            let error = PhoneNumber::parse(text).unwrap_err();
            assert_eq!((&*error.to_string(), &*error.help()), (reason, help), "{text}");
        }
    }
}
