//! What can be wrong with a picture, and how it is told at the place that shows it.

use std::sync::Arc;

use super::file::MOST_PIXELS;
use crate::word::diagnostic::{Diagnostic, Rule};
use crate::word::source::{SourceText, Span};

/// Why a picture cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No picture at all, or damaged.
    Unreadable,
    /// An SVG that is no XML, with what its reader says.
    Xml {
        line: usize,
        why: String,
    },
    /// The end of the file is missing.
    Cut,
    Pixels {
        width: u32,
        height: u32,
    },
    /// Bytes.
    Heavy {
        length: u64,
        most: u64,
    },
}

/// Where a picture is shown.
#[derive(Clone, Debug)]
pub struct Place {
    /// `content/…` or `static/…`.
    pub file: String,
    pub source: Arc<SourceText>,
    pub span: Span,
}

impl Trouble {
    pub fn told(&self, place: &Place) -> Diagnostic {
        let Place { file, source, span } = place;
        let again = "save it again as JPEG, PNG or WebP";
        let (rule, message, help) = match self {
            Trouble::Unreadable => {
                (Rule::BrokenImage, format!("`{file}` cannot be read as a picture"), again.to_owned())
            }
            Trouble::Xml { line, why } => {
                let help = format!("line {line} of it: {why}");
                (Rule::BrokenImage, format!("`{file}` cannot be read as a picture"), help)
            }
            Trouble::Cut => (Rule::BrokenImage, format!("`{file}` ends too early"), "copy it here again".to_owned()),
            Trouble::Pixels { width, height } => {
                let message = format!("`{file}` has {width} × {height} pixels");
                let help = format!(
                    "save it smaller: no page shows more than 2400 pixels of width, and {} million pixels are read at most",
                    MOST_PIXELS / 1_000_000
                );
                (Rule::ImageTooLarge, message, help)
            }
            Trouble::Heavy { length, most } => {
                let message = format!("`{file}` has {} MB", length / 1024 / 1024);
                (Rule::ImageTooLarge, message, format!("at most {} MB for a picture", most / 1024 / 1024))
            }
        };
        Diagnostic::error(rule, message).at(source, *span, "shown here").help(help)
    }
}
