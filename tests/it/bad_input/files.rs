//! Files with a wrong encoding, and symlinks that leave the site.

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, PAGE, PAGE_TEXT, SITE, SITE_TEXT, Site, assert_only_error};

#[test]
fn file_that_is_not_utf8_is_an_error_at_the_first_invalid_byte() {
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    for (file, bytes, at) in [
        (PAGE, &b"---\ntitle: Caf\xe9\n---\n"[..], "2:11"),
        (PAGE, &b"---\ntitle: Cafe\n---\n\n# Caf\xe9\n"[..], "5:6"),
        (PAGE, &b"\xff\xfe-\0-\0-\0"[..], "1:1"),
    ] {
        let good = site.read(file);
        site.write(file, bytes);
        assert_only_error(&site.build(), "not-utf8", &format!("{file}:{at}"), "save the file with the encoding UTF-8");
        site.write(file, good);
    }
    assert_eq!(site.output(), before);
    let site = site.bytes(SITE, b"title: Caf\xe9\n");
    assert_only_error(&site.build(), "not-utf8", "site.yaml:1:11", "save the file with the encoding UTF-8");
}

#[test]
fn byte_order_marks_and_windows_line_endings_change_nothing() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let plain = Site::new();
    let site = Site::new()
        .file(SITE, &windows(SITE_TEXT))
        .file(PAGE, &windows(PAGE_TEXT))
        .file(CAMPAIGN, &windows(CAMPAIGN_TEXT));
    plain.build().clean();
    site.build().clean();
    assert_eq!(site.output(), plain.output());
}

#[cfg(unix)]
#[test]
fn symlink_that_leaves_the_site_is_an_error() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let outside = site.root().parent().unwrap().join("outside");
    std::fs::create_dir_all(outside.join("folder")).unwrap();
    std::fs::write(outside.join("secret.md"), "---\ntitle: Secret\n---\n").unwrap();
    for (at, to) in [
        ("content/secret.md", outside.join("secret.md")),
        ("content/secret.pdf", outside.join("secret.md")),
        ("content/sales.md", outside.join("secret.md")),
        ("content/folder", outside.join("folder")),
        ("content/all", outside.clone()),
        ("static/secret.txt", outside.join("secret.md")),
        ("themes/launch/page.html", outside.join("secret.md")),
        ("content/relative.md", "../../outside/secret.md".into()),
        ("content/etc", "/etc".into()),
        ("content/loop", "../content".into()),
        ("content/itself", "itself".into()),
        ("content/nowhere", "nothing-here".into()),
    ] {
        let link = site.path(at);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&to, &link).unwrap();
        let run = site.build();
        std::fs::remove_file(&link).unwrap();
        assert_only_error(&run, "bad-symlink", at, "cop");
        assert_eq!(site.output(), before, "{at}");
    }
}

#[cfg(unix)]
#[test]
fn folder_of_the_site_that_is_a_symlink_out_of_it_is_an_error() {
    for name in ["content", "static", "themes", "site.yaml", "lead-tags.csv"] {
        let site = Site::new().file("static/a.txt", "a").file("themes/launch/blocks/x.html", "x");
        site.build().clean();
        let outside = site.root().parent().unwrap().join(name);
        std::fs::rename(site.path(name), &outside).unwrap();
        std::os::unix::fs::symlink(&outside, site.path(name)).unwrap();
        let run = site.build().failed(1);
        let is_reported =
            run.problems().into_iter().any(|problem| problem.rule == "bad-symlink" && problem.place == name);
        assert!(is_reported, "{name}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn symlink_within_the_site_is_followed() {
    let site = Site::new();
    std::os::unix::fs::symlink("prices.md", site.path("content/costs.md")).unwrap();
    let run = site.build().clean();
    assert_eq!(run.page("costs/").the("h1").text, "Prices");
}
