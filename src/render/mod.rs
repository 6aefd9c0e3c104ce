//! From a resolved site to its files, one by one into a sink. Pages are rendered in parallel: each page is rendered and
//! minified once, then its slots are filled for each audience.

mod body;
mod channel_page;
mod consents;
mod context;
mod cta;
pub mod dependencies;
mod not_found;
mod page;
mod page_view;
mod picture;
mod raw_html;
mod slots;
mod structured_data;
mod template;
mod thanks;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::body_store::StoredBody;
use crate::diagnostics::Diagnostic;
use crate::headers::page_sources::{Coverage, PageRecord, SourceCollector};
use crate::model::audience::Audience;
use crate::model::body::Body;
use crate::model::site_path::SitePath;
use crate::register::Register;
use crate::resolve::{Site, SitePage, State};
use crate::sink::{Origin, Sink};
use crate::sync;
use crate::theme::Theme;
use crate::{headers, site_files};
use channel_page::{fill, is_rendered_separately};
use context::RenderContext;
use template::{Rendered, RenderedPage, missing_template};

/// The number of pages written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pages: usize,
    pub channel_pages: usize,
}

/// Takes the place of a page's index for the page for unknown addresses.
const NOT_FOUND: usize = usize::MAX;

/// How many pages a thread renders before others can take over the rest of its share. With more, one core has nothing to do at the end.
const PAGES_PER_TASK: usize = 32;

/// Called after each page with the number of finished pages and the number of all pages.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Writes every file of `public/`. Problems of templates are diagnostics, each reported once; failures of the sink are
/// errors.
pub fn site(
    site: &Site,
    bodies: &[StoredBody],
    theme: &Theme,
    register: &Register,
    sink: &dyn Sink,
    progress: Progress,
) -> anyhow::Result<(Counts, Vec<Diagnostic>)> {
    let published: Vec<usize> = site.published().map(|(index, _)| index).collect();
    let collector = SourceCollector::new(site);
    let renderer = Renderer::new(site, bodies, theme, &collector, sink);
    // The other files are made one after another, so one core makes them while the others render.
    let (pages, others) = rayon::join(
        || renderer.pages(&published, progress).and_then(|()| renderer.not_found()),
        || site_files::write(site, theme, register, sink),
    );
    pages.and(others)?;
    let (counts, mut diagnostics) = renderer.finish();
    diagnostics.extend(headers::hosts::write(site, theme, collector, sink)?);
    Ok((counts, diagnostics))
}

/// The result of rendering some pages.
pub struct RenderedSome {
    pub counts: Counts,
    pub diagnostics: Vec<Diagnostic>,
    /// The indices of pages with an error.
    pub failed: BTreeSet<usize>,
    /// The page for unknown addresses has an error, which no page can have caused.
    pub not_found_failed: bool,
}

/// Writes some pages, by index, each with its channel pages and thank-you pages, and the page for unknown addresses.
pub fn pages(
    site: &Site,
    bodies: &[StoredBody],
    theme: &Theme,
    indices: &[usize],
    sink: &dyn Sink,
    progress: Progress,
) -> anyhow::Result<RenderedSome> {
    let collector = SourceCollector::new(site);
    let renderer = Renderer::new(site, bodies, theme, &collector, sink);
    renderer.pages(indices, progress)?;
    renderer.not_found()?;
    let mut failed: BTreeSet<usize> = sync::lock(&renderer.diagnostics).iter().map(|(index, _)| *index).collect();
    let not_found_failed = failed.remove(&NOT_FOUND);
    let (counts, diagnostics) = renderer.finish();
    Ok(RenderedSome { counts, diagnostics, failed, not_found_failed })
}

/// Writes one page, by index, with its channel pages and thank-you pages.
pub fn page(
    site: &Site,
    bodies: &[StoredBody],
    theme: &Theme,
    index: usize,
    sink: &dyn Sink,
) -> anyhow::Result<Vec<Diagnostic>> {
    let collector = SourceCollector::new(site);
    let renderer = Renderer::new(site, bodies, theme, &collector, sink);
    renderer.page(index)?;
    let (_, diagnostics) = renderer.finish();
    Ok(diagnostics)
}

/// How a page is shown to someone who chooses a look or a block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Variation<'v> {
    /// Another look than that of the page.
    pub look: Option<&'v str>,
    /// The block whose first occurrence is shown alone.
    pub block: Option<&'v str>,
}

/// Writes one page as [`page`] does, in a variation.
pub fn page_varied(
    site: &Site,
    bodies: &[StoredBody],
    theme: &Theme,
    index: usize,
    variation: Variation,
    sink: &dyn Sink,
) -> anyhow::Result<Vec<Diagnostic>> {
    let collector = SourceCollector::new(site);
    let renderer = Renderer { variation, ..Renderer::new(site, bodies, theme, &collector, sink) };
    renderer.page(index)?;
    let (_, diagnostics) = renderer.finish();
    Ok(diagnostics)
}

/// Writes the page for unknown addresses.
pub fn not_found(site: &Site, theme: &Theme, sink: &dyn Sink) -> anyhow::Result<()> {
    Renderer::new(site, &[], theme, &SourceCollector::new(site), sink).not_found()
}

/// Renders pages into a sink, and collects counts and diagnostics from all threads.
struct Renderer<'s> {
    context: RenderContext<'s>,
    /// The contexts of the other languages, in the order of `languages`.
    translated: Vec<RenderContext<'s>>,
    variation: Variation<'s>,
    /// By page index. Empty for the page for unknown addresses.
    bodies: &'s [StoredBody],
    site_fingerprint: u64,
    sink: &'s dyn Sink,
    /// Each with the index of the page that was being rendered.
    diagnostics: Mutex<Vec<(usize, Diagnostic)>>,
    pages: AtomicUsize,
    channel_pages: AtomicUsize,
}

/// A page while it is rendered.
struct PageSource<'s> {
    index: usize,
    page: &'s SitePage,
    body: Body,
    fingerprint: Option<u128>,
}

impl<'s> Renderer<'s> {
    fn new(
        site: &'s Site,
        bodies: &'s [StoredBody],
        theme: &'s Theme,
        collector: &'s SourceCollector<'s>,
        sink: &'s dyn Sink,
    ) -> Renderer<'s> {
        let context = RenderContext::new(site, theme, collector);
        Renderer {
            translated: context.translated(),
            variation: Variation::default(),
            context,
            bodies,
            site_fingerprint: dependencies::site_fingerprint(site, theme),
            sink,
            diagnostics: Mutex::new(Vec::new()),
            pages: AtomicUsize::new(0),
            channel_pages: AtomicUsize::new(0),
        }
    }

    /// Returns the context of a page's language and look.
    fn context_of(&self, page: &SitePage) -> Cow<'_, RenderContext<'s>> {
        let language = self.context.site.language_of(page).map(|language| &language.language);
        let context = self.translated.iter().find(|other| other.language.map(|other| &other.language) == language);
        let context = context.filter(|_| language.is_some()).unwrap_or(&self.context);
        let RenderContext { site, theme, .. } = context;
        let appearance = match self.variation.look {
            Some(look) => theme.appearance_in(look, &site.config, &page.page),
            None => theme.appearance_of(&site.config, &page.page),
        };
        match appearance {
            Some(appearance) => Cow::Owned(context.in_appearance(appearance)),
            None => Cow::Borrowed(context),
        }
    }

    fn pages(&self, indices: &[usize], progress: Progress) -> anyhow::Result<()> {
        indices.par_iter().with_max_len(PAGES_PER_TASK).try_for_each(|&index| {
            if !self.keep(index) {
                self.page(index)?;
            }
            progress(self.pages.fetch_add(1, Ordering::Relaxed) + 1, indices.len());
            anyhow::Ok(())
        })
    }

    /// Keeps the files that an earlier build made of a page, if it would write the same ones. Returns whether it did.
    fn keep(&self, index: usize) -> bool {
        let site = self.context.site;
        let page = &site.pages[index];
        if self.sink.last_origin(&page.path).is_none() {
            return false;
        }
        let Some(fingerprint) = self.fingerprint(index) else { return false };
        let channel_paths = site.channel_pages(page).map(|channel| page.channel_path(channel));
        let thanks_paths = page.forms().map(|cta| page.thanks_path(&cta.id.value));
        let paths: Vec<SitePath> = iter::once(page.path.clone()).chain(channel_paths).chain(thanks_paths).collect();
        let same_origin = |path| self.sink.last_origin(path).filter(|origin| origin.fingerprint == fingerprint);
        let Some(origins) = paths.iter().map(same_origin).collect::<Option<Vec<_>>>() else { return false };
        for (path, origin) in paths.iter().zip(origins) {
            self.context.collector.add_recorded(&origin.note);
            self.sink.keep(path);
        }
        self.channel_pages.fetch_add(site.channel_pages(page).count(), Ordering::Relaxed);
        true
    }

    fn fingerprint(&self, index: usize) -> Option<u128> {
        let site = self.context.site;
        dependencies::fingerprint(self.site_fingerprint, site, &site.pages[index], &self.bodies[index])
    }

    /// Writes a page, its channel pages and its thank-you pages.
    fn page(&self, index: usize) -> anyhow::Result<()> {
        let page = &self.context.site.pages[index];
        let mut body = self.bodies[index].read()?;
        if let Some(block) = self.variation.block {
            body.keep_only(block);
        }
        let source = PageSource { index, page, body, fingerprint: self.fingerprint(index) };
        let audience = Audience::base(&page.page.front);
        if let Some(rendered) = self.render(&source, &audience) {
            self.write(&page.path, &rendered, &source, &audience)?;
            self.channel_pages(&source, &rendered)?;
        }
        // Ended campaigns keep them: a form may have been sent in the last minute.
        for cta in page.forms() {
            let Some(rendered) = self.collect(index, thanks::render(&self.context_of(page), index, &source.body, cta))
            else {
                continue;
            };
            self.write(&page.thanks_path(&cta.id.value), &rendered, &source, &audience)?;
        }
        Ok(())
    }

    /// Writes the channel pages of a rendered page.
    fn channel_pages(&self, source: &PageSource<'s>, rendered: &RenderedPage<'s>) -> anyhow::Result<()> {
        let (site, page) = (self.context.site, source.page);
        for channel in site.channel_pages(page) {
            let audience = Audience::channel_page(channel);
            let is_separate = is_rendered_separately(site, page, channel);
            let separate = if is_separate { self.render(source, &audience) } else { None };
            self.write(&page.channel_path(channel), separate.as_ref().unwrap_or(rendered), source, &audience)?;
            self.channel_pages.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    fn render(&self, source: &PageSource<'s>, audience: &Audience) -> Option<RenderedPage<'s>> {
        let &PageSource { index, page, ref body, .. } = source;
        let template = if page.state == State::Ended { "ended" } else { &*page.layout };
        if !self.context.theme.has(&format!("{template}.html")) {
            self.report(index, missing_template(template).in_file(&page.page.source.path));
            return None;
        }
        self.collect(index, page::render(&self.context_of(page), index, body, audience, template))
    }

    fn write(
        &self,
        path: &SitePath,
        rendered: &RenderedPage,
        source: &PageSource,
        audience: &Audience,
    ) -> anyhow::Result<()> {
        let html = fill(&rendered.slotted, self.context.site, source.page, audience);
        let PageRecord { coverage, note } = &rendered.record;
        let note = match coverage {
            Coverage::AllVariants => Arc::clone(note),
            Coverage::ThisTextOnly => self.context.collector.add(&html).note,
        };
        match source.fingerprint {
            Some(fingerprint) => self.sink.put_made_from(path, html.into_bytes(), &Origin { fingerprint, note }),
            None => self.sink.put(path, html.into_bytes()),
        }
    }

    /// Renders the page for unknown addresses, unless the site has its own.
    fn not_found(&self) -> anyhow::Result<()> {
        if self.context.site.has_static_file("404.html") {
            return Ok(());
        }
        if let Some(html) = self.collect(NOT_FOUND, not_found::render(&self.context)) {
            self.sink.put(&SitePath::fixed("404.html"), html.into_bytes())?;
        }
        Ok(())
    }

    /// Returns what was rendered, or reports its error.
    fn collect<T>(&self, index: usize, rendered: Rendered<T>) -> Option<T> {
        rendered.map_err(|diagnostic| self.report(index, *diagnostic)).ok()
    }

    fn report(&self, index: usize, diagnostic: Diagnostic) {
        let page = match self.context.site.pages.get(index) {
            Some(page) => format!("while rendering `{}`", page.page.source.path),
            None => "while rendering the page for unknown addresses".to_owned(),
        };
        let mut diagnostics = sync::lock(&self.diagnostics);
        diagnostics.push((index, diagnostic.help(page)));
    }

    /// Returns the number of pages written, and the diagnostics.
    fn finish(self) -> (Counts, Vec<Diagnostic>) {
        let counts = Counts { pages: self.pages.into_inner(), channel_pages: self.channel_pages.into_inner() };
        let diagnostics = sync::into_inner(self.diagnostics);
        (counts, sorted_and_unique(diagnostics))
    }
}

/// Sorts diagnostics by page, and removes repeated ones: many pages render the same broken template.
fn sorted_and_unique(mut diagnostics: Vec<(usize, Diagnostic)>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|(index, _)| *index);
    let mut seen = HashSet::new();
    diagnostics.retain(|(_, diagnostic)| {
        let location = diagnostic.labels.first().map(|label| (label.source.path.clone(), label.span));
        seen.insert((location, diagnostic.message.clone()))
    });
    diagnostics.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}
