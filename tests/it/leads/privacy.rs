//! Sales content stays in `sales/`: the public site contains no sentence of `sales.md`, no private material, no first
//! message and no owner. Cells that a spreadsheet would calculate are escaped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::support::{CAMPAIGN, Run, Site, bytes_below, html};
use serde_json::Value;

/// The minimum length, in characters, of a text that does not occur by chance.
const OWN: usize = 24;

/// Maps each byte to the character with its number, so that text search works on any bytes.
fn as_text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn public_texts(site: &Site) -> BTreeMap<PathBuf, String> {
    bytes_below(&site.path("public")).into_iter().map(|(path, bytes)| (path, as_text(&bytes))).collect()
}

/// The public site without the error messages of forms. Only these name the owner: a visitor whose form could not be
/// sent must be able to reach someone.
fn without_error_messages(public: &BTreeMap<PathBuf, String>) -> BTreeMap<PathBuf, String> {
    let without = |text: &str| {
        let mut parts = text.split("<p class=failure ");
        let before = parts.next().unwrap_or_default().to_owned();
        parts.fold(before, |whole, part| {
            let (message, rest) = part.split_once("</p>").unwrap();
            assert!(message.starts_with("role=alert hidden>") && message.len() < 500, "{message}");
            whole + rest
        })
    };
    public.iter().map(|(path, text)| (path.clone(), without(text))).collect()
}

/// The public files that contain a text, as it is or escaped for HTML or JSON.
fn files_with(public: &BTreeMap<PathBuf, String>, text: &str) -> Vec<PathBuf> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = escaped.replace('"', "&quot;").replace('\'', "&#39;");
    let typeset = text.replace('\'', "’");
    let in_json = Value::from(text).to_string();
    let forms = [text, &escaped, &quoted, &typeset, in_json.trim_matches('"')];
    let forms: BTreeSet<String> = forms.iter().map(|form| as_text(form.as_bytes())).collect();
    let has = |public: &str| forms.iter().any(|form| public.contains(form.as_str()));
    public.iter().filter(|(_, text)| has(text)).map(|(path, _)| path.clone()).collect()
}

/// The lines of the notes, and the sentences of all lines joined, without Markdown syntax.
fn sentences(notes: &str) -> BTreeSet<String> {
    let plain = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || "#>-*_`.[]()|".contains(c)).to_owned();
    let lines = notes.lines().map(plain);
    let joined = notes.replace("\n> ", " ").replace('\n', " ");
    let parts = joined.split(['.', '?', '!', '*', '[', ']', '"', '`']).map(plain);
    // A text without a space is an address, perhaps of a public page.
    lines.chain(parts).filter(|text| text.chars().count() >= OWN && text.contains(' ')).collect()
}

fn is_notes(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name == "sales.md" || name.ends_with(".sales.md")
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md") && !is_notes(path)
}

fn notes_of(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = bytes_below(&site.path("content"));
    files.retain(|path, _| is_notes(path));
    files
}

/// The text of the public pages.
fn public_sentences(site: &Site) -> String {
    let pages = bytes_below(&site.path("content")).into_iter().filter(|(path, _)| is_page(path));
    let texts = pages.map(|(_, bytes)| String::from_utf8(bytes).unwrap());
    let all = texts.collect::<Vec<_>>().join("\n") + &site.read("site.yaml");
    // The lines of pages and notes break at different points.
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_nothing_leaks(site: &Site, run: &Run) {
    let public = public_texts(site);
    let in_public = public_sentences(site);
    let mut looked_for = 0;
    for (file, bytes) in notes_of(site) {
        for text in sentences(&String::from_utf8(bytes).unwrap()) {
            // A sentence of the page that the notes quote is not secret.
            if in_public.contains(&text) {
                continue;
            }
            looked_for += 1;
            let found = files_with(&public, &text);
            assert!(found.is_empty(), "`{text}` of {} is in {found:?}", file.display());
        }
    }
    assert!(looked_for >= 5, "{looked_for}");
    let names = |path: &Path| path.to_str().unwrap().to_lowercase();
    assert!(public.keys().all(|path| !names(path).contains("sales.md") && !names(path).contains("materials")));

    let sales = bytes_below(&site.path("sales"));
    let materials = sales.iter().filter(|(path, _)| path.starts_with("materials"));
    assert!(materials.clone().count() > 0);
    for (path, bytes) in materials {
        for (place, public) in &public {
            assert!(!public.contains(&as_text(bytes)), "{} is in {}", path.display(), place.display());
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(!public.contains(name), "the name of {} is in {}", path.display(), place.display());
        }
    }
    for (path, bytes) in sales.iter().filter(|(path, _)| !path.starts_with("materials")) {
        let copies: Vec<_> =
            public.iter().filter(|(_, public)| public.contains(&as_text(bytes))).map(|(place, _)| place).collect();
        assert!(copies.is_empty(), "{} is {copies:?}", path.display());
    }

    let desk = html::Page::read(&run.sales("index.html"));
    let messages: BTreeSet<&str> =
        desk.all("blockquote").map(|quote| &*quote.text).filter(|text| text.len() >= OWN).collect();
    assert!(!messages.is_empty());
    for message in messages {
        assert!(files_with(&public, message).is_empty(), "{message}");
    }
    let owners: BTreeSet<&str> = desk.all("a").filter_map(|link| link.get("href").strip_prefix("mailto:")).collect();
    let public = without_error_messages(&public);
    for owner in owners.iter().filter(|owner| !is_published_by_author(site, owner)) {
        assert!(files_with(&public, owner).is_empty(), "{owner}");
    }
}

/// Whether the author published an address, in a page or as the address of the organization.
fn is_published_by_author(site: &Site, text: &str) -> bool {
    let mut pages = bytes_below(&site.path("content")).into_iter().filter(|(path, _)| is_page(path));
    pages.any(|(_, bytes)| {
        String::from_utf8(bytes).unwrap().splitn(3, "---").nth(2).is_some_and(|body| body.contains(text))
    }) || site.read("site.yaml").contains(&format!("email: {text}"))
}

#[test]
fn public_site_of_the_example_contains_no_sales_content() {
    let site = Site::example();
    let run = site.build().clean();
    assert_nothing_leaks(&site, &run);
}

#[test]
fn preview_of_the_example_contains_no_sales_content() {
    let site = Site::example();
    let run = site.run(&["build", "--preview"]).ok();
    assert_nothing_leaks(&site, &run);
}

#[test]
fn ended_or_drafted_campaign_publishes_no_sales_content() {
    let site = Site::example();
    site.build().clean();
    let run = site.build_on("2027-07-01").ok();
    assert_nothing_leaks(&site, &run);
    let site = site.edit("content/spring-hiring/index.md", "title:", "draft: true\ntitle:");
    let run = site.build_on("2027-07-02").ok();
    assert_nothing_leaks(&site, &run);
}

/// A site with everything that could leak the notes.
fn careless_site() -> Site {
    let notes = "# The walk-away line is forty percent\n\nNobody but Njeri may approve of this discount.\n\n\
                 ## First message\n\n> Hi {first name}, our private word for you is {code} indeed.\n\n\
                 ## Materials\n\n- [The floor prices](floor.csv), never to be forwarded to anyone\n\
                 - [The guide](guide.pdf), which everybody may have\n- [The battlecard](cards/battle.txt)\n\n\
                 <!-- not even this comment of ours for insiders -->\n\n[hidden]: https://secret.example/only-for-sales\n";
    Site::new()
        .edit(
            "site.yaml",
            "  owner: sales@kazi.example\n",
            "  owner: insider@private.example\n  respond_within: 1437m\n  desk_url: https://desk.private.example/\n",
        )
        .edit(CAMPAIGN, "title: Hire", "owner: ada@private.example\ntitle: Hire")
        .file("content/spring/sales.md", notes)
        .file("content/spring/floor.csv", "plan,floor price that nobody may know\nteam,7100\n")
        .file("content/spring/cards/battle.txt", "What we say about Globex behind its back\n")
        .file("content/single.sales.md", "Notes of a page in a single file, for nobody else.\n")
        .file("content/single.md", "---\ntitle: Single\n---\n\nText.\n")
        .file("content/unowned/sales.md", "Notes that belong to no page, and to nobody outside.\n")
}

#[test]
fn careless_content_publishes_no_sales_content() {
    let site = careless_site();
    for args in [&["build"][..], &["build", "--preview"], &["build", "--date", "2027-04-01"]] {
        let run = site.run(args).ok();
        assert_nothing_leaks(&site, &run);
        let public = without_error_messages(&public_texts(&site));
        for secret in [
            "insider@private.example",
            "ada@private.example",
            "desk.private.example",
            // Long enough to be in no digest of a header by chance.
            "1437m",
            "437 minutes",
            "floor.csv",
            "battle.txt",
            "Globex",
            "walk-away",
            "secret.example",
            "insiders",
        ] {
            assert!(files_with(&public, secret).is_empty(), "{secret} in {:?}", files_with(&public, secret));
        }
        assert!(
            run.sales("index.html").contains("insider@private.example")
                || run.sales("index.html").contains("ada@private.example")
        );
        assert!(public.keys().any(|path| path.file_name().unwrap() == "guide.pdf"), "what a page offers is public");
    }
}

#[test]
#[should_panic(expected = "`The walk-away line is forty percent` of spring/sales.md is in [\"leak.html\"]")]
fn privacy_check_finds_a_leaked_sentence() {
    let site = careless_site().file("static/leak.html", "<p>The walk-away line is forty percent.</p>");
    let run = site.build().ok();
    assert_nothing_leaks(&site, &run);
}

#[test]
fn link_to_sales_notes_is_an_error() {
    for link in ["[x](sales.md)", "[x](/spring/sales.md)", "[x](/single.sales.md)", "![x](sales.md)"] {
        let site = careless_site().edit(CAMPAIGN, "# Hire in days", &format!("# Hire in days\n\n{link}"));
        let run = site.build().failed(1);
        assert!(run.stderr.contains("content/spring/index.md:"), "{}", run.stderr);
        assert!(site.output().is_empty());
    }
    let site = careless_site().edit(CAMPAIGN, "file: guide.pdf", "file: sales.md");
    site.build().failed(1);
}

#[test]
fn material_linked_by_a_public_page_is_published_only_there() {
    let site = careless_site().edit(CAMPAIGN, "# Hire in days", "# Hire in days\n\n[prices](floor.csv)");
    let run = site.build().ok();
    assert!(run.public_files().iter().any(|path| path.ends_with("floor.csv")), "{:?}", run.public_files());
    assert!(!site.path("sales/materials/spring/floor.csv").exists());
    let desk = html::Page::read(&run.sales("index.html"));
    let href = desk.all("a").find(|link| link.text == "The floor prices").unwrap().get("href").to_owned();
    let path = href.strip_prefix("https://kazi.example/").unwrap();
    assert!(run.has(path), "{href}");
}

#[test]
fn unpublished_content_is_removed_from_the_public_site() {
    let site = careless_site().edit(CAMPAIGN, "# Hire in days", "# Hire in days\n\n[prices](floor.csv)");
    site.build().ok();
    let site = site.edit(CAMPAIGN, "\n\n[prices](floor.csv)", "");
    let run = site.build().ok();
    assert_nothing_leaks(&site, &run);
    assert!(site.path("sales/materials/spring/floor.csv").exists());
}

/// The characters that start a formula in spreadsheets.
const FORMULAS: [&str; 7] = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", "＋1"];

fn cells(table: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn spreadsheet_cells_are_never_formulas_and_json_is_unescaped() {
    for formula in FORMULAS {
        let yaml = Value::from(formula).to_string();
        let site = Site::new()
            .edit("site.yaml", "\"Partner: Acme\"", &yaml)
            .edit(CAMPAIGN, "title: Hire in days", &format!("title: {yaml}"))
            .edit(CAMPAIGN, "label: Get 20 % off", &format!("label: {yaml}"))
            .edit(CAMPAIGN, "code: SPRING20", &format!("code: {yaml}"));
        let run = site.build();
        // A coupon code cannot contain a tab.
        let site = match run.code {
            Some(0) => site,
            _ => site.edit(CAMPAIGN, &format!("code: {yaml}"), "code: SPRING20"),
        };
        let run = site.build().ok();
        let trimmed = formula.trim();
        for table in ["lead-sources.csv", "links.csv", "campaigns.csv"] {
            let cells = cells(&run.sales(table));
            let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
            assert!(cells.iter().all(|cell| !cell.starts_with(signs)), "{formula:?} in {table}: {cells:?}");
            let is_harmless = |cell: &String| cell.starts_with('\'') && cell.contains(trimmed);
            assert!(cells.iter().any(is_harmless), "{formula:?} in {table}: {cells:?}");
        }
        let data: Value = serde_json::from_str(&run.sales("lead-sources.json")).unwrap();
        assert_eq!(data["channels"]["acme"]["label"].as_str().unwrap().trim(), trimmed);
        assert_eq!(data["campaigns"]["spring"]["title"].as_str().unwrap().trim(), trimmed);
        let periods = data["campaigns"]["spring"]["periods"].as_array().unwrap();
        let save = periods.iter().find_map(|period| period["ctas"].get("save")).unwrap();
        assert_eq!(save["label"].as_str().unwrap().trim(), trimmed);
        let links: Value = serde_json::from_str(&site.run(&["links", "--format", "json"]).ok().stdout).unwrap();
        assert_eq!(links["links"][1]["label"].as_str().unwrap().trim(), trimmed);
    }
}
