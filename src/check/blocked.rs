//! What the site's own Content-Security-Policy forbids, in templates, in the raw HTML of pages and in files of HTML.

use std::sync::Arc;

use super::Checked;
use super::pages::shown;
use super::safety::html_at;
use crate::diagnostics::Diagnostic;
use crate::html::tags::Tags;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Handlers, styles in attributes and scripts in links, which no hash lets in. Told once for each file.
pub fn blocked_by_policy(checked: &Checked) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = checked
        .theme
        .templates()
        .filter_map(|template| told(template, blocked(&without_code(&template.text), 0)))
        .collect();
    found.extend(checked.site.published_html().filter_map(|file| told(file, blocked(&file.text, 0))));
    if !checked.site.config.raw_html {
        return found;
    }
    for page in shown(checked.site) {
        let source = &page.page.source;
        let html = page.page.body.raw_html.iter().map(|html| html_at(&source.text, html.start as usize));
        let mut all: Vec<Blocked> = html.flat_map(|html| blocked(&source.text[html.clone()], html.start)).collect();
        // The tags of one line are each a stretch of HTML that reaches to the end of the line.
        all.sort_by_key(|blocked| blocked.span.start);
        all.dedup_by_key(|blocked| blocked.span.start);
        found.extend(told(source, all));
    }
    found
}

struct Blocked {
    what: String,
    span: Span,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Handler,
    Style,
    ScriptLink,
    /// An element that is let in nowhere.
    Element,
}

impl Kind {
    fn cure(self) -> &'static str {
        match self {
            Kind::Handler => "listen in a script that is a file: `addEventListener(\"click\", …)`",
            Kind::Style => "give it a class, and the class a rule in a style sheet",
            Kind::ScriptLink => "write a `<button>`, and listen to it in a script that is a file",
            Kind::Element => "link to the file, or show it in an `<iframe>`",
        }
    }
}

fn told(source: &Arc<SourceText>, all: Vec<Blocked>) -> Option<Diagnostic> {
    let more = all.len().saturating_sub(1);
    let first = all.into_iter().next()?;
    let message = format!("the site's policy forbids {}", first.what);
    let diagnostic = Diagnostic::warning(Rule::BlockedByPolicy, message)
        .at(source, first.span, "does nothing in browsers")
        .help(first.kind.cure());
    Some(match more {
        0 => diagnostic,
        more => diagnostic.help(format!("and {more} more in this file")),
    })
}

/// What stands in some HTML, which begins at a place of its file.
fn blocked(html: &str, start: usize) -> Vec<Blocked> {
    // Both are the same text.
    let place = |part: &str| start + part.as_ptr().addr() - html.as_ptr().addr();
    let at = |part: &str| Span::new(place(part), place(part) + part.len());
    let mut found = Vec::new();
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next_start_tag() {
        if ["object", "embed"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
            found.push(Blocked { what: format!("`<{}>`", tag.name), span: at(tag.name), kind: Kind::Element });
        }
        for attribute in tags.attributes() {
            if let Some((what, kind)) = of_attribute(attribute.name, attribute.value()) {
                found.push(Blocked { what, span: at(attribute.name), kind });
            }
        }
    }
    found
}

fn of_attribute(name: &str, value: &str) -> Option<(String, Kind)> {
    let name = name.to_ascii_lowercase();
    let is_handler = name
        .strip_prefix("on")
        .is_some_and(|event| !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_lowercase()));
    let is_script =
        value.trim_start().get(.."javascript:".len()).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"));
    match &*name {
        "style" => Some(("a `style` attribute".to_owned(), Kind::Style)),
        "href" | "src" | "action" | "formaction" if is_script => {
            Some(("`javascript:` addresses".to_owned(), Kind::ScriptLink))
        }
        _ if is_handler => Some((format!("the handler `{name}`"), Kind::Handler)),
        _ => None,
    }
}

/// A template with spaces for what its engine reads, so that every tag keeps its place.
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

/// Where the next tag of the engine begins, and how it ends.
fn next_code(text: &str) -> Option<(usize, &'static str)> {
    let kinds = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
    kinds.into_iter().filter_map(|(begin, end)| Some((text.find(begin)?, end))).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(template: &str) -> Vec<String> {
        blocked(&without_code(template), 0)
            .into_iter()
            .map(|blocked| format!("{} {}", blocked.what, blocked.span.start))
            .collect()
    }

    #[test]
    fn what_a_policy_forbids_is_told_from_what_it_lets_in() {
        for (template, expected) in [
            ("<a {% if a > b %}class=x {% endif %}onclick=\"go()\">", vec!["the handler `onclick` 36"]),
            ("<p STYLE='color: {{ colour }}'>", vec!["a `style` attribute 3"]),
            ("<a href=\" JavaScript:go()\">", vec!["`javascript:` addresses 3"]),
            ("<embed src=a.pdf>", vec!["`<embed>` 1"]),
            ("{# <p style=\"\"> #}<!-- <p style> --><script>'<p style>'</script><style>p{}</style>", vec![]),
            ("<a href=\"/on\" title=\"onclick=\" data-style=a once-x>", vec![]),
        ] {
            assert_eq!(found(template), expected, "{template}");
        }
    }
}
