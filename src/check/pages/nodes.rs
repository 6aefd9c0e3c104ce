//! The walk over the nodes of a body.

use crate::model::body::Node;

/// Calls `visit` for every node, in the order of the text.
pub fn each_node<'n>(nodes: &'n [Node], visit: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        visit(node);
        match node {
            Node::TopHeading { content, .. } | Node::Link { content, .. } => each_node(content, visit),
            Node::Block(block) => each_node(&block.content, visit),
            Node::Html(_) | Node::RawHtml { .. } | Node::Image { .. } => {}
        }
    }
}
