//! The announcement at the top of every page, its end, and its translations.

use crate::support::{PAGE, SITE, Site, assert_each_rejected, invalid};

const KEYS: &str = "announcement: { text: \"Spring <prices>\", page: /prices.md#teams, ends: 2027-03-20 }\nchannels:\n";

fn announced() -> Site {
    Site::edited(SITE, "channels:\n", KEYS)
}

#[test]
fn announcement_is_on_every_page_until_its_end() {
    let site = announced();
    let run = site.build().clean();
    for page in ["spring/", "spring/via/newsletter/", "prices/", "spring/thanks/guide/", "404.html"] {
        let page = run.page(page);
        let bar = page.with("class", "announcement");
        // Midnight in Nairobi.
        assert!(bar.has("data-until", "2027-03-20T21:00:00Z") && bar.has("aria-label", "Announcement"));
        assert_eq!(bar.text.trim(), "Spring <prices>");
        assert!(page.the("style").text.contains(".announcement.has-ended{display:none}"));
    }
    assert_eq!(run.page("prices/").link("Spring <prices>"), "/prices/#teams");
    assert_eq!(run.page("spring/via/newsletter/").link("Spring <prices>"), "/prices/?via=newsletter#teams");
    let scripts = run.public("prices/index.html").matches("/ends.").count();
    assert_eq!(scripts, 1, "open pages lose it, too");

    assert!(site.build_on("2027-03-20").ok().public("prices/index.html").contains("announcement"));
    let after = site.build_on("2027-03-21").ok().public("prices/index.html");
    assert!(!after.contains("<aside class=announcement") && !after.contains("Spring &lt;"), "{after}");
}

#[test]
fn site_without_an_announcement_has_no_styles_for_it() {
    assert!(!Site::new().build().clean().public("prices/index.html").contains("announcement"));
}

#[test]
fn announcement_without_a_link_is_text() {
    let site = Site::edited(SITE, "channels:\n", "announcement: { text: We moved. }\nchannels:\n");
    let page = site.build().clean().page("prices/");
    let bar = page.with("class", "announcement");
    assert!(bar.text.contains("We moved.") && bar.get("data-until").is_empty());
    assert!(!page.links().iter().any(|(text, _)| *text == "We moved."));
}

#[test]
fn announcement_of_a_page_that_is_not_published_waits_for_it() {
    let site = announced().edit(PAGE, "---\n", "---\nstarts: 2027-03-18\n");
    let run = site.build().ok();
    assert!(!run.public("spring/index.html").contains("Spring &lt;"));
    assert!(site.check().problems().iter().any(|it| it.text.contains("until then there is no announcement")));
    assert!(site.build_on("2027-03-18").ok().public("spring/index.html").contains("Spring &lt;"));
}

#[test]
fn end_of_the_announcement_is_the_next_change() {
    let run = announced().build().clean();
    assert!(run.stdout.contains("next change on 2027-03-21"), "{} {}", run.stdout, run.stderr);
}

#[test]
fn announcement_is_translated_below_the_language() {
    let german = "---\ntitle: Preise\n---\n\n# Preise\n\n## Teams {#teams}\n\nText.\n";
    let languages = "languages:\n  de: { label: Deutsch, announcement: { text: Frühlingspreise, page: /prices.md } }\n";
    let site =
        announced().edit(SITE, "timezone:", &format!("{languages}timezone:")).file("content/prices.de.md", german);
    let run = site.build().ok();
    assert_eq!(run.page("de/prices/").link("Frühlingspreise"), "/de/prices/");
    assert!(run.page("de/prices/").with("class", "announcement").has("data-until", "2027-03-20T21:00:00Z"));
    assert_eq!(run.page("prices/").link("Spring <prices>"), "/prices/#teams");
    let site = site.edit(SITE, ", announcement: { text: Frühlingspreise, page: /prices.md }", "");
    let run = site.check();
    assert!(
        run.problems()
            .iter()
            .any(|it| it.text.contains("`announcement`") && it.text.contains("not translated into `de`"))
    );
    assert!(site.build().ok().public("de/prices/index.html").contains("Spring &lt;prices"));
}

#[test]
fn wrong_announcement_is_an_error_at_its_place() {
    let edits = [
        ("text: \"Spring <prices>\", page", "«page", "missing-key", "text"),
        ("page: /prices.md#teams", "page: «/price.md", "broken-link", "did you mean `/prices.md`?"),
        (
            "page: /prices.md#teams",
            "page: /prices.md, url: «https://a.example/",
            "duplicate-key",
            "remove one of the two",
        ),
        ("page: /prices.md#teams", "url: «javascript:alert(1)", "unsafe-scheme", ""),
        ("ends: 2027-03-20", "ends: «2027-02-30", "bad-date", "February"),
        ("ends: 2027-03-20", "«until: 2027-03-20", "unknown-key", "`ends`"),
        ("text: \"Spring <prices>\"", "text: «[a]", "wrong-type", ""),
    ];
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(SITE, old, new, rule, text)).collect();
    assert_each_rejected(&announced(), &edits);
}

#[test]
fn announcement_that_has_ended_is_reported() {
    let site = announced();
    assert!(!site.check().rules().contains(&"ended-announcement".to_owned()));
    let late = site.run(&["check", "--date", "2027-03-21"]);
    assert!(late.rules().contains(&"ended-announcement".to_owned()), "{}", late.stderr);
}
