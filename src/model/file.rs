//! Files beside pages, with their format and size for people.

use std::path::PathBuf;

use super::content::FileContent;
use super::font::{FontMetrics, FontProblem};
use super::picture::ImageKind;

/// A file in `content/` or `static/` that is not a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub absolute: PathBuf,
    /// In bytes.
    pub length: u64,
    /// The digest of the content, made by [`crate::digest`].
    pub digest: String,
    /// What its first bytes show.
    pub content: FileContent,
    /// The kind of image, if the file is an image.
    pub picture: Option<ImageKind>,
    /// The metrics of the font, if the file is a font in WOFF2.
    pub font: Option<Result<FontMetrics, FontProblem>>,
    /// Whether the metadata of a picture or video contains a GPS position.
    pub has_position: bool,
}

/// Returns the format of a file: `PDF` for `guide.pdf`. It is empty for a name without an extension.
pub fn file_format(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase()).unwrap_or_default()
}

/// Returns a size for people, in decimal units as in file managers: `1.2 MB`.
pub fn format_size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_decimal_units() {
        for (bytes, words) in [(12, "12 bytes"), (1_000, "1 kB"), (240_001, "241 kB"), (1_250_000, "1.2 MB")] {
            assert_eq!(format_size(bytes), words);
        }
    }

    #[test]
    fn format_is_the_extension() {
        for (name, format) in [("guide.pdf", "PDF"), ("a.tar.gz", "GZ"), ("guide", "")] {
            assert_eq!(file_format(name), format);
        }
    }
}
