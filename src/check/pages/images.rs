//! Images without text, images that are much larger than they are shown, and icons that phones cannot use.

use std::collections::BTreeMap;

use crate::check::context::{CheckContext, visible_pages};
use crate::diagnostics::Diagnostic;
use crate::images::plan::Picture;
use crate::model::body::{Node, each_node};
use crate::model::site_path::SitePath;
use crate::resolve::{IconFiles, SitePage, Target};
use crate::rules::Rule;
use crate::source::Span;

/// The width above which an image is reported, in pixels. The theme `launch` shows images at most 68rem wide, which is
/// 1,088 CSS pixels; screens with two dots per pixel need 2,176.
const MAX_WIDTH: u32 = 2560;
/// The size above which an image is reported, in bytes. Lighthouse measures phones with 1.6 Mbit/s, about 200 kB a second
/// (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md>), and the largest element of a page should
/// be there within 2.5 seconds (<https://web.dev/articles/lcp>).
const MAX_BYTES: u64 = 500_000;
/// A diagnostic shows at most this many uses of an image.
const MAX_USES: usize = 5;

/// Reports images without a text for people who cannot see them.
pub fn missing_alt_texts(context: &CheckContext) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in visible_pages(context.site) {
        let (source, front) = (&page.page.source, &page.page.front);
        if let Some(image) = front.image.as_ref().filter(|_| front.image_alt.is_none()) {
            diagnostics.push(
                Diagnostic::warning(Rule::MissingAlt, "this page's image has no `image_alt`")
                    .at(source, image.span, "people who cannot see it need a text")
                    .help("add `image_alt: …`, and describe what the image shows"),
            );
        }
        each_node(&context.body(page).nodes, &mut |node| {
            let Node::Image { link, alt, .. } = node else { return };
            if !alt.trim().is_empty() {
                return;
            }
            let link = &context.outline(page).links[*link];
            diagnostics.push(
                Diagnostic::warning(Rule::MissingAlt, "this image has no text")
                    .at(source, link.span, "people who cannot see it need a text")
                    .help(format!("describe what it shows: `![…]({})`", link.address)),
            );
        });
    }
    diagnostics
}

/// Reports images that are published as they are and are too heavy, each once with its uses.
pub fn heavy_images(context: &CheckContext) -> Vec<Diagnostic> {
    let mut heavy: BTreeMap<&SitePath, ImageUses> = BTreeMap::new();
    for page in visible_pages(context.site) {
        let of_front =
            page.image.as_deref().into_iter().zip(&page.page.front.image).map(|(picture, image)| (picture, image.span));
        let of_body = page.links.iter().zip(&context.outline(page).links).filter_map(|(target, link)| match target {
            Target::Picture(picture) if link.is_image => Some((&**picture, link.span)),
            _ => None,
        });
        for (picture, span) in of_front.chain(of_body).filter(|(picture, _)| is_heavy(picture)) {
            heavy
                .entry(&picture.path)
                .or_insert_with(|| ImageUses { picture, uses: Vec::new() })
                .uses
                .push((page, span));
        }
    }
    heavy.into_values().map(|image| heavy_image(&image)).collect()
}

/// Reports an icon that is not square, or too small for phones.
pub fn unsuitable_icon(context: &CheckContext) -> Vec<Diagnostic> {
    let config = &context.site.config;
    let named = config.organization.as_ref().and_then(|organization| organization.icon.as_ref());
    let (Some(named), Some(icon)) = (named, &context.site.icon) else { return Vec::new() };
    let Some((width, height)) = icon.pixels else { return Vec::new() };
    let is_drawing = matches!(icon.files, IconFiles::Svg(_));
    let message = match () {
        () if width != height => "the icon is not square",
        () if width < 192 && !is_drawing => "the icon is too small for phones",
        () => return Vec::new(),
    };
    let diagnostic = Diagnostic::warning(Rule::UnsuitableIcon, message);
    let label = format!("{width} × {height} pixels");
    vec![diagnostic.at(&config.source, named.span, &label).help("use a square PNG of 512 pixels, or an SVG")]
}

struct ImageUses<'s> {
    picture: &'s Picture,
    uses: Vec<(&'s SitePage, Span)>,
}

fn is_heavy(picture: &Picture) -> bool {
    // Images with WebP copies are made smaller for each screen.
    let is_published_as_is = picture.webp.is_empty();
    is_published_as_is && (picture.length > MAX_BYTES || width(picture).is_some_and(|width| width > MAX_WIDTH))
}

/// The width in pixels. An SVG has none of its own.
fn width(picture: &Picture) -> Option<u32> {
    picture.pixels.map(|(width, _)| width).filter(|_| !picture.path.as_str().ends_with(".svg"))
}

fn heavy_image(ImageUses { picture, uses }: &ImageUses) -> Diagnostic {
    let size = match picture.length {
        bytes @ 0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    };
    let message = match width(picture) {
        Some(width) => format!("this image is {width} pixels wide and has {size}"),
        None => format!("this image has {size}"),
    };
    let mut diagnostic = Diagnostic::warning(Rule::HeavyImage, message);
    for (index, (page, span)) in uses.iter().take(MAX_USES).enumerate() {
        let label = if index == 0 { "visitors with a phone have to wait" } else { "also shown here" };
        diagnostic = diagnostic.at(&page.page.source, *span, label);
    }
    let kilobytes = MAX_BYTES / 1000;
    diagnostic.help(format!("make it at most {MAX_WIDTH} pixels wide and {kilobytes} kB; save an animation as a video"))
}
