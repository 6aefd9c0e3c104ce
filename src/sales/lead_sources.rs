//! `lead-sources.csv`: every row of the tag register with what a CRM needs. `lead-sources.json`: the same by campaign,
//! without repetitions, and with the campaigns and channels of the site.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::Serialize;

use super::facts::CampaignState;
use crate::lead_tags::current_tag;
use crate::model::code::ShortCode;
use crate::model::date::When;
use crate::model::offer;
use crate::model::slug::Slug;
use crate::model::tag::LeadTag;
use crate::model::variant::Variant;
use crate::pieces::write_in_order;
use crate::register::{Register, Row};
use crate::resolve::{Site, SitePage};
use crate::spreadsheet::escape_formula;

/// The version of `lead-sources.json`. Raise it when a change would break readers of the old format.
const VERSION: u32 = 2;

const CSV_COLUMNS: [&str; 14] = [
    "tag",
    "campaign",
    "cta",
    "channel",
    "kind",
    "label",
    "offer",
    "code",
    "from",
    "until",
    "lead_summary",
    "replaced_by",
    "card",
    "variant",
];

/// The rows of one piece of `lead-sources.csv`.
const ROWS_PER_PIECE: usize = 1000;

/// Writes `lead-sources.csv`: one record for each row of the register.
pub fn write_csv(out: &mut dyn Write, site: &Site, register: &Register) -> anyhow::Result<()> {
    let mut header = csv::Writer::from_writer(&mut *out);
    header.write_record(CSV_COLUMNS)?;
    header.flush()?;
    drop(header);
    let pieces: Vec<&[Row]> = register.rows().chunks(ROWS_PER_PIECE).collect();
    write_in_order(out, &pieces, "", |rows| csv_records(site, register, rows))
}

fn csv_records(site: &Site, register: &Register, rows: &[Row]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let desk_url = site.config.leads.desk_url.as_ref();
    // One buffer for all cells that are put together.
    let mut cell = String::new();
    for row in rows {
        let LeadTag { campaign, cta, channel, variant } = &row.tag;
        write_cell(&mut writer, &mut cell, &row.tag)?;
        let texts = [campaign.as_str(), cta.as_str(), channel.as_str(), row.kind.as_str(), &row.label, &row.offer];
        for text in texts {
            writer.write_field(escape_formula(text).as_bytes())?;
        }
        write_optional(&mut writer, &mut cell, row.code)?;
        write_cell(&mut writer, &mut cell, row.from)?;
        write_optional(&mut writer, &mut cell, row.until)?;
        let summary = offer::summary(&row.label, campaign, channel, channel_label(site, channel));
        writer.write_field(escape_formula(&summary).as_bytes())?;
        write_optional(&mut writer, &mut cell, replaced_by(site, register, row))?;
        write_optional(&mut writer, &mut cell, desk_url.map(|url| format!("{url}#{}", row.tag)))?;
        writer.write_field(variant.as_ref().map_or("", Variant::as_str))?;
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer.into_inner()?)
}

/// Writes a value that does not begin like a formula.
fn write_cell(
    writer: &mut csv::Writer<Vec<u8>>,
    cell: &mut String,
    value: impl std::fmt::Display,
) -> anyhow::Result<()> {
    cell.clear();
    write!(cell, "{value}")?;
    Ok(writer.write_field(cell.as_bytes())?)
}

fn write_optional(
    writer: &mut csv::Writer<Vec<u8>>,
    cell: &mut String,
    value: Option<impl std::fmt::Display>,
) -> anyhow::Result<()> {
    match value {
        Some(value) => write_cell(writer, cell, value),
        None => Ok(writer.write_field("")?),
    }
}

/// Writes `lead-sources.json`.
pub fn write_json(out: &mut dyn Write, site: &Site, register: &Register) -> anyhow::Result<()> {
    let channels = site.config.channels.iter().map(|(id, channel)| {
        (
            id.as_str(),
            ChannelRecord { label: &channel.label, source: &channel.source.value, medium: &channel.medium.value },
        )
    });
    let leads = &site.config.leads;
    let document = LeadSources {
        version: VERSION,
        site: &site.config.title,
        base_url: site.config.base_url.to_string(),
        desk_url: leads.desk_url.as_ref().map(ToString::to_string),
        owner: leads.owner.as_deref(),
        respond_within: leads.respond_within.map(|duration| duration.to_string()),
        channels: channels.collect(),
        campaigns: CampaignRecords { site, register },
    };
    serde_json::to_writer(&mut *out, &document)?;
    Ok(out.write_all(b"\n")?)
}

/// The whole of `lead-sources.json`.
#[derive(Serialize)]
struct LeadSources<'s> {
    version: u32,
    site: &'s str,
    base_url: String,
    /// With `#` and a lead tag added, the URL of a lead card.
    desk_url: Option<String>,
    /// Who follows up on campaigns without an owner of their own.
    owner: Option<&'s str>,
    respond_within: Option<String>,
    channels: BTreeMap<&'s str, ChannelRecord<'s>>,
    campaigns: CampaignRecords<'s>,
}

#[derive(Serialize)]
struct ChannelRecord<'s> {
    label: &'s str,
    source: &'s str,
    medium: &'s str,
}

/// Converts campaigns while they are written: a list of 100,000 records would take memory twice.
struct CampaignRecords<'s> {
    site: &'s Site,
    register: &'s Register,
}

impl Serialize for CampaignRecords<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CampaignRecords { site, register } = *self;
        let mut campaigns: BTreeMap<&Slug, (Option<&SitePage>, &[Row])> = BTreeMap::new();
        for (id, &index) in &site.campaigns {
            campaigns.insert(id, (Some(&site.pages[index]), &[]));
        }
        for rows in register.rows().chunk_by(|a, b| a.tag.campaign == b.tag.campaign) {
            campaigns.entry(&rows[0].tag.campaign).or_default().1 = rows;
        }
        let records = campaigns.into_iter().map(|(id, (page, rows))| (id, campaign_record(site, register, page, rows)));
        serializer.collect_map(records)
    }
}

/// A campaign, by its id. One that is only in the register has no title.
#[derive(Serialize)]
struct CampaignRecord<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'s str>,
    /// The path, without the base path.
    #[serde(skip_serializing_if = "Option::is_none")]
    landing_page: Option<String>,
    state: CampaignState,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<When>,
    /// Its own owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'s str>,
    /// The pages of its languages and versions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    variants: BTreeMap<&'s str, VariantRecord<'s>>,
    /// Short codes by channel; those of variants by channel, `_` and variant.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    codes: BTreeMap<Cow<'s, str>, ShortCode>,
    periods: Vec<PeriodRecord<'s>>,
}

/// A page of a campaign in another language or version.
#[derive(Serialize)]
struct VariantRecord<'s> {
    title: &'s str,
    /// The path, without the base path.
    landing_page: String,
    /// The name of the language, in that language. None for a version of the page as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'s str>,
}

/// Returns the channel of a lead tag, with the variant after it.
fn with_variant(tag: &LeadTag) -> Cow<'_, str> {
    match &tag.variant {
        None => tag.channel.as_str().into(),
        Some(variant) => format!("{}_{variant}", tag.channel).into(),
    }
}

/// What was offered on some channels during a period.
#[derive(Serialize)]
struct PeriodRecord<'s> {
    from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    /// The path of the page, if it is not that of the campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    landing_page: Option<&'s str>,
    /// The fourth part of the lead tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'s Variant>,
    channels: Vec<&'s str>,
    ctas: BTreeMap<&'s str, OfferRecord<'s>>,
}

#[derive(Serialize)]
struct OfferRecord<'s> {
    kind: &'static str,
    label: &'s str,
    offer: &'s str,
    /// The present campaign and call to action of a renamed one: `spring-sale_save`.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
}

fn campaign_record<'s>(
    site: &'s Site,
    register: &Register,
    page: Option<&'s SitePage>,
    rows: &'s [Row],
) -> CampaignRecord<'s> {
    let front = page.map(|page| &page.page.front);
    CampaignRecord {
        title: front.map(|front| front.title.value.as_str()),
        landing_page: page.map(site_path),
        state: page.map_or(CampaignState::Gone, |page| page.state.into()),
        starts: front.and_then(|front| front.starts).map(|starts| starts.value),
        ends: front.and_then(|front| front.ends).map(|ends| ends.value),
        owner: front.and_then(|front| front.owner.as_deref()),
        variants: page.map(|page| variants(site, page)).unwrap_or_default(),
        codes: rows.iter().filter_map(|row| Some((with_variant(&row.tag), row.code?))).collect(),
        periods: periods(site, register, page, rows),
    }
}

fn variants<'s>(site: &'s Site, page: &SitePage) -> BTreeMap<&'s str, VariantRecord<'s>> {
    let pages = page.campaign.iter().flat_map(|id| site.variants_of(id));
    let records = pages.filter_map(|page| {
        let variant = page.variant()?;
        let language = site.config.language_of(Some(variant)).map(|language| language.label.as_str());
        Some((
            variant.as_str(),
            VariantRecord { title: &page.page.front.title.value, landing_page: site_path(page), language },
        ))
    });
    records.collect()
}

/// What the rows of one offer have in common: all but the channel.
#[derive(PartialEq, Eq, Hash)]
struct OfferKey<'s> {
    period: (Date, Option<Date>, Option<&'s str>, Option<&'s Variant>),
    cta: &'s str,
    kind: &'static str,
    label: &'s str,
    offer: &'s str,
    replaced_by: Option<String>,
}

/// Groups the rows of a campaign in two steps: rows that differ only in the channel, then offers with the same period
/// and the same channels.
fn periods<'s>(site: &Site, register: &Register, page: Option<&SitePage>, rows: &'s [Row]) -> Vec<PeriodRecord<'s>> {
    let campaign_path = page.map(site_path);
    let mut channels_of: IndexMap<OfferKey, Vec<&str>> = IndexMap::new();
    for row in rows {
        let landing_page = Some(&*row.landing_page).filter(|path| Some(*path) != campaign_path.as_deref());
        let replaced_by = replaced_by(site, register, row).map(|tag| format!("{}_{}", tag.campaign, tag.cta));
        let key = OfferKey {
            period: (row.from, row.until, landing_page, row.tag.variant.as_ref()),
            cta: row.tag.cta.as_str(),
            kind: row.kind.as_str(),
            label: &row.label,
            offer: &row.offer,
            replaced_by,
        };
        // The rows of one offer usually follow one another.
        match channels_of.last_mut().filter(|(last, _)| **last == key) {
            Some((_, channels)) => channels.push(row.tag.channel.as_str()),
            None => channels_of.entry(key).or_default().push(row.tag.channel.as_str()),
        }
    }
    let mut periods: IndexMap<_, BTreeMap<&str, OfferRecord>> = IndexMap::new();
    for (key, channels) in channels_of {
        let OfferKey { period, cta, kind, label, offer, replaced_by } = key;
        // An offer that changed twice on one day has two rows with the same period.
        let mut group = (period, channels, 0);
        while periods.get(&group).is_some_and(|ctas| ctas.contains_key(cta)) {
            group.2 += 1;
        }
        periods.entry(group).or_default().insert(cta, OfferRecord { kind, label, offer, replaced_by });
    }
    let records = periods.into_iter().map(|(((from, until, landing_page, variant), channels, _), ctas)| PeriodRecord {
        from,
        until,
        landing_page,
        variant,
        channels,
        ctas,
    });
    records.collect()
}

/// Returns the path of a page as the register has it.
fn site_path(page: &SitePage) -> String {
    format!("/{}", page.path.as_str())
}

fn channel_label<'s>(site: &'s Site, channel: &'s Slug) -> &'s str {
    site.config.channels.get(channel).map_or(channel.as_str(), |channel| &channel.label)
}

fn replaced_by(site: &Site, register: &Register, row: &Row) -> Option<LeadTag> {
    row.until?;
    current_tag(site, &row.tag).filter(|present| *present != row.tag && !register.rows_of(present).is_empty())
}
