//! Names of months in several languages, and their short forms, as spreadsheets and people write them.

/// The names in one language.
struct Names {
    /// The primary tag of the language.
    language: &'static str,
    /// The name of each month, in lower case.
    full: [&'static str; 12],
    /// Short forms with other letters than the first three of a name.
    short: &'static [(&'static str, u8)],
    /// Short forms that are words of another language: `set` is short for the Portuguese September. They are months only
    /// where people write this language.
    ambiguous: &'static [&'static str],
}

const LANGUAGES: [Names; 8] = [
    Names {
        language: "en",
        full: [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        short: &[("sept", 9)],
        ambiguous: &[],
    },
    Names {
        language: "de",
        full: [
            "januar",
            "februar",
            "märz",
            "april",
            "mai",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "dezember",
        ],
        short: &[("mrz", 3), ("maerz", 3), ("jänner", 1), ("jän", 1), ("feber", 2), ("sept", 9)],
        ambiguous: &[],
    },
    Names {
        language: "fr",
        full: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        short: &[
            ("janv", 1),
            ("févr", 2),
            ("fevr", 2),
            ("fevrier", 2),
            ("avr", 4),
            ("juil", 7),
            ("aout", 8),
            ("sept", 9),
            ("decembre", 12),
        ],
        ambiguous: &["mars"],
    },
    Names {
        language: "es",
        full: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        short: &[("setiembre", 9), ("sept", 9)],
        ambiguous: &["ago", "mayo"],
    },
    Names {
        language: "pt",
        full: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        short: &[("marco", 3)],
        ambiguous: &["ago", "marco", "out", "set"],
    },
    Names {
        language: "it",
        full: [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        short: &[],
        ambiguous: &["ago", "gen", "lug", "mag", "set"],
    },
    Names {
        language: "nl",
        full: [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
        short: &[("mrt", 3)],
        ambiguous: &[],
    },
    Names {
        language: "sw",
        full: [
            "januari", "februari", "machi", "aprili", "mei", "juni", "julai", "agosti", "septemba", "oktoba",
            "novemba", "desemba",
        ],
        short: &[],
        ambiguous: &["ago", "mac"],
    },
];

/// Returns the number of the month with a name or a short form, in any of the languages. Case is ignored. `language` is the
/// primary tag of the language that people write; its short forms may be words of other languages.
pub fn number(name: &str, language: &str) -> Option<u8> {
    // The longest name is shorter.
    if name.len() < 3 || name.len() > 12 {
        return None;
    }
    let name = name.to_lowercase();
    LANGUAGES.iter().find_map(|names| names.number(&name, names.language.eq_ignore_ascii_case(language)))
}

/// Returns the number of the month with a name or a short form in one of the languages, where a month is expected.
pub fn expected_number(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    LANGUAGES.iter().find_map(|names| names.number(&name, true))
}

impl Names {
    fn number(&self, name: &str, is_of_site: bool) -> Option<u8> {
        if !is_of_site && self.ambiguous.contains(&name) {
            return None;
        }
        let short = self.short.iter().find(|(short, _)| *short == name).map(|(_, number)| *number);
        let is_start = |full: &str| name.chars().count() == 3 && full.starts_with(name);
        short.or_else(|| {
            // `jui` is short for two months, and so for none.
            let mut months = self.full.iter().zip(1..).filter(|(full, _)| **full == name || is_start(full));
            let (_, first) = months.next()?;
            months.next().is_none().then_some(first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_several_languages_are_known_by_name_and_short_form() {
        for (name, expected) in [
            ("OKT", 10),
            ("Mai", 5),
            ("DEZ", 12),
            ("März", 3),
            ("mrz", 3),
            ("déc", 12),
            ("août", 8),
            ("ENE", 1),
            ("abril", 4),
            ("dic", 12),
            ("ott", 10),
            ("mrt", 3),
            ("mei", 5),
            ("Desemba", 12),
            ("sept", 9),
            ("december", 12),
        ] {
            assert_eq!(number(name, "en"), Some(expected), "{name}");
        }
        for name in [
            "", "ma", "jui", "team", "mayor", "decade", "set", "out", "gen", "mac", "marco", "mag", "mayo", "mars",
            "ago", "été",
        ] {
            assert_eq!(number(name, "en"), None, "{name}");
        }
        assert_eq!((number("SET", "pt"), number("out", "pt"), number("gen", "it")), (Some(9), Some(10), Some(1)));
        assert_eq!(
            (expected_number("Mars"), expected_number("set"), expected_number("team")),
            (Some(3), Some(9), None)
        );
        assert_eq!((number("set", "it"), number("set", "de")), (Some(9), None));
    }
}
