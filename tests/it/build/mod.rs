//! The output of `build`, `init` and `new`, and how folders are replaced.

mod output;
mod start;
