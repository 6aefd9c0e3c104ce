//! Hostile input: deep nesting and thousands of repetitions must end soon and never crash.

use std::fmt::Write;
use std::time::Duration;

use crate::support::{PAGE, Run, SITE, SITE_TEXT, Site, assert_only_error};

const MANY: usize = 10_000;

/// Asserts that a build ends, without a crash, within a limit that a debug build on a busy machine keeps.
#[track_caller]
fn build_quickly(site: &Site) -> Run {
    let run = site.finish_within(Duration::from_secs(10), &mut site.command(&["build"]));
    assert!(run.code.is_some(), "it crashed or took too long: {}", start_of_stderr(&run));
    run
}

fn start_of_stderr(run: &Run) -> String {
    run.stderr.chars().take(2000).collect()
}

#[test]
fn yaml_alias_bomb_is_rejected_quickly() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\nextra:\n  x: 1\n{bomb}---\n"));
    assert_only_error(&build_quickly(&site).failed(1), "yaml-alias", "content/prices.md:5:5", "not supported");
    let site = Site::new().file(SITE, &format!("{}{bomb}", SITE_TEXT));
    assert!(build_quickly(&site).failed(1).stderr.contains("error[yaml-alias]"));
}

#[test]
fn ten_thousand_nested_blocks_are_rejected_quickly() {
    let open = "::: hero\n".repeat(MANY);
    for body in
        [open.clone(), format!("{open}{}", ":::\n".repeat(MANY)), format!("{open}x\n{}", ":::\n".repeat(MANY / 2))]
    {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{body}"));
        let run = build_quickly(&site).failed(1);
        let is_reported = run
            .problems()
            .into_iter()
            .any(|problem| problem.rule == "nesting-too-deep" && problem.place == "content/prices.md:20:1");
        assert!(is_reported, "{}", run.stderr);
    }
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{}", ":::\n".repeat(MANY)));
    assert!(build_quickly(&site).failed(1).stderr.contains("unopened-block"));
}

#[test]
fn ten_thousand_nested_quotes_and_lists_are_rejected_quickly() {
    let stairs: String = (0..200).map(|level| format!("{}- a\n", "  ".repeat(level))).collect();
    let emphasis = format!("{}{}", "*a ".repeat(MANY), "b* ".repeat(MANY));
    let images = format!("{}x{}", "![".repeat(MANY), "](y)".repeat(MANY));
    for body in [">".repeat(MANY), "> ".repeat(MANY), "- ".repeat(MANY), "1. ".repeat(MANY), stairs, emphasis, images] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{body}a\n"));
        let run = build_quickly(&site).failed(1);
        assert!(run.stderr.contains("error[nesting-too-deep]"), "{}", start_of_stderr(&run));
    }
}

#[test]
fn ten_thousand_nested_brackets_in_yaml_are_rejected_quickly() {
    let stairs: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level + 2))).collect();
    let flow = |open: &str, close: &str| format!("  x: {}{}\n", open.repeat(MANY), close.repeat(MANY));
    for extra in [flow("[", "]"), flow("{a: ", "}"), flow("[", ""), flow("- ", ""), flow("? ", ""), stairs] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\nextra:\n{extra}---\n"));
        build_quickly(&site).failed(1);
        let site = Site::new().file(SITE, &format!("{}theme_options:\n{extra}", SITE_TEXT));
        build_quickly(&site).failed(1);
    }
}

#[test]
fn ten_thousand_repetitions_in_markdown_end_quickly() {
    let mut slow = Vec::new();
    for piece in [
        "[",
        "![",
        "[a](",
        "](",
        "a](b ",
        "[^a]",
        "[^a]: b\n\n",
        "`",
        "``a",
        "<b>",
        "<b",
        "<!--",
        "<!-- --> ",
        "<?",
        "<![CDATA[",
        "~~a",
        "**a",
        "*",
        "_a ",
        "&amp;",
        "\\",
        "<https://kazi.example/>",
        "|a",
        "# a\n",
        "- a\n",
        "[a]: b\n",
        "![a](b)",
        "{#a}",
        "```\n",
        "\t",
        "\u{2028}",
        "(cta:save)",
        "[](cta:spring/save)",
    ] {
        let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n{}\n", piece.repeat(MANY)));
        let run = site.finish_within(Duration::from_secs(10), &mut site.command(&["build"]));
        if !matches!(run.code, Some(0 | 1)) {
            slow.push(piece);
        }
    }
    assert_eq!(slow, [""; 0]);
}

#[test]
fn ten_thousand_nested_raw_html_elements_are_rejected_quickly() {
    let site = Site::new()
        .edit(SITE, "title: Kazi", "title: Kazi\nmarkdown: { raw_html: true }")
        .file(PAGE, &format!("---\ntitle: T\n---\n{}\n", "<div>".repeat(MANY)));
    let run = build_quickly(&site).failed(1);
    assert!(run.stderr.contains("error[nesting-too-deep]"), "{}", start_of_stderr(&run));
}

#[test]
fn block_with_ten_thousand_attributes_ends_quickly() {
    let attributes: String = (0..MANY).map(|number| format!(" a{number}=b")).collect();
    let site = Site::new().file(PAGE, &format!("---\ntitle: T\n---\n::: quote{attributes}\n:::\n"));
    build_quickly(&site);
}

#[test]
fn ten_thousand_names_in_site_yaml_end_quickly() {
    let names = |line: &dyn Fn(usize) -> String| (0..MANY).map(line).collect::<String>();
    for (what, extra) in [
        ("keys", names(&|number| format!("k{number}: 1\n"))),
        ("options", format!("theme_options:\n{}", names(&|number| format!("  k{number}: 1\n")))),
        ("rules", format!("rules:\n{}", names(&|number| format!("  k{number}: warn\n")))),
        ("same key", "k: 1\n".repeat(MANY)),
    ] {
        let site = Site::new().file(SITE, &format!("{SITE_TEXT}{extra}"));
        assert!(build_quickly(&site).failed(1).stderr.contains("more in site.yaml"), "{what}");
    }
    let channels = names(&|number| format!("  c{number}: {{ label: L, source: s{number}, medium: m }}\n"));
    let site = Site::new().edit(SITE, "channels:\n", &format!("channels:\n{channels}"));
    build_quickly(&site).ok();
}
