//! A report as one HTML page, which needs no network and prints. `hidden` says which groups have no numbers on it.

use askama::Template;

use super::accounts;
use super::charts::{self, Bar, Range, WeekBar};
use super::hidden::{Hidden, MIN_SHOWN, Part};
use super::numbers::{interval, percent, share_of, values, whole, with_currency};
use super::text::{key_text, version};
use crate::report::count::Stats;
use crate::report::run::Report;
use crate::report::tables::{Dimension, Table, TableRow};
use crate::report::versions::VersionTest;

/// In place of the leads of a group that is hidden. It does not say which of them are small.
const NOT_SHOWN: &str = "not shown";
/// In place of its other numbers.
const HIDDEN: &str = "–";
/// Rows of a table, and names of a chart.
const MAX_ROWS: usize = 200;
const MAX_BARS: usize = 24;
/// Says in the page that a report wrote it, so that the next one may replace it.
pub const PAGE_GENERATOR: &str = "tagline report";
const STYLE: &str = include_str!("report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    site: &'r str,
    style: &'r str,
    generator: &'r str,
    period: String,
    made_on: String,
    sums: Vec<Sum>,
    insights: Vec<String>,
    charts: Vec<Chart>,
    tables: Vec<NamedTable>,
    versions: Vec<String>,
    files: Vec<FileView<'r>>,
    notes: Vec<String>,
}

struct Sum {
    name: &'static str,
    value: String,
    note: String,
    is_long: bool,
}

struct Chart {
    id: &'static str,
    title: &'static str,
    says: &'static str,
    /// Empty if there is nothing to show.
    svg: String,
    table: TableView,
}

struct NamedTable {
    id: &'static str,
    title: String,
    table: TableView,
}

struct TableView {
    caption: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Empty if there is nothing to say.
    note: &'static str,
}

/// The title of a column of numbers, and its cells.
type Column = (&'static str, fn(&Report, &Stats) -> String);

struct FileView<'r> {
    name: &'r str,
    lines: Vec<String>,
}

/// Removes the marks that names have in a terminal.
fn plain(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| line.replace('`', "")).collect()
}

/// Returns the page.
///
/// # Errors
///
/// If the template cannot be rendered.
pub fn html(report: &Report) -> anyhow::Result<String> {
    let hidden = Hidden::of(report, MAX_ROWS);
    let mut charts = vec![weeks(report, &hidden), conversions(report, &hidden)];
    charts.extend(lost_reasons(report, &hidden));
    charts.extend(cost_per_win(report, &hidden));
    let page = Page {
        site: &report.site,
        style: STYLE,
        generator: PAGE_GENERATOR,
        period: period(report),
        made_on: report.made_on.to_string(),
        sums: sums(report, &hidden),
        insights: plain(insights(report, &hidden)),
        charts,
        tables: tables(report, &hidden),
        versions: versions(report, &hidden),
        files: report
            .files
            .iter()
            .map(|file| FileView { name: &file.name, lines: plain(accounts::of_file(file)) })
            .collect(),
        notes: plain(accounts::of_report(report, MIN_SHOWN)),
    };
    Ok(page.render()?)
}

fn period(report: &Report) -> String {
    match report.days {
        Some((first, last)) => format!("Leads that were created from {first} to {last}."),
        None => "Leads without a day of creation.".to_owned(),
    }
}

/// Returns the sentences about groups that are shown.
fn insights(report: &Report, hidden: &Hidden) -> Vec<String> {
    let is_shown = |(by, key): &(Dimension, String)| match by {
        Dimension::Campaign => hidden.is_named_shown(Part::Campaigns, &report.by_campaign, key),
        Dimension::Channel => hidden.is_named_shown(Part::Channels, &report.by_channel, key),
        Dimension::Cta => hidden.is_named_shown(Part::Ctas, &report.by_cta, key),
        _ => true,
    };
    let shown = report.insights.iter().filter(|insight| insight.about.as_ref().is_none_or(is_shown));
    shown.map(|insight| insight.text.clone()).collect()
}

/// Returns the comparisons of versions whose leads are no secret.
fn versions(report: &Report, hidden: &Hidden) -> Vec<String> {
    let is_shown = |test: &&VersionTest| {
        let variant = [&test.language, &test.version].into_iter().filter(|part| !part.is_empty());
        let variant = variant.map(String::as_str).collect::<Vec<_>>().join("-");
        test.a.0 >= MIN_SHOWN
            && test.b.0 >= MIN_SHOWN
            && hidden.is_named_shown(Part::Campaigns, &report.by_campaign, &test.campaign)
            && hidden.is_named_shown(Part::Variants, &report.by_variant, &variant)
    };
    let few = |test: &VersionTest| {
        let left_out = if test.left_out < MIN_SHOWN { 0 } else { test.left_out };
        version(&VersionTest { left_out, ..test.clone() })
    };
    report.versions.iter().filter(is_shown).map(few).collect()
}

fn sums(report: &Report, hidden: &Hidden) -> Vec<Sum> {
    let total = &report.total;
    let before = |number: fn(&Stats) -> u64| {
        let before = |previous: &Stats| match previous.leads {
            1..MIN_SHOWN => format!("under {MIN_SHOWN} leads before"),
            _ => format!("{} before", whole(number(previous))),
        };
        report.previous.as_ref().map(before).unwrap_or_default()
    };
    let sum = |name, value: String, note: String| Sum { name, value, note, is_long: false };
    if hidden.is_total_hidden() {
        return vec![sum("Leads", format!("under {MIN_SHOWN}"), "too few for numbers".to_owned())];
    }
    let mut sums = vec![
        sum("Leads", whole(total.leads), before(|stats| stats.leads)),
        sum("Qualified", whole(total.qualified), before(|stats| stats.qualified)),
        sum("Won", whole(total.won), before(|stats| stats.won)),
        sum("Lost", whole(total.lost), before(|stats| stats.lost)),
        sum("Open", whole(total.open()), before(Stats::open)),
        sum("Conversion", percent(total.conversion()), interval(total.interval())),
    ];
    if !total.value.is_empty() {
        let value = value_cell(report, total);
        sums.push(Sum { name: "Value of won leads", value, note: String::new(), is_long: total.value.len() > 1 });
    }
    if let Some(days) = total.median_days() {
        sums.push(sum("Days to win", days.to_string(), "median".to_owned()));
    }
    if let Some(cost) = report.cost {
        let per_win = share_of(cost, total.won).map(|share| with_currency(share, &report.cost_currency));
        let note = per_win.map(|money| format!("{money} per win")).unwrap_or_default();
        sums.push(sum("Costs", with_currency(i128::from(cost), &report.cost_currency), note));
    }
    sums
}

fn weeks(report: &Report, hidden: &Hidden) -> Chart {
    let title = "Leads and wins by week";
    let is_shown = |row: usize| hidden.is_shown(Part::Weeks, row);
    let bars = report.by_week.iter().enumerate().map(|(row, (day, stats))| WeekBar {
        name: day.to_string(),
        leads: if is_shown(row) { stats.leads } else { 0 },
        won: if is_shown(row) { stats.won } else { 0 },
    });
    let bars: Vec<WeekBar> = bars.collect();
    let row = |(row, (day, stats)): (usize, &(jiff::civil::Date, Stats))| match is_shown(row) {
        true => vec![day.to_string(), whole(stats.leads), whole(stats.won)],
        false => vec![day.to_string(), NOT_SHOWN.to_owned(), HIDDEN.to_owned()],
    };
    let recent = report.by_week.len().saturating_sub(MAX_ROWS);
    let rows = report.by_week.iter().enumerate().skip(recent).filter(|_| hidden.is_listed(Part::Weeks));
    Chart {
        id: "weeks",
        title,
        says: "By the week of creation. Wide bars are leads, narrow bars in front of them those that were won. Recent leads are often still open.",
        svg: if bars.is_empty() { String::new() } else { charts::weeks(&bars, title) },
        table: TableView {
            caption: "Week from its Monday".to_owned(),
            head: ["Week from", "Leads", "Won"].map(str::to_owned).to_vec(),
            rows: rows.map(row).collect(),
            note: note(hidden, Part::Weeks),
        },
    }
}

fn conversions(report: &Report, hidden: &Hidden) -> Chart {
    let title = "Channels by conversion";
    let mut rows: Vec<&TableRow> = shown_rows(&report.by_channel, Part::Channels, hidden).collect();
    rows.sort_by(|a, b| b.stats.conversion().unwrap_or(0.0).total_cmp(&a.stats.conversion().unwrap_or(0.0)));
    let ranges = rows.iter().take(MAX_BARS).filter_map(|row| {
        let (low, high) = row.stats.interval()?;
        let share = row.stats.conversion()?;
        Some(Range { name: row.key[0].clone(), share, low, high, text: percent(Some(share)) })
    });
    let ranges: Vec<Range> = ranges.collect();
    Chart {
        id: "channels",
        title,
        says: "The point is the share of leads that were won, the line the range in which it probably is.",
        svg: if ranges.is_empty() { String::new() } else { charts::ranges(&ranges, title) },
        table: stats_table(report, hidden, Part::Channels, &report.by_channel, "Channels"),
    }
}

/// Returns the rows of a table with numbers.
fn shown_rows<'r>(table: &'r Table, part: Part, hidden: &Hidden) -> impl Iterator<Item = &'r TableRow> {
    table.rows.iter().enumerate().filter(move |(row, _)| hidden.is_shown(part, *row)).map(|(_, row)| row)
}

/// Says below a table why some of its groups have no numbers.
fn note(hidden: &Hidden, part: Part) -> &'static str {
    match (hidden.is_listed(part), hidden.is_any(part)) {
        (false, _) => "Every group has too few leads to be listed.",
        (true, true) => {
            "Groups of fewer than five leads are not shown, and others from which their numbers would follow."
        }
        (true, false) => "",
    }
}

fn lost_reasons(report: &Report, hidden: &Hidden) -> Option<Chart> {
    let title = "Lost reasons by campaign";
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    let is_shown = |campaign: &str| hidden.is_named_shown(Part::Campaigns, &report.by_campaign, campaign);
    for (campaign, reasons) in report.reasons.iter().filter(|(campaign, _)| is_shown(campaign)) {
        for (reason, leads) in reasons {
            let reason = if reason.is_empty() { "other or none" } else { reason };
            rows.push(vec![format!("{campaign}: {reason}"), whole(*leads)]);
            bars.push(Bar { name: format!("{campaign}: {reason}"), value: *leads as f64, text: whole(*leads) });
        }
    }
    bars.sort_by(|a, b| b.value.total_cmp(&a.value));
    bars.truncate(MAX_BARS);
    rows.truncate(MAX_ROWS);
    (!rows.is_empty()).then(|| Chart {
        id: "reasons",
        title,
        says: "Reasons that fewer than three leads share are together under “other”.",
        svg: charts::bars(&bars, "lost", title),
        table: TableView {
            caption: "Lost leads by reason".to_owned(),
            head: ["Campaign and reason", "Lost"].map(str::to_owned).to_vec(),
            rows,
            note: "",
        },
    })
}

fn cost_per_win(report: &Report, hidden: &Hidden) -> Option<Chart> {
    let title = "Cost per win";
    let tables = [(Part::Campaigns, &report.by_campaign), (Part::Channels, &report.by_channel)];
    let groups = tables
        .into_iter()
        .flat_map(|(part, table)| shown_rows(table, part, hidden).map(|row| (table.by[0], row)).collect::<Vec<_>>());
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for (by, row) in groups {
        let Some(cost) = row.cost else { continue };
        let money = |cost: i128| with_currency(cost, &report.cost_currency);
        let name = format!("{} {}", by.label(), row.key[0]);
        let (per_lead, per_win) = (share_of(cost, row.stats.leads), share_of(cost, row.stats.won));
        let text = per_win.map_or("no win".to_owned(), money);
        rows.push(vec![name.clone(), money(i128::from(cost)), per_lead.map(money).unwrap_or_default(), text.clone()]);
        bars.extend(per_win.map(|share| Bar { name, value: share as f64, text }));
    }
    (!rows.is_empty()).then(|| Chart {
        id: "costs",
        title,
        says: "What the costs of a campaign or a channel are for each of its wins.",
        svg: if bars.is_empty() { String::new() } else { charts::bars(&bars, "leads", title) },
        table: TableView {
            caption: "Costs".to_owned(),
            head: ["Campaign or channel", "Costs", "Per lead", "Per win"].map(str::to_owned).to_vec(),
            rows,
            note: "",
        },
    })
}

fn tables(report: &Report, hidden: &Hidden) -> Vec<NamedTable> {
    let mut tables = Vec::new();
    let mut add = |id, title: &str, part: Part, table: &Table| {
        if !table.rows.is_empty() {
            let table = stats_table(report, hidden, part, table, title);
            tables.push(NamedTable { id, title: title.to_owned(), table });
        }
    };
    let own = match report.main.by[..] {
        [Dimension::Campaign] => None,
        [Dimension::Channel] => Some(Part::Channels),
        [Dimension::Cta] => Some(Part::Ctas),
        [Dimension::Variant] => Some(Part::Variants),
        _ => Some(Part::Main),
    };
    if let Some(part) = own {
        let by: Vec<&str> = report.main.by.iter().map(|by| by.label()).collect();
        add("main", &by.join(" and "), part, &report.main);
    }
    add("campaigns", "Campaigns", Part::Campaigns, &report.by_campaign);
    add("ctas", "Calls to action", Part::Ctas, &report.by_cta);
    if report.by_variant.rows.len() > 1 {
        add("variants", "Languages and versions", Part::Variants, &report.by_variant);
    }
    tables
}

/// Returns the value of won leads. A line ends between two currencies, and not within an amount.
fn value_cell(report: &Report, stats: &Stats) -> String {
    values(stats, &report.currencies).replace(' ', "\u{a0}").replace(";\u{a0}", "; ")
}

fn stats_table(report: &Report, hidden: &Hidden, part: Part, table: &Table, caption: &str) -> TableView {
    let by = table.by.iter().map(|by| by.label()).collect::<Vec<_>>().join(", ");
    let mut columns: Vec<Column> = vec![
        ("Leads", |_, stats| whole(stats.leads)),
        ("Qualified", |_, stats| whole(stats.qualified)),
        ("Won", |_, stats| whole(stats.won)),
        ("Lost", |_, stats| whole(stats.lost)),
        ("Open", |_, stats| whole(stats.open())),
        ("Conversion", |_, stats| percent(stats.conversion())),
        ("Range", |_, stats| interval(stats.interval())),
    ];
    if table.rows.iter().any(|row| !row.stats.value.is_empty()) {
        columns.push(("Value", value_cell));
    }
    if table.rows.iter().any(|row| !row.stats.days_to_win.is_empty()) {
        columns.push(("Days to win", |_, stats| stats.median_days().map(|days| days.to_string()).unwrap_or_default()));
    }
    let row = |(number, row): (usize, &TableRow)| {
        let key = row.key.iter().zip(&table.by).map(|(key, by)| key_text(key, *by)).collect::<Vec<_>>().join(", ");
        if !hidden.is_shown(part, number) {
            let mut cells = vec![key, NOT_SHOWN.to_owned()];
            cells.resize(columns.len() + 1, HIDDEN.to_owned());
            return cells;
        }
        std::iter::once(key).chain(columns.iter().map(|(_, cell)| cell(report, &row.stats))).collect()
    };
    let more = table.rows.len().saturating_sub(MAX_ROWS);
    let more = if more > 0 { format!(": the first {MAX_ROWS}, {more} more are in the CSV") } else { String::new() };
    let rows = table.rows.iter().take(MAX_ROWS).enumerate().filter(|_| hidden.is_listed(part));
    TableView {
        caption: format!("{caption}{more}"),
        rows: rows.map(row).collect(),
        head: std::iter::once(by).chain(columns.iter().map(|(title, _)| (*title).to_owned())).collect(),
        note: note(hidden, part),
    }
}
