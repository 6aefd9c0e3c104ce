//! The texts of thank-you pages, which are in the front matter. Their links and blocks join those of the page's body, so
//! that they are resolved and checked in the same way.

use std::sync::Arc;

use super::markdown::in_yaml;
use super::markdown::quotes::QuotationMarks;
use super::versions::Shown;
use crate::diagnostics::Diagnostic;
use crate::model::body::{Body, LinkTarget, Node, Outline, ThanksText};
use crate::model::page::FrontMatter;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Returns true if front matter may have such a text.
pub fn may_be_in(yaml: &str) -> bool {
    yaml.contains("thanks")
}

/// Converts the texts of a page's front matter, and adds them to its body and its outline.
pub fn add(
    source: &Arc<SourceText>,
    front: &FrontMatter,
    quotes: QuotationMarks,
    shown: Shown,
    body: &mut Body,
    outline: &mut Outline,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for cta in front.ctas.values() {
        let Some(text) = cta.thanks.as_ref().and_then(|thanks| thanks.text.as_ref()) else { continue };
        let (mut text, text_outline, mut in_text) = in_yaml::value(source, text, quotes, shown);
        diagnostics.append(&mut in_text);
        shift_links(&mut text.nodes, outline.links.len());
        let Outline { links, raw_html, blocks, heading_attributes, .. } = text_outline;
        diagnostics.extend(raw_html.into_iter().map(|span| shown_as_text(source, span)));
        outline.links.extend(links.into_iter().map(without_html));
        outline.thanks_blocks.extend(blocks);
        outline.heading_attributes.extend(heading_attributes);
        body.thanks.push(ThanksText { cta: cta.id.value.to_string(), nodes: text.nodes });
    }
    diagnostics
}

/// Returns the warning about HTML in a text of YAML, which is never published as HTML.
pub fn shown_as_text(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::warning(Rule::RawHtml, "HTML is shown as text here");
    diagnostic.at(source, span, "not rendered as HTML").help("write it in Markdown")
}

/// Returns a link; one in HTML without its address, because the HTML is shown as text.
fn without_html(link: LinkTarget) -> LinkTarget {
    match link.is_in_html {
        true => LinkTarget { address: "#".into(), is_image: false, ..link },
        false => link,
    }
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
