//! Reads the passages of a page: the paragraphs, headings and cells, with the parts of them that are shown as text.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::parse::blocks::{self, BodyItem};
use crate::parse::dialect::{OPTIONS, excessive_markdown};
use crate::source::SourceText;

/// A page as its marks are searched.
#[derive(Default)]
pub struct PageText<'s> {
    /// The text between two block lines, as passages.
    pub segments: Vec<Vec<Passage<'s>>>,
    pub code: Vec<CodeBlock>,
    /// The paragraphs that a line of `---` below them makes a heading, as ranges in the file.
    pub underlined: Vec<Range<usize>>,
}

/// A paragraph, a heading or a cell.
pub struct Passage<'s> {
    /// The text of the file.
    pub text: &'s str,
    /// The parts that are shown as text, as ranges in the file. Adjacent parts are merged.
    pub runs: Vec<Run>,
    pub lines: Vec<Line>,
    pub is_heading: bool,
    /// Links without an address, and to `#`.
    pub empty_links: Vec<Range<usize>>,
    /// Links to a picture that were probably meant to show it.
    pub misspelt_pictures: Vec<Range<usize>>,
    /// The marks `*` and `_` right before emphasized text, which are one too many.
    pub stray_marks: Vec<usize>,
    /// Whether it is in a `video` without a linked picture, which is reported as a whole.
    pub is_in_empty_video: bool,
}

pub struct Run {
    pub range: Range<usize>,
    /// Whether it is the text of a link.
    pub in_link: bool,
}

/// A line of a passage, without the marks of the lists and quotes around it.
pub struct Line {
    pub start: usize,
    /// Whether the line before ends with a line break.
    pub is_broken: bool,
}

/// A code block, as a range in the file.
pub struct CodeBlock {
    pub range: Range<usize>,
    pub is_fenced: bool,
}

impl<'s> Passage<'s> {
    /// Returns the text of a run with its offset in the file.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &'s str)> {
        self.runs.iter().map(|run| (run.range.start, &self.text[run.range.clone()]))
    }

    /// Returns the text at the start of each line, if it is shown as text and not escaped.
    pub fn line_texts(&self) -> impl Iterator<Item = (&Line, &'s str)> {
        self.lines.iter().filter_map(|line| {
            let run = self.runs.iter().find(|run| run.range.start == line.start)?;
            Some((line, &self.text[run.range.clone()]))
        })
    }

    /// Whether a byte of the file has a backslash before it.
    pub fn is_escaped(&self, at: usize) -> bool {
        self.text[..at].ends_with('\\')
    }

    /// The line of the file around a byte.
    pub fn source_line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        start..end
    }
}

/// Reads a body.
pub fn read(source: &Arc<SourceText>, body: Range<usize>) -> PageText<'_> {
    let mut page = PageText::default();
    // Errors in block lines are already reported.
    let items = blocks::split(source, body, &mut Vec::new());
    read_items(source, &items, false, &mut page);
    page
}

fn read_items<'s>(source: &'s Arc<SourceText>, items: &[BodyItem], in_empty_video: bool, page: &mut PageText<'s>) {
    for item in items {
        match item {
            BodyItem::Block { opening, items } => {
                let has_picture = items.iter().any(|item| has_linked_picture(source, item));
                read_items(source, items, opening.name == "video" && !has_picture, page);
            }
            BodyItem::Markdown(range) if excessive_markdown(source, range).is_none() => {
                let reader = SegmentReader {
                    text: &source.text,
                    start: range.start,
                    passages: Vec::new(),
                    link_depth: 0,
                    in_empty_video,
                };
                reader.read(range, page);
            }
            BodyItem::Markdown(_) => {}
        }
    }
}

fn has_linked_picture(source: &SourceText, item: &BodyItem) -> bool {
    matches!(item, BodyItem::Markdown(range) if source.text[range.clone()].contains("[!["))
}

/// The address of every link whose definition is in another segment.
const ELSEWHERE: &str = "/";

struct SegmentReader<'s> {
    text: &'s str,
    start: usize,
    passages: Vec<Passage<'s>>,
    link_depth: usize,
    in_empty_video: bool,
}

impl<'s> SegmentReader<'s> {
    fn read(mut self, range: &Range<usize>, page: &mut PageText<'s>) {
        let text = self.text;
        // A reference may be defined in another segment.
        let other_segments = |link: BrokenLink| {
            let definition = format!("[{}]:", link.reference);
            has_ignoring_case(text, &definition).then_some((CowStr::Borrowed(ELSEWHERE), CowStr::Borrowed("")))
        };
        // Quotation marks are read as they are written.
        let options = OPTIONS.difference(Options::ENABLE_SMART_PUNCTUATION);
        let parser = Parser::new_with_broken_link_callback(&text[range.clone()], options, Some(other_segments));
        let mut in_code = false;
        for (event, range) in parser.into_offset_iter() {
            let range = self.start + range.start..self.start + range.end;
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    in_code = true;
                    let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
                    page.code.push(CodeBlock { range, is_fenced });
                }
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(_) if !in_code => self.text(range),
                Event::SoftBreak => self.line_break(range.end, false),
                Event::HardBreak => self.line_break(range.end, true),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    self.begin_line(range.start);
                    self.link(&dest_url, range);
                }
                Event::Start(Tag::Image { .. }) => {
                    self.begin_line(range.start);
                    self.link_depth += 1;
                }
                Event::End(TagEnd::Link | TagEnd::Image) => self.link_depth = self.link_depth.saturating_sub(1),
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {
                    self.begin_line(range.start);
                    self.stray_mark(range.start);
                }
                Event::Code(_) | Event::InlineHtml(_) => self.begin_line(range.start),
                Event::Start(Tag::Heading { .. }) => {
                    self.begin(true);
                    page.underlined.extend(self.underlined(range));
                }
                Event::Start(_) => self.begin(false),
                Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
                // Text after an inner list is another passage.
                Event::End(_) => self.begin(false),
                _ => {}
            }
        }
        self.passages.retain(|passage| !passage.runs.is_empty());
        page.segments.push(self.passages);
    }

    fn begin(&mut self, is_heading: bool) {
        if self.passages.last().is_none_or(|last| !last.runs.is_empty()) {
            self.passages.push(Passage {
                text: self.text,
                runs: Vec::new(),
                lines: Vec::new(),
                is_heading,
                empty_links: Vec::new(),
                misspelt_pictures: Vec::new(),
                stray_marks: Vec::new(),
                is_in_empty_video: self.in_empty_video,
            });
        } else if let Some(last) = self.passages.last_mut() {
            (last.is_heading, last.lines) = (is_heading, Vec::new());
        }
    }

    fn link(&mut self, address: &str, range: Range<usize>) {
        self.link_depth += 1;
        let Some(passage) = self.passages.last_mut() else { return };
        if matches!(address, "" | "#") {
            passage.empty_links.push(range);
        } else if is_picture(address) && begins_like_picture(self.text, &range) {
            passage.misspelt_pictures.push(range);
        }
    }

    /// Records a mark that is shown as text right before emphasized text, as in `***bold**`.
    fn stray_mark(&mut self, start: usize) {
        let Some(passage) = self.passages.last_mut() else { return };
        let is_shown = passage.runs.last().is_some_and(|run| run.range.end == start);
        let mark = start.saturating_sub(1);
        if is_shown && self.text[..start].ends_with(['*', '_']) && !passage.is_escaped(mark) {
            passage.stray_marks.push(mark);
        }
    }

    /// Returns the text of a heading that was probably meant as a paragraph above a line: it has several lines, or is a long
    /// sentence.
    fn underlined(&self, range: Range<usize>) -> Option<Range<usize>> {
        let heading = self.text[range.clone()].trim_end();
        let (text, underline) = heading.rsplit_once('\n')?;
        let text = text.trim_end();
        let is_line = underline.trim_start_matches([' ', '>']).starts_with('-');
        let is_sentence = text.ends_with(['.', '!', '?', ':']) && text.split_whitespace().count() > 8;
        (is_line && (text.contains('\n') || is_sentence)).then(|| range.start..range.start + text.len())
    }

    fn text(&mut self, range: Range<usize>) {
        self.begin_line(range.start);
        let in_link = self.link_depth > 0;
        let Some(passage) = self.passages.last_mut() else { return };
        match passage.runs.last_mut() {
            Some(last) if last.range.end == range.start && last.in_link == in_link => last.range.end = range.end,
            _ => passage.runs.push(Run { range, in_link }),
        }
    }

    /// Records the first line of a passage.
    fn begin_line(&mut self, start: usize) {
        if let Some(passage) = self.passages.last_mut().filter(|passage| passage.lines.is_empty()) {
            passage.lines.push(Line { start, is_broken: false });
        }
    }

    fn line_break(&mut self, end: usize, is_broken: bool) {
        let Some(passage) = self.passages.last_mut() else { return };
        // The marks of quotes around the line, and its indent.
        let rest = &self.text[end..];
        let marks = rest.len() - rest.trim_start_matches([' ', '\t', '>']).len();
        passage.lines.push(Line { start: end + marks, is_broken });
    }
}

fn is_picture(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".svg", ".webp", ".avif", ".gif"].iter().any(|ending| address.ends_with(ending))
}

/// Whether the `!` of a picture is at another place than before its `[`.
fn begins_like_picture(text: &str, link: &Range<usize>) -> bool {
    let link_text = &text[link.clone()];
    let line = text[..link.start].rfind('\n').map_or(0, |newline| newline + 1);
    let before = text[line..link.start].trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
    link_text.starts_with("[!") && !link_text.starts_with("[![") || before == "!"
}

fn has_ignoring_case(text: &str, part: &str) -> bool {
    let part = part.as_bytes();
    memchr::memchr_iter(b'[', text.as_bytes())
        .any(|at| text.as_bytes()[at..].get(..part.len()).is_some_and(|found| found.eq_ignore_ascii_case(part)))
}
