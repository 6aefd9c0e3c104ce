//! Icons, numbers and pictures of cards, ratings, and the attributes that all bands take.

use crate::support::html::Page;
use crate::support::{CAMPAIGN, Run, Site, assert_each_rejected, invalid};

const HEADING: &str = "# Hire in days\n";
const PICTURE: &str = "![A team](https://img.example/team.png)";

/// The small site with a text below its heading.
fn with_text(text: &str) -> Site {
    Site::new().edit(CAMPAIGN, HEADING, &format!("{HEADING}\n{text}\n"))
}

fn page(site: &Site) -> Page {
    site.build().ok().page("spring/")
}

fn html(run: &Run) -> String {
    run.public("spring/index.html")
}

fn features(headings: &str) -> Site {
    with_text(&format!("::: features\n## All of it\n\n{headings}\n:::"))
}

#[test]
fn card_shows_the_icon_the_number_or_the_picture_of_its_heading() {
    let site = features(&format!(
        "### Post once {{icon=clock}}\n\nOne.\n\n### Sort {{number=02}}\n\nTwo.\n\n### Decide\n\n{PICTURE}\n\nThree.\n\n### Sign {{#sign}}\n\nFour."
    ));
    let run = site.build().clean();
    let page = run.page("spring/");
    let clock = page.all("svg").find(|svg| svg.has("class", "icon")).expect("an icon");
    assert!(clock.has("aria-hidden", "true") && clock.has("viewBox", "0 0 24 24"));
    assert_eq!(page.all("svg").count(), 1);
    assert_eq!(page.with("class", "count").text.trim(), "02");
    assert_eq!(page.all("div").filter(|card| card.has("class", "feature tick")).count(), 1);
    assert_eq!(page.with("class", "feature pictured").text, "DecideThree.");
    page.with("id", "sign");
    assert!(!html(&run).contains("data-heading"), "the attributes are for the template");
    assert!(page.the("style").text.contains(".icon{"));
    let without = features("### Post once\n\nOne.").build().clean().page("spring/");
    assert!(without.all("svg").count() == 0 && !without.the("style").text.contains(".icon{"));
}

#[test]
fn icon_of_the_sites_own_theme_is_an_icon() {
    let svg = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" id=\"x\" viewBox='0 0 9 9' fill=\"currentColor\"><path d=\"M0 0h9z\"/></svg>\n";
    let site = features("### Post once {icon=kazi}\n\nOne.").file("themes/launch/icons/kazi.svg", svg);
    let html = html(&site.build().clean());
    assert!(html.contains("M0 0h9z") && html.contains("0 0 9 9") && !html.contains("width=\"9\""), "{html}");
    let error = site.file("themes/launch/icons/kazi.svg", "kazi").build().failed(1).error();
    assert_eq!(error.rule, "wrong-file-format");
}

#[test]
fn wrong_attribute_of_a_heading_is_an_error_at_its_place() {
    let plain = "### Post once\n";
    let edits = [
        (plain, "### Post once {«icon=clok}\n", "did you mean `clock`?"),
        (plain, "### Post once {«icon=chart-of-bubbles}\n", "similar icons are"),
        (plain, "### Post once {«icon}\n", "write `icon=clock`"),
        (plain, "### Post once {«ikon=clock}\n", "did you mean `icon`?"),
        (plain, "### Post once {«onclick=x}\n", "a heading here takes"),
        (plain, "### Post once {number=1 «icon=clock}\n", "contradict each other"),
        ("## All of it\n", "## All of it {«icon=clock}\n", "the `###` headings of `features` take it"),
        ("# Hire in days\n", "# Hire in days {«icon=clock}\n", "the `###` headings of `features` take it"),
        ("::: features\n", "::: features «benta\n", "did you mean `bento`?"),
        ("::: features\n", "::: features «ground=dark\n", "it can be `plain`, `tint`, `deep` and `picture`"),
        ("::: features\n", "::: features «background=deep\n", "did you mean `ground`?"),
        ("::: features\n", "::: features «width=wider\n", "did you mean `wide`?"),
        ("::: features\n", "::: rating «value=4,8\n:::\n::: features\n", "write `value=4.8`, with a point"),
        ("::: features\n", "::: rating «value=5.1\n:::\n::: features\n", "cannot be more than 5"),
        ("::: features\n", "::: rating «value=five\n:::\n::: features\n", "`five` is no number"),
        ("::: features\n", "«::: rating\n:::\n::: features\n", "needs `value`"),
        ("::: features\n", "::: hero frame=phone «video\n:::\n::: features\n", "contradict each other"),
        ("::: features\n", "::: hero centred «picture=left\n:::\n::: features\n", "contradict each other"),
        ("::: features\n", "::: hero «ground=picture\n:::\n::: features\n", "it can be `plain`, `tint` and `deep`"),
        ("::: features\n", "::: badges «icon=sheild\n- A\n:::\n::: features\n", "did you mean `shield`?"),
        ("::: features\n", "::: case «label=\"days\"\nText.\n:::\n::: features\n", "no effect without `figure`"),
    ];
    let edits: Vec<_> =
        edits.iter().map(|(old, new, text)| invalid(CAMPAIGN, old, new, "bad-block-attribute", text)).collect();
    assert_each_rejected(&features("### Post once\n\nOne."), &edits);
}

#[test]
fn block_of_a_site_takes_any_attribute_on_its_headings_if_it_declares_none() {
    let template = "<div>{% for part in sections %}{{ part.attributes.tone }}{% endfor %}</div>\n";
    let site = with_text("::: mine\n### A {tone=calm}\n:::").file("themes/launch/blocks/mine.html", template);
    assert!(html(&site.build().clean()).contains(">calm<"));
}

#[test]
fn attribute_without_the_content_that_it_needs_is_reported() {
    for (block, text) in [
        ("::: hero frame=browser\n## A\n:::", "`frame=browser` has no effect without a picture"),
        ("::: hero picture=background\n## A\n:::", "`picture=background` has no effect without a picture"),
        (&format!("::: hero video\n## A\n\n{PICTURE}\n:::"), "`video` has no effect without a picture with a link"),
        ("::: features ground=picture\n- A\n:::", "`ground=picture` has no effect without a picture"),
        ("::: quote logo\nA.\n:::", "`logo` has no effect without a picture"),
    ] {
        let run = with_text(block).check();
        let reported = run.problems().into_iter().filter(|problem| problem.rule == "incomplete-block");
        let messages: Vec<String> = reported.map(|problem| problem.text).collect();
        assert!(messages.len() == 1 && messages[0].contains(text), "{block}: {messages:?}");
    }
}

#[test]
fn attributes_of_bands_are_classes_and_bring_their_styles() {
    let page = page(&with_text("::: stats ground=deep tight width=narrow\n- **19** days\n:::"));
    page.with("class", "band stats ground-deep tight width-narrow");
    let styles = &page.the("style").text;
    assert!(styles.contains(".ground-deep{") && !styles.contains(".ground-tint{"), "{styles}");
}

#[test]
fn ground_picture_is_the_first_picture_of_the_block_alone() {
    let nested = "::: quote by=\"A\"\nB.\n:::";
    let site = with_text(&format!(
        ":::: quotes ground=picture\n{PICTURE}\n\n## Said\n\n{nested}\n\n{nested}\n::::\n\n::: features ground=picture\n{PICTURE}\n\n### A\n\n{PICTURE}\n\nB.\n:::"
    ));
    let page = page(&site);
    assert_eq!(page.all("div").filter(|div| div.has("class", "backdrop")).count(), 2);
    assert_eq!(page.all("img").count(), 3);
    assert_eq!(page.all("figure").count(), 2);
    assert_eq!(page.all("div").filter(|div| div.has("class", "shot")).count(), 1);
}

#[test]
fn rating_has_a_text_for_its_stars() {
    let rating = "::: rating value=4.8 count=\"1,370\" source=\"A & B\"\nSince May.\n:::";
    let site = with_text(rating);
    let run = site.build().clean();
    let page = run.page("spring/");
    page.with("aria-label", "4.8 of 5 stars");
    let text = page.with("class", "rating").text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(text, "4.8 from 1,370 reviews on A & BSince May.");
    assert!(html(&run).contains("width=115.2") || html(&run).contains("width=\"115.2\""), "{}", html(&run));
    assert!(!html(&run).contains("AggregateRating"));
    let german = with_text(rating).edit("site.yaml", "title:", "language: de\ntitle:").build().ok().page("spring/");
    german.with("aria-label", "4,8 von 5 Sternen");
}

#[test]
fn quote_shows_the_person_and_the_company() {
    let logo = "![Tumaini](https://img.example/logo.png)";
    for (attributes, pictures, alt) in
        [("", PICTURE.to_owned() + "\n\n" + logo, "A team"), (" logo", logo.to_owned(), "")]
    {
        let page = page(&with_text(&format!("::: quote by=\"Amina\"{attributes}\nGood.\n\n{pictures}\n:::")));
        let company = page.with("class", "company");
        assert_eq!(company.text, "");
        assert_eq!(page.the("blockquote").text.trim(), "Good.");
        assert_eq!(page.all("img").filter(|img| img.has("alt", "Tumaini")).count(), 1);
        assert_eq!(page.all("img").any(|img| img.has("alt", "A team")), !alt.is_empty());
    }
}

#[test]
fn video_in_a_hero_loads_its_player_and_other_heroes_do_not() {
    let hero = |attributes: &str| {
        with_text(&format!(
            "::: hero {attributes}\n## A\n\n[{PICTURE}](https://www.youtube.com/watch?v=dQw4w9WgXcQ)\n:::"
        ))
    };
    let scripts = |site: &Site| html(&site.build().clean()).matches("youtube-nocookie.com/embed").count();
    assert_eq!(scripts(&hero("video")), 1);
    assert_eq!(scripts(&hero("picture=left")), 0);
    let page = page(&hero("video"));
    page.with("data-play", "Play the video");
}

#[test]
fn wrong_declaration_of_bands_is_an_error() {
    let theme = "options:\n  accent: { colour: teal }\n  neutral: { choice: [grey] }\n  scheme: { choice: [auto] }\nbands:\n  tone: { choice: [calm] }\n";
    let block = "<p class=\"a{{ block.classes }}\">{{ body }}</p>\n";
    let site = Site::new()
        .file("themes/launch/theme.yaml", theme)
        .file("themes/launch/blocks/mine.html", block)
        .file("themes/launch/blocks/mine.yaml", "band: true\n")
        .edit(CAMPAIGN, HEADING, &format!("{HEADING}\n::: mine tone=calm\nA.\n:::\n"));
    page(&site).with("class", "a tone-calm");
    let wrong = site.file("themes/launch/theme.yaml", &theme.replace("choice: [calm]", "type: colour"));
    let error = wrong.build().failed(1).error();
    assert_eq!(error.rule, "bad-block-declaration");
    assert!(error.place.starts_with("themes/launch/theme.yaml:6:"), "{}", error.place);
}
