//! A page's body after Markdown: finished HTML, with nodes for everything that depends on the site. Includes the walk over
//! the nodes.

use std::sync::Arc;

use arcstr::ArcStr;

use crate::source::Span;

/// The content of a page, ready to render.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    pub nodes: Vec<Node>,
    pub has_h1: bool,
    /// The author's texts of the thank-you pages of its forms. Their links follow those of the page.
    pub thanks: Vec<ThanksText>,
}

impl Body {
    /// Removes everything but the first block of a name, with the blocks around it.
    pub fn keep_only(&mut self, block: &str) {
        let mut found = false;
        self.nodes.retain(|node| {
            let keeps = !found && has_block(node, block);
            found |= keeps;
            keeps
        });
        // Without its own heading the page would begin with its title.
        self.has_h1 = true;
    }
}

fn has_block(node: &Node, name: &str) -> bool {
    matches!(node, Node::Block(block) if block.name == name) || node.content().iter().any(|node| has_block(node, name))
}

/// The text of the thank-you page of one call to action.
#[derive(Clone, Debug, PartialEq)]
pub struct ThanksText {
    /// The id of the call to action.
    pub cta: String,
    pub nodes: Vec<Node>,
}

/// The links, anchors, headings and blocks of a page's text. Only resolving and lint rules need it, so a build frees it
/// before it renders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The addresses of all links and images, in the order of the text. Nodes refer to them by index.
    pub links: Vec<LinkTarget>,
    pub anchors: Vec<Box<str>>,
    /// All headings, in the order of the text.
    pub headings: Arc<Vec<Heading>>,
    /// The locations of raw HTML.
    pub raw_html: Vec<Span>,
    /// The calls to action of blocks that show one, `::: offer` and `::: signup`, with the locations of the blocks.
    pub offers: Vec<(String, Span)>,
    /// The opening lines of the blocks.
    pub blocks: Vec<BlockLine>,
    /// The attributes of headings, in the order of the text.
    pub heading_attributes: Vec<HeadingAttributes>,
    /// The opening lines of the blocks in the texts of thank-you pages.
    pub thanks_blocks: Vec<BlockLine>,
    /// Whether the body was not parsed, so that everything here is empty.
    pub is_skipped: bool,
}

impl Outline {
    /// Gives back the memory of its lists that nothing is in. A site has an outline for each page.
    pub fn shrink_to_fit(&mut self) {
        self.links.shrink_to_fit();
        self.anchors.shrink_to_fit();
        Arc::make_mut(&mut self.headings).shrink_to_fit();
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// From 1, as in `h1`.
    pub level: u8,
    /// The heading without its markup.
    pub text: ArcStr,
    /// The first line of the heading.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LinkTarget {
    pub address: Box<str>,
    /// The address in the file, or the whole link if its address is in a reference definition.
    pub span: Span,
    pub is_image: bool,
    /// Whether it is in raw HTML. If the site does not allow that, it is no link.
    pub is_in_html: bool,
}

/// An address in an attribute of raw HTML. The spans are those of the HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HtmlLink {
    /// The whole attribute.
    pub attribute: Span,
    /// The address as written.
    pub address: Span,
    /// The index in [`Outline::links`].
    pub link: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Html(Box<str>),
    /// Shown as text unless the site allows raw HTML.
    RawHtml {
        html: Box<str>,
        /// Whether it is outside of a paragraph.
        block: bool,
        /// The addresses in its attributes, in their order.
        links: Vec<HtmlLink>,
    },
    /// An `h1`. A channel page with its own title shows the title instead of `content`.
    TopHeading {
        id: Box<str>,
        /// The `class` attribute with a space before it, or empty.
        class: Box<str>,
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
    /// The position among the blocks of this name on the page, from 1.
    pub number: usize,
    /// 1 for a block outside of other blocks.
    pub depth: usize,
}

/// The line that opens a block: `::: quote by="Amina O."`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockLine {
    pub name: String,
    pub attributes: Vec<Attribute>,
    /// The line without its line end.
    pub span: Span,
}

/// The attributes of a heading: `### Post once {icon=clock}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingAttributes {
    /// The name of the innermost block around the heading.
    pub block: Option<String>,
    /// From 1, as in `h1`.
    pub level: u8,
    pub attributes: Vec<Attribute>,
}

/// An attribute in the opening line of a block, or of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub value: AttributeValue,
    /// The whole attribute: `by="Amina O."`.
    pub span: Span,
}

impl Attribute {
    /// Whether it is a text without quotes: `by=Amina`.
    pub fn is_bare_text(&self) -> bool {
        match &self.value {
            AttributeValue::Text(text) => self.span.range().len() == self.name.len() + "=".len() + text.len(),
            AttributeValue::Flag => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttributeValue {
    Text(String),
    Flag,
}

impl AttributeValue {
    pub fn text(&self) -> Option<&str> {
        match self {
            AttributeValue::Text(text) => Some(text),
            AttributeValue::Flag => None,
        }
    }
}

impl Node {
    /// Returns the nodes inside this one.
    pub fn content(&self) -> &[Node] {
        match self {
            Node::TopHeading { content, .. } | Node::Link { content, .. } => content,
            Node::Block(block) => &block.content,
            Node::Html(_) | Node::RawHtml { .. } | Node::Image { .. } => &[],
        }
    }
}

/// Returns the length of the HTML that nodes have, without that of their links, pictures and blocks, in bytes.
pub fn html_length(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| if let Node::Html(html) = node { html.len() } else { 0 }).sum()
}

/// Calls `visit` for every node, in the order of the text. A node is visited before its content.
pub fn each_node<'n>(nodes: &'n [Node], visit: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        visit(node);
        each_node(node.content(), visit);
    }
}
