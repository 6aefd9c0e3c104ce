//! `tagline report`: reads the exports of a CRM, counts what sales made of the leads, and prints it.
//!
//! `input` reads files in batches of rows, `columns` recognizes what their columns contain, `tags` finds the lead tag that
//! a cell means, and `read` turns rows into leads and deals. `count` settles duplicates and sums. `run` calls them in this
//! order and returns a [`Report`], which `output` prints. Nothing personal is in a report, and nothing is kept on disk.

mod accounting;
mod amounts;
mod cells;
mod columns;
mod costs;
mod count;
mod deals;
mod error;
mod files;
mod input;
mod insights;
mod interner;
mod keys;
mod leads;
mod mapping;
mod output;
mod part;
mod plan;
mod read;
mod run;
mod statistics;
mod tables;
mod tags;
mod values;
mod versions;

pub use self::error::InputError;
pub use self::files::EXPLAINED_COLUMNS;
pub use self::mapping::with_mapping;
pub use self::output::html::PAGE_GENERATOR;
pub use self::output::plan::{plan_json, plan_text};
pub use self::output::{csv, html, json, text};
pub use self::plan::{DIMENSIONS as PLAN_DIMENSIONS, Goal, Plan, plan};
pub use self::run::{Options, Report, run};
pub use self::tables::Dimension;
