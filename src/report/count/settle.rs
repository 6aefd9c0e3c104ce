//! Settles which rows are leads: duplicates count once, deals are added to their leads, and the period is applied.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::sums::{Sums, SumsOptions};
use crate::report::accounting::Category;
use crate::report::deals::OfDeals;
use crate::report::leads::{BUCKETS, Buckets, Lead, Place};
use crate::report::tags::{Repair, SourceDays};
use crate::report::values::day::DayNumber;

/// Days of creation, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub from: Option<DayNumber>,
    pub until: Option<DayNumber>,
}

impl Window {
    /// Whether a lead was created in the window. Without a day, only if the window is open at both ends.
    pub fn contains(&self, created: DayNumber) -> bool {
        match self {
            Window { from: None, until: None } => true,
            _ if created == 0 => false,
            Window { from, until } => {
                from.is_none_or(|from| from <= created) && until.is_none_or(|until| created <= until)
            }
        }
    }
}

/// What settling needs besides the leads.
pub struct Rules<'a> {
    pub window: Window,
    /// The period to compare with.
    pub previous: Option<Window>,
    pub options: SumsOptions,
    pub of_deals: &'a HashMap<Place, OfDeals>,
    /// By source.
    pub days: &'a [SourceDays],
    /// Whether to list where each row went.
    pub explain: bool,
}

/// The sums, and where the rows with lead tags went.
#[derive(Default)]
pub struct Settled {
    pub sums: Sums,
    pub previous: Sums,
    /// Rows by file, category and the number of the repair.
    pub rows: HashMap<(u8, Category, u8), u64, RandomState>,
    /// Rows that are no longer counted, for `--explain-rows`.
    pub changed: Vec<(Place, Category)>,
}

/// Settles the leads of all workers.
pub fn settle(mut buckets: Vec<Buckets>, rules: &Rules) -> Settled {
    let mut take = |bucket| buckets.iter_mut().flat_map(|buckets| buckets.take(bucket)).collect::<Vec<_>>();
    let pieces: Vec<Vec<Vec<Lead>>> = (0..BUCKETS).map(&mut take).collect();
    pieces
        .into_par_iter()
        .fold(Settled::default, |settled, pieces| settled.add_bucket(pieces, rules))
        .reduce(Settled::default, Settled::merge)
}

impl Settled {
    fn add_bucket(mut self, pieces: Vec<Vec<Lead>>, rules: &Rules) -> Settled {
        let mut leads: Vec<Lead> = pieces.concat();
        drop(pieces);
        leads.sort_unstable_by_key(|lead| (lead.person, lead.source, lead.file, lead.line));
        for same in leads.chunk_by(|a, b| a.person == b.person && a.source == b.source) {
            let mut lead = same[0];
            let mut of_deals: Option<OfDeals> = None;
            for row in same {
                lead.take_furthest(row);
            }
            // An outcome without an amount has the latest one of the other rows.
            if let Some(latest) = same.iter().rev().find(|row| row.amount != 0).filter(|_| lead.amount == 0) {
                (lead.amount, lead.currency) = (latest.amount, latest.currency);
            }
            for row in same {
                if let Some(found) = rules.of_deals.get(&row.place()) {
                    match &mut of_deals {
                        Some(of_deals) => of_deals.merge(found.clone()),
                        None => of_deals = Some(found.clone()),
                    }
                }
            }
            let more = of_deals.map(|of_deals| of_deals.apply(&mut lead)).unwrap_or_default();
            for duplicate in &same[1..] {
                self.account(duplicate, Category::Duplicate, rules);
            }
            self.add_lead(&lead, &more, rules);
        }
        self
    }

    fn add_lead(&mut self, lead: &Lead, more: &[(u8, i64)], rules: &Rules) {
        let category = match lead.repair() {
            _ if !rules.window.contains(lead.created) => Category::OutsidePeriod,
            0 => Category::Counted,
            _ => Category::Repaired,
        };
        self.account(lead, category, rules);
        if category != Category::OutsidePeriod {
            self.sums.add(lead, more, &rules.options, rules.days);
        } else if rules.previous.is_some_and(|previous| previous.contains(lead.created)) {
            self.previous.add(lead, more, &rules.options, rules.days);
        }
    }

    fn account(&mut self, lead: &Lead, category: Category, rules: &Rules) {
        let repair = if category == Category::Repaired { lead.repair() } else { 0 };
        *self.rows.entry((lead.file, category, repair)).or_default() += 1;
        if rules.explain && !matches!(category, Category::Counted | Category::Repaired) {
            self.changed.push((lead.place(), category));
        }
    }

    fn merge(mut self, other: Settled) -> Settled {
        other.rows.into_iter().for_each(|(key, rows)| *self.rows.entry(key).or_default() += rows);
        self.changed.extend(other.changed);
        Settled { sums: self.sums.merge(other.sums), previous: self.previous.merge(other.previous), ..self }
    }

    /// Returns the repair of a number in `rows`.
    pub fn repair(number: u8) -> Option<Repair> {
        usize::from(number).checked_sub(1).and_then(|index| Repair::ALL.get(index).copied())
    }
}

impl Lead {
    /// Takes the furthest outcome of two rows of one lead, with its value, day and reason.
    fn take_furthest(&mut self, other: &Lead) {
        let is_further = other.state().outcome > self.state().outcome;
        let state = self.state().max(other.state());
        if is_further {
            (self.closed, self.reason) = (other.closed, other.reason);
            (self.amount, self.currency) = (other.amount, other.currency);
        } else if other.state().outcome == self.state().outcome {
            if self.amount == 0 {
                (self.amount, self.currency) = (other.amount, other.currency);
            }
            if self.closed == 0 {
                self.closed = other.closed;
            }
            if self.reason == 0 {
                self.reason = other.reason;
            }
        }
        if self.created == 0 {
            self.created = other.created;
        }
        self.set_state(state);
    }
}
