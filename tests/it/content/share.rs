//! The block with links to share a page.

use crate::support::{CAMPAIGN, PAGE, Run, Site};

/// The addresses that the links of a page share.
fn shared(run: &Run, page: &str) -> Vec<String> {
    let page = run.page(page);
    let links = page.all("a").map(|link| link.get("href"));
    let links = links.filter(|href| {
        ["mailto:?", "https://wa.me/?", "https://www.linkedin.com/"].iter().any(|to| href.starts_with(to))
    });
    let shared = links.map(|href| {
        let address = &href[href.rfind("https%3A").unwrap()..];
        address.replace("%3A", ":").replace("%2F", "/")
    });
    let copied = page.all("button").map(|button| button.get("data-text").to_owned());
    shared.chain(copied).filter(|address| !address.is_empty()).collect()
}

fn with_block(block: &str) -> Site {
    Site::new().edit(CAMPAIGN, "Read the", &format!("{block}\n:::\n\nRead the"))
}

#[test]
fn links_share_the_landing_page_also_from_its_channel_pages() {
    let site = with_block("::: share");
    let run = site.build().clean();
    let landing = "https://kazi.example/spring/";
    for page in ["spring/", "spring/via/acme/"] {
        assert_eq!(shared(&run, page), [landing; 4], "{page}");
        assert_eq!(run.page(page).with("class", "share").get("aria-label"), "Share this page");
    }
}

#[test]
fn links_for_a_channel_share_its_page() {
    let site = with_block("::: share channel=newsletter\nTell a friend.");
    let run = site.build().clean();
    assert_eq!(shared(&run, "spring/"), ["https://kazi.example/spring/via/newsletter/"; 4]);
    assert!(run.has("spring/via/newsletter/index.html"));
    assert!(run.page("spring/").with("class", "share").text.starts_with("Tell a friend."));
}

#[test]
fn links_on_a_thank_you_page_share_the_landing_page() {
    let thanks =
        "    thanks:\n      text: |\n        Thank you.\n\n        ::: share channel=acme\n        :::\n    download";
    let site = Site::edited(CAMPAIGN, "    download", thanks);
    let run = site.build().clean();
    assert_eq!(shared(&run, "spring/thanks/guide/"), ["https://kazi.example/spring/via/acme/"; 4]);
}

#[test]
fn unknown_channel_is_an_error_with_the_one_that_was_meant() {
    for (block, help) in [
        ("::: share channel=newsleter", "did you mean `newsletter`?"),
        ("::: share channel=friends", "add it to `channels` in the front matter"),
    ] {
        let problem = with_block(block).build().error();
        assert_eq!(problem.rule, "unknown-channel", "{block}");
        assert!(problem.text.contains(help), "{}", problem.text);
    }
    let problem = Site::edited(PAGE, "[Get it]", "::: share channel=acme\n:::\n\n[Get it]").build().error();
    assert!(problem.text.contains("only the page of a campaign has channels"), "{}", problem.text);
    assert!(problem.text.contains("leave out `channel`"), "{}", problem.text);
}

#[test]
fn hostile_title_stays_a_text_in_the_links() {
    let title = "title: \"Hire & 20% <b> \\\"now\\\" #1\"";
    let site = with_block("::: share").edit(CAMPAIGN, "title: Hire in days", title);
    let run = site.build().clean();
    let page = run.page("spring/");
    let mail = page.all("a").map(|link| link.get("href")).find(|href| href.starts_with("mailto:?")).unwrap();
    assert!(mail.starts_with("mailto:?subject=Hire%20%26%2020%25%20%3Cb%3E%20%22now%22%20%231&body="), "{mail}");
}
