//! Splits a body at its `:::` lines into blocks and the Markdown between them.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::body::AttributeValue;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Limit for nested blocks.
const MAX_DEPTH: usize = 16;

/// A part of a body: Markdown, as a byte range in the file, or a block.
#[derive(Debug, PartialEq)]
pub enum Item {
    Markdown(Range<usize>),
    Block { opening: Opening, items: Vec<Item> },
}

/// The line that opens a block.
#[derive(Debug, PartialEq)]
pub struct Opening {
    pub name: String,
    pub attributes: Vec<(String, AttributeValue)>,
    /// The line without its line end.
    pub span: Span,
}

/// Splits the byte range `body` of a file at its block lines.
pub fn outline(source: &Arc<SourceText>, body: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut outline = Outline {
        source,
        diagnostics,
        open: Vec::new(),
        items: Vec::new(),
        markdown_from: body.start,
        too_deep: false,
        lookalikes: Vec::new(),
    };
    let mut hidden = Hidden::No;
    let mut at = body.start;
    for line in source.text[body].split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        match &hidden {
            Hidden::ByFence(fence) if fence.is_closed_by(content) => hidden = Hidden::No,
            Hidden::ByComment(_) if content.contains("-->") => hidden = Hidden::No,
            Hidden::ByFence(_) | Hidden::ByComment(_) => {}
            Hidden::No => match Hidden::opened_by(content, at) {
                Hidden::No => outline.line(content, at, at + line.len()),
                opened => hidden = opened,
            },
        }
        at += line.len();
    }
    if let Hidden::ByComment(start) = hidden {
        outline.diagnostics.push(
            Diagnostic::error(Rule::UnclosedBlock, "this comment is not closed")
                .at(source, Span::new(start, start + "<!--".len()), "hides the rest of the page")
                .help("write `-->` where it ends"),
        );
    }
    outline.end(at)
}

/// The element that hides the following lines, so that they are not block lines.
enum Hidden {
    No,
    ByFence(Fence),
    /// A comment that began at this byte. CommonMark's HTML block 2: it lasts until `-->`, across blank lines.
    ByComment(usize),
}

impl Hidden {
    fn opened_by(line: &str, at: usize) -> Hidden {
        if let Some(fence) = Fence::opened_by(line) {
            return Hidden::ByFence(fence);
        }
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        match text.strip_prefix("<!--").filter(|_| indent <= 3) {
            Some(rest) if !rest.contains("-->") => Hidden::ByComment(at + indent),
            _ => Hidden::No,
        }
    }
}

/// An open code fence.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Fence> {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|&c| c == '`' || c == '~')?;
        let length = text.chars().take_while(|&c| c == mark).count();
        // CommonMark: at most three spaces in front, and no backtick after a fence of backticks.
        let opens = line.len() - text.len() <= 3 && length >= 3 && !(mark == '`' && text[length..].contains('`'));
        opens.then_some(Fence { mark, length })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        line.len() - line.trim_start_matches(' ').len() <= 3
            && text.len() >= self.length
            && text.chars().all(|c| c == self.mark)
    }
}

struct Outline<'a> {
    source: &'a Arc<SourceText>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The open blocks, outermost first, each with the items before it on its level.
    open: Vec<(Opening, Vec<Item>)>,
    items: Vec<Item>,
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
}

impl Lookalike {
    fn of(line: &str, at: usize) -> Option<Lookalike> {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        let rest = text.trim_start_matches(':');
        let colons = text.len() - rest.len();
        let named = rest.strip_prefix(' ').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        let mistyped = rest.chars().nth(1) == Some(':');
        let is_similar = colons > 1 || colons == 1 && (rest.is_empty() || named || mistyped);
        // A mistyped character among the colons is not a name.
        let opens = rest.contains(char::is_alphabetic);
        is_similar.then(|| Lookalike { span: Span::new(at + indent, at + indent + text.len()), opens })
    }
}

impl Outline<'_> {
    fn line(&mut self, line: &str, start: usize, end: usize) {
        let colons = line.bytes().take_while(|&b| b == b':').count();
        if colons < 3 {
            self.lookalikes.extend(Lookalike::of(line, start));
            return;
        }
        let rest = line[colons..].trim();
        let span = Span::new(start, start + line.trim_end().len());
        self.markdown_until(start);
        self.markdown_from = end;
        match rest.is_empty() {
            true => self.close(span),
            false => self.open(rest, span, start + (rest.as_ptr() as usize - line.as_ptr() as usize)),
        }
    }

    fn markdown_until(&mut self, end: usize) {
        if !self.source.text[self.markdown_from..end].trim().is_empty() {
            self.items.push(Item::Markdown(self.markdown_from..end));
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
        let opening = opening(self.source, text, span, text_at, self.diagnostics);
        self.open.push((opening, std::mem::take(&mut self.items)));
    }

    fn close(&mut self, span: Span) {
        match self.open.pop() {
            Some((opening, before)) => {
                let items = std::mem::replace(&mut self.items, before);
                // Deeper blocks are reported and dropped, so that nothing recurses that far.
                if self.open.len() < MAX_DEPTH {
                    self.items.push(Item::Block { opening, items });
                }
            }
            None => {
                let diagnostic = self.stray_close(span);
                self.diagnostics.push(diagnostic);
            }
        }
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
        Diagnostic::error(Rule::UnopenedBlock, "no block is open here")
            .at(self.source, close, "nothing to close")
            .help("remove the line, or look for a block that was closed too early")
    }

    fn unclosed(&self, opening: &Opening) -> Diagnostic {
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

    fn end(mut self, at: usize) -> Vec<Item> {
        self.markdown_until(at);
        // Many unclosed blocks have one cause, so only a few are reported.
        for (opening, _) in self.open.iter().rev().take(MAX_DEPTH) {
            let diagnostic = self.unclosed(opening);
            self.diagnostics.push(diagnostic);
        }
        while let Some((opening, before)) = self.open.pop() {
            let items = std::mem::replace(&mut self.items, before);
            if self.open.len() < MAX_DEPTH {
                self.items.push(Item::Block { opening, items });
            }
        }
        self.items
    }
}

/// Parses the text of an opening line after its colons. `at` is the byte offset of the text in the file.
fn opening(source: &Arc<SourceText>, text: &str, span: Span, at: usize, diagnostics: &mut Vec<Diagnostic>) -> Opening {
    let name_length = text.find(char::is_whitespace).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_length);
    if Slug::parse(name).is_err() {
        let diagnostic = Diagnostic::error(Rule::BadBlockAttribute, format!("`{name}` is not a block name"));
        diagnostics.push(
            diagnostic
                .at(source, Span::new(at, at + name_length), "lower case letters, digits and hyphens")
                .help("write it as in `::: hero`"),
        );
    }
    Opening { name: name.to_owned(), attributes: attributes(source, rest, at + name_length, diagnostics), span }
}

/// Parses the attributes in `text`, which is at byte `at` of the file, up to the first error.
fn attributes(
    source: &Arc<SourceText>,
    text: &str,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, AttributeValue)> {
    let mut attributes: Vec<(String, AttributeValue)> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let start = at + (rest.as_ptr() as usize - text.as_ptr() as usize);
        let (key, value, length) = match attribute(rest) {
            Ok(attribute) => attribute,
            Err((length, message, help)) => {
                diagnostics.push(
                    Diagnostic::error(Rule::BadBlockAttribute, message)
                        .at(source, Span::new(start, start + length), "cannot be read")
                        .help(help),
                );
                break;
            }
        };
        if attributes.iter().any(|(known, _)| *known == key) {
            let message = format!("the attribute `{key}` is given twice");
            let diagnostic = Diagnostic::error(Rule::BadBlockAttribute, message);
            diagnostics.push(diagnostic.at(source, Span::new(start, start + length), "given again"));
        } else {
            attributes.push((key, value));
        }
        rest = rest[length..].trim_start();
    }
    attributes
}

/// An attribute and its length in bytes.
type Attribute = (String, AttributeValue, usize);
/// The length in bytes, a message and a help.
type BadAttribute = (usize, &'static str, &'static str);

/// Parses the attribute at the beginning of `text`. Returns it with its length in bytes.
fn attribute(text: &str) -> Result<Attribute, BadAttribute> {
    let word = text.find(|c: char| c.is_whitespace() || c == '=' || c == '"').unwrap_or(text.len());
    let key = &text[..word];
    let whole_word = text.find(char::is_whitespace).unwrap_or(text.len());
    let named = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '/');
    if !named {
        return Err((whole_word, "this is not an attribute", "write `key=\"value\"`, `key=word` or a single word"));
    }
    let Some(value) = text[word..].strip_prefix('=') else {
        return match text[word..].starts_with('"') {
            true => Err((whole_word, "an attribute's value needs a `=` before it", "write `key=\"value\"`")),
            false => Ok((key.to_owned(), AttributeValue::Flag, word)),
        };
    };
    let Some(quoted) = value.strip_prefix('"') else {
        let length = value.find(char::is_whitespace).unwrap_or(value.len());
        let bare = &value[..length];
        if bare.is_empty() || bare.contains(['"', '“', '”', '\'', '=']) {
            return Err((whole_word, "this value cannot be read", "put straight quotes around it: `key=\"value\"`"));
        }
        return Ok((key.to_owned(), AttributeValue::Text(bare.to_owned()), word + 1 + length));
    };
    let Some(end) = closing_quote(quoted) else {
        return Err((text.len(), "a quote is opened and not closed", "write `key=\"value\"`"));
    };
    let unescaped = quoted[..end].replace("\\\"", "\"").replace("\\\\", "\\");
    Ok((key.to_owned(), AttributeValue::Text(unescaped), word + 2 + end + 1))
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Item>, Vec<(usize, &'static str)>) {
        let source = SourceText::new("a.md", text);
        let mut diagnostics = Vec::new();
        let items = outline(&source, 0..text.len(), &mut diagnostics);
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
        let [Item::Markdown(_), Item::Block { opening, items }, Item::Markdown(_)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!(opening.name, "columns");
        assert!(matches!(&items[..], [Item::Block { opening, .. }] if opening.name == "column"));
    }

    #[test]
    fn block_lines_in_code_and_inside_paragraphs_are_text() {
        for text in
            ["```\n::: hero\n```\n", "~~~~\n:::\n~~~\n::: x\n~~~~\n", " ::: hero\n", "a ::: hero\n", ":: hero\n"]
        {
            let (items, diagnostics) = read(text);
            assert_eq!(diagnostics, [], "{text}");
            assert_eq!(items, [Item::Markdown(0..text.len())], "{text}");
        }
    }

    #[test]
    fn block_in_a_comment_is_ignored() {
        let text = "a\n\n<!--\n::: quote\nold\n\n:::\n-->\n\n<!-- one line -->\n::: hero\n:::\n";
        let (items, diagnostics) = read(text);
        assert_eq!(diagnostics, []);
        assert!(matches!(&items[..], [Item::Markdown(_), Item::Block { opening, .. }] if opening.name == "hero"));
        assert_eq!(read("a\n<!--\n::: hero\n").1, [(2, "unclosed-block")]);
    }

    #[test]
    fn attributes_are_quoted_bare_or_flags() {
        let (items, diagnostics) = read("::: quote by=\"Amina \\\"A\\\" O.\" size=3 wide\n:::\n");
        assert_eq!(diagnostics, []);
        let [Item::Block { opening, .. }] = &items[..] else { panic!() };
        assert_eq!(
            opening.attributes,
            [
                ("by".to_owned(), AttributeValue::Text("Amina \"A\" O.".to_owned())),
                ("size".to_owned(), AttributeValue::Text("3".to_owned())),
                ("wide".to_owned(), AttributeValue::Flag),
            ]
        );
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
