//! The last good site in memory: its files are rendered when a browser requests them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, RwLock, RwLockReadGuard};

use crate::images::cache::ImageCache;
use crate::load::Sources;
use crate::model::address::SitePath;
use crate::parse::ParsedPage;
use crate::pipeline::compile::Compiled;
use crate::register::Register;
use crate::render;
use crate::resolve::{self, PageContents, Site};
use crate::sales::{self, notes::SalesNotes};
use crate::sink::memory::{MemorySink, StoredFile};
use crate::site_files;
use crate::sync;
use crate::theme::Theme;

/// The last good site, shared between the session and the server.
pub struct SharedSite {
    site: RwLock<Option<ServedSite>>,
    /// Makes the requested files of pictures.
    pub images: ImageCache,
}

/// A site without errors.
pub struct ServedSite {
    pub site: Site,
    contents: PageContents,
    pub theme: Theme,
    pub notes: SalesNotes,
    /// The tag register as the next build would write it.
    pub register: Register,
    pub lead_tags: usize,
    /// Rendered pages by their index.
    pages: Mutex<HashMap<usize, PageFiles>>,
    by_path: HashMap<String, usize>,
    files: HashMap<SitePath, StoredFile>,
    /// The files that list all pages, such as the sitemap.
    listings: OnceLock<HashMap<SitePath, StoredFile>>,
    sales_files: OnceLock<HashMap<SitePath, StoredFile>>,
}

/// The files of one page, its channel pages and its thank-you pages.
type PageFiles = Arc<HashMap<SitePath, StoredFile>>;

/// Rendered pages that are cached. Nobody has so many open.
const MAX_CACHED_PAGES: usize = 64;

impl SharedSite {
    pub fn new(root: &Path) -> SharedSite {
        SharedSite { site: RwLock::default(), images: ImageCache::new(root) }
    }

    /// The last good site, or `None` if there has never been one.
    pub fn get(&self) -> RwLockReadGuard<'_, Option<ServedSite>> {
        sync::read(&self.site)
    }

    pub(super) fn replace(&self, site: ServedSite) {
        let former = sync::write(&self.site).replace(site);
        // Freeing thousands of pages takes a while, so it happens without the lock.
        drop(former);
    }

    pub(super) fn replace_text(&self, page: &ParsedPage, sources: &Sources) -> anyhow::Result<bool> {
        let mut site = sync::write(&self.site);
        site.as_mut().map_or(Ok(false), |site| site.replace_text(page, sources))
    }
}

impl ServedSite {
    pub(super) fn new(compiled: Compiled, contents: PageContents) -> anyhow::Result<ServedSite> {
        let Compiled { site, theme, notes, changes, listing: _, lead_tags, picture_digests: _ } = compiled;
        let files = MemorySink::default();
        site_files::assets(&site, &theme, &files)?;
        let by_path = site.published().map(|(index, page)| (page.path.as_str().to_owned(), index)).collect();
        Ok(ServedSite {
            site,
            contents,
            theme,
            notes,
            register: changes.register,
            lead_tags,
            pages: Mutex::default(),
            by_path,
            files: files.into_files(),
            listings: OnceLock::new(),
            sales_files: OnceLock::new(),
        })
    }

    /// Returns a file of the site by the path of its address.
    ///
    /// # Errors
    ///
    /// If a file that lists all pages cannot be written, which is a bug.
    pub fn file(&self, path: &SitePath) -> anyhow::Result<Option<StoredFile>> {
        if let Some(stored) = self.files.get(path) {
            return Ok(Some(stored.clone()));
        }
        if let Some(index) = self.page_at(path) {
            return Ok(self.page_files(index)?.get(path).cloned());
        }
        Ok(self.listings()?.get(path).cloned())
    }

    /// Returns the page for unknown addresses.
    pub fn not_found(&self) -> anyhow::Result<Option<StoredFile>> {
        let path = SitePath::fixed("404.html");
        if let Some(own) = self.files.get(&path) {
            return Ok(Some(own.clone()));
        }
        let sink = MemorySink::default();
        render::not_found(&self.site, &self.theme, &sink)?;
        Ok(sink.into_files().remove(&path))
    }

    /// Returns a file of `sales/`.
    pub fn sales_file(&self, path: &SitePath) -> anyhow::Result<Option<StoredFile>> {
        let files = match self.sales_files.get() {
            Some(files) => files,
            None => {
                let sink = MemorySink::default();
                sales::write(&self.site, &self.register, &self.notes, &sink)?;
                self.sales_files.get_or_init(|| sink.into_files())
            }
        };
        Ok(files.get(path).cloned())
    }

    /// Renders every file of the site.
    pub fn all_files(&self) -> anyhow::Result<HashMap<SitePath, StoredFile>> {
        let sink = MemorySink::default();
        render::site(&self.site, &self.contents.bodies, &self.theme, &self.register, &sink, &|_, _| {})?;
        Ok(sink.into_files())
    }

    /// Replaces the text of a page. Returns false, and changes nothing, if the whole site has to be compiled.
    fn replace_text(&mut self, page: &ParsedPage, sources: &Sources) -> anyhow::Result<bool> {
        let ServedSite { site, contents, theme, .. } = self;
        let Some(former) = resolve::replace_text(site, contents, page, sources, &theme.names) else {
            return Ok(false);
        };
        let index = former.index();
        sync::get_mut(&mut self.pages).remove(&index);
        if !self.site.pages[index].state.is_published(self.site.options.preview) {
            return Ok(true);
        }
        let sink = MemorySink::default();
        let diagnostics = render::page(&self.site, &self.contents.bodies, &self.theme, index, &sink)?;
        if !diagnostics.is_empty() {
            resolve::restore(&mut self.site, &mut self.contents, former);
            return Ok(false);
        }
        sync::get_mut(&mut self.pages).insert(index, Arc::new(sink.into_files()));
        Ok(true)
    }

    /// The page that an address belongs to: its own, or one of its channel pages or thank-you pages.
    fn page_at(&self, path: &SitePath) -> Option<usize> {
        let path = path.as_str();
        let page_above = || {
            let (rest, _) = path.strip_suffix('/')?.rsplit_once('/')?;
            let page = rest.strip_suffix("via").or_else(|| rest.strip_suffix("thanks"))?;
            self.by_path.get(page)
        };
        self.by_path.get(path).or_else(page_above).copied()
    }

    fn page_files(&self, index: usize) -> anyhow::Result<PageFiles> {
        if let Some(files) = sync::lock(&self.pages).get(&index) {
            return Ok(Arc::clone(files));
        }
        let sink = MemorySink::default();
        render::page(&self.site, &self.contents.bodies, &self.theme, index, &sink)?;
        let files: PageFiles = Arc::new(sink.into_files());
        let mut pages = sync::lock(&self.pages);
        if pages.len() >= MAX_CACHED_PAGES {
            pages.clear();
        }
        pages.insert(index, Arc::clone(&files));
        Ok(files)
    }

    fn listings(&self) -> anyhow::Result<&HashMap<SitePath, StoredFile>> {
        if let Some(files) = self.listings.get() {
            return Ok(files);
        }
        let sink = MemorySink::default();
        site_files::from_all_pages(&self.site, &self.register, &sink)?;
        Ok(self.listings.get_or_init(|| sink.into_files()))
    }
}
