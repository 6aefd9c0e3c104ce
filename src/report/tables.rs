//! Tables: the numbers of leads by campaign, channel, call to action and more.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::costs::{CostLine, Costs};
use super::count::{Stats, Sums, Window};
use super::interner::Interner;
use super::tags::{Source, SourceDays, TagIndex};
use super::values::day::{DayNumber, date};
use crate::model::variant::{Language, Variant};

/// What rows of a table are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    Campaign,
    Channel,
    Cta,
    Variant,
    Owner,
    Week,
    Month,
}

impl Dimension {
    pub const ALL: [Dimension; 7] = [
        Dimension::Campaign,
        Dimension::Channel,
        Dimension::Cta,
        Dimension::Variant,
        Dimension::Owner,
        Dimension::Week,
        Dimension::Month,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Dimension::Campaign => "campaign",
            Dimension::Channel => "channel",
            Dimension::Cta => "cta",
            Dimension::Variant => "variant",
            Dimension::Owner => "owner",
            Dimension::Week => "week",
            Dimension::Month => "month",
        }
    }

    pub fn parse(text: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.id() == text)
    }

    /// Its heading for people.
    pub fn label(self) -> &'static str {
        match self {
            Dimension::Campaign => "Campaign",
            Dimension::Channel => "Channel",
            Dimension::Cta => "Call to action",
            Dimension::Variant => "Variant",
            Dimension::Owner => "Owner",
            Dimension::Week => "Week",
            Dimension::Month => "Month",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The numbers of leads in groups.
#[derive(Clone, Debug)]
pub struct Table {
    pub by: Vec<Dimension>,
    /// Sorted by leads, most first; weeks and months by time.
    pub rows: Vec<TableRow>,
}

#[derive(Clone, Debug)]
pub struct TableRow {
    /// A text for each dimension. Empty for leads without one.
    pub key: Vec<String>,
    pub stats: Stats,
    /// The numbers of the period before, if it is compared.
    pub previous: Option<Stats>,
    /// In hundredths. `None` if the costs do not say it.
    pub cost: Option<i64>,
}

/// What tables are made of.
pub struct Tables<'a> {
    pub tags: &'a TagIndex,
    /// By source.
    pub days: &'a [SourceDays],
    pub owners: &'a Interner,
    pub sums: &'a Sums,
    pub previous: Option<&'a Sums>,
    pub costs: &'a Costs,
    pub window: Window,
}

impl Tables<'_> {
    /// Returns the numbers by some dimensions.
    pub fn table(&self, by: &[Dimension]) -> Table {
        let mut groups: BTreeMap<Vec<String>, (Stats, Option<Stats>)> = BTreeMap::new();
        self.add(self.sums, by, &mut |key, stats| groups.entry(key).or_default().0.merge(stats));
        if let Some(previous) =
            self.previous.filter(|_| !by.iter().any(|by| matches!(by, Dimension::Week | Dimension::Month)))
        {
            self.add(previous, by, &mut |key, stats| {
                groups.entry(key).or_default().1.get_or_insert_default().merge(stats);
            });
            groups.values_mut().for_each(|(_, previous)| {
                previous.get_or_insert_default();
            });
        }
        let row = |(key, (stats, previous)): (Vec<String>, (Stats, Option<Stats>))| {
            let cost = self.cost(by, &key);
            TableRow { key, stats, previous, cost }
        };
        let mut rows: Vec<TableRow> = groups.into_iter().map(row).collect();
        if !by.iter().any(|by| matches!(by, Dimension::Week | Dimension::Month)) {
            rows.sort_by_key(|row| std::cmp::Reverse(row.stats.leads));
        }
        Table { by: by.to_vec(), rows }
    }

    fn add(&self, sums: &Sums, by: &[Dimension], add: &mut dyn FnMut(Vec<String>, &Stats)) {
        let needs_detail = by.iter().any(|by| matches!(by, Dimension::Owner | Dimension::Week | Dimension::Month));
        let mut sources: HashMap<u32, Source> = HashMap::new();
        let mut source = |number: u32, part: u16| {
            let source = sources.entry(number).or_insert_with(|| self.tags.source(number)).clone();
            Source { variant: self.shown(number, part, &source), ..source }
        };
        if needs_detail {
            for ((number, part, owner, day), stats) in &sums.by_detail {
                add(self.key(by, &source(*number, *part), *owner, *day), stats);
            }
            return;
        }
        let has_parts = |number: u32| self.days.get(number as usize).is_some_and(|days| days.timeline.is_some());
        let numbered = (0_u32..).zip(&sums.by_source);
        for (number, stats) in numbered.filter(|(number, stats)| stats.leads > 0 && !has_parts(*number)) {
            add(self.key(by, &source(number, 0), 0, 0), stats);
        }
        for ((number, part), stats) in &sums.by_part {
            add(self.key(by, &source(*number, *part), 0, 0), stats);
        }
    }

    /// Returns the variant that a lead saw: that of its lead tag, or the version that had become the page by then.
    fn shown(&self, number: u32, part: u16, source: &Source) -> Option<Variant> {
        let Some(timeline) = self.days.get(number as usize).and_then(|days| days.timeline.as_ref()) else {
            return source.variant.clone();
        };
        let language = source.variant.as_ref().and_then(Variant::language).and_then(Language::parse);
        Variant::of(language.as_ref(), timeline.part(part).shown)
    }

    fn key(&self, by: &[Dimension], source: &Source, owner: u16, day: DayNumber) -> Vec<String> {
        let text = |dimension: &Dimension| match dimension {
            Dimension::Campaign => source.campaign.to_string(),
            Dimension::Channel => source.channel.to_string(),
            Dimension::Cta => source.cta.as_ref().map(|cta| format!("{}/{cta}", source.campaign)).unwrap_or_default(),
            Dimension::Variant => source.variant.as_ref().map(ToString::to_string).unwrap_or_default(),
            Dimension::Owner => self.owners.text(owner),
            Dimension::Week | Dimension::Month if day == 0 => String::new(),
            Dimension::Week => iso_week(day),
            Dimension::Month => date(day).strftime("%Y-%m").to_string(),
        };
        by.iter().map(text).collect()
    }

    /// Returns what a group cost, if costs are given for exactly its campaigns and channels.
    fn cost(&self, by: &[Dimension], key: &[String]) -> Option<i64> {
        let part = |dimension| by.iter().position(|by| *by == dimension).map(|index| key[index].as_str());
        let (campaign, channel) = (part(Dimension::Campaign), part(Dimension::Channel));
        if by.iter().any(|by| !matches!(by, Dimension::Campaign | Dimension::Channel)) {
            return None;
        }
        let is = |own: &Option<crate::model::slug::Slug>, wanted: Option<&str>| match (own, wanted) {
            (Some(own), Some(wanted)) => own.as_str() == wanted,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        self.costs.sum(self.window, |line: &CostLine| is(&line.campaign, campaign) && is(&line.channel, channel))
    }
}

/// Returns the ISO week of a day: `2027-W09`.
pub fn iso_week(day: DayNumber) -> String {
    let week = date(day).iso_week_date();
    format!("{}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::values::day::day_number;

    #[test]
    fn weeks_are_iso_weeks() {
        for (day, week) in [("2027-01-01", "2026-W53"), ("2027-01-04", "2027-W01"), ("2027-03-05", "2027-W09")] {
            assert_eq!(iso_week(day_number(day.parse().unwrap()).unwrap()), week);
        }
    }
}
