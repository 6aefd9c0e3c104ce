//! HTML as text: tokenising, minifying, and splitting into sections.

pub mod minify;
pub mod sections;
pub mod tags;
