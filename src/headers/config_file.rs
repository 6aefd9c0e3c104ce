//! Writes the configuration of hosts line by line. A line consists of literals and of values that cannot end it, so nothing
//! that a site contains can become a directive of a host.

use std::fmt::{Display, Write};

use super::value::HeaderValue;
use crate::model::base_url::BaseUrl;

/// A part of a line.
pub trait LinePart: Display {}

/// A literal of this program.
impl LinePart for &'static str {}
impl LinePart for HeaderValue {}
impl LinePart for BasePath<'_> {}

/// The path of a site on its host: `/`, or `/jobs/`. [`BaseUrl`] has no characters with a meaning in configurations.
pub struct BasePath<'b>(pub &'b BaseUrl);

impl Display for BasePath<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.path())
    }
}

/// The text of a configuration.
#[derive(Default)]
pub struct ConfigFile(String);

impl ConfigFile {
    /// Adds a line.
    pub fn line(&mut self, parts: &[&dyn LinePart]) {
        for part in parts {
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{part}");
        }
        self.0.push('\n');
    }

    /// Returns the length of the longest line in characters.
    pub fn longest_line(&self) -> usize {
        self.0.lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}
