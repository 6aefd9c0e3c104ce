//! Secrets and third-party scripts: where they are reported, how they are masked, and when they stop a build.

use crate::support::{PAGE, Site};

/// 64 base-62 characters for the random part of every secret. No whole secret is in this file, so that scanners for
/// leaks do not stop at it.
const RANDOM: &str = "7Qm2XvT9bLk4RzWc8NpYd3HsJ6gAf5UeVo1KxBtMiGnCrDhFqZlPyEwSaIjOu0fQ";

fn random(length: usize) -> &'static str {
    &RANDOM[..length]
}

fn hexadecimal(length: usize) -> String {
    "0f8fad5bd9cb469fa16570867728950e".chars().cycle().take(length).collect()
}

fn uppercase(length: usize) -> String {
    "J7QX2VTBLK4RZWC3NPYDHSGA".chars().take(length).collect()
}

/// A secret of each kind.
fn secrets() -> Vec<String> {
    let uuid = [8, 4, 4, 4, 12].map(hexadecimal).join("-");
    vec![
        format!("AKI{}{}", 'A', uppercase(16)),
        format!("ghp{}{}", '_', random(36)),
        format!("github{}pat_{}_{}", '_', random(22), random(59)),
        format!("sk{}live_{}", '_', random(24)),
        format!("whsec{}{}", '_', random(32)),
        format!("xox{}-123456789012-1234567890123-{}", 'b', random(24)),
        format!("https://hooks.slack{}com/services/T{}/B{}/{}", '.', uppercase(9), uppercase(10), random(24)),
        format!("AIz{}{}", 'a', random(35)),
        format!("SG{}{}.{}", '.', random(22), random(43)),
        format!("S{}{}", 'K', hexadecimal(32)),
        format!("npm{}{}", '_', random(36)),
        format!("pat{}na1-{uuid}", '-'),
        format!("00{}{}!{}{}", 'D', random(12), random(60), random(36)),
        format!("-----BEGIN RSA PRIV{} KEY-----\n{}\n{}\n", "ATE", random(64), random(40)),
    ]
}

fn stripe() -> String {
    secrets().remove(3)
}

/// A page with this text in a code block, as documentation would show it.
fn page_with_code(text: &str) -> Site {
    Site::new().edit(PAGE, "# Prices", &format!("# Prices\n\n```text\n{text}\n```"))
}

#[test]
fn secret_of_every_kind_is_reported_and_masked() {
    for secret in secrets() {
        let site = page_with_code(&format!("key = \"{secret}\""));
        for args in [&["check"][..], &["build"], &["check", "--format", "json"], &["check", "--format", "github"]] {
            let run = site.run(args);
            assert!(run.stderr.contains("would be published"), "{secret}: {}", run.stderr);
            let random = secret.lines().map(|line| &line[line.len().saturating_sub(12)..]);
            for part in random.filter(|part| part.len() == 12 && !part.contains('-')) {
                assert!(!run.stderr.contains(part), "{part} is shown: {}", run.stderr);
            }
        }
        assert_eq!(site.check().rules_with_places().len(), 1, "{secret}");
    }
}

#[test]
fn secret_stops_a_build_unless_the_site_allows_it() {
    let site = Site::new();
    site.build().clean();
    let before = site.output();
    let site = site.edit(PAGE, "# Prices", &format!("# Prices\n\n`{}`", stripe()));
    let run = site.build().failed(1);
    assert_eq!(run.rules_with_places(), ["exposed-secret content/prices.md:8:2"]);
    assert!(run.problems()[0].is_error && run.problems()[0].text.contains("`sk_live_****"), "{}", run.stderr);
    assert!(site.output() == before);
    let text = site.read("site.yaml");
    site.file("site.yaml", &format!("{text}rules: {{ exposed-secret: allow }}\n")).build().clean();
}

#[test]
fn browser_api_key_is_only_a_warning() {
    let run = page_with_code(&secrets()[7]).build().ok();
    assert!(
        !run.problems()[0].is_error && run.problems()[0].text.contains("limit it to this site's address"),
        "{}",
        run.stderr
    );
}

#[test]
fn secret_is_reported_in_its_source_file() {
    let secret = stripe();
    let site = Site::new().file("static/app.js", &format!("// A\nlet key = \"{secret}\"\n"));
    assert_eq!(site.check().rules_with_places(), ["exposed-secret static/app.js:2:12"]);
    let site = Site::new().file("content/spring/guide.pdf", &format!("%PDF {secret} x"));
    assert_eq!(site.check().rules_with_places(), ["exposed-secret content/spring/guide.pdf:1:6"]);
    let site = Site::new().edit("site.yaml", "I agree.", &secret);
    assert_eq!(site.check().rules_with_places(), ["exposed-secret site.yaml:15:20"]);
    let site = Site::new().file("themes/launch/page.html", &format!("<html>{secret}{{{{ body }}}}</html>"));
    assert_eq!(site.check().rules_with_places(), ["exposed-secret themes/launch/page.html:1:7"]);
    let site = Site::new().bytes("static/a.bin", &[b"\xff\xfe ", secret.as_bytes(), b" \xff"].concat());
    assert_eq!(site.check().rules_with_places(), ["exposed-secret public/a.bin"]);
}

#[test]
fn unpublished_files_are_not_scanned_for_secrets() {
    let secret = stripe();
    let site = Site::new()
        .file("content/spring/sales.md", &format!("The key is {secret}.\n"))
        .file("content/spring/unused.txt", &secret)
        .edit("site.yaml", "title: Kazi", &format!("# {secret}\ntitle: Kazi"));
    assert_eq!(site.check().rules_with_places(), [""; 0]);
}

#[test]
fn secret_in_many_places_is_one_problem() {
    let secret = stripe();
    let site = page_with_code(&secret).edit(PAGE, "summary: What it costs.", &format!("summary: {secret}"));
    let run = site.file("static/a.txt", &secret).check();
    assert_eq!(run.rules_with_places(), ["exposed-secret content/prices.md:3:10"]);
    let text = &run.problems()[0].text;
    assert!(text.contains("static/a.txt:1:1") && !text.contains(&secret), "{text}");
}

#[test]
fn secret_is_masked_in_other_problems_of_its_line() {
    let secret = stripe();
    let run =
        page_with_code("x").edit(PAGE, "[Get it]", &format!("[a](http://a.co.ke/?key={secret}) [Get it]")).check();
    assert!(run.stderr.contains("insecure-url") && !run.stderr.contains(&secret), "{}", run.stderr);
}

#[test]
fn secret_across_chunks_of_a_large_file_is_found() {
    let secret = stripe();
    let site = Site::new();
    for at in [256 * 1024 - 10, 256 * 1024, 500 * 1024] {
        let mut bytes = vec![b' '; 600 * 1024];
        bytes[at..at + secret.len()].copy_from_slice(secret.as_bytes());
        site.write("static/large.txt", bytes);
        assert_eq!(site.check().rules_with_places(), [format!("exposed-secret static/large.txt:1:{}", at + 1)]);
    }
}

#[test]
fn text_that_only_resembles_a_secret_is_not_reported() {
    let [mut key, pem] = [secrets().remove(0), secrets().remove(13)];
    key.insert(0, 'x');
    for text in [
        format!("AKI{}IOSFODNN7EXAMPLE", 'A'),
        format!("sk{}live_{}", '_', "x".repeat(32)),
        format!("sk{}live_...", '_'),
        format!("pk{}live_{}", '_', random(24)),
        format!("ghp{}{}", '_', random(20)),
        key,
        pem.lines().next().unwrap().to_owned(),
        pem.replace("PRIVATE", "PUBLIC"),
        format!("TA{}K0123456789", 'S'),
    ] {
        assert_eq!(page_with_code(&text).check().rules_with_places(), [""; 0], "{text}");
    }
}

#[test]
fn third_party_scripts_in_templates_and_pages_are_a_warning() {
    let script = "<script src=\"https://cdn.co.ke/a.js\"></script>";
    let part = "themes/launch/parts/extra.html";
    assert_eq!(
        Site::new().file(part, &format!("<p>\n{script}")).check().rules_with_places(),
        [format!("third-party-script {part}:2:14")]
    );
    assert_eq!(
        Site::new()
            .file(part, "<script src=\"/a.js\"></script>{# <script src=\"//b.co/\"> #}")
            .check()
            .rules_with_places(),
        [""; 0]
    );
    let in_page = Site::new().edit(PAGE, "## Teams", &format!("{script}\n\nA {script} b\n\n## Teams"));
    // Without raw HTML the script is text, and only that is reported.
    assert!(in_page.check().rules_with_places().iter().all(|reported| reported.starts_with("raw-html")));
    let text = in_page.read("site.yaml");
    let in_page = in_page.file("site.yaml", &format!("{text}markdown: {{ raw_html: true }}\n"));
    let expected = ["third-party-script content/prices.md:8:14", "third-party-script content/prices.md:10:16"];
    assert_eq!(in_page.check().rules_with_places(), expected);
    let own = in_page.edit(PAGE, "cdn.co.ke", "kazi.example").edit(PAGE, "cdn.co.ke", "kazi.example");
    assert_eq!(own.check().rules(), ["absolute-internal-link", "absolute-internal-link"]);
}

#[test]
fn analytics_script_is_not_reported_as_third_party() {
    let site = Site::new().edit("site.yaml", "channels:\n", "analytics: { plausible: kazi.example }\nchannels:\n");
    assert_eq!(site.check().rules_with_places(), [""; 0]);
}
