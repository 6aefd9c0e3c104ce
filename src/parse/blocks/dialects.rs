//! Block lines as other programs write them: `::: {.quote}`, `::: quote {by="x"}`, `::: end`, `::: /quote`.

use crate::model::slug::Slug;

/// Whether a line with this text after its colons was meant to close the block `open`.
pub fn closes(text: &str, open: Option<&str>) -> bool {
    let is_empty = !text.contains(|c: char| c.is_alphanumeric() || matches!(c, '{' | '[' | '<' | '"' | '='));
    let lower = text.to_lowercase();
    let is_word = |word: &str| Slug::parse(word).is_ok();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let names_end = match words[..] {
        [word] => {
            let of_open = word.strip_prefix("end").map(|rest| rest.trim_start_matches(['-', '_']));
            matches!(word, "end" | "close") || open.is_some() && of_open == open
        }
        ["end" | "close", word] | [word, "end" | "close"] => Some(word) == open,
        _ => false,
    };
    is_empty || names_end || lower.strip_prefix('/').map(str::trim).is_some_and(|rest| rest.is_empty() || is_word(rest))
}

/// Returns the opening line that was probably meant, if its text is not ours.
pub fn meant(text: &str) -> Option<String> {
    let name_length = text.find(char::is_whitespace).unwrap_or(text.len());
    let has_closing_colons = text.ends_with(":::");
    let unquoted: String = text.split('"').step_by(2).collect();
    if Slug::parse(&text[..name_length]).is_ok() && !has_closing_colons && !unquoted.contains(['{', '}']) {
        return None;
    }
    // A text in brackets behind the name is a label: `quote[Amina O.]`.
    let text = match text.find('[') {
        Some(at @ 1..) => &text[..at],
        _ => text.trim_end_matches(':'),
    };
    let words = words(text);
    // In Pandoc, `#` begins an id and `.` a class. The first class is the kind of box.
    let is_offer = words.first() == Some(&"offer");
    let mut words = words.iter().filter(|word| !word.starts_with('#') || is_offer || words.len() == 1);
    let name = words.next()?.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let name = Slug::parse(&name).ok()?;
    let others = words.filter(|word| !word.starts_with('.'));
    let attributes: String = others.map(|word| format!(" {}", word.trim_start_matches('#'))).collect();
    Some(format!("::: {name}{attributes}"))
}

/// Splits a text at spaces and brackets outside of quotes.
fn words(text: &str) -> Vec<&str> {
    let mut in_quotes = false;
    let is_end = |c: char| {
        in_quotes ^= c == '"';
        !in_quotes && (c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | '<' | '>' | ','))
    };
    text.split(is_end).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_other_programs_are_recognized() {
        for text in
            ["end", "End", "/quote", "/", "endquote", "end-quote", "end quote", "quote end", ".", "\u{200b}", ";"]
        {
            assert!(closes(text, Some("quote")), "{text}");
        }
        for text in ["quote", "endorsements", "hero end", "endhero", "{.end}", "quote by=end", "end=\"x\""] {
            assert!(!closes(text, Some("quote")), "{text}");
        }
    }

    #[test]
    fn opening_lines_of_other_programs_have_ours() {
        for (text, ours) in [
            ("{.quote}", "::: quote"),
            ("{.hero .wide}", "::: hero"),
            ("{#top .hero}", "::: hero"),
            ("{.quote by=\"Amina O.\"}", "::: quote by=\"Amina O.\""),
            ("quote{by=\"x\"}", "::: quote by=\"x\""),
            ("quote {by=\"x\" role=y}", "::: quote by=\"x\" role=y"),
            ("{quote}", "::: quote"),
            ("[quote]", "::: quote"),
            ("quote[Amina O.]", "::: quote"),
            ("<quote>", "::: quote"),
            ("\"quote\"", "::: quote"),
            (".quote", "::: quote"),
            ("#quote", "::: quote"),
            ("quote, by=x", "::: quote by=x"),
            ("Quote", "::: quote"),
            ("QUOTE wide", "::: quote wide"),
            ("quote:", "::: quote"),
            ("offer {#save}", "::: offer save"),
            ("offer {save}", "::: offer save"),
            ("quote by=x :::", "::: quote by=x"),
            ("quote\u{200b}", "::: quote"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(ours), "{text}");
        }
        for text in ["quote", "quote by=\"{x}\"", "offer save", "media flip"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
