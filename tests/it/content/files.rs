//! Published files: their content, their names, files of the author's own in place of Tagline's, and names in another
//! Unicode form.

use crate::support::{CAMPAIGN, PAGE, SITE, Site};

const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 248512\n";

/// The small site, whose campaign also has this text.
fn with_text(text: &str) -> Site {
    Site::edited(CAMPAIGN, "Read the", &format!("{text} Read the"))
}

#[test]
fn pointer_or_empty_file_is_an_error_wherever_it_is_published() {
    for content in [LFS_POINTER, "", "../shared/guide.pdf"] {
        // Behind a form.
        let site = Site::new().file("content/spring/guide.pdf", content);
        let problem = site.build().error();
        assert_eq!(problem.rule, "missing-content");
        assert!(problem.place.starts_with(CAMPAIGN), "{}", problem.text);
        assert!(!site.path("public").exists());
        let of_lfs = problem.text.contains("git lfs pull") && problem.text.contains("in CI");
        assert_eq!(of_lfs, content == LFS_POINTER, "{}", problem.text);
    }
    for (text, file) in
        [("[List](list.pdf)", "content/spring/list.pdf"), ("![Team](team.jpg)", "content/spring/team.jpg")]
    {
        let run = with_text(text).file(file, LFS_POINTER).build();
        let problem = run.error();
        assert!(problem.place.starts_with("content/spring/index.md:33:"), "{}", problem.text);
        assert!(problem.rule == "missing-content" && problem.text.contains("`git lfs pull`"), "{}", problem.text);
        assert!(!problem.text.contains("save it again"), "{}", problem.text);
    }
    for file in ["static/list.pdf", "themes/launch/assets/logo.png", "content/other.md", "static/index.html"] {
        let run = Site::new().file(file, LFS_POINTER).build();
        let problems = run.failed(1).problems();
        assert!(problems.iter().any(|problem| problem.rule == "missing-content" && problem.place == file), "{file}");
    }
    let notes = "content/spring/sales.md";
    let site = Site::new().file("content/spring/deck.pdf", LFS_POINTER);
    let text = site.read(notes);
    let site = site.file(notes, &format!("{text}\n[Deck](deck.pdf)\n"));
    assert_eq!(site.build().error().rule, "missing-content");
}

#[test]
fn file_that_nobody_gets_is_not_inspected() {
    let site = Site::new()
        .file("content/unused.pdf", LFS_POINTER)
        .file("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\n\n[List](list.pdf)\n")
        .file("content/list.pdf", "")
        .file("static/.nojekyll", "")
        .file("static/.well-known/proof.txt", "")
        .file("static/CNAME", "kazi.example");
    site.build().clean();
}

#[test]
fn content_that_contradicts_the_extension_is_a_warning() {
    let html = "<!DOCTYPE html><title>Sign in</title>";
    let site = Site::new().file("content/spring/guide.pdf", html);
    let words = ["is an HTML page, not a PDF", "sign-in or error page"];
    site.build().warning().assert("wrong-file-format", "content/spring/index.md:21:13", &words);
    for (file, content, words) in [
        ("static/a.zip", html, "is an HTML page, not a ZIP file"),
        ("static/a.docx", "%PDF-1.4", "rename it to `a.pdf`"),
        ("static/a.csv", "PK\u{3}\u{4}", "is a ZIP file, not a text"),
        ("static/a.mp4", "{\"error\": 403}", "is a text, not an MP4 video"),
    ] {
        Site::new().file(file, content).build().warning().assert("wrong-file-format", file, &[words]);
    }
}

#[test]
fn file_without_its_end_is_a_warning() {
    let filler = "x".repeat(2000);
    let site = Site::new().file("content/spring/guide.pdf", &format!("%PDF-1.7\n{filler}"));
    let words = ["is a PDF without its end", "copy it here again"];
    site.build().warning().assert("wrong-file-format", "content/spring/index.md:21:13", &words);
    let site = Site::new().file("static/a.docx", &format!("PK\u{3}\u{4}{filler}"));
    site.build().warning().assert("wrong-file-format", "static/a.docx", &["is a ZIP file without its end"]);
    Site::new().file("static/a.docx", &format!("PK\u{3}\u{4}{filler}PK\u{5}\u{6}{}", "\0".repeat(18))).build().clean();
    Site::new().file("static/a.pdf", &format!("%PDF-1.7\n{filler}\n%%EOF\n")).build().clean();
}

#[test]
fn picture_that_browsers_do_not_show_is_an_error_with_the_format() {
    for (name, content, words) in [
        ("a.heic", &b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "HEIC picture"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC picture"),
        ("a.tif", b"II*\0\x08\0\0\0", "is a TIFF picture"),
        ("a.psd", b"8BPS\0\x01\0\0\0\0", "is a Photoshop file"),
        ("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0", "is a PostScript file"),
        ("a.pdf", b"%PDF-1.7", "is not a valid image, but a PDF"),
    ] {
        let site = with_text(&format!("![A]({name})")).bytes(&format!("content/spring/{name}"), content);
        site.build().error().assert("broken-image", "content/spring/index.md:33:6", &[words]);
    }
}

#[test]
fn position_in_a_video_is_reported() {
    let video = b"\0\0\0\x14ftypqt  \0\0\0\0qt  ....\xa9xyz\0\x12\x15\xc7+51.45-002.58/";
    Site::new().bytes("static/tour.mov", video).build().warning().assert("picture-position", "static/tour.mov", &[]);
}

#[test]
fn name_that_breaks_elsewhere_is_a_warning() {
    for name in [
        "50% off.pdf",
        "what#now.pdf",
        "aux.pdf",
        "list.pdf ",
        "10:30.pdf",
        "a*b.pdf",
        "\"a\".pdf",
        "a\u{200b}b.pdf",
        "gu\u{456}de.pdf",
        "\u{ff47}uide.pdf",
    ] {
        let file = format!("static/{name}");
        let run = Site::new().file(&file, "%PDF-1.4").build();
        assert_eq!(run.warning().rule, "unsafe-file-name", "{name}");
    }
    for name in ["Été & more (1), v2.pdf", "Screenshot 10.00\u{202f}AM.pdf", "Guide – 2027.pdf", "Прайс.pdf"] {
        Site::new().file(&format!("static/{name}"), "%PDF-1.4").build().clean();
    }
    let run = with_text("[List](<a*b.pdf>)").file("content/spring/a*b.pdf", "%PDF-1.4").build();
    run.warning().assert("unsafe-file-name", "content/spring/a*b.pdf", &["no name on Windows has `*`"]);
}

#[test]
fn name_that_gets_too_long_is_an_error_of_the_author() {
    let name = format!("{}.svg", "x".repeat(250));
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    let site = with_text(&format!("![X]({name})")).file(&format!("content/spring/{name}"), svg);
    assert_eq!(site.build().error().rule, "bad-file-name");
    Site::new().edit(PAGE, "title: Prices", &format!("title: Prices\nslug: {}", "x".repeat(300))).build().failed(1);
}

#[test]
fn own_robots_txt_takes_the_place_of_tagline_s() {
    let text = "User-agent: *\nDisallow: /internal/\nsitemap:  https://kazi.example/sitemap.xml # all pages\n";
    let site = Site::new().file("static/robots.txt", text);
    assert_eq!(site.build().clean().public("robots.txt"), text);
    let run = site.run(&["build", "--preview"]).clean();
    assert!(run.public("robots.txt").contains("Disallow: /\n"));
    let hidden = text.replace("/internal/", "/");
    let site = Site::new().file("static/robots.txt", &hidden);
    let words = ["hides the whole site from search engines"];
    site.build().warning().assert("hidden-from-search", "static/robots.txt:2:1", &words);
    site.run(&["build", "--preview"]).clean();
    let site = Site::new().file("static/robots.txt", "User-agent: *\nAllow: /\n");
    let words = ["add the line `Sitemap: https://kazi.example/sitemap.xml`"];
    site.build().warning().assert("robots-without-sitemap", "static/robots.txt", &words);
}

#[test]
fn own_404_page_takes_the_place_of_the_theme_s() {
    let site = Site::new().file("static/404.html", "<!doctype html><title>Gone</title>\n");
    assert_eq!(site.build().clean().public("404.html"), "<!doctype html><title>Gone</title>\n");
    let site = Site::new().file("static/sitemap.xml", "<urlset/>\n");
    site.build().error().assert("path-clash", "static/sitemap.xml", &["delete it: Tagline lists all pages"]);
}

#[test]
fn file_is_found_by_its_letters_in_any_unicode_form() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    for (stored, written) in [(composed, decomposed), (decomposed, composed)] {
        let text = format!("[Menu]({written}.pdf) [Page](/{written}.md#{written}) [Static](/{written}.txt)");
        let site = with_text(&text)
            .file(&format!("content/spring/{stored}.pdf"), "%PDF-1.4")
            .file(&format!("content/{stored}.md"), &format!("---\ntitle: C\n---\n\n# C {{#{stored}}}\n"))
            .file(&format!("static/{stored}.txt"), "menu");
        let run = site.build().clean();
        assert!(run.has(&format!("spring/{stored}.pdf")) && run.has(&format!("{stored}.txt")));
        let anchor = run.public("spring/");
        assert!(anchor.contains(&format!("/cafe/#{stored}")), "{anchor}");
    }
}

#[test]
fn alias_is_a_file_only_if_browsers_read_it_as_a_page() {
    let aliases = "[/v1.2, /company-inc., /old.html, /OLD2.HTM, /offer.php, /feed.rss]";
    let site = Site::edited(PAGE, "title: Prices", &format!("title: Prices\naliases: {aliases}"));
    let run = site.build().clean();
    for file in [
        "v1.2/index.html",
        "company-inc./index.html",
        "old.html",
        "OLD2.HTM",
        "offer.php/index.html",
        "feed.rss/index.html",
    ] {
        assert!(run.has(file), "{file}");
    }
}

#[test]
fn path_with_the_name_of_its_folder_is_an_error_with_the_path_to_write() {
    for (written, meant) in
        [("/static/list.pdf", "/list.pdf"), ("static/list.pdf", "/list.pdf"), ("/content/prices.md", "/prices.md")]
    {
        let site = with_text(&format!("[List]({written})")).file("static/list.pdf", "%PDF-1.4");
        let help = format!("write `{meant}`: the folder is no part of the path");
        site.build().error().assert("broken-link", "content/spring/index.md:33:8", &[&help]);
    }
}

#[test]
fn file_that_icloud_has_not_downloaded_is_named() {
    let site = with_text("[List](list.pdf)").file("content/spring/.list.pdf.icloud", "bplist00");
    site.build().error().assert("broken-link", "content/spring/index.md:33:8", &["iCloud has not downloaded it"]);
    let site = Site::edited(SITE, "title:", "# the site\ntitle:").file("static/.list.pdf.icloud", "bplist00");
    assert_eq!(site.build().error().rule, "missing-content");
}
