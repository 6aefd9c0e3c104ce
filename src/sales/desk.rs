//! The lead desk: the private pages that sales reads. A site of the usual size has all of it in one page, which can be
//! mailed and opened from anywhere; a large one has its lead cards on pages of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use anyhow::Context;
use askama::Template;
use rayon::prelude::*;
use serde::Serialize;

use super::facts::CampaignState;
use super::leads::{self, CampaignLeads, CtaLeads, Leads, day_in_words};
use super::library::library;
use super::notes::SalesNotes;
use super::view::{CampaignEntry, CampaignView, DeskView, LibraryItem, LibraryView};
use crate::lead_tags::codes_to_quote;
use crate::model::address::SitePath;
use crate::model::code::ShortCode;
use crate::model::contact::ContactMade;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::Register;
use crate::resolve::{Site, SitePage};
use crate::sink::Sink;

/// The lead tags that stand on one page at most, unless one campaign has more. A page of so many has half a megabyte,
/// which a phone opens within a second.
const LEADS_OF_A_PAGE: usize = 1000;
/// The version of what the script searches; the script is written beside it.
const VERSION: u32 = 1;

const STYLE: &str = include_str!("desk/desk.css");
const SCRIPT: &str = include_str!("desk/desk.js");

#[derive(Template)]
#[template(path = "desk.html")]
struct IndexPage<'s> {
    desk: DeskView<'s>,
    list: &'s [CampaignEntry<'s>],
    /// Of a desk in one page.
    campaigns: &'s [CampaignView<'s>],
    library: Option<&'s LibraryView>,
}

#[derive(Template)]
#[template(path = "cards.html")]
struct CardsPage<'s> {
    desk: DeskView<'s>,
    campaigns: &'s [CampaignView<'s>],
}

#[derive(Template)]
#[template(path = "library.html")]
struct LibraryPage<'s> {
    desk: DeskView<'s>,
    library: &'s LibraryView,
}

/// What templates call to write something for people.
mod filters {
    use jiff::civil::Date;

    use crate::model::date::{self, When};

    /// `31 March 2027`, of a day or a minute.
    #[askama::filter_fn]
    pub fn in_words(when: &When, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(date::in_words(*when))
    }

    /// `31 March 2027`
    #[askama::filter_fn]
    pub fn day_in_words(day: &Date, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(super::day_in_words(*day))
    }
}

/// What all pages of the desk are drawn from.
struct Desk<'s> {
    site: &'s Site,
    leads: Leads<'s>,
    campaigns: Vec<CampaignLeads<'s>>,
    lead_tags: usize,
}

/// Writes the lead desk.
pub fn write(site: &Site, register: &Register, notes: &SalesNotes, sink: &dyn Sink) -> anyhow::Result<()> {
    let campaigns = leads::campaigns(site, register);
    let desk = Desk {
        site,
        leads: Leads::new(site, notes, None),
        lead_tags: campaigns.iter().map(CampaignLeads::lead_tags).sum(),
        campaigns,
    };
    if desk.lead_tags <= LEADS_OF_A_PAGE { desk.one_page(sink) } else { desk.several_pages(sink) }
}

impl<'s> Desk<'s> {
    fn one_page(&self, sink: &dyn Sink) -> anyhow::Result<()> {
        let places = self.places(&[]);
        let library = self.library(&places);
        let campaigns: Vec<CampaignView> = self.campaigns.iter().map(|campaign| self.campaign(campaign, "")).collect();
        let data = self.data(&places, &library)?.replace('<', "\\u003c");
        let page = IndexPage {
            desk: DeskView { one_page: true, style: STYLE, script: SCRIPT, data: &data, ..self.view() },
            list: &self.list(&places),
            campaigns: &campaigns,
            library: Some(&library),
        };
        put(sink, "index.html", page.render()?)
    }

    fn several_pages(&self, sink: &dyn Sink) -> anyhow::Result<()> {
        let pages = self.pages_of_cards();
        let places = self.places(&pages);
        let (cards, rest) = rayon::join(
            || pages.par_iter().enumerate().try_for_each(|(number, campaigns)| self.cards(number, campaigns, sink)),
            || self.all_but_cards(&places, sink),
        );
        cards.and(rest)
    }

    fn all_but_cards(&self, places: &Places, sink: &dyn Sink) -> anyhow::Result<()> {
        let library = self.library(places);
        let page = IndexPage { desk: self.view(), list: &self.list(places), campaigns: &[], library: None };
        put(sink, "index.html", page.render()?)?;
        put(sink, "library.html", LibraryPage { desk: self.view(), library: &library }.render()?)?;
        put(sink, "desk.css", STYLE.to_owned())?;
        put(sink, "desk.js", SCRIPT.to_owned())?;
        put(sink, "desk-data.js", format!("window.deskData = {};\n", self.data(places, &library)?))
    }

    /// Neighbours share a page, as many as have [`LEADS_OF_A_PAGE`] together.
    fn pages_of_cards(&self) -> Vec<&[CampaignLeads<'s>]> {
        let mut pages = Vec::new();
        let (mut start, mut count) = (0, 0);
        for (index, campaign) in self.campaigns.iter().enumerate() {
            if count > 0 && count + campaign.lead_tags() > LEADS_OF_A_PAGE {
                pages.push(&self.campaigns[start..index]);
                (start, count) = (index, 0);
            }
            count += campaign.lead_tags();
        }
        pages.push(&self.campaigns[start..]);
        pages
    }

    fn cards(&self, number: usize, campaigns: &[CampaignLeads<'s>], sink: &dyn Sink) -> anyhow::Result<()> {
        let campaigns: Vec<CampaignView> = campaigns.iter().map(|campaign| self.campaign(campaign, "../")).collect();
        let page = CardsPage { desk: DeskView { up: "../", ..self.view() }, campaigns: &campaigns };
        put(sink, &place_of_cards(number), page.render()?)
    }

    fn view(&self) -> DeskView<'_> {
        DeskView {
            site: &self.site.config.title,
            language: &self.site.config.language.value,
            one_page: false,
            desk_url: self.site.config.leads.desk_url.as_ref().map(|url| url.url().as_str()).unwrap_or_default(),
            example: self.example(),
            holds_until: self.site.next_change,
            up: "",
            campaigns: self.campaigns.len(),
            lead_tags: self.lead_tags,
            style: "",
            script: "",
            data: "",
        }
    }

    /// A lead tag of this desk, to show what can be searched for.
    fn example(&self) -> String {
        let first = self.campaigns.iter().flat_map(|campaign| &campaign.ctas).flat_map(|cta| &cta.tags).next();
        first.map_or_else(|| "campaign_cta_channel".to_owned(), |rows| rows[0].tag.to_string())
    }

    fn campaign(&self, campaign: &CampaignLeads<'s>, up: &str) -> CampaignView<'s> {
        let ctas = campaign.ctas.iter().filter(|cta| !cta.tags.is_empty());
        let ctas = ctas.map(|cta| self.leads.cta(campaign, cta));
        CampaignView { facts: self.leads.campaign_facts(campaign, up), ctas: ctas.collect() }
    }

    fn list(&self, places: &Places) -> Vec<CampaignEntry<'_>> {
        let entries = self.campaigns.iter().map(|campaign| CampaignEntry {
            title: campaign.title(),
            state: campaign.state(),
            when: campaign.when(),
            href: places.of(campaign.id.as_str()),
        });
        entries.collect()
    }

    fn places(&self, pages: &[&[CampaignLeads]]) -> Places {
        let numbered = pages.iter().enumerate();
        let numbers = numbered.flat_map(|(number, campaigns)| campaigns.iter().map(move |campaign| (campaign, number)));
        Places { pages: numbers.map(|(campaign, number)| (campaign.id.to_string(), number)).collect() }
    }

    fn library(&self, places: &Places) -> LibraryView {
        let on_desk: BTreeSet<&Slug> = self.campaigns.iter().map(|campaign| &campaign.id).collect();
        let place = |page: &SitePage| {
            let id = page.campaign.as_ref().filter(|id| on_desk.contains(id));
            id.map(|id| places.of(id.as_str())).unwrap_or_default()
        };
        library(self.site, &self.leads, place)
    }

    /// What the script searches, as JSON.
    fn data(&self, places: &Places, library: &LibraryView) -> anyhow::Result<String> {
        let config = &self.site.config;
        let channels = config.channels.values().map(|channel| {
            (
                channel.id.as_str(),
                ChannelData { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
            )
        });
        let data = Data {
            version: VERSION,
            base_url: config.base_url.to_string(),
            channels: channels.collect(),
            campaigns: self.campaigns.par_iter().map(|campaign| self.campaign_data(campaign, places)).collect(),
            pages: (0..self.site.pages.len()).filter_map(|index| page_data(self.site, index)).collect(),
            library: library.by_campaign.iter().flat_map(|group| &group.items).collect(),
        };
        Ok(serde_json::to_string(&data)?)
    }

    fn campaign_data<'c>(&self, campaign: &'c CampaignLeads<'s>, places: &Places) -> CampaignData<'c> {
        let rows = || campaign.ctas.iter().flat_map(|cta| &cta.tags);
        let labels = campaign.ctas.iter().filter_map(|cta| Some((cta.id.as_str(), cta.label()?)));
        let mut codes: BTreeSet<(ShortCode, Slug)> =
            rows().filter_map(|rows| Some((rows[0].code?, rows[0].tag.channel.clone()))).collect();
        let quoting = rows().flat_map(|rows| rows.iter());
        let quoting = quoting.filter(|row| ContactMade::quotes_a_code(row.kind, &row.offer));
        let quoting: BTreeSet<&Slug> = quoting.map(|row| &row.tag.campaign).collect();
        codes.extend(quoting.into_iter().flat_map(|id| codes_to_quote(self.site, id)));
        CampaignData {
            id: campaign.id.as_str(),
            title: campaign.title(),
            state: campaign.state(),
            path: campaign.page.map(|page| format!("/{}", page.path.as_str())).unwrap_or_default(),
            was: campaign.former_ids(),
            href: places.page_of(campaign.id.as_str()),
            labels: labels.collect(),
            codes: codes.into_iter().collect(),
            leads: campaign.ctas.iter().map(leads_data).collect(),
        }
    }
}

/// The lead tags that a page makes which is no campaign itself.
fn page_data(site: &Site, index: usize) -> Option<PageData<'_>> {
    let page = &site.pages[index];
    let channel = site.channels_of_variants(index).into_iter().next()?;
    let mut leads = Vec::new();
    for (of, cta) in site.ctas_of_others(index).filter(|_| page.campaign.is_none()) {
        let tag = LeadTag::new(of.campaign.as_ref()?, cta, &channel);
        if !leads.contains(&tag) {
            leads.push(tag);
        }
    }
    let title = page.page.front.title.value.as_str();
    (!leads.is_empty()).then(|| PageData { path: format!("/{}", page.path.as_str()), title, leads })
}

/// A line for each lead tag: itself, after a `-` if it is closed, and everything that it ever offered, parted by tabs.
fn leads_data(leads: &CtaLeads) -> String {
    let mut lines = String::new();
    for rows in &leads.tags {
        if rows.iter().all(|row| row.until.is_some()) {
            lines.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(lines, "{}", rows[0].tag);
        for (place, row) in rows.iter().enumerate() {
            if rows[..place].iter().all(|earlier| earlier.offer != row.offer) {
                lines.push('\t');
                lines.push_str(&row.offer);
            }
        }
        lines.push('\n');
    }
    lines
}

/// `desk-data.js`: what the script searches.
#[derive(Serialize)]
struct Data<'d> {
    version: u32,
    base_url: String,
    channels: BTreeMap<&'d str, ChannelData<'d>>,
    campaigns: Vec<CampaignData<'d>>,
    /// The pages that are no campaign and offer other campaigns' calls to action.
    pages: Vec<PageData<'d>>,
    library: Vec<&'d LibraryItem>,
}

#[derive(Serialize)]
struct ChannelData<'d> {
    label: &'d str,
    source: &'d str,
    medium: &'d str,
}

#[derive(Serialize)]
struct PageData<'d> {
    /// Without the base path.
    path: String,
    title: &'d str,
    leads: Vec<LeadTag>,
}

#[derive(Serialize)]
struct CampaignData<'d> {
    id: &'d str,
    title: &'d str,
    state: CampaignState,
    /// The landing page's path, without the base path.
    path: String,
    was: Vec<&'d Slug>,
    /// The page that its lead cards stand on; empty for the index itself.
    href: String,
    /// Of its calls to action, by id.
    labels: BTreeMap<&'d str, &'d str>,
    /// With the channel of each: of links, and where there is a contact those that visitors quote. Of a renamed campaign
    /// also those of its former ids.
    codes: Vec<(ShortCode, Slug)>,
    leads: String,
}

/// Where each campaign's lead cards stand: the number of the page below `cards/`, if there are such pages.
struct Places {
    pages: HashMap<String, usize>,
}

impl Places {
    /// The page alone; empty for the index.
    fn page_of(&self, campaign: &str) -> String {
        self.pages.get(campaign).map(|&number| place_of_cards(number)).unwrap_or_default()
    }

    fn of(&self, campaign: &str) -> String {
        format!("{}#campaign_{campaign}", self.page_of(campaign))
    }
}

fn place_of_cards(number: usize) -> String {
    format!("cards/{number}.html")
}

fn put(sink: &dyn Sink, path: &str, text: String) -> anyhow::Result<()> {
    let path = SitePath::parse(path).with_context(|| format!("`{path}` is no path of the lead desk"))?;
    sink.put(&path, text.into_bytes())
}
