//! Hostile text in every place that an author can write stays text: in elements, attributes, URLs, JSON-LD, the feed,
//! redirects and CSV files.

use crate::support::html::{Element, Page};
use crate::support::{Run, Site, yaml_string};
use serde_json::json;

/// Text that could end an attribute, an element, a script or a template. A line separator in it ends a string.
const EVIL: &str =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;&{{ 1 }}{% raw %}\u{2028}</title></script>";

/// `EVIL` without white space.
const TIGHT: &str = "\"><script>alert(1)</script>'&amp;&{{1}}";

/// `EVIL` without its line separator, which is an error in a value that machines compare.
fn evil_name() -> String {
    EVIL.replace('\u{2028}', "")
}

/// A site with hostile text in every possible place.
fn hostile_site() -> Site {
    let (evil, tight, name) = (yaml_string(EVIL), yaml_string(TIGHT), yaml_string(&evil_name()));
    let markdown = "\\\"\\>\\<script\\>alert(1)\\</script\\>'&amp;&\\{{ 1 }}";
    Site::new()
        .file(
            "site.yaml",
            &format!(
                "title: {evil}\nbase_url: https://kazi.example/\n\
                 organization: {{ name: {evil} }}\n\
                 navigation:\n  - {{ label: {evil}, page: /prices.md }}\n\
                 channels:\n  acme: {{ label: {evil}, source: {name}, medium: {name} }}\n\
                 destinations: {{ crm: {{ endpoint: 'https://forms.kazi.example/?a=\"><script>&b={{{{1}}}}' }} }}\n\
                 leads: {{ deliver_to: crm, consent: {{ text: {evil}, version: {name} }} }}\n"
            ),
        )
        .file(
            "content/spring/index.md",
            &format!(
                "---\ntitle: {evil}\nsummary: {evil}\nimage: team.svg\nimage_alt: {evil}\naliases: ['/a\"><script>/']\n\
                 channels: [acme]\nper_channel: {{ acme: {{ title: {evil} }} }}\nextra: {{ x: {evil} }}\n\
                 ctas:\n  save:\n    label: {evil}\n    note: {evil}\n    coupon: {{ code: {tight}, url: 'https://shop.example.com/?a=\"><script>&c={{code}}' }}\n\
                 \x20 guide:\n    label: {evil}\n    download: {{ file: \"a\\\"'&<b>.pdf\", form: [email] }}\n\
                 \x20 trial:\n    label: {evil}\n    booking: {{ url: 'https://cal.example.com/?\"><script>', trial_length: {evil} }}\n\
                 \x20 chat:\n    label: {evil}\n    contact: {{ whatsapp: +254 700 000000, text: {evil} }}\n\
                 \x20 ask:\n    label: {evil}\n    contact: {{ whatsapp: +254 700 000000 }}\n---\n\n\
                 # Title {markdown} {{#x\" onclick=\"alert(1)}}\n\n\
                 ::: quote by=\"\\\"><script>alert(1)</script>\" role=x\nA quote\n:::\n\n\
                 [{markdown}](cta:save) [](cta:save) [](cta:guide) [](cta:ask)\n\n\
                 [link](https://kazi.example.com/?\"><script>'& \"title \\\"><script>\") ![alt {markdown}](team.svg \"\\\"><script>\")\n\n\
                 `<script>`\n\n```\"><script>\n</code></pre><script>alert(1)</script>\n```\n\n\
                 <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b>bold</b> note[^\"><script>]\n\n[^\"><script>]: x\n\n\
                 ::: offer save\n:::\n\n::: offer trial\n:::\n\n::: offer chat\n:::\n",
            ),
        )
        .file("content/spring/a\"'&<b>.pdf", "%PDF")
        .file("content/spring/team.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>")
        .file("content/news.md", &format!("---\ntitle: {evil}\nsummary: {evil}\nauthor: {evil}\nlayout: article\ndate: 2027-03-01\n---\n\nText\n"))
        .file("content/prices.md", &format!("---\ntitle: {evil}\n---\n\n[](cta:spring/save)\n"))
}

fn built() -> (Site, Run) {
    let site = hostile_site();
    let run = site.build().ok();
    let are_expected = |rule: &str| matches!(rule, "raw-html" | "unsafe-file-name");
    assert!(run.problems().iter().all(|problem| are_expected(&problem.rule)), "{}", run.stderr);
    (site, run)
}

fn pages(run: &Run) -> Vec<(String, Page)> {
    let files = run.public_files().into_iter().filter(|file| file.ends_with(".html"));
    files.map(|file| (file.clone(), run.page(&file))).collect()
}

/// Whether a page of this theme may run this script.
fn is_theme_script(script: &Element) -> bool {
    let is_data = script.has("type", "application/ld+json") && script.get("src").is_empty();
    let is_file = script.get("src").starts_with("/theme/") && script.text.is_empty();
    // The small scripts of the theme, as they are in its folder.
    let own = [
        include_str!("../../../themes/launch/parts/copy.js"),
        include_str!("../../../themes/launch/blocks/countdown.js"),
    ];
    let is_small = script.has("type", "module") && own.iter().any(|text| text.trim_end() == script.text);
    is_data || is_file || is_small
}

#[test]
fn hostile_text_never_becomes_a_script() {
    let (_site, run) = built();
    let pages = pages(&run);
    for page in [
        "spring/index.html",
        "spring/via/acme/index.html",
        "spring/thanks/guide/index.html",
        "news/index.html",
        "404.html",
    ] {
        assert!(pages.iter().any(|(file, _)| file == page), "{page}");
    }
    for (file, page) in &pages {
        for element in &page.elements {
            assert!(element.name != "script" || is_theme_script(element), "{file}: {element:#?}");
            assert!(!element.has("src", "x"), "{file}: {element:#?}");
            assert!(!matches!(&*element.name, "b" | "iframe" | "object" | "base"), "{file}: {element:#?}");
            for (key, value) in &element.attributes {
                assert!(!key.starts_with("on") && !key.contains(['"', '<', '\'']), "{file}: {element:#?}");
                assert!(!value.to_lowercase().starts_with("javascript"), "{file}: {element:#?}");
            }
        }
    }
}

#[test]
fn template_syntax_in_content_stays_text() {
    let (_site, run) = built();
    let page = run.page("spring/");
    assert_eq!(page.meta("og:title"), EVIL);
    assert!(page.text().contains("{{ 1 }}"), "{}", page.text());
}

#[test]
fn attributes_keep_the_text_of_front_matter() {
    let (_site, run) = built();
    for (path, title) in [("spring/", EVIL), ("spring/via/acme/", EVIL), ("news/", EVIL), ("prices/", EVIL)] {
        let page = run.page(path);
        assert_eq!(page.meta("og:title"), title, "{path}");
        assert_eq!(page.meta("og:site_name"), EVIL, "{path}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.the("title").text.starts_with(&words(EVIL)), "{path}: {}", page.the("title").text);
    }
    let page = run.page("spring/");
    assert_eq!(page.meta("description"), EVIL);
    assert_eq!(page.meta("og:image:alt"), EVIL);
    let hidden: std::collections::BTreeMap<_, _> = page.hidden_fields().into_iter().collect();
    assert_eq!(hidden["consent_version"], evil_name());
    assert_eq!(hidden["offer"], "a\"'&<b>.pdf");
    assert_eq!(hidden["lead_summary"], format!("{EVIL}, Spring, direct"));
    let channel_page = run.page("spring/via/acme/");
    let hidden: std::collections::BTreeMap<_, _> = channel_page.hidden_fields().into_iter().collect();
    assert_eq!(hidden["lead_summary"], format!("{EVIL}, Spring, via {EVIL}"));
    assert_eq!((hidden["utm_source"], hidden["utm_medium"]), (&*evil_name(), &*evil_name()));
    assert_eq!(page.with("id", "cta-save-code").text, TIGHT);
}

#[test]
fn text_in_urls_is_percent_encoded() {
    let (_site, run) = built();
    let page = run.page("spring/via/acme/");
    let link = page.all("a").find(|link| link.get("href").starts_with("https://shop.example.com/")).unwrap();
    let url = url::Url::parse(link.get("href")).unwrap();
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        query,
        [
            pair("a", "\"><script>"),
            pair("c", TIGHT),
            pair("utm_source", &evil_name()),
            pair("utm_medium", &evil_name()),
            pair("utm_campaign", "spring"),
            pair("utm_content", "spring_save_acme"),
        ]
    );
}

#[test]
fn structured_data_is_valid_json_with_the_text_of_the_author() {
    let (_site, run) = built();
    for (file, page) in pages(&run) {
        for script in page.all("script").filter(|script| script.has("type", "application/ld+json")) {
            assert!(serde_json::from_str::<serde_json::Value>(&script.text).is_ok(), "{file}: {}", script.text);
        }
    }
    let data = &run.page("spring/").json_ld()["@graph"][0];
    assert_eq!((&data["name"], &data["description"]), (&json!(EVIL), &json!(EVIL)));
    let data = &run.page("news/").json_ld()["@graph"][0];
    assert_eq!((&data["headline"], &data["author"]["name"]), (&json!(EVIL), &json!(EVIL)));
    assert_eq!(data["publisher"]["name"], json!(EVIL));
}

#[test]
fn feed_and_sitemap_escape_text() {
    let (_site, run) = built();
    for file in ["feed.xml", "sitemap.xml"] {
        let xml = run.public(file);
        let known = [
            "?xml", "feed", "title", "id", "link", "updated", "author", "name", "entry", "summary", "urlset", "url",
            "loc",
        ];
        for tag in xml.split('<').skip(1) {
            let name = tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap();
            assert!(known.contains(&name), "<{name}> in {file}");
        }
        for entity in xml.split('&').skip(1) {
            let name = entity.split_once(';').map(|(name, _)| name).unwrap_or_default();
            assert!(matches!(name, "amp" | "lt" | "gt" | "quot" | "apos" | "#34" | "#39"), "&{name} in {file}");
        }
    }
    assert!(run.public("feed.xml").contains("&lt;script&gt;alert(1)"));
}

#[test]
fn redirects_work_for_hostile_urls() {
    let (site, run) = built();
    let alias = run.public_files().into_iter().find(|file| file.starts_with("a\"")).unwrap();
    assert_eq!(run.page(&alias).the("a").get("href"), "/spring/");
    let code = site.read("lead-tags.csv").lines().find_map(|line| {
        let cells: Vec<_> = line.rsplit(',').take(3).collect();
        line.starts_with("spring_save_acme,").then(|| cells[2].to_owned())
    });
    let page = run.page(&format!("go/{}/", code.unwrap()));
    let link = page.the("a").get("href").to_owned();
    assert_eq!(page.with("http-equiv", "refresh").get("content"), format!("0; url={link}"));
    assert!(link.starts_with("/spring/via/acme/?utm_source=%22%3E%3Cscript%3E"), "{link}");
}

#[test]
fn csv_files_keep_each_text_in_one_cell() {
    let (site, run) = built();
    for table in [site.read("lead-tags.csv"), run.sales("lead-sources.csv")] {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let label = reader.headers().unwrap().iter().position(|name| name == "label").unwrap();
        for row in reader.records() {
            assert_eq!(&row.unwrap()[label], EVIL);
        }
    }
    let data: serde_json::Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
    assert_eq!(data["channels"]["acme"]["label"], json!(EVIL));
    site.build().ok();
}

#[test]
fn lead_sources_csv_has_no_formulas() {
    let formula = "=HYPERLINK(\"https://evil.example\")";
    let site =
        Site::new().edit("content/spring/index.md", "label: Book a trial", &format!("label: {}", yaml_string(formula)));
    let run = site.build().ok();
    let table = run.sales("lead-sources.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut seen = 0;
    for row in reader.records() {
        let row = row.unwrap();
        seen += row.iter().filter(|cell| cell.contains("HYPERLINK")).count();
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{row:?}");
    }
    assert!(seen > 0);
}
