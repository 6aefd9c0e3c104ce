//! Articles, lists of cards, the page for unknown addresses, thank-you pages, and what is below a form and in the footer.

use crate::support::{CAMPAIGN, PAGE, SITE, Site};

const ARTICLE: &str = "---\ntitle: Where leads get lost\nsummary: In four ordinary places.\nlayout: article\nauthor: Ada N.\ndate: 2027-02-01\n---\n\nText.\n";

#[test]
fn article_begins_with_its_title_its_summary_and_its_author() {
    let site = Site::new().file("content/lost.md", ARTICLE);
    let page = site.build().clean().page("lost/");
    let head = page.with("class", "article-head");
    assert!(head.text.starts_with("Where leads get lostIn four ordinary places."), "{}", head.text);
    assert!(head.text.contains("Ada N.") && head.text.contains("1 February 2027"), "{}", head.text);
    assert_eq!(page.all("h1").count(), 1);
    // A text with a heading of its own begins with it.
    let own = ARTICLE.replace("\nText.", "\n# Lost\n\nText.");
    let page = site.file("content/lost.md", &own).build().clean().page("lost/");
    assert!(!page.all("header").any(|header| header.has("class", "article-head")));
    assert_eq!(page.the("h1").text, "Lost");
    assert!(page.text().contains("Ada N.") && !page.text().contains("In four ordinary places."));
}

#[test]
fn card_is_a_link_with_its_picture_above() {
    let cards = "::: cards\n## Read next\n\n### [Prices](/prices.md)\n\n![A board](https://img.example/board.png)\n\nWhat it costs.\n\n### [Spring](/spring/index.md)\n\nAn offer.\n:::\n";
    let site = Site::new().edit(PAGE, "## Teams\n", &format!("{cards}\n## Teams\n"));
    let run = site.build().clean();
    let html = run.public("prices/index.html");
    let picture = html.find("<div class=shot>").expect("a picture");
    assert!(picture < html.find("<h3").expect("a heading"));
    assert_eq!(run.page("prices/").link("Spring"), "/spring/");
    assert!(
        site.edit(PAGE, "### [Prices]", "[Prices]")
            .edit(PAGE, "### [Spring]", "[Spring]")
            .check()
            .rules()
            .contains(&"incomplete-block".to_owned())
    );
}

#[test]
fn unknown_address_leads_to_the_pages_of_the_menu() {
    let page = Site::new().build().clean().page("404.html");
    let ways = page.all("nav").find(|nav| nav.has("class", "ways")).expect("links");
    assert!(ways.text.contains("Perhaps you were looking for this:") && ways.text.contains("Prices"), "{}", ways.text);
    let without = Site::edited(SITE, "navigation:\n  - { label: Prices, page: /prices.md }\n", "");
    assert!(!without.build().ok().public("404.html").contains("class=ways"));
}

#[test]
fn privacy_page_is_linked_below_forms_if_the_site_asks_for_it() {
    let links = |site: &Site| {
        let page = site.build().clean().page("spring/");
        page.links()
            .iter()
            .filter(|(text, _)| *text == "How we treat your data")
            .map(|(_, url)| (*url).to_owned())
            .collect::<Vec<_>>()
    };
    let site = Site::new().edit(CAMPAIGN, "Read the", "::: offer guide\n:::\n\nRead the");
    assert!(links(&site).is_empty());
    let site = site.edit(SITE, "timezone:", "theme_options: { privacy: form }\ntimezone:");
    assert_eq!(links(&site), ["https://legal.example/privacy"]);
    let site = site.edit(SITE, "footer: { legal: [{ label: Privacy, url: \"https://legal.example/privacy\" }] }\n", "");
    assert!(links(&site).is_empty(), "there is nothing to link");
}

#[test]
fn footer_with_columns_has_the_contacts_beside_them() {
    let columns = "footer: { address: Ngong Road, columns: [{ title: More, links: [{ label: Prices, page: /prices.md }] }], legal:";
    let site = Site::edited(SITE, "footer: { legal:", columns);
    let page = site.build().clean().page("prices/");
    let about = page.with("class", "about");
    assert_eq!(about.text.split_whitespace().collect::<Vec<_>>().join(" "), "Kazi LtdNgong Roadhello@kazi.example");
    assert!(page.the("style").text.contains(".footer-columns{"));
    let plain = Site::new().build().clean().page("prices/");
    assert!(
        !plain.all("div").any(|div| div.has("class", "about")) && !plain.the("style").text.contains(".footer-columns")
    );
}
