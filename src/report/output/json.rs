//! A report as JSON. `version` grows when a member changes its meaning or is removed; members may be added.

use serde_json::{Map, Value, json};

use super::numbers::{plain, share_of};
use crate::report::accounting::Category;
use crate::report::count::{Stats, Window};
use crate::report::run::{FileReport, Report};
use crate::report::tables::Table;
use crate::report::values::day::date;
use crate::report::versions::{Verdict, VersionTest};

/// The version of the format.
const VERSION: u32 = 1;

/// Returns a report as JSON.
pub fn json(report: &Report) -> Value {
    let counted = |items: &[(String, u64)], name: &str| -> Value {
        items.iter().map(|(text, rows)| json!({ name: text, "rows": rows })).collect()
    };
    json!({
        "version": VERSION,
        "site": report.site,
        "made_on": report.made_on.to_string(),
        "period": period(report.window),
        "previous_period": report.previous_window.map(period),
        "files": report.files.iter().map(file).collect::<Value>(),
        "total": stats(report, &report.total, None),
        "previous": report.previous.as_ref().map(|previous| stats(report, previous, None)),
        "cost": report.cost.map(|cost| plain(i128::from(cost))),
        "cost_currency": report.cost_currency,
        "table": table(report, &report.main),
        "campaigns": table(report, &report.by_campaign),
        "channels": table(report, &report.by_channel),
        "ctas": table(report, &report.by_cta),
        "variants": table(report, &report.by_variant),
        "weeks": report.by_week.iter().map(|(day, of_week)| {
            let mut week = stats(report, of_week, None);
            week["week"] = json!(day.to_string());
            week
        }).collect::<Value>(),
        "lost_reasons": report.reasons.iter().map(|(campaign, reasons)| {
            let reasons: Value = reasons.iter().map(|(reason, leads)| {
                json!({ "reason": if reason.is_empty() { "other" } else { reason.as_str() }, "leads": leads })
            }).collect();
            json!({ "campaign": campaign, "reasons": reasons })
        }).collect::<Value>(),
        "versions": report.versions.iter().map(version).collect::<Value>(),
        "unknown_lead_tags": counted(&report.unknown_tags, "lead_tag"),
        "unknown_statuses": counted(&report.unknown_statuses, "status"),
        "never_issued": counted(&report.never_issued, "lead_tag"),
        "outside_register_time": counted(&report.outside_time, "lead_tag"),
        "without_day": report.without_day,
        "insights": report.insights.iter().map(|insight| insight.text.as_str()).collect::<Value>(),
    })
}

fn period(window: Window) -> Value {
    json!({ "from": window.from.map(|day| date(day).to_string()), "until": window.until.map(|day| date(day).to_string()) })
}

fn file(file: &FileReport) -> Value {
    let account = &file.account;
    let rows: Map<String, Value> =
        Category::ALL.into_iter().map(|category| (category.id().to_owned(), json!(account.get(category)))).collect();
    let repairs: Map<String, Value> =
        account.repairs.iter().map(|(repair, rows)| (repair.reason().to_owned(), json!(rows))).collect();
    let columns: Value =
        file.columns.iter().map(|(role, header)| json!({ "role": role.key(), "header": header })).collect();
    json!({
        "file": file.name,
        "has_leads": file.has_leads,
        "columns": columns,
        "notes": file.notes,
        "rows": account.rows,
        "accounts": rows,
        "repairs": repairs,
        "bad_days": file.bad_days.count,
        "bad_amounts": file.bad_amounts.count,
    })
}

fn stats(report: &Report, stats: &Stats, cost: Option<i64>) -> Value {
    let value: Value = stats
        .value
        .iter()
        .map(|(currency, sum)| json!({ "currency": report.currencies.get(currency), "amount": plain(*sum) }))
        .collect();
    let per = |number: u64| cost.and_then(|cost| share_of(cost, number)).map(plain);
    json!({
        "leads": stats.leads,
        "qualified": stats.qualified,
        "won": stats.won,
        "lost": stats.lost,
        "open": stats.open(),
        "conversion": stats.conversion(),
        "conversion_interval": stats.interval().map(|(low, high)| [low, high]),
        "value": value,
        "median_days_to_win": stats.median_days(),
        "cost": cost.map(|cost| plain(i128::from(cost))),
        "cost_per_lead": per(stats.leads),
        "cost_per_win": per(stats.won),
    })
}

fn table(report: &Report, table: &Table) -> Value {
    let row = |row: &crate::report::tables::TableRow| {
        let mut value = stats(report, &row.stats, row.cost);
        for (by, key) in table.by.iter().zip(&row.key) {
            value[by.id()] = json!(key);
        }
        if let Some(previous) = &row.previous {
            value["previous"] = json!({ "leads": previous.leads, "won": previous.won });
        }
        value
    };
    json!({ "by": table.by.iter().map(|by| by.id()).collect::<Vec<_>>(), "rows": table.rows.iter().map(row).collect::<Value>() })
}

fn version(test: &VersionTest) -> Value {
    let VersionTest { campaign, language, version, a, b, left_out, verdict } = test;
    let (verdict, probability, missing) = match verdict {
        Verdict::TooFewData { missing } => ("too_few_data", None, *missing),
        Verdict::Undecided { probability, missing } => ("undecided", Some(*probability), *missing),
        Verdict::Better { probability } => ("better", Some(*probability), None),
        Verdict::Worse { probability } => ("worse", Some(*probability), None),
    };
    json!({
        "campaign": campaign,
        "language": language,
        "version": version,
        "a": { "leads": a.0, "won": a.1 },
        "b": { "leads": b.0, "won": b.1 },
        "left_out": left_out,
        "verdict": verdict,
        "probability_better": probability,
        "missing_leads_each": missing,
    })
}
