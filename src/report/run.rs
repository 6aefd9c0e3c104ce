//! From files to a report.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;

use super::accounting::{FileAccount, Unreadable};
use super::costs::{self, Costs};
use super::count::{Rules, Stats, Sums, SumsOptions, Window, settle};
use super::error::InputError;
use super::files::{self, FileRead, OpenFile};
use super::insights::{self, Insight};
use super::interner::Interner;
use super::keys::Hasher;
use super::read::ReadContext;
use super::tables::{Dimension, Table, Tables};
use super::tags::{SourceDays, TagIndex, Timelines};
use super::values::day::{DayNumber, date, day_number};
use super::values::outcome::Vocabulary;
use super::versions::{self, VersionTest};
use crate::model::figures::{Figures, TagFigures};
use crate::model::site::ReportSettings;
use crate::model::site::report::{ColumnRole, DayOrder, Decimals};
use crate::register::Register;
use crate::resolve::Site;

/// Reasons that fewer leads share are not named, because they could be about one person.
pub const MIN_SHARED: u64 = 3;

/// What a report is about.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub files: Vec<PathBuf>,
    /// What the main table is grouped by. Empty for the usual tables.
    pub by: Vec<Dimension>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub compare_previous: bool,
    pub costs: Option<PathBuf>,
    pub days: Option<DayOrder>,
    pub decimals: Option<Decimals>,
    pub explain_rows: Option<PathBuf>,
}

/// What sales made of the leads. It has nothing personal in it.
pub struct Report {
    pub site: String,
    pub made_on: Date,
    pub window: Window,
    pub previous_window: Option<Window>,
    /// The first and the last day of creation of the counted leads.
    pub days: Option<(Date, Date)>,
    pub files: Vec<FileReport>,
    pub total: Stats,
    pub previous: Option<Stats>,
    pub cost: Option<i64>,
    pub cost_currency: String,
    /// The table that was requested, or else the one by campaign.
    pub main: Table,
    pub by_campaign: Table,
    pub by_channel: Table,
    pub by_cta: Table,
    pub by_variant: Table,
    pub by_week: Vec<(Date, Stats)>,
    pub without_day: u64,
    /// For each campaign, the reasons with their leads. "other" is an empty text.
    pub reasons: Vec<(String, Vec<(String, u64)>)>,
    pub versions: Vec<VersionTest>,
    /// Those that several rows share.
    pub unknown_tags: Vec<(String, u64)>,
    /// Statuses that no list has; they count as open.
    pub unknown_statuses: Vec<(String, u64)>,
    pub never_issued: Vec<(String, u64)>,
    pub outside_time: Vec<(String, u64)>,
    pub insights: Vec<Insight>,
    /// The codes of currencies by their numbers.
    pub currencies: BTreeMap<u8, String>,
    pub figures: Figures,
}

/// What was read from one file.
pub struct FileReport {
    pub name: String,
    pub has_leads: bool,
    /// What was taken for what.
    pub columns: Vec<(ColumnRole, String)>,
    pub preamble: u64,
    pub notes: Vec<String>,
    pub account: FileAccount,
    pub bad_days: Unreadable,
    pub bad_amounts: Unreadable,
}

/// Counts the leads of the files.
///
/// # Errors
///
/// An [`InputError`] if a file is wrong; other errors if one cannot be read or written.
pub fn run(site: &Site, register: &Register, options: &Options) -> anyhow::Result<Report> {
    let own = &site.config.report;
    let settings =
        ReportSettings { days: options.days.or(own.days), decimals: options.decimals.or(own.decimals), ..own.clone() };
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get()).min(16);
    let tags = TagIndex::new(site, register);
    let (window, previous) = windows(options, site.options.today)?;
    let open = files::open(&options.files, &settings, &tags, threads)?;
    let costs = match &options.costs {
        Some(path) => costs::read(path, &tags, &settings)?,
        None => Costs::default(),
    };
    let (vocabulary, hasher) = (Vocabulary::new(&settings), Hasher::new());
    let (reasons, owners, currencies) = (Interner::default(), Interner::default(), Interner::default());
    let explain = options.explain_rows.is_some();
    let context = ReadContext {
        tags: &tags,
        vocabulary: &vocabulary,
        zone: &site.config.timezone,
        hasher: &hasher,
        reasons: &reasons,
        owners: &owners,
        currencies: &currencies,
        default_currency: settings.currency.as_deref(),
        decimals: settings.decimals,
        with_owners: options.by.contains(&Dimension::Owner),
        explain,
    };
    let mut read = files::read(&open, &context, threads)?;
    let (of_deals, has_lead) = read.deals.assign(std::mem::take(&mut read.joins));
    let days = tags.days(&Timelines::new(site, register));
    let sums_options = SumsOptions {
        owners: context.with_owners,
        weeks: options.by.contains(&Dimension::Week),
        months: options.by.contains(&Dimension::Month),
        today: day_number(site.options.today).unwrap_or(0),
    };
    let rules = Rules { window, previous, options: sums_options, of_deals: &of_deals, days: &days, explain };
    let settled = settle(std::mem::take(&mut read.buckets), &rules);
    read.account(&settled, &has_lead, explain);
    debug_assert!(read.files.iter().all(|file| file.account.is_balanced()), "a row is in no category");
    if let Some(path) = &options.explain_rows {
        files::write_explained(path, &open, &read, &tags)?;
    }
    let previous_sums = previous.map(|_| &settled.previous);
    let sums = &settled.sums;
    let tables =
        Tables { tags: &tags, days: &days, owners: &owners, sums, previous: previous_sums, costs: &costs, window };
    let parts = Parts { site, options, tags: &tags, reasons: &reasons, currencies: &currencies, days: &days };
    Ok(parts.report(&tables, open, read.files))
}

/// Returns the period of the report, and the one before it that it is compared with.
fn windows(options: &Options, today: Date) -> anyhow::Result<(Window, Option<Window>)> {
    let number = |day: Option<Date>| day.and_then(day_number);
    let window = Window { from: number(options.from), until: number(options.until) };
    if let (Some(from), Some(until)) = (window.from, window.until)
        && from > until
    {
        return Err(InputError::new("", "`--from` is after `--until`").into());
    }
    if !options.compare_previous {
        return Ok((window, None));
    }
    let Some(from) = window.from else {
        return Err(InputError::new("", "`--compare previous` needs a period").help("add `--from 2027-01-01`").into());
    };
    let until = window.until.or(day_number(today)).unwrap_or(from).max(from);
    let length = until - from + 1;
    let previous = Window { from: Some(from.saturating_sub(length).max(1)), until: Some(from.saturating_sub(1)) };
    Ok((Window { from: Some(from), until: Some(until) }, Some(previous)))
}

/// What a report is put together from.
struct Parts<'a> {
    site: &'a Site,
    options: &'a Options,
    tags: &'a TagIndex,
    reasons: &'a Interner,
    currencies: &'a Interner,
    days: &'a [SourceDays],
}

impl Parts<'_> {
    fn report(&self, tables: &Tables, open: Vec<OpenFile>, read: Vec<FileRead>) -> Report {
        let sums = tables.sums;
        let total = sums.total();
        let by_campaign = tables.table(&[Dimension::Campaign]);
        let main = if self.options.by.is_empty() { by_campaign.clone() } else { tables.table(&self.options.by) };
        let (by_channel, by_cta) = (tables.table(&[Dimension::Channel]), tables.table(&[Dimension::Cta]));
        let facts = insights::Facts {
            sums,
            tags: self.tags,
            reasons: self.reasons,
            total: &total,
            by_campaign: &by_campaign,
            by_channel: &by_channel,
            by_cta: &by_cta,
        };
        let insights = insights::insights(&facts);
        let (unknown_tags, unknown_statuses) = unknown(&read);
        Report {
            site: self.site.config.title.clone(),
            made_on: self.site.options.today,
            window: tables.window,
            previous_window: tables.previous.and_then(|_| windows(self.options, self.site.options.today).ok()?.1),
            days: (sums.first_day != 0).then(|| (date(sums.first_day), date(sums.last_day))),
            cost: tables.costs.sum(tables.window, |_| true),
            cost_currency: tables.costs.currency.clone(),
            by_variant: tables.table(&[Dimension::Variant]),
            by_week: weeks(sums),
            without_day: sums.without_day,
            reasons: self.reasons_by_campaign(sums),
            versions: versions::compare(sums, self.tags, self.days),
            never_issued: self.never_issued(sums),
            outside_time: self.outside_time(sums),
            currencies: self.currency_codes(sums, tables.previous),
            previous: tables.previous.map(Sums::total),
            figures: self.figures(sums),
            files: file_reports(open, read),
            total,
            main,
            by_campaign,
            by_channel,
            by_cta,
            unknown_tags,
            unknown_statuses,
            insights,
        }
    }

    /// Returns the lost reasons of each campaign, the most frequent first. Rare ones are together under an empty text.
    fn reasons_by_campaign(&self, sums: &Sums) -> Vec<(String, Vec<(String, u64)>)> {
        let mut campaigns: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for ((source, reason), leads) in &sums.reasons {
            let campaign = self.tags.source(*source).campaign.to_string();
            *campaigns.entry(campaign).or_default().entry(self.reasons.text(*reason)).or_default() += leads;
        }
        campaigns.into_iter().map(|(campaign, reasons)| (campaign, shared(reasons))).collect()
    }

    fn never_issued(&self, sums: &Sums) -> Vec<(String, u64)> {
        let is_new =
            |number: &usize| self.days.get(*number).and_then(|days| days.periods.as_ref()).is_some_and(Vec::is_empty);
        let mut found: Vec<(String, u64)> = (0..sums.by_source.len())
            .filter(|number| sums.by_source[*number].leads > 0 && is_new(number))
            .filter_map(|number| {
                Some((self.tags.source(number as u32).tag()?.to_string(), sums.by_source[number].leads))
            })
            .collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    fn outside_time(&self, sums: &Sums) -> Vec<(String, u64)> {
        let tag = |source: &u32| self.tags.source(*source).tag().map(|tag| tag.to_string()).unwrap_or_default();
        let mut found: Vec<(String, u64)> =
            sums.outside_time.iter().map(|(source, leads)| (tag(source), *leads)).collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    fn currency_codes(&self, sums: &Sums, previous: Option<&Sums>) -> BTreeMap<u8, String> {
        let of = |sums: &Sums| sums.by_source.iter().flat_map(|stats| stats.value.keys().copied()).collect::<Vec<u8>>();
        let numbers = of(sums).into_iter().chain(previous.map(of).unwrap_or_default());
        numbers.map(|number| (number, self.currencies.text(u16::from(number)))).collect()
    }

    /// Returns the numbers that the lead desk shows.
    fn figures(&self, sums: &Sums) -> Figures {
        let mut reasons: BTreeMap<u32, BTreeMap<String, u64>> = BTreeMap::new();
        for ((source, reason), leads) in &sums.reasons {
            *reasons.entry(*source).or_default().entry(self.reasons.text(*reason)).or_default() += leads;
        }
        let mut tags = BTreeMap::new();
        for (number, stats) in sums.by_source.iter().enumerate().filter(|(_, stats)| stats.leads > 0) {
            let Some(tag) = self.tags.source(number as u32).tag() else { continue };
            let reasons = reasons.remove(&(number as u32)).map(shared).unwrap_or_default();
            let reasons = reasons.into_iter().filter(|(reason, _)| !reason.is_empty()).take(3).collect();
            let Stats { leads, qualified, won, lost, .. } = *stats;
            tags.insert(tag, TagFigures { leads, qualified, won, lost, reasons });
        }
        Figures { made_on: Some(self.site.options.today), tags }
    }
}

/// Returns reasons with their leads, most first. Those of fewer than three leads are one entry with an empty text.
fn shared(reasons: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let is_shared = |(text, leads): &(String, u64)| *leads >= MIN_SHARED && !text.is_empty();
    let (mut shared, others): (Vec<_>, Vec<_>) = reasons.into_iter().partition(is_shared);
    shared.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let others: u64 = others.iter().map(|(_, leads)| leads).sum();
    shared.extend((others > 0).then(|| (String::new(), others)));
    shared
}

/// Returns the numbers of each week, also of weeks without leads.
fn weeks(sums: &Sums) -> Vec<(Date, Stats)> {
    let mut days = sums.by_week.keys().copied().filter(|day| *day != 0);
    let Some(first) = days.next() else { return Vec::new() };
    let last = days.next_back().unwrap_or(first);
    let stats = |week: &DayNumber| sums.by_week.get(week).cloned().unwrap_or_default();
    (first..=last).step_by(7).map(|week| (date(week), stats(&week))).collect()
}

type Counted = Vec<(String, u64)>;

/// Returns the unknown lead tags and the unknown statuses that several rows share. The others are only counted.
fn unknown(read: &[FileRead]) -> (Counted, Counted) {
    let (mut tags, mut statuses) = (super::accounting::Tally::default(), super::accounting::Tally::default());
    for file in read {
        tags.merge(&file.unknown_tags);
        statuses.merge(&file.unknown_statuses);
    }
    let shared = |tally: &super::accounting::Tally| {
        let shared = tally.sorted().into_iter().filter(|(_, rows)| *rows >= MIN_SHARED);
        shared.map(|(text, rows)| (text.to_owned(), rows)).collect()
    };
    (shared(&tags), shared(&statuses))
}

fn file_reports(open: Vec<OpenFile>, read: Vec<FileRead>) -> Vec<FileReport> {
    let report = |(OpenFile { input, head, columns }, read): (OpenFile, FileRead)| FileReport {
        columns: columns.taken(&head).into_iter().map(|(role, header)| (role, header.to_owned())).collect(),
        name: input.name,
        has_leads: columns.lead_tag.is_some(),
        preamble: head.preamble,
        notes: columns.notes,
        account: read.account,
        bad_days: read.bad_days,
        bad_amounts: read.bad_amounts,
    };
    open.into_iter().zip(read).map(report).collect()
}
