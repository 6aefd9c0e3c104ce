//! The numbers of a group of leads.

use std::collections::BTreeMap;

use crate::report::leads::Lead;
use crate::report::statistics::wilson;
use crate::report::values::outcome::Outcome;

/// The numbers of a group of leads. Each lead is won, lost or open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub leads: u64,
    /// Those that sales accepted, won ones included.
    pub qualified: u64,
    pub won: u64,
    pub lost: u64,
    /// The value of won leads in hundredths, by the number of the currency.
    pub value: BTreeMap<u8, i128>,
    /// The number of won leads by the days from creation to win.
    pub days_to_win: BTreeMap<u16, u32>,
}

impl Stats {
    pub fn add(&mut self, lead: &Lead) {
        let state = lead.state();
        self.leads += 1;
        self.qualified += u64::from(state.qualified);
        match state.outcome {
            Outcome::Won => {
                self.won += 1;
                if lead.amount != 0 {
                    self.add_value(lead.currency, lead.amount);
                }
                if lead.created != 0 && lead.closed >= lead.created {
                    *self.days_to_win.entry(lead.closed - lead.created).or_default() += 1;
                }
            }
            Outcome::Lost => self.lost += 1,
            Outcome::Open => {}
        }
    }

    pub fn add_value(&mut self, currency: u8, hundredths: i64) {
        *self.value.entry(currency).or_default() += i128::from(hundredths);
    }

    pub fn merge(&mut self, other: &Stats) {
        self.leads += other.leads;
        self.qualified += other.qualified;
        self.won += other.won;
        self.lost += other.lost;
        other.value.iter().for_each(|(currency, sum)| *self.value.entry(*currency).or_default() += sum);
        other.days_to_win.iter().for_each(|(days, leads)| *self.days_to_win.entry(*days).or_default() += leads);
    }

    pub fn open(&self) -> u64 {
        self.leads - self.won - self.lost
    }

    /// Returns won leads by all leads. `None` without leads.
    pub fn conversion(&self) -> Option<f64> {
        (self.leads > 0).then(|| self.won as f64 / self.leads as f64)
    }

    /// Returns the interval of the conversion.
    pub fn interval(&self) -> Option<(f64, f64)> {
        wilson(self.won, self.leads)
    }

    /// Returns the median of the days to win: the lower one of two. `None` without days.
    pub fn median_days(&self) -> Option<u16> {
        let all: u64 = self.days_to_win.values().map(|&leads| u64::from(leads)).sum();
        let mut before = 0;
        self.days_to_win.iter().find_map(|(days, &leads)| {
            before += u64::from(leads);
            (before * 2 >= all).then_some(*days)
        })
    }
}
