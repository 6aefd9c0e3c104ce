//! Why a rule stands, with a wrong and a right example: its section of `docs/problems.md`, which is in the program so
//! that there is one text.

use crate::rules::Rule;

const DOCS: &str = include_str!("../../docs/problems.md");
/// Characters of a line; wider ones are hard to read.
const WIDTH: usize = 90;
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// The rule's page for a terminal.
pub fn why(rule: Rule, colored: bool) -> String {
    let bold = |text: &str| if colored { format!("{BOLD}{text}{RESET}") } else { text.to_owned() };
    let mut out = format!("{}: {}\n", bold(rule.id()), rule.why());
    for part in parts(section(rule)) {
        out.push('\n');
        match part {
            Part::Prose(text) => out.push_str(&(textwrap::fill(&without_links(&text), WIDTH) + "\n")),
            Part::Heading(text) => out.push_str(&(bold(text) + "\n")),
            Part::Example(lines) => {
                out.extend(lines.iter().map(|line| format!("    {line}").trim_end().to_owned() + "\n"))
            }
        }
    }
    let advice = format!("`rules: {{ {}: allow }}` in site.yaml turns it off, `deny` makes an error of it", rule.id());
    if rule.is_advice() {
        out.push_str(&format!("\n{}\n", textwrap::fill(&advice, WIDTH)));
    }
    out
}

enum Part<'d> {
    /// A paragraph or the item of a list, on one line.
    Prose(String),
    /// `Wrong:` and `Right:`
    Heading(&'d str),
    Example(Vec<&'d str>),
}

/// What stands below a rule's heading, up to the next one. A test holds the docs to having one for each rule.
fn section(rule: Rule) -> &'static str {
    let heading = format!("\n### {}\n", rule.id());
    let below = DOCS.split_once(&heading).map_or("", |(_, below)| below);
    let end = ["\n### ", "\n## "].into_iter().filter_map(|next| below.find(next)).min();
    &below[..end.unwrap_or(below.len())]
}

fn parts(section: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut lines = section.lines().peekable();
    while let Some(line) = lines.next() {
        match line.trim() {
            "" => {}
            fence if fence.starts_with("```") => {
                let close = &fence[..fence.len() - fence.trim_start_matches('`').len()];
                let example = std::iter::from_fn(|| lines.next_if(|line| line.trim() != close)).collect();
                lines.next();
                parts.push(Part::Example(example));
            }
            heading if heading.ends_with(':') && heading.len() < 60 && !heading.contains(". ") => {
                parts.push(Part::Heading(heading));
            }
            prose => {
                let mut paragraph = prose.to_owned();
                while let Some(more) =
                    lines.next_if(|line| !line.trim().is_empty() && !line.starts_with(['-', '`', '|']))
                {
                    paragraph.push(' ');
                    paragraph.push_str(more.trim());
                }
                parts.push(Part::Prose(paragraph));
            }
        }
    }
    parts
}

/// `[text](address)` as its text: a terminal has no use for an address within the docs.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (inner, after))) = rest.split_once('[').and_then(|(before, opened)| {
        let (inner, target) = opened.split_once("](")?;
        Some((before, (inner, target.split_once(')')?.1)))
    }) {
        out.push_str(before);
        out.push_str(inner);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_why_and_shows_wrong_and_right() {
        for &rule in Rule::ALL {
            let text = why(rule, false);
            for word in ["\nWrong", "\nRight"] {
                assert!(text.contains(word), "no `{}` in:\n{text}", word.trim());
            }
            assert!(text.matches("\n    ").count() >= 2, "no examples in:\n{text}");
            let mut prose = text.lines().filter(|line| !line.starts_with("    "));
            assert!(prose.all(|line| !line.contains("```") && !line.contains("](")), "{text}");
        }
    }

    #[test]
    fn links_of_the_docs_are_drawn_as_their_text() {
        assert_eq!(without_links("see [the blocks](blocks.md#x) and [`a`](b.md)."), "see the blocks and `a`.");
        assert_eq!(without_links("channels: [a, b]"), "channels: [a, b]");
    }
}
