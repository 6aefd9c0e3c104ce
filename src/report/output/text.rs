//! A report as text that fits a terminal.

use super::accounts;
use super::numbers::{counted, interval, percent, share_of, values, whole, with_currency};
use crate::report::count::Stats;
use crate::report::run::Report;
use crate::report::tables::{Dimension, Table, TableRow};
use crate::report::versions::{Verdict, VersionTest};

/// Rows of a table that are printed. CSV and JSON have all.
const MAX_ROWS: usize = 30;

/// Returns a report as text. `width` is that of the terminal, in characters.
pub fn text(report: &Report, width: usize) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    for file in &report.files {
        line(&file.name);
        for text in accounts::of_file(file) {
            wrapped(&text, width).iter().for_each(|text| line(text));
        }
    }
    line("");
    line(&summary(report));
    line("");
    let mut tables = vec![&report.main];
    if report.main.by == [Dimension::Campaign] {
        tables.push(&report.by_channel);
    }
    for printed in tables {
        table(report, printed, width).iter().for_each(|text| line(text));
        line("");
    }
    let reasons = reasons(report);
    if !reasons.is_empty() {
        line("Lost reasons");
        reasons.iter().flat_map(|text| wrapped(text, width)).for_each(|text| line(&text));
        line("");
    }
    if !report.versions.is_empty() {
        line("Versions");
        report.versions.iter().flat_map(|test| wrapped(&version(test), width)).for_each(|text| line(&text));
        line("");
    }
    if !report.insights.is_empty() {
        line("What the numbers say");
        report.insights.iter().flat_map(|insight| wrapped(&insight.text, width)).for_each(|text| line(&text));
        line("");
    }
    let notes = accounts::of_report(report, 0);
    if !notes.is_empty() {
        line("To look at");
        notes.iter().flat_map(|text| wrapped(text, width)).for_each(|text| line(&text));
        line("");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Returns the numbers of all leads in one or two lines.
fn summary(report: &Report) -> String {
    let Stats { leads, qualified, won, lost, .. } = report.total;
    let total = &report.total;
    let period = report.days.map(|(first, last)| format!(", created from {first} to {last}")).unwrap_or_default();
    let value = values(total, &report.currencies);
    let value = if value.is_empty() { String::new() } else { format!(", worth {value}") };
    let mut text = format!(
        "{}{period}: {} qualified, {} won{value}, {} lost, {} open; conversion {}",
        counted(leads, "lead"),
        whole(qualified),
        whole(won),
        whole(lost),
        whole(total.open()),
        percent(total.conversion())
    );
    if total.leads > 0 {
        text.push_str(&format!(" ({})", interval(total.interval())));
    }
    if let Some(days) = total.median_days() {
        text.push_str(&format!("; median {} to win", counted(u64::from(days), "day")));
    }
    if let Some(previous) = &report.previous {
        text.push_str(&format!(
            "\nThe period before: {}, {} won, conversion {}",
            counted(previous.leads, "lead"),
            whole(previous.won),
            percent(previous.conversion())
        ));
    }
    text
}

/// A column of a table.
struct Column {
    title: &'static str,
    cells: Vec<String>,
    is_text: bool,
    /// Columns with lower numbers are left out first if the terminal is narrow.
    rank: u8,
}

/// Returns the lines of a table. Columns are left out until it fits.
pub fn table(report: &Report, table: &Table, width: usize) -> Vec<String> {
    let rows: Vec<&TableRow> = table.rows.iter().take(MAX_ROWS).collect();
    let mut columns = columns(report, table, &rows);
    let total = |columns: &[Column]| columns.iter().map(|column| column.width() + 2).sum::<usize>() - 2;
    while total(&columns) > width && columns.len() > 2 {
        let Some(least) =
            (0..columns.len()).filter(|index| columns[*index].rank < u8::MAX).min_by_key(|index| columns[*index].rank)
        else {
            break;
        };
        columns.remove(least);
    }
    // The texts share what is left.
    let surplus = total(&columns).saturating_sub(width);
    if surplus > 0 {
        let texts = columns.iter().filter(|column| column.is_text).count().max(1);
        for column in columns.iter_mut().filter(|column| column.is_text) {
            let limit = column.width().saturating_sub(surplus.div_ceil(texts)).max(8);
            column.cells.iter_mut().for_each(|cell| *cell = shortened(cell, limit));
        }
    }
    let line = |cell: &dyn Fn(&Column) -> String| {
        let cells = columns.iter().map(|column| {
            let (cell, width) = (cell(column), column.width());
            let padding = " ".repeat(width - cell.chars().count().min(width));
            if column.is_text { format!("{cell}{padding}") } else { format!("{padding}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&|column| column.title.to_owned())];
    lines.extend((0..rows.len()).map(|row| line(&|column| column.cells[row].clone())));
    if table.rows.len() > MAX_ROWS {
        lines.push(format!("… and {} more; `--format csv` has all", table.rows.len() - MAX_ROWS));
    }
    lines
}

fn columns(report: &Report, table: &Table, rows: &[&TableRow]) -> Vec<Column> {
    let number = |title, rank, cell: &dyn Fn(&TableRow) -> String| Column {
        title,
        cells: rows.iter().map(|row| cell(row)).collect(),
        is_text: false,
        rank,
    };
    let mut columns: Vec<Column> = table
        .by
        .iter()
        .enumerate()
        .map(|(index, by)| Column {
            title: by.label(),
            cells: rows.iter().map(|row| key_text(&row.key[index], *by)).collect(),
            is_text: true,
            rank: u8::MAX,
        })
        .collect();
    let has_costs = rows.iter().any(|row| row.cost.is_some());
    columns.push(number("Leads", u8::MAX, &|row| whole(row.stats.leads)));
    columns.push(number("Qual.", 4, &|row| whole(row.stats.qualified)));
    columns.push(number("Won", u8::MAX, &|row| whole(row.stats.won)));
    columns.push(number("Lost", 5, &|row| whole(row.stats.lost)));
    columns.push(number("Open", 3, &|row| whole(row.stats.open())));
    columns.push(number("Conv.", 8, &|row| percent(row.stats.conversion())));
    columns.push(number("95 %", 6, &|row| interval(row.stats.interval())));
    if report.previous.is_some() {
        columns.push(number("Before", 7, &|row| {
            row.previous
                .as_ref()
                .map(|previous| format!("{}/{}", whole(previous.won), whole(previous.leads)))
                .unwrap_or_default()
        }));
    }
    if rows.iter().any(|row| !row.stats.value.is_empty()) {
        columns.push(number("Value", 7, &|row| values(&row.stats, &report.currencies)));
    }
    if rows.iter().any(|row| !row.stats.days_to_win.is_empty()) {
        columns
            .push(number("Days", 1, &|row| row.stats.median_days().map(|days| days.to_string()).unwrap_or_default()));
    }
    if has_costs {
        let per = |row: &TableRow, number: u64| {
            let share = row.cost.and_then(|cost| share_of(cost, number));
            share.map(|share| with_currency(share, &report.cost_currency)).unwrap_or_default()
        };
        columns.push(number("Per lead", 2, &|row| per(row, row.stats.leads)));
        columns.push(number("Per win", 6, &|row| per(row, row.stats.won)));
    }
    columns
}

/// The text of a group. Leads that have none are named too.
pub fn key_text(key: &str, by: Dimension) -> String {
    match (key, by) {
        ("", Dimension::Cta) => "(a code without a call to action)".to_owned(),
        ("", Dimension::Variant) => "(as written)".to_owned(),
        ("", _) => "(none)".to_owned(),
        (key, _) => key.to_owned(),
    }
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|cell| cell.chars().count());
        cells.chain([self.title.chars().count()]).max().unwrap_or(0)
    }
}

fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

fn reasons(report: &Report) -> Vec<String> {
    let campaign = |(campaign, reasons): &(String, Vec<(String, u64)>)| {
        let reasons = reasons.iter().map(|(reason, leads)| match reason.is_empty() {
            true => format!("other or none {}", whole(*leads)),
            false => format!("{reason} {}", whole(*leads)),
        });
        format!("{campaign}: {}", reasons.collect::<Vec<_>>().join(", "))
    };
    report.reasons.iter().map(campaign).collect()
}

/// Returns what can be said about two versions.
pub fn version(test: &VersionTest) -> String {
    let VersionTest { campaign, language, version, a, b, left_out, verdict } = test;
    let language = if language.is_empty() { String::new() } else { format!(" ({language})") };
    let numbers = format!("{campaign}{language}: a won {} of {}, {version} won {} of {}", a.1, a.0, b.1, b.0);
    let missing = |missing: &Option<u64>| match missing {
        Some(1) => "; about 1 more lead each is missing".to_owned(),
        Some(missing) if *missing > 0 => format!("; about {} more leads each are missing", whole(*missing)),
        _ => String::new(),
    };
    let verdict = match verdict {
        Verdict::TooFewData { missing: leads } => {
            format!("{numbers}; too few to say which is better{}", missing(leads))
        }
        Verdict::Undecided { probability, missing: leads } => {
            format!(
                "{numbers}; {version} is better with a probability of {:.0} %: not decided{}",
                probability * 100.0,
                missing(leads)
            )
        }
        Verdict::Better { probability } => {
            format!("{numbers}; {version} is better with a probability of {:.1} %", probability * 100.0)
        }
        Verdict::Worse { probability } => {
            format!("{numbers}; a is better with a probability of {:.1} %", (1.0 - probability) * 100.0)
        }
    };
    match left_out {
        0 => verdict,
        1 => format!("{verdict}; 1 lead of the page from other days is left out"),
        leads => format!("{verdict}; {} leads of the page from other days are left out", whole(*leads)),
    }
}

/// Returns a text in lines of a width, indented by two spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width.max(30)).initial_indent("  ").subsequent_indent("    ");
    textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
}
