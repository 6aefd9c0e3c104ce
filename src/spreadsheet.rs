//! Cells of CSV files that people open in a spreadsheet: escapes formulas, and finds texts that are read as something else.

use std::borrow::Cow;

use crate::months;

/// Begins a CSV file that people open with a double click: without it, Excel reads UTF-8 as another encoding.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Puts an apostrophe before a cell that a spreadsheet would read as a formula. The list of first characters is from
/// OWASP's page on CSV injection. It includes tabs and line breaks, which some programs skip, and full-width signs,
/// which some read as the plain ones.
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// Booleans of spreadsheets in English, German, French, Spanish, Portuguese, Italian and Dutch.
const BOOLEANS: [&str; 12] =
    ["true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "verdadeiro", "vero", "waar", "onwaar"];

/// Returns what spreadsheets and data tools read a text as, if at least one of them shows or saves it differently afterwards.
/// Completes "spreadsheets read `0020` as …". `language` is the primary tag of the language in which people use them.
///
/// This is a summary of the documented formats of Excel, Google Sheets and LibreOffice and of the missing values and numbers of
/// pandas, not a measurement of each program: what they do depends on their version, language and settings. A number that stays
/// as it is, such as `2027`, is not reported.
pub fn read_as(text: &str, language: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_decimal = |text: &str| text.split_once(['.', ',']).is_some_and(|(a, b)| is_number(a) && is_number(b));
    match &*lower {
        word if BOOLEANS.contains(&word) => Some("a boolean"),
        "inf" | "-inf" | "infinity" => Some("an infinite number"),
        "null" | "nan" | "na" | "n-a" | "n/a" | "none" => Some("a missing value"),
        number if is_number(number) && number.len() > 1 && number.starts_with('0') => {
            Some("a number, without its zeros")
        }
        // Spreadsheets show at most 11 digits of a number, and save what they show.
        number if is_number(number) && number.len() > 11 => Some("a number, and round it"),
        number if is_decimal(number) => Some("a number"),
        text if text.starts_with(['=', '+', '@']) => Some("a formula"),
        text if is_amount(text) => Some("a number"),
        text if has_exponent(text) => Some("a number with an exponent"),
        text if is_day(text, language) => Some("a day"),
        text if is_time(text) => Some("a time"),
        _ => None,
    }
}

/// Returns true for `10%`, `$50`, `20€` and `-5`.
fn is_amount(text: &str) -> bool {
    const SIGNS: [char; 6] = ['%', '$', '€', '£', '¥', '-'];
    let number = text.trim_matches(SIGNS);
    number.len() < text.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns true for `1e5`, `12e-3` and `1.5e+10`.
fn has_exponent(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once('e') else { return false };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(&number.replacen('.', "", 1)) && are_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

/// Returns true for `2027-03`, `3-1`, `1/5/27`, `mar-27`, `27-march-2027`, `dec24` and `okt31`.
fn is_day(text: &str, language: &str) -> bool {
    let is_month_name = |text: &str| months::number(text, language).is_some();
    // A month's name, and a day or a year.
    let is_month_and_number = |one: &str, two: &str| {
        is_month_name(one) && is_year_or_short(two) || is_month_name(two) && is_year_or_short(one)
    };
    // Day and month in any order.
    let are_day_and_month = |one: &str, two: &str| {
        let is_month = |text: &str| is_month_name(text) || (1..=12).contains(&short_number(text));
        let is_day = |text: &str| (1..=31).contains(&short_number(text));
        is_month(one) && is_day(two) || is_day(one) && is_month(two)
    };
    let Some(separator) = ['-', '/', '.'].into_iter().find(|c| text.contains(*c)) else {
        let letters_begin = text.find(char::is_alphabetic).unwrap_or(text.len());
        let letters_end = text.rfind(char::is_alphabetic).map_or(0, |last| text.ceil_char_boundary(last + 1));
        let (one, two) = text.split_at(if letters_begin == 0 { letters_end } else { letters_begin });
        return is_month_and_number(one, two);
    };
    match text.split(separator).collect::<Vec<_>>()[..] {
        [one, two] => {
            is_month_and_number(one, two)
                || is_year_and_month(one, two)
                || is_year_and_month(two, one)
                || are_day_and_month(one, two)
        }
        [one, two, three] => {
            is_year(one) && are_day_and_month(two, three) || is_year_or_short(three) && are_day_and_month(one, two)
        }
        _ => false,
    }
}

fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_part = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.len(), 2 | 3) && parts.iter().all(is_part)
}

fn is_year_and_month(year: &str, month: &str) -> bool {
    is_year(year) && (1..=12).contains(&short_number(month))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u32| (1900..10_000).contains(&year))
}

/// A year, a day, or a year of two digits.
fn is_year_or_short(text: &str) -> bool {
    is_year(text) || short_number(text) > 0
}

/// The number of one or two digits, else 0.
fn short_number(text: &str) -> u32 {
    let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_short { text.parse().unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_texts_stay() {
        for formula in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(escape_formula(formula), format!("'{formula}"));
        }
        for text in ["", "Partner: Acme", "a=1", "'=1", "20 % off"] {
            assert_eq!(escape_formula(text), text);
        }
    }

    #[test]
    fn texts_that_spreadsheets_change_are_found_and_others_are_not() {
        for text in ["0020", "007", "123456789012"] {
            assert!(read_as(text, "en").is_some_and(|what| what.starts_with("a number,")), "{text}");
        }
        for text in ["1E5", "1e-5", "12e4567890", "1.5e3"] {
            assert_eq!(read_as(text, "en"), Some("a number with an exponent"), "{text}");
        }
        for text in [
            "2027-03",
            "3-1",
            "24-7",
            "1/5",
            "mar-27",
            "27-mar",
            "March-2027",
            "DEC24",
            "24DEC",
            "MAY2027",
            "2027-03-01",
            "1-5-27",
            "1.5.2027",
            "3/2027",
            "1-mar-27",
            "sept-1",
            "OKT31",
            "MAI4",
            "DEZ24",
            "ENE-5",
            "DÉC24",
            "24-août",
            "mrt-27",
            "desemba-9",
        ] {
            assert_eq!(read_as(text, "en"), Some("a day"), "{text}");
        }
        for text in ["TRUE", "WAHR", "Falsch", "VRAI", "faux", "VERDADERO"] {
            assert_eq!(read_as(text, "en"), Some("a boolean"), "{text}");
        }
        assert_eq!(read_as("INF", "en"), Some("an infinite number"));
        assert_eq!((read_as("SET20", "pt"), read_as("SET20", "en")), (Some("a day"), None));
        assert_eq!(read_as("NaN", "en"), Some("a missing value"));
        assert_eq!(read_as("1.50", "en"), Some("a number"));
        assert_eq!(read_as("10:30", "en"), Some("a time"));
        for text in [
            "",
            "0",
            "20",
            "2027",
            "SPRING20",
            "spring-2027",
            "50-50",
            "2027-13",
            "e5",
            "1e",
            "5e5x",
            "mayor-5",
            "DECO24",
            "DEC",
            "march",
            "7-eleven",
            "3-for-2",
            "24-7-support",
            "MAY500",
            "1-2-3-4",
            "q1-2027",
            "truth",
            "v1.2",
            "ACME20",
            "été-5",
            "OKTO31",
            "set-3",
            "out-5",
            "gen-2",
            "mac-10",
            "mag-1",
            "team-5",
            "top-10",
            "info",
            "wahrheit",
            "mayo-500",
            "maison-4",
        ] {
            assert_eq!(read_as(text, "en"), None, "{text}");
        }
    }
}
