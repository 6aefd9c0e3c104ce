//! Splits image files into the chunks of their container, and removes metadata chunks.

use crate::model::picture::RasterFormat;

/// A segment of a JPEG, a chunk of a PNG or WebP, or a block of a GIF.
pub struct Chunk<'b> {
    /// The name of a PNG or WebP chunk. For JPEG and GIF, the bytes that identify the type, padded with zeros.
    pub name: [u8; 4],
    pub whole: &'b [u8],
    pub content: &'b [u8],
}

/// The name used for the start of the file.
pub const HEAD: [u8; 4] = *b"head";

pub const EXIF_SEGMENT: [u8; 4] = [0xff, 0xe1, 0, 0];
pub const SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

pub const GIF_IMAGE: [u8; 4] = [b',', 0, 0, 0];
const GIF_CONTROL: [u8; 4] = [b'!', 0xf9, 0, 0];

/// Splits a file into chunks. Returns `None` if the file is truncated.
pub fn chunks(format: RasterFormat, bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    match format {
        RasterFormat::Jpeg => jpeg(bytes),
        RasterFormat::Png => png(bytes),
        RasterFormat::Webp => webp(bytes),
        RasterFormat::Gif => gif(bytes),
    }
}

/// Returns the file with the same pixels but without metadata, because cameras record where and by whom a photograph was
/// taken. Color profiles are retained.
pub fn without_metadata(format: RasterFormat, bytes: &[u8]) -> Option<Vec<u8>> {
    let chunks = chunks(format, bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in chunks.iter().filter(|chunk| chunk.name == HEAD || is_needed(format, chunk)) {
        out.extend_from_slice(chunk.whole);
        if format == RasterFormat::Webp && chunk.name == *b"VP8X" {
            // Clear the flags for EXIF and XMP.
            let flags = out.len() - chunk.whole.len() + 8;
            *out.get_mut(flags)? &= !0b1100;
        }
    }
    if format == RasterFormat::Webp {
        let length = u32::try_from(out.len().checked_sub(8)?).ok()?;
        out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    }
    Some(out)
}

/// Whether a chunk contains pixels or color information.
fn is_needed(format: RasterFormat, chunk: &Chunk) -> bool {
    match format {
        RasterFormat::Jpeg => match chunk.name[1] {
            0xe0 => chunk.content.starts_with(b"JFIF\0"),
            0xe2 => chunk.content.starts_with(b"ICC_PROFILE\0"),
            // Adobe's segment, which defines the color transform.
            0xee => true,
            0xe1..=0xef | 0xfe => false,
            _ => true,
        },
        RasterFormat::Png => {
            let is_critical = chunk.name[0].is_ascii_uppercase();
            is_critical || matches!(&chunk.name, b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"iCCP" | b"cICP" | b"sBIT")
        }
        RasterFormat::Webp => matches!(&chunk.name, b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ICCP"),
        RasterFormat::Gif => [GIF_IMAGE, GIF_CONTROL].contains(&chunk.name) || chunk.name[0] == b';',
    }
}

/// Reads up to the end-of-image marker. Some cameras append further images after it, which are not needed.
fn jpeg(bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = vec![Chunk { name: HEAD, whole: bytes.get(..2)?, content: &[] }];
    let mut at = 2;
    loop {
        // A marker may be preceded by any number of 0xff bytes.
        at += bytes.get(at..)?.windows(2).position(|pair| pair[0] == 0xff && pair[1] != 0xff)?;
        let marker = bytes[at + 1];
        let end = match marker {
            END_OF_IMAGE | 0x01 | 0xd0..=0xd7 => at + 2,
            _ => at + 2 + usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?)),
        };
        let end = if marker == SCAN { end_of_scan(bytes, end)? } else { end };
        let whole = bytes.get(at..end)?;
        chunks.push(Chunk { name: [0xff, marker, 0, 0], whole, content: whole.get(4..).unwrap_or_default() });
        if marker == END_OF_IMAGE {
            return Some(chunks);
        }
        at = end;
    }
}

/// Returns the offset of the marker after a scan's data. Within the data, 0xff is followed by 0 or a restart marker.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    Some(from + bytes.get(from..)?.windows(2).position(is_marker)?)
}

fn png(bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = vec![Chunk { name: HEAD, whole: bytes.get(..8)?, content: &[] }];
    let mut at = 8;
    loop {
        let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        let whole = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let name = whole.get(4..8)?.try_into().ok()?;
        chunks.push(Chunk { name, whole, content: whole.get(8..8 + length)? });
        if name == *b"IEND" {
            return Some(chunks);
        }
        at += whole.len();
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let length = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let bytes = bytes.get(..length.checked_add(8)?)?;
    let mut chunks = vec![Chunk { name: HEAD, whole: bytes.get(..12)?, content: &[] }];
    let mut at = 12;
    while at < bytes.len() {
        let length = usize::try_from(u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?)).ok()?;
        let content = bytes.get(at + 8..at.checked_add(length)?.checked_add(8)?)?;
        // Chunks are padded to even lengths. The padding of the last one may be missing.
        let whole = bytes.get(at..at + 8 + length + length % 2).or_else(|| bytes.get(at..))?;
        chunks.push(Chunk { name: bytes.get(at..at + 4)?.try_into().ok()?, whole, content });
        at += whole.len();
    }
    Some(chunks)
}

fn gif(bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let color_table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + color_table(*bytes.get(10)?);
    let mut chunks = vec![Chunk { name: HEAD, whole: bytes.get(..at)?, content: &[] }];
    // Many files lack the trailer block, and browsers accept them.
    while let Some(&first) = bytes.get(at) {
        let (name, data) = match first {
            b',' => (GIF_IMAGE, at + 11 + color_table(*bytes.get(at + 9)?)),
            b'!' => ([b'!', *bytes.get(at + 1)?, 0, 0], at + 2),
            _ => ([b';', 0, 0, 0], at),
        };
        let end = if name[0] == b';' { at + 1 } else { end_of_blocks(bytes, data)? };
        chunks.push(Chunk { name, whole: bytes.get(at..end)?, content: bytes.get(data..end)? });
        if name[0] == b';' {
            break;
        }
        at = end;
    }
    Some(chunks)
}

/// Returns the end of a sequence of data blocks. Each block starts with its length; an empty one is the last.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
