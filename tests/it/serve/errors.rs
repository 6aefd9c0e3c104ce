//! Errors while the site is served: the last good state stays, and comes back once the error is fixed.

use std::fs;

use super::edits::{page_with_heading, save};
use crate::support::server::wait_for;
use crate::support::{CAMPAIGN_TEXT, PAGE_TEXT, SITE_TEXT, Site};

#[test]
fn error_keeps_the_last_good_pages_until_it_is_fixed() {
    let site = Site::new();
    let server = site.serve();
    let good = server.get("/spring/").ok().text();
    save(&site, "content/spring/index.md", CAMPAIGN_TEXT.replace("[newsletter, acme]", "[newsleter, acme]"));
    server.wait_for_output("; still showing the last version without errors");
    let reported = server.stderr();
    assert!(reported.contains("error[unknown-channel]: unknown channel `newsleter`"), "{reported}");
    assert!(reported.contains("content/spring/index.md:7:12"), "{reported}");
    server.wait_for_output("content/spring/index.md: not updated in ");
    assert_eq!(server.get("/spring/").ok().text(), good);
    server.get("/spring/via/newsletter/").ok();
    let overview = server.get("/__tagline/").ok().page();
    assert!(overview.text().contains("unknown channel `newsleter`"), "{}", overview.text());

    // Valid changes are not shown either while there is an error.
    save(&site, "content/prices.md", format!("{PAGE_TEXT}\nFor Crews.\n"));
    wait_for("a second line", || (server.updates().len() >= 2).then_some(()));
    assert!(!server.get("/prices/").ok().text().contains("Crews"));

    save(&site, "content/spring/index.md", CAMPAIGN_TEXT);
    server.wait_for_text("/prices/", "Crews");
    assert_eq!(server.get("/spring/").ok().text(), good);
    assert!(!server.get("/__tagline/").text().contains("newsleter"));
    wait_for("a third line", || (server.updates().len() >= 3).then_some(()));
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
fn site_with_errors_at_the_start_is_served_once_fixed() {
    for (path, broken, good) in [
        ("content/spring/index.md", CAMPAIGN_TEXT.replace("[newsletter, acme]", "[newsleter, acme]"), CAMPAIGN_TEXT),
        ("site.yaml", "title: Kazi: & Co\n".to_owned(), SITE_TEXT),
    ] {
        let site = Site::new().file(path, &broken);
        let server = site.serve();
        assert!(server.stderr().contains("; the site will be shown when they are fixed"), "{}", server.stderr());
        let response = server.get("/prices/");
        assert_eq!((response.status, response.header("content-type")), (503, "text/html; charset=utf-8"));
        assert!(response.text().contains("data-page=\"none\""), "{}", response.text());
        let mut events = server.listen("/prices/");
        let news = events.next().unwrap();
        assert_eq!((news["is_refused"].as_bool(), news["is_changed"].as_bool()), (Some(true), Some(false)), "{news}");
        assert!(!news["problems"].as_array().unwrap().is_empty(), "{news}");
        save(&site, path, good);
        events.wait_for("the page", |news| news["is_changed"] == true && news["is_refused"] == false);
        server.get("/prices/").ok();
    }
}

#[test]
fn site_created_in_an_empty_folder_is_served() {
    let site = Site::new().remove("site.yaml").remove("content");
    let server = site.serve();
    assert!(server.stderr().contains("error[missing-site]"), "{}", server.stderr());
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
    assert_eq!(news["is_refused"], false);
    assert_eq!(news["problems"][0]["severity"], "warning");
    let text = news["problems"][0]["text"].as_str().unwrap();
    assert!(server.stderr().contains(text), "{text} is not what the terminal says: {}", server.stderr());
}
