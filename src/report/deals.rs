//! Deals of a file of their own, and the leads that they belong to.

use std::collections::HashMap;

use super::leads::{Lead, Place};
use super::values::day::DayNumber;
use super::values::outcome::{Outcome, State};

/// A row of a file of deals.
#[derive(Clone, Copy, Debug)]
pub struct Deal {
    pub place: Place,
    pub state: State,
    pub amount: i64,
    pub currency: u8,
    pub closed: DayNumber,
    pub reason: u16,
}

/// All deals, by the keys of their records and people.
#[derive(Default)]
pub struct Deals {
    pub deals: Vec<Deal>,
    by_key: HashMap<u64, Vec<u32>>,
}

/// What the deals of a lead add to it.
#[derive(Clone, Debug, Default)]
pub struct OfDeals {
    pub state: State,
    /// The value of won deals by currency, or of the others if none is won.
    pub amounts: Vec<(u8, i64)>,
    pub closed: DayNumber,
    pub reason: u16,
}

impl Deals {
    pub fn add(&mut self, deal: Deal, keys: Vec<u64>) {
        let number = self.deals.len() as u32;
        self.deals.push(deal);
        for key in keys {
            let with_key = self.by_key.entry(key).or_default();
            if with_key.last() != Some(&number) {
                with_key.push(number);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.deals.is_empty()
    }

    /// Returns the deals of a record or a person.
    pub fn with_key(&self, key: u64) -> &[u32] {
        self.by_key.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Gives each deal to the lead that was created first. Returns what the leads get, and whether each deal has a lead.
    pub fn assign(&self, mut joins: Vec<(u32, Place, DayNumber)>) -> (HashMap<Place, OfDeals>, Vec<bool>) {
        // A lead without a day comes last.
        joins.sort_unstable_by_key(|&(deal, place, created)| (deal, created.wrapping_sub(1), place));
        joins.dedup_by_key(|(deal, ..)| *deal);
        let mut has_lead = vec![false; self.deals.len()];
        let mut of_leads: HashMap<Place, OfDeals> = HashMap::new();
        for (deal, place, _) in joins {
            has_lead[deal as usize] = true;
            of_leads.entry(place).or_default().add(&self.deals[deal as usize]);
        }
        (of_leads, has_lead)
    }
}

impl OfDeals {
    /// Adds a deal: won if any is, values added.
    fn add(&mut self, deal: &Deal) {
        let is_won = deal.state.outcome == Outcome::Won;
        let was_won = self.state.outcome == Outcome::Won;
        if is_won && !was_won {
            self.amounts.clear();
            self.closed = deal.closed;
        } else if is_won && deal.closed != 0 {
            // The first win counts for the days to win.
            self.closed = if self.closed == 0 { deal.closed } else { self.closed.min(deal.closed) };
        } else if !was_won {
            self.closed = self.closed.max(deal.closed);
            self.reason = if deal.reason != 0 { deal.reason } else { self.reason };
        }
        self.state = self.state.max(deal.state);
        if is_won || !was_won {
            match self.amounts.iter_mut().find(|(currency, _)| *currency == deal.currency) {
                Some((_, amount)) => *amount += deal.amount,
                None => self.amounts.push((deal.currency, deal.amount)),
            }
        }
    }

    /// Adds another row's deals.
    pub fn merge(&mut self, other: OfDeals) {
        let outcome = (self.state.outcome == Outcome::Won, other.state.outcome == Outcome::Won);
        match outcome {
            (true, false) => {}
            (false, true) => *self = OfDeals { state: self.state.max(other.state), ..other },
            _ => {
                self.state = self.state.max(other.state);
                self.closed = self.closed.max(other.closed);
                self.reason = if self.reason != 0 { self.reason } else { other.reason };
                for (currency, amount) in other.amounts {
                    match self.amounts.iter_mut().find(|(own, _)| *own == currency) {
                        Some((_, own)) => *own += amount,
                        None => self.amounts.push((currency, amount)),
                    }
                }
            }
        }
    }

    /// Applies the deals to their lead. Returns the amounts in further currencies.
    pub fn apply(mut self, lead: &mut Lead) -> Vec<(u8, i64)> {
        // Open deals say nothing about a lead that is lost or won by itself; their value counts.
        let is_further = self.state.outcome >= lead.state().outcome;
        lead.set_state(lead.state().max(self.state));
        if is_further {
            if self.closed != 0 {
                lead.closed = self.closed;
            }
            if self.reason != 0 {
                lead.reason = self.reason;
            }
        }
        self.amounts.retain(|(_, amount)| *amount != 0);
        if self.amounts.is_empty() {
            return Vec::new();
        }
        (lead.currency, lead.amount) = self.amounts.remove(0);
        self.amounts
    }
}
