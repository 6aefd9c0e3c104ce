//! Recognizes the columns of an export: the lead tag by its values, the others by their headers.

pub mod gaps;
pub mod names;

use std::collections::BTreeMap;

use super::error::InputError;
use super::input::{Head, Input};
use super::tags::{Match, TagIndex};
use super::values::day::proven_order;
use crate::diagnostics::{list, nearest};
use crate::model::site::ReportSettings;
use crate::model::site::report::{ColumnRole, DayOrder};

/// A column of outcomes that says `true` instead of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Won,
    Converted,
}

/// A column of statuses.
#[derive(Clone, Copy, Debug)]
pub struct StatusColumn {
    pub index: usize,
    pub flag: Option<Flag>,
    pub is_of_deals: bool,
}

/// Where an export has what a report needs.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// `None` for a file of deals, which are joined with leads.
    pub lead_tag: Option<usize>,
    pub statuses: Vec<StatusColumn>,
    others: BTreeMap<ColumnRole, usize>,
    /// The number of cells of the header.
    pub count: usize,
    /// The order of day and month, for each column of days that has one.
    pub orders: BTreeMap<usize, DayOrder>,
    /// What people should know about the choice.
    pub notes: Vec<String>,
}

impl Columns {
    pub fn get(&self, role: ColumnRole) -> Option<usize> {
        match role {
            ColumnRole::LeadTag => self.lead_tag,
            role => self.others.get(&role).copied(),
        }
    }

    /// Whether rows can be joined with those of another file.
    pub fn has_keys(&self) -> bool {
        [ColumnRole::Id, ColumnRole::Contact, ColumnRole::Email].iter().any(|role| self.others.contains_key(role))
    }

    /// Returns each column that is used, with its header, in the order of roles.
    pub fn taken<'h>(&self, head: &'h Head) -> Vec<(ColumnRole, &'h str)> {
        let header = |index: usize| head.header[index].as_str();
        let mut taken = Vec::new();
        for role in ColumnRole::ALL {
            match role {
                ColumnRole::Status => taken.extend(self.statuses.iter().map(|status| (role, header(status.index)))),
                role => taken.extend(self.get(role).map(|index| (role, header(index)))),
            }
        }
        taken
    }
}

/// Recognizes the columns of an export.
///
/// # Errors
///
/// If two columns have different lead tags, or `site.yaml` names a header twice.
pub fn recognize(
    input: &Input,
    head: &Head,
    settings: &ReportSettings,
    tags: &TagIndex,
) -> Result<Columns, InputError> {
    let mut columns = Columns { count: head.header.len(), ..Columns::default() };
    let named = named_columns(head, settings);
    columns.lead_tag = match named.iter().find(|(role, _)| *role == ColumnRole::LeadTag) {
        Some((_, index)) => Some(*index),
        None => lead_tag_column(input, head, tags, &mut columns.notes)?,
    };
    for role in ColumnRole::ALL {
        let by_name = named.iter().filter(|(other, _)| *other == role).map(|(_, index)| *index);
        let by_name: Vec<usize> = by_name.collect();
        let candidates = if by_name.is_empty() { by_header(head, role, columns.lead_tag) } else { by_name };
        match role {
            ColumnRole::LeadTag => {}
            ColumnRole::Status => {
                let status = |&index: &usize| StatusColumn {
                    index,
                    flag: names::flag_of(&head.header[index]),
                    is_of_deals: names::is_of_deals(&head.header[index]),
                };
                columns.statuses = statuses(head, &candidates).iter().map(status).collect();
            }
            role => {
                if let Some(&first) = candidates.first() {
                    report_repeated(head, first, &mut columns.notes);
                    columns.others.insert(role, first);
                }
            }
        }
    }
    let days = [ColumnRole::Created, ColumnRole::Closed].map(|role| columns.get(role));
    for index in days.into_iter().flatten() {
        let order = head.rows.iter().find_map(|row| proven_order(row.get(index)?.as_bytes()));
        if let Some(order) = order.or(settings.days) {
            columns.orders.insert(index, order);
        }
    }
    Ok(columns)
}

/// The error for files of which none has lead tags.
pub fn no_lead_tags(input: &Input, head: &Head) -> InputError {
    let message = "no column of this file has lead tags of the site";
    let error = InputError::new(&input.name, message).at(head.line);
    let written = head.header.iter().map(String::as_str);
    let likely = written.clone().filter(|header| !names::is_personal(header)).find(|header| {
        let name = names::normal(header);
        name.contains("utm")
            || name.contains("lead source")
            || name.contains("campaign")
            || nearest("lead tag", [&*name]).is_some()
    });
    match likely {
        Some(header) => error.help(format!(
            "the nearest is `{header}`, but its values are no lead tags; export the field that the forms send `lead_tag` to, or name \
             its column in `site.yaml`: `report: {{ columns: {{ lead_tag: … }} }}`"
        )),
        None if !names::is_header(&head.header) => {
            error.help("export the field that the forms send `lead_tag` to, with the names of the columns in the first line")
        }
        None => error.help(format!(
            "the columns are {}; export the field that the forms send `lead_tag` to",
            list(written.filter(|header| !header.is_empty() && !names::is_personal(header)).take(12))
        )),
    }
}

/// Returns the columns that `site.yaml` names.
fn named_columns(head: &Head, settings: &ReportSettings) -> Vec<(ColumnRole, usize)> {
    let index = |header: &String| head.header.iter().position(|other| names::normal(other) == names::normal(header));
    let of_role = |(role, headers): &(ColumnRole, Vec<String>)| {
        let role = *role;
        headers.iter().filter_map(index).map(move |index| (role, index)).collect::<Vec<_>>()
    };
    settings.columns.iter().flat_map(of_role).collect()
}

/// Returns the columns whose headers have a role, best first.
fn by_header(head: &Head, role: ColumnRole, lead_tag: Option<usize>) -> Vec<usize> {
    let fit = |(index, header): (usize, &String)| {
        let (found, fit) = names::role_of(header)?;
        (found == role && Some(index) != lead_tag).then_some((fit, index))
    };
    let mut found: Vec<(usize, usize)> = head.header.iter().enumerate().filter_map(fit).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

/// Pipedrive's status says what became of a deal, and its stage only how far it got. Others are read together.
fn statuses(head: &Head, candidates: &[usize]) -> Vec<usize> {
    let is_decisive = |index: &&usize| names::normal(&head.header[**index]) == "deal status";
    match candidates.iter().find(is_decisive) {
        Some(status) => vec![*status],
        None => candidates.iter().copied().take(4).collect(),
    }
}

fn report_repeated(head: &Head, index: usize, notes: &mut Vec<String>) {
    let header = &head.header[index];
    let same = head.header.iter().filter(|other| names::normal(other) == names::normal(header)).count();
    if same > 1 {
        notes.push(format!("{same} columns are named {}; the first one was taken", names::shown(&head.header, index)));
    }
}

/// Finds the column with lead tags by its values in the first rows, or else by its header.
fn lead_tag_column(
    input: &Input,
    head: &Head,
    tags: &TagIndex,
    notes: &mut Vec<String>,
) -> Result<Option<usize>, InputError> {
    let full_tag = |cell: &str| match tags.resolve(cell) {
        Match::Known { source, .. } => tags.source(source).cta.is_some().then_some(source),
        Match::Unknown { .. } | Match::Empty => None,
    };
    let mut candidates: Vec<(usize, Vec<Option<u32>>)> = Vec::new();
    for index in 0..head.header.len() {
        let sources =
            head.rows.iter().map(|row| row.get(index).filter(|cell| may_be_tag(cell)).and_then(|cell| full_tag(cell)));
        let sources: Vec<Option<u32>> = sources.collect();
        if sources.iter().any(Option::is_some) {
            candidates.push((index, sources));
        }
    }
    let by_name = by_header(head, ColumnRole::LeadTag, None);
    let has_name = |index: &usize| by_name.contains(index);
    candidates.sort_by_key(|(index, sources)| (!has_name(index), std::cmp::Reverse(sources.iter().flatten().count())));
    let mut candidates = candidates.into_iter();
    let Some((first, sources)) = candidates.next() else { return Ok(by_name.first().copied()) };
    let header = |index: usize| names::shown(&head.header, index);
    for (other, other_sources) in candidates {
        let differs = |(a, b): &(&Option<u32>, &Option<u32>)| matches!((a, b), (Some(a), Some(b)) if a != b);
        if let Some(row) = sources.iter().zip(&other_sources).position(|pair| differs(&pair)) {
            let message = format!("the columns {} and {} have different lead tags", header(first), header(other));
            let line = head.line + 1 + row as u64;
            let name = &head.header[first];
            let name = if names::is_personal(name) { "…" } else { name };
            return Err(InputError::new(&input.name, message).at(line).help(format!(
                "say in `site.yaml` which one counts: `report: {{ columns: {{ lead_tag: \"{name}\" }} }}`"
            )));
        }
        notes.push(format!("{} has the same lead tags as {}, which was taken", header(other), header(first)));
    }
    Ok(Some(first))
}

/// Whether a cell can contain a lead tag. Most cells cannot.
fn may_be_tag(cell: &str) -> bool {
    cell.len() >= 5 && (cell.matches('_').count() >= 2 || cell.contains("%5F") || cell.contains("%5f"))
}
