//! Properties of random sites: every text is rendered or reported, every address leads into the site, and nothing is
//! written outside the output. Round trips of lead tags are in `src/model/tag.rs`, and the comparison of minified pages in
//! `tests/it/render/minify.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::html::Page;
use crate::support::{CAMPAIGN, PAGE, SITE, Site, files_below, random_cases};
use fastrand::Rng;
use percent_encoding::percent_decode_str;
use tagline::model::base_url::BaseUrl;
use tagline::pipeline::{self, Outcome, Request};
use url::Url;

/// The longest page that a template may produce, in bytes.
const MAX_PAGE: u64 = 16 * 1024 * 1024;

/// Builds in this process, on the fixed date.
fn build(site: &Site, base_url: Option<BaseUrl>) -> Outcome {
    let request =
        Request { base_url, date: "2027-03-15".parse().ok(), write_register: true, ..Request::new(&site.root()) };
    pipeline::build(&request, &|_, _| {}).unwrap()
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

/// What has a meaning in Markdown, blocks, HTML, templates or scripts, and characters of all kinds.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "# ", "\n", "\n\n", "::: hero\n", "::: quote by=\"A\" wide\n", ":::\n", "::: ", "- ", "1. ", "> ", "```\n", "|a|b|\n|-|-|\n", "**", "_", "`",
    "[a](", "![a](", ")", "](cta:save)", "[](cta:trial)", "(/prices.md)", "(#x)", "(//x.example)", "(https://x.example/a b)", "<b>", "</b>",
    "<script>", "</script>", "<!--", "-->", "<![CDATA[", "&amp;", "&#0;", "{{ a }}", "{% if a %}", "{#a}", "[^1]", "[^1]: b\n", "~~", "\\", "---\n",
    "\t", "    ", "\u{a0}", "\u{2028}", "\u{200d}", "\u{202e}", "\u{feff}", "\u{fdd0}", "\u{0}", "\u{1b}", "ß", "İ", "漢字", "👩\u{200d}💻", "e\u{301}", "a", "Word ",
];

fn random_text(rng: &mut Rng, pieces: &[&str], most: usize) -> String {
    let character = |rng: &mut Rng| rng.char(..).to_string();
    let length = rng.usize(..most);
    (0..length).map(|_| if rng.u8(..4) == 0 { character(rng) } else { pick(rng, pieces).to_owned() }).collect()
}

#[test]
fn any_text_of_a_page_is_rendered_or_reported() {
    let (mut built, mut refused) = (0, 0);
    for case in 0..random_cases(1_500) {
        let mut rng = Rng::with_seed(case as u64);
        let body = random_text(&mut rng, PIECES, 60);
        let raw_html = if rng.bool() { "markdown: { raw_html: true }\ntitle:" } else { "title:" };
        let site = Site::new()
            .edit(SITE, "title:", raw_html)
            .file("content/random.md", &format!("---\ntitle: R\n---\n{body}"));
        let outcome = build(&site, None);
        match &outcome.summary {
            Some(_) => {
                built += 1;
                let page = std::fs::metadata(site.path("public/random/index.html")).unwrap();
                assert!(page.len() < MAX_PAGE, "{body:?}");
            }
            None => {
                refused += 1;
                let is_located = |file: &str| file == "content/random.md";
                assert!(outcome.diagnostics.iter().any(|diagnostic| diagnostic.files().any(is_located)), "{body:?}");
            }
        }
    }
    assert!(built > 10 && refused > 10, "{built} built, {refused} refused");
}

/// The addresses in a page, by attribute.
fn addresses(page: &Page) -> Vec<String> {
    let mut addresses = Vec::new();
    for element in &page.elements {
        for name in ["href", "src", "action", "poster", "data-to"] {
            addresses.extend(element.attributes.get(name).cloned());
        }
        for candidate in element.get("srcset").split(',') {
            addresses.extend(candidate.split_whitespace().next().map(str::to_owned));
        }
        if element.name == "meta" && element.has("http-equiv", "refresh") {
            addresses.extend(element.get("content").split_once("url=").map(|(_, url)| url.to_owned()));
        }
    }
    addresses
}

/// Asserts that each address of the site's own host is that of a published file, below the base path.
fn assert_addresses_are_inside(site: &Site, base: &Url) {
    let public = site.path("public");
    for file in files_below(&public) {
        let below = file.strip_prefix(&public).unwrap().to_str().unwrap().to_owned();
        if !below.ends_with(".html") {
            continue;
        }
        let own = base.join(&below.replace("index.html", "")).unwrap();
        for address in addresses(&Page::read(&std::fs::read_to_string(&file).unwrap())) {
            let url = own.join(&address).unwrap_or_else(|error| panic!("`{address}` in {below}: {error}"));
            if url.origin() != base.origin() {
                continue;
            }
            let path = url.path().strip_prefix(base.path());
            let path = path.unwrap_or_else(|| panic!("`{address}` in {below} leaves `{base}`"));
            let path = percent_decode_str(path).decode_utf8().unwrap().into_owned();
            let target = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
            // The small site has no home page.
            assert!(target == "index.html" || public.join(&target).is_file(), "`{address}` in {below}: no {target}");
        }
    }
}

#[test]
fn every_address_leads_into_the_site_under_any_base_url() {
    let site = Site::new()
        .file("content/spring/ü & b/Ärger 100 %.pdf", "x")
        .file("static/a?b#c/'d'.txt", "x")
        .file("content/deep/er/page.md", "---\ntitle: Deep\naliases: [/old/é/, /old/a.html]\n---\n\n[Up](/prices.md) [Static](</a%3Fb%23c/'d'.txt>)\n")
        .edit(CAMPAIGN, "Read the", "[File](<ü & b/Ärger 100 %25.pdf>) Read the")
        .edit(PAGE, "## Teams", "[Deep](deep/er/page.md)\n\n## Teams");
    let mut rng = Rng::with_seed(7);
    for case in 0..random_cases(100).max(8) {
        let parts = ["jobs", "a.b", "~x", "%C3%A9", "%20", "%25", "A-_b", "1", "é", " "];
        let path: String = (0..case % 4).map(|_| format!("{}/", pick(&mut rng, &parts))).collect();
        let host = pick(
            &mut rng,
            &["https://kazi.example/", "https://kazi.example:8443/", "http://localhost:4000/", "http://[::1]/"],
        );
        let text = format!("{host}{path}");
        let base = BaseUrl::parse(&text).unwrap();
        let outcome = build(&site, Some(base.clone()));
        assert!(outcome.summary.is_some(), "{text}: {:?}", outcome.diagnostics);
        assert_addresses_are_inside(&site, base.url());
    }
}

/// The files around and in a site, except those that a build writes.
fn other_files(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = site.root();
    let is_output = |path: &Path| {
        let first = path.strip_prefix(&root).ok().and_then(|below| below.components().next());
        let first = first.map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
        ["public", "sales", ".tagline", "lead-tags"]
            .iter()
            .any(|own| first.trim_start_matches('.').starts_with(own.trim_start_matches('.')))
    };
    let files = files_below(root.parent().unwrap()).into_iter().filter(|path| !is_output(path));
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn nothing_is_written_outside_the_output() {
    const PARTS: &[&str] = &[
        "..",
        ".",
        "/",
        "//",
        "\\\\",
        "%2e%2e",
        "%2F",
        "%5C",
        "a",
        "~",
        "C:",
        "\u{2025}",
        "．．",
        "／",
        " ",
        "\\0",
        "public",
        "..\\u202e",
    ];
    let mut built = 0;
    for case in 0..random_cases(500) {
        let mut rng = Rng::with_seed(case as u64);
        let mut text = |most: usize| (0..1 + rng.usize(..most)).map(|_| pick(&mut rng, PARTS)).collect::<String>();
        let (alias, slug, link, file) = (text(6), text(4), text(6), text(4));
        let name = file.replace(['/', '\\'], "-");
        let name = if matches!(&*name, "." | "..") { "dots".to_owned() } else { name };
        let mut site = Site::new().edit(
            PAGE,
            "title: Prices",
            &format!(
                "title: Prices\naliases: [\"/{alias}/x\"]{}",
                if case % 2 == 0 { format!("\nslug: \"{slug}\"") } else { String::new() }
            ),
        );
        site = site.edit(
            CAMPAIGN,
            "file: guide.pdf",
            &format!("file: \"{}\"", if case % 3 == 0 { &link } else { "guide.pdf" }),
        );
        site = site.file(&format!("static/{name}/{name}.txt"), "x").file(&format!("content/{name}.pdf"), "x");
        let before = other_files(&site);
        built += usize::from(build(&site, None).summary.is_some());
        let after = other_files(&site);
        let written: Vec<&PathBuf> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
        assert!(written.is_empty() && before.len() == after.len(), "{alias} {slug} {link} {name}: {written:?}");
    }
    assert!(built > 0, "no site could be built");
}
