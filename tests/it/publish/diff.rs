//! `tagline diff` against a published folder and another built folder.

use serde_json::{Value, json};

use super::{Published, tree};
use crate::support::{CAMPAIGN, PAGE, REGISTER};

/// The differences from what is published.
fn diff(published: &Published, against: &str) -> Value {
    let run = published.site.run(&["diff", against, "--base-url", "https://kazi.co.ke/", "--format", "json"]).ok();
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn diff_lists_pages_words_offers_files_links_and_lead_tags() {
    let published = Published::new();
    published.publish(&[]).clean();
    let site = &published.site;
    let register = site.read(REGISTER);
    site.write(
        PAGE,
        site.read(PAGE).replace("What it costs.", "What it costs today.").replace("about spring", "about the spring"),
    );
    let campaign = site.read(CAMPAIGN).replace("code: SPRING20", "code: SPRING30");
    site.write(CAMPAIGN, campaign.replace("channels: [newsletter, acme]", "channels: [acme]"));
    site.write("content/new.md", "---\ntitle: New\nsummary: New.\n---\nSee [prices](prices.md).\n");
    site.write("static/note.txt", "note");
    let diff = diff(&published, &format!("file://{}", published.folder().display()));
    assert_eq!(diff["pages_added"], json!(["new/index.html"]), "{diff}");
    assert_eq!(diff["files_added"], json!(["note.txt"]));
    assert!(diff["lead_tags_closed"].as_array().unwrap().contains(&json!("spring_save_newsletter")), "{diff}");
    assert_eq!(diff["lead_tags_opened"], json!([]));
    let pages = diff["pages_changed"].as_array().unwrap();
    let page = |path: &str| pages.iter().find(|page| page["page"] == path).unwrap();
    assert_eq!(page("prices/index.html")["text_added"].as_array().unwrap().len(), 1, "{diff}");
    assert!(page("spring/index.html")["offers_added"].to_string().contains("SPRING30"), "{diff}");
    assert!(!diff.to_string().contains("get/"), "{diff}");
    assert_eq!(site.read(REGISTER), register);
}

#[test]
fn exit_code_says_whether_there_is_a_difference() {
    let published = Published::new();
    published.publish(&[]).clean();
    let current = published.current().display().to_string();
    let options = ["diff", &current, "--base-url", "https://kazi.co.ke/", "--exit-code"];
    let same = published.site.run(&options).clean();
    assert_eq!(same.stdout, format!("no difference from {current}\n"));
    published.site.write("static/note.txt", "note");
    let changed = published.site.run(&options).failed(1);
    assert!(changed.stdout.starts_with("1 file added, against "), "{}", changed.stdout);
    let markdown = published.site.run(&[&options[..4], &["--format", "markdown"]].concat()).ok();
    assert!(
        markdown.stdout.contains("## What changes for visitors") && markdown.stdout.contains("- + `note.txt`"),
        "{}",
        markdown.stdout
    );
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let published = Published::new();
    for (against, message) in [
        ("nowhere", "is no folder and no address"),
        ("s3://kazi-site", "needs credentials"),
        ("http://127.0.0.1:9/", "it has no list of its files"),
    ] {
        let run = published.site.run(&["diff", against]).failed(2);
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
    let before = tree(&published.site.root());
    published.site.write("content/bad.md", "---\ntitle: Bad\n---\n[x](/none.md)\n");
    assert!(published.site.run(&["diff", "public"]).failed(1).stderr.contains("nothing was compared"));
    std::fs::remove_file(published.site.path("content/bad.md")).unwrap();
    let kept = |files: &[(String, Vec<u8>)]| {
        files.iter().filter(|(path, _)| !path.starts_with(".tagline")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(kept(&tree(&published.site.root())), kept(&before));
}
