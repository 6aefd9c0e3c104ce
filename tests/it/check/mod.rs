//! The rules of `check`, and how problems are reported.

mod checks;
mod explanations;
mod external;
mod problems;
mod rules;
mod safety;
