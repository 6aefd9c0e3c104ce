//! The schemas for editors, compared with the readers: the same keys, and the same answer wherever a schema can check.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{Site, files_below};
use jsonschema::Validator;
use serde_json::Value;
use tagline::diagnostics::Diagnostic;
use tagline::model::{block, page, site};
use tagline::parse::{front_matter, site_yaml};
use tagline::rules::Rule;
use tagline::schema;
use tagline::source::SourceText;
use tagline::yaml::ShapeKind;
use tagline::yaml::{self, Mapping, Shape, YamlReader, values};

/// A key that no mapping has, and that resembles none.
const ODD: &str = "qqqqqqqqqqqq";

/// For each mapping of `site.yaml`, by its name in messages: a file with the odd key in it.
const SITES: &[(&str, &str)] = &[
    ("a site", "qqqqqqqqqqqq: 1"),
    ("a target", "publish: { live: { qqqqqqqqqqqq: 1 } }"),
    ("an organization", "organization: { qqqqqqqqqqqq: 1 }"),
    ("a link", "navigation: [{ qqqqqqqqqqqq: 1 }]"),
    ("a channel", "channels: { a: { qqqqqqqqqqqq: 1 } }"),
    ("a destination", "destinations: { a: { qqqqqqqqqqqq: 1 } }"),
    ("`hubspot`", "destinations: { a: { hubspot: { qqqqqqqqqqqq: 1 } } }"),
    ("`salesforce`", "destinations: { a: { salesforce: { qqqqqqqqqqqq: 1 } } }"),
    ("`leads`", "leads: { qqqqqqqqqqqq: 1 }"),
    ("`consent`", "leads: { consent: { qqqqqqqqqqqq: 1 } }"),
    ("a consent", "leads: { consents: [{ qqqqqqqqqqqq: 1 }] }"),
    ("a language", "languages: { de: { qqqqqqqqqqqq: 1 } }"),
    ("`leads` of a language", "languages: { de: { leads: { qqqqqqqqqqqq: 1 } } }"),
    ("a field of a language", "fields: { a: { label: A } }\nlanguages: { de: { fields: { a: { qqqqqqqqqqqq: 1 } } } }"),
    ("a field", "fields: { a: { qqqqqqqqqqqq: 1 } }"),
    ("`mailchimp`", "destinations: { a: { mailchimp: { qqqqqqqqqqqq: 1 } } }"),
    ("`brevo`", "destinations: { a: { brevo: { qqqqqqqqqqqq: 1 } } }"),
    ("`mautic`", "destinations: { a: { mautic: { qqqqqqqqqqqq: 1 } } }"),
    ("`attribution`", "attribution: { qqqqqqqqqqqq: 1 }"),
    ("`analytics`", "analytics: { qqqqqqqqqqqq: 1 }"),
    ("`matomo`", "analytics: { matomo: { qqqqqqqqqqqq: 1 } }"),
    ("`footer`", "footer: { qqqqqqqqqqqq: 1 }"),
    ("`announcement`", "announcement: { qqqqqqqqqqqq: 1 }"),
    ("`announcement` of a language", "languages: { de: { announcement: { qqqqqqqqqqqq: 1 } } }"),
    ("a column of the footer", "footer: { columns: [{ qqqqqqqqqqqq: 1 }] }"),
    ("`social`", "footer: { social: { qqqqqqqqqqqq: 1 } }"),
    ("`check`", "check: { qqqqqqqqqqqq: 1 }"),
    ("`external`", "check: { external: { qqqqqqqqqqqq: 1 } }"),
    ("`report`", "report: { qqqqqqqqqqqq: 1 }"),
    ("`columns`", "report: { columns: { qqqqqqqqqqqq: 1 } }"),
    ("`security`", "security: { qqqqqqqqqqqq: 1 }"),
    ("`content_security_policy`", "security: { content_security_policy: { qqqqqqqqqqqq: 1 } }"),
    ("`markdown`", "markdown: { qqqqqqqqqqqq: 1 }"),
];

/// The same for front matter.
const PAGES: &[(&str, &str)] = &[
    ("a page", "qqqqqqqqqqqq: 1"),
    ("a channel's own page", "per_channel: { a: { qqqqqqqqqqqq: 1 } }"),
    ("a version", "versions: { b: { qqqqqqqqqqqq: 1 } }"),
    ("a product", "product: { qqqqqqqqqqqq: 1 }"),
    ("a call to action", "ctas: { a: { qqqqqqqqqqqq: 1 } }"),
    ("`thanks`", "ctas: { a: { thanks: { qqqqqqqqqqqq: 1 } } }"),
    ("a coupon", "ctas: { a: { coupon: { qqqqqqqqqqqq: 1 } } }"),
    ("a download", "ctas: { a: { download: { qqqqqqqqqqqq: 1 } } }"),
    ("a booking", "ctas: { a: { booking: { qqqqqqqqqqqq: 1 } } }"),
    ("a contact", "ctas: { a: { contact: { qqqqqqqqqqqq: 1 } } }"),
    ("an event", "ctas: { a: { event: { qqqqqqqqqqqq: 1 } } }"),
    ("a date of an event", "ctas: { a: { event: { dates: [{ qqqqqqqqqqqq: 1 }] } } }"),
];

fn problems_of_site(text: &str) -> Vec<Diagnostic> {
    site_yaml::site(&SourceText::new("site.yaml", text)).1
}

fn problems_of_page(text: &str) -> Vec<Diagnostic> {
    let source = SourceText::new("a.md", text);
    front_matter::read(&source, 0..source.text.len()).1
}

/// The tables of keys that can be reached from one.
fn tables(table: &'static Mapping) -> Vec<&'static Mapping> {
    fn of_shape(shape: &'static Shape) -> Vec<&'static Mapping> {
        match &shape.kind {
            ShapeKind::Value(_) | ShapeKind::SpacedValue(_) | ShapeKind::Text(_) => Vec::new(),
            ShapeKind::Mapping(table) => tables(table),
            ShapeKind::List(items) | ShapeKind::Set(items) => of_shape(items),
            ShapeKind::Map { names, values, .. } => [of_shape(names), of_shape(values)].concat(),
        }
    }
    let below = table.keys.iter().flat_map(|key| of_shape(&key.shape));
    std::iter::once(table).chain(below).collect()
}

/// The keys that a reader lists for an unknown one. In tests, a reader also asserts that it reads every key of the table.
#[track_caller]
fn listed_keys(diagnostics: &[Diagnostic], what: &str) -> BTreeSet<String> {
    let message = format!("unknown key `{ODD}`");
    let is_unknown = |d: &&Diagnostic| d.rule == Rule::UnknownKey && d.message == message;
    let unknown: Vec<&Diagnostic> = diagnostics.iter().filter(is_unknown).collect();
    assert_eq!(unknown.len(), 1, "{what}: {diagnostics:#?}");
    assert_eq!(unknown[0].labels[0].text, format!("{what} has no such key"));
    let keys = unknown[0].help.first().and_then(|help| help.strip_prefix("the keys are "));
    let keys = keys.unwrap_or_else(|| panic!("{what}: {:?}", unknown[0].help));
    keys.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[track_caller]
fn readers_have_the_keys(root: &'static Mapping, texts: &[(&str, &str)], read: fn(&str) -> Vec<Diagnostic>) {
    let tables = tables(root);
    let in_tables: BTreeSet<&str> = tables.iter().map(|table| table.what).collect();
    assert_eq!(in_tables, texts.iter().map(|(what, _)| *what).collect());
    for table in tables {
        let text = texts.iter().find(|(what, _)| *what == table.what).unwrap().1;
        let names: BTreeSet<String> = table.names().map(str::to_owned).collect();
        assert_eq!(listed_keys(&read(text), table.what), names, "{}", table.what);
        assert_eq!(names.len(), table.keys.len(), "{} has a key twice", table.what);
        for key in table.keys {
            assert!(key.description.ends_with(['.', '`']), "{}: {}", table.what, key.name);
        }
    }
}

#[test]
fn readers_read_the_keys_of_the_tables_and_no_others() {
    readers_have_the_keys(&site::KEYS, SITES, problems_of_site);
    readers_have_the_keys(&page::KEYS, PAGES, problems_of_page);
}

#[test]
fn schemas_are_valid() {
    validator(&schema::site(None));
    validator(&schema::page(None));
    validator(&schema::block());
}

#[test]
fn schema_of_a_block_and_its_reader_give_the_same_answer() {
    let validator = validator(&schema::block());
    let is_read = |text: &str| {
        let source = SourceText::new("blocks/a.yaml", text);
        let (root, mut reader) = YamlReader::parse(&source, 0..source.text.len());
        block::read(&mut reader, &root.unwrap());
        reader.diagnostics.is_empty()
    };
    for (text, is_valid) in [
        ("attributes: { price: { type: text, required: true }, wide: flag, tone: [calm, loud] }", true),
        ("needs: [heading, [sections, list], figures, comparison, linked_video]", true),
        ("inside: pricing\ncontains: plan\nsynonyms: [tier]", true),
        (
            "band: true\nattributes: { value: { type: number, max: 5 }, icon: icon, video: { type: flag, needs: [linked_video], not_with: [icon=a] } }\nheadings: { icon: icon }",
            true,
        ),
        ("attributes: { value: { type: number, max: five } }", false),
        ("band: yes please", false),
        ("attributes: { price: numeric }", false),
        ("attributes: { price: { typ: text } }", false),
        ("attributes: [price]", false),
        ("needs: [headings]", false),
        ("need: [heading]", false),
        ("synonyms: { a: b }", false),
    ] {
        assert_eq!(is_read(text), is_valid, "{text}");
        assert_eq!(validator.is_valid(&as_json(text)), is_valid, "{text}");
    }
    for file in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/launch/blocks")) {
        if file.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&file).unwrap();
            assert!(validator.is_valid(&as_json(&text)), "{}", file.display());
        }
    }
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
    values::json(&tree.root.unwrap())
}

fn front_of(text: &str) -> String {
    let source = SourceText::new("x", text);
    text[front_matter::split(&source).unwrap().yaml].to_owned()
}

/// The schemas of a site, as the command prints them there.
fn of_site(site: &Site) -> (Validator, Validator) {
    (of_kind(site, "site"), of_kind(site, "page"))
}

fn of_kind(site: &Site, kind: &str) -> Validator {
    validator(&serde_json::from_str(&site.run(&["schema", kind]).clean().stdout).unwrap())
}

#[track_caller]
fn accepts_all(site: &Site) {
    let (of_site, of_page) = of_site(site);
    let accepts = |validator: &Validator, text: &str, name: &str| {
        let errors: Vec<String> = validator.iter_errors(&as_json(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    };
    accepts(&of_site, &site.read("site.yaml"), "site.yaml");
    let pages = files_below(&site.path("content")).into_iter().filter(|file| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.ends_with(".md") && !name.ends_with("sales.md") && !name.contains("sales.")
    });
    let of_translation = of_kind(site, "translation");
    for page in pages {
        let is_translation = page.file_stem().unwrap().to_str().unwrap().contains('.');
        let schema = if is_translation { &of_translation } else { &of_page };
        accepts(schema, &front_of(&fs::read_to_string(&page).unwrap()), &page.display().to_string());
    }
}

#[test]
fn schemas_accept_the_example_and_new_pages_of_each_kind() {
    accepts_all(&Site::example());
    accepts_all(&Site::new());
    let site = Site::new();
    fs::remove_dir_all(site.root()).unwrap();
    site.finish(std::process::Command::new(env!("CARGO_BIN_EXE_tagline")).arg("init").arg(site.root())).clean();
    for kind in ["coupon", "download", "booking", "contact", "event", "article"] {
        site.run(&["new", kind, "--kind", kind]).clean();
    }
    accepts_all(&site);
}

#[test]
fn schema_of_translations_accepts_what_differs_and_refuses_what_cannot() {
    let site = Site::edited("site.yaml", "channels:\n", "languages: { de: { label: Deutsch } }\nchannels:\n");
    let (of_translation, of_page) = (of_kind(&site, "translation"), of_kind(&site, "page"));
    const GERMAN: &str =
        "title: x\noriginal: 0123456789\nctas: { save: { coupon: { code: LENZ } }, trial: { label: Y } }\n";
    assert!(of_translation.is_valid(&as_json(GERMAN)) && !of_page.is_valid(&as_json(GERMAN)));
    for (old, new) in [
        ("title: x\n", ""),
        ("title: x", "title: x\ncampaign: y"),
        ("title: x", "title: x\nends: 2027-04-30"),
        ("title: x", "title: x\nchannels: [acme]"),
        ("label: Y", "labl: Y"),
        ("label: Y", "was: [y]"),
        ("code: LENZ", "expires: 2027-04-30"),
        ("code: LENZ", "code: 12 months!"),
    ] {
        assert!(GERMAN.contains(old), "{old}");
        assert!(!of_translation.is_valid(&as_json(&GERMAN.replacen(old, new, 1))), "{new}");
    }
}

#[test]
fn schemas_refuse_errors_that_need_no_other_file() {
    const SITE: &str = "site.yaml";
    const CAMPAIGN: &str = "content/spring/index.md";
    let whatsapp = "contact: { whatsapp: \"0700 000000\" }\n    was: [x]\n    #";
    let errors = [
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
        (CAMPAIGN, "booking:\n      url: https://cal.example.com/kazi", "event: { starts: 2027-03-18, online: true }"),
        (CAMPAIGN, "booking:\n      url:", "event:\n      starts: 2027-03-32\n      online: true\n      url:"),
        (
            CAMPAIGN,
            "booking:\n      url:",
            "event:\n      starts: 2027-03-18\n      state: moved\n      online: true\n      url:",
        ),
        (
            CAMPAIGN,
            "booking:\n      url:",
            "event:\n      dates: [{ ends: 2027-03-18 }]\n      online: true\n      url:",
        ),
        (CAMPAIGN, "[name, email]", "[name, company]"),
        (CAMPAIGN, "[name, email]", "[name, emial]"),
        (CAMPAIGN, "[name, email]", "[name, email]\n    deliver_to: crn"),
    ];
    let good = Site::new();
    let (of_site, of_page) = of_site(&good);
    for (file, old, new) in errors {
        let text = good.read(file);
        assert!(text.contains(old), "`{old}` is not in {file}");
        let wrong = text.replacen(old, new, 1);
        let (validator, yaml) = match file {
            SITE => (&of_site, wrong.clone()),
            _ => (&of_page, front_of(&wrong)),
        };
        assert!(!validator.is_valid(&as_json(&yaml)), "{file}: {new} is accepted");
        good.write(file, wrong);
        good.check().failed(1);
        good.write(file, text);
    }
}

#[test]
fn schemas_accept_every_notation_that_the_readers_accept() {
    const SITE: &str = "site.yaml";
    const CAMPAIGN: &str = "content/spring/index.md";
    let notations = [
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
        (
            CAMPAIGN,
            "booking:\n      url:",
            "event:\n      starts: 2027-03-18\n      place: 7\n      state: sold_out\n      url:",
        ),
        (
            CAMPAIGN,
            "booking:\n      url:",
            "event:\n      dates: [{ starts: 2027-03-18 }]\n      online: true\n      url:",
        ),
        (CAMPAIGN, "booking:\n      url: https://cal.example.com/kazi", "contact: { phone: +254700000000 }"),
        (
            CAMPAIGN,
            "booking:\n      url: https://cal.example.com/kazi",
            "contact: { whatsapp: \"+44 (20) 7946-0000\" }",
        ),
    ];
    let good = Site::new();
    let (of_site, of_page) = of_site(&good);
    for (file, old, new) in notations {
        let text = good.read(file);
        assert!(text.contains(old), "`{old}` is not in {file}");
        let other = text.replacen(old, new, 1);
        let (validator, yaml) = match file {
            SITE => (&of_site, other.clone()),
            _ => (&of_page, front_of(&other)),
        };
        assert!(validator.is_valid(&as_json(&yaml)), "{file}: {new} is refused");
        good.write(file, other);
        good.check().ok();
        good.write(file, text);
    }
}

#[test]
fn outside_a_site_schema_accepts_any_channel() {
    let site = Site::new().remove("site.yaml");
    let (_, of_page) = of_site(&site);
    let text = site.read("content/spring/index.md").replace("[newsletter, acme]", "[newsletter, billboard]");
    assert!(of_page.is_valid(&as_json(&front_of(&text))));
}

#[test]
fn schema_is_written_to_the_output_file_and_nowhere_if_the_site_has_errors() {
    let site = Site::new();
    let file = site.path("page.json");
    assert_eq!(site.run(&["schema", "page", "--output", file.to_str().unwrap()]).clean().stdout, "");
    assert_eq!(site.read("page.json"), site.run(&["schema", "page"]).clean().stdout);
    let site = site.edit("site.yaml", "timezone:", "time_zone:");
    let run = site.run(&["schema", "page"]).failed(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("did you mean `timezone`?"), "{}", run.stderr);
}
