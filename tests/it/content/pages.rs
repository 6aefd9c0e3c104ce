//! The rules of `check` about search results, readability and accessibility: the location of each warning, and correct
//! pages without warnings.

use crate::support::Site;

const ABOUT: &str = "content/about.md";
const FRONT: &str = "---\ntitle: About us\nsummary: Who we are.\n---\n\n";

/// The small site with the page `/about/`.
fn site_with(body: &str) -> Site {
    Site::new().file(ABOUT, &format!("{FRONT}{body}"))
}

#[track_caller]
fn assert_reported(site: &Site, expected: &[&str]) {
    assert_eq!(site.check().ok().rules_with_places(), expected);
}

#[test]
fn scheduled_page_is_checked_and_draft_is_not() {
    let with = |key: &str| Site::new().file(ABOUT, &format!("---\ntitle: About us\n{key}\n---\n"));
    assert_reported(&with("starts: 2027-05-01"), &["missing-summary content/about.md:2:8"]);
    let draft = with("draft: true");
    assert_reported(&draft, &[]);
    assert_eq!(draft.run(&["check", "--preview"]).rules_with_places(), ["missing-summary content/about.md:2:8"]);
    assert_reported(&with("starts: 2027-02-01\nends: 2027-02-28"), &[]);
}

#[test]
fn duplicate_title_is_one_warning_with_all_its_pages() {
    let mut site = Site::new();
    for page in ["a", "b", "c", "d", "e", "f", "g"] {
        let text =
            format!("---\ntitle: Our  {}\nsummary: Page {page}.\n---\n", if page == "a" { "OFFER" } else { "offer" });
        site = site.file(&format!("content/{page}.md"), &text);
    }
    let run = site.check().ok();
    assert_eq!(run.rules_with_places(), ["duplicate-title content/b.md:2:8"]);
    let text = &run.problems()[0].text;
    for part in ["7 pages have the same title", "content/a.md:2:8", "and 2 more pages"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn truncated_part_of_a_long_title_is_marked() {
    let title = "How growing companies in East Africa fill an open role in nineteen days";
    let site = Site::new().file(ABOUT, &format!("---\ntitle: {title}\nsummary: Who we are.\n---\n"));
    let run = site.check().ok();
    assert_eq!(run.rules_with_places(), ["truncated-in-results content/about.md:2:75"]);
    let text = &run.problems()[0].text;
    assert!(text.contains("^^^^ cut off after `in nineteen`"), "{text}");
}

#[test]
fn long_multiline_summary_is_marked_at_its_first_line() {
    let summary = "  We hire for a living.\n".repeat(9);
    let site = Site::new().file(ABOUT, &format!("---\ntitle: About us\nsummary: >\n{summary}---\n"));
    assert_eq!(site.check().ok().rules_with_places().len(), 1);
}

#[test]
fn skipped_heading_level_is_a_warning() {
    assert_reported(&site_with("## A\n\n### B\n\n## C\n\n#### D\n"), &["heading-order content/about.md:12:1"]);
    assert_reported(&site_with("# A\n\n## B\n\n# C\n"), &["heading-order content/about.md:10:1"]);
    // The title is a heading above the body.
    assert_reported(&site_with("### A\n"), &["heading-order content/about.md:6:1"]);
    assert_reported(&site_with("## A\n\n::: hero\n### B\n:::\n\n## C\n"), &[]);
}

#[test]
fn image_without_alt_text_is_a_warning() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let site = site_with("![](a.png) ![A dog](a.png)\n").bytes("content/a.png", png.get_ref());
    assert_reported(&site, &["missing-alt content/about.md:6:5"]);
    let site = site.edit(ABOUT, "![](a.png) ", "").edit(ABOUT, "summary", "image: a.png\nsummary");
    assert_reported(&site, &["missing-alt content/about.md:3:8"]);
    assert_reported(&site.edit(ABOUT, "summary", "image_alt: A dog\nsummary"), &[]);
}

/// An animated GIF of this width, padded to a number of bytes.
fn gif(width: u16, bytes: usize) -> Vec<u8> {
    let frame = b",\0\0\0\0\x03\0\x02\0\0\x02\x03D\x02\x05\0";
    let size = [width.to_le_bytes(), 10_u16.to_le_bytes()].concat();
    let mut gif = [b"GIF89a", &size[..], b"\x80\0\0\0\0\0\xff\xff\xff", frame, frame, b";"].concat();
    gif.resize(bytes.max(gif.len()), 0);
    gif
}

#[test]
fn animation_with_too_many_pixels_or_bytes_is_one_warning() {
    let site = site_with("![A](/a.gif)\n").edit(ABOUT, "summary", "image: /a.gif\nimage_alt: A\nsummary");
    let with = |gif: Vec<u8>| site.write("content/a.gif", gif);
    with(gif(2560, 500_000));
    assert_reported(&site, &[]);
    with(gif(2561, 64));
    let run = site.check().ok();
    assert_eq!(run.rules_with_places(), ["heavy-image content/about.md:3:8"]);
    let text = &run.problems()[0].text;
    assert!(text.contains("2561 pixels wide and has 1 kB") && text.contains("also shown here"), "{text}");
    with(gif(100, 1_250_000));
    assert!(site.check().ok().problems()[0].text.contains("100 pixels wide and has 1.2 MB"));
}

#[test]
fn large_photo_is_scaled_down_without_a_warning() {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3000, 10).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let mut jpeg = jpeg.into_inner();
    jpeg.resize(600_000, 0);
    assert_reported(&site_with("![A](/a.jpg)\n").bytes("content/a.jpg", &jpeg), &[]);
}

#[test]
fn vague_link_text_is_marked_at_the_text() {
    let body = "See [here](/prices.md), [*More*](/prices.md), <https://a.co.ke/> and [](/prices.md).\n";
    let at = |column: usize| format!("vague-link-text content/about.md:6:{column}");
    let expected = [at(6), at(34), at(48), at(73)];
    assert_eq!(site_with(body).check().ok().rules_with_places(), expected);
    assert_reported(&site_with("[Our prices](/prices.md), [](cta:spring/save) and <hello@kazi.example>.\n"), &[]);
}

#[test]
fn low_contrast_in_a_stylesheet_is_a_warning() {
    let accent = "theme_options: { accent: \"#ffee00\" }\nchannels:\n";
    assert_reported(&Site::new().edit("site.yaml", "channels:\n", accent), &[]);
    let sheet = "themes/launch/assets/more.css";
    let site = Site::new().file(sheet, "p { color: #ddd; background: #fff }\n");
    assert_reported(&site, &["low-contrast themes/launch/assets/more.css:1:1"]);
}

const LIVE: &str = "base_url: https://kazi.co.ke/";

/// A live site with one page and no placeholders.
fn live(body: &str) -> Site {
    let site = Site::new().remove("content").file("site.yaml", &format!("title: Kazi\n{LIVE}\n"));
    site.file("content/index.md", &format!("{FRONT}{body}"))
}

#[test]
fn placeholders_are_a_warning_only_in_a_live_site() {
    let site = live("Lorem ipsum dolor. `TODO`\n\nFrom **TBD** on: [shop](https://shop.example.com/).\n");
    let site_with = |place: &str| format!("placeholder content/index.md:{place}");
    assert_eq!(site.check().ok().rules_with_places(), [site_with("6:1"), site_with("8:8"), site_with("8:25")]);
    assert_reported(&site.edit("site.yaml", LIVE, "base_url: https://kazi.example/"), &[]);
    assert_reported(&live("Fill in this form, for example: todo lists, size XXL.\n"), &[]);
}

#[test]
fn example_destination_in_a_live_site_is_a_placeholder() {
    let site = live("A.\n");
    let text = site.read("site.yaml");
    let more = "leads: { owner: ada@kazi.example }  # TODO: ask Ada\ndestinations:\n  crm: { endpoint: https://example.com/leads }\n";
    let site = site.file("site.yaml", &format!("{text}{more}"));
    assert_reported(&site, &["placeholder site.yaml:3:17", "placeholder site.yaml:5:20"]);
}

#[test]
fn placeholders_of_a_new_page_are_reported_after_it_is_no_longer_a_draft() {
    for (kind, minimum) in
        [("coupon", 3), ("download", 3), ("booking", 3), ("contact", 2), ("event", 2), ("article", 2)]
    {
        let site = live("A.\n");
        site.run(&["new", "spring-offer", "--kind", kind]).ok();
        assert_reported(&site, &[]);
        let site = site.edit("content/spring-offer/index.md", "draft: true\n", "");
        let run = site.check().ok();
        let reported = run.problems().iter().filter(|problem| problem.rule == "placeholder").count();
        assert!(reported >= minimum, "{kind}: {}", run.stderr);
    }
}
