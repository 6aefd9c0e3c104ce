//! Destinations: errors in `site.yaml`, and the forms of built pages for each kind.

use crate::support::html::{Element, Page};
use crate::support::{CAMPAIGN, SITE, Site, assert_each_rejected, invalid};

const ENDPOINT: &str = "{ endpoint: https://forms.kazi.example/leads }";
const NETLIFY: &str = "{ netlify: true }";
const HUBSPOT: &str = "{ hubspot: { portal: 12345678, form: 0f8fad5b-d9cb-469f-a165-70867728950e, region: eu1, \
                       subscription: 999, fields: { team_size: company_size, utm_term: utm_term } } }";
const SALESFORCE: &str = "{ salesforce: { org: 00D5g000004AbCdEAK, lead_source: Website, \
                          fields: { lead_tag: 00N5g00000AbCdE, team_size: 00N5g00000AbCdS } } }";
const FIELDS: &str = "[name, email, company, phone, role, team_size, country, message]";

/// The small site with another destination, and a form with every field that all kinds support.
fn site_with_destination(destination: &str) -> Site {
    let source = "medium: referral }";
    Site::new()
        .edit(SITE, ENDPOINT, destination)
        .edit(SITE, source, "medium: referral, crm_source: Partner Referral }")
        .edit(CAMPAIGN, "[name, email]", FIELDS)
}

/// Makes each edit of a file, given as old text, new text, rule and a part of the message, on its own.
#[track_caller]
fn assert_edits_rejected(site: &Site, file: &str, edits: &[(&str, &str, &str, &str)]) {
    let edits: Vec<_> = edits.iter().map(|(old, new, rule, text)| invalid(file, old, new, rule, text)).collect();
    assert_each_rejected(site, &edits);
}

#[test]
fn destination_without_exactly_one_kind_is_an_error() {
    assert_edits_rejected(
        &site_with_destination(ENDPOINT),
        SITE,
        &[
            ("{ endpoint:", "{ netlify: true, «endpoint:", "bad-destination-kind", "split it into two destinations"),
            (
                ENDPOINT,
                "«{}",
                "bad-destination-kind",
                "add one of `endpoint`, `netlify`, `hubspot`, `salesforce`, `mailchimp`",
            ),
            ("endpoint:", "«endpont:", "unknown-key", "did you mean `endpoint`?"),
            (ENDPOINT, "{ netlify: «false }", "wrong-type", "`netlify` can only be `true`"),
            ("https://forms", "«http://forms", "insecure-endpoint", "write `https://`"),
        ],
    );
}

#[test]
fn invalid_hubspot_destination_is_an_error_at_its_place() {
    assert_edits_rejected(
        &site_with_destination(HUBSPOT),
        SITE,
        &[
            ("portal: 12345678", "portal: «kazi", "bad-destination-account", "digits only"),
            ("portal: 12345678", "portal: «-1", "bad-destination-account", "digits only"),
            ("portal: 12345678, form", "«form", "missing-key", "`portal` is missing"),
            ("form: 0f8fad5b-d9cb", "form: «0f8fad5b-d9c", "bad-destination-account", "copy its id from the address"),
            ("region: eu1", "region: «eu2", "bad-destination-account", "did you mean `eu1`?"),
            ("region: eu1", "region: «mars", "bad-destination-account", "the regions are `na1`"),
            ("subscription: 999", "subscription: «newsletter", "bad-destination-account", "digits only"),
            ("subscription", "«subscripton", "unknown-key", "did you mean `subscription`?"),
            ("team_size: company_size", "«teamsize: company_size", "unknown-key", "did you mean `team_size`?"),
            ("team_size: company_size", "team_size: company_size, «redirect: x", "unknown-key", "the fields are"),
            ("utm_term: utm_term", "utm_term: «UTM-Term", "bad-destination-field", "perhaps `utm_term`"),
            ("utm_term: utm_term", "utm_term: «company_size", "bad-destination-field", "already used here"),
            ("utm_term: utm_term", "utm_term: «firstname", "bad-destination-field", "`name` is sent there by default"),
            ("utm_term: utm_term", "«utm_term:", "empty-value", "write a value"),
            (
                HUBSPOT,
                &HUBSPOT.replace("hubspot:", "«hubspot:").replace("utm_term: ", "email: "),
                "bad-destination-field",
                "no field is sent to `email`",
            ),
        ],
    );
}

#[test]
fn invalid_salesforce_destination_is_an_error_at_its_place() {
    let marked = SALESFORCE.replace("salesforce:", "«salesforce:");
    let unmapped = marked.replace("lead_tag: 00N5g00000AbCdE, ", "");
    let nameless = marked.replace("team_size: 00N5g00000AbCdS", "company: city");
    assert_edits_rejected(
        &site_with_destination(SALESFORCE),
        SITE,
        &[
            ("org: 00D5g000004AbCdEAK", "org: «00D5g000004AbCdEAL", "bad-destination-account", "Organization ID"),
            ("org: 00D5g000004AbCdEAK", "org: «00X5g000004AbCd", "bad-destination-account", "Organization ID"),
            ("org: 00D5g000004AbCdEAK", "org: «00D5g", "bad-destination-account", "`00D` and 12 more characters"),
            (
                "lead_tag: 00N5g00000AbCdE",
                "lead_tag: «00N5g00000AbCd",
                "bad-destination-field",
                "generate a Web-to-Lead form",
            ),
            ("lead_tag: 00N5g00000AbCdE", "lead_tag: «Lead_Tag__c", "bad-destination-field", "`00N` and 12 or 15"),
            ("lead_tag: 00N5g00000AbCdE", "lead_tag: «lead_source", "bad-destination-field", "no field `lead_source`"),
            ("team_size: 00N5g00000AbCdS", "team_size: «compani", "bad-destination-field", "did you mean `company`?"),
            ("team_size: 00N5g00000AbCdS", "team_size: «00N5g00000AbCdE", "bad-destination-field", "already used here"),
            (
                "team_size: 00N5g00000AbCdS",
                "team_size: «00N5g00000AbCdEEAV",
                "bad-destination-field",
                "already used here",
            ),
            (
                "lead_tag: 00N5g00000AbCdE",
                "lead_tag: «mobile",
                "bad-destination-field",
                "`lead_tag` can have 145 characters, but `mobile` accepts at most 40",
            ),
            (
                "team_size: 00N5g00000AbCdS",
                "utm_term: «city",
                "bad-destination-field",
                "`utm_term` can have 255 characters",
            ),
            (
                "team_size: 00N5g00000AbCdS",
                "team_size: «title",
                "bad-destination-field",
                "`role` is sent there by default",
            ),
            ("team_size: 00N5g00000AbCdS", "«crm_source: city", "unknown-key", "is always sent to `lead_source`"),
            (SALESFORCE, &unmapped, "bad-destination-field", "leads would arrive without their source"),
            (SALESFORCE, &nameless, "bad-destination-field", "no field is sent to `company`"),
        ],
    );
}

#[test]
fn form_fields_that_do_not_fit_the_destination_are_an_error() {
    let and_its_destination = "its destination";
    for (destination, edits) in [
        (
            HUBSPOT,
            &[
                (FIELDS, "[email, «preferred_time]", "bad-destination-field", "fields: { preferred_time: … }"),
                (FIELDS, "«[name, phone]", "bad-destination-field", "HubSpot requires `email`"),
            ][..],
        ),
        (
            SALESFORCE,
            &[
                (
                    FIELDS,
                    "[name, email, company, «preferred_time]",
                    "bad-destination-field",
                    "remove `preferred_time` from the form",
                ),
                (FIELDS, "«[name, email]", "bad-destination-field", "add `company` to the form's fields"),
                (FIELDS, "«[email, company]", "bad-destination-field", "add `name` to the form's fields"),
            ],
        ),
    ] {
        let site = site_with_destination(destination);
        assert_edits_rejected(&site, CAMPAIGN, edits);
        let run = site.edit(CAMPAIGN, FIELDS, edits[0].1.replace('«', "").as_str()).build().failed(1);
        assert!(run.stderr.contains("--> site.yaml:") || run.stderr.contains("::: site.yaml:"), "{}", run.stderr);
        assert!(run.stderr.contains(and_its_destination), "{}", run.stderr);
    }
}

/// The name under which a hidden field is sent, or an empty text if it is not sent.
fn sent_names(page: &Page) -> Vec<(&str, &str)> {
    let hidden = page.all("input").filter(|input| input.has("type", "hidden"));
    hidden.map(|input| (field_name(input), input.get("name"))).collect()
}

fn field_name(input: &Element) -> &str {
    if input.attributes.contains_key("data-field") { input.get("data-field") } else { input.get("name") }
}

/// The hidden fields that the documentation promises, in order.
const HIDDEN: [&str; 22] = [
    "lead_tag",
    "lead_summary",
    "campaign",
    "cta",
    "channel",
    "offer",
    "page",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "click_id",
    "click_id_type",
    "first_channel",
    "first_campaign",
    "first_page",
    "referrer",
    "consent_version",
    "redirect",
    "language",
    "version",
];

#[track_caller]
fn value<'p>(page: &'p Page, name: &str) -> &'p str {
    page.with("name", name).get("value")
}

#[test]
fn every_form_has_all_hidden_fields_under_the_names_of_its_destination() {
    for (destination, renamed, added) in [
        (ENDPOINT, None, &[][..]),
        (NETLIFY, None, &["form-name"]),
        (
            HUBSPOT,
            Some(&[("lead_tag", "lead_tag"), ("lead_summary", "lead_summary"), ("utm_term", "utm_term")][..]),
            &["hs_context"],
        ),
        (SALESFORCE, Some(&[("lead_tag", "00N5g00000AbCdE"), ("redirect", "retURL")]), &["crm_source", "oid"]),
    ] {
        let site = site_with_destination(destination);
        let run = site.build().clean();
        for page in ["spring/", "spring/via/acme/"] {
            let page = run.page(page);
            let sent = sent_names(&page);
            assert_eq!(
                sent.iter().map(|(field_name, _)| *field_name).collect::<Vec<_>>(),
                [&HIDDEN[..], added].concat()
            );
            for (field_name, name) in &sent[..20] {
                let expected = match renamed {
                    None => field_name,
                    Some(renamed) => {
                        renamed.iter().find(|(name, _)| name == field_name).map_or("", |(_, theirs)| *theirs)
                    }
                };
                assert_eq!(*name, expected, "{field_name}");
            }
        }
    }
}

#[test]
fn endpoint_on_another_host_is_posted_to_and_own_host_is_fetched() {
    let site = site_with_destination(ENDPOINT);
    let run = site.build().clean();
    let page = run.page("spring/");
    let form = page.the("form");
    assert_eq!((form.get("action"), form.get("data-send")), ("https://forms.kazi.example/leads", "post"));
    let site = site_with_destination("{ endpoint: https://kazi.example/leads }");
    let run = site.build().clean();
    let page = run.page("spring/");
    let form = page.the("form");
    assert_eq!((form.get("action"), form.get("data-send")), ("https://kazi.example/leads", "fetch"));
}

#[test]
fn netlify_form_is_detected_and_leads_to_the_thank_you_page() {
    let site = site_with_destination(NETLIFY).edit(SITE, "https://kazi.example/", "https://kazi.example/jobs/");
    let run = site.build().clean();
    for page in ["spring/", "spring/via/acme/"] {
        let page = run.page(page);
        let form = page.the("form");
        let attributes = ["name", "method", "action", "data-netlify", "netlify-honeypot", "data-send"];
        assert_eq!(
            attributes.map(|name| form.get(name)),
            ["spring_guide", "post", "/jobs/spring/thanks/guide/", "true", "leave_empty", "fetch"]
        );
        assert_eq!(value(&page, "form-name"), "spring_guide");
        page.with("name", "leave_empty");
    }
}

#[test]
fn hubspot_form_has_both_urls_and_its_properties() {
    let site = site_with_destination(HUBSPOT);
    let run = site.build().clean();
    let page = run.page("spring/via/acme/");
    let form = page.the("form");
    let path = "12345678/0f8fad5b-d9cb-469f-a165-70867728950e";
    assert_eq!(form.get("action"), format!("https://forms-eu1.hubspot.com/uploads/form/v2/{path}"));
    assert_eq!(form.get("data-url"), format!("https://api-eu1.hsforms.com/submissions/v3/integration/submit/{path}"));
    assert_eq!(form.get("data-send"), "hubspot");
    assert_eq!(page.with("data-field", "consent").get("data-subscription"), "999");
    assert!(!form.attributes.contains_key("data-cap"));
    for (name, field) in [("firstname", "name"), ("jobtitle", "role"), ("company_size", "team_size")] {
        assert_eq!(page.with("name", name).get("data-field"), field);
    }
    let email = page.with("name", "email");
    assert!(email.attributes.contains_key("required") && !email.attributes.contains_key("data-field"));
    let context: serde_json::Value = serde_json::from_str(value(&page, "hs_context")).unwrap();
    let expected = serde_json::json!({
        "pageUrl": "https://kazi.example/spring/",
        "redirectUrl": "https://kazi.example/spring/thanks/guide/",
    });
    assert_eq!(context, expected);
    // HubSpot takes consent in another way than as a property.
    let consent = page.with("data-field", "consent");
    assert_eq!((consent.get("type"), consent.attributes.contains_key("name")), ("checkbox", false));
    assert!(consent.attributes.contains_key("required"));
}

#[test]
fn salesforce_form_respects_fields_and_lengths() {
    let site = site_with_destination(SALESFORCE);
    let run = site.build().clean();
    let page = run.page("spring/");
    let form = page.the("form");
    let url = "https://webto.salesforce.com/servlet/servlet.WebToLead?encoding=UTF-8";
    assert_eq!((form.get("method"), form.get("action")), ("post", url));
    assert_eq!((form.get("data-send"), form.get("data-cap")), ("post", "255"));
    assert_eq!(value(&page, "oid"), "00D5g000004AbCdEAK");
    assert_eq!(value(&page, "retURL"), "https://kazi.example/spring/thanks/guide/");
    let visible: Vec<_> = page
        .elements
        .iter()
        .filter(|element| !element.get("maxlength").is_empty())
        .map(|field| (field.get("name"), field.get("maxlength"), field.attributes.contains_key("required")))
        .collect();
    assert_eq!(
        visible,
        [
            ("last_name", "80", true),
            ("email", "80", true),
            ("company", "200", true),
            ("phone", "40", false),
            ("title", "128", false),
            ("country", "80", false),
            ("description", "5000", false),
        ]
    );
}

#[test]
fn salesforce_lead_source_is_the_one_of_the_channel() {
    let site = site_with_destination(SALESFORCE);
    let run = site.build().clean();
    for (page, expected) in
        [("spring/", "Website"), ("spring/via/acme/", "Partner Referral"), ("spring/via/newsletter/", "Website")]
    {
        let page = run.page(page);
        let source = page.with("name", "lead_source");
        assert_eq!((source.get("data-field"), source.get("value")), ("crm_source", expected));
        assert!(page.with("data-field", "lead_tag").get("value").starts_with("spring_guide_"));
    }
    let site = site_with_destination(&SALESFORCE.replace("lead_source: Website, ", ""));
    let run = site.build().clean();
    assert_eq!(value(&run.page("spring/"), "lead_source"), "");
    let site = site_with_destination(&HUBSPOT.replace("utm_term: utm_term", "crm_source: crm_origin"));
    let run = site.build().clean();
    let page = run.page("spring/via/acme/");
    assert_eq!(
        (value(&page, "crm_origin"), page.with("name", "crm_origin").get("data-field")),
        ("Partner Referral", "crm_source")
    );
    let site = site_with_destination(ENDPOINT);
    let run = site.build().clean();
    assert!(!run.public("spring/via/acme/").contains("Partner Referral"));
}

#[test]
fn consent_is_sent_in_the_mapped_fields() {
    let site = site_with_destination(&SALESFORCE.replace(
        "team_size: 00N5g00000AbCdS",
        "team_size: 00N5g00000AbCdS, consent: 00N5g00000AbCdF, consent_version: 00N5g00000AbCdG",
    ));
    let run = site.build().clean();
    let page = run.page("spring/");
    let consent = page.with("data-field", "consent");
    assert_eq!((consent.get("name"), consent.get("value")), ("00N5g00000AbCdF", "yes"));
    assert_eq!(value(&page, "00N5g00000AbCdG"), "2027-01");
}

#[test]
fn cta_can_use_a_destination_of_another_kind() {
    let site = site_with_destination(ENDPOINT)
        .edit(SITE, "destinations:\n", &format!("destinations:\n  sf: {SALESFORCE}\n"))
        .edit(CAMPAIGN, "    download:", "    deliver_to: sf\n    download:")
        .edit(CAMPAIGN, "      url: https://cal.example.com/kazi", "      form: [email, preferred_time]");
    let run = site.build().clean();
    let page = run.page("spring/");
    let sent: Vec<_> = page.all("form").map(|form| (form.get("id"), form.get("data-cap"))).collect();
    assert_eq!(sent.iter().filter(|(_, cap)| *cap == "255").count(), 1, "{sent:?}");
    assert_eq!(page.all("input").filter(|input| input.has("name", "oid")).count(), 1);
    assert_eq!(page.all("input").filter(|input| input.has("name", "redirect")).count(), 1);
}

#[test]
fn honeypot_field_is_hidden_from_people() {
    for (destination, name) in [(ENDPOINT, "leave_empty"), (NETLIFY, "leave_empty"), (HUBSPOT, ""), (SALESFORCE, "")] {
        let site = site_with_destination(destination);
        let run = site.build().clean();
        let page = run.page("spring/");
        let field = page.with("id", "guide_leave_empty");
        assert_eq!((field.get("type"), field.get("name")), ("text", name));
        assert_eq!(field.get("data-field"), if name.is_empty() { "leave_empty" } else { "" });
        assert_eq!((field.get("tabindex"), field.get("autocomplete")), ("-1", "off"));
        assert!(!field.attributes.contains_key("required") && !field.attributes.contains_key("style"));
        assert_eq!(page.with("for", "guide_leave_empty").text, "Leave this field empty");
        assert_eq!(page.with("class", "leave-empty").get("aria-hidden"), "true");
    }
}

#[test]
fn error_message_of_a_form_is_hidden_and_names_the_owner() {
    let owner = "  owner: sales@kazi.example\n";
    for (site, email) in [
        (site_with_destination(ENDPOINT), "sales@kazi.example"),
        (
            site_with_destination(ENDPOINT).edit(CAMPAIGN, "title: Hire", "owner: ada+web@kazi.example\ntitle: Hire"),
            "ada+web@kazi.example",
        ),
        (site_with_destination(ENDPOINT).edit(SITE, owner, ""), "hello@kazi.example"),
    ] {
        let run = site.build().clean();
        let page = run.page("spring/");
        let message = page.with("role", "alert");
        assert!(message.attributes.contains_key("hidden"));
        assert!(message.text.contains("please try again") && message.text.contains(email), "{}", message.text);
        let expected = format!("mailto:{}?subject=Download%20the%20guide", email.replace('+', "%2B"));
        assert!(page.links().contains(&(email, &expected)), "{:?}", page.links());
    }
    let nobody = site_with_destination(ENDPOINT).edit(SITE, owner, "").edit(SITE, ", email: hello@kazi.example", "");
    let run = nobody.build().clean();
    assert_eq!(
        run.page("spring/").with("role", "alert").text,
        "This could not be sent. What you wrote is still here: please try again."
    );
}

#[test]
fn preview_form_sends_nothing_and_shows_what_it_would_send() {
    for destination in [ENDPOINT, NETLIFY, HUBSPOT, SALESFORCE] {
        let site = site_with_destination(destination);
        let run = site.run(&["build", "--preview"]).ok();
        let page = run.page("spring/");
        let form = page.the("form");
        for attribute in ["action", "method", "data-send", "data-url", "data-netlify"] {
            assert!(!form.attributes.contains_key(attribute), "{attribute}");
        }
        let names: Vec<_> = page.all("dt").map(|name| &*name.text).collect();
        assert!(names.iter().all(|name| !name.is_empty()) && !names.is_empty());
        assert_eq!(names.contains(&"oid"), destination == SALESFORCE);
        assert_eq!(names.contains(&"click_id"), destination == ENDPOINT || destination == NETLIFY);
    }
}

#[test]
fn names_in_a_destination_are_escaped() {
    let lead_source = r#"lead_source: "\"><script>&{{ 1 }}""#;
    let site = site_with_destination(&SALESFORCE.replace("lead_source: Website", lead_source));
    let run = site.build().clean();
    assert_eq!(value(&run.page("spring/"), "lead_source"), "\"><script>&{{ 1 }}");
}
