//! From a picture's bytes to the files that are made of it.

use std::io::Cursor;

use anyhow::Context;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use webp::WebPConfig;

use super::container;
use super::file::{MAX_PIXELS, is_sideways};
use super::plan::Recipe;
use super::svg;
use crate::model::picture::{Format, Still, Trouble};

/// What a decoder may allocate at once, in bytes: four for each of the most pixels, and some room.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;
/// From 0 to 100. The later ones are for pictures that were already saved so small that the first would make them larger.
const WEBP_QUALITIES: [f32; 4] = [76.0, 60.0, 45.0, 30.0];
const JPEG_QUALITIES: [u8; 4] = [82, 70, 55, 40];

/// A picture's bytes and its pixels.
pub struct Decoded<'b> {
    bytes: &'b [u8],
    still: Still,
    pixels: Pixels,
    /// What its colours mean, where that is not sRGB.
    profile: Option<Vec<u8>>,
}

enum Pixels {
    Rgb(RgbImage),
    Rgba(RgbaImage),
}

/// Decodes a picture whole, so that what is damaged is found.
pub fn decode(bytes: &[u8], still: Still) -> Result<Decoded<'_>, Trouble> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), decoder(still.format));
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let read = || {
        let mut decoder = reader.into_decoder()?;
        let profile = decoder.icc_profile().unwrap_or_default();
        Ok((DynamicImage::from_decoder(decoder)?, profile))
    };
    let (image, profile) = read().map_err(|error: image::ImageError| match error {
        image::ImageError::Limits(_) => {
            Trouble::Pixels { width: still.pixels.0, height: still.pixels.1, most: MAX_PIXELS }
        }
        _ => Trouble::Unreadable,
    })?;
    let pixels = match image.color().has_alpha() {
        true => Pixels::Rgba(image.into_rgba8()),
        false => Pixels::Rgb(image.into_rgb8()),
    };
    Ok(Decoded { bytes, still, pixels, profile })
}

impl Decoded<'_> {
    /// # Errors
    ///
    /// Where an encoder fails, which is no picture's fault.
    pub fn make(&self, recipe: Recipe) -> anyhow::Result<Vec<u8>> {
        match recipe {
            Recipe::Stripped(still) => container::stripped(still.format, self.bytes).context("a picture lost its end"),
            Recipe::Resized { width, format, .. } => {
                let pixels = self.resized(width)?;
                match format {
                    Format::Webp => self.webp(&pixels),
                    Format::Jpeg => self.jpeg(pixels),
                    Format::Png => png(&pixels),
                    Format::Gif => anyhow::bail!("no GIF is made of another picture"),
                }
            }
            Recipe::Cleaned => anyhow::bail!("a drawing has no pixels"),
        }
    }

    /// The picture this wide, upright and in sRGB.
    fn resized(&self, width: u32) -> anyhow::Result<Pixels> {
        let size = (width, self.still.height_at(width));
        let stored = if is_sideways(self.still.orientation) { (size.1, size.0) } else { size };
        let mut pixels = self.pixels.resized(stored)?;
        if let Some(profile) = &self.profile {
            pixels.convert_to_srgb(profile);
        }
        Ok(pixels.turned(self.still))
    }

    /// Lossy, and for pictures that were stored without loss also without, whichever is smaller: photographs the one,
    /// drawings and screenshots the other.
    fn webp(&self, pixels: &Pixels) -> anyhow::Result<Vec<u8>> {
        let lossless = match self.still.format {
            Format::Png | Format::Gif => Some(pixels.webp(&config(true, 70.0)?)?),
            Format::Jpeg | Format::Webp => None,
        };
        let most = lossless.as_ref().map_or(self.bytes.len(), |lossless| lossless.len().min(self.bytes.len()));
        let mut smallest = lossless;
        for quality in WEBP_QUALITIES {
            let lossy = pixels.webp(&config(false, quality)?)?;
            if smallest.as_ref().is_none_or(|smallest| lossy.len() < smallest.len()) {
                smallest = Some(lossy);
            }
            if smallest.as_ref().is_some_and(|smallest| smallest.len() <= most) {
                break;
            }
        }
        smallest.context("no WebP was made")
    }

    fn jpeg(&self, pixels: Pixels) -> anyhow::Result<Vec<u8>> {
        let pixels = pixels.flattened();
        let mut out = Vec::new();
        for quality in JPEG_QUALITIES {
            out.clear();
            JpegEncoder::new_with_quality(&mut out, quality).encode_image(&pixels)?;
            if out.len() <= self.bytes.len() {
                break;
            }
        }
        Ok(out)
    }
}

impl Pixels {
    fn size(&self) -> (u32, u32) {
        match self {
            Pixels::Rgb(image) => image.dimensions(),
            Pixels::Rgba(image) => image.dimensions(),
        }
    }

    fn resized(&self, (width, height): (u32, u32)) -> anyhow::Result<Pixels> {
        let (own_width, own_height) = self.size();
        let (bytes, kind) = match self {
            Pixels::Rgb(image) => (image.as_raw(), PixelType::U8x3),
            Pixels::Rgba(image) => (image.as_raw(), PixelType::U8x4),
        };
        let resized = match (own_width, own_height) == (width, height) {
            true => bytes.clone(),
            false => {
                let mut resized = Image::new(width, height, kind);
                Resizer::new().resize(&ImageRef::new(own_width, own_height, bytes, kind)?, &mut resized, None)?;
                resized.into_vec()
            }
        };
        let image = match self {
            Pixels::Rgb(_) => RgbImage::from_raw(width, height, resized).map(Pixels::Rgb),
            Pixels::Rgba(_) => RgbaImage::from_raw(width, height, resized).map(Pixels::Rgba),
        };
        image.context("a picture has fewer pixels than its sides say")
    }

    /// A profile that cannot be read, or that is for other inks than a screen's, is passed over, as browsers do.
    fn convert_to_srgb(&mut self, profile: &[u8]) {
        let (layout, samples): (Layout, &mut [u8]) = match self {
            Pixels::Rgb(image) => (Layout::Rgb, image),
            Pixels::Rgba(image) => (Layout::Rgba, image),
        };
        let profile = ColorProfile::new_from_slice(profile).ok();
        let Some(profile) = profile.filter(|profile| profile.color_space == DataColorSpace::Rgb) else { return };
        let srgb = ColorProfile::new_srgb();
        let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()) else {
            return;
        };
        let stored = samples.to_vec();
        if transform.transform(&stored, samples).is_err() {
            samples.copy_from_slice(&stored);
        }
    }

    fn turned(self, still: Still) -> Pixels {
        let mut image = match self {
            Pixels::Rgb(image) => DynamicImage::ImageRgb8(image),
            Pixels::Rgba(image) => DynamicImage::ImageRgba8(image),
        };
        image.apply_orientation(still.orientation);
        match image.color().has_alpha() {
            true => Pixels::Rgba(image.into_rgba8()),
            false => Pixels::Rgb(image.into_rgb8()),
        }
    }

    fn webp(&self, config: &WebPConfig) -> anyhow::Result<Vec<u8>> {
        let (width, height) = self.size();
        let encoder = match self {
            Pixels::Rgb(image) => webp::Encoder::from_rgb(image, width, height),
            Pixels::Rgba(image) => webp::Encoder::from_rgba(image, width, height),
        };
        let encoded = encoder.encode_advanced(config);
        encoded.map(|bytes| bytes.to_vec()).map_err(|error| anyhow::anyhow!("cannot write a WebP: {error:?}"))
    }

    /// Over white, as a JPEG has no transparency.
    fn flattened(self) -> RgbImage {
        let over_white = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        match self {
            Pixels::Rgb(image) => image,
            Pixels::Rgba(image) => {
                let (width, height) = image.dimensions();
                RgbImage::from_fn(width, height, |x, y| {
                    let image::Rgba([red, green, blue, alpha]) = *image.get_pixel(x, y);
                    image::Rgb([red, green, blue].map(|value| over_white(value, alpha)))
                })
            }
        }
    }
}

fn config(lossless: bool, quality: f32) -> anyhow::Result<WebPConfig> {
    let mut config = WebPConfig::new().map_err(|()| anyhow::anyhow!("this libwebp is of another version"))?;
    config.lossless = i32::from(lossless);
    config.quality = quality;
    config.method = 4;
    Ok(config)
}

fn png(pixels: &Pixels) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive);
    let (width, height) = pixels.size();
    match pixels {
        Pixels::Rgb(image) => encoder.write_image(image, width, height, image::ExtendedColorType::Rgb8)?,
        Pixels::Rgba(image) => encoder.write_image(image, width, height, image::ExtendedColorType::Rgba8)?,
    }
    Ok(out)
}

fn decoder(format: Format) -> image::ImageFormat {
    match format {
        Format::Jpeg => image::ImageFormat::Jpeg,
        Format::Png => image::ImageFormat::Png,
        Format::Webp => image::ImageFormat::WebP,
        Format::Gif => image::ImageFormat::Gif,
    }
}

/// An SVG as it is published.
pub fn drawing(bytes: &[u8]) -> Result<svg::Cleaned, Trouble> {
    let text = std::str::from_utf8(bytes).map_err(|_| Trouble::Unreadable)?;
    svg::clean(text)
}
