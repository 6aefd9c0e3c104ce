//! Lead tags as cells have them: known ones, damaged ones that can be repaired, and unknown ones.

mod index;
mod letters;
mod repair;
mod timeline;

pub use self::index::{Period, Source, SourceDays, TagIndex};
pub use self::timeline::Timelines;

/// What a cell of lead tags contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    Empty,
    /// A source of leads, by its number in the index.
    Known {
        source: u32,
        repair: Option<Repair>,
    },
    /// Neither a lead tag of the site, nor a damaged one.
    Unknown {
        why: Unknown,
    },
}

/// What was wrong with a lead tag that was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    Case,
    Spaces,
    InLink,
    InText,
    CutOff,
    FormerId,
    Code,
    Misspelt,
}

/// Why a text is no known lead tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unknown {
    /// It has the form of a lead tag, but the site never had one like it.
    NoSuchTag,
    /// It is cut off, and several lead tags begin like it.
    CutOff,
    /// It is as near to one lead tag as to another.
    Ambiguous,
    /// It contains several lead tags.
    Several,
    /// It does not look like a lead tag.
    NoTag,
}

impl Repair {
    pub const ALL: [Repair; 8] = [
        Repair::Case,
        Repair::Spaces,
        Repair::InLink,
        Repair::InText,
        Repair::CutOff,
        Repair::FormerId,
        Repair::Code,
        Repair::Misspelt,
    ];

    /// Completes "it was repaired: ".
    pub fn reason(self) -> &'static str {
        match self {
            Repair::Case => "upper case",
            Repair::Spaces => "other separators",
            Repair::InLink => "in a link",
            Repair::InText => "in a longer text",
            Repair::CutOff => "cut off",
            Repair::FormerId => "a former id",
            Repair::Code => "a short code",
            Repair::Misspelt => "a typing error",
        }
    }
}

impl Unknown {
    pub fn reason(self) -> &'static str {
        match self {
            Unknown::NoSuchTag => "the site never had this lead tag",
            Unknown::CutOff => "cut off, and several lead tags begin like it",
            Unknown::Ambiguous => "as near to one lead tag as to another",
            Unknown::Several => "several lead tags",
            Unknown::NoTag => "no lead tag",
        }
    }
}
