//! Detects what an image file is from its first bytes and its container. Pixels are not decoded.

use std::fs;
use std::io::Read;
use std::path::Path;

use image::metadata::Orientation;

use super::container::{Chunk, EXIF_SEGMENT, GIF_IMAGE, SCAN, chunks};
use super::svg;
use crate::model::file_format::FileFormat;
use crate::model::picture::{ImageKind, ImageProblem, RasterFormat, StillImage};

/// The maximum file size in bytes. A photograph of 100 megapixels has about half of it.
const MAX_BYTES: u64 = 100 * 1024 * 1024;
/// Enough for the brands of an AVIF.
const FIRST_BYTES: u64 = 64;
/// The maximum size of an SVG in bytes.
const MAX_SVG_BYTES: u64 = 4 * 1024 * 1024;
/// The maximum number of pixels. Decoding a progressive JPEG of this size takes 1 GB of memory.
pub const MAX_PIXELS: u64 = 100_000_000;
/// The maximum number of scans in a JPEG. A progressive JPEG has about ten; decoding visits all pixels for each.
const MAX_SCANS: usize = 100;

/// Detects the kind of an image file. Returns `None` for files that are not images and have no image extension.
///
/// # Errors
///
/// If the file cannot be read.
pub fn image_kind(path: &Path, length: u64) -> std::io::Result<Option<ImageKind>> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    if extension == "svg" {
        if length > MAX_SVG_BYTES {
            return Ok(Some(ImageKind::Invalid(ImageProblem::FileTooLarge { length, max: MAX_SVG_BYTES })));
        }
        let text = String::from_utf8(fs::read(path)?).unwrap_or_default();
        return Ok(Some(ImageKind::Svg { pixels: svg::pixels(&text) }));
    }
    let mut first = Vec::new();
    fs::File::open(path)?.take(FIRST_BYTES).read_to_end(&mut first)?;
    if let Some(format) = detect_format(&first) {
        if length > MAX_BYTES {
            return Ok(Some(ImageKind::Invalid(ImageProblem::FileTooLarge { length, max: MAX_BYTES })));
        }
        return Ok(Some(raster_kind(format, &fs::read(path)?)));
    }
    match FileFormat::of(&first) {
        Some(format) if format.is_picture_without_browser() => {
            return Ok(Some(ImageKind::Invalid(ImageProblem::NotForBrowsers(format.described()))));
        }
        Some(FileFormat::Avif | FileFormat::Bmp | FileFormat::Icon) => {
            if let Ok(size) = imagesize::size(path) {
                return Ok(Some(unchanged(size.width as u32, size.height as u32)));
            }
        }
        _ => {}
    }
    Ok(match extension.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "gif" => Some(ImageKind::Invalid(ImageProblem::Unreadable)),
        "avif" => Some(ImageKind::Unchanged { pixels: None }),
        _ => None,
    })
}

fn detect_format(first: &[u8]) -> Option<RasterFormat> {
    match first {
        [0xff, 0xd8, 0xff, ..] => Some(RasterFormat::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => Some(RasterFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(RasterFormat::Webp),
        [b'G', b'I', b'F', b'8', ..] => Some(RasterFormat::Gif),
        _ => None,
    }
}

fn raster_kind(format: RasterFormat, bytes: &[u8]) -> ImageKind {
    let Some(chunks) = chunks(format, bytes) else { return ImageKind::Invalid(ImageProblem::Truncated) };
    let (width, height) = match imagesize::blob_size(bytes) {
        Ok(size) if size.width > 0 && size.height > 0 => (size.width, size.height),
        _ => return ImageKind::Invalid(ImageProblem::Unreadable),
    };
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else {
        return ImageKind::Invalid(ImageProblem::Unreadable);
    };
    if is_animated(format, &chunks) {
        return unchanged(width, height);
    }
    if has_too_many_pixels(width, height) {
        return too_many_pixels(width, height);
    }
    if format == RasterFormat::Jpeg && chunks.iter().filter(|chunk| chunk.name[1] == SCAN).count() > MAX_SCANS {
        return ImageKind::Invalid(ImageProblem::Unreadable);
    }
    let orientation = orientation(&chunks);
    let pixels = if is_sideways(orientation) { (height, width) } else { (width, height) };
    let is_cmyk = format == RasterFormat::Jpeg && chunks.iter().any(has_four_inks);
    ImageKind::Still(StillImage { format, pixels, orientation, is_cmyk })
}

/// An image that is published unchanged. Browsers decode it, so the limit protects visitors.
fn unchanged(width: u32, height: u32) -> ImageKind {
    match has_too_many_pixels(width, height) {
        true => too_many_pixels(width, height),
        false => ImageKind::Unchanged { pixels: Some((width, height)) },
    }
}

fn has_too_many_pixels(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) > MAX_PIXELS
}

fn too_many_pixels(width: u32, height: u32) -> ImageKind {
    ImageKind::Invalid(ImageProblem::TooManyPixels { width, height, max: MAX_PIXELS })
}

fn is_animated(format: RasterFormat, chunks: &[Chunk]) -> bool {
    let count = |name: &[u8; 4]| chunks.iter().filter(|chunk| chunk.name == *name).count();
    match format {
        RasterFormat::Jpeg => false,
        RasterFormat::Png => count(b"acTL") > 0,
        RasterFormat::Webp => count(b"ANIM") > 0,
        RasterFormat::Gif => count(&GIF_IMAGE) > 1,
    }
}

/// Returns whether a chunk is the frame header of a JPEG with four color components.
fn has_four_inks(chunk: &Chunk) -> bool {
    // `0xc4`, `0xc8` and `0xcc` are no frame headers.
    let is_frame = matches!(chunk.name[1], 0xc0..=0xcf) && !matches!(chunk.name[1], 0xc4 | 0xc8 | 0xcc);
    is_frame && chunk.content.get(5) == Some(&4)
}

fn orientation(chunks: &[Chunk]) -> Orientation {
    let exif = chunks.iter().find_map(|chunk| match &chunk.name {
        &EXIF_SEGMENT => chunk.content.strip_prefix(b"Exif\0\0"),
        b"eXIf" | b"EXIF" => Some(chunk.content.strip_prefix(b"Exif\0\0").unwrap_or(chunk.content)),
        _ => None,
    });
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

/// Whether width and height are swapped in the stored image.
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
