//! Lines in the markup of other programs: admonitions, headings of wikis, directives, statements of MDX.

use std::sync::LazyLock;

use regex::Regex;

use super::Failure;
use super::passage::Passage;

/// A line that begins with this pattern, and what to write instead.
struct ForeignLine {
    pattern: &'static str,
    what: &'static str,
    help: &'static str,
}

const HEADING: &str = "write a heading as in `## Prices`";

const FOREIGN: [ForeignLine; 12] = [
    // MkDocs and Docutils.
    ForeignLine {
        pattern: r#"(?:!!!|\?\?\?\+?) ?(?:abstract|attention|bug|caution|danger|details|error|example|failure|hint|important|info|note|question|quote|success|summary|tip|warning)(?: +inline)?(?: +"[^"]*")?\s*$"#,
        what: "a box of another program",
        help: "write a quote, as in `> **Note.** The text`",
    },
    ForeignLine { pattern: r"\.\. [a-z][a-z-]*::", what: "a directive of reStructuredText", help: "remove it" },
    ForeignLine { pattern: r"h[1-6]\. +\S", what: "a heading of Textile", help: HEADING },
    ForeignLine { pattern: r"={2,6} +[^=\n]+ ={2,6}\s*$", what: "a heading of a wiki", help: HEADING },
    ForeignLine { pattern: r"#\+[A-Za-z_]+:?(?: |$)", what: "a keyword of Org mode", help: "remove it" },
    ForeignLine {
        pattern: r"\\(?:begin|end|section|subsection|textbf|textit|emph|newpage|item|href|url|pagebreak)\b",
        what: "a command of LaTeX",
        help: "write it in Markdown",
    },
    ForeignLine {
        pattern: r"(?:image|video|include|link|audio)::?[^\s\[]+\[",
        what: "a macro of AsciiDoc",
        help: "write a link as in `[text](address)`, and a picture as in `![What it shows](picture.jpg)`",
    },
    ForeignLine {
        pattern: r"/// +[a-z]+|///\s*$",
        what: "a block of another program",
        help: "write it as in `::: quote`",
    },
    ForeignLine { pattern: r#"import +[A-Za-z{*][^'"\n]* from +['"]"#, what: "a statement of MDX", help: "remove it" },
    ForeignLine { pattern: r"\*\[[^\]\n]+\]: ", what: "an abbreviation of another program", help: "remove it" },
    ForeignLine {
        pattern: r":[ \t]+[A-Za-z]",
        what: "a definition list of another program",
        help: "write `**Term.** Its definition`, one in each paragraph or item",
    },
    ForeignLine {
        pattern: r"export +(?:const|let) +\w+ *=|export +default +(?:function\b|class\b|\w+;?\s*$|[({])",
        what: "a statement of MDX",
        help: "remove it",
    },
];

static PATTERNS: LazyLock<Vec<(Regex, &'static ForeignLine)>> = LazyLock::new(|| {
    let compiled = |line: &'static ForeignLine| Some((Regex::new(&format!("^(?:{})", line.pattern)).ok()?, line));
    FOREIGN.iter().filter_map(compiled).collect()
});

/// Reports the first line of a passage that another program would read.
pub fn foreign(passage: &Passage) -> Option<Failure> {
    if passage.is_heading {
        return None;
    }
    passage.line_texts().find_map(|(line, text)| {
        if !text.starts_with(['!', '?', '.', 'h', '=', '#', '\\', 'i', 'v', 'l', 'a', '/', 'e', '*', ':']) {
            return None;
        }
        let (_, foreign) = PATTERNS.iter().find(|(pattern, _)| pattern.is_match(text))?;
        let message = format!("this is {}", foreign.what);
        Some(Failure::new(line.start, line.start + text.trim_end().len(), message, foreign.help))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_valid() {
        assert_eq!(PATTERNS.len(), FOREIGN.len());
    }
}
