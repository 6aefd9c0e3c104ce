//! The integration tests that need only Rust, in one binary so that they link once.

mod bad_input;
mod build;
mod check;
mod content;
mod house;
mod leads;
mod publish;
mod register;
mod render;
mod report;
mod sales;
mod serve;
mod support;
mod trust;
