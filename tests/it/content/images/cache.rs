//! The image cache in `.tagline/images`: reuse, replacement and clean-up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::fixtures::{encoded, jpeg, noisy_image, published_images, site_showing};
use crate::support::{CAMPAIGN, Site, bytes_below};
use image::ImageFormat;
use tagline::images::cache::ImageCache;
use tagline::images::plan::{DerivedImage, Recipe};

fn cached(site: &Site) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let folder = site.path(".tagline/images");
    let files = bytes_below(&folder).into_iter();
    files.map(|(path, bytes)| (path.clone(), (modified(&folder.join(path)), bytes))).collect()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn image_variants_are_encoded_once() {
    let site = site_showing("team.jpg", &jpeg(1000, 500));
    site.build().clean();
    let first = cached(&site);
    assert_eq!(first.len(), 4);
    site.write(CAMPAIGN, site.read(CAMPAIGN).replace("Spring pricing", "Summer pricing"));
    site.build().clean();
    assert_eq!(cached(&site), first);
}

#[test]
fn image_cache_is_ignored_by_git() {
    let site = site_showing("team.jpg", &jpeg(1000, 500));
    assert!(!site.path(".gitignore").exists());
    site.build().clean();
    assert_eq!(site.read(".tagline/.gitignore"), "*\n");
}

#[test]
fn build_without_the_cache_has_the_same_output() {
    let site = site_showing("team.jpg", &jpeg(1000, 500))
        .bytes("content/spring/b.png", &encoded(noisy_image(600, 300), ImageFormat::Png));
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
fn changed_image_has_new_paths_and_old_variants_are_removed() {
    let site = site_showing("team.jpg", &jpeg(1000, 500));
    let before = published_images(&site.build().clean(), ".webp");
    let old = cached(&site);
    let site = site.bytes("content/spring/team.jpg", &jpeg(1000, 510));
    let after = published_images(&site.build().clean(), ".webp");
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|file| !before.contains(file)), "{before:?} {after:?}");
    let new = cached(&site);
    assert_eq!(new.len(), old.len());
    assert!(new.keys().all(|file| !old.contains_key(file)));
}

#[test]
fn identical_images_share_their_variants() {
    let bytes = jpeg(1000, 500);
    let site = site_showing("team.jpg", &bytes).bytes("content/copy.jpg", &bytes).edit(
        CAMPAIGN,
        "Read the",
        "![C](/copy.jpg) Read the",
    );
    site.build().clean();
    assert_eq!(cached(&site).len(), 4);
}

#[test]
fn partial_file_of_a_killed_process_is_removed() {
    let site = site_showing("team.jpg", &jpeg(1000, 500));
    let partial = site.path(".tagline/images/.99.0");
    fs::create_dir_all(partial.parent().unwrap()).unwrap();
    fs::write(&partial, "half of a pict").unwrap();
    fs::File::options()
        .write(true)
        .open(&partial)
        .unwrap()
        .set_modified(SystemTime::now() - Duration::from_secs(7200))
        .unwrap();
    site.build().clean();
    assert!(!partial.exists());
    assert_eq!(cached(&site).len(), 4);
}

#[test]
fn image_that_changes_while_it_is_read_is_not_cached() {
    // The file is saved while it is being served.
    let site = site_showing("team.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    let (from, digest) = (site.path("content/spring/team.svg"), tagline::digest::digest(b"what it was before"));
    let cache = ImageCache::new(&site.root());
    assert!(
        cache.content(&DerivedImage { source: from, source_digest: digest, recipe: Recipe::SanitizedSvg }).is_err()
    );
    assert!(!site.path(".tagline").exists());
}
