//! Plans the files that an image is published as. Their names depend only on the image's content and the recipe, so that
//! pages can be rendered before the files are created.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::digest::digest;
use crate::model::file::Asset;
use crate::model::picture::{ImageReference, RasterFormat, StillImage};
use crate::model::site_path::SitePath;

/// The version of the recipes. Increase it when images are created differently: all of them get new URLs and are created
/// again.
pub const RECIPES: &str = "3";

/// Widths of the derived files, if the image is wide enough: phones of 360 to 412 CSS pixels with single and double density,
/// a text column in double density, and wide screens.
const WIDTHS: [u32; 4] = [480, 720, 1200, 1600];
/// The maximum width of a derived file: half of a wide screen in double density.
const MAX_WIDTH: u32 = 2400;
/// The maximum width for browsers without WebP.
const MAX_FALLBACK_WIDTH: u32 = 1600;
/// The maximum width for link previews. Messengers and social networks show 1200 pixels.
const MAX_PREVIEW_WIDTH: u32 = 1200;
/// The maximum width and height of a WebP, which stores them in 14 bits.
const MAX_WEBP_SIDE: u32 = 16_383;
/// Smaller files, in bytes, get no WebP versions.
const MIN_WEBP_SOURCE: u64 = 8 * 1024;

/// How a page uses an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageRole {
    InText,
    /// In raw HTML, which has room for one file in its own width.
    InHtml,
    /// `image:` in front matter, which link previews show too.
    PageImage,
    /// The site's logo, small and in every header.
    Logo,
}

/// A published image, as pages refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The file for browsers without WebP. Many images have no other file.
    pub path: SitePath,
    /// Width and height, if known.
    pub pixels: Option<(u32, u32)>,
    /// The WebP files with their widths, narrowest first.
    pub webp: Vec<(u32, SitePath)>,
    /// The file for link previews and its size, if it is a separate one.
    pub preview: Option<(SitePath, (u32, u32))>,
    /// The size of the source file in bytes.
    pub length: u64,
}

/// The image files that a site publishes.
#[derive(Debug, Default)]
pub struct DerivedImages {
    /// By path on the site.
    pub files: BTreeMap<SitePath, DerivedImage>,
    /// The first use of each source image, by its digest. Diagnostics point there.
    pub first_use: BTreeMap<String, ImageReference>,
}

/// An image file that is derived from a source image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedImage {
    pub source: PathBuf,
    pub source_digest: String,
    pub recipe: Recipe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// An SVG without scripts and external references.
    SanitizedSvg,
    /// The same pixels, without metadata.
    Stripped(StillImage),
    Resized {
        of: StillImage,
        width: u32,
        format: RasterFormat,
    },
}

impl Recipe {
    pub fn extension(self) -> &'static str {
        match self {
            Recipe::SanitizedSvg => "svg",
            Recipe::Stripped(still) => still.format.extension(),
            Recipe::Resized { format, .. } => format.extension(),
        }
    }

    /// Returns the source image to decode, if it has pixels.
    pub fn source_image(self) -> Option<StillImage> {
        match self {
            Recipe::SanitizedSvg => None,
            Recipe::Stripped(still) | Recipe::Resized { of: still, .. } => Some(still),
        }
    }
}

/// Collects the derived files of one image and names them: `spring-hiring/team.751454201e-720.webp`.
struct FilePlan<'a> {
    /// The path without extension: `spring-hiring/team`.
    stem: &'a str,
    asset: &'a Asset,
    /// A short hash of the source's digest and the version of the recipes.
    hash: String,
    files: Vec<(SitePath, DerivedImage)>,
}

impl<'a> FilePlan<'a> {
    fn new(asset: &'a Asset, stem: &'a str) -> FilePlan<'a> {
        let hash = digest(format!("{RECIPES} {}", asset.digest).as_bytes())[..10].to_owned();
        FilePlan { stem, asset, hash, files: Vec::new() }
    }

    /// Adds a file, unless the plan has it already. Returns `None` if its path is not a valid URL path.
    fn add(&mut self, suffix: &str, recipe: Recipe) -> Option<SitePath> {
        let path = SitePath::parse(&format!("{}.{}{suffix}.{}", self.stem, self.hash, recipe.extension()))?;
        if !self.files.iter().any(|(planned, _)| *planned == path) {
            let image =
                DerivedImage { source: self.asset.absolute.clone(), source_digest: self.asset.digest.clone(), recipe };
            self.files.push((path.clone(), image));
        }
        Some(path)
    }

    fn add_resized(&mut self, still: StillImage, width: u32, format: RasterFormat) -> Option<SitePath> {
        let is_original = width == still.pixels.0 && format == still.format && is_as_shown(still);
        let recipe = if is_original { Recipe::Stripped(still) } else { Recipe::Resized { of: still, width, format } };
        self.add(&format!("-{width}"), recipe)
    }
}

/// Plans the files of an image with pixels. `stem` is its path without extension. Returns `None` if that is not a valid
/// URL path.
pub fn still(
    still: StillImage,
    asset: &Asset,
    stem: &str,
    role: ImageRole,
) -> Option<(Picture, Vec<(SitePath, DerivedImage)>)> {
    let mut plan = FilePlan::new(asset, stem);
    let webp = match role {
        ImageRole::Logo | ImageRole::InHtml => Vec::new(),
        ImageRole::InText | ImageRole::PageImage if asset.length < MIN_WEBP_SOURCE && is_as_shown(still) => Vec::new(),
        ImageRole::InText | ImageRole::PageImage => {
            let sized = |width| Some((width, plan.add_resized(still, width, RasterFormat::Webp)?));
            widths(still).into_iter().map(sized).collect::<Option<_>>()?
        }
    };
    let width = match still.format {
        // GIF files are never encoded, so this is the source file in its full width.
        RasterFormat::Gif => still.pixels.0,
        _ if role == ImageRole::InHtml => still.pixels.0,
        RasterFormat::Jpeg | RasterFormat::Png | RasterFormat::Webp => still.pixels.0.min(MAX_FALLBACK_WIDTH),
    };
    let path = plan.add_resized(still, width, still.format)?;
    let preview = match role {
        ImageRole::InText | ImageRole::InHtml | ImageRole::Logo => None,
        ImageRole::PageImage => {
            let format = match still.format {
                RasterFormat::Jpeg | RasterFormat::Webp => RasterFormat::Jpeg,
                RasterFormat::Png | RasterFormat::Gif => RasterFormat::Png,
            };
            let width = still.pixels.0.min(MAX_PREVIEW_WIDTH);
            let preview = plan.add_resized(still, width, format)?;
            (preview != path).then(|| (preview, (width, still.height_at(width))))
        }
    };
    let pixels = Some((width, still.height_at(width)));
    Some((Picture { path, pixels, webp, preview, length: asset.length }, plan.files))
}

/// Widths of an icon: browser tabs, the home screen of iPhones and that of Android.
/// <https://developer.apple.com/library/archive/documentation/AppleApplications/Reference/SafariWebContent/ConfiguringWebApplications/ConfiguringWebApplications.html>,
/// <https://web.dev/articles/maskable-icon>
const ICON_WIDTHS: [u32; 3] = [32, 180, 192];

/// The PNG files of an icon.
pub struct PlannedIcon {
    /// The files with their widths, narrowest first.
    pub sizes: Vec<(u32, SitePath)>,
    pub files: Vec<(SitePath, DerivedImage)>,
}

/// Plans the files of an icon. An image that is narrower than all widths has one file in its own width.
pub fn icon(still: StillImage, asset: &Asset, stem: &str) -> Option<PlannedIcon> {
    let mut plan = FilePlan::new(asset, stem);
    let own = still.pixels.0;
    let widths = ICON_WIDTHS.into_iter().filter(|width| *width <= own);
    let widths = widths.chain((own < ICON_WIDTHS[0]).then_some(own));
    let sizes: Option<_> =
        widths.map(|width| Some((width, plan.add_resized(still, width, RasterFormat::Png)?))).collect();
    Some(PlannedIcon { sizes: sizes?, files: plan.files })
}

/// Plans the file of an SVG.
pub fn svg(pixels: Option<(u32, u32)>, asset: &Asset, stem: &str) -> Option<(Picture, Vec<(SitePath, DerivedImage)>)> {
    let mut plan = FilePlan::new(asset, stem);
    let path = plan.add("", Recipe::SanitizedSvg)?;
    Some((Picture::single(path, pixels, asset), plan.files))
}

impl Picture {
    /// Returns an image with a single file.
    pub fn single(path: SitePath, pixels: Option<(u32, u32)>, asset: &Asset) -> Picture {
        Picture { path, pixels, webp: Vec::new(), preview: None, length: asset.length }
    }
}

/// Returns whether browsers show the pixels as they are stored: upright, and in colors of screens.
fn is_as_shown(still: StillImage) -> bool {
    still.orientation == image::metadata::Orientation::NoTransforms && !still.is_cmyk
}

/// Returns the standard widths that are clearly narrower than the image, and the image's own width.
fn widths(still: StillImage) -> Vec<u32> {
    let own = still.pixels.0.min(MAX_WIDTH);
    let narrower = WIDTHS.into_iter().filter(|width| width * 10 <= own * 9);
    narrower.chain([own]).filter(|&width| still.height_at(width) <= MAX_WEBP_SIDE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_is_never_enlarged() {
        for ((width, height), expected) in [
            ((1600, 900), vec![480, 720, 1200, 1600]),
            ((1650, 900), vec![480, 720, 1200, 1650]),
            ((6000, 4000), vec![480, 720, 1200, 1600, 2400]),
            ((500, 300), vec![500]),
            ((120, 80), vec![120]),
            // Only the narrow version is low enough for WebP.
            ((1000, 30_000), vec![480]),
        ] {
            let orientation = image::metadata::Orientation::NoTransforms;
            let still = StillImage { format: RasterFormat::Jpeg, pixels: (width, height), orientation, is_cmyk: false };
            assert_eq!(widths(still), expected, "{width} × {height}");
        }
    }
}
