//! Thank-you pages, and sign-ups in one line.

use crate::support::{CAMPAIGN, PAGE, SITE, Site, assert_each_rejected, invalid};

const LABEL: &str = "    label: Download the guide\n";
const TRIAL: &str = "    label: Book a trial\n    booking:\n      url: https://cal.example.com/kazi\n";
const OFFER: &str = "Read the [prices]";

fn with_thanks(thanks: &str) -> Site {
    Site::new().edit(CAMPAIGN, LABEL, &format!("{LABEL}    thanks: {thanks}\n"))
}

/// The small site whose call to action `trial` is a sign-up, shown in one line.
fn with_signup() -> Site {
    Site::new()
        .edit(CAMPAIGN, TRIAL, "    label: Subscribe\n    contact: { form: [email] }\n")
        .edit(CAMPAIGN, OFFER, &format!("::: signup trial\n### News\n:::\n\n{OFFER}"))
        .edit(SITE, "  owner:", "  respond_within: 1h\n  owner:")
}

#[test]
fn own_text_takes_the_place_of_the_promise() {
    let thanks = "{ title: Enjoy the guide, text: \"It is *yours*. See [prices](/prices.md).\" }";
    let site = with_thanks(thanks);
    let run = site.build().clean();
    let html = run.public("spring/thanks/guide/index.html");
    assert!(html.contains("<h1>Enjoy the guide</h1>"), "{html}");
    assert!(html.contains("It is <em>yours</em>. See <a href=\"/prices/\">prices</a>."), "{html}");
    let page = run.page("spring/thanks/guide/");
    assert!(!page.text().contains("get in touch") && !page.text().contains("We have received"), "{}", page.text());
    // What the form promised stays.
    assert!(page.links().iter().any(|(_, to)| to.ends_with("/guide.pdf")), "{:?}", page.links());
}

#[test]
fn title_alone_keeps_the_text_of_the_kind() {
    let site = with_thanks("{ title: Enjoy the guide }");
    let run = site.build().clean();
    let page = run.page("spring/thanks/guide/");
    assert_eq!(page.the("h1").text, "Enjoy the guide");
    assert!(page.text().contains("We have received your request"), "{}", page.text());
}

#[test]
fn call_to_action_of_any_campaign_can_follow() {
    let text = "{ text: \"[Go on](cta:save) or [ask](cta:winter/ask)\" }";
    let winter = "---\ntitle: Winter\nsummary: Cold.\nchannels: [acme]\nctas:\n  ask: { label: Ask, contact: { form: [email, message] } }\n---\n\n\
                  ::: offer ask\n:::\n";
    let site = with_thanks(text).file("content/winter.md", winter);
    let run = site.build().clean();
    let page = run.page("spring/thanks/guide/");
    let (own, other) = (page.link("Go on"), page.link("ask"));
    assert!(own.starts_with("https://shop.example.com/") && own.contains("spring_save_direct"), "{own}");
    assert!(other.starts_with("/winter/") && other.ends_with("#cta-ask"), "{other}");
    // The page offers it, so the channels of its campaign have lead tags for it.
    assert!(site.read("lead-tags.csv").contains("winter_ask_newsletter"));
}

#[test]
fn link_to_the_form_leads_back_to_its_page() {
    let site = with_thanks("{ text: \"[Again](cta:guide), [top](#hire-in-days)\" }");
    let run = site.build().clean();
    let page = run.page("spring/thanks/guide/");
    assert_eq!(page.link("Again"), "/spring/#cta-guide");
    assert_eq!(page.link("top"), "/spring/#hire-in-days");
}

#[test]
fn wrong_thanks_is_an_error_at_its_place() {
    let edits = [
        ("«{}", "bad-thanks", "says nothing"),
        ("«Thank you", "wrong-type", "`key: value` lines"),
        ("{ «txt: Enjoy }", "unknown-key", "`text`"),
        ("{ «text: }", "empty-value", "`text` has no value"),
        ("{ text: \"[x](«/nowhere.md)\" }", "broken-link", "no page `/nowhere.md`"),
        ("{ text: \"[x](«cta:nobody)\" }", "unknown-cta", "unknown call to action `nobody`"),
        ("{ text: \"![x](«nothing.png)\" }", "broken-link", "nothing.png"),
        ("\n      text: |\n        «::: offer save\n        :::", "bad-thanks", "cannot have the block `offer`"),
        ("\n      text: |\n        «::: signup save\n        :::", "bad-thanks", "cannot have the block `signup`"),
        ("\n      text: |\n        «::: countdown\n        :::", "bad-thanks", "cannot have the block `countdown`"),
        ("\n      text: |\n        «::: heroo\n        Hi\n        :::", "unknown-block", "did you mean `hero`?"),
    ];
    let thanks: Vec<_> = edits.iter().map(|(new, ..)| format!("{LABEL}    thanks: {new}\n")).collect();
    let edits: Vec<_> =
        edits.iter().zip(&thanks).map(|((_, rule, text), new)| invalid(CAMPAIGN, LABEL, new, rule, text)).collect();
    assert_each_rejected(&Site::new(), &edits);
    let trial = "    label: Book a trial\n";
    let edit = format!("{trial}    «thanks: {{ title: Thanks }}\n");
    assert_each_rejected(
        &Site::new(),
        &[invalid(CAMPAIGN, trial, &edit, "bad-thanks", "this call to action has none")],
    );
}

#[test]
fn blocks_without_a_campaign_are_allowed() {
    let text = "\n      text: |\n        ::: quote by=Amina\n        Well done.\n        :::";
    let html = with_thanks(text).build().clean().public("spring/thanks/guide/index.html");
    assert!(html.contains("Well done.") && html.contains("Amina"), "{html}");
}

#[test]
fn hostile_text_in_thanks_stays_text_also_where_pages_have_html() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp; {{ 1 }}";
    let quoted = format!("'{}'", evil.replace('\'', "''"));
    for site in [
        with_thanks(&format!("{{ title: {quoted}, text: {quoted} }}")),
        with_thanks(&format!("{{ title: {quoted}, text: {quoted} }}")).edit(
            SITE,
            "channels:\n",
            "markdown: { raw_html: true }\nchannels:\n",
        ),
    ] {
        let run = site.build().ok();
        assert_eq!(run.rules().first().map(String::as_str), Some("raw-html"), "{}", run.stderr);
        let page = run.page("spring/thanks/guide/");
        assert_eq!(page.the("h1").text, evil);
        assert!(page.elements.iter().all(|element| !element.has("src", "x")));
        let html = run.public("spring/thanks/guide/index.html");
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    }
}

#[test]
fn edited_thanks_are_rendered_in_the_next_build() {
    let site = with_thanks("{ text: First }");
    assert!(site.build().clean().public("spring/thanks/guide/index.html").contains("First"));
    let site = site.edit(CAMPAIGN, "{ text: First }", "{ text: Second }");
    assert!(site.build().clean().public("spring/thanks/guide/index.html").contains("Second"));
    // Only another page changed, so the page is parsed again from its outline.
    let site = site.edit(PAGE, "What it costs.", "What it costs now.").edit(SITE, "title: Kazi", "title: Kazi Now");
    assert!(site.build().clean().public("spring/thanks/guide/index.html").contains("Second"));
}

#[test]
fn signup_is_a_form_in_a_line_that_promises_no_answer() {
    let site = with_signup();
    let run = site.build().clean();
    let page = run.page("spring/");
    page.with("id", "cta-trial");
    assert_eq!(page.with("id", "trial_email").get("autocomplete"), "email");
    assert!(!page.text().contains("We get in touch"), "{}", page.text());
    let thanks = run.page("spring/thanks/trial/");
    assert!(thanks.text().contains("We have received your sign-up: Subscribe."), "{}", thanks.text());
    assert!(!thanks.text().contains("get in touch") && !thanks.text().contains("1 hour"), "{}", thanks.text());
}

#[test]
fn offer_of_a_signup_promises_no_answer_either() {
    let site = with_signup().edit(CAMPAIGN, "::: signup trial\n### News\n:::", "::: offer trial\n:::");
    let page = site.build().clean().page("spring/");
    assert!(page.text().contains("You hear from us by e-mail."), "{}", page.text());
    assert!(!page.text().contains("We get in touch within"), "{}", page.text());
}

#[test]
fn signup_of_another_call_to_action_is_an_error() {
    let edits = [
        ("::: signup trial", "«::: signup guide", "bad-signup", "write `::: offer guide`"),
        ("::: signup trial", "«::: signup save", "bad-signup", "write `::: offer save`"),
        ("::: signup trial", "«::: signup nobody", "unknown-cta", "no call to action `nobody`"),
        ("::: signup trial", "«::: signup", "bad-block-attribute", "write it as in `::: signup guide`"),
        ("::: signup trial", "::: signup trial «wide", "bad-block-attribute", "no attribute `wide`"),
        ("::: signup trial", "«::: sign-up trial", "unknown-block", "did you mean `signup`?"),
    ];
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(CAMPAIGN, old, new, rule, text)).collect();
    assert_each_rejected(&with_signup(), &edits);
}

#[test]
fn sales_reads_that_a_lead_signed_up() {
    let site = with_signup();
    site.build().clean();
    let run = site.run(&["explain", "spring_trial_acme"]).ok();
    assert!(run.stdout.contains("signed up with an e-mail address"), "{}", run.stdout);
}
