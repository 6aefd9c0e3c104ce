//! Tells what a file is as a picture, by its first bytes and its parts; nothing is decoded.

use std::fs;
use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;

use super::container::{EXIF_SEGMENT, GIF_IMAGE, Part, parts};
use super::svg;
use crate::model::picture::{Format, Kind, Still, Trouble};

/// The largest picture, in bytes. A photograph of a hundred megapixels has half of it.
const MAX_BYTES: u64 = 100 * 1024 * 1024;
/// The largest drawing, in bytes.
const MAX_SVG_BYTES: u64 = 4 * 1024 * 1024;
/// The most pixels that are decoded: a gigabyte of memory at worst, for one that is stored progressively.
pub const MAX_PIXELS: u64 = 100_000_000;
/// The most scans of a JPEG: each goes over all of its pixels, and a progressive one has about ten.
const MAX_SCANS: usize = 100;

/// Looks at a file; none where it is no picture and does not claim to be one.
pub fn kind(path: &Path, length: u64) -> std::io::Result<Option<Kind>> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    if extension == "svg" {
        if length > MAX_SVG_BYTES {
            return Ok(Some(Kind::Broken(Trouble::Heavy { length, most: MAX_SVG_BYTES })));
        }
        let text = String::from_utf8(fs::read(path)?).unwrap_or_default();
        return Ok(Some(Kind::Svg { pixels: svg::pixels(&text) }));
    }
    let mut first = Vec::new();
    fs::File::open(path)?.take(16).read_to_end(&mut first)?;
    if let Some(format) = format_of(&first) {
        if length > MAX_BYTES {
            return Ok(Some(Kind::Broken(Trouble::Heavy { length, most: MAX_BYTES })));
        }
        return Ok(Some(of_bytes(format, &fs::read(path)?)));
    }
    if let Ok(size) = imagesize::size(path) {
        return Ok(Some(Kind::AsIs { pixels: Some((size.width as u32, size.height as u32)) }));
    }
    Ok(match extension.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "gif" => Some(Kind::Broken(Trouble::Unreadable)),
        "avif" => Some(Kind::AsIs { pixels: None }),
        _ => None,
    })
}

fn format_of(first: &[u8]) -> Option<Format> {
    match first {
        [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Webp),
        [b'G', b'I', b'F', b'8', ..] => Some(Format::Gif),
        _ => None,
    }
}

fn of_bytes(format: Format, bytes: &[u8]) -> Kind {
    let Some(parts) = parts(format, bytes) else { return Kind::Broken(Trouble::Cut) };
    let (width, height) = match imagesize::blob_size(bytes) {
        Ok(size) if size.width > 0 && size.height > 0 => (size.width, size.height),
        _ => return Kind::Broken(Trouble::Unreadable),
    };
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else {
        return Kind::Broken(Trouble::Unreadable);
    };
    if moves(format, &parts) {
        return Kind::AsIs { pixels: Some((width, height)) };
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Kind::Broken(Trouble::Pixels { width, height, most: MAX_PIXELS });
    }
    if format == Format::Jpeg && parts.iter().filter(|part| part.name[1] == 0xda).count() > MAX_SCANS {
        return Kind::Broken(Trouble::Unreadable);
    }
    let orientation = orientation(&parts);
    let pixels = if is_sideways(orientation) { (height, width) } else { (width, height) };
    Kind::Still(Still { format, pixels, orientation })
}

fn moves(format: Format, parts: &[Part]) -> bool {
    let named = |name: &[u8; 4]| parts.iter().filter(|part| part.name == *name).count();
    match format {
        Format::Jpeg => false,
        Format::Png => named(b"acTL") > 0,
        Format::Webp => named(b"ANIM") > 0,
        Format::Gif => named(&GIF_IMAGE) > 1,
    }
}

fn orientation(parts: &[Part]) -> Orientation {
    let exif = parts.iter().find_map(|part| match &part.name {
        &EXIF_SEGMENT => part.content.strip_prefix(b"Exif\0\0"),
        b"eXIf" | b"EXIF" => Some(part.content.strip_prefix(b"Exif\0\0").unwrap_or(part.content)),
        _ => None,
    });
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

/// Whether a picture lies on its side as it is stored.
pub fn is_sideways(orientation: Orientation) -> bool {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            true
        }
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => false,
    }
}
