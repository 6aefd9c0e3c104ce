//! A resolved site: pages with their addresses and states, and what every reference leads to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::images::plan::{DerivedImages, Picture};
use crate::model::audience::Audience;
use crate::model::body::{Heading, Node};
use crate::model::cta::{Cta, Event, EventDate};
use crate::model::date::When;
use crate::model::figures::Figures;
use crate::model::file::Asset;
use crate::model::offer::Offer;
use crate::model::page::Page;
use crate::model::site::{Analytics, Announcement, SiteConfig, SiteLanguage, SiteLink};
use crate::model::site_path::SitePath;
use crate::model::slug::{ById, Slug};
use crate::model::variant::{Variant, Version};
use crate::model::versions::Versions;
use crate::source::{Located, SourceText};

/// The options of a build that change its output.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day the site is built for, in its time zone.
    pub today: Date,
    /// Includes drafts and scheduled pages. Forms send nothing.
    pub preview: bool,
    /// The site is served locally. Forms work as published, also in a preview, and visits are not measured.
    pub rehearsal: bool,
    /// Disabled only by tests that compare minified and unminified output.
    pub minify: bool,
}

/// A whole site on one day. Pages are in the order of their files.
pub struct Site {
    pub config: Arc<SiteConfig>,
    pub options: Options,
    pub pages: Vec<SitePage>,
    pub page_files: PageFiles,
    /// The page indices of campaigns by their ids.
    pub campaigns: BTreeMap<Slug, usize>,
    /// The page indices of campaigns by their former ids.
    pub former_campaigns: BTreeMap<Slug, usize>,
    /// The pages in other variants, by the page index of the original.
    pub variants: Variants,
    pub offers: Vec<Offer>,
    /// By page index: the calls to action of other campaigns that the page offers, each with its campaign's page index.
    pub shown_elsewhere: BTreeMap<usize, Vec<(usize, Slug)>>,
    /// The files of `content/` that published pages refer to, by their published paths.
    pub files: BTreeMap<SitePath, Asset>,
    /// The pictures that published pages show.
    pub pictures: DerivedImages,
    /// The files of `static/`, which are copied unchanged.
    pub static_files: Vec<(SitePath, PathBuf)>,
    /// The HTML pages among the files of authors, published or not, by their absolute paths.
    pub html_files: HashMap<PathBuf, Arc<SourceText>>,
    pub logo: Option<SitePath>,
    pub icon: Option<Icon>,
    /// The targets of the links of `site.yaml`: those of the navigation, then those of the footer.
    pub links: Vec<Target>,
    /// The text of each consent.
    pub consents: Vec<ConsentText>,
    /// The same in the other languages, in the order of `languages`.
    pub languages: Vec<LanguageTargets>,
    /// Old addresses with the indices of the pages they redirect to.
    pub aliases: Vec<(SitePath, usize)>,
    /// The next day on which the output changes.
    pub next_change: Option<Date>,
    /// The channels that visitors can arrive from today. Scripts and pages name no others.
    pub active_channels: HashSet<Slug>,
    /// Some page could not be read completely, which is reported. Content that seems to be missing may exist.
    pub is_partly_read: bool,
    /// What became of the leads, by lead tag.
    pub figures: Figures,
}

/// The pages in other variants, each with its variant, by the page index of the original.
pub type Variants = BTreeMap<usize, Vec<(Variant, usize)>>;

/// The site's own icon, in browser tabs and on phones.
#[derive(Clone, Debug, Hash)]
pub struct Icon {
    /// Width and height of the source, if known.
    pub pixels: Option<(u32, u32)>,
    pub files: IconFiles,
}

#[derive(Clone, Debug, Hash)]
pub enum IconFiles {
    /// One file for all sizes.
    Svg(SitePath),
    /// PNG files with their widths, narrowest first.
    Png(Vec<(u32, SitePath)>),
}

/// The text of a consent: one paragraph.
#[derive(Default)]
pub struct ConsentText {
    pub nodes: Vec<Node>,
    /// The targets of its links.
    pub links: Vec<Target>,
}

/// What every page shows in a language besides the main one.
pub struct LanguageTargets {
    /// The targets of the links of the menu, then those of the footer.
    pub links: Vec<Target>,
    pub consents: Vec<ConsentText>,
}

/// A page with its address, its state and its campaign. References are not resolved yet.
pub struct PlacedPage {
    /// Its index in the site.
    pub index: usize,
    pub page: Arc<Page>,
    pub path: SitePath,
    pub state: State,
    pub layout: String,
    /// The campaign's id, if the page is a campaign. The variants of a campaign have the id of the original.
    pub campaign: Option<Slug>,
    /// The variant, and the page index of the original. `None` for the page as written, in the site's main language.
    pub variant_of: Option<(Variant, usize)>,
}

/// A page whose references are resolved.
pub struct SitePage {
    pub placed: PlacedPage,
    /// The nearest published page above it.
    pub above: Option<usize>,
    /// The targets of the links and images in its text, in the order of the outline.
    pub links: Vec<Target>,
    pub image: Option<Arc<Picture>>,
    /// The page that an ended campaign points visitors to.
    pub after_end: Option<usize>,
    /// Its calls to action by id.
    pub ctas: ById<SiteCta>,
    /// Forms that are linked, but not placed in the text. They are rendered at its end.
    pub forms_at_end: Vec<Slug>,
    /// The headings of its text. Empty if bodies are not parsed.
    pub headings: Arc<Vec<Heading>>,
}

/// A call to action on the site's day.
pub struct SiteCta {
    /// The coupon's last day is over, or all dates of the event are.
    pub expired: bool,
    /// The file of a download.
    pub file: Option<Box<PublishedFile>>,
    pub event: Option<Box<SiteEvent>>,
}

/// An event on the site's day.
pub struct SiteEvent {
    /// For each of its dates, whether it is over.
    pub over: Vec<bool>,
    /// What is offered when all are over.
    pub recording: Option<Target>,
}

#[derive(Clone, Debug)]
pub struct PublishedFile {
    pub path: SitePath,
    pub name: String,
    /// In bytes.
    pub length: u64,
}

/// The state of a page on the site's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Live,
    Ended,
    Scheduled,
    Draft,
}

/// What follows the path of an address on this site: its query and its anchor. Few links have one, so it takes one word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AfterPath(Option<Box<QueryAndAnchor>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct QueryAndAnchor {
    query: Option<String>,
    anchor: Option<String>,
}

impl AfterPath {
    pub fn new(query: Option<String>, anchor: Option<String>) -> AfterPath {
        let is_empty = query.is_none() && anchor.is_none();
        AfterPath((!is_empty).then(|| Box::new(QueryAndAnchor { query, anchor })))
    }

    pub fn query(&self) -> Option<&str> {
        self.0.as_deref()?.query.as_deref()
    }

    pub fn anchor(&self) -> Option<&str> {
        self.0.as_deref()?.anchor.as_deref()
    }
}

/// `?query#anchor`.
impl fmt::Display for AfterPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query().map_or(Ok(()), |query| write!(f, "?{query}"))?;
        self.anchor().map_or(Ok(()), |anchor| write!(f, "#{anchor}"))
    }
}

/// What a link or an image refers to.
#[derive(Clone, Debug)]
pub enum Target {
    Page {
        page: usize,
        after: AfterPath,
    },
    File {
        path: SitePath,
        after: AfterPath,
    },
    Picture(Arc<Picture>),
    Web(Box<str>),
    /// `mailto:` or `tel:`.
    Contact(Box<str>),
    /// A call to action of the page with this index.
    Cta {
        page: usize,
        cta: Slug,
    },
    /// A call to action of a campaign that has ended. `campaign` is the campaign's page index.
    Ended {
        campaign: usize,
    },
    /// The link is rendered as its text, because its target is not published.
    Text,
}

/// The pages of a site by their files below `content/`.
#[derive(Default)]
pub struct PageFiles {
    pub(super) by_file: HashMap<String, usize>,
    /// Files that could not be read as pages. A link to one is not reported.
    pub(super) broken: BTreeSet<String>,
}

impl Site {
    /// The pages that this build publishes, with their indices.
    pub fn published(&self) -> impl Iterator<Item = (usize, &SitePage)> {
        self.pages.iter().enumerate().filter(|(_, page)| page.state.is_published(self.options.preview))
    }

    /// All pages but the versions of campaigns, with their indices.
    pub fn pages_as_written(&self) -> impl Iterator<Item = (usize, &SitePage)> {
        self.pages.iter().enumerate().filter(|(_, page)| page.page.version == Version::A)
    }

    /// What measures visits. `None` in previews, whose visits do not count.
    pub fn measured_by(&self) -> Option<&Analytics> {
        self.config.analytics.as_ref().filter(|_| !self.options.preview && !self.options.rehearsal)
    }

    /// Returns whether a file of `static/` has this path.
    pub fn has_static_file(&self, path: &str) -> bool {
        self.static_files.iter().any(|(own, _)| own.as_str() == path)
    }

    /// The HTML pages that are published unchanged.
    pub fn published_html(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        let beside_pages = self.files.values().map(|asset| &asset.absolute);
        let published = beside_pages.chain(self.static_files.iter().map(|(_, from)| from));
        published.filter_map(|from| self.html_files.get(from))
    }

    /// The channels that have a page of their own for a campaign.
    pub fn channel_pages<'s>(&'s self, page: &'s SitePage) -> impl Iterator<Item = &'s Slug> {
        page.channels()
    }

    /// Returns the page index of a campaign by its present or a former id.
    pub fn campaign_page(&self, id: &Slug) -> Option<usize> {
        self.campaigns.get(id).or_else(|| self.former_campaigns.get(id)).copied()
    }

    /// Returns the index of a page in a variant, by the index of the original. `None` if the page has no such variant.
    pub fn in_variant(&self, original: usize, variant: Option<&Variant>) -> Option<usize> {
        let Some(variant) = variant else { return Some(original) };
        let others = self.variants.get(&original)?;
        others.iter().find(|(other, _)| other == variant).map(|(_, index)| *index)
    }

    /// Returns the pages of a campaign: the original, then its variants.
    pub fn variants_of(&self, campaign: &Slug) -> impl Iterator<Item = &SitePage> {
        let original = self.campaigns.get(campaign).copied();
        let others = original.and_then(|original| self.variants.get(&original)).map_or(&[][..], Vec::as_slice);
        original.into_iter().chain(others.iter().map(|(_, index)| *index)).map(|index| &self.pages[index])
    }

    /// The calls to action of other campaigns that a page offers, whether or not they run today: their pages and ids.
    pub fn ctas_of_others(&self, index: usize) -> impl Iterator<Item = (&SitePage, &Slug)> {
        let shown = self.shown_elsewhere.get(&index).map(Vec::as_slice).unwrap_or_default();
        shown.iter().map(|(page, cta)| (&self.pages[*page], cta))
    }

    /// Returns the links of `site.yaml` in a language with their targets: those of the navigation, then those of the footer,
    /// then that of the announcement.
    pub fn linked<'s>(
        &'s self,
        language: Option<&'s SiteLanguage>,
    ) -> impl Iterator<Item = (&'s SiteLink, &'s Target)> {
        let footer = self.config.footer_in(language).links();
        let announced = self.config.announcement_in(language).and_then(|announcement| announcement.link.as_ref());
        self.config.navigation_in(language).iter().chain(footer).chain(announced).zip(self.links_in(language))
    }

    /// Returns the links of the navigation in a language with their targets.
    pub fn navigation<'s>(
        &'s self,
        language: Option<&'s SiteLanguage>,
    ) -> impl Iterator<Item = (&'s SiteLink, &'s Target)> {
        self.config.navigation_in(language).iter().zip(self.links_in(language))
    }

    /// Returns the announcement in a language with the target of its link. `None` after its end, and until the page that it leads
    /// to is published.
    pub fn announcement<'s>(
        &'s self,
        language: Option<&'s SiteLanguage>,
    ) -> Option<(&'s Announcement, Option<(&'s SiteLink, &'s Target)>)> {
        let announcement = self.config.announcement_in(language)?;
        let link = announcement.link.as_ref().and_then(|_| self.linked(language).last());
        let is_over = self.announcement_ends().is_some_and(|ends| ends.value.day < self.options.today);
        let leads_nowhere = matches!(link, Some((_, Target::Text)));
        (!is_over && !leads_nowhere).then_some((announcement, link))
    }

    /// Returns the end of the announcement, which is the same in all languages.
    pub fn announcement_ends(&self) -> Option<&Located<When>> {
        self.config.announcement.as_ref()?.ends.as_ref()
    }

    fn links_in(&self, language: Option<&SiteLanguage>) -> &[Target] {
        self.targets_in(language).map_or(&self.links, |targets| &targets.links)
    }

    /// Returns what every page shows in a language. `None` for the main language.
    pub fn targets_in(&self, language: Option<&SiteLanguage>) -> Option<&LanguageTargets> {
        let language = language?;
        let position = self.config.languages.iter().position(|other| other.language == language.language)?;
        self.languages.get(position)
    }

    /// Returns the published pages of a page's languages, itself included, the original first, all in the version of the
    /// page. Empty for a page in one language.
    pub fn alternates(&self, page: &PlacedPage) -> Vec<&SitePage> {
        let original = page.original();
        let Some(others) = self.variants.get(&original) else { return Vec::new() };
        let translations = others.iter().filter(|(variant, _)| variant.version() == Version::A);
        let all = std::iter::once(original).chain(translations.map(|(_, index)| *index));
        let in_version = |as_written: usize| {
            let language = self.pages[as_written].page.language();
            let variant = Variant::of(language, page.page.version);
            &self.pages[self.in_variant(original, variant.as_ref()).unwrap_or(as_written)]
        };
        let pages = all.map(in_version);
        let published: Vec<_> = pages.filter(|page| page.state.is_published(self.options.preview)).collect();
        if published.len() > 1 { published } else { Vec::new() }
    }

    /// Whether some lead tags have a fourth part.
    pub fn has_variants(&self) -> bool {
        !self.config.languages.is_empty() || self.pages.iter().any(|page| page.page.front.versions.is_some())
    }

    /// Whether a script sends visitors on to versions.
    pub fn has_splits(&self) -> bool {
        self.pages.iter().any(|page| page.test().is_some_and(|test| test.shares().next().is_some()))
    }

    /// Returns the page that search engines know a page as: the page as written in its language, which is its own unless it
    /// is a version.
    pub fn as_written(&self, page: &PlacedPage) -> &SitePage {
        let variant = Variant::of(page.page.language(), Version::A);
        &self.pages[self.in_variant(page.original(), variant.as_ref()).unwrap_or(page.index)]
    }

    /// Returns the path of the home page in a language, which is that of the main language if it is not translated.
    pub fn home_in(&self, language: Option<&SiteLanguage>) -> SitePath {
        let home = || self.page_files.page("index.md");
        let translated = language.and_then(|language| {
            let variant = Variant::of(Some(&language.language), Version::A);
            let page = &self.pages[self.in_variant(home()?, variant.as_ref())?];
            page.state.is_published(self.options.preview).then(|| page.path.clone())
        });
        translated.unwrap_or_else(SitePath::home)
    }

    /// Returns the language of a page. `None` for the main language.
    pub fn language_of(&self, page: &PlacedPage) -> Option<&SiteLanguage> {
        self.config.language_of(page.variant())
    }

    /// Returns the tag of the language of a page, for `lang`.
    pub fn language_tag(&self, page: &PlacedPage) -> &str {
        self.config.language_tag(page.variant())
    }

    /// The pages above a page, from the home page on, and the page itself at the end.
    pub fn trail<'s>(&'s self, page: &'s SitePage) -> Vec<&'s SitePage> {
        let above = |page: &&SitePage| page.above.map(|index| &self.pages[index]);
        let mut trail: Vec<_> = std::iter::successors(Some(page), above).collect();
        trail.reverse();
        trail
    }

    /// The channels in the lead tags of other campaigns that a page offers.
    pub fn channels_of_variants(&self, index: usize) -> Vec<Slug> {
        self.pages[index].channels_of_variants()
    }
}

/// Everything that is known of a page before its references are resolved stays available.
impl Deref for SitePage {
    type Target = PlacedPage;

    fn deref(&self) -> &PlacedPage {
        &self.placed
    }
}

impl SitePage {
    pub fn cta(&self, id: &Slug) -> Option<(&Cta, &SiteCta)> {
        Some((self.page.front.ctas.get(id)?, self.ctas.get(id)?))
    }
}

impl PlacedPage {
    /// The call to action that has this id or had it before.
    pub fn present_cta(&self, id: &Slug) -> Option<&Cta> {
        let ctas = &self.page.front.ctas;
        ctas.get(id).or_else(|| ctas.values().find(|cta| cta.was.iter().any(|former| former.value == *id)))
    }

    /// The variant. `None` for the page as written.
    pub fn variant(&self) -> Option<&Variant> {
        self.variant_of.as_ref().map(|(variant, _)| variant)
    }

    /// The page index of the original, which is its own for the page as written.
    pub fn original(&self) -> usize {
        self.variant_of.as_ref().map_or(self.index, |(_, original)| *original)
    }

    pub fn channel_path(&self, channel: &Slug) -> SitePath {
        self.path.page("via", channel)
    }

    pub fn thanks_path(&self, cta: &Slug) -> SitePath {
        self.path.page("thanks", cta)
    }

    /// The path of the calendar file of one date of an event, beside the thank-you page. An event with one date has one
    /// file, with the id of the call to action as its name.
    pub fn calendar_path(&self, cta: &Cta, event: &Event, date: &EventDate) -> Option<SitePath> {
        let id = &cta.id.value;
        let name = match event.has_choice() {
            true => format!("{id}-{}", date.starts.value.compact()),
            false => id.to_string(),
        };
        SitePath::parse(&format!("{}{name}.ics", self.thanks_path(id).as_str()))
    }

    /// The paths of the calendar files of all events.
    pub(super) fn calendar_paths(&self) -> impl Iterator<Item = SitePath> {
        let ctas = self.page.front.ctas.values().filter(|_| self.campaign.is_some());
        let events = ctas.filter_map(|cta| Some((cta, cta.event()?)));
        events.flat_map(move |(cta, event)| {
            event.dates.iter().filter_map(move |date| self.calendar_path(cta, event, date))
        })
    }

    /// The channels that have a page of their own.
    pub(super) fn channels(&self) -> impl Iterator<Item = &Slug> {
        let is_campaign = self.campaign.is_some();
        self.page.front.channels.iter().filter(move |_| is_campaign).map(|channel| &channel.value)
    }

    /// The channels in the lead tags of other campaigns on this page.
    pub(super) fn channels_of_variants(&self) -> Vec<Slug> {
        let base = Audience::base(&self.page.front).others.clone();
        std::iter::once(base).chain(self.channels().cloned()).collect()
    }

    /// The test that runs on the page, whose versions have pages of their own. `None` for a version, and once the campaign
    /// has ended.
    pub fn test(&self) -> Option<&Versions> {
        let versions = self.page.front.versions.as_deref()?;
        let runs = self.state != State::Ended && self.page.version == Version::A && versions.winner.is_none();
        runs.then_some(versions)
    }

    /// The calls to action with a form. Each has a thank-you page.
    pub fn forms(&self) -> impl Iterator<Item = &Cta> {
        self.page.front.ctas.values().filter(|cta| cta.form().is_some())
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
}

impl PageFiles {
    /// Returns whether a file could not be read as a page, which is reported.
    pub fn is_broken(&self, file: &str) -> bool {
        self.broken.contains(file)
    }

    /// The index of the page in a file: `spring-hiring/index.md`.
    pub fn page(&self, file: &str) -> Option<usize> {
        self.by_file.get(file).copied()
    }
}
