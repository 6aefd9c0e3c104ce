//! `campaigns.csv`: every campaign of the content, for people and for the campaigns of a CRM. The next build reads it
//! back to compare the end dates.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::civil::Date;

use crate::resolve::Site;
use crate::spreadsheet::escape_formula;

/// The path of the file below `sales/`.
pub const CAMPAIGNS_FILE: &str = "campaigns.csv";

const COLUMNS: [&str; 8] = ["campaign", "title", "state", "starts", "ends", "owner", "landing_page", "variants"];

/// Writes the records of `campaigns.csv`.
pub fn write_csv(out: &mut dyn Write, site: &Site) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for (id, &index) in &site.campaigns {
        let page = &site.pages[index];
        let front = &page.page.front;
        let starts = front.starts.map(|starts| starts.value.to_string()).unwrap_or_default();
        let ends = front.ends.map(|ends| ends.value.to_string()).unwrap_or_default();
        let owner = front.owner.as_deref().or(site.config.leads.owner.as_deref()).unwrap_or_default();
        let variants: Vec<&str> = site.variants_of(id).filter_map(|page| Some(page.variant()?.as_str())).collect();
        let variants = variants.join(" ");
        let landing_page = site.config.base_url.absolute(&page.path);
        let cells =
            [id.as_str(), &front.title.value, page.state.name(), &starts, &ends, owner, &landing_page, &variants];
        writer.write_record(cells.map(escape_formula).iter().map(|cell| cell.as_bytes()))?;
    }
    Ok(writer.flush()?)
}

/// Returns the end dates in the `campaigns.csv` of the last build, by campaign id. Empty if the file has other columns.
pub fn ends_of_last_build(text: &str) -> BTreeMap<String, Date> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    // Earlier versions wrote fewer columns.
    let is_known = |header: &csv::StringRecord| header.iter().zip(COLUMNS).all(|(read, column)| read == column);
    if !reader.headers().is_ok_and(|header| header.len() > 4 && is_known(header)) {
        return BTreeMap::new();
    }
    let ends = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let day = record.get(4)?.get(..10)?.parse().ok()?;
        Some((record.get(0)?.to_owned(), day))
    });
    ends.collect()
}
