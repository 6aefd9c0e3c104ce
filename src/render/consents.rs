//! The sentences beside the checkboxes of forms. They are the same on all pages, so each is rendered once.

use super::picture::title_attribute;
use crate::html::escape::{escaped, push_escaped};
use crate::model::body::Node;
use crate::resolve::{ConsentText, Site, Target};

/// Returns the sentence of a consent as HTML, without the element of its paragraph.
pub fn html(site: &Site, text: &ConsentText) -> String {
    let mut html = String::new();
    push(&mut html, site, &text.nodes, &text.links);
    let inner = html.trim_end().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inner.unwrap_or_default().to_owned()
}

fn push(out: &mut String, site: &Site, nodes: &[Node], links: &[Target]) {
    for node in nodes {
        match node {
            Node::Html(html) => out.push_str(html),
            Node::Link { link, title, content } => match links.get(*link).and_then(|target| address(site, target)) {
                Some(url) => {
                    out.push_str(&format!("<a href=\"{}\"{}>", escaped(&url), title_attribute(title)));
                    push(out, site, content, links);
                    out.push_str("</a>");
                }
                None => push(out, site, content, links),
            },
            // Also if the site allows HTML in pages: this text is beside a checkbox.
            Node::RawHtml { html, block: false, .. } => push_escaped(out, html),
            Node::RawHtml { html, block: true, .. } => *out += &format!("<p>{}</p>\n", escaped(html.trim_end())),
            // A consent with such nodes is an error.
            Node::TopHeading { .. } | Node::Image { .. } | Node::Block(_) => {}
        }
    }
}

/// Returns the address of a link. `None` if its target is not published.
fn address(site: &Site, target: &Target) -> Option<String> {
    let base_url = &site.config.base_url;
    let (path, after) = match target {
        Target::Page { page, after } => (&site.pages[*page].path, after),
        Target::File { path, after } => (path, after),
        Target::Web(url) | Target::Contact(url) => return Some(url.to_string()),
        Target::Text | Target::Cta { .. } | Target::Ended { .. } | Target::Picture(_) => return None,
    };
    Some(format!("{}{after}", base_url.rooted(path)))
}
