//! From pages, each read for itself, to a [`Site`]: addresses, states on a day, and what every link,
//! image and call to action refers to.

mod campaigns;
mod destinations;
mod files;
mod links;
mod missing;
mod paths;
mod providers;
mod replace;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::diagnostics::{Diagnostic, list, nearest};
use crate::images::plan::{DerivedImages, Picture};
use crate::load::Sources;
use crate::model::address::SitePath;
use crate::model::cta::Cta;
use crate::model::file::Asset;
use crate::model::offer::Offer;
use crate::model::page::Page;
use crate::model::site::{Analytics, SiteConfig};
use crate::model::slug::Slug;
use crate::model::variant::Variant;
use crate::parse::Parsed;
use crate::rules::Rule;
use crate::source::SourceText;

pub use links::{PageFiles, joined};
pub use paths::{hashed_name, of_page as page_path};
pub use replace::Replaced;

/// What a build is asked for besides the site itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day the site is built for, in its time zone.
    pub today: Date,
    /// Drafts and scheduled pages too, and forms that send nothing.
    pub preview: bool,
    /// The site is served to be tried: forms are as published, also in a preview, and nothing is measured.
    pub rehearsal: bool,
    /// Off only to hold minified pages against the others.
    pub minify: bool,
}

/// A whole site on a day. Pages are in the order of their files.
pub struct Site {
    pub config: Arc<SiteConfig>,
    pub options: Options,
    pub pages: Vec<SitePage>,
    pub page_files: PageFiles,
    /// Campaigns by id, in the order of their ids: the page's index.
    pub campaigns: BTreeMap<Slug, usize>,
    /// Ids that campaigns had before.
    pub former_campaigns: BTreeMap<Slug, usize>,
    pub offers: Vec<Offer>,
    /// The calls to action that pages offer of other campaigns: by the page, the campaign's page and the id.
    pub shown_elsewhere: BTreeMap<usize, Vec<(usize, Slug)>>,
    /// The files that public pages refer to, by what they are published as.
    pub files: BTreeMap<SitePath, Asset>,
    /// The pictures that public pages show.
    pub pictures: DerivedImages,
    /// The files of `static/`, copied as they are.
    pub static_files: Vec<(SitePath, PathBuf)>,
    /// The pages of HTML among the files of authors, published or not, by where they lie.
    pub html_files: HashMap<PathBuf, Arc<SourceText>>,
    /// The site's logo, if it has one.
    pub logo: Option<SitePath>,
    /// Where each entry of the navigation leads.
    pub navigation: Vec<Target>,
    /// Old addresses, with the page that each leads to now.
    pub aliases: Vec<(SitePath, usize)>,
    /// The next day on which the output changes.
    pub next_change: Option<Date>,
    /// Some page could not be read, or not whole, and that is told: what seems to be missing in the site may be there.
    pub is_partly_read: bool,
}

/// A page in its site.
pub struct SitePage {
    pub page: Arc<Page>,
    pub path: SitePath,
    pub state: State,
    pub layout: String,
    /// The campaign's id, where the page is one.
    pub campaign: Option<Slug>,
    /// What the links and images of the body refer to, by their index there.
    pub links: Vec<Target>,
    pub image: Option<Arc<Picture>>,
    pub after_end: Option<usize>,
    /// The nearest published page that it lies below.
    pub above: Option<usize>,
    /// Calls to action of this page by their id.
    pub ctas: IndexMap<Slug, SiteCta>,
    /// Forms that are linked but stand nowhere in the body: drawn at its end.
    pub forms_at_end: Vec<Slug>,
}

/// A call to action on the site's day.
pub struct SiteCta {
    /// The coupon's last day is over.
    pub expired: bool,
    /// The file of a download.
    pub file: Option<PublishedFile>,
}

#[derive(Clone, Debug)]
pub struct PublishedFile {
    pub path: SitePath,
    pub name: String,
    pub length: u64,
}

/// Where a page stands on the site's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Live,
    Ended,
    Scheduled,
    Draft,
}

/// What an address in a text refers to.
#[derive(Clone, Debug)]
pub enum Target {
    Page {
        page: usize,
        anchor: Option<String>,
        query: Option<String>,
    },
    File {
        path: SitePath,
        anchor: Option<String>,
        query: Option<String>,
    },
    Picture(Arc<Picture>),
    Web(Box<str>),
    /// `mailto:` or `tel:`.
    Contact(String),
    /// A call to action of the page with this index.
    Cta {
        page: usize,
        cta: Slug,
    },
    /// A call to action whose campaign has ended: where its visitors are pointed to instead.
    Ended {
        instead: Option<usize>,
    },
    /// Drawn as its text: what it leads to is not published.
    Text,
}

impl Site {
    /// The pages that this build shows, with their indices.
    pub fn published(&self) -> impl Iterator<Item = (usize, &SitePage)> {
        self.pages.iter().enumerate().filter(|(_, page)| page.state.is_published(self.options.preview))
    }

    /// Lets go of what links and anchors were held against, and of what only rules look at. Pages are drawn without it, and
    /// of ten thousand it is much.
    pub fn forget_links(&mut self) {
        for page in self.pages.iter_mut().filter_map(|page| Arc::get_mut(&mut page.page)) {
            page.body.links = Vec::new();
            page.body.anchors = Vec::new();
            page.body.headings = Vec::new();
        }
    }

    /// What measures its visits; nothing where visits are none, as those of a preview.
    pub fn measured_by(&self) -> Option<&Analytics> {
        self.config.analytics.as_ref().filter(|_| !self.options.preview && !self.options.rehearsal)
    }

    /// The pages of HTML that are published as their authors wrote them.
    pub fn published_html(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        let beside_pages = self.files.values().map(|asset| &asset.absolute);
        let published = beside_pages.chain(self.static_files.iter().map(|(_, from)| from));
        published.filter_map(|from| self.html_files.get(from))
    }

    /// The channels of a page's variants that have channel pages.
    pub fn channel_pages<'s>(&'s self, page: &'s SitePage) -> impl Iterator<Item = &'s Slug> {
        let campaign = page.campaign.is_some();
        page.page.front.channels.iter().filter(move |_| campaign).map(|channel| &channel.value)
    }

    /// The campaign's page that an id, present or former, stands for.
    pub fn campaign_page(&self, id: &Slug) -> Option<usize> {
        self.campaigns.get(id).or_else(|| self.former_campaigns.get(id)).copied()
    }

    /// The calls to action of other pages' campaigns that a page offers, whether or not they run today: their page and
    /// their id.
    pub fn ctas_of_others(&self, index: usize) -> impl Iterator<Item = (&SitePage, &Slug)> {
        let shown = self.shown_elsewhere.get(&index).map(Vec::as_slice).unwrap_or_default();
        shown.iter().map(|(page, cta)| (&self.pages[*page], cta))
    }

    /// The pages that lead down to a page, from the home page on, and the page itself at the end.
    pub fn trail<'s>(&'s self, page: &'s SitePage) -> Vec<&'s SitePage> {
        let above = |page: &&SitePage| page.above.map(|index| &self.pages[index]);
        let mut trail: Vec<_> = std::iter::successors(Some(page), above).collect();
        trail.reverse();
        trail
    }

    /// The channels that a page's visitors can have in its built HTML when they take another campaign's offer.
    pub fn channels_of_variants(&self, index: usize) -> Vec<Slug> {
        let page = &self.pages[index];
        let base = Variant::base(&page.page.front).others.clone();
        std::iter::once(base).chain(self.channel_pages(page).cloned()).collect()
    }
}

impl State {
    pub fn is_published(self, preview: bool) -> bool {
        match self {
            State::Live | State::Ended => true,
            State::Scheduled | State::Draft => preview,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            State::Live => "live",
            State::Ended => "ended",
            State::Scheduled => "scheduled",
            State::Draft => "draft",
        }
    }

    fn on(page: &Page, today: Date) -> State {
        let front = &page.front;
        match () {
            () if front.draft => State::Draft,
            // Its dates may be what cannot be read, and nothing of it will be drawn.
            () if page.broken => State::Live,
            () if front.starts.is_some_and(|starts| starts.value.day > today) => State::Scheduled,
            () if front.ends.is_some_and(|ends| ends.value.day < today) => State::Ended,
            () => State::Live,
        }
    }
}

impl SitePage {
    pub fn cta(&self, id: &Slug) -> Option<(&Cta, &SiteCta)> {
        Some((self.page.front.ctas.get(id)?, self.ctas.get(id)?))
    }

    /// The call to action that has this id or had it before.
    pub fn present_cta(&self, id: &Slug) -> Option<&Cta> {
        let ctas = &self.page.front.ctas;
        ctas.get(id).or_else(|| ctas.values().find(|cta| cta.was.iter().any(|former| former.value == *id)))
    }

    pub fn channel_path(&self, channel: &Slug) -> SitePath {
        self.path.page(&format!("via/{channel}"))
    }

    pub fn thanks_path(&self, cta: &Slug) -> SitePath {
        self.path.page(&format!("thanks/{cta}"))
    }

    /// The calls to action behind a form, which have a thank-you page.
    pub fn forms(&self) -> impl Iterator<Item = &Cta> {
        self.page.front.ctas.values().filter(|cta| cta.form().is_some())
    }
}

/// The names that a theme has for layouts and blocks.
pub struct ThemeNames {
    pub layouts: BTreeSet<String>,
    pub blocks: BTreeSet<String>,
}

/// Resolves a whole site, as far as it could be read.
pub fn site(
    config: Arc<SiteConfig>,
    parsed: Vec<Parsed>,
    sources: &Sources,
    theme: &ThemeNames,
    options: Options,
) -> (Site, Vec<Diagnostic>) {
    let mut resolver = Resolver::new(config, sources, options);
    resolver.place_pages(parsed);
    resolver.find_pages_above();
    resolver.find_campaigns();
    resolver.check_layouts_and_blocks(theme);
    resolver.check_channels();
    resolver.check_providers();
    resolver.resolve_front_matter();
    resolver.resolve_links();
    resolver.refuse_unknown_campaigns();
    resolver.resolve_site_links();
    resolver.draw_linked_forms();
    let (offers, claimed) = rayon::join(|| resolver.offers(), || resolver.claimed_paths());
    resolver.site.offers = offers;
    resolver.site.aliases = claimed.aliases;
    resolver.found.extend(claimed.found);
    resolver.finish()
}

/// The state between the passes of [`site`]; the passes lie in the files beside this one.
struct Resolver<'s> {
    site: Site,
    sources: &'s Sources,
    found: Vec<Diagnostic>,
    /// Assets behind a form, and assets linked openly, by their path as a source.
    gated: BTreeMap<String, (usize, crate::source::Span)>,
    open: BTreeSet<String>,
    /// Form CTAs that some page links to: campaign page and CTA.
    linked_ctas: BTreeSet<(usize, Slug)>,
    /// The CTAs that pages show of other campaigns: campaign page, CTA, the page that shows it.
    foreign_ctas: BTreeSet<(usize, Slug, usize)>,
    /// Links to campaigns that there are not: by the id, the page and the place.
    unknown_campaigns: BTreeMap<String, Vec<(usize, crate::source::Span)>>,
    /// The pictures that cannot be drawn, by their digest: each is told once.
    broken_pictures: BTreeSet<String>,
    /// How often a missing file was looked for among all files.
    looks: usize,
}

impl<'s> Resolver<'s> {
    fn new(config: Arc<SiteConfig>, sources: &'s Sources, options: Options) -> Resolver<'s> {
        let site = Site {
            config,
            options,
            pages: Vec::new(),
            page_files: PageFiles { broken: sources.unreadable.iter().cloned().collect(), ..PageFiles::default() },
            campaigns: BTreeMap::new(),
            former_campaigns: BTreeMap::new(),
            offers: Vec::new(),
            shown_elsewhere: BTreeMap::new(),
            files: BTreeMap::new(),
            pictures: DerivedImages::default(),
            static_files: sources
                .static_files
                .iter()
                .filter_map(|(path, asset)| Some((SitePath::parse(path)?, asset.absolute.clone())))
                .collect(),
            html_files: sources.html_files.clone(),
            logo: None,
            navigation: Vec::new(),
            aliases: Vec::new(),
            next_change: None,
            is_partly_read: false,
        };
        Resolver {
            site,
            sources,
            found: Vec::new(),
            gated: BTreeMap::new(),
            open: BTreeSet::new(),
            linked_ctas: BTreeSet::new(),
            foreign_ctas: BTreeSet::new(),
            unknown_campaigns: BTreeMap::new(),
            broken_pictures: BTreeSet::new(),
            looks: 0,
        }
    }

    fn place_pages(&mut self, parsed: Vec<Parsed>) {
        self.site.pages.reserve_exact(parsed.len());
        for parsed in parsed {
            let page = match parsed {
                Parsed::Page(page) => page,
                Parsed::Broken { file } => {
                    self.site.page_files.broken.insert(file);
                    continue;
                }
            };
            let path = match paths::of_page(&page) {
                Ok(path) => path,
                Err(diagnostic) => {
                    self.found.push(*diagnostic);
                    self.site.page_files.broken.insert(page.file.clone());
                    continue;
                }
            };
            let layout = match &page.front.layout {
                Some(layout) => layout.value.to_string(),
                None if page.front.ctas.is_empty() => "page".to_owned(),
                None => "landing".to_owned(),
            };
            let state = State::on(&page, self.site.options.today);
            self.site.page_files.by_file.insert(page.file.clone(), self.site.pages.len());
            self.site.pages.push(SitePage {
                page,
                path,
                state,
                layout,
                campaign: None,
                links: Vec::new(),
                image: None,
                after_end: None,
                above: None,
                ctas: IndexMap::new(),
                forms_at_end: Vec::new(),
            });
        }
        self.site.is_partly_read =
            !self.site.page_files.broken.is_empty() || self.site.pages.iter().any(|page| page.page.broken);
    }

    fn find_pages_above(&mut self) {
        let published = self.site.published().map(|(index, page)| (page.path.as_str(), index)).collect();
        let above: Vec<_> = self.site.pages.iter().map(|page| nearest_above(page.path.as_str(), &published)).collect();
        for (page, above) in self.site.pages.iter_mut().zip(above) {
            page.above = above;
        }
    }

    fn check_layouts_and_blocks(&mut self, theme: &ThemeNames) {
        for page in &self.site.pages {
            let source = &page.page.source;
            if let Some(layout) =
                page.page.front.layout.as_ref().filter(|layout| !theme.layouts.contains(layout.value.as_str()))
            {
                let diagnostic =
                    Diagnostic::error(Rule::MissingTemplate, format!("the theme has no layout `{}`", layout.value))
                        .at(source, layout.span, format!("there is no `{}.html`", layout.value))
                        .suggest(layout.value.as_str(), theme.layouts.iter().map(String::as_str));
                self.found.push(diagnostic);
            }
            self.found.extend(unknown_blocks(&page.page, theme));
        }
    }

    fn finish(mut self) -> (Site, Vec<Diagnostic>) {
        self.warn_of_open_gates();
        self.site.next_change = self.next_change();
        for (page, cta, shown_on) in std::mem::take(&mut self.foreign_ctas) {
            self.site.shown_elsewhere.entry(shown_on).or_default().push((page, cta));
        }
        (self.site, self.found)
    }

    /// The first day after today on which a page starts or ends, or a coupon expires.
    fn next_change(&self) -> Option<Date> {
        let today = self.site.options.today;
        let day_after = |day: Date| day.tomorrow().ok();
        let drawn = |page: &&SitePage| match page.state {
            State::Live | State::Scheduled => true,
            State::Draft => self.site.options.preview,
            State::Ended => false,
        };
        let pages = self.site.pages.iter().filter(drawn);
        let dates = pages.flat_map(|page| {
            let front = &page.page.front;
            let expiries = front.ctas.values().filter_map(|cta| day_after(cta.valid_until()?.value.day));
            let starts = front.starts.map(|starts| starts.value.day);
            let ends = front.ends.and_then(|ends| day_after(ends.value.day));
            expiries.chain(starts).chain(ends)
        });
        dates.filter(|&date| date > today).min()
    }
}

fn nearest_above(path: &str, published: &HashMap<&str, usize>) -> Option<usize> {
    let mut path = path;
    while let Some(folder) = path.strip_suffix('/') {
        path = &path[..folder.rfind('/').map_or(0, |slash| slash + 1)];
        if let Some(&above) = published.get(path) {
            return Some(above);
        }
    }
    None
}

fn unknown_blocks(page: &Page, theme: &ThemeNames) -> Vec<Diagnostic> {
    let known = || theme.blocks.iter().map(String::as_str);
    let unknown = page.body.blocks.iter().filter(|(name, _)| !theme.blocks.contains(name));
    let told = unknown.map(|(name, span)| {
        let place = format!("the theme has no `blocks/{name}.html`");
        let diagnostic = Diagnostic::error(Rule::UnknownBlock, format!("there is no block `{name}`"));
        let diagnostic = diagnostic.at(&page.source, *span, place);
        match nearest(name, known()) {
            Some(_) => diagnostic.suggest(name, known()),
            None => diagnostic.help(format!("the blocks are {}", list(known()))),
        }
    });
    told.collect()
}
