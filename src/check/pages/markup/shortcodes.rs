//! Shortcodes, placeholders and attributes of other programs, which Tagline shows as text.

use std::sync::LazyLock;

use regex::Regex;

use super::Failure;
use super::passage::Passage;

/// A form of markup, and what to write instead.
struct Foreign {
    pattern: &'static str,
    what: &'static str,
    help: &'static str,
}

const ESCAPE: &str = "remove it; to show it to visitors as it is, write it between backticks";

const FOREIGN: [Foreign; 9] = [
    // Hugo, Jinja, Liquid, Handlebars, and the merge tags of mailers.
    Foreign { pattern: r"\{\{[^{}\n]*[A-Za-z][^{}\n]*\}\}", what: "a placeholder of another program", help: ESCAPE },
    Foreign { pattern: r"\{%[^%\n]*[A-Za-z][^%\n]*%\}", what: "a shortcode of another program", help: ESCAPE },
    // Mailchimp: `*|FNAME|*`. Its asterisks are read as emphasis.
    Foreign { pattern: r"\*?\|[A-Z][A-Z0-9_:]+\|\*?", what: "a merge tag of a mailer", help: ESCAPE },
    // WordPress.
    Foreign {
        pattern: r#"\[[a-z][a-z0-9_-]*( +[a-z_-]+=("[^"\n]*"|'[^'\n]*'|[^ \]\n"']+))+ */?\]"#,
        what: "a shortcode of another program",
        help: ESCAPE,
    },
    Foreign { pattern: r"\[/[a-z][a-z0-9_-]*\]", what: "a shortcode of another program", help: ESCAPE },
    Foreign { pattern: r"\[(gallery|contact-form-7|playlist)\]", what: "a shortcode of another program", help: ESCAPE },
    Foreign { pattern: r"\[\[?(TOC|toc|_TOC_)\]?\]", what: "a table of contents of another program", help: ESCAPE },
    Foreign {
        pattern: r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]",
        what: "a mark of GitHub",
        help: "remove it; a quote has no types",
    },
    // kramdown and Pandoc.
    Foreign {
        pattern: r"\{(:? ?[.#][A-Za-z][^{}\n]*|[a-z]+=[^{}\n]+)\}",
        what: "an attribute list of another program",
        help: "remove it; only headings take an id and classes: `## Prices {#teams}`",
    },
];

static PATTERNS: LazyLock<Vec<(Regex, &'static Foreign)>> =
    LazyLock::new(|| FOREIGN.iter().filter_map(|foreign| Some((Regex::new(foreign.pattern).ok()?, foreign))).collect());

/// Reports markup of other programs.
pub fn foreign(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (start, text) in passage.texts().filter(|(_, text)| text.contains(['{', '[', '|'])) {
        for (pattern, foreign) in PATTERNS.iter() {
            let hits = pattern.find_iter(text).filter(|hit| !passage.is_escaped(start + hit.start()));
            let hits =
                hits.filter(|hit| !hit.as_str().starts_with('|') || passage.text[..start + hit.start()].ends_with('*'));
            failures.extend(hits.map(|hit| {
                let message = format!("this is {}", foreign.what);
                Failure::new(start + hit.start(), start + hit.end(), message, foreign.help)
            }));
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_valid() {
        assert_eq!(PATTERNS.len(), FOREIGN.len());
    }
}
