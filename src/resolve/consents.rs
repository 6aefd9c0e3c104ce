//! Resolves the texts of consents: one paragraph of Markdown each, with links to pages, files and other sites.

use super::references::References;
use super::site::{AfterPath, ConsentText, Target};
use crate::diagnostics::Diagnostic;
use crate::model::address::Address;
use crate::model::bad_address::{bad_address, insecure_url};
use crate::model::body::{LinkTarget, Node, Outline, each_node};
use crate::model::consent::Consent;
use crate::model::site::SiteLanguage;
use crate::parse::QuotationMarks;
use crate::parse::markdown::in_yaml;
use crate::parse::thanks::shown_as_text;
use crate::parse::versions::Shown;
use crate::rules::Rule;
use crate::source::Located;

impl References<'_> {
    /// Returns the text of each consent in a language, in the author's order. `None` is the main language.
    pub fn consents(&mut self, language: Option<&SiteLanguage>) -> Vec<ConsentText> {
        let config = self.index.config;
        let tag = language.map_or(&config.language.value, |language| &language.tag.value);
        let quotes = QuotationMarks::of_language(tag);
        config.consents_in(language).iter().map(|consent| self.consent(consent, quotes)).collect()
    }

    fn consent(&mut self, consent: &Consent, quotes: QuotationMarks) -> ConsentText {
        let source = &self.index.config.source;
        let (body, outline, diagnostics) = in_yaml::value(source, &consent.text, quotes, Shown::ONLY);
        self.found.diagnostics.extend(diagnostics);
        if let Some(reason) = not_a_paragraph(&body.nodes, &outline) {
            let message = format!("a consent is one paragraph, and this one has {reason}");
            let diagnostic = Diagnostic::error(Rule::BadConsent, message);
            let diagnostic = diagnostic.at(source, consent.text.span, "this text is beside a checkbox");
            self.report(diagnostic.help("write one or two sentences, with links as in `[privacy](/privacy.md)`"));
            return ConsentText::default();
        }
        self.found.diagnostics.extend(outline.raw_html.iter().map(|span| shown_as_text(source, *span)));
        let links = outline.links.iter().map(|link| self.consent_link(link)).collect();
        ConsentText { nodes: body.nodes, links }
    }

    fn consent_link(&mut self, link: &LinkTarget) -> Target {
        if link.is_in_html {
            // The HTML is shown as text.
            return Target::Text;
        }
        let source = &self.index.config.source;
        match Address::parse(&link.address) {
            Err(reason) => self.report(bad_address(source, link.span, &link.address, &reason)),
            Ok(Address::Web(url)) => {
                if !url.is_secure() {
                    self.report(insecure_url(source, link.span, &url));
                }
                return Target::Web(url.url().as_str().into());
            }
            Ok(Address::Contact(url)) => return Target::Contact(url.into()),
            Ok(Address::Cta { .. }) => {
                let message = "a consent does not lead to a call to action";
                let diagnostic = Diagnostic::error(Rule::BadConsent, message);
                let label = "visitors would leave the form that they fill in";
                self.report(diagnostic.at(source, link.span, label).help("link to a page instead"));
            }
            Ok(Address::Local { path, anchor, query }) if path.ends_with(".md") => {
                let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let page = Located { value: format!("{path}{anchor}"), span: link.span };
                return match self.site_page(source, &page, "shown as plain text") {
                    Target::Page { page, after } => {
                        let anchor = after.anchor().map(str::to_owned);
                        Target::Page { page, after: AfterPath::new(query, anchor) }
                    }
                    target => target,
                };
            }
            Ok(Address::Local { path, anchor, query }) => {
                let file = self.file_at(path.trim_start_matches('/')).filter(|_| !path.is_empty());
                if let Some(path) = file.and_then(|file| self.site_file(&file, source, link.span)) {
                    return Target::File { path, after: AfterPath::new(query, anchor) };
                }
                let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no page or file `{path}`"));
                let help = "write the path from content/ or static/: `/privacy.md`";
                self.report(diagnostic.at(source, link.span, "not found").help(help));
            }
        }
        Target::Text
    }
}

/// Returns what a text has that does not fit beside a checkbox.
fn not_a_paragraph(nodes: &[Node], outline: &Outline) -> Option<&'static str> {
    let mut html = String::new();
    let mut has_image = false;
    each_node(nodes, &mut |node| match node {
        Node::Html(text) => html.push_str(text),
        Node::Image { .. } => has_image = true,
        // Shown as the text of a paragraph.
        Node::RawHtml { block: true, .. } => html.push_str("<p></p>\n"),
        Node::RawHtml { block: false, .. } | Node::Link { .. } | Node::TopHeading { .. } | Node::Block(_) => {}
    });
    match () {
        () if has_image => Some("a picture"),
        () if !outline.blocks.is_empty() => Some("a block"),
        () if !outline.headings.is_empty() => Some("a heading"),
        () if !html.starts_with("<p>") || !html.ends_with("</p>\n") => Some("a list, a table or a quote"),
        () if html.matches("<p>").count() > 1 => Some("several"),
        () => None,
    }
}
