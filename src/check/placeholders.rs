//! Text that was meant to be replaced, in a site that is no example: `lorem ipsum`, `TODO`, addresses at `example.com`.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Checked;
use super::pages::shown;
use crate::diagnostics::Diagnostic;
use crate::digest::digest;
use crate::init::page::GUIDE;
use crate::model::address::{Address, SitePath, WebUrl};
use crate::parse::front_matter;
use crate::resolve::{SitePage, Target};
use crate::rules::Rule;
use crate::source::{SourceText, Span};
use crate::yaml::{self, Node, Value};

/// What nobody writes for visitors, in any case of letters; the last ones stand in what `tagline new` makes.
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
/// Marks of unfinished work, as whole words and in capitals alone.
const MARKS: [&str; 3] = ["TODO", "TBD", "FIXME"];
/// A row of `x`, three or more, in one case.
const BLANK: &str = "xxx";
/// Languages in which `TODO` is a word: `todo incluido`.
const TODO_IS_A_WORD: [&str; 3] = ["es", "pt", "gl"];
/// What a host for examples has in it.
const EXAMPLES: [&str; 5] = ["example", ".test", ".invalid", "localhost", "127."];

/// Finds candidates for all of them in one pass.
static CANDIDATES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = PHRASES.into_iter().chain(MARKS).chain([BLANK]).chain(EXAMPLES);
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});

pub fn placeholders(checked: &Checked) -> Vec<Diagnostic> {
    let config = &checked.site.config;
    if config.base_url.is_example() {
        return Vec::new();
    }
    let primary = config.language.value.split('-').next().unwrap_or_default();
    let look = Look { todo_is_a_word: TODO_IS_A_WORD.contains(&primary) };
    let mut found = Vec::new();
    look.yaml(&config.source, 0..config.source.text.len(), &mut found);
    for page in shown(checked.site) {
        if has_candidate(&page.page.source.text) {
            look.page(page, &mut found);
        }
    }
    found.extend(placeholder_files(checked));
    found
}

fn has_candidate(text: &str) -> bool {
    CANDIDATES.as_ref().is_some_and(|candidates| candidates.is_match(text))
}

/// What counts as a placeholder on this site.
#[derive(Clone, Copy)]
struct Look {
    todo_is_a_word: bool,
}

impl Look {
    fn page(self, page: &SitePage, found: &mut Vec<Diagnostic>) {
        let source = &page.page.source;
        let Ok(parts) = front_matter::split(source) else { return };
        self.yaml(source, parts.yaml, found);
        let mut last_line = None;
        for range in visible(source, parts.body) {
            for (at, words) in self.words(&source.text[range.clone()]) {
                let at = range.start + at;
                let line = source.text[..at].matches('\n').count();
                // `xxx xxx xxx` is one gap.
                if last_line.replace(line) != Some(line) {
                    found.push(placeholder(source, Span::new(at, at + words.len()), words));
                }
            }
        }
        for (target, link) in page.links.iter().zip(&page.page.body.links) {
            let address = match target {
                Target::Web(url) => url.as_ref(),
                Target::Contact(url) => url.as_str(),
                _ => continue,
            };
            found.extend(example_host(address).map(|host| no_real_place(source, link.span, &host)));
        }
    }

    /// Placeholders and addresses in the values of YAML; comments are for colleagues.
    fn yaml(self, source: &Arc<SourceText>, range: Range<usize>, found: &mut Vec<Diagnostic>) {
        if !has_candidate(&source.text[range.clone()]) {
            return;
        }
        let tree = yaml::read(source, range, &mut Vec::new());
        let Some(root) = &tree.root else { return };
        each_scalar(root, &mut |span, text| {
            let written = &source.text[span.range()];
            if let Some((at, words)) = self.words(written).next() {
                let start = span.start as usize + at;
                found.push(placeholder(source, Span::new(start, start + words.len()), words));
            }
            if let Some(host) = example_host(text) {
                found.push(no_real_place(source, span, &host));
            }
        });
    }

    /// The placeholders in a text, with where they begin.
    fn words(self, text: &str) -> impl Iterator<Item = (usize, &str)> {
        let matches = CANDIDATES.as_ref().map(|candidates| candidates.find_iter(text));
        matches.into_iter().flatten().filter_map(move |hit| {
            let end = match hit.pattern().as_usize() == PHRASES.len() + MARKS.len() {
                true => {
                    hit.end() + text[hit.end()..].bytes().take_while(|byte| byte.eq_ignore_ascii_case(&b'x')).count()
                }
                false => hit.end(),
            };
            let words = &text[hit.start()..end];
            let counts = match hit.pattern().as_usize() {
                phrase if phrase < PHRASES.len() => true,
                mark if mark < PHRASES.len() + MARKS.len() => {
                    let is_word = self.todo_is_a_word && words == "TODO" && !text[end..].starts_with(':');
                    MARKS.contains(&words) && !is_word && is_whole(text, hit.start()..end)
                }
                blank if blank == PHRASES.len() + MARKS.len() => {
                    let one_case = words.bytes().all(|b| b == b'x') || words.bytes().all(|b| b == b'X');
                    one_case && is_whole(text, hit.start()..end)
                }
                _ => false,
            };
            counts.then_some((hit.start(), words))
        })
    }
}

/// Whether no letter or digit stands at either end.
fn is_whole(text: &str, range: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    !text[..range.start].ends_with(joins) && !text[range.end..].starts_with(joins)
}

/// The parts of a body that people read: no code and no comments. Lines of `:::` count, for their attributes are shown.
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
    joined(text, parts).into_iter().map(|part| part.start + start..part.end + start).collect()
}

/// Neighbours as one: a text that has `[` in it comes in several pieces, and so do the lines of a paragraph.
fn joined(text: &str, parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
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

/// The host of an address on the web or of an e-mail address, if it is one for examples.
fn example_host(text: &str) -> Option<String> {
    let host_of_mail = |text: &str| {
        let (name, host) = text.strip_prefix("mailto:").unwrap_or(text).split_once('@')?;
        (!name.is_empty() && !text.contains([' ', '/'])).then(|| host.to_owned())
    };
    // In the place of a coupon's code any letter will do.
    let url = match Address::parse(&text.replace(['{', '}'], "")) {
        Ok(Address::Web(url)) => Some(url),
        Ok(Address::Contact(_) | Address::Local { .. }) => {
            host_of_mail(text).and_then(|host| WebUrl::parse(&format!("https://{host}/")).ok())
        }
        Ok(Address::Cta { .. }) | Err(_) => None,
    };
    url.filter(WebUrl::is_example).map(|url| url.host().to_owned())
}

fn placeholder(source: &Arc<SourceText>, span: Span, words: &str) -> Diagnostic {
    let first_line = words.lines().next().unwrap_or_default();
    Diagnostic::warning(Rule::Placeholder, format!("`{first_line}` was meant to be replaced"))
        .at(source, span, "visitors read this")
        .help("write what belongs here, or take the page back with `draft: true`")
}

fn no_real_place(source: &Arc<SourceText>, span: Span, host: &str) -> Diagnostic {
    Diagnostic::warning(Rule::Placeholder, format!("`{host}` is no real place"))
        .at(source, span, "its name is kept for examples and tests")
        .help("write your own address")
}

/// The file that `tagline new` puts in the place of a download.
fn placeholder_files(checked: &Checked) -> Vec<Diagnostic> {
    let own = digest(GUIDE);
    let is_own = |path: &SitePath| checked.site.files.get(path).is_some_and(|asset| asset.digest == own);
    let mut found = Vec::new();
    for page in shown(checked.site) {
        for cta in page.page.front.ctas.values() {
            let file = page.ctas.get(&cta.id.value).and_then(|cta| cta.file.as_ref());
            let Some(file) = file.filter(|file| is_own(&file.path)) else { continue };
            found.push(
                Diagnostic::warning(Rule::Placeholder, format!("`{}` was meant to be replaced", file.name))
                    .at(&page.page.source, cta.id.span, "visitors get the file that `tagline new` made")
                    .help("put your own file in its place"),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, todo_is_a_word: bool) -> Vec<&str> {
        Look { todo_is_a_word }.words(text).map(|(_, words)| words).collect()
    }

    #[test]
    fn placeholders_are_whole_words_that_nobody_writes_for_visitors() {
        for (text, expected) in [
            ("Lorem ipsum and so on", vec!["Lorem ipsum"]),
            ("TODO: ask Ada", vec!["TODO"]),
            ("from TBD on", vec!["TBD"]),
            ("call xxx-xxxx or XXXX", vec!["xxx", "xxxx", "XXXX"]),
            ("Describe what they get, what it costs, and", vec!["Describe what they get, what it costs"]),
        ] {
            assert_eq!(words(text, false), expected, "{text}");
        }
        for text in
            ["a todo list", "Todo", "TODOS", "size XXL", "sizes XXXL", "maxxxing", "Xxx", "for example", "tbd", "a_xxx"]
        {
            assert!(words(text, false).is_empty(), "{text}");
        }
    }

    #[test]
    fn todo_is_a_word_in_spanish() {
        assert!(words("TODO INCLUIDO", true).is_empty());
        assert_eq!(words("TODO: precio", true), ["TODO"]);
    }

    #[test]
    fn code_and_comments_are_not_read_by_visitors() {
        let text = "a *b*\n\n`TODO`\n\n```\nTBD\n```\n\n<!-- FIXME -->\n\n[c](d.md) [e\n";
        let source = SourceText::new("a.md", text);
        let parts: Vec<&str> = visible(&source, 0..text.len()).into_iter().map(|part| &text[part]).collect();
        assert_eq!(parts, ["a ", "b", "c", " [e"]);
    }

    #[test]
    fn hosts_for_examples_are_known_in_addresses_of_every_kind() {
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
