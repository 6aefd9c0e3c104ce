//! A report as text, CSV and JSON.

mod accounts;
mod charts;
pub mod csv;
mod hidden;
pub mod html;
pub mod json;
mod numbers;
pub mod plan;
pub mod text;
