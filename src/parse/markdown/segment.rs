//! Converts one segment of Markdown, the text between block lines, to nodes.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::footnotes;
use super::output::Output;
use super::quotes::{self, OpenQuotes, Quote};
use super::state::PageState;
use super::table::Table;
use crate::html::comments::without_comments;
use crate::html::sections::HEADING_ATTRIBUTE;
use crate::html::tags;
use crate::model::body::{Attribute, AttributeValue, Heading, Node};
use crate::model::slug::slugify;
use crate::parse::dialect::MAX_DEPTH;
use crate::source::Span;

/// The Markdown events of a segment, and the elements that are open. Ranges are relative to the segment.
pub struct Segment<'w, 'a, I> {
    page: &'w mut PageState<'a>,
    /// The byte offset of the segment in the file.
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
    open_quotes: OpenQuotes,
    /// The name of the open element whose content has no comments, such as `textarea`.
    raw_element: Option<String>,
    table: Table,
}

/// Text of other segments begins after an empty line.
const GAP: usize = "\n\n".len();

impl<'w, 'a, 'e, I: Iterator<Item = (Event<'e>, Range<usize>)>> Segment<'w, 'a, I> {
    /// `range` is the segment in the file, `events` are its events with ranges relative to the segment.
    pub fn new(page: &'w mut PageState<'a>, range: Range<usize>, events: I) -> Segment<'w, 'a, I> {
        Segment {
            page,
            start: range.start,
            length: range.len(),
            events,
            depth: 0,
            too_deep: None,
            heading: None,
            in_code: false,
            open_quotes: OpenQuotes::default(),
            raw_element: None,
            table: Table::default(),
        }
    }

    /// Converts the segment. Returns its nodes and, if elements are nested too deep, where. The nodes end there.
    pub fn convert(mut self) -> (Vec<Node>, Option<Span>) {
        let nodes = self.nodes(None);
        let too_deep = self.too_deep.map(|at| self.span(&(at..at + 1)));
        (nodes, too_deep)
    }

    /// Returns the next event, or `None` if elements are nested too deep.
    fn next(&mut self) -> Option<(Event<'e>, Range<usize>)> {
        // An unclosed element ends with the segment, even if the parser's input is longer.
        let (mut event, mut range) = self.events.next()?;
        while range.start >= self.length + GAP {
            (event, range) = self.events.next()?;
        }
        // The missing cells of a table's last row are behind the segment.
        range = range.start.min(self.length)..range.end.min(self.length);
        match &event {
            Event::Start(tag) => {
                self.depth += 1;
                if !is_inline(tag) {
                    self.open_quotes = OpenQuotes::default();
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            self.too_deep.get_or_insert(range.start);
        }
        self.too_deep.is_none().then_some((event, range))
    }

    /// Converts events up to the end tag `until`, which is consumed.
    fn nodes(&mut self, until: Option<TagEnd>) -> Vec<Node> {
        let mut out = Output::default();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(tag) if Some(tag) == until => break,
                Event::Start(tag) => self.start_tag(&mut out, tag, &range),
                Event::End(tag) => self.end_tag(&mut out, tag),
                Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => {
                    let event = self.with_quote(event, &range);
                    self.text(&event, &range);
                    out.event(event);
                }
                Event::InlineHtml(html) => self.inline_html(&mut out, &html, &range),
                Event::FootnoteReference(name) => out.html(&self.page.footnotes.reference(&name)),
                Event::TaskListMarker(is_done) => out.html(checkbox(is_done)),
                event => out.event(event),
            }
        }
        out.finish()
    }

    fn start_tag(&mut self, out: &mut Output<'e>, tag: Tag<'e>, range: &Range<usize>) {
        match tag {
            Tag::Link { link_type, dest_url, title, .. } => {
                let link = self.link(link_type, &dest_url, &title, range, false);
                let content = self.nodes(Some(TagEnd::Link));
                out.node(Node::Link { link, title: title.as_ref().into(), content });
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                let link = self.link(link_type, &dest_url, &title, range, true);
                let alt = self.plain_text(TagEnd::Image).into();
                out.node(Node::Image { link, title: title.as_ref().into(), alt });
            }
            Tag::Heading { level, id, classes, attrs } => {
                let attributes = HeadingMarkup { id: id.as_deref(), classes: &classes, attributes: &attrs };
                self.heading(out, level, attributes, range);
            }
            Tag::HtmlBlock => {
                let html = self.html_block();
                self.raw_html(out, &html, range, true);
            }
            Tag::FootnoteDefinition(name) => out.html(&self.page.footnotes.definition(&name)),
            Tag::Table(alignments) => out.html(self.table.begin(&alignments)),
            Tag::TableHead => out.html(self.table.begin_head()),
            Tag::TableRow => out.html(self.table.begin_row()),
            Tag::TableCell => {
                let markdown = &self.page.source.text[self.span(range).range()];
                out.html(self.table.begin_cell(markdown));
            }
            tag => {
                self.in_code |= matches!(tag, Tag::CodeBlock(_));
                out.event(Event::Start(tag));
            }
        }
    }

    fn end_tag(&mut self, out: &mut Output<'e>, tag: TagEnd) {
        match tag {
            TagEnd::FootnoteDefinition => out.html("</div>\n"),
            TagEnd::Table => out.html(self.table.end()),
            TagEnd::TableHead => out.html(self.table.end_head()),
            TagEnd::TableRow => out.html(self.table.end_row()),
            TagEnd::TableCell => out.html(self.table.end_cell()),
            tag => {
                self.in_code &= tag != TagEnd::CodeBlock;
                out.event(Event::End(tag));
            }
        }
    }

    /// Returns a quotation mark as the page's language has it, and any other event unchanged.
    fn with_quote(&mut self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        let Event::Text(text) = &event else { return event };
        let Some(quote) = Quote::of(text) else { return event };
        let start = self.start + range.start;
        let Some(context) = quotes::context(&self.page.source.text, start) else { return event };
        let mark = match quote.role(context, self.open_quotes) {
            Some(role) => {
                self.open_quotes = self.open_quotes.after(role);
                self.page.quotes.mark(role, context)
            }
            None => context.written(),
        };
        Event::Text(mark)
    }

    /// Checks text, and adds it to the open heading.
    fn text(&mut self, event: &Event, range: &Range<usize>) {
        let text = match event {
            Event::Text(text) => {
                if !self.in_code && text.starts_with('[') {
                    self.check_footnote(range);
                }
                self.check_characters(text, range);
                text
            }
            Event::Code(text) => text,
            _ => " ",
        };
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
    }

    /// Returns the text up to the end tag, which is consumed, without markup.
    fn plain_text(&mut self, until: TagEnd) -> String {
        let mut text = String::new();
        while let Some((event, range)) = self.next() {
            match self.with_quote(event, &range) {
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

    fn link(&mut self, link_type: LinkType, address: &str, title: &str, range: &Range<usize>, is_image: bool) -> usize {
        self.check_characters(address, range);
        self.check_characters(title, range);
        self.page.add_link(link_type, address, self.span(range).range(), is_image)
    }

    /// Converts a heading. Its id, the author's or one from its text, is unique on the page. Attributes other than id and
    /// classes are for the block around it, and begin with [`HEADING_ATTRIBUTE`], because they could be event handlers.
    fn heading(&mut self, out: &mut Output<'e>, level: HeadingLevel, markup: HeadingMarkup, range: &Range<usize>) {
        self.heading = Some(String::new());
        let content = self.nodes(Some(TagEnd::Heading(level)));
        let text = self.heading.take().unwrap_or_default();
        let (span, first_line) = (self.span(range), self.first_line(range));
        let id = match markup.id {
            Some(own) => {
                self.page.take_heading_id(own, span, first_line);
                own.to_owned()
            }
            None => self.page.heading_ids.free(&slugify(&text)),
        };
        self.page.outline.anchors.push(id.as_str().into());
        let heading = Heading { level: level as u8, text: text.into(), span: first_line };
        Arc::make_mut(&mut self.page.outline.headings).push(heading);
        let class = class_attribute(markup.classes);
        let attributes = heading_attributes(markup.attributes, &self.page.source.text, first_line);
        if level == HeadingLevel::H1 {
            self.page.has_h1 = true;
            out.node(Node::TopHeading { id: id.into(), class: class.into(), content });
            self.page.add_heading_attributes(level as u8, attributes);
            return;
        }
        let for_block = data_attributes(&attributes);
        out.html(&format!("<{level} id=\"{}\"{class}{for_block}>", escaped(&id)));
        out.nodes(content);
        out.html(&format!("</{level}>\n"));
        self.page.add_heading_attributes(level as u8, attributes);
    }

    fn html_block(&mut self) -> String {
        let mut html = String::new();
        while let Some((Event::Html(part) | Event::Text(part), _)) = self.next() {
            html.push_str(&part);
        }
        html
    }

    /// Adds a tag or a comment within a paragraph.
    fn inline_html(&mut self, out: &mut Output<'e>, html: &str, range: &Range<usize>) {
        if let Some(name) = &self.raw_element {
            // What looks like a comment there is text.
            if tags::is_end_tag_of(html, name) {
                self.raw_element = None;
            }
            self.page.outline.raw_html.push(self.first_line(range));
            out.node(Node::RawHtml { html: html.into(), block: false, links: Vec::new() });
            return;
        }
        self.raw_element = tags::raw_element(html).map(str::to_owned);
        self.raw_html(out, html, range, false);
    }

    /// Adds raw HTML as a separate node, without comments.
    fn raw_html(&mut self, out: &mut Output<'e>, html: &str, range: &Range<usize>, block: bool) {
        let html = without_comments(html);
        if html.trim().is_empty() {
            return;
        }
        self.page.outline.raw_html.push(self.first_line(range));
        let links = self.page.add_html_links(&html, self.span(range).range());
        out.node(Node::RawHtml { html: html.as_ref().into(), block, links });
    }

    fn check_characters(&mut self, text: &str, range: &Range<usize>) {
        self.page.check_characters(text, self.span(range));
    }

    fn check_footnote(&mut self, range: &Range<usize>) {
        let at = self.start + range.start;
        if let Some(name) = footnotes::undefined_footnote(&self.page.source.text, at) {
            self.page.report_undefined_footnote(name, Span::new(at, at + "[^]".len() + name.len()));
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(range.start, range.end).shifted(self.start)
    }

    /// Returns the first line of `range`.
    fn first_line(&self, range: &Range<usize>) -> Span {
        let written = &self.page.source.text[self.start + range.start..self.start + range.end];
        let length = written.lines().next().unwrap_or_default().len();
        Span::new(range.start, range.start + length).shifted(self.start)
    }
}

/// What is in the braces of `### Heading {#own .class icon=clock}`.
struct HeadingMarkup<'h> {
    id: Option<&'h str>,
    classes: &'h [CowStr<'h>],
    attributes: &'h [(CowStr<'h>, Option<CowStr<'h>>)],
}

/// Returns the attributes of a heading with their places in its first line.
fn heading_attributes(given: &[(CowStr, Option<CowStr>)], text: &str, line: Span) -> Vec<Attribute> {
    let line = line.range();
    let mut at = text[line.clone()].rfind('{').map_or(line.start, |brace| line.start + brace);
    let attributes = given.iter().map(|(name, value)| {
        let written = value.as_ref().map_or_else(|| name.to_string(), |value| format!("{name}={value}"));
        let found = text[at..line.end].find(&written).map(|found| at + found..at + found + written.len());
        let place = found.clone().unwrap_or(at..line.end);
        at = found.map_or(at, |found| found.end);
        let value =
            value.as_deref().map(|value| value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value));
        let value = value.map_or(AttributeValue::Flag, |value| AttributeValue::Text(value.to_owned()));
        Attribute { name: name.to_string(), value, span: Span::new(place.start, place.end) }
    });
    attributes.collect()
}

/// Returns the attributes of a heading for the template of the block around it.
fn data_attributes(attributes: &[Attribute]) -> String {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let attributes = attributes.iter().filter(|attribute| is_name(&attribute.name));
    let texts = attributes.map(|Attribute { name, value, .. }| {
        let value = escaped(value.text().unwrap_or(name)).replace('>', "&gt;");
        format!(" {HEADING_ATTRIBUTE}{name}=\"{value}\"")
    });
    texts.collect()
}

/// Returns a disabled checkbox. Screen readers read its symbol out in the visitor's language.
fn checkbox(is_done: bool) -> &'static str {
    match is_done {
        true => "<input type=\"checkbox\" disabled checked aria-label=\"☑\"> ",
        false => "<input type=\"checkbox\" disabled aria-label=\"☐\"> ",
    }
}

fn class_attribute(classes: &[CowStr]) -> String {
    if classes.is_empty() {
        return String::new();
    }
    let classes: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
    format!(" class=\"{}\"", escaped(&classes.join(" ")))
}

fn escaped(text: &str) -> Cow<'_, str> {
    match text.contains(['&', '<', '"']) {
        true => text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").into(),
        false => text.into(),
    }
}

/// Whether an element is inside of a paragraph.
fn is_inline(tag: &Tag) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}
