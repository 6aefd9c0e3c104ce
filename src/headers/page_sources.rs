//! Collects what rendered pages contain inline and load from other hosts: the sources that the policy has to allow.
//!
//! Each page has its styles in a `<style>` of its own, which the policy allows by its hash. Pages that use the same
//! templates have the same `<style>`, so each distinct text is hashed only once.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::sync::{Arc, RwLock};

use url::Url;

use crate::html::slot_marks::has_mark;
use crate::html::tags::{self, Element};
use crate::model::csp::{Directive, Source, Sources};
use crate::model::host::Host;
use crate::resolve::Site;
use crate::sync;
use crate::theme::Theme;

/// The sources of a site's pages. Several threads add pages at once, in any order.
pub struct SourceCollector<'s> {
    base: &'s Url,
    collected: RwLock<Collected>,
}

/// Which pages the sources of a rendered page cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All pages that are filled from it.
    AllVariants,
    /// Only this text: a style or script contains slots, so each filled page must be added too.
    ThisTextOnly,
}

/// What was collected of a page.
pub struct PageRecord {
    pub coverage: Coverage,
    /// The sources of the page in one line: `img-src https://cdn.example script-src 'sha256-…'`.
    pub note: Arc<str>,
}

#[derive(Default)]
struct Collected {
    inline: Vec<Inline>,
    sources: BTreeSet<(Directive, Source)>,
    /// The distinct notes.
    notes: HashSet<Arc<str>>,
}

/// One of the distinct inline styles and scripts.
struct Inline {
    directive: Directive,
    content: String,
    /// Its hash, and what a style loads.
    sources: Vec<(Directive, Source)>,
}

/// The sources of one page, added element by element.
pub struct PageSources<'s, 'p> {
    base: &'s Url,
    /// The contents of `<style>`, and of `<script>` without `src`.
    inline: Vec<(Directive, &'p str)>,
    sources: BTreeSet<(Directive, Source)>,
    /// Whether the next link is that of a video: the block `video` loads what the link inside it points to.
    is_in_player: bool,
}

impl<'s> SourceCollector<'s> {
    pub fn new(site: &'s Site) -> SourceCollector<'s> {
        SourceCollector { base: site.config.base_url.url(), collected: RwLock::default() }
    }

    /// Adds a page, before or after its slots are filled.
    pub fn add(&self, page: &str) -> PageRecord {
        let mut sources = self.page();
        tags::visit(page, &mut |element| sources.add(element));
        self.add_page(sources)
    }

    /// Begins a page. Its elements are added one by one, then the page is added.
    pub fn page<'p>(&self) -> PageSources<'s, 'p> {
        PageSources { base: self.base, inline: Vec::new(), sources: BTreeSet::new(), is_in_player: false }
    }

    /// Adds a page whose elements were added.
    pub fn add_page(&self, mut page: PageSources) -> PageRecord {
        let length = page.inline.len();
        page.inline.retain(|(_, content)| !has_mark(content));
        let coverage = if page.inline.len() == length { Coverage::AllVariants } else { Coverage::ThisTextOnly };
        let has_all = sync::read(&self.collected).has(&page);
        if !has_all {
            sync::write(&self.collected).add(self.base, &page);
        }
        let note = sync::read(&self.collected).note(&page);
        let note = note.unwrap_or_else(|text| sync::write(&self.collected).add_note(&text));
        PageRecord { coverage, note }
    }

    /// Adds the sources of a page that an earlier build collected, by its note.
    pub fn add_recorded(&self, note: &Arc<str>) {
        if sync::read(&self.collected).notes.contains(note) {
            return;
        }
        let words: Vec<&str> = note.split(' ').collect();
        let sources =
            words.chunks_exact(2).filter_map(|pair| Some((Directive::of_name(pair[0])?, Source::recorded(pair[1]))));
        let mut collected = sync::write(&self.collected);
        collected.sources.extend(sources);
        collected.notes.insert(Arc::clone(note));
    }

    /// Returns all that pages may load: the sources of the pages added, of the site's own HTML files and of the theme's
    /// stylesheets, and those that `site.yaml` adds.
    pub fn finish(self, site: &Site, theme: &Theme) -> Sources {
        for html in site.published_html() {
            self.add(&html.text);
        }
        let mut of_theme = BTreeSet::new();
        for (_, bytes) in theme.assets.iter().filter(|(path, _)| path.as_str().ends_with(".css")) {
            of_theme.extend(of_stylesheet(self.base, &String::from_utf8_lossy(bytes)));
        }
        let Collected { sources, .. } = sync::into_inner_rw(self.collected);
        let of_config = site.config.policy.iter();
        let of_config =
            of_config.flat_map(|(directive, sources)| sources.iter().map(|source| (*directive, source.clone())));
        let mut all = Sources::new();
        for (directive, source) in sources.into_iter().chain(of_theme).chain(of_config) {
            all.entry(directive).or_default().insert(source);
        }
        all
    }
}

impl<'p> PageSources<'_, 'p> {
    /// Adds an inline script that is not among the elements.
    pub fn add_script(&mut self, script: &'p str) {
        self.inline.push((Directive::Script, script));
    }

    /// Adds what an element contains inline, loads, or sends its form to.
    pub fn add(&mut self, element: &Element<'p, '_>) {
        if element.attributes.is_empty() && element.content.is_empty() {
            return;
        }
        self.is_in_player |= element.attribute("data-play").is_some();
        match &*element.name {
            "style" => self.inline.push((Directive::Style, element.content)),
            "script" if element.attribute("src").is_none() => self.inline.extend(inline_script(element)),
            "a" => {
                if std::mem::take(&mut self.is_in_player) {
                    let link = element.decoded("href").unwrap_or_default();
                    self.sources.extend(of_video(self.base, &link));
                }
            }
            _ => self.add_loaded(element),
        }
    }

    fn add_loaded(&mut self, element: &Element) {
        for (attribute, directive) in loading_attributes(element) {
            let Some(value) = element.decoded(attribute) else { continue };
            match attribute.ends_with("srcset") {
                true => self.sources.extend(candidates(&value).filter_map(|one| source(self.base, *directive, one))),
                false => self.sources.extend(source(self.base, *directive, &value)),
            }
        }
    }
}

/// Returns the addresses of a `srcset`: each ends at a space or at its last commas, and a comma ends its descriptors
/// (<https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute>).
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let (address, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let has_descriptors = !address.ends_with(',');
        rest = if has_descriptors { after.split_once(',').map_or("", |(_, rest)| rest) } else { after };
        Some(address.trim_end_matches(',')).filter(|address| !address.is_empty())
    })
}

/// Returns the source of a linked video. `video.js` in the theme has the same list of hosts.
fn of_video(base: &Url, link: &str) -> Option<(Directive, Source)> {
    let host = Host::of_url(&base.join(link).ok()?)?;
    if host.is_in("youtube.com") || host.is_in("youtu.be") {
        Some((Directive::Frame, Source::fixed("https://www.youtube-nocookie.com")))
    } else if host.is_in("vimeo.com") {
        Some((Directive::Frame, Source::fixed("https://player.vimeo.com")))
    } else {
        source(base, Directive::Media, link)
    }
}

fn of_stylesheet(base: &Url, css: &str) -> Vec<(Directive, Source)> {
    let mut sources = Vec::new();
    let lower = css.to_ascii_lowercase();
    for (at, url) in lower.match_indices("url(") {
        let address = css_address(&css[at + url.len()..]);
        let directives: &[Directive] = if lower[..at].trim_end().ends_with("@import") {
            &[Directive::Style]
        } else if address.starts_with("data:font") || address.starts_with("data:application") {
            &[Directive::Font]
        } else if address.starts_with("data:") {
            &[Directive::Image]
        } else {
            &[Directive::Image, Directive::Font]
        };
        sources.extend(directives.iter().filter_map(|directive| source(base, *directive, address)));
    }
    for (at, import) in lower.match_indices("@import") {
        let after = css[at + import.len()..].trim_start();
        if after.starts_with(['"', '\'']) {
            sources.extend(source(base, Directive::Style, css_address(after)));
        }
    }
    sources
}

/// Returns the address at the beginning of a text: up to the end of its quotes, or up to a space or `)`.
fn css_address(text: &str) -> &str {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let end = |c: char| quote.map_or(c == ')' || c.is_ascii_whitespace(), |quote| c == quote);
    text[quote.map_or(0, char::len_utf8)..].split(end).next().unwrap_or_default()
}

/// Returns the source of an address. The site's own host is left out, because the policy allows it anyway, except in
/// frames.
fn source(base: &Url, directive: Directive, address: &str) -> Option<(Directive, Source)> {
    if directive != Directive::Frame && is_on_this_host(address) {
        return None;
    }
    let source = Source::of_url(address, base)?;
    (directive == Directive::Frame || source != Source::own()).then_some((directive, source))
}

impl Collected {
    fn has(&self, page: &PageSources) -> bool {
        page.inline.iter().all(|inline| self.inline(*inline).is_some()) && page.sources.is_subset(&self.sources)
    }

    fn inline(&self, (directive, content): (Directive, &str)) -> Option<&Inline> {
        self.inline.iter().find(|known| known.directive == directive && known.content == content)
    }

    fn add(&mut self, base: &Url, page: &PageSources) {
        for &(directive, content) in &page.inline {
            if self.inline((directive, content)).is_none() {
                let mut sources = vec![(directive, Source::of_content(content))];
                if directive == Directive::Style {
                    sources.extend(of_stylesheet(base, content));
                }
                self.sources.extend(sources.iter().cloned());
                self.inline.push(Inline { directive, content: content.to_owned(), sources });
            }
        }
        self.sources.extend(page.sources.iter().cloned());
    }

    /// Returns the note of a page that was added, or its text if no page had it before.
    fn note(&self, page: &PageSources) -> Result<Arc<str>, String> {
        let inline = page.inline.iter().filter_map(|inline| self.inline(*inline)).flat_map(|inline| &inline.sources);
        let mut text = String::new();
        for (directive, source) in inline.chain(&page.sources) {
            let space = if text.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(text, "{space}{} {source}", directive.name());
        }
        self.notes.get(text.as_str()).cloned().ok_or(text)
    }

    fn add_note(&mut self, text: &str) -> Arc<str> {
        let note = Arc::from(text);
        self.notes.insert(Arc::clone(&note));
        note
    }
}

/// Returns the attributes by which an element loads something or sends its form, each with its directive.
fn loading_attributes(element: &Element) -> &'static [(&'static str, Directive)] {
    match &*element.name {
        "script" => &[("src", Directive::Script)],
        "img" => &[("src", Directive::Image), ("srcset", Directive::Image)],
        "image" => &[("href", Directive::Image), ("xlink:href", Directive::Image)],
        "source" => &[("src", Directive::Media), ("srcset", Directive::Image)],
        "video" => &[("src", Directive::Media), ("poster", Directive::Image)],
        "audio" | "track" => &[("src", Directive::Media)],
        "iframe" => &[("src", Directive::Frame)],
        "input" => &[("src", Directive::Image), ("formaction", Directive::FormAction)],
        "button" => &[("formaction", Directive::FormAction)],
        // `send.js` posts the form to these addresses.
        "form" if element.attribute("data-send").is_some() => {
            &[("action", Directive::FormAction), ("action", Directive::Connect), ("data-url", Directive::Connect)]
        }
        "form" => &[("action", Directive::FormAction)],
        "link" => match linked(element) {
            Some(Directive::Style) => &[("href", Directive::Style)],
            Some(Directive::Script) => &[("href", Directive::Script)],
            Some(Directive::Font) => &[("href", Directive::Font)],
            Some(Directive::Manifest) => &[("href", Directive::Manifest)],
            Some(Directive::Image) => &[("href", Directive::Image), ("imagesrcset", Directive::Image)],
            _ => &[],
        },
        _ => &[],
    }
}

/// Returns the directive for what a `<link>` loads.
fn linked(element: &Element) -> Option<Directive> {
    let rel = element.decoded("rel").unwrap_or_default().to_ascii_lowercase();
    let is = |keyword: &str| rel.split_ascii_whitespace().any(|known| known == keyword);
    if is("stylesheet") {
        Some(Directive::Style)
    } else if is("icon") || is("apple-touch-icon") {
        Some(Directive::Image)
    } else if is("manifest") {
        Some(Directive::Manifest)
    } else if is("modulepreload") {
        Some(Directive::Script)
    } else if is("preload") {
        match &*element.decoded("as")?.to_ascii_lowercase() {
            "style" => Some(Directive::Style),
            "script" => Some(Directive::Script),
            "font" => Some(Directive::Font),
            "image" => Some(Directive::Image),
            _ => None,
        }
    } else {
        None
    }
}

fn inline_script<'p>(element: &Element<'p, '_>) -> Option<(Directive, &'p str)> {
    element.decoded("type").is_none_or(|kind| is_executed(&kind)).then_some((Directive::Script, element.content))
}

/// Whether CSP applies to a `<script>` of this `type`. Data blocks are exempt.
fn is_executed(kind: &str) -> bool {
    let kind = kind.trim_ascii().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim_end();
    matches!(kind, "" | "module" | "importmap" | "speculationrules")
        || kind.ends_with("javascript")
        || kind.ends_with("ecmascript")
}

/// Whether an address is clearly relative: most are, and need not be parsed. Browsers read `/\` as `//`, and ignore tabs and
/// line ends.
fn is_on_this_host(address: &str) -> bool {
    let is_of_host = |c: char| matches!(c, '/' | '\\') || c.is_ascii_whitespace();
    address.is_empty() || address.strip_prefix('/').is_some_and(|path| !path.starts_with(is_of_host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(html: &str) -> Vec<String> {
        let base = Url::parse("https://kazi.example/base/").unwrap();
        let mut page = PageSources { base: &base, inline: Vec::new(), sources: BTreeSet::new(), is_in_player: false };
        tags::visit(html, &mut |element| page.add(element));
        page.sources.iter().map(|(directive, source)| format!("{} {source}", directive.name())).collect()
    }

    #[test]
    fn hosts_are_those_that_browsers_request() {
        for (html, expected) in [
            ("<img src=\"https&#58;//a.example/i.png\">", vec!["img-src https://a.example"]),
            ("<img src='https&colon;&sol;/a&period;example/i.png'>", vec!["img-src https://a.example"]),
            ("<img src=\" \nht&#9;tps:\\\\A.example\\i.png\">", vec!["img-src https://a.example"]),
            ("<img src=\"/\\a.example/i.png\">", vec!["img-src https://a.example"]),
            ("<img src=\"https://a&#x3b;sandbox&semi;b.example/i.png\">", vec![]),
            ("<form action=\"https://a$b.example/\">", vec![]),
            ("<form action=\"https&colon;//a.example:8443/\">", vec!["form-action https://a.example:8443"]),
            ("<img src=\"/a.png\"><img src=\"a.png\"><img src>", vec![]),
            ("<div data-play><a href=\"https://a&semi;b.example/v.mp4\"></a>", vec![]),
        ] {
            assert_eq!(sources(html), expected, "{html}");
        }
    }

    #[test]
    fn srcset_is_split_as_browsers_do() {
        for (srcset, expected) in [
            ("a.png 1x, b.png 2x", vec!["a.png", "b.png"]),
            (" ,a.png,  b.png ", vec!["a.png", "b.png"]),
            (
                "data:image/png;base64,AA== 1x,https://a.example/?a=1,2 2x",
                vec!["data:image/png;base64,AA==", "https://a.example/?a=1,2"],
            ),
            ("", vec![]),
        ] {
            assert_eq!(candidates(srcset).collect::<Vec<_>>(), expected, "{srcset}");
        }
    }

    #[test]
    fn addresses_of_a_stylesheet_are_quoted_or_bare() {
        let base = Url::parse("https://kazi.example/").unwrap();
        for (css, expected) in [
            ("a{background:URL( \"https://a.example/b c.png\" )}", vec!["img-src", "font-src"]),
            ("@import 'https://a.example/x.css';", vec!["style-src"]),
            ("@IMPORT url(https://a.example/x.css)", vec!["style-src"]),
            ("a{background:url(/x.png)}", vec![]),
            ("a{background:url(\"", vec![]),
        ] {
            let found: Vec<&str> = of_stylesheet(&base, css).iter().map(|(directive, _)| directive.name()).collect();
            assert_eq!(found, expected, "{css}");
        }
    }
}
