//! What sales reads: every lead source as JSON and CSV, and the materials that only `sales.md` names.

pub mod facts;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::links;
use crate::load::{Asset, Sources};
use crate::model::address::{Address, SitePath};
use crate::model::code::ShortCode;
use crate::model::tag::LeadTag;
use crate::parse::markdown;
use crate::register::{Register, Row};
use crate::resolve::{Site, SitePage};
use crate::sink::Sink;
use crate::word::diagnostic::{Diagnostic, Rule, nearest};
use crate::word::slug::Slug;
use crate::word::source::SourceText;
use crate::word::spreadsheet::harmless;

/// The version of `lead-sources.json`; it goes up when a reader of the old form would go wrong.
const VERSION: u32 = 1;

/// `lead-sources.json`. Campaigns and channels stand once; a source refers to them by id.
#[derive(Serialize)]
struct LeadSources<'s> {
    version: u32,
    site: &'s str,
    campaigns: BTreeMap<&'s str, CampaignFacts<'s>>,
    channels: BTreeMap<&'s str, ChannelFacts<'s>>,
    #[serde(serialize_with = "one_by_one")]
    sources: &'s [Row],
}

/// Three hundred thousand rows need not stand in memory twice.
fn one_by_one<S: serde::Serializer>(rows: &[Row], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(source))
}

/// A campaign as it is today; closed lead tags may name one that is gone.
#[derive(Serialize)]
struct CampaignFacts<'s> {
    title: &'s str,
    summary: &'s str,
    landing_page: String,
    state: &'static str,
    starts: Option<String>,
    ends: Option<String>,
    owner: Option<&'s str>,
    respond_within: Option<String>,
}

#[derive(Serialize)]
struct ChannelFacts<'s> {
    label: &'s str,
    source: &'s str,
    medium: &'s str,
}

/// A row of the tag register.
#[derive(Serialize)]
struct Source<'s> {
    tag: &'s LeadTag,
    campaign: &'s Slug,
    cta: &'s Slug,
    channel: &'s Slug,
    kind: &'static str,
    label: &'s str,
    offer: &'s str,
    landing_page: &'s str,
    code: Option<ShortCode>,
    from: Date,
    until: Option<Date>,
}

/// Files that only notes for sales name: the name in `sales/materials/`, and the file.
pub struct Materials {
    pub files: BTreeMap<SitePath, Asset>,
}

/// Writes everything below `sales/`.
pub fn write(site: &Site, register: &Register, materials: &Materials, sink: &dyn Sink) -> anyhow::Result<()> {
    let sources = LeadSources {
        version: VERSION,
        site: &site.config.title,
        campaigns: site
            .campaigns
            .iter()
            .map(|(id, &index)| (id.as_str(), campaign_facts(site, &site.pages[index])))
            .collect(),
        channels: site
            .config
            .channels
            .iter()
            .map(|(id, channel)| {
                (
                    id.as_str(),
                    ChannelFacts { label: &channel.label, source: &channel.source, medium: &channel.medium.value },
                )
            })
            .collect(),
        sources: register.rows(),
    };
    let (in_json, in_csv) = rayon::join(
        || sink.put(&SitePath::fixed("lead-sources.json"), json(&sources, register)?),
        || sink.put(&SitePath::fixed("lead-sources.csv"), csv(site, register)?),
    );
    in_json.and(in_csv)?;
    sink.put(&SitePath::fixed("links.csv"), links::csv(links::all(site, None))?)?;
    materials.files.iter().try_for_each(|(path, asset)| sink.copy(path, &asset.absolute))
}

fn json(sources: &LeadSources, register: &Register) -> anyhow::Result<Vec<u8>> {
    let mut json = Vec::with_capacity(text_length(register) + 180 * register.rows().len());
    serde_json::to_writer(&mut json, sources)?;
    json.push(b'\n');
    Ok(json)
}

/// The bytes of all texts of the register, to make room for them once.
fn text_length(register: &Register) -> usize {
    let tag = |tag: &LeadTag| tag.campaign.as_str().len() + tag.cta.as_str().len() + tag.channel.as_str().len() + 2;
    let of = |row: &Row| 2 * tag(&row.tag) + row.label.len() + row.offer.len() + row.landing_page.len();
    register.rows().iter().map(of).sum()
}

fn campaign_facts<'s>(site: &'s Site, page: &'s SitePage) -> CampaignFacts<'s> {
    let front = &page.page.front;
    CampaignFacts {
        title: &front.title.value,
        summary: front.summary.as_deref().unwrap_or_default(),
        landing_page: site.config.base_url.absolute(&page.path),
        state: page.state.name(),
        starts: front.starts.map(|starts| starts.value.to_string()),
        ends: front.ends.map(|ends| ends.value.to_string()),
        owner: front.owner.as_deref().or(site.config.leads.owner.as_deref()),
        respond_within: site.config.leads.respond_within.map(|duration| duration.to_string()),
    }
}

fn source(row: &Row) -> Source<'_> {
    Source {
        tag: &row.tag,
        campaign: &row.tag.campaign,
        cta: &row.tag.cta,
        channel: &row.tag.channel,
        kind: row.kind.as_str(),
        label: &row.label,
        offer: &row.offer,
        landing_page: &row.landing_page,
        code: row.code,
        from: row.from,
        until: row.until,
    }
}

/// The register with what a person needs beside each row, for spreadsheets.
fn csv(site: &Site, register: &Register) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(text_length(register) + 192 * register.rows().len()));
    writer.write_record([
        "tag",
        "campaign",
        "cta",
        "channel",
        "channel_label",
        "kind",
        "label",
        "offer",
        "title",
        "landing_page",
        "code",
        "owner",
        "from",
        "until",
    ])?;
    for row in register.rows() {
        let page = site.campaign_page(&row.tag.campaign).map(|index| &site.pages[index]);
        let title = page.map(|page| page.page.front.title.value.as_str()).unwrap_or_default();
        let owner = page
            .and_then(|page| page.page.front.owner.as_deref())
            .or(site.config.leads.owner.as_deref())
            .unwrap_or_default();
        let label =
            site.config.channels.get(&row.tag.channel).map_or(row.tag.channel.as_str(), |channel| &channel.label);
        let code = row.code.map(|code| code.to_string()).unwrap_or_default();
        let until = row.until.map(|until| until.to_string()).unwrap_or_default();
        let (tag, from) = (row.tag.to_string(), row.from.to_string());
        let cells = [
            &*tag,
            row.tag.campaign.as_str(),
            row.tag.cta.as_str(),
            row.tag.channel.as_str(),
            label,
            row.kind.as_str(),
            &row.label,
            &row.offer,
            title,
            &row.landing_page,
            &code,
            owner,
            &from,
            &until,
        ];
        writer.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.into_inner()?)
}

/// Finds the files that notes for sales link to, and the links that lead nowhere.
pub fn materials(site: &Site, sources: &Sources) -> (Materials, Vec<Diagnostic>) {
    let mut files = BTreeMap::new();
    let mut found = Vec::new();
    let pages: BTreeSet<&str> = site.pages.iter().map(|page| page.page.file.as_str()).collect();
    for (note, source) in &sources.sales_notes {
        let (body, mut problems) = markdown::body(source, 0..source.text.len());
        found.append(&mut problems);
        for link in &body.links {
            let Ok(Address::Local { path, .. }) = Address::parse(&link.address) else {
                if let Err(why) = Address::parse(&link.address) {
                    found.push(crate::parse::shape::bad_address(source, link.span, &link.address, &why));
                }
                continue;
            };
            let Some(file) = crate::resolve::joined(note, &path).filter(|_| !path.is_empty()) else {
                continue;
            };
            let is_known = pages.contains(file.as_str())
                || sources.static_files.contains_key(&file)
                || sources.sales_notes.contains_key(&file);
            match sources.assets.get(&file) {
                Some(asset) => {
                    let published = site.files.values().any(|public| public.absolute == asset.absolute);
                    if !published && let Some(path) = SitePath::parse(&format!("materials/{file}")) {
                        files.insert(path, asset.clone());
                    }
                }
                None if is_known => {}
                None => found.push(missing(source, link.span, &path, &file, sources)),
            }
        }
    }
    (Materials { files }, found)
}

fn missing(
    source: &Arc<SourceText>,
    span: crate::word::source::Span,
    path: &str,
    file: &str,
    sources: &Sources,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Rule::MissingTarget, format!("there is no file `{path}`")).at(source, span, "leads nowhere");
    match nearest(file, sources.assets.keys().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `/{near}`?")),
        None => diagnostic,
    }
}
