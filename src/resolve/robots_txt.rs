//! What a `robots.txt` says to all robots (RFC 9309).

use crate::source::{self, Span};

/// Returns the place of the line `Disallow: /` for all robots, if no other line of their group allows anything.
pub fn disallows_all(text: &str) -> Option<Span> {
    let mut is_for_all = false;
    let mut names_robots = false;
    let mut found = None;
    for (at, line) in source::lines(text) {
        let Some((key, value)) = line.split('#').next().and_then(|line| line.split_once(':')) else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "user-agent" => {
                // Several lines in a row begin one group.
                is_for_all = value == "*" || is_for_all && names_robots;
                names_robots = true;
                continue;
            }
            "disallow" if is_for_all && matches!(value, "/" | "/*") => {
                let end = at + line.trim_end().len();
                found = found.or(Some(Span::new(at, end)));
            }
            "allow" if is_for_all && !value.is_empty() => return None,
            _ => {}
        }
        names_robots = false;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_that_hides_everything_from_all_robots_is_found() {
        for (text, start) in [
            ("User-agent: *\nDisallow: /\n", 14),
            ("user-agent: Googlebot\nUSER-AGENT: *\n\ndisallow : /  # all\nSitemap: x\n", 37),
            ("User-agent: a\nDisallow:\n\nUser-agent: *\nDisallow: /x\nDisallow: /*\n", 52),
        ] {
            assert_eq!(disallows_all(text).map(|span| span.start), Some(start), "{text}");
        }
    }

    #[test]
    fn group_that_hides_a_part_or_is_for_other_robots_is_not() {
        for text in [
            "",
            "User-agent: *\nDisallow:\n",
            "User-agent: *\nDisallow: /internal/\n",
            "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n",
            "User-agent: *\nDisallow: /\nAllow: /public/\n",
            "User-agent: *\nAllow: /\nUser-agent: GPTBot\nDisallow: /\n",
            "# User-agent: *\n# Disallow: /\n",
        ] {
            assert_eq!(disallows_all(text), None, "{text}");
        }
    }
}
