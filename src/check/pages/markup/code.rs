//! Text that is code because of its indent, or of a fence without an end.

use std::ops::Range;
use std::sync::Arc;

use super::Failure;
use super::passage::CodeBlock;
use crate::rules::Rule;
use crate::source::SourceText;

/// Reports code blocks that were probably meant as something else.
pub fn failures(source: &Arc<SourceText>, code: &[CodeBlock]) -> Vec<Failure> {
    code.iter()
        .filter_map(|code| match code.is_fenced {
            true => unclosed(source, code).or_else(|| directive(source, code)),
            false => indented(source, code),
        })
        .collect()
}

/// The boxes of MyST. Other words in braces are languages.
const BOXES: [&str; 26] = [
    "admonition",
    "attention",
    "button",
    "card",
    "caution",
    "danger",
    "dropdown",
    "epigraph",
    "error",
    "figure",
    "grid",
    "hint",
    "iframe",
    "image",
    "important",
    "margin",
    "note",
    "pull-quote",
    "quote",
    "seealso",
    "sidebar",
    "tab-set",
    "tip",
    "topic",
    "video",
    "warning",
];

/// A box of MyST, as in `` ```{note} ``.
fn directive(source: &SourceText, code: &CodeBlock) -> Option<Failure> {
    let line = source.text[code.range.clone()].lines().next()?.trim_end();
    let name = line.trim_start_matches(['`', '~']).trim_start().strip_prefix('{')?.split(['}', ' ', ',']).next()?;
    let is_box = BOXES.contains(&name);
    let start = code.range.start;
    let help = "remove the line and the one that closes it; a block is written as in `::: quote`";
    is_box.then(|| Failure::new(start, start + line.len(), "this box of another program is shown as code", help))
}

/// Returns the failure of a paragraph that the line of `---` below it makes a heading.
pub fn underlined(source: &SourceText, range: &Range<usize>) -> Failure {
    let last = source.text[range.clone()].rfind('\n').map_or(range.start, |at| range.start + at + 1);
    let indent = source.text[last..range.end].len() - source.text[last..range.end].trim_start().len();
    let help = "write an empty line above the line of `---`";
    let failure = Failure::new(last + indent, range.end, "this paragraph is shown as a heading", help);
    Failure { label: "the line below makes it a heading", ..failure }
}

/// A fence that nothing closes makes code of the rest of the page or block.
fn unclosed(source: &SourceText, code: &CodeBlock) -> Option<Failure> {
    let text = source.text[code.range.clone()].trim_end();
    let first = text.lines().next()?.trim_end();
    let mark = first.chars().next()?;
    let length = first.len() - first.trim_start_matches(mark).len();
    let fence = &first[..length];
    let last = text.lines().next_back().unwrap_or_default().trim_start_matches([' ', '\t', '>']);
    let is_closed = text.contains('\n') && last.starts_with(fence) && last.trim_matches(mark).is_empty();
    let start = code.range.start;
    let help = format!("write {fence} on a line of its own where it ends");
    let failure = Failure::new(start, start + length, "this code is not closed", help);
    (!is_closed).then_some(Failure { label: "everything below is shown as code", ..failure })
}

/// Whether a line is a sentence.
fn is_prose(line: &str) -> bool {
    let is_word = |word: &str| word.trim_matches([',', '.', '!', '?', ':', '’', '"']).chars().all(char::is_alphabetic);
    line.starts_with(char::is_uppercase)
        && line.ends_with(['.', '!', '?'])
        && line.split_whitespace().count() > 4
        && line.split_whitespace().all(is_word)
}

/// Markup that is indented by four spaces is shown as code.
fn indented(source: &SourceText, code: &CodeBlock) -> Option<Failure> {
    let text = source.text[code.range.clone()].trim_start();
    let line = text.lines().next()?.trim_end();
    let is_block = line.starts_with(":::");
    let is_markup = ["- ", "* ", "# ", "## ", "### ", "> ", "![", "| "].iter().any(|start| line.starts_with(start))
        || line.starts_with('[') && line.contains("](");
    if !is_block && !is_markup && !is_prose(line) {
        return None;
    }
    let start = code.range.end - source.text[code.range.clone()].trim_start().len();
    let failure = Failure::new(
        start,
        start + line.len(),
        "this line is indented, so it is shown as code",
        "remove the spaces at the start of the line",
    );
    Some(Failure { rule: if is_block { Rule::MisplacedBlock } else { Rule::FailedMarkup }, ..failure })
}
