//! Joins Markdown events and HTML to the nodes of a body.

use pulldown_cmark::{Event, html};

use crate::model::body::Node;

/// The nodes so far, and HTML that is not yet a node. Runs of plain events go to pulldown-cmark's own HTML writer.
#[derive(Default)]
pub struct Output<'e> {
    nodes: Vec<Node>,
    html: String,
    run: Vec<Event<'e>>,
}

impl<'e> Output<'e> {
    pub fn event(&mut self, event: Event<'e>) {
        self.run.push(event);
    }

    pub fn html(&mut self, html: &str) {
        self.flush();
        self.html.push_str(html);
    }

    pub fn node(&mut self, node: Node) {
        self.end_html();
        self.nodes.push(node);
    }

    pub fn nodes(&mut self, nodes: Vec<Node>) {
        for node in nodes {
            match node {
                Node::Html(html) => self.html(&html),
                node => self.node(node),
            }
        }
    }

    pub fn finish(mut self) -> Vec<Node> {
        self.end_html();
        self.nodes.shrink_to_fit();
        self.nodes
    }

    fn flush(&mut self) {
        if !self.run.is_empty() {
            html::push_html(&mut self.html, self.run.drain(..));
        }
    }

    fn end_html(&mut self) {
        self.flush();
        if !self.html.is_empty() {
            // Bodies stay in memory, so the node gets an exact copy, and the buffer is reused.
            self.nodes.push(Node::Html(self.html.as_str().into()));
            self.html.clear();
        }
    }
}
