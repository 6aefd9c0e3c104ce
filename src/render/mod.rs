//! From a resolved site to its files, one by one into a sink: pages in parallel, each drawn and minified
//! once and then filled for every channel.

mod body;
mod cta;
pub mod dependencies;
mod faq;
mod page;
mod picture;
pub mod slots;
mod structured_data;
pub mod view;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;
use crate::headers::csp::{InSlots, Seen};
use crate::model::address::SitePath;
use crate::model::tag;
use crate::model::variant::Variant;
use crate::register::Register;
use crate::resolve::{Site, SitePage, State};
use crate::rules::Rule;
use crate::scripts::Scripts;
use crate::sink::Sink;
use crate::theme::Theme;
use crate::{headers, site_files};
use page::Finished;

/// What was written, for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pages: usize,
    pub channel_pages: usize,
}

/// Called after each page, with how many are done and how many there are.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Writes every file of `public/`. Problems of templates are diagnostics, told once each; failures of the
/// sink are errors.
pub fn site(
    site: &Site,
    theme: &Theme,
    register: &Register,
    sink: &dyn Sink,
    progress: Progress,
) -> anyhow::Result<(Counts, Vec<Diagnostic>)> {
    let published: Vec<usize> = site.published().map(|(index, _)| index).collect();
    let seen = Seen::new(site);
    let renderer = Renderer::of(site, theme, &seen, sink);
    renderer.pages(&published, progress)?;
    renderer.not_found()?;
    let (counts, mut found) = renderer.drawn();
    site_files::write(site, theme, register, sink)?;
    found.extend(headers::csp::write(site, theme, seen, sink)?);
    Ok((counts, found))
}

/// Writes some pages, by their index, each with its channel pages and thank-you pages; and the page for addresses that do
/// not exist.
pub fn pages(
    site: &Site,
    theme: &Theme,
    which: &[usize],
    sink: &dyn Sink,
    progress: Progress,
) -> anyhow::Result<(Counts, Vec<Diagnostic>)> {
    let seen = Seen::new(site);
    let renderer = Renderer::of(site, theme, &seen, sink);
    renderer.pages(which, progress)?;
    renderer.not_found()?;
    Ok(renderer.drawn())
}

/// Writes one page, by its index, with its channel pages and thank-you pages.
pub fn page(site: &Site, theme: &Theme, index: usize, sink: &dyn Sink) -> anyhow::Result<Vec<Diagnostic>> {
    let seen = Seen::new(site);
    let renderer = Renderer::of(site, theme, &seen, sink);
    renderer.page(index, &site.pages[index])?;
    Ok(renderer.drawn().1)
}

/// Writes the page for addresses that do not exist.
pub fn not_found(site: &Site, theme: &Theme, sink: &dyn Sink) -> anyhow::Result<()> {
    Renderer::of(site, theme, &Seen::new(site), sink).not_found()
}

struct Renderer<'s> {
    site: &'s Site,
    theme: &'s Theme,
    seen: &'s Seen<'s>,
    sink: &'s dyn Sink,
    site_view: tera::Value,
    strings_view: tera::Value,
    scripts: Scripts,
    /// With the index of the page that was being drawn.
    problems: Mutex<Vec<(usize, Diagnostic)>>,
    pages: AtomicUsize,
    channel_pages: AtomicUsize,
}

impl<'s> Renderer<'s> {
    fn of(site: &'s Site, theme: &'s Theme, seen: &'s Seen<'s>, sink: &'s dyn Sink) -> Renderer<'s> {
        Renderer {
            site,
            theme,
            seen,
            sink,
            site_view: page::site_view(site, theme),
            strings_view: theme.strings.value(),
            scripts: Scripts::of(site),
            problems: Mutex::new(Vec::new()),
            pages: AtomicUsize::new(0),
            channel_pages: AtomicUsize::new(0),
        }
    }

    fn pages(&self, which: &[usize], progress: Progress) -> anyhow::Result<()> {
        which.par_iter().try_for_each(|&index| {
            self.page(index, &self.site.pages[index])?;
            progress(self.pages.fetch_add(1, Ordering::Relaxed) + 1, which.len());
            anyhow::Ok(())
        })
    }

    /// What was drawn, and what was wrong with it.
    fn drawn(self) -> (Counts, Vec<Diagnostic>) {
        let counts = Counts { pages: self.pages.into_inner(), channel_pages: self.channel_pages.into_inner() };
        (counts, in_order(self.problems))
    }

    /// Writes a page, its channel pages and its thank-you pages.
    fn page(&self, index: usize, page: &'s SitePage) -> anyhow::Result<()> {
        let direct = tag::direct();
        let others = page.page.front.counts_as.as_ref().map_or(&direct, |channel| &channel.value);
        let base = Variant { own: &direct, others, is_channel_page: false };
        if let Some(cut) = self.draw(index, page, &base) {
            self.put(&page.path, &cut, page, &base)?;
            self.channel_pages(index, page, &cut)?;
        }
        // Those of an ended campaign stay: a form may have been sent in its last minute.
        for cta in page.forms() {
            let Some(cut) = self.told(index, page::draw_thanks(self, index, page, cta)) else { continue };
            self.put(&page.thanks_path(&cta.id.value), &cut, page, &base)?;
        }
        Ok(())
    }

    /// Writes the channel pages of a page that was drawn.
    fn channel_pages(&self, index: usize, page: &'s SitePage, cut: &Finished<'s>) -> anyhow::Result<()> {
        for channel in self.site.channel_pages(page) {
            let variant = Variant::channel_page(channel);
            let anew = page::is_drawn_anew(self.site, page, channel);
            let own = if anew { self.draw(index, page, &variant) } else { None };
            let cut = own.as_ref().unwrap_or(cut);
            self.put(&page.channel_path(channel), cut, page, &variant)?;
            self.channel_pages.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn put(&self, path: &SitePath, cut: &Finished, page: &SitePage, variant: &Variant) -> anyhow::Result<()> {
        let html = cut.fill(self.site, page, variant);
        if cut.in_slots == InSlots::Inline {
            self.seen.read(&html);
        }
        self.sink.put(path, html.into_bytes())
    }

    fn draw(&self, index: usize, page: &'s SitePage, variant: &Variant) -> Option<Finished<'s>> {
        let template = if page.state == State::Ended { "ended".to_owned() } else { page.layout.clone() };
        if !self.theme.has(&format!("{template}.html")) {
            let diagnostic =
                Diagnostic::error(Rule::MissingTemplate, format!("the theme has no template `{template}.html`"));
            self.tell(index, diagnostic.in_file(&page.page.source.path));
            return None;
        }
        self.told(index, page::draw(self, index, variant, &template))
    }

    fn not_found(&self) -> anyhow::Result<()> {
        if let Some(html) = self.told(usize::MAX, page::draw_not_found(self)) {
            self.seen.read(&html);
            self.sink.put(&SitePath::fixed("404.html"), html.into_bytes())?;
        }
        Ok(())
    }

    fn told<T>(&self, index: usize, drawn: Result<T, Box<Diagnostic>>) -> Option<T> {
        drawn.map_err(|diagnostic| self.tell(index, *diagnostic)).ok()
    }

    fn tell(&self, index: usize, diagnostic: Diagnostic) {
        let drawing = match self.site.pages.get(index) {
            Some(page) => format!("while drawing `{}`", page.page.source.path),
            None => "while drawing the page for unknown addresses".to_owned(),
        };
        // Another thread's panic leaves the list as it was: pushing is all that happens to it.
        let mut problems = self.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        problems.push((index, diagnostic.help(drawing)));
    }
}

/// The problems of all pages in the pages' order, the same one told once.
fn in_order(problems: Mutex<Vec<(usize, Diagnostic)>>) -> Vec<Diagnostic> {
    let mut problems = problems.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    problems.sort_by_key(|(index, _)| *index);
    let mut seen = std::collections::HashSet::new();
    problems.retain(|(_, diagnostic)| {
        let place = diagnostic.labels.first().map(|label| (label.source.path.clone(), label.span));
        seen.insert((place, diagnostic.message.clone()))
    });
    problems.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}
