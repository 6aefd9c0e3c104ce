//! `tagline explain`: lead tags, codes and links that are only a part of what somebody pasted.

use serde_json::Value;

use crate::support::{CAMPAIGN, Site};

fn built() -> Site {
    let site = Site::new();
    site.build_on("2027-03-01").clean();
    site
}

/// The answer as JSON, and as text.
#[track_caller]
fn explain(site: &Site, question: &str) -> (Value, String) {
    let json = site.run(&["explain", question, "--format", "json"]).clean().stdout;
    (serde_json::from_str(&json).unwrap(), site.run(&["explain", question]).clean().stdout)
}

#[test]
fn lead_tag_is_found_with_marks_around_it() {
    let site = built();
    for question in [
        "_spring_save_acme_",
        "*spring_save_acme*",
        "**spring_save_acme**",
        "\"spring_save_acme\"",
        "„spring_save_acme“",
        "(spring_save_acme)",
        "[spring_save_acme]",
    ] {
        let (json, text) = explain(&site, question);
        assert_eq!(json["tag"], "spring_save_acme", "{question}");
        assert!(text.starts_with("spring_save_acme\n"), "{question}: {text}");
    }
}

#[test]
fn lead_tag_is_found_in_a_parameter_or_an_encoded_link_and_named() {
    let site = built();
    for question in [
        "utm_content=spring_save_acme",
        "?utm_source=acme&utm_content=spring_save_acme",
        "lead_tag=\"spring_save_acme\"",
        "https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme&data=05%7C02%7C&reserved=0",
        "https://www.google.com/url?q=https://kazi.example/spring/?utm_content%3Dspring_save_acme&sa=D",
        "Lead: https://www.google.com/url?q=https%3A%2F%2Fkazi.example%2Fspring%2F%3Futm_content%3Dspring_save_acme, please call",
        "The field says utm_content=spring_save_acme.",
        "{\"lead_tag\":\"spring_save_acme\"}",
        "utm_content%3Dspring_save_acme",
        "Spring save ACME",
    ] {
        let (json, text) = explain(&site, question);
        assert_eq!(
            (&json["tag"], &json["taken"]),
            (&"spring_save_acme".into(), &"spring_save_acme".into()),
            "{question}"
        );
        assert!(text.starts_with("Found in the text: spring_save_acme\n\nspring_save_acme\n"), "{question}: {text}");
    }
}

#[test]
fn page_is_found_in_the_address_of_a_redirect() {
    let site = built();
    for question in [
        "https://www.google.com/url?q=https%3A%2F%2Fkazi.example%2Fspring%2Fvia%2Facme%2F&sa=D",
        "https://urldefense.com/v3/__https://kazi.example/spring/via/acme/__;!!abc$",
        "https%3A%2F%2Fkazi.example%2Fspring%2Fvia%2Facme%2F",
    ] {
        let (json, text) = explain(&site, question);
        assert_eq!((&json["campaign"], &json["channel"]), (&"spring".into(), &"acme".into()), "{question}");
        assert!(text.starts_with("Found in the text: https://kazi.example/spring/via/acme/\n"), "{question}: {text}");
    }
}

#[test]
fn coupon_code_is_found_in_a_sentence_and_named() {
    let site = built();
    for question in
        ["ACME 20", "I would like to use ACME20 for my order.", "Is `acme20` still valid?", "code: ACME20, thanks"]
    {
        let (json, text) = explain(&site, question);
        let tags: Vec<&Value> = json["sources"].as_array().unwrap().iter().map(|source| &source["tag"]).collect();
        assert_eq!(tags, ["spring_save_acme"], "{question}");
        assert!(text.to_lowercase().starts_with("found in the text: acme20\n"), "{question}: {text}");
    }
    let (json, _) = explain(&site, "https://kazi.example/spring/?utm_content=spring%255Fsave%255Facme");
    assert_eq!(json["tag"], "spring_save_acme", "encoded twice");
    // A word that is a code only by its letters is a word.
    let site = Site::edited(CAMPAIGN, "code: SPRING20", "code: SAVE");
    site.build_on("2027-03-01").clean();
    site.run(&["explain", "please save my seat"]).failed(1);
    let (json, _) = explain(&site, "please take SAVE for me");
    assert_eq!(json["taken"], "SAVE");
}

#[test]
fn question_that_is_looked_up_as_it_is_names_nothing_else() {
    let site = built();
    for question in
        ["spring_save_acme", "spring", "ACME20", "https://kazi.example/spring/?utm_content=spring_save_acme"]
    {
        let (json, text) = explain(&site, question);
        assert!(json.get("taken").is_none() && !text.contains("Found in the text"), "{question}: {text}");
    }
}
