//! What a font file says about the size of its text.

/// The letters whose widths are compared with those of another font: `a` to `z`, and the space.
pub const LETTERS: usize = 27;

/// The metrics of a font file of the site, in units of which its size has [`units_per_em`](FontMetrics::units_per_em).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FontMetrics {
    pub units_per_em: u16,
    pub ascent: i16,
    /// Below the baseline, so usually negative.
    pub descent: i16,
    pub line_gap: i16,
    /// The widths of [`LETTERS`]. `None` if the font does not have all of them.
    pub widths: Option<[u16; LETTERS]>,
}

/// Why browsers do not show a font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FontProblem {
    Damaged,
    /// Several fonts in one file.
    Collection,
}

impl FontProblem {
    /// What is wrong: `is damaged`.
    pub fn described(self) -> &'static str {
        match self {
            FontProblem::Damaged => "is damaged",
            FontProblem::Collection => "is a collection of fonts",
        }
    }
}
