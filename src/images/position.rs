//! Finds GPS positions in the metadata of pictures, whatever their format: JPEG, PNG, WebP, AVIF and HEIC all embed the
//! same Exif and XMP.

use memchr::memmem;

/// The tag of the directory with the position (Exif 3.0, 4.6.3).
const GPS_DIRECTORY: u16 = 0x8825;
/// The tags of latitude and longitude in it.
const COORDINATES: [u16; 2] = [2, 4];
/// The tags of a position in XMP.
const XMP_LATITUDE: &[u8] = b"GPSLatitude";
/// More entries than any camera writes.
const MAX_ENTRIES: u16 = 1_000;

/// Returns whether a file has a position in Exif or in XMP that is not compressed.
pub fn has_position(bytes: &[u8]) -> bool {
    memmem::find(bytes, XMP_LATITUDE).is_some()
        || [Endian::Little, Endian::Big]
            .into_iter()
            .any(|endian| memmem::find_iter(bytes, endian.header()).any(|at| exif_has_position(&bytes[at..], endian)))
}

/// The keys of a position in the metadata of MP4 and QuickTime videos.
const VIDEO_KEYS: [&[u8]; 2] = [b"\xa9xyz", b"location.ISO6709"];

/// Returns whether a part of a video has the key of a position.
pub fn is_named_in_video(part: &[u8]) -> bool {
    VIDEO_KEYS.iter().any(|key| memmem::find(part, key).is_some())
}

#[derive(Clone, Copy)]
enum Endian {
    Little,
    Big,
}

impl Endian {
    /// The first four bytes of Exif.
    fn header(self) -> &'static [u8; 4] {
        match self {
            Endian::Little => b"II*\0",
            Endian::Big => b"MM\0*",
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            Endian::Little => u16::from_le_bytes(bytes),
            Endian::Big => u16::from_be_bytes(bytes),
        })
    }

    fn offset(self, bytes: &[u8], at: usize) -> Option<usize> {
        let bytes = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let offset = match self {
            Endian::Little => u32::from_le_bytes(bytes),
            Endian::Big => u32::from_be_bytes(bytes),
        };
        usize::try_from(offset).ok()
    }
}

/// `exif` begins with its header. Offsets count from there.
fn exif_has_position(exif: &[u8], endian: Endian) -> bool {
    let directory = endian.offset(exif, 4);
    let gps = directory.and_then(|at| entries(exif, at, endian).find(|(tag, _)| *tag == GPS_DIRECTORY));
    let gps = gps.and_then(|(_, value_at)| endian.offset(exif, value_at));
    gps.is_some_and(|at| entries(exif, at, endian).any(|(tag, _)| COORDINATES.contains(&tag)))
}

/// Returns the entries of a directory: their tags, and the offsets of their values.
fn entries(exif: &[u8], directory: usize, endian: Endian) -> impl Iterator<Item = (u16, usize)> {
    let count = endian.u16(exif, directory).filter(|count| *count <= MAX_ENTRIES).unwrap_or(0);
    let first = directory.saturating_add(2);
    let entries = (0..usize::from(count)).map(move |number| first.saturating_add(number * 12));
    entries.map_while(move |at| Some((endian.u16(exif, at)?, at.checked_add(8)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exif with one directory, which refers to another one with one entry.
    fn exif(endian: Endian, first_tag: u16, second_tag: u16) -> Vec<u8> {
        let short = |n: u16| match endian {
            Endian::Little => n.to_le_bytes(),
            Endian::Big => n.to_be_bytes(),
        };
        let long = |n: u32| match endian {
            Endian::Little => n.to_le_bytes(),
            Endian::Big => n.to_be_bytes(),
        };
        let directory =
            |tag: u16, value: u32| [&short(1)[..], &short(tag), &short(4), &long(1), &long(value), &long(0)].concat();
        let mut exif = endian.header().to_vec();
        exif.extend(long(8));
        exif.extend(directory(first_tag, 26));
        exif.extend(directory(second_tag, 0));
        exif
    }

    #[test]
    fn position_is_found_in_exif_and_xmp_of_any_container() {
        for endian in [Endian::Little, Endian::Big] {
            let file = [b"\0\0\0\x1cftypavif".to_vec(), exif(endian, GPS_DIRECTORY, 2), b"pixels".to_vec()].concat();
            assert!(has_position(&file));
            assert!(!has_position(&exif(endian, 0x0112, 2)));
            // The version of the directory is no position.
            assert!(!has_position(&exif(endian, GPS_DIRECTORY, 0)));
        }
        assert!(has_position(b"RIFF....WEBPXMP <rdf:Description exif:GPSLatitude=\"1,17S\"/>"));
    }

    #[test]
    fn damaged_exif_has_no_position() {
        let whole = exif(Endian::Little, GPS_DIRECTORY, 2);
        for length in 0..whole.len() {
            // Without the end of the last entry, the coordinates are missing.
            let _ = has_position(&whole[..length]);
        }
        assert!(!has_position(b"II*\0\xff\xff\xff\xff") && !has_position(b"MM\0*\0\0\0\x08\xff\xff"));
    }
}
