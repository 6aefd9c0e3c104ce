//! `lead-sources.json` and `lead-sources.csv`: every row of the tag register with what a CRM needs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::campaigns_csv::{CampaignRecord, campaign_record};
use crate::lead_tags::current_tag;
use crate::model::code::ShortCode;
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::register::{Register, Row};
use crate::resolve::Site;
use crate::spreadsheet::escape_formula;

/// The version of `lead-sources.json`. Raise it when a change would break readers of the old format.
const VERSION: u32 = 1;

const CSV_COLUMNS: [&str; 17] = [
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
];

/// Returns `lead-sources.json`: all rows of the register, and the campaigns and channels of the site.
pub fn json(site: &Site, register: &Register) -> anyhow::Result<Vec<u8>> {
    let campaigns = site.campaigns.iter().map(|(id, &index)| (id.as_str(), campaign_record(site, &site.pages[index])));
    let channels = site.config.channels.iter().map(|(id, channel)| {
        (
            id.as_str(),
            ChannelRecord { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
        )
    });
    let document = LeadSources {
        version: VERSION,
        site: &site.config.title,
        desk_url: site.config.leads.desk_url.as_ref().map(ToString::to_string),
        campaigns: campaigns.collect(),
        channels: channels.collect(),
        sources: SourceRecords { site, register },
    };
    let mut json = Vec::with_capacity(text_length(register) + 260 * register.rows().len());
    serde_json::to_writer(&mut json, &document)?;
    json.push(b'\n');
    Ok(json)
}

/// Returns `lead-sources.csv`: the register with more columns for people and CRMs.
pub fn csv(site: &Site, register: &Register) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(text_length(register) + 192 * register.rows().len()));
    writer.write_record(CSV_COLUMNS)?;
    for row in register.rows() {
        write_csv_row(&mut writer, site, register, row)?;
    }
    Ok(writer.into_inner()?)
}

fn write_csv_row(writer: &mut csv::Writer<Vec<u8>>, site: &Site, register: &Register, row: &Row) -> anyhow::Result<()> {
    let page = site.campaign_page(&row.tag.campaign).map(|index| &site.pages[index]);
    let title = page.map(|page| page.page.front.title.value.as_str()).unwrap_or_default();
    let owner = page
        .and_then(|page| page.page.front.owner.as_deref())
        .or(site.config.leads.owner.as_deref())
        .unwrap_or_default();
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
        channel_label(site, &row.tag.channel),
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
    writer.write_record(cells.map(escape_formula).iter().map(|cell| cell.as_bytes()))?;
    Ok(())
}

/// The whole of `lead-sources.json`. A source refers to its campaign and channel by id.
#[derive(Serialize)]
struct LeadSources<'s> {
    version: u32,
    site: &'s str,
    /// With `#` and a lead tag added, the URL of a lead card.
    desk_url: Option<String>,
    campaigns: BTreeMap<&'s str, CampaignRecord<'s>>,
    channels: BTreeMap<&'s str, ChannelRecord<'s>>,
    sources: SourceRecords<'s>,
}

#[derive(Serialize)]
struct ChannelRecord<'s> {
    label: &'s str,
    source: &'s str,
    medium: &'s str,
}

/// Converts the rows of the register while they are written: a list of 300,000 records would take memory twice.
struct SourceRecords<'s> {
    site: &'s Site,
    register: &'s Register,
}

impl Serialize for SourceRecords<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.register.rows().iter().map(|row| source_record(self.site, self.register, row)))
    }
}

/// A row of the tag register. Its campaign may no longer exist.
#[derive(Serialize)]
struct SourceRecord<'s> {
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
    /// The present lead tag of a closed one that was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<LeadTag>,
}

fn source_record<'s>(site: &Site, register: &Register, row: &'s Row) -> SourceRecord<'s> {
    SourceRecord {
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

/// The same text as the form field `lead_summary`.
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

/// Returns the number of bytes of all texts in the register, to allocate the output once.
fn text_length(register: &Register) -> usize {
    let tag = |tag: &LeadTag| tag.campaign.as_str().len() + tag.cta.as_str().len() + tag.channel.as_str().len() + 2;
    let of = |row: &Row| 2 * tag(&row.tag) + row.label.len() + row.offer.len() + row.landing_page.len();
    register.rows().iter().map(of).sum()
}
