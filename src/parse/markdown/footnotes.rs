//! Numbers the footnotes of a page, and connects references with definitions in other segments of the same block.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::parse::blocks::BodyItem;
use crate::parse::dialect::MAX_FOOTNOTES;
use crate::source::SourceText;

/// The footnotes of a page. They are numbered across the page, and looked up by block and name.
#[derive(Default)]
pub struct Footnotes {
    /// The current block, and the number of blocks so far. The page itself is the first.
    block: usize,
    blocks: usize,
    numbers: HashMap<(usize, String), usize>,
    uses: HashMap<usize, usize>,
}

impl Footnotes {
    /// Begins a new block and returns the block around it, for [`Footnotes::end_block`].
    pub fn begin_block(&mut self) -> usize {
        let outer = std::mem::replace(&mut self.block, self.blocks);
        self.blocks += 1;
        outer
    }

    pub fn end_block(&mut self, outer: usize) {
        self.block = outer;
    }

    /// Returns the HTML of a reference to a footnote.
    pub fn reference(&mut self, name: &str) -> String {
        let number = self.number(name);
        let uses = self.uses.entry(number).or_insert(0);
        *uses += 1;
        let id = if *uses == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{uses}") };
        format!("<sup class=\"footnote-reference\" id=\"{id}\"><a href=\"#fn-{number}\">{number}</a></sup>")
    }

    /// Returns the HTML before a footnote's text.
    pub fn definition(&mut self, name: &str) -> String {
        let number = self.number(name);
        format!(
            "<div class=\"footnote-definition\" id=\"fn-{number}\"><sup class=\"footnote-definition-label\">{number}</sup> "
        )
    }

    fn number(&mut self, name: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry((self.block, name.to_lowercase())).or_insert(next)
    }
}

/// Returns the footnotes that a block with several segments of Markdown defines. The text of a footnote is often at
/// the very end, after other blocks.
pub fn footnote_labels<'s>(source: &'s SourceText, items: &[BodyItem]) -> Vec<&'s str> {
    let segments = items.iter().filter_map(|item| match item {
        BodyItem::Markdown(range) => Some(&source.text[range.clone()]),
        BodyItem::Block { .. } => None,
    });
    if segments.clone().count() < 2 {
        return Vec::new();
    }
    segments.flat_map(str::lines).filter_map(footnote_label).take(MAX_FOOTNOTES / 10).collect()
}

/// Returns a segment with a placeholder for each footnote that another segment of its block defines, so that the parser
/// accepts references to it.
pub fn with_footnotes<'t>(text: &'t str, labels: &[&str]) -> Cow<'t, str> {
    if labels.is_empty() || !text.contains("[^") {
        return Cow::Borrowed(text);
    }
    let own: HashSet<&str> = text.lines().filter_map(footnote_label).collect();
    let mut with = text.to_owned();
    for label in labels.iter().filter(|label| !own.contains(*label)) {
        with.push_str(&format!("\n\n[^{label}]: .\n"));
    }
    Cow::Owned(with)
}

/// Returns the name of an undefined footnote, if the text at byte `at` is a reference to one. The parser reads such a
/// reference as text.
pub fn undefined_footnote(text: &str, at: usize) -> Option<&str> {
    let name = text[at..].strip_prefix("[^")?;
    let end = name.find([']', ' ', '\n']).filter(|&end| end > 0 && name[end..].starts_with(']'))?;
    let is_escaped = text[..at].ends_with('\\');
    (!is_escaped).then_some(&name[..end])
}

fn footnote_label(line: &str) -> Option<&str> {
    line.strip_prefix("[^")?.split_once("]:").map(|(label, _)| label).filter(|label| !label.contains([' ', ']']))
}
