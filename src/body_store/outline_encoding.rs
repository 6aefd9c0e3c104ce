//! The bytes of an outline: its fields in order.

use super::bytes::{Reader, push_flag, push_number, push_span, push_text};
use crate::model::body::{Attribute, AttributeValue, BlockLine, Heading, HeadingAttributes, LinkTarget, Outline};
use crate::source::Span;

pub fn encode(outline: &Outline) -> Vec<u8> {
    let Outline { links, anchors, headings, raw_html, offers, blocks, heading_attributes, thanks_blocks, is_skipped } =
        outline;
    let mut out = Vec::new();
    push_number(&mut out, links.len());
    for LinkTarget { address, span, is_image, is_in_html } in links {
        push_text(&mut out, address);
        push_span(&mut out, *span);
        push_flag(&mut out, *is_image);
        push_flag(&mut out, *is_in_html);
    }
    push_number(&mut out, anchors.len());
    anchors.iter().for_each(|anchor| push_text(&mut out, anchor));
    push_number(&mut out, headings.len());
    for Heading { level, text, span } in headings.iter() {
        out.push(*level);
        push_text(&mut out, text);
        push_span(&mut out, *span);
    }
    push_number(&mut out, raw_html.len());
    raw_html.iter().for_each(|span| push_span(&mut out, *span));
    push_number(&mut out, offers.len());
    for (name, span) in offers {
        push_text(&mut out, name);
        push_span(&mut out, *span);
    }
    for lines in [blocks, thanks_blocks] {
        push_number(&mut out, lines.len());
        lines.iter().for_each(|block| push_block_line(&mut out, block));
    }
    push_number(&mut out, heading_attributes.len());
    for HeadingAttributes { block, level, attributes } in heading_attributes {
        // No block has an empty name.
        push_text(&mut out, block.as_deref().unwrap_or_default());
        out.push(*level);
        push_attributes(&mut out, attributes);
    }
    push_flag(&mut out, *is_skipped);
    out
}

/// Returns `None` for bytes that are not an encoded outline.
pub fn decode(bytes: &[u8]) -> Option<Outline> {
    let mut reader = Reader::new(bytes);
    Some(Outline {
        links: reader.list(Reader::link)?,
        anchors: reader.list(|reader| Some(reader.text()?.into()))?,
        headings: reader.list(Reader::heading)?.into(),
        raw_html: reader.list(Reader::span)?,
        offers: reader.list(Reader::offer)?,
        blocks: reader.list(Reader::block_line)?,
        thanks_blocks: reader.list(Reader::block_line)?,
        heading_attributes: reader.list(Reader::heading_attributes)?,
        is_skipped: reader.flag()?,
    })
}

fn push_block_line(out: &mut Vec<u8>, block: &BlockLine) {
    let BlockLine { name, attributes, span } = block;
    push_text(out, name);
    push_attributes(out, attributes);
    push_span(out, *span);
}

fn push_attributes(out: &mut Vec<u8>, attributes: &[Attribute]) {
    push_number(out, attributes.len());
    for Attribute { name, value, span } in attributes {
        push_text(out, name);
        push_flag(out, *value == AttributeValue::Flag);
        if let AttributeValue::Text(text) = value {
            push_text(out, text);
        }
        push_span(out, *span);
    }
}

impl Reader<'_> {
    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn link(&mut self) -> Option<LinkTarget> {
        let (address, span) = (self.text()?.into(), self.span()?);
        Some(LinkTarget { address, span, is_image: self.flag()?, is_in_html: self.flag()? })
    }

    fn heading(&mut self) -> Option<Heading> {
        Some(Heading { level: self.byte()?, text: self.text()?.into(), span: self.span()? })
    }

    fn offer(&mut self) -> Option<(String, Span)> {
        Some((self.text()?.to_owned(), self.span()?))
    }

    fn block_line(&mut self) -> Option<BlockLine> {
        let name = self.text()?.to_owned();
        Some(BlockLine { name, attributes: self.list(Reader::line_attribute)?, span: self.span()? })
    }

    fn heading_attributes(&mut self) -> Option<HeadingAttributes> {
        let block = Some(self.text()?.to_owned()).filter(|name| !name.is_empty());
        Some(HeadingAttributes { block, level: self.byte()?, attributes: self.list(Reader::line_attribute)? })
    }

    fn line_attribute(&mut self) -> Option<Attribute> {
        let name = self.text()?.to_owned();
        let value = match self.flag()? {
            true => AttributeValue::Flag,
            false => AttributeValue::Text(self.text()?.to_owned()),
        };
        Some(Attribute { name, value, span: self.span()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_span() -> impl Strategy<Value = Span> {
        (0..99_usize, 0..9_usize).prop_map(|(start, length)| Span::new(start, start + length))
    }

    fn any_outline() -> impl Strategy<Value = Outline> {
        let text = || "[a<é\u{1f600}]{0,5}";
        let offers = prop::collection::vec((text(), any_span()), 0..3);
        let value = prop_oneof![Just(AttributeValue::Flag), text().prop_map(AttributeValue::Text)];
        let attribute = (text(), value, any_span());
        let attribute = attribute.prop_map(|(name, value, span)| Attribute { name, value, span });
        let attributes = prop::collection::vec(attribute, 0..3).boxed();
        let of_heading = (prop::option::of("[aé]{1,3}"), 1..7_u8, attributes.clone());
        let of_heading =
            of_heading.prop_map(|(block, level, attributes)| HeadingAttributes { block, level, attributes });
        let block = (text(), attributes, any_span());
        let block = block.prop_map(|(name, attributes, span)| BlockLine { name, attributes, span });
        let block = block.boxed();
        let blocks = (prop::collection::vec(block.clone(), 0..3), prop::collection::vec(block, 0..3));
        let link = (text(), any_span(), any::<bool>(), any::<bool>());
        let link = link.prop_map(|(address, span, is_image, is_in_html)| LinkTarget {
            address: address.into(),
            span,
            is_image,
            is_in_html,
        });
        let heading = (1..7_u8, text(), any_span());
        let heading = heading.prop_map(|(level, text, span)| Heading { level, text: text.into(), span });
        let lists = (
            prop::collection::vec(link, 0..3),
            prop::collection::vec(text(), 0..3),
            prop::collection::vec(heading, 0..3),
            prop::collection::vec(any_span(), 0..3),
            prop::collection::vec(of_heading, 0..3),
        );
        (lists, offers, blocks, any::<bool>()).prop_map(
            |(
                (links, anchors, headings, raw_html, heading_attributes),
                offers,
                (blocks, thanks_blocks),
                is_skipped,
            )| Outline {
                links,
                anchors: anchors.into_iter().map(Into::into).collect(),
                headings: headings.into(),
                raw_html,
                offers,
                blocks,
                heading_attributes,
                thanks_blocks,
                is_skipped,
            },
        )
    }

    proptest! {
        #[test]
        fn encoded_outline_decodes_unchanged(outline in any_outline()) {
            prop_assert_eq!(decode(&encode(&outline)), Some(outline));
        }

        #[test]
        fn any_bytes_decode_without_a_panic(bytes in prop::collection::vec(0..8_u8, 0..60)) {
            let _ = decode(&bytes);
        }
    }
}
