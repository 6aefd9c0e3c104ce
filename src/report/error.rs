//! Errors in exports, with the file, the line and what to do.

use std::fmt;

/// Why an export cannot be counted. Its texts name columns and lines, and no values that could be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    pub file: String,
    /// The first line has the number 1. In a spreadsheet, the row.
    pub line: Option<u64>,
    pub message: String,
    pub help: Option<String>,
}

impl InputError {
    pub fn new(file: &str, message: impl Into<String>) -> InputError {
        InputError { file: file.to_owned(), line: None, message: message.into(), help: None }
    }

    pub fn at(self, line: u64) -> InputError {
        InputError { line: Some(line), ..self }
    }

    pub fn help(self, help: impl Into<String>) -> InputError {
        InputError { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for InputError {}
