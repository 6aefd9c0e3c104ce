//! The JSON Schemas for editors, compared with the readers of YAML: the same keys, and the same result for every error
//! that a schema can detect.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{Site, files_below};
use jsonschema::Validator;
use serde_json::Value;
use tagline::diagnostics::Diagnostic;
use tagline::parse::{front_matter, shape, site_yaml, yaml};
use tagline::rules::Rule;
use tagline::schema;
use tagline::source::SourceText;

/// A key that does not exist and resembles no other.
const UNKNOWN_KEY: &str = "qqqqqqqqqqqq";

/// A mapping: its name in messages, its JSON pointer in the schema, and a text with the unknown key in it.
type Mapping = (&'static str, &'static str, &'static str);

const SITE_MAPPINGS: &[Mapping] = &[
    ("a site", "", "qqqqqqqqqqqq: 1"),
    ("an organization", "/properties/organization", "organization: { qqqqqqqqqqqq: 1 }"),
    ("an entry of the navigation", "/properties/navigation/items", "navigation: [{ qqqqqqqqqqqq: 1 }]"),
    ("a channel", "/properties/channels/additionalProperties", "channels: { a: { qqqqqqqqqqqq: 1 } }"),
    ("a destination", "/properties/destinations/additionalProperties", "destinations: { a: { qqqqqqqqqqqq: 1 } }"),
    (
        "`hubspot`",
        "/properties/destinations/additionalProperties/properties/hubspot",
        "destinations: { a: { hubspot: { qqqqqqqqqqqq: 1 } } }",
    ),
    (
        "`salesforce`",
        "/properties/destinations/additionalProperties/properties/salesforce",
        "destinations: { a: { salesforce: { qqqqqqqqqqqq: 1 } } }",
    ),
    ("`leads`", "/properties/leads", "leads: { qqqqqqqqqqqq: 1 }"),
    ("`consent`", "/properties/leads/properties/consent", "leads: { consent: { qqqqqqqqqqqq: 1 } }"),
    ("`attribution`", "/properties/attribution", "attribution: { qqqqqqqqqqqq: 1 }"),
    ("`analytics`", "/properties/analytics", "analytics: { qqqqqqqqqqqq: 1 }"),
    ("`check`", "/properties/check", "check: { qqqqqqqqqqqq: 1 }"),
    ("`external`", "/properties/check/properties/external", "check: { external: { qqqqqqqqqqqq: 1 } }"),
    ("`security`", "/properties/security", "security: { qqqqqqqqqqqq: 1 }"),
    (
        "`content_security_policy`",
        "/properties/security/properties/content_security_policy",
        "security: { content_security_policy: { qqqqqqqqqqqq: 1 } }",
    ),
    ("`markdown`", "/properties/markdown", "markdown: { qqqqqqqqqqqq: 1 }"),
];

const CTA: &str = "/properties/ctas/additionalProperties";

const PAGE_MAPPINGS: &[Mapping] = &[
    ("a page", "", "qqqqqqqqqqqq: 1"),
    ("a channel's own page", "/properties/per_channel/additionalProperties", "per_channel: { a: { qqqqqqqqqqqq: 1 } }"),
    ("a product", "/properties/product", "product: { qqqqqqqqqqqq: 1 }"),
    ("a call to action", CTA, "ctas: { a: { qqqqqqqqqqqq: 1 } }"),
    (
        "a coupon",
        "/properties/ctas/additionalProperties/properties/coupon",
        "ctas: { a: { coupon: { qqqqqqqqqqqq: 1 } } }",
    ),
    (
        "a download",
        "/properties/ctas/additionalProperties/properties/download",
        "ctas: { a: { download: { qqqqqqqqqqqq: 1 } } }",
    ),
    (
        "a booking",
        "/properties/ctas/additionalProperties/properties/booking",
        "ctas: { a: { booking: { qqqqqqqqqqqq: 1 } } }",
    ),
    (
        "a contact",
        "/properties/ctas/additionalProperties/properties/contact",
        "ctas: { a: { contact: { qqqqqqqqqqqq: 1 } } }",
    ),
];

/// Mappings with arbitrary keys, which only the theme reads.
const OPEN_MAPPINGS: [&str; 1] = ["`theme_options`"];

fn problems_of_site(text: &str) -> Vec<Diagnostic> {
    site_yaml::site(&SourceText::new("site.yaml", text)).1
}

fn problems_of_page(text: &str) -> Vec<Diagnostic> {
    let source = SourceText::new("a.md", text);
    front_matter::read(&source, 0..source.text.len()).1
}

/// The keys of a mapping, taken from the help for an unknown key.
#[track_caller]
fn known_keys(diagnostics: &[Diagnostic], what: &str) -> BTreeSet<String> {
    let unknown =
        |d: &&Diagnostic| d.rule == Rule::UnknownKey && d.message == format!("there is no key `{UNKNOWN_KEY}`");
    let reported: Vec<&Diagnostic> = diagnostics.iter().filter(unknown).collect();
    assert_eq!(reported.len(), 1, "{what}: {diagnostics:#?}");
    assert_eq!(reported[0].labels[0].text, format!("{what} has no such key"));
    let keys = reported[0].help.first().and_then(|help| help.strip_prefix("the keys are "));
    let keys = keys.unwrap_or_else(|| panic!("{what}: {:?}", reported[0].help));
    keys.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn at_pointer<'s>(schema: &'s Value, pointer: &str) -> &'s Value {
    schema.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

#[track_caller]
fn assert_same_keys(schema: &Value, mappings: &[Mapping], read: fn(&str) -> Vec<Diagnostic>) {
    for (what, pointer, text) in mappings {
        let known = known_keys(&read(text), what);
        let properties = at_pointer(schema, pointer)["properties"].as_object().unwrap();
        let in_schema: BTreeSet<String> = properties.keys().cloned().collect();
        assert_eq!(in_schema, known, "{what}");
        for (key, value) in properties {
            assert!(value["description"].as_str().is_some_and(|text| text.ends_with(['.', ']', '"'])), "{what}: {key}");
        }
    }
    let mut closed = BTreeSet::new();
    closed_objects(schema, String::new(), &mut closed);
    let tried: BTreeSet<String> = mappings.iter().map(|(_, pointer, _)| (*pointer).to_owned()).collect();
    assert_eq!(closed, tried);
}

/// The JSON pointers of all mappings with a fixed set of keys.
fn closed_objects(schema: &Value, pointer: String, diagnostics: &mut BTreeSet<String>) {
    if schema["additionalProperties"] == Value::Bool(false) {
        diagnostics.insert(pointer.clone());
    }
    for (key, value) in schema.as_object().into_iter().flatten() {
        closed_objects(value, format!("{pointer}/{key}"), diagnostics);
    }
}

#[test]
fn schemas_have_exactly_the_keys_of_the_readers() {
    assert_same_keys(&schema::site(None), SITE_MAPPINGS, problems_of_site);
    assert_same_keys(&schema::page(None), PAGE_MAPPINGS, problems_of_page);
}

#[test]
fn every_mapping_of_a_reader_is_compared_with_a_schema() {
    let mut read = BTreeSet::new();
    for file in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse")) {
        let text = fs::read_to_string(&file).unwrap();
        for call in text.split("Fields::of(").skip(1) {
            let arguments = call.split(')').next().unwrap();
            if let Some((_, what)) = arguments.split_once('"') {
                read.insert(what.trim_end_matches('"').to_owned());
            }
        }
    }
    let tried = SITE_MAPPINGS.iter().chain(PAGE_MAPPINGS).map(|(what, ..)| *what).chain(OPEN_MAPPINGS);
    assert_eq!(read, tried.map(str::to_owned).collect());
}

fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema));
    jsonschema::draft202012::new(schema).unwrap()
}

fn as_json(text: &str) -> Value {
    let source = SourceText::new("x", text);
    let mut diagnostics = Vec::new();
    let tree = yaml::read(&source, 0..source.text.len(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    shape::json(&tree.root.unwrap())
}

fn front_of(text: &str) -> String {
    let source = SourceText::new("x", text);
    text[front_matter::split(&source).unwrap().yaml].to_owned()
}

/// The schemas that the command prints in a site.
fn validators_of(site: &Site) -> (Validator, Validator) {
    let schema = |of: &str| serde_json::from_str(&site.run(&["schema", of]).clean().stdout).unwrap();
    (validator(&schema("site")), validator(&schema("page")))
}

#[track_caller]
fn accepts_all(site: &Site) {
    let (validators_of, of_page) = validators_of(site);
    let accepts = |validator: &Validator, text: &str, name: &str| {
        let errors: Vec<String> = validator.iter_errors(&as_json(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    };
    accepts(&validators_of, &site.read("site.yaml"), "site.yaml");
    let pages = files_below(&site.path("content")).into_iter().filter(|file| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.ends_with(".md") && !name.ends_with("sales.md")
    });
    for page in pages {
        accepts(&of_page, &front_of(&fs::read_to_string(&page).unwrap()), &page.display().to_string());
    }
}

#[test]
fn schemas_accept_the_example_and_a_new_site() {
    accepts_all(&Site::example());
    accepts_all(&Site::new());
    let site = Site::new();
    fs::remove_dir_all(site.root()).unwrap();
    site.finish(std::process::Command::new(env!("CARGO_BIN_EXE_tagline")).arg("init").arg(site.root())).clean();
    for kind in ["coupon", "download", "booking", "contact", "article"] {
        site.run(&["new", kind, "--kind", kind]).clean();
    }
    accepts_all(&site);
}

#[test]
fn schemas_reject_what_the_readers_reject() {
    const SITE: &str = "site.yaml";
    const CAMPAIGN: &str = "content/spring/index.md";
    let whatsapp = "contact: { whatsapp: \"0700 000000\" }\n    was: [x]\n    #";
    let edits = [
        (SITE, "timezone:", "time_zone:"),
        (SITE, "title: Kazi\n", ""),
        (SITE, "https://kazi.example/", "http://kazi.example/"),
        (SITE, "https://kazi.example/", "kazi.example"),
        (SITE, "timezone:", "language: english!\ntimezone:"),
        (SITE, "medium: email", "medium: email, colour: red"),
        (SITE, "  newsletter:", "  News_letter:"),
        (SITE, "  newsletter:", "  direct:"),
        (SITE, ", medium: email", ""),
        (SITE, "medium: email", "medium: email, click_ids: [glid]"),
        (SITE, "medium: email", "medium: email, referrers: [\"https://a.example/\"]"),
        (SITE, "https://forms.kazi.example/leads", "http://forms.kazi.example/leads"),
        (SITE, "{ endpoint: https://forms.kazi.example/leads }", "{ endpoint: https://a.example/, netlify: true }"),
        (SITE, "{ endpoint: https://forms.kazi.example/leads }", "{ netlify: false }"),
        (SITE, "{ endpoint: https://forms.kazi.example/leads }", "{ hubspot: { portal: x, form: y } }"),
        (SITE, "owner: sales@kazi.example", "owner: sales at kazi"),
        (SITE, "  owner:", "  respond_within: soon\n  owner:"),
        (SITE, "page: /prices.md", "page: /prices.md, url: https://a.example/"),
        (SITE, "timezone:", "attribution: { storage: forever }\ntimezone:"),
        (SITE, "timezone:", "attribution: { require_consent: yes }\ntimezone:"),
        (SITE, "timezone:", "analytics: { plausible: a.example, gtm: GTM-ABC1234 }\ntimezone:"),
        (SITE, "timezone:", "analytics: { gtm: G-ABC1234 }\ntimezone:"),
        (CAMPAIGN, "after_end:", "after_ends:"),
        (CAMPAIGN, "summary: Spring pricing.\n", ""),
        (CAMPAIGN, "title: Hire in days", "title: [Hire]"),
        (CAMPAIGN, "starts:", "product: { name: Team, currency: KES }\nstarts:"),
        (CAMPAIGN, "starts:", "product: { name: Team, price: €49, currency: EUR }\nstarts:"),
        (CAMPAIGN, "starts:", "product: { name: Team, price: -49, currency: EUR }\nstarts:"),
        (CAMPAIGN, "starts:", "product: { name: Team, price: 49, currency: euro }\nstarts:"),
        (CAMPAIGN, "starts: 2027-03-01", "starts: 2027-3-1"),
        (CAMPAIGN, "starts: 2027-03-01", "starts: 2027-02-30"),
        (CAMPAIGN, "ends: 2027-03-31", "ends: 31/03/2027"),
        (CAMPAIGN, "starts:", "draft: yes\nstarts:"),
        (CAMPAIGN, "starts:", "campaign: Spring Hiring\nstarts:"),
        (CAMPAIGN, "starts:", "layout: landin\nstarts:"),
        (CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]"),
        (CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, direct]"),
        (CAMPAIGN, "[newsletter, acme]", "newsletter"),
        (CAMPAIGN, "[newsletter, acme]", "[newsletter, acme, acme]"),
        (CAMPAIGN, "  acme: { title", "  acm: { title"),
        (CAMPAIGN, "codes: { acme", "codes: { acm"),
        (CAMPAIGN, "code: SPRING20", "code: SPRING 20"),
        (CAMPAIGN, "?coupon={code}", "?coupon={cod}"),
        (CAMPAIGN, "?coupon={code}", "?utm_content={code}"),
        (CAMPAIGN, "https://cal.example.com/kazi", "cal.example.com/kazi"),
        (CAMPAIGN, "https://cal.example.com/kazi", "javascript:alert(1)"),
        (CAMPAIGN, "url: https://cal.example.com/kazi", "trial_length: 14 days"),
        (CAMPAIGN, "    booking:", "    download: { file: guide.pdf }\n    booking:"),
        (CAMPAIGN, "  trial:\n", "  free_trial:\n"),
        (CAMPAIGN, "  trial:\n", "  nothing: { label: X }\n  trial:\n"),
        (CAMPAIGN, "booking:\n      url:", whatsapp),
        (CAMPAIGN, "[name, email]", "[name, company]"),
        (CAMPAIGN, "[name, email]", "[name, emial]"),
        (CAMPAIGN, "[name, email]", "[name, email]\n    deliver_to: crn"),
    ];
    let good = Site::new();
    let (validators_of, of_page) = validators_of(&good);
    for (file, old, new) in edits {
        let text = good.read(file);
        assert!(text.contains(old), "`{old}` is not in {file}");
        let wrong = text.replacen(old, new, 1);
        let (validator, yaml) = match file {
            SITE => (&validators_of, wrong.clone()),
            _ => (&of_page, front_of(&wrong)),
        };
        assert!(!validator.is_valid(&as_json(&yaml)), "{file}: {new} is accepted");
        good.write(file, wrong);
        good.check().failed(1);
        good.write(file, text);
    }
}

#[test]
fn schemas_accept_every_notation_of_the_readers() {
    const SITE: &str = "site.yaml";
    const CAMPAIGN: &str = "content/spring/index.md";
    let other_ways = [
        (SITE, "title: Kazi", "title: 2027"),
        (SITE, "https://kazi.example/", "http://localhost:4000/jobs"),
        (SITE, "https://forms.kazi.example/leads", "http://127.0.0.1:8080/leads"),
        (SITE, "medium: email", "medium: email, referrers: [mail.kazi.example], click_ids: [epik]"),
        (SITE, "  owner:", "  respond_within: 2d\n  desk_url: https://desk.kazi.example/\n  owner:"),
        (SITE, "timezone:", "theme_options: { accent: \"#0b6e4f\" }\nlanguage: pt-BR\ntimezone:"),
        (SITE, "timezone:", "analytics: { plausible: kazi.example }\ntimezone:"),
        (CAMPAIGN, "starts: 2027-03-01", "starts: 2027-03-01 18:00"),
        (CAMPAIGN, "starts: 2027-03-01", "starts: 2027-03-01T18:00:00"),
        (CAMPAIGN, "starts:", "was: [hire-now, 2026]\nstarts:"),
        (CAMPAIGN, "starts:", "counts_as: direct\nextra: [1, two, { three: 4 }]\nstarts:"),
        (CAMPAIGN, "starts:", "product: { name: Team, price: 49.90, currency: EUR, brand: 7 }\nstarts:"),
        (CAMPAIGN, "starts:", "product: { name: Team, price: \"12500\", currency: KES }\nstarts:"),
        (CAMPAIGN, "code: SPRING20", "code: 2020"),
        (CAMPAIGN, "https://cal.example.com/kazi", "mailto:hello@kazi.example"),
        (CAMPAIGN, "booking:\n      url: https://cal.example.com/kazi", "contact: { phone: +254700000000 }"),
        (
            CAMPAIGN,
            "booking:\n      url: https://cal.example.com/kazi",
            "contact: { whatsapp: \"+44 (20) 7946-0000\" }",
        ),
    ];
    let good = Site::new();
    let (validators_of, of_page) = validators_of(&good);
    for (file, old, new) in other_ways {
        let text = good.read(file);
        assert!(text.contains(old), "`{old}` is not in {file}");
        let other = text.replacen(old, new, 1);
        let (validator, yaml) = match file {
            SITE => (&validators_of, other.clone()),
            _ => (&of_page, front_of(&other)),
        };
        assert!(validator.is_valid(&as_json(&yaml)), "{file}: {new} is refused");
        good.write(file, other);
        good.check().ok();
        good.write(file, text);
    }
}

#[test]
fn page_schema_outside_a_site_accepts_any_channel() {
    let site = Site::new().remove("site.yaml");
    let (_, of_page) = validators_of(&site);
    let text = site.read("content/spring/index.md").replace("[newsletter, acme]", "[newsletter, billboard]");
    assert!(of_page.is_valid(&as_json(&front_of(&text))));
}

#[test]
fn schema_is_written_to_the_output_file_unless_the_site_has_errors() {
    let site = Site::new();
    let file = site.path("page.json");
    assert_eq!(site.run(&["schema", "page", "--output", file.to_str().unwrap()]).clean().stdout, "");
    assert_eq!(site.read("page.json"), site.run(&["schema", "page"]).clean().stdout);
    let site = site.edit("site.yaml", "timezone:", "time_zone:");
    let run = site.run(&["schema", "page"]).failed(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("did you mean `timezone`?"), "{}", run.stderr);
}
