//! Finds files that end too early, as after a broken upload or a full disk. Only the start and the end of a file are read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::model::file_format::FileFormat;

/// Shorter files are placeholders, not documents. The shortest PDF that a viewer opens is longer.
const MIN_LENGTH: u64 = 256;
/// Readers look for the end mark of a PDF in its last kilobyte.
const PDF_END: u64 = 1024;
/// The end record of a ZIP file, with the longest comment (APPNOTE 4.3.16).
const ZIP_END: u64 = 22 + 65_535;
/// The boxes of a video that are visited. A file in fragments has thousands.
const MAX_BOXES: usize = 64;

/// Returns whether a file of a known format ends before its end. Formats whose pictures are checked elsewhere are complete here.
///
/// # Errors
///
/// If the file cannot be read.
pub fn ends_early(path: &Path, format: FileFormat, head: &[u8], length: u64) -> std::io::Result<bool> {
    if length < MIN_LENGTH {
        return Ok(false);
    }
    Ok(match format {
        FileFormat::Pdf => !has_at_end(path, length, PDF_END, b"%%EOF")?,
        FileFormat::Zip => !has_at_end(path, length, ZIP_END, b"PK\x05\x06")?,
        FileFormat::Woff | FileFormat::Woff2 => big_endian(head, 8).is_some_and(|whole| length < whole),
        FileFormat::Wav => little_endian(head, 4).is_some_and(|rest| length < rest.saturating_add(8)),
        FileFormat::Mp4 | FileFormat::QuickTime => has_cut_box(path, length)?,
        _ => false,
    })
}

fn has_at_end(path: &Path, length: u64, end: u64, mark: &[u8]) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(length.saturating_sub(end)))?;
    let mut bytes = Vec::new();
    file.take(end).read_to_end(&mut bytes)?;
    Ok(memchr::memmem::find(&bytes, mark).is_some())
}

/// Returns whether a box of a video (ISO/IEC 14496-12, 4.2) is longer than the rest of the file.
fn has_cut_box(path: &Path, length: u64) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        if at + 8 > length {
            return Ok(at < length);
        }
        let mut header = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        let read = (&mut file).take(16).read(&mut header)?;
        let size = match big_endian(&header[..read], 0) {
            // The box lasts until the end of the file.
            Some(0) | None => return Ok(false),
            Some(1) => header.last_chunk::<8>().map_or(0, |size| u64::from_be_bytes(*size)),
            Some(size) => size,
        };
        // Bytes after the last box that are no box.
        if size < 8 {
            return Ok(false);
        }
        match at.checked_add(size) {
            Some(end) if end <= length => at = end,
            _ => return Ok(true),
        }
        if at == length {
            return Ok(false);
        }
    }
    Ok(false)
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<4>().map(|number| u32::from_be_bytes(*number).into())
}

fn little_endian(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<4>().map(|number| u32::from_le_bytes(*number).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn early(bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let format = FileFormat::of(&bytes[..bytes.len().min(1024)]).unwrap();
        ends_early(file.path(), format, &bytes[..bytes.len().min(1024)], bytes.len() as u64).unwrap()
    }

    #[test]
    fn file_without_its_end_is_found_and_a_whole_one_is_not() {
        let filler = [b'x'; 2000];
        let video = |length: u32| {
            [&16_u32.to_be_bytes()[..], b"ftypisom\0\0\0\0", &length.to_be_bytes(), b"mdat", &filler].concat()
        };
        for (whole, cut) in [
            ([b"%PDF-1.7\n", &filler[..], b"\n%%EOF\r\n\0\0"].concat(), [b"%PDF-1.7\n", &filler[..]].concat()),
            ([b"PK\x03\x04", &filler[..], b"PK\x05\x06", &[0; 18]].concat(), [b"PK\x03\x04", &filler[..]].concat()),
            (video(2008), video(9000)),
            (video(0), video(2009)),
            (
                [b"RIFF", &2004_u32.to_le_bytes()[..], b"WAVE", &filler].concat(),
                [b"RIFF", &9000_u32.to_le_bytes()[..], b"WAVE", &filler].concat(),
            ),
        ] {
            assert!(!early(&whole), "{:?}", String::from_utf8_lossy(&whole[..12]));
            assert!(early(&cut), "{:?}", String::from_utf8_lossy(&cut[..12]));
        }
        assert!(!early(b"%PDF-1.7 a short one"));
    }
}
