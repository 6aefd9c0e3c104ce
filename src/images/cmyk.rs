//! Converts JPEGs with printing inks to sRGB, by the profile in the file.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The start of the segment that Adobe's programs write. With it, inks are stored inverted.
const ADOBE_SEGMENT: &[u8] = b"Adobe\0";

/// Returns the picture in sRGB. `None` if the profile is not one of four inks, or if the picture has none.
pub fn to_srgb(bytes: &[u8], profile: &[u8]) -> Option<RgbImage> {
    let profile = ColorProfile::new_from_slice(profile).ok();
    let profile = profile.filter(|profile| profile.color_space == DataColorSpace::Cmyk)?;
    let (width, height, inks) = inks(bytes)?;
    // The library takes four inks in the layout of four channels.
    let srgb = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut samples = vec![0; inks.len() / 4 * 3];
    transform.transform(&inks, &mut samples).ok()?;
    RgbImage::from_raw(width, height, samples)
}

/// Returns width, height and the inks of all pixels: cyan, magenta, yellow and black, 0 for none.
fn inks(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let decoder = |colors: ColorSpace| {
        let sides = usize::from(u16::MAX);
        let options = DecoderOptions::default().set_max_width(sides).set_max_height(sides);
        JpegDecoder::new_with_options(ZCursor::new(bytes), options.jpeg_set_out_colorspace(colors))
    };
    let mut header = decoder(ColorSpace::CMYK);
    header.decode_headers().ok()?;
    let colors = header.input_colorspace().filter(|colors| matches!(colors, ColorSpace::CMYK | ColorSpace::YCCK))?;
    let mut decoder = decoder(colors);
    let mut samples = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    if colors == ColorSpace::YCCK {
        samples.chunks_exact_mut(4).for_each(inks_of_luminance);
    }
    if memchr::memmem::find(bytes, ADOBE_SEGMENT).is_some() {
        samples.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?, samples))
}

/// Converts luminance and chrominance to inks (ITU-T T.871, and 255 minus the result). Black stays.
fn inks_of_luminance(pixel: &mut [u8]) {
    let [y, blue, red] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
    let (blue, red) = (blue - 128.0, red - 128.0);
    let rgb = [y + 1.402 * red, y - 0.344_136 * blue - 0.714_136 * red, y + 1.772 * blue];
    for (ink, color) in pixel.iter_mut().zip(rgb) {
        *ink = 255 - color.round().clamp(0.0, 255.0) as u8;
    }
}
