//! The texts of links. They should say where the link leads, because users of screen readers jump from link to link and
//! hear nothing else (WCAG 2.2, 2.4.9).

use super::block_contents::picture_links;
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::model::body::{Node, each_node};
use crate::resolve::Target;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Texts that say nothing, in lower case.
const VAGUE_TEXTS: [&str; 48] = [
    "click",
    "click here",
    "click this link",
    "continue",
    "continue reading",
    "find out more",
    "here",
    "learn more",
    "link",
    "more",
    "more info",
    "more information",
    "read more",
    "see here",
    "see more",
    "this",
    "this link",
    "hier",
    "hier klicken",
    "klick hier",
    "klicken sie hier",
    "link hier",
    "mehr",
    "mehr erfahren",
    "mehr lesen",
    "weiterlesen",
    "cliquer ici",
    "cliquez ici",
    "en savoir plus",
    "ici",
    "lire la suite",
    "lire plus",
    "plus d'infos",
    "aquí",
    "haga clic aquí",
    "haz clic aquí",
    "leer más",
    "más",
    "más información",
    "ver más",
    "aqui",
    "clique aqui",
    "leia mais",
    "mais",
    "saiba mais",
    "ver mais",
    "bofya hapa",
    "hapa",
];

/// A message shows at most this many characters of a link's text.
const MAX_CHARACTERS: usize = 40;

/// Reports links whose text does not say where they lead.
pub fn vague_link_texts(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        let nodes = &context.body(page).nodes;
        let skipped = links_of_empty_videos(nodes);
        each_node(nodes, &mut |node| {
            let Node::Link { link, content, .. } = node else { return };
            if skipped.contains(link) {
                return;
            }
            let text = plain_text(content);
            let Some(label) = vagueness(&text, &page.links[*link]) else { return };
            let link = &context.outline(page).links[*link];
            let span = span_of_text(&page.page.source, link.span, &text);
            let start: String = text.chars().take(MAX_CHARACTERS).collect();
            let message = match start.is_empty() {
                true => "this link has no text".to_owned(),
                false => format!("the text of this link is `{start}`"),
            };
            let diagnostic = Diagnostic::warning(Rule::VagueLinkText, message).at(&page.page.source, span, label);
            diagnostics.push(diagnostic.help("say what people find there: `[our prices](/prices.md)`"));
        });
    }
    diagnostics
}

/// The links of `video` blocks without a linked picture, which are reported as a whole.
fn links_of_empty_videos(nodes: &[Node]) -> Vec<usize> {
    let mut links = Vec::new();
    each_node(nodes, &mut |node| match node {
        Node::Block(block) if block.name == "video" && picture_links(block).next().is_none() => {
            each_node(&block.content, &mut |node| {
                if let Node::Link { link, .. } = node {
                    links.push(*link);
                }
            });
        }
        _ => {}
    });
    links
}

/// What is wrong with the text of a link, as a label.
fn vagueness(text: &str, target: &Target) -> Option<&'static str> {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if text.is_empty() {
        // Without a text, a call to action shows its label, and an ended one the title of another page.
        let has_text = matches!(target, Target::Cta { .. } | Target::Ended { .. } | Target::Text);
        return (!has_text).then_some("nobody can see it, and screen readers read its address aloud");
    }
    if VAGUE_TEXTS.contains(&plain.as_str()) {
        return Some("does not say where it leads");
    }
    let is_address = ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    (is_address && !text.contains(' ')).then_some("screen readers spell an address letter by letter")
}

/// The span of a link's text if it is right before the address, else the span of the address.
fn span_of_text(source: &SourceText, address: Span, text: &str) -> Span {
    let before = &source.text[..address.start as usize];
    let end = before.strip_suffix("](").or_else(|| before.strip_suffix("](<"));
    match end.filter(|before| before.ends_with(text) && !text.is_empty()) {
        Some(before) => Span::new(before.len() - text.len(), before.len()),
        None => address,
    }
}

/// The text of nodes, without markup.
fn plain_text(nodes: &[Node]) -> String {
    let mut text = String::new();
    each_node(nodes, &mut |node| match node {
        Node::Html(html) => push_text(html, &mut text),
        Node::Image { alt, .. } => text.push_str(alt),
        Node::RawHtml { .. } | Node::TopHeading { .. } | Node::Link { .. } | Node::Block(_) => {}
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Appends the text of HTML that was made from Markdown: its attributes contain no `>`, and it has only these entities.
fn push_text(html: &str, out: &mut String) {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        if text.contains(entity) {
            text = text.replace(entity, character);
        }
    }
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::AfterPath;

    #[test]
    fn link_text_has_to_say_where_it_leads() {
        let page = Target::Page { page: 0, after: AfterPath::default() };
        for text in
            ["here", "Click here!", "→ Read more …", "Weiterlesen", "https://kazi.example/a", "www.kazi.example"]
        {
            assert!(vagueness(text, &page).is_some(), "{text}");
        }
        for text in ["our prices", "Here is what it costs", "kazi.example", "More than reading", "hello@kazi.example"] {
            assert_eq!(vagueness(text, &page), None, "{text}");
        }
        assert!(vagueness("", &page).is_some());
        assert_eq!(vagueness("", &Target::Ended { campaign: 0 }), None);
    }

    #[test]
    fn plain_text_of_html_has_no_tags_or_entities() {
        let mut text = String::new();
        push_text("a <em class=\"x\">b &amp; c</em> &lt;d&gt;", &mut text);
        assert_eq!(text, "a b & c <d>");
    }
}
