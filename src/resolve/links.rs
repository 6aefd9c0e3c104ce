//! What the addresses in texts refer to: pages, anchors, files, calls to action, other places.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::missing::Missing;
use super::{Resolver, Site, SitePage, State, Target};
use crate::diagnostics::{Diagnostic, first_few, list, nearest};
use crate::images::plan::{DerivedImage, ImageRole};
use crate::load::Sources;
use crate::model::address::{Address, SitePath};
use crate::model::bad_address::bad_address;
use crate::model::body::LinkTarget;
use crate::model::file::Asset;
use crate::model::picture::ImageReference;
use crate::model::site::NavigationTarget;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// The links to one campaign that are shown before the rest is named by file.
const MAX_PLACES: usize = 10;

/// The pages of a site by their files below `content/`.
#[derive(Default)]
pub struct PageFiles {
    pub(super) by_file: HashMap<String, usize>,
    /// Files that could not be read as pages: a link to one is not wrong for that.
    pub(super) broken: BTreeSet<String>,
}

impl PageFiles {
    /// Whether a file is one that could not be read as a page, which is told.
    pub fn is_broken(&self, file: &str) -> bool {
        self.broken.contains(file)
    }

    /// The index of the page in a file: `spring-hiring/index.md`.
    pub fn page(&self, file: &str) -> Option<usize> {
        self.by_file.get(file).copied()
    }
}

/// Finds out what addresses refer to, for one page or a part of it. The site stays as it is meanwhile, so that pages are
/// resolved side by side; what is found out is taken over afterwards.
pub(super) struct References<'s> {
    pub site: &'s Site,
    pub(super) sources: &'s Sources,
    pub found: Vec<Diagnostic>,
    pub reach: Reach,
    pub missing: Vec<Missing>,
    /// Where pictures are shown, by their digest, and what is wrong with those that cannot be drawn.
    pub shown: Vec<(String, ImageReference)>,
    pub broken: Vec<(String, Diagnostic)>,
}

/// What one page's text does to the rest of the site.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Reach {
    /// The files that are linked openly: `content/…` or `static/…`.
    pub open: Vec<String>,
    /// Those of `content/` that are published, openly or behind a form.
    pub published: Vec<(SitePath, Asset)>,
    /// The files that are made of the pictures it shows.
    pub pictures: Vec<(SitePath, DerivedImage)>,
    /// The files behind a form, with the place that says so.
    pub gated: Vec<(String, usize, Span)>,
    /// Form CTAs that are linked: campaign page and CTA.
    pub linked_ctas: Vec<(usize, Slug)>,
    /// The CTAs of other campaigns that are shown: campaign page, CTA, the page that shows it.
    pub foreign_ctas: Vec<(usize, Slug, usize)>,
    /// Links to campaigns that there are not: the id, the page and the place.
    pub unknown_campaigns: Vec<(String, usize, Span)>,
}

/// How many missing files of a site are looked for among all files: each look goes over all of them.
const MAX_LOOKS: usize = 100;

impl Resolver<'_> {
    pub(super) fn references(&self) -> References<'_> {
        References::of(&self.site, self.sources)
    }

    pub(super) fn resolve_links(&mut self) {
        let pages = 0..self.site.pages.len();
        let resolved = pages.into_par_iter().map(|index| self.references().body(index));
        let (targets, learned): (Vec<_>, Vec<_>) = resolved.unzip();
        for (page, targets) in self.site.pages.iter_mut().zip(targets) {
            page.links = targets;
        }
        learned.into_iter().for_each(|learned| self.learn(learned));
    }

    /// What the navigation and the logo in `site.yaml` refer to.
    pub(super) fn resolve_site_links(&mut self) {
        let Some(source) = &self.sources.site else { return };
        let mut references = self.references();
        let config = &self.site.config;
        let navigation = config.navigation.iter().map(|item| references.navigation_target(source, &item.to)).collect();
        let logo = config.organization.as_ref().and_then(|organization| organization.logo.as_ref());
        let logo = logo.and_then(|logo| references.logo(source, logo));
        let learned = references.learned();
        self.site.navigation = navigation;
        self.site.logo = logo;
        self.learn(learned);
    }

    /// Takes over what was found out.
    pub(super) fn learn(&mut self, learned: Learned) {
        let Learned { found, missing, shown, broken, reach } = learned;
        let Reach { open, published, pictures, gated, linked_ctas, foreign_ctas, unknown_campaigns } = reach;
        self.found.extend(found);
        for (digest, diagnostic) in broken {
            if self.broken_pictures.insert(digest) {
                self.found.push(diagnostic);
            }
        }
        for (digest, place) in shown {
            self.site.pictures.first_use.entry(digest).or_insert(place);
        }
        self.site.pictures.files.extend(pictures);
        for missing in missing {
            self.looks += 1;
            self.found.push(self.references().told(missing, self.looks <= MAX_LOOKS));
        }
        self.open.extend(open);
        self.site.files.extend(published);
        self.gated.extend(gated.into_iter().map(|(name, index, span)| (name, (index, span))));
        self.linked_ctas.extend(linked_ctas);
        self.foreign_ctas.extend(foreign_ctas);
        for (id, page, span) in unknown_campaigns {
            self.unknown_campaigns.entry(id).or_default().push((page, span));
        }
    }

    /// One campaign that was deleted or renamed leaves many links behind, so these are told together.
    pub(super) fn refuse_unknown_campaigns(&mut self) {
        let unknown = std::mem::take(&mut self.unknown_campaigns);
        let told: Vec<Diagnostic> = unknown.iter().map(|(id, places)| self.unknown_campaign(id, places)).collect();
        self.found.extend(told);
    }

    fn unknown_campaign(&self, id: &str, places: &[(usize, Span)]) -> Diagnostic {
        let source = |index: usize| &self.site.pages[index].page.source;
        let (shown, others) = places.split_at(places.len().min(MAX_PLACES));
        let message = match places.len() {
            1 => format!("there is no campaign `{id}`"),
            count => format!("there is no campaign `{id}`, and {count} links lead to it"),
        };
        let mut diagnostic = Diagnostic::error(Rule::UnknownCta, message);
        for (index, span) in shown {
            diagnostic = diagnostic.at(source(*index), *span, "leads nowhere");
        }
        if !others.is_empty() {
            let files: BTreeSet<&String> = others.iter().map(|(index, _)| &source(*index).path).collect();
            let files: Vec<&String> = files.into_iter().collect();
            diagnostic = diagnostic.help(format!("the other {} are in {}", others.len(), first_few(&files)));
        }
        match nearest(id, self.site.campaigns.keys().map(Slug::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("name another campaign, or take what leads to this one out"),
        }
    }

    /// A file behind a form that also lies open needs no form.
    pub(super) fn warn_of_open_gates(&mut self) {
        for (name, (index, span)) in &self.gated {
            let label = match name.starts_with("static/") {
                true => "everything in static/ is open to everyone",
                false if self.open.contains(name) => "a page links to it openly",
                false => continue,
            };
            self.found.push(
                Diagnostic::warning(Rule::GatedFileLinked, "this file is behind a form, but open all the same")
                    .at(&self.site.pages[*index].page.source, *span, label)
                    .help("link to the call to action instead: `cta:…`, and keep the file beside the page"),
            );
        }
    }
}

/// What [`References`] found out, without the borrow of the site.
pub(super) struct Learned {
    found: Vec<Diagnostic>,
    missing: Vec<Missing>,
    shown: Vec<(String, ImageReference)>,
    broken: Vec<(String, Diagnostic)>,
    reach: Reach,
}

impl<'s> References<'s> {
    pub fn of(site: &'s Site, sources: &'s Sources) -> References<'s> {
        References {
            site,
            sources,
            found: Vec::new(),
            reach: Reach::default(),
            missing: Vec::new(),
            shown: Vec::new(),
            broken: Vec::new(),
        }
    }

    pub fn learned(self) -> Learned {
        let References { site: _, sources: _, found, reach, missing, shown, broken } = self;
        Learned { found, missing, shown, broken, reach }
    }

    /// What the links of a page's body refer to.
    fn body(mut self, index: usize) -> (Vec<Target>, Learned) {
        let targets = self.targets(index);
        (targets, self.learned())
    }

    pub fn targets(&mut self, index: usize) -> Vec<Target> {
        self.check_offer_blocks(index);
        self.warn_of_raw_html(index);
        self.site.pages[index].page.body.links.iter().map(|link| self.target(index, link)).collect()
    }

    fn navigation_target(&mut self, source: &Arc<SourceText>, to: &NavigationTarget) -> Target {
        let page = match to {
            NavigationTarget::Url(url) => return Target::Web(url.value.url().as_str().into()),
            NavigationTarget::Page(page) => page,
        };
        let (file, anchor) = match page.value.split_once('#') {
            Some((file, anchor)) => (file.trim_start_matches('/'), Some(anchor.to_owned())),
            None => (page.value.trim_start_matches('/'), None),
        };
        let Some(&index) = self.site.page_files.by_file.get(file) else {
            if !self.site.page_files.broken.contains(file) {
                let known: BTreeSet<String> =
                    self.site.page_files.by_file.keys().map(|file| format!("/{file}")).collect();
                let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("there is no page `/{file}`"))
                    .at(source, page.span, "not below content/")
                    .suggest(&format!("/{file}"), known.iter().map(String::as_str));
                self.found.push(diagnostic.or_help("name another page, or take the entry out"));
            }
            return Target::Text;
        };
        if !self.site.pages[index].state.is_published(self.site.options.preview) {
            let diagnostic = Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`/{file}` is not published"));
            self.found.push(diagnostic.at(source, page.span, "left out of the navigation"));
            return Target::Text;
        }
        if let Some(diagnostic) = self.missing_anchor(index, anchor.as_deref(), &format!("`{file}`")) {
            self.found.push(diagnostic.at(source, page.span, "leads to the top of the page"));
        }
        Target::Page { page: index, anchor, query: None }
    }

    fn check_offer_blocks(&mut self, index: usize) {
        let page = &self.site.pages[index];
        let mut seen = BTreeSet::new();
        for (id, span) in &page.page.body.offers {
            let ctas = &page.page.front.ctas;
            if !ctas.contains_key(id.as_str()) {
                if page.page.broken {
                    continue;
                }
                let diagnostic = Diagnostic::error(
                    Rule::UnknownCta,
                    format!("there is no call to action `{id}` on this page"),
                )
                .at(&page.page.source, *span, "nothing to offer");
                self.found.push(with_ctas(diagnostic, id, page));
            } else if !seen.insert(id) {
                let diagnostic =
                    Diagnostic::error(Rule::DuplicateOffer, format!("`{id}` is offered twice on this page"))
                        .at(&page.page.source, *span, "drawn again")
                        .help(format!("link to the first one: `[](cta:{id})`"));
                self.found.push(diagnostic);
            }
        }
    }

    fn warn_of_raw_html(&mut self, index: usize) {
        let page = &self.site.pages[index].page;
        if self.site.config.raw_html {
            return;
        }
        for &span in &page.body.raw_html {
            self.found.push(
                Diagnostic::warning(Rule::RawHtml, "HTML is shown as text here")
                    .at(&page.source, span, "not drawn as HTML")
                    .help("write it in Markdown, or set `markdown: { raw_html: true }` in site.yaml"),
            );
        }
    }

    /// Whether warnings about this page's links matter: its body is drawn for visitors.
    pub(super) fn is_drawn(&self, index: usize) -> bool {
        let state = self.site.pages[index].state;
        state == State::Live || self.site.options.preview && state != State::Ended
    }

    pub(super) fn target(&mut self, index: usize, link: &LinkTarget) -> Target {
        let source = self.site.pages[index].page.source.clone();
        match Address::parse(&link.address) {
            Err(why) => {
                self.found.push(bad_address(&source, link.span, &link.address, &why));
                Target::Text
            }
            Ok(Address::Web(url)) => {
                if !url.is_secure() {
                    self.found.push(
                        Diagnostic::warning(Rule::InsecureUrl, format!("`{url}` is not encrypted"))
                            .at(&source, link.span, "plain http")
                            .help("write `https://` if the place answers to it"),
                    );
                }
                Target::Web(url.url().as_str().into())
            }
            Ok(Address::Contact(_) | Address::Cta { .. }) if link.is_image => {
                self.found.push(Diagnostic::error(Rule::BadUrl, "this is no address of an image").at(
                    &source,
                    link.span,
                    "name an image file",
                ));
                Target::Text
            }
            Ok(Address::Contact(url)) => Target::Contact(url),
            Ok(Address::Cta { campaign, cta }) => self.cta_target(index, link.span, campaign.as_deref(), &cta),
            Ok(Address::Local { path, anchor, query }) => self.local_target(index, link, &path, anchor, query),
        }
    }

    fn cta_target(&mut self, index: usize, span: Span, campaign: Option<&str>, cta: &str) -> Target {
        let source = self.site.pages[index].page.source.clone();
        let target = match campaign {
            None => index,
            Some(id) => match Slug::parse(id).ok().and_then(|id| self.site.campaign_page(&id)) {
                Some(target) => target,
                // It may be the campaign of a page that cannot be read.
                None if self.site.is_partly_read => {
                    return Target::Text;
                }
                None => {
                    self.reach.unknown_campaigns.push((id.to_owned(), index, span));
                    return Target::Text;
                }
            },
        };
        let ctas = &self.site.pages[target].page.front.ctas;
        if self.site.pages[target].page.broken && !ctas.contains_key(cta) {
            return Target::Text;
        }
        let Some(id) = ctas.keys().find(|id| id.as_str() == cta).cloned() else {
            let diagnostic = Diagnostic::error(Rule::UnknownCta, format!("there is no call to action `{cta}`")).at(
                &source,
                span,
                "leads nowhere",
            );
            self.found.push(with_ctas(diagnostic, cta, &self.site.pages[target]));
            return Target::Text;
        };
        self.reach.linked_ctas.push((target, id.clone()));
        if target == index {
            return Target::Cta { page: target, cta: id };
        }
        self.foreign_cta(index, target, id, span)
    }

    /// A call to action of another page's campaign, which may not run today.
    fn foreign_cta(&mut self, index: usize, target: usize, id: Slug, span: Span) -> Target {
        let campaign = &self.site.pages[target];
        let source = self.site.pages[index].page.source.clone();
        let told = self.is_drawn(index);
        // Lead tags depend on content, never on the calendar: one is issued also before the start and after
        // the end. Only what a draft offers is not in the market.
        if self.site.pages[index].state != State::Draft {
            self.reach.foreign_ctas.push((target, id.clone(), index));
        }
        match campaign.state {
            State::Ended => {
                if told {
                    let name = campaign.page.front.title.value.clone();
                    self.found.push(
                        Diagnostic::warning(Rule::EndedCta, format!("the campaign `{name}` has ended"))
                            .at(&source, span, "offers nothing any more")
                            .help("leave the link out, or offer another campaign's call to action"),
                    );
                }
                Target::Ended { instead: campaign.after_end }
            }
            state if !state.is_published(self.site.options.preview) => {
                if told {
                    self.not_published(index, target, span);
                }
                Target::Text
            }
            _ => Target::Cta { page: target, cta: id },
        }
    }

    fn not_published(&mut self, index: usize, target: usize, span: Span) {
        let (from, to) = (&self.site.pages[index].page, &self.site.pages[target]);
        let why = match to.page.front.starts.filter(|_| to.state == State::Scheduled) {
            Some(starts) => format!("starts on {}", starts.value.day),
            None => "is a draft".to_owned(),
        };
        self.found.push(Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`{}` {why}", to.page.file)).at(
            &from.source,
            span,
            "drawn as its text until then",
        ));
    }

    fn local_target(
        &mut self,
        index: usize,
        link: &LinkTarget,
        path: &str,
        anchor: Option<String>,
        query: Option<String>,
    ) -> Target {
        if link.is_image && path.is_empty() {
            let source = self.site.pages[index].page.source.clone();
            let diagnostic = Diagnostic::error(Rule::BadUrl, "this is no address of an image");
            self.found.push(diagnostic.at(&source, link.span, "name an image file"));
            return Target::Text;
        }
        if path.is_empty() {
            self.check_anchor(index, index, anchor.as_deref(), link.span);
            return Target::Page { page: index, anchor, query };
        }
        if path.ends_with(".md") && !link.is_image {
            let Some(target) = self.page_of_file(index, path, link.span) else {
                return Target::Text;
            };
            if !self.site.pages[target].state.is_published(self.site.options.preview) {
                if self.is_drawn(index) {
                    self.not_published(index, target, link.span);
                }
                return Target::Text;
            }
            self.check_anchor(index, target, anchor.as_deref(), link.span);
            return Target::Page { page: target, anchor, query };
        }
        match self.file_named(index, path) {
            Some(found) if link.is_image => self.picture_target(index, &found, link.span, ImageRole::InText),
            Some(found) => match self.file_target(index, &found) {
                Some(path) => Target::File { path, anchor, query },
                None => Target::Text,
            },
            None => {
                self.missing_file(index, path, link);
                Target::Text
            }
        }
    }

    /// The page in a file that an author names relative to a page, or from `content/` with a `/`.
    pub fn page_of_file(&mut self, index: usize, path: &str, span: Span) -> Option<usize> {
        let page = &self.site.pages[index].page;
        let file = joined(&page.file, path);
        if let Some(&target) = file.as_deref().and_then(|file| self.site.page_files.by_file.get(file)) {
            return Some(target);
        }
        if file.as_deref().is_some_and(|file| self.site.page_files.broken.contains(file)) {
            return None;
        }
        let is_note = file.as_deref().is_some_and(|file| self.sources.sales_notes.contains_key(file));
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("there is no page `{path}`")).at(
            &page.source,
            span,
            "leads nowhere",
        );
        match is_note {
            true => self.found.push(diagnostic.help("this file is for sales, and never a page")),
            false => self.missing.push(Missing {
                diagnostic,
                page: index,
                path: path.to_owned(),
                otherwise: "name another page, or take what leads there out".to_owned(),
            }),
        }
        None
    }

    fn check_anchor(&mut self, index: usize, target: usize, anchor: Option<&str>, span: Span) {
        let file = &self.site.pages[target].page.file;
        let place = if index == target { "this page".to_owned() } else { format!("`{file}`") };
        if let Some(diagnostic) = self.missing_anchor(target, anchor, &place) {
            let source = &self.site.pages[index].page.source;
            self.found.push(diagnostic.at(source, span, "leads to the top of the page"));
        }
    }

    /// What is wrong with an anchor on a page, if anything; a form that it leads to is drawn.
    fn missing_anchor(&mut self, target: usize, anchor: Option<&str>, place: &str) -> Option<Diagnostic> {
        let page = &self.site.pages[target].page;
        // `#` and `#top` are the top of the page, by the HTML standard.
        let anchor = anchor.filter(|anchor| !matches!(*anchor, "" | "top"))?;
        let cta =
            anchor.strip_prefix("cta-").and_then(|id| page.front.ctas.get_key_value(id)).map(|(id, _)| id.clone());
        if let Some(cta) = cta {
            self.reach.linked_ctas.push((target, cta));
            return None;
        }
        let may_be_in_html = self.site.config.raw_html && !page.body.raw_html.is_empty();
        if page.broken
            || page.body.is_left_out
            || may_be_in_html
            || page.body.anchors.iter().any(|known| known == anchor)
        {
            return None;
        }
        let diagnostic = Diagnostic::error(Rule::MissingAnchor, format!("there is no heading `{anchor}` on {place}"));
        Some(diagnostic.suggest(anchor, page.body.anchors.iter().map(String::as_str)))
    }
}

/// A call to action that there is not: the one that is meant, or else those that a page has.
fn with_ctas(diagnostic: Diagnostic, written: &str, page: &SitePage) -> Diagnostic {
    let known = || page.page.front.ctas.keys().map(Slug::as_str);
    match known().count() {
        0 => diagnostic.help("this page is no campaign: write `cta:campaign/id` for another page's call to action"),
        1 => diagnostic.suggest(written, known()).or_help(format!("the campaign has {} alone", list(known()))),
        _ => diagnostic.suggest(written, known()).or_help(format!("the campaign has {}", list(known()))),
    }
}

/// A path as an author writes it in the page `file`, from `content/` on; `None` where it leaves the site.
pub fn joined(file: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => file.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect()),
    };
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn links_are_relative_to_their_page_and_stay_inside() {
        for (file, path, expected) in [
            ("a/index.md", "guide.pdf", Some("a/guide.pdf")),
            ("a/b.md", "../terms.md", Some("terms.md")),
            ("a/b.md", "/terms.md", Some("terms.md")),
            ("b.md", "./c.md", Some("c.md")),
            ("b.md", "../../etc/passwd", None),
        ] {
            assert_eq!(joined(file, path).as_deref(), expected, "{path} in {file}");
        }
    }
}
