//! What `check` says of pages as searchers, readers and screen readers meet them: each rule at its place, and silence
//! where there is nothing to mend.

use crate::support::{Run, Site};

const PAGE: &str = "content/about.md";
const FRONT: &str = "---\ntitle: About us\nsummary: Who we are.\n---\n\n";

/// The site of all tests with one page more.
fn page(body: &str) -> Site {
    Site::new().file(PAGE, &format!("{FRONT}{body}"))
}

/// `rule file:line:column` of each problem.
fn told(run: &Run) -> Vec<String> {
    run.problems().iter().map(|problem| format!("{} {}", problem.rule, problem.place)).collect()
}

#[track_caller]
fn assert_told(site: &Site, expected: &[&str]) {
    assert_eq!(told(&site.check().ok()), expected);
}

#[test]
fn a_page_that_goes_out_by_itself_is_held_to_the_rules_before_its_day_and_a_draft_is_not() {
    let with = |key: &str| Site::new().file(PAGE, &format!("---\ntitle: About us\n{key}\n---\n"));
    assert_told(&with("starts: 2027-05-01"), &["missing-summary content/about.md:2:8"]);
    let draft = with("draft: true");
    assert_told(&draft, &[]);
    assert_eq!(told(&draft.run(&["check", "--preview"])), ["missing-summary content/about.md:2:8"]);
    assert_told(&with("starts: 2027-02-01\nends: 2027-02-28"), &[]);
}

#[test]
fn a_title_that_several_pages_share_is_told_once_with_all_of_them() {
    let mut site = Site::new();
    for page in ["a", "b", "c", "d", "e", "f", "g"] {
        let text =
            format!("---\ntitle: Our  {}\nsummary: Page {page}.\n---\n", if page == "a" { "OFFER" } else { "offer" });
        site = site.file(&format!("content/{page}.md"), &text);
    }
    let run = site.check().ok();
    assert_eq!(told(&run), ["duplicate-title content/b.md:2:8"]);
    let text = &run.problems()[0].text;
    for part in ["7 pages have the same title", "content/a.md:2:8", "and 2 pages more"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn the_part_of_a_title_that_search_results_cut_off_is_marked() {
    let title = "How growing companies in East Africa fill an open role in nineteen days";
    let site = Site::new().file(PAGE, &format!("---\ntitle: {title}\nsummary: Who we are.\n---\n"));
    let run = site.check().ok();
    assert_eq!(told(&run), ["truncated-in-results content/about.md:2:75"]);
    let text = &run.problems()[0].text;
    assert!(text.contains("^^^^ cut off after `in nineteen`"), "{text}");
}

#[test]
fn a_summary_over_several_lines_is_marked_at_its_first() {
    let summary = "  We hire for a living.\n".repeat(9);
    let site = Site::new().file(PAGE, &format!("---\ntitle: About us\nsummary: >\n{summary}---\n"));
    assert_eq!(told(&site.check().ok()).len(), 1);
}

#[test]
fn headings_may_climb_but_not_jump_down() {
    assert_told(&page("## A\n\n### B\n\n## C\n\n#### D\n"), &["heading-order content/about.md:12:1"]);
    assert_told(&page("# A\n\n## B\n\n# C\n"), &["heading-order content/about.md:10:1"]);
    // The title stands above the body.
    assert_told(&page("### A\n"), &["heading-order content/about.md:6:1"]);
    assert_told(&page("## A\n\n::: hero\n### B\n:::\n\n## C\n"), &[]);
}

#[test]
fn pictures_have_a_text_each() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let site = page("![](a.png) ![A dog](a.png)\n").bytes("content/a.png", png.get_ref());
    assert_told(&site, &["missing-alt content/about.md:6:5"]);
    let site = site.edit(PAGE, "![](a.png) ", "").edit(PAGE, "summary", "image: a.png\nsummary");
    assert_told(&site, &["missing-alt content/about.md:3:8"]);
    assert_told(&site.edit(PAGE, "summary", "image_alt: A dog\nsummary"), &[]);
}

/// A GIF that moves, after which other bytes follow.
fn gif(width: u16, bytes: usize) -> Vec<u8> {
    let frame = b",\0\0\0\0\x03\0\x02\0\0\x02\x03D\x02\x05\0";
    let size = [width.to_le_bytes(), 10_u16.to_le_bytes()].concat();
    let mut gif = [b"GIF89a", &size[..], b"\x80\0\0\0\0\0\xff\xff\xff", frame, frame, b";"].concat();
    gif.resize(bytes.max(gif.len()), 0);
    gif
}

#[test]
fn a_picture_that_stays_as_it_is_is_too_large_by_its_pixels_or_its_bytes_and_told_once_for_all_its_places() {
    let site = page("![A](/a.gif)\n").edit(PAGE, "summary", "image: /a.gif\nimage_alt: A\nsummary");
    let with = |gif: Vec<u8>| site.write("content/a.gif", gif);
    with(gif(2560, 500_000));
    assert_told(&site, &[]);
    with(gif(2561, 64));
    let run = site.check().ok();
    assert_eq!(told(&run), ["heavy-image content/about.md:3:8"]);
    let text = &run.problems()[0].text;
    assert!(text.contains("2561 pixels wide and has 1 kB") && text.contains("shown here too"), "{text}");
    with(gif(100, 1_250_000));
    assert!(site.check().ok().problems()[0].text.contains("100 pixels wide and has 1.2 MB"));
}

#[test]
fn a_photograph_of_any_width_is_made_smaller_and_not_told() {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(3000, 10).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let mut jpeg = jpeg.into_inner();
    jpeg.resize(600_000, 0);
    assert_told(&page("![A](/a.jpg)\n").bytes("content/a.jpg", &jpeg), &[]);
}

#[test]
fn the_text_of_a_link_is_marked_where_it_stands() {
    let body = "See [here](/prices.md), [*More*](/prices.md), <https://a.co.ke/> and [](/prices.md).\n";
    let at = |column: usize| format!("vague-link-text content/about.md:6:{column}");
    let expected = [at(6), at(34), at(48), at(73)];
    assert_eq!(told(&page(body).check().ok()), expected);
    assert_told(&page("[Our prices](/prices.md), [](cta:spring/save) and <hello@kazi.example>.\n"), &[]);
}

#[test]
fn colours_are_told_where_a_theme_sets_both_and_not_of_an_accent_alone() {
    let accent = "theme_options: { accent: \"#ffee00\" }\nchannels:\n";
    assert_told(&Site::new().edit("site.yaml", "channels:\n", accent), &[]);
    let sheet = "themes/launch/assets/more.css";
    let site = Site::new().file(sheet, "p { color: #ddd; background: #fff }\n");
    assert_told(&site, &["low-contrast themes/launch/assets/more.css:1:1"]);
}

const LIVE: &str = "base_url: https://kazi.co.ke/";

/// A live site with one page, and nothing in it that was meant to be replaced.
fn live(body: &str) -> Site {
    let site = Site::new().remove("content").file("site.yaml", &format!("title: Kazi\n{LIVE}\n"));
    site.file("content/index.md", &format!("{FRONT}{body}"))
}

#[test]
fn placeholders_are_told_of_a_site_that_is_live_and_not_of_an_example() {
    let site = live("Lorem ipsum dolor. `TODO`\n\nFrom **TBD** on: [shop](https://shop.example.com/).\n");
    let page = |place: &str| format!("placeholder content/index.md:{place}");
    assert_eq!(told(&site.check().ok()), [page("6:1"), page("8:8"), page("8:25")]);
    assert_told(&site.edit("site.yaml", LIVE, "base_url: https://kazi.example/"), &[]);
    assert_told(&live("Fill in this form, for example: todo lists, size XXL.\n"), &[]);
}

#[test]
fn settings_that_would_lose_a_lead_in_a_live_site_are_placeholders() {
    let site = live("A.\n");
    let text = site.read("site.yaml");
    let more = "leads: { owner: ada@kazi.example }  # TODO: ask Ada\ndestinations:\n  crm: { endpoint: https://example.com/leads }\n";
    let site = site.file("site.yaml", &format!("{text}{more}"));
    assert_told(&site, &["placeholder site.yaml:3:17", "placeholder site.yaml:5:20"]);
}

#[test]
fn what_new_writes_to_be_replaced_is_told_once_the_page_is_no_draft() {
    for (kind, least) in [("coupon", 3), ("download", 3), ("booking", 3), ("contact", 2), ("article", 2)] {
        let site = live("A.\n");
        site.run(&["new", "spring-offer", "--kind", kind]).ok();
        assert_told(&site, &[]);
        let site = site.edit("content/spring-offer/index.md", "draft: true\n", "");
        let run = site.check().ok();
        let told = run.problems().iter().filter(|problem| problem.rule == "placeholder").count();
        assert!(told >= least, "{kind}: {}", run.stderr);
    }
}
