//! The footer: links, legal pages, profiles, address, and the button that opens the consent banner again.

use crate::support::{SITE, SITE_TEXT, Site};

const FOOTER: &str = "\
footer:
  columns:
    - title: Product
      links:
        - { label: Prices, page: /prices.md#teams }
        - { label: Status, url: https://status.kazi.example/ }
    - title: Spring
      links: [{ label: Offer, page: /spring/index.md }]
  legal: [{ label: Imprint, page: /imprint.md }, { label: Privacy, page: /privacy.md }]
  social: { youtube: https://www.youtube.com/@kazi, linkedin: https://www.linkedin.com/company/kazi }
  address: |
    Kazi <Ltd>
    Ngong Road, Nairobi
";

/// The small site with this footer, and pages for its links.
fn with_footer(footer: &str) -> Site {
    let without = SITE_TEXT.split("footer:").next().unwrap();
    let page = |title: &str| format!("---\ntitle: {title}\nsummary: About {title}.\n---\n\n# {title}\n\nText.\n");
    Site::new()
        .file(SITE, &format!("{without}{footer}"))
        .file("content/imprint.md", &page("Imprint"))
        .file("content/privacy.md", &page("Privacy"))
}

#[test]
fn footer_has_columns_legal_links_profiles_and_address() {
    let site = with_footer(FOOTER);
    site.check().clean();
    let html = site.build().clean().public("prices/");
    let footer = &html[html.find("<footer").unwrap()..html.find("</footer>").unwrap()];
    for part in [
        "Product",
        "href=\"/prices/#teams\"",
        "href=https://status.kazi.example/",
        "href=\"/spring/\"",
        "href=\"/imprint/\"",
        "href=\"/privacy/\"",
        "href=https://www.linkedin.com/company/kazi",
        "YouTube",
        "<p>Kazi &lt;Ltd&gt;<br>Ngong Road, Nairobi",
    ] {
        assert!(footer.contains(part), "{part} is not in {footer}");
    }
    assert!(html.contains(".footer-columns"));
    assert!(!html.contains("_consent"), "nothing needs consent");
}

#[test]
fn channel_page_keeps_its_channel_in_the_links_of_the_footer() {
    let html = with_footer(FOOTER).build().public("spring/via/acme/");
    let footer = &html[html.find("<footer").unwrap()..];
    assert!(footer.contains("/prices/?via=acme#teams") && footer.contains("/imprint/?via=acme"), "{footer}");
    assert!(footer.contains("href=https://status.kazi.example/"));
}

#[test]
fn column_whose_pages_are_not_published_is_left_out_with_a_warning() {
    let site = with_footer(FOOTER);
    let run = site.build_on("2027-02-01");
    assert!(run.stderr.contains("this link is left out"), "{}", run.stderr);
    let html = run.public("prices/");
    assert!(html.contains("Product") && !html.contains("Spring"), "{html}");
}

#[test]
fn profiles_are_part_of_the_organization_in_structured_data() {
    let site = with_footer(FOOTER).file("content/index.md", "---\ntitle: Kazi\nsummary: Us.\n---\n\n# Kazi\n");
    let home = site.build().public("");
    assert!(
        home.contains(r#""sameAs":["https://www.linkedin.com/company/kazi","https://www.youtube.com/@kazi"]"#),
        "{home}"
    );
}

#[test]
fn wrong_entries_are_errors_at_their_places() {
    for (footer, place, text) in [
        ("footer: { colums: [] }", "17:11", "columns"),
        ("footer: { columns: [{ title: A }] }", "17:23", "links"),
        ("footer: { columns: [{ links: [] }] }", "17:23", "title"),
        ("footer: { columns: [{ title: A, links: [{ label: B }] }] }", "17:41", "a `page` or a `url`"),
        ("footer: { legal: [{ label: Imprint, page: /impressum.md }] }", "17:43", "no page `/impressum.md`"),
        ("footer: { social: { linkedn: https://www.linkedin.com/company/kazi } }", "17:21", "linkedin"),
        ("footer: { social: { linkedin: kazi } }", "17:31", "https"),
        ("footer: { social: { x: \"javascript:alert(1)\" } }", "17:24", "javascript"),
        ("footer: Kazi Ltd", "17:9", "key: value"),
    ] {
        let run = with_footer(&format!("{footer}\n")).build().failed(1);
        assert!(run.stderr.contains(&format!("site.yaml:{place}")), "{footer}\n{}", run.stderr);
        assert!(run.stderr.contains(text), "{footer}\n{}", run.stderr);
        assert_eq!(run.stderr.matches("error[").count(), 1, "{footer}\n{}", run.stderr);
    }
}

#[test]
fn pages_ask_for_consent_only_if_something_needs_it() {
    let with = |keys: &str| with_footer(&format!("{FOOTER}{keys}\n")).build().public("prices/");
    for keys in [
        "attribution: { require_consent: true }",
        "attribution: { storage: local }",
        "analytics: { plausible: kazi.example }",
    ] {
        assert!(!with(keys).contains("_consent"), "{keys}");
    }
    for keys in [
        "attribution: { require_consent: true, storage: session }",
        "attribution: { require_consent: true }\nanalytics: { ga4: G-ABC1234567 }",
    ] {
        let html = with(keys);
        assert!(
            html.contains("id=_consent") && html.contains("consent-again") && html.contains("parts/consent."),
            "{html}"
        );
        assert!(html.contains("agree. <a href=\"/privacy/\">Privacy"), "{html}");
    }
}
