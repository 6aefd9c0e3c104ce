//! A plan as text and JSON.

use serde_json::{Value, json};

use super::numbers::{counted, money, plain, whole, with_currency};
use crate::report::plan::{Line, Plan};

/// Returns a plan as text.
pub fn plan_text(plan: &Plan, width: usize) -> String {
    let mut out = Vec::new();
    let goal = with_currency(plan.goal.amount, &plan.currency);
    out.push(format!("Goal: {goal} until {}, in {}", plan.goal.until, counted(plan.days, "day")));
    out.push(String::new());
    out.push("What the goal would take from one alone".to_owned());
    for (what, lines) in [("Channel", &plan.channels), ("Campaign", &plan.campaigns)] {
        out.extend(table(what, lines, width));
        out.push(String::new());
    }
    out.push("A way to the goal, no channel beyond the most that it brought in as many days".to_owned());
    for share in &plan.mix {
        let cost = share.cost.map(|cost| format!(", for {}", rounded(cost, &plan.currency))).unwrap_or_default();
        let (expected, low, high) = share.value;
        let range = format!("{} ({} to {})", rounded(expected, &plan.currency), rounded(low, ""), rounded(high, ""));
        out.push(format!(
            "  {}: {} bring{} {range}{cost}",
            share.name,
            counted(share.leads, "lead"),
            if share.leads == 1 { "s" } else { "" }
        ));
    }
    if plan.mix.is_empty() {
        out.push("  no channel has enough wins with a value".to_owned());
    }
    if plan.missing > 0 {
        out.push(format!(
            "  {} of {goal} are missing: at this pace, no channel brings more leads",
            money(plan.missing)
        ));
    }
    if !plan.unknown.is_empty() {
        out.push(String::new());
        out.push("What the data do not say".to_owned());
        let options = textwrap::Options::new(width.max(30)).initial_indent("  ").subsequent_indent("    ");
        let lines = plan.unknown.iter().flat_map(|text| textwrap::wrap(text, &options)).map(|line| line.into_owned());
        out.extend(lines.collect::<Vec<_>>());
    }
    out.push(String::new());
    out.join("\n")
}

fn table(what: &str, lines: &[Line], width: usize) -> Vec<String> {
    let head =
        [what, "Leads", "Won", "Value of a win", "Leads needed", "Range", "Costs", "At its pace"].map(str::to_owned);
    let row = |line: &Line| {
        let needed = line.needed;
        let cost = line.cost_per_lead.zip(needed).map(|(cost, needed)| rounded(cost * needed.expected as f64, ""));
        [
            line.name.clone(),
            whole(line.leads),
            whole(line.won),
            line.value_per_win.map(|value| rounded(value, "")).unwrap_or_else(|| "too few wins".to_owned()),
            needed.map(|needed| whole(needed.expected)).unwrap_or_default(),
            needed.map(|needed| format!("{} to {}", whole(needed.low), whole(needed.high))).unwrap_or_default(),
            cost.unwrap_or_default(),
            line.capacity.map(whole).unwrap_or_default(),
        ]
    };
    let rows: Vec<[String; 8]> = std::iter::once(head).chain(lines.iter().take(30).map(row)).collect();
    // Narrow terminals get the columns that matter most.
    let order = [7, 3, 6, 2, 1, 5];
    let mut columns: Vec<usize> =
        (0..8).filter(|column| rows[1..].iter().any(|row| !row[*column].is_empty()) || *column == 0).collect();
    let widths: Vec<usize> =
        (0..8).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    let total = |columns: &[usize]| columns.iter().map(|column| widths[*column] + 2).sum::<usize>();
    for least in order {
        if total(&columns) > width {
            columns.retain(|column| *column != least);
        }
    }
    let line = |row: &[String; 8]| {
        let cells = columns.iter().map(|&column| match column {
            0 => format!("{:width$}", row[0], width = widths[0]),
            column => format!("{:>width$}", row[column], width = widths[column]),
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Returns a plan as JSON. `version` grows when a member changes its meaning or is removed.
pub fn plan_json(plan: &Plan) -> Value {
    let amount = |hundredths: f64| plain(hundredths.round() as i128);
    let line = |line: &Line| {
        json!({
            "name": line.name,
            "leads": line.leads,
            "won": line.won,
            "value_per_win": line.value_per_win.map(amount),
            "leads_needed": line.needed.map(|needed| needed.expected),
            "leads_needed_range": line.needed.map(|needed| [needed.low, needed.high]),
            "cost_per_lead": line.cost_per_lead.map(amount),
            "cost": line.cost_per_lead.zip(line.needed).map(|(cost, needed)| amount(cost * needed.expected as f64)),
            "capacity": line.capacity,
        })
    };
    let share = |share: &crate::report::plan::Share| {
        let (expected, low, high) = share.value;
        json!({
            "channel": share.name,
            "leads": share.leads,
            "value": amount(expected),
            "value_range": [amount(low), amount(high)],
            "cost": share.cost.map(amount),
        })
    };
    json!({
        "version": 1,
        "goal": plain(plan.goal.amount),
        "currency": plan.currency,
        "until": plan.goal.until.to_string(),
        "days": plan.days,
        "channels": plan.channels.iter().map(line).collect::<Value>(),
        "campaigns": plan.campaigns.iter().map(line).collect::<Value>(),
        "mix": plan.mix.iter().map(share).collect::<Value>(),
        "missing": plain(plan.missing),
        "unknown": plan.unknown,
    })
}

/// Money without hundredths.
fn rounded(hundredths: f64, code: &str) -> String {
    with_currency((hundredths / 100.0).round() as i128 * 100, code)
}
