//! Opens the files of a report, recognizes their columns, and reads their rows.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::accounting::{Category, Explained, FileAccount, Tally, Unreadable};
use super::amounts::AmountColumn;
use super::columns::{self, Columns, gaps, names};
use super::count::Settled;
use super::deals::Deals;
use super::error::InputError;
use super::input::{self, Head, Input, Row, Rows, read_head};
use super::leads::{Buckets, Place};
use super::part::FilePart;
use super::read::{FileToRead, ReadContext, Worker};
use super::tags::TagIndex;
use super::values::day::{DayNumber, DayReader, Reading, proven_order};
use crate::model::site::ReportSettings;
use crate::model::site::report::{ColumnRole, DayOrder};

/// The columns of the explained rows, by which their file is recognized.
pub const EXPLAINED_COLUMNS: [&str; 5] = ["file", "line", "what_became_of_it", "why", "lead_tag"];

/// The most files of one report.
const MAX_FILES: usize = 200;

/// A file whose columns are recognized.
pub struct OpenFile {
    pub input: Input,
    pub head: Head,
    pub columns: Columns,
}

/// What was read of one file.
pub struct FileRead {
    pub account: FileAccount,
    pub unknown_tags: Tally,
    pub unknown_statuses: Tally,
    pub bad_days: Unreadable,
    pub bad_amounts: Unreadable,
    pub explained: Vec<Explained>,
}

/// The rows of all files.
pub struct AllRead {
    pub files: Vec<FileRead>,
    pub buckets: Vec<Buckets>,
    pub deals: Deals,
    pub joins: Vec<(u32, Place, DayNumber)>,
}

/// Opens files and recognizes their columns.
///
/// # Errors
///
/// If a file cannot be read, if none has lead tags, or if a file without lead tags cannot be joined with the others.
pub fn open(
    paths: &[PathBuf],
    settings: &ReportSettings,
    tags: &TagIndex,
    threads: usize,
) -> anyhow::Result<Vec<OpenFile>> {
    anyhow::ensure!(paths.len() <= MAX_FILES, "at most {MAX_FILES} files can be counted together");
    let own: Vec<String> =
        settings.columns.iter().flat_map(|(_, headers)| headers.iter().map(|header| names::normal(header))).collect();
    let is_known = |text: &str| names::role_of(text).is_some() || own.contains(&names::normal(text));
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let input = input::open(path)?;
        let head = read_head(&input, &is_known)?;
        gaps::check_header(&input, &head, tags)?;
        let columns = columns::recognize(&input, &head, settings, tags)?;
        files.push(OpenFile { input, head, columns });
    }
    if files.iter().all(|file| file.columns.lead_tag.is_none()) {
        for file in &mut files {
            search_lead_tags(file, tags, threads)?;
        }
    }
    if let Some(first) = files.first().filter(|_| files.iter().all(|file| file.columns.lead_tag.is_none())) {
        return Err(columns::no_lead_tags(&first.input, &first.head).into());
    }
    let has_deals = files.iter().any(|file| file.columns.lead_tag.is_none());
    for file in &mut files {
        file.columns.notes.extend(gaps::notes(&file.columns, &file.head, has_deals));
        if file.columns.lead_tag.is_none() && !file.columns.has_keys() {
            let message = "this file has neither lead tags, nor ids or e-mail addresses to join its rows with leads";
            let error = InputError::new(&file.input.name, message).at(file.head.line);
            return Err(error.help("export it with the ids of the contacts, as `Associated Contact IDs`").into());
        }
        find_orders(file, threads)?;
    }
    Ok(files)
}

/// Searches all rows for a column with lead tags, if the first rows have none.
fn search_lead_tags(file: &mut OpenFile, tags: &TagIndex, threads: usize) -> anyhow::Result<()> {
    let count = file.columns.count;
    let head = &file.head;
    let found = input::scan(
        &file.input,
        head.dialect,
        threads,
        || vec![0_u64; count],
        |found, batch| {
            let (mut rows, mut row) = (Rows::new(&batch.bytes, head.dialect, batch.first_line), Row::default());
            while rows.next(&mut row) {
                for (column, found) in found.iter_mut().enumerate() {
                    let cell = row.cell(&batch.bytes, column);
                    let is_known = || std::str::from_utf8(&cell).is_ok_and(|cell| tags.by_text(cell.trim()).is_some());
                    if memchr::memchr(b'_', &cell).is_some() && is_known() {
                        *found += 1;
                    }
                }
            }
            Ok(())
        },
    )?;
    let sums = (0..count).map(|column| found.iter().map(|found| found[column]).sum::<u64>());
    file.columns.lead_tag =
        sums.enumerate().filter(|(_, sum)| *sum > 0).max_by_key(|(_, sum)| *sum).map(|(column, _)| column);
    Ok(())
}

/// Searches all rows for a day that says whether days or months come first, if the first rows do not say it.
fn find_orders(file: &mut OpenFile, threads: usize) -> anyhow::Result<()> {
    for role in [ColumnRole::Created, ColumnRole::Closed] {
        let Some(column) = file.columns.get(role).filter(|column| !file.columns.orders.contains_key(column)) else {
            continue;
        };
        let mut reader = DayReader::new(jiff::tz::TimeZone::UTC, None);
        let mut cells =
            file.head.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        let is_empty = cells.peek().is_none();
        if !is_empty && !cells.any(|cell| matches!(reader.read(cell.as_bytes()), Reading::Ambiguous { .. })) {
            continue;
        }
        let head = &file.head;
        let found = input::scan(
            &file.input,
            head.dialect,
            threads,
            || None::<DayOrder>,
            |found, batch| {
                let (mut rows, mut row) = (Rows::new(&batch.bytes, head.dialect, batch.first_line), Row::default());
                while found.is_none() && rows.next(&mut row) {
                    *found = proven_order(row.cell(&batch.bytes, column).trim_ascii());
                }
                Ok(())
            },
        )?;
        if let Some(order) = found.into_iter().flatten().next() {
            file.columns.orders.insert(column, order);
        }
    }
    Ok(())
}

/// Reads all rows: first those of deals, then those of leads.
pub fn read(files: &[OpenFile], context: &ReadContext, threads: usize) -> anyhow::Result<AllRead> {
    let mut read: Vec<Option<FileRead>> = files.iter().map(|_| None).collect();
    let (mut deals, mut buckets, mut joins) = (Deals::default(), Vec::new(), Vec::new());
    let part_of = |index: usize, deals: Option<&Deals>| -> anyhow::Result<Vec<FilePart>> {
        let OpenFile { input, head, columns } = &files[index];
        let file =
            FileToRead { number: index as u8, input, head, columns, amounts: AmountColumn::new(context.decimals) };
        let make = || Worker::new(context, &file, deals);
        let workers = input::scan(input, head.dialect, threads, make, |worker, batch| worker.read(batch))?;
        Ok(workers.into_iter().map(|worker| worker.part).collect())
    };
    let is_of_leads = |index: &usize| files[*index].columns.lead_tag.is_some();
    for index in (0..files.len()).filter(|index| !is_of_leads(index)) {
        let (file, parts) = merge(index, part_of(index, None)?, context.explain);
        read[index] = Some(file);
        let mut of_file: Vec<_> = parts.into_iter().flat_map(|part| part.deals).collect();
        of_file.sort_by_key(|(deal, _)| deal.place);
        of_file.into_iter().for_each(|(deal, keys)| deals.add(deal, keys));
    }
    for index in (0..files.len()).filter(is_of_leads) {
        let (file, parts) =
            merge(index, part_of(index, Some(&deals).filter(|deals| !deals.is_empty()))?, context.explain);
        read[index] = Some(file);
        for part in parts {
            buckets.push(part.buckets);
            joins.extend(part.joins);
        }
    }
    let files = read.into_iter().flatten().collect();
    Ok(AllRead { files, buckets, deals, joins })
}

/// Merges what the workers have read of one file.
fn merge(index: usize, mut parts: Vec<FilePart>, explain: bool) -> (FileRead, Vec<FilePart>) {
    let mut file = FileRead {
        account: FileAccount::default(),
        unknown_tags: Tally::default(),
        unknown_statuses: Tally::default(),
        bad_days: Unreadable::default(),
        bad_amounts: Unreadable::default(),
        explained: Vec::new(),
    };
    let mut short_rows = Vec::new();
    for part in &mut parts {
        file.account.merge(&part.account);
        file.unknown_tags.merge(&part.unknown_tags);
        file.unknown_statuses.merge(&part.unknown_statuses);
        file.bad_days.merge(&part.bad_days);
        file.bad_amounts.merge(&part.bad_amounts);
        file.explained.append(&mut part.explained);
        short_rows.append(&mut part.short_rows);
    }
    // Rows with one value before the last full row are rows without a lead tag, and notes after it.
    short_rows.sort_by_key(|(batch, _)| *batch);
    let last_full = short_rows.iter().rposition(|(_, short)| short.has_full_row);
    for (position, (_, short)) in short_rows.into_iter().enumerate() {
        let is_before_last = last_full.is_some_and(|last| position < last);
        file.account.add(Category::NotALead, short.before);
        let category = if is_before_last { Category::NotALead } else { Category::Footer };
        file.account.add(category, short.after.len() as u64);
        if explain {
            let why = if category == Category::Footer { "a note after the last row" } else { "no lead tag" };
            let explained = |line| Explained { place: (index as u8, line), category, why, source: None };
            file.explained.extend(short.after.into_iter().map(explained));
            file.explained.extend(short.before_lines.into_iter().map(|line| Explained {
                place: (index as u8, line),
                category: Category::NotALead,
                why: "no lead tag",
                source: None,
            }));
        }
    }
    (file, parts)
}

impl AllRead {
    /// Adds where the rows of leads and deals went to the accounts of their files.
    pub fn account(&mut self, settled: &Settled, has_lead: &[bool], explain: bool) {
        for ((file, category, repair), rows) in &settled.rows {
            let account = &mut self.files[usize::from(*file)].account;
            account.add(*category, *rows);
            if let Some(repair) = Settled::repair(*repair) {
                *account.repairs.entry(repair).or_default() += rows;
            }
        }
        for (deal, has_lead) in self.deals.deals.iter().zip(has_lead) {
            let category = if *has_lead { Category::JoinedDeal } else { Category::UnjoinedDeal };
            let file = &mut self.files[usize::from(deal.place.0)];
            file.account.add(category, 1);
            if explain {
                let why = if *has_lead { "" } else { "no lead with this id or e-mail address" };
                file.explained.push(Explained { place: deal.place, category, why, source: None });
            }
        }
        if explain {
            self.apply_changes(settled);
        }
    }

    fn apply_changes(&mut self, settled: &Settled) {
        let changed: std::collections::HashMap<Place, Category> = settled.changed.iter().copied().collect();
        for file in &mut self.files {
            for explained in &mut file.explained {
                if let Some(category) = changed.get(&explained.place) {
                    explained.category = *category;
                    explained.why = match category {
                        Category::Duplicate => "the same person with the same lead tag, in an earlier row",
                        _ => "created outside of the period",
                    };
                }
            }
            file.explained.sort_by_key(|explained| explained.place);
        }
    }
}

/// Writes where each row went, as CSV. The file is replaced when it is complete.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_explained(path: &Path, files: &[OpenFile], read: &AllRead, tags: &TagIndex) -> anyhow::Result<()> {
    let written = || format!("cannot write `{}`", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).with_context(written)?;
    let mut writer = csv::Writer::from_writer(std::io::BufWriter::new(file));
    writer.write_record(EXPLAINED_COLUMNS).with_context(written)?;
    for (file, read) in files.iter().zip(&read.files) {
        for Explained { place, category, why, source } in &read.explained {
            let tag =
                source.and_then(|source| tags.source(source).tag()).map(|tag| tag.to_string()).unwrap_or_default();
            let row = [&*file.input.name, &place.1.to_string(), category.id(), why, &tag];
            writer.write_record(row).with_context(written)?;
        }
    }
    let file = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}")).with_context(written)?;
    let file = file.into_inner().map_err(|error| anyhow::anyhow!("{error}")).with_context(written)?;
    file.persist(path).with_context(written)?;
    Ok(())
}
