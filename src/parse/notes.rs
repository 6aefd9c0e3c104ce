//! Parses `sales.md`, notes for sales in plain Markdown. Links below the heading `Materials` are materials to send, and a
//! quote below the heading `First message` is a message to copy.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::dialect;
use super::markdown::links;
use crate::diagnostics::Diagnostic;
use crate::model::address::Address;
use crate::source::{SourceText, Span};

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// Links below this heading are materials.
const MATERIALS: &str = "materials";
/// A heading with this text is above a message to copy.
const FIRST_MESSAGE: &str = "first message";
/// The highest heading level of notes, below the headings of a lead card.
const TOP_HEADING: usize = 4;

/// The links and messages of a note. Its text stays in the file.
#[derive(Debug, Default)]
pub struct Notes {
    /// All links and images, in the order of the text.
    pub links: Vec<NoteLink>,
    pub messages: Vec<FirstMessage>,
}

#[derive(Debug, PartialEq)]
pub struct NoteLink {
    pub address: String,
    pub span: Span,
    /// The link's text, without markup.
    pub text: String,
    /// For a link below `Materials`: the subheading above the link, or an empty text.
    pub material: Option<String>,
    /// The text after the link, up to the next link or the end of the paragraph.
    pub note: String,
}

/// A quote below a heading `First message`.
#[derive(Debug, PartialEq)]
pub struct FirstMessage {
    /// The whole heading: `First message (guide), a week later`.
    pub heading: String,
    /// Paragraphs are separated by an empty line.
    pub text: String,
}

/// Finds the links and messages of a note. Fails if its Markdown would take too long to parse.
pub fn read(source: &Arc<SourceText>) -> Result<Notes, Box<Diagnostic>> {
    if let Some(diagnostic) = dialect::excessive_markdown(source, &(0..source.text.len())) {
        return Err(Box::new(diagnostic));
    }
    let mut reader = NoteReader::of(&source.text);
    for (event, range) in Parser::new_ext(&source.text, OPTIONS).into_offset_iter() {
        reader.event(event, range);
    }
    Ok(reader.notes)
}

/// Returns the names of the files that notes link to. Notes with errors are skipped.
pub fn file_names<'n>(notes: impl Iterator<Item = &'n Arc<SourceText>>) -> HashSet<String> {
    let links = notes.filter_map(|source| read(source).ok()).flat_map(|notes| notes.links);
    let names = links.filter_map(|link| match Address::parse(&link.address) {
        Ok(Address::Local { path, .. }) => path.rsplit('/').next().map(str::to_owned),
        _ => None,
    });
    names.collect()
}

/// Renders a note as HTML without ids and raw HTML. The highest heading becomes an `h4`. `href` returns the address of a
/// link by its index in [`Notes::links`]; a link without one is rendered as its text.
pub fn html(source: &SourceText, href: impl Fn(usize) -> Option<String>) -> String {
    let mut out = String::with_capacity(source.text.len() + source.text.len() / 4);
    let mut links = 0;
    let mut open = Vec::new();
    let shift = heading_shift(&source.text);
    let mut address = |open: &mut Vec<bool>| {
        let address = href(links);
        links += 1;
        open.push(address.is_some());
        address
    };
    let events = Parser::new_ext(&source.text, OPTIONS).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(heading(level, shift))),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lowered(level, shift)))),
        // For the link type `Email`, pulldown-cmark would add a second `mailto:`.
        Event::Start(Tag::Link { title, id, .. }) => {
            let dest_url = CowStr::from(address(&mut open)?);
            Some(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }))
        }
        Event::Start(Tag::Image { title, id, .. }) => {
            let dest_url = CowStr::from(address(&mut open)?);
            Some(Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, title, id }))
        }
        end @ Event::End(TagEnd::Link | TagEnd::Image) => open.pop()?.then_some(end),
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        event => Some(event),
    });
    html::push_html(&mut out, events);
    out
}

/// Returns the number of levels by which headings are lowered, so that the highest is [`TOP_HEADING`].
fn heading_shift(text: &str) -> usize {
    let levels = Parser::new_ext(text, OPTIONS).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    });
    TOP_HEADING.saturating_sub(levels.min().unwrap_or(TOP_HEADING))
}

fn heading<'e>(level: HeadingLevel, shift: usize) -> Tag<'e> {
    Tag::Heading { level: lowered(level, shift), id: None, classes: Vec::new(), attrs: Vec::new() }
}

fn lowered(level: HeadingLevel, shift: usize) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + shift).min(6)).unwrap_or(HeadingLevel::H6)
}

/// Collects links and messages from the events of a note.
struct NoteReader<'t> {
    source: &'t str,
    notes: Notes,
    /// The text of the open heading.
    heading: Option<(HeadingLevel, String)>,
    /// Open links, by their index in the notes.
    open_links: Vec<usize>,
    /// The last closed link of the paragraph.
    noted_link: Option<usize>,
    /// The level of the heading `Materials`, inside its section.
    materials: Option<HeadingLevel>,
    /// The subheading within `Materials`.
    topic: String,
    /// The heading above the next message.
    message_heading: Option<String>,
    quote: Option<String>,
    quote_depth: usize,
}

impl<'t> NoteReader<'t> {
    fn of(source: &'t str) -> NoteReader<'t> {
        NoteReader {
            source,
            notes: Notes::default(),
            heading: None,
            open_links: Vec::new(),
            noted_link: None,
            materials: None,
            topic: String::new(),
            message_heading: None,
            quote: None,
            quote_depth: 0,
        }
    }

    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            // A heading in a message is a line of the message.
            Event::Start(Tag::Heading { level, .. }) if self.quote.is_none() => {
                self.heading = Some((level, String::new()))
            }
            Event::End(TagEnd::Heading(_)) if self.heading.is_some() => self.end_heading(),
            Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) => {
                self.link(link_type, &dest_url, range);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(),
            Event::Start(Tag::Item) => self.text("- "),
            Event::End(TagEnd::Heading(_)) => self.text("\n\n"),
            Event::Start(Tag::BlockQuote(_)) => {
                self.quote_depth += 1;
                if self.quote_depth == 1 && self.message_heading.is_some() {
                    self.quote = Some(String::new());
                }
            }
            Event::End(TagEnd::BlockQuote(_)) => self.end_quote(),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::End(TagEnd::Item) => {
                self.noted_link = None;
                self.end_line("\n");
            }
            Event::End(TagEnd::Paragraph) => {
                self.noted_link = None;
                self.end_line("\n\n");
            }
            _ => {}
        }
    }

    fn link(&mut self, link_type: LinkType, address: &str, range: Range<usize>) {
        let material = self.materials.is_some().then(|| self.topic.clone());
        self.open_links.push(self.notes.links.len());
        self.notes.links.push(NoteLink {
            address: links::whole_address(link_type, address),
            span: links::span_of_address(self.source, range, address),
            text: String::new(),
            material,
            note: String::new(),
        });
        self.noted_link = None;
    }

    /// Ends a line of the message, unless it already ends with `end`.
    fn end_line(&mut self, end: &str) {
        if let Some(quote) = &mut self.quote
            && !quote.ends_with(end)
        {
            quote.push_str(end);
        }
    }

    fn end_link(&mut self) {
        self.noted_link = self.open_links.pop();
        // A message is plain text, so the address follows the link's text.
        if let (Some(quote), Some(link)) = (&mut self.quote, self.noted_link) {
            let link = &self.notes.links[link];
            if link.text != link.address && !link.address.ends_with(&link.text) {
                quote.push_str(&format!(" ({})", link.address));
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        }
        if let Some(quote) = &mut self.quote {
            quote.push_str(text);
        }
        for &link in &self.open_links {
            self.notes.links[link].text.push_str(text);
        }
        if let Some(link) = self.noted_link {
            self.notes.links[link].note.push_str(text);
        }
    }

    fn end_heading(&mut self) {
        self.noted_link = None;
        let Some((level, text)) = self.heading.take() else { return };
        let lower = text.trim().to_lowercase();
        self.message_heading = lower.contains(FIRST_MESSAGE).then(|| text.trim().to_owned());
        match self.materials {
            // `HeadingLevel` is ordered like the element names: `H2` is greater than `H1`.
            Some(section) if level > section => text.trim().clone_into(&mut self.topic),
            _ => {
                self.materials = (lower == MATERIALS).then_some(level);
                self.topic.clear();
            }
        }
    }

    fn end_quote(&mut self) {
        self.quote_depth = self.quote_depth.saturating_sub(1);
        if self.quote_depth > 0 {
            return;
        }
        if let Some((heading, text)) = self.message_heading.clone().zip(self.quote.take()) {
            self.notes.messages.push(FirstMessage { heading, text: text.trim().to_owned() });
            // Only the first quote below a heading is a message.
            self.message_heading = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Notes {
        read(&SourceText::new("content/a/sales.md", text.to_owned())).unwrap()
    }

    #[test]
    fn links_below_materials_are_materials_with_their_topic() {
        let notes = note(
            "# Notes\n\n[before](a.pdf)\n\n## Materials\n\n- [One *page*](one.pdf)\n\n### Prices\n\n[Two](two.csv), <https://x.example/>\n\n## Else\n\n[after](c.pdf)\n",
        );
        let found: Vec<_> =
            notes.links.iter().map(|link| (&*link.address, &*link.text, link.material.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("a.pdf", "before", None),
                ("one.pdf", "One page", Some("")),
                ("two.csv", "Two", Some("Prices")),
                ("https://x.example/", "https://x.example/", Some("Prices")),
                ("c.pdf", "after", None),
            ]
        );
    }

    #[test]
    fn text_after_a_link_is_its_note() {
        let notes = note(
            "## Materials\n\n- [a](a.pdf). For your eyes only,\n  *not* to forward\n- [b](b.pdf) or [c](c.pdf)\n\nText\n",
        );
        let found: Vec<&str> = notes.links.iter().map(|link| link.note.as_str()).collect();
        assert_eq!(found, [". For your eyes only, not to forward", " or ", ""]);
    }

    #[test]
    fn first_quote_below_a_heading_is_the_message() {
        let notes = note(
            "> not this\n\n## First message to copy (guide)\n\nSay:\n\n> Hi {first name},\n> did it help?\n>\n> Best\n\n> nor this\n\n## Else\n\n> nor this\n",
        );
        assert_eq!(
            notes.messages,
            [FirstMessage {
                heading: "First message to copy (guide)".into(),
                text: "Hi {first name}, did it help?\n\nBest".into()
            }]
        );
    }

    #[test]
    fn headings_are_lowered_and_raw_html_is_text() {
        let source = SourceText::new(
            "a",
            "## One\n\n### Two\n\n<b>x</b> [gone](b.md) [a](c.md)\n\n<script>alert(1)</script>\n".to_owned(),
        );
        let html = html(&source, |link| (link == 1).then(|| "https://kazi.example/c/?a&b".to_owned()));
        assert_eq!(
            html,
            "<h4>One</h4>\n<h5>Two</h5>\n<p>&lt;b&gt;x&lt;/b&gt; gone <a href=\"https://kazi.example/c/?a&amp;b\">a</a></p>\n&lt;script&gt;alert(1)&lt;/script&gt;\n"
        );
    }
}
