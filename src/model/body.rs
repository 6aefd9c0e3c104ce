//! A page's body after Markdown: finished HTML between the places that the site decides on.

use crate::source::Span;

/// What is rendered of a page's text.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub nodes: Vec<Node>,
    pub has_h1: bool,
}

/// What a page's text refers to, and what links may refer to in it. Only resolving and lint rules need it, so a build
/// frees it before it renders.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The addresses of all links and images, in the order of the text. Nodes refer to them by index.
    pub links: Vec<LinkTarget>,
    pub anchors: Vec<String>,
    /// All headings, in the order of the text.
    pub headings: Vec<Heading>,
    /// The locations of raw HTML.
    pub raw_html: Vec<Span>,
    /// The calls to action of `::: offer` blocks, with the locations of the blocks.
    pub offers: Vec<(String, Span)>,
    /// The names of the blocks, with their locations.
    pub blocks: Vec<(String, Span)>,
    /// The body was not parsed, so everything here is empty.
    pub is_skipped: bool,
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
