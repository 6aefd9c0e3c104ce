//! What was taken for what, and where each row went, as lines of text.

use super::numbers::{counted, whole};
use crate::diagnostics::count;
use crate::report::accounting::{Category, Unreadable};
use crate::report::run::{FileReport, Report};

/// Returns the lines about a file: its columns, and where its rows went.
pub fn of_file(file: &FileReport) -> Vec<String> {
    let mut lines = Vec::new();
    let columns = file.columns.iter().map(|(role, header)| format!("{} from `{header}`", role.key().replace('_', " ")));
    lines.push(columns.collect::<Vec<_>>().join(", "));
    lines.extend(file.notes.iter().cloned());
    if file.preamble > 0 {
        lines.push(format!("{} before the header", count(file.preamble as usize, "line")));
    }
    let account = &file.account;
    let categories = Category::ALL.into_iter().filter(|category| account.get(*category) > 0);
    let parts = categories
        .map(|category| format!("{} {}", whole(account.get(category)), category.label(account.get(category))));
    lines.push(format!("{}: {}", counted(account.rows, "row"), parts.collect::<Vec<_>>().join(", ")));
    if !account.repairs.is_empty() {
        let repairs = account.repairs.iter().map(|(repair, rows)| format!("{} {}", whole(*rows), repair.reason()));
        lines.push(format!("repaired lead tags: {}", repairs.collect::<Vec<_>>().join(", ")));
    }
    if !account.unknown.is_empty() {
        let unknown = account.unknown.iter().map(|(why, rows)| format!("{} {}", whole(*rows), why.reason()));
        lines.push(format!("unknown lead tags: {}", unknown.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(unreadable(&file.bad_days, "day", "count without it"));
    lines.extend(unreadable(&file.bad_amounts, "amount", "count without a value"));
    lines
}

/// Returns the lines about all files: what sales should know before they read the numbers. Groups of fewer leads than `least` have no
/// numbers.
pub fn of_report(report: &Report, least: u64) -> Vec<String> {
    let mut lines = Vec::new();
    let number = |leads: u64| if leads < least { format!("under {least}") } else { whole(leads) };
    let mut list = |what: &str, items: &[(String, u64)]| {
        if items.is_empty() {
            return;
        }
        let first = items.iter().take(8).map(|(text, rows)| format!("{text} ({})", number(*rows)));
        let more = items.len().saturating_sub(8);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(format!("{what}: {}{more}", first.collect::<Vec<_>>().join(", ")));
    };
    list("unknown lead tags", &report.unknown_tags);
    list("lead tags that were never issued", &report.never_issued);
    list("lead tags used outside of their time in the register", &report.outside_time);
    list("statuses that no list has, counted as open", &report.unknown_statuses);
    if report.without_day > 0 && report.without_day < least {
        lines.push("some leads without a day of creation".to_owned());
    } else if report.without_day > 0 {
        lines.push(format!("{} without a day of creation", counted(report.without_day, "lead")));
    }
    lines
}

fn unreadable(found: &Unreadable, what: &str, consequence: &str) -> Option<String> {
    let (line, shape) = found.first.as_ref()?;
    let verb = if found.count == 1 { "is none" } else { "are none" };
    let found = count(found.count as usize, what);
    Some(format!("{found} {verb}, the first in line {line}, of the form `{shape}`; these rows {consequence}"))
}
