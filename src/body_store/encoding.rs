//! The bytes of a body: its nodes in order, each with a byte for its kind.

use super::bytes::{Reader, push_flag, push_number, push_span, push_text};
use crate::model::body::{AttributeValue, Block, Body, HtmlLink, Node, ThanksText, html_length};

const HTML: u8 = 0;
const RAW_HTML: u8 = 1;
const TOP_HEADING: u8 = 2;
const LINK: u8 = 3;
const IMAGE: u8 = 4;
const BLOCK: u8 = 5;

/// About how many bytes the node of a link has, beside its HTML.
const LENGTH_OF_OTHERS: usize = 32;

pub fn encode(body: &Body) -> Vec<u8> {
    let Body { nodes, has_h1, thanks } = body;
    let mut out = Vec::with_capacity(html_length(nodes) + LENGTH_OF_OTHERS * nodes.len());
    push_flag(&mut out, *has_h1);
    push_nodes(&mut out, nodes);
    push_number(&mut out, thanks.len());
    for ThanksText { cta, nodes } in thanks {
        push_text(&mut out, cta);
        push_nodes(&mut out, nodes);
    }
    out
}

/// Returns `None` for bytes that are not an encoded body.
pub fn decode(bytes: &[u8]) -> Option<Body> {
    let mut reader = Reader::new(bytes);
    Some(Body { has_h1: reader.flag()?, nodes: reader.nodes()?, thanks: reader.thanks()? })
}

fn push_nodes(out: &mut Vec<u8>, nodes: &[Node]) {
    push_number(out, nodes.len());
    for node in nodes {
        match node {
            Node::Html(html) => {
                out.push(HTML);
                push_text(out, html);
            }
            Node::RawHtml { html, block, links } => {
                out.push(RAW_HTML);
                push_flag(out, *block);
                push_text(out, html);
                push_number(out, links.len());
                for HtmlLink { attribute, address, link } in links {
                    push_span(out, *attribute);
                    push_span(out, *address);
                    push_number(out, *link);
                }
            }
            Node::TopHeading { id, class, content } => {
                out.push(TOP_HEADING);
                push_text(out, id);
                push_text(out, class);
                push_nodes(out, content);
            }
            Node::Link { link, title, content } => {
                out.push(LINK);
                push_number(out, *link);
                push_text(out, title);
                push_nodes(out, content);
            }
            Node::Image { link, title, alt } => {
                out.push(IMAGE);
                push_number(out, *link);
                push_text(out, title);
                push_text(out, alt);
            }
            Node::Block(block) => {
                out.push(BLOCK);
                push_block(out, block);
            }
        }
    }
}

fn push_block(out: &mut Vec<u8>, block: &Block) {
    let Block { name, attributes, content, span, number, depth } = block;
    push_text(out, name);
    push_number(out, attributes.len());
    for (key, value) in attributes {
        push_text(out, key);
        match value {
            AttributeValue::Flag => push_flag(out, true),
            AttributeValue::Text(text) => {
                push_flag(out, false);
                push_text(out, text);
            }
        }
    }
    push_nodes(out, content);
    push_span(out, *span);
    push_number(out, *number);
    push_number(out, *depth);
}

impl Reader<'_> {
    fn nodes(&mut self) -> Option<Vec<Node>> {
        let count = self.number()?;
        (0..count).map(|_| self.node()).collect()
    }

    fn thanks(&mut self) -> Option<Vec<ThanksText>> {
        let count = self.number()?;
        (0..count).map(|_| Some(ThanksText { cta: self.text()?.to_owned(), nodes: self.nodes()? })).collect()
    }

    fn node(&mut self) -> Option<Node> {
        Some(match self.byte()? {
            HTML => Node::Html(self.text()?.into()),
            RAW_HTML => Node::RawHtml { block: self.flag()?, html: self.text()?.into(), links: self.html_links()? },
            TOP_HEADING => {
                Node::TopHeading { id: self.text()?.into(), class: self.text()?.into(), content: self.nodes()? }
            }
            LINK => Node::Link { link: self.number()?, title: self.text()?.into(), content: self.nodes()? },
            IMAGE => Node::Image { link: self.number()?, title: self.text()?.into(), alt: self.text()?.into() },
            BLOCK => Node::Block(Box::new(self.block()?)),
            _ => return None,
        })
    }

    fn html_links(&mut self) -> Option<Vec<HtmlLink>> {
        let count = self.number()?;
        let link = |reader: &mut Self| {
            Some(HtmlLink { attribute: reader.span()?, address: reader.span()?, link: reader.number()? })
        };
        (0..count).map(|_| link(self)).collect()
    }

    fn block(&mut self) -> Option<Block> {
        let name = self.text()?.to_owned();
        let count = self.number()?;
        let attributes = (0..count).map(|_| self.attribute()).collect::<Option<_>>()?;
        Some(Block {
            name,
            attributes,
            content: self.nodes()?,
            span: self.span()?,
            number: self.number()?,
            depth: self.number()?,
        })
    }

    fn attribute(&mut self) -> Option<(String, AttributeValue)> {
        let key = self.text()?.to_owned();
        let value = match self.flag()? {
            true => AttributeValue::Flag,
            false => AttributeValue::Text(self.text()?.to_owned()),
        };
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Span;

    fn any_link() -> impl Strategy<Value = HtmlLink> {
        (0..9_usize, 0..9_usize, 0..9_usize).prop_map(|(start, length, link)| HtmlLink {
            attribute: Span::new(start, start + length),
            address: Span::new(start + 1, start + length),
            link,
        })
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let text = || "[a<é\u{1f600}]{0,5}".prop_map(Box::<str>::from);
        let leaf = prop_oneof![
            text().prop_map(Node::Html),
            (text(), any::<bool>(), prop::collection::vec(any_link(), 0..3))
                .prop_map(|(html, block, links)| Node::RawHtml { html, block, links }),
            (0..9_usize, text(), text()).prop_map(|(link, title, alt)| Node::Image { link, title, alt }),
        ];
        leaf.prop_recursive(3, 20, 4, move |node| {
            let content = prop::collection::vec(node, 0..4);
            let value = prop_oneof![Just(AttributeValue::Flag), "[a é]{0,4}".prop_map(AttributeValue::Text)];
            let attributes = prop::collection::vec(("[a-z]{1,4}", value), 0..3);
            prop_oneof![
                (text(), text(), content.clone()).prop_map(|(id, class, content)| Node::TopHeading {
                    id,
                    class,
                    content
                }),
                (0..9_usize, text(), content.clone()).prop_map(|(link, title, content)| Node::Link {
                    link,
                    title,
                    content
                }),
                ("[a-z]{1,4}", attributes, content, 0..99_usize, 1..4_usize).prop_map(
                    |(name, attributes, content, start, number)| Node::Block(Box::new(Block {
                        name,
                        attributes,
                        content,
                        span: Span::new(start, start + number),
                        number,
                        depth: number + 1,
                    }))
                ),
            ]
        })
    }

    proptest! {
        #[test]
        fn encoded_body_decodes_unchanged(
            nodes in prop::collection::vec(any_node(), 0..5),
            thanks in prop::collection::vec(("[a-z]{1,4}", prop::collection::vec(any_node(), 0..3)), 0..3),
            has_h1: bool,
        ) {
            let thanks = thanks.into_iter().map(|(cta, nodes)| ThanksText { cta, nodes }).collect();
            let body = Body { nodes, has_h1, thanks };
            prop_assert_eq!(decode(&encode(&body)), Some(body));
        }

        #[test]
        fn any_bytes_decode_without_a_panic(bytes in prop::collection::vec(0..8_u8, 0..60)) {
            let _ = decode(&bytes);
        }
    }
}
