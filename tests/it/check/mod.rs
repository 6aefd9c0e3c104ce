//! The rules of `check`, and the formats of problems.

mod checks;
mod explanations;
mod external;
mod fix;
mod markup;
mod problems;
mod rules;
mod safety;
mod values;
