//! What a stranger, an accident or a wrong character cannot do. `docs/security.md` lists these promises with their tests.

mod attacks;
mod faults;
mod gate;
mod private;
mod properties;
mod terminal;

/// A picture in the format PNG.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 128]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
