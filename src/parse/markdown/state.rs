//! What the segments of a page share while they are converted one by one.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::LinkType;

use super::footnotes::Footnotes;
use super::heading_ids::{self, HeadingIds};
use super::html_links::{self, HtmlAddress};
use super::links;
use super::quotes::QuotationMarks;
use crate::diagnostics::Diagnostic;
use crate::model::body::{Attribute, HeadingAttributes, HtmlLink, LinkTarget, Outline};
use crate::rules::Rule;
use crate::source::{SourceText, Span, first_forbidden};

/// The state of a page. All ranges and spans are byte ranges in the file.
pub struct PageState<'a> {
    pub source: &'a Arc<SourceText>,
    pub quotes: QuotationMarks,
    pub diagnostics: Vec<Diagnostic>,
    pub has_h1: bool,
    pub outline: Outline,
    /// The name of the innermost open block.
    pub block: Option<String>,
    pub heading_ids: HeadingIds,
    pub footnotes: Footnotes,
}

impl<'a> PageState<'a> {
    pub fn new(source: &'a Arc<SourceText>, quotes: QuotationMarks, diagnostics: Vec<Diagnostic>) -> PageState<'a> {
        PageState {
            source,
            quotes,
            diagnostics,
            has_h1: false,
            outline: Outline::default(),
            block: None,
            heading_ids: HeadingIds::default(),
            footnotes: Footnotes::default(),
        }
    }

    /// Records the attributes of a heading for the block around it.
    pub fn add_heading_attributes(&mut self, level: u8, attributes: Vec<Attribute>) {
        if !attributes.is_empty() {
            self.outline.heading_attributes.push(HeadingAttributes { block: self.block.clone(), level, attributes });
        }
    }

    /// Records a link or an image, and returns its index in [`Outline::links`].
    pub fn add_link(&mut self, link_type: LinkType, address: &str, range: Range<usize>, is_image: bool) -> usize {
        let span = links::span_of_address(&self.source.text, range, address);
        let address = links::whole_address(link_type, address).into();
        self.outline.links.push(LinkTarget { address, span, is_image, is_in_html: false });
        self.outline.links.len() - 1
    }

    /// Records the addresses in raw HTML. `range` is where the HTML is in the file.
    pub fn add_html_links(&mut self, html: &str, range: Range<usize>) -> Vec<HtmlLink> {
        let mut searched = range.start;
        let links = html_links::addresses(html).into_iter().map(|found| {
            let HtmlAddress { attribute, written, address, is_image } = found;
            // In a list or a quote, the file has other characters between the lines of the HTML.
            let text = &html[written.clone()];
            let span = match self.source.text[searched..range.end].find(text) {
                Some(at) => Span::new(searched + at, searched + at + text.len()),
                None => Span::new(range.start, range.end),
            };
            searched = searched.max(span.start as usize);
            self.outline.links.push(LinkTarget { address: address.into(), span, is_image, is_in_html: true });
            HtmlLink {
                attribute: Span::new(attribute.start, attribute.end),
                address: Span::new(written.start, written.end),
                link: self.outline.links.len() - 1,
            }
        });
        links.collect()
    }

    /// Records a heading id that the author chose, and reports one that is reserved or taken.
    pub fn take_heading_id(&mut self, id: &str, heading: Span, first_line: Span) {
        if heading_ids::is_reserved(id) {
            self.diagnostics.push(
                Diagnostic::error(Rule::BadId, format!("the id `{id}` is reserved for Tagline"))
                    .at(self.source, heading, "reserved id")
                    .help("choose one that does not begin with `cta-`, `fn-` or `fnref-`, without `_`"),
            );
        }
        if !self.heading_ids.take(id) {
            self.diagnostics.push(
                Diagnostic::error(Rule::DuplicateKey, format!("two headings have the id `{id}`"))
                    .at(self.source, first_line, "given again")
                    .help("choose another id"),
            );
        }
    }

    /// Reports a forbidden character. Entities such as `&#1;` produce characters that `load` does not detect.
    pub fn check_characters(&mut self, text: &str, span: Span) {
        if let Some((_, c)) = first_forbidden(text) {
            let message = format!("the character U+{:04X} is not allowed in text", c as u32);
            self.diagnostics.push(Diagnostic::error(Rule::ForbiddenCharacter, message).at(
                self.source,
                span,
                "contains an invisible character",
            ));
        }
    }

    /// Reports the reference to a footnote that its block does not define.
    pub fn report_undefined_footnote(&mut self, name: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::error(Rule::MissingFootnote, format!("the footnote `{name}` has no text"))
                .at(self.source, span, "not defined here")
                .help(format!("write `[^{name}]: …` in the same block")),
        );
    }
}
