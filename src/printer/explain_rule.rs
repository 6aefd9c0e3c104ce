//! Prints the explanation of a rule for a terminal.

use super::terminal_text::TerminalText;
use crate::rules::{Class, Rule};

/// Characters per line; longer lines are hard to read.
const WIDTH: usize = 90;
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// Returns why a rule exists, what it finds, and its examples.
pub fn explain_rule(rule: Rule, colored: bool) -> TerminalText {
    TerminalText::styled(explanation(rule, colored))
}

fn explanation(rule: Rule, colored: bool) -> String {
    let definition = rule.definition();
    let bold = |text: &str| if colored { format!("{BOLD}{text}{RESET}") } else { text.to_owned() };
    let mut out = format!("{}: {}\n", bold(definition.id), definition.why);
    for block in definition.explanation().split("\n\n") {
        out.push('\n');
        out.push_str(&(block_of_text(block) + "\n"));
    }
    for (heading, example) in definition.examples() {
        out.push_str(&format!("\n{}\n\n", bold(&heading.replace('`', ""))));
        out.extend(example.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n"));
    }
    let hint = match definition.class {
        Class::Essential => return out,
        Class::Error => {
            format!("`rules: {{ {0}: allow }}` in site.yaml turns it off, `warn` makes it a warning", rule.id())
        }
        Class::Warning => {
            format!("`rules: {{ {0}: allow }}` in site.yaml turns it off, `deny` makes it an error", rule.id())
        }
    };
    out + "\n" + &textwrap::fill(&hint, WIDTH) + "\n"
}

/// A paragraph or a list, wrapped for a terminal.
fn block_of_text(block: &str) -> String {
    let mut items: Vec<String> = Vec::new();
    for line in block.lines() {
        match items.last_mut() {
            Some(item) if !line.starts_with("- ") => *item = format!("{item} {}", line.trim()),
            _ => items.push(line.to_owned()),
        }
    }
    let wrapped = items.iter().map(|item| {
        let hanging = if item.starts_with("- ") { "  " } else { "" };
        textwrap::fill(&without_links(item), textwrap::Options::new(WIDTH).subsequent_indent(hanging))
    });
    wrapped.collect::<Vec<_>>().join("\n")
}

/// Replaces each `[text](address)` with its text. Addresses within the docs are useless in a terminal.
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
    fn every_rule_is_explained_with_two_examples_and_no_markdown_links() {
        for &rule in Rule::ALL {
            let text = explanation(rule, false);
            for heading in ["\nFails", "\nPasses"] {
                assert!(text.contains(heading), "no `{}` in:\n{text}", heading.trim());
            }
            assert!(text.matches("\n    ").count() >= 2, "no examples in:\n{text}");
            let mut prose = text.lines().filter(|line| !line.starts_with("    "));
            assert!(prose.all(|line| !line.contains("```") && !line.contains("](")), "{text}");
        }
    }

    #[test]
    fn links_are_replaced_with_their_text() {
        assert_eq!(without_links("see [the blocks](blocks.md#x) and [`a`](b.md)."), "see the blocks and `a`.");
        assert_eq!(without_links("channels: [a, b]"), "channels: [a, b]");
    }

    #[test]
    fn items_of_a_list_begin_on_lines_of_their_own() {
        assert_eq!(block_of_text("- a\n  b\n- c"), "- a b\n- c");
    }
}
