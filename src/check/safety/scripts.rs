//! Third-party scripts in templates and pages.

use std::ops::Range;
use std::sync::Arc;

use super::raw_html::range_of_html;
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::html::entities::decoded;
use crate::model::address::WebUrl;
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Reports scripts from other hosts in templates, and in the raw HTML of pages. The scripts that Tagline adds for analytics
/// are in neither.
pub fn third_party_scripts(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let mut diagnostics = Vec::new();
    for template in context.theme.templates() {
        in_html(config, template, 0..template.text.len(), &mut diagnostics);
    }
    if !config.raw_html {
        return diagnostics;
    }
    for page in visible_pages(context.site) {
        let source = &page.page.source;
        for html in &context.outline(page).raw_html {
            in_html(config, source, range_of_html(&source.text, html.start as usize), &mut diagnostics);
        }
    }
    diagnostics
}

fn in_html(config: &SiteConfig, source: &Arc<SourceText>, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) {
    let html = &source.text[range.clone()];
    for src in script_sources(html) {
        let written = &html[src.clone()];
        let Some(url) = third_party_url(config, written) else { continue };
        let span = Span::new(range.start + src.start, range.start + src.end);
        // Every tag of a line has a range that ends with the line, so a script can be in several ranges.
        let is_reported = |other: &Diagnostic| other.labels.iter().any(|l| l.span == span && l.source == *source);
        if diagnostics.iter().any(is_reported) {
            continue;
        }
        diagnostics.push(
            Diagnostic::warning(Rule::ThirdPartyScript, format!("this page runs a script from `{}`", url.host()))
                .at(source, span, "can read what visitors type into forms")
                .help("remove it, or put a copy into the theme's `assets/` or into `static/`"),
        );
    }
}

/// The URL of a script from another host. A `{{ … }}` of a template is not checked.
fn third_party_url(config: &SiteConfig, src: &str) -> Option<WebUrl> {
    let src = decoded(src);
    let src = src.trim();
    let whole = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
    WebUrl::parse(&whole).ok().filter(|url| !config.base_url.same_host(url.url()))
}

/// The ranges of the `src` values of `<script>` tags.
fn script_sources(html: &str) -> Vec<Range<usize>> {
    let lower = html.to_ascii_lowercase();
    let tags = lower.match_indices("<script").map(|(at, name)| at + name.len());
    tags.filter(|&at| lower[at..].starts_with(|c: char| c.is_ascii_whitespace() || c == '/'))
        .filter(|&at| !is_in_comment(&lower[..at]))
        .filter_map(|at| attribute(&lower, at, "src"))
        .collect()
}

/// Whether the text ends within a comment of HTML or of a template.
fn is_in_comment(before: &str) -> bool {
    [("<!--", "-->"), ("{#", "#}")].iter().any(|(open, close)| before.rfind(open) > before.rfind(close))
}

/// The range of an attribute's value, in the tag whose attributes begin at `at`.
fn attribute(html: &str, mut at: usize, name: &str) -> Option<Range<usize>> {
    let bytes = html.as_bytes();
    let skip = |at: usize, is_of: fn(u8) -> bool| at + bytes[at..].iter().take_while(|&&byte| is_of(byte)).count();
    loop {
        at = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        let end = skip(at, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
        if end == at {
            return None;
        }
        let is_requested = &html[at..end] == name;
        let equals = skip(end, |byte| byte.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            at = equals;
            continue;
        }
        let start = skip(equals + 1, |byte| byte.is_ascii_whitespace());
        let value = match bytes.get(start)? {
            &quote @ (b'"' | b'\'') => {
                let length = bytes[start + 1..].iter().position(|&byte| byte == quote)?;
                start + 1..start + 1 + length
            }
            _ => start..skip(start, |byte| !byte.is_ascii_whitespace() && byte != b'>'),
        };
        if is_requested {
            return Some(value);
        }
        at = (value.end + 1).min(html.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(html: &str) -> Vec<&str> {
        script_sources(html).into_iter().map(|range| &html[range]).collect()
    }

    #[test]
    fn script_sources_are_read_like_in_a_browser() {
        for (html, expected) in [
            ("<script src=\"https://x.co/a.js\"></script>", vec!["https://x.co/a.js"]),
            ("<SCRIPT async defer data-x='a > b' src = '//x.co/a.js' >", vec!["//x.co/a.js"]),
            ("<script\n  src=https://x.co/a.js>", vec!["https://x.co/a.js"]),
            ("<script>let src = \"https://x.co/a.js\"</script>", vec![]),
            ("<script data-src=\"a.js\"></script><script src=b.js></script>", vec!["b.js"]),
            ("<!-- <script src=\"a.js\"> --><script src=\"b.js\">{# <script src=\"c.js\"> #}", vec!["b.js"]),
            ("<scripted src=\"a.js\"><script", vec![]),
            ("<script src=\"a.js", vec![]),
        ] {
            assert_eq!(sources(html), expected, "{html}");
        }
    }
}
