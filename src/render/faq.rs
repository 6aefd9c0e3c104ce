//! The questions and answers of a page's `faq` blocks as plain text, for search engines. What the page shows is drawn from
//! the same nodes by the theme.

use std::ops::Range;

use super::slots::push_escaped;
use crate::html::sections;
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
        sections::of(&html, &nested).sections
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

/// The text of HTML that Markdown made.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        // A line's end in the source is a space; those that are seen are elements.
        text.push_str(&rest[..open].replace('\n', " "));
        let end = rest[open..].find('>').map_or(rest.len(), |length| open + length + 1);
        let tag = &rest[open..end];
        rest = match left_out(tag).and_then(|close| rest[end..].split_once(close)) {
            Some((_, after)) => after,
            None => &rest[end..],
        };
        match tag[1..].trim_start_matches('/').split([' ', '>', '/', '\n']).next().unwrap_or_default() {
            "p" | "br" | "li" | "ul" | "ol" | "tr" | "table" | "pre" | "blockquote" | "div" | "hr" => text.push('\n'),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "dd" => text.push('\n'),
            "td" | "th" => text.push(' '),
            _ => {}
        }
    }
    text.push_str(&rest.replace('\n', " "));
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    unescaped(&lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// The end of an element that belongs to the page and not to its text: a footnote's number, and the footnote.
fn left_out(tag: &str) -> Option<&'static str> {
    match tag {
        _ if tag.starts_with("<sup class=\"footnote-") => Some("</sup>"),
        _ if tag.starts_with("<div class=\"footnote-definition\"") => Some("</div>"),
        _ => None,
    }
}

fn unescaped(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'")];
    let text = marks.into_iter().fold(text.to_owned(), |text, (mark, c)| text.replace(mark, c));
    // Last: `&amp;lt;` is the text `&lt;`.
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_a_line_for_each_paragraph_and_item() {
        for (html, text) in [
            ("<p>One\ntwo.</p>\n<p>Three <em>four</em>.</p>\n", "One two.\nThree four."),
            ("<p>Either</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "Either\na\nb"),
            ("<p>a<br>\nb</p>", "a\nb"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<p>&lt;b&gt; &quot;x&quot; &amp;lt; &amp;amp;</p>", "<b> \"x\" &lt; &amp;"),
            ("<p></p>\n", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn plain_text_has_no_footnotes() {
        let html = "<p>Six roles<sup class=\"footnote-reference\" id=\"fnref-1\"><a href=\"#fn-1\">1</a></sup>.</p>\n\
                    <div class=\"footnote-definition\" id=\"fn-1\"><sup class=\"footnote-definition-label\">1</sup> \
                    <p>In 2026.</p>\n</div>\n";
        assert_eq!(plain(html), "Six roles.");
    }
}
