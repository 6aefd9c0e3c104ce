//! `tagline links`: the listed campaigns and links, warnings, and QR codes that another library decodes.

use std::fs;
use std::path::Path;

use crate::support::{CAMPAIGN, CAMPAIGN_TEXT, Run, Site, bytes_below};

const HEADER: &str = "campaign,channel,label,link,short_link,code,ga4_group,variant";

fn rows(run: &Run) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn csv_of(site: &Site) -> Run {
    site.run(&["links", "--format", "csv"]).ok()
}

#[test]
fn csv_has_a_row_for_each_campaign_and_channel() {
    let site = Site::new();
    let run = csv_of(&site);
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout.lines().next(), Some(HEADER));
    site.build().ok();
    let code = site.code("spring", "acme");
    let link = "https://kazi.example/spring/via/acme/?utm_source=acme&utm_medium=referral&utm_campaign=spring";
    let short = format!("https://kazi.example/go/{code}/");
    assert_eq!(rows(&run)[1], ["spring", "acme", "Partner: Acme", link, &short, &code, "Referral", ""]);
    let order: Vec<_> = rows(&run).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(order, ["newsletter", "acme"], "the campaign's order");
}

#[test]
fn build_writes_the_same_rows_for_sales() {
    let site = Site::new();
    assert_eq!(site.build().clean().sales("links.csv"), format!("\u{feff}{}", csv_of(&site).stdout));
}

#[test]
fn page_of_a_short_link_redirects_to_its_long_link() {
    let site = Site::new();
    let run = site.build().ok();
    for row in rows(&csv_of(&site)) {
        let path = row[3].strip_prefix("https://kazi.example").unwrap().replace('&', "&amp;");
        let page = run.public(row[4].strip_prefix("https://kazi.example/").unwrap());
        assert!(page.contains(&path), "{path} in {page}");
    }
}

#[test]
fn campaigns_are_sorted_by_id_and_include_scheduled_and_ended_ones() {
    let site = Site::new()
        .file("content/later.md", &with_id("later").replace("starts: 2027-03-01", "starts: 2027-03-20"))
        .file("content/before.md", &with_id("before").replace("ends: 2027-03-31", "ends: 2027-03-10"));
    let campaigns: Vec<_> = rows(&csv_of(&site)).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(campaigns, ["before", "before", "later", "later", "spring", "spring"]);
    let text = site.run(&["links"]).ok().stdout;
    for heading in
        ["before, ended on 10 March 2027", "later, starts on 20 March 2027", "spring, live until 31 March 2027"]
    {
        assert!(text.contains(heading), "{heading} in {text}");
    }
}

/// The small site's campaign under another id, without its file.
fn with_id(id: &str) -> String {
    CAMPAIGN_TEXT
        .replace("title: Hire", &format!("campaign: {id}\ntitle: Hire"))
        .replace("file: guide.pdf", "file: spring/guide.pdf")
}

#[test]
fn drafts_are_listed_only_in_a_preview() {
    let site =
        Site::new().edit("content/prices.md", "[Get it](cta:spring/save) and [the guide](cta:spring/guide), or ", "");
    let site = site.edit(CAMPAIGN, "title: Hire", "draft: true\ntitle: Hire");
    assert_eq!(csv_of(&site).stdout, format!("{HEADER}\n"));
    let run = site.run(&["links", "spring"]).failed(1);
    assert!(run.stderr.contains("the campaign `spring` is a draft; list its links with `--preview`"), "{}", run.stderr);
    let run = site.run(&["links", "spring", "--preview"]).ok();
    assert!(run.stdout.contains("\nspring, a draft\n"), "{}", run.stdout);
}

#[test]
fn placement_is_part_of_long_links_only() {
    let site = Site::new();
    let plain = rows(&csv_of(&site));
    let run = site.run(&["links", "--format", "csv", "--placement", "march-8"]).ok();
    for (row, plain) in rows(&run).iter().zip(&plain) {
        assert_eq!(row[3], format!("{}&utm_content=march-8", plain[3]));
        assert_eq!(row[4], plain[4]);
    }
    assert_eq!(run.stderr.matches("`march-8` is in the long links only").count(), 1, "{}", run.stderr);
}

#[test]
fn placement_that_is_not_a_slug_is_a_usage_error() {
    let site = Site::new();
    for (placement, help) in [
        ("March 8", "write `march-8`"),
        ("", "write a word"),
        ("--", "write lower-case letters"),
        (&*"x".repeat(41), "it has 41 characters; at most 40 are allowed"),
    ] {
        let run = site.run(&["links", &format!("--placement={placement}")]).failed(2);
        assert!(run.stderr.contains(help) && run.stderr.contains("--placement <SLUG>"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn json_has_the_same_values_unescaped() {
    let site = Site::new().edit("site.yaml", "Partner: Acme", "=Acme");
    let run = site.run(&["links", "--format", "json"]).ok();
    let data: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(data["version"], 1);
    assert_eq!(data["site"], "Kazi");
    let names: Vec<_> = data["links"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(format!("{},variant", names.join(",")), HEADER, "a link without a variant has no key for it");
    assert_eq!(data["links"][1]["label"], "=Acme");
    assert_eq!(data["links"][0]["ga4_group"], "Email");
}

#[test]
fn formula_in_a_label_is_escaped_in_the_csv() {
    let site = Site::new().edit("site.yaml", "Partner: Acme", "=1+1");
    assert_eq!(rows(&csv_of(&site))[1][2], "'=1+1");
    assert!(site.build().ok().sales("links.csv").contains(",'=1+1,"));
}

#[test]
fn links_can_be_limited_to_one_campaign() {
    let site = Site::new().file("content/later.md", &with_id("later"));
    let run = site.run(&["links", "later", "--format", "csv"]).ok();
    assert!(rows(&run).iter().all(|row| row[0] == "later") && rows(&run).len() == 2, "{}", run.stdout);
}

#[test]
fn unknown_campaign_is_an_error_with_a_suggestion() {
    let site = Site::new();
    let run = site.run(&["links", "sprng"]).failed(1);
    assert_eq!(run.stderr, "error: unknown campaign `sprng`; did you mean `spring`?\n");
    assert_eq!(run.stdout, "");
    let run = site.run(&["links", "Something else"]).failed(1);
    assert_eq!(run.stderr, "error: unknown campaign `Something else`\n");
}

#[test]
fn former_campaign_id_lists_the_current_campaign() {
    let site = Site::new().edit(CAMPAIGN, "title: Hire", "was: [hire-now]\ntitle: Hire");
    let run = site.run(&["links", "hire-now", "--format", "csv"]).ok();
    assert!(rows(&run).iter().all(|row| row[0] == "spring"), "{}", run.stdout);
    assert!(run.stderr.contains("the campaign `hire-now` is now named `spring`"), "{}", run.stderr);
}

#[test]
fn links_include_the_base_path() {
    let run = Site::new().run(&["links", "--format", "csv", "--base-url", "https://example.org/offers"]).ok();
    for row in rows(&run) {
        assert!(row[3].starts_with("https://example.org/offers/spring/via/"), "{row:?}");
        assert!(row[4].starts_with("https://example.org/offers/go/"), "{row:?}");
    }
}

#[test]
fn sources_and_media_are_percent_encoded() {
    let site = Site::new().edit("site.yaml", "source: news, medium: email", "source: a&b=c, medium: \"e mail\"");
    let link = &rows(&csv_of(&site))[0][3];
    assert!(link.contains("?utm_source=a%26b%3Dc&utm_medium=e%20mail&utm_campaign=spring"), "{link}");
}

#[test]
fn channel_without_a_ga4_group_is_one_warning_at_its_medium() {
    let site = Site::new()
        .edit("site.yaml", "medium: email", "medium: print")
        .edit("site.yaml", "medium: referral", "medium: partner")
        .file("content/later.md", &with_id("later"))
        .file("content/later.sales.md", "Ask again in May.\n");
    let run = site.run(&["links"]).ok();
    let problems = run.problems();
    assert_eq!(problems.len(), 2, "{}", run.stderr);
    assert!(problems.iter().all(|problem| problem.rule == "ga4-unassigned" && !problem.is_error));
    assert_eq!(problems[0].place, "site.yaml:8:66");
    assert!(problems[0].text.contains("visits from the channel `newsletter` are `Unassigned` in GA4"));
    assert!(problems[0].text.contains("GA4 has no group for print and events"), "{}", problems[0].text);
    assert!(problems[1].text.contains("the channel `acme`") && problems[1].text.contains("`email`, `social`"));
    site.build().clean();
    // GA4 has no better medium for print.
    let mut reported = site.check().ok().problems();
    reported.retain(|problem| problem.rule == "ga4-unassigned");
    assert_eq!(reported.iter().map(|problem| &*problem.place).collect::<Vec<_>>(), ["site.yaml:9:57"]);
}

#[test]
fn channel_of_no_listed_campaign_causes_no_warning() {
    let site =
        Site::new().edit("site.yaml", "channels:\n", "channels:\n  blog: { label: Blog, source: b, medium: owned }\n");
    site.run(&["links"]).clean();
}

#[test]
fn campaign_without_channels_explains_how_to_get_links() {
    let site = Site::new().edit(
        CAMPAIGN,
        "channels: [newsletter, acme]\nper_channel:\n  acme: { title: Acme customers save 20 % }\n",
        "",
    );
    let site = site.edit(CAMPAIGN, "      codes: { acme: ACME20 }\n", "");
    let run = site.run(&["links", "spring"]).clean();
    assert!(run.stdout.contains("no channels; add `channels: [...]`"), "{}", run.stdout);
}

#[test]
fn errors_in_the_content_prevent_any_link() {
    let site = Site::new().edit(CAMPAIGN, "[newsletter, acme]", "[newsleter, acme]");
    let run = site.run(&["links"]).failed(1);
    assert_eq!(run.problems()[0].rule, "unknown-channel");
    assert_eq!(run.stdout, "");
}

#[test]
fn links_writes_nothing() {
    let site = Site::new();
    let before = bytes_below(&site.root());
    site.run(&["links"]).ok();
    assert_eq!(bytes_below(&site.root()), before);
}

/// The modules of an SVG's path at eight pixels each, with the quiet zone.
fn pixels(svg: &str) -> (usize, Vec<u8>) {
    const SCALE: usize = 8;
    let width: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let side = width * SCALE;
    let mut pixels = vec![255; side * side];
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> = run.split([' ', 'h', 'v']).filter_map(|number| number.parse().ok()).collect();
        let [x, y, length] = numbers[..3] else { panic!("{run}") };
        for row in y * SCALE..(y + 1) * SCALE {
            pixels[row * side + x * SCALE..row * side + (x + length) * SCALE].fill(0);
        }
    }
    (side, pixels)
}

fn decoded(svg: &str) -> (rqrr::MetaData, String) {
    let (side, pixels) = pixels(svg);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap()
}

fn svg(folder: &Path, row: &[String]) -> String {
    let variant = if row[3].contains("/sw/") { "_sw" } else { "" };
    fs::read_to_string(folder.join(format!("{}_{}{variant}.svg", row[0], row[1]))).unwrap()
}

#[test]
fn qr_codes_decode_to_the_short_links() {
    let site = Site::example();
    let folder = site.path("out/qr");
    let run = site.run(&["links", "--format", "csv", "--qr", folder.to_str().unwrap()]).ok();
    let rows = rows(&run);
    assert_eq!(rows.len(), 27);
    for row in &rows {
        let svg = svg(&folder, row);
        let (meta, text) = decoded(&svg);
        assert_eq!(text, row[4]);
        // In the format bits, `00` is M and `01` is L.
        assert_eq!(meta.ecc_level, 0, "error correction M");
        let width = meta.version.to_size() + 8;
        assert!(svg.contains(&format!("width=\"{width}mm\"")), "a module is a millimetre, four are quiet on each side");
        assert!(svg.contains(&format!(">{}<", row[2])), "{} in {svg}", row[2]);
    }
    assert!(run.stderr.ends_with(&format!("wrote 27 QR codes to `{}`\n", folder.display())), "{}", run.stderr);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 27);
}

#[test]
fn other_files_in_the_qr_code_folder_are_kept() {
    let site = Site::new().file("qr/poster.svg", "mine").file("qr/spring_acme.svg", "an older one");
    let folder = site.path("qr");
    site.run(&["links", "--qr", folder.to_str().unwrap()]).ok();
    assert_eq!(site.read("qr/poster.svg"), "mine");
    assert!(site.read("qr/spring_acme.svg").starts_with("<svg"));
}

#[test]
fn qr_code_folder_that_cannot_be_created_is_named() {
    let site = Site::new().file("taken", "a file");
    let folder = site.path("taken");
    let run = site.run(&["links", "--qr", folder.to_str().unwrap()]).failed(2);
    assert!(run.stderr.contains("cannot create the folder `") && run.stderr.contains("taken`"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn label_in_a_qr_code_is_escaped() {
    let site = Site::new().edit("site.yaml", "\"Partner: Acme\"", "\"</text><script>alert(1)</script> & co\"");
    let folder = site.path("qr");
    site.run(&["links", "--qr", folder.to_str().unwrap()]).ok();
    let svg = site.read("qr/spring_acme.svg");
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;") && svg.contains("&amp;"), "{svg}");
}
