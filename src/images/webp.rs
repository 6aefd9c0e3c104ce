//! Encodes pixels as WebP with libwebp. Nothing else in this crate calls C.

use std::ffi::{c_int, c_void};
use std::ptr;

use anyhow::{anyhow, bail, ensure};
use libwebp_sys::{
    WebPConfig, WebPEncode, WebPPicture, WebPPictureFree, WebPPictureImportRGB, WebPPictureImportRGBA,
    WebPValidateConfig,
};

/// The effort of the encoder, from 0 to 6: the default of libwebp.
const METHOD: i32 = 4;

/// The samples of an image, row by row from the top, without gaps.
#[derive(Clone, Copy)]
pub enum Samples<'s> {
    /// Three bytes for each pixel.
    Rgb(&'s [u8]),
    /// Four bytes for each pixel.
    Rgba(&'s [u8]),
}

/// How an image is compressed.
#[derive(Clone, Copy)]
pub enum Compression {
    Lossless,
    /// With a quality from 0 to 100.
    Lossy(f32),
}

/// Returns a WebP file of an image of `size` pixels.
///
/// # Errors
///
/// If the samples do not have that size, if the size is larger than a WebP can have (16,383 pixels a side), or if there is no
/// memory.
pub fn encode(samples: Samples, size: (u32, u32), compression: Compression) -> anyhow::Result<Vec<u8>> {
    let config = config(compression)?;
    let mut picture = Picture::new(samples, size)?;
    let mut file = Vec::new();
    picture.0.writer = Some(append);
    picture.0.custom_ptr = ptr::from_mut(&mut file).cast();
    // SAFETY: both pointers are valid for the call. libwebp passes `custom_ptr` only to `append`, during the call, and `file` is
    // not used otherwise until it returns.
    let encoded = unsafe { WebPEncode(&raw const config, &raw mut picture.0) };
    ensure!(encoded != 0, "cannot write a WebP: {:?}", picture.0.error_code);
    Ok(file)
}

fn config(compression: Compression) -> anyhow::Result<WebPConfig> {
    let mut config = WebPConfig::new().map_err(|()| anyhow!("libwebp has an incompatible version"))?;
    let (lossless, quality) = match compression {
        Compression::Lossless => (true, 70.0),
        Compression::Lossy(quality) => (false, quality),
    };
    config.lossless = c_int::from(lossless);
    config.quality = quality;
    config.method = METHOD;
    // SAFETY: the pointer is valid for the call, which only reads.
    ensure!(unsafe { WebPValidateConfig(&raw const config) } != 0, "libwebp has no quality {quality}");
    Ok(config)
}

/// A picture of libwebp with memory of its own, which is freed on drop.
struct Picture(WebPPicture);

impl Picture {
    /// Copies the samples into a new picture.
    fn new(samples: Samples, (width, height): (u32, u32)) -> anyhow::Result<Picture> {
        let (bytes, channels) = match samples {
            Samples::Rgb(bytes) => (bytes, 3),
            Samples::Rgba(bytes) => (bytes, 4),
        };
        let stride = (width as usize).checked_mul(channels);
        let length = stride.and_then(|stride| stride.checked_mul(height as usize));
        ensure!(length == Some(bytes.len()), "an image of {width} × {height} pixels has {} bytes", bytes.len());
        let mut picture = Picture(WebPPicture::new().map_err(|()| anyhow!("libwebp has an incompatible version"))?);
        picture.0.use_argb = 1;
        picture.0.width = c_int::try_from(width)?;
        picture.0.height = c_int::try_from(height)?;
        let stride = c_int::try_from(stride.unwrap_or_default())?;
        // SAFETY: the picture was initialized, and there are `height` rows of `stride` bytes, as checked above. libwebp copies
        // them.
        let imported = unsafe {
            match samples {
                Samples::Rgb(_) => WebPPictureImportRGB(&raw mut picture.0, bytes.as_ptr(), stride),
                Samples::Rgba(_) => WebPPictureImportRGBA(&raw mut picture.0, bytes.as_ptr(), stride),
            }
        };
        if imported == 0 {
            bail!("cannot read an image of {width} × {height} pixels: {:?}", picture.0.error_code);
        }
        Ok(picture)
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: the picture was initialized, and its memory is freed once.
        unsafe { WebPPictureFree(&raw mut self.0) };
    }
}

/// Adds a part of the file to the vector that `custom_ptr` points to.
unsafe extern "C" fn append(data: *const u8, length: usize, picture: *const WebPPicture) -> c_int {
    if length > 0 {
        // SAFETY: libwebp passes `length` bytes at `data`, and the picture that `encode` gave it, whose `custom_ptr` is a vector
        // that nothing else uses.
        let (bytes, file) = unsafe {
            let file: *mut c_void = (*picture).custom_ptr;
            (std::slice::from_raw_parts(data, length), &mut *file.cast::<Vec<u8>>())
        };
        file.extend_from_slice(bytes);
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32, channels: usize) -> Vec<u8> {
        let samples = 0..width as usize * height as usize * channels;
        samples.map(|at| if channels == 4 && at % 4 == 3 { 255 } else { (at / 7 % 256) as u8 }).collect()
    }

    #[test]
    fn lossless_file_has_the_same_pixels() {
        let (width, height) = (31, 17);
        let (rgb, rgba) = (gradient(width, height, 3), gradient(width, height, 4));
        for (samples, expected) in [(Samples::Rgb(&rgb), &rgb), (Samples::Rgba(&rgba), &rgba)] {
            let file = encode(samples, (width, height), Compression::Lossless).unwrap();
            let read = image::load_from_memory_with_format(&file, image::ImageFormat::WebP).unwrap();
            let pixels = match samples {
                Samples::Rgb(_) => read.into_rgb8().into_raw(),
                Samples::Rgba(_) => read.into_rgba8().into_raw(),
            };
            assert!(&pixels == expected);
        }
    }

    #[test]
    fn lower_quality_makes_a_smaller_file_of_the_same_size() {
        let rgb = gradient(200, 100, 3);
        let [high, low] =
            [90.0, 20.0].map(|quality| encode(Samples::Rgb(&rgb), (200, 100), Compression::Lossy(quality)).unwrap());
        assert!(low.len() < high.len());
        let read = image::load_from_memory_with_format(&low, image::ImageFormat::WebP).unwrap();
        assert_eq!((read.width(), read.height()), (200, 100));
    }

    #[test]
    fn wrong_sizes_and_qualities_are_errors() {
        let rgb = gradient(4, 4, 3);
        for size in [(4, 5), (5, 4), (0, 0), (u32::MAX, u32::MAX)] {
            assert!(encode(Samples::Rgb(&rgb), size, Compression::Lossless).is_err(), "{size:?}");
        }
        assert!(encode(Samples::Rgba(&rgb), (4, 4), Compression::Lossless).is_err());
        assert!(encode(Samples::Rgb(&[]), (0, 0), Compression::Lossless).is_err());
        assert!(encode(Samples::Rgb(&vec![0; 16_384 * 3]), (16_384, 1), Compression::Lossless).is_err());
        assert!(encode(Samples::Rgb(&rgb), (4, 4), Compression::Lossy(101.0)).is_err());
    }
}
