//! The rules of `check`, and the formats of problems.

mod checks;
mod external;
mod problems;
mod rules;
mod safety;
