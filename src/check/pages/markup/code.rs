//! Text that is code because of its indent, or of a fence without an end.

use std::sync::Arc;

use super::Failure;
use super::passage::CodeBlock;
use crate::rules::Rule;
use crate::source::SourceText;

/// Reports code blocks that were probably meant as something else.
pub fn failures(source: &Arc<SourceText>, code: &[CodeBlock]) -> Vec<Failure> {
    code.iter()
        .filter_map(|code| if code.is_fenced { unclosed(source, code) } else { indented(source, code) })
        .collect()
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

/// Markup that is indented by four spaces is shown as code.
fn indented(source: &SourceText, code: &CodeBlock) -> Option<Failure> {
    let text = source.text[code.range.clone()].trim_start();
    let line = text.lines().next()?.trim_end();
    let is_block = line.starts_with(":::");
    let is_markup = ["- ", "* ", "# ", "## ", "### ", "> ", "![", "| "].iter().any(|start| line.starts_with(start))
        || line.starts_with('[') && line.contains("](");
    if !is_block && !is_markup {
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
