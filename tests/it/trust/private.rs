//! Files and facts that are published by accident.

use crate::support::{CAMPAIGN, SITE, Site, assert_only_error};

/// Exif with a GPS position, as in the metadata of every format.
fn exif_with_position() -> Vec<u8> {
    let short = |n: u16| n.to_le_bytes();
    let long = |n: u32| n.to_le_bytes();
    let directory =
        |tag: u16, value: u32| [&short(1)[..], &short(tag), &short(4), &long(1), &long(value), &long(0)].concat();
    [b"II*\0".to_vec(), long(8).to_vec(), directory(0x8825, 26), directory(2, 0)].concat()
}

/// A JPEG with metadata.
fn jpeg(metadata: &[u8]) -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([200, 120, 40]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    let content = [b"Exif\0\0", metadata].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], b"\xff\xe1", &length, &content, &bytes[2..]].concat()
}

/// A file that is recognized as AVIF, with metadata.
fn avif(metadata: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", metadata].concat()
}

#[test]
fn private_files_in_static_are_errors_and_nothing_is_published() {
    for file in [".git/config", ".env", "id_rsa", ".x.swp", "a.bak", "backup/.htpasswd", "notes.txt~", "keys/site.pem"]
    {
        let site = Site::new().file(&format!("static/{file}"), "x");
        for run in [site.check(), site.build()] {
            let part = if file.starts_with(".git") { "static/.git".to_owned() } else { format!("static/{file}") };
            assert_only_error(&run, "private-file", &part, "would be public");
        }
        assert!(site.output().is_empty(), "{file}");
    }
}

#[test]
fn well_known_files_are_published_and_private_ones_can_be_allowed() {
    let site = Site::new()
        .file("static/.well-known/security.txt", "Contact: mailto:security@kazi.example\n")
        .file("static/.well-known/a.pem", "x")
        .file("static/.nojekyll", "");
    let run = site.build().clean();
    assert!(run.has(".well-known/security.txt") && run.has(".well-known/a.pem") && run.has(".nojekyll"));
    let allowed = Site::new().file("static/a.bak", "x").edit(SITE, "title:", "rules: { private-file: allow }\ntitle:");
    assert!(allowed.build().clean().has("a.bak"));
}

#[test]
fn folder_of_a_repository_is_reported_once() {
    let files = ["HEAD", "config", "objects/ab/cd", "refs/heads/main"];
    let site = files.iter().fold(Site::new(), |site, file| site.file(&format!("static/.git/{file}"), "x"));
    assert_only_error(&site.check(), "private-file", "static/.git", "the history of a repository");
}

#[test]
fn position_in_a_linked_picture_is_reported_at_the_link() {
    let linked = |name: &str, bytes: &[u8]| {
        let site = Site::new().bytes(&format!("content/spring/{name}"), bytes);
        site.edit(CAMPAIGN, "Read the", &format!("[A photograph]({name}) Read the"))
    };
    for (name, bytes) in [("a.jpg", jpeg(&exif_with_position())), ("a.avif", avif(&exif_with_position()))] {
        let site = linked(name, &bytes);
        for run in [site.check(), site.build()] {
            run.warning().assert("picture-position", "content/spring/index.md:33:16", &["exiftool"]);
        }
    }
    linked("a.jpg", &jpeg(b"")).check().clean();
}

#[test]
fn position_in_a_picture_that_is_published_unchanged_is_reported_where_it_is_shown() {
    let site = Site::new().bytes("content/spring/a.avif", &avif(&exif_with_position())).edit(
        CAMPAIGN,
        "Read the",
        "![A photograph](a.avif) Read the",
    );
    site.check().warning().assert("picture-position", "content/spring/index.md:33:17", &["its GPS position"]);
    // A page shows a still picture without its metadata.
    let still = Site::new().bytes("content/spring/a.jpg", &jpeg(&exif_with_position())).edit(
        CAMPAIGN,
        "Read the",
        "![A photograph](a.jpg) Read the",
    );
    let run = still.check();
    assert!(!run.stderr.contains("picture-position"), "{}", run.stderr);
}

#[test]
fn position_in_static_is_reported_at_the_file() {
    let site = Site::new().bytes("static/press/a.jpg", &jpeg(&exif_with_position()));
    site.check().warning().assert("picture-position", "static/press/a.jpg", &["published unchanged"]);
}
