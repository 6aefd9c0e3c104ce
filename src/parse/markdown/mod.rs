//! Converts Markdown to a [`Body`]: finished HTML, with nodes for links, images, raw HTML and blocks, which depend on the
//! site. Rendering parses nothing again.

mod footnotes;
mod heading_ids;
mod html_links;
pub mod in_yaml;
pub mod links;
mod output;
pub mod quotes;
mod segment;
mod state;
mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CowStr, Parser};

use self::footnotes::{footnote_labels, with_footnotes};
use self::quotes::QuotationMarks;
use self::segment::Segment;
use self::state::PageState;
use super::blocks::{self, BodyItem};
use super::dialect::{OPTIONS, excessive_markdown};
use super::versions::{self, Shown};
use crate::diagnostics::Diagnostic;
use crate::model::block::shows_a_cta;
use crate::model::body::{Attribute, AttributeValue, Block, BlockLine, Body, Node, Outline};
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::SourceText;

/// Converts the byte range `range` of a file, as one version shows it.
pub fn body(
    source: &Arc<SourceText>,
    range: Range<usize>,
    quotes: QuotationMarks,
    shown: Shown,
) -> (Body, Outline, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut items = blocks::split(source, range, &mut diagnostics);
    if versions::are_in(&items) {
        versions::show(source, &mut items, shown, &mut diagnostics);
    }
    let mut converter = Converter {
        page: PageState::new(source, quotes, diagnostics),
        block_counts: HashMap::new(),
        references: HashMap::new(),
    };
    // The parser finds the references of a single segment by itself.
    if !matches!(items[..], [BodyItem::Markdown(_)]) {
        converter.collect_references(&items);
    }
    let nodes = converter.items(&items, 1);
    let PageState { has_h1, outline, diagnostics, .. } = converter.page;
    (Body { nodes, has_h1, thanks: Vec::new() }, outline, diagnostics)
}

/// Converts the blocks of a page and the segments of Markdown between them.
struct Converter<'a> {
    page: PageState<'a>,
    block_counts: HashMap<String, usize>,
    /// Reference definitions of all segments: label in lower case to address and title.
    references: HashMap<String, (String, String)>,
}

impl Converter<'_> {
    /// Reference definitions apply to the whole page, so they are collected before the first link is converted.
    fn collect_references(&mut self, items: &[BodyItem]) {
        let source = self.page.source;
        for item in items {
            match item {
                BodyItem::Block { items, .. } => self.collect_references(items),
                // Excessive Markdown is reported later, and must not be parsed here.
                BodyItem::Markdown(range)
                    if source.text[range.clone()].contains("]:") && excessive_markdown(source, range).is_none() =>
                {
                    let parser = Parser::new_ext(&source.text[range.clone()], OPTIONS);
                    for (label, definition) in parser.reference_definitions().iter() {
                        let title = definition.title.as_deref().unwrap_or_default().to_owned();
                        self.references.entry(label.to_lowercase()).or_insert((definition.dest.to_string(), title));
                    }
                }
                BodyItem::Markdown(_) => {}
            }
        }
    }

    fn items(&mut self, items: &[BodyItem], depth: usize) -> Vec<Node> {
        let labels = footnote_labels(self.page.source, items);
        let outer = self.page.footnotes.begin_block();
        let mut nodes = Vec::new();
        for item in items {
            match item {
                BodyItem::Markdown(range) => nodes.append(&mut self.markdown(range.clone(), &labels)),
                BodyItem::Block { opening, items } => nodes.push(self.block(opening, items, depth)),
            }
        }
        self.page.footnotes.end_block(outer);
        nodes
    }

    fn block(&mut self, opening: &BlockLine, items: &[BodyItem], depth: usize) -> Node {
        let count = self.block_counts.entry(opening.name.clone()).or_insert(0);
        *count += 1;
        let number = *count;
        // A bad name is already reported.
        if Slug::parse(&opening.name).is_ok() {
            self.page.outline.blocks.push(opening.clone());
        }
        if shows_a_cta(&opening.name) {
            self.offer(opening);
        }
        let outer = self.page.block.replace(opening.name.clone());
        let content = self.items(items, depth + 1);
        self.page.block = outer;
        Node::Block(Box::new(Block {
            name: opening.name.clone(),
            attributes: opening.attributes.iter().map(|given| (given.name.clone(), given.value.clone())).collect(),
            content,
            span: opening.span,
            number,
            depth,
        }))
    }

    fn offer(&mut self, opening: &BlockLine) {
        match opening.attributes.first() {
            Some(Attribute { name, value: AttributeValue::Flag, .. }) => {
                self.page.outline.offers.push((name.clone(), opening.span));
            }
            // A line that cannot be read is already reported.
            _ if self.is_reported(opening) => {}
            _ => self.page.diagnostics.push(
                Diagnostic::error(Rule::BadBlockAttribute, "this block names no call to action")
                    .at(self.page.source, opening.span, "the id of a call to action is missing")
                    .help(format!("write it as in `::: {} guide`", opening.name)),
            ),
        }
    }

    fn is_reported(&self, opening: &BlockLine) -> bool {
        let line = opening.span.range();
        let mut labels = self.page.diagnostics.iter().filter_map(|diagnostic| diagnostic.labels.first());
        labels.any(|label| line.contains(&(label.span.start as usize)))
    }

    /// Converts a segment. `labels` are the footnotes that its block defines in any of its segments.
    fn markdown(&mut self, range: Range<usize>, labels: &[&str]) -> Vec<Node> {
        let source = self.page.source;
        if let Some(diagnostic) = excessive_markdown(source, &range) {
            self.page.diagnostics.push(diagnostic);
            return Vec::new();
        }
        let text = with_footnotes(&source.text[range.clone()], labels);
        let other_segments = |link: BrokenLink| {
            let (address, title) = self.references.get(&link.reference.to_lowercase())?;
            Some((CowStr::from(address.clone()), CowStr::from(title.clone())))
        };
        let events = Parser::new_with_broken_link_callback(&text, OPTIONS, Some(other_segments)).into_offset_iter();
        let (nodes, too_deep) = Segment::new(&mut self.page, range, events).convert();
        if let Some(span) = too_deep {
            let message = "lists, quotes or emphases are nested too deep";
            let diagnostic = Diagnostic::error(Rule::NestingTooDeep, message);
            self.page.diagnostics.push(diagnostic.at(source, span, "nested too deep"));
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Body, Outline, Vec<Diagnostic>) {
        let source = SourceText::new("a.md", text);
        body(&source, 0..text.len(), QuotationMarks::default(), Shown::ONLY)
    }

    fn html(text: &str) -> String {
        html_in("en", text)
    }

    fn html_in(language: &str, text: &str) -> String {
        fn write(nodes: &[Node], out: &mut String) {
            for node in nodes {
                match node {
                    Node::Html(html) => out.push_str(html),
                    Node::RawHtml { html, .. } => *out += &format!("RAW({html})"),
                    Node::Link { link, content, .. } => {
                        *out += &format!("LINK{link}(");
                        write(content, out);
                        out.push(')');
                    }
                    Node::TopHeading { id, class, content } => {
                        *out += &format!("<h1 id=\"{id}\"{class}>");
                        write(content, out);
                        *out += "</h1>\n";
                    }
                    Node::Image { link, alt, .. } => *out += &format!("IMAGE{link}({alt})"),
                    Node::Block(block) => {
                        *out += &format!("{}{}(", block.name, block.number);
                        write(&block.content, out);
                        out.push(')');
                    }
                }
            }
        }
        let source = SourceText::new("a.md", text);
        let (body, _, diagnostics) = body(&source, 0..text.len(), QuotationMarks::of_language(language), Shown::ONLY);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let mut out = String::new();
        write(&body.nodes, &mut out);
        out
    }

    #[test]
    fn text_becomes_html_between_links_and_images() {
        assert_eq!(
            html("a *b* [c *d*](e.md) ![f **g**](h.png)\n"),
            "<p>a <em>b</em> LINK0(c <em>d</em>) IMAGE1(f g)</p>\n"
        );
    }

    #[test]
    fn heading_ids_are_unique_and_never_reserved() {
        assert_eq!(
            html("# Été\n\n## Été\n\n## Own {#mine onclick=x}\n\n## CTA guide\n"),
            "<h1 id=\"ete\">Été</h1>\n<h2 id=\"ete-2\">Été</h2>\n<h2 id=\"mine\" data-heading-onclick=\"x\">Own</h2>\n<h2 id=\"section-cta-guide\">CTA guide</h2>\n"
        );
    }

    #[test]
    fn table_cells_are_aligned_by_class() {
        assert_eq!(
            html("| a | b |\n|---|--:|\n| c | [d](e) |\n"),
            "<table><thead><tr><th>a</th><th class=\"align-right\">b</th></tr></thead><tbody>\n<tr><td>c</td><td class=\"align-right\">LINK0(d)</td></tr>\n</tbody></table>\n"
        );
    }

    #[test]
    fn missing_cells_of_the_last_row_are_empty() {
        for text in ["| a | b |\n|---|---|\n| 1 |\n", "| a | b |\n|---|---|\n| 1 |", "| a | b |\n|---|---|\n| 1 |\n\n"]
        {
            assert!(html(text).ends_with("<tr><td>1</td><td></td></tr>\n</tbody></table>\n"), "{}", html(text));
        }
        let out = html("::: hero\nx[^1]\n\n| a | b |\n|---|---|\n| 1 |\n::: quote\n:::\n[^1]: y\n:::\n");
        assert!(out.contains("<td>1</td><td></td></tr>"), "{out}");
    }

    #[test]
    fn heading_of_the_page_keeps_its_classes() {
        assert_eq!(html("# T {.big .red}\n"), "<h1 id=\"t\" class=\"big red\">T</h1>\n");
        assert_eq!(html("## T {.big}\n"), "<h2 id=\"t\" class=\"big\">T</h2>\n");
    }

    #[test]
    fn straight_quotation_marks_become_those_of_the_language() {
        let text = "Das \"beste 'neue' Angebot\", geht's.";
        for (language, expected) in [
            ("en", "Das “beste ‘neue’ Angebot”, geht’s."),
            ("pt-BR", "Das “beste ‘neue’ Angebot”, geht’s."),
            ("sw", "Das “beste ‘neue’ Angebot”, geht’s."),
            ("de", "Das „beste ‚neue‘ Angebot“, geht’s."),
            ("de-CH", "Das «beste ‹neue› Angebot», geht’s."),
            ("fr", "Das «\u{202f}beste “neue” Angebot\u{202f}», geht’s."),
            ("es", "Das «beste “neue” Angebot», geht’s."),
            ("sv", "Das ”beste ’neue’ Angebot”, geht’s."),
        ] {
            assert_eq!(html_in(language, text), format!("<p>{expected}</p>\n"), "{language}");
        }
    }

    #[test]
    fn apostrophes_inches_and_typed_quotation_marks_stay() {
        for (text, expected) in [
            ("'Das geht's nicht'", "‚Das geht’s nicht‘"),
            ("die Kinder' Spiel", "die Kinder’ Spiel"),
            ("seit '99", "seit ’99"),
            ("“englisch” und «fr»", "“englisch” und «fr»"),
            ("ein 27\" Schirm", "ein 27&quot; Schirm"),
            ("**\"fett\"**", "<strong>„fett“</strong>"),
            ("`\"code\"`", "<code>&quot;code&quot;</code>"),
            ("(\"a\")", "(„a“)"),
        ] {
            assert_eq!(html_in("de", text).replace("\"", "&quot;"), format!("<p>{expected}</p>\n"), "{text}");
        }
        assert_eq!(html_in("fr", "l'offre d'été \" ouverte \""), "<p>l’offre d’été « ouverte »</p>\n");
    }

    #[test]
    fn footnotes_are_numbered_across_the_page_and_named_per_block() {
        let text = "a[^x]\n\n[^x]: one\n\n::: hero\nb[^x] c[^x]\n\n[^x]: two\n:::\n";
        let out = html(text);
        for part in ["href=\"#fn-1\">1<", "href=\"#fn-2\">2<", "id=\"fnref-2-2\"", "id=\"fn-2\""] {
            assert!(out.contains(part), "{part} in {out}");
        }
        let out = html("a[^y]\n\n::: hero\nb\n:::\n\n[^y]: at the very end\n");
        assert!(out.contains("href=\"#fn-1\">1<") && out.matches("id=\"fn-1\"").count() == 1, "{out}");
        let (_, _, diagnostics) = read("a[^x]\n\n::: hero\n[^x]: two\n:::\n");
        assert_eq!(diagnostics.iter().map(|d| d.rule).collect::<Vec<_>>(), [Rule::MissingFootnote]);
    }

    #[test]
    fn reference_definitions_apply_to_the_whole_page() {
        let (_, outline, _) = read("::: hero\n[text][Ref]\n:::\n\n[ref]: https://x.example/ \"T\"\n");
        assert_eq!(&*outline.links[0].address, "https://x.example/");
    }

    #[test]
    fn comments_are_dropped_and_raw_html_is_a_node() {
        assert_eq!(
            html("a <!-- note --> b <i>c</i>\n\n<!-- x -->\n\n<div>d</div>\n"),
            "<p>a  b RAW(<i>)cRAW(</i>)</p>\nRAW(<div>d</div>\n)"
        );
    }

    #[test]
    fn address_has_its_span_in_the_link() {
        let text = "see [the terms](../terms.md) and <a@b.example>\n";
        let (_, outline, _) = read(text);
        assert_eq!(&text[outline.links[0].span.range()], "../terms.md");
        assert_eq!(&*outline.links[1].address, "mailto:a@b.example");
    }

    #[test]
    fn hostile_nesting_is_refused_in_bounded_time() {
        let start = std::time::Instant::now();
        for hostile in [
            ">".repeat(10_000),
            "- ".repeat(10_000),
            "[".repeat(10_000),
            "*a ".repeat(10_000) + &"b*".repeat(10_000),
            "![".repeat(10_000),
            (0..200).map(|n| format!("{}- a\n", " ".repeat(2 * n))).collect(),
            "[^a]".repeat(10_000),
            "<b>".repeat(10_000),
            "`".repeat(9_999),
            "a](".repeat(10_000),
        ] {
            read(&hostile);
        }
        assert!(start.elapsed().as_secs() < 20, "hostile Markdown took {:?}", start.elapsed());
    }
}
