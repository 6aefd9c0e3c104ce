//! YAML as a tree in which every key and value knows its place. Scalars stay the text that the author
//! sees (`no`, `0012` and `1E5` are text here); what each means is up to the shape that reads it.
//!
//! The parser's own words never reach an author: a mistake is looked for in the line that broke, and
//! told with its cure. The line is then left out and the rest read on, so that one run finds them all.

use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{SourceText, Span, is_forbidden};

/// Lists and mappings inside each other; the deepest that a site needs is five.
const MAX_DEPTH: usize = 32;
/// Syntax errors of one file before reading stops.
const MAX_ROUNDS: usize = 20;

/// How far above the place where a parser stops a bracket or a quote is looked for that was left open, in lines.
const MAX_LINES_OPEN: usize = 40;

#[derive(Debug)]
pub struct Node {
    pub span: Span,
    pub value: Value,
}

#[derive(Debug)]
pub enum Value {
    /// `plain`: written without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
    /// A key without a value, `~` or `null`.
    Null,
}

#[derive(Debug)]
pub struct Key {
    pub text: String,
    pub span: Span,
}

/// What a reading yields: the tree, if there is anything, and whether lines had to be left out of it.
pub struct Tree {
    pub root: Option<Node>,
    pub partial: bool,
}

/// Reads the bytes `range` of a file as one YAML document.
pub fn read(source: &Arc<SourceText>, range: std::ops::Range<usize>, found: &mut Vec<Diagnostic>) -> Tree {
    let start = range.start;
    let mut text = source.text[range].to_owned();
    if let Some(diagnostic) = leading_tab(source, &text, start) {
        found.push(diagnostic);
        return Tree { root: None, partial: true };
    }
    let mut partial = false;
    let mut left_out = 0..0;
    for _ in 0..MAX_ROUNDS {
        let mut builder = Builder { source, start, parser: Parser::new_from_str(&text), found: Vec::new() };
        match builder.document() {
            Ok(root) => {
                found.append(&mut builder.found);
                return Tree { root, partial };
            }
            Err(Stop::Told) => {
                found.append(&mut builder.found);
                return Tree { root: None, partial: true };
            }
            Err(Stop::Syntax(error)) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                let mistake = mistake(&text, at, error.kind());
                // Lines that fit to one that was left out fit to nothing any more: that is one mistake.
                let follows = mistake.is_misfit
                    && partial
                    && text
                        .get(left_out.end..mistake.line_start)
                        .is_some_and(|between| between.lines().all(|line| code_of_line(line).trim().is_empty()));
                if !follows {
                    found.push(mistake.diagnostic(source, start));
                }
                partial = true;
                let end = end_of_entry(&text, mistake.line_start);
                left_out = mistake.line_start..end;
                text = blanked(&text, &left_out);
            }
        }
    }
    Tree { root: None, partial: true }
}

/// Why a reading stopped.
enum Stop {
    Syntax(ScanError),
    /// What stopped it is among the diagnostics already.
    Told,
}

struct Builder<'a> {
    source: &'a Arc<SourceText>,
    start: usize,
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    found: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        loop {
            match self.parser.next_event() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    return Ok((event, Span::new(range.start, range.end).shifted(self.start)));
                }
                Some(Err(error)) => return Err(Stop::Syntax(error)),
                None => return Ok((Event::StreamEnd, Span::new(self.start, self.start))),
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
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
                    return self.refuse(
                        Rule::YamlSyntax,
                        span,
                        "a second YAML document begins here",
                        "only one is read",
                    );
                }
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        if depth > MAX_DEPTH {
            return self.refuse(
                Rule::YamlTooDeep,
                span,
                "too many lists and mappings inside each other",
                "nested too deep",
            );
        }
        match event {
            Event::Scalar(_, _, anchor, ref tag) if anchor != 0 || tag.is_some() => self.no_anchors(span),
            Event::SequenceStart(_, anchor, ref tag) if anchor != 0 || tag.is_some() => self.no_anchors(span),
            Event::MappingStart(_, anchor, ref tag) if anchor != 0 || tag.is_some() => self.no_anchors(span),
            Event::Alias(_) => self.no_anchors(span),
            Event::Scalar(text, style, ..) => {
                if let Some(c) = text.chars().find(|&c| is_forbidden(c)) {
                    let message = format!("the character U+{:04X} cannot stand in a text", c as u32);
                    let diagnostic = Diagnostic::error(Rule::ForbiddenCharacter, message);
                    self.found.push(diagnostic.at(self.source, span, "invisible, and not text"));
                }
                Ok(scalar(text.into_owned(), style, span))
            }
            Event::SequenceStart(..) => self.list(span, depth),
            Event::MappingStart(..) => self.map(span, depth),
            _ => Ok(Node { span, value: Value::Null }),
        }
    }

    fn list(&mut self, start: Span, depth: usize) -> Result<Node, Stop> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Node { span: joined(start, span), value: Value::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, start: Span, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, key_span) = self.next()?;
            let text = match event {
                Event::MappingEnd => {
                    return Ok(Node { span: joined(start, key_span), value: Value::Map(entries) });
                }
                Event::Scalar(text, _, 0, None) => text.into_owned(),
                Event::Scalar(..) | Event::Alias(_) => return self.no_anchors(key_span),
                _ => {
                    return self.refuse(
                        Rule::YamlSyntax,
                        key_span,
                        "a list or mapping cannot be a key",
                        "put quotes around this text",
                    );
                }
            };
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            // The place of an empty text behind `|` or `>` is wherever the next thing begins.
            if matches!(&value.value, Value::Scalar { text, plain: false } if text.trim().is_empty())
                && self.source.text[key_span.end as usize..value.span.start as usize].contains('\n')
            {
                value.span = key_span;
            }
            let key = Key { text, span: key_span };
            match entries.iter().find(|(earlier, _)| earlier.text == key.text) {
                Some((earlier, _)) => self.found.push(
                    Diagnostic::error(Rule::DuplicateKey, format!("`{}` is given twice", key.text))
                        .at(self.source, key.span, "given again")
                        .at(self.source, earlier.span, "given first")
                        .help("keep one of the two"),
                ),
                None => entries.push((key, value)),
            }
        }
    }

    fn no_anchors<T>(&mut self, span: Span) -> Result<T, Stop> {
        let line = &self.source.text[..span.start as usize];
        let line_start = line.rfind('\n').map_or(0, |newline| newline + 1);
        let (value, value_at) = value_of_line(&self.source.text, line_start);
        let span = if value.starts_with(['&', '*', '!']) { Span::new(value_at, value_at + value.len()) } else { span };
        self.found.push(
            Diagnostic::error(
                Rule::YamlAlias,
                "a value that begins with `&`, `*` or `!` is a YAML anchor, alias or tag",
            )
            .at(self.source, span, "put quotes around this text")
            .help("anchors, aliases and tags are not supported: write the value out where it is needed"),
        );
        Err(Stop::Told)
    }

    fn refuse<T>(&mut self, rule: Rule, span: Span, message: &str, label: &str) -> Result<T, Stop> {
        self.found.push(Diagnostic::error(rule, message).at(self.source, span, label));
        Err(Stop::Told)
    }
}

fn joined(start: Span, end: Span) -> Span {
    Span { start: start.start, end: end.end.max(start.end) }
}

fn scalar(text: String, style: ScalarStyle, span: Span) -> Node {
    let plain = matches!(style, ScalarStyle::Plain);
    let null = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
    Node { span, value: if null { Value::Null } else { Value::Scalar { text, plain } } }
}

fn leading_tab(source: &Arc<SourceText>, text: &str, start: usize) -> Option<Diagnostic> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t').filter(|_| !line.trim().is_empty()) {
            let span = Span::new(offset + tab, offset + indent).shifted(start);
            return Some(
                Diagnostic::error(Rule::YamlTab, "a tab cannot indent a line of YAML")
                    .at(source, span, "use spaces here")
                    .help("set your editor to indent with two spaces"),
            );
        }
        offset += line.len();
    }
    None
}

/// A syntax error in our words.
struct Mistake {
    /// Where the line begins that is to blame.
    line_start: usize,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
    /// The line does not fit to those around it, for whatever reason.
    is_misfit: bool,
    /// The first line of the same mapping, if that begins in another column: one of the two is to blame.
    beside: Option<Span>,
}

impl Mistake {
    fn diagnostic(&self, source: &Arc<SourceText>, start: usize) -> Diagnostic {
        let diagnostic =
            Diagnostic::error(Rule::YamlSyntax, &*self.message).at(source, self.span.shifted(start), &*self.label);
        let diagnostic = match self.beside {
            Some(span) => diagnostic.at(source, span.shifted(start), "begins in another column"),
            None => diagnostic,
        };
        match &self.help {
            Some(help) => diagnostic.help(&**help),
            None => diagnostic,
        }
    }
}

/// Looks for the mistake that made the parser stop at `at`: in that line, or, where a bracket or a quote
/// was left open, in the nearest line above that opened one.
fn mistake(text: &str, at: usize, kind: &ErrorKind) -> Mistake {
    let line_starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(newline, _)| newline + 1))
        .take_while(|&line_start| line_start <= at)
        .collect();
    let written = |start: &&usize| !code_of_line(line_at(text, **start)).trim().is_empty();
    let nearest_first = line_starts.iter().rev().filter(written).take(MAX_LINES_OPEN);
    for (number, &line_start) in nearest_first.enumerate() {
        // Further up only what was left open can reach down to here.
        match mistake_in_line(text, line_start) {
            Some((mistake, is_open)) if number < 2 || is_open => return mistake,
            _ => {}
        }
    }
    let line_start = line_starts.iter().rev().find(|&&start| !line_at(text, start).trim().is_empty());
    let line_start = line_start.copied().unwrap_or(0);
    let line = line_at(text, line_start);
    let indent = line.len() - line.trim_start().len();
    let (message, label, help) = match kind {
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            ("a tab cannot stand here in YAML", "use spaces", None)
        }
        ErrorKind::RecursionLimitExceeded => ("too many lists and mappings inside each other", "nested too deep", None),
        _ if !line.contains(':') => (
            "this line is neither a `key: value` nor part of the value above",
            "not a `key: value`",
            Some("write `key: value`, or indent the line so that it belongs to the value above"),
        ),
        _ => (
            "this line does not fit to the lines above",
            "cannot be read here",
            Some("keys of one level begin in one column; a text with `:` or `#` in it needs quotes around it"),
        ),
    };
    Mistake {
        line_start,
        span: Span::new(line_start + indent, line_start + line.trim_end().len()),
        message: message.to_owned(),
        label: label.to_owned(),
        help: help.map(str::to_owned),
        is_misfit: true,
        beside: first_sibling(text, &line_starts, line_start),
    }
}

/// The line below the one that a line's indent makes its parent, where it begins in another column.
fn first_sibling(text: &str, line_starts: &[usize], line_start: usize) -> Option<Span> {
    let indent = |start: usize| {
        let line = line_at(text, start);
        line.len() - line.trim_start().len()
    };
    let above = line_starts.iter().rev().copied().filter(|&start| start < line_start);
    let mut written = above.filter(|&start| !code_of_line(line_at(text, start)).trim().is_empty());
    let own = indent(line_start);
    let first = written.by_ref().take_while(|&start| indent(start) >= own).last()?;
    let line = line_at(text, first).trim();
    (indent(first) != own).then(|| Span::new(first + indent(first), first + indent(first) + line.len()))
}

/// What is wrong in one line by itself, and whether it leaves a bracket or a quote open.
fn mistake_in_line(text: &str, line_start: usize) -> Option<(Mistake, bool)> {
    let (value, value_at) = value_of_line(text, line_start);
    let first = value.chars().next()?;
    let why = match first {
        '@' | '`' => format!("a value cannot begin with `{first}`"),
        '*' | '&' | '!' => format!("a value that begins with `{first}` is not text in YAML"),
        '%' | '|' | '>' => format!("a value that begins with `{first}` is not text in YAML"),
        '"' | '\'' => match closing_quote(value, first) {
            Some(end) if value[end..].trim().is_empty() || value[end..].starts_with([',', ']', '}', ':']) => {
                return None;
            }
            Some(_) => "a text that begins with a quote ends at the next one".to_owned(),
            None => "a quote is opened and not closed".to_owned(),
        },
        '[' | '{' => {
            let close = if first == '[' { ']' } else { '}' };
            match value.rfind(close) {
                _ if value.matches('"').count() % 2 == 1 => "a quote is opened and not closed".to_owned(),
                Some(end) if value[end + 1..].trim().is_empty() => return None,
                Some(_) => format!("a value that begins with `{first}` is a list or mapping and ends at `{close}`"),
                None => format!("`{first}` is opened and not closed"),
            }
        }
        _ if value.contains(": ") || value.ends_with(':') => "a text with `: ` in it needs quotes".to_owned(),
        _ => return None,
    };
    let quoted = if value.contains('"') { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") };
    let short = quoted.chars().count() <= 80;
    let is_open = why.ends_with("not closed");
    let mistake = Mistake {
        line_start,
        span: Span::new(value_at, value_at + value.len()),
        message: why,
        label: "put quotes around this text".to_owned(),
        help: short.then(|| format!("write `{quoted}`")),
        is_misfit: false,
        beside: None,
    };
    Some((mistake, is_open))
}

/// A line without its comment. A `#` within quotes is text; within a quote that is never closed nobody can tell.
fn code_of_line(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && " [{,(".contains(before) => quote = Some(c),
            None if c == '#' && before == ' ' => return &line[..at],
            None => {}
        }
        before = c;
    }
    line
}

fn closing_quote(value: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(1) {
        if !escaped && c == quote {
            return Some(at + 1);
        }
        escaped = !escaped && c == '\\' && quote == '"';
    }
    None
}

fn line_at(text: &str, line_start: usize) -> &str {
    text[line_start..].lines().next().unwrap_or_default()
}

/// What stands after `key: ` or `- ` in a line, trimmed, and where it begins.
fn value_of_line(text: &str, line_start: usize) -> (&str, usize) {
    let line = code_of_line(line_at(text, line_start));
    let mut rest = line.trim_start();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    if rest.trim_end().ends_with(':') && !rest.contains(": ") {
        // A key alone has no value.
        rest = "";
    }
    let plain_key = rest.split_once(": ").filter(|(key, _)| !key.starts_with(['"', '\'', '[', '{', '#', '@', '*']));
    if let Some((_, value)) = plain_key {
        rest = value;
    }
    let value = rest.trim();
    let at = if value.is_empty() { line.trim_end().len() } else { value.as_ptr() as usize - line.as_ptr() as usize };
    (value, line_start + at)
}

/// Where a line ends with the lines that are indented below it.
fn end_of_entry(text: &str, line_start: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let own_indent = indent(line_at(text, line_start));
    let mut end = line_start;
    for (number, line) in text[line_start..].split_inclusive('\n').enumerate() {
        let belongs = line.trim().is_empty() || indent(line) > own_indent;
        if number > 0 && !belongs {
            break;
        }
        end += line.len();
    }
    end
}

/// The text with a part made blank; every offset stays.
fn blanked(text: &str, part: &std::ops::Range<usize>) -> String {
    let blank = text[part.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
    text[..part.start].chars().chain(blank).chain(text[part.end..].chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(yaml: &str) -> Vec<(usize, usize, String, String)> {
        let source = SourceText::new("site.yaml", yaml);
        let mut found = Vec::new();
        read(&source, 0..yaml.len(), &mut found);
        let place = |diagnostic: &Diagnostic| source.line_and_column(diagnostic.labels[0].span.start as usize);
        found.iter().map(|d| (place(d).0, place(d).1, d.rule.id().to_owned(), d.labels[0].text.clone())).collect()
    }

    #[test]
    fn the_classics_are_told_at_the_value_with_their_cure() {
        for (yaml, line, column) in [
            ("title: Acme: save 20 %\n", 1, 8),
            ("a: b\ntitle: @kazi\n", 2, 8),
            ("a: b\ntitle: *bold* claim\n", 2, 8),
            ("title: [New] Save 20 %\nb: c\n", 1, 8),
            ("title: \"Best\" offer\nb: c\n", 1, 8),
            ("title: \"Best offer\nb: c\n", 1, 8),
            ("list: [a, b\nb: c\n", 1, 7),
            ("title: %x\n", 1, 8),
        ] {
            let found = messages(yaml);
            assert_eq!(found.len(), 1, "{yaml}: {found:?}");
            assert_eq!((found[0].0, found[0].1), (line, column), "{yaml}: {found:?}");
            assert_eq!(found[0].3, "put quotes around this text", "{yaml}");
        }
    }

    #[test]
    fn one_run_finds_every_broken_line() {
        let found = messages("title: a: b\nsummary: @x\ngood: yes\nnote: \"a\" b\n");
        assert_eq!(found.iter().map(|m| m.0).collect::<Vec<_>>(), [1, 2, 4], "{found:?}");
    }

    #[test]
    fn a_tab_and_an_alias_and_a_double_key_are_named() {
        assert_eq!(messages("a:\n\tb: c\n")[0].2, "yaml-tab");
        assert_eq!(messages("a: &x 1\nb: *x\n")[0].2, "yaml-alias");
        assert_eq!(messages("a: 1\nb: 2\na: 3\n"), [(3, 1, "duplicate-key".into(), "given again".into())]);
    }

    #[test]
    fn deep_nesting_is_refused_quickly() {
        let deep = format!("a: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(messages(&deep).len(), 1);
        let deep: String = (0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(!messages(&deep).is_empty());
    }

    #[test]
    fn scalars_stay_what_the_author_sees() {
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
