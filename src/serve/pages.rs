//! What the server says of the site that it shows: its campaigns, pages, channels and dates, and the leads that were tried.

use askama::Template;

use super::submissions::StoredLead;
use super::told::{Problem, Told};
use crate::lead_tags::{rooted_share_link, short_path};
use crate::links;
use crate::model::slug::Slug;
use crate::pipeline::session::ServedSite;
use crate::resolve::{SitePage, State};
use crate::sales::leads as of_sales;

const STYLE: &str = include_str!("pages/server.css");

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'b> {
    title: &'b str,
    style: &'static str,
    day: String,
    next_change: String,
    preview: bool,
    problems: &'b [Problem],
    is_refused: bool,
    campaigns: Vec<CampaignRow<'b>>,
    pages: Vec<PageRow<'b>>,
    channels: Vec<ChannelRow<'b>>,
    lead_tags: usize,
}

struct CampaignRow<'b> {
    page: PageRow<'b>,
    id: &'b str,
    when: String,
    links: Vec<LinkRow<'b>>,
    forms: Vec<(&'b str, String)>,
}

struct PageRow<'b> {
    title: &'b str,
    url: String,
    file: &'b str,
    state: &'static str,
}

struct LinkRow<'b> {
    channel: &'b str,
    url: String,
    /// The same without what it says to analytics.
    path: String,
    short_url: String,
}

struct ChannelRow<'b> {
    id: &'b str,
    label: &'b str,
    source: &'b str,
    medium: &'b str,
    campaigns: usize,
}

#[derive(Template)]
#[template(path = "leads.html")]
struct LeadsPage<'b> {
    title: &'b str,
    style: &'static str,
    leads: Vec<LeadRow<'b>>,
}

struct LeadRow<'b> {
    stored: &'b StoredLead,
    destination: &'static str,
    fields: Vec<(String, String)>,
    json: Option<String>,
}

#[derive(Template)]
#[template(path = "nothing.html")]
struct NothingPage {
    style: &'static str,
}

/// Campaigns with their links, the other pages, and the channels.
pub fn overview(built: &ServedSite, told: &Told) -> anyhow::Result<String> {
    let site = &built.site;
    let shown = |page: &&SitePage| page.state.is_published(site.options.preview);
    let campaigns = site.campaigns.values().map(|&index| &site.pages[index]).filter(shown);
    let others = site.pages.iter().filter(|page| page.campaign.is_none()).filter(shown);
    let runs_on = |id: &Slug| {
        let channels = site.pages.iter().flat_map(|page| &page.page.front.channels);
        channels.filter(|channel| channel.value == *id).count()
    };
    let channels = site.config.channels.values().map(|channel| ChannelRow {
        id: channel.id.as_str(),
        label: &channel.label,
        source: &channel.source.value,
        medium: &channel.medium.value,
        campaigns: runs_on(&channel.id),
    });
    let page = OverviewPage {
        title: &site.config.title,
        style: STYLE,
        day: of_sales::day_in_words(site.options.today),
        next_change: site.next_change.map(of_sales::day_in_words).unwrap_or_default(),
        preview: site.options.preview,
        problems: &told.problems,
        is_refused: told.is_refused,
        campaigns: campaigns.filter_map(|page| campaign(built, page)).collect(),
        pages: others.map(|page| row(built, page)).collect(),
        channels: channels.collect(),
        lead_tags: built.lead_tags,
    };
    Ok(page.render()?)
}

fn campaign<'b>(built: &'b ServedSite, page: &'b SitePage) -> Option<CampaignRow<'b>> {
    let site = &built.site;
    let id = page.campaign.as_ref()?;
    let of_channels = links::of_campaign(site, id.as_str(), None).map(|campaign| campaign.links).unwrap_or_default();
    let of_channels = of_channels.into_iter().map(|link| LinkRow {
        channel: link.label,
        url: rooted_share_link(site, page, link.channel),
        path: site.config.base_url.rooted(&page.path.page(&format!("via/{}", link.channel.as_str()))),
        short_url: site.config.base_url.rooted(&short_path(link.code)),
    });
    let forms = page.forms().filter(|_| page.state != State::Ended);
    let forms = forms.map(|cta| (cta.label.as_str(), format!("{}#cta-{}", row(built, page).url, cta.id.value)));
    Some(CampaignRow {
        page: row(built, page),
        id: id.as_str(),
        when: of_sales::when(page),
        links: of_channels.collect(),
        forms: forms.collect(),
    })
}

fn row<'b>(built: &ServedSite, page: &'b SitePage) -> PageRow<'b> {
    PageRow {
        title: &page.page.front.title.value,
        url: built.site.config.base_url.rooted(&page.path),
        file: &page.page.source.path,
        state: page.state.name(),
    }
}

/// The leads that were tried, each as its destination would have got it, beside its lead card.
pub fn leads(built: &ServedSite, stored: &[StoredLead]) -> anyhow::Result<String> {
    let leads = stored.iter().map(|stored| LeadRow {
        stored,
        destination: stored.tried.destination(built).unwrap_or("the form's address"),
        fields: stored.tried.fields(),
        json: stored.tried.json(),
    });
    Ok(LeadsPage { title: &built.site.config.title, style: STYLE, leads: leads.collect() }.render()?)
}

/// What is shown while the site has never been good yet: its script shows the problems.
pub fn nothing_yet() -> String {
    NothingPage { style: STYLE }.render().unwrap_or_default()
}
