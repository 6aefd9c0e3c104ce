//! What a file is to a page that shows it, and what can be wrong with it, told at the place that shows it.

use std::sync::Arc;

use image::metadata::Orientation;

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// A picture, as far as its file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Still(Still),
    Svg {
        pixels: Option<(u32, u32)>,
    },
    /// It moves, or is in a format that only browsers know: published as it is.
    AsIs {
        pixels: Option<(u32, u32)>,
    },
    Broken(Trouble),
}

/// A picture that smaller ones are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Still {
    pub format: Format,
    /// Width and height as people see it, which is after it was turned.
    pub pixels: (u32, u32),
    pub orientation: Orientation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
        }
    }
}

impl Still {
    /// How high it is when it is drawn this wide.
    pub fn height_at(&self, width: u32) -> u32 {
        let (own, height) = (u64::from(self.pixels.0.max(1)), u64::from(self.pixels.1));
        let scaled = (u64::from(width) * height + own / 2) / own;
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    }
}

/// Why a picture cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No picture at all, or damaged.
    Unreadable,
    /// An SVG that is no XML, with what its reader says.
    Xml { line: usize, why: String },
    /// The end of the file is missing.
    Cut,
    Pixels {
        width: u32,
        height: u32,
        /// How many are read at most.
        most: u64,
    },
    /// Bytes.
    Heavy { length: u64, most: u64 },
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
            Trouble::Pixels { width, height, most } => {
                let message = format!("`{file}` has {width} × {height} pixels");
                let help = format!(
                    "save it smaller: no page shows more than 2400 pixels of width, and {} million pixels are read at most",
                    most / 1_000_000
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
