//! Code and HTML that hide the block lines within them: fenced code, `<pre>`, `<script>`, `<style>`, `<textarea>` and
//! comments.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr3_iter, memmem};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::parse::dialect::{OPTIONS, excessive_markdown};
use crate::source::{SourceText, Span};

/// The least bytes that are parsed at once.
const MIN_PARSED: usize = 1024;

/// Finds the hidden parts of a segment, the text between two block lines. Only the parser of Markdown can tell, so it parses the
/// segment up to a line. It reads at most twice as much as the segment has, because a block line ends the segment.
pub struct HiddenParts<'s> {
    source: &'s Arc<SourceText>,
    /// The end of the body.
    end: usize,
    /// The begin of the segment.
    from: usize,
    /// The text up to here was searched for marks, and whether one was found.
    searched_to: usize,
    has_marks: bool,
    /// The text up to here was parsed.
    parsed_to: usize,
    parts: Vec<HiddenPart>,
}

/// A part of a segment. Offsets are those of the file.
pub struct HiddenPart {
    pub range: Range<usize>,
    pub kind: HiddenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenKind {
    Fence,
    Comment,
    /// An element such as `pre`.
    Element(&'static str),
    /// `<?…?>`, `<!…>` or `<![CDATA[…]]>`.
    Other,
}

impl<'s> HiddenParts<'s> {
    pub fn of(source: &'s Arc<SourceText>, body: &Range<usize>) -> HiddenParts<'s> {
        let at = body.start;
        HiddenParts {
            source,
            end: body.end,
            from: at,
            searched_to: at,
            has_marks: false,
            parsed_to: at,
            parts: Vec::new(),
        }
    }

    /// Begins a segment.
    pub fn restart(&mut self, at: usize) {
        (self.from, self.searched_to, self.parsed_to) = (at, at, at);
        self.has_marks = false;
        self.parts.clear();
    }

    /// Returns the part that hides the line at a byte of the file. Call it for the lines in their order.
    pub fn part_at(&mut self, at: usize) -> Option<&HiddenPart> {
        let new = &self.source.text.as_bytes()[self.searched_to.min(at)..at];
        self.has_marks = self.has_marks || may_hide(new);
        self.searched_to = self.searched_to.max(at);
        if !self.has_marks {
            return None;
        }
        if at >= self.parsed_to {
            self.parse(at);
        }
        self.parts.iter().find(|part| part.range.contains(&at))
    }

    /// Returns the part that has no end, so that it hides the rest of the body. `hides_lines`: a line of this segment is hidden.
    /// If none is, only comments count.
    pub fn unclosed(&mut self, hides_lines: bool) -> Option<&HiddenPart> {
        let last = self.end.checked_sub(1).filter(|last| *last >= self.from)?;
        let text = &self.source.text;
        if !hides_lines && memmem::find(&text.as_bytes()[self.from..self.end], b"<!--").is_none() {
            return None;
        }
        let before = &text.as_bytes()[self.from..last];
        let line = memchr::memrchr(b'\n', before).map_or(self.from, |at| self.from + at + 1);
        self.part_at(line)?;
        self.parsed_to = self.from;
        self.parse(line);
        let counts = |part: &&HiddenPart| hides_lines || part.kind == HiddenKind::Comment;
        self.parts.iter().filter(counts).find(|part| part.range.contains(&line) && !part.is_closed(text))
    }

    fn parse(&mut self, at: usize) {
        let text = &self.source.text;
        let wanted = at + (at - self.from).max(MIN_PARSED);
        let to = match text.as_bytes().get(wanted..self.end) {
            Some(rest) => memchr::memchr(b'\n', rest).map_or(self.end, |offset| wanted + offset + 1),
            None => self.end,
        };
        self.parsed_to = to;
        self.parts.clear();
        // An error is reported when the segment is converted.
        if excessive_markdown(self.source, &(self.from..to)).is_some() {
            return;
        }
        for (event, range) in Parser::new_ext(&text[self.from..to], OPTIONS).into_offset_iter() {
            let range = self.from + range.start..self.from + range.end;
            let kind = match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => Some(HiddenKind::Fence),
                Event::Start(Tag::HtmlBlock) => HiddenKind::of_html(&text[range.clone()]),
                _ => None,
            };
            self.parts.extend(kind.map(|kind| HiddenPart { range, kind }));
        }
    }
}

/// Whether a text may have the begin of a hidden part.
fn may_hide(text: &[u8]) -> bool {
    memchr3_iter(b'`', b'~', b'<', text).any(|at| match &text[at..] {
        [b'<', next, ..] => matches!(next.to_ascii_lowercase(), b'!' | b'?' | b'p' | b's' | b't'),
        [mark, second, third, ..] => mark == second && second == third,
        _ => false,
    })
}

impl HiddenKind {
    /// Returns the kind of an HTML block that does not end at an empty line.
    fn of_html(html: &str) -> Option<HiddenKind> {
        let html = html.trim_start();
        let rest = html.strip_prefix('<')?;
        if rest.starts_with("!--") {
            return Some(HiddenKind::Comment);
        }
        if rest.starts_with(['?', '!']) {
            return Some(HiddenKind::Other);
        }
        let is_named = |name: &&str| {
            let ends = |c: &u8| c.is_ascii_whitespace() || *c == b'>';
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && rest.as_bytes().get(name.len()).is_none_or(ends)
        };
        ["pre", "script", "style", "textarea"].into_iter().find(is_named).map(HiddenKind::Element)
    }
}

impl HiddenPart {
    /// The mark that opens it.
    pub fn opening(&self, text: &str) -> Span {
        let part = &text[self.range.clone()];
        let indent = part.len() - part.trim_start().len();
        let line = part.trim_start().lines().next().unwrap_or_default().trim_end();
        let length = match self.kind {
            HiddenKind::Fence => line.len(),
            HiddenKind::Comment => "<!--".len(),
            HiddenKind::Element(name) => "<".len() + name.len(),
            HiddenKind::Other => "<!".len(),
        };
        let start = self.range.start + indent;
        Span::new(start, start + length)
    }

    /// What closes it.
    pub fn closing(&self, text: &str) -> String {
        match self.kind {
            HiddenKind::Fence => {
                let opening = &text[self.opening(text).range()];
                let mark = opening.chars().next().unwrap_or('`');
                opening.chars().take_while(|&c| c == mark).collect()
            }
            HiddenKind::Comment => "-->".to_owned(),
            HiddenKind::Element(name) => format!("</{name}>"),
            HiddenKind::Other => ">".to_owned(),
        }
    }

    fn is_closed(&self, text: &str) -> bool {
        let opening = self.opening(text);
        let rest = &text[opening.end as usize..self.range.end];
        match self.kind {
            HiddenKind::Fence => {
                let last = rest.trim_end().rsplit('\n').next().unwrap_or_default();
                // A fence in a quote has its mark before it.
                let last = last.trim_start_matches([' ', '\t', '>']);
                rest.trim_end().contains('\n')
                    && last.starts_with(&self.closing(text))
                    && last.trim_matches(['`', '~']).is_empty()
            }
            HiddenKind::Comment | HiddenKind::Other => rest.contains(&self.closing(text)),
            // CommonMark: any of the four end tags ends the block.
            HiddenKind::Element(_) => {
                let lower = rest.to_ascii_lowercase();
                ["</pre>", "</script>", "</style>", "</textarea>"].iter().any(|end| lower.contains(end))
            }
        }
    }
}
