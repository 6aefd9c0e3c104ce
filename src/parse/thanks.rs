//! The texts of thank-you pages, which are in the front matter. Their links and blocks join those of the page's body, so
//! that they are resolved and checked in the same way.

use std::sync::Arc;

use super::markdown::in_yaml;
use super::markdown::quotes::QuotationMarks;
use crate::diagnostics::Diagnostic;
use crate::model::body::{Body, Node, Outline, ThanksText};
use crate::model::page::FrontMatter;
use crate::source::SourceText;

/// Returns true if front matter may have such a text.
pub fn may_be_in(yaml: &str) -> bool {
    yaml.contains("thanks")
}

/// Converts the texts of a page's front matter, and adds them to its body and its outline.
pub fn add(
    source: &Arc<SourceText>,
    front: &FrontMatter,
    quotes: QuotationMarks,
    body: &mut Body,
    outline: &mut Outline,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for cta in front.ctas.values() {
        let Some(text) = cta.thanks.as_ref().and_then(|thanks| thanks.text.as_ref()) else { continue };
        let (mut text, text_outline, mut in_text) = in_yaml::value(source, text, quotes);
        diagnostics.append(&mut in_text);
        shift_links(&mut text.nodes, outline.links.len());
        let Outline { links, anchors: _, headings: _, raw_html, offers: _, blocks, thanks_blocks: _, is_skipped: _ } = text_outline;
        outline.links.extend(links);
        outline.raw_html.extend(raw_html);
        outline.thanks_blocks.extend(blocks);
        body.thanks.push(ThanksText { cta: cta.id.value.to_string(), nodes: text.nodes });
    }
    diagnostics
}

/// Increases the indices of links.
fn shift_links(nodes: &mut [Node], by: usize) {
    for node in nodes {
        match node {
            Node::Html(_) => {}
            Node::RawHtml { links, .. } => links.iter_mut().for_each(|link| link.link += by),
            Node::TopHeading { content, .. } => shift_links(content, by),
            Node::Link { link, content, .. } => {
                *link += by;
                shift_links(content, by);
            }
            Node::Image { link, .. } => *link += by,
            Node::Block(block) => shift_links(&mut block.content, by),
        }
    }
}
