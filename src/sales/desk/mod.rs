//! The lead desk: the private pages for sales. Usually it is one page, which can be mailed and opened from anywhere. If
//! there are too many lead tags, the lead cards and the content library get pages of their own.

mod card_pages;
mod library;
mod search_data;
mod view;

use std::collections::BTreeSet;

use anyhow::Context;
use askama::Template;
use rayon::prelude::*;

use self::card_pages::{CardLinks, MAX_LEAD_TAGS_PER_PAGE};
use self::view::{CampaignEntry, CampaignView, CardsPage, DeskView, IndexPage, LibraryPage, LibraryView};
use super::campaign_rows::{self, CampaignRows};
use super::context::SalesContext;
use super::notes::SalesNotes;
use crate::model::address::SitePath;
use crate::model::slug::Slug;
use crate::register::Register;
use crate::resolve::{Site, SitePage};
use crate::sink::Sink;

const STYLE: &str = include_str!("desk.css");
const SCRIPT: &str = include_str!("desk.js");

/// Writes the lead desk.
pub fn write(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let campaigns = campaign_rows::all(site, register);
    let desk = Desk {
        site,
        context: SalesContext::new(site, notes, None),
        lead_tags: campaigns.iter().map(CampaignRows::lead_tags).sum(),
        campaigns,
    };
    if desk.lead_tags <= MAX_LEAD_TAGS_PER_PAGE { desk.write_one_page(sink) } else { desk.write_several_pages(sink) }
}

/// The inputs of all pages.
struct Desk<'s> {
    site: &'s Site,
    context: SalesContext<'s>,
    campaigns: Vec<CampaignRows<'s>>,
    lead_tags: usize,
}

impl<'s> Desk<'s> {
    fn write_one_page(&self, sink: &dyn Sink) -> anyhow::Result<()> {
        let links = CardLinks::one_page();
        let library = self.library(&links);
        let campaigns: Vec<CampaignView> =
            self.campaigns.iter().map(|campaign| self.campaign_view(campaign, "")).collect();
        let data = self.search_data(&links, &library)?.replace('<', "\\u003c");
        let page = IndexPage {
            desk: DeskView { one_page: true, style: STYLE, script: SCRIPT, data: &data, ..self.desk_view() },
            list: &self.campaign_entries(&links),
            campaigns: &campaigns,
            library: Some(&library),
        };
        put(sink, "index.html", page.render()?)
    }

    fn write_several_pages(&self, sink: &dyn Sink) -> anyhow::Result<()> {
        let pages = card_pages::split(&self.campaigns);
        let links = CardLinks::several_pages(&pages);
        let (cards, rest) = rayon::join(
            || pages.par_iter().enumerate().try_for_each(|(index, campaigns)| self.write_cards(index, campaigns, sink)),
            || self.write_all_but_cards(&links, sink),
        );
        cards.and(rest)
    }

    fn write_cards(&self, index: usize, campaigns: &[CampaignRows<'s>], sink: &dyn Sink) -> anyhow::Result<()> {
        let campaigns: Vec<CampaignView> =
            campaigns.iter().map(|campaign| self.campaign_view(campaign, "../")).collect();
        let page = CardsPage { desk: DeskView { up: "../", ..self.desk_view() }, campaigns: &campaigns };
        put(sink, &card_pages::page_path(index), page.render()?)
    }

    fn write_all_but_cards(&self, links: &CardLinks, sink: &dyn Sink) -> anyhow::Result<()> {
        let library = self.library(links);
        let list = self.campaign_entries(links);
        let index = IndexPage { desk: self.desk_view(), list: &list, campaigns: &[], library: None };
        put(sink, "index.html", index.render()?)?;
        put(sink, "library.html", LibraryPage { desk: self.desk_view(), library: &library }.render()?)?;
        put(sink, "desk.css", STYLE.to_owned())?;
        put(sink, "desk.js", SCRIPT.to_owned())?;
        put(sink, "desk-data.js", format!("window.deskData = {};\n", self.search_data(links, &library)?))
    }

    /// The view for a desk of several pages.
    fn desk_view(&self) -> DeskView<'_> {
        DeskView {
            site: &self.site.config.title,
            language: &self.site.config.language.value,
            one_page: false,
            desk_url: self.site.config.leads.desk_url.as_ref().map(|url| url.url().as_str()).unwrap_or_default(),
            example: self.example_tag(),
            valid_until: self.site.next_change,
            up: "",
            campaigns: self.campaigns.len(),
            lead_tags: self.lead_tags,
            style: "",
            script: "",
            data: "",
        }
    }

    fn example_tag(&self) -> String {
        let first = self.campaigns.iter().flat_map(|campaign| &campaign.ctas).flat_map(|cta| &cta.tags).next();
        first.map_or_else(|| "campaign_cta_channel".to_owned(), |rows| rows[0].tag.to_string())
    }

    fn campaign_view(&self, campaign: &CampaignRows<'s>, up: &str) -> CampaignView<'s> {
        let ctas = campaign.ctas.iter().filter(|cta| !cta.tags.is_empty());
        let ctas = ctas.map(|cta| self.context.cta(campaign, cta));
        CampaignView { facts: self.context.campaign(campaign, up), ctas: ctas.collect() }
    }

    fn campaign_entries(&self, links: &CardLinks) -> Vec<CampaignEntry<'_>> {
        let entries = self.campaigns.iter().map(|campaign| CampaignEntry {
            title: campaign.title(),
            state: campaign.state(),
            when: campaign.period(),
            href: links.campaign(campaign.id.as_str()),
        });
        entries.collect()
    }

    fn library(&self, links: &CardLinks) -> LibraryView {
        let on_desk: BTreeSet<&Slug> = self.campaigns.iter().map(|campaign| &campaign.id).collect();
        let card_link = |page: &SitePage| {
            let id = page.campaign.as_ref().filter(|id| on_desk.contains(id));
            id.map(|id| links.campaign(id.as_str())).unwrap_or_default()
        };
        library::library(self.site, &self.context, card_link)
    }

    fn search_data(&self, links: &CardLinks, library: &LibraryView) -> anyhow::Result<String> {
        search_data::json(self.site, &self.campaigns, links, library)
    }
}

fn put(sink: &dyn Sink, path: &str, text: String) -> anyhow::Result<()> {
    let path = SitePath::parse(path).with_context(|| format!("`{path}` is not a valid path"))?;
    sink.put(&path, text.into_bytes())
}
