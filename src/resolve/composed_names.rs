//! Finds files by the letters of their names. Unicode can write `é` as one character or as two: macOS tools store the
//! second form, and people type the first.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

/// Names with other than ASCII letters, by their composed form.
pub struct ComposedNames(HashMap<String, String>);

impl ComposedNames {
    pub fn of<'n>(names: impl Iterator<Item = &'n String>) -> ComposedNames {
        let names = names.filter(|name| !name.is_ascii());
        ComposedNames(names.map(|name| (composed(name), name.clone())).collect())
    }

    /// Returns the name with these letters.
    pub fn find(&self, written: &str) -> Option<&str> {
        if written.is_ascii() || self.0.is_empty() {
            return None;
        }
        self.0.get(&composed(written)).map(String::as_str)
    }
}

/// Returns whether two texts have the same letters.
pub fn are_same_letters(a: &str, b: &str) -> bool {
    a == b || !a.is_ascii() && !b.is_ascii() && a.nfc().eq(b.nfc())
}

fn composed(name: &str) -> String {
    name.nfc().collect()
}
