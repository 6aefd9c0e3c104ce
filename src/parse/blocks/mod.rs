//! Splits a body at its `:::` lines into blocks and the Markdown between them.

mod dialects;
mod hidden;
mod opening;

use std::ops::Range;
use std::sync::Arc;

use self::hidden::{HiddenKind, HiddenPart, HiddenParts};
use crate::diagnostics::Diagnostic;
use crate::model::body::BlockLine;
use crate::rules::Rule;
use crate::source::{self, SourceText, Span};

/// Limit for nested blocks.
const MAX_DEPTH: usize = 16;

/// A part of a body: Markdown, as a byte range in the file, or a block.
#[derive(Debug, PartialEq)]
pub enum BodyItem {
    Markdown(Range<usize>),
    Block { opening: BlockLine, items: Vec<BodyItem> },
}

/// Splits the byte range `body` of a file at its block lines.
pub fn split(source: &Arc<SourceText>, body: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Vec<BodyItem> {
    let mut reader = BlockReader {
        source,
        diagnostics,
        open: Vec::new(),
        items: Vec::new(),
        markdown_from: body.start,
        too_deep: false,
        lookalikes: Vec::new(),
    };
    let mut hidden = HiddenParts::of(source, &body);
    let mut hides_lines = false;
    let mut end = body.start;
    for (offset, line) in source::lines(&source.text[body.clone()]) {
        let at = body.start + offset;
        end = at + line.len();
        if !may_be_block_line(line) {
            continue;
        }
        if hidden.part_at(at).is_some() {
            hides_lines |= line.starts_with(":::");
        } else if reader.line(line.trim_end_matches(['\n', '\r']), at, end) {
            hidden.restart(end);
            hides_lines = false;
        }
    }
    if let Some(part) = hidden.unclosed(hides_lines) {
        reader.diagnostics.push(unclosed_part(source, part));
    }
    reader.end(end)
}

/// Whether a line is a block line or looks like one.
fn may_be_block_line(line: &str) -> bool {
    let text = line.trim_start();
    match text.as_bytes().first() {
        Some(b':') => true,
        // Characters of no width, and wide colons.
        Some(0xe2 | 0xef) => without_odd_start(text).starts_with([':', '：']),
        _ => false,
    }
}

/// Returns a line without the spaces before it, and without characters that nobody sees.
fn without_odd_start(line: &str) -> &str {
    line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    })
}

/// Returns the error for a closing line with a name.
fn named_close(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::UnclosedBlock, "a block is closed by colons alone")
        .at(source, span, "has more than colons")
        .help("write `:::`")
}

fn nothing_open(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::UnopenedBlock, "no block is open here")
        .at(source, span, "nothing to close")
        .help("remove the line, or look for a block that was closed too early")
}

fn unclosed_part(source: &Arc<SourceText>, part: &HiddenPart) -> Diagnostic {
    let name = match part.kind {
        HiddenKind::Fence => "code".to_owned(),
        HiddenKind::Comment => "comment".to_owned(),
        HiddenKind::Element(name) => format!("`<{name}>`"),
        HiddenKind::Other => "HTML".to_owned(),
    };
    Diagnostic::error(Rule::UnclosedBlock, format!("this {name} is not closed"))
        .at(source, part.opening(&source.text), "hides the rest of the page")
        .help(match part.kind {
            HiddenKind::Fence => format!("write {} on a line of its own where it ends", part.closing(&source.text)),
            _ => format!("write `{}` where it ends", part.closing(&source.text)),
        })
}

/// The state while the lines of a body are read.
struct BlockReader<'a> {
    source: &'a Arc<SourceText>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The open blocks, outermost first, each with the items before it on its level.
    open: Vec<(BlockLine, Vec<BodyItem>)>,
    items: Vec<BodyItem>,
    markdown_from: usize,
    /// Set once deep nesting is reported.
    too_deep: bool,
    /// Lines that look like block lines but are text. They are likely causes of unclosed and unopened blocks.
    lookalikes: Vec<Lookalike>,
}

/// A line with too few colons, or with colons that are indented.
struct Lookalike {
    span: Span,
    /// Whether it looks like an opening line.
    opens: bool,
    /// Whether it is a block line that is neither: colons and a mark that is no name, with no block open.
    is_stray: bool,
}

impl Lookalike {
    fn of(line: &str, at: usize) -> Option<Lookalike> {
        let text = without_odd_start(line);
        let indent = line.len() - text.len();
        if !text.starts_with([':', '：']) {
            return None;
        }
        let text = text.trim_end();
        let rest = text.trim_start_matches([':', '：']);
        let colons = text[..text.len() - rest.len()].chars().count();
        let named = rest.strip_prefix(' ').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        let mistyped = rest.chars().nth(1) == Some(':');
        let is_similar = colons > 1 || colons == 1 && (rest.is_empty() || named || mistyped);
        // A mistyped character among the colons is not a name, not even a letter.
        let opens = rest.chars().filter(|c| c.is_alphabetic()).count() > 1;
        is_similar.then(|| Lookalike { span: Span::new(at + indent, at + indent + text.len()), opens, is_stray: false })
    }
}

impl BlockReader<'_> {
    /// Reads a line that may be a block line. Returns whether it is one.
    fn line(&mut self, line: &str, start: usize, end: usize) -> bool {
        let colons = line.bytes().take_while(|&b| b == b':').count();
        if colons < 3 {
            self.lookalikes.extend(Lookalike::of(line, start));
            return false;
        }
        let rest = line[colons..].trim();
        let span = Span::new(start, start + line.trim_end().len());
        self.markdown_until(start);
        self.markdown_from = end;
        if rest.is_empty() {
            self.close(span);
        } else if dialects::closes(
            rest.trim_end_matches(':').trim_end(),
            self.open.last().map(|(opening, _)| &*opening.name),
        ) {
            self.close_by_text(rest, span);
        } else {
            self.open(rest, span, start + (rest.as_ptr() as usize - line.as_ptr() as usize));
        }
        true
    }

    fn markdown_until(&mut self, end: usize) {
        if !self.source.text[self.markdown_from..end].trim().is_empty() {
            self.items.push(BodyItem::Markdown(self.markdown_from..end));
        }
    }

    fn open(&mut self, text: &str, span: Span, text_at: usize) {
        if self.open.len() == MAX_DEPTH && !self.too_deep {
            self.too_deep = true;
            let message = format!("more than {MAX_DEPTH} nested blocks");
            self.diagnostics.push(
                Diagnostic::error(Rule::NestingTooDeep, message)
                    .at(self.source, span, "nested too deep")
                    .help("is a closing `:::` missing above?"),
            );
        }
        let opening = opening::opening(self.source, text, span, text_at, self.diagnostics);
        self.open.push((opening, std::mem::take(&mut self.items)));
    }

    fn close(&mut self, span: Span) {
        match self.open.pop() {
            Some((opening, before)) => {
                let items = std::mem::replace(&mut self.items, before);
                // Deeper blocks are reported and dropped, so that nothing recurses that far.
                if self.open.len() < MAX_DEPTH {
                    self.items.push(BodyItem::Block { opening, items });
                }
            }
            None => {
                let diagnostic = self.stray_close(span);
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// Closes a block by a line with a text after its colons.
    fn close_by_text(&mut self, text: &str, span: Span) {
        if !self.open.is_empty() {
            self.diagnostics.push(named_close(self.source, span));
        } else if !text.contains(char::is_alphanumeric) {
            // If a closing line follows, it was meant to open a block.
            self.lookalikes.push(Lookalike { span, opens: true, is_stray: true });
            return;
        }
        self.close(span);
    }

    fn stray_close(&mut self, close: Span) -> Diagnostic {
        let opens = self.lookalikes.iter().rposition(|lookalike| lookalike.opens);
        // Without one, a closing line may have lost its name.
        if let Some(at) = opens.or(self.lookalikes.len().checked_sub(1)) {
            let opener = self.lookalikes.remove(at);
            return Diagnostic::error(
                Rule::UnopenedBlock,
                "this line does not open a block, so the closing line has no block",
            )
            .at(self.source, opener.span, "read as text")
            .at(self.source, close, "nothing to close")
            .help("begin the line with `:::` in its first column");
        }
        nothing_open(self.source, close)
    }

    fn unclosed(&self, opening: &BlockLine) -> Diagnostic {
        let message = format!("the block `{}` is not closed", opening.name);
        let diagnostic = Diagnostic::error(Rule::UnclosedBlock, message);
        let below = |lookalike: &&Lookalike| !lookalike.opens && lookalike.span > opening.span;
        match self.lookalikes.iter().find(below) {
            Some(close) => diagnostic
                .at(self.source, close.span, "read as text")
                .at(self.source, opening.span, "opened here")
                .help("begin the line with `:::` in its first column"),
            None => diagnostic
                .at(self.source, opening.span, "opened here")
                .help("write `:::` on a line of its own where it ends"),
        }
    }

    fn end(mut self, at: usize) -> Vec<BodyItem> {
        self.markdown_until(at);
        let stray = self.lookalikes.iter().filter(|lookalike| lookalike.is_stray);
        self.diagnostics.extend(stray.map(|stray| nothing_open(self.source, stray.span)));
        // Many unclosed blocks have one cause, so only a few are reported.
        let unclosed: Vec<&BlockLine> = self.open.iter().rev().take(MAX_DEPTH).map(|(opening, _)| opening).collect();
        // A block that is opened again was probably meant to be closed.
        let again = match unclosed[..] {
            [inner, outer, ..] if inner.name == outer.name && inner.attributes.is_empty() => Some(inner),
            _ => None,
        };
        let others = if again.is_some() { &unclosed[2..] } else { &unclosed };
        let diagnostics: Vec<Diagnostic> =
            again.into_iter().map(|inner| named_close(self.source, inner.span)).collect();
        let others: Vec<Diagnostic> = others.iter().map(|opening| self.unclosed(opening)).collect();
        self.diagnostics.extend(diagnostics);
        self.diagnostics.extend(others);
        while let Some((opening, before)) = self.open.pop() {
            let items = std::mem::replace(&mut self.items, before);
            if self.open.len() < MAX_DEPTH {
                self.items.push(BodyItem::Block { opening, items });
            }
        }
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::body::AttributeValue;

    fn read(text: &str) -> (Vec<BodyItem>, Vec<(usize, &'static str)>) {
        let source = SourceText::new("a.md", text);
        let mut diagnostics = Vec::new();
        let items = split(&source, 0..text.len(), &mut diagnostics);
        let reported = diagnostics
            .iter()
            .map(|d| (source.line_and_column(d.labels[0].span.start as usize).0, d.rule.id()))
            .collect();
        (items, reported)
    }

    #[test]
    fn blocks_nest_and_close_innermost_first() {
        let (items, diagnostics) = read("a\n::: columns\n::: column\nb\n:::\n:::\nc\n");
        assert_eq!(diagnostics, []);
        let [BodyItem::Markdown(_), BodyItem::Block { opening, items }, BodyItem::Markdown(_)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!(opening.name, "columns");
        assert!(matches!(&items[..], [BodyItem::Block { opening, .. }] if opening.name == "column"));
    }

    #[test]
    fn block_lines_in_code_and_inside_paragraphs_are_text() {
        for text in
            ["```\n::: hero\n```\n", "~~~~\n:::\n~~~\n::: x\n~~~~\n", " ::: hero\n", "a ::: hero\n", ":: hero\n"]
        {
            let (items, diagnostics) = read(text);
            assert_eq!(diagnostics, [], "{text}");
            assert_eq!(items, [BodyItem::Markdown(0..text.len())], "{text}");
        }
    }

    #[test]
    fn block_after_code_in_a_list_or_in_html_is_a_block() {
        for text in [
            "- ```sh\n  a\n  ```\n\n::: quote\n:::\n",
            "1. ```\n   a\n   ```\n::: quote\n:::\n",
            "- a\n\n      ```\n\n::: quote\n:::\n",
            "    ```\n\n::: quote\n:::\n",
            "<pre>\n```\n</pre>\n\n::: quote\n:::\n",
            "> ```\n> a\n\n::: quote\n:::\n",
            "a ```b\n\n::: quote\n:::\n",
            "[^1]: a\n    ```\n    b\n    ```\n\n::: quote\n:::\n",
        ] {
            let (items, diagnostics) = read(text);
            assert_eq!(diagnostics, [], "{text}");
            assert!(matches!(&items[..], [BodyItem::Markdown(_), BodyItem::Block { .. }]), "{text}: {items:?}");
        }
        for text in ["<pre>\n\n::: quote\n</pre>\n", "<script>\n\n:::\n</script>\n", "<!-- a\n::: b\n\n-->\n"] {
            let (items, diagnostics) = read(text);
            assert_eq!((items, diagnostics), (vec![BodyItem::Markdown(0..text.len())], vec![]), "{text}");
        }
    }

    #[test]
    fn code_without_an_end_that_hides_blocks_is_an_error_at_its_begin() {
        for text in ["a\n```\n::: hero\n:::\n", "a\n<pre>\n\n::: hero\n", "a\n~~~ sh\n::: hero\n~~\n"] {
            assert_eq!(read(text).1, [(2, "unclosed-block")], "{text}");
        }
        assert_eq!(read("```\na\n").1, []);
    }

    #[test]
    fn thousands_of_fences_and_hidden_lines_are_read() {
        for text in ["::: a\n```\n:::\n```\n:::\n".repeat(2_000), format!("```\n{}```\n", "::: a\n".repeat(20_000))] {
            assert_eq!(read(&text).1, []);
        }
    }

    #[test]
    fn block_in_a_comment_is_ignored() {
        let text = "a\n\n<!--\n::: quote\nold\n\n:::\n-->\n\n<!-- one line -->\n::: hero\n:::\n";
        let (items, diagnostics) = read(text);
        assert_eq!(diagnostics, []);
        assert!(
            matches!(&items[..], [BodyItem::Markdown(_), BodyItem::Block { opening, .. }] if opening.name == "hero")
        );
        assert_eq!(read("a\n<!--\n::: hero\n").1, [(2, "unclosed-block")]);
    }

    #[test]
    fn attributes_are_quoted_bare_or_flags() {
        let (items, diagnostics) = read("::: quote by=\"Amina \\\"A\\\" O.\" size=3 wide\n:::\n");
        assert_eq!(diagnostics, []);
        let [BodyItem::Block { opening, .. }] = &items[..] else { panic!() };
        let attributes: Vec<_> = opening.attributes.iter().map(|a| (a.name.clone(), a.value.clone())).collect();
        assert_eq!(
            attributes,
            [
                ("by".to_owned(), AttributeValue::Text("Amina \"A\" O.".to_owned())),
                ("size".to_owned(), AttributeValue::Text("3".to_owned())),
                ("wide".to_owned(), AttributeValue::Flag),
            ]
        );
    }

    #[test]
    fn attribute_given_twice_is_found_among_thousands() {
        let attributes: String = (0..5_000).map(|number| format!(" a{number}")).collect();
        let (items, diagnostics) = read(&format!("::: quote{attributes} a0 a4999\n:::\n"));
        assert_eq!(diagnostics, [(1, "bad-block-attribute"); 2]);
        let [BodyItem::Block { opening, .. }] = &items[..] else { panic!() };
        assert_eq!(opening.attributes.len(), 5_000);
    }

    #[test]
    fn every_error_is_reported_at_its_line() {
        for (text, expected) in [
            ("::: hero\n", vec![(1, "unclosed-block")]),
            ("a\n:::\n", vec![(2, "unopened-block")]),
            ("::: hero\n:::\n:::\n", vec![(3, "unopened-block")]),
            ("::: quote by=\"x\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: quote by=“x”\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: quote by=a by=b\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: Hero\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: {.hero .wide}\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: quote {by=\"x\"}\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: quote by=x :::\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: quote by = \"x\"\n:::\n", vec![(1, "bad-block-attribute")]),
            ("::: hero\nx\n::: end\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n::: /hero\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n::: endhero\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n::: hero\n\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n:::.\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n::z\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n:z:\na\n", vec![(3, "unclosed-block")]),
            ("::: hero\nx\n:::\u{200b}\n", vec![(3, "unclosed-block")]),
            ("a\n::: end\n", vec![(2, "unopened-block")]),
            ("a\n::: |\nx\n", vec![(2, "unopened-block")]),
            ("a\n::: |\nx\n:::\n", vec![(2, "unopened-block")]),
            ("\u{200b}::: hero\nx\n:::\n", vec![(1, "unopened-block")]),
            ("：：： hero\nx\n:::\n", vec![(1, "unopened-block")]),
        ] {
            assert_eq!(read(text).1, expected, "{text}");
        }
    }

    #[test]
    fn ten_thousand_nested_blocks_are_refused() {
        let (_, diagnostics) = read(&"::: hero\n".repeat(10_000));
        assert!(diagnostics.iter().any(|(_, rule)| *rule == "nesting-too-deep"));
    }
}
