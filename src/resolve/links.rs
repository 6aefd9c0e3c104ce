//! Resolves the links and images of a page's text: to pages, anchors, files, calls to action and other sites.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::addresses::joined;
use super::composed_names::are_same_letters;
use super::html_targets::HtmlTarget;
use super::references::{MissingFile, References};
use super::site::{AfterPath, PlacedPage, State, Target};
use crate::diagnostics::{Diagnostic, list};
use crate::images::plan::ImageRole;
use crate::model::address::Address;
use crate::model::bad_address::{bad_address, insecure_url};
use crate::model::body::LinkTarget;
use crate::model::code_placeholder::PLACEHOLDER;
use crate::model::slug::Slug;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

impl References<'_> {
    /// Returns the targets of all links and images in a page's text, in its order.
    pub fn targets(&mut self, page: usize) -> Vec<Target> {
        self.check_offer_blocks(page);
        self.check_raw_html(page);
        let outlines = self.index.outlines;
        let has_html = self.index.config.raw_html;
        let targets = outlines[page].links.iter().map(|link| match link.is_in_html && !has_html {
            // The HTML is shown as text.
            true => Target::Text,
            false => self.target(page, link),
        });
        targets.collect()
    }

    /// Returns the target of one link or image.
    pub fn target(&mut self, page: usize, link: &LinkTarget) -> Target {
        let source = &self.index.pages[page].page.source;
        match Address::parse(&link.address) {
            Err(why) => {
                self.report(bad_address(source, link.span, &link.address, &why));
                Target::Text
            }
            Ok(Address::Web(url)) => {
                if !self.check_own_address(page, link, &url) && !url.is_secure() {
                    self.report(insecure_url(source, link.span, &url));
                }
                if url.url().as_str().contains("%7Bcode%7D") || link.address.contains(PLACEHOLDER) {
                    self.report(code_outside_coupon(source, link.span));
                }
                Target::Web(url.url().as_str().into())
            }
            Ok(Address::Contact(_) | Address::Cta { .. }) if link.is_image => self.no_image(page, link),
            Ok(Address::Contact(url)) => Target::Contact(url.into()),
            Ok(Address::Cta { campaign, cta }) => self.cta_target(page, link.span, campaign.as_deref(), &cta),
            Ok(Address::Local { path, anchor, query }) => self.local_target(page, link, &path, anchor, query),
        }
    }

    /// Returns the page in a file that an author wrote relative to a page, or from `content/` with a leading `/`. Reports
    /// a missing one.
    pub fn page_of_file(&mut self, page: usize, path: &str, span: Span) -> Option<usize> {
        let from = &self.index.pages[page].page;
        let file = joined(&from.file, path);
        if let Some(target) = file.as_deref().and_then(|file| self.index.page_in(file)) {
            return Some(self.index.seen_from(page, target));
        }
        if file.as_deref().is_some_and(|file| self.index.page_files.is_broken(file)) {
            return None;
        }
        let is_note = file.as_deref().is_some_and(|file| self.index.sources.sales_notes.contains_key(file));
        let diagnostic = Diagnostic::error(Rule::BrokenLink, format!("no page `{path}`"));
        let diagnostic = diagnostic.at(&from.source, span, "not found");
        match is_note {
            true => self.report(diagnostic.help("notes for sales are not published")),
            false => self.found.missing.push(MissingFile {
                diagnostic,
                page,
                path: path.to_owned(),
                help: "link to another page, or remove the link".to_owned(),
            }),
        }
        None
    }

    /// Returns what is wrong with an anchor on a page, if anything. Notes that a form it leads to must be rendered.
    pub fn missing_anchor(&mut self, target: usize, anchor: Option<&str>, place: &str) -> Option<Diagnostic> {
        let page = &self.index.pages[target].page;
        let outline = &self.index.outlines[target];
        // `#` and `#top` are the top of the page, by the HTML standard.
        let anchor = anchor.filter(|anchor| !matches!(*anchor, "" | "top"))?;
        let cta = anchor.strip_prefix("cta-").and_then(|id| page.front.ctas.get_key_value(id));
        if let Some((cta, _)) = cta {
            self.found.reach.linked_ctas.push((target, cta.clone()));
            return None;
        }
        let may_be_in_html = self.index.config.raw_html && !outline.raw_html.is_empty();
        let may_exist = page.broken || outline.is_skipped || may_be_in_html;
        if may_exist || outline.anchors.iter().any(|known| are_same_letters(known, anchor)) {
            return None;
        }
        let diagnostic = Diagnostic::error(Rule::MissingAnchor, format!("no heading `{anchor}` on {place}"));
        Some(diagnostic.suggest(anchor, outline.anchors.iter().map(|known| &**known)))
    }

    fn check_offer_blocks(&mut self, page: usize) {
        let placed = self.index.pages[page];
        let ctas = &placed.page.front.ctas;
        let source = &placed.page.source;
        self.check_signups(page);
        let mut offered = BTreeSet::new();
        for (id, span) in &self.index.outlines[page].offers {
            if !ctas.contains_key(id.as_str()) {
                // An unreadable page may have it.
                if !placed.page.broken {
                    let message = format!("no call to action `{id}` on this page");
                    let diagnostic = Diagnostic::error(Rule::UnknownCta, message).at(source, *span, "nothing to offer");
                    self.report(with_known_ctas(diagnostic, id, placed));
                }
            } else if !offered.insert(id) {
                let diagnostic =
                    Diagnostic::error(Rule::DuplicateOffer, format!("`{id}` is offered twice on this page"))
                        .at(source, *span, "second offer")
                        .help(format!("link to the first one: `[](cta:{id})`"));
                self.report(diagnostic);
            }
        }
    }

    /// Reports `::: signup` blocks whose call to action has no form for one line.
    fn check_signups(&mut self, page: usize) {
        let of_page = &self.index.pages[page].page;
        for block in self.index.outlines[page].blocks.iter().filter(|block| block.name == "signup") {
            let id = block.attributes.first();
            let Some(cta) = id.and_then(|id| of_page.front.ctas.get(id.name.as_str())) else { continue };
            if cta.is_signup() {
                continue;
            }
            let id = &cta.id.value;
            let message = format!("`{id}` is no sign-up: a contact with `form: [email]`");
            let diagnostic = Diagnostic::error(Rule::BadSignup, message);
            let diagnostic = diagnostic.at(&of_page.source, block.span, "has room for an e-mail address alone");
            self.report(diagnostic.help(format!("write `::: offer {id}`")));
        }
    }

    fn check_raw_html(&mut self, page: usize) {
        if self.index.config.raw_html {
            return;
        }
        for &span in &self.index.outlines[page].raw_html {
            self.report(
                Diagnostic::warning(Rule::RawHtml, "HTML is shown as text here")
                    .at(&self.index.pages[page].page.source, span, "not rendered as HTML")
                    .help("write it in Markdown, a video as `::: video`, or set `markdown: { raw_html: true }` in site.yaml"),
            );
        }
    }

    fn no_image(&mut self, page: usize, link: &LinkTarget) -> Target {
        let diagnostic = Diagnostic::error(Rule::BadUrl, "this is not the address of an image");
        self.report(diagnostic.at(&self.index.pages[page].page.source, link.span, "expected an image file"));
        Target::Text
    }

    fn cta_target(&mut self, page: usize, span: Span, campaign: Option<&str>, cta: &str) -> Target {
        let target = match campaign {
            None => page,
            Some(id) => match Slug::parse(id).ok().and_then(|id| self.index.campaign_page(&id)) {
                Some(target) => self.index.seen_from(page, target),
                None => {
                    // It may be the campaign of a page that cannot be read.
                    if !self.index.is_partly_read {
                        self.found.reach.unknown_campaigns.push((id.to_owned(), page, span));
                    }
                    return Target::Text;
                }
            },
        };
        let placed = self.index.pages[target];
        let ctas = &placed.page.front.ctas;
        if placed.page.broken && !ctas.contains_key(cta) {
            return Target::Text;
        }
        let Some(id) = ctas.keys().find(|id| id.as_str() == cta).cloned() else {
            let diagnostic = Diagnostic::error(Rule::UnknownCta, format!("unknown call to action `{cta}`"));
            let diagnostic = diagnostic.at(&self.index.pages[page].page.source, span, "no such call to action");
            self.report(with_known_ctas(diagnostic, cta, placed));
            return Target::Text;
        };
        self.found.reach.linked_ctas.push((target, id.clone()));
        if target == page {
            return Target::Cta { page: target, cta: id };
        }
        self.foreign_cta(page, target, id, span)
    }

    /// A call to action of another campaign, which may not run today.
    fn foreign_cta(&mut self, page: usize, target: usize, id: Slug, span: Span) -> Target {
        let campaign = self.index.pages[target];
        let is_rendered = self.is_rendered(page);
        // Lead tags depend on content, never on the day: one is issued before the start and after the end too. Only drafts
        // issue none.
        if self.index.pages[page].state != State::Draft {
            self.found.reach.foreign_ctas.push((target, id.clone(), page));
        }
        if campaign.state == State::Ended {
            if is_rendered {
                let message = format!("the campaign `{}` has ended", campaign.page.front.title.value);
                let diagnostic = Diagnostic::warning(Rule::EndedCta, message)
                    .at(&self.index.pages[page].page.source, span, "no longer offered")
                    .help("remove the link, or link to another campaign's call to action");
                self.report(diagnostic);
            }
            return Target::Ended { campaign: target };
        }
        if self.index.is_published(target) {
            return Target::Cta { page: target, cta: id };
        }
        if is_rendered {
            self.report_unpublished(page, target, span);
        }
        Target::Text
    }

    fn report_unpublished(&mut self, page: usize, target: usize, span: Span) {
        let (from, to) = (&self.index.pages[page].page, self.index.pages[target]);
        let why = match to.page.front.starts.filter(|_| to.state == State::Scheduled) {
            Some(starts) => format!("starts on {}", starts.value.day),
            None => "is a draft".to_owned(),
        };
        let diagnostic = Diagnostic::warning(Rule::LinkToUnpublishedPage, format!("`{}` {why}", to.page.file));
        self.report(diagnostic.at(&from.source, span, "shown as plain text until then"));
    }

    fn local_target(
        &mut self,
        page: usize,
        link: &LinkTarget,
        path: &str,
        anchor: Option<String>,
        query: Option<String>,
    ) -> Target {
        if path.is_empty() {
            return match link.is_image {
                true => self.no_image(page, link),
                false => self.page_target(page, page, link.span, anchor, query),
            };
        }
        if path.ends_with(".md") && !link.is_image {
            let Some(target) = self.page_of_file(page, path, link.span) else {
                return Target::Text;
            };
            if self.index.is_published(target) {
                return self.page_target(page, target, link.span, anchor, query);
            }
            if self.is_rendered(page) {
                self.report_unpublished(page, target, link.span);
            }
            return Target::Text;
        }
        match self.file_named(page, path) {
            Some(file) if link.is_image => {
                let role = if link.is_in_html { ImageRole::InHtml } else { ImageRole::InText };
                self.picture_target(page, &file, link.span, role)
            }
            Some(file) => match self.file_target(page, &file, link.span) {
                Some(path) => Target::File { path, after: AfterPath::new(query, anchor) },
                None => Target::Text,
            },
            None => match self.html_target(page, link, path) {
                Some(HtmlTarget::Page(target)) => self.page_target(page, target, link.span, anchor, query),
                Some(HtmlTarget::File(path)) => Target::File { path, after: AfterPath::new(query, anchor) },
                None => {
                    self.missing_file(page, path, link);
                    Target::Text
                }
            },
        }
    }

    fn page_target(
        &mut self,
        page: usize,
        target: usize,
        span: Span,
        anchor: Option<String>,
        query: Option<String>,
    ) -> Target {
        let place = match page == target {
            true => "this page".to_owned(),
            false => format!("`{}`", self.index.pages[target].page.file),
        };
        if let Some(diagnostic) = self.missing_anchor(target, anchor.as_deref(), &place) {
            let source = &self.index.pages[page].page.source;
            self.report(diagnostic.at(source, span, "leads to the top of the page"));
        }
        let anchor = anchor.map(|anchor| self.anchor_of_heading(target, anchor));
        Target::Page { page: target, after: AfterPath::new(query, anchor) }
    }

    /// Returns an anchor with the characters of its heading. Browsers compare them one by one.
    fn anchor_of_heading(&self, target: usize, anchor: String) -> String {
        if anchor.is_ascii() {
            return anchor;
        }
        let anchors = &self.index.outlines[target].anchors;
        anchors.iter().find(|known| are_same_letters(known, &anchor)).map_or(anchor, |known| known.to_string())
    }
}

/// Returns the error for a link with the placeholder of a coupon's address.
fn code_outside_coupon(source: &Arc<SourceText>, span: Span) -> Diagnostic {
    Diagnostic::error(Rule::BadUrl, "`{code}` is not replaced here")
        .at(source, span, "only the address of a coupon has a code")
        .help("offer the coupon in the front matter, and link to it: `[](cta:…)`")
}

/// Adds help to an unknown call to action: the closest match, or the ones the page defines.
fn with_known_ctas(diagnostic: Diagnostic, written: &str, page: &PlacedPage) -> Diagnostic {
    let known = || page.page.front.ctas.keys().map(Slug::as_str);
    match known().count() {
        0 => diagnostic.help("this page is not a campaign: use `cta:campaign/id` for another page's call to action"),
        1 => diagnostic.suggest(written, known()).or_help(format!("the campaign only has {}", list(known()))),
        _ => diagnostic.suggest(written, known()).or_help(format!("the campaign has {}", list(known()))),
    }
}
