//! A page's body after Markdown: finished HTML between the places that the site decides on.

use crate::source::Span;

#[derive(Clone, Debug, Default)]
pub struct Body {
    pub nodes: Vec<Node>,
    /// Every link and image address, in the order of the text; nodes refer to them by index.
    pub links: Vec<LinkTarget>,
    pub anchors: Vec<String>,
    /// Every heading, in the order of the text.
    pub headings: Vec<Heading>,
    pub has_h1: bool,
    /// Where raw HTML stands, for the warning.
    pub raw_html: Vec<Span>,
    /// The CTAs that `::: offer` draws, with the block's place.
    pub offers: Vec<(String, Span)>,
    /// The names of the blocks used, with their places.
    pub blocks: Vec<(String, Span)>,
    /// It was not read, so it is empty here and nothing is known of its anchors.
    pub is_left_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// From 1, as in `h1`.
    pub level: u8,
    /// Its first line.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LinkTarget {
    pub address: String,
    /// The address in the file, or the whole link where it stands elsewhere.
    pub span: Span,
    pub is_image: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Html(Box<str>),
    /// Shown as text unless the site allows raw HTML. `block`: stands for itself, not in a paragraph.
    RawHtml {
        html: Box<str>,
        block: bool,
    },
    /// An `h1`: a channel page with a title of its own shows that instead of `content`.
    TopHeading {
        id: Box<str>,
        content: Vec<Node>,
    },
    Link {
        link: usize,
        title: Box<str>,
        content: Vec<Node>,
    },
    Image {
        link: usize,
        title: Box<str>,
        alt: Box<str>,
    },
    Block(Box<Block>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub name: String,
    pub attributes: Vec<(String, AttributeValue)>,
    pub content: Vec<Node>,
    pub span: Span,
    /// The how many-th block of its name on the page, from 1.
    pub number: usize,
    /// 1 for a block that stands in no other.
    pub depth: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    Text(String),
    Flag,
}
