//! The served site in memory: its files are rendered when a browser requests them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, RwLock, RwLockReadGuard};

use serde::Serialize;

use crate::images::cache::ImageCache;
use crate::load::Sources;
use crate::model::block::BlockDeclaration;
use crate::model::site_path::SitePath;
use crate::parse::ParsedPage;
use crate::pipeline::compile::Compiled;
use crate::register::Register;
use crate::render::{self, Variation};
use crate::resolve::{self, PageContents, Site, SitePage, State};
use crate::sales::{self, notes::SalesNotes};
use crate::sink::memory::{MemorySink, StoredFile};
use crate::site_files;
use crate::sync;
use crate::theme::Theme;

/// The served site, shared between the session and the server.
pub struct SharedSite {
    site: RwLock<Option<ServedSite>>,
    /// Makes the requested files of pictures.
    pub images: ImageCache,
}

/// A site of which every page can be rendered. Pages with errors are in it as they were before, or left out.
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
    /// The pages in their last version without errors, by their paths below the root.
    last_good: BTreeSet<String>,
    /// The pages that are left out: their paths below the root, by their addresses.
    left_out: BTreeMap<String, String>,
    /// The last version of the site without left out pages, while there are any. It shows them as they were.
    former: Option<Box<ServedSite>>,
}

/// The pages of a site with errors, by their paths below the root.
pub struct Stale {
    /// Pages in their last version without errors.
    pub last_good: BTreeSet<String>,
    /// Pages that are not in the site, each with its address.
    pub left_out: Vec<(String, Option<SitePath>)>,
}

/// What a visitor of an address sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// The page as its file is now.
    Current,
    /// The last version of the page without errors.
    LastGood,
    /// Only the errors.
    Errors,
}

/// The files of one page, its channel pages and its thank-you pages.
type PageFiles = Arc<HashMap<SitePath, StoredFile>>;

/// Rendered pages that are cached. Nobody has so many open.
const MAX_CACHED_PAGES: usize = 64;

impl SharedSite {
    pub fn new(root: &Path) -> SharedSite {
        SharedSite { site: RwLock::default(), images: ImageCache::new(root) }
    }

    /// The site, or `None` until it could be served for the first time.
    pub fn get(&self) -> RwLockReadGuard<'_, Option<ServedSite>> {
        sync::read(&self.site)
    }

    pub(super) fn replace(&self, mut site: ServedSite) {
        let mut shared = sync::write(&self.site);
        let mut former = shared.take();
        if !site.left_out.is_empty() {
            site.take_over(&mut former);
        }
        *shared = Some(site);
        drop(shared);
        // Freeing thousands of pages takes a while, so it happens without the lock.
        drop(former);
    }

    pub(super) fn replace_text(&self, page: &ParsedPage, sources: &Sources) -> anyhow::Result<bool> {
        let mut site = sync::write(&self.site);
        site.as_mut().map_or(Ok(false), |site| site.replace_text(page, sources))
    }
}

impl ServedSite {
    pub(super) fn new(compiled: Compiled, contents: PageContents, stale: Stale) -> anyhow::Result<ServedSite> {
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
            last_good: stale.last_good,
            left_out: stale
                .left_out
                .into_iter()
                .filter_map(|(file, path)| Some((path?.as_str().to_owned(), file)))
                .collect(),
            former: None,
        })
    }

    /// Takes the last version without left out pages from the site that this one replaces.
    fn take_over(&mut self, replaced: &mut Option<ServedSite>) {
        self.former = match replaced {
            Some(replaced) if !replaced.left_out.is_empty() => replaced.former.take(),
            replaced => replaced.take().map(Box::new),
        };
        let Some(former) = &self.former else { return };
        // The address may depend on the part of the page that cannot be read.
        for file in self.left_out.values().cloned().collect::<Vec<_>>() {
            let page = file.strip_prefix("content/").and_then(|file| former.site.page_files.page(file));
            if let Some(page) = page {
                self.left_out.insert(former.site.pages[page].path.as_str().to_owned(), file);
            }
        }
    }

    /// The pages with errors, by their paths below the root, each with its address and what is shown there.
    pub fn stale_pages(&self) -> Vec<(&str, String, Shown)> {
        let rooted = |path: &str| SitePath::parse(path).map(|path| self.site.config.base_url.rooted(&path));
        let last_good = self.site.pages.iter().filter(|page| self.last_good.contains(&page.page.source.path));
        let last_good = last_good.map(|page| (page.page.source.path.as_str(), page.path.as_str()));
        let left_out = self.left_out.iter().map(|(path, file)| (file.as_str(), path.as_str()));
        let pages = last_good.chain(left_out);
        pages.filter_map(|(file, path)| Some((file, rooted(path)?, self.shown(&SitePath::parse(path)?).0))).collect()
    }

    /// Returns what a visitor of an address sees, and the file of its page.
    pub fn shown(&self, path: &SitePath) -> (Shown, Option<&str>) {
        if let Some(index) = self.page_at(path) {
            let file = self.site.pages[index].page.source.path.as_str();
            return (if self.last_good.contains(file) { Shown::LastGood } else { Shown::Current }, Some(file));
        }
        match self.left_out_at(path) {
            Some(file) if self.former_page(path).is_some() => (Shown::LastGood, Some(file)),
            Some(file) => (Shown::Errors, Some(file)),
            None => (Shown::Current, None),
        }
    }

    /// Returns the file of the left out page that an address belongs to.
    fn left_out_at(&self, path: &SitePath) -> Option<&str> {
        of_page(path, |path| self.left_out.get(path)).map(String::as_str)
    }

    /// The page of the former site that an address belongs to, if it is left out now.
    fn former_page(&self, path: &SitePath) -> Option<(&ServedSite, usize)> {
        let file = self.left_out_at(path)?;
        let former = self.former.as_deref()?;
        let index = former.page_at(path)?;
        (former.site.pages[index].page.source.path == file).then_some((former, index))
    }

    /// Returns a file of a page that is left out, as it was in the former site.
    fn former_file(&self, path: &SitePath) -> anyhow::Result<Option<StoredFile>> {
        if let Some((former, index)) = self.former_page(path) {
            return Ok(former.page_files(index)?.get(path).cloned());
        }
        // Its pictures and stylesheets.
        Ok(self.former.as_ref().and_then(|former| former.files.get(path)).cloned())
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
        // Below a page there are also redirects from channel pages that it no longer has.
        if let Some(index) = self.page_at(path)
            && let Some(stored) = self.page_files(index)?.get(path)
        {
            return Ok(Some(stored.clone()));
        }
        if let Some(stored) = self.listings()?.get(path) {
            return Ok(Some(stored.clone()));
        }
        // A font of a look that no page has: the page with all looks shows it.
        if let Some(bytes) = self.theme.asset(path) {
            return Ok(Some(StoredFile::Bytes(bytes.into())));
        }
        self.former_file(path)
    }

    /// Renders a page in a variation. Returns `None` if there is no such page or look, or if the page does not have the block.
    pub fn page_varied(&self, path: &SitePath, variation: Variation) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(index) = self.page_at(path) else { return Ok(None) };
        let has_look = |look: &str| self.theme.looks().iter().any(|declared| declared.name == look);
        if !variation.look.is_none_or(has_look) || !variation.block.is_none_or(|block| self.has_block(index, block)) {
            return Ok(None);
        }
        let sink = MemorySink::default();
        render::page_varied(&self.site, &self.contents.bodies, &self.theme, index, variation, &sink)?;
        Ok(match sink.into_files().remove(path) {
            Some(StoredFile::Bytes(page)) => Some(page.to_vec()),
            Some(StoredFile::Source(_) | StoredFile::Image(_)) | None => None,
        })
    }

    fn has_block(&self, index: usize, name: &str) -> bool {
        self.contents.outlines[index].blocks.iter().any(|block| block.name == name)
    }

    /// The blocks of the theme that can stand by themselves, each with the first page that shows one. The page of an ended
    /// campaign shows none.
    pub fn blocks(&self) -> impl Iterator<Item = (&str, Option<&BlockDeclaration>, Option<&SitePage>)> {
        let by_itself = self
            .theme
            .names
            .blocks
            .iter()
            .filter(|(_, declaration)| declaration.as_ref().is_none_or(|declaration| declaration.inside.is_none()));
        by_itself.map(|(name, declaration)| {
            let shows = |(index, page): &(usize, &SitePage)| page.state != State::Ended && self.has_block(*index, name);
            (name.as_str(), declaration.as_ref(), self.site.published().find(shows).map(|(_, page)| page))
        })
    }

    /// The looks of the theme, each with what it is for.
    pub fn looks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.theme.looks().iter().map(|look| (look.name.as_str(), look.about.as_str()))
    }

    /// The look of the site. Empty if the theme has none.
    pub fn look(&self) -> &str {
        &self.theme.appearance.look
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
                let fingerprint = sales::fingerprint(&self.site, &self.register, &self.notes);
                sales::write(&self.site, &self.register, &self.notes, fingerprint, &sink)?;
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

    fn page_at(&self, path: &SitePath) -> Option<usize> {
        of_page(path, |path| self.by_path.get(path)).copied()
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

/// Looks up the page that an address belongs to: its own, or one of its channel pages or thank-you pages.
fn of_page<'p, T>(path: &'p SitePath, look_up: impl Fn(&'p str) -> Option<T>) -> Option<T> {
    let path = path.as_str();
    let page_above = || {
        let (rest, _) = path.strip_suffix('/')?.rsplit_once('/')?;
        let page = rest.strip_suffix("via").or_else(|| rest.strip_suffix("thanks"))?;
        look_up(page)
    };
    look_up(path).or_else(page_above)
}
