//! Errors while the site is served: pages that work are served, and a page with errors stays as it was.

use std::fs;

use super::edits::{page_with_heading, save};
use crate::support::server::wait_for;
use crate::support::{CAMPAIGN_TEXT, PAGE_TEXT, SITE_TEXT, Site};

const BROKEN_CHANNELS: &str = "[newsleter, acme]";

fn broken_campaign() -> String {
    CAMPAIGN_TEXT.replace("[newsletter, acme]", BROKEN_CHANNELS)
}

#[test]
fn page_with_errors_stays_as_it_was_and_other_pages_are_updated() {
    let site = Site::new();
    let server = site.serve();
    let good = server.get("/spring/").ok().text();
    save(&site, "content/spring/index.md", broken_campaign());
    server.wait_for_output("; 1 page with errors, the others are up to date");
    let reported = server.stderr();
    assert!(reported.contains("error[unknown-channel]: unknown channel `newsleter`"), "{reported}");
    assert!(reported.contains("content/spring/index.md:7:12"), "{reported}");
    server.wait_for_output(", 1 page with errors in ");
    assert_eq!(server.get("/spring/").ok().text(), good);
    server.get("/spring/via/newsletter/").ok();
    let overview = server.get("/__tagline/").ok().page();
    assert!(overview.text().contains("unknown channel `newsleter`"), "{}", overview.text());
    assert!(overview.text().contains("content/spring/index.md is shown in its last version"), "{}", overview.text());

    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    server.wait_for_text("/prices/", "Crews");
    // A change of all pages changes the last good version too.
    save(&site, "site.yaml", SITE_TEXT.replace("title: Kazi\n", "title: Kazi & Daughters\n"));
    server.wait_for_text("/spring/", "Kazi &amp; Daughters");

    save(&site, "content/spring/index.md", CAMPAIGN_TEXT);
    save(&site, "site.yaml", SITE_TEXT);
    wait_for("the page as it is", || (server.get("/spring/").text() == good).then_some(()));
    wait_for("no errors", || (!server.get("/__tagline/").text().contains("newsleter")).then_some(()));
}

#[test]
fn only_the_page_itself_opens_its_errors() {
    let site = Site::new();
    let server = site.serve();
    let (mut spring, mut prices) = (server.listen("/spring/via/acme/"), server.listen("/prices/"));
    spring.next().unwrap();
    prices.next().unwrap();
    save(&site, "content/spring/index.md", broken_campaign());
    for (events, shown, is_elsewhere) in [(&mut spring, "last-good", false), (&mut prices, "current", true)] {
        let news = events.next().unwrap();
        assert_eq!((news["shown"].as_str(), news["is_changed"].as_bool()), (Some(shown), Some(false)), "{news}");
        assert_eq!(news["problems"][0]["is_elsewhere"], is_elsewhere, "{news}");
    }
}

/// Each broken file, with what the site's pages show of it at the start.
#[test]
fn pages_that_work_are_served_from_the_start() {
    for (path, text, has_campaign) in [
        ("content/spring/index.md", broken_campaign(), false),
        ("content/spring/index.md", CAMPAIGN_TEXT.replacen("title:", "titel:", 1), false),
        ("content/spring/index.md", CAMPAIGN_TEXT.replacen("---", "", 1), false),
        ("content/spring/index.md", format!("{CAMPAIGN_TEXT}\n[none](nothing.md)\n"), false),
        ("content/spring/sales.md", "# Say\n\n[none](nothing.pdf)\n".to_owned(), true),
        ("content/other.md", "no front matter".to_owned(), true),
        ("lead-tags.csv", "lost\n".to_owned(), true),
    ] {
        let site = Site::new().file(path, &text);
        let server = site.serve();
        wait_for("the errors", || server.stderr().contains("error[").then_some(()));
        assert_eq!(server.get("/prices/").status, 200, "{path}: {}", server.stderr());
        for page in ["/spring/", "/spring/via/acme/"] {
            let response = server.get(page);
            assert_eq!(response.status, if has_campaign { 200 } else { 503 }, "{path} {page}: {}", response.text());
        }
        assert!(server.get("/__tagline/").ok().text().contains("error["), "{path}");
        server.get("/__tagline/desk/").ok();
    }
}

#[test]
fn page_that_another_page_breaks_stays_as_it_was() {
    let linking = page_with_heading("Linking", "[How](/guide.md)");
    let site = Site::new()
        .file("content/guide.md", &page_with_heading("Guide", "How we hire."))
        .file("content/linking.md", &linking);
    let server = site.serve();
    let good = server.get("/linking/").ok().text();
    fs::remove_file(site.path("content/guide.md")).unwrap();
    server.wait_for_output("error[broken-link]");
    server.wait_for_status("/guide/", 404);
    assert_eq!(server.get("/linking/").ok().text(), good);
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    server.wait_for_text("/prices/", "Crews");
    assert_eq!(server.get("/linking/").ok().text(), good);
    assert_eq!(server.listen("/linking/").next().unwrap()["shown"], "last-good");
    save(&site, "content/linking.md", page_with_heading("Linking", "No link."));
    server.wait_for_text("/linking/", "No link.");
}

#[test]
fn links_to_a_page_with_errors_stay() {
    let site = Site::new()
        .file("content/guide.md", &page_with_heading("Guide", "How we hire."))
        .file("content/linking.md", &page_with_heading("Linking", "[How](guide.md)"));
    let server = site.serve();
    let good = server.get("/linking/").ok().text();
    assert!(good.contains("href=\"/guide/\""), "{good}");
    save(&site, "content/guide.md", "---\ntitel: Guide\n---\n");
    server.wait_for_output("error[unknown-key]");
    assert_eq!(server.get("/linking/").ok().text(), good);
    assert!(server.get("/guide/").ok().text().contains("How we hire."));
}

#[test]
fn template_error_keeps_the_last_good_pages() {
    let site = Site::new();
    let server = site.serve();
    let good = server.get("/prices/").ok().text();
    save(&site, "themes/launch/parts/footer.html", "{{ nothing.of_this.kind }}");
    server.wait_for_output("; still showing the last version without errors");
    assert_eq!(server.get("/prices/").ok().text(), good);
    fs::remove_dir_all(site.path("themes")).unwrap();
    wait_for("a second line", || (server.updates().len() >= 2).then_some(()));
    assert_eq!(server.get("/prices/").ok().text(), good);
}

#[test]
fn page_with_errors_at_the_start_is_served_once_fixed() {
    for (path, broken, good, shown) in [
        ("content/spring/index.md", broken_campaign(), CAMPAIGN_TEXT, "/spring/"),
        ("site.yaml", "title: Kazi: & Co\n".to_owned(), SITE_TEXT, "/prices/"),
    ] {
        let site = Site::new().file(path, &broken);
        let server = site.serve();
        let response = server.get(shown);
        assert_eq!((response.status, response.header("content-type")), (503, "text/html; charset=utf-8"));
        assert!(response.text().contains("data-page=\"none\""), "{}", response.text());
        let mut events = server.listen(shown);
        let news = events.next().unwrap();
        assert_eq!((news["shown"].as_str(), news["is_changed"].as_bool()), (Some("errors"), Some(false)), "{news}");
        assert!(!news["problems"].as_array().unwrap().is_empty(), "{news}");
        save(&site, path, good);
        events.wait_for("the page", |news| news["is_changed"] == true && news["shown"] == "current");
        server.get(shown).ok();
    }
}

#[test]
fn error_of_the_whole_site_at_the_start_is_shown_alone() {
    for (path, text) in [
        ("site.yaml", "title: Kazi: & Co\n"),
        ("themes/launch/parts/footer.html", "{{ nothing.of_this.kind }}"),
        ("themes/launch/landing.html", "{% if page %}"),
    ] {
        let site = Site::new().file(path, text).file("content/spring/index.md", "no front matter");
        let server = site.serve();
        server.wait_for_output("; the site will be shown when they are fixed");
        let news = server.listen("/").next().unwrap();
        let problems = news["problems"].as_array().unwrap();
        assert!(!problems.is_empty(), "{news}");
        for problem in problems {
            assert!(problem["text"].as_str().unwrap().contains(path), "{news}");
        }
    }
}

#[test]
fn site_created_in_an_empty_folder_is_served() {
    let site = Site::new().remove("site.yaml").remove("content");
    let server = site.serve();
    server.wait_for_output("error[missing-site]");
    save(
        &site,
        "site.yaml",
        SITE_TEXT.replace("  - { label: Prices, page: /prices.md }\n", "").replace("navigation:\n", ""),
    );
    save(&site, "content/index.md", page_with_heading("Home", "At last."));
    server.wait_for_text("/", "At last.");
    save(&site, "content/index.md", page_with_heading("Home", "At long last."));
    server.wait_for_text("/", "At long last.");
}

#[test]
fn warnings_are_reported_and_pages_are_served() {
    let site = Site::new();
    let server = site.serve();
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\n<b>bold</b>\n"));
    server.wait_for_text("/prices/", "&lt;b&gt;bold");
    server.wait_for_output("warning[raw-html]");
    let news = server.listen("/prices/").next().unwrap();
    assert_eq!(news["shown"], "current");
    assert_eq!(news["problems"][0]["severity"], "warning");
    let text = news["problems"][0]["text"].as_str().unwrap();
    server.wait_for_output(text);
}
