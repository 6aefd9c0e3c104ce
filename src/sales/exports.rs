//! What other programs read of leads: every lead source as JSON and CSV, and the campaigns as CSV.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::lead_tags::current_tag;
use crate::model::code::ShortCode;
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::{Register, Row};
use crate::resolve::{Site, SitePage};
use crate::spreadsheet::harmless;

/// The version of `lead-sources.json`; it goes up when a reader of the old form would go wrong.
const VERSION: u32 = 1;

/// `lead-sources.json`. Campaigns and channels stand once; a source refers to them by id.
#[derive(Serialize)]
struct LeadSources<'s> {
    version: u32,
    site: &'s str,
    /// With `#` and a lead tag behind it, the address of a lead card.
    desk_url: Option<String>,
    campaigns: BTreeMap<&'s str, CampaignRecord<'s>>,
    channels: BTreeMap<&'s str, ChannelFacts<'s>>,
    sources: Sources<'s>,
}

/// The rows of the register, made into sources one by one: three hundred thousand need not stand in memory twice.
struct Sources<'s> {
    site: &'s Site,
    register: &'s Register,
}

impl Serialize for Sources<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.register.rows().iter().map(|row| source(self.site, self.register, row)))
    }
}

/// A campaign as it is today; closed lead tags may name one that is gone.
#[derive(Serialize)]
struct CampaignRecord<'s> {
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
    lead_summary: String,
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
    /// What a closed lead tag's source is called now.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<LeadTag>,
}

/// `lead-sources.json`: all rows of the register, with the campaigns and channels that they name.
pub fn json(site: &Site, register: &Register) -> anyhow::Result<Vec<u8>> {
    let campaigns = site.campaigns.iter().map(|(id, &index)| (id.as_str(), campaign_record(site, &site.pages[index])));
    let channels = site.config.channels.iter().map(|(id, channel)| {
        (
            id.as_str(),
            ChannelFacts { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
        )
    });
    let sources = LeadSources {
        version: VERSION,
        site: &site.config.title,
        desk_url: site.config.leads.desk_url.as_ref().map(ToString::to_string),
        campaigns: campaigns.collect(),
        channels: channels.collect(),
        sources: Sources { site, register },
    };
    let mut json = Vec::with_capacity(text_length(register) + 260 * register.rows().len());
    serde_json::to_writer(&mut json, &sources)?;
    json.push(b'\n');
    Ok(json)
}

/// The bytes of all texts of the register, to make room for them once.
fn text_length(register: &Register) -> usize {
    let tag = |tag: &LeadTag| tag.campaign.as_str().len() + tag.cta.as_str().len() + tag.channel.as_str().len() + 2;
    let of = |row: &Row| 2 * tag(&row.tag) + row.label.len() + row.offer.len() + row.landing_page.len();
    register.rows().iter().map(of).sum()
}

fn campaign_record<'s>(site: &'s Site, page: &'s SitePage) -> CampaignRecord<'s> {
    let front = &page.page.front;
    CampaignRecord {
        title: &front.title.value,
        summary: front.summary().unwrap_or_default(),
        landing_page: site.config.base_url.absolute(&page.path),
        state: page.state.name(),
        starts: front.starts.map(|starts| starts.value.to_string()),
        ends: front.ends.map(|ends| ends.value.to_string()),
        owner: front.owner.as_deref().or(site.config.leads.owner.as_deref()),
        respond_within: site.config.leads.respond_within.map(|duration| duration.to_string()),
    }
}

fn source<'s>(site: &Site, register: &Register, row: &'s Row) -> Source<'s> {
    Source {
        tag: &row.tag,
        lead_summary: lead_summary(site, row),
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
        replaced_by: replaced_by(site, register, row),
    }
}

/// As in the form's field.
fn lead_summary(site: &Site, row: &Row) -> String {
    offer::summary(&row.label, &row.tag.campaign, &row.tag.channel, channel_label(site, &row.tag.channel))
}

fn channel_label<'s>(site: &'s Site, channel: &'s Slug) -> &'s str {
    site.config.channels.get(channel).map_or(channel.as_str(), |channel| &channel.label)
}

fn replaced_by(site: &Site, register: &Register, row: &Row) -> Option<LeadTag> {
    row.until?;
    current_tag(site, &row.tag).filter(|present| *present != row.tag && !register.rows_of(present).is_empty())
}

/// `lead-sources.csv`: the register with what a person or a CRM needs beside each row.
pub fn csv(site: &Site, register: &Register) -> anyhow::Result<Vec<u8>> {
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
        "lead_summary",
        "replaced_by",
        "card",
    ])?;
    for row in register.rows() {
        let page = site.campaign_page(&row.tag.campaign).map(|index| &site.pages[index]);
        let title = page.map(|page| page.page.front.title.value.as_str()).unwrap_or_default();
        let owner = page
            .and_then(|page| page.page.front.owner.as_deref())
            .or(site.config.leads.owner.as_deref())
            .unwrap_or_default();
        let label = channel_label(site, &row.tag.channel);
        let code = row.code.map(|code| code.to_string()).unwrap_or_default();
        let until = row.until.map(|until| until.to_string()).unwrap_or_default();
        let (tag, from) = (row.tag.to_string(), row.from.to_string());
        let replaced_by = replaced_by(site, register, row).map(|tag| tag.to_string()).unwrap_or_default();
        let card = site.config.leads.desk_url.as_ref().map(|url| format!("{url}#{tag}")).unwrap_or_default();
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
            &lead_summary(site, row),
            &replaced_by,
            &card,
        ];
        writer.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.into_inner()?)
}

/// `campaigns.csv`: every campaign of the content, for people, a CRM's campaigns, and the next build, which compares
/// the ends.
pub fn campaigns_csv(site: &Site) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(CAMPAIGN_COLUMNS)?;
    for (id, &index) in &site.campaigns {
        let facts = campaign_record(site, &site.pages[index]);
        let (starts, ends) = (facts.starts.unwrap_or_default(), facts.ends.unwrap_or_default());
        let owner = facts.owner.unwrap_or_default();
        let cells = [id.as_str(), facts.title, facts.state, &starts, &ends, owner, &facts.landing_page];
        writer.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.into_inner()?)
}

/// Where [`campaigns_csv`] lies, below `sales/`.
pub const CAMPAIGNS_FILE: &str = "campaigns.csv";

const CAMPAIGN_COLUMNS: [&str; 7] = ["campaign", "title", "state", "starts", "ends", "owner", "landing_page"];

/// The ends of the campaigns as the last build wrote them into `campaigns.csv`, by id.
pub fn ends_of_last_build(text: &str) -> BTreeMap<String, Date> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    if reader.headers().map(|header| header.iter().ne(CAMPAIGN_COLUMNS)).unwrap_or(true) {
        return BTreeMap::new();
    }
    let ends = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let day = record.get(4)?.get(..10)?.parse().ok()?;
        Some((record.get(0)?.to_owned(), day))
    });
    ends.collect()
}
