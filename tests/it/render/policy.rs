//! The Content-Security-Policy that `build` writes for hosts: it allows what the pages contain, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{CAMPAIGN, PAGE, PAGE_TEMPLATE, Run, SITE, Site};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const FILES: [&str; 3] = ["_headers", "_headers.nginx", "_headers.caddy"];

/// The headers of every file in `_headers`: those of its first rule.
fn headers(run: &Run) -> BTreeMap<String, String> {
    let text = run.public("_headers");
    let lines: Vec<&str> = text.lines().skip(1).take_while(|line| line.starts_with(' ')).collect();
    let header = |line: &str| line.trim().split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    lines.iter().map(|line| header(line).unwrap_or_else(|| panic!("{line}"))).collect()
}

/// The sources of the policy by directive.
fn policy(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    let headers = headers(run);
    let directive = |text: &str| {
        let mut words = text.split(' ').map(str::to_owned);
        (words.next().unwrap(), words.collect())
    };
    headers["Content-Security-Policy"].split("; ").map(directive).collect()
}

#[track_caller]
fn assert_sources(run: &Run, directive: &str, sources: &[&str]) {
    let policy = policy(run);
    let found: Vec<&str> = policy.get(directive).into_iter().flatten().map(String::as_str).collect();
    let mut expected = sources.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "{directive}");
}

fn sha256(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The hashes of the texts between `start` and `end` on every page.
fn hashes(run: &Run, start: &str, end: &str) -> BTreeSet<String> {
    let pages = run.public_files().into_iter().filter(|file| file.ends_with(".html")).map(|file| run.public(&file));
    let contents: BTreeSet<String> = pages
        .flat_map(|page| {
            let contents = page.split(start).skip(1).map(|rest| rest.split(end).next().unwrap().to_owned());
            contents.collect::<Vec<_>>()
        })
        .collect();
    contents.iter().map(|content| sha256(content)).collect()
}

#[test]
fn policy_allows_exactly_the_styles_and_small_scripts_of_the_example() {
    let site = Site::example();
    let run = site.build().ok();
    let mut expected = hashes(&run, "<style>", "</style>");
    assert!(expected.len() > 4, "{expected:?}");
    expected.insert("'self'".to_owned());
    assert_eq!(policy(&run)["style-src"], expected);
    let mut scripts = hashes(&run, "<script type=module>", "</script>");
    assert_eq!(scripts.len(), 2, "of `countdown` and `copy`");
    scripts.insert("'self'".to_owned());
    assert_eq!(policy(&run)["script-src"], scripts);
}

#[test]
fn policy_allows_nothing_that_a_site_does_not_need() {
    let site = Site::new();
    let run = site.build().clean();
    assert_sources(&run, "default-src", &["'none'"]);
    for directive in ["script-src", "font-src", "media-src", "manifest-src"] {
        assert_sources(&run, directive, &["'self'"]);
    }
    assert_sources(&run, "connect-src", &["'self'", "https://forms.kazi.example"]);
    assert_sources(&run, "form-action", &["'self'", "https://forms.kazi.example", "https://kazi.example"]);
    assert_sources(&run, "base-uri", &["'none'"]);
    assert_sources(&run, "frame-ancestors", &["'none'"]);
    for directive in ["frame-src", "worker-src", "object-src"] {
        assert!(!policy(&run).contains_key(directive), "`default-src` says it of {directive}");
    }
    for file in FILES {
        let text = run.public(file);
        assert!(!text.contains("unsafe") && text.contains("default-src 'none'"), "{text}");
    }
}

#[test]
fn two_builds_write_the_same_header_files() {
    let site = Site::new();
    let before = FILES.map(|file| site.build().clean().public(file));
    site.write("content/more.md", "---\ntitle: More\nsummary: More.\n---\n\n::: hero\n# More\n:::\n");
    let between = site.build().clean().public("_headers");
    assert_ne!(between, before[0]);
    std::fs::remove_file(site.path("content/more.md")).unwrap();
    assert_eq!(FILES.map(|file| site.build().clean().public(file)), before);
}

#[test]
fn policy_allows_third_party_sources_of_pages() {
    let html = "<img srcset=\"https://a.cdn.example/1.png 1x, //b.cdn.example/2.png 2x\">\n\
                <iframe src=\"https://maps.example/embed?a=1&amp;b=2\"></iframe>\n\
                <video src=\"https://films.example/a.mp4\" poster=\"/a.svg\"></video>\n\
                <SCRIPT async src=https://widget.example/w.js></SCRIPT>\n\
                <form action=\"https://search.example/\"></form>\n";
    let site = Site::new().edit(SITE, "title:", "markdown: { raw_html: true }\ntitle:").edit(
        PAGE,
        "# Prices",
        &format!("# Prices\n\n![A](https://pictures.example/a.png)\n\n{html}"),
    );
    let site = site.file("static/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    let run = site.build().ok();
    let images = ["https://pictures.example", "https://a.cdn.example", "https://b.cdn.example"];
    assert_sources(&run, "img-src", &[&["'self'"], &images[..]].concat());
    assert_sources(&run, "frame-src", &["https://maps.example"]);
    assert_sources(&run, "media-src", &["'self'", "https://films.example"]);
    assert_sources(&run, "script-src", &["'self'", "https://widget.example"]);
    let forms = ["https://forms.kazi.example", "https://kazi.example", "https://search.example"];
    assert_sources(&run, "form-action", &[&["'self'"], &forms[..]].concat());
}

#[test]
fn policy_allows_only_the_player_of_a_video() {
    for (link, directive, source) in [
        ("https://youtu.be/dQw4w9WgXcQ", "frame-src", "https://www.youtube-nocookie.com"),
        ("https://vimeo.com/76979871", "frame-src", "https://player.vimeo.com"),
        ("https://films.example/a.mp4", "media-src", "https://films.example"),
    ] {
        let block = format!("::: video\n[![A film](https://pictures.example/a.png)]({link})\n:::\n");
        let site = Site::new().edit(PAGE, "## Teams", &format!("{block}\n## Teams"));
        let run = site.build().clean();
        assert!(policy(&run)[directive].contains(source), "{link}: {:?}", policy(&run));
        let others =
            ["youtube", "vimeo", "films"].iter().filter(|host| run.public("_headers").contains(**host)).count();
        assert_eq!(others, 1, "{link}");
    }
}

#[test]
fn policy_allows_inline_scripts_of_a_theme_but_ignores_data_blocks() {
    let template = "<script>let a = 1;</script><SCRIPT type=module>let b = 2;</SCRIPT>\
                    <script type=\"application/json\">{}</script><!-- <script>let c = 3;</script> -->\
                    <textarea><script>let d = 4;</script></textarea><h1>{{ page.title }}</h1>";
    let site = Site::new().file(PAGE_TEMPLATE, template);
    let run = site.build().ok();
    let [a, b] = ["let a = 1;", "let b = 2;"].map(sha256);
    assert_sources(&run, "script-src", &["'self'", &a, &b]);
}

#[test]
fn policy_allows_what_static_html_pages_contain() {
    let page = |code: &str| format!("<!doctype html>\r\n<title>Ours</title>\r\n<script>\r\n{code}\r\n</script>\r\n");
    let site = Site::new()
        .file("static/quiz/index.html", &(page("quiz()") + "<img src=\"https://pictures.example/quiz.png\">"))
        .file("content/spring/calculator.htm", &page("linked()"))
        .file("content/spring/forgotten.html", &page("forgotten()"))
        .bytes("static/old.html", b"<script>\xff</script>")
        .edit(CAMPAIGN, "Read the", "[Reckon](calculator.htm). Read the");
    // Browsers read every line ending as `\n`.
    let allowed = ["quiz()", "linked()"].map(|code| sha256(&format!("\n{code}\n")));
    let run = site.build().ok();
    assert_sources(&run, "script-src", &["'self'", &allowed[0], &allowed[1]]);
    assert_sources(&run, "img-src", &["'self'", "https://pictures.example"]);
}

#[test]
fn policy_allows_inline_content_of_channel_pages() {
    let template = "<title>{{ page.title }}</title><script>let where = \"{{ page.og_url }}\";</script>{{ body }}";
    let site = Site::new().file("themes/launch/landing.html", template);
    let run = site.build().ok();
    let mut expected = hashes(&run, "<script>let where", "</script>");
    assert_eq!(expected.len(), 3, "the landing page and two channel pages");
    let pages = ["", "via/newsletter/", "via/acme/"];
    expected =
        pages.iter().map(|below| sha256(&format!("let where = \"https://kazi.example/spring/{below}\";"))).collect();
    expected.insert("'self'".to_owned());
    assert_eq!(policy(&run)["script-src"], expected);
}

#[test]
fn policy_allows_analytics_except_in_a_preview() {
    let plausible = Site::new().edit(SITE, "channels:", "analytics: { plausible: kazi.example }\nchannels:");
    assert_sources(&plausible.build().clean(), "script-src", &["'self'", "https://plausible.io"]);
    assert_sources(
        &plausible.build().clean(),
        "connect-src",
        &["'self'", "https://forms.kazi.example", "https://plausible.io"],
    );
    assert_sources(&plausible.run(&["build", "--preview"]).ok(), "script-src", &["'self'"]);
    let with_gtm = Site::new().edit(SITE, "channels:", "analytics: { gtm: GTM-ABC1234 }\nchannels:");
    let gtm = with_gtm.build().clean();
    assert_sources(&gtm, "script-src", &["'self'", "https://*.googletagmanager.com"]);
    assert!(policy(&gtm)["connect-src"].contains("https://*.google-analytics.com"));
}

#[test]
fn policy_allows_the_hosts_of_a_destination_except_in_a_preview() {
    let hubspot = "{ hubspot: { portal: 1234567, form: 0f7c2b1e-1111-4222-8333-444455556666 } }";
    let site = Site::new().edit(SITE, "{ endpoint: https://forms.kazi.example/leads }", hubspot);
    let run = site.build().ok();
    assert_sources(&run, "form-action", &["'self'", "https://forms.hubspot.com", "https://kazi.example"]);
    assert_sources(&run, "connect-src", &["'self'", "https://api.hsforms.com", "https://forms.hubspot.com"]);
    assert_sources(&site.run(&["build", "--preview"]).ok(), "form-action", &["'self'", "https://kazi.example"]);
}

/// Browsers apply `form-action` to redirects, too.
#[test]
fn policy_allows_forms_and_their_redirects_under_a_second_host() {
    for (base, origin) in [
        ("https://kazi.example/jobs/", "https://kazi.example"),
        ("https://kazi.example:8443/", "https://kazi.example:8443"),
    ] {
        let site = Site::new().edit(SITE, "https://kazi.example/", base);
        assert_sources(&site.build().ok(), "form-action", &["'self'", "https://forms.kazi.example", origin]);
        let own = site.edit(SITE, "https://forms.kazi.example/leads", &format!("{origin}/leads"));
        let run = own.build().ok();
        assert_sources(&run, "form-action", &["'self'", origin]);
        assert_sources(&run, "connect-src", &["'self'", origin]);
    }
}

#[test]
fn site_can_add_sources_and_frames_to_the_policy() {
    let listed = "{ script-src: [https://widget.example, \"sha256-K7dMPLiKDDDmX2T5yurh9VbGi+8BiAEe6jIA1E50+g0=\"], \
                  connect-src: [\"wss://*.chat.example\"], frame-ancestors: [https://partner.example] }";
    let security = format!("security: {{ content_security_policy: {listed} }}\nchannels:");
    let site = Site::new().edit(SITE, "channels:", &security);
    let run = site.build().clean();
    let hash = "'sha256-K7dMPLiKDDDmX2T5yurh9VbGi+8BiAEe6jIA1E50+g0='";
    assert_sources(&run, "script-src", &["'self'", "https://widget.example", hash]);
    assert_sources(&run, "connect-src", &["'self'", "https://forms.kazi.example", "wss://*.chat.example"]);
    assert_sources(&run, "frame-ancestors", &["'self'", "https://partner.example"]);
    assert!(!headers(&run).contains_key("X-Frame-Options"));
}

#[test]
fn policy_allows_own_frames_if_a_page_has_one() {
    let site = Site::new().edit(SITE, "title:", "markdown: { raw_html: true }\ntitle:").edit(
        PAGE,
        "## Teams",
        "<iframe src=\"/spring/\"></iframe>\n\n## Teams",
    );
    let run = site.build().ok();
    assert_sources(&run, "frame-src", &["'self'"]);
    assert_sources(&run, "frame-ancestors", &["'self'"]);
    assert!(!headers(&run).contains_key("X-Frame-Options"));
}

#[test]
fn invalid_policy_source_is_an_error_with_help() {
    for (listed, place, words) in [
        ("script-src: [\"'unsafe-inline'\"]", "site.yaml:1:53", "put scripts and styles into files"),
        ("script-src: [\"*\"]", "site.yaml:1:53", "name the hosts"),
        ("img-src: [cdn.example]", "site.yaml:1:50", "write `https://cdn.example`"),
        ("img-src: [http://cdn.example]", "site.yaml:1:50", "write `https://`"),
        ("img-src: [https://cdn.example/a.png]", "site.yaml:1:50", "write it as in `https://widget.example`"),
        ("script_src: [https://cdn.example]", "site.yaml:1:40", "did you mean `script-src`?"),
    ] {
        let security = format!("security: {{ content_security_policy: {{ {listed} }} }}\ntitle:");
        let run = Site::new().edit(SITE, "title:", &security).check().failed(1);
        let problems = run.problems();
        assert_eq!((problems.len(), &*problems[0].place), (1, place), "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn headers_file_of_the_site_replaces_the_generated_one() {
    let site = Site::new().file("static/_headers", "/*\n  X-Own: yes\n");
    let run = site.build().clean();
    assert_eq!(run.public("_headers"), "/*\n  X-Own: yes\n");
    assert!(run.public("_headers.nginx").contains("default-src 'none'"));
}

#[test]
fn header_rule_applies_to_the_base_path() {
    let site = Site::new().edit(SITE, "https://kazi.example/", "https://kazi.example/jobs/");
    let run = site.build().clean();
    assert!(run.public("_headers").starts_with("/jobs/*\n  Content-Security-Policy: "));
}

#[test]
fn policy_does_not_require_https_over_plain_http() {
    let site = Site::new().edit(SITE, "https://kazi.example/", "http://localhost:4000/");
    let run = site.build().ok();
    assert!(!headers(&run).contains_key("Strict-Transport-Security"));
    assert!(!policy(&run).contains_key("upgrade-insecure-requests"));
    let site = Site::new();
    let run = site.build().clean();
    assert!(headers(&run).contains_key("Strict-Transport-Security"));
    assert!(policy(&run).contains_key("upgrade-insecure-requests"));
}

#[test]
fn all_three_header_files_have_the_same_headers() {
    let many: Vec<String> = (0..60).map(|number| format!("https://{number}.widget.example")).collect();
    let listed = format!("security: {{ content_security_policy: {{ img-src: [{}] }} }}\nchannels:", many.join(", "));
    let site = Site::new().edit(SITE, "channels:", &listed);
    let run = site.build().ok();
    let expected = headers(&run);
    let caddy = run.public("_headers.caddy");
    let quoted =
        |line: &str| line.trim().strip_suffix('"')?.split_once(" \"").map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(
        caddy.lines().filter(|line| line.starts_with('\t')).filter_map(quoted).collect::<BTreeMap<_, _>>(),
        expected
    );
    // nginx joins the parts of the policy. It accepts arguments of at most 4,096 bytes.
    let nginx = run.public("_headers.nginx");
    let sets = nginx.lines().filter_map(|line| line.strip_prefix("set $tagline_policy \"")?.strip_suffix("\";"));
    let joined = sets.fold(String::new(), |policy, set| {
        assert!(set.len() < 4000, "{set}");
        set.replace("${tagline_policy}", &policy)
    });
    assert_eq!(joined, expected["Content-Security-Policy"]);
    assert!(joined.len() > 1_500 && nginx.lines().count() > 20, "{nginx}");
}

#[test]
fn check_reports_forbidden_content_once_for_each_file() {
    let site = Site::new()
        .edit(SITE, "title:", "markdown: { raw_html: true }\ntitle:")
        .edit(PAGE, "## Teams", "<p onclick=\"go()\">\n<b style=\"color: red\">Now</b>\n</p>\n\n## Teams")
        .edit(CAMPAIGN, "Read the", "<a href=\"javascript:go()\">Go</a> Read the");
    let run = site.check().ok();
    let mut places: Vec<String> = run
        .problems()
        .into_iter()
        .filter(|problem| problem.rule == "blocked-by-policy")
        .map(|problem| problem.place.clone())
        .collect();
    places.sort();
    assert_eq!(places, ["content/prices.md:8:4", "content/spring/index.md:33:4"], "{}", run.stderr);
    assert!(run.stderr.contains("and 1 more in this file"), "{}", run.stderr);
}

#[test]
fn check_reports_forbidden_content_in_static_html() {
    let page = "<!doctype html>\n<title>Ours</title>\n<a onclick=\"go()\">Go</a>\n";
    let run = Site::new().file("static/ours.html", page).file("content/spring/forgotten.html", page).check().ok();
    let problems = run.problems();
    let reported: Vec<(&str, &str)> = problems.iter().map(|problem| (&*problem.rule, &*problem.place)).collect();
    assert_eq!(reported, [("blocked-by-policy", "static/ours.html:3:4")], "{}", run.stderr);
}

#[test]
fn header_files_are_written_for_the_hosts_that_the_site_names() {
    let files = |hosts: &str| {
        let site = Site::edited(SITE, "destinations:\n", &format!("hosts: {hosts}\ndestinations:\n"));
        let files = site.build().ok().public_files();
        files.into_iter().filter(|name| name.starts_with("_headers")).collect::<Vec<_>>()
    };
    assert_eq!(files("[netlify, nginx]"), ["_headers", "_headers.nginx"]);
    assert_eq!(files("[caddy]"), ["_headers.caddy"]);
    assert_eq!(files("[]"), [""; 0]);
    let site = Site::edited(SITE, "destinations:\n", "hosts: [ngnix]\ndestinations:\n");
    site.build().error().assert("wrong-type", "site.yaml:10:9", &["unknown host `ngnix`", "did you mean `nginx`?"]);
}
