//! The main table of a report as CSV.

use super::numbers::{plain, share_of};
use crate::report::run::Report;
use crate::spreadsheet::escape_formula;

/// Returns the main table: a row for each group, with a column for the value in each currency.
///
/// # Errors
///
/// If the writer fails.
pub fn csv(report: &Report) -> anyhow::Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let table = &report.main;
    let mut header: Vec<String> = table.by.iter().map(ToString::to_string).collect();
    header.extend(
        ["leads", "qualified", "won", "lost", "open", "conversion", "conversion_low", "conversion_high"]
            .map(str::to_owned),
    );
    header.extend(report.currencies.values().map(|code| value_column(code)));
    header.extend(["median_days_to_win", "cost", "cost_per_lead", "cost_per_win"].map(str::to_owned));
    if report.previous.is_some() {
        header.extend(["previous_leads", "previous_won"].map(str::to_owned));
    }
    writer.write_record(&header)?;
    for row in &table.rows {
        let stats = &row.stats;
        let mut cells: Vec<String> = row.key.iter().map(|key| escape_formula(key).into_owned()).collect();
        cells.extend(
            [stats.leads, stats.qualified, stats.won, stats.lost, stats.open()].map(|number| number.to_string()),
        );
        let share = |share: Option<f64>| share.map(|share| format!("{share:.6}")).unwrap_or_default();
        cells.extend([
            share(stats.conversion()),
            share(stats.interval().map(|at| at.0)),
            share(stats.interval().map(|at| at.1)),
        ]);
        cells.extend(report.currencies.keys().map(|currency| plain(stats.value.get(currency).copied().unwrap_or(0))));
        cells.push(stats.median_days().map(|days| days.to_string()).unwrap_or_default());
        let cost = row.cost.map(i128::from);
        let per = |number: u64| row.cost.and_then(|cost| share_of(cost, number)).map(plain).unwrap_or_default();
        cells.extend([cost.map(plain).unwrap_or_default(), per(stats.leads), per(stats.won)]);
        if report.previous.is_some() {
            let previous = row.previous.clone().unwrap_or_default();
            cells.extend([previous.leads.to_string(), previous.won.to_string()]);
        }
        writer.write_record(&cells)?;
    }
    Ok(writer.into_inner()?)
}

fn value_column(code: &str) -> String {
    if code.is_empty() { "value".to_owned() } else { format!("value_{}", code.to_lowercase()) }
}
