//! The lead desk: the private pages for sales. Usually it is one page, which can be mailed and opened from anywhere. If
//! there are too many lead tags, the lead cards get pages of their own, and the search gets its data from a file.

mod card_pages;
mod card_view;
mod changes;
mod library;
mod search_data;
mod view;

use std::collections::HashSet;

use anyhow::Context;
use askama::Template;
use rayon::prelude::*;

use self::card_pages::MAX_LEAD_TAGS_PER_PAGE;
use self::card_view::{CampaignView, GeneralMessages};
use self::view::{CampaignEntry, CardsPage, DeskView, IndexPage, LibraryPage, OnePage};
use super::campaign_rows::{self, CampaignRows};
use super::context::SalesContext;
use super::notes::SalesNotes;
use crate::model::site_path::SitePath;
use crate::register::Register;
use crate::resolve::Site;
use crate::sink::Sink;

const STYLE: &str = include_str!("desk.css");
const SCRIPT: &str = include_str!("desk.js");
const SEARCH_SCRIPT: &str = include_str!("search.js");

/// Writes the lead desk.
pub fn write(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let campaigns = campaign_rows::all(site, register);
    let desk = Desk {
        site,
        context: SalesContext::new(site, register, notes, None),
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
        let mut general = GeneralMessages::default();
        let campaigns = self.campaign_views(&self.campaigns, "", &mut general);
        let data = search_data::json(&self.context, &self.campaigns)?.replace('<', "\\u003c");
        let on_desk: HashSet<_> = self.campaigns.iter().map(|campaign| &campaign.id).collect();
        let page = OnePage {
            desk: DeskView { one_page: true, ..self.desk_view("") },
            changes: &changes::changes(self.site, &self.campaigns),
            list: &self.campaign_entries(),
            campaigns: &campaigns,
            general: &general,
            library: &library::all(&self.context, &on_desk),
            style: STYLE,
            script: SCRIPT,
            search_script: SEARCH_SCRIPT,
            data: &data,
        };
        put(sink, "index.html", page.render()?)
    }

    fn write_several_pages(&self, sink: &dyn Sink) -> anyhow::Result<()> {
        let pages = card_pages::split(&self.campaigns);
        let (cards, rest) = rayon::join(
            || pages.par_iter().enumerate().try_for_each(|(index, campaigns)| self.write_cards(index, campaigns, sink)),
            || self.write_all_but_cards(&pages, sink),
        );
        cards.and(rest)
    }

    fn write_cards(&self, index: usize, campaigns: &[CampaignRows<'s>], sink: &dyn Sink) -> anyhow::Result<()> {
        let mut general = GeneralMessages::default();
        let campaigns = self.campaign_views(campaigns, "../", &mut general);
        let page = CardsPage { desk: self.desk_view("../"), campaigns: &campaigns, general: &general };
        put(sink, &card_pages::page_path(index), page.render()?)
    }

    fn write_all_but_cards(&self, pages: &[&[CampaignRows<'s>]], sink: &dyn Sink) -> anyhow::Result<()> {
        let index = IndexPage {
            desk: self.desk_view(""),
            changes: &changes::changes(self.site, &self.campaigns),
            card_pages: &card_pages::entries(pages),
        };
        put(sink, "index.html", index.render()?)?;
        let library = LibraryPage { desk: self.desk_view(""), library: &library::without_campaign(&self.context) };
        put(sink, "library.html", library.render()?)?;
        put(sink, "desk.css", STYLE.to_owned())?;
        put(sink, "desk.js", SCRIPT.to_owned())?;
        put(sink, "search.js", SEARCH_SCRIPT.to_owned())?;
        let data = SitePath::fixed("desk-data.js");
        sink.put_pieces(&data, None, &mut |out| search_data::write_script(out, &self.context, pages))
    }

    /// Returns the view for a desk of several pages. `up` is the relative path to the desk's folder.
    fn desk_view<'d>(&'d self, up: &'d str) -> DeskView<'d> {
        let leads = &self.site.config.leads;
        DeskView {
            site: &self.site.config.title,
            language: &self.site.config.language.value,
            one_page: false,
            desk_url: leads.desk_url.as_ref().map(|url| url.url().as_str()).unwrap_or_default(),
            example: self.example_tag(),
            valid_until: self.site.next_change,
            up,
            campaigns: self.campaigns.len(),
            lead_tags: self.lead_tags,
            owner: leads.owner.as_deref(),
            respond_within: leads.respond_within.map(|duration| duration.to_string()),
        }
    }

    fn example_tag(&self) -> String {
        let first = self.campaigns.iter().flat_map(|campaign| &campaign.ctas).flat_map(|cta| &cta.tags).next();
        first.map_or_else(|| "campaign_cta_channel".to_owned(), |rows| rows[0].tag.to_string())
    }

    fn campaign_views(
        &self,
        campaigns: &[CampaignRows<'s>],
        up: &str,
        general: &mut GeneralMessages,
    ) -> Vec<CampaignView<'s>> {
        let views = campaigns.iter().map(|campaign| card_view::campaign_view(&self.context, campaign, up, general));
        views.collect()
    }

    fn campaign_entries(&self) -> Vec<CampaignEntry<'_>> {
        let entries = self.campaigns.iter().map(|campaign| CampaignEntry {
            id: campaign.id.as_str(),
            title: campaign.title(),
            state: campaign.state(),
            when: campaign.period(),
        });
        entries.collect()
    }
}

fn put(sink: &dyn Sink, path: &str, text: String) -> anyhow::Result<()> {
    let path = SitePath::parse(path).with_context(|| format!("`{path}` is not a valid path"))?;
    sink.put(&path, text.into_bytes())
}
