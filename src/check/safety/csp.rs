//! HTML that the site's own Content-Security-Policy forbids: in templates, in the raw HTML of pages, and in HTML files.

use std::sync::Arc;

use super::raw_html::range_of_html;
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::html::entities::decoded;
use crate::html::tags::Tags;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Reports event handlers and styles in attributes, `javascript:` addresses, `<base>`, `<object>` and `<embed>`, once for each file.
/// No hash can allow them.
pub fn blocked_by_policy(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = context
        .theme
        .templates()
        .filter_map(|template| report(template, find_blocked(&without_code(&template.text), 0)))
        .collect();
    diagnostics.extend(context.site.published_html().filter_map(|file| report(file, find_blocked(&file.text, 0))));
    if !context.site.config.raw_html {
        return diagnostics;
    }
    for page in visible_pages(context.site) {
        let source = &page.page.source;
        let html = context.outline(page).raw_html.iter().map(|html| range_of_html(&source.text, html.start as usize));
        let mut all: Vec<Blocked> =
            html.flat_map(|html| find_blocked(&source.text[html.clone()], html.start)).collect();
        // Every tag of a line has a range that ends with the line, so an attribute can be in several ranges.
        all.sort_by_key(|part| part.span.start);
        all.dedup_by_key(|part| part.span.start);
        diagnostics.extend(report(source, all));
    }
    diagnostics
}

/// A part of HTML that the policy forbids.
struct Blocked {
    what: String,
    span: Span,
    kind: BlockedKind,
}

#[derive(Clone, Copy)]
enum BlockedKind {
    Handler,
    Style,
    ScriptLink,
    /// `<object>` or `<embed>`.
    Element,
    /// The address of a `<base>`.
    Base,
}

impl BlockedKind {
    fn help(self) -> &'static str {
        match self {
            BlockedKind::Handler => "listen in a script file: `addEventListener(\"click\", …)`",
            BlockedKind::Style => "use a class, and style it in a style sheet",
            BlockedKind::ScriptLink => "use a `<button>`, and listen for clicks in a script file",
            BlockedKind::Base => "remove it; write each address as a path from the root, such as `/prices/`",
            BlockedKind::Element => "link to the file, or show it in an `<iframe>`",
        }
    }
}

fn report(source: &Arc<SourceText>, all: Vec<Blocked>) -> Option<Diagnostic> {
    let more = all.len().saturating_sub(1);
    let first = all.into_iter().next()?;
    let message = format!("the site's policy forbids {}", first.what);
    let diagnostic = Diagnostic::warning(Rule::BlockedByPolicy, message)
        .at(source, first.span, "browsers ignore this")
        .help(first.kind.help());
    Some(match more {
        0 => diagnostic,
        more => diagnostic.help(format!("and {more} more in this file")),
    })
}

/// Finds the forbidden parts of HTML that begins at the offset `start` of its file.
fn find_blocked(html: &str, start: usize) -> Vec<Blocked> {
    // Names are slices of `html`.
    let offset = |part: &str| start + part.as_ptr().addr() - html.as_ptr().addr();
    let span_of = |part: &str| Span::new(offset(part), offset(part) + part.len());
    let mut blocked = Vec::new();
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_start_tag() {
        if ["object", "embed"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
            blocked.push(Blocked {
                what: format!("`<{}>`", tag.name),
                span: span_of(tag.name),
                kind: BlockedKind::Element,
            });
        }
        let is_base = tag.name.eq_ignore_ascii_case("base");
        for attribute in tags.attributes() {
            if is_base && attribute.name.eq_ignore_ascii_case("href") {
                blocked.push(Blocked { what: "`<base>`".to_owned(), span: span_of(tag.name), kind: BlockedKind::Base });
            }
            if let Some((what, kind)) = blocked_attribute(attribute.name, attribute.value()) {
                blocked.push(Blocked { what, span: span_of(attribute.name), kind });
            }
        }
    }
    blocked
}

fn blocked_attribute(name: &str, value: &str) -> Option<(String, BlockedKind)> {
    let name = name.to_ascii_lowercase();
    let is_handler = name
        .strip_prefix("on")
        .is_some_and(|event| !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_lowercase()));
    match &*name {
        "style" => Some(("a `style` attribute".to_owned(), BlockedKind::Style)),
        "href" | "src" | "action" | "formaction" if is_script(value) => {
            Some(("`javascript:` addresses".to_owned(), BlockedKind::ScriptLink))
        }
        _ if is_handler => Some((format!("the handler `{name}`"), BlockedKind::Handler)),
        _ => None,
    }
}

/// Whether browsers read `javascript:` at the start of an address. They ignore tabs, line ends and leading spaces.
fn is_script(address: &str) -> bool {
    let address: String = decoded(address).chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let start = address.trim_start_matches(|c: char| c <= ' ').get(.."javascript:".len());
    start.is_some_and(|start| start.eq_ignore_ascii_case("javascript:"))
}

/// Replaces the code of a template with spaces, so that every tag keeps its offset.
fn without_code(template: &str) -> String {
    let mut html = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((at, end)) = next_code(rest) {
        html.push_str(&rest[..at]);
        let length = rest[at..].find(end).map_or(rest.len() - at, |length| length + end.len());
        html.extend(std::iter::repeat_n(' ', length));
        rest = &rest[at + length..];
    }
    html + rest
}

/// The offset of the next template code, and the text that closes it.
fn next_code(text: &str) -> Option<(usize, &'static str)> {
    let kinds = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    kinds.into_iter().filter_map(|(begin, end)| Some((text.find(begin)?, end))).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(template: &str) -> Vec<String> {
        find_blocked(&without_code(template), 0)
            .into_iter()
            .map(|part| format!("{} {}", part.what, part.span.start))
            .collect()
    }

    #[test]
    fn forbidden_parts_are_found_outside_code_and_comments() {
        for (template, expected) in [
            ("<a {% if a > b %}class=x {% endif %}onclick=\"go()\">", vec!["the handler `onclick` 36"]),
            ("<p STYLE='color: {{ colour }}'>", vec!["a `style` attribute 3"]),
            ("<a href=\" JavaScript:go()\">", vec!["`javascript:` addresses 3"]),
            ("<a href=\"java&Tab;script&colon;go()\">", vec!["`javascript:` addresses 3"]),
            ("<embed src=a.pdf>", vec!["`<embed>` 1"]),
            ("<base href=/x/ target=_blank><base target=_blank>", vec!["`<base>` 1"]),
            ("{# <p style=\"\"> #}<!-- <p style> --><script>'<p style>'</script><style>p{}</style>", vec![]),
            ("<a href=\"/on\" title=\"onclick=\" data-style=a once-x>", vec![]),
        ] {
            assert_eq!(blocked(template), expected, "{template}");
        }
    }
}
