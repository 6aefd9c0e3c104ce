//! `organization.icon`: its sizes in the head of every page, and icons that cannot be used.

use super::fixtures::{SECRET, encoded, jpeg, noisy_image, open_image, with_chunk};
use crate::support::{SITE, Site};
use image::{GenericImageView, ImageFormat};

fn with_icon(name: &str, bytes: &[u8]) -> Site {
    Site::edited(SITE, "name: Kazi Ltd,", &format!("name: Kazi Ltd, icon: {name},"))
        .bytes(&format!("static/{name}"), bytes)
}

/// `rel`, `sizes` and address of each icon of a page.
fn icons(site: &Site, page: &str) -> Vec<(String, String, String)> {
    let page = site.build().clean().page(page);
    let icons = page.all("link").filter(|link| link.get("rel").ends_with("icon"));
    let facts = |link: &crate::support::html::Element| {
        let sizes = link.attributes.get("sizes").cloned().unwrap_or_default();
        (link.get("rel").to_owned(), sizes, link.get("href").to_owned())
    };
    icons.map(facts).collect()
}

#[test]
fn png_is_published_in_the_sizes_of_tabs_and_phones_without_metadata() {
    let png = with_chunk(&encoded(noisy_image(512, 512), ImageFormat::Png), b"tEXt", &[b"Comment\0", SECRET].concat());
    let site = with_icon("icon.png", &png);
    site.check().clean();
    for page in ["prices/", "spring/via/acme/", "404.html"] {
        let icons = icons(&site, page);
        let kinds: Vec<_> = icons.iter().map(|(rel, sizes, _)| (rel.as_str(), sizes.as_str())).collect();
        assert_eq!(kinds, [("icon", "32x32"), ("apple-touch-icon", "180x180"), ("icon", "192x192")], "{page}");
        for (_, sizes, address) in icons {
            let (width, _) = sizes.split_once('x').unwrap();
            let file = address.strip_prefix('/').unwrap();
            assert_eq!(open_image(&site, file).dimensions().0.to_string(), width);
            let bytes = std::fs::read(site.path("public").join(file)).unwrap();
            assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET), "{file}");
        }
    }
}

#[test]
fn svg_is_one_file_for_all_sizes() {
    let site =
        with_icon("icon.svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>");
    site.check().clean();
    let icons = icons(&site, "prices/");
    assert_eq!(icons.len(), 1);
    assert_eq!((icons[0].0.as_str(), icons[0].1.as_str()), ("icon", "any"));
    assert!(site.build().public(icons[0].2.strip_prefix('/').unwrap()).contains("<path"));
}

#[test]
fn site_without_an_icon_has_that_of_the_theme() {
    let icons = icons(&Site::new(), "prices/");
    assert_eq!(icons.len(), 1);
    assert!(icons[0].2.starts_with("/theme/favicon."), "{icons:?}");
}

#[test]
fn icon_that_is_no_png_or_svg_is_an_error() {
    for (name, bytes, rule, text) in [
        ("icon.gif", encoded(noisy_image(64, 64), ImageFormat::Gif), "broken-image", "cannot be an icon"),
        ("icon.png", b"no picture".to_vec(), "broken-image", "icon.png"),
        ("icon.pdf", b"%PDF-1.7 an icon %%EOF".to_vec(), "broken-image", "icon.pdf"),
    ] {
        let run = with_icon(name, &bytes).build().failed(1);
        let problem = &run.problems()[0];
        assert_eq!(problem.rule, rule, "{}", problem.text);
        assert!(problem.text.contains(text) && problem.place.starts_with("site.yaml:4:"), "{}", problem.text);
    }
    let missing = Site::edited(SITE, "name: Kazi Ltd,", "name: Kazi Ltd, icon: ikon.png,").build().error();
    missing.assert("broken-link", "site.yaml:4:39", &["no file `ikon.png`"]);
}

#[test]
fn icon_that_is_not_square_or_too_small_is_a_warning_of_check() {
    for (width, height, text) in [(512, 400, "not square"), (64, 64, "too small for phones"), (16, 16, "too small")] {
        let site = with_icon("icon.png", &encoded(noisy_image(width, height), ImageFormat::Png));
        site.build().clean();
        let warning = site.check().warning();
        assert_eq!(warning.rule, "unsuitable-icon");
        assert!(
            warning.text.contains(text) && warning.text.contains(&format!("{width} × {height}")),
            "{}",
            warning.text
        );
    }
    with_icon("icon.jpg", &jpeg(192, 192)).check().clean();
}

#[test]
fn changed_icon_changes_every_page() {
    let site = with_icon("icon.png", &encoded(noisy_image(512, 512), ImageFormat::Png));
    let before = site.build().public("prices/");
    site.write("static/icon.png", encoded(noisy_image(400, 400), ImageFormat::Png));
    assert_ne!(site.build().public("prices/"), before);
}
