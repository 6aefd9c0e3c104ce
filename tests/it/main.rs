//! Integration tests that need nothing but Rust, in one binary: one link instead of forty.

mod bad_input;
mod build;
mod check;
mod content;
mod house;
mod leads;
mod register;
mod render;
mod sales;
mod serve;
mod support;
