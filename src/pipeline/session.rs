//! A site that is kept up to date while its files change, for `tagline serve`: the same way as a build's, but that what has
//! not changed is not read again, and that pages are drawn when they are asked for.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use super::memo::Memo;
use super::{Compiled, Looks, Request, compile, has_errors, read_site, today};
use crate::diagnostics::Diagnostic;
use crate::images::cache::{Cache, Extent};
use crate::load::{self, Scan, Sources};
use crate::model::address::SitePath;
use crate::model::page::Page;
use crate::parse::{self, Bodies, Parsed};
use crate::register::Register;
use crate::render::{self, Progress, dependencies};
use crate::resolve::{Site, SitePage};
use crate::sales::{self, notes::SalesNotes};
use crate::sink::Nothing;
use crate::sink::memory::{Memory, Stored};
use crate::site_files;
use crate::theme::Theme;

/// What is known of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// What lies at these paths, below the root, was written, or is there no more. Nothing else has changed.
    Paths(BTreeSet<String>),
    /// Anything may have.
    Anything,
}

/// What was done about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redone {
    /// Nothing that is served depends on it.
    Nothing,
    /// The texts of some pages.
    Texts { pages: usize },
    /// The whole site was looked at; `read` files were read again and `drawn` pages are new or other ones.
    Site { read: usize, drawn: usize },
    /// There are errors: the last good site stays.
    Refused,
}

/// The files of one page, its channel pages and its thank-you pages.
type Drawn = Arc<HashMap<SitePath, Stored>>;

/// Keeps a site up to date. One thread does; others look at what it [serves](Session::served).
pub struct Session {
    request: Request,
    memo: Memo,
    scan: Option<Scan>,
    served: Arc<Served>,
    /// What is wrong now, also where the last good site stays.
    found: Vec<Diagnostic>,
    /// What the pages of the last good site depended on.
    drawn: Depends,
}

/// The last good site, to be asked for its files.
pub struct Served {
    built: RwLock<Option<Built>>,
    /// Makes the files of pictures that are asked for.
    pub images: Cache,
}

/// A site without errors.
pub struct Built {
    pub site: Site,
    pub theme: Theme,
    pub notes: SalesNotes,
    /// The tag register as the next build would write it.
    pub register: Register,
    pub lead_tags: usize,
    /// Pages that were asked for, by their index.
    pages: Mutex<HashMap<usize, Drawn>>,
    by_path: HashMap<String, usize>,
    files: HashMap<SitePath, Stored>,
    made_of_all: OnceLock<HashMap<SitePath, Stored>>,
    desk: OnceLock<HashMap<SitePath, Stored>>,
}

/// Pages that stay drawn in memory: more than anyone has open.
const MAX_DRAWN: usize = 64;

impl Session {
    pub fn new(request: Request) -> Session {
        let served = Served { built: RwLock::default(), images: Cache::below(&request.root) };
        Session {
            request,
            memo: Memo::default(),
            scan: None,
            served: Arc::new(served),
            found: Vec::new(),
            drawn: Depends::default(),
        }
    }

    pub fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served)
    }

    /// Every problem of the site as it is now.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Whether another day has begun since.
    pub fn is_another_day(&self) -> bool {
        let served = self.served.get();
        served.as_ref().is_some_and(|built| today(&self.request, &built.site.config) != built.site.options.today)
    }

    /// Where links may lead that files of the site are, beyond its own folders.
    pub fn scan(&self) -> Option<&Scan> {
        self.scan.as_ref()
    }

    /// Brings the site up to date.
    ///
    /// # Errors
    ///
    /// Where the environment fails: a folder that cannot be read. The last good site stays.
    pub fn refresh(&mut self, changed: &Changed, progress: Progress) -> anyhow::Result<Redone> {
        if let Changed::Paths(paths) = changed {
            paths.iter().for_each(|path| self.memo.forget(path));
            if let Some(pages) = self.texts(paths)? {
                return Ok(if pages == 0 { Redone::Nothing } else { Redone::Texts { pages } });
            }
        }
        self.whole_site(progress)
    }

    /// Where nothing but the texts of some pages has changed, and nothing is wrong with these before or after: these pages
    /// alone. How many; none where the whole site has to be looked at.
    fn texts(&mut self, paths: &BTreeSet<String>) -> anyhow::Result<Option<usize>> {
        let is_told_of = |path: &String| self.found.iter().any(|problem| problem.files().any(|file| file == path));
        if has_errors(&self.found) || paths.iter().any(is_told_of) {
            return Ok(None);
        }
        // Where there are links, one file may be several pages.
        let Some(scan) = self.scan.as_mut().filter(|scan| scan.link_targets.is_empty()) else { return Ok(None) };
        let paths: Vec<&String> = paths.iter().filter(|path| !is_passing(scan, path)).collect();
        let mut changed = 0;
        for path in paths {
            let Some(file) = path.strip_prefix("content/").filter(|file| file.ends_with(".md")) else {
                return Ok(None);
            };
            let Some((source, entry)) = load::page(scan, file)? else { return Ok(None) };
            let (parsed, found) = parse::page(file, &source, Bodies::All);
            let Parsed::Page(page) = &parsed else { return Ok(None) };
            if !found.is_empty() {
                return Ok(None);
            }
            if !self.served.replace_text(page, self.memo.sources())? {
                return Ok(None);
            }
            if let Some((drawn, _)) = self.drawn.pages.get_mut(file) {
                *drawn = Arc::clone(page);
            }
            scan.files.insert(path.clone(), entry.clone());
            self.memo.put(file, entry, parsed);
            changed += 1;
        }
        Ok(Some(changed))
    }

    fn whole_site(&mut self, progress: Progress) -> anyhow::Result<Redone> {
        let scan = load::scan(&self.request.root)?;
        let (site_read, mut found) = read_site(&scan, &self.request)?;
        let before = self.memo.known().pages.clone();
        let compiled = match site_read {
            None => None,
            Some((config, today)) => {
                let looks = Looks { images: &self.served.images, extent: Extent::Looked, progress };
                let (compiled, more) = compile(&scan, config, today, &self.request, Some(looks), Some(&mut self.memo))?;
                found.extend(more);
                compiled.filter(|_| !has_errors(&found))
            }
        };
        let read = self.memo.known().pages.iter().filter(|(file, entry)| before.get(*file) != Some(*entry)).count();
        self.scan = Some(scan);
        let Some(compiled) = compiled else {
            self.found = found;
            return Ok(Redone::Refused);
        };
        let depends = Depends::of(&compiled);
        let which = self.to_draw(&compiled.site, &depends);
        let (counts, problems) = render::pages(&compiled.site, &compiled.theme, &which, &Nothing, progress)?;
        found.extend(problems);
        compiled.site.config.levels.apply(&mut found);
        let is_good = !has_errors(&found);
        self.found = found;
        if !is_good {
            return Ok(Redone::Refused);
        }
        self.drawn = depends;
        let former = self.served.replace(Built::new(compiled)?);
        // Taking thousands of pages apart takes a while, and nobody has to wait for it.
        drop(former);
        Ok(Redone::Site { read, drawn: counts.pages })
    }

    /// The pages that may have become other ones, to be drawn once for what is wrong with them.
    fn to_draw(&self, site: &Site, depends: &Depends) -> Vec<usize> {
        let is_drawn = |page: &SitePage| {
            let (before, now) = (self.drawn.pages.get(&page.page.file), depends.pages.get(&page.page.file));
            before
                .zip(now)
                .is_some_and(|((page, beyond), (now, beyond_now))| Arc::ptr_eq(page, now) && beyond == beyond_now)
        };
        let is_new = |page: &SitePage| self.drawn.shared != depends.shared || !is_drawn(page);
        site.published().filter(|(_, page)| is_new(page)).map(|(index, _)| index).collect()
    }
}

/// What the pages of a site depend on.
#[derive(Default)]
struct Depends {
    shared: u64,
    /// By the page's file: the page as it was read, and what it depends on beyond that.
    pages: HashMap<String, (Arc<Page>, u64)>,
}

impl Depends {
    fn of(compiled: &Compiled) -> Depends {
        let Compiled { site, theme, .. } = compiled;
        let pages = site.published().map(|(_, page)| {
            (page.page.file.clone(), (Arc::clone(&page.page), dependencies::page_fingerprint(site, page)))
        });
        Depends { shared: dependencies::site_fingerprint(site, theme), pages: pages.collect() }
    }
}

/// Whether a path is what an editor made and took away again while it saved: nothing was known there, in it or below it,
/// and nothing is.
fn is_passing(scan: &Scan, path: &str) -> bool {
    let below = format!("{path}/");
    let is_known = scan.files.contains_key(path)
        || scan.files.range(below.clone()..).next().is_some_and(|(known, _)| known.starts_with(&below));
    !is_known && scan.root.join(path).symlink_metadata().is_err()
}

impl Served {
    /// The last good site; none while there has never been one.
    pub fn get(&self) -> RwLockReadGuard<'_, Option<Built>> {
        self.built.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, built: Built) -> Option<Built> {
        self.built.write().unwrap_or_else(PoisonError::into_inner).replace(built)
    }

    fn replace_text(&self, page: &Arc<Page>, sources: &Sources) -> anyhow::Result<bool> {
        let mut built = self.built.write().unwrap_or_else(PoisonError::into_inner);
        built.as_mut().map_or(Ok(false), |built| built.replace_text(Arc::clone(page), sources))
    }
}

impl Built {
    fn new(compiled: Compiled) -> anyhow::Result<Built> {
        let Compiled { site, theme, notes, changes, lead_tags, picture_digests: _ } = compiled;
        let files = Memory::default();
        site_files::files(&site, &theme, &files)?;
        let by_path = site.published().map(|(index, page)| (page.path.as_str().to_owned(), index)).collect();
        Ok(Built {
            site,
            theme,
            notes,
            register: changes.register,
            lead_tags,
            pages: Mutex::default(),
            by_path,
            files: files.into_files(),
            made_of_all: OnceLock::new(),
            desk: OnceLock::new(),
        })
    }

    /// False, with the page as it was, where the whole site has to be looked at.
    fn replace_text(&mut self, page: Arc<Page>, sources: &Sources) -> anyhow::Result<bool> {
        let Some((index, former)) = self.site.replace_text(page, sources, &self.theme.names) else { return Ok(false) };
        self.pages.get_mut().unwrap_or_else(PoisonError::into_inner).remove(&index);
        if !self.site.pages[index].state.is_published(self.site.options.preview) {
            return Ok(true);
        }
        let sink = Memory::default();
        let problems = render::page(&self.site, &self.theme, index, &sink)?;
        if !problems.is_empty() {
            self.site.restore(index, former);
            return Ok(false);
        }
        self.pages.get_mut().unwrap_or_else(PoisonError::into_inner).insert(index, Arc::new(sink.into_files()));
        Ok(true)
    }

    /// A file of the site, by the path of its address.
    ///
    /// # Errors
    ///
    /// Where a file for all pages cannot be written, which is a mistake of this program.
    pub fn file(&self, path: &SitePath) -> anyhow::Result<Option<Stored>> {
        if let Some(stored) = self.files.get(path) {
            return Ok(Some(stored.clone()));
        }
        if let Some(index) = self.page_of(path) {
            return Ok(self.page(index)?.get(path).cloned());
        }
        Ok(self.made_of_all_pages()?.get(path).cloned())
    }

    /// The page for addresses that do not exist.
    pub fn not_found(&self) -> anyhow::Result<Option<Stored>> {
        let sink = Memory::default();
        render::not_found(&self.site, &self.theme, &sink)?;
        Ok(sink.into_files().remove(&SitePath::fixed("404.html")))
    }

    /// A file of `sales/`.
    pub fn sales_file(&self, path: &SitePath) -> anyhow::Result<Option<Stored>> {
        let files = match self.desk.get() {
            Some(files) => files,
            None => {
                let sink = Memory::default();
                sales::write(&self.site, &self.register, &self.notes, &sink)?;
                self.desk.get_or_init(|| sink.into_files())
            }
        };
        Ok(files.get(path).cloned())
    }

    /// Every file of the site.
    pub fn all_files(&self) -> anyhow::Result<HashMap<SitePath, Stored>> {
        let sink = Memory::default();
        render::site(&self.site, &self.theme, &self.register, &sink, &|_, _| {})?;
        Ok(sink.into_files())
    }

    /// The page that an address belongs to: its own, one of its channel pages', or of its thank-you pages'.
    fn page_of(&self, path: &SitePath) -> Option<usize> {
        let path = path.as_str();
        let above = || {
            let (rest, _) = path.strip_suffix('/')?.rsplit_once('/')?;
            let page = rest.strip_suffix("via").or_else(|| rest.strip_suffix("thanks"))?;
            self.by_path.get(page)
        };
        self.by_path.get(path).or_else(above).copied()
    }

    fn page(&self, index: usize) -> anyhow::Result<Drawn> {
        let pages = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drawn) = pages().get(&index) {
            return Ok(Arc::clone(drawn));
        }
        let sink = Memory::default();
        render::page(&self.site, &self.theme, index, &sink)?;
        let drawn: Drawn = Arc::new(sink.into_files());
        let mut pages = pages();
        if pages.len() >= MAX_DRAWN {
            pages.clear();
        }
        pages.insert(index, Arc::clone(&drawn));
        Ok(drawn)
    }

    fn made_of_all_pages(&self) -> anyhow::Result<&HashMap<SitePath, Stored>> {
        if let Some(files) = self.made_of_all.get() {
            return Ok(files);
        }
        let sink = Memory::default();
        site_files::made_of_all_pages(&self.site, &self.register, &sink)?;
        Ok(self.made_of_all.get_or_init(|| sink.into_files()))
    }
}
