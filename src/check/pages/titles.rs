//! Titles and summaries, as search results show them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::widths::{self, Room};
use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::model::variant::Version;
use crate::resolve::SitePage;
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// A diagnostic shows at most this many pages.
const MAX_PAGES: usize = 5;

/// A text that search results show.
struct ResultText {
    name: &'static str,
    /// For people: `about 60`.
    characters: &'static str,
    room: Room,
}

const TITLE: ResultText = ResultText { name: "title", characters: "about 60", room: widths::TITLE };
const SUMMARY: ResultText = ResultText { name: "summary", characters: "about 160", room: widths::DESCRIPTION };

/// Reports pages without a summary.
pub fn missing_summaries(context: &CheckContext) -> Vec<Diagnostic> {
    let pages = visible_pages(context.site).filter(|page| page.page.front.summary.is_none());
    pages
        .map(|page| {
            Diagnostic::warning(Rule::MissingSummary, "this page has no `summary`")
                .at(&page.page.source, page.page.front.title.span, "search results and shared links show a summary")
                .help("add `summary: …`: whom the page is for, and what they find there")
        })
        .collect()
}

/// Reports titles and summaries that several pages share, each once.
pub fn duplicate_titles(context: &CheckContext) -> Vec<Diagnostic> {
    let (mut titles, mut summaries) = (PagesByText::new(), PagesByText::new());
    // Search engines know the versions of a page as one.
    for page in visible_pages(context.site).filter(|page| page.page.version == Version::A) {
        let title = &page.page.front.title;
        // A name can be the same in two languages.
        let language = context.site.language_tag(page);
        titles.entry((language, normalized(&title.value))).or_default().push((page, title.span));
        if let Some(summary) = &page.page.front.summary {
            summaries.entry((language, normalized(&summary.value))).or_default().push((page, summary.span));
        }
    }
    let of_titles = titles.into_values().filter_map(|pages| duplicate("title", &pages));
    of_titles.chain(summaries.into_values().filter_map(|pages| duplicate("summary", &pages))).collect()
}

/// Reports titles and summaries that are too wide for a search result.
pub fn truncated_titles(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        let (source, front) = (&page.page.source, &page.page.front);
        diagnostics.extend(truncated(&TITLE, source, &front.title));
        diagnostics.extend(front.summary.as_ref().and_then(|summary| truncated(&SUMMARY, source, summary)));
    }
    diagnostics
}

/// Pages by their language and their normalized title or summary, each with its span.
type PagesByText<'s> = BTreeMap<(&'s str, String), Vec<(&'s SitePage, Span)>>;

fn duplicate(what: &str, pages: &[(&SitePage, Span)]) -> Option<Diagnostic> {
    let [first, others @ ..] = pages else { return None };
    if others.is_empty() {
        return None;
    }
    let count = if pages.len() == 2 { "two".to_owned() } else { pages.len().to_string() };
    let mut diagnostic = Diagnostic::warning(Rule::DuplicateTitle, format!("{count} pages have the same {what}"));
    for (page, span) in others.iter().take(MAX_PAGES - 1) {
        diagnostic = diagnostic.at(&page.page.source, first_line(&page.page.source, *span), format!("the same {what}"));
    }
    let (page, span) = first;
    diagnostic = diagnostic.at(&page.page.source, first_line(&page.page.source, *span), "first used here");
    let more = pages.len().saturating_sub(MAX_PAGES);
    if more > 0 {
        diagnostic = diagnostic.help(format!("and {more} more pages"));
    }
    Some(diagnostic.help("say on each page what people find only there"))
}

fn normalized(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn truncated(kind: &ResultText, source: &Arc<SourceText>, text: &Located<String>) -> Option<Diagnostic> {
    let ResultText { name, characters, room } = kind;
    let end = room.end_of_fitting(&text.value)?;
    let written = source.text.get(text.span.range()).unwrap_or_default();
    // In quotes or over several lines, the value differs from the source, so its offset is not that of the source.
    let span = match written == text.value {
        true => Span::new(text.span.start as usize + end, text.span.end as usize),
        false => first_line(source, text.span),
    };
    let diagnostic =
        Diagnostic::warning(Rule::TruncatedInResults, format!("this {name} is too long for a search result"));
    let label = format!("cut off after `{}`", last_words(&text.value[..end]));
    Some(diagnostic.at(source, span, label).help(format!("{characters} characters fit; begin with what matters")))
}

/// The last two words of a text.
fn last_words(text: &str) -> &str {
    let text = text.trim_end();
    let mut spaces = text.rmatch_indices(' ').map(|(at, _)| at);
    spaces.nth(1).map_or(text, |at| &text[at + 1..])
}

fn first_line(source: &SourceText, span: Span) -> Span {
    let written = source.text.get(span.range()).unwrap_or_default();
    let length = written.lines().next().unwrap_or_default().trim_end().len();
    Span::new(span.start as usize, span.start as usize + length)
}
