//! Where each row of a file went. Every row is in exactly one category.

use std::collections::{BTreeMap, HashMap};

use super::input::text_of;
use super::leads::Place;
use super::tags::{Repair, Unknown};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    Counted,
    Repaired,
    Duplicate,
    Unknown,
    NotALead,
    OutsidePeriod,
    JoinedDeal,
    UnjoinedDeal,
    RepeatedHeader,
    TooManyCells,
    Empty,
    Footer,
}

impl Category {
    pub const ALL: [Category; 12] = [
        Category::Counted,
        Category::Repaired,
        Category::Duplicate,
        Category::Unknown,
        Category::NotALead,
        Category::OutsidePeriod,
        Category::JoinedDeal,
        Category::UnjoinedDeal,
        Category::RepeatedHeader,
        Category::TooManyCells,
        Category::Empty,
        Category::Footer,
    ];

    /// Its name in JSON and CSV.
    pub fn id(self) -> &'static str {
        match self {
            Category::Counted => "counted",
            Category::Repaired => "repaired",
            Category::Duplicate => "duplicate",
            Category::Unknown => "unknown_tag",
            Category::NotALead => "not_a_lead",
            Category::OutsidePeriod => "outside_period",
            Category::JoinedDeal => "joined_deal",
            Category::UnjoinedDeal => "unjoined_deal",
            Category::RepeatedHeader => "repeated_header",
            Category::TooManyCells => "too_many_cells",
            Category::Empty => "empty",
            Category::Footer => "footer",
        }
    }

    /// Its name for people, for a number of rows.
    pub fn label(self, rows: u64) -> &'static str {
        match self {
            Category::Duplicate if rows == 1 => "duplicate",
            Category::Unknown if rows == 1 => "unknown lead tag",
            Category::JoinedDeal if rows == 1 => "deal joined with a lead",
            Category::UnjoinedDeal if rows == 1 => "deal of another person",
            Category::RepeatedHeader if rows == 1 => "repeated header",
            Category::Footer if rows == 1 => "note after the last row",
            Category::Counted => "counted",
            Category::Repaired => "counted after repair",
            Category::Duplicate => "duplicates",
            Category::Unknown => "unknown lead tags",
            Category::NotALead => "without a lead tag",
            Category::OutsidePeriod => "outside the period",
            Category::JoinedDeal => "deals joined with leads",
            Category::UnjoinedDeal => "deals of other people",
            Category::RepeatedHeader => "repeated headers",
            Category::TooManyCells => "with too many cells",
            Category::Empty => "empty",
            Category::Footer => "notes after the last row",
        }
    }
}

/// The rows of one file by category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileAccount {
    pub rows: u64,
    pub counts: BTreeMap<Category, u64>,
    pub repairs: BTreeMap<Repair, u64>,
    pub unknown: BTreeMap<Unknown, u64>,
}

impl FileAccount {
    pub fn add(&mut self, category: Category, rows: u64) {
        if rows > 0 {
            *self.counts.entry(category).or_default() += rows;
        }
    }

    pub fn get(&self, category: Category) -> u64 {
        self.counts.get(&category).copied().unwrap_or(0)
    }

    pub fn merge(&mut self, other: &FileAccount) {
        self.rows += other.rows;
        other.counts.iter().for_each(|(category, rows)| self.add(*category, *rows));
        other.repairs.iter().for_each(|(repair, rows)| *self.repairs.entry(*repair).or_default() += rows);
        other.unknown.iter().for_each(|(why, rows)| *self.unknown.entry(*why).or_default() += rows);
    }

    /// Whether every row is in a category.
    pub fn is_balanced(&self) -> bool {
        self.rows == self.counts.values().sum::<u64>()
    }
}

/// What became of one row, for `--explain-rows`.
#[derive(Clone, Debug)]
pub struct Explained {
    pub place: Place,
    pub category: Category,
    pub why: &'static str,
    pub source: Option<u32>,
}

/// Values that could not be read, without the values.
#[derive(Clone, Debug, Default)]
pub struct Unreadable {
    pub count: u64,
    /// The line of the first one, and its shape.
    pub first: Option<(u32, String)>,
}

impl Unreadable {
    pub fn add(&mut self, line: u32, cell: &[u8]) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|(first, _)| line < *first) {
            self.first = Some((line, shape(&text_of(cell))));
        }
    }

    pub fn merge(&mut self, other: &Unreadable) {
        self.count += other.count;
        self.first = self.first.take().into_iter().chain(other.first.clone()).min();
    }
}

/// The longest shape, in characters.
const MAX_SHAPE: usize = 24;

/// Returns a text with `9` for each digit and `x` for each letter, so that its form can be shown and its content cannot.
fn shape(text: &str) -> String {
    let sign = |c: char| match c {
        c if c.is_numeric() => '9',
        c if c.is_ascii_punctuation() || c == ' ' => c,
        _ => 'x',
    };
    let text = text.trim();
    let more = if text.chars().count() > MAX_SHAPE { "…" } else { "" };
    format!("{}{more}", text.chars().take(MAX_SHAPE).map(sign).collect::<String>())
}

/// Texts with their numbers of rows, up to a limit.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub counts: HashMap<String, u64>,
    /// Rows with texts beyond the limit.
    pub more: u64,
}

const MAX_TALLY: usize = 100_000;

impl Tally {
    pub fn add(&mut self, text: &str, rows: u64) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += rows;
        } else if self.counts.len() < MAX_TALLY {
            self.counts.insert(text.to_owned(), rows);
        } else {
            self.more += rows;
        }
    }

    pub fn merge(&mut self, other: &Tally) {
        other.counts.iter().for_each(|(text, rows)| self.add(text, *rows));
        self.more += other.more;
    }

    /// Returns the texts with their rows, the most frequent first.
    pub fn sorted(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.counts.iter().map(|(text, rows)| (text.as_str(), *rows)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }
}
