//! The output of `build`, `init` and `new`, and how folders are replaced.

mod incremental;
mod output;
mod start;
