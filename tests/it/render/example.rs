//! Snapshots of pages of the example site on 15 March 2027, in `snapshots/`.

use std::sync::LazyLock;

use crate::support::{Run, Site};

static EXAMPLE: LazyLock<(Site, Run)> = LazyLock::new(|| {
    let site = Site::example();
    let run = site.build().clean();
    (site, run)
});

/// HTML with one tag or text on each line, so that a diff shows the difference.
fn one_tag_a_line(html: &str) -> String {
    let mut lines = String::new();
    for part in html.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        for line in [text, tag] {
            if !line.trim().is_empty() {
                lines.push_str(&line.replace('\n', " "));
                lines.push('\n');
            }
        }
    }
    lines
}

/// Replaces hashes, which depend on the bytes of stylesheets and images and not on the page.
fn without_hashes(text: &str) -> String {
    let is_hash = |part: &str| {
        matches!(part.len(), 10 | 32) && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    const ENDS: [char; 6] = ['.', '-', '/', '"', ' ', '>'];
    let parts = text.split_inclusive(ENDS);
    let hidden = parts.map(|part| {
        let word = part.trim_end_matches(ENDS);
        if is_hash(word) { part.replace(word, "HASH") } else { part.to_owned() }
    });
    hidden.collect()
}

/// Removes stylesheets, which change with the design of the theme and not with its content.
fn without_styles(html: &str) -> String {
    match html.split_once("<style>").and_then(|(before, rest)| Some((before, rest.split_once("</style>")?.1))) {
        Some((before, after)) => format!("{before}<style></style>{after}"),
        None => html.to_owned(),
    }
}

fn normalized_page(path: &str) -> String {
    without_hashes(&one_tag_a_line(&without_styles(&EXAMPLE.1.public(path))))
}

#[test]
fn landing_page_matches_its_snapshot() {
    insta::assert_snapshot!("landing_page", normalized_page("spring-hiring/"));
}

#[test]
fn channel_page_matches_its_snapshot() {
    insta::assert_snapshot!("channel_page", normalized_page("spring-hiring/via/acme/"));
}

#[test]
fn article_matches_its_snapshot() {
    insta::assert_snapshot!("article", normalized_page("articles/what-a-lead-saw/"));
}

#[test]
fn ended_campaign_matches_its_snapshot() {
    insta::assert_snapshot!("ended", normalized_page("career-fair-2026/"));
}

#[test]
fn thank_you_page_matches_its_snapshot() {
    insta::assert_snapshot!("thanks", normalized_page("spring-hiring/thanks/guide/"));
}

#[test]
fn short_link_matches_its_snapshot() {
    let code = EXAMPLE.0.code("spring-hiring", "acme");
    insta::assert_snapshot!("short_link", normalized_page(&format!("go/{code}/")));
}

#[test]
fn sitemap_matches_its_snapshot() {
    insta::assert_snapshot!("sitemap", EXAMPLE.1.public("sitemap.xml"));
}

#[test]
fn feed_matches_its_snapshot() {
    insta::assert_snapshot!("feed", EXAMPLE.1.public("feed.xml"));
}

#[test]
fn lead_sources_match_their_snapshot() {
    insta::assert_snapshot!("lead_sources", EXAMPLE.1.sales("lead-sources.csv"));
}
