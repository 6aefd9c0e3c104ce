//! Comments that are not closed within their paragraph.

use super::Failure;
use super::passage::Passage;

/// Reports a `<!--` that is shown as text.
pub fn unclosed(passage: &Passage) -> Option<Failure> {
    let mut opened =
        passage.texts().flat_map(|(start, text)| text.match_indices("<!--").map(move |(at, _)| start + at));
    let start = opened.find(|&at| !passage.is_escaped(at))?;
    let help = match passage.text[start..].contains("-->") {
        true => "begin the comment on a line of its own; within a paragraph, it ends with the paragraph",
        false => "write `-->` where it ends",
    };
    Some(Failure::new(start, start + "<!--".len(), "this comment is not closed", help))
}
