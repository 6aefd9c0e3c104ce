//! Files beside pages: what is known of one, and what people are told of it besides its name.

use std::path::PathBuf;

use super::picture::ImageKind;

/// A file below `content/` or `static/` that is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub absolute: PathBuf,
    /// In bytes.
    pub length: u64,
    /// Of its content, by [`crate::digest`].
    pub digest: String,
    /// What it is as a picture, if it is one.
    pub picture: Option<ImageKind>,
}

/// `PDF` for `guide.pdf`; empty where a name has no ending.
pub fn format_of(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_uppercase()).unwrap_or_default()
}

/// Decimal units, as file managers and people use them.
pub fn size_in_words(bytes: u64) -> String {
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
    fn sizes_are_told_in_decimal_units() {
        for (bytes, words) in [(12, "12 bytes"), (1_000, "1 kB"), (240_001, "241 kB"), (1_250_000, "1.2 MB")] {
            assert_eq!(size_in_words(bytes), words);
        }
    }

    #[test]
    fn a_format_is_the_ending_of_a_name() {
        for (name, format) in [("guide.pdf", "PDF"), ("a.tar.gz", "GZ"), ("guide", "")] {
            assert_eq!(format_of(name), format);
        }
    }
}
