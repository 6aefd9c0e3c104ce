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

/// `a`, `a and b`, `a, b and c`, each name in backticks.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
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
    fn lists_read_as_a_sentence() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c` and 2 more");
    }
}
