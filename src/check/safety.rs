//! What should not come into a page. What should not leave the house is in `secrets`.

use std::ops::Range;
use std::sync::Arc;

use super::Checked;
use super::pages::shown;
use crate::diagnostics::Diagnostic;
use crate::model::address::WebUrl;
use crate::model::site::SiteConfig;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// Scripts of other hosts in templates, and in pages where the site lets HTML through. What Tagline adds for analytics is
/// in none of them.
pub fn foreign_scripts(checked: &Checked) -> Vec<Diagnostic> {
    let config = &checked.site.config;
    let mut found = Vec::new();
    for template in checked.theme.templates() {
        in_html(config, template, 0..template.text.len(), &mut found);
    }
    if !config.raw_html {
        return found;
    }
    for page in shown(checked.site) {
        let source = &page.page.source;
        for html in &page.page.body.raw_html {
            in_html(config, source, html_at(&source.text, html.start as usize), &mut found);
        }
    }
    found
}

/// The HTML that begins at a place: a tag, or a block up to its next empty line.
pub fn html_at(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find("\n\n").map_or(text.len(), |length| start + length)
}

fn in_html(config: &SiteConfig, source: &Arc<SourceText>, range: Range<usize>, found: &mut Vec<Diagnostic>) {
    let html = &source.text[range.clone()];
    for src in script_sources(html) {
        let written = &html[src.clone()];
        let Some(url) = foreign(config, written) else { continue };
        let span = Span::new(range.start + src.start, range.start + src.end);
        // The tags of one line are each a stretch of HTML that reaches to the end of the line.
        if found.iter().any(|known: &Diagnostic| known.labels.iter().any(|l| l.span == span && l.source == *source)) {
            continue;
        }
        found.push(
            Diagnostic::warning(Rule::ThirdPartyScript, format!("a script of `{}` runs in this page", url.host()))
                .at(source, span, "can read what visitors type into forms")
                .help("keep a copy of it in the theme's `assets/` or in `static/`, if you need it at all"),
        );
    }
}

/// The address of a script in another place, if it is one. A template's `{{ … }}` is the theme's own affair.
fn foreign(config: &SiteConfig, src: &str) -> Option<WebUrl> {
    let src = src.trim();
    let whole = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
    WebUrl::parse(&whole).ok().filter(|url| !config.base_url.same_host(url.url()))
}

/// Where the values of `src` stand in the `<script>` tags of some HTML.
fn script_sources(html: &str) -> Vec<Range<usize>> {
    let lower = html.to_ascii_lowercase();
    let tags = lower.match_indices("<script").map(|(at, name)| at + name.len());
    tags.filter(|&at| lower[at..].starts_with(|c: char| c.is_ascii_whitespace() || c == '/'))
        .filter(|&at| !is_in_comment(&lower[..at]))
        .filter_map(|at| attribute(&lower, at, "src"))
        .collect()
}

/// Whether a comment of HTML or of a template is open at the end of some text.
fn is_in_comment(before: &str) -> bool {
    [("<!--", "-->"), ("{#", "#}")].iter().any(|(open, close)| before.rfind(open) > before.rfind(close))
}

/// Where the value of an attribute stands in the tag whose attributes begin at a place.
fn attribute(html: &str, mut at: usize, name: &str) -> Option<Range<usize>> {
    let bytes = html.as_bytes();
    let skip = |at: usize, is_of: fn(u8) -> bool| at + bytes[at..].iter().take_while(|&&byte| is_of(byte)).count();
    loop {
        at = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        let end = skip(at, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'));
        if end == at {
            return None;
        }
        let is_it = &html[at..end] == name;
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
        if is_it {
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
    fn the_sources_of_scripts_are_read_as_browsers_read_them() {
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
