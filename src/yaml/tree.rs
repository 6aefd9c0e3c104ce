//! Parses YAML into a tree in which every key and value has its span.
//!
//! Scalars stay as the author wrote them (`no`, `0012` and `1E5` are text here); the reader of a key decides what its
//! value means. After a syntax error the broken lines are blanked and the rest is parsed again, so one run reports
//! every error.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use super::broken_line::unspaced_key;
use super::lines::{end_of_entry, value_of_line};
use super::node::{MapKey, Node, Value};
use super::simple;
use super::syntax_errors::{SyntaxError, leading_tab};
use crate::characters::{Spaces, first_hidden, is_odd_space};
use crate::diagnostics::{Diagnostic, hidden_in_key, hidden_in_yaml, place_of};
use crate::rules::Rule;
use crate::source::{SourceText, Span, first_forbidden};

/// Limit for nested lists and mappings. A site needs five.
const MAX_DEPTH: usize = 32;
/// Limit for syntax errors in one file.
const MAX_SYNTAX_ERRORS: usize = 20;

/// The result of parsing.
pub struct Tree {
    /// `None` for an empty file, and for one that cannot be parsed at all.
    pub root: Option<Node>,
    /// Whether broken lines are missing from the tree.
    pub partial: bool,
}

/// Parses the bytes `range` of a file as one YAML document.
pub fn read(source: &Arc<SourceText>, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    match simple::read(&source.text[range.clone()], range.start) {
        Some(root) => Tree { root: Some(root), partial: false },
        None => read_all_of_yaml(source, range, diagnostics),
    }
}

/// Parses any document, also with errors.
pub(super) fn read_all_of_yaml(
    source: &Arc<SourceText>,
    range: Range<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Tree {
    let start = range.start;
    let mut text = Cow::Borrowed(&source.text[range]);
    if let Some(diagnostic) = leading_tab(source, &text, start) {
        diagnostics.push(diagnostic);
        return Tree { root: None, partial: true };
    }
    let mut blanked_lines: Option<Range<usize>> = None;
    for _ in 0..MAX_SYNTAX_ERRORS {
        let mut builder = Builder { source, start, parser: Parser::new_from_str(&text), diagnostics: Vec::new() };
        match builder.document() {
            Ok(root) => {
                diagnostics.append(&mut builder.diagnostics);
                return Tree { root, partial: blanked_lines.is_some() };
            }
            Err(Failure::Reported) => {
                diagnostics.append(&mut builder.diagnostics);
                return Tree { root: None, partial: true };
            }
            Err(Failure::Syntax(error)) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                let error = SyntaxError::locate(&text, at, error.kind());
                if !blanked_lines.as_ref().is_some_and(|blanked| error.follows_from(&text, blanked)) {
                    diagnostics.push(error.to_diagnostic(source, start));
                }
                let broken = error.line_start..error.end.unwrap_or_else(|| end_of_entry(&text, error.line_start));
                text = Cow::Owned(blanked(&text, &broken));
                blanked_lines = Some(broken);
            }
        }
    }
    Tree { root: None, partial: true }
}

/// The text with a part replaced by spaces, so that all offsets stay the same.
fn blanked(text: &str, part: &Range<usize>) -> String {
    let blank = text[part.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
    text[..part.start].chars().chain(blank).chain(text[part.end..].chars()).collect()
}

/// Why parsing stopped.
enum Failure {
    Syntax(ScanError),
    /// The diagnostic is already recorded.
    Reported,
}

struct Builder<'a> {
    source: &'a Arc<SourceText>,
    /// The byte offset of the document in the file.
    start: usize,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Failure> {
        loop {
            match self.parser.next_event() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    return Ok((event, Span::new(range.start, range.end).shifted(self.start)));
                }
                Some(Err(error)) => return Err(Failure::Syntax(error)),
                None => return Ok((Event::StreamEnd, Span::new(self.start, self.start))),
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Failure> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => return Ok(root),
                Event::DocumentStart(..) if root.is_none() => {
                    let (event, span) = self.next()?;
                    root = Some(self.node(event, span, 0)?);
                }
                _ => {
                    let message = "a second YAML document begins here";
                    return self.refuse(Rule::YamlSyntax, span, message, "a file has one document");
                }
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Failure> {
        if depth > MAX_DEPTH {
            return self.refuse(Rule::YamlTooDeep, span, "lists and mappings are nested too deep", "nested too deep");
        }
        match event {
            Event::Scalar(_, _, anchor, ref tag) if anchor != 0 || tag.is_some() => self.refuse_anchor(span),
            Event::SequenceStart(_, anchor, ref tag) if anchor != 0 || tag.is_some() => self.refuse_anchor(span),
            Event::MappingStart(_, anchor, ref tag) if anchor != 0 || tag.is_some() => self.refuse_anchor(span),
            Event::Alias(_) => self.refuse_anchor(span),
            Event::Scalar(text, style, ..) => {
                self.report_forbidden(&text, span);
                Ok(Node::scalar(text.into_owned(), matches!(style, ScalarStyle::Plain), span))
            }
            Event::SequenceStart(..) => self.list(span, depth),
            Event::MappingStart(..) => self.map(span, depth),
            _ => Ok(Node { span, value: Value::Null }),
        }
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node, Failure> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Node { span: joined(start, span), value: Value::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, start: Span, depth: usize) -> Result<Node, Failure> {
        let mut entries: Vec<(MapKey, Node)> = Vec::new();
        let mut spans: BTreeMap<Cow<'a, str>, Span> = BTreeMap::new();
        // A text without quotes whose commas ended it, so that its parts are keys.
        let mut text_with_comma: Option<Span> = None;
        loop {
            let (event, key_span) = self.next()?;
            let text = match event {
                Event::MappingEnd => {
                    self.report_comma(text_with_comma, &mut entries);
                    return Ok(Node { span: joined(start, key_span), value: Value::Map(entries) });
                }
                Event::Scalar(text, _, 0, None) => text,
                Event::Scalar(..) | Event::Alias(_) => return self.refuse_anchor(key_span),
                _ => {
                    return self.refuse_complex_key(key_span);
                }
            };
            self.report_forbidden(&text, key_span);
            let key = MapKey { text: text.clone().into_owned(), span: key_span };
            let value = self.map_value(&key, depth)?;
            if self.report_hidden_edge(&key) || self.report_unspaced(&key, &value) {
                continue;
            }
            if let Some(whole) = self.rest_of_text(&key, &value, text_with_comma, entries.last()) {
                text_with_comma = Some(whole);
                continue;
            }
            self.report_comma(text_with_comma.take(), &mut entries);
            match spans.entry(text) {
                Entry::Occupied(earlier) => self.diagnostics.push(
                    Diagnostic::error(Rule::DuplicateKey, format!("duplicate key `{}`", key.text))
                        .at(self.source, key.span, "second value")
                        .at(self.source, *earlier.get(), "first value")
                        .help("keep one of the two"),
                ),
                Entry::Vacant(first) => {
                    first.insert(key.span);
                    entries.push((key, value));
                }
            }
        }
    }

    /// Reports `code:SAVE20` between `{` and `}`, which is a key without a value.
    fn report_unspaced(&mut self, key: &MapKey, value: &Node) -> bool {
        let Some(unspaced) = unspaced_key(&key.text).filter(|_| self.has_no_colon(key, value)) else { return false };
        let start = key.span.start as usize;
        let diagnostic = Diagnostic::error(Rule::YamlSyntax, unspaced.message())
            .at(self.source, Span::new(start, start + unspaced.written.len()), unspaced.label())
            .help(unspaced.help())
            .replace(unspaced.written, unspaced.replacement());
        self.diagnostics.push(diagnostic);
        true
    }

    /// Whether a key between `{` and `}` has no colon after it.
    fn has_no_colon(&self, key: &MapKey, value: &Node) -> bool {
        matches!(value.value, Value::Null)
            && self.source.text[key.span.end as usize..].trim_start().starts_with([',', '}'])
    }

    /// Returns the whole text whose part a key is, as `20` in `{ accent: rgb(10, 20, 30) }`. `before` is the part before it.
    fn rest_of_text(
        &self,
        key: &MapKey,
        value: &Node,
        before: Option<Span>,
        last: Option<&(MapKey, Node)>,
    ) -> Option<Span> {
        let plain = last.map(|(_, node)| node).filter(|node| matches!(node.value, Value::Scalar { plain: true, .. }));
        let has_text = !self.source.text[key.span.range()].trim_matches(['?', ' ', '\n', '}']).is_empty();
        let is_part = has_text && self.has_no_colon(key, value);
        let start = before.or(plain.map(|node| node.span)).filter(|_| is_part)?;
        Some(joined(start, key.span))
    }

    /// Reports a text with commas, and removes the entry with its first part.
    fn report_comma(&mut self, text: Option<Span>, entries: &mut Vec<(MapKey, Node)>) {
        let Some(span) = text else { return };
        entries.pop();
        let written = &self.source.text[span.range()];
        let quote = if written.contains('"') { '\'' } else { '"' };
        let diagnostic = Diagnostic::error(Rule::YamlSyntax, "a comma ends a text between `{` and `}`");
        let diagnostic = diagnostic.at(self.source, span, "put quotes around this text");
        self.diagnostics.push(diagnostic.help(format!("write `{quote}{written}{quote}`")));
    }

    fn map_value(&mut self, key: &MapKey, depth: usize) -> Result<Node, Failure> {
        let (event, span) = self.next()?;
        let mut value = self.node(event, span, depth + 1)?;
        // The parser puts an empty text after `|` or `>` where the next token begins. Point at the key instead.
        if matches!(&value.value, Value::Scalar { text, plain: false } if text.trim().is_empty())
            && self.source.text[key.span.end as usize..value.span.start as usize].contains('\n')
        {
            value.span = key.span;
        }
        Ok(value)
    }

    /// Reports a character that texts may not have. An escape such as `"\e"` can write any character.
    fn report_forbidden(&mut self, text: &str, span: Span) {
        if let Some((_, c)) = first_forbidden(text) {
            let message = format!("the character U+{:04X} is not allowed in text", c as u32);
            let diagnostic = Diagnostic::error(Rule::ForbiddenCharacter, message);
            self.diagnostics.push(diagnostic.at(self.source, span, "contains an invisible character"));
        }
    }

    /// Reports a key that begins or ends with a character that nobody sees, such as a no-break space in the indentation.
    fn report_hidden_edge(&mut self, key: &MapKey) -> bool {
        let edges = [key.text.chars().next(), key.text.chars().next_back()];
        let hidden = first_hidden(&key.text, Spaces::Plain).map(|(_, c)| c).filter(|c| edges.contains(&Some(*c)));
        let Some(c) = hidden else { return false };
        self.diagnostics.push(match is_odd_space(c) {
            true => hidden_in_yaml(self.source, place_of(self.source, key.span, c), c),
            false => hidden_in_key(self.source, key.span, &key.text, c),
        });
        true
    }

    fn refuse_anchor<T>(&mut self, span: Span) -> Result<T, Failure> {
        let line = &self.source.text[..span.start as usize];
        let line_start = line.rfind('\n').map_or(0, |newline| newline + 1);
        let (value, value_at) = value_of_line(&self.source.text, line_start);
        let span = if value.starts_with(['&', '*', '!']) { Span::new(value_at, value_at + value.len()) } else { span };
        let message = "a value that begins with `&`, `*` or `!` is a YAML anchor, alias or tag";
        self.diagnostics.push(
            Diagnostic::error(Rule::YamlAlias, message)
                .at(self.source, span, "put quotes around this text")
                .help("anchors, aliases and tags are not supported: write the value out where it is needed"),
        );
        Err(Failure::Reported)
    }

    /// Refuses a list or mapping as a key, which in nearly all cases is a placeholder of a template: `{{ page.title }}`.
    fn refuse_complex_key<T>(&mut self, span: Span) -> Result<T, Failure> {
        let line_start = self.source.text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let (value, value_at) = value_of_line(&self.source.text, line_start);
        if !value.starts_with("{{") {
            let message = "a list or mapping cannot be a key";
            return self.refuse(Rule::YamlSyntax, span, message, "put quotes around this text");
        }
        let diagnostic = Diagnostic::error(Rule::YamlSyntax, "a placeholder of templates is no text")
            .at(self.source, Span::new(value_at, value_at + value.len()), "nothing replaces it here")
            .help("write the text itself: only templates of the theme have placeholders");
        self.diagnostics.push(diagnostic);
        Err(Failure::Reported)
    }

    fn refuse<T>(&mut self, rule: Rule, span: Span, message: &str, label: &str) -> Result<T, Failure> {
        self.diagnostics.push(Diagnostic::error(rule, message).at(self.source, span, label));
        Err(Failure::Reported)
    }
}

fn joined(start: Span, end: Span) -> Span {
    Span { start: start.start, end: end.end.max(start.end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, column, rule and label of each diagnostic.
    fn messages(yaml: &str) -> Vec<(usize, usize, String, String)> {
        let source = SourceText::new("site.yaml", yaml);
        let mut diagnostics = Vec::new();
        read(&source, 0..yaml.len(), &mut diagnostics);
        let message = |diagnostic: &Diagnostic| {
            let label = &diagnostic.labels[0];
            let (line, column) = source.line_and_column(label.span.start as usize);
            (line, column, diagnostic.rule.id().to_owned(), label.text.clone())
        };
        diagnostics.iter().map(message).collect()
    }

    #[test]
    fn unquoted_special_characters_are_reported_at_the_value() {
        for (yaml, line, column) in [
            ("title: Acme: save 20 %\n", 1, 8),
            ("a: b\ntitle: @kazi\n", 2, 8),
            ("a: b\ntitle: *bold* claim\n", 2, 8),
            ("title: [New] Save 20 %\nb: c\n", 1, 8),
            ("title: \"Best\" offer\nb: c\n", 1, 8),
            ("title: %x\n", 1, 8),
        ] {
            let messages = messages(yaml);
            assert_eq!(messages.len(), 1, "{yaml}: {messages:?}");
            assert_eq!((messages[0].0, messages[0].1), (line, column), "{yaml}: {messages:?}");
            assert_eq!(messages[0].3, "put quotes around this text", "{yaml}");
        }
    }

    #[test]
    fn open_quotes_and_brackets_are_reported_at_the_value() {
        for (yaml, label) in [
            ("title: \"Best offer\nb: c\n", "its closing quote is missing"),
            ("title: [a, b\nb: c\n", "its `]` is missing"),
        ] {
            let messages = messages(yaml);
            assert_eq!(messages.len(), 1, "{yaml}: {messages:?}");
            assert_eq!((messages[0].0, messages[0].1, &*messages[0].3), (1, 8, label), "{yaml}");
        }
    }

    #[test]
    fn one_run_reports_every_broken_line() {
        let messages = messages("title: a: b\nsummary: @x\ngood: yes\nnote: \"a\" b\n");
        assert_eq!(messages.iter().map(|message| message.0).collect::<Vec<_>>(), [1, 2, 4], "{messages:?}");
    }

    #[test]
    fn tabs_aliases_and_duplicate_keys_are_reported() {
        assert_eq!(messages("a:\n\tb: c\n")[0].2, "yaml-tab");
        assert_eq!(messages("a: &x 1\nb: *x\n")[0].2, "yaml-alias");
        assert_eq!(messages("a: 1\nb: 2\na: 3\n"), [(3, 1, "duplicate-key".into(), "second value".into())]);
    }

    #[test]
    fn duplicate_keys_are_found_among_thousands() {
        let keys: String = (0..5_000).map(|number| format!("k{number}: 1\n")).collect();
        let messages = messages(&format!("{keys}k0: 2\nk4999: 2\n"));
        let places: Vec<(usize, usize)> = messages.iter().map(|message| (message.0, message.1)).collect();
        assert_eq!(places, [(5_001, 1), (5_002, 1)]);
    }

    #[test]
    fn deep_nesting_is_refused_quickly() {
        let deep = format!("a: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(messages(&deep).len(), 1);
        let deep: String = (0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(!messages(&deep).is_empty());
    }

    #[test]
    fn scalars_keep_the_text_of_the_author() {
        let source = SourceText::new("x", "a: no\nb: 0012\nc: 1E5\nd: 'x'\n");
        let tree = read(&source, 0..source.text.len(), &mut Vec::new());
        let Some(Node { value: Value::Map(entries), .. }) = tree.root else { panic!() };
        let texts: Vec<_> = entries
            .iter()
            .map(|(_, node)| match &node.value {
                Value::Scalar { text, .. } => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(texts, ["no", "0012", "1E5", "x"]);
    }
}
