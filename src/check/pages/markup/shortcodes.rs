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

/// A text without these characters has none of the forms.
const MARKS: [char; 12] = ['~', '{', '[', '|', '%', '^', '&', '!', '\'', '<', '$', '('];

const ESCAPE: &str = "remove it; to show it to visitors as it is, write it between backticks";

const FOREIGN: [Foreign; 24] = [
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
    // GitHub and Obsidian.
    Foreign {
        pattern: r"\[!(?i:note|tip|important|warning|caution|info|success|question|danger|example|quote|todo|abstract|bug|failure)\][+-]?",
        what: "a mark of another program",
        help: "remove it; a quote has no types",
    },
    // Templates: JavaScript, ERB, ActiveCampaign, Brevo, and form letters.
    Foreign {
        pattern: r"[$#@]\{[A-Za-z_][A-Za-z0-9_.]*\}|\{\$[A-Za-z_]+\}",
        what: "a placeholder of another program",
        help: ESCAPE,
    },
    Foreign { pattern: r"<%[=-]?[^%\n]*[A-Za-z][^%\n]*%>", what: "a placeholder of another program", help: ESCAPE },
    Foreign {
        pattern: r"%%?[A-Z][A-Z0-9_]{2,}%%?|%%[A-Za-z_]{3,}%%|\[%[A-Za-z_]+%\]",
        what: "a merge tag of a mailer",
        help: ESCAPE,
    },
    Foreign {
        pattern: r"\{[A-Z][A-Z0-9]*_[A-Z0-9_]+\}|\{[a-z]+_[a-z_]+\}",
        what: "a placeholder of another program",
        help: ESCAPE,
    },
    Foreign { pattern: r"\{[a-z]+\.[a-zA-Z_.]+\}|\{/\*[^\n]*?\*/\}", what: "an expression of MDX", help: "remove it" },
    Foreign {
        pattern: r"\[(?:(?:Your|Insert|Client|Customer|Recipient) [A-Z][A-Za-z ]*|(?:First|Last) Name|your (?:name|company|logo|city))\]",
        what: "a placeholder of a form letter",
        help: ESCAPE,
    },
    // Pandoc, and wikis.
    Foreign {
        pattern: r"[A-Za-z0-9)]\^[A-Za-z0-9]{1,4}\^",
        what: "a superscript of another program",
        help: "write the character itself, such as `²` or `³`",
    },
    Foreign {
        pattern: r"[A-Za-z]~[0-9]{1,3}~",
        what: "a subscript of another program",
        help: "write the character itself, such as `₂`",
    },
    Foreign { pattern: r"'''[^'\n]+'''", what: "bold text of a wiki", help: "write `**` in place of `'''`" },
    Foreign {
        pattern: r"&(?:nbsp|(?:copy|reg|trade|hellip|mdash|ndash|rarr|larr|euro|bull|rsquo|lsquo|ldquo|rdquo)\b)",
        what: "a character of HTML without its `;`",
        help: "write the character itself, or the `;`",
    },
    Foreign {
        pattern: r"\^\[[^\]\n]+\]",
        what: "a footnote of another program",
        help: "write `[^1]` here, and `[^1]: The text` on a line of its own",
    },
    Foreign {
        pattern: r"\[@[A-Za-z0-9_:-]+\]",
        what: "a citation of another program",
        help: "write a link or a footnote",
    },
    Foreign { pattern: r"\$\$[^$\s][^$\n]*\$\$", what: "a formula of another program", help: "write it as text" },
    Foreign {
        pattern: r"[\[{(][^\[\]{}()\n]+[\]})]\((?:/|https?://|\.\.?/|mailto:|cta:)[^)\s]*\)",
        what: "a link with other brackets",
        help: "write `[text](address)`",
    },
    Foreign {
        pattern: r"!\([^()\s]+\.(?:png|jpe?g|svg|gif|webp|avif)\)",
        what: "a picture without its description",
        help: "write `![What it shows](picture.jpg)`",
    },
    // kramdown and Pandoc.
    Foreign {
        pattern: r"\{:? ?([.#][A-Za-z][^{}\n]*|[a-z][a-z-]*=[^{}\n]+)\}",
        what: "an attribute list of another program",
        help: "remove it; only headings take an id and classes: `## Prices {#teams}`",
    },
];

static PATTERNS: LazyLock<Vec<(Regex, &'static Foreign)>> =
    LazyLock::new(|| FOREIGN.iter().filter_map(|foreign| Some((Regex::new(foreign.pattern).ok()?, foreign))).collect());

/// Reports markup of other programs.
pub fn foreign(passage: &Passage) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (start, text) in passage.texts().filter(|(_, text)| text.contains(MARKS)) {
        for (pattern, foreign) in PATTERNS.iter() {
            let hits = pattern.find_iter(text).filter(|hit| !passage.is_escaped(start + hit.start()));
            let hits =
                hits.filter(|hit| !hit.as_str().starts_with('|') || passage.text[..start + hit.start()].ends_with('*'));
            let hits = hits.filter(|hit| !is_part(text, hit.as_str(), hit.start(), hit.end()));
            failures.extend(hits.map(|hit| {
                let message = format!("this is {}", foreign.what);
                Failure::new(start + hit.start(), start + hit.end(), message, foreign.help)
            }));
        }
    }
    failures
}

/// Whether what looks like markup belongs to the characters around it: `&copy;` is a character, and `50%SAVE%` a price.
fn is_part(text: &str, hit: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    match hit.chars().next() {
        Some('&') => matches!(after, Some(';' | '=')),
        Some('%') => before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_valid() {
        assert_eq!(PATTERNS.len(), FOREIGN.len());
    }
}
