//! Published images: several widths and formats, upright, and without metadata.

use std::fs;

use super::fixtures::{
    SECRET, encoded, exif, jpeg, noisy_image, open_image, published_images, site_showing, srcset, with_chunk, with_exif,
};
use crate::support::{CAMPAIGN, Site, bytes_below};
use image::{GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

#[test]
fn image_has_several_widths() {
    let site = site_showing("team.jpg", &jpeg(1000, 500));
    let run = site.build().clean();
    let page = run.page("spring/");
    let source = page.the("source");
    assert_eq!(source.get("type"), "image/webp");
    assert!(source.get("sizes").contains("44rem"), "{source:?}");
    let files = srcset(source.get("srcset"));
    assert_eq!(files.keys().copied().collect::<Vec<_>>(), [480, 720, 1000]);
    for (width, file) in &files {
        assert_eq!(open_image(&site, file).dimensions(), (*width, width / 2), "{file}");
    }
    let image = page.the("img");
    assert_eq!((image.get("width"), image.get("height")), ("1000", "500"));
    assert_eq!((image.get("alt"), image.get("title")), ("A team", "Us"));
    let fallback = &image.get("src")[1..];
    assert!(fallback.ends_with(".jpg"), "{fallback}");
    assert_eq!(open_image(&site, fallback).dimensions(), (1000, 500));
}

#[test]
fn variant_is_never_larger_than_its_image() {
    // Compressed so strongly that a usual WebP is larger.
    let mut small = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut small, 12);
    noisy_image(1000, 700).write_with_encoder(encoder).unwrap();
    let drawing =
        RgbImage::from_fn(900, 600, |x, y| Rgb(if (x / 90 + y / 60) % 2 == 0 { [9, 99, 199] } else { [255; 3] }));
    for (name, bytes) in [
        ("team.jpg", small),
        ("photo.jpg", jpeg(1000, 700)),
        ("drawing.png", encoded(drawing, ImageFormat::Png)),
        ("photo.png", encoded(noisy_image(700, 500), ImageFormat::Png)),
        ("photo.webp", encoded(noisy_image(700, 500), ImageFormat::WebP)),
    ] {
        let site = site_showing(name, &bytes);
        let run = site.build().clean();
        let files =
            [published_images(&run, ".webp"), published_images(&run, ".jpg"), published_images(&run, ".png")].concat();
        assert!(!files.is_empty());
        for file in files {
            let length = fs::metadata(site.path("public").join(&file)).unwrap().len();
            assert!(length <= bytes.len() as u64, "{file} has {length} bytes, {name} {}", bytes.len());
        }
    }
}

#[test]
fn small_image_has_no_variants() {
    let site = site_showing("icon.png", &encoded(RgbImage::new(64, 32), ImageFormat::Png));
    let page = site.build().clean().page("spring/");
    assert_eq!(page.all("source").count(), 0);
    assert_eq!((page.the("img").get("width"), page.the("img").get("height")), ("64", "32"));
}

#[test]
fn wide_image_is_scaled_down_in_every_format() {
    let site = site_showing("team.jpg", &jpeg(3000, 1000)).edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(srcset(page.the("source").get("srcset")).into_keys().collect::<Vec<_>>(), [480, 720, 1200, 1600, 2400]);
    assert_eq!(open_image(&site, &page.the("img").get("src")[1..]).dimensions(), (1600, 533));
    let shared = page.meta("og:image").strip_prefix("https://kazi.example/").unwrap();
    assert_eq!(open_image(&site, shared).dimensions(), (1200, 400));
    assert!(shared.ends_with(".jpg"));
    assert_eq!((page.meta("og:image:width"), page.meta("og:image:height")), ("1200", "400"));
    assert_eq!(published_images(&run, ".webp").len(), 5);
    assert_eq!(published_images(&run, ".jpg").len(), 2, "one for old browsers, one for previews");
}

#[test]
fn social_preview_image_is_a_jpeg() {
    let mut see_through = RgbaImage::from_fn(900, 600, |x, y| Rgba([x as u8, y as u8, (x * y) as u8, 255]));
    see_through.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    let bytes = encoded(see_through, ImageFormat::WebP);
    let site = site_showing("team.webp", &bytes).edit(CAMPAIGN, "ctas:\n", "image: team.webp\nctas:\n");
    let run = site.build().clean();
    let page = run.page("spring/");
    let shared = open_image(&site, page.meta("og:image").strip_prefix("https://kazi.example/").unwrap());
    assert_eq!(shared.dimensions(), (900, 600));
    assert!(published_images(&run, ".jpg").len() == 1, "{:?}", run.public_files());
    assert_eq!(page.all("source").count(), 0, "a WebP is its own fallback");
    assert!(page.the("img").get("srcset").contains("480w"));
}

#[test]
fn rotated_photo_is_published_upright() {
    // 6: rotate by 90 degrees clockwise. The stored upper left becomes the upper right.
    let site = site_showing("team.jpg", &with_exif(&jpeg(1000, 600), 6));
    let run = site.build().clean();
    let image = run.page("spring/").the("img").clone();
    assert_eq!((image.get("width"), image.get("height")), ("600", "1000"));
    let files = [published_images(&run, ".webp"), published_images(&run, ".jpg")].concat();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let picture = open_image(&site, &file).into_rgb8();
        let (width, height) = picture.dimensions();
        assert!(height > width, "{file}");
        let Rgb([red, _, blue]) = *picture.get_pixel(width * 3 / 4, height / 4);
        assert!(red > 150 && blue < 100, "{file}: {red} {blue}");
        let Rgb([red, _, blue]) = *picture.get_pixel(width / 4, height * 3 / 4);
        assert!(blue > 150 && red < 100, "{file}: {red} {blue}");
    }
}

#[test]
fn image_metadata_is_removed() {
    let png = with_chunk(&encoded(noisy_image(500, 300), ImageFormat::Png), b"tEXt", &[b"Comment\0", SECRET].concat());
    let png = with_chunk(&png, b"eXIf", &exif(1));
    let webp = encoded(noisy_image(500, 300), ImageFormat::WebP);
    let exif = exif(1);
    let chunk = [b"EXIF", &u32::try_from(exif.len()).unwrap().to_le_bytes()[..], &exif].concat();
    let extended =
        [&b"VP8X\x0a\0\0\0\x08\0\0\0"[..], &499_u32.to_le_bytes()[..3], &299_u32.to_le_bytes()[..3]].concat();
    let content = [b"WEBP", &extended[..], &webp[12..], &chunk].concat();
    let webp = [b"RIFF", &u32::try_from(content.len()).unwrap().to_le_bytes()[..], &content].concat();
    let gif = encoded(noisy_image(30, 20), ImageFormat::Gif);
    let comment = [b"!\xfe\x16", SECRET, b"\0"].concat();
    let gif = [&gif[..gif.len() - 1], &comment, b";"].concat();
    for (name, bytes) in [
        ("team.jpg", with_exif(&jpeg(500, 300), 1)),
        ("team.png", png),
        ("team.webp", webp),
        ("team.gif", gif),
        (
            "team.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>GPS 1.2921 S 36.8219 E</metadata></svg>".to_vec(),
        ),
    ] {
        let is_secret = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET);
        assert!(is_secret(&bytes), "{name}");
        let site = site_showing(name, &bytes).edit(CAMPAIGN, "ctas:\n", &format!("image: {name}\nctas:\n"));
        site.build().clean();
        for (path, bytes) in bytes_below(&site.path("public")) {
            assert!(!is_secret(&bytes), "{} of {name}", path.display());
            if let Some(format) = ImageFormat::from_path(&path).ok().filter(|_| path.starts_with("spring")) {
                image::load_from_memory_with_format(&bytes, format).unwrap();
            }
        }
    }
}

#[test]
fn colours_are_converted_to_srgb() {
    // The full red of Display P3 is outside sRGB and becomes the full red of sRGB. The stored 200, 60, 60 is a stronger
    // red.
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    image::ImageEncoder::set_icc_profile(&mut encoder, profile).unwrap();
    let noisy = RgbImage::from_fn(1000, 400, |x, y| Rgb([200, 60, 60 + (x * 7 + y * 13) as u8 % 3]));
    image::ImageEncoder::write_image(encoder, &noisy, 1000, 400, image::ExtendedColorType::Rgb8).unwrap();
    let site = site_showing("team.png", &png);
    let run = site.build().clean();
    let page = run.page("spring/");
    let narrow = srcset(page.the("source").get("srcset")).into_values().next().unwrap();
    let Rgb([red, green, _]) = *open_image(&site, &narrow).into_rgb8().get_pixel(200, 80);
    assert!(red > 208 && green < 55, "{red} {green}");
    assert!(run.public_files().iter().any(|file| file.ends_with(".png")));
}

#[test]
fn animations_are_published_unchanged() {
    let frame = b",\0\0\0\0\x03\0\x02\0\0\x02\x03D\x02\x05\0";
    let head = b"GIF89a\x03\0\x02\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x02hi\0";
    let gif = [&head[..], frame, frame, b";"].concat();
    let png = encoded(noisy_image(500, 300), ImageFormat::Png);
    let png = with_chunk(&png, b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\xf3\x01\0\x2b\x01\0ANIM\x06\0\0\0\0\0\0\0\0\0".to_vec();
    let length = u32::try_from(webp.len() - 8).unwrap().to_le_bytes();
    webp[4..8].copy_from_slice(&length);
    for (name, bytes, size) in
        [("team.gif", gif, ("3", "2")), ("team.png", png, ("500", "300")), ("team.webp", webp, ("500", "300"))]
    {
        let site = site_showing(name, &bytes);
        let run = site.build().clean();
        let page = run.page("spring/");
        let image = page.the("img");
        assert_eq!((image.get("width"), image.get("height")), size, "{name}");
        assert_eq!(page.all("source").count(), 0);
        assert_eq!(fs::read(site.path("public").join(&image.get("src")[1..])).unwrap(), bytes, "{name}");
        assert!(!site.path(".tagline/images").exists(), "{name}");
    }
}

#[test]
fn first_image_loads_eagerly_and_others_lazily() {
    let site = Site::new()
        .bytes("content/spring/a.jpg", &jpeg(600, 300))
        .bytes("content/spring/b.jpg", &jpeg(900, 300))
        .edit(CAMPAIGN, "# Hire in days", "::: hero\n# Hire in days\n\n![A](a.jpg)\n:::\n\n![B](b.jpg)\n");
    let page = site.build().clean().page("spring/");
    let (first, second) = (page.with("alt", "A"), page.with("alt", "B"));
    assert!(first.has("fetchpriority", "high") && !first.attributes.contains_key("loading"), "{first:?}");
    assert!(second.has("loading", "lazy") && !second.attributes.contains_key("fetchpriority"), "{second:?}");
    let preload = page.with("as", "image");
    let sources: Vec<_> = page.all("source").collect();
    assert_eq!(preload.get("imagesrcset"), sources[0].get("srcset"));
    assert_eq!(preload.get("imagesizes"), sources[0].get("sizes"));
    assert_ne!(sources[0].get("sizes"), sources[1].get("sizes"), "the image of a hero has another width");
    let at = |name: &str| page.elements.iter().position(|element| element.name == name).unwrap();
    let preload_at = page.elements.iter().position(|element| element.has("as", "image")).unwrap();
    assert!(preload_at < at("body"));
}

#[test]
fn image_below_the_first_block_is_not_preloaded() {
    let page = site_showing("team.jpg", &jpeg(600, 300)).build().clean().page("spring/");
    assert!(page.elements.iter().all(|element| !element.has("as", "image")));
}

#[test]
fn theme_sets_the_sizes_of_images() {
    let site = site_showing("team.jpg", &jpeg(600, 300))
        .file("themes/launch/parts/sizes.html", "{% if blocks %}{{ blocks | last }}-10vw{% else %}33vw{% endif %}\n")
        .edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n")
        .file("themes/launch/landing.html", "{% extends \"parts/base.html\" %}{% block main %}<img class=\"own\" alt=\"\" src=\"{{ page.image.url }}\" srcset=\"{{ page.image.srcset }}\">{{ body }}{% endblock main %}");
    let page = site.build().clean().page("spring/");
    assert_eq!(page.the("source").get("sizes"), "33vw");
    let own = page.with("class", "own");
    assert_eq!(own.get("srcset"), page.the("source").get("srcset"));
}

#[test]
fn static_image_has_variants_and_is_copied_unchanged() {
    let bytes = with_exif(&jpeg(1000, 500), 1);
    let site =
        Site::new().bytes("static/press/team.jpg", &bytes).edit(CAMPAIGN, "Read the", "![A](/press/team.jpg) Read the");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(fs::read(site.path("public/press/team.jpg")).unwrap(), bytes);
    assert!(page.the("img").get("src").starts_with("/press/team."), "{:?}", page.the("img"));
    assert_ne!(page.the("img").get("src"), "/press/team.jpg");
    assert_eq!(srcset(page.the("source").get("srcset")).len(), 3);
}

#[test]
fn linked_image_is_published_unchanged() {
    let bytes = with_exif(&jpeg(500, 300), 1);
    let site =
        Site::new().bytes("content/spring/team.jpg", &bytes).edit(CAMPAIGN, "Read the", "[Press](team.jpg) Read the");
    let run = site.build().clean();
    let file = run.page("spring/").link("Press")[1..].to_owned();
    assert_eq!(fs::read(site.path("public").join(file)).unwrap(), bytes);
    assert_eq!(published_images(&run, ".webp"), [""; 0]);
}

#[test]
fn image_of_a_draft_is_not_published() {
    let site = Site::new()
        .bytes("content/spring/team.jpg", &jpeg(500, 300))
        .file("content/draft.md", "---\ntitle: D\ndraft: true\n---\n\n![x](/spring/team.jpg)\n");
    let run = site.build().clean();
    assert!(run.public_files().iter().all(|file| !file.contains("team")), "{:?}", run.public_files());
    assert!(!site.path(".tagline/images").exists());
}

/// A JPEG of 16 × 16 pixels in red, as magenta and yellow ink.
const RED_INKS: &str = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD06vMK8wr06iiiiiiiiiiiiv/Z";

#[test]
fn picture_in_printing_inks_is_published_in_colors_of_screens() {
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, RED_INKS).unwrap();
    let site =
        site_showing("team.jpg", &bytes).edit(CAMPAIGN, "title: Hire", "image: team.jpg\nimage_alt: Red\ntitle: Hire");
    let run = site.build().clean();
    let files = [published_images(&run, ".jpg"), published_images(&run, ".webp")].concat();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let image = open_image(&site, &file);
        assert_eq!(image.color(), image::ColorType::Rgb8, "{file}");
        let Rgb([red, green, blue]) = *image.to_rgb8().get_pixel(8, 8);
        assert!(red > 230 && green < 30 && blue < 30, "{file}: {red} {green} {blue}");
    }
    let published = fs::read(site.path("public").join(&published_images(&run, ".jpg")[0])).unwrap();
    assert_eq!(components(&published), 3);
}

/// The number of color components in a JPEG's frame header.
fn components(jpeg: &[u8]) -> u8 {
    let frame = jpeg.windows(2).position(|pair| matches!(pair, [0xff, 0xc0 | 0xc2])).unwrap();
    jpeg[frame + 9]
}
