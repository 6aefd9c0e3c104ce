//! The values of cells: days, amounts, currencies and outcomes.

pub mod amount;
pub mod currency;
pub mod day;
pub mod outcome;
