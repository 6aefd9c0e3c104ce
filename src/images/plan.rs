//! Which files a picture is published as. Their names come from the picture's content and from what is made of it, so that
//! pages are drawn before, and without, making any.

use std::path::PathBuf;

use super::RECIPES;
use crate::digest::digest;
use crate::model::address::SitePath;
use crate::model::file::Asset;
use crate::model::picture::{Format, Still};

/// The widths that a picture is made in, as far as it has them: a phone's in single and double density, a text column's,
/// a wide screen's.
const STEPS: [u32; 4] = [480, 800, 1200, 1600];
/// The widest file of any picture: a wide screen's half in double density.
const MAX_WIDTH: u32 = 2400;
/// The widest file for browsers without WebP.
const FALLBACK_WIDTH: u32 = 1600;
/// The widest file for previews in messengers and social networks, which show 1200 pixels.
const SHARED_WIDTH: u32 = 1200;
/// A WebP's highest side, which it counts in 14 bits.
const WEBP_SIDE: u32 = 16_383;
/// A file that is smaller, in bytes, is not worth another one.
const SMALL: u64 = 8 * 1024;

/// What a picture is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    InText,
    /// `image:` of a page, which previews of shared links show too.
    OfPage,
    /// The site's logo, small and in every header.
    Logo,
}

/// A picture as pages refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The file for browsers without WebP, which is the only one of many pictures, and its pixels where they are known.
    pub path: SitePath,
    pub pixels: Option<(u32, u32)>,
    /// The same in WebP, narrowest first.
    pub webp: Vec<(u32, SitePath)>,
    /// The file for previews of shared links, where it is another one.
    pub shared: Option<(SitePath, (u32, u32))>,
    /// Of the file that all are made of, in bytes.
    pub length: u64,
}

/// A file that is made of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    pub from: PathBuf,
    /// Of the picture.
    pub digest: String,
    pub recipe: Recipe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// An SVG without what could run or load something.
    Cleaned,
    /// The same pixels without metadata.
    Stripped(Still),
    Resized {
        of: Still,
        width: u32,
        format: Format,
    },
}

impl Recipe {
    pub fn extension(self) -> &'static str {
        match self {
            Recipe::Cleaned => "svg",
            Recipe::Stripped(still) => still.format.extension(),
            Recipe::Resized { format, .. } => format.extension(),
        }
    }

    /// The picture that is decoded for it.
    pub fn still(self) -> Option<Still> {
        match self {
            Recipe::Cleaned => None,
            Recipe::Stripped(still) | Recipe::Resized { of: still, .. } => Some(still),
        }
    }
}

/// Names the files of one picture: `spring-hiring/team` and its content give `spring-hiring/team.751454201e-800.webp`.
struct Naming<'a> {
    stem: &'a str,
    asset: &'a Asset,
    short: String,
    made: Vec<(SitePath, Making)>,
}

impl Naming<'_> {
    fn file(&mut self, suffix: &str, recipe: Recipe) -> Option<SitePath> {
        let path = SitePath::parse(&format!("{}.{}{suffix}.{}", self.stem, self.short, recipe.extension()))?;
        if !self.made.iter().any(|(known, _)| *known == path) {
            let making = Making { from: self.asset.absolute.clone(), digest: self.asset.digest.clone(), recipe };
            self.made.push((path.clone(), making));
        }
        Some(path)
    }

    fn resized(&mut self, still: Still, width: u32, format: Format) -> Option<SitePath> {
        let is_whole = width == still.pixels.0 && format == still.format && is_upright(still);
        let recipe = if is_whole { Recipe::Stripped(still) } else { Recipe::Resized { of: still, width, format } };
        self.file(&format!("-{width}"), recipe)
    }
}

/// The files of a still picture; `stem` is its address without the extension. None where no address can be made of it.
pub fn still(still: Still, asset: &Asset, stem: &str, shown: Use) -> Option<(Picture, Vec<(SitePath, Making)>)> {
    let mut naming = naming(asset, stem);
    let webp = match shown {
        Use::Logo => Vec::new(),
        Use::InText | Use::OfPage if asset.length < SMALL && is_upright(still) => Vec::new(),
        Use::InText | Use::OfPage => {
            let sized = |width| Some((width, naming.resized(still, width, Format::Webp)?));
            widths(still).into_iter().map(sized).collect::<Option<_>>()?
        }
    };
    let width = match still.format {
        // There is no writing one, and it is never that wide.
        Format::Gif => still.pixels.0,
        Format::Jpeg | Format::Png | Format::Webp => still.pixels.0.min(FALLBACK_WIDTH),
    };
    let path = naming.resized(still, width, still.format)?;
    let shared = match shown {
        Use::InText | Use::Logo => None,
        Use::OfPage => {
            let format = match still.format {
                Format::Jpeg | Format::Webp => Format::Jpeg,
                Format::Png | Format::Gif => Format::Png,
            };
            let width = still.pixels.0.min(SHARED_WIDTH);
            let shared = naming.resized(still, width, format)?;
            (shared != path).then(|| (shared, (width, still.height_at(width))))
        }
    };
    let pixels = Some((width, still.height_at(width)));
    Some((Picture { path, pixels, webp, shared, length: asset.length }, naming.made))
}

/// The file of a drawing.
pub fn drawing(pixels: Option<(u32, u32)>, asset: &Asset, stem: &str) -> Option<(Picture, Vec<(SitePath, Making)>)> {
    let mut naming = naming(asset, stem);
    let path = naming.file("", Recipe::Cleaned)?;
    Some((Picture::alone(path, pixels, asset), naming.made))
}

impl Picture {
    /// One that is published as it is.
    pub fn alone(path: SitePath, pixels: Option<(u32, u32)>, asset: &Asset) -> Picture {
        Picture { path, pixels, webp: Vec::new(), shared: None, length: asset.length }
    }
}

fn naming<'a>(asset: &'a Asset, stem: &'a str) -> Naming<'a> {
    let short = digest(format!("{RECIPES} {}", asset.digest).as_bytes())[..10].to_owned();
    Naming { stem, asset, short, made: Vec::new() }
}

fn is_upright(still: Still) -> bool {
    still.orientation == image::metadata::Orientation::NoTransforms
}

/// The steps that are clearly narrower than the picture, and its own width.
fn widths(still: Still) -> Vec<u32> {
    let own = still.pixels.0.min(MAX_WIDTH);
    let steps = STEPS.into_iter().filter(|step| step * 10 <= own * 9);
    steps.chain([own]).filter(|&width| still.height_at(width) <= WEBP_SIDE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_picture_is_made_wider_than_it_is() {
        for ((width, height), expected) in [
            ((1600, 900), vec![480, 800, 1200, 1600]),
            ((1650, 900), vec![480, 800, 1200, 1650]),
            ((6000, 4000), vec![480, 800, 1200, 1600, 2400]),
            ((500, 300), vec![500]),
            ((120, 80), vec![120]),
            // Too high for a WebP but in the narrow ones.
            ((1000, 30_000), vec![480]),
        ] {
            let orientation = image::metadata::Orientation::NoTransforms;
            let still = Still { format: Format::Jpeg, pixels: (width, height), orientation };
            assert_eq!(widths(still), expected, "{width} × {height}");
        }
    }
}
