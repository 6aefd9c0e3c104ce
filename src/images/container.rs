//! The containers that pictures lie in, cut into their parts: enough to tell what a file is, and to leave out of it what is
//! not for visitors.

use crate::model::picture::Format;

/// A stretch of a file: a segment of a JPEG, a chunk of a PNG or a WebP, a block of a GIF.
pub struct Part<'b> {
    /// A chunk's name; of the others the bytes that say what they are, and zeros.
    pub name: [u8; 4],
    pub whole: &'b [u8],
    pub content: &'b [u8],
}

/// What a file begins with.
pub const HEAD: [u8; 4] = *b"head";

pub const EXIF_SEGMENT: [u8; 4] = [0xff, 0xe1, 0, 0];
const SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

pub const GIF_IMAGE: [u8; 4] = [b',', 0, 0, 0];
const GIF_CONTROL: [u8; 4] = [b'!', 0xf9, 0, 0];

/// All parts of a file; none where it ends too early.
pub fn parts(format: Format, bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::Webp => webp(bytes),
        Format::Gif => gif(bytes),
    }
}

/// The same picture, pixel by pixel, without metadata: cameras write into it where and by whom a picture was taken. What
/// says how colours are meant stays.
pub fn stripped(format: Format, bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = parts(format, bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    for part in parts.iter().filter(|part| part.name == HEAD || is_for_visitors(format, part)) {
        out.extend_from_slice(part.whole);
        if format == Format::Webp && part.name == *b"VP8X" {
            // Its flags say which chunks follow: no EXIF, no XMP.
            let flags = out.len() - part.whole.len() + 8;
            *out.get_mut(flags)? &= !0b1100;
        }
    }
    if format == Format::Webp {
        let length = u32::try_from(out.len().checked_sub(8)?).ok()?;
        out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    }
    Some(out)
}

fn is_for_visitors(format: Format, part: &Part) -> bool {
    match format {
        Format::Jpeg => match part.name[1] {
            0xe0 => part.content.starts_with(b"JFIF\0"),
            0xe2 => part.content.starts_with(b"ICC_PROFILE\0"),
            // Adobe's, which says how the colours are stored.
            0xee => true,
            0xe1..=0xef | 0xfe => false,
            _ => true,
        },
        Format::Png => {
            let critical = part.name[0].is_ascii_uppercase();
            critical || matches!(&part.name, b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"cICP" | b"sBIT")
        }
        Format::Webp => matches!(&part.name, b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ICCP"),
        Format::Gif => [GIF_IMAGE, GIF_CONTROL].contains(&part.name) || part.name[0] == b';',
    }
}

/// Up to the end of the image: what cameras hang on after it are further pictures, of no use here.
fn jpeg(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut parts = vec![Part { name: HEAD, whole: bytes.get(..2)?, content: &[] }];
    let mut at = 2;
    loop {
        // Any number of 0xff may stand before a marker.
        at += bytes.get(at..)?.windows(2).position(|pair| pair[0] == 0xff && pair[1] != 0xff)?;
        let marker = bytes[at + 1];
        let end = match marker {
            END_OF_IMAGE | 0x01 | 0xd0..=0xd7 => at + 2,
            _ => at + 2 + usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?)),
        };
        let end = if marker == SCAN { end_of_scan(bytes, end)? } else { end };
        let whole = bytes.get(at..end)?;
        parts.push(Part { name: [0xff, marker, 0, 0], whole, content: whole.get(4..).unwrap_or_default() });
        if marker == END_OF_IMAGE {
            return Some(parts);
        }
        at = end;
    }
}

/// The marker after a scan's data, in which 0xff stands only before 0 and before restarts.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    Some(from + bytes.get(from..)?.windows(2).position(is_marker)?)
}

fn png(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let mut parts = vec![Part { name: HEAD, whole: bytes.get(..8)?, content: &[] }];
    let mut at = 8;
    loop {
        let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        let whole = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let name = whole.get(4..8)?.try_into().ok()?;
        parts.push(Part { name, whole, content: whole.get(8..8 + length)? });
        if name == *b"IEND" {
            return Some(parts);
        }
        at += whole.len();
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let length = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let bytes = bytes.get(..length.checked_add(8)?)?;
    let mut parts = vec![Part { name: HEAD, whole: bytes.get(..12)?, content: &[] }];
    let mut at = 12;
    while at < bytes.len() {
        let length = usize::try_from(u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?)).ok()?;
        let content = bytes.get(at + 8..at.checked_add(length)?.checked_add(8)?)?;
        // Chunks have even lengths; the last one's padding may be missing.
        let whole = bytes.get(at..at + 8 + length + length % 2).or_else(|| bytes.get(at..))?;
        parts.push(Part { name: bytes.get(at..at + 4)?.try_into().ok()?, whole, content });
        at += whole.len();
    }
    Some(parts)
}

fn gif(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut parts = vec![Part { name: HEAD, whole: bytes.get(..at)?, content: &[] }];
    // Many files lack the last block, and are drawn all the same.
    while let Some(&first) = bytes.get(at) {
        let (name, data) = match first {
            b',' => (GIF_IMAGE, at + 11 + colours(*bytes.get(at + 9)?)),
            b'!' => ([b'!', *bytes.get(at + 1)?, 0, 0], at + 2),
            _ => ([b';', 0, 0, 0], at),
        };
        let end = if name[0] == b';' { at + 1 } else { end_of_blocks(bytes, data)? };
        parts.push(Part { name, whole: bytes.get(at..end)?, content: bytes.get(data..end)? });
        if name[0] == b';' {
            break;
        }
        at = end;
    }
    Some(parts)
}

/// Data comes in blocks with their length before them; an empty one is the last.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
