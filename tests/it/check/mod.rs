//! The rules of `check`, and the formats of problems.

mod checks;
mod explanations;
mod external;
mod markup;
mod problems;
mod rules;
mod safety;
