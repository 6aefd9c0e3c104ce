//! What references are resolved against: the placed pages, the campaigns and the files of a site.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::addresses::hashed_name;
use super::composed_names::ComposedNames;
use super::place::Placed;
use super::site::{Options, PageFiles, PlacedPage, Site, Variants};
use crate::load::Sources;
use crate::model::body::Outline;
use crate::model::file::Asset;
use crate::model::site::SiteConfig;
use crate::model::site_path::SitePath;
use crate::model::slug::{Slug, slugify};
use crate::model::variant::{Variant, Version};

/// A view of a site before or after its references are resolved.
pub struct SiteIndex<'s> {
    pub config: &'s SiteConfig,
    pub options: &'s Options,
    pub sources: &'s Sources,
    pub pages: Vec<&'s PlacedPage>,
    pub outlines: &'s [Arc<Outline>],
    pub page_files: &'s PageFiles,
    pub campaigns: &'s BTreeMap<Slug, usize>,
    pub former_campaigns: &'s BTreeMap<Slug, usize>,
    pub variants: &'s Variants,
    pub is_partly_read: bool,
    /// The page indices by address. Only broken links need them.
    by_address: OnceLock<HashMap<String, usize>>,
    /// The names of pages, files of `content/` and files of `static/`. Only names in another Unicode form need them.
    composed: OnceLock<[ComposedNames; 3]>,
}

impl<'s> SiteIndex<'s> {
    /// The view of a site whose references are not resolved yet.
    pub fn of_placed(
        placed: &'s Placed,
        config: &'s SiteConfig,
        options: &'s Options,
        sources: &'s Sources,
    ) -> SiteIndex<'s> {
        SiteIndex {
            config,
            options,
            sources,
            pages: placed.pages.iter().collect(),
            outlines: &placed.outlines,
            page_files: &placed.page_files,
            campaigns: &placed.campaigns.by_id,
            former_campaigns: &placed.campaigns.by_former_id,
            variants: &placed.variants,
            is_partly_read: placed.is_partly_read,
            by_address: OnceLock::new(),
            composed: OnceLock::new(),
        }
    }

    /// The view of a resolved site.
    pub fn of(site: &'s Site, outlines: &'s [Arc<Outline>], sources: &'s Sources) -> SiteIndex<'s> {
        SiteIndex {
            config: &site.config,
            options: &site.options,
            sources,
            pages: site.pages.iter().map(|page| &page.placed).collect(),
            outlines,
            page_files: &site.page_files,
            campaigns: &site.campaigns,
            former_campaigns: &site.former_campaigns,
            variants: &site.variants,
            is_partly_read: site.is_partly_read,
            by_address: OnceLock::new(),
            composed: OnceLock::new(),
        }
    }

    /// Returns the page in a file below `content/`.
    pub fn page_in(&self, file: &str) -> Option<usize> {
        let page = |file: &str| self.page_files.page(file);
        page(file).or_else(|| page(self.composed().0.find(file)?))
    }

    /// Returns a file below `content/` that is no page, with its name.
    pub fn asset<'a>(&'a self, file: &'a str) -> Option<(&'a str, &'s Asset)> {
        let asset = |file: &'a str| Some((file, self.sources.assets.get(file)?));
        asset(file).or_else(|| asset(self.composed().1.find(file)?))
    }

    /// Returns a file below `static/`, with its name.
    pub fn static_file<'a>(&'a self, file: &'a str) -> Option<(&'a str, &'s Asset)> {
        let asset = |file: &'a str| Some((file, self.sources.static_files.get(file)?));
        asset(file).or_else(|| asset(self.composed().2.find(file)?))
    }

    fn composed(&self) -> (&ComposedNames, &ComposedNames, &ComposedNames) {
        let [pages, assets, static_files] = self.composed.get_or_init(|| {
            [
                ComposedNames::of(self.page_files.by_file.keys()),
                ComposedNames::of(self.sources.assets.keys()),
                ComposedNames::of(self.sources.static_files.keys()),
            ]
        });
        (pages, assets, static_files)
    }

    /// Returns whether this build publishes a page.
    pub fn is_published(&self, index: usize) -> bool {
        self.pages[index].state.is_published(self.options.preview)
    }

    /// Returns the page with an address: `spring-hiring/`.
    pub fn page_at(&self, address: &str) -> Option<&'s PlacedPage> {
        let by_address = self.by_address.get_or_init(|| {
            // The first page with an address counts.
            self.pages.iter().rev().map(|page| (page.path.as_str().to_owned(), page.index)).collect()
        });
        by_address.get(address).map(|&index| self.pages[index])
    }

    /// Returns the page that visitors of a language get for an original: its translation, if that is published. `None` is
    /// the main language.
    pub fn in_language(&self, language: Option<&str>, original: usize) -> usize {
        let Some((language, others)) = language.zip(self.variants.get(&original)) else { return original };
        let is_meant = |(variant, index): &&(Variant, usize)| {
            variant.language() == Some(language) && variant.version() == Version::A && self.is_published(*index)
        };
        others.iter().find(is_meant).map_or(original, |(_, index)| *index)
    }

    /// Returns the page that a link on a page leads to, by the original of its target: the translation, or the page itself if
    /// it is a version of the target.
    pub fn seen_from(&self, page: usize, original: usize) -> usize {
        let from = self.pages[page];
        match from.page.version != Version::A && from.original() == original {
            true => page,
            false => self.in_language(self.language_of(page), original),
        }
    }

    /// Returns the language of a page; `None` for the main language.
    pub fn language_of(&self, page: usize) -> Option<&'s str> {
        self.pages[page].variant().and_then(Variant::language)
    }

    /// Returns the page index of a campaign by its present or a former id.
    pub fn campaign_page(&self, id: &Slug) -> Option<usize> {
        self.campaigns.get(id).or_else(|| self.former_campaigns.get(id)).copied()
    }
}

impl SiteIndex<'_> {
    /// The path of a file beside a page: below the page of its folder, under its own name. The name of an image has the
    /// hash of its content.
    pub fn asset_path(&self, file: &str) -> Option<SitePath> {
        let asset = self.sources.assets.get(file)?;
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = match asset.picture.is_some() {
            true => hashed_name(name, &asset.digest),
            false => name.to_owned(),
        };
        SitePath::parse(&format!("{}{name}", self.folder_address(folder)))
    }

    /// The path of a file of `content/` or `static/` without its extension, for the files that are made from it.
    pub fn stem(&self, name: &str) -> Option<String> {
        let (path, file) = match name.strip_prefix("content/") {
            Some(below) => {
                let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
                (self.folder_address(folder), file)
            }
            None => {
                let below = name.strip_prefix("static/")?;
                let file = below.rsplit('/').next().unwrap_or(below);
                (below[..below.len() - file.len()].to_owned(), file)
            }
        };
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        Some(format!("{path}{stem}"))
    }

    fn folder_address(&self, folder: &str) -> String {
        if folder.is_empty() {
            return String::new();
        }
        if let Some(index) = self.page_files.page(&format!("{folder}/index.md")) {
            return self.pages[index].path.as_str().to_owned();
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let slug = slugify(name);
        format!("{}{}/", self.folder_address(above), if slug.is_empty() { "files" } else { &slug })
    }
}
