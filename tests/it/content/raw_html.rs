//! Addresses in raw HTML are those of Markdown: resolved, published and checked.

use crate::support::{CAMPAIGN, SITE, Site};

/// The small site with raw HTML in its campaign.
fn with_html(html: &str) -> Site {
    Site::edited(SITE, "timezone:", "markdown: { raw_html: true }\ntimezone:")
        .edit(CAMPAIGN, "Read the", &format!("{html}\n\nRead the"))
        .file("content/spring/list.pdf", "%PDF-1.4")
        .file("content/spring/team.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='2' height='2'/>")
        .file("static/css/own.css", "p { color: black }\n")
}

#[test]
fn pages_and_files_are_published_and_rewritten() {
    let html = "<div><a id=a href=\"/prices.md\">a</a> <a id=b href='list.pdf'>b</a> <a id=c href=/prices/>c</a>\n\
                <img id=d src=team.svg alt=x srcset=\"team.svg 1x, team.svg 2x\"> <video id=e poster=\"team.svg\"></video>\n\
                <a id=f href=\"/css/own.css\">f</a> <a id=g href=\"../prices/#teams\">g</a> <a id=h href=\"/feed.xml\">h</a></div>";
    let site = with_html(html).edit(SITE, "https://kazi.example/", "https://kazi.example/base/");
    let run = site.build().clean();
    let page = run.page("spring/");
    let value = |id: &str, name: &str| page.with("id", id).get(name).to_owned();
    assert_eq!(value("a", "href"), "/base/prices/");
    assert_eq!(value("b", "href"), "/base/spring/list.pdf");
    assert_eq!(value("c", "href"), "/base/prices/");
    assert_eq!(value("f", "href"), "/base/css/own.css");
    assert_eq!(value("g", "href"), "/base/prices/#teams");
    assert_eq!(value("h", "href"), "/base/feed.xml");
    let picture = value("d", "src");
    assert!(run.has(picture.strip_prefix("/base/").unwrap()), "{picture}");
    assert_eq!(value("d", "srcset"), format!("{picture} 1x, {picture} 2x"));
    assert_eq!(value("e", "poster"), picture);
    assert!(run.has("spring/list.pdf"));
}

#[test]
fn call_to_action_has_its_lead_tag_on_each_page() {
    let site = with_html("<p><a id=own href=\"cta:trial\">Book</a></p>");
    let run = site.build().clean();
    for (page, tag) in [("spring/", "spring_trial_direct"), ("spring/via/acme/", "spring_trial_acme")] {
        let link = run.page(page).with("id", "own").clone();
        assert_eq!(link.get("data-lead-tag"), tag);
        assert!(link.get("href").starts_with("https://cal.example.com/kazi?") && link.get("href").contains(tag));
    }
}

#[test]
fn broken_addresses_are_reported_at_their_place() {
    for (html, rule, address) in [
        ("<img src=\"nobody.png\" alt=x>", "broken-link", "nobody.png"),
        ("<a href=\"/nothere/\">x</a>", "broken-link", "/nothere/"),
        ("<a href='/prices.md#nowhere'>x</a>", "missing-anchor", "/prices.md#nowhere"),
        ("<a href=\"cta:nothing\">x</a>", "unknown-cta", "cta:nothing"),
        ("<div><video src=\"no.mp4\"></video></div>", "broken-link", "no.mp4"),
        ("<p>a</p>\n<p><img srcset='team.svg 1x, b.png 2x'></p>", "broken-link", "b.png"),
        ("<a href=\"http://other.example/\">x</a>", "insecure-url", "http://other.example/"),
        ("<a href=\"file:///C:/list.pdf\">x</a>", "unsafe-scheme", "file:///C:/list.pdf"),
        ("<a href='C:\\Users\\list.pdf'>x</a>", "bad-url", "C:\\Users\\list.pdf"),
        ("<a href='files\\list.pdf'>x</a>", "bad-url", "files\\list.pdf"),
        ("<img src='cid:picture1' alt=x>", "unsafe-scheme", "cid:picture1"),
        ("<a href='https://ada:secret@kazi.co.ke/'>x</a>", "bad-url", "https://ada:secret@kazi.co.ke/"),
        ("<a href='https://kazi.example/nothere/'>x</a>", "absolute-internal-link", "https://kazi.example/nothere/"),
        ("<form action=\"send.php\"></form>", "broken-link", "send.php"),
        ("<form action=\"http://forms.example/\"></form>", "insecure-url", "http://forms.example/"),
        ("<button formaction='thank.md'>x</button>", "broken-link", "thank.md"),
        ("<svg><use href='icons.svg#a'/></svg>", "broken-link", "icons.svg#a"),
        ("<svg><use xlink:href='icons.svg#a'/></svg>", "broken-link", "icons.svg#a"),
        ("<meta http-equiv=refresh content='5; url=/nothere.md'>", "broken-link", "/nothere.md"),
    ] {
        let site = with_html(html);
        let text = site.read(CAMPAIGN);
        let at = text.find(address).unwrap();
        let line = text[..at].matches('\n').count() + 1;
        let column = at - text[..at].rfind('\n').unwrap();
        let problem = site.build().problems().remove(0);
        assert_eq!((&*problem.rule, problem.place), (rule, format!("{CAMPAIGN}:{line}:{column}")), "{html}");
    }
}

#[test]
fn hidden_character_in_an_address_is_an_error_at_the_character() {
    for (html, column) in
        [("<a href=\"/pri\u{200b}ces.md\">x</a>", 14), ("<a href=\"https://kazi.co.ke/\u{200b}a\">x</a>", 29)]
    {
        let problem = with_html(html).build().failed(1).problems().remove(0);
        assert_eq!((&*problem.rule, problem.place), ("hidden-character", format!("{CAMPAIGN}:33:{column}")), "{html}");
    }
}

#[test]
fn form_and_refresh_lead_to_pages() {
    let html = "<form id=a action=\"/prices.md\"><button id=b formaction='../prices/'></button></form>\n\
                <meta id=c http-equiv=\"refresh\" content=\"5; url=/prices.md\"><svg><use id=d href='team.svg#x'/></svg>\n\
                <form id=e action='/api/contact'></form><form id=f action='https://forms.kazi.co.ke/x'></form>";
    let site = with_html(html).edit(SITE, "https://kazi.example/", "https://kazi.example/base/");
    let run = site.build().clean();
    let page = run.page("spring/");
    let value = |id: &str, name: &str| page.with("id", id).get(name).to_owned();
    assert_eq!(value("a", "action"), "/base/prices/");
    assert_eq!(value("b", "formaction"), "/base/prices/");
    assert_eq!(value("c", "content"), "5; url=/base/prices/");
    assert!(value("d", "href").starts_with("/base/spring/team."), "{}", value("d", "href"));
    assert_eq!(value("e", "action"), "/api/contact");
    assert_eq!(value("f", "action"), "https://forms.kazi.co.ke/x");
}

#[test]
fn base_is_a_warning_because_the_policy_forbids_it() {
    let problem = with_html("<base href=\"https://other.kazi.co.ke/\" target=\"_blank\">").check().warning();
    problem.assert("blocked-by-policy", "content/spring/index.md:33:2", &["`<base>`", "a path from the root"]);
    with_html("<p><base target=\"_blank\"></p>").check().clean();
}

#[test]
fn addresses_that_are_no_files_stay_as_they_are() {
    let html = "<p><a href=\"sms:+254700000000\">a</a><a href=\"#top\">b</a><a href=\"mailto:a@kazi.co.ke\">c</a>\
                <img alt=x src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"><code>&lt;img src=x.png&gt;</code></p>";
    let site = with_html(html);
    let page = site.build().clean().public("spring/");
    for part in ["sms:+254700000000", "#top", "mailto:a@kazi.co.ke", "data:image/gif"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn html_that_is_shown_as_text_has_no_links() {
    let site = Site::edited(CAMPAIGN, "Read the", "<img src=nobody.png>\n\nRead the");
    assert_eq!(site.build().warning().rule, "raw-html");
}
