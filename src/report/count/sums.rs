//! Sums over the leads of one period, by everything that tables and charts are made of.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::stats::Stats;
use crate::report::leads::Lead;
use crate::report::tags::{Period, SourceDays};
use crate::report::values::day::{DayNumber, month_start, week_start};
use crate::report::values::outcome::Outcome;

/// A day of creation from which open leads are young.
const OLD_AFTER: DayNumber = 60;

/// What is summed besides the sums by source and by week.
#[derive(Clone, Copy, Debug, Default)]
pub struct SumsOptions {
    pub owners: bool,
    pub weeks: bool,
    pub months: bool,
    /// Leads that were created before are old, if they are still open.
    pub today: DayNumber,
}

/// A source, the part of its timeline, an owner, and the first day of a week or a month; 0 for what is not summed.
pub type Detail = (u32, u16, u16, DayNumber);

/// The sums of one period.
#[derive(Clone, Default)]
pub struct Sums {
    /// By the number of the source.
    pub by_source: Vec<Stats>,
    /// The same by the parts of timelines, for sources that have one.
    pub by_part: HashMap<(u32, u16), Stats, RandomState>,
    /// By the first day of the week. 0 for leads without a day.
    pub by_week: BTreeMap<DayNumber, Stats>,
    pub by_detail: HashMap<Detail, Stats, RandomState>,
    /// Lost leads by source and reason.
    pub reasons: HashMap<(u32, u16), u64, RandomState>,
    /// The same for each week of creation.
    pub reasons_by_week: HashMap<(DayNumber, u16), u64, RandomState>,
    /// Leads that were created while the register had not issued their lead tag, by source.
    pub outside_time: HashMap<u32, u64, RandomState>,
    /// Leads that have been open for long, by source.
    pub old_open: HashMap<u32, u64, RandomState>,
    pub without_day: u64,
    pub first_day: DayNumber,
    pub last_day: DayNumber,
}

impl Sums {
    /// Adds a lead. `more` are amounts in further currencies; `days` are those of the sources.
    pub fn add(&mut self, lead: &Lead, more: &[(u8, i64)], options: &SumsOptions, days: &[SourceDays]) {
        let source = lead.source as usize;
        if self.by_source.len() <= source {
            self.by_source.resize(source + 1, Stats::default());
        }
        let add = |stats: &mut Stats| {
            stats.add(lead);
            if lead.state().outcome == Outcome::Won {
                more.iter().for_each(|(currency, amount)| stats.add_value(*currency, *amount));
            }
        };
        add(&mut self.by_source[source]);
        let timeline = days.get(source).and_then(|days| days.timeline.as_ref());
        let part = timeline.map_or(0, |timeline| timeline.number(lead.created));
        if timeline.is_some() {
            add(self.by_part.entry((lead.source, part)).or_default());
        }
        let week = if lead.created == 0 { 0 } else { week_start(lead.created) };
        add(self.by_week.entry(week).or_default());
        if options.owners || options.weeks || options.months {
            let period = match lead.created {
                0 => 0,
                _ if options.weeks => week,
                created if options.months => month_start(created),
                _ => 0,
            };
            add(self.by_detail.entry((lead.source, part, lead.owner, period)).or_default());
        }
        match lead.state().outcome {
            Outcome::Lost => {
                *self.reasons.entry((lead.source, lead.reason)).or_default() += 1;
                *self.reasons_by_week.entry((week, lead.reason)).or_default() += 1;
            }
            Outcome::Open if lead.created != 0 && lead.created + OLD_AFTER < options.today => {
                *self.old_open.entry(lead.source).or_default() += 1;
            }
            Outcome::Open | Outcome::Won => {}
        }
        self.add_day(lead, days.get(source).and_then(|days| days.periods.as_deref()));
    }

    fn add_day(&mut self, lead: &Lead, periods: Option<&[Period]>) {
        if lead.created == 0 {
            self.without_day += 1;
            return;
        }
        self.first_day = if self.first_day == 0 { lead.created } else { self.first_day.min(lead.created) };
        self.last_day = self.last_day.max(lead.created);
        let Some(periods) = periods else { return };
        let is_within =
            |(from, until): &Period| *from <= lead.created && until.is_none_or(|until| lead.created <= until);
        if !periods.is_empty() && !periods.iter().any(is_within) {
            *self.outside_time.entry(lead.source).or_default() += 1;
        }
    }

    pub fn merge(mut self, other: Sums) -> Sums {
        if self.by_source.len() < other.by_source.len() {
            self.by_source.resize(other.by_source.len(), Stats::default());
        }
        self.by_source.iter_mut().zip(&other.by_source).for_each(|(own, other)| own.merge(other));
        other.by_part.iter().for_each(|(part, stats)| self.by_part.entry(*part).or_default().merge(stats));
        other.by_week.iter().for_each(|(week, stats)| self.by_week.entry(*week).or_default().merge(stats));
        other.by_detail.iter().for_each(|(detail, stats)| self.by_detail.entry(*detail).or_default().merge(stats));
        other.reasons.iter().for_each(|(key, leads)| *self.reasons.entry(*key).or_default() += leads);
        other.reasons_by_week.iter().for_each(|(key, leads)| *self.reasons_by_week.entry(*key).or_default() += leads);
        other.outside_time.iter().for_each(|(source, leads)| *self.outside_time.entry(*source).or_default() += leads);
        other.old_open.iter().for_each(|(source, leads)| *self.old_open.entry(*source).or_default() += leads);
        self.without_day += other.without_day;
        self.first_day = match (self.first_day, other.first_day) {
            (0, day) | (day, 0) => day,
            (a, b) => a.min(b),
        };
        self.last_day = self.last_day.max(other.last_day);
        self
    }

    pub fn total(&self) -> Stats {
        let mut total = Stats::default();
        self.by_source.iter().for_each(|stats| total.merge(stats));
        total
    }
}
