//! Keeps a site up to date while its files change, for `tagline serve`. It compiles like a build, but it does not read
//! unchanged files again, and pages are rendered on request.

mod rendered;
mod served;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::rendered::RenderedPages;
pub use self::served::{ServedSite, SharedSite};
use super::compile::{Bodies, Compiled, Pictures, Scope, compile};
use super::inputs;
use super::memo::Memo;
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Findings, Severity};
use crate::load::{self, Scan};
use crate::parse::{self, Parsed};
use crate::render::{self, Counts, Progress};
use crate::resolve::PageContents;
use crate::sink::DiscardSink;

/// What changed in a site's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Files or folders that were written or removed, by their paths below the root. DiscardSink else changed.
    Paths(BTreeSet<String>),
    /// Anything may have changed.
    Anything,
}

/// What a session did about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// No served file depends on the change.
    Nothing,
    /// Only the texts of some pages were replaced.
    Texts { pages: usize },
    /// The whole site was compiled. `read` pages were read again, and `rendered` pages may have changed.
    Site { read: usize, rendered: usize },
    /// The site has errors. The last good site stays.
    Refused,
}

/// Keeps a site up to date on one thread. Other threads read from [`Session::shared`].
pub struct Session {
    request: Request,
    memo: Memo,
    /// The last scan. The watcher follows its symlink targets outside the site's folders.
    scan: Option<Scan>,
    shared: Arc<SharedSite>,
    diagnostics: Vec<Diagnostic>,
    /// The pages of the last good site.
    rendered: RenderedPages,
}

impl Session {
    pub fn new(request: Request) -> Session {
        let shared = Arc::new(SharedSite::new(&request.root));
        Session {
            request,
            memo: Memo::default(),
            scan: None,
            shared,
            diagnostics: Vec::new(),
            rendered: RenderedPages::default(),
        }
    }

    pub fn shared(&self) -> Arc<SharedSite> {
        Arc::clone(&self.shared)
    }

    /// The diagnostics of the present files, also while the last good site stays.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub fn scan(&self) -> Option<&Scan> {
        self.scan.as_ref()
    }

    /// Returns whether a new day has begun since the site was compiled.
    pub fn is_another_day(&self) -> bool {
        let served = self.shared.get();
        let served = served.as_ref();
        served.is_some_and(|served| inputs::today(&self.request, &served.site.config) != served.site.options.today)
    }

    /// Brings the site up to date.
    ///
    /// # Errors
    ///
    /// If the environment fails, such as a folder that cannot be read. The last good site stays.
    pub fn refresh(&mut self, changed: &Changed, progress: Progress) -> anyhow::Result<Refresh> {
        if let Changed::Paths(paths) = changed {
            paths.iter().for_each(|path| self.memo.forget(path));
            if let Some(pages) = self.replace_texts(paths)? {
                return Ok(if pages == 0 { Refresh::Nothing } else { Refresh::Texts { pages } });
            }
        }
        self.compile(progress)
    }

    /// Replaces the texts of pages, if nothing else changed and these pages have no diagnostics before or after. Returns
    /// their number, or `None` if the whole site has to be compiled.
    fn replace_texts(&mut self, paths: &BTreeSet<String>) -> anyhow::Result<Option<usize>> {
        let has_errors = self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let is_reported = |path: &String| self.diagnostics.iter().any(|found| found.files().any(|file| file == path));
        if has_errors || paths.iter().any(is_reported) {
            return Ok(None);
        }
        // With symlinks, one file may be several pages.
        let Some(scan) = self.scan.as_mut().filter(|scan| scan.link_targets.is_empty()) else { return Ok(None) };
        let mut replaced = 0;
        for path in paths.iter().filter(|path| !is_temporary(scan, path)).collect::<Vec<_>>() {
            let Some(file) = path.strip_prefix("content/").filter(|file| file.ends_with(".md")) else {
                return Ok(None);
            };
            let Some((source, entry)) = load::page(scan, file)? else { return Ok(None) };
            let (parsed, diagnostics) = parse::page(file, &source, self.memo.settings(), self.memo.bodies());
            let Parsed::Page(page) = &parsed else { return Ok(None) };
            if !diagnostics.is_empty() || !self.shared.replace_text(page, self.memo.sources())? {
                return Ok(None);
            }
            self.rendered.replace(&page.page);
            scan.files.insert(path.clone(), entry.clone());
            self.memo.replace(file, entry, parsed);
            replaced += 1;
        }
        Ok(Some(replaced))
    }

    /// Compiles the whole site and serves it, unless it has errors.
    fn compile(&mut self, progress: Progress) -> anyhow::Result<Refresh> {
        let scan = load::scan(&self.request.root)?;
        let (inputs, mut findings) = inputs::read(&self.request, &scan)?;
        let compiled = match &inputs {
            Some(inputs) => {
                let pictures = Pictures { cache: &self.shared.images, progress };
                compile(inputs, Scope::Serve(pictures, &mut self.memo), &mut findings)?
            }
            None => None,
        };
        let read = self.memo.pages_read();
        let good = match compiled {
            Some((compiled, bodies)) => self.render_changed(compiled, bodies, progress, &mut findings)?,
            None => None,
        };
        self.diagnostics = complete(findings, &scan)?;
        self.scan = Some(scan);
        let Some((compiled, bodies, rendered, counts)) = good else { return Ok(Refresh::Refused) };
        self.rendered = rendered;
        let contents = PageContents { bodies, outlines: self.memo.take_outlines() };
        self.shared.replace(ServedSite::new(compiled, contents)?);
        Ok(Refresh::Site { read, rendered: counts.pages })
    }

    /// Renders the pages that may have changed once, to find their errors. Returns `None` if there are any.
    fn render_changed(
        &self,
        compiled: Compiled,
        bodies: Bodies,
        progress: Progress,
        findings: &mut Findings,
    ) -> anyhow::Result<Option<(Compiled, Bodies, RenderedPages, Counts)>> {
        let rendered = RenderedPages::of(&compiled);
        let changed = self.rendered.changed(&compiled.site, &rendered);
        let Compiled { site, theme, .. } = &compiled;
        let (counts, diagnostics) = render::pages(site, &bodies, theme, &changed, &DiscardSink, progress)?;
        findings.extend(diagnostics);
        Ok(Some((compiled, bodies, rendered, counts)).filter(|_| !findings.has_errors()))
    }
}

/// Returns whether an editor made a path and removed it while it saved: neither the last scan nor the disk has it.
fn is_temporary(scan: &Scan, path: &str) -> bool {
    let below = format!("{path}/");
    let was_there = scan.files.contains_key(path)
        || scan.files.range(below.clone()..).next().is_some_and(|(file, _)| file.starts_with(&below));
    !was_there && scan.root.join(path).symlink_metadata().is_err()
}
