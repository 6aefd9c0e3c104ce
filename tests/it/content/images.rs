//! Pictures as visitors get them: in several widths and formats, upright, without metadata, made once.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::support::html::Page;
use crate::support::{Run, Site, bytes_below};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use tagline::images::cache::Cache;
use tagline::images::plan::{Making, Recipe};

const CAMPAIGN: &str = "content/spring/index.md";
const SECRET: &[u8] = b"GPS 1.2921 S 36.8219 E";

/// Something like a photograph: every pixel another one, red at the upper left and blue at the lower right.
fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7 & 31;
        let is_upper_left = x < width / 2 && y < height / 2;
        let is_lower_right = x >= width / 2 && y >= height / 2;
        let [red, blue] = [is_upper_left, is_lower_right].map(|is| if is { 200 } else { 20 });
        Rgb([red + noise as u8, 20 + noise as u8, blue + noise as u8])
    })
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(scene(width, height), ImageFormat::Jpeg)
}

/// EXIF, little-endian: the orientation alone, and after it what a camera writes about the place.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    exif
}

/// A JPEG with EXIF after its first two bytes, as cameras write it.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let content = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &content, &jpeg[2..]].concat()
}

fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = 0xffff_ffff_u32;
    for &byte in name.iter().chain(content) {
        crc ^= u32::from(byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 });
    }
    [&u32::try_from(content.len()).unwrap().to_be_bytes(), name.as_slice(), content, &(!crc).to_be_bytes()].concat()
}

/// A PNG with another chunk after its header.
fn with_chunk(png: &[u8], name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&png[..33], &png_chunk(name, content), &png[33..]].concat()
}

fn showing(name: &str, bytes: &[u8]) -> Site {
    Site::new().bytes(&format!("content/spring/{name}"), bytes).edit(
        CAMPAIGN,
        "Read the",
        &format!("![A team]({name} \"Us\")\n\nRead the"),
    )
}

/// The files of a `srcset` below `public/`, by their width.
fn srcset(text: &str) -> BTreeMap<u32, String> {
    let each = text.split(", ").map(|candidate| candidate.split_once(' ').unwrap());
    each.map(|(url, width)| (width.strip_suffix('w').unwrap().parse().unwrap(), url[1..].to_owned())).collect()
}

fn opened(site: &Site, path: &str) -> DynamicImage {
    image::open(site.path("public").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What was made of the pictures of a page, by the kind of file.
fn made(run: &Run, extension: &str) -> Vec<String> {
    run.public_files().into_iter().filter(|file| file.starts_with("spring/") && file.ends_with(extension)).collect()
}

fn cached(site: &Site) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let folder = site.path(".tagline/images");
    let files = bytes_below(&folder).into_iter();
    files.map(|(path, bytes)| (path.clone(), (modified(&folder.join(path)), bytes))).collect()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[track_caller]
fn assert_only_error(run: &Run, rule: &str, place: &str, message: &str) {
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let problems = run.problems();
    assert_eq!(problems.len(), 1, "{}", run.stderr);
    assert_eq!((&*problems[0].rule, &*problems[0].place), (rule, place), "{}", run.stderr);
    assert!(problems[0].text.contains(message), "{}", run.stderr);
}

#[test]
fn a_picture_is_offered_in_several_widths_each_as_wide_as_it_says() {
    let site = showing("team.jpg", &jpeg(1000, 500));
    let run = site.build().clean();
    let page = run.page("spring/");
    let source = page.the("source");
    assert_eq!(source.get("type"), "image/webp");
    assert!(source.get("sizes").contains("44rem"), "{source:?}");
    let files = srcset(source.get("srcset"));
    assert_eq!(files.keys().copied().collect::<Vec<_>>(), [480, 800, 1000]);
    for (width, file) in &files {
        assert_eq!(opened(&site, file).dimensions(), (*width, width / 2), "{file}");
    }
    let image = page.the("img");
    assert_eq!((image.get("width"), image.get("height")), ("1000", "500"));
    assert_eq!((image.get("alt"), image.get("title")), ("A team", "Us"));
    let fallback = &image.get("src")[1..];
    assert!(fallback.ends_with(".jpg"), "{fallback}");
    assert_eq!(opened(&site, fallback).dimensions(), (1000, 500));
}

#[test]
fn no_file_is_larger_than_the_picture_it_is_made_of() {
    // Saved so small already that a usual WebP has more bytes.
    let mut small = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut small, 12);
    scene(1000, 700).write_with_encoder(encoder).unwrap();
    let drawing =
        RgbImage::from_fn(900, 600, |x, y| Rgb(if (x / 90 + y / 60) % 2 == 0 { [9, 99, 199] } else { [255; 3] }));
    for (name, bytes) in [
        ("team.jpg", small),
        ("photo.jpg", jpeg(1000, 700)),
        ("drawing.png", encoded(drawing, ImageFormat::Png)),
        ("photo.png", encoded(scene(700, 500), ImageFormat::Png)),
        ("photo.webp", encoded(scene(700, 500), ImageFormat::WebP)),
    ] {
        let site = showing(name, &bytes);
        let run = site.build().clean();
        let files = [made(&run, ".webp"), made(&run, ".jpg"), made(&run, ".png")].concat();
        assert!(!files.is_empty());
        for file in files {
            let length = fs::metadata(site.path("public").join(&file)).unwrap().len();
            assert!(length <= bytes.len() as u64, "{file} has {length} bytes, {name} {}", bytes.len());
        }
    }
}

#[test]
fn a_small_file_is_not_worth_another() {
    let site = showing("icon.png", &encoded(RgbImage::new(64, 32), ImageFormat::Png));
    let page = site.build().clean().page("spring/");
    assert_eq!(page.all("source").count(), 0);
    assert_eq!((page.the("img").get("width"), page.the("img").get("height")), ("64", "32"));
}

#[test]
fn a_wide_picture_is_bounded_in_every_format() {
    let site = showing("team.jpg", &jpeg(3000, 1000)).edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(srcset(page.the("source").get("srcset")).into_keys().collect::<Vec<_>>(), [480, 800, 1200, 1600, 2400]);
    assert_eq!(opened(&site, &page.the("img").get("src")[1..]).dimensions(), (1600, 533));
    let shared = page.meta("og:image").strip_prefix("https://kazi.example/").unwrap();
    assert_eq!(opened(&site, shared).dimensions(), (1200, 400));
    assert!(shared.ends_with(".jpg"));
    assert_eq!((page.meta("og:image:width"), page.meta("og:image:height")), ("1200", "400"));
    assert_eq!(made(&run, ".webp").len(), 5);
    assert_eq!(made(&run, ".jpg").len(), 2, "one for old browsers, one for previews");
}

#[test]
fn previews_get_no_format_that_they_cannot_show() {
    let mut see_through = RgbaImage::from_fn(900, 600, |x, y| Rgba([x as u8, y as u8, (x * y) as u8, 255]));
    see_through.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    let bytes = encoded(see_through, ImageFormat::WebP);
    let site = showing("team.webp", &bytes).edit(CAMPAIGN, "ctas:\n", "image: team.webp\nctas:\n");
    let run = site.build().clean();
    let page = run.page("spring/");
    let shared = opened(&site, page.meta("og:image").strip_prefix("https://kazi.example/").unwrap());
    assert_eq!(shared.dimensions(), (900, 600));
    assert!(made(&run, ".jpg").len() == 1, "{:?}", run.public_files());
    assert_eq!(page.all("source").count(), 0, "a WebP is its own fallback");
    assert!(page.the("img").get("srcset").contains("480w"));
}

#[test]
fn a_photograph_that_lies_on_its_side_is_published_upright() {
    // 6: to be turned by a quarter, clockwise. What is stored at the upper left belongs at the upper right.
    let site = showing("team.jpg", &with_exif(&jpeg(1000, 600), 6));
    let run = site.build().clean();
    let image = run.page("spring/").the("img").clone();
    assert_eq!((image.get("width"), image.get("height")), ("600", "1000"));
    let files = [made(&run, ".webp"), made(&run, ".jpg")].concat();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let picture = opened(&site, &file).into_rgb8();
        let (width, height) = picture.dimensions();
        assert!(height > width, "{file}");
        let Rgb([red, _, blue]) = *picture.get_pixel(width * 3 / 4, height / 4);
        assert!(red > 150 && blue < 100, "{file}: {red} {blue}");
        let Rgb([red, _, blue]) = *picture.get_pixel(width / 4, height * 3 / 4);
        assert!(blue > 150 && red < 100, "{file}: {red} {blue}");
    }
}

#[test]
fn where_and_by_whom_a_picture_was_taken_reaches_no_visitor() {
    let png = with_chunk(&encoded(scene(500, 300), ImageFormat::Png), b"tEXt", &[b"Comment\0", SECRET].concat());
    let png = with_chunk(&png, b"eXIf", &exif(1));
    let webp = encoded(scene(500, 300), ImageFormat::WebP);
    let exif = exif(1);
    let chunk = [b"EXIF", &u32::try_from(exif.len()).unwrap().to_le_bytes()[..], &exif].concat();
    let extended =
        [&b"VP8X\x0a\0\0\0\x08\0\0\0"[..], &499_u32.to_le_bytes()[..3], &299_u32.to_le_bytes()[..3]].concat();
    let content = [b"WEBP", &extended[..], &webp[12..], &chunk].concat();
    let webp = [b"RIFF", &u32::try_from(content.len()).unwrap().to_le_bytes()[..], &content].concat();
    let gif = encoded(scene(30, 20), ImageFormat::Gif);
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
        let site = showing(name, &bytes).edit(CAMPAIGN, "ctas:\n", &format!("image: {name}\nctas:\n"));
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
fn colours_of_another_space_are_what_they_were() {
    // Display P3's full red is beyond sRGB, so it becomes sRGB's; what is stored as 200, 60, 60 is a stronger red there.
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    image::ImageEncoder::set_icc_profile(&mut encoder, profile).unwrap();
    let noisy = RgbImage::from_fn(1000, 400, |x, y| Rgb([200, 60, 60 + (x * 7 + y * 13) as u8 % 3]));
    image::ImageEncoder::write_image(encoder, &noisy, 1000, 400, image::ExtendedColorType::Rgb8).unwrap();
    let site = showing("team.png", &png);
    let run = site.build().clean();
    let page = run.page("spring/");
    let narrow = srcset(page.the("source").get("srcset")).into_values().next().unwrap();
    let Rgb([red, green, _]) = *opened(&site, &narrow).into_rgb8().get_pixel(200, 80);
    assert!(red > 208 && green < 55, "{red} {green}");
    assert!(run.public_files().iter().any(|file| file.ends_with(".png")));
}

#[test]
fn what_moves_is_left_alone() {
    let frame = b",\0\0\0\0\x03\0\x02\0\0\x02\x03D\x02\x05\0";
    let head = b"GIF89a\x03\0\x02\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x02hi\0";
    let gif = [&head[..], frame, frame, b";"].concat();
    let png = encoded(scene(500, 300), ImageFormat::Png);
    let png = with_chunk(&png, b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\xf3\x01\0\x2b\x01\0ANIM\x06\0\0\0\0\0\0\0\0\0".to_vec();
    let length = u32::try_from(webp.len() - 8).unwrap().to_le_bytes();
    webp[4..8].copy_from_slice(&length);
    for (name, bytes, size) in
        [("team.gif", gif, ("3", "2")), ("team.png", png, ("500", "300")), ("team.webp", webp, ("500", "300"))]
    {
        let site = showing(name, &bytes);
        let run = site.build().clean();
        let page = run.page("spring/");
        let image = page.the("img");
        assert_eq!((image.get("width"), image.get("height")), size, "{name}");
        assert_eq!(page.all("source").count(), 0);
        assert_eq!(fs::read(site.path("public").join(&image.get("src")[1..])).unwrap(), bytes, "{name}");
        assert!(!site.path(".tagline").exists(), "{name}");
    }
}

#[test]
fn the_first_picture_is_loaded_at_once_and_the_others_when_they_are_near() {
    let site = Site::new()
        .bytes("content/spring/a.jpg", &jpeg(600, 300))
        .bytes("content/spring/b.jpg", &jpeg(900, 300))
        .edit(CAMPAIGN, "# Hire in days", "::: hero\n# Hire in days\n\n![A](a.jpg)\n:::\n\n![B](b.jpg)\n");
    let page = site.build().clean().page("spring/");
    let (first, second) = (page.with("alt", "A"), page.with("alt", "B"));
    assert!(first.has("fetchpriority", "high") && !first.attributes.contains_key("loading"), "{first:?}");
    assert!(second.has("loading", "lazy") && !second.attributes.contains_key("fetchpriority"), "{second:?}");
    let preload = page.with("rel", "preload");
    let sources: Vec<_> = page.all("source").collect();
    assert_eq!(preload.get("imagesrcset"), sources[0].get("srcset"));
    assert_eq!(preload.get("imagesizes"), sources[0].get("sizes"));
    assert_ne!(sources[0].get("sizes"), sources[1].get("sizes"), "a hero's picture is drawn in another width");
    let at = |name: &str| page.elements.iter().position(|element| element.name == name).unwrap();
    let preload_at = page.elements.iter().position(|element| element.has("rel", "preload")).unwrap();
    assert!(preload_at < at("body"));
}

#[test]
fn a_picture_below_the_first_block_is_not_preloaded() {
    let page = showing("team.jpg", &jpeg(600, 300)).build().clean().page("spring/");
    assert!(page.elements.iter().all(|element| !element.has("rel", "preload")));
}

#[test]
fn a_theme_says_how_wide_it_draws_pictures() {
    let site = showing("team.jpg", &jpeg(600, 300))
        .file("themes/launch/parts/sizes.html", "{% if blocks %}{{ blocks | last }}-10vw{% else %}33vw{% endif %}\n")
        .edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n")
        .file("themes/launch/landing.html", "{% extends \"parts/base.html\" %}{% block main %}<img class=\"own\" alt=\"\" src=\"{{ page.image.url }}\" srcset=\"{{ page.image.srcset }}\">{{ body }}{% endblock main %}");
    let page = site.build().clean().page("spring/");
    assert_eq!(page.the("source").get("sizes"), "33vw");
    let own = page.with("class", "own");
    assert_eq!(own.get("srcset"), page.the("source").get("srcset"));
}

#[test]
fn a_static_picture_gets_variants_and_stays_as_it_is() {
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
fn a_linked_picture_is_a_download_and_stays_as_it_is() {
    let bytes = with_exif(&jpeg(500, 300), 1);
    let site =
        Site::new().bytes("content/spring/team.jpg", &bytes).edit(CAMPAIGN, "Read the", "[Press](team.jpg) Read the");
    let run = site.build().clean();
    let file = run.page("spring/").link("Press")[1..].to_owned();
    assert_eq!(fs::read(site.path("public").join(file)).unwrap(), bytes);
    assert_eq!(made(&run, ".webp"), [""; 0]);
}

#[test]
fn a_picture_of_a_draft_is_not_published() {
    let site = Site::new()
        .bytes("content/spring/team.jpg", &jpeg(500, 300))
        .file("content/draft.md", "---\ntitle: D\ndraft: true\n---\n\n![x](/spring/team.jpg)\n");
    let run = site.build().clean();
    assert!(run.public_files().iter().all(|file| !file.contains("team")), "{:?}", run.public_files());
    assert!(!site.path(".tagline").exists());
}

#[test]
fn each_picture_is_made_once() {
    let site = showing("team.jpg", &jpeg(1000, 500));
    site.build().clean();
    let first = cached(&site);
    assert_eq!(first.len(), 4);
    site.write(CAMPAIGN, site.read(CAMPAIGN).replace("Spring pricing", "Summer pricing"));
    site.build().clean();
    assert_eq!(cached(&site), first);
}

#[test]
fn git_leaves_what_is_made_of_pictures_alone_also_in_a_site_that_does_not_say_so() {
    let site = showing("team.jpg", &jpeg(1000, 500));
    assert!(!site.path(".gitignore").exists());
    site.build().clean();
    assert_eq!(site.read(".tagline/.gitignore"), "*\n");
}

#[test]
fn a_cache_that_is_gone_changes_nothing() {
    let site = showing("team.jpg", &jpeg(1000, 500))
        .bytes("content/spring/b.png", &encoded(scene(600, 300), ImageFormat::Png));
    let site = site.edit(CAMPAIGN, "Read the", "![B](b.png) Read the");
    site.build().clean();
    let first = bytes_below(&site.path("public"));
    for folder in [".tagline", "public", "sales"] {
        fs::remove_dir_all(site.path(folder)).unwrap();
    }
    for file in [".public.manifest", ".sales.manifest"] {
        let _ = fs::remove_file(site.path(file));
    }
    site.build().clean();
    assert_eq!(bytes_below(&site.path("public")), first);
}

#[test]
fn another_picture_has_other_addresses_and_what_was_made_of_the_old_one_goes() {
    let site = showing("team.jpg", &jpeg(1000, 500));
    let before = made(&site.build().clean(), ".webp");
    let old = cached(&site);
    let site = site.bytes("content/spring/team.jpg", &jpeg(1000, 510));
    let after = made(&site.build().clean(), ".webp");
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|file| !before.contains(file)), "{before:?} {after:?}");
    let new = cached(&site);
    assert_eq!(new.len(), old.len());
    assert!(new.keys().all(|file| !old.contains_key(file)));
}

#[test]
fn one_content_in_two_places_is_made_once() {
    let bytes = jpeg(1000, 500);
    let site = showing("team.jpg", &bytes).bytes("content/copy.jpg", &bytes).edit(
        CAMPAIGN,
        "Read the",
        "![C](/copy.jpg) Read the",
    );
    site.build().clean();
    assert_eq!(cached(&site).len(), 4);
}

#[test]
fn what_a_killed_process_left_is_no_picture() {
    let site = showing("team.jpg", &jpeg(1000, 500));
    let left = site.path(".tagline/images/.99.0");
    fs::create_dir_all(left.parent().unwrap()).unwrap();
    fs::write(&left, "half of a pict").unwrap();
    fs::File::options()
        .write(true)
        .open(&left)
        .unwrap()
        .set_modified(SystemTime::now() - Duration::from_secs(7200))
        .unwrap();
    site.build().clean();
    assert!(!left.exists());
    assert_eq!(cached(&site).len(), 4);
}

#[test]
fn nothing_is_kept_under_the_name_of_another_picture() {
    // Somebody saves the file while it is being served.
    let site = showing("team.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    let (from, digest) = (site.path("content/spring/team.svg"), tagline::digest::digest(b"what it was before"));
    let cache = Cache::below(&site.root());
    assert!(cache.file(&Making { from, digest, recipe: Recipe::Cleaned }).is_err());
    assert!(!site.path(".tagline").exists());
}

#[test]
fn check_finds_a_damaged_picture_and_writes_nothing() {
    let mut bytes = encoded(scene(400, 300), ImageFormat::Png);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    let site = showing("team.png", &bytes);
    assert_only_error(
        &site.check(),
        "broken-image",
        "content/spring/index.md:33:11",
        "`content/spring/team.png` cannot be read",
    );
    assert!(!site.path(".tagline").exists());
    showing("team.png", &encoded(scene(400, 300), ImageFormat::Png)).check().clean();
}

#[test]
fn a_picture_that_ends_too_early_is_told_where_it_is_shown() {
    for (name, format) in
        [("team.jpg", ImageFormat::Jpeg), ("team.png", ImageFormat::Png), ("team.webp", ImageFormat::WebP)]
    {
        let bytes = encoded(scene(400, 300), format);
        let site = showing(name, &bytes[..bytes.len() * 2 / 3]);
        let run = site.build();
        assert_only_error(&run, "broken-image", "content/spring/index.md:33:11", "ends too early");
        assert!(!site.path("public").exists());
    }
}

#[test]
fn a_broken_picture_is_told_once_however_often_it_is_shown() {
    let site = showing("team.jpg", b"not a picture").edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n");
    let site = site.file("content/more.md", "---\ntitle: More\n---\n\n![a](/spring/team.jpg) ![b](/spring/team.jpg)\n");
    assert_only_error(&site.build(), "broken-image", "content/spring/index.md:10:8", "cannot be read as a picture");
}

#[test]
fn what_is_no_picture_is_not_shown() {
    let site = showing("notes.txt", b"no picture");
    assert_only_error(
        &site.check(),
        "broken-image",
        "content/spring/index.md:33:11",
        "`content/spring/notes.txt` cannot be read as a picture",
    );
}

/// Zeros in blocks that expand a thousandfold, the way a bomb is made.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let image = encoded(RgbImage::new(1000, 1000), ImageFormat::Png);
    [&image[..8], &png_chunk(b"IHDR", &header), &image[33..]].concat()
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    for (width, height) in [(50_000, 50_000), (2_147_483_647, 2_147_483_647), (100_001, 1000)] {
        let site = showing("team.png", &bomb(width, height));
        let started = Instant::now();
        assert_only_error(
            &site.check(),
            "image-too-large",
            "content/spring/index.md:33:11",
            &format!("{width} × {height} pixels"),
        );
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_header_that_promises_more_than_there_is_costs_no_time() {
    let site = showing("team.png", &bomb(9_000, 9_000));
    let started = Instant::now();
    assert_only_error(&site.build(), "broken-image", "content/spring/index.md:33:11", "cannot be read as a picture");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn no_damage_of_a_picture_is_a_panic() {
    let mut rng = fastrand::Rng::with_seed(20_270_315);
    let small = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP].map(|format| encoded(scene(40, 30), format));
    let mut site = Site::new();
    let mut text = String::from("---\ntitle: Damaged\n---\n\n");
    for number in 0..300 {
        let mut bytes = small[number % 3].clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(..);
        }
        let extension = ["jpg", "png", "webp"][number % 3];
        site = site.bytes(&format!("content/{number}.{extension}"), &bytes);
        text.push_str(&format!("![]({number}.{extension})\n"));
    }
    let run = site.file("content/damaged.md", &text).build();
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    let problems = run.problems();
    // No more are told at once.
    assert_eq!(problems.len(), 100, "{}", problems.len());
    for problem in problems {
        assert!(["broken-image", "image-too-large"].contains(&&*problem.rule), "{}", problem.text);
    }
}

/// What an SVG is published as, and what was told of it.
fn published(svg: &str) -> (String, Vec<String>) {
    let site = showing("team.svg", svg.as_bytes());
    let run = site.build();
    assert_eq!(run.code, Some(0), "{svg}\n{}", run.stderr);
    let problems = run.problems();
    let told = problems.iter().map(|problem| {
        assert_eq!((&*problem.rule, problem.is_error), ("unsafe-svg", false), "{}", problem.text);
        assert!(problem.place.starts_with("content/spring/team.svg:"), "{}", problem.place);
        problem.text.split('`').nth(1).unwrap().to_owned()
    });
    let told = told.collect();
    let file = made(&run, ".svg").remove(0);
    (run.public(&file), told)
}

#[test]
fn nothing_in_an_svg_runs_or_loads_anything() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("<script>alert(1)</script><path d='M0 0'/>", "<path d=\"M0 0\"/>", &["<script>"]),
        ("<g onclick='alert(1)'/>", "<g/>", &["onclick"]),
        ("<g ONLOAD='alert(1)'/>", "<g/>", &["ONLOAD"]),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "", &["<foreignObject>"]),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>", "", &["<script>"]),
        ("<s:script xmlns:s='http://www.w3.org/2000/svg'>alert(1)</s:script>", "", &["<script>"]),
        ("<x:script xmlns:x='urn:x'>alert(1)</x:script>", "", &[]),
        ("<a href='javascript:alert(1)'><path d='M0 0'/></a>", "<path d=\"M0 0\"/>", &["<a>"]),
        ("<use href='https://evil.example/x.svg#a'/>", "<use/>", &["href"]),
        ("<use href='#a'/>", "<use href=\"#a\"/>", &[]),
        ("<use xmlns:l='http://www.w3.org/1999/xlink' l:href='#a'/>", "<use href=\"#a\"/>", &[]),
        ("<use xmlns:l='http://www.w3.org/1999/xlink' l:href='//evil.example/x'/>", "<use/>", &["href"]),
        ("<image href='https://evil.example/x.png'/>", "<image/>", &["href"]),
        ("<image href='data:image/svg+xml;base64,AAAA'/>", "<image/>", &["href"]),
        ("<image href='data:image/png;base64,AAAA'/>", "<image href=\"data:image/png;base64,AAAA\"/>", &[]),
        ("<path fill='url(https://evil.example/x)'/>", "<path/>", &["fill"]),
        ("<path fill='url(#a)'/>", "<path fill=\"url(#a)\"/>", &[]),
        ("<path fill='\\75rl(//evil.example)'/>", "<path/>", &["fill"]),
        ("<path style='background: url(//evil.example)'/>", "<path/>", &["style"]),
        ("<path style='fill: red'/>", "<path style=\"fill: red\"/>", &[]),
        ("<style>@import '//evil.example/x.css';</style>", "<style/>", &["<style>"]),
        ("<style>.a { fill: url( \"//evil.example\" ) }</style>", "<style/>", &["<style>"]),
        ("<style>.a { fill: u&#x5c;72l(//evil.example) }</style>", "<style/>", &["<style>"]),
        ("<style><![CDATA[.a > .b { fill: red }]]></style>", "<style>.a &gt; .b { fill: red }</style>", &[]),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", "<animate/>", &["attributeName", "values"]),
        ("<set attributeName='xlink:href' to='x'/>", "<set to=\"x\"/>", &["attributeName"]),
        ("<set attributeName='onclick' to='alert(1)'/>", "<set to=\"alert(1)\"/>", &["attributeName"]),
        ("<animate attributeName='r' values='1;2'/>", "<animate attributeName=\"r\" values=\"1;2\"/>", &[]),
        ("<iframe src='//evil.example'/><rect/>", "<rect/>", &["<iframe>"]),
        ("<text>a &lt;script> &#38; b</text>", "<text>a &lt;script&gt; &amp; b</text>", &[]),
        ("<title>A &amp; B</title><metadata><x/></metadata>", "<title>A &amp; B</title>", &[]),
        ("<!-- <script>alert(1)</script> --><path/>", "<path/>", &[]),
        (
            "<path xmlns:i='urn:inkscape' i:label='x' id='p' xml:space='preserve'/>",
            "<path id=\"p\" xml:space=\"preserve\"/>",
            &[],
        ),
    ];
    for (content, expected, told) in cases {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{content}</svg>");
        let (published, removed) = published(&svg);
        let whole = match expected.is_empty() {
            true => "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_owned(),
            false => format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{expected}</svg>"),
        };
        assert_eq!(published, whole, "{content}");
        assert_eq!(removed, *told, "{content}");
    }
}

#[test]
fn a_style_sheet_before_an_svg_is_left_out() {
    let (svg, told) = published(
        "<?xml version='1.0'?><?xml-stylesheet href='//evil.example/x.css'?>\n<!DOCTYPE svg>\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\n",
    );
    assert_eq!(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert_eq!(told, ["<?xml-stylesheet?>", "onload"]);
}

#[test]
fn an_svg_that_is_none_is_told_with_its_line() {
    let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>\n<svg xmlns='http://www.w3.org/2000/svg'>\n<text>&b;</text></svg>";
    let deep = format!("<svg xmlns='http://www.w3.org/2000/svg'>{}", "<g>".repeat(100_000));
    for (svg, why) in [
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g>\n</svg>", "line 3"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g>", "the end is missing"),
        ("<html/>", "an SVG is one `svg` element"),
        ("", "the end is missing"),
        (laughs, "line 3 of it: `&b;` stands for something of its own"),
        (&deep, "too many elements in each other"),
    ] {
        let run = showing("team.svg", svg.as_bytes()).check();
        assert_only_error(&run, "broken-image", "content/spring/index.md:33:11", why);
    }
}

#[test]
fn a_drawing_has_the_size_that_it_says() {
    for (attributes, size) in [
        ("width='30' height='20'", Some(("30", "20"))),
        ("width='30px' height='20px' viewBox='0 0 3 2'", Some(("30", "20"))),
        ("viewBox='0 0 300 100'", Some(("1200", "400"))),
        ("viewBox='0,0,300,100' height='50'", Some(("150", "50"))),
        ("width='100%' height='100%'", None),
        ("viewBox='0 0 0 0'", None),
    ] {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
        let page: Page = showing("team.svg", svg.as_bytes()).build().clean().page("spring/");
        let image = page.the("img");
        let told =
            image.attributes.get("width").map(String::as_str).zip(image.attributes.get("height").map(String::as_str));
        assert_eq!(told, size, "{attributes}");
    }
}

#[test]
fn the_logo_is_cleaned_and_upright() {
    let site = Site::new().file("static/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>").edit(
        "site.yaml",
        "name: Kazi Ltd,",
        "logo: logo.svg, name: Kazi Ltd,",
    );
    let run = site.build();
    assert!(run.warning().place.starts_with("static/logo.svg:"), "{}", run.stderr);
    let page = run.page("prices/");
    let logo = page.all("img").next().unwrap().get("src").to_owned();
    assert_eq!(run.public(&logo[1..]), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert!(run.public("logo.svg").contains("<script/>"), "what lies in static/ is copied as it is");
}
