//! Images for tests, sites that show them, and readers for the published files.

use std::collections::BTreeMap;
use std::io::Cursor;

use crate::support::{CAMPAIGN, Run, Site};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

pub const SECRET: &[u8] = b"GPS 1.2921 S 36.8219 E";

/// A noisy image like a photo, red at the upper left and blue at the lower right.
pub fn noisy_image(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7 & 31;
        let is_upper_left = x < width / 2 && y < height / 2;
        let is_lower_right = x >= width / 2 && y >= height / 2;
        let [red, blue] = [is_upper_left, is_lower_right].map(|is| if is { 200 } else { 20 });
        Rgb([red + noise as u8, 20 + noise as u8, blue + noise as u8])
    })
}

pub fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(noisy_image(width, height), ImageFormat::Jpeg)
}

/// Little-endian EXIF data: the orientation, followed by a location.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    exif
}

/// A JPEG with EXIF data after its first two bytes, as cameras write it.
pub fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let content = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &content, &jpeg[2..]].concat()
}

pub fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = 0xffff_ffff_u32;
    for &byte in name.iter().chain(content) {
        crc ^= u32::from(byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 });
    }
    [&u32::try_from(content.len()).unwrap().to_be_bytes(), name.as_slice(), content, &(!crc).to_be_bytes()].concat()
}

/// A PNG with a further chunk after its header.
pub fn with_chunk(png: &[u8], name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&png[..33], &png_chunk(name, content), &png[33..]].concat()
}

pub fn site_showing(name: &str, bytes: &[u8]) -> Site {
    Site::new().bytes(&format!("content/spring/{name}"), bytes).edit(
        CAMPAIGN,
        "Read the",
        &format!("![A team]({name} \"Us\")\n\nRead the"),
    )
}

/// The files of a `srcset`, as paths in `public/`, by width.
pub fn srcset(text: &str) -> BTreeMap<u32, String> {
    let each = text.split(", ").map(|candidate| candidate.split_once(' ').unwrap());
    each.map(|(url, width)| (width.strip_suffix('w').unwrap().parse().unwrap(), url[1..].to_owned())).collect()
}

pub fn open_image(site: &Site, path: &str) -> DynamicImage {
    image::open(site.path("public").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The published image files of the campaign with this extension.
pub fn published_images(run: &Run, extension: &str) -> Vec<String> {
    run.public_files().into_iter().filter(|file| file.starts_with("spring/") && file.ends_with(extension)).collect()
}
