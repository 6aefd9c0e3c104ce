//! Text on a terminal: file names, arguments and content cannot send control characters to it.

use crate::support::{CAMPAIGN, PAGE, Run, SITE, Site};

const ESCAPE: &str = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}";

/// Asserts that the output has no control characters except line feeds.
#[track_caller]
fn assert_visible(run: &Run, what: &str) {
    for text in [&run.stdout, &run.stderr] {
        let hidden = text.chars().find(|&c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c));
        assert_eq!(hidden, None, "{what}: {text:?}");
    }
    assert!(!run.stdout.is_empty() || !run.stderr.is_empty(), "{what}");
}

/// Sites whose diagnostics contain control characters.
fn sites() -> Vec<(&'static str, Site)> {
    let yaml = r#""a\e]0;title\a\e[2J\x9b31m\x7f""#;
    let mut sites = vec![
        ("title", Site::new().edit(PAGE, "title: Prices", &format!("title: {yaml}"))),
        ("key", Site::new().edit(PAGE, "title: Prices", &format!("title: Prices\n{yaml}: x"))),
        ("url", Site::new().edit(CAMPAIGN, "https://cal.example.com/kazi", yaml)),
        ("alias", Site::new().edit(PAGE, "title: Prices", &format!("title: Prices\naliases: [{yaml}]"))),
        ("base_url", Site::new().edit(SITE, "https://kazi.example/", yaml)),
        ("text", Site::new().edit(PAGE, "# Prices", &format!("# Prices {ESCAPE}"))),
        ("template", Site::new().file("themes/launch/page.html", &format!("{{{{ a.b }}}} {ESCAPE}"))),
    ];
    if cfg!(unix) {
        sites.push(("file", Site::new().file(&format!("content/{ESCAPE}.md"), "x")));
        sites.push(("folder", Site::new().file(&format!("static/a\n{ESCAPE}/b"), "x")));
    }
    sites
}

#[test]
fn diagnostics_show_control_characters_in_every_format() {
    for (what, site) in sites() {
        for command in ["check", "build", "tags"] {
            for format in ["text", "json", "github"] {
                let run = site.run(&[command, "--format", format]);
                if format == "json" {
                    let lines = run.stderr.lines().chain(run.stdout.lines());
                    lines.for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).unwrap()));
                }
                assert_visible(&run, &format!("{what} {command} {format}"));
            }
        }
    }
}

#[test]
fn arguments_are_shown_with_their_control_characters_escaped() {
    let site = Site::new();
    site.build().clean();
    for args in [
        &["explain", ESCAPE][..],
        &["explain", &format!("https://kazi.example/spring/?via=a{ESCAPE}")],
        &["explain", "a\nerror: no"],
        &["links", ESCAPE],
        &["links", "--placement", ESCAPE],
        &["build", ESCAPE],
        &["build", "--date", ESCAPE],
        &["build", "--base-url", ESCAPE],
        &["check", "--why", ESCAPE],
        &["build", "--output", &format!("/nowhere/{ESCAPE}/\n")],
        &["new", ESCAPE],
    ] {
        let run = site.run(args);
        assert_visible(&run, &format!("{args:?}"));
    }
    let run = site.run(&["explain", "a\nerror: no"]);
    assert!(run.stderr.contains("a\\nerror: no"), "{}", run.stderr);
}
