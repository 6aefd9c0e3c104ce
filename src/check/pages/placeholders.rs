//! Placeholders in a site that visitors see: `lorem ipsum`, `TODO`, addresses at `example.com`.
//!
//! One search over the source selects the few pages with a candidate. Only these are parsed again, to find out which parts of
//! the source visitors read; the model keeps no spans of texts.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::init::EXAMPLE_COMPANY;
use crate::init::page::GUIDE;
use crate::model::address::{Address, WebUrl};
use crate::model::body::Outline;
use crate::model::site_path::SitePath;
use crate::parse::front_matter;
use crate::resolve::{SitePage, Target};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::{self, Node, Value};

/// Phrases that nobody writes for visitors, in any case. The last ones are from the pages that `tagline new` creates.
const PHRASES: [&str; 13] = [
    "lorem ipsum",
    "dolor sit amet",
    "your company here",
    "your headline here",
    "your logo here",
    "your name here",
    "your text here",
    "insert text here",
    "text goes here",
    "write two or three sentences in their own words",
    "describe what they get, what it costs",
    "start with the problem that your reader has",
    "one idea per heading. add a call to action of a campaign",
];
/// Marks of unfinished work: whole words in capitals.
const MARKS: [&str; 3] = ["TODO", "TBD", "FIXME"];
/// A word of three or more `x`, all in the same case.
const BLANK: &str = "xxx";
/// Languages in which `TODO` is a common word: `todo incluido`.
const TODO_IS_A_WORD: [&str; 3] = ["es", "pt", "gl"];
/// Parts of the names of example hosts.
const EXAMPLE_HOSTS: [&str; 5] = ["example", ".test", ".invalid", "localhost", "127."];

/// What is left of the example that `tagline init` creates, once the site has another title, company or address.
const EXAMPLE: [&str; 8] = [
    "harbour bikes",
    "harbour-bikes.",
    "harbour-cafe.",
    "harbour café",
    "+44 117 496 0123",
    "ride it home tomorrow",
    "back on the road tomorrow",
    "what a squeak tells you",
];

/// The number of patterns that are not of the example.
const NUMBER_OF_OTHERS: usize = PHRASES.len() + MARKS.len() + 1 + EXAMPLE_HOSTS.len();

/// Finds candidates of all kinds in one pass. The number of a pattern is its position in this order.
static CANDIDATES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = PHRASES.into_iter().chain(MARKS).chain([BLANK]).chain(EXAMPLE_HOSTS).chain(EXAMPLE);
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});

/// Reports placeholders in texts, in addresses, and in files for download.
pub fn placeholders(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let is_published = !config.base_url.is_example();
    let names = std::iter::once(&*config.title).chain(config.organization.as_ref().map(|company| &*company.name));
    let has_own_name = names.into_iter().any(|name| !name.contains(EXAMPLE_COMPANY));
    let is_own = is_published || has_own_name;
    if !is_own {
        return Vec::new();
    }
    let primary = config.language.value.split('-').next().unwrap_or_default();
    let todo_is_a_word = TODO_IS_A_WORD.contains(&primary);
    let finder = PlaceholderFinder { todo_is_a_word, is_published, is_own };
    let mut diagnostics = Vec::new();
    finder.check_yaml(&config.source, 0..config.source.text.len(), &mut diagnostics);
    for page in visible_pages(context.site) {
        if has_candidate(&page.page.source.text) {
            finder.check_page(page, context.outline(page), &mut diagnostics);
        }
    }
    for notes in context.notes.sources().filter(|notes| is_own && has_candidate(&notes.text)) {
        finder.check_notes(notes, &mut diagnostics);
    }
    if is_published {
        diagnostics.extend(placeholder_files(context));
    }
    diagnostics
}

fn has_candidate(text: &str) -> bool {
    CANDIDATES.as_ref().is_some_and(|candidates| candidates.is_match(text))
}

/// Finds placeholders, with regard to `site.yaml`.
#[derive(Clone, Copy)]
struct PlaceholderFinder {
    todo_is_a_word: bool,
    /// The site has an address of its own, so visitors see its placeholders.
    is_published: bool,
    /// The site has an address, a title or a company of its own, so nothing of the example belongs into it.
    is_own: bool,
}

impl PlaceholderFinder {
    fn check_page(self, page: &SitePage, outline: &Outline, diagnostics: &mut Vec<Diagnostic>) {
        let source = &page.page.source;
        let Ok(parts) = front_matter::split(source) else { return };
        self.check_yaml(source, parts.yaml, diagnostics);
        let mut last_line = None;
        for range in visible(source, parts.body) {
            for (at, text) in self.find(&source.text[range.clone()]) {
                let at = range.start + at;
                let line = source.text[..at].matches('\n').count();
                // `xxx xxx xxx` is one placeholder.
                if last_line.replace(line) != Some(line) {
                    diagnostics.push(placeholder(source, Span::new(at, at + text.len()), text));
                }
            }
        }
        for (target, link) in page.links.iter().zip(&outline.links) {
            let address = match target {
                Target::Web(url) => url.as_ref(),
                Target::Contact(url) => url,
                _ => continue,
            };
            diagnostics.extend(self.example_host(address).map(|host| example_address(source, link.span, &host)));
        }
    }

    /// Checks the values of YAML. Visitors do not see its comments.
    fn check_yaml(self, source: &Arc<SourceText>, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>) {
        if !has_candidate(&source.text[range.clone()]) {
            return;
        }
        let tree = yaml::read(source, range, &mut Vec::new());
        let Some(root) = &tree.root else { return };
        each_scalar(root, &mut |span, text| {
            let written = &source.text[span.range()];
            if let Some((at, text)) = self.find(written).next() {
                let start = span.start as usize + at;
                diagnostics.push(placeholder(source, Span::new(start, start + text.len()), text));
            }
            if let Some(host) = self.example_host(text) {
                diagnostics.push(example_address(source, span, &host));
            }
        });
    }

    /// Checks notes for sales. Nobody outside reads them, but the messages in them are sent.
    fn check_notes(self, source: &Arc<SourceText>, diagnostics: &mut Vec<Diagnostic>) {
        let finder = PlaceholderFinder { is_published: false, ..self };
        diagnostics.extend(
            finder
                .find(&source.text)
                .next()
                .map(|(at, text)| placeholder(source, Span::new(at, at + text.len()), text)),
        );
    }

    /// The host of an address if it is reserved for examples. Those of the example site are found by name.
    fn example_host(self, address: &str) -> Option<String> {
        let is_of_example = |host: &String| self.is_own && EXAMPLE.iter().any(|part| host.contains(part));
        example_host(address).filter(|host| self.is_published && !is_of_example(host))
    }

    /// The placeholders in a text, with their offsets.
    fn find(self, text: &str) -> impl Iterator<Item = (usize, &str)> {
        let matches = CANDIDATES.as_ref().map(|candidates| candidates.find_iter(text));
        matches.into_iter().flatten().filter_map(move |hit| {
            let end = match hit.pattern().as_usize() == PHRASES.len() + MARKS.len() {
                true => {
                    hit.end() + text[hit.end()..].bytes().take_while(|byte| byte.eq_ignore_ascii_case(&b'x')).count()
                }
                false => hit.end(),
            };
            let written = &text[hit.start()..end];
            let is_placeholder = match hit.pattern().as_usize() {
                example if example >= NUMBER_OF_OTHERS => self.is_own,
                _ if !self.is_published => false,
                phrase if phrase < PHRASES.len() => true,
                mark if mark < PHRASES.len() + MARKS.len() => {
                    let is_word = self.todo_is_a_word && written == "TODO" && !text[end..].starts_with(':');
                    MARKS.contains(&written) && !is_word && is_whole_word(text, hit.start()..end)
                }
                blank if blank == PHRASES.len() + MARKS.len() => {
                    let one_case = written.bytes().all(|b| b == b'x') || written.bytes().all(|b| b == b'X');
                    one_case && is_whole_word(text, hit.start()..end)
                }
                _ => false,
            };
            is_placeholder.then_some((hit.start(), written))
        })
    }
}

/// Whether a range is not part of a longer word.
fn is_whole_word(text: &str, range: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    !text[..range.start].ends_with(joins) && !text[range.end..].starts_with(joins)
}

/// The parts of a body that visitors read: neither code nor comments. Lines of `:::` count, because attributes are shown.
fn visible(source: &SourceText, body: Range<usize>) -> Vec<Range<usize>> {
    let start = body.start;
    let mut in_code = false;
    let mut parts = Vec::new();
    let text = &source.text[body];
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => parts.push(range),
            Event::Html(html) | Event::InlineHtml(html) if !html.contains("<!--") => parts.push(range),
            _ => {}
        }
    }
    merged(text, parts).into_iter().map(|part| part.start + start..part.end + start).collect()
}

/// Merges adjacent parts. The parser splits a text at `[`, and a paragraph at the end of each line.
fn merged(text: &str, parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut whole: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match whole.last_mut() {
            Some(last) if matches!(text.get(last.end..part.start), Some("" | "\n")) => last.end = part.end,
            _ => whole.push(part),
        }
    }
    whole
}

fn each_scalar(node: &Node, visit: &mut impl FnMut(Span, &str)) {
    match &node.value {
        Value::Scalar { text, .. } => visit(node.span, text),
        Value::List(items) => items.iter().for_each(|item| each_scalar(item, visit)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| each_scalar(value, visit)),
        Value::Null => {}
    }
}

/// The host of a web or e-mail address if it is reserved for examples.
fn example_host(text: &str) -> Option<String> {
    let host_of_mail = |text: &str| {
        let (name, host) = text.strip_prefix("mailto:").unwrap_or(text).split_once('@')?;
        (!name.is_empty() && !text.contains([' ', '/'])).then(|| host.to_owned())
    };
    // Braces around the placeholder of a coupon code are not valid in an address.
    let url = match Address::parse(&text.replace(['{', '}'], "")) {
        Ok(Address::Web(url)) => Some(url),
        Ok(Address::Contact(_) | Address::Local { .. }) => {
            host_of_mail(text).and_then(|host| WebUrl::parse(&format!("https://{host}/")).ok())
        }
        Ok(Address::Cta { .. }) | Err(_) => None,
    };
    url.filter(WebUrl::is_example).map(|url| url.host().to_owned())
}

fn placeholder(source: &Arc<SourceText>, span: Span, text: &str) -> Diagnostic {
    let first_line = text.lines().next().unwrap_or_default();
    if EXAMPLE.contains(&text.to_lowercase().as_str()) {
        return Diagnostic::warning(Rule::Placeholder, format!("`{first_line}` is left of the example"))
            .at(source, span, "from the site that `tagline init` creates")
            .help("replace it with your own");
    }
    Diagnostic::warning(Rule::Placeholder, format!("`{first_line}` is a placeholder"))
        .at(source, span, "visitors see this")
        .help("replace it, or hide the page with `draft: true`")
}

fn example_address(source: &Arc<SourceText>, span: Span, host: &str) -> Diagnostic {
    Diagnostic::warning(Rule::Placeholder, format!("`{host}` is an example host"))
        .at(source, span, "reserved for examples and tests")
        .help("replace it with your own address")
}

/// Reports downloads that are still the file that `tagline new` created.
fn placeholder_files(context: &CheckContext) -> Vec<Diagnostic> {
    let placeholder = digest(GUIDE);
    let is_placeholder =
        |path: &SitePath| context.site.files.get(path).is_some_and(|asset| asset.digest == placeholder);
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        for cta in page.page.front.ctas.values() {
            let file = page.ctas.get(&cta.id.value).and_then(|cta| cta.file.as_ref());
            let Some(file) = file.filter(|file| is_placeholder(&file.path)) else { continue };
            diagnostics.push(
                Diagnostic::warning(Rule::Placeholder, format!("`{}` is a placeholder", file.name))
                    .at(&page.page.source, cta.id.span, "visitors get the file that `tagline new` created")
                    .help("replace the file with your own"),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, todo_is_a_word: bool) -> Vec<&str> {
        let finder = PlaceholderFinder { todo_is_a_word, is_published: true, is_own: true };
        finder.find(text).map(|(_, written)| written).collect()
    }

    #[test]
    fn placeholder_is_a_whole_word_in_one_case() {
        for (text, expected) in [
            ("Lorem ipsum and so on", vec!["Lorem ipsum"]),
            ("TODO: ask Ada", vec!["TODO"]),
            ("from TBD on", vec!["TBD"]),
            ("call xxx-xxxx or XXXX", vec!["xxx", "xxxx", "XXXX"]),
            ("Describe what they get, what it costs, and", vec!["Describe what they get, what it costs"]),
        ] {
            assert_eq!(find(text, false), expected, "{text}");
        }
        for text in
            ["a todo list", "Todo", "TODOS", "size XXL", "sizes XXXL", "maxxxing", "Xxx", "for example", "tbd", "a_xxx"]
        {
            assert!(find(text, false).is_empty(), "{text}");
        }
    }

    #[test]
    fn todo_is_allowed_in_spanish() {
        assert!(find("TODO INCLUIDO", true).is_empty());
        assert_eq!(find("TODO: precio", true), ["TODO"]);
    }

    #[test]
    fn code_and_comments_are_not_visible() {
        let text = "a *b*\n\n`TODO`\n\n```\nTBD\n```\n\n<!-- FIXME -->\n\n[c](d.md) [e\n";
        let source = SourceText::new("a.md", text);
        let parts: Vec<&str> = visible(&source, 0..text.len()).into_iter().map(|part| &text[part]).collect();
        assert_eq!(parts, ["a ", "b", "c", " [e"]);
    }

    #[test]
    fn example_hosts_are_found_in_every_kind_of_address() {
        for (text, host) in [
            ("https://shop.example/a?coupon={code}", "shop.example"),
            ("https://www.example.com/", "www.example.com"),
            ("sales@kazi.example", "kazi.example"),
            ("mailto:a@b.test", "b.test"),
        ] {
            assert_eq!(example_host(text).as_deref(), Some(host), "{text}");
        }
        for text in
            ["https://kazi.co.ke/example", "for example", "hello@kazi.co.ke", "example.com", "https://testing.com/"]
        {
            assert_eq!(example_host(text), None, "{text}");
        }
    }
}
