//! Keeps a site up to date while its files change, for `tagline serve`. It compiles like a build, but it does not read
//! unchanged files again, and pages are rendered on request.

mod rendered;
mod servable;
mod served;
mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::rendered::RenderedPages;
use self::servable::{Servable, Surroundings};
use self::served::Stale;
pub use self::served::{ServedSite, SharedSite, Shown};
use super::compile::{self, Pictures, Scope};
use super::inputs::{self, Inputs};
use super::memo::Memo;
use super::outcome::complete;
use super::request::Request;
use crate::diagnostics::{Diagnostic, Findings, Severity};
use crate::load::{self, Scan};
use crate::parse::{self, Original, Parsed, Translates, translation};
use crate::render::Progress;

/// What changed in a site's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Files or folders that were written or removed, by their paths below the root. Nothing else changed.
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
    /// The whole site was compiled. `read` pages were read again, and `rendered` pages may have changed. `stale` pages have
    /// errors: they are shown in their last version without, or not at all.
    Site { read: usize, rendered: usize, stale: usize },
    /// Errors concern the whole site, which stays as it was.
    Refused,
    /// Errors concern the whole site, and there has never been a version without.
    Unavailable,
}

/// Keeps a site up to date on one thread. Other threads read from [`Session::shared`].
pub struct Session {
    request: Request,
    memo: Memo,
    /// The last scan. The watcher follows its symlink targets outside the site's folders.
    scan: Option<Scan>,
    shared: Arc<SharedSite>,
    diagnostics: Vec<Diagnostic>,
    /// The pages of the served site. `None` until there is one.
    rendered: Option<RenderedPages>,
}

impl Session {
    pub fn new(request: Request) -> Session {
        let shared = Arc::new(SharedSite::new(&request.root));
        Session { request, memo: Memo::default(), scan: None, shared, diagnostics: Vec::new(), rendered: None }
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
            let settings = self.memo.settings();
            let of_translation = translation::original_of(file, settings.languages);
            let original = match &of_translation {
                Some((_, original)) => match load::page(scan, original)? {
                    Some((source, _)) => Some(Original::parse(original, &source)),
                    None => return Ok(None),
                },
                None => None,
            };
            let languages = of_translation.as_ref().map(|(language, _)| *language);
            let translates = languages.zip(original.as_ref());
            let translates = translates.map(|(language, original)| Translates { language, original });
            let (parsed, diagnostics) = parse::page(file, &source, translates, settings, self.memo.bodies());
            let Parsed::Page(page) = &parsed else { return Ok(None) };
            if !diagnostics.is_empty() || !self.shared.replace_text(page, self.memo.sources())? {
                return Ok(None);
            }
            if let Some(rendered) = &mut self.rendered {
                rendered.replace(&page.page);
            }
            scan.files.insert(path.clone(), entry.clone());
            self.memo.replace(file, entry, parsed);
            replaced += 1;
        }
        Ok(Some(replaced))
    }

    /// Compiles the whole site and serves it. Pages with errors stay as they were, or are left out.
    fn compile(&mut self, progress: Progress) -> anyhow::Result<Refresh> {
        let scan = load::scan(&self.request.root)?;
        let (inputs, mut findings) = inputs::read(&self.request, &scan)?;
        let made = match &inputs {
            Some(inputs) => make(inputs, &self.shared, &self.rendered, &mut self.memo, progress, &mut findings)?,
            None => None,
        };
        let read = self.memo.pages_read();
        self.diagnostics = complete(findings, &scan)?;
        self.scan = Some(scan);
        let Some(Servable { compiled, contents, rendered, counts, versions, left_out }) = made else {
            return Ok(if self.rendered.is_some() { Refresh::Refused } else { Refresh::Unavailable });
        };
        self.memo.record_good(|file| !versions.is_current(file));
        self.rendered = Some(rendered);
        let stale = Stale { last_good: versions.last_good(), left_out };
        self.shared.replace(ServedSite::new(compiled, contents, stale)?);
        Ok(Refresh::Site { read, rendered: counts.pages, stale: versions.stale() })
    }
}

/// Reads the changed files and makes a site that can be served. Returns `None` if errors concern the whole site.
fn make(
    inputs: &Inputs,
    shared: &SharedSite,
    rendered: &Option<RenderedPages>,
    memo: &mut Memo,
    progress: Progress,
    findings: &mut Findings,
) -> anyhow::Result<Option<Servable>> {
    let pictures = Pictures { cache: &shared.images, progress };
    let Some(content) = compile::read(inputs, &mut Scope::Serve(pictures, memo), findings)? else { return Ok(None) };
    let surroundings = Surroundings { inputs, memo, images: &shared.images, served: rendered.as_ref(), progress };
    let (made, sources) = servable::make(&surroundings, content, findings)?;
    memo.store(inputs.scan, sources);
    Ok(made)
}

/// Returns whether an editor made a path and removed it while it saved: neither the last scan nor the disk has it.
fn is_temporary(scan: &Scan, path: &str) -> bool {
    let below = format!("{path}/");
    let was_there = scan.files.contains_key(path)
        || scan.files.range(below.clone()..).next().is_some_and(|(file, _)| file.starts_with(&below));
    !was_there && scan.root.join(path).symlink_metadata().is_err()
}
