//! Image files: their kind, and the diagnostics for files that cannot be published.

use std::sync::Arc;

use image::metadata::Orientation;

use crate::diagnostics::Diagnostic;
use crate::rules::Rule;
use crate::source::{SourceText, Span};

/// The kind of an image file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageKind {
    Still(StillImage),
    Svg {
        pixels: Option<(u32, u32)>,
    },
    /// Animated, or in a format that only browsers can decode. Published unchanged.
    Unchanged {
        pixels: Option<(u32, u32)>,
    },
    Invalid(ImageProblem),
}

/// An image from which smaller ones are derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StillImage {
    pub format: RasterFormat,
    /// Width and height as displayed, with the orientation applied.
    pub pixels: (u32, u32),
    pub orientation: Orientation,
    /// Whether its colors are those of printing inks. Only a JPEG can have them.
    pub is_cmyk: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RasterFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl RasterFormat {
    pub fn extension(self) -> &'static str {
        match self {
            RasterFormat::Jpeg => "jpg",
            RasterFormat::Png => "png",
            RasterFormat::Webp => "webp",
            RasterFormat::Gif => "gif",
        }
    }
}

impl StillImage {
    /// Returns the height of the image when it is scaled to a width.
    pub fn height_at(&self, width: u32) -> u32 {
        let (own, height) = (u64::from(self.pixels.0.max(1)), u64::from(self.pixels.1));
        let scaled = (u64::from(width) * height + own / 2) / own;
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    }
}

/// Why an image cannot be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageProblem {
    /// Not an image, or damaged.
    Unreadable,
    /// A picture in a format that browsers do not show: `a HEIC picture`.
    NotForBrowsers(&'static str),
    /// A file of another kind: `a PDF`.
    NotAPicture(&'static str),
    /// An SVG with an XML error.
    InvalidXml {
        line: usize,
        message: String,
    },
    /// The end of the file is missing.
    Truncated,
    TooManyPixels {
        width: u32,
        height: u32,
        max: u64,
    },
    /// Sizes in bytes.
    FileTooLarge {
        length: u64,
        max: u64,
    },
}

/// The use of an image in a page or in `site.yaml`.
#[derive(Clone, Debug)]
pub struct ImageReference {
    /// The image file: `content/…` or `static/…`.
    pub file: String,
    pub source: Arc<SourceText>,
    pub span: Span,
}

impl ImageProblem {
    pub fn to_diagnostic(&self, reference: &ImageReference) -> Diagnostic {
        let ImageReference { file, source, span } = reference;
        let (rule, message, help) = match self {
            ImageProblem::Unreadable => (
                Rule::BrokenImage,
                format!("`{file}` is not a valid image"),
                "save it again as JPEG, PNG or WebP".to_owned(),
            ),
            ImageProblem::NotForBrowsers(what) => (
                Rule::BrokenImage,
                format!("`{file}` is {what}, which many browsers cannot show"),
                "export it as JPEG, PNG or WebP".to_owned(),
            ),
            ImageProblem::NotAPicture(what) => (
                Rule::BrokenImage,
                format!("`{file}` is not a valid image, but {what}"),
                "show a JPEG, PNG, WebP or SVG, and link to this file: `[…](…)` without the `!`".to_owned(),
            ),
            ImageProblem::InvalidXml { line, message } => {
                (Rule::BrokenImage, format!("`{file}` is not a valid SVG"), format!("line {line}: {message}"))
            }
            ImageProblem::Truncated => (
                Rule::BrokenImage,
                format!("the end of `{file}` is missing"),
                "copy the original file here again".to_owned(),
            ),
            ImageProblem::TooManyPixels { width, height, max } => (
                Rule::ImageTooLarge,
                format!("`{file}` has {width} × {height} pixels"),
                format!(
                    "save it with fewer pixels: pages show at most 2400 pixels of width, and the limit is {} million pixels",
                    max / 1_000_000
                ),
            ),
            ImageProblem::FileTooLarge { length, max } => (
                Rule::ImageTooLarge,
                format!("`{file}` has {} MB", length / 1024 / 1024),
                format!("an image may have at most {} MB", max / 1024 / 1024),
            ),
        };
        Diagnostic::error(rule, message).at(source, *span, "used here").help(help)
    }
}
