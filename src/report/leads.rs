//! Leads while they are counted: 36 bytes each, in buckets by person and source, so that duplicates are in one bucket.

use super::values::day::DayNumber;
use super::values::outcome::{Outcome, State};

/// A row with a lead tag. It is packed, because there are millions of them: a tenth less memory.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
pub struct Lead {
    /// A hash of the e-mail address, else of the telephone number, else of the id.
    pub person: u64,
    /// In hundredths. 0 if the row has none.
    pub amount: i64,
    pub line: u32,
    pub source: u32,
    /// 0 if it is not known, as `closed`.
    pub created: DayNumber,
    pub closed: DayNumber,
    pub reason: u16,
    pub owner: u16,
    pub file: u8,
    /// The number of the currency of the amount.
    pub currency: u8,
    state: u8,
    repair: u8,
}

/// The place of a row: its file and its line.
pub type Place = (u8, u32);

const QUALIFIED: u8 = 4;

impl Lead {
    pub fn new(person: u64, source: u32, place: Place, state: State) -> Lead {
        let (file, line) = place;
        let mut lead = Lead {
            person,
            amount: 0,
            line,
            source,
            created: 0,
            closed: 0,
            reason: 0,
            owner: 0,
            file,
            currency: 0,
            state: 0,
            repair: 0,
        };
        lead.set_state(state);
        lead
    }

    pub fn place(&self) -> Place {
        (self.file, self.line)
    }

    pub fn state(&self) -> State {
        let outcome = match self.state & 3 {
            2 => Outcome::Won,
            1 => Outcome::Lost,
            _ => Outcome::Open,
        };
        State { outcome, qualified: self.state & QUALIFIED != 0 }
    }

    pub fn set_state(&mut self, state: State) {
        let outcome = match state.outcome {
            Outcome::Open => 0,
            Outcome::Lost => 1,
            Outcome::Won => 2,
        };
        self.state = outcome | if state.qualified { QUALIFIED } else { 0 };
    }

    /// The number of the repair of its lead tag, from 1 on; 0 for none.
    pub fn repair(&self) -> u8 {
        self.repair
    }

    pub fn set_repair(&mut self, repair: u8) {
        self.repair = repair;
    }
}

/// The number of buckets. With ten million leads, each has about 40,000.
pub const BUCKETS: usize = 256;
/// Leads are stored in pieces, so that no list has to be copied when it grows.
const PIECE: usize = 512;

/// The leads of one worker.
pub struct Buckets {
    buckets: Vec<Vec<Vec<Lead>>>,
}

impl Default for Buckets {
    fn default() -> Buckets {
        Buckets { buckets: vec![Vec::new(); BUCKETS] }
    }
}

impl Buckets {
    pub fn push(&mut self, lead: Lead) {
        // The source is part of the choice, because the leads of one person with different lead tags are no duplicates.
        let mixed = (lead.person ^ u64::from(lead.source)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bucket = &mut self.buckets[(mixed >> 56) as usize % BUCKETS];
        match bucket.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push(lead),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(lead);
                bucket.push(piece);
            }
        }
    }

    /// Removes the leads of a bucket.
    pub fn take(&mut self, bucket: usize) -> Vec<Vec<Lead>> {
        std::mem::take(&mut self.buckets[bucket])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_has_36_bytes() {
        assert!(size_of::<Lead>() == 36, "{}", size_of::<Lead>());
    }

    #[test]
    fn state_is_stored_unchanged() {
        for outcome in [Outcome::Open, Outcome::Lost, Outcome::Won] {
            for qualified in [false, true] {
                let state = State { outcome, qualified };
                assert_eq!(Lead::new(1, 1, (0, 1), state).state(), state);
            }
        }
    }
}
