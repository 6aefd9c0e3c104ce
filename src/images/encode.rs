//! Decodes an image and creates the files derived from it.

use std::io::Cursor;

use anyhow::Context;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x4;
use fast_image_resize::{ResizeOptions, Resizer};
use image::buffer::ConvertBuffer;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::cmyk;
use super::container;
use super::inspect::{MAX_PIXELS, is_sideways};
use super::plan::Recipe;
use super::svg;
use super::webp::{self, Compression, Samples};
use crate::model::picture::{ImageProblem, RasterFormat, StillImage};

/// The maximum memory of a decoder in bytes: four for each of the maximum number of pixels, and some reserve.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;
/// Qualities from 0 to 100. The next one is used if the result would be larger than the source file.
const WEBP_QUALITIES: [f32; 4] = [76.0, 60.0, 45.0, 30.0];
const JPEG_QUALITIES: [u8; 4] = [82, 70, 55, 40];

/// An image file with its decoded pixels.
pub struct DecodedImage<'b> {
    bytes: &'b [u8],
    still: StillImage,
    pixels: Pixels,
    /// The color profile, if the colors are not sRGB.
    profile: Option<Vec<u8>>,
}

enum Pixels {
    Rgb(RgbImage),
    Rgba(RgbaImage),
}

/// Decodes the complete image, so that damage is detected.
pub fn decode(bytes: &[u8], still: StillImage) -> Result<DecodedImage<'_>, ImageProblem> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(still.format));
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
            ImageProblem::TooManyPixels { width: still.pixels.0, height: still.pixels.1, max: MAX_PIXELS }
        }
        _ => ImageProblem::Unreadable,
    })?;
    // The decoder has converted inks to RGB without their profile, which is not one of RGB.
    if still.is_cmyk {
        let managed = profile.and_then(|profile| cmyk::to_srgb(bytes, &profile));
        let pixels = Pixels::Rgb(managed.unwrap_or_else(|| image.into_rgb8()));
        return Ok(DecodedImage { bytes, still, pixels, profile: None });
    }
    let pixels = match image.color().has_alpha() {
        true => Pixels::Rgba(image.into_rgba8()),
        false => Pixels::Rgb(image.into_rgb8()),
    };
    Ok(DecodedImage { bytes, still, pixels, profile })
}

impl DecodedImage<'_> {
    /// Creates a derived file.
    ///
    /// # Errors
    ///
    /// If an encoder fails. Images that decode can normally be encoded.
    pub fn create(&self, recipe: Recipe) -> anyhow::Result<Vec<u8>> {
        match recipe {
            Recipe::Stripped(still) => {
                container::without_metadata(still.format, self.bytes).context("the image is truncated")
            }
            Recipe::Resized { width, format, .. } => {
                let pixels = self.resized(width)?;
                match format {
                    RasterFormat::Webp => self.webp(&pixels),
                    RasterFormat::Jpeg => self.jpeg(pixels),
                    RasterFormat::Png => png(&pixels),
                    RasterFormat::Gif => anyhow::bail!("GIF files are never derived"),
                }
            }
            Recipe::SanitizedSvg => anyhow::bail!("an SVG has no pixels"),
        }
    }

    /// Returns the pixels in this width, upright and in sRGB.
    fn resized(&self, width: u32) -> anyhow::Result<Pixels> {
        let size = (width, self.still.height_at(width));
        let stored = if is_sideways(self.still.orientation) { (size.1, size.0) } else { size };
        let mut pixels = self.pixels.resized(stored)?;
        if let Some(profile) = &self.profile {
            pixels.convert_to_srgb(profile);
        }
        Ok(pixels.upright(self.still))
    }

    /// Encodes lossy WebP. For lossless sources also encodes lossless WebP and returns the smaller file: photographs are
    /// smaller lossy, drawings and screenshots lossless.
    fn webp(&self, pixels: &Pixels) -> anyhow::Result<Vec<u8>> {
        let lossless = match self.still.format {
            RasterFormat::Png | RasterFormat::Gif => Some(pixels.webp(Compression::Lossless)?),
            RasterFormat::Jpeg | RasterFormat::Webp => None,
        };
        let limit = lossless.as_ref().map_or(self.bytes.len(), |lossless| lossless.len().min(self.bytes.len()));
        let mut smallest = lossless;
        for quality in WEBP_QUALITIES {
            let lossy = pixels.webp(Compression::Lossy(quality))?;
            if smallest.as_ref().is_none_or(|smallest| lossy.len() < smallest.len()) {
                smallest = Some(lossy);
            }
            if smallest.as_ref().is_some_and(|smallest| smallest.len() <= limit) {
                break;
            }
        }
        smallest.context("no WebP was created")
    }

    fn jpeg(&self, pixels: Pixels) -> anyhow::Result<Vec<u8>> {
        let pixels = pixels.on_white();
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
        Ok(match self {
            Pixels::Rgb(image) if image.dimensions() == (width, height) => Pixels::Rgb(image.clone()),
            Pixels::Rgba(image) if image.dimensions() == (width, height) => Pixels::Rgba(image.clone()),
            Pixels::Rgb(image) => {
                let resized = resize(&image.convert(), (width, height), &ResizeOptions::new().use_alpha(false))?;
                Pixels::Rgb(resized.convert())
            }
            Pixels::Rgba(image) => Pixels::Rgba(resize(image, (width, height), &ResizeOptions::new())?),
        })
    }

    /// Ignores profiles that cannot be read or are not RGB, as browsers do.
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

    fn upright(self, still: StillImage) -> Pixels {
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

    fn webp(&self, compression: Compression) -> anyhow::Result<Vec<u8>> {
        let samples = match self {
            Pixels::Rgb(image) => Samples::Rgb(image),
            Pixels::Rgba(image) => Samples::Rgba(image),
        };
        webp::encode(samples, self.size(), compression)
    }

    /// Replaces transparency with white, because JPEG has none.
    fn on_white(self) -> RgbImage {
        let blend = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        match self {
            Pixels::Rgb(image) => image,
            Pixels::Rgba(image) => {
                let (width, height) = image.dimensions();
                RgbImage::from_fn(width, height, |x, y| {
                    let image::Rgba([red, green, blue, alpha]) = *image.get_pixel(x, y);
                    image::Rgb([red, green, blue].map(|value| blend(value, alpha)))
                })
            }
        }
    }
}

/// Resizes an image. Those without transparency are converted to this type, because the code of each type of pixel takes ten
/// seconds of a first build.
fn resize(image: &RgbaImage, (width, height): (u32, u32), options: &ResizeOptions) -> anyhow::Result<RgbaImage> {
    let source = TypedImageRef::<U8x4>::from_buffer(image.width(), image.height(), image.as_raw())?;
    let mut resized = RgbaImage::new(width, height);
    let mut target = TypedImage::<U8x4>::from_buffer(width, height, &mut resized)?;
    Resizer::new().resize_typed(&source, &mut target, options)?;
    Ok(resized)
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

fn image_format(format: RasterFormat) -> image::ImageFormat {
    match format {
        RasterFormat::Jpeg => image::ImageFormat::Jpeg,
        RasterFormat::Png => image::ImageFormat::Png,
        RasterFormat::Webp => image::ImageFormat::WebP,
        RasterFormat::Gif => image::ImageFormat::Gif,
    }
}

/// Returns the SVG without scripts and external references.
///
/// # Errors
///
/// If the file is not a valid SVG.
pub fn sanitize_svg(bytes: &[u8]) -> Result<svg::SanitizedSvg, ImageProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImageProblem::Unreadable)?;
    svg::sanitize(text)
}
