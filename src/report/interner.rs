//! Texts that many rows share, as small numbers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The number of a text that is missing.
pub const NONE: u16 = 0;
/// The number of all texts after the first 65,000.
pub const OTHERS: u16 = u16::MAX;
const MAX_TEXTS: usize = 65_000;
/// Longer texts are cut off, in characters.
const MAX_CHARACTERS: usize = 120;

/// Numbers texts from 1 on.
#[derive(Default)]
pub struct Interner {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    numbers: HashMap<String, u16>,
    texts: Vec<String>,
}

impl Interner {
    /// Returns the number of a text.
    pub fn number(&self, text: &str) -> u16 {
        let text = text.trim();
        if text.is_empty() {
            return NONE;
        }
        let text: String = text.chars().take(MAX_CHARACTERS).collect();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = inner.numbers.get(&text) {
            return number;
        }
        if inner.texts.len() >= MAX_TEXTS {
            return OTHERS;
        }
        inner.texts.push(text.clone());
        let number = inner.texts.len() as u16;
        inner.numbers.insert(text, number);
        number
    }

    /// Returns the text of a number; empty for [`NONE`] and [`OTHERS`].
    pub fn text(&self, number: u16) -> String {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        usize::from(number).checked_sub(1).and_then(|index| inner.texts.get(index).cloned()).unwrap_or_default()
    }
}
