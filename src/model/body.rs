//! A page's body after Markdown: finished HTML, with nodes for everything that depends on the site.

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
    /// The first line of the heading.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LinkTarget {
    pub address: String,
    /// The address in the file, or the whole link if its address is in a reference definition.
    pub span: Span,
    pub is_image: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Html(Box<str>),
    /// Shown as text unless the site allows raw HTML. `block`: outside of a paragraph.
    RawHtml {
        html: Box<str>,
        block: bool,
    },
    /// An `h1`. A channel page with its own title shows that instead of `content`.
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
    /// Counts the blocks of this name on the page, from 1.
    pub number: usize,
    /// 1 for a block outside of other blocks.
    pub depth: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    Text(String),
    Flag,
}
