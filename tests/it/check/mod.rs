//! The rules of `check`, and how problems are reported.

mod checks;
mod external;
mod problems;
mod rules;
mod safety;
