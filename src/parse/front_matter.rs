//! Finds the front matter of a page, the lines between `---` and `---`, and reads it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::Diagnostic;
use crate::model::page::FrontMatter;
use crate::rules::Rule;
use crate::source::{self, SourceText, Span};
use crate::yaml::{Node, YamlReader};

const UNCLOSED: &str = "this front matter is not closed";
/// Keys with which front matter often begins, of Tagline and of other generators.
const KEYS_OF_START: [&str; 10] =
    ["title", "Title", "summary", "description", "layout", "date", "draft", "slug", "author", "tags"];

/// Limit for the front matter of a page.
const MAX_BYTES: usize = 64 * 1024;

/// The byte ranges of front matter and body in a file.
pub struct FileRanges {
    pub yaml: Range<usize>,
    pub body: Range<usize>,
}

/// Finds front matter and body. The error is the reason why the page has no front matter.
pub fn split(source: &Arc<SourceText>) -> Result<FileRanges, Box<Diagnostic>> {
    let text = &source.text;
    let first = source::lines(text).next().map_or("", |(_, line)| line);
    if first.trim_end() != "---" {
        return Err(unopened(source, first));
    }
    for (at, line) in source::lines(text).skip(1) {
        if line.starts_with("---") && line.trim_end() == "---" {
            return check_size(source, FileRanges { yaml: first.len()..at, body: at + line.len()..text.len() });
        }
    }
    Err(unclosed(source, first.len()))
}

/// Reads front matter. Returns `None` if it cannot be read as a mapping.
pub fn read(source: &Arc<SourceText>, range: Range<usize>) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let (front, _, diagnostics) = read_with_tree(source, range);
    (front, diagnostics)
}

/// As [`read`], with the tree if it has no syntax errors.
pub fn read_with_tree(
    source: &Arc<SourceText>,
    range: Range<usize>,
) -> (Option<FrontMatter>, Option<Node>, Vec<Diagnostic>) {
    let (root, mut reader) = YamlReader::parse(source, range);
    let is_partial = reader.partial;
    let front = root.as_ref().and_then(|root| FrontMatter::read(&mut reader, root));
    (front, root.filter(|_| !is_partial), reader.diagnostics)
}

fn error(source: &Arc<SourceText>, span: Span, message: &str, label: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Rule::BadFrontMatter, message).at(source, span, label).help(help))
}

fn check_size(source: &Arc<SourceText>, parts: FileRanges) -> Result<FileRanges, Box<Diagnostic>> {
    let opening = Span::new(0, 3);
    if parts.yaml.len() > MAX_BYTES {
        let message = format!("this front matter has {} kB", parts.yaml.len() / 1024);
        return Err(error(source, opening, &message, "at most 64 kB", "is its closing `---` missing?"));
    }
    if source.text[parts.yaml.clone()].trim().is_empty() {
        let help = "write `title: …` between the two lines of `---`";
        return Err(error(source, opening, "this front matter is empty", "it needs a `title`", help));
    }
    Ok(parts)
}

/// Returns the error for front matter without an end. Its location is the line that probably should close it, else the
/// first empty line before prose, else the opening line.
fn unclosed(source: &Arc<SourceText>, front_start: usize) -> Box<Diagnostic> {
    let message = UNCLOSED;
    let opening = Span::new(0, 3);
    let mut empty: Option<Span> = None;
    let mut at = front_start;
    for line in source.text[front_start..].split_inclusive('\n') {
        let text = line.trim();
        if is_like_fence(text) || text.starts_with("--") && text.len() > 1 {
            let indent = line.len() - line.trim_start().len();
            let span = Span::new(at + indent, at + indent + text.len());
            return wrong_fence(source, span, message, "does not close the front matter");
        }
        if text.is_empty() && is_prose(next_text(source, at)) {
            empty = Some(Span::new(at, at));
            break;
        }
        at += line.len();
    }
    match empty {
        Some(empty) => Box::new(
            Diagnostic::error(Rule::BadFrontMatter, message)
                .at(source, empty, "it seems to end here")
                .at(source, opening, "opened here")
                .help("write `---` on a line of its own before this one"),
        ),
        None => {
            let help = "write `---` on a line of its own between the front matter and the text";
            error(source, opening, message, "opened here", help)
        }
    }
}

/// Returns the error for a page whose first line is not `---`: what the first line is, or what is missing before it.
fn unopened(source: &Arc<SourceText>, first: &str) -> Box<Diagnostic> {
    let span = Span::new(0, first.trim_end().len());
    let line = first.trim();
    let error = |message: &str, label: &str, help: &str| error(source, span, message, label, help);
    let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| KEYS_OF_START.contains(&key.trim()));
    match line {
        "" if next_text(source, 0).trim_end() == "---" => {
            error("there is an empty line above the front matter", "nothing may be above `---`", "delete it")
        }
        "---" => {
            error("there is a space before the front matter", "`---` begins in the first column", "delete the space")
        }
        "+++" => error(
            "this front matter is TOML",
            "YAML is expected here",
            "write `---` in place of `+++`, and `title: …` in place of `title = …`",
        ),
        ";;;" | "{" => {
            error("this front matter is JSON", "YAML is expected here", "write `---`, a line `title: …`, and `---`")
        }
        _ if line.starts_with('{') && line.contains(':') => {
            error("this front matter is JSON", "YAML is expected here", "write `---`, a line `title: …`, and `---`")
        }
        _ if line.starts_with("```") || line.starts_with("~~~") => error(
            "this front matter is in a code block",
            "shown as code",
            "delete this line, and the one that closes the code block",
        ),
        _ if is_like_fence(line) => {
            wrong_fence(source, span, "this line does not begin front matter", "`---` is expected here")
        }
        _ if is_key(line) => error(
            "this front matter has no first line",
            "`---` is missing above this line",
            "write a line `---` above this one",
        ),
        _ => error(
            "this page has no front matter",
            "a line `---` is expected here",
            "begin the file with `---`, a line `title: …`, and `---`",
        ),
    }
}

/// Returns the error for a line of other dashes or signs in place of `---`.
fn wrong_fence(source: &Arc<SourceText>, span: Span, message: &str, label: &str) -> Box<Diagnostic> {
    let written = &source.text[span.range()];
    let help = "write the three hyphens `---` and nothing else on this line";
    let diagnostic = error(source, span, message, label, help);
    // `--- # comment` has more than dashes.
    if is_like_fence(written) { Box::new(diagnostic.replace(written, "---")) } else { diagnostic }
}

/// Returns true for a line that consists of dashes or of other signs with which people draw a line, as `— — —`.
fn is_like_fence(line: &str) -> bool {
    let line = line.trim();
    let is_dash =
        |c: char| c == '-' || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{fe58}' | '\u{ff0d}');
    let signs = || line.chars().filter(|c| *c != ' ');
    let is_of = |sign: char| signs().count() >= 3 && signs().all(|c| c == sign);
    !line.is_empty() && signs().all(is_dash) || ['*', '_', '=', '~', '.', '+'].into_iter().any(is_of)
}

/// Returns the next line that is not empty.
fn next_text(source: &SourceText, at: usize) -> &str {
    source.text[at..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

/// Returns true if a line is probably not YAML.
fn is_prose(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or_default();
    let is_key = key.len() < line.len() && key.chars().all(|c| c.is_alphanumeric() || c == '_') && !key.is_empty();
    !(is_key || line.starts_with([' ', '-']))
}
