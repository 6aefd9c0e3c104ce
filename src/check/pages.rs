//! Pages as searchers, readers and screen readers meet them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Checked;
use super::widths;
use crate::diagnostics::Diagnostic;
use crate::images::plan::Picture;
use crate::model::address::SitePath;
use crate::model::body::Node;
use crate::resolve::{Site, SitePage, State, Target};
use crate::rules::Rule;
use crate::source::{Located, SourceText, Span};

/// Whole pages that visitors see, now or from a day on that nobody need be at work on; with `--preview` drafts too. The
/// page of a campaign that has ended says so, and shows nothing of its text.
pub fn shown(site: &Site) -> impl Iterator<Item = &SitePage> {
    let is_shown = |page: &&SitePage| match page.state {
        State::Live | State::Scheduled => true,
        State::Draft => site.options.preview,
        State::Ended => false,
    };
    site.pages.iter().filter(is_shown).filter(|page| !page.page.broken)
}

/// Search results and shared links show a summary; without one, whatever stands first on the page.
pub fn summaries(checked: &Checked) -> Vec<Diagnostic> {
    let without = shown(checked.site).filter(|page| page.page.front.summary.is_none());
    without
        .map(|page| {
            Diagnostic::warning(Rule::MissingSummary, "this page has no `summary`")
                .at(&page.page.source, page.page.front.title.span, "search results and shared links show one")
                .help("add a line `summary: …`: for whom the page is, and what they find there")
        })
        .collect()
}

/// Pages by a text that they have, as far as that is the same for readers.
type ByText<'s> = BTreeMap<String, Vec<(&'s SitePage, Span)>>;

/// Titles and summaries that several pages share, told once for all of them.
pub fn twins(checked: &Checked) -> Vec<Diagnostic> {
    let (mut titles, mut summaries) = (ByText::new(), ByText::new());
    for page in shown(checked.site) {
        let title = &page.page.front.title;
        titles.entry(normalized(&title.value)).or_default().push((page, title.span));
        if let Some(summary) = &page.page.front.summary {
            summaries.entry(normalized(&summary.value)).or_default().push((page, summary.span));
        }
    }
    let of_titles = titles.into_values().filter_map(|pages| twin("title", &pages));
    of_titles.chain(summaries.into_values().filter_map(|pages| twin("summary", &pages))).collect()
}

/// The most pages that one problem points at.
const MAX_PLACES: usize = 5;

fn twin(what: &str, pages: &[(&SitePage, Span)]) -> Option<Diagnostic> {
    let [first, others @ ..] = pages else { return None };
    if others.is_empty() {
        return None;
    }
    let count = if pages.len() == 2 { "two".to_owned() } else { pages.len().to_string() };
    let mut diagnostic = Diagnostic::warning(Rule::DuplicateTitle, format!("{count} pages have the same {what}"));
    for (page, span) in others.iter().take(MAX_PLACES - 1) {
        diagnostic = diagnostic.at(&page.page.source, first_line(&page.page.source, *span), "the same again");
    }
    let (page, span) = first;
    diagnostic = diagnostic.at(&page.page.source, first_line(&page.page.source, *span), "stands here first");
    let more = pages.len().saturating_sub(MAX_PLACES);
    if more > 0 {
        diagnostic = diagnostic.help(format!("and {more} pages more"));
    }
    Some(diagnostic.help("say in each what people find there and nowhere else"))
}

fn normalized(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A text that search results show, and how much of it.
struct InResults {
    what: &'static str,
    /// For people: `about 60`.
    characters: &'static str,
    room: widths::Room,
}

const TITLE: InResults = InResults { what: "title", characters: "about 60", room: widths::TITLE };
const SUMMARY: InResults = InResults { what: "summary", characters: "about 160", room: widths::DESCRIPTION };

/// Titles and summaries that search results would cut off.
pub fn lengths(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in shown(checked.site) {
        let (source, front) = (&page.page.source, &page.page.front);
        found.extend(too_long(&TITLE, source, &front.title));
        found.extend(front.summary.as_ref().and_then(|summary| too_long(&SUMMARY, source, summary)));
    }
    found
}

fn too_long(shown: &InResults, source: &Arc<SourceText>, text: &Located<String>) -> Option<Diagnostic> {
    let InResults { what, characters, room } = shown;
    let fits = room.fits(&text.value)?;
    let written = source.text.get(text.span.range()).unwrap_or_default();
    // In quotes or over several lines the text stands there in another form.
    let span = match written == text.value {
        true => Span::new(text.span.start as usize + fits, text.span.end as usize),
        false => first_line(source, text.span),
    };
    let diagnostic =
        Diagnostic::warning(Rule::TruncatedInResults, format!("this {what} does not fit into a search result"));
    let label = format!("cut off after `{}`", last_words(&text.value[..fits]));
    Some(diagnostic.at(source, span, label).help(format!("{characters} characters fit; what counts goes to the front")))
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

/// Levels of headings that are left out, and a second `h1`. What stands first may be of any level below the title.
pub fn headings(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in shown(checked.site) {
        let source = &page.page.source;
        let mut above = 1;
        let mut first_h1: Option<Span> = None;
        for heading in &page.page.body.headings {
            let marks = "#".repeat(usize::from(above) + 1);
            if heading.level > above + 1 {
                found.push(
                    Diagnostic::warning(
                        Rule::HeadingOrder,
                        format!("a heading of level {} follows one of level {above}", heading.level),
                    )
                    .at(source, heading.span, format!("level {} is left out", above + 1))
                    .help(format!("write `{marks}` for what belongs to the heading above")),
                );
            }
            if heading.level == 1 {
                match first_h1 {
                    Some(first) => found.push(
                        Diagnostic::warning(Rule::HeadingOrder, "a second heading of level 1")
                            .at(source, heading.span, "a page has one")
                            .at(source, first, "this is the first")
                            .help("write `##` for the parts of a page"),
                    ),
                    None => first_h1 = Some(heading.span),
                }
            }
            above = heading.level;
        }
    }
    found
}

/// Calls `visit` for every node, in the order of the text.
fn each_node<'n>(nodes: &'n [Node], visit: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        visit(node);
        match node {
            Node::TopHeading { content, .. } | Node::Link { content, .. } => each_node(content, visit),
            Node::Block(block) => each_node(&block.content, visit),
            Node::Html(_) | Node::RawHtml { .. } | Node::Image { .. } => {}
        }
    }
}

/// Pictures that say nothing to who cannot see them.
pub fn alt_texts(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in shown(checked.site) {
        let (source, front, body) = (&page.page.source, &page.page.front, &page.page.body);
        if let Some(image) = front.image.as_ref().filter(|_| front.image_alt.is_none()) {
            found.push(
                Diagnostic::warning(Rule::MissingAlt, "this page's image has no `image_alt`")
                    .at(source, image.span, "whoever cannot see it learns nothing of it")
                    .help("add a line `image_alt: …` that says what the picture shows"),
            );
        }
        each_node(&body.nodes, &mut |node| {
            let Node::Image { link, alt, .. } = node else { return };
            if !alt.trim().is_empty() {
                return;
            }
            let link = &body.links[*link];
            found.push(
                Diagnostic::warning(Rule::MissingAlt, "this image has no text")
                    .at(source, link.span, "whoever cannot see it learns nothing of it")
                    .help(format!("say what it shows: `![…]({})`", link.address)),
            );
        });
    }
    found
}

/// The widest picture that is not told, in pixels. The theme `launch` draws pictures at most 68rem wide, 1,088 pixels of
/// CSS; screens with two dots to each need 2,176.
const WIDEST: u32 = 2560;
/// The largest, in bytes. The connection that Lighthouse measures phones with has 1.6 Mbit/s
/// (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md>), 200 kB a second, and the largest part of a
/// page should be there within 2.5 seconds (<https://web.dev/articles/lcp>): this is all of them.
const LARGEST: u64 = 500_000;

/// A picture, and where it is shown.
struct Shown<'s> {
    picture: &'s Picture,
    places: Vec<(&'s SitePage, Span)>,
}

/// Pictures that are published as they are with far more in them than is ever shown, each told once with its places.
pub fn heavy_images(checked: &Checked) -> Vec<Diagnostic> {
    let mut heavy: BTreeMap<&SitePath, Shown> = BTreeMap::new();
    for page in shown(checked.site) {
        let of_front =
            page.image.as_deref().into_iter().zip(&page.page.front.image).map(|(picture, image)| (picture, image.span));
        let of_body = page.links.iter().zip(&page.page.body.links).filter_map(|(target, link)| match target {
            Target::Picture(picture) if link.is_image => Some((&**picture, link.span)),
            _ => None,
        });
        for (picture, span) in of_front.chain(of_body).filter(|(picture, _)| is_heavy(picture)) {
            heavy
                .entry(&picture.path)
                .or_insert_with(|| Shown { picture, places: Vec::new() })
                .places
                .push((page, span));
        }
    }
    heavy.into_values().map(|shown| heavy_image(&shown)).collect()
}

fn is_heavy(picture: &Picture) -> bool {
    // Of the others smaller ones are made.
    let is_alone = picture.webp.is_empty();
    is_alone && (picture.length > LARGEST || width(picture).is_some_and(|width| width > WIDEST))
}

/// The width that a picture has, where it has one: drawings have none of their own.
fn width(picture: &Picture) -> Option<u32> {
    picture.pixels.map(|(width, _)| width).filter(|_| !picture.path.as_str().ends_with(".svg"))
}

fn heavy_image(Shown { picture, places }: &Shown) -> Diagnostic {
    let size = match picture.length {
        bytes @ 0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    };
    let message = match width(picture) {
        Some(width) => format!("this picture is {width} pixels wide and has {size}"),
        None => format!("this picture has {size}"),
    };
    let mut diagnostic = Diagnostic::warning(Rule::HeavyImage, message);
    for (index, (page, span)) in places.iter().take(MAX_PLACES).enumerate() {
        let label = if index == 0 { "visitors on a telephone wait for it" } else { "shown here too" };
        diagnostic = diagnostic.at(&page.page.source, *span, label);
    }
    let kilobytes = LARGEST / 1000;
    diagnostic.help(format!("save it smaller, at most {WIDEST} pixels wide and {kilobytes} kB; what moves, as a video"))
}

/// Texts of links that say nothing, in lower case. Who jumps from link to link, as users of screen readers do, hears
/// nothing else (WCAG 2.2, 2.4.9).
const SAY_NOTHING: [&str; 48] = [
    "click",
    "click here",
    "click this link",
    "continue",
    "continue reading",
    "find out more",
    "here",
    "learn more",
    "link",
    "more",
    "more info",
    "more information",
    "read more",
    "see here",
    "see more",
    "this",
    "this link",
    "hier",
    "hier klicken",
    "klick hier",
    "klicken sie hier",
    "link hier",
    "mehr",
    "mehr erfahren",
    "mehr lesen",
    "weiterlesen",
    "cliquer ici",
    "cliquez ici",
    "en savoir plus",
    "ici",
    "lire la suite",
    "lire plus",
    "plus d'infos",
    "aquí",
    "haga clic aquí",
    "haz clic aquí",
    "leer más",
    "más",
    "más información",
    "ver más",
    "aqui",
    "clique aqui",
    "leia mais",
    "mais",
    "saiba mais",
    "ver mais",
    "bofya hapa",
    "hapa",
];

/// Links whose text does not say where they lead.
pub fn link_texts(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in shown(checked.site) {
        each_node(&page.page.body.nodes, &mut |node| {
            let Node::Link { link, content, .. } = node else { return };
            let words = words(content);
            let Some(label) = says_nothing(&words, &page.links[*link]) else { return };
            let link = &page.page.body.links[*link];
            let span = span_of_words(&page.page.source, link.span, &words);
            let shown: String = words.chars().take(40).collect();
            let message = match shown.is_empty() {
                true => "this link has no text".to_owned(),
                false => format!("the text of this link is `{shown}`"),
            };
            let diagnostic = Diagnostic::warning(Rule::VagueLinkText, message).at(&page.page.source, span, label);
            found.push(diagnostic.help("write what people find there, as in `[our prices](/prices.md)`"));
        });
    }
    found
}

/// What is wrong with the text of a link, if anything.
fn says_nothing(words: &str, target: &Target) -> Option<&'static str> {
    let plain = words.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if words.is_empty() {
        // A call to action has a label of its own, and instead of one that has ended stands a title.
        let has_text = matches!(target, Target::Cta { .. } | Target::Ended { .. } | Target::Text);
        return (!has_text).then_some("nobody can see it, and screen readers read out its address");
    }
    if SAY_NOTHING.contains(&plain.as_str()) {
        return Some("does not say where it leads");
    }
    let is_address = ["http://", "https://", "www."].iter().any(|start| words.starts_with(start));
    (is_address && !words.contains(' ')).then_some("an address is read out letter by letter")
}

/// Where the text of a link stands, if that can be told from where its address does.
fn span_of_words(source: &SourceText, address: Span, words: &str) -> Span {
    let before = &source.text[..address.start as usize];
    let text = before.strip_suffix("](").or_else(|| before.strip_suffix("](<"));
    match text.filter(|text| text.ends_with(words) && !words.is_empty()) {
        Some(text) => Span::new(text.len() - words.len(), text.len()),
        None => address,
    }
}

/// The text of nodes, without markup.
fn words(nodes: &[Node]) -> String {
    let mut text = String::new();
    each_node(nodes, &mut |node| match node {
        Node::Html(html) => push_text(html, &mut text),
        Node::Image { alt, .. } => text.push_str(alt),
        Node::RawHtml { .. } | Node::TopHeading { .. } | Node::Link { .. } | Node::Block(_) => {}
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is no tag in HTML that Markdown made: it has no `>` in attributes, and these entities alone.
fn push_text(html: &str, out: &mut String) {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        if text.contains(entity) {
            text = text.replace(entity, character);
        }
    }
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_to_say_where_it_leads() {
        let page = Target::Page { page: 0, anchor: None, query: None };
        for words in
            ["here", "Click here!", "→ Read more …", "Weiterlesen", "https://kazi.example/a", "www.kazi.example"]
        {
            assert!(says_nothing(words, &page).is_some(), "{words}");
        }
        for words in ["our prices", "Here is what it costs", "kazi.example", "More than reading", "hello@kazi.example"]
        {
            assert_eq!(says_nothing(words, &page), None, "{words}");
        }
        assert!(says_nothing("", &page).is_some());
        assert_eq!(says_nothing("", &Target::Ended { instead: None }), None);
    }

    #[test]
    fn the_text_of_html_is_what_people_read() {
        let mut text = String::new();
        push_text("a <em class=\"x\">b &amp; c</em> &lt;d&gt;", &mut text);
        assert_eq!(text, "a b & c <d>");
    }
}
