//! The questions and answers of a page's `faq` blocks as plain text, for search engines. What the page shows is drawn from
//! the same nodes by the theme.

use std::ops::Range;

use crate::html::escape::push_escaped;
use crate::html::sections;
use crate::html::text::plain;
use crate::model::body::{Block, Node};
use crate::resolve::{Site, SitePage, Target};

/// A question that has an answer. Lines stand for paragraphs and for items of lists.
#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    pub question: String,
    pub answer: String,
}

/// All of them, in the order of the page.
pub fn questions(site: &Site, page: &SitePage) -> Vec<Question> {
    let mut blocks = Vec::new();
    find(&page.page.body.nodes, &mut blocks);
    let sections = blocks.into_iter().flat_map(|block| {
        let mut nested = Vec::new();
        let html = html(site, page, &block.content, &mut nested);
        sections::split(&html, &nested).sections
    });
    sections
        .map(|section| Question { question: plain(&section.heading), answer: plain(&section.body) })
        .filter(|Question { question, answer }| !question.is_empty() && !answer.is_empty())
        .collect()
}

fn find<'b>(nodes: &'b [Node], found: &mut Vec<&'b Block>) {
    for node in nodes {
        match node {
            Node::Block(block) if block.name == "faq" => found.push(block),
            Node::Block(block) => find(&block.content, found),
            Node::Html(_) | Node::RawHtml { .. } | Node::TopHeading { .. } | Node::Link { .. } | Node::Image { .. } => {
            }
        }
    }
}

/// The nodes as HTML without links and pictures; `nested` gets the places of blocks.
fn html(site: &Site, page: &SitePage, nodes: &[Node], nested: &mut Vec<Range<usize>>) -> String {
    let mut out = String::new();
    for node in nodes {
        match node {
            Node::Html(html) => out.push_str(html),
            Node::RawHtml { html, .. } if site.config.raw_html => out.push_str(html),
            Node::RawHtml { html, .. } => push_escaped(&mut out, html),
            Node::TopHeading { content, .. } => {
                out.push_str(&format!("<h1>{}</h1>\n", html_of(site, page, content)));
            }
            Node::Link { link, content, .. } => out.push_str(&link_text(site, page, *link, content)),
            Node::Image { .. } => {}
            Node::Block(block) => {
                let start = out.len();
                out.push_str(&html_of(site, page, &block.content));
                nested.push(start..out.len());
            }
        }
    }
    out
}

fn html_of(site: &Site, page: &SitePage, nodes: &[Node]) -> String {
    html(site, page, nodes, &mut Vec::new())
}

/// What a link says, as it is drawn.
fn link_text(site: &Site, page: &SitePage, link: usize, content: &[Node]) -> String {
    let text = html_of(site, page, content);
    let instead = match &page.links[link] {
        Target::Ended { instead: Some(instead) } => Some(&site.pages[*instead].page.front.title.value),
        Target::Cta { page, cta } if text.trim().is_empty() => site.pages[*page].cta(cta).map(|(cta, _)| &cta.label),
        _ => None,
    };
    let Some(instead) = instead else { return text };
    let mut text = String::new();
    push_escaped(&mut text, instead);
    text
}
