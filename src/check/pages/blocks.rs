//! Blocks whose content cannot work, as the theme declares it: a `faq` without questions, a `plan` outside of `pricing`.

use super::block_contents::{bad_questions, flat_html, has_comparison, has_figures, not_a_video, picture_links};
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::model::block::{AttributeKind, BlockDeclaration, Content};
use crate::model::body::{AttributeValue, Block, Node};
use crate::resolve::SitePage;
use crate::rules::Rule;

/// Reports blocks that lack what they need, and blocks outside of the block that they belong to.
pub fn incomplete_blocks(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        PageBlocks { context, page, diagnostics: &mut diagnostics }.check(&context.body(page).nodes, &mut Vec::new());
    }
    diagnostics
}

struct PageBlocks<'c, 'd> {
    context: &'c CheckContext<'c>,
    page: &'c SitePage,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'c> PageBlocks<'c, '_> {
    /// Checks the blocks among `nodes`. `around` are the names of the blocks around them.
    fn check(&mut self, nodes: &'c [Node], around: &mut Vec<&'c str>) {
        for node in nodes {
            let Node::Block(block) = node else { continue };
            if let Some(Some(declaration)) = self.context.theme.names.blocks.get(&block.name) {
                self.check_place(block, declaration, around);
                self.check_content(block, declaration);
                self.check_attributes(block, declaration);
            }
            around.push(&block.name);
            self.check(&block.content, around);
            around.pop();
        }
    }

    fn check_place(&mut self, block: &Block, declaration: &BlockDeclaration, around: &[&str]) {
        let Some(outer) = declaration.inside.as_deref().filter(|outer| !around.contains(outer)) else { return };
        let message = format!("this `{}` is not inside of a `{outer}`", block.name);
        self.diagnostics.push(
            Diagnostic::warning(Rule::MisplacedBlock, message)
                .at(&self.page.page.source, block.span, format!("belongs into `:::: {outer}`"))
                .help(format!("write `:::: {outer}` before it, and `::::` after it")),
        );
    }

    fn check_content(&mut self, block: &Block, declaration: &BlockDeclaration) {
        let contains = |name: &String| block.content.iter().any(|node| is_block(node, name));
        if let Some(inner) = declaration.contains.as_ref().filter(|inner| !contains(inner)) {
            self.report(block, &format!("`{inner}` in it"), &format!("write `::: {inner}` and `:::` around each"));
            return;
        }
        for alternatives in &declaration.needs {
            if alternatives.iter().any(|&content| self.has(block, content)) {
                self.check_part(block, alternatives);
                continue;
            }
            let names: Vec<&str> = alternatives.iter().map(|content| content.description()).collect();
            let Some(first) = alternatives.first() else { continue };
            let help = match *first {
                Content::Sections if has_bold_line(block) => {
                    "write `### Question` in place of `**Question**`, with the text below".to_owned()
                }
                other => other.help().to_owned(),
            };
            self.report(block, &names.join(" or "), &help);
        }
    }

    /// Reports attributes that have no effect without a content that the block does not have.
    fn check_attributes(&mut self, block: &Block, declaration: &BlockDeclaration) {
        for (name, value) in &block.attributes {
            let Some(declared) = declaration.attributes.get(name) else { continue };
            let needs: &[Content] = match declaration.has_picture_ground(name, value) {
                true => &[Content::Picture],
                false => &declared.needs,
            };
            let Some(first) = needs.first() else { continue };
            if needs.iter().any(|&content| self.has(block, content)) {
                self.check_part(block, needs);
                continue;
            }
            let written = match value {
                AttributeValue::Text(text) => format!("{name}={text}"),
                AttributeValue::Flag => name.clone(),
            };
            let names: Vec<&str> = needs.iter().map(|content| content.description()).collect();
            let message = format!("`{written}` has no effect without a {}", names.join(" or "));
            self.warn(block, message, "has nothing to show", first.help());
        }
    }

    /// Checks a content that the block has.
    fn check_part(&mut self, block: &Block, alternatives: &[Content]) {
        match alternatives {
            [Content::Sections] if !has_raw(block) => {
                if let Some((message, help)) = bad_questions(&flat_html(&block.content)) {
                    self.warn(block, message, "shows less than it says", help);
                }
            }
            [Content::LinkedVideo] => {
                if let Some(what) = picture_links(block).find_map(|link| not_a_video(&self.page.links[link])) {
                    let help = "link to one video: `https://www.youtube.com/watch?v=…`, `https://vimeo.com/…`, or a file such as `film.mp4`";
                    self.warn(
                        block,
                        format!("the picture of this `{}` links to {what}", block.name),
                        "plays no video",
                        help,
                    );
                }
            }
            _ => {}
        }
    }

    fn warn(&mut self, block: &Block, message: String, label: &str, help: &str) {
        let diagnostic = Diagnostic::warning(Rule::IncompleteBlock, message);
        self.diagnostics.push(diagnostic.at(&self.page.page.source, block.span, label).help(help));
    }

    fn report(&mut self, block: &Block, missing: &str, help: &str) {
        self.warn(block, format!("this `{}` has no {missing}", block.name), "shows a gap, or nothing", help);
    }

    /// Whether a block names an event. Unknown ones are errors.
    fn names_event(&self, block: &Block) -> bool {
        let Some(Some(declaration)) = self.context.theme.names.blocks.get(&block.name) else { return false };
        let is_event = |name: &String| {
            declaration.attributes.get(name).is_some_and(|declared| declared.kind == AttributeKind::Event)
        };
        block.attributes.iter().any(|(name, _)| is_event(name))
    }

    fn has(&self, block: &Block, content: Content) -> bool {
        let html = |tags: &[&str]| block.content.iter().any(|node| is_html_with(node, tags));
        match content {
            Content::Anything => !block.content.is_empty(),
            Content::Heading => {
                html(&["<h1 ", "<h2 ", "<h3 ", "<h4 ", "<h5 ", "<h6 "])
                    || block.content.iter().any(|node| matches!(node, Node::TopHeading { .. }))
            }
            Content::Sections => html(&["<h3 "]),
            Content::List => html(&["<ul>", "<ol>", "<ol start"]),
            Content::NumberedList => html(&["<ol>", "<ol start"]),
            Content::Figures => has_raw(block) || has_figures(&flat_html(&block.content)),
            Content::Table => html(&["<table>"]),
            Content::Comparison => has_raw(block) || has_comparison(&flat_html(&block.content)),
            Content::Picture => {
                has_picture(block, |node| matches!(node, Node::Image { .. }) || is_linked_picture(node))
            }
            Content::LinkedPicture | Content::LinkedVideo => has_picture(block, is_linked_picture),
            Content::End => self.page.page.front.ends.is_some() || self.names_event(block),
        }
    }
}

/// Whether a block has HTML of the site's own, which may have any content.
fn has_raw(block: &Block) -> bool {
    block.content.iter().any(|node| matches!(node, Node::RawHtml { .. }))
}

fn is_block(node: &Node, name: &str) -> bool {
    matches!(node, Node::Block(block) if block.name == name)
}

/// Whether HTML has one of these tags. Texts cannot look like a tag, because they are escaped. A site's own HTML may have any.
fn is_html_with(node: &Node, tags: &[&str]) -> bool {
    match node {
        Node::Html(html) => tags.iter().any(|tag| html.contains(tag)),
        Node::RawHtml { .. } => true,
        _ => false,
    }
}

fn is_linked_picture(node: &Node) -> bool {
    matches!(node, Node::Link { content, .. } if matches!(content[..], [Node::Image { .. }]))
}

/// Whether a paragraph consists of a picture, which a template can arrange.
fn has_picture(block: &Block, is_picture: impl Fn(&Node) -> bool) -> bool {
    let nodes = &block.content;
    let begins = |at: usize| matches!(nodes.get(at), Some(Node::Html(html)) if html.trim_end().ends_with("<p>"));
    let ends = |at: usize| matches!(nodes.get(at), Some(Node::Html(html)) if html.trim_start().starts_with("</p>"));
    let is_alone = |at: usize| at > 0 && begins(at - 1) && ends(at + 1);
    let pictures = nodes.iter().enumerate().filter(|(_, node)| is_picture(node));
    has_raw(block) || pictures.into_iter().any(|(at, _)| is_alone(at))
}

/// Whether a paragraph begins with bold text.
fn has_bold_line(block: &Block) -> bool {
    block.content.iter().any(|node| matches!(node, Node::Html(html) if html.contains("<p><strong>")))
}
