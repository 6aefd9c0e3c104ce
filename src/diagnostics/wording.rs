//! Parts of messages: suggestions, lists of names, and counts.

use std::fmt::Display;

/// The number of typing errors between two texts.
pub fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(a, b)
}

/// Returns the known name that is most similar to the written one, if any is similar enough.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let length = lower.chars().count();
    let max_distance = |name: &str| name.chars().count().max(3) / 3;
    // The distance is at least the difference of the lengths, which is quickly computed: a file may have thousands of
    // unknown names.
    let may_be_near = |name: &&str| name.to_lowercase().chars().count().abs_diff(length) <= max_distance(name);
    known
        .into_iter()
        .filter(may_be_near)
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .filter(|&(distance, name)| distance <= max_distance(name))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// Returns the name that was certainly meant: it differs from the written one by case, by separators, or by one or two
/// letters, and no other name is as near. Digits are never a typing error: `spring-2026` is not `spring-2027`.
pub fn certain<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let plain_written = plain(written);
    let max_distance = match plain_written.chars().count() {
        0..4 => 0,
        4..8 => 1,
        8.. => 2,
    };
    let mut nearest: Option<(usize, &str)> = None;
    let mut is_tie = false;
    for name in known {
        let away = distance(&plain_written, &plain(name));
        match nearest {
            Some((best, _)) if away > best => continue,
            Some((best, other)) if away == best => is_tie |= other != name,
            _ => (nearest, is_tie) = (Some((away, name)), false),
        }
    }
    let (away, name) = nearest?;
    (!is_tie && away <= max_distance && digits(written) == digits(name)).then_some(name)
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_numeric()).collect()
}

/// `a`, `a and b`, `a, b and c`, each name in backticks.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Returns digits with commas between thousands: `12,000`.
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The first three names in backticks, and the number of the others: `a`, `b`, `c` and 4 more.
pub fn first_few(names: &[impl Display]) -> String {
    let few: Vec<String> = names.iter().take(3).map(|name| name.to_string()).collect();
    match names.len() - few.len() {
        0 => list(few.iter().map(String::as_str)),
        more => {
            let few: Vec<String> = few.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and {more} more", few.join(", "))
        }
    }
}

/// `1 page`, `2 pages`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ignores_typing_errors_and_case() {
        let known = ["newsletter", "linkedin", "acme"];
        assert_eq!(nearest("newsleter", known), Some("newsletter"));
        assert_eq!(nearest("LinkedIn", known), Some("linkedin"));
        assert_eq!(nearest("acm", known), Some("acme"));
        assert_eq!(nearest("facebook", known), None);
    }

    #[test]
    fn only_obvious_spellings_are_certain() {
        let known = ["title", "starts", "newsletter", "spring-2027", "acme", "linkedin"];
        for (written, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("newsleter", Some("newsletter")),
            ("news_letter", Some("newsletter")),
            ("LinkedIn", Some("linkedin")),
            ("spring2027", Some("spring-2027")),
            // Digits, short names, and names that could be something else.
            ("spring-2026", None),
            ("acm", None),
            ("stats", Some("starts")),
            ("newest", None),
        ] {
            assert_eq!(certain(written, known), expected, "{written}");
        }
        assert_eq!(certain("savd", ["save", "sold"]), Some("save"));
        assert_eq!(certain("sava", ["save", "savo"]), None);
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
    }
}
