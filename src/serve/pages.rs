//! The server's own pages: the overview of campaigns, pages and channels, the test leads, looks and blocks, and the pages shown in
//! place of a page or a site that has had errors since the server started.

use std::collections::HashMap;

use askama::Template;

use super::status::{Condition, MAX_SHOWN, Problem, SiteStatus};
use super::submissions::StoredSubmission;
use crate::lead_tags::{rooted_share_link, short_path};
use crate::links;
use crate::model::block::{AttributeKind, BlockDeclaration};
use crate::model::slug::Slug;
use crate::pipeline::session::{ServedSite, Shown};
use crate::resolve::{SitePage, State};
use crate::sales::wording::{campaign_period, day_in_words};

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
    condition: Condition,
    stale: Vec<StalePage<'b>>,
    campaigns: Vec<CampaignRow<'b>>,
    pages: Vec<PageRow<'b>>,
    channels: Vec<ChannelRow<'b>>,
    lead_tags: usize,
}

/// A page with errors.
struct StalePage<'b> {
    file: &'b str,
    url: String,
    shown: Shown,
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
    /// The URL without `utm_*` parameters.
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
    stored: &'b StoredSubmission,
    destination: &'static str,
    fields: Vec<(String, String)>,
    json: Option<String>,
}

#[derive(Template)]
#[template(path = "looks.html")]
struct LooksPage<'b> {
    title: &'b str,
    style: &'static str,
    shown: PageRow<'b>,
    pages: Vec<PageRow<'b>>,
    looks: Vec<LookRow<'b>>,
}

struct LookRow<'b> {
    name: &'b str,
    about: &'b str,
    url: String,
    /// Whether it is the look of the site.
    is_current: bool,
}

#[derive(Template)]
#[template(path = "blocks.html")]
struct BlocksPage<'b> {
    title: &'b str,
    style: &'static str,
    used: Vec<UsedBlock<'b>>,
    /// The opening lines of the blocks that no page has.
    unused: Vec<String>,
    looks: Vec<LookRow<'b>>,
}

struct UsedBlock<'b> {
    name: &'b str,
    page: PageRow<'b>,
    /// Of the block alone.
    url: String,
}

#[derive(Template)]
#[template(path = "errors.html")]
struct ErrorsPage {
    style: &'static str,
    title: &'static str,
    sentence: &'static str,
}

/// Renders the overview: campaigns with their links, other pages and channels.
///
/// # Errors
///
/// If the template cannot be rendered.
pub fn overview(built: &ServedSite, status: &SiteStatus) -> anyhow::Result<String> {
    let site = &built.site;
    let is_published = |page: &&SitePage| page.state.is_published(site.options.preview);
    let campaigns = site.campaigns.values().map(|&index| &site.pages[index]).filter(is_published);
    let others = site.pages.iter().filter(|page| page.campaign.is_none()).filter(is_published);
    let mut campaigns_on: HashMap<&Slug, usize> = HashMap::new();
    for channel in site.pages.iter().flat_map(|page| &page.page.front.channels) {
        *campaigns_on.entry(&channel.value).or_default() += 1;
    }
    let channels = site.config.channels.values().map(|channel| ChannelRow {
        id: channel.id.as_str(),
        label: &channel.label,
        source: &channel.source.value,
        medium: &channel.medium.value,
        campaigns: campaigns_on.get(&channel.id).copied().unwrap_or_default(),
    });
    let page = OverviewPage {
        title: &site.config.title,
        style: STYLE,
        day: day_in_words(site.options.today),
        next_change: site.next_change.map(day_in_words).unwrap_or_default(),
        preview: site.options.preview,
        problems: &status.problems[..status.problems.len().min(MAX_SHOWN)],
        condition: status.condition,
        stale: built.stale_pages().into_iter().map(|(file, url, shown)| StalePage { file, url, shown }).collect(),
        campaigns: campaigns.filter_map(|page| campaign_row(built, page)).collect(),
        pages: others.map(|page| page_row(built, page)).collect(),
        channels: channels.collect(),
        lead_tags: built.lead_tags,
    };
    Ok(page.render()?)
}

fn campaign_row<'b>(built: &'b ServedSite, page: &'b SitePage) -> Option<CampaignRow<'b>> {
    let site = &built.site;
    let id = page.campaign.as_ref()?;
    let of_campaign = links::of_campaign(site, id.as_str(), None).unwrap_or_default();
    let of_page = of_campaign.into_iter().filter(|links| links.page.index == page.index);
    let links = of_page.flat_map(|links| links.links).map(|link| LinkRow {
        channel: link.label,
        url: rooted_share_link(site, page, link.channel),
        path: site.config.base_url.rooted(&page.channel_path(link.channel)),
        short_url: site.config.base_url.rooted(&short_path(link.code)),
    });
    let forms = page.forms().filter(|_| page.state != State::Ended);
    let forms = forms.map(|cta| (cta.label.as_str(), format!("{}#cta-{}", page_row(built, page).url, cta.id.value)));
    Some(CampaignRow {
        page: page_row(built, page),
        id: id.as_str(),
        when: campaign_period(page),
        links: links.collect(),
        forms: forms.collect(),
    })
}

fn page_row<'b>(built: &ServedSite, page: &'b SitePage) -> PageRow<'b> {
    PageRow {
        title: &page.page.front.title.value,
        url: built.site.config.base_url.rooted(&page.path),
        file: &page.page.source.path,
        state: page.state.name(),
    }
}

/// Renders the test leads: each as its destination would have received it, next to its lead card.
///
/// # Errors
///
/// If the template cannot be rendered.
pub fn leads(built: &ServedSite, submissions: &[StoredSubmission]) -> anyhow::Result<String> {
    let leads = submissions.iter().map(|stored| LeadRow {
        stored,
        destination: stored.submission.destination(built).unwrap_or("the form's URL"),
        fields: stored.submission.fields(),
        json: stored.submission.pretty_json(),
    });
    Ok(LeadsPage { title: &built.site.config.title, style: STYLE, leads: leads.collect() }.render()?)
}

/// Renders a page with one page of the site in each look: the requested one, else the home page, else the first.
///
/// # Errors
///
/// If the template cannot be rendered.
pub fn looks(built: &ServedSite, requested: Option<&str>) -> anyhow::Result<String> {
    let site = &built.site;
    let base_url = &site.config.base_url;
    let published = || site.pages.iter().filter(|page| page.state.is_published(site.options.preview));
    let is_at = |page: &&SitePage, url: &str| base_url.rooted(&page.path) == url;
    let by_address = |url: &str| published().find(|page| is_at(page, url));
    let shown = requested.and_then(by_address).or_else(|| by_address(base_url.path())).or_else(|| published().next());
    let Some(shown) = shown else { anyhow::bail!("the site has no pages") };
    let looks = built.looks().map(|(name, about)| LookRow {
        name,
        about,
        url: format!("/__tagline/looks/{name}/{}", shown.path.as_str()),
        is_current: name == built.look(),
    });
    let page = LooksPage {
        title: &site.config.title,
        style: STYLE,
        shown: page_row(built, shown),
        pages: published().map(|page| page_row(built, page)).collect(),
        looks: looks.collect(),
    };
    Ok(page.render()?)
}

/// Renders a page with every block of the theme: one of the site's own where a page has it, in the requested look, else in that
/// of its page.
///
/// # Errors
///
/// If the template cannot be rendered.
pub fn blocks(built: &ServedSite, look: Option<&str>) -> anyhow::Result<String> {
    let look = look.filter(|look| built.looks().any(|(name, _)| name == *look));
    let query = look.map_or_else(String::new, |look| format!("?look={look}"));
    let (mut used, mut unused) = (Vec::new(), Vec::new());
    for (name, declaration, page) in built.blocks() {
        match page {
            Some(page) => used.push(UsedBlock {
                name,
                page: page_row(built, page),
                url: format!("/__tagline/blocks/{name}/{}{query}", page.path.as_str()),
            }),
            None => unused.push(opening_line(name, declaration)),
        }
    }
    let looks = built.looks().map(|(name, about)| LookRow {
        name,
        about,
        url: format!("/__tagline/blocks?look={name}"),
        is_current: Some(name) == look,
    });
    let page = BlocksPage { title: &built.site.config.title, style: STYLE, used, unused, looks: looks.collect() };
    Ok(page.render()?)
}

/// Returns the line that opens a block, with its attributes: `::: quote by="…" logo`.
fn opening_line(name: &str, declaration: Option<&BlockDeclaration>) -> String {
    let own = declaration.into_iter().flat_map(|it| &it.attributes).filter(|(_, attribute)| !attribute.is_class);
    let attributes = own.map(|(name, attribute)| match attribute.kind {
        AttributeKind::Flag => format!(" {name}"),
        _ => format!(" {name}=\"…\""),
    });
    format!("::: {name}{}", attributes.collect::<String>())
}

/// Renders the page shown until the site can be served for the first time. Its script shows the problems.
pub fn no_site_yet() -> String {
    errors_page("The site cannot be shown yet", "When you have fixed its errors, it appears here.")
}

/// Renders the page shown in place of a page that has had errors since the server started. Its script shows the problems.
pub fn page_with_errors() -> String {
    errors_page(
        "This page has errors",
        "When you have fixed them, the page appears here. The other pages of the site work.",
    )
}

fn errors_page(title: &'static str, sentence: &'static str) -> String {
    ErrorsPage { style: STYLE, title, sentence }.render().unwrap_or_default()
}
