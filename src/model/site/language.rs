//! The language of a site: a tag of RFC 5646, such as `en` or `pt-BR`. Codes of countries, names of languages and longer codes are
//! refused, with the tag that was meant.

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{Located, Span};
use crate::yaml::values::value;
use crate::yaml::{Node, YamlReader};

/// The two-letter codes of languages (ISO 639-1).
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj \
kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om \
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt \
tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What people write, in lower case, and the tag that they mean: codes of countries, longer codes, and names. `kr` is
/// Kanuri too, but whoever writes it means Korean.
const MEANT: [(&str, &str); 81] = [
    ("gr", "el"),
    ("jp", "ja"),
    ("cz", "cs"),
    ("dk", "da"),
    ("kr", "ko"),
    ("ua", "uk"),
    ("cn", "zh"),
    ("vn", "vi"),
    ("sp", "es"),
    ("mx", "es-MX"),
    ("us", "en-US"),
    ("gb", "en-GB"),
    ("at", "de-AT"),
    ("il", "he"),
    ("iw", "he"),
    ("ir", "fa"),
    ("rs", "sr"),
    ("al", "sq"),
    ("by", "be"),
    ("tz", "sw-TZ"),
    ("ji", "yi"),
    ("ph", "fil"),
    ("pk", "ur"),
    ("eng", "en"),
    ("ger", "de"),
    ("deu", "de"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("spa", "es"),
    ("esp", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("swa", "sw"),
    ("swe", "sv"),
    ("dan", "da"),
    ("nor", "no"),
    ("fin", "fi"),
    ("pol", "pl"),
    ("rus", "ru"),
    ("ukr", "uk"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("ara", "ar"),
    ("tur", "tr"),
    ("ell", "el"),
    ("gre", "el"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("heb", "he"),
    ("hin", "hi"),
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("francais", "fr"),
    ("français", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("espanol", "es"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("portugues", "pt"),
    ("italian", "it"),
    ("italiano", "it"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("swahili", "sw"),
    ("kiswahili", "sw"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("swedish", "sv"),
    ("svenska", "sv"),
    ("danish", "da"),
    ("dansk", "da"),
    ("greek", "el"),
    ("chinese", "zh"),
    ("japanese", "ja"),
];

/// Codes that are no regions, with the region that is meant. `None`: the language is complete without one.
const REGIONS: [(&str, Option<&str>); 4] = [("uk", Some("GB")), ("en", None), ("eu", None), ("lat", Some("419"))];

/// Reads a language tag in the form of RFC 5646: letters, then parts of up to eight letters or digits.
pub(super) fn read(reader: &mut YamlReader, node: &Node) -> Option<Located<String>> {
    let text = value(reader, node)?.trim().to_owned();
    Some(Located { value: checked(reader, &text, node.span)?, span: node.span })
}

/// Returns a language tag, or reports what is wrong with it.
pub(super) fn checked(reader: &mut YamlReader, text: &str, span: Span) -> Option<String> {
    if is_tag(text) && meant(text).is_none() {
        return Some(text.to_owned());
    }
    let label = match is_tag(text) {
        true => "the code of a country, or no code of a language",
        false => "a language tag is expected here",
    };
    let diagnostic = Diagnostic::error(Rule::BadLanguage, format!("`{text}` is not a language tag"));
    let diagnostic = diagnostic.at(reader.source, span, label);
    reader.diagnostics.push(match meant(text) {
        Some(Meant::Tag(tag)) => diagnostic.help(format!("write `{tag}`")).replace(text, tag),
        Some(Meant::Unknown) | None => diagnostic.help("write it as in `en`, `de` or `pt-BR`"),
    });
    None
}

/// Tests the form of a tag.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_language = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(is_language) && parts.all(is_subtag)
}

#[derive(Debug, PartialEq, Eq)]
enum Meant {
    Tag(String),
    Unknown,
}

/// Returns what was meant by a text that is no tag of a language. `None` for a right tag.
fn meant(text: &str) -> Option<Meant> {
    let dashed = text.replace('_', "-");
    // `de_DE.UTF-8` is the name of a locale.
    let dashed = dashed.split('.').next().unwrap_or_default();
    let mut parts = dashed.split('-');
    let first = parts.next().unwrap_or_default().to_lowercase();
    let rest: Vec<&str> = parts.collect();
    let known = MEANT.iter().find(|(written, _)| *written == first).map(|(_, tag)| *tag);
    let is_language = TWO_LETTERS.split(' ').any(|code| code == first);
    let (language, is_right) = match known {
        Some(tag) => (tag, false),
        None if is_language || first.len() == 3 => (&*first, true),
        None => return Some(Meant::Unknown),
    };
    let region_of = |part: &str| REGIONS.iter().find(|(written, _)| written.eq_ignore_ascii_case(part));
    let is_repeated = |part: &str| part.len() == 2 && known.is_some() && language.contains('-');
    let rest_meant: Vec<&str> = rest
        .iter()
        .filter(|part| !is_repeated(part))
        .filter_map(|part| region_of(part).map_or(Some(*part), |(_, region)| *region))
        .collect();
    if is_right && rest == rest_meant && dashed == text {
        return None;
    }
    let parts: Vec<&str> = std::iter::once(language).chain(rest_meant).collect();
    let tag = parts.join("-");
    Some(if is_tag(&tag) { Meant::Tag(tag) } else { Meant::Unknown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_countries_and_names_lead_to_the_tag_of_the_language() {
        for (written, tag) in [
            ("gr", "el"),
            ("jp", "ja"),
            ("JP", "ja"),
            ("cz", "cs"),
            ("cz-CZ", "cs-CZ"),
            ("en-UK", "en-GB"),
            ("en-EN", "en"),
            ("en_US", "en-US"),
            ("de_DE.UTF-8", "de-DE"),
            ("dk", "da"),
            ("ua", "uk"),
            ("English", "en"),
            ("deutsch", "de"),
            ("eng", "en"),
        ] {
            assert_eq!(meant(written), Some(Meant::Tag(tag.to_owned())), "{written}");
        }
        for written in ["xx", "klingon", "e", ""] {
            assert_eq!(meant(written), Some(Meant::Unknown), "{written}");
        }
    }

    #[test]
    fn tags_of_languages_stay() {
        for tag in [
            "en",
            "EN",
            "en-GB",
            "de-AT",
            "pt-BR",
            "sw-TZ",
            "sw-KE",
            "zh-Hant-TW",
            "es-419",
            "fil",
            "gsw",
            "uk",
            "sl",
            "rw",
        ] {
            assert_eq!(meant(tag), None, "{tag}");
        }
        assert_eq!(MEANT.iter().filter(|(_, tag)| !is_tag(tag)).count(), 0);
    }
}
