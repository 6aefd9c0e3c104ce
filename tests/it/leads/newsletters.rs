//! Destinations for newsletters: Mailchimp, Brevo and Mautic.

use crate::support::{CAMPAIGN, SITE, Site, assert_each_rejected, invalid};

const ENDPOINT: &str = "{ endpoint: https://forms.kazi.example/leads }";
const MAILCHIMP: &str = "{ mailchimp: { form: \"https://kazi.us21.list-manage.com/subscribe/post?u=0a1b2c3d4e5f&id=aabbccddee&f_id=00112233\", \
                         fields: { lead_tag: LEADTAG, budget: BUDGET } } }";
const BREVO: &str = "{ brevo: { form: https://1a2b3c4d.sibforms.com/serve/MUIFAAh_x-9, \
                     fields: { lead_tag: LEAD_TAG, topics: TOPICS } } }";
const MAUTIC: &str =
    "{ mautic: { url: https://mautic.kazi.example/app/, form: 3, fields: { topics: topics, budget: budget } } }";
const FIELDS: &str = "fields:
  budget: { label: Budget, type: choice, options: [Small, Large] }
  topics: { label: Topics, type: choices, options: [Hiring, Payroll] }
destinations:
";

fn site(destination: &str, form: &str) -> Site {
    Site::new().edit(SITE, ENDPOINT, destination).edit(SITE, "destinations:\n", FIELDS).edit(
        CAMPAIGN,
        "[name, email]",
        form,
    )
}

#[test]
fn mailchimp_form_posts_to_its_audience_with_the_lead_tag() {
    let site = site(MAILCHIMP, "[first_name, last_name, email, budget]");
    let run = site.build().clean();
    let page = run.page("spring/");
    let form = page.the("form");
    let url = "https://kazi.us21.list-manage.com/subscribe/post?u=0a1b2c3d4e5f&id=aabbccddee&f_id=00112233";
    assert_eq!((form.get("action"), form.get("data-send"), form.get("data-cap")), (url, "post", "255"));
    for (theirs, ours) in [("FNAME", "first_name"), ("LNAME", "last_name"), ("EMAIL", "email"), ("LEADTAG", "lead_tag")]
    {
        assert_eq!(page.with("name", theirs).get("data-field"), ours);
    }
    assert_eq!(page.with("name", "LEADTAG").get("value"), "spring_guide_direct");
    let honeypot = page.with("id", "guide_leave_empty");
    assert_eq!((honeypot.get("name"), honeypot.get("data-field")), ("b_0a1b2c3d4e5f_aabbccddee", "leave_empty"));
    assert!(page.elements.iter().all(|element| !element.has("name", "redirect")));
}

#[test]
fn brevo_form_has_the_fields_of_its_own_forms() {
    let site = site(BREVO, "[email, topics]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.the("form").get("action"), "https://1a2b3c4d.sibforms.com/serve/MUIFAAh_x-9");
    assert_eq!(page.with("name", "LEAD_TAG").get("value"), "spring_guide_direct");
    assert_eq!(
        (page.with("name", "locale").get("value"), page.with("name", "html_type").get("value")),
        ("en", "simple")
    );
    assert_eq!(page.with("id", "guide_leave_empty").get("name"), "email_address_check");
    let topics = page.elements.iter().filter(|element| element.has("name", "TOPICS[]"));
    assert_eq!(topics.map(|it| it.get("value")).collect::<Vec<_>>(), ["Hiring", "Payroll"]);
}

#[test]
fn mautic_form_has_its_number_and_returns_to_the_page_of_the_form() {
    let site = site(MAUTIC, "[name, email, topics, budget]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert_eq!(page.the("form").get("action"), "https://mautic.kazi.example/app/form/submit?formId=3");
    for (name, value) in [
        ("mauticform[formId]", "3"),
        ("mauticform[return]", "https://kazi.example/spring/"),
        ("mauticform[lead_tag]", "spring_guide_direct"),
    ] {
        assert_eq!(page.with("name", name).get("value"), value, "{name}");
    }
    assert_eq!(page.with("name", "mauticform[email]").get("data-field"), "email");
    assert_eq!(page.elements.iter().filter(|it| it.has("name", "mauticform[topics][]")).count(), 2);
    assert_eq!(page.elements.iter().filter(|it| it.has("name", "mauticform[budget]")).count(), 2);
}

#[test]
fn policy_allows_the_form_to_be_posted() {
    for (destination, form, host) in [
        (MAILCHIMP, "[email]", "https://kazi.us21.list-manage.com"),
        (BREVO, "[email]", "https://1a2b3c4d.sibforms.com"),
        (MAUTIC, "[email]", "https://mautic.kazi.example"),
    ] {
        let headers = site(destination, form).build().clean().public("_headers");
        let (_, policy) = headers.split_once("form-action").unwrap();
        assert!(policy.split(';').next().unwrap().contains(host), "{headers}");
    }
}

#[test]
fn wrong_mailchimp_destination_is_an_error_at_its_place() {
    let site = site(MAILCHIMP, "[email]");
    let edits = [
        (
            "form: \"https://kazi.us21.list-manage.com",
            "form: «\"https://kazi.us21.example.com",
            "bad-destination-account",
            "copy the `action`",
        ),
        ("id=aabbccddee", "idd=aabbccddee", "bad-destination-account", "copy the `action`"),
        ("lead_tag: LEADTAG, ", "", "bad-destination-field", "leads would arrive without their source"),
        ("LEADTAG", "«lead_tag", "bad-destination-field", "perhaps `LEAD_TAG`"),
        ("LEADTAG", "«LEADTAGOFKAZI", "bad-destination-field", "at most 10 characters"),
        ("budget: BUDGET", "topics: «TOPICS", "bad-destination-field", "can have several answers"),
        ("budget: BUDGET", "company: «FNAME", "bad-destination-field", "`name` is sent there by default"),
    ];
    for (old, new, rule, text) in edits {
        let valid = site.read(SITE);
        site.write(SITE, valid.replacen(old, &new.replace('«', ""), 1));
        let error = site.build().failed(1).error();
        assert_eq!(error.rule, rule, "{new}");
        assert!(error.text.contains(text), "{new}: {}", error.text);
        site.write(SITE, valid);
    }
    let edit = invalid(
        CAMPAIGN,
        "form: [email]",
        "form: [email, «company]",
        "bad-destination-field",
        "no field for `company`",
    );
    assert_each_rejected(&site, &[edit]);
}

#[test]
fn wrong_brevo_or_mautic_destination_is_an_error_at_its_place() {
    for (destination, edits) in [
        (
            BREVO,
            &[
                (
                    "1a2b3c4d.sibforms.com/serve",
                    "1a2b3c4d.sibforms.com/other",
                    "bad-destination-account",
                    "copy the `action`",
                ),
                ("lead_tag: LEAD_TAG, ", "", "bad-destination-field", "`lead_tag` has no field in Brevo"),
                ("TOPICS", "Topics", "bad-destination-field", "perhaps `TOPICS`"),
            ][..],
        ),
        (
            MAUTIC,
            &[
                ("https://mautic", "http://mautic", "insecure-endpoint", "write `https://`"),
                ("form: 3", "form: three", "bad-destination-account", "digits only"),
                ("topics: topics", "topics: Topics", "bad-destination-field", "lower case letters"),
                ("topics: topics", "topics: return", "bad-destination-field", "Mautic has no field `return`"),
            ],
        ),
    ] {
        let site = site(destination, "[email]");
        for (old, new, rule, text) in edits {
            let valid = site.read(SITE);
            site.write(SITE, valid.replacen(old, new, 1));
            let error = site.build().failed(1).error();
            assert_eq!(error.rule, *rule, "{new}");
            assert!(error.text.contains(text), "{new}: {}", error.text);
            site.write(SITE, valid);
        }
    }
}
