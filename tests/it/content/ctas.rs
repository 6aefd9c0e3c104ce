//! Coupons, downloads and bookings: from front matter to HTML.

use crate::support::html::{Element, Page};
use crate::support::{CAMPAIGN, Run, Site};

const TRIAL: &str = "      url: https://cal.example.com/kazi";

fn site_with_fields(fields: &str) -> Site {
    Site::new().edit(CAMPAIGN, "[name, email]", fields)
}

#[test]
fn coupon_shows_code_link_and_last_day() {
    let site = Site::new().edit(CAMPAIGN, "Read the", "::: offer save\nA good deal.\n:::\n\nRead the");
    let run = site.build().clean();
    let page = run.page("spring/");
    let card = page.with("id", "cta-save");
    assert_eq!(page.with("id", "cta-save-code").text, "SPRING20");
    for words in ["A good deal.", "Valid until 31 March 2027"] {
        assert!(card.text.contains(words), "{}", card.text);
    }
    assert!(page.link("Get 20 % off").contains("coupon=SPRING20"));
    let copy = page.all("button").find(|button| button.get("data-copies") == "cta-save-code").unwrap();
    assert!(copy.attributes.contains_key("hidden"), "the copy button is hidden without its script");
}

#[test]
fn form_posts_to_its_destination_without_javascript() {
    let run = Site::new();
    let run = run.build().clean();
    let page = run.page("spring/");
    let form = page.the("form");
    assert_eq!((form.get("method"), form.get("action")), ("post", "https://forms.kazi.example/leads"));
    assert!(page.all("button").any(|button| button.has("type", "submit") && button.text == "Download the guide"));
}

#[test]
fn form_can_have_its_own_destination() {
    let site = Site::new()
        .edit("site.yaml", "destinations:\n", "destinations:\n  other: { endpoint: https://other.example/x }\n")
        .edit(CAMPAIGN, "    download:", "    deliver_to: other\n    download:");
    let run = site.build().clean();
    assert_eq!(run.page("spring/").the("form").get("action"), "https://other.example/x");
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
fn assert_hidden_fields(page: &Page, given: &[(&str, &str)]) {
    let hidden = page.hidden_fields();
    assert_eq!(hidden.iter().map(|(name, _)| *name).collect::<Vec<_>>(), HIDDEN);
    for (name, value) in hidden {
        let expected = given.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        assert_eq!(value, expected, "{name}");
    }
}

#[test]
fn landing_page_form_sends_the_lead_source() {
    let site = Site::new();
    let run = site.build().clean();
    assert_hidden_fields(
        &run.page("spring/"),
        &[
            ("lead_tag", "spring_guide_direct"),
            ("lead_summary", "Download the guide, Spring, direct"),
            ("campaign", "spring"),
            ("cta", "guide"),
            ("channel", "direct"),
            ("offer", "guide.pdf"),
            ("page", "https://kazi.example/spring/"),
            ("consent_version", "2027-01"),
            ("redirect", "https://kazi.example/spring/thanks/guide/"),
            ("language", "en"),
            ("version", "a"),
        ],
    );
}

#[test]
fn channel_page_form_sends_the_channel() {
    let site = Site::new();
    let run = site.build().clean();
    assert_hidden_fields(
        &run.page("spring/via/acme/"),
        &[
            ("lead_tag", "spring_guide_acme"),
            ("lead_summary", "Download the guide, Spring, via Partner: Acme"),
            ("campaign", "spring"),
            ("cta", "guide"),
            ("channel", "acme"),
            ("offer", "guide.pdf"),
            ("page", "https://kazi.example/spring/"),
            ("utm_source", "acme"),
            ("utm_medium", "referral"),
            ("utm_campaign", "spring"),
            ("consent_version", "2027-01"),
            ("redirect", "https://kazi.example/spring/thanks/guide/"),
            ("language", "en"),
            ("version", "a"),
        ],
    );
}

#[test]
fn booking_form_sends_form_as_its_offer() {
    let site = Site::new().edit(CAMPAIGN, TRIAL, "      form: [phone]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert!(page.hidden_fields().contains(&("offer", "form")));
    let row = site.register().into_iter().find(|row| row[0] == "spring_trial_direct").unwrap();
    assert_eq!(row[6], "form");
}

fn visible(page: &Page) -> Vec<&Element> {
    let controls = page.elements.iter().filter(|element| matches!(&*element.name, "input" | "select" | "textarea"));
    // `leads/destinations.rs` tests the honeypot field.
    controls.filter(|control| !control.has("type", "hidden") && !control.has("name", "leave_empty")).collect()
}

#[test]
fn every_field_has_a_label_and_autocomplete() {
    let site = site_with_fields("[name, email, company, phone, role, team_size, country, message, preferred_time]");
    let run = site.build().clean();
    let page = run.page("spring/");
    let fields: Vec<_> = visible(&page)
        .into_iter()
        .map(|field| {
            let label = page.all("label").filter(|label| label.has("for", field.get("id"))).count();
            assert_eq!(label, 1, "{field:?}");
            (field.get("name"), field.get("type"), field.get("autocomplete"), field.attributes.contains_key("required"))
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("name", "text", "name", true),
            ("email", "email", "email", true),
            ("company", "text", "organization", false),
            ("phone", "tel", "tel", false),
            ("role", "text", "organization-title", false),
            ("team_size", "", "off", false),
            ("country", "text", "country-name", false),
            ("message", "", "off", false),
            ("preferred_time", "text", "off", false),
            ("consent", "checkbox", "", true),
        ]
    );
}

#[test]
fn phone_is_required_without_an_email_field() {
    let site = site_with_fields("[phone]");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert!(page.with("name", "phone").attributes.contains_key("required"));
}

#[test]
fn consent_box_appears_only_if_configured() {
    let site = Site::new();
    let run = site.build().clean();
    let page = run.page("spring/");
    let consent = page.with("name", "consent");
    assert_eq!((consent.get("type"), consent.get("value")), ("checkbox", "yes"));
    assert!(!consent.attributes.contains_key("checked"), "consent is never preselected");
    assert_eq!(page.with("for", consent.get("id")).text, "I agree.");
    let site = site.edit("site.yaml", "  consent: { text: I agree., version: 2027-01 }\n", "");
    let run = site.build().clean();
    let page = run.page("spring/");
    assert!(page.elements.iter().all(|element| !element.has("name", "consent")));
    assert_eq!(page.with("name", "consent_version").get("value"), "");
}

#[test]
fn ids_on_a_page_are_unique() {
    let site = Site::new().edit(CAMPAIGN, TRIAL, "      form: [name, email]").edit(
        CAMPAIGN,
        "Read the",
        "## cta guide\n\n## CTA trial\n\n## Name\n\nRead the",
    );
    let run = site.build().clean();
    let page = run.page("spring/");
    let mut ids: Vec<_> = page.elements.iter().map(|element| element.get("id")).filter(|id| !id.is_empty()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

/// The path of the gated guide.
fn gated_file_path(run: &Run) -> String {
    let files = run.public_files().into_iter().filter(|file| file.ends_with("guide.pdf"));
    let files: Vec<_> = files.collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn gated_file_has_a_secret_path_linked_only_from_its_thank_you_page() {
    let site = Site::new();
    let run = site.build().clean();
    let file = gated_file_path(&run);
    let (folder, _) = file.rsplit_once('/').unwrap();
    let secret = folder.rsplit('/').next().unwrap();
    assert!(secret.len() >= 22 && secret.bytes().all(|b| b.is_ascii_alphanumeric()), "{file}");
    for page in run.public_files().into_iter().filter(|page| page.ends_with(".html") || page.ends_with(".xml")) {
        let leads_there = run.public(&page).contains(secret);
        assert_eq!(leads_there, page == "spring/thanks/guide/index.html", "{page}");
    }
    let thanks = run.page("spring/thanks/guide/");
    assert!(thanks.links().iter().any(|(_, to)| *to == format!("/{file}")), "{:?}", thanks.links());
    assert_eq!(thanks.meta("robots"), "noindex");
    assert!(!run.public("sitemap.xml").contains("thanks"));
}

#[test]
fn changed_gated_file_has_a_new_path() {
    let site = Site::new();
    let first = gated_file_path(&site.build().clean());
    let site = site.file("content/spring/guide.pdf", "%PDF-1.7 another guide");
    assert_ne!(gated_file_path(&site.build().clean()), first);
}

#[test]
fn thank_you_page_of_a_booking_describes_the_next_step() {
    let site = Site::new().edit(CAMPAIGN, TRIAL, "      form: [email]").edit(
        "site.yaml",
        "  owner:",
        "  respond_within: 1h\n  owner:",
    );
    let run = site.build().clean();
    let page = run.page("spring/thanks/trial/");
    assert!(page.text().contains("Someone from Kazi Ltd will get in touch with you within 1 hour."), "{}", page.text());
    assert_eq!(page.meta("robots"), "noindex");
}

#[test]
fn ctas_without_a_form_have_no_thank_you_page() {
    let site = Site::new();
    let run = site.build().clean();
    let pages = run.public_files().into_iter().filter(|file| file.contains("thanks"));
    assert_eq!(pages.collect::<Vec<_>>(), ["spring/thanks/guide/index.html"]);
}

#[test]
fn openly_linked_gated_file_is_a_warning() {
    let site = Site::new().edit(CAMPAIGN, "Read the", "[The guide](guide.pdf) Read the");
    let warning = site.build().warning();
    assert_eq!((&*warning.rule, &*warning.place), ("gated-file-linked", "content/spring/index.md:21:13"));
}
