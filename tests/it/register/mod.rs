//! The tag register.

mod clock;
mod fixtures;
mod kills;
mod lost_rows;
mod merges;
mod reconcile;
mod renames;
mod reruns;
mod restore;
mod spreadsheets;
