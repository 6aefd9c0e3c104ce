//! Converts Markdown to a [`Body`]: finished HTML, with nodes for links, images, raw HTML and blocks, which depend on the
//! site. Rendering parses nothing again.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    Alignment, BrokenLink, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

use super::blocks::{self, Item};
use crate::diagnostics::Diagnostic;
use crate::model::body::{AttributeValue, Block, Body, Heading, LinkTarget, Node, Outline};
use crate::model::slug::{Slug, slugify};
use crate::rules::Rule;
use crate::source::{SourceText, Span, is_forbidden};

/// Limit for nested elements. Deeper nesting crashes HTML tools, and no text needs ten levels.
const MAX_DEPTH: usize = 48;
/// Limit for footnotes in one stretch of Markdown. pulldown-cmark needs quadratic time for them (its issue 1076).
const MAX_FOOTNOTES: usize = 1000;

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// Converts the byte range `range` of a file.
pub fn body(source: &Arc<SourceText>, range: Range<usize>) -> (Body, Outline, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let items = blocks::outline(source, range.clone(), &mut diagnostics);
    let mut writer = Writer {
        source,
        diagnostics,
        has_h1: false,
        outline: Outline::default(),
        block_counts: HashMap::new(),
        heading_ids: HeadingIds::default(),
        footnotes: Footnotes::default(),
        references: HashMap::new(),
    };
    // The parser finds the references of a single stretch by itself.
    if !matches!(items[..], [Item::Markdown(_)]) {
        writer.collect_references(&items);
    }
    let nodes = writer.items(&items, 1);
    (Body { nodes, has_h1: writer.has_h1 }, writer.outline, writer.diagnostics)
}

/// The state of a page while its stretches of Markdown are converted one by one.
struct Writer<'a> {
    source: &'a Arc<SourceText>,
    diagnostics: Vec<Diagnostic>,
    has_h1: bool,
    outline: Outline,
    block_counts: HashMap<String, usize>,
    heading_ids: HeadingIds,
    footnotes: Footnotes,
    /// Reference definitions of all stretches: label in lower case to address and title.
    references: HashMap<String, (String, String)>,
}

/// Footnotes are numbered across the page, and looked up by block and name.
#[derive(Default)]
struct Footnotes {
    /// The current block, and the number of blocks so far. The page itself is the first.
    block: usize,
    blocks: usize,
    numbers: HashMap<(usize, String), usize>,
    uses: HashMap<usize, usize>,
}

impl Footnotes {
    fn number(&mut self, name: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry((self.block, name.to_lowercase())).or_insert(next)
    }

    fn reference(&mut self, name: &str) -> String {
        let number = self.number(name);
        let uses = self.uses.entry(number).or_insert(0);
        *uses += 1;
        let id = if *uses == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{uses}") };
        format!("<sup class=\"footnote-reference\" id=\"{id}\"><a href=\"#fn-{number}\">{number}</a></sup>")
    }
}

impl Writer<'_> {
    /// Reference definitions apply to the whole page, so they are collected before the first link is converted.
    fn collect_references(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Block { items, .. } => self.collect_references(items),
                // Excessive Markdown is reported later, and must not be parsed here.
                Item::Markdown(range)
                    if self.source.text[range.clone()].contains("]:")
                        && excessive_markdown(self.source, range).is_none() =>
                {
                    let parser = Parser::new_ext(&self.source.text[range.clone()], OPTIONS);
                    for (label, definition) in parser.reference_definitions().iter() {
                        let title = definition.title.as_deref().unwrap_or_default().to_owned();
                        self.references.entry(label.to_lowercase()).or_insert((definition.dest.to_string(), title));
                    }
                }
                Item::Markdown(_) => {}
            }
        }
    }

    fn items(&mut self, items: &[Item], depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let labels = footnote_labels(self.source, items);
        let outer = std::mem::replace(&mut self.footnotes.block, self.footnotes.blocks);
        self.footnotes.blocks += 1;
        for item in items {
            match item {
                Item::Markdown(range) => nodes.append(&mut self.markdown(range.clone(), &labels)),
                Item::Block { opening, items } => {
                    let number = self.block_counts.entry(opening.name.clone()).or_insert(0);
                    *number += 1;
                    let number = *number;
                    // A bad name is already reported.
                    if Slug::parse(&opening.name).is_ok() {
                        self.outline.blocks.push((opening.name.clone(), opening.span));
                    }
                    if opening.name == "offer" {
                        self.offer(opening);
                    }
                    let content = self.items(items, depth + 1);
                    let attributes = opening.attributes.clone();
                    nodes.push(Node::Block(Box::new(Block {
                        name: opening.name.clone(),
                        attributes,
                        content,
                        span: opening.span,
                        number,
                        depth,
                    })));
                }
            }
        }
        self.footnotes.block = outer;
        nodes
    }

    fn offer(&mut self, opening: &blocks::Opening) {
        match opening.attributes.first() {
            Some((id, AttributeValue::Flag)) => self.outline.offers.push((id.clone(), opening.span)),
            _ => self.diagnostics.push(
                Diagnostic::error(Rule::BadBlockAttribute, "this block names no call to action")
                    .at(self.source, opening.span, "the id of a call to action is missing")
                    .help("write it as in `::: offer guide`"),
            ),
        }
    }

    /// `labels`: the footnotes that the block defines in any of its stretches.
    fn markdown(&mut self, range: Range<usize>, labels: &[&str]) -> Vec<Node> {
        let text = with_footnotes(&self.source.text[range.clone()], labels);
        if let Some(diagnostic) = excessive_markdown(self.source, &range) {
            self.diagnostics.push(diagnostic);
            return Vec::new();
        }
        let references = std::mem::take(&mut self.references);
        let missing = |link: BrokenLink| {
            let (address, title) = references.get(&link.reference.to_lowercase())?;
            Some((CowStr::from(address.clone()), CowStr::from(title.clone())))
        };
        let events = Parser::new_with_broken_link_callback(&text, OPTIONS, Some(missing)).into_offset_iter();
        let mut stretch = Stretch {
            writer: self,
            start: range.start,
            length: range.len(),
            events,
            depth: 0,
            too_deep: None,
            heading: None,
            in_code: false,
            table: Table::default(),
        };
        let nodes = stretch.nodes(None);
        if let Some(at) = stretch.too_deep {
            let message = "lists, quotes or emphases are nested too deep";
            let span = Span::new(at, at + 1).shifted(range.start);
            self.diagnostics.push(Diagnostic::error(Rule::NestingTooDeep, message).at(
                self.source,
                span,
                "nested too deep",
            ));
        }
        self.references = references;
        nodes
    }
}

/// The span of the address in a link at `range`. The whole link, if the address is in a reference definition.
pub(super) fn span_of_address(text: &str, range: Range<usize>, address: &str) -> Span {
    match text[range.clone()].rfind(address).filter(|_| !address.is_empty()) {
        Some(at) => Span::new(range.start + at, range.start + at + address.len()),
        None => Span::new(range.start, range.end),
    }
}

/// `<a@b.example>` is a link to `mailto:a@b.example`.
pub(super) fn whole_address(link_type: LinkType, address: &str) -> String {
    match link_type {
        LinkType::Email => format!("mailto:{address}"),
        _ => address.to_owned(),
    }
}

/// The footnotes that a block with several stretches of Markdown defines. The text of a footnote is often at the very
/// end, after other blocks.
fn footnote_labels<'s>(source: &'s SourceText, items: &[Item]) -> Vec<&'s str> {
    let stretches = items.iter().filter_map(|item| match item {
        Item::Markdown(range) => Some(&source.text[range.clone()]),
        Item::Block { .. } => None,
    });
    if stretches.clone().count() < 2 {
        return Vec::new();
    }
    stretches.flat_map(str::lines).filter_map(footnote_label).take(MAX_FOOTNOTES / 10).collect()
}

fn footnote_label(line: &str) -> Option<&str> {
    line.strip_prefix("[^")?.split_once("]:").map(|(label, _)| label).filter(|label| !label.contains([' ', ']']))
}

/// A stretch with a placeholder for each footnote that another stretch of its block defines, so that the parser accepts
/// references to it.
fn with_footnotes<'t>(text: &'t str, labels: &[&str]) -> Cow<'t, str> {
    if labels.is_empty() || !text.contains("[^") {
        return Cow::Borrowed(text);
    }
    let own: HashSet<&str> = text.lines().filter_map(footnote_label).collect();
    let mut with = text.to_owned();
    for label in labels.iter().filter(|label| !own.contains(*label)) {
        with.push_str(&format!("\n\n[^{label}]: .\n"));
    }
    Cow::Owned(with)
}

/// Refuses Markdown for which the parser needs more than linear time.
pub(super) fn excessive_markdown(source: &Arc<SourceText>, range: &Range<usize>) -> Option<Diagnostic> {
    let text = &source.text[range.clone()];
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        // `>`, `-` and digits at the beginning of the line, which nest containers.
        let markers = line.split(|c: char| !" \t>-+*0123456789.)".contains(c)).next().unwrap_or_default();
        if markers.len() > 2 * MAX_DEPTH
            && markers.bytes().filter(|b| b">-+*)".contains(b)).count() > MAX_DEPTH
            && !is_rule(line)
        {
            return Some(Diagnostic::error(Rule::NestingTooDeep, "lists or quotes are nested too deep").at(
                source,
                Span::new(at, at + markers.trim_end().len()),
                "nested too deep",
            ));
        }
        at += line.len();
    }
    let footnotes = text.match_indices("[^").count();
    if footnotes > MAX_FOOTNOTES {
        let first = range.start + text.find("[^")?;
        return Some(Diagnostic::error(Rule::NestingTooDeep, format!("{footnotes} footnotes")).at(
            source,
            Span::new(first, first + 2),
            format!("at most {MAX_FOOTNOTES} in one block"),
        ));
    }
    None
}

/// Whether a line is a thematic break, such as `-----` or `* * *`.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return true };
    "-*_".contains(first) && marks.all(|mark| mark == first)
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    in_head: bool,
    /// The current cell has no text.
    is_blank: bool,
    column: usize,
}

/// Converts one stretch of Markdown. Runs of plain events go to pulldown-cmark's own HTML writer.
struct Stretch<'w, 'a, I> {
    writer: &'w mut Writer<'a>,
    /// The byte offset of the stretch in the file.
    start: usize,
    /// The length in the file. The parser's input may be longer; the rest is not written.
    length: usize,
    events: I,
    depth: usize,
    /// The offset at which elements are nested deeper than [`MAX_DEPTH`]. Conversion ends there.
    too_deep: Option<usize>,
    /// The text of the open heading.
    heading: Option<String>,
    in_code: bool,
    table: Table,
}

/// The nodes so far, and HTML that is not yet a node.
#[derive(Default)]
struct Output<'e> {
    nodes: Vec<Node>,
    html: String,
    run: Vec<Event<'e>>,
}

impl<'e> Output<'e> {
    fn flush(&mut self) {
        if !self.run.is_empty() {
            html::push_html(&mut self.html, self.run.drain(..));
        }
    }

    fn html(&mut self, html: &str) {
        self.flush();
        self.html.push_str(html);
    }

    fn end_html(&mut self) {
        self.flush();
        if !self.html.is_empty() {
            // Bodies stay in memory, so the node gets an exact copy, and the buffer is reused.
            self.nodes.push(Node::Html(self.html.as_str().into()));
            self.html.clear();
        }
    }

    fn node(&mut self, node: Node) {
        self.end_html();
        self.nodes.push(node);
    }

    fn all(&mut self, nodes: Vec<Node>) {
        for node in nodes {
            match node {
                Node::Html(html) => self.html(&html),
                node => self.node(node),
            }
        }
    }

    fn finish(mut self) -> Vec<Node> {
        self.end_html();
        self.nodes.shrink_to_fit();
        self.nodes
    }
}

impl<'e, I: Iterator<Item = (Event<'e>, Range<usize>)>> Stretch<'_, '_, I> {
    /// The next event; `None` once elements are nested too deep.
    fn next(&mut self) -> Option<(Event<'e>, Range<usize>)> {
        // An unclosed element ends with the stretch, even if the parser's input is longer.
        let (event, range) = self.events.by_ref().find(|(_, range)| range.start < self.length)?;
        let range = range.start..range.end.min(self.length);
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            self.too_deep.get_or_insert(range.start);
        }
        self.too_deep.is_none().then_some((event, range))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(range.start, range.end).shifted(self.start)
    }

    /// The first line of `range`.
    fn first_line(&self, range: &Range<usize>) -> Span {
        let written = &self.writer.source.text[self.start + range.start..self.start + range.end];
        let length = written.lines().next().unwrap_or_default().len();
        Span::new(range.start, range.start + length).shifted(self.start)
    }

    /// Converts events up to the end tag `until`, which is consumed.
    fn nodes(&mut self, until: Option<TagEnd>) -> Vec<Node> {
        let mut out = Output::default();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(tag) if Some(tag) == until => break,
                Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                    let link = self.link(link_type, &dest_url, &range, false);
                    self.check_characters(&title, &range);
                    let content = self.nodes(Some(TagEnd::Link));
                    out.node(Node::Link { link, title: title.as_ref().into(), content });
                }
                Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                    let link = self.link(link_type, &dest_url, &range, true);
                    self.check_characters(&title, &range);
                    let alt = self.plain_text(TagEnd::Image).into();
                    out.node(Node::Image { link, title: title.as_ref().into(), alt });
                }
                Event::Start(Tag::Heading { level, id, classes, .. }) => {
                    self.heading(&mut out, level, id.as_deref(), &classes, &range)
                }
                Event::Start(Tag::HtmlBlock) => {
                    let html = self.html_block();
                    self.raw_html(&mut out, &html, &range, true);
                }
                Event::InlineHtml(html) => self.raw_html(&mut out, &html, &range, false),
                Event::FootnoteReference(name) => out.html(&self.writer.footnotes.reference(&name)),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    let number = self.writer.footnotes.number(&name);
                    out.html(&format!(
                        "<div class=\"footnote-definition\" id=\"fn-{number}\"><sup class=\"footnote-definition-label\">{number}</sup> "
                    ));
                }
                Event::End(TagEnd::FootnoteDefinition) => out.html("</div>\n"),
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
                | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell) => {
                    if matches!(event, Event::Start(Tag::TableCell)) {
                        let cell = &self.writer.source.text[self.span(&range).range()];
                        self.table.is_blank = cell.trim_matches([' ', '\t', '|']).is_empty();
                    }
                    let html = self.table.tag(&event);
                    out.html(&html);
                }
                // Screen readers read the symbols out in the visitor's language.
                Event::TaskListMarker(done) => out.html(match done {
                    true => "<input type=\"checkbox\" disabled checked aria-label=\"☑\"> ",
                    false => "<input type=\"checkbox\" disabled aria-label=\"☐\"> ",
                }),
                Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => {
                    self.in_code = matches!(event, Event::Start(_));
                    out.run.push(event);
                }
                Event::SoftBreak | Event::HardBreak => {
                    self.note_heading(" ");
                    out.run.push(event);
                }
                Event::Text(ref text) => {
                    if !self.in_code {
                        self.missing_footnote(text, &range);
                    }
                    self.check_characters(text, &range);
                    self.note_heading(text);
                    out.run.push(event);
                }
                Event::Code(ref text) => {
                    self.note_heading(text);
                    out.run.push(event);
                }
                _ => out.run.push(event),
            }
        }
        out.finish()
    }

    /// Entities such as `&#1;` produce characters that `load` does not detect.
    fn check_characters(&mut self, text: &str, range: &Range<usize>) {
        if let Some(c) = text.chars().find(|&c| is_forbidden(c)) {
            let message = format!("the character U+{:04X} is not allowed in text", c as u32);
            let diagnostic = Diagnostic::error(Rule::ForbiddenCharacter, message);
            self.writer.diagnostics.push(diagnostic.at(
                self.writer.source,
                self.span(range),
                "contains an invisible character",
            ));
        }
    }

    fn note_heading(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
    }

    fn link(&mut self, link_type: LinkType, address: &str, range: &Range<usize>, is_image: bool) -> usize {
        self.check_characters(address, range);
        let in_file = self.start + range.start..self.start + range.end;
        let span = span_of_address(&self.writer.source.text, in_file, address);
        let address = whole_address(link_type, address);
        self.writer.outline.links.push(LinkTarget { address, span, is_image });
        self.writer.outline.links.len() - 1
    }

    /// The text up to the end tag, which is consumed, without markup.
    fn plain_text(&mut self, until: TagEnd) -> String {
        let mut text = String::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(tag) if tag == until => break,
                Event::Text(part) | Event::Code(part) => {
                    self.check_characters(&part, &range);
                    text.push_str(&part);
                }
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text
    }

    /// A heading with an id that is unique on the page: the author's, or one from its text. Other attributes than id and
    /// classes are dropped, since they could be event handlers.
    fn heading(
        &mut self,
        out: &mut Output<'e>,
        level: HeadingLevel,
        own: Option<&str>,
        classes: &[CowStr],
        range: &Range<usize>,
    ) {
        self.heading = Some(String::new());
        let content = self.nodes(Some(TagEnd::Heading(level)));
        let text = self.heading.take().unwrap_or_default();
        let id = match own {
            Some(own) => self.own_id(own, range),
            None => self.writer.heading_ids.free(&slugify(&text)),
        };
        self.writer.outline.anchors.push(id.clone());
        self.writer.outline.headings.push(Heading { level: level as u8, span: self.first_line(range) });
        if level == HeadingLevel::H1 {
            self.writer.has_h1 = true;
            out.node(Node::TopHeading { id: id.into(), content });
            return;
        }
        let classes: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
        let class =
            if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", escaped(&classes.join(" "))) };
        out.html(&format!("<{level} id=\"{}\"{class}>", escaped(&id)));
        out.all(content);
        out.html(&format!("</{level}>\n"));
    }

    fn own_id(&mut self, own: &str, range: &Range<usize>) -> String {
        if is_reserved(own) {
            let diagnostic = Diagnostic::error(Rule::BadId, format!("the id `{own}` is reserved for Tagline"));
            let diagnostic = diagnostic.at(self.writer.source, self.span(range), "reserved id");
            self.writer
                .diagnostics
                .push(diagnostic.help("choose one that does not begin with `cta-`, `fn-` or `fnref-`, without `_`"));
        }
        if !self.writer.heading_ids.taken.insert(own.to_owned()) {
            let diagnostic = Diagnostic::error(Rule::DuplicateKey, format!("two headings have the id `{own}`"));
            let diagnostic = diagnostic.at(self.writer.source, self.first_line(range), "given again");
            self.writer.diagnostics.push(diagnostic.help("choose another id"));
        }
        own.to_owned()
    }

    fn html_block(&mut self) -> String {
        let mut html = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Html(part) | Event::Text(part) => html.push_str(&part),
                _ => break,
            }
        }
        html
    }

    /// Raw HTML becomes a node of its own. Comments are dropped.
    fn raw_html(&mut self, out: &mut Output<'e>, html: &str, range: &Range<usize>, block: bool) {
        let html = without_comments(html);
        if html.trim().is_empty() {
            return;
        }
        self.writer.outline.raw_html.push(self.first_line(range));
        out.node(Node::RawHtml { html: html.into(), block });
    }

    /// Reports `[^1]` in text: the footnote is not defined in its block.
    fn missing_footnote(&mut self, text: &str, range: &Range<usize>) {
        if !text.starts_with('[') {
            return;
        }
        let rest = &self.writer.source.text[self.start + range.start..];
        let Some(end) = rest.strip_prefix("[^").and_then(|name| name.find([']', ' ', '\n'])) else {
            return;
        };
        let before = (self.start + range.start).checked_sub(1).map(|at| self.writer.source.text.as_bytes()[at]);
        if before == Some(b'\\') || end == 0 || rest.as_bytes()[end + 2] != b']' {
            return;
        }
        let name = &rest[2..end + 2];
        let span = Span::new(range.start, range.start + end + 3).shifted(self.start);
        self.writer.diagnostics.push(
            Diagnostic::error(Rule::MissingFootnote, format!("the footnote `{name}` has no text"))
                .at(self.writer.source, span, "not defined here")
                .help(format!("write `[^{name}]: …` in the same block")),
        );
    }
}

impl Table {
    /// Tags of tables, with classes instead of `style` attributes, which a Content-Security-Policy forbids.
    fn tag(&mut self, event: &Event) -> String {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                self.alignments.clone_from(alignments);
                "<table>".to_owned()
            }
            Event::Start(Tag::TableHead) => {
                (self.in_head, self.column) = (true, 0);
                "<thead><tr>".to_owned()
            }
            Event::Start(Tag::TableRow) => {
                self.column = 0;
                "<tr>".to_owned()
            }
            Event::Start(_) => {
                let alignment = self.alignments.get(self.column).copied().unwrap_or(Alignment::None);
                let class = match alignment {
                    Alignment::None => "",
                    Alignment::Left => " class=\"align-left\"",
                    Alignment::Center => " class=\"align-center\"",
                    Alignment::Right => " class=\"align-right\"",
                };
                format!("<{}{class}>", self.cell())
            }
            Event::End(TagEnd::TableCell) => {
                self.column += 1;
                format!("</{}>", self.cell())
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                "</tr></thead><tbody>\n".to_owned()
            }
            Event::End(TagEnd::TableRow) => "</tr>\n".to_owned(),
            _ => "</tbody></table>\n".to_owned(),
        }
    }

    fn cell(&self) -> &'static str {
        // An empty heading cell confuses users of screen readers.
        if self.in_head && !self.is_blank { "th" } else { "td" }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The ids of a page's headings.
#[derive(Default)]
struct HeadingIds {
    taken: HashSet<String>,
    /// The number of requests for an id, so that the hundredth `plans` does not try 99 ids.
    requests: HashMap<String, usize>,
}

impl HeadingIds {
    /// An id that no other heading has, and that Tagline does not use itself.
    fn free(&mut self, slug: &str) -> String {
        let base = match slug {
            "" => "section".to_owned(),
            own if is_reserved(own) => format!("section-{own}"),
            free => free.to_owned(),
        };
        let count = self.requests.entry(base.clone()).or_insert(0);
        loop {
            *count += 1;
            let id = if *count == 1 { base.clone() } else { format!("{base}-{count}") };
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// Whether an id is reserved for cards, form fields and footnotes, or for themes, whose ids contain a `_`.
fn is_reserved(id: &str) -> bool {
    ["cta-", "fn-", "fnref-"].iter().any(|prefix| id.starts_with(prefix)) || id.contains('_')
}

fn without_comments(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        text.push_str(&rest[..start]);
        rest = match rest[start + 4..].find("-->") {
            Some(end) => &rest[start + 4 + end + 3..],
            None => "",
        };
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Body, Outline, Vec<Diagnostic>) {
        let source = SourceText::new("a.md", text);
        body(&source, 0..text.len())
    }

    fn html(text: &str) -> String {
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
                    Node::TopHeading { id, content } => {
                        *out += &format!("<h1 id=\"{id}\">");
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
        let (body, _, diagnostics) = read(text);
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
            "<h1 id=\"ete\">Été</h1>\n<h2 id=\"ete-2\">Été</h2>\n<h2 id=\"mine\">Own</h2>\n<h2 id=\"section-cta-guide\">CTA guide</h2>\n"
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
        assert_eq!(outline.links[0].address, "https://x.example/");
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
        assert_eq!(outline.links[1].address, "mailto:a@b.example");
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
