//! What the pages of a site hold inline and load from other places, gathered while they are drawn, and the
//! Content-Security-Policy that lets in this and nothing else.
//!
//! Pages have their styles in a `<style>` of their own, which a policy lets in by its hash. Those that are drawn with the
//! same templates have the same one, so a page is compared with what is known, and only what is new is hashed.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::RwLock;

use url::Url;

use crate::html::marks::has_mark;
use crate::html::tags::Tags;
use crate::model::policy::{Directive, Source, Sources};
use crate::resolve::Site;
use crate::sync;
use crate::theme::Theme;

pub use super::hosts::write;

/// What was seen on the pages of a site so far. Pages are read by several threads at once, in any order.
pub struct Seen<'s> {
    base: &'s Url,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    /// In the order of their coming.
    inline: Vec<(Directive, String)>,
    sources: BTreeSet<(Directive, Source)>,
}

/// What one page holds and loads.
#[derive(Default)]
struct Holds<'p> {
    /// The contents of `<style>`, and of `<script>` without a file.
    inline: Vec<(Directive, &'p str)>,
    sources: BTreeSet<(Directive, Source)>,
}

/// Whether what was seen of a page holds for all that are filled from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InSlots {
    Nothing,
    /// Parts of a style or a script, so that each page that is filled has to be read for itself.
    Inline,
}

impl<'s> Seen<'s> {
    pub fn new(site: &'s Site) -> Seen<'s> {
        Seen { base: site.config.base_url.url(), known: RwLock::default() }
    }

    /// Takes notice of a page, as it is written or before its slots are filled.
    pub fn read(&self, page: &str) -> InSlots {
        let mut holds = self.holds(page);
        let length = holds.inline.len();
        holds.inline.retain(|(_, content)| !has_mark(content));
        let in_slots = if holds.inline.len() == length { InSlots::Nothing } else { InSlots::Inline };
        let has_all = sync::read(&self.known).has(&holds);
        if !has_all {
            for (directive, content) in &holds.inline {
                if *directive == Directive::Style {
                    holds.sources.extend(self.of_sheet(content));
                }
            }
            sync::write(&self.known).add(holds);
        }
        in_slots
    }

    /// All that pages may load: what was seen, what authors' own pages of HTML have, what the theme's style sheets name, what
    /// the site adds.
    pub fn sources(self, site: &Site, theme: &Theme) -> Sources {
        for html in site.published_html() {
            self.read(&html.text);
        }
        let mut sheets = BTreeSet::new();
        for (_, bytes) in theme.assets.iter().filter(|(path, _)| path.as_str().ends_with(".css")) {
            sheets.extend(self.of_sheet(&String::from_utf8_lossy(bytes)));
        }
        let Known { inline, sources: seen } = sync::into_inner_rw(self.known);
        let hashes = inline.iter().map(|(directive, content)| (*directive, Source::of_content(content)));
        let added = site.config.policy.iter();
        let added = added.flat_map(|(directive, sources)| sources.iter().map(|source| (*directive, source.clone())));
        let mut all = Sources::new();
        for (directive, source) in seen.into_iter().chain(sheets).chain(hashes).chain(added) {
            all.entry(directive).or_default().insert(source);
        }
        all
    }

    fn holds<'p>(&self, page: &'p str) -> Holds<'p> {
        let mut holds = Holds::default();
        let mut is_played = false;
        let mut tags = Tags::of(page);
        while let Some(tag) = tags.next_start_tag() {
            is_played |= tags.attribute("data-play").is_some();
            match &*lower_case(tag.name) {
                "style" => holds.inline.push((Directive::Style, tag.content)),
                "script" if tags.attribute("src").is_none() => {
                    if tags.attribute("type").is_none_or(is_run) {
                        holds.inline.push((Directive::Script, tag.content));
                    }
                }
                "a" if is_played => {
                    is_played = false;
                    holds.sources.extend(self.played(tags.attribute("href").unwrap_or_default()));
                }
                name => self.loaded(name, &tags, &mut holds.sources),
            }
        }
        holds
    }

    /// What a tag loads, and where its form goes.
    fn loaded(&self, name: &str, tags: &Tags, sources: &mut BTreeSet<(Directive, Source)>) {
        let places: &[(&str, Directive)] = match name {
            "script" => &[("src", Directive::Script)],
            "img" => &[("src", Directive::Image), ("srcset", Directive::Image)],
            "image" => &[("href", Directive::Image), ("xlink:href", Directive::Image)],
            "source" => &[("src", Directive::Media), ("srcset", Directive::Image)],
            "video" => &[("src", Directive::Media), ("poster", Directive::Image)],
            "audio" | "track" => &[("src", Directive::Media)],
            "iframe" => &[("src", Directive::Frame)],
            "input" => &[("src", Directive::Image), ("formaction", Directive::FormAction)],
            "button" => &[("formaction", Directive::FormAction)],
            // The sending script asks the place before, or instead.
            "form" if tags.attribute("data-send").is_some() => {
                &[("action", Directive::FormAction), ("action", Directive::Connect), ("data-url", Directive::Connect)]
            }
            "form" => &[("action", Directive::FormAction)],
            "link" => match linked(tags) {
                Some(Directive::Style) => &[("href", Directive::Style)],
                Some(Directive::Script) => &[("href", Directive::Script)],
                Some(Directive::Font) => &[("href", Directive::Font)],
                Some(Directive::Manifest) => &[("href", Directive::Manifest)],
                Some(Directive::Image) => &[("href", Directive::Image), ("imagesrcset", Directive::Image)],
                _ => &[],
            },
            _ => &[],
        };
        for (attribute, directive) in places {
            let Some(value) = tags.attribute(attribute) else { continue };
            match attribute.ends_with("srcset") {
                true => sources.extend(value.split(',').filter_map(|one| self.source(*directive, one))),
                false => sources.extend(self.source(*directive, value)),
            }
        }
    }

    /// Where the block `video` finds what a link leads to; its script has the same hosts.
    fn played(&self, link: &str) -> Option<(Directive, Source)> {
        let url = self.base.join(link).ok()?;
        let host = url.host_str()?;
        let is_of = |own: &str| host.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        match () {
            () if is_of("youtube.com") || is_of("youtu.be") => {
                Some((Directive::Frame, Source::fixed("https://www.youtube-nocookie.com")))
            }
            () if is_of("vimeo.com") => Some((Directive::Frame, Source::fixed("https://player.vimeo.com"))),
            () => self.source(Directive::Media, link),
        }
    }

    /// What a style sheet loads.
    fn of_sheet(&self, css: &str) -> Vec<(Directive, Source)> {
        let mut sources = Vec::new();
        for (at, _) in css.match_indices("url(") {
            let address = css[at + "url(".len()..].trim_start_matches(['"', '\'', ' ']);
            let is_imported = css[..at].trim_end().ends_with("@import");
            let uses: &[Directive] = match () {
                () if is_imported => &[Directive::Style],
                () if address.starts_with("data:font") || address.starts_with("data:application") => &[Directive::Font],
                () if address.starts_with("data:") => &[Directive::Image],
                () => &[Directive::Image, Directive::Font],
            };
            sources.extend(uses.iter().filter_map(|directive| self.source(*directive, address)));
        }
        sources
    }

    /// The place of an address that is not the site's own, which is let in anyway, but in frames.
    fn source(&self, directive: Directive, address: &str) -> Option<(Directive, Source)> {
        let address = address.trim_ascii();
        let address = address.split([' ', '"', '\'', ')', '\n']).next().unwrap_or_default();
        if directive != Directive::Frame && !is_whole(address) {
            return None;
        }
        let source = Source::of_url(address, self.base)?;
        (directive == Directive::Frame || source != Source::own()).then_some((directive, source))
    }
}

impl Known {
    fn has(&self, holds: &Holds) -> bool {
        holds.inline.iter().all(|inline| self.has_inline(*inline)) && holds.sources.is_subset(&self.sources)
    }

    fn has_inline(&self, (directive, content): (Directive, &str)) -> bool {
        self.inline.iter().any(|(known, own)| *known == directive && own == content)
    }

    fn add(&mut self, holds: Holds) {
        for (directive, content) in holds.inline {
            if !self.has_inline((directive, content)) {
                self.inline.push((directive, content.to_owned()));
            }
        }
        self.sources.extend(holds.sources);
    }
}

/// What a `<link>` loads.
fn linked(tags: &Tags) -> Option<Directive> {
    let words = tags.attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let is = |word: &str| words.split_ascii_whitespace().any(|known| known == word);
    match () {
        () if is("stylesheet") => Some(Directive::Style),
        () if is("icon") || is("apple-touch-icon") => Some(Directive::Image),
        () if is("manifest") => Some(Directive::Manifest),
        () if is("modulepreload") => Some(Directive::Script),
        () if is("preload") => match tags.attribute("as")? {
            "style" => Some(Directive::Style),
            "script" => Some(Directive::Script),
            "font" => Some(Directive::Font),
            "image" => Some(Directive::Image),
            _ => None,
        },
        () => None,
    }
}

/// Whether a policy holds for a `<script>` of some type: data are none of its business.
fn is_run(kind: &str) -> bool {
    let kind = kind.trim_ascii().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim_end();
    matches!(kind, "" | "module" | "importmap" | "speculationrules")
        || kind.ends_with("javascript")
        || kind.ends_with("ecmascript")
}

/// Whether an address names its host, or has its content in itself.
fn is_whole(address: &str) -> bool {
    let start = |prefix: &str| address.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    ["https:", "http:", "//", "data:", "blob:"].into_iter().any(start)
}

fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}
