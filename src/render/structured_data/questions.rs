//! The questions and answers of a page's `faq` blocks as plain text, for search engines. The theme renders the same
//! nodes for visitors.

use std::ops::Range;

use crate::html::escape::{escaped, push_escaped};
use crate::html::sections;
use crate::html::text::plain;
use crate::model::body::{Block, Body, Node};
use crate::resolve::{Site, SitePage, Target};

/// A question that has an answer. The answer has one line for each paragraph and list item.
#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    pub question: String,
    pub answer: String,
}

/// Returns all questions of a page, in the order of its body.
pub fn of_page(site: &Site, page: &SitePage, body: &Body) -> Vec<Question> {
    let mut blocks = Vec::new();
    collect_faq_blocks(&body.nodes, &mut blocks);
    let html = BodyText { site, page };
    let sections = blocks.into_iter().flat_map(|block| {
        let mut nested = Vec::new();
        let body = html.block(&block.content, &mut nested);
        sections::split(&body, &nested).sections
    });
    sections
        .map(|section| Question { question: plain(&section.heading), answer: plain(&section.body) })
        .filter(|Question { question, answer }| !question.is_empty() && !answer.is_empty())
        .collect()
}

fn collect_faq_blocks<'b>(nodes: &'b [Node], blocks: &mut Vec<&'b Block>) {
    for node in nodes {
        match node {
            // A block inside of it belongs to its answers.
            Node::Block(block) if block.name == "faq" => blocks.push(block),
            node => collect_faq_blocks(node.content(), blocks),
        }
    }
}

/// Renders nodes as HTML without links, images and templates.
struct BodyText<'s> {
    site: &'s Site,
    page: &'s SitePage,
}

impl BodyText<'_> {
    /// Returns the body of a block. `nested` receives the positions of the blocks in it.
    fn block(&self, nodes: &[Node], nested: &mut Vec<Range<usize>>) -> String {
        let mut out = String::new();
        for node in nodes {
            match node {
                Node::Html(html) => out.push_str(html),
                Node::RawHtml { html, .. } if self.site.config.raw_html => out.push_str(html),
                Node::RawHtml { html, .. } => push_escaped(&mut out, html),
                Node::TopHeading { content, .. } => out.push_str(&format!("<h1>{}</h1>\n", self.inline(content))),
                Node::Link { link, content, .. } => out.push_str(&self.link(*link, content)),
                Node::Image { .. } => {}
                Node::Block(block) => {
                    let start = out.len();
                    out.push_str(&self.inline(&block.content));
                    nested.push(start..out.len());
                }
            }
        }
        out
    }

    fn inline(&self, nodes: &[Node]) -> String {
        self.block(nodes, &mut Vec::new())
    }

    /// Returns the text of a link as the page shows it.
    fn link(&self, link: usize, content: &[Node]) -> String {
        let text = self.inline(content);
        let pages = &self.site.pages;
        match &self.page.links[link] {
            Target::Ended { campaign } => match pages[*campaign].after_end {
                Some(page) => escaped(&pages[page].page.front.title.value),
                None => text,
            },
            Target::Cta { page, cta } if text.trim().is_empty() => {
                pages[*page].cta(cta).map_or(text, |(cta, _)| escaped(&cta.label))
            }
            _ => text,
        }
    }
}
