//! Reads the metrics of font files in WOFF2 (<https://www.w3.org/TR/WOFF2/>). Of the tables that it needs, WOFF2 transforms
//! only `hmtx`, and leaves the widths in it as they are.

use std::io::Read;

use brotli_decompressor::Decompressor;

use crate::model::font::{FontMetrics, FontProblem, LETTERS};

/// The size of the header in bytes.
const HEADER: usize = 48;
/// The flavor of a file with several fonts.
const COLLECTION: &[u8] = b"ttcf";
/// The most that a font may have uncompressed. Browsers refuse larger ones (OpenType Sanitizer, `OTS_MAX_DECOMPRESSED_SIZE`).
const MAX_SIZE: u64 = 30 * 1024 * 1024;
/// The tables that are read, by their number in the list of known tables (WOFF2, 4.1).
const KNOWN: [(u8, &[u8; 4]); 7] =
    [(0, b"cmap"), (1, b"head"), (2, b"hhea"), (3, b"hmtx"), (6, b"OS/2"), (10, b"glyf"), (11, b"loca")];
/// The number of a table that is not in that list. Its tag follows.
const OTHER: u8 = 63;

/// Reads the metrics of a WOFF2 file.
///
/// # Errors
///
/// If browsers cannot read it either.
pub fn metrics(file: &[u8]) -> Result<FontMetrics, FontProblem> {
    if file.get(4..8) == Some(COLLECTION) {
        return Err(FontProblem::Collection);
    }
    let tables = Tables::read(file).ok_or(FontProblem::Damaged)?;
    tables.metrics().ok_or(FontProblem::Damaged)
}

/// The tables of a font, uncompressed.
struct Tables {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// A table in the uncompressed bytes.
struct Place {
    tag: [u8; 4],
    is_transformed: bool,
    start: usize,
    length: usize,
}

impl Tables {
    fn read(file: &[u8]) -> Option<Tables> {
        let count = u16_at(file, 12)?;
        let mut at = HEADER;
        let mut places = Vec::new();
        let mut start = 0;
        for _ in 0..count {
            let place = Place::read(file, &mut at, start)?;
            start = start.checked_add(place.length)?;
            places.push(place);
        }
        let size = u64::try_from(start).ok().filter(|size| *size <= MAX_SIZE)?;
        let compressed = file.get(at..)?.get(..u32_at(file, 20)?)?;
        let mut bytes = Vec::new();
        Decompressor::new(compressed, 0).take(size).read_to_end(&mut bytes).ok()?;
        (bytes.len() == start).then_some(Tables { bytes, places })
    }

    fn get(&self, tag: &[u8; 4]) -> Option<&[u8]> {
        let place = self.place(tag)?;
        self.bytes.get(place.start..)?.get(..place.length)
    }

    fn place(&self, tag: &[u8; 4]) -> Option<&Place> {
        self.places.iter().find(|place| place.tag == *tag)
    }

    fn metrics(&self) -> Option<FontMetrics> {
        let (head, hhea) = (self.get(b"head")?, self.get(b"hhea")?);
        let units_per_em = u16_at(head, 18).filter(|units| *units > 0)?;
        let os2 = self.get(b"OS/2").unwrap_or_default();
        let line = |table, ascent: usize| {
            Some((i16_at(table, ascent)?, i16_at(table, ascent + 2)?, i16_at(table, ascent + 4)?))
        };
        // `USE_TYPO_METRICS`: the font has been made for these.
        let uses_typographic = u16_at(os2, 62).is_some_and(|selection| selection & (1 << 7) != 0);
        let typographic = line(os2, 68).filter(|_| uses_typographic);
        let (ascent, descent, line_gap) = typographic.or_else(|| line(hhea, 4))?;
        let widths = self.widths(u16_at(hhea, 34)?);
        Some(FontMetrics { units_per_em, ascent, descent, line_gap, widths })
    }

    /// Returns the widths of the letters. `count` is the number of widths: later glyphs have the last one.
    fn widths(&self, count: u16) -> Option<[u16; LETTERS]> {
        let last = count.checked_sub(1)?;
        let hmtx = self.get(b"hmtx")?;
        // Transformed, the widths follow a byte of flags. Otherwise each is followed by a bearing.
        let (start, step) = if self.place(b"hmtx")?.is_transformed { (1, 2) } else { (0, 4) };
        let glyphs = CharacterMap::of(self.get(b"cmap")?)?;
        let mut widths = [0; LETTERS];
        for (width, letter) in widths.iter_mut().zip(('a'..='z').chain([' '])) {
            let glyph = glyphs.glyph(u32::from(letter)).filter(|glyph| *glyph != 0)?;
            *width = u16_at(hmtx, start + step * usize::from(glyph.min(last)))?;
        }
        Some(widths)
    }
}

impl Place {
    /// Reads an entry of the list of tables, and moves `at` behind it.
    fn read(file: &[u8], at: &mut usize, start: usize) -> Option<Place> {
        let flags = take(file, at, 1)?[0];
        let (number, version) = (flags & 0b11_1111, flags >> 6);
        let tag = match number {
            OTHER => *take(file, at, 4)?.first_chunk()?,
            number => KNOWN.iter().find(|(known, _)| *known == number).map_or([0; 4], |(_, tag)| **tag),
        };
        // Of outlines version 0 is the transformed one, of other tables it is the plain one.
        let is_outline = matches!(&tag, b"glyf" | b"loca");
        let is_transformed = if is_outline { version != 3 } else { version != 0 };
        let whole = number_at(file, at)?;
        let length = if is_transformed { number_at(file, at)? } else { whole };
        Some(Place { tag, is_transformed, start, length: usize::try_from(length).ok()? })
    }
}

/// The part of `cmap` that maps letters to glyphs.
enum CharacterMap<'t> {
    /// Format 4: segments of the Basic Multilingual Plane.
    Segments(&'t [u8]),
    /// Format 12: groups of letters.
    Groups(&'t [u8]),
}

impl<'t> CharacterMap<'t> {
    fn of(cmap: &'t [u8]) -> Option<CharacterMap<'t>> {
        let count = usize::from(u16_at(cmap, 2)?);
        let mut found = (0..count).filter_map(|index| {
            let record = 4 + 8 * index;
            let is_unicode = matches!((u16_at(cmap, record)?, u16_at(cmap, record + 2)?), (0, _) | (3, 1 | 10));
            let map = cmap.get(u32_at(cmap, record + 4)?..)?;
            match u16_at(map, 0)? {
                4 if is_unicode => Some(CharacterMap::Segments(map)),
                12 if is_unicode => Some(CharacterMap::Groups(map)),
                _ => None,
            }
        });
        found.next_back()
    }

    fn glyph(&self, letter: u32) -> Option<u16> {
        match self {
            CharacterMap::Segments(map) => {
                let letter = u16::try_from(letter).ok()?;
                // Twice the number of segments. Four lists of that many bytes follow, with two bytes after the first one.
                let size = usize::from(u16_at(map, 6)?);
                let segment = (0..size).step_by(2).find(|at| u16_at(map, 14 + at).is_some_and(|end| end >= letter))?;
                let [first, delta, offset] = [16 + size, 16 + 2 * size, 16 + 3 * size].map(|list| list + segment);
                let first = u16_at(map, first).filter(|first| *first <= letter)?;
                let delta = u16_at(map, delta)?;
                match usize::from(u16_at(map, offset)?) {
                    0 => Some(letter.wrapping_add(delta)),
                    // The offset is one from its own place.
                    distance => match u16_at(map, offset + distance + 2 * usize::from(letter - first))? {
                        0 => None,
                        glyph => Some(glyph.wrapping_add(delta)),
                    },
                }
            }
            CharacterMap::Groups(map) => {
                let letter = usize::try_from(letter).ok()?;
                let group = map.get(16..)?.chunks_exact(12).take(u32_at(map, 12)?).find(|group| {
                    u32_at(group, 0).is_some_and(|first| first <= letter)
                        && u32_at(group, 4).is_some_and(|last| letter <= last)
                })?;
                u16::try_from(u32_at(group, 8)?.checked_add(letter - u32_at(group, 0)?)?).ok()
            }
        }
    }
}

/// Returns the next bytes, and moves `at` behind them.
fn take<'b>(bytes: &'b [u8], at: &mut usize, count: usize) -> Option<&'b [u8]> {
    let taken = bytes.get(*at..)?.get(..count)?;
    *at += count;
    Some(taken)
}

/// Reads a number of up to five bytes with seven bits each, and moves `at` behind it (WOFF2, 4.1: `UIntBase128`).
fn number_at(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let mut number: u32 = 0;
    for _ in 0..5 {
        let byte = take(bytes, at, 1)?[0];
        number = number.checked_mul(128)? + u32::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    Some(i16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Reads an offset or a count of four bytes.
fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}
