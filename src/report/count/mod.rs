//! Counts leads: duplicates, periods, and sums by source, week, reason and owner.

mod settle;
mod stats;
mod sums;

pub use self::settle::{Rules, Settled, Window, settle};
pub use self::stats::Stats;
pub use self::sums::{Sums, SumsOptions};
