//! The form of a call to action in a hero, and the places of its picture.

use crate::support::html::Page;
use crate::support::{CAMPAIGN, PAGE, Run, Site, assert_each_rejected, invalid};

const HEADING: &str = "# Hire in days\n";

/// The small site with a hero around its heading, with these attributes.
fn with_hero(attributes: &str) -> Site {
    Site::new().edit(CAMPAIGN, HEADING, &format!("::: hero {attributes}\n# Hire in days\n\nIn *days*.\n:::\n"))
}

/// The form of a page, from its start tag to its end tag.
fn form(run: &Run, page: &str) -> String {
    let html = run.public(&format!("{page}index.html"));
    assert_eq!(html.matches("<form").count(), 1, "{html}");
    html[html.find("<form").unwrap()..html.find("</form>").unwrap()].to_owned()
}

fn hero(page: &Page) -> &str {
    let hero = page.all("div").find(|element| element.get("class").split(' ').any(|class| class == "hero"));
    &hero.expect("a hero").text
}

#[test]
fn hero_has_the_same_form_as_the_card_of_the_call_to_action() {
    let site = with_hero("form=guide");
    let in_hero = site.build().clean();
    let in_card = Site::new().edit(CAMPAIGN, "Read the", "::: offer guide\n:::\n\nRead the");
    let in_card = in_card.build().clean();
    for page in ["spring/", "spring/via/newsletter/", "spring/via/acme/"] {
        assert_eq!(form(&in_hero, page), form(&in_card, page), "{page}");
    }
    let page = in_hero.page("spring/");
    assert!(hero(&page).contains("In days.") && hero(&page).contains("E-mail"), "{}", hero(&page));
    assert!(page.with("id", "cta-guide").text.contains("Available until 31 March 2027"));
    assert!(form(&in_hero, "spring/via/newsletter/").contains("spring_guide_newsletter"));
    in_hero.page("spring/thanks/guide/");
    // Its button leads to it, and other pages do too.
    assert_eq!(page.link("Download the guide"), "#cta-guide");
    assert_eq!(in_hero.page("prices/").link("the guide"), "/spring/?via=spring_guide_direct#cta-guide");
    assert_eq!(site.check().problems().len(), Site::new().check().problems().len());
}

#[test]
fn form_in_a_hero_shows_the_call_to_action() {
    let site = with_hero("form=guide").edit(CAMPAIGN, " [](cta:guide)", "").edit(
        PAGE,
        " and [the guide](cta:spring/guide)",
        "",
    );
    let run = site.check();
    assert!(!run.stdout.contains("unused-cta") && !run.stderr.contains("unused-cta"), "{}", run.stderr);
}

#[test]
fn preview_disables_the_form_in_a_hero() {
    let site = with_hero("form=guide");
    let run = site.run(&["build", "--preview"]).ok();
    let form = form(&run, "spring/");
    assert!(!form.contains("action=") && form.contains("disabled"), "{form}");
}

#[test]
fn hero_of_an_event_says_when_it_is_and_that_it_is_over() {
    let event = "    event: { starts: 2027-03-18 10:00, ends: 2027-03-18 11:00, online: true, form: [email], recording: /prices.md }\n";
    let site = with_hero("form=trial")
        .edit(CAMPAIGN, "    booking:\n      url: https://cal.example.com/kazi\n", event)
        .edit(CAMPAIGN, "ends: 2027-03-31\n", "")
        .edit(CAMPAIGN, " [](cta:guide) [Book](cta:trial)", "")
        .edit(PAGE, " and [the guide](cta:spring/guide)", "");
    let run = site.build();
    let panel = run.page("spring/").with("id", "cta-trial").text.clone();
    assert!(panel.contains("18 March 2027") && form(&run, "spring/").contains("trial_email"), "{panel}");
    let page = site.build_on("2027-03-19").ok().page("spring/");
    assert_eq!(page.all("form").count(), 0);
    assert!(hero(&page).contains("This event is over"), "{}", hero(&page));
}

#[test]
fn theme_without_a_template_for_it_shows_the_card() {
    let site = Site::new()
        .file("themes/launch/blocks/stage.html", "<div class=\"hero\">{{ body }}{{ offer }}</div>\n")
        .file("themes/launch/blocks/stage.yaml", "attributes: { ask: form }\n")
        .edit(CAMPAIGN, HEADING, "::: stage ask=guide\n# Hire in days\n:::\n");
    let run = site.build().clean();
    assert!(hero(&run.page("spring/")).contains("E-mail"), "any block can show a form");
}

#[test]
fn hero_with_a_wrong_form_is_an_error_at_its_place() {
    let twice = "::: hero form=guide\n# Hire in days\n\nIn *days*.\n:::\n\n«::: offer guide\n:::\n";
    let edits = [
        ("form=guide", "«form=gude", "unknown-cta", "did you mean `guide`?"),
        ("form=guide", "«form=nothing", "unknown-cta", "those with a form are `guide`"),
        ("form=guide", "«form=save", "bad-block-attribute", "`save` has no form"),
        ("form=guide", "«form=trial", "bad-block-attribute", "write its button into the block: `[](cta:trial)`"),
        ("form=guide", "«form", "bad-block-attribute", "form=guide"),
        ("form=guide", "form=guide «centred", "bad-block-attribute", "contradict each other"),
        ("form=guide", "form=guide «picture=left", "bad-block-attribute", "contradict each other"),
        ("form=guide", "«picture=top", "bad-block-attribute", "it can be"),
        ("::: hero form=guide\n# Hire in days\n\nIn *days*.\n:::\n", twice, "duplicate-offer", "`[](cta:guide)`"),
    ];
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(CAMPAIGN, old, new, rule, text)).collect();
    assert_each_rejected(&with_hero("form=guide"), &edits);
}

#[test]
fn thank_you_page_cannot_have_the_form_of_a_hero() {
    let thanks = "    thanks:\n      text: |\n        ::: hero form=guide\n        Once more.\n        :::\n";
    let label = "    label: Download the guide\n";
    let error = Site::new().edit(CAMPAIGN, label, &format!("{label}{thanks}")).build().failed(1).error();
    assert_eq!(error.rule, "bad-thanks");
}

#[test]
fn picture_of_a_hero_is_on_the_right_on_the_left_or_below() {
    for (attributes, class) in [
        ("", "hero split"),
        ("picture=left", "hero split picture-left"),
        ("picture=below", "hero picture-below"),
        ("centred", "hero"),
    ] {
        let site = Site::new().edit(
            CAMPAIGN,
            HEADING,
            &format!("::: hero {attributes}\n# Hire in days\n\n![A team](https://img.example/team.png)\n:::\n"),
        );
        let page = site.build().ok().page("spring/");
        page.with("class", &format!("band {class}"));
        let styles = page.the("style").text.clone();
        assert_eq!(styles.contains(".picture-left"), attributes == "picture=left", "{attributes}");
        assert_eq!(styles.contains(".picture-below"), attributes == "picture=below", "{attributes}");
    }
}
