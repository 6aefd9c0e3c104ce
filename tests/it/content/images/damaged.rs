//! Damaged images, and images that are far too large.

use std::time::{Duration, Instant};

use super::fixtures::{encoded, noisy_image, png_chunk, site_showing};
use crate::support::{CAMPAIGN, Site};
use image::{ImageFormat, RgbImage};

#[test]
fn check_reports_a_damaged_image_and_writes_nothing() {
    let mut bytes = encoded(noisy_image(400, 300), ImageFormat::Png);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    let site = site_showing("team.png", &bytes);
    site.check().error().assert(
        "broken-image",
        "content/spring/index.md:33:11",
        &["`content/spring/team.png` is not a valid image"],
    );
    assert!(!site.path(".tagline").exists());
    site_showing("team.png", &encoded(noisy_image(400, 300), ImageFormat::Png)).check().clean();
}

#[test]
fn truncated_image_is_an_error_at_its_use() {
    for (name, format) in
        [("team.jpg", ImageFormat::Jpeg), ("team.png", ImageFormat::Png), ("team.webp", ImageFormat::WebP)]
    {
        let bytes = encoded(noisy_image(400, 300), format);
        let site = site_showing(name, &bytes[..bytes.len() * 2 / 3]);
        let run = site.build();
        run.error().assert("broken-image", "content/spring/index.md:33:11", &["the end of", "is missing"]);
        assert!(!site.path("public").exists());
    }
}

#[test]
fn broken_image_is_reported_once_for_all_its_uses() {
    let site = site_showing("team.jpg", b"not a picture").edit(CAMPAIGN, "ctas:\n", "image: team.jpg\nctas:\n");
    let site = site.file("content/more.md", "---\ntitle: More\n---\n\n![a](/spring/team.jpg) ![b](/spring/team.jpg)\n");
    site.build().error().assert("broken-image", "content/spring/index.md:10:8", &["is not a valid"]);
}

#[test]
fn file_that_is_not_an_image_is_an_error() {
    let site = site_showing("notes.txt", b"no picture");
    site.check().error().assert(
        "broken-image",
        "content/spring/index.md:33:11",
        &["`content/spring/notes.txt` is not a valid image"],
    );
}

/// A decompression bomb: a small file of zeros that expands a thousandfold.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let image = encoded(RgbImage::new(1000, 1000), ImageFormat::Png);
    [&image[..8], &png_chunk(b"IHDR", &header), &image[33..]].concat()
}

#[test]
fn image_bomb_is_rejected_by_its_header() {
    for (width, height) in [(50_000, 50_000), (2_147_483_647, 2_147_483_647), (100_001, 1000)] {
        let site = site_showing("team.png", &bomb(width, height));
        let started = Instant::now();
        site.check().error().assert(
            "image-too-large",
            "content/spring/index.md:33:11",
            &[&format!("{width} × {height} pixels")],
        );
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn image_with_too_little_data_is_rejected_quickly() {
    let site = site_showing("team.png", &bomb(9_000, 9_000));
    let started = Instant::now();
    site.build().error().assert("broken-image", "content/spring/index.md:33:11", &["is not a valid"]);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn damaged_images_never_cause_a_panic() {
    let mut rng = fastrand::Rng::with_seed(20_270_315);
    let small =
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP].map(|format| encoded(noisy_image(40, 30), format));
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
    // At most 100 problems are reported.
    assert_eq!(problems.len(), 100, "{}", problems.len());
    for problem in problems {
        assert!(["broken-image", "image-too-large"].contains(&&*problem.rule), "{}", problem.text);
    }
}
