//! `leads.consent` and `leads.consents`.

use crate::support::{SITE, Site, assert_each_rejected, invalid};

const CONSENT: &str = "  consent: { text: I agree., version: 2027-01 }\n";
const CONSENTS: &str = "  consents:
    - { id: contact, text: \"Kazi may *call* me. See [privacy](/prices.md#teams).\", version: 2027-01, required: true }
    - { id: news, text: Send me news. }
";
const ENDPOINT: &str = "{ endpoint: https://forms.kazi.example/leads }";

fn site() -> Site {
    Site::new().edit(SITE, CONSENT, CONSENTS)
}

#[test]
fn every_consent_is_sent_by_its_id_with_its_version() {
    let site = site();
    let run = site.build().clean();
    let page = run.page("spring/");
    for (id, required, version, text) in [
        ("contact", true, "2027-01", "Kazi may call me. See privacy."),
        ("news", false, "", "Send me news. (optional)"),
    ] {
        let consent = page.with("name", &format!("consent_{id}"));
        assert_eq!((consent.get("type"), consent.get("value")), ("checkbox", "yes"));
        assert_eq!(consent.attributes.contains_key("required"), required, "{id}");
        assert!(!consent.attributes.contains_key("checked"), "consent is never preselected");
        assert_eq!(page.with("for", consent.get("id")).text, text);
        assert_eq!(page.with("name", &format!("consent_{id}_version")).get("value"), version);
    }
    assert!(page.elements.iter().all(|element| !element.has("name", "consent")));
}

#[test]
fn text_of_a_consent_is_markdown_with_links() {
    let html = site().build().clean().public("spring/index.html");
    assert!(html.contains("Kazi may <em>call</em> me. See <a href=/prices/#teams>privacy</a>."), "{html}");
    let single = Site::new().edit(SITE, "text: I agree.", "text: \"See [the shop](https://shop.example.com/).\"");
    let html = single.build().clean().public("spring/index.html");
    assert!(html.contains("See <a href=https://shop.example.com/>the shop</a>."), "{html}");
}

#[test]
fn wrong_consent_is_an_error_at_its_place() {
    let edits = [
        ("id: news", "id: «contact", "bad-consent", "two consents have the id `contact`"),
        ("id: news", "id: «New news", "bad-id", "write `new_news`"),
        ("id: news", "id: «a_version", "bad-consent", "choose another id"),
        ("{ id: news, text: Send me news. }", "{ «id: news }", "missing-key", "`text` is missing"),
        ("id: news, text: Send", "«text: Send", "missing-key", "`id` is missing"),
        ("text: Send me news.", "«text:", "empty-value", "`text` has no value"),
        ("/prices.md#teams", "«/prises.md", "broken-link", "/prices.md"),
        ("/prices.md#teams", "«/prices.md#nobody", "missing-anchor", "no heading `nobody`"),
        ("/prices.md#teams", "«javascript:alert(1)", "unsafe-scheme", "javascript"),
        ("/prices.md#teams", "«cta:spring/save", "bad-consent", "link to a page instead"),
        ("/prices.md#teams", "«/nothing.pdf", "broken-link", "no page or file"),
        ("text: Send me news.", "text: \"«- one\\n- two\"", "bad-consent", "a list, a table or a quote"),
        ("text: Send me news.", "text: \"«one\\n\\ntwo\"", "bad-consent", "this one has several"),
    ];
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(SITE, old, new, rule, text)).collect();
    assert_each_rejected(&site(), &edits);
    let both = format!("{CONSENT}  «{}", CONSENTS.trim_start());
    assert_each_rejected(&Site::new(), &[invalid(SITE, CONSENT, &both, "bad-consent", "exclude each other")]);
    let none = "  consents: «[]\n";
    assert_each_rejected(&Site::new(), &[invalid(SITE, CONSENT, none, "empty-value", "leave `consents` out")]);
}

#[test]
fn consents_have_the_names_of_their_destination() {
    let hubspot = "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, subscription: { news: 999 }, \
                   fields: { consent_contact: gdpr, consent_contact_version: gdpr_version } } }";
    let site = site().edit(SITE, ENDPOINT, hubspot);
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.with("data-field", "consent_contact").get("name"), "gdpr");
    assert_eq!(page.with("name", "gdpr_version").get("value"), "2027-01");
    let news = page.with("data-field", "consent_news");
    assert_eq!((news.get("data-subscription"), news.attributes.contains_key("name")), ("999", false));
    assert!(!page.with("name", "gdpr").attributes.contains_key("data-subscription"));
}

#[test]
fn subscription_without_a_consent_is_an_error() {
    let hubspot = "{ hubspot: { portal: 1, form: 0f8fad5b-d9cb-469f-a165-70867728950e, subscription: { news: 999 } } }";
    let edits = [
        ("{ news: 999 }", "{ «nesw: 999 }", "unknown-key", "did you mean `news`?"),
        ("{ news: 999 }", "«999", "bad-destination-account", "this site has several consents"),
        ("{ news: 999 }", "{ news: «none }", "bad-destination-account", "digits only"),
    ];
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(SITE, old, new, rule, text)).collect();
    assert_each_rejected(&site().edit(SITE, ENDPOINT, hubspot), &edits);
}

#[test]
fn hostile_text_in_a_consent_stays_text() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp; {{ 1 }}";
    let quoted = format!("'{}'", evil.replace('\'', "''"));
    let site = site().edit(SITE, "text: Send me news.", &format!("text: {quoted}"));
    let run = site.build().ok();
    assert!(run.rules().iter().all(|rule| rule == "raw-html") && !run.rules().is_empty(), "{}", run.stderr);
    let page = run.page("spring/");
    assert!(page.elements.iter().all(|element| !element.has("src", "x")));
    let html = run.public("spring/index.html");
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    assert!(page.text().contains("<script>alert(1)</script>"), "{}", page.text());
}
