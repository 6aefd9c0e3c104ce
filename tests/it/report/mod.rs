//! `tagline report` and `tagline plan`.

mod accounting;
mod bad_input;
mod fixtures;
mod output;
mod privacy;
mod random_exports;
mod safety;
mod values;
mod vendors;
mod versions;
