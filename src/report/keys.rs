//! Hashes of what identifies people and records. The values themselves are not stored.

use std::hash::{BuildHasher, RandomState};

use foldhash::quality::FixedState;

use super::input::text_of;

/// What a value identifies. Equal values of different kinds have different hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Email = 1,
    Phone,
    /// The record of a lead or a contact.
    LeadRecord,
    DealRecord,
}

/// Hashes values with a seed of this run.
#[derive(Clone)]
pub struct Hasher {
    state: FixedState,
}

/// E-mail addresses are at most 254 characters long. Source: RFC 3696, errata 1690.
const MAX_KEY: usize = 256;

impl Hasher {
    pub fn new() -> Hasher {
        Hasher { state: FixedState::with_seed(RandomState::new().hash_one(0)) }
    }

    /// Returns the hash of an e-mail address, without regard to case. `None` if the cell has none.
    pub fn email(&self, cell: &[u8]) -> Option<u64> {
        let address = address(cell)?;
        if !address.is_ascii() {
            return Some(self.hash(KeyKind::Email, text_of(address).to_lowercase().as_bytes()));
        }
        let mut lower = [0; MAX_KEY];
        let lower = lower.get_mut(..address.len())?;
        lower.copy_from_slice(address);
        lower.make_ascii_lowercase();
        Some(self.hash(KeyKind::Email, lower))
    }

    /// Returns the hash of a telephone number by its digits. `None` if it has fewer than six.
    pub fn phone(&self, cell: &[u8]) -> Option<u64> {
        let mut digits = [0; MAX_KEY];
        let mut length = 0;
        let national = memchr::memmem::find(cell, b"(0)").filter(|at| *at > 0).map(|at| at + 1);
        let kept = cell.iter().enumerate().filter(|(at, b)| b.is_ascii_digit() && Some(*at) != national);
        for (_, &digit) in kept.take(MAX_KEY) {
            digits[length] = digit;
            length += 1;
        }
        let digits = &digits[..length];
        // `0049` and `+49` are the same country. The zero of `+49 (0) 170` is not dialled from abroad.
        let digits = digits.strip_prefix(b"00").unwrap_or(digits);
        (digits.len() >= 6).then(|| self.hash(KeyKind::Phone, digits))
    }

    /// Returns the hash of the id of a record. `None` if the cell is empty.
    pub fn id(&self, kind: KeyKind, cell: &[u8]) -> Option<u64> {
        let cell = cell.trim_ascii();
        // Salesforce's ids have 15 characters, or the same with 3 more that make case unimportant.
        let id = if cell.len() == 18 && cell.iter().all(u8::is_ascii_alphanumeric) { &cell[..15] } else { cell };
        (!id.is_empty()).then(|| self.hash(kind, id))
    }

    /// Returns the hashes of a list of ids: `101;102`.
    pub fn ids<'c>(&'c self, kind: KeyKind, cell: &'c [u8]) -> impl Iterator<Item = u64> + 'c {
        cell.split(|b| matches!(b, b';' | b',' | b'|')).filter_map(move |id| self.id(kind, id))
    }

    /// Returns a hash for a row without a person, which has no duplicates.
    pub fn row(&self, file: u8, line: u32) -> u64 {
        self.state.hash_one((0_u8, file, line))
    }

    fn hash(&self, kind: KeyKind, bytes: &[u8]) -> u64 {
        self.state.hash_one((kind as u8, bytes))
    }
}

/// Returns the first e-mail address of a cell: `Dupont, Jean <jean@kazi.example>`.
fn address(cell: &[u8]) -> Option<&[u8]> {
    let part = cell.split(|b| matches!(b, b';' | b',')).find(|part| part.contains(&b'@'))?;
    let start = part.iter().position(|&b| b == b'<').map_or(0, |at| at + 1);
    let part = &part[start..];
    let end = part.iter().position(|&b| b == b'>').unwrap_or(part.len());
    Some(part[..end].trim_ascii()).filter(|address| address.contains(&b'@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_equal_as_people_and_vendors_see_them() {
        let hasher = Hasher::new();
        assert_eq!(hasher.email(b" Ada@Kazi.example "), hasher.email(b"ada@kazi.example"));
        assert_eq!(hasher.email(b"ada"), None);
        assert_eq!(hasher.email(b"Jean <Ada@kazi.example>"), hasher.email(b"ada@kazi.example"));
        assert_eq!(hasher.email(b"Dupont, Jean <ada@kazi.example>; b@x.example"), hasher.email(b"ada@kazi.example"));
        assert_eq!(hasher.email("JÖRG@kazi.example".as_bytes()), hasher.email("jörg@kazi.example".as_bytes()));
        assert_eq!(hasher.email(b"j\xf6rg@kazi.example"), hasher.email("jörg@kazi.example".as_bytes()), "Windows-1252");
        assert_eq!(hasher.phone(b"00254 700 000 000"), hasher.phone(b"+254700000000"));
        assert_eq!(hasher.phone(b"+49 (0) 170 1234567"), hasher.phone(b"0049 170 1234567"));
        assert_ne!(hasher.phone(b"0170 1234567"), hasher.phone(b"0049 170 1234567"));
        assert_eq!(hasher.phone(b"+254 700-000 000"), hasher.phone(b"254700000000"));
        assert_eq!(hasher.phone(b"12"), None);
        let id = |id: &[u8]| hasher.id(KeyKind::LeadRecord, id);
        assert_eq!(id(b"00Q5g00000ABCDE"), id(b"00Q5g00000ABCDEAA4"));
        assert_ne!(id(b"101"), hasher.id(KeyKind::DealRecord, b"101"));
        assert_eq!(hasher.ids(KeyKind::LeadRecord, b"101; 102;").count(), 2);
    }
}
