//! Share links as CSV and JSON, for spreadsheets and scripts.

use std::io::Write;

use serde::Serialize;

use super::share_link::{CampaignLinks, ShareLink};
use crate::model::variant::Variant;
use crate::resolve::Site;
use crate::spreadsheet::escape_formula;

/// The version of the JSON. Raise it when a change would break readers of the old format.
const VERSION: u32 = 1;

/// The columns of the CSV and the keys of the JSON.
const COLUMNS: [&str; 8] = ["campaign", "channel", "label", "link", "short_link", "code", "ga4_group", "variant"];

/// Writes the CSV with a header. Cells that a spreadsheet would read as formulas are escaped.
pub fn write_csv<'s>(out: impl Write, campaigns: impl IntoIterator<Item = CampaignLinks<'s>>) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for link in campaigns.into_iter().flat_map(|campaign| campaign.links) {
        let ShareLink { campaign, channel, variant, label, link, short_link, code, ga4_group } = &link;
        let code = code.to_string();
        let variant = variant.map_or("", Variant::as_str);
        let cells = [campaign.as_str(), channel.as_str(), label, link, short_link, &code, ga4_group.name(), variant];
        writer.write_record(cells.map(escape_formula).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.flush()?)
}

/// Returns `{"version": 1, "site": …, "links": [{"campaign": …, …}]}`, with unescaped values.
pub fn json<'s>(site: &'s Site, campaigns: impl IntoIterator<Item = CampaignLinks<'s>>) -> anyhow::Result<String> {
    let links = campaigns.into_iter().flat_map(|campaign| campaign.links).collect();
    let document = Document { version: VERSION, site: &site.config.title, links };
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    site: &'s str,
    links: Vec<ShareLink<'s>>,
}
