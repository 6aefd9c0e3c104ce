//! The rows of a manifest in JSON: `["index.html", "3f2a…", 1204]` for a file, and `["3f2a…", "9c1b…"]` for one that is not public, with the
//! digest of its path in place of the path. The day since which a file is gone is one value more.

use std::fmt;

use jiff::civil::Date;
use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::entry::{Entries, Entry, FileKey};

/// The public files of a place, to be written.
pub(super) struct Public<'e>(pub(super) &'e Entries);

/// The files of a place that are not public, to be written.
pub(super) struct Hidden<'e>(pub(super) &'e Entries);

pub(super) struct PublicRow(FileKey, Entry);

pub(super) struct HiddenRow(FileKey, Entry);

/// 32 hexadecimal digits.
struct Hex(u128);

/// Returns the files of a place from the rows that were read.
pub(super) fn entries(public: Vec<PublicRow>, hidden: Vec<HiddenRow>) -> Entries {
    // A map is made of a sorted list faster than by adding to it.
    let public = public.into_iter().map(|PublicRow(key, entry)| (key, entry));
    public.chain(hidden.into_iter().map(|HiddenRow(key, entry)| (key, entry))).collect()
}

impl Serialize for Public<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().filter_map(|(key, entry)| match key {
            FileKey::Path(path) => {
                Some(Row { name: path, digest: entry.digest, size: Some(entry.size), gone_since: entry.gone_since })
            }
            FileKey::Hidden(_) => None,
        }))
    }
}

impl Serialize for Hidden<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().filter_map(|(key, entry)| match key {
            FileKey::Path(_) => None,
            FileKey::Hidden(path) => {
                Some(Row { name: Hex(*path), digest: entry.digest, size: None, gone_since: entry.gone_since })
            }
        }))
    }
}

struct Row<N> {
    name: N,
    digest: u128,
    size: Option<u64>,
    gone_since: Option<Date>,
}

impl<N: Serialize> Serialize for Row<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = 2 + usize::from(self.size.is_some()) + usize::from(self.gone_since.is_some());
        let mut row = serializer.serialize_seq(Some(length))?;
        row.serialize_element(&self.name)?;
        row.serialize_element(&Hex(self.digest))?;
        if let Some(size) = self.size {
            row.serialize_element(&size)?;
        }
        if let Some(day) = self.gone_since {
            row.serialize_element(&day)?;
        }
        row.end()
    }
}

impl<'de> Deserialize<'de> for PublicRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublicRow, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = PublicRow;

            fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
                to.write_str("path, digest and size of a file")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<PublicRow, A::Error> {
                let (path, Hex(digest), size) = (value(&mut row)?, value(&mut row)?, value(&mut row)?);
                let gone_since = row.next_element()?;
                Ok(PublicRow(FileKey::Path(path), Entry { digest, size, gone_since }))
            }
        }
        deserializer.deserialize_seq(Values)
    }
}

impl<'de> Deserialize<'de> for HiddenRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<HiddenRow, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = HiddenRow;

            fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
                to.write_str("the digests of a path and of a file")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<HiddenRow, A::Error> {
                let (Hex(path), Hex(digest)) = (value(&mut row)?, value(&mut row)?);
                let gone_since = row.next_element()?;
                Ok(HiddenRow(FileKey::Hidden(path), Entry { digest, size: 0, gone_since }))
            }
        }
        deserializer.deserialize_seq(Values)
    }
}

fn value<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(row: &mut A) -> Result<T, A::Error> {
    row.next_element()?.ok_or_else(|| A::Error::custom("a row has too few values"))
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hex, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Hex;

            fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
                to.write_str("32 hexadecimal digits")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Hex, E> {
                u128::from_str_radix(text, 16).map(Hex).map_err(|_| E::custom("a digest is not valid"))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}
