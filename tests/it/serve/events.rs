//! The event stream that reloads open pages.

use std::fs;

use super::edits::{page_with_heading, save, site_with_guide};
use crate::support::SITE_TEXT;

#[test]
fn only_changed_pages_get_a_change_event() {
    let site = site_with_guide();
    let server = site.serve();
    let mut listening: Vec<_> = ["/guide/", "/prices/", "/spring/via/acme/", "/nothing/"]
        .map(|path| (path, server.listen(path)))
        .into_iter()
        .collect();
    for (path, events) in &mut listening {
        let news = events.next().unwrap();
        assert_eq!(
            (news["is_changed"].as_bool(), news["problems"].to_string().as_str()),
            (Some(false), "[]"),
            "{path}"
        );
    }
    save(&site, "content/guide/index.md", page_with_heading("The guide", "Now in colour."));
    server.wait_for_text("/guide/", "in colour");
    for (path, events) in &mut listening {
        let news = events.next().unwrap();
        assert_eq!(news["is_changed"], *path == "/guide/", "{path}: {news}");
    }
    // Back to the bytes that the page was opened with, so there is nothing to reload.
    save(&site, "content/guide/index.md", page_with_heading("The guide", "How we hire."));
    for (path, events) in &mut listening {
        assert_eq!(events.next().unwrap()["is_changed"], false, "{path}");
    }
    // A change of all pages.
    save(&site, "site.yaml", SITE_TEXT.replace("title: Kazi\n", "title: Kazi & Daughters\n"));
    for (path, events) in &mut listening {
        assert_eq!(events.next().unwrap()["is_changed"], true, "{path}");
    }
}

#[test]
fn added_or_removed_page_gets_a_change_event() {
    let site = site_with_guide();
    let server = site.serve();
    let mut missing = server.listen("/coming/");
    save(&site, "content/coming.md", page_with_heading("Coming", "Here."));
    missing.wait_for("the page that came", |news| news["is_changed"] == true);
    let mut present = server.listen("/coming/");
    fs::remove_file(site.path("content/coming.md")).unwrap();
    present.wait_for("the page that went", |news| news["is_changed"] == true);
}
